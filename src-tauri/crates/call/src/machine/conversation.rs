//! Who said what in which order: the caller's turns, and the place of every item in the conversation.
//!
//! Order follows the predecessors that the backend names, not arrival: the text of a turn may come after the reply to it. Pure data.

use std::collections::HashMap;

use frontdesk_protocol::{ContentPart, Item, Role};

use crate::event::Medium;
use crate::identity::ItemId;
use crate::order::ItemOrder;

/// What an item is to people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Visibility {
    /// A row of the transcript.
    Row,
    /// Words that may still become a row.
    Expected,
    /// A function call, an output, a system note, an echo of what was replayed.
    Hidden,
}

/// One turn of the caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CallerTurn {
    /// Voice or keyboard.
    pub(crate) medium: Medium,
    /// What is known of the words.
    pub(crate) text: String,
    /// `callerTurnStopped` was emitted.
    pub(crate) stopped: bool,
    /// `callerTranscript` was emitted: no more text comes.
    pub(crate) complete: bool,
}

/// The conversation. See the module's header.
#[derive(Debug, Default)]
pub(crate) struct Conversation {
    order: ItemOrder,
    visibility: HashMap<ItemId, Visibility>,
    turns: HashMap<ItemId, CallerTurn>,
}

impl Conversation {
    /// The backend announces an item.
    pub(crate) fn announce(&mut self, item: &Item, previous: Option<&ItemId>) {
        let Some(id) = item.id() else { return };
        self.order.place(&id, previous);
        self.visibility.entry(id).or_insert(if may_become_a_row(item) {
            Visibility::Expected
        } else {
            Visibility::Hidden
        });
    }

    /// The backend names an item's predecessor.
    pub(crate) fn place(&mut self, item: &ItemId, previous: Option<&ItemId>) {
        self.order.place(item, previous);
    }

    /// The item is a row from now on. True the first time.
    pub(crate) fn show(&mut self, item: &ItemId) -> bool {
        self.order.place(item, None);
        self.visibility.insert(item.clone(), Visibility::Row) != Some(Visibility::Row)
    }

    /// The item is not for people.
    pub(crate) fn hide(&mut self, item: &ItemId) {
        self.visibility.insert(item.clone(), Visibility::Hidden);
    }

    /// The nearest item before `item` that is a row or may become one. What the backend named counts, also when it has not come yet; where
    /// it named nothing, the order so far.
    pub(crate) fn predecessor(&self, item: &ItemId) -> Option<ItemId> {
        let is_hidden = |id: &ItemId| self.visibility.get(id) == Some(&Visibility::Hidden);
        let mut named = self.order.named_predecessor(item);
        // As many steps as there are items: predecessors in a circle end too.
        for _ in 0..self.order.items().len() {
            match named {
                Some(id) if !is_hidden(id) => return Some(id.clone()),
                Some(id) => named = self.order.named_predecessor(id),
                None => break,
            }
        }
        let before = self.order.items().get(..self.order.position(item)?)?;
        before.iter().rev().find(|id| !is_hidden(id)).cloned()
    }

    /// All items in order.
    pub(crate) fn items(&self) -> &[ItemId] {
        self.order.items()
    }

    /// The caller's turn `item`; a new one is empty.
    pub(crate) fn open_turn(&mut self, item: &ItemId, medium: Medium) -> &mut CallerTurn {
        self.turns.entry(item.clone()).or_insert(CallerTurn {
            medium,
            text: String::new(),
            stopped: false,
            complete: false,
        })
    }

    /// A known turn of the caller.
    pub(crate) fn turn(&self, item: &ItemId) -> Option<&CallerTurn> {
        self.turns.get(item)
    }

    /// Turns of which the text has not come, in order.
    pub(crate) fn incomplete_turns(&self) -> Vec<ItemId> {
        let incomplete = |id: &&ItemId| self.turns.get(*id).is_some_and(|turn| !turn.complete);
        self.order.items().iter().filter(incomplete).cloned().collect()
    }
}

/// True for spoken words and for a message that is still empty. Messages of text are echoes of what this side created.
fn may_become_a_row(item: &Item) -> bool {
    let Item::Message(message) = item else { return false };
    let spoken = |part: &ContentPart| matches!(part, ContentPart::InputAudio { .. } | ContentPart::OutputAudio { .. });
    message.role != Role::System && (message.content.is_empty() || message.content.iter().any(spoken))
}

#[cfg(test)]
mod tests {
    use super::*;
    use frontdesk_protocol::{FunctionCall, Message};

    fn id(text: &str) -> ItemId {
        ItemId::new(text)
    }

    #[test]
    fn a_function_call_between_question_and_answer_is_no_predecessor_for_people() {
        let mut conversation = Conversation::default();
        conversation.show(&id("question"));
        let call = FunctionCall {
            id: Some(id("call")),
            status: None,
            call_id: None,
            name: String::new(),
            arguments: String::new(),
        };
        conversation.announce(&Item::FunctionCall(call), Some(&id("question")));
        conversation.place(&id("answer"), Some(&id("call")));
        assert_eq!(conversation.predecessor(&id("answer")), Some(id("question")));
    }

    #[test]
    fn a_turn_whose_text_is_late_is_a_predecessor_all_the_same() {
        let mut conversation = Conversation::default();
        let part = ContentPart::InputAudio {
            audio: None,
            transcript: None,
        };
        let message = Message::new(Role::User, part).with_id(id("question"));
        conversation.announce(&Item::Message(message), None);
        conversation.place(&id("answer"), Some(&id("question")));
        assert_eq!(conversation.predecessor(&id("answer")), Some(id("question")));
    }

    #[test]
    fn an_echo_of_replayed_words_is_hidden() {
        let mut conversation = Conversation::default();
        conversation.show(&id("question"));
        conversation.announce(
            &Item::Message(Message::user("What time?").with_id(id("echo"))),
            Some(&id("question")),
        );
        conversation.place(&id("answer"), Some(&id("echo")));
        assert_eq!(conversation.predecessor(&id("answer")), Some(id("question")));
    }
}
