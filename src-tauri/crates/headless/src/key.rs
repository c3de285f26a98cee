//! `frontdeskd key`: the provider key. Read from a prompt or standard input; never from an argument, never printed.

use std::io::{ErrorKind, IsTerminal as _, Read as _};

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
            // An interrupt drops this future while the prompt still waits with echo off; the person's terminal gets it back then.
            #[cfg(unix)]
            let _terminal = TerminalMode::remember();
            // A prompt waits for a person, so it may not hold a worker of the runtime.
            let read = tokio::task::spawn_blocking(read)
                .await
                .map_err(|_| bad_input("No key was read."))?;
            let pasted = match read {
                // Ctrl+C at the prompt comes as this and as a signal; whichever is first.
                Err(error) if error.kind() == ErrorKind::Interrupted => return Ok(Exit::Interrupted),
                other => other.map_err(|error| bad_input(format!("The key could not be read ({error}).")))?,
            };
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

fn read() -> std::io::Result<String> {
    if std::io::stdin().is_terminal() {
        return rpassword::prompt_password("Key (it is not shown): ");
    }
    let mut text = String::new();
    std::io::stdin().take(INPUT_LIMIT).read_to_string(&mut text)?;
    Ok(text)
}

/// The terminal as it was before the prompt; put back when this is dropped. The prompt does so itself when it is answered, but not when
/// the program ends under it.
#[cfg(unix)]
struct TerminalMode {
    terminal: std::fs::File,
    mode: rustix::termios::Termios,
}

#[cfg(unix)]
impl TerminalMode {
    /// Nothing where the program has no terminal.
    fn remember() -> Option<Self> {
        let terminal = std::fs::File::open("/dev/tty").ok()?;
        let mode = rustix::termios::tcgetattr(&terminal).ok()?;
        Some(Self { terminal, mode })
    }
}

#[cfg(unix)]
impl Drop for TerminalMode {
    fn drop(&mut self) {
        use rustix::termios::{OptionalActions, tcsetattr};
        // A terminal that was closed meanwhile needs nothing any more.
        let _closed = tcsetattr(&self.terminal, OptionalActions::Now, &self.mode);
    }
}
