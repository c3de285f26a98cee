//! Reading a client's message strictly: what the protocol does not know is refused by its path and not overlooked, so that a developer who
//! tries a client here learns of a mistake here. Pure, runs on the connection's task.
//!
//! The types of `frontdesk_protocol` are tolerant, because they also read what other servers send; so the members are looked at beside them,
//! in the two events that carry settings. Audio, which comes fifty times a second, is read once.

use frontdesk_protocol::{ClientEvent, ErrorCode, ErrorDetail, EventId};
use serde_json::Value;

use super::limits::MAX_OTHER_EVENT_BYTES;
use super::session::complaint;

/// Longest `event_id` that is repeated in an error, in characters, as the protocol bounds it.
const LONGEST_EVENT_ID: usize = 512;

/// Which members may stand at a place.
enum Members {
    /// Whatever its type accepts.
    Any,
    /// An object with these members; where another kind of value stands, its type decides.
    Object(&'static [(&'static str, Members)]),
    /// A list whose elements are all like this; or one such value alone.
    List(&'static Members),
    /// An object whose member `type` decides.
    ByType(&'static [(&'static str, Members)]),
}

use Members::{Any, ByType, List, Object};

const FORMAT: Members = Object(&[("type", Any), ("rate", Any)]);

const TURN_DETECTION: Members = ByType(&[
    (
        "server_vad",
        Object(&[
            ("type", Any),
            ("threshold", Any),
            ("prefix_padding_ms", Any),
            ("silence_duration_ms", Any),
            ("create_response", Any),
            ("interrupt_response", Any),
            ("idle_timeout_ms", Any),
        ]),
    ),
    (
        "semantic_vad",
        Object(&[
            ("type", Any),
            ("eagerness", Any),
            ("create_response", Any),
            ("interrupt_response", Any),
        ]),
    ),
]);

const TRANSCRIPTION: Members = Object(&[
    ("model", Any),
    ("language", Any),
    ("languages", Any),
    ("prompt", Any),
    ("keywords", Any),
    ("delay", Any),
]);

const TOOLS: Members = List(&ByType(&[(
    "function",
    Object(&[("type", Any), ("name", Any), ("description", Any), ("parameters", Any)]),
)]));

const SESSION: Members = Object(&[
    ("type", Any),
    ("model", Any),
    ("output_modalities", Any),
    ("instructions", Any),
    (
        "audio",
        Object(&[
            (
                "input",
                Object(&[
                    ("format", FORMAT),
                    ("noise_reduction", Object(&[("type", Any), ("strength", Any)])),
                    ("transcription", TRANSCRIPTION),
                    ("turn_detection", TURN_DETECTION),
                ]),
            ),
            ("output", Object(&[("format", FORMAT), ("voice", Any), ("speed", Any)])),
        ]),
    ),
    ("tools", TOOLS),
    ("tool_choice", Any),
    ("parallel_tool_calls", Any),
    ("reasoning", Object(&[("effort", Any)])),
    ("max_output_tokens", Any),
    ("truncation", Any),
    ("tracing", Any),
    ("prompt", Any),
    ("include", Any),
]);

const RESPONSE: Members = Object(&[
    ("instructions", Any),
    ("output_modalities", Any),
    (
        "audio",
        Object(&[("output", Object(&[("format", FORMAT), ("voice", Any)]))]),
    ),
    ("tools", TOOLS),
    ("tool_choice", Any),
    ("parallel_tool_calls", Any),
    ("reasoning", Object(&[("effort", Any)])),
    ("max_output_tokens", Any),
    ("conversation", Any),
    ("metadata", Any),
    ("prompt", Any),
    ("input", Any),
]);

const SESSION_UPDATE: Members = Object(&[("type", Any), ("event_id", Any), ("session", SESSION)]);
const RESPONSE_CREATE: Members = Object(&[("type", Any), ("event_id", Any), ("response", RESPONSE)]);

/// Reads one message of a client.
///
/// # Errors
/// What is answered: with the id of the event, where one can be read.
pub(super) fn client_event(text: &str) -> Result<ClientEvent, ErrorDetail> {
    let event = ClientEvent::parse(text).map_err(|error| ErrorDetail {
        event_id: id_of(text),
        ..complaint(ErrorCode::InvalidEvent, &error.to_string())
    })?;
    if event.event_id().is_some_and(|id| !is_repeatable(id)) {
        let message = "event_id has at most 512 characters";
        return Err(complaint(ErrorCode::InvalidEvent, message));
    }
    if text.len() > MAX_OTHER_EVENT_BYTES && !matches!(event, ClientEvent::InputAudioAppend(_)) {
        return Err(ErrorDetail {
            event_id: event.event_id().cloned(),
            ..complaint(ErrorCode::InvalidEvent, "an event without audio holds at most 1 MiB")
        });
    }
    let members = match &event {
        ClientEvent::SessionUpdate(_) => &SESSION_UPDATE,
        ClientEvent::ResponseCreate(_) => &RESPONSE_CREATE,
        _ => return Ok(event),
    };
    // The text has just been read once, so it is JSON.
    let value: Value = serde_json::from_str(text).unwrap_or_default();
    match unknown(&value, members) {
        None => Ok(event),
        Some(path) => Err(ErrorDetail {
            event_id: event.event_id().cloned(),
            param: Some(path.clone()),
            ..complaint(ErrorCode::UnknownParameter, &format!("unknown parameter: '{path}'"))
        }),
    }
}

