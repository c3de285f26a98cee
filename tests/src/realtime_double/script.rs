//! What a double is to do: replies, caller turns and faults, in the order they are given.
//!
//! Pure data.

use std::time::Duration;

use frontdesk_protocol::ErrorDetail;

/// The plan of one connection. The default one greets every client, takes any key, and answers nothing until replies are added.
#[derive(Clone, Debug, Default)]
pub struct Script {
    pub(crate) key: Option<String>,
    pub(crate) refusal: Option<(u16, String)>,
    pub(crate) replies: Vec<Reply>,
    pub(crate) turns: Vec<CallerTurn>,
    pub(crate) faults: Vec<(When, Action)>,
}

impl Script {
    /// A well-behaved server.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes only this key, as bearer or as `api-key`; others get HTTP 401 as OpenAI writes it.
    #[must_use]
    pub fn requiring_key(mut self, key: &str) -> Self {
        self.key = Some(key.to_owned());
        self
    }

    /// Answers the handshake with an HTTP status and a body in place of an upgrade.
    #[must_use]
    pub fn refusing(mut self, status: u16, body: &str) -> Self {
        self.refusal = Some((status, body.to_owned()));
        self
    }

    /// Answers the next response with this; a response without a reply left is empty and completes at once.
    #[must_use]
    pub fn replying(mut self, reply: Reply) -> Self {
        self.replies.push(reply);
        self
    }

    /// Hears this in the appended audio.
    #[must_use]
    pub fn hearing(mut self, turn: CallerTurn) -> Self {
        self.turns.push(turn);
        self
    }

    /// Does this once when that happens.
    #[must_use]
    pub fn with(mut self, when: When, action: Action) -> Self {
        self.faults.push((when, action));
        self
    }
}

/// One answer of the model.
#[derive(Clone, Debug)]
pub struct Reply {
    pub(crate) outputs: Vec<Output>,
    pub(crate) pace: Duration,
    pub(crate) ending: Ending,
}

impl Reply {
    /// A reply of several items, in order.
    pub fn new(outputs: impl IntoIterator<Item = Output>) -> Self {
        Self {
            outputs: outputs.into_iter().collect(),
            pace: Duration::ZERO,
            ending: Ending::Completed,
        }
    }

    /// Spoken words: the transcript over a tone of this length.
    pub fn speech(transcript: &str, milliseconds: u64) -> Self {
        Self::new([Output::Speech {
            transcript: transcript.to_owned(),
            milliseconds,
        }])
    }

    /// Written words.
    pub fn text(text: &str) -> Self {
        Self::new([Output::Text(text.to_owned())])
    }

    /// One function call.
    pub fn call(name: &str, arguments: &str) -> Self {
        Self::new([Output::FunctionCall {
            name: name.to_owned(),
            arguments: arguments.to_owned(),
        }])
    }

    /// A response that fails, with quota and rate limits reported as OpenAI does it: in `response.done`.
    pub fn failing(error: ErrorDetail) -> Self {
        Self {
            outputs: Vec::new(),
            pace: Duration::ZERO,
            ending: Ending::Failed(error),
        }
    }

    /// Waits this long before each delta; by default all come at once, faster than they play.
    #[must_use]
    pub fn paced(mut self, pace: Duration) -> Self {
        self.pace = pace;
        self
    }

    /// Ends in another way than completed.
    #[must_use]
    pub fn ending(mut self, ending: Ending) -> Self {
        self.ending = ending;
        self
    }
}

/// One item of a reply.
#[derive(Clone, Debug)]
pub enum Output {
    /// Speech with its transcript.
    Speech {
        /// The words.
        transcript: String,
        /// Length of the tone.
        milliseconds: u64,
    },
    /// Text.
    Text(String),
    /// A function call.
    FunctionCall {
        /// The function.
        name: String,
        /// JSON text, right or wrong.
        arguments: String,
    },
}

/// How a reply ends.
#[derive(Clone, Debug)]
pub enum Ending {
    /// All of it came.
    Completed,
    /// The limit of output tokens.
    Incomplete,
    /// The server's fault, quota or rate.
    Failed(ErrorDetail),
}

/// A turn that the double hears in the appended audio.
#[derive(Clone, Debug)]
pub struct CallerTurn {
    /// Appended audio, in milliseconds since the connection began, at which speech starts.
    pub starts_at_ms: u64,
    /// Appended audio at which it ends.
    pub ends_at_ms: u64,
    /// What the transcription understands.
    pub transcript: String,
    /// When the transcript arrives.
    pub timing: TranscriptTiming,
}

/// When the transcript of a turn arrives; real servers do all of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TranscriptTiming {
    /// Before the response begins.
    Early,
    /// After the response is done.
    Late,
    /// It fails.
    Failed,
    /// It never comes.
    Never,
}

/// When a fault happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// After the upgrade, before `session.created`.
    Accepted,
    /// Before the next event of this type is sent; the event follows unless the action ends the connection.
    Before(&'static str),
    /// After the next event of this type was sent.
    After(&'static str),
    /// In place of handling the next client event of this type.
    Received(&'static str),
}

/// What a fault does.
#[derive(Clone, Debug)]
pub enum Action {
    /// Sends a close frame, then ends.
    Close(u16, String),
    /// Sends a close frame without a code, then ends.
    CloseWithoutCode,
    /// Drops the connection without a close frame.
    Vanish,
    /// Reads and writes nothing more, not even pongs, and keeps the connection open.
    FallSilent,
    /// Writes a text frame as it is: malformed JSON, unknown events, anything.
    SendText(String),
    /// Writes a binary frame, which the protocol does not have.
    SendBinary(Vec<u8>),
    /// Sends an `error` event.
    Complain(ErrorDetail),
    /// Waits before going on.
    Pause(Duration),
}

impl Action {
    /// A close frame with a code and a reason.
    pub fn close(code: u16, reason: &str) -> Self {
        Self::Close(code, reason.to_owned())
    }

    /// An `error` event with a type and a code.
    pub fn complain(kind: &str, code: &str) -> Self {
        Self::Complain(error(kind, code))
    }
}

/// An error object as servers write it.
pub fn error(kind: &str, code: &str) -> ErrorDetail {
    ErrorDetail {
        kind: Some(kind.to_owned()),
        code: Some(code.into()),
        message: format!("The double complains: {code}."),
        ..ErrorDetail::default()
    }
}
