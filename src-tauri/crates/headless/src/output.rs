//! Lines to standard output and standard error. A closed pipe (`frontdeskd calls | head`) is no failure.

use std::io::Write as _;

use frontdesk_call::problem::{Problem, ProblemAction};

/// One line of result.
pub fn line(text: &str) {
    let mut output = std::io::stdout().lock();
    let _closed_pipe = writeln!(output, "{text}").and_then(|()| output.flush());
}

/// One line for the person.
pub fn error_line(text: &str) {
    let _closed_pipe = writeln!(std::io::stderr().lock(), "{text}");
}

/// A failure in people's words, with what can be done about it from a command line.
pub fn problem(problem: &Problem) {
    error_line(&problem.sentence);
    if let Some(advice) = problem.action.and_then(advice) {
        error_line(advice);
    }
}

fn advice(action: ProblemAction) -> Option<&'static str> {
    Some(match action {
        ProblemAction::DownloadModels => "Fetch the files with: frontdeskd models fetch",
        ProblemAction::UseLocalEngine => "The local engine answers without a key: --backend local",
        ProblemAction::KeepKeyInMemory => {
            "Give the key for one run with --api-key-file FILE or the variable FRONTDESK_API_KEY."
        }
        ProblemAction::OpenSystemPrivacy => "Allow the microphone for this program in the system's privacy settings.",
        _ => return None,
    })
}
