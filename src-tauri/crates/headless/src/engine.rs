//! `frontdeskd engine`: the local engine for programs of others. Prints where it listens, and serves until it is told to stop.

use std::time::Duration;

use frontdesk_app::engine_service::{EngineService, EngineServiceOptions};
use frontdesk_app::locations::Locations;
use frontdesk_call::problem::Problem;
use secrecy::SecretString;

use crate::arguments::EngineCommand;
use crate::exit::{Exit, bad_input};
use crate::output;

/// The variable that may hold the token.
const TOKEN_VARIABLE: &str = "FRONTDESK_ENGINE_KEY";

/// Serves until an interrupt, or until a service manager ends it.
pub async fn run(locations: &Locations, command: EngineCommand) -> Result<Exit, Problem> {
    let stopped = stopped();
    tokio::pin!(stopped);
    let options = EngineServiceOptions {
        listen: command.listen,
        token: token(&command)?,
        companies: command.company,
        dialogue: command.dialogue,
        session_limit: command.session_minutes.map(|minutes| Duration::from_secs(60 * minutes)),
    };
    let anybody = options.token.is_none();
    let service = tokio::select! {
        service = EngineService::start(locations, options) => service?,
        () = &mut stopped => return Ok(Exit::Interrupted),
    };
    let doorman = if anybody {
        "Any token is taken: every program on this computer may connect."
    } else {
        "Clients need the token."
    };
    output::line(&format!(
        "Listening on ws://{}/v1/realtime for {}. {doorman}",
        service.address(),
        service.companies().join(", "),
    ));
    stopped.await;
    service.shut_down().await;
    Ok(Exit::Done)
}

/// The token of the file or the environment; an empty one is none in the environment, and a mistake in a file.
fn token(command: &EngineCommand) -> Result<Option<SecretString>, Problem> {
    let Some(path) = &command.token_file else {
        let given = std::env::var(TOKEN_VARIABLE).unwrap_or_default();
        let given = given.trim();
        return Ok((!given.is_empty()).then(|| SecretString::from(given)));
    };
    let text = std::fs::read_to_string(path)
        .map_err(|error| bad_input(format!("The token file {} cannot be read ({error}).", path.display())))?;
    let text = text.trim();
    if text.is_empty() {
        return Err(bad_input(format!("The token file {} is empty.", path.display())));
    }
    Ok(Some(SecretString::from(text)))
}

/// Resolves with the first interrupt, or with a service manager's wish that the program ends.
async fn stopped() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                () = crate::interrupted(1) => {}
                _ = terminated.recv() => {}
            }
            return;
        }
    }
    crate::interrupted(1).await;
}
