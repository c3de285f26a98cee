//! The conversation of one session: its items in order, and which of them the dialogue has dealt with.
//!
//! Pure. Audio is not kept: an item holds the words and, for replies, how long each clause sounds.

use frontdesk_protocol::{
    ContentPart, FunctionCall, FunctionCallOutput, Item, ItemId, ItemStatus, Message, Role, ToolCallId,
};
use jiff::Timestamp;

use super::limits::{HEARD_MS, MAX_ITEM_CHARACTERS, MAX_ITEMS, MAX_NAME_BYTES};
use crate::dialogue::{Dialogue, FunctionOutcome, HeardLine, PastLine};
use crate::speech::SpokenClause;

/// Samples per ms at the protocol's rate.
const SAMPLES_PER_MS: u64 = 24;

/// What an item says.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Line {
    /// The caller; the words are absent until they are written down.
    Caller {
        /// What was said.
        text: Option<String>,
        /// How sure the recogniser is, 0 to 1.
        confidence: f32,
        /// By voice, not typed.
        spoken: bool,
    },
    /// Nobody said anything for a while.
    Silence,
    /// The receptionist.
    Receptionist {
        /// What was said so far.
        text: String,
        /// By voice, not written.
        spoken: bool,
        /// Samples of audio that were sent.
        samples: u64,
        /// The caller heard (almost) nothing of it.
        unheard: bool,
        /// The clauses that were sent, without their sound, and how many samples each had.
        clauses: Vec<(SpokenClause, u64)>,
        /// What the caller heard of it, once it was cut.
        heard: Option<String>,
    },
    /// A note of the client.
    Note(String),
    /// A function call.
    Call {
        /// The function.
        name: String,
        /// JSON text.
        arguments: String,
        /// Pairs with the output.
        call_id: ToolCallId,
    },
    /// What a function gave.
    Output {
        /// Pairs with the call.
        call_id: ToolCallId,
        /// JSON or plain text.
        output: String,
    },
    /// Of a kind that the engine does not read.
    Other(Item),
}

/// One item.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    /// Its id.
    pub id: ItemId,
    /// What it says.
    pub line: Line,
    /// How far it got.
    pub status: ItemStatus,
    /// The dialogue has dealt with it.
    taken: bool,
    /// Made by the engine in this session, not by the client.
    own: bool,
}

/// What a new response answers.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Pending {
    /// Words of the caller, with the least confidence among them.
    pub caller: Option<(String, f32)>,
    /// Name, arguments and output of functions.
    pub outcomes: Vec<(String, String, String)>,
}

impl Pending {
    /// The outcomes as the dialogue takes them.
    pub fn function_outcomes(&self) -> Vec<FunctionOutcome<'_>> {
        self.outcomes
            .iter()
            .map(|(name, arguments, output)| FunctionOutcome {
                name,
                arguments,
                output,
            })
            .collect()
    }
}

/// Why an item was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ItemRefused {
    /// The item to follow, or to repeat, does not exist.
    Unknown,
    /// An item with this id exists.
    SameId,
    /// A text, an id or a name is too long.
    TooLong,
    /// Only text of the receptionist can be created.
    NotCreatable,
}

/// The items of a session.
#[derive(Clone, Debug, Default)]
pub(crate) struct Conversation {
    entries: Vec<Entry>,
}

impl Conversation {
    /// The id of the last item.
    pub fn last_id(&self) -> Option<ItemId> {
        self.entries.last().map(|entry| entry.id.clone())
    }

    /// The id of the item before another one.
    pub fn id_before(&self, id: &ItemId) -> Option<ItemId> {
        let at = self.entries.iter().position(|entry| entry.id == *id)?;
        self.entries.get(at.checked_sub(1)?).map(|entry| entry.id.clone())
    }

