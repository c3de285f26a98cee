//! What goes into the machine and what comes out. Pure data.

use std::time::Duration;

use frontdesk_protocol::{ClientEvent, ServerEvent};

use crate::call_view::CallReport;
use crate::event::CallEventBody;
use crate::identity::{ItemId, ToolCallId};
use crate::leg::LegEvent;
use crate::problem::Problem;
use crate::tool::ToolResult;
use crate::voice_model::CloseReason;

/// What a person or program may ask of a running call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Hang up now.
    EndCall,
    /// Say something by keyboard. Interrupts the receptionist; blank text is ignored.
    SendText(String),
    /// Switch the caller's microphone off or on.
    SetMuted(bool),
    /// The push-to-talk key went down or up. Ignored where voice activity takes turns.
    PushToTalk {
        /// Down or up.
        down: bool,
    },
    /// Silence the receptionist.
    Interrupt,
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq)]
#[expect(
    clippy::large_enum_variant,
    reason = "as large as a leg's event, which is passed on without a box"
)]
pub(crate) enum Input {
    /// A connection is open.
    Connected {
        /// Which one.
        connection: u32,
    },
    /// A connection could not be opened.
    ConnectFailed {
        /// Which one.
        connection: u32,
        /// Why.
        problem: Problem,
    },
    /// The backend said something.
    Model {
        /// On which connection.
        connection: u32,
        /// What.
        event: Box<ServerEvent>,
    },
    /// A connection is gone.
    Disconnected {
        /// Which one.
        connection: u32,
        /// Why.
        reason: CloseReason,
    },
    /// The leg said something; frames take the shorter way, [`super::Machine::route_frame`].
    Leg(LegEvent),
    /// The leg closed its events.
    LegGone,
    /// A command.
    Command(Command),
    /// A tool gave its result.
    ToolFinished {
        /// Which call.
        tool_call_id: ToolCallId,
        /// What it gave.
        result: ToolResult,
    },
    /// A tool tells what it does.
    Report(CallReport),
    /// A deadline may have passed.
    Tick,
}

/// One thing to carry out.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Effect {
    /// Show and keep an event.
    Emit(CallEventBody),
    /// Open a connection.
    Connect {
        /// Its number.
        connection: u32,
        /// Wait before.
        after: Duration,
    },
    /// Close the connection.
    Disconnect,
    /// Tell the backend.
    Send(ClientEvent),
    /// Send the audio that was held while there was no connection.
    ReleaseAudio,
    /// Forget that audio.
    DropAudio,
    /// Begin to take frames.
    OpenLeg,
    /// Play audio of an item.
    Play {
        /// The item.
        item: ItemId,
        /// Samples at [`crate::frame::SAMPLE_RATE`].
        samples: Vec<i16>,
    },
    /// No more audio of an item comes.
    FinishPlaying(ItemId),
    /// Silence playback now.
    Flush,
    /// The mute switch.
    SetMuted(bool),
    /// A reply is expected or plays.
    SetBusy(bool),
    /// Run a tool.
    RunTool {
        /// The model's id of the call.
        tool_call_id: ToolCallId,
        /// Which tool.
        name: String,
        /// Arguments as the model gave them.
        arguments: String,
    },
    /// The call is over: cancel tools, close the leg, stop.
    Stop,
}

/// Where a frame of the caller goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FrameRoute {
    /// To the backend.
    Send,
    /// Kept until there is a connection.
    Hold,
    /// Nowhere.
    Drop,
}
