//! The call so far as messages for the text model: who said what, in whole sentences, and no more than fits. Pure.

use frontdesk_call::Transcript;
use frontdesk_call::transcript::{Speaker, TranscriptRow};

use super::wire::ChatMessage;

/// Most messages of a conversation, the newest. A call of half an hour has about that many.
const MOST_MESSAGES: usize = 80;

/// Most bytes of words in a conversation.
const MOST_BYTES: usize = 24 * 1024;

/// Longest context that the voice model may give, in characters.
const LONGEST_CONTEXT: usize = 4_000;

/// The conversation, and at its end what the voice model says the caller wants now: the caller's last words may not have been written down
/// yet.
#[must_use]
pub(super) fn messages(transcript: &Transcript, context: &str) -> Vec<ChatMessage> {
    let mut bytes = 0;
    let newest = transcript.rows.iter().rev().filter(|row| is_final(row));
    let mut messages: Vec<ChatMessage> = newest
        .map(message)
        .take(MOST_MESSAGES)
        .take_while(|message| {
            bytes += length(message);
            bytes <= MOST_BYTES
        })
        .collect();
    messages.reverse();
    let context: String = context.trim().chars().take(LONGEST_CONTEXT).collect();
    messages.push(ChatMessage::user(format!(
        "[Note of the receptionist, who waits for the next sentence. Of the caller's last message: {context}]"
    )));
    messages
}

/// Words that will not change any more. What could not be understood was not said.
fn is_final(row: &TranscriptRow) -> bool {
    row.complete && !row.text.trim().is_empty()
}

fn message(row: &TranscriptRow) -> ChatMessage {
    let text = row.text.trim();
    match row.speaker {
        Speaker::Caller => ChatMessage::user(text),
        // The caller did not hear the rest.
        Speaker::Receptionist if row.interrupted => {
            ChatMessage::assistant(format!("{text} … [interrupted by the caller]"))
        }
        Speaker::Receptionist => ChatMessage::assistant(text),
    }
}

fn length(message: &ChatMessage) -> usize {
    match message {
        ChatMessage::System { content } | ChatMessage::User { content } | ChatMessage::Tool { content, .. } => {
            content.len()
        }
        ChatMessage::Assistant { content, .. } => content.as_ref().map_or(0, String::len),
    }
}

#[cfg(test)]
mod tests {
    use frontdesk_call::event::Medium;
    use frontdesk_call::identity::ItemId;

    use super::*;

    fn row(speaker: Speaker, text: &str) -> TranscriptRow {
        TranscriptRow {
            item_id: ItemId::from("item"),
            speaker,
            medium: Medium::Voice,
            text: text.into(),
            complete: true,
            interrupted: false,
            start_ms: 0,
            end_ms: None,
            since_speech_end_ms: None,
            tools: Vec::new(),
        }
    }

    fn of(rows: Vec<TranscriptRow>) -> Vec<ChatMessage> {
        let transcript = Transcript {
            rows,
            ..Transcript::default()
        };
        messages(&transcript, " wants Tuesday ")
    }

    #[test]
    fn only_final_words_and_the_heard_part_of_an_interrupted_reply_are_told() {
        let mut cut = row(Speaker::Receptionist, "We are open until");
        cut.interrupted = true;
        let mut growing = row(Speaker::Receptionist, "One mom");
        growing.complete = false;
        let told = of(vec![
            row(Speaker::Receptionist, "Hello."),
            row(Speaker::Caller, " "),
            cut,
            row(Speaker::Caller, "Is Tuesday free?"),
            growing,
        ]);
        let (last, before) = told.split_last().unwrap();
        assert_eq!(
            before,
            [
                ChatMessage::assistant("Hello."),
                ChatMessage::assistant("We are open until … [interrupted by the caller]"),
                ChatMessage::user("Is Tuesday free?"),
            ]
        );
        let ChatMessage::User { content } = last else {
            panic!("{last:?}")
        };
        assert!(content.ends_with("wants Tuesday]"), "{content}");
    }

    #[test]
    fn a_long_conversation_keeps_its_newest_part() {
        let told = of((0..200)
            .map(|number| row(Speaker::Caller, &format!("Sentence {number}.")))
            .collect());
        assert_eq!(told.len(), MOST_MESSAGES + 1);
        assert_eq!(told[MOST_MESSAGES - 1], ChatMessage::user("Sentence 199."));
        let told = of(vec![
            row(Speaker::Caller, &"x".repeat(MOST_BYTES)),
            row(Speaker::Caller, "Newest."),
        ]);
        assert_eq!(told.len(), 2, "only what fits");
    }
}