    /// The item.
    pub fn entry(&self, id: &ItemId) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.id == *id)
    }

    fn entry_mut(&mut self, id: &ItemId) -> Option<&mut Entry> {
        self.entries.iter_mut().find(|entry| entry.id == *id)
    }

    /// Adds an item of the engine at the end. Answers are dealt with as soon as they are made.
    pub fn push(&mut self, id: ItemId, line: Line, status: ItemStatus) {
        let taken = matches!(line, Line::Receptionist { .. } | Line::Call { .. });
        self.insert(
            self.entries.len(),
            Entry {
                id,
                line,
                status,
                taken,
                own: true,
            },
        );
    }

    fn insert(&mut self, at: usize, entry: Entry) {
        self.entries.insert(at, entry);
        if self.entries.len() > MAX_ITEMS {
            self.entries.remove(0);
        }
    }

    /// Adds an item of the client. Returns the item before it.
    pub fn create(&mut self, id: ItemId, item: Item, previous: Option<&ItemId>) -> Result<Option<ItemId>, ItemRefused> {
        let at = match previous.map(ItemId::as_str) {
            None => self.entries.len(),
            Some("root") => 0,
            Some(_) => {
                let found = self.entries.iter().position(|entry| Some(&entry.id) == previous);
                found.ok_or(ItemRefused::Unknown)? + 1
            }
        };
        if self.entry(&id).is_some() {
            return Err(ItemRefused::SameId);
        }
        if id.as_str().len() > MAX_NAME_BYTES {
            return Err(ItemRefused::TooLong);
        }
        let line = line_of(item)?;
        self.insert(
            at,
            Entry {
                id: id.clone(),
                line,
                status: ItemStatus::Completed,
                taken: false,
                own: false,
            },
        );
        Ok(self.id_before(&id))
    }

    /// A copy that a dialogue without a past can read, without turns whose words are not known yet.
    pub fn copy(&self) -> Self {
        let known = |entry: &&Entry| !matches!(entry.line, Line::Caller { text: None, .. });
        Self {
            entries: self.entries.iter().filter(known).map(Entry::untaken).collect(),
        }
    }

    /// A conversation of these items alone; references name items of this one.
    ///
    /// # Errors
    /// The first item that cannot be in a conversation, or is referred to and does not exist.
    pub fn only(&self, items: Vec<Item>) -> Result<Self, ItemRefused> {
        let mut context = Self::default();
        for item in items {
            if let Item::Reference(reference) = &item {
                let entry = self.entry(&reference.id).ok_or(ItemRefused::Unknown)?;
                context.insert(context.entries.len(), entry.untaken());
            } else {
                context.create(item.id().unwrap_or_else(super::ids::item_id), item, None)?;
            }
        }
        Ok(context)
    }

    /// Removes an item; false when there is none.
    pub fn delete(&mut self, id: &ItemId) -> bool {
        let before = self.entries.len();
        self.entries.retain(|entry| entry.id != *id);
        self.entries.len() < before
    }

    /// Writes down what a caller said. False when the item is gone.
    pub fn write_down(&mut self, id: &ItemId, words: String, sureness: f32) -> bool {
        match self.entry_mut(id).map(|entry| &mut entry.line) {
            Some(Line::Caller { text, confidence, .. }) => {
                *text = Some(words);
                *confidence = sureness;
                true
            }
            _ => false,
        }
    }

    /// Adds a clause to a reply.
    pub fn say(&mut self, id: &ItemId, clause: &SpokenClause) {
        if let Some(Line::Receptionist {
            text, samples, clauses, ..
        }) = self.entry_mut(id).map(|entry| &mut entry.line)
        {
            text.push_str(&clause.text);
            let length = clause.samples.len() as u64;
            *samples += length;
            let silent = SpokenClause {
                text: clause.text.clone(),
                samples: Vec::new(),
                speech_samples: clause.speech_samples,
            };
            clauses.push((silent, length));
        }
    }

    /// Sets how far an item got. A reply that ends without any sound was not heard.
    pub fn finish(&mut self, id: &ItemId, status: ItemStatus) {
        if let Some(entry) = self.entry_mut(id) {
            if let Line::Receptionist {
                samples: 0,
                spoken: true,
                unheard,
                ..
            } = &mut entry.line
            {
                *unheard = status != ItemStatus::Completed;
            }
            entry.status = status;
        }
    }

    /// Cuts a reply at what was heard.
    ///
    /// # Errors
    /// A sentence for the client's developer.
    pub fn truncate(&mut self, id: &ItemId, audio_end_ms: u64) -> Result<(), &'static str> {
        match self.entry_mut(id).map(|entry| &mut entry.line) {
            Some(Line::Receptionist {
                text,
                samples,
                spoken: true,
                unheard,
                clauses,
                heard,
            }) if *samples > 0 => {
                if audio_end_ms > samples.div_ceil(SAMPLES_PER_MS) {
                    return Err("audio_end_ms is beyond the end of the item's audio");
                }
                // What was heard of the words is not known to the word, so the client is told none, as at the provider. The dialogue goes
                // by an estimate.
                text.clear();
                *samples = audio_end_ms * SAMPLES_PER_MS;
                *heard = Some(heard_within(clauses, *samples));
                *unheard = audio_end_ms < HEARD_MS;
                Ok(())
            }
            Some(_) => Err("the item holds no audio of the model"),
            None => Err("there is no such item"),
        }
    }

    /// Whether the reply was heard; one that is gone was not.
    pub fn was_heard(&self, id: &ItemId) -> bool {
        self.entry(id)
            .is_some_and(|entry| !matches!(entry.line, Line::Receptionist { unheard: true, .. }))
    }

    /// The conversation as the caller heard it, oldest line first.
    pub fn heard(&self) -> impl Iterator<Item = HeardLine<'_>> {
        self.entries.iter().filter_map(|entry| {
            Some(match &entry.line {
                Line::Caller { text, .. } => HeardLine::Caller(text.as_deref().unwrap_or_default()),
                Line::Receptionist { text, heard, .. } => HeardLine::Receptionist {
                    text: heard.as_ref().unwrap_or(text),
                    interrupted: heard.is_some() || entry.status == ItemStatus::Incomplete,
                },
                Line::Note(text) => HeardLine::Note(text),
                Line::Call {
                    name,
                    arguments,
                    call_id,
                } => HeardLine::Call {
                    id: call_id.as_str(),
                    name,
                    arguments,
                },
                Line::Output { call_id, output } => HeardLine::Outcome {
                    id: call_id.as_str(),
                    output,
                },
                Line::Silence | Line::Other(_) => return None,
            })
        })
    }

    /// Whether words of the caller are still being written down.
    pub fn awaits_words(&self) -> bool {
        self.entries
            .iter()
            .any(|entry| !entry.taken && matches!(entry.line, Line::Caller { text: None, .. }))
    }

    /// Hands everything new to the dialogue: what was answered before is recalled, what is open is returned.
    pub fn take_pending(&mut self, dialogue: &mut dyn Dialogue, now: Timestamp) -> Pending {
        let answered =
            |entry: &Entry| !entry.taken && matches!(entry.line, Line::Receptionist { .. } | Line::Call { .. });
        let past = self.entries.iter().rposition(answered).map_or(0, |at| at + 1);
        let mut pending = Pending::default();
        for at in 0..self.entries.len() {
            let Some(entry) = self.entries.get(at).filter(|entry| !entry.taken) else {
                continue;
            };
            match &entry.line {
                Line::Caller { text, confidence, .. } => {
                    let words = text.as_deref().unwrap_or_default();
                    if at < past {
                        dialogue.recall(PastLine::Caller(words), now);
                    } else {
                        pending.caller = Some(match pending.caller.take() {
                            Some((before, least)) => (format!("{before} {words}"), least.min(*confidence)),
                            None => (words.to_owned(), *confidence),
                        });
                    }
                }
                Line::Receptionist { text, .. } => dialogue.recall(PastLine::Receptionist(text), now),
                Line::Note(text) => dialogue.recall(PastLine::Note(text), now),
                Line::Call { name, arguments, .. } => dialogue.recall(PastLine::Call(name, arguments), now),
                Line::Output { call_id, output } => {
                    if let Some((name, arguments)) = self.own_call(call_id) {
                        pending.outcomes.push((name, arguments, output.clone()));
                    }
                }
                Line::Silence | Line::Other(_) => {}
            }
            if let Some(entry) = self.entries.get_mut(at) {
                entry.taken = true;
            }
        }
        pending
    }

    /// A call that the engine made in this session; outputs of replayed calls were told long ago.
    fn own_call(&self, wanted: &ToolCallId) -> Option<(String, String)> {
        self.entries
            .iter()
            .filter(|entry| entry.own)
            .find_map(|entry| match &entry.line {
                Line::Call {
                    name,
                    arguments,
                    call_id,
                } if call_id == wanted => Some((name.clone(), arguments.clone())),
                _ => None,
            })
    }
}

