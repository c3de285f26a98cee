//! The real window for end-to-end tests: the built app on a virtual display, driven through WebDriver as a person would drive it.
//!
//! Needs `xvfb`, `openbox`, `webkit2gtk-driver` and a built `tauri-driver`; `cargo xtask test` provides them and says where the
//! programs are. Each window has its own display, home and data directory, so tests run side by side.

use std::ffi::OsString;
use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::json;
use tempfile::TempDir;

/// Longest wait for something that a person would see within seconds; generous, for a machine that is busy with other tests.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Time between two looks at a driver that is starting.
const RETRY_INTERVAL: Duration = Duration::from_millis(100);

/// A running app with its window.
pub struct TestWindow {
    /// What the page shows, and how to click in it.
    pub page: Client,
    /// Holds settings, database and everything else of this run.
    pub home: TempDir,
    display: String,
    _driver: Process,
    _manager: Process,
    _screen: Process,
}

/// A process that ends with its owner.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ended = self.0.kill();
        let _reaped = self.0.wait();
    }
}

impl TestWindow {
    /// Opens the window with these environment variables over its own.
    pub async fn open(environment: Vec<(&'static str, OsString)>) -> anyhow::Result<Self> {
        let app = crate::program("FRONTDESK_TEST_APP")?;
        let driver_program = crate::program("FRONTDESK_TEST_DRIVER")?;
        let home = tempfile::tempdir()?;
        let (screen, display) = start_screen()?;
        let manager = Process(
            Command::new("openbox")
                .env("DISPLAY", &display)
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .context("openbox")?,
        );
        let (port, native_port) = (free_port()?, free_port()?);
        let mut command = Command::new(driver_program);
        command
            .args(["--port", &port.to_string(), "--native-port", &native_port.to_string()])
            .env("DISPLAY", &display)
            .env("HOME", home.path())
            .env("XDG_CONFIG_HOME", home.path().join("config"))
            .env("XDG_DATA_HOME", home.path().join("data"))
            .env("XDG_CACHE_HOME", home.path().join("cache"))
            .env("FRONTDESK_DATA_DIR", home.path().join("frontdesk"))
            .env("FRONTDESK_CACHE_DIR", crate::model_cache()?)
            .env("FRONTDESK_LOG", "info")
            .stdout(Stdio::null())
            .stderr(std::fs::File::create(home.path().join("app.log"))?);
        command.envs(environment);
        let driver = Process(command.spawn().context("tauri-driver does not start")?);
        let mut capabilities = serde_json::Map::new();
        capabilities.insert("browserName".into(), json!("wry"));
        capabilities.insert("tauri:options".into(), json!({ "application": app }));
        let page = connect(port, capabilities).await?;
        page.set_window_size(1280, 800).await?;
        Ok(Self {
            page,
            home,
            display,
            _driver: driver,
            _manager: manager,
            _screen: screen,
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
                        self.said()
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
        let keyboard = |words: &[&str]| -> anyhow::Result<()> {
            let status = Command::new("xdotool")
                .env("DISPLAY", &self.display)
                .args(words)
                .stdout(Stdio::null())
                .status()
                .context("xdotool is missing; `cargo xtask test` installs it")?;
            ensure!(status.success(), "xdotool {words:?} failed");
            Ok(())
        };
        let patience = PATIENCE.as_secs().to_string();
        // `--sync` waits for the dialog; the limit is for one that never comes.
        let found = Command::new("timeout")
            .env("DISPLAY", &self.display)
            .args([
                &patience,
                "xdotool",
                "search",
                "--sync",
                "--onlyvisible",
                "--name",
                "Save",
            ])
            .output()?;
        let dialog = String::from_utf8(found.stdout)?;
        let dialog = dialog.lines().next().context("no save dialog came up")?;
        keyboard(&["windowfocus", "--sync", dialog])?;
        let path = path.to_str().context("the path is text")?;
        keyboard(&["key", "ctrl+a"])?;
        keyboard(&["type", "--delay", "20", path])?;
        keyboard(&["key", "Return"])
    }

    /// Closes the window as a person does.
    pub async fn close(self) -> anyhow::Result<TempDir> {
        self.page.clone().close().await?;
        Ok(self.home)
    }

    /// The app's own words, for a failing test.
    fn said(&self) -> String {
        std::fs::read_to_string(self.home.path().join("app.log")).unwrap_or_default()
    }
}

/// A display of its own, with a number that the server chooses.
fn start_screen() -> anyhow::Result<(Process, String)> {
    let mut screen = Command::new("Xvfb")
        .args(["-displayfd", "1", "-screen", "0", "1600x1000x24", "-nolisten", "tcp"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .context("Xvfb is missing; `cargo xtask test` installs it")?;
    let output = screen.stdout.take().context("Xvfb has no output")?;
    let screen = Process(screen);
    let mut number = String::new();
    BufReader::new(output).read_line(&mut number)?;
    if number.trim().is_empty() {
        bail!("Xvfb did not start");
    }
    Ok((screen, format!(":{}", number.trim())))
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