/// The client's own id of an event that is otherwise unreadable.
fn id_of(text: &str) -> Option<EventId> {
    let value: Value = serde_json::from_str(text).ok()?;
    let id = value.get("event_id")?.as_str()?;
    Some(EventId::from(id.to_owned())).filter(is_repeatable)
}

fn is_repeatable(id: &EventId) -> bool {
    id.as_str().chars().count() <= LONGEST_EVENT_ID
}

/// The path of the first member that is not known.
fn unknown(value: &Value, members: &Members) -> Option<String> {
    match members {
        Any => None,
        Object(known) => value.as_object()?.iter().find_map(|(name, value)| {
            let Some((_, members)) = known.iter().find(|(own, _)| own == name) else {
                return Some(name.clone());
            };
            unknown(value, members).map(|rest| joined(name, &rest))
        }),
        List(members) => {
            let elements = value.as_array()?.iter().enumerate();
            elements
                .filter_map(|(at, value)| unknown(value, members).map(|rest| joined(&format!("[{at}]"), &rest)))
                .next()
        }
        ByType(kinds) => {
            let kind = value.get("type")?.as_str()?;
            let (_, members) = kinds.iter().find(|(own, _)| *own == kind)?;
            unknown(value, members)
        }
    }
}

/// `session` and `tools` are `session.tools`; `tools` and `[2].meta` are `tools[2].meta`.
fn joined(name: &str, rest: &str) -> String {
    if rest.starts_with('[') {
        format!("{name}{rest}")
    } else {
        format!("{name}.{rest}")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn refused_member(text: &str) -> Option<String> {
        client_event(text).err().and_then(|error| error.param)
    }

    #[test]
    fn a_member_that_the_protocol_does_not_know_is_refused_by_its_path() {
        for (session, path) in [
            (r#"{"type":"realtime","temperature":0.8}"#, "session.temperature"),
            (r#"{"type":"realtime","voice":"alloy"}"#, "session.voice"),
            (
                r#"{"type":"realtime","audio":{"input":{"turn_detection":{"type":"server_vad","eagerness":"low"}}}}"#,
                "session.audio.input.turn_detection.eagerness",
            ),
            (
                r#"{"type":"realtime","tools":[{"type":"function","name":"a"},{"type":"function","name":"b","strict":true}]}"#,
                "session.tools[1].strict",
            ),
        ] {
            let text = format!(r#"{{"type":"session.update","session":{session}}}"#);
            assert_eq!(refused_member(&text).as_deref(), Some(path), "{session}");
        }
        assert_eq!(
            refused_member(r#"{"type":"response.create","response":{"audio":{"output":{"speed":1}}}}"#).as_deref(),
            Some("response.audio.output.speed")
        );
        assert_eq!(
            refused_member(r#"{"type":"response.create","respons":{}}"#).as_deref(),
            Some("respons")
        );
    }

    #[test]
    fn every_member_that_the_protocol_knows_is_read() {
        let text = r#"{"type":"session.update","event_id":"e","session":{"type":"realtime","model":"gpt-realtime","output_modalities":["audio"],
            "instructions":"x","audio":{"input":{"format":{"type":"audio/pcm","rate":24000},"noise_reduction":{"type":"near_field"},
            "transcription":{"model":"whisper-1","language":"en"},"turn_detection":{"type":"server_vad","threshold":0.5,"idle_timeout_ms":6000}},
            "output":{"format":{"type":"audio/pcm","rate":24000},"voice":"marin","speed":1.0}},"tools":[{"type":"function","name":"a",
            "description":"b","parameters":{"anything":true}}],"tool_choice":"auto","max_output_tokens":"inf","truncation":"auto",
            "tracing":null,"prompt":null,"include":[]}}"#;
        assert!(client_event(text).is_ok());
        let text = r#"{"type":"response.create","response":{"conversation":"none","metadata":{"a":"b"},"input":[],"output_modalities":["text"]}}"#;
        assert!(client_event(text).is_ok());
    }

    #[test]
    fn the_id_of_an_unreadable_event_is_repeated() {
        let error = client_event(r#"{"type":"conversation.item.truncate","event_id":"mine"}"#).unwrap_err();
        assert_eq!(error.event_id, Some(EventId::from("mine".to_owned())));
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in r#"[{}\[\]",:a-z0-9]{0,60}"#) {
            let _read_or_refused = client_event(&text);
        }

        #[test]
        fn one_strange_member_anywhere_in_the_session_is_found(depth in 0_usize..4) {
            let places = ["/session", "/session/audio", "/session/audio/input", "/session/audio/output"];
            let mut value: Value = serde_json::json!({
                "type": "session.update",
                "session": { "type": "realtime", "audio": { "input": {}, "output": {} } },
            });
            let place = places[depth];
            value.pointer_mut(place).unwrap()["strange"] = 1.into();
            let path = format!("{}.strange", place.trim_start_matches('/').replace('/', "."));
            prop_assert_eq!(refused_member(&value.to_string()), Some(path));
        }
    }
}
