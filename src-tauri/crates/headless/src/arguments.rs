//! The command line: names, help, examples. Data only.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use frontdesk_app::backends::BackendChoice;
use frontdesk_app::settings::EngineSettings;

/// The Frontdesk receptionist without a window: calls from audio files, history, exports, model files and keys.
#[derive(Parser)]
#[command(
    name = "frontdeskd",
    version,
    after_help = "Example:\n  frontdeskd call --backend local --input question.wav --export call.md\n\n\
    Exit codes: 0 done, 1 failed, 2 wrong usage or bad input, 3 something to set up is missing, 130 interrupted"
)]
pub struct Arguments {
    /// Folder for settings and database instead of the system's
    #[arg(long, global = true, value_name = "FOLDER", env = "FRONTDESK_DATA_DIR")]
    pub data_dir: Option<PathBuf>,
    /// File that holds the provider key, for this run (or the variable FRONTDESK_API_KEY)
    #[arg(long, global = true, value_name = "FILE")]
    pub api_key_file: Option<PathBuf>,
    /// What to log to standard error, for example debug or frontdesk_call=debug
    #[arg(
        long,
        global = true,
        value_name = "FILTER",
        env = "FRONTDESK_LOG",
        default_value = "warn"
    )]
    pub log: String,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Subcommand)]
pub enum Command {
    /// Make a call in which audio files speak for the caller
    Call(CallCommand),
    /// List microphones and speakers
    Devices(DevicesCommand),
    /// List the calls that were kept, newest first
    Calls(CallsCommand),
    /// Export one call, or all
    Export(ExportCommand),
    /// List appointments, or write them to a calendar file
    Bookings(BookingsCommand),
    /// List, fetch, check or remove the files of the local engine
    #[command(subcommand)]
    Models(ModelsCommand),
    /// Store, look for or delete the provider key
    #[command(subcommand)]
    Key(KeyCommand),
    /// Serve the local engine to programs that speak the OpenAI Realtime protocol
    Engine(EngineCommand),
    /// Say what is ready and what is missing
    Doctor(DoctorCommand),
}

/// Make a call in which audio files speak for the caller.
///
/// Waits for the greeting, speaks a file, waits until the receptionist has finished, speaks the next. A caller who says goodbye is
/// answered and the receptionist hangs up: files that are left then are named on standard error, and the exit code is still 0.
#[derive(Args)]
#[command(
    after_help = "Example:\n  frontdeskd call --backend local --input hello.wav --input price.wav --record call.wav --export call.md"
)]
pub struct CallCommand {
    /// What the caller says: WAV files of any rate, one turn each, in this order
    #[arg(long, value_name = "FILE", required = true, num_args = 1..)]
    pub input: Vec<PathBuf>,
    /// Who answers: local, openai, azure, or the address of a server (wss://…); as the settings say when absent
    #[arg(long, value_name = "BACKEND")]
    pub backend: Option<BackendChoice>,
    /// What finds the local engine's words: built-in, or a chat model and its server, as in qwen3:1.7b@http://127.0.0.1:11434/v1; as the
    /// settings say when absent
    #[arg(long, value_name = "DIALOGUE")]
    pub dialogue: Option<EngineSettings>,
    /// Company file; the one of the settings, or the sample, when absent
    #[arg(long, value_name = "FILE")]
    pub company: Option<PathBuf>,
    /// Record the call as a stereo WAV: caller left, receptionist right
    #[arg(long, value_name = "FILE")]
    pub record: Option<PathBuf>,
    /// Export the transcript; the ending chooses the format: md, txt, json, vtt, srt, csv
    #[arg(long, value_name = "FILE")]
    pub export: Option<PathBuf>,
    /// Print every event as one line of JSON instead of the conversation
    #[arg(long)]
    pub json: bool,
}

/// List microphones and speakers.
#[derive(Args)]
#[command(after_help = "Example:\n  frontdeskd devices --json")]
pub struct DevicesCommand {
    /// As JSON
    #[arg(long)]
    pub json: bool,
}

/// List the calls that were kept.
#[derive(Args)]
#[command(after_help = "Example:\n  frontdeskd calls --limit 5 --json")]
pub struct CallsCommand {
    /// As a JSON array
    #[arg(long)]
    pub json: bool,
    /// Most calls to list; 50 when absent, and with --json all
    #[arg(long, value_name = "COUNT")]
    pub limit: Option<u32>,
}

/// Export one call, or all.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  frontdeskd export latest --format md --output call.md\n  frontdeskd export all --format json --output calls.zip"
)]
pub struct ExportCommand {
    /// Identity of the call or a unique beginning of it, or latest, or all for one archive of every call
    pub call: String,
    /// Format: md, txt, json, vtt, srt or csv; when absent the ending of the output file, and in an archive json
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<String>,
    /// File to write; an archive of all calls ends in .zip
    #[arg(long, short, value_name = "FILE")]
    pub output: PathBuf,
}

