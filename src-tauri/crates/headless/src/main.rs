//! `frontdeskd`: the receptionist without a window. Thin over `frontdesk_app`; logs go to standard error, results to standard output.
//!
//! Exit codes: 0 done, 1 failed, 2 wrong usage or bad input, 3 something to set up is missing, 130 interrupted.

mod arguments;
mod bookings;
mod call;
mod conversation;
mod devices;
mod doctor;
mod engine;
mod exit;
mod history;
mod key;
mod log;
mod models;
mod output;
mod tool_words;

use std::process::ExitCode;

use clap::Parser as _;
use frontdesk_app::app::{App, GivenKey, StartOptions};
use frontdesk_app::backends::BackendChoice;
use frontdesk_app::company_source;
use frontdesk_app::locations::Locations;
use frontdesk_call::problem::{Problem, ProblemKind};
use secrecy::SecretString;

use arguments::{Arguments, Command};
use exit::Exit;

#[allow(
    unsafe_code,
    reason = "a library reads one setting from the environment only, and changing that is unsafe"
)]
fn main() -> ExitCode {
    // SAFETY: nothing has run before, so this is the only thread.
    unsafe { frontdesk_app::process::prepare() };
    let arguments = Arguments::parse();
    if let Err(problem) = log::start(&arguments.log) {
        output::problem(&problem);
        return Exit::of(&problem).into();
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            output::error_line(&format!("Frontdesk could not start ({error})."));
            return Exit::Failed.into();
        }
    };
    // A call and a server take the first interrupt themselves, so that they can end in order; all others just stop.
    let interrupts = match arguments.command {
        Command::Call(_) | Command::Engine(_) => 2,
        _ => 1,
    };
    let exit = runtime.block_on(async {
        tokio::select! {
            exit = run(arguments) => exit,
            () = interrupted(interrupts) => Exit::Interrupted,
        }
    });
    // A blocked keychain or a device that hangs must not keep the process.
    runtime.shutdown_background();
    exit.into()
}

/// Resolves at the interrupt of this number.
async fn interrupted(number: u32) {
    for _ in 0..number {
        if tokio::signal::ctrl_c().await.is_err() {
            // Without signals there is nothing to wait for.
            std::future::pending::<()>().await;
        }
    }
}

async fn run(arguments: Arguments) -> Exit {
    match dispatch(arguments).await {
        Ok(exit) => exit,
        Err(problem) => {
            output::problem(&problem);
            Exit::of(&problem)
        }
    }
}

async fn dispatch(arguments: Arguments) -> Result<Exit, Problem> {
    let locations = Locations::from_environment(arguments.data_dir.as_deref())?;
    let mut options = StartOptions {
        locations,
        company_file: None,
        provider_key: provider_key(&arguments)?,
    };
    match arguments.command {
        Command::Call(command) => {
            if let Some(file) = &command.company {
                // Refused here with lines and reasons; the window would go on with the last good company instead.
                company_source::read(file)?;
                options.company_file = Some(file.clone());
            }
            call::run(options, command).await
        }
        Command::Devices(command) => devices::run(&start(options).await?, &command).await,
        Command::Calls(command) => history::list(&start(options).await?, &command).await,
        Command::Export(command) => history::export(&start(options).await?, command).await,
        Command::Bookings(command) => bookings::run(&start(options).await?, command).await,
        Command::Models(command) => models::run(options, command).await,
        Command::Key(command) => key::run(&start(options).await?, command).await,
        Command::Engine(command) => engine::run(&options.locations, command).await,
        Command::Doctor(command) => doctor::run(&start(options).await?, &command).await,
    }
}

/// Starts the application and says what is wrong with the settings: nothing else here would show it.
async fn start(options: StartOptions) -> Result<App, Problem> {
    let app = App::start(options).await?;
    let settings =
        |problem: &&Problem| matches!(problem.kind, ProblemKind::SettingsInvalid | ProblemKind::CompanyInvalid);
    app.standing_problems()
        .iter()
        .filter(settings)
        .for_each(output::problem);
    Ok(app)
}

/// The key that goes over the keychain, from a file or the environment. Arguments are visible to every user, so there is no such flag.
/// It is for the server of the backend that is named with it, or of the settings.
fn provider_key(arguments: &Arguments) -> Result<Option<GivenKey>, Problem> {
    let backend = match &arguments.command {
        Command::Call(command) => command.backend.clone().unwrap_or_default(),
        _ => BackendChoice::Settings,
    };
    let text =
        match &arguments.api_key_file {
            Some(path) => Some(std::fs::read_to_string(path).map_err(|error| {
                exit::bad_input(format!("The key file {} cannot be read ({error}).", path.display()))
            })?),
            None => std::env::var("FRONTDESK_API_KEY").ok(),
        };
    Ok(text
        .map(|text| text.trim().to_owned())
        .filter(|text| !text.is_empty())
        .map(|text| GivenKey {
            key: SecretString::from(text),
            backend,
        }))
}
