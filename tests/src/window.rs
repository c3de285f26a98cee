//! The real window for end-to-end tests: the built app on a virtual display, driven through WebDriver as a person would drive it.
//!
//! Needs `webkit2gtk-driver` and a built `tauri-driver`; `cargo xtask test` provides them and says where the programs are. Each window has a
//! desktop of its own, so tests run side by side.

use std::ffi::OsString;
use std::net::TcpListener;
use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::json;
use tempfile::TempDir;

use crate::desktop::{Desktop, PATIENCE, Process};

/// Time between two looks at a driver that is starting.
const RETRY_INTERVAL: Duration = Duration::from_millis(100);

/// A running app with its window.
pub struct TestWindow {
    /// What the page shows, and how to click in it.
    pub page: Client,
    _driver: Process,
    /// Where it is.
    pub desktop: Desktop,
}

impl TestWindow {
    /// Opens the window with these environment variables over its own.
    pub async fn open(environment: Vec<(&'static str, OsString)>) -> anyhow::Result<Self> {
        let app = crate::program("FRONTDESK_TEST_APP")?;
        let driver_program = crate::program("FRONTDESK_TEST_DRIVER")?;
        let desktop = Desktop::start()?;
        let (port, native_port) = (free_port()?, free_port()?);
        let mut command = desktop.app(driver_program)?;
        command
            .args(["--port", &port.to_string(), "--native-port", &native_port.to_string()])
            .envs(environment);
        let driver = Process::start(&mut command)?;
        let mut capabilities = serde_json::Map::new();
        capabilities.insert("browserName".into(), json!("wry"));
        capabilities.insert("tauri:options".into(), json!({ "application": app }));
        let page = connect(port, capabilities).await?;
        page.set_window_size(1280, 800).await?;
        Ok(Self {
            page,
            _driver: driver,
            desktop,
        })
    }

    /// Waits for an element and gives it.
    pub async fn wait_for(&self, xpath: &str) -> anyhow::Result<fantoccini::elements::Element> {
        let found = self
            .page
            .wait()
            .at_most(PATIENCE)
            .for_element(Locator::XPath(xpath))
            .await;
        match found {
            Ok(element) => Ok(element),
            Err(error) => {
                let page = self.page.source().await.unwrap_or_default();
                Err(error).with_context(|| {
                    format!(
                        "nothing matches {xpath}; the page is\n{page}\nand the app says\n{}",
                        self.desktop.said()
                    )
                })
            }
        }
    }

    /// Clicks a button by its visible text or its accessible name.
    pub async fn click_button(&self, name: &str) -> anyhow::Result<()> {
        let xpath = format!("//button[contains(normalize-space(.), '{name}') or contains(@aria-label, '{name}')]");
        self.wait_for(&xpath)
            .await?
            .click()
            .await
            .with_context(|| format!("{name} cannot be clicked"))
    }

    /// Chooses an entry of a menu by its place, counted from 1, and gives its text.
    pub async fn choose(&self, menu: &str, place: usize) -> anyhow::Result<String> {
        let option = self
            .wait_for(&format!("//select[@aria-label='{menu}']/option[{place}]"))
            .await?;
        let name = option.text().await?;
        option
            .click()
            .await
            .with_context(|| format!("{name} cannot be chosen in {menu}"))?;
        Ok(name)
    }

    /// All visible text of the page.
    pub async fn text(&self) -> anyhow::Result<String> {
        Ok(self.page.find(Locator::Css("body")).await?.text().await?)
    }

    /// Saves a picture of the page.
    pub async fn screenshot(&self, path: &Path) -> anyhow::Result<()> {
        std::fs::write(path, self.page.screenshot().await?)?;
        Ok(())
    }

    /// Answers the system's save dialog, which is no part of the page, by typing a path and Enter.
    pub fn save_as(&self, path: &Path) -> anyhow::Result<()> {
        // `--sync` waits for the dialog.
        let found = self
            .desktop
            .xdotool(&["search", "--sync", "--onlyvisible", "--name", "Save"])
            .context("no save dialog came up")?;
        let dialog = found.lines().next().context("no save dialog came up")?;
        let path = path.to_str().context("the path is text")?;
        for words in [
            &["windowfocus", "--sync", dialog][..],
            &["key", "ctrl+a"],
            &["type", "--delay", "20", path],
            &["key", "Return"],
        ] {
            self.desktop.xdotool(words)?;
        }
        Ok(())
    }

    /// Closes the window as a person does.
    pub async fn close(self) -> anyhow::Result<TempDir> {
        self.page.clone().close().await?;
        Ok(self.desktop.home)
    }
}

fn free_port() -> anyhow::Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// The driver needs a moment until it listens, and then starts the app. It ends when a connection says nothing, so there is no way to look
/// whether it listens but to ask for the session.
async fn connect(port: u16, capabilities: serde_json::Map<String, serde_json::Value>) -> anyhow::Result<Client> {
    let address = format!("http://127.0.0.1:{port}");
    let deadline = tokio::time::Instant::now() + PATIENCE;
    loop {
        let connector = hyper_util::client::legacy::connect::HttpConnector::new();
        match ClientBuilder::new(connector)
            .capabilities(capabilities.clone())
            .connect(&address)
            .await
        {
            Ok(client) => return Ok(client),
            Err(error) if tokio::time::Instant::now() > deadline => {
                return Err(error).context("the window does not open");
            }
            Err(_not_yet) => tokio::time::sleep(RETRY_INTERVAL).await,
        }
    }
}