/// List appointments, or write them to a calendar file.
#[derive(Args)]
#[command(after_help = "Examples:\n  frontdeskd bookings --days 14\n  frontdeskd bookings --calendar appointments.ics")]
pub struct BookingsCommand {
    /// First day, as 2026-11-24 on the company's calendar; today when absent
    #[arg(long, value_name = "DATE", value_parser = calendar_date)]
    pub from: Option<String>,
    /// How many days, at most 42
    #[arg(long, value_name = "COUNT", default_value_t = 7)]
    pub days: u32,
    /// Cancelled appointments too
    #[arg(long)]
    pub cancelled: bool,
    /// As a JSON array
    #[arg(long)]
    pub json: bool,
    /// Write these days to a calendar file (.ics) instead
    #[arg(long, value_name = "FILE", conflicts_with = "json")]
    pub calendar: Option<PathBuf>,
}

/// The files of the local engine.
#[derive(Subcommand)]
pub enum ModelsCommand {
    /// List the files with size, licence and state
    #[command(after_help = "Example:\n  frontdeskd models list --json")]
    List {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Download what is missing; an interrupted download goes on where it stopped
    #[command(after_help = "Example:\n  frontdeskd models fetch --mirror https://mirror.example/frontdesk")]
    Fetch {
        /// Address or folder that holds the files by name, instead of the upstream sources
        #[arg(long, value_name = "PLACE")]
        mirror: Option<String>,
        /// The better voices (95 MB) in place of the engine's own files
        #[arg(long)]
        better_voices: bool,
    },
    /// Measure whether this computer is fast enough for the better voices
    #[command(after_help = "Example:\n  frontdeskd models measure")]
    Measure,
    /// Check every file by its checksum
    #[command(after_help = "Example:\n  frontdeskd models verify")]
    Verify {
        /// The better voices in place of the engine's own files
        #[arg(long)]
        better_voices: bool,
    },
    /// Delete the downloaded files
    #[command(after_help = "Example:\n  frontdeskd models remove --better-voices")]
    Remove {
        /// The better voices in place of the engine's own files
        #[arg(long)]
        better_voices: bool,
    },
}

/// The provider key.
#[derive(Subcommand)]
pub enum KeyCommand {
    /// Store the key, from a prompt or from standard input
    #[command(after_help = "Example:\n  frontdeskd key set < key.txt")]
    Set,
    /// Say whether a key is stored
    #[command(after_help = "Example:\n  frontdeskd key status")]
    Status,
    /// Delete the key
    #[command(after_help = "Example:\n  frontdeskd key delete")]
    Delete,
}

/// Serve the local engine to programs that speak the OpenAI Realtime protocol.
///
/// A client needs no more than another base address: ws://ADDRESS/v1/realtime. It brings its own tools as functions of its session. With
/// several companies, ?company=ID in the address chooses one. Ends with an interrupt, after telling every client.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  frontdeskd engine\n  FRONTDESK_ENGINE_KEY=$(openssl rand -hex 16) frontdeskd engine --listen 127.0.0.1:8765 --company shop.toml\n\n\
    The token is read from the variable FRONTDESK_ENGINE_KEY or a file, never from the command line, which every user of this computer can see."
)]
pub struct EngineCommand {
    /// Address and port; beyond this computer only with a token
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:3002")]
    pub listen: std::net::SocketAddr,
    /// Company files; the one of the settings, or the sample, when absent
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub company: Vec<PathBuf>,
    /// File that holds the token that clients must present (or the variable FRONTDESK_ENGINE_KEY)
    #[arg(long, value_name = "FILE")]
    pub token_file: Option<PathBuf>,
    /// What finds the words: built-in, or a chat model and its server, as in qwen3:1.7b@http://127.0.0.1:11434/v1; as the settings say when
    /// absent
    #[arg(long, value_name = "DIALOGUE")]
    pub dialogue: Option<EngineSettings>,
    /// Longest session in minutes, from 1 to 1440
    #[arg(long, value_name = "MINUTES", value_parser = clap::value_parser!(u64).range(1..=1440))]
    pub session_minutes: Option<u64>,
}

/// Say what is ready and what is missing.
#[derive(Args)]
#[command(after_help = "Example:\n  frontdeskd doctor --json\n\nExit codes: 0 ready, 1 something is missing")]
pub struct DoctorCommand {
    /// As JSON
    #[arg(long)]
    pub json: bool,
}

/// A day as the calendar takes it; anything else is wrong usage, told before the calendar is opened.
fn calendar_date(text: &str) -> Result<String, String> {
    frontdesk_app::view::calendar_date(text).map(|date| date.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_that_is_none_is_wrong_usage_and_told_in_a_sentence() {
        let exit_code = |from| {
            let parsed = Arguments::try_parse_from(["frontdeskd", "bookings", "--from", from]);
            parsed.err().map(|error| (error.exit_code(), error.to_string()))
        };
        assert_eq!(exit_code("2026-11-24"), None);
        for from in ["tomorrow", "2026-02-30", ""] {
            let (code, told) = exit_code(from).unwrap();
            assert_eq!(code, 2, "{from}");
            assert!(told.contains("is no date. Write it as 2026-11-24."), "{told}");
        }
    }
}
