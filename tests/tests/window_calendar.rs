//! The desk by hand: open the calendar, make an appointment, see a wrong time refused, move it, export it, cancel it, find the person in the
//! contact book. Real window, real database.
#![cfg(target_os = "linux")]

use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use fantoccini::Locator;
use frontdesk_tests::window::TestWindow;

/// The appointment in the grid.
const APPOINTMENT: &str = "//button[contains(@class, 'booking')][contains(., 'Dana Whitfield')]";

/// The head of today's column: this week is shown.
const TODAY: &str = "//*[contains(@class, 'today')]";

/// A field of the dialog by the words beside it.
fn field(words: &str) -> String {
    format!("//dialog//label[contains(normalize-space(.), '{words}')]//*[self::input or self::textarea]")
}

#[tokio::test]
async fn an_appointment_is_made_moved_exported_and_cancelled_by_hand() -> Result<()> {
    let window = TestWindow::open(Vec::new()).await?;
    window.click_button("Skip").await?;
    window.click_button("Calendar").await?;
    // Next week, so that every opening hour is ahead whatever day it is today.
    window.wait_for(TODAY).await?;
    window.click_button("Next week").await?;
    gone(&window, TODAY).await?;
    let number = book(&window).await?;
    refuse_and_move(&window).await?;
    export(&window, &number).await?;

    window.wait_for(APPOINTMENT).await?.click().await?;
    window.click_button("Cancel appointment").await?;
    window.click_button("Yes, cancel it").await?;
    window
        .wait_for("//*[contains(., 'Dana Whitfield is cancelled')]")
        .await?;
    gone(&window, APPOINTMENT).await?;

    window.click_button("Contacts").await?;
    window
        .wait_for("//main[contains(., 'Dana Whitfield')][contains(., '+12025550143')]")
        .await?;
    window.close().await?;
    Ok(())
}

/// Clicks on a free half hour, fills in who comes, and gives the confirmation number.
async fn book(window: &TestWindow) -> Result<String> {
    // The third: the lead time and the first minutes of a day are not the point here.
    window
        .wait_for("(//button[contains(@class, 'free')][not(contains(@class, 'closed'))])[3]")
        .await?
        .click()
        .await?;
    for (words, text) in [
        ("Name", "Dana Whitfield"),
        ("Phone", "(202) 555-0143"),
        ("Notes", "Blue van"),
    ] {
        window.wait_for(&field(words)).await?.send_keys(text).await?;
    }
    picture(window, "1-new").await?;
    window.click_button("Book").await?;
    window
        .wait_for("//*[@role='status'][contains(., 'confirmation number is')]")
        .await?;
    window.wait_for(APPOINTMENT).await?.click().await?;
    let number = window.wait_for("//dialog//dt[.='Confirmation']/following-sibling::dd[1]");
    let number = number.await?.text().await?;
    let digits = number.chars().filter(char::is_ascii_digit).count();
    ensure!(digits >= 4, "the confirmation number is {number:?}");
    Ok(number)
}

/// Asks for an hour at which the shop is closed, which is refused in words and loses nothing, and then for a good one.
async fn refuse_and_move(window: &TestWindow) -> Result<()> {
    set_time(window, "03:00").await?;
    picture(window, "2-before-refusal").await?;
    window.click_button("Move").await?;
    window.wait_for("//dialog[contains(., 'closed')]").await?;
    picture(window, "3-refused").await?;
    set_time(window, "11:00").await?;
    window.click_button("Move").await?;
    window
        .wait_for("//*[contains(., 'Moved to')][contains(., '11:00')]")
        .await?;
    window.wait_for(&format!("{APPOINTMENT}[contains(., '11:00')]")).await?;
    picture(window, "4-moved").await
}

/// Sets the time field as its picker does: the picker itself differs from system to system.
async fn set_time(window: &TestWindow, time: &str) -> Result<()> {
    let script = "const [field, value] = arguments; field.value = value; field.dispatchEvent(new Event('input', { bubbles: true }));";
    let field = window.wait_for("//dialog//input[@type='time']").await?;
    window
        .page
        .execute(script, vec![serde_json::to_value(field)?, time.into()])
        .await?;
    Ok(())
}

/// Writes the calendar file through the system's own save dialog.
async fn export(window: &TestWindow, number: &str) -> Result<()> {
    let path = window.desktop.home().join("week.ics");
    window.click_button("Export").await?;
    window.save_as(&path)?;
    window.wait_for("//*[contains(., 'week.ics')]").await?;
    let text = std::fs::read_to_string(&path).context("the exported file is not there")?;
    for words in ["BEGIN:VCALENDAR", "BEGIN:VEVENT", "Dana Whitfield", number] {
        ensure!(text.contains(words), "no '{words}' in the export:\n{text}");
    }
    Ok(())
}

/// Waits until nothing matches.
async fn gone(window: &TestWindow, xpath: &str) -> Result<()> {
    let absent = format!("//main[not(.{xpath})]");
    window.wait_for(&absent).await?;
    ensure!(window.page.find_all(Locator::XPath(xpath)).await?.is_empty());
    Ok(())
}

/// A picture of the page for a person, where one is wanted.
async fn picture(window: &TestWindow, name: &str) -> Result<()> {
    match std::env::var_os("FRONTDESK_TEST_PICTURES") {
        Some(folder) => {
            std::fs::create_dir_all(&folder)?;
            window
                .screenshot(&Path::new(&folder).join(format!("calendar-{name}.png")))
                .await
        }
        None => Ok(()),
    }
}