/// The words of the first `samples` of a reply.
fn heard_within(clauses: &[(SpokenClause, u64)], samples: u64) -> String {
    let mut left = samples;
    let mut heard = String::new();
    for (clause, length) in clauses {
        heard.push_str(clause.heard(usize::try_from(left).unwrap_or(usize::MAX)));
        if left < *length {
            break;
        }
        left -= length;
    }
    heard
}

fn line_of(item: Item) -> Result<Line, ItemRefused> {
    let bounded = |text: String| {
        if text.chars().count() > MAX_ITEM_CHARACTERS {
            Err(ItemRefused::TooLong)
        } else {
            Ok(text)
        }
    };
    let named = |name: &str| {
        if name.len() > MAX_NAME_BYTES {
            Err(ItemRefused::TooLong)
        } else {
            Ok(())
        }
    };
    match &item {
        Item::FunctionCall(call) => {
            named(&call.name)?;
            named(call.call_id.as_ref().map_or("", ToolCallId::as_str))?;
        }
        Item::FunctionCallOutput(output) => named(output.call_id.as_str())?,
        // What is not read is kept as it came.
        Item::Reference(_) | Item::Message(_) => {}
        other => drop(bounded(serde_json::to_string(other).unwrap_or_default())?),
    }
    Ok(match item {
        Item::Message(message) => {
            let text = bounded(
                message
                    .content
                    .iter()
                    .filter_map(ContentPart::text)
                    .collect::<Vec<_>>()
                    .join(" "),
            )?;
            match message.role {
                Role::User => Line::Caller {
                    text: Some(text),
                    confidence: 1.0,
                    spoken: false,
                },
                Role::Assistant
                    if message
                        .content
                        .iter()
                        .any(|part| matches!(part, ContentPart::OutputAudio { .. })) =>
                {
                    return Err(ItemRefused::NotCreatable);
                }
                Role::Assistant => Line::Receptionist {
                    text,
                    spoken: false,
                    samples: 0,
                    unheard: false,
                    clauses: Vec::new(),
                    heard: None,
                },
                _ => Line::Note(text),
            }
        }
        Item::FunctionCall(call) => Line::Call {
            name: call.name,
            arguments: bounded(call.arguments)?,
            call_id: call.call_id.unwrap_or_else(super::ids::call_id),
        },
        Item::FunctionCallOutput(output) => Line::Output {
            call_id: output.call_id,
            output: bounded(output.output)?,
        },
        other => Line::Other(other),
    })
}

