//! `frontdeskd devices`: microphones and speakers.

use frontdesk_app::app::App;
use frontdesk_call::problem::Problem;
use serde_json::json;

use crate::arguments::DevicesCommand;
use crate::exit::Exit;
use crate::output;

/// Lists both menus; ends with "set-up missing" when there is nothing to speak or listen with.
pub async fn run(app: &App, command: &DevicesCommand) -> Result<Exit, Problem> {
    let devices = app.devices().await;
    if command.json {
        output::line(&json!({ "inputs": devices.inputs, "outputs": devices.outputs }).to_string());
    } else {
        for (title, entries) in [("Microphones", &devices.inputs), ("Speakers", &devices.outputs)] {
            output::line(title);
            for entry in entries {
                output::line(&format!("  {}  {}", entry.name, entry.id.as_deref().unwrap_or("")));
            }
        }
    }
    match devices.problem {
        Some(problem) => Err(problem),
        None => Ok(Exit::Done),
    }
}
