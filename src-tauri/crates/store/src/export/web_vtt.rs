//! WebVTT, <https://www.w3.org/TR/webvtt1/>: cues with voices. `&`, `<` and `>` are escaped, so no text is a tag or an arrow.

use std::fmt::Write;

use frontdesk_call::transcript::Transcript;
use jiff::tz::TimeZone;

use super::{cues, wording};

pub(super) fn write(transcript: &Transcript, zone: &TimeZone) -> String {
    let mut out = "WEBVTT\n".to_owned();
    let started = transcript
        .opening
        .as_ref()
        .map(|opening| format!(", {}", wording::started(opening, zone)));
    // Writing to a String cannot fail.
    let _ = write!(
        out,
        "\nNOTE {}{}\n",
        escaped(&wording::title(transcript)),
        started.unwrap_or_default()
    );
    for (index, cue) in cues::cues(transcript).iter().enumerate() {
        let (start, end) = (wording::position(cue.start_ms, '.'), wording::position(cue.end_ms, '.'));
        let text = escaped(&wording::subtitle(cue.row));
        let speaker = wording::speaker(cue.row.speaker);
        let _ = write!(out, "\n{}\n{start} --> {end}\n<v {speaker}>{text}</v>\n", index + 1);
    }
    out
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
