//! What goes to standard error beside the results: the log, with the filter of the command line.

use frontdesk_app::log_filter;
use frontdesk_call::problem::Problem;
use tracing_subscriber::EnvFilter;

use crate::exit::bad_input;

/// Words that stand for a level by themselves.
const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];

/// Starts the log.
///
/// # Errors
/// When the filter cannot be read; logging less than was asked for would pass for silence.
pub fn start(filter: &str) -> Result<(), Problem> {
    let filter = parse(filter)?;
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(log_filter::colours())
        .with_writer(std::io::stderr)
        .init();
    Ok(())
}

fn parse(filter: &str) -> Result<EnvFilter, Problem> {
    let refused = |part: &str| {
        bad_input(format!(
            "The log filter {part} cannot be read. Give --log a level ({}) or PART=LEVEL, several with commas between.",
            LEVELS.join(", ")
        ))
    };
    // A word that is no level is read as the name of a part: of a misspelt level nothing would be logged at all.
    let is_misspelt = |part: &&str| {
        let is_level = LEVELS.iter().any(|level| level.eq_ignore_ascii_case(part));
        !part.is_empty() && !part.contains(['=', '[']) && !is_level
    };
    if let Some(part) = filter.split(',').map(str::trim).find(is_misspelt) {
        return Err(refused(part));
    }
    EnvFilter::try_new(log_filter::capped(filter)).map_err(|_| refused(filter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_that_says_nothing_is_refused_by_name() {
        for (filter, part) in [
            ("debgu", "debgu"),
            ("warn,debgu", "debgu"),
            ("frontdesk_call=loud", "frontdesk_call=loud"),
        ] {
            let problem = parse(filter).unwrap_err();
            assert!(problem.sentence.contains(part), "{problem}");
            assert!(problem.sentence.contains("debug"), "{problem}");
        }
    }

    #[test]
    fn levels_and_parts_are_understood() {
        for filter in [
            "",
            "warn",
            "DEBUG",
            "off",
            "frontdesk_call=debug, warn,",
            "[call]",
            "[call{id=1}]=trace",
        ] {
            assert!(parse(filter).is_ok(), "{filter}");
        }
    }
}
