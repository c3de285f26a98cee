//! What is not logged even where everything is asked for. Pure text.

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
