//! Somebody starts the app again, because its window is behind another one or was put away: no second window opens, the first one comes.
//! Real programs on a real display with a window manager and a session bus, and X is asked what is in front.
#![cfg(target_os = "linux")]

use anyhow::{Context as _, Result, ensure};
use frontdesk_tests::desktop::{Desktop, Process};
use frontdesk_tests::secret_service::SecretService;

/// Starts the app; on a session bus where there is one.
fn start(desktop: &Desktop, bus: Option<&SecretService>) -> Result<Process> {
    let mut command = desktop.app(frontdesk_tests::program("FRONTDESK_TEST_APP")?)?;
    if let Some(bus) = bus {
        // The home stays that of the desktop.
        let variables = bus.environment().into_iter().filter(|(name, _)| *name != "HOME");
        command.envs(variables);
    }
    Process::start(&mut command)
}

/// The window of an app that was just started on an empty desktop.
fn first_window(desktop: &Desktop) -> Result<String> {
    let windows = desktop.wait_for_windows(1)?;
    let window = windows.into_iter().next().context("one window")?;
    desktop.wait_until_in_front(&window)?;
    let title = desktop.title(&window)?;
    ensure!(title == "Frontdesk", "the window is called {title}");
    Ok(window)
}

#[tokio::test]
async fn a_second_start_ends_by_itself_and_brings_the_first_window_forward() -> Result<()> {
    let bus = SecretService::start_bus_only()?;
    let desktop = Desktop::start()?;
    let _first = start(&desktop, Some(&bus))?;
    let window = first_window(&desktop)?;

    // Behind another window.
    let _other = Process::start(&mut desktop.command("xev")?)?;
    let windows = desktop.wait_for_windows(2)?;
    let other = windows.last().context("the other window")?;
    desktop.wait_until_in_front(other)?;
    let second = start(&desktop, Some(&bus))?.ended().await?;
    ensure!(second.code() == Some(0), "{second}: {}", desktop.said());
    desktop.wait_until_in_front(&window)?;
    ensure!(desktop.windows()? == windows, "{:?}", desktop.windows());

    // Put away.
    desktop.xdotool(&["windowminimize", "--sync", &window])?;
    desktop.wait_until_minimised(&window, true)?;
    let third = start(&desktop, Some(&bus))?.ended().await?;
    ensure!(third.code() == Some(0), "{third}: {}", desktop.said());
    desktop.wait_until_minimised(&window, false)?;
    desktop.wait_until_in_front(&window)?;
    ensure!(desktop.windows()? == windows, "{:?}", desktop.windows());
    Ok(())
}

/// What the test above would see if the second start did not find the first: the same steps, and nothing to find it by.
#[tokio::test]
async fn without_a_session_bus_a_second_start_opens_a_window_of_its_own() -> Result<()> {
    let desktop = Desktop::start()?;
    let _first = start(&desktop, None)?;
    let first = first_window(&desktop)?;
    let _second = start(&desktop, None)?;
    let windows = desktop.wait_for_windows(2)?;
    ensure!(windows.first() == Some(&first), "{windows:?}");
    let second = windows.last().context("the second window")?;
    desktop.wait_until_in_front(second)?;
    Ok(())
}
