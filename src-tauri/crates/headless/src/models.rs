//! `frontdeskd models`: the files of the local engine. The only command that downloads.

use std::io::{IsTerminal as _, Write as _};

use frontdesk_app::app::StartOptions;
use frontdesk_app::local_voices::{FAST_ENOUGH, Pace};
use frontdesk_app::models::{self, Bundle, ModelStore};
use frontdesk_app::view::{ModelFileState, ModelsView};
use frontdesk_call::problem::Problem;
use serde_json::json;

use crate::arguments::ModelsCommand;
use crate::exit::Exit;
use crate::output;

/// Lists, fetches, checks or removes.
pub async fn run(options: StartOptions, command: ModelsCommand) -> Result<Exit, Problem> {
    let store = ModelStore::new(&options.locations);
    match command {
        ModelsCommand::List { json } => {
            print(&store.quick_view(), json);
            Ok(Exit::Done)
        }
        ModelsCommand::Verify { better_voices } => {
            let view = models::verify(&store).await?;
            print(&view, false);
            let mut files = view.of(Bundle::from_flag(better_voices)).iter();
            let is_whole = files.all(|file| file.state == ModelFileState::Present);
            Ok(if is_whole { Exit::Done } else { Exit::SetUpMissing })
        }
        ModelsCommand::Remove { better_voices } => {
            store.remove(Bundle::from_flag(better_voices))?;
            output::line("The downloaded files are removed.");
            Ok(Exit::Done)
        }
        ModelsCommand::Measure => {
            let app = crate::start(options).await?;
            told(app.measure_voices().await?);
            Ok(Exit::Done)
        }
        ModelsCommand::Fetch { mirror, better_voices } => {
            let app = crate::start(options).await?;
            let mirror = mirror.unwrap_or_else(|| app.settings().models.mirror);
            let mut bar = Bar::default();
            let fetched = models::fetch(&store, Bundle::from_flag(better_voices), &mirror, |progress| {
                bar.show(&progress)
            })
            .await;
            bar.end();
            fetched?;
            output::line("All files are here.");
            if better_voices {
                told(app.measure_voices().await?);
            }
            Ok(Exit::Done)
        }
    }
}

/// Says whether the better voices are for this computer.
fn told(pace: Pace) {
    let seconds = pace.seconds_per_second;
    output::line(&if pace.is_fast_enough() {
        format!("The better voices take {seconds:.2} s for a second of speech: fast enough for calls.")
    } else {
        format!(
            "The better voices take {seconds:.2} s for a second of speech. Callers would wait, so the light voice answers; up to \
             {FAST_ENOUGH} s would do."
        )
    });
}

fn print(view: &ModelsView, as_json: bool) {
    if as_json {
        output::line(
            &json!({ "ready": view.ready, "files": view.files, "betterVoices": view.better_voices }).to_string(),
        );
        return;
    }
    let needed = view.files.iter().map(|file| (file, "missing"));
    let better = view.better_voices.iter().map(|file| (file, "optional"));
    for (file, absent) in needed.chain(better) {
        let state = match file.state {
            ModelFileState::Present => "present",
            ModelFileState::Missing => absent,
            ModelFileState::Damaged => "damaged",
        };
        output::line(&format!(
            "{state:<8} {:>6.1} MB  {:<45} {} ({})",
            megabytes(file.bytes),
            file.name,
            file.purpose,
            file.licence
        ));
    }
    // To standard error: what helps is not one of the files.
    models::problem_of(view).iter().for_each(output::problem);
}

fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

/// Progress on standard error: a bar that redraws itself on a terminal, a line per file elsewhere.
#[derive(Default)]
struct Bar {
    file: String,
    permille: u64,
}

impl Bar {
    fn show(&mut self, progress: &models::FetchProgress) {
        let permille = progress.done_bytes * 1_000 / progress.total_bytes.max(1);
        let is_new_file = progress.file != self.file;
        if !is_new_file && permille == self.permille {
            return;
        }
        (self.file, self.permille) = (progress.file.clone(), permille);
        let mut error = std::io::stderr().lock();
        if error.is_terminal() {
            const WIDTH: usize = 30;
            let full = usize::try_from(permille).unwrap_or(0) * WIDTH / 1_000;
            let bar = format!("{}{}", "█".repeat(full), "░".repeat(WIDTH - full));
            let done = megabytes(progress.done_bytes);
            let total = megabytes(progress.total_bytes);
            let _closed_pipe =
                write!(error, "\r{bar} {done:>5.1} of {total:.1} MB  {:<48}", self.file).and_then(|()| error.flush());
        } else if is_new_file {
            let _closed_pipe = writeln!(error, "{} ({}%)", self.file, permille / 10);
        }
    }

    fn end(&self) {
        if std::io::stderr().is_terminal() && !self.file.is_empty() {
            output::error_line("");
        }
    }
}
