//! `frontdeskd doctor`: one line for each thing that a call needs.

use frontdesk_app::app::App;
use frontdesk_app::diagnosis::Finding;
use frontdesk_call::problem::Problem;

use crate::arguments::DoctorCommand;
use crate::exit::Exit;
use crate::output;

/// Looks at everything; fails when something is missing.
pub async fn run(app: &App, command: &DoctorCommand) -> Result<Exit, Problem> {
    let findings = app.diagnose().await;
    if command.json {
        match serde_json::to_string(&findings) {
            Ok(text) => output::line(&text),
            Err(error) => tracing::error!(%error, "findings_not_printed"),
        }
    } else {
        findings.iter().for_each(|finding| output::line(&line_of(finding)));
    }
    Ok(if findings.iter().all(|finding| finding.ready) {
        Exit::Done
    } else {
        Exit::Failed
    })
}

fn line_of(finding: &Finding) -> String {
    format!(
        "{:<8} {:<9} {}",
        if finding.ready { "ready" } else { "missing" },
        finding.subject,
        finding.sentence
    )
}
