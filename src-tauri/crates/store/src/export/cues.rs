//! When each turn is on the screen: subtitle cues in order, that never overlap and are never empty. Pure arithmetic in milliseconds.

use frontdesk_call::transcript::{Transcript, TranscriptRow};

/// How long a turn without an end of its own is shown, where nothing follows: time enough to read a sentence.
const READING_MS: u64 = 3_000;

/// One turn on the screen.
pub(super) struct Cue<'a> {
    /// Milliseconds from the start of the call.
    pub(super) start_ms: u64,
    /// Milliseconds from the start of the call, after `start_ms`.
    pub(super) end_ms: u64,
    /// The turn.
    pub(super) row: &'a TranscriptRow,
}

/// Cues of all turns with words. A turn that somebody speaks over ends where the other begins.
pub(super) fn cues(transcript: &Transcript) -> Vec<Cue<'_>> {
    let mut rows: Vec<&TranscriptRow> = transcript
        .rows
        .iter()
        .filter(|row| !row.text.trim().is_empty())
        .collect();
    // A stable sort: turns of the same moment stay in the order of the conversation.
    rows.sort_by_key(|row| row.start_ms);
    let mut cues: Vec<Cue<'_>> = Vec::with_capacity(rows.len());
    for (index, row) in rows.iter().enumerate() {
        let earliest = cues.last().map_or(0, |before| before.end_ms);
        let start_ms = row.start_ms.max(earliest);
        let own_end = row
            .end_ms
            .filter(|end| *end > row.start_ms)
            .unwrap_or(row.start_ms.saturating_add(READING_MS));
        let next_start = rows.get(index + 1).map_or(u64::MAX, |next| next.start_ms);
        let end_ms = own_end.min(next_start).max(start_ms.saturating_add(1));
        cues.push(Cue { start_ms, end_ms, row });
    }
    cues
}
