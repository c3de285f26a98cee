//! What both programs have in common when they log to standard error: what is never logged, and when in colours.

use std::io::IsTerminal as _;

/// The WebSocket library writes every message at its finest level: a caller's words and voice. `trace` is asked for without that in mind.
const CAPS: &str = "tungstenite=info,tokio_tungstenite=info";

/// The person's filter (`debug`, `frontdesk_call=trace,warn`, …) with caps over it.
#[must_use]
pub fn capped(filter: &str) -> String {
    let filter = filter.trim().trim_end_matches(',');
    if filter.is_empty() {
        return CAPS.to_owned();
    }
    format!("{filter},{CAPS}")
}

/// Whether the log is coloured: on a terminal only, and not where `NO_COLOR` is set. A file or a pipe shows the codes.
#[must_use]
pub fn colours() -> bool {
    std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_caps_come_last_and_so_win() {
        assert_eq!(capped("trace"), format!("trace,{CAPS}"));
        assert_eq!(capped("tungstenite=trace,"), format!("tungstenite=trace,{CAPS}"));
        assert_eq!(capped(""), CAPS);
    }
}
