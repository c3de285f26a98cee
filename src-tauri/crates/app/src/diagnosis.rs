//! What a call needs, looked at one by one: for `frontdeskd doctor` and for people who ask for help. Runs on the tokio runtime; every
//! look is bounded in time and changes nothing.

use std::time::Duration;

use frontdesk_store::secrets::KeyStatus;
use serde::Serialize;
use tokio::time::timeout;

use crate::app::App;
use crate::backends::{Backend, BackendChoice};

/// Longest wait for a look at the outside: a keychain that asks, a server that does not answer.
const LOOK_LIMIT: Duration = Duration::from_secs(15);

/// What one look found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// What was looked at: display, audio, keychain, models, database, backend, dialogue.
    pub subject: &'static str,
    /// Whether it can be used.
    pub ready: bool,
    /// What was found, in a plain sentence.
    pub sentence: String,
}

impl Finding {
    fn new(subject: &'static str, result: Result<String, String>) -> Self {
        let ready = result.is_ok();
        Self {
            subject,
            ready,
            sentence: result.unwrap_or_else(|sentence| sentence),
        }
    }
}

impl App {
    /// Looks at everything that a call needs.
    pub async fn diagnose(&self) -> Vec<Finding> {
        vec![
            Finding::new("display", display()),
            Finding::new("audio", self.look_at_audio().await),
            Finding::new("keychain", self.look_at_keychain().await),
            Finding::new("models", self.look_at_models()),
            Finding::new("database", self.look_at_database()),
            Finding::new("backend", self.look_at_backend().await),
            Finding::new("dialogue", self.look_at_dialogue().await),
        ]
    }

    async fn look_at_audio(&self) -> Result<String, String> {
        let devices = self.devices().await;
        match devices.problem {
            Some(problem) => Err(problem.sentence),
            // The first entry of each menu is "System default".
            None => Ok(format!(
                "{} and {}.",
                counted(devices.inputs.len() - 1, "microphone"),
                counted(devices.outputs.len() - 1, "speaker")
            )),
        }
    }

    async fn look_at_keychain(&self) -> Result<String, String> {
        match timeout(LOOK_LIMIT, self.key_status()).await {
            Ok(KeyStatus::Set) => Ok("A key is stored.".into()),
            Ok(KeyStatus::SetForThisRun) => Ok("A key is given for this run.".into()),
            Ok(KeyStatus::NotSet) => Ok("Reachable; no key is stored, and the local engine needs none.".into()),
            Ok(KeyStatus::Unavailable) => Err("The keychain of this computer cannot be reached.".into()),
            Err(_) => Err("The keychain does not answer.".into()),
        }
    }

    fn look_at_models(&self) -> Result<String, String> {
        match self.models_problem() {
            None => Ok("All files of the local engine are here.".into()),
            Some(problem) => Err(problem.sentence),
        }
    }

    fn look_at_database(&self) -> Result<String, String> {
        match self.database_file() {
            Ok(file) => Ok(file.display().to_string()),
            Err(problem) => Err(problem.sentence),
        }
    }

    async fn look_at_backend(&self) -> Result<String, String> {
        let settings = self.settings();
        let backend = self
            .backend(&BackendChoice::Settings, &settings.backend)
            .await
            .map_err(|problem| problem.sentence)?;
        match backend {
            Backend::Local => self.look_at_models().map(|_| "The local engine answers.".into()),
            Backend::Server(endpoint) => {
                let name = endpoint.backend().to_owned();
                match timeout(LOOK_LIMIT, self.test_server(endpoint)).await {
                    Ok(Ok(())) => Ok(format!("{name} answers.")),
                    Ok(Err(problem)) => Err(problem.sentence),
                    Err(_) => Err(format!("{name} does not answer.")),
                }
            }
        }
    }
}

fn counted(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

fn display() -> Result<String, String> {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if !cfg!(target_os = "linux") || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY") {
        Ok("There is a display.".into())
    } else {
        Err("There is no display, so the window cannot open; frontdeskd works without one.".into())
    }
}
