//! Random inputs: few ids, so that they collide; every kind of event, in any order.

use std::time::Duration;

use frontdesk_protocol::ServerEvent;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::event::MicrophoneState;
use crate::identity::{ItemId, ToolCallId};
use crate::leg::{Heard, LegEvent};
use crate::machine::Command;
use crate::problem::{Problem, ProblemKind};

/// One random thing that happens.
#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "as large as a leg's event")]
pub(super) enum Action {
    /// The backend says this on the current connection.
    Server(Box<ServerEvent>),
    /// The leg says this.
    Leg(LegEvent),
    /// Somebody asks for this.
    Command(Command),
    /// The socket opens and the session is configured without a fault.
    Connect,
    /// The socket cannot be opened.
    ConnectFails,
    /// The connection breaks; whether another may help.
    Disconnect(bool),
    /// A tool gives its result; whether it asks to end the call.
    ToolResult(ToolCallId, bool),
    /// So many frames of the caller arrive.
    Frames(u8),
    /// Time passes, or, when `None`, jumps to the machine's next deadline.
    Wait(Option<Duration>),
}

/// Any action. `longest_wait_ms` bounds the waits; jumps to deadlines happen only when `jumps`.
pub(super) fn action(longest_wait_ms: u64, jumps: bool) -> impl Strategy<Value = Action> {
    let wait = (0..=longest_wait_ms).prop_map(|ms| Action::Wait(Some(Duration::from_millis(ms))));
    let jump = if jumps {
        Just(Action::Wait(None)).boxed()
    } else {
        Just(Action::Frames(5)).boxed()
    };
    prop_oneof![
        12 => server_event().prop_map(|event| Action::Server(Box::new(event))),
        4 => leg_event().prop_map(Action::Leg),
        2 => command().prop_map(Action::Command),
        3 => Just(Action::Connect),
        1 => Just(Action::ConnectFails),
        1 => prop::bool::weighted(0.8).prop_map(Action::Disconnect),
        2 => (tool_call_id(), prop::bool::weighted(0.1)).prop_map(|(id, ends)| Action::ToolResult(id, ends)),
        2 => (0_u8..20).prop_map(Action::Frames),
        3 => wait,
        1 => jump,
    ]
}

fn tool_call_id() -> impl Strategy<Value = ToolCallId> {
    (0..4).prop_map(|number| ToolCallId::new(format!("tool{number}")))
}

fn named(kind: &'static str, count: u8) -> impl Strategy<Value = String> {
    (0..count).prop_map(move |number| format!("{kind}{number}"))
}

fn command() -> impl Strategy<Value = Command> {
    prop_oneof![
        Just(Command::SendText("What are your hours?".into())),
        Just(Command::SendText("  ".into())),
        any::<bool>().prop_map(Command::SetMuted),
        any::<bool>().prop_map(|down| Command::PushToTalk { down }),
        Just(Command::Interrupt),
    ]
}

fn leg_event() -> impl Strategy<Value = LegEvent> {
    let item = || named("reply", 4).prop_map(ItemId::from);
    let samples = 0_u64..20_000;
    let heard = (item(), samples.clone()).prop_map(|(item, samples)| Heard { item, samples });
    prop_oneof![
        6 => (item(), samples).prop_map(|(item, samples)| LegEvent::Played { item, samples }),
        4 => item().prop_map(|item| LegEvent::Finished { item }),
        3 => prop::collection::vec(heard, 0..3).prop_map(|heard| LegEvent::Flushed { heard }),
        1 => Just(LegEvent::Microphone(MicrophoneState::Live)),
        1 => Just(LegEvent::Warning(Problem::new(ProblemKind::DeviceLost, "The microphone was unplugged."))),
    ]
}

fn server_event() -> impl Strategy<Value = ServerEvent> {
    event_json().prop_map(|json| ServerEvent::parse(&json.to_string()).expect("the generator writes valid events"))
}

fn event_json() -> impl Strategy<Value = Value> {
    (0..21_u8, named("caller", 4), named("reply", 4), named("response", 3), named("tool", 4), any::<[u8; 3]>()).prop_map(
        |(kind, caller, reply, response, tool, [odd, size, pick])| {
            let previous = if odd % 2 == 0 { Value::Null } else { json!(if odd % 4 == 1 { &reply } else { &caller }) };
            match kind {
                0 => json!({"type": "input_audio_buffer.speech_started", "item_id": caller, "audio_start_ms": size}),
                1 => json!({"type": "input_audio_buffer.speech_stopped", "item_id": caller, "audio_end_ms": size}),
                2 => json!({"type": "input_audio_buffer.committed", "item_id": caller, "previous_item_id": previous}),
                3 => json!({"type": "conversation.item.input_audio_transcription.delta", "item_id": caller, "delta": "hel"}),
                4 => json!({"type": "conversation.item.input_audio_transcription.completed", "item_id": caller, "transcript": "hello"}),
                5 => json!({"type": "conversation.item.input_audio_transcription.failed", "item_id": caller}),
                6 => json!({"type": "response.created", "response": {"id": response, "status": "in_progress"}}),
                7 | 8 => {
                    let status = ["completed", "cancelled", "failed", "incomplete"][usize::from(pick % 4)];
                    let details = json!({"error": {"code": "server_error"}});
                    json!({"type": "response.done", "response": {"id": response, "status": status, "status_details": details}})
                }
                9..=11 => {
                    let audio = frontdesk_protocol::encode_pcm16(&vec![1; usize::from(size) * 40]);
                    json!({"type": "response.output_audio.delta", "response_id": response, "item_id": reply, "delta": audio})
                }
                12 | 13 => {
                    json!({"type": "response.output_audio_transcript.delta", "response_id": response, "item_id": reply, "delta": "so many words "})
                }
                14 => {
                    json!({"type": "response.output_audio_transcript.done", "response_id": response, "item_id": reply, "transcript": "so many words"})
                }
                15 => {
                    let item = json!({"type": "message", "id": reply, "role": "assistant", "status": "completed"});
                    json!({"type": "response.output_item.done", "response_id": response, "item": item})
                }
                16 | 17 => {
                    let name = if odd % 5 == 0 { "unknownTool" } else { "knownTool" };
                    let item = json!({"type": "function_call", "id": format!("call-{tool}"), "call_id": tool, "name": name,
                        "arguments": "{", "status": "completed"});
                    json!({"type": "response.output_item.done", "response_id": response, "item": item})
                }
                18 => {
                    let item = json!({"type": "message", "id": reply, "role": "assistant", "content": []});
                    json!({"type": "conversation.item.added", "item": item, "previous_item_id": previous})
                }
                19 => {
                    let codes = ["conversation_already_has_active_response", "response_cancel_not_active", "unknown_parameter",
                        "session_expired"];
                    let id = if odd % 2 == 0 { Value::Null } else { json!(format!("create-{}", size % 6)) };
                    json!({"type": "error", "error": {"code": codes[usize::from(pick % 4)], "event_id": id}})
                }
                _ => json!({"type": "session.updated", "session": {}}),
            }
        },
    )
}
