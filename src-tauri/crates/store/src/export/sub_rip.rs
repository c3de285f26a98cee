//! SubRip (`.srt`): numbered cues. The format has no escapes, so what players take for tags is written with look-alikes.

use std::fmt::Write;

use frontdesk_call::transcript::Transcript;

use super::{cues, wording};

pub(super) fn write(transcript: &Transcript) -> String {
    let mut out = String::new();
    for (index, cue) in cues::cues(transcript).iter().enumerate() {
        let (start, end) = (wording::position(cue.start_ms, ','), wording::position(cue.end_ms, ','));
        let (speaker, text) = (
            wording::speaker(cue.row.speaker),
            without_tags(&wording::subtitle(cue.row)),
        );
        // Writing to a String cannot fail.
        let _ = write!(out, "{}\n{start} --> {end}\n{speaker}: {text}\n\n", index + 1);
    }
    out
}

/// Players read `<i>` and `{\an8}` as formatting, and `-->` as a cue's times.
fn without_tags(text: &str) -> String {
    text.replace('<', "‹").replace('>', "›").replace("{\\", "{ \\")
}
