//! Every number that bounds something in the server, with its reason.

use std::time::Duration;

/// Connections at a time. Each holds two threads; the models are shared.
pub const MAX_CONNECTIONS: usize = 100;

/// Most audio of one append, in bytes, as in the protocol: five minutes at once.
pub const MAX_APPEND_BYTES: usize = 15 * 1024 * 1024;

/// Largest message of a client: the largest append in Base64, and what stands around it.
pub const MAX_MESSAGE_BYTES: usize = frontdesk_protocol::MAX_EVENT_BYTES;

/// Largest event of a client that is no append. A long conversation's items come one by one.
pub(crate) const MAX_OTHER_EVENT_BYTES: usize = 1024 * 1024;

/// Longest id or name in an item, in bytes; the protocol's own are far shorter.
pub(crate) const MAX_NAME_BYTES: usize = 512;

/// Longest time for the opening handshake.
pub(crate) const HANDSHAKE_DEADLINE: Duration = Duration::from_secs(10);

/// Longest time for one message to leave; a client that does not read for so long is gone.
pub(crate) const WRITE_DEADLINE: Duration = Duration::from_secs(30);

/// How long what a client still sends is taken in after the close, so that it can read why the connection closes.
pub(crate) const FAREWELL: Duration = Duration::from_secs(2);

/// A client that sends nothing at all for so long is gone: a live one sends audio or pings.
pub(crate) const IDLE_LIMIT: Duration = Duration::from_secs(10 * 60);

/// Length of a session at the provider.
pub const SESSION_LIMIT: Duration = Duration::from_secs(60 * 60);

/// Pause after a failed accept.
pub(crate) const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Commands that may wait for the ear thread. When it is full the socket is not read, so the client waits: audio is never dropped here.
pub(crate) const EAR_CAPACITY: usize = 64;

/// Replies that may wait for the mouth thread. A later reply replaces one that still waits outside.
pub(crate) const MOUTH_CAPACITY: usize = 1;

/// Events of both threads that may wait for the connection. When it is full the threads wait.
pub(crate) const WORKER_EVENT_CAPACITY: usize = 64;

/// Longest audio of one turn that is recognised, in ms; what was said before is dropped.
pub(crate) const LONGEST_TURN_MS: u64 = 60_000;

/// Silence in ms after which recognition starts on trial, to be ready when the turn ends.
pub(crate) const TRIAL_SILENCE_MS: u64 = 200;

/// Share of the usual silence, in hundredths, that ends a turn whose words are all that was asked for.
pub(crate) const SILENCE_AFTER_ALL: u32 = 60;

/// Silence in ms beside the usual one after words that more may follow: the longest breath between two letters or groups of digits.
pub(crate) const SILENCE_WHILE_PAUSING_MS: u32 = 700;

/// Silence in ms beside the usual one after words that more must follow: people look a number up, or look for a word.
pub(crate) const SILENCE_WHILE_UNFINISHED_MS: u32 = 1_500;

/// Length of a turn in ms at which it is read for the first time while it goes on, and the least it must grow before it is read again.
pub(crate) const FIRST_PARTIAL_MS: u64 = 800;

/// A turn is read again when it has grown by one part in so many.
pub(crate) const PARTIAL_GROWTH: u64 = 2;

/// Commands that may wait while an open turn is read: an ear that lags behind listens first.
pub(crate) const PARTIAL_BACKLOG: usize = 8;

/// How long a reply is still heard after its last sample should have been played, in ms: what the client buffers, and the echo of a room.
pub(crate) const REPLY_TAIL_MS: u64 = 500;

/// Shortest audio that can be committed by hand, in ms, as at the provider.
pub(crate) const SHORTEST_COMMIT_MS: u64 = 100;

/// Answers out of band in writing that may wait for a model at a time; each is a request of its own.
pub(crate) const MAX_BESIDES: usize = 4;

/// How long a model may be silent before the caller hears that it takes a moment.
pub(crate) const MODEL_SILENCE: Duration = Duration::from_millis(1_800);

/// Items of a conversation; the oldest are forgotten.
pub(crate) const MAX_ITEMS: usize = 1_000;

/// Longest text of one item, in characters.
pub(crate) const MAX_ITEM_CHARACTERS: usize = 32_768;

/// Heard part of a reply, in ms, below which it counts as not heard.
pub(crate) const HEARD_MS: u64 = 400;