impl Entry {
    fn untaken(&self) -> Self {
        Self {
            taken: false,
            ..self.clone()
        }
    }

    /// The item as it travels.
    pub fn item(&self) -> Item {
        let (id, status) = (Some(self.id.clone()), Some(self.status.clone()));
        let message = |role, part| {
            Item::Message(Message {
                id: id.clone(),
                status: status.clone(),
                role,
                content: vec![part],
            })
        };
        match &self.line {
            Line::Caller { text, spoken: true, .. } => message(
                Role::User,
                ContentPart::InputAudio {
                    audio: None,
                    transcript: text.clone(),
                },
            ),
            Line::Silence => message(
                Role::User,
                ContentPart::InputAudio {
                    audio: None,
                    transcript: Some(String::new()),
                },
            ),
            Line::Caller { text, .. } => message(
                Role::User,
                ContentPart::InputText {
                    text: text.clone().unwrap_or_default(),
                },
            ),
            Line::Receptionist { text, spoken: true, .. } => message(
                Role::Assistant,
                ContentPart::OutputAudio {
                    audio: None,
                    transcript: Some(text.clone()),
                },
            ),
            Line::Receptionist { text, .. } => message(Role::Assistant, ContentPart::OutputText { text: text.clone() }),
            Line::Note(text) => message(Role::System, ContentPart::InputText { text: text.clone() }),
            Line::Call {
                name,
                arguments,
                call_id,
            } => Item::FunctionCall(FunctionCall {
                id,
                status,
                call_id: Some(call_id.clone()),
                name: name.clone(),
                arguments: arguments.clone(),
            }),
            Line::Output { call_id, output } => Item::FunctionCallOutput(FunctionCallOutput {
                id,
                status,
                call_id: call_id.clone(),
                output: output.clone(),
            }),
            Line::Other(item) => item.clone(),
        }
    }
}
