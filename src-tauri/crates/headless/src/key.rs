//! `frontdeskd key`: the provider key. Read from a prompt or standard input; never from an argument, never printed.

use std::io::{IsTerminal as _, Read as _};

use frontdesk_app::KeyStatus;
use frontdesk_app::app::App;
use frontdesk_call::problem::{Problem, ProblemAction, ProblemKind};

use crate::arguments::KeyCommand;
use crate::exit::{Exit, bad_input};
use crate::output;

/// Longest text read from standard input, in bytes; real keys are far below.
const INPUT_LIMIT: u64 = 16 * 1024;

/// Stores, looks for or deletes the key of the configured server.
pub async fn run(app: &App, command: KeyCommand) -> Result<Exit, Problem> {
    match command {
        KeyCommand::Set => {
            // A prompt waits for a person, so it may not hold a worker of the runtime.
            let pasted = tokio::task::spawn_blocking(read)
                .await
                .map_err(|_| bad_input("No key was read."))??;
            app.set_key(&pasted, false).await?;
            output::line("The key is in the keychain.");
        }
        KeyCommand::Status => match app.key_status().await {
            KeyStatus::Set => output::line("A key is in the keychain."),
            KeyStatus::SetForThisRun => output::line("A key is given for this run."),
            KeyStatus::NotSet => output::line("No key is stored."),
            KeyStatus::Unavailable => {
                return Err(Problem::new(
                    ProblemKind::KeychainUnavailable,
                    "The keychain of this computer cannot be reached, so it is not known whether it holds a key.",
                )
                .with_action(ProblemAction::KeepKeyInMemory));
            }
        },
        KeyCommand::Delete => {
            app.delete_key().await.map_err(not_deleted)?;
            output::line("No key is stored any more.");
        }
    }
    Ok(Exit::Done)
}

/// A keychain that cannot be reached is told as for a key that is to be stored; here nothing could be kept in memory instead.
fn not_deleted(problem: Problem) -> Problem {
    if problem.action != Some(ProblemAction::KeepKeyInMemory) {
        return problem;
    }
    let sentence = "The keychain of this computer cannot be reached, so no key was deleted. On Linux, start a Secret Service \
                    (GNOME Keyring, KWallet, KeePassXC) and try again.";
    Problem::new(problem.kind, sentence)
}

fn read() -> Result<String, Problem> {
    let failed = |error: std::io::Error| bad_input(format!("The key could not be read ({error})."));
    if std::io::stdin().is_terminal() {
        return rpassword::prompt_password("Key (it is not shown): ").map_err(failed);
    }
    let mut text = String::new();
    std::io::stdin()
        .take(INPUT_LIMIT)
        .read_to_string(&mut text)
        .map_err(failed)?;
    Ok(text)
}
