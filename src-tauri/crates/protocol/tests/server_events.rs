//! What a server may write, as raw JSON, against the types: every GA event, the beta's names, and the habits of other servers.

use frontdesk_protocol::*;
use serde_json::{Value, json};

/// One message of each GA type, with the members that OpenAI documents.
fn fixtures() -> Vec<Value> {
    let at = json!({"response_id": "resp_1", "item_id": "item_2", "output_index": 0, "content_index": 0});
    let message = json!({"type": "message", "id": "item_2", "status": "completed", "role": "assistant",
        "content": [{"type": "output_audio", "transcript": "We open at eight."}]});
    let call = json!({"type": "function_call", "id": "item_3", "status": "completed", "call_id": "call_1",
        "name": "checkOpeningHours", "arguments": "{}"});
    let session = json!({"type": "realtime", "id": "sess_1", "object": "realtime.session", "expires_at": 1_800_000_000,
        "model": "gpt-realtime-2.1", "output_modalities": ["audio"], "instructions": "Be brief.", "tools": [], "tool_choice": "auto",
        "max_output_tokens": "inf", "truncation": "auto", "tracing": null,
        "audio": {"input": {"format": {"type": "audio/pcm", "rate": 24000}, "noise_reduction": null, "transcription": null,
            "turn_detection": {"type": "server_vad", "threshold": 0.5, "prefix_padding_ms": 300, "silence_duration_ms": 200,
                "create_response": true, "interrupt_response": true}},
            "output": {"format": {"type": "audio/pcm", "rate": 24000}, "voice": "marin", "speed": 1.0}}});
    let response = json!({"id": "resp_1", "object": "realtime.response", "status": "completed", "output": [message, call],
        "conversation_id": "conv_1", "output_modalities": ["audio"], "max_output_tokens": 4096, "metadata": {"purpose": "summary"},
        "audio": {"output": {"format": {"type": "audio/pcm", "rate": 24000}, "voice": "marin"}},
        "usage": {"total_tokens": 30, "input_tokens": 20, "output_tokens": 10,
            "input_token_details": {"text_tokens": 5, "audio_tokens": 15, "image_tokens": 0, "cached_tokens": 2,
                "cached_tokens_details": {"text_tokens": 2, "audio_tokens": 0, "image_tokens": 0}},
            "output_token_details": {"text_tokens": 4, "audio_tokens": 6}}});
    let transcription = "conversation.item.input_audio_transcription";
    vec![
        json!({"type": "error", "error": {"type": "invalid_request_error", "code": "invalid_event", "message": "No.", "param": "session",
            "event_id": "mine"}}),
        json!({"type": "session.created", "session": session}),
        json!({"type": "session.updated", "session": session}),
        json!({"type": "conversation.created", "conversation": {"id": "conv_1"}}),
        json!({"type": "conversation.item.added", "previous_item_id": "item_1", "item": message}),
        json!({"type": "conversation.item.done", "previous_item_id": "item_1", "item": message}),
        json!({"type": "conversation.item.created", "previous_item_id": "item_1", "item": message}),
        json!({"type": "conversation.item.retrieved", "item": {"type": "message", "id": "item_1", "role": "user",
            "content": [{"type": "input_audio", "audio": "AAD//w==", "transcript": "Hello"}]}}),
        json!({"type": "conversation.item.truncated", "item_id": "item_2", "content_index": 0, "audio_end_ms": 1500}),
        json!({"type": "conversation.item.deleted", "item_id": "item_2"}),
        json!({"type": format!("{transcription}.delta"), "item_id": "item_1", "content_index": 0, "delta": "Hel"}),
        json!({"type": format!("{transcription}.completed"), "item_id": "item_1", "content_index": 0, "transcript": "Hello",
            "usage": {"type": "duration", "seconds": 1.5}}),
        json!({"type": format!("{transcription}.failed"), "item_id": "item_1", "content_index": 0,
            "error": {"type": "transcription_error", "code": "audio_unintelligible", "message": "Cannot tell."}}),
        json!({"type": format!("{transcription}.segment"), "id": "seg_1", "item_id": "item_1", "content_index": 0, "text": "Hello",
            "speaker": "A", "start": 0.5, "end": 1.25}),
        json!({"type": "input_audio_buffer.speech_started", "audio_start_ms": 1000, "item_id": "item_1"}),
        json!({"type": "input_audio_buffer.speech_stopped", "audio_end_ms": 2000, "item_id": "item_1"}),
        json!({"type": "input_audio_buffer.committed", "previous_item_id": "item_0", "item_id": "item_1"}),
        json!({"type": "input_audio_buffer.cleared"}),
        json!({"type": "input_audio_buffer.timeout_triggered", "audio_start_ms": 1000, "audio_end_ms": 6000, "item_id": "item_1"}),
        json!({"type": "input_audio_buffer.dtmf_event_received", "event": "9", "received_at": 1_763_000_000}),
        json!({"type": "output_audio_buffer.started", "response_id": "resp_1"}),
        json!({"type": "output_audio_buffer.stopped", "response_id": "resp_1"}),
        json!({"type": "output_audio_buffer.cleared", "response_id": "resp_1"}),
        json!({"type": "response.created", "response": {"id": "resp_1", "status": "in_progress", "output": []}}),
        json!({"type": "response.done", "response": response}),
        json!({"type": "response.output_item.added", "response_id": "resp_1", "output_index": 0, "item": message}),
        json!({"type": "response.output_item.done", "response_id": "resp_1", "output_index": 1, "item": call}),
        with(
            &at,
            json!({"type": "response.content_part.added", "part": {"type": "audio", "transcript": ""}}),
        ),
        with(
            &at,
            json!({"type": "response.content_part.done", "part": {"type": "text", "text": "Yes."}}),
        ),
        with(&at, json!({"type": "response.output_text.delta", "delta": "Ye"})),
        with(&at, json!({"type": "response.output_text.done", "text": "Yes."})),
        with(&at, json!({"type": "response.output_audio.delta", "delta": "AAD//w=="})),
        with(&at, json!({"type": "response.output_audio.done"})),
        with(
            &at,
            json!({"type": "response.output_audio_transcript.delta", "delta": "We "}),
        ),
        with(
            &at,
            json!({"type": "response.output_audio_transcript.done", "transcript": "We open."}),
        ),
        json!({"type": "response.function_call_arguments.delta", "response_id": "resp_1", "item_id": "item_3", "output_index": 1,
            "call_id": "call_1", "delta": "{"}),
        json!({"type": "response.function_call_arguments.done", "response_id": "resp_1", "item_id": "item_3", "output_index": 1,
            "call_id": "call_1", "name": "checkOpeningHours", "arguments": "{}"}),
        json!({"type": "response.mcp_call_arguments.delta", "response_id": "resp_1", "item_id": "item_4", "output_index": 2, "delta": "{"}),
        json!({"type": "response.mcp_call_arguments.done", "response_id": "resp_1", "item_id": "item_4", "output_index": 2,
            "arguments": "{}"}),
        json!({"type": "response.mcp_call.in_progress", "item_id": "item_4", "output_index": 2}),
        json!({"type": "response.mcp_call.completed", "item_id": "item_4", "output_index": 2}),
        json!({"type": "response.mcp_call.failed", "item_id": "item_4", "output_index": 2}),
        json!({"type": "mcp_list_tools.in_progress", "item_id": "item_5"}),
        json!({"type": "mcp_list_tools.completed", "item_id": "item_5"}),
        json!({"type": "mcp_list_tools.failed", "item_id": "item_5"}),
        json!({"type": "rate_limits.updated", "rate_limits": [{"name": "tokens", "limit": 1000, "remaining": 900, "reset_seconds": 1.5}]}),
    ]
}

fn with(base: &Value, extra: Value) -> Value {
    let mut merged = extra;
    for (key, value) in base.as_object().into_iter().flatten() {
        merged[key] = value.clone();
    }
    merged
}

fn parse(value: Value) -> ServerEvent {
    ServerEvent::parse(&value.to_string()).unwrap_or_else(|error| panic!("{value}: {error}"))
}

#[test]
fn there_is_a_fixture_for_every_event_type_of_the_protocol() {
    let kinds: Vec<String> = fixtures()
        .iter()
        .map(|event| event["type"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(kinds, ServerEvent::KINDS);
    assert_eq!(kinds.len(), 46);
}

#[test]
fn every_event_is_written_as_it_was_read() {
    for mut fixture in fixtures() {
        let event = parse(fixture.clone());
        assert_eq!(event.kind(), fixture["type"]);
        let written: Value = serde_json::from_str(&event.to_json(&"event_1".into())).unwrap();
        fixture["event_id"] = json!("event_1");
        assert_eq!(written, fixture);
    }
}

#[test]
fn members_that_a_server_leaves_out_or_sends_as_null_do_not_lose_the_event() {
    for fixture in fixtures() {
        let kind = fixture["type"].as_str().unwrap().to_owned();
        for member in [
            "output_index",
            "content_index",
            "previous_item_id",
            "part",
            "usage",
            "call_id",
            "name",
            "event_id",
            "logprobs",
        ] {
            let mut absent = fixture.clone();
            absent.as_object_mut().unwrap().remove(member);
            assert_eq!(parse(absent).kind(), kind, "without {member}");
            let mut null = fixture.clone();
            null[member] = Value::Null;
            assert_eq!(parse(null).kind(), kind, "with {member}: null");
        }
    }
}

#[test]
fn unknown_members_are_ignored() {
    for fixture in fixtures() {
        let expected = parse(fixture.clone());
        let mut extended = fixture;
        extended["from_the_future"] = json!({"deep": [1, 2, 3]});
        assert_eq!(parse(extended), expected);
    }
}

#[test]
fn names_of_the_retired_beta_are_read_as_the_events_they_became() {
    let renamed = [
        ("response.text.delta", "response.output_text.delta"),
        ("response.text.done", "response.output_text.done"),
        ("response.audio.delta", "response.output_audio.delta"),
        ("response.audio.done", "response.output_audio.done"),
        (
            "response.audio_transcript.delta",
            "response.output_audio_transcript.delta",
        ),
        (
            "response.audio_transcript.done",
            "response.output_audio_transcript.done",
        ),
    ];
    for (beta, ga) in renamed {
        let mut fixture = fixtures().into_iter().find(|event| event["type"] == ga).unwrap();
        let expected = parse(fixture.clone());
        fixture["type"] = json!(beta);
        let read = parse(fixture);
        assert_eq!(read, expected);
        assert_eq!(read.kind(), ga);
    }
}

#[test]
fn a_flat_beta_session_reads_as_the_nested_one() {
    let event = parse(
        json!({"type": "session.created", "session": {"id": "sess_1", "modalities": ["text", "audio"], "voice": "sage",
        "input_audio_format": "pcm16", "output_audio_format": "g711_ulaw", "input_audio_transcription": {"model": "whisper-1"},
        "input_audio_noise_reduction": null, "turn_detection": {"type": "server_vad", "threshold": 0.9},
        "max_response_output_tokens": 500, "temperature": 0.8}}),
    );
    let ServerEvent::SessionCreated(event) = event else {
        panic!("{event:?}")
    };
    let session = event.session.settings;
    assert_eq!(session.kind, SessionKind::Realtime);
    assert_eq!(session.output_modalities, Some(vec![Modality::Audio]));
    assert_eq!(session.max_output_tokens, Some(MaxOutputTokens::Tokens(500)));
    let input = session.input().unwrap();
    assert_eq!(input.format, Some(AudioFormat::PCM_24K));
    assert_eq!(input.noise_reduction, Setting::Off);
    assert_eq!(input.transcription.value().unwrap().model.as_deref(), Some("whisper-1"));
    let expected = ServerVad {
        threshold: Some(0.9),
        ..ServerVad::default()
    };
    assert_eq!(input.turn_detection, Setting::Set(TurnDetection::ServerVad(expected)));
    let output = session.output().unwrap();
    assert_eq!(output.format, Some(AudioFormat::Pcmu));
    assert_eq!(output.voice, Some(Voice::Named("sage".to_owned())));
}

#[test]
fn where_a_session_has_both_generations_the_nested_member_wins() {
    let event = parse(
        json!({"type": "session.updated", "session": {"type": "realtime", "voice": "alloy",
        "audio": {"output": {"voice": "marin"}}, "modalities": ["text"], "output_modalities": ["audio"]}}),
    );
    let ServerEvent::SessionUpdated(event) = event else {
        panic!("{event:?}")
    };
    assert_eq!(
        event.session.settings.output().unwrap().voice,
        Some(Voice::Named("marin".to_owned()))
    );
    assert_eq!(event.session.settings.output_modalities, Some(vec![Modality::Audio]));
}

#[test]
fn beta_content_types_read_as_the_models_own_text_and_speech() {
    let event = parse(
        json!({"type": "conversation.item.created", "item": {"id": "i", "type": "message", "role": "assistant",
        "content": [{"type": "text", "text": "Hi"}, {"type": "audio", "transcript": "Ho", "audio": null}]}}),
    );
    let ServerEvent::ItemCreated(event) = event else {
        panic!("{event:?}")
    };
    let Item::Message(message) = event.item else {
        panic!("not a message")
    };
    assert_eq!(
        message.content,
        [
            ContentPart::OutputText { text: "Hi".to_owned() },
            ContentPart::OutputAudio {
                audio: None,
                transcript: Some("Ho".to_owned())
            },
        ]
    );
}

#[test]
fn speech_whose_words_are_not_known_says_so_with_null() {
    let part = ContentPart::InputAudio {
        audio: None,
        transcript: None,
    };
    let written = serde_json::to_value(&part).unwrap();
    assert_eq!(written, json!({"type": "input_audio", "transcript": null}));
    assert_eq!(serde_json::from_value::<ContentPart>(written).unwrap(), part);
}

#[test]
fn a_content_part_named_like_item_content_is_understood() {
    let event = parse(
        json!({"type": "response.content_part.added", "response_id": "r", "item_id": "i",
        "part": {"type": "output_text", "text": "a"}}),
    );
    let ServerEvent::ContentPartAdded(event) = event else {
        panic!("{event:?}")
    };
    assert_eq!(event.part, Some(ResponsePart::Text { text: "a".to_owned() }));
}

#[test]
fn a_response_cancelled_event_is_the_end_of_that_response() {
    for message in [
        json!({"type": "response.cancelled", "response": {"id": "resp_9", "status": "in_progress", "output": []}}),
        json!({"type": "response.cancelled", "response_id": "resp_9"}),
    ] {
        let event = parse(message);
        let ServerEvent::ResponseDone(event) = event else {
            panic!("{event:?}")
        };
        assert_eq!(event.response.id, Some("resp_9".into()));
        assert_eq!(event.response.status, Some(ResponseStatus::Cancelled));
    }
}

#[test]
fn an_unknown_type_is_a_value_with_its_size() {
    let message = json!({"type": "ping", "timestamp": 5}).to_string();
    let event = ServerEvent::parse(&message).unwrap();
    assert_eq!(
        event,
        ServerEvent::Unknown(UnknownEvent {
            kind: "ping".to_owned(),
            bytes: message.len()
        })
    );
}

#[test]
fn a_type_of_any_length_stays_short_enough_for_a_log() {
    let message = json!({"type": "x\n".repeat(1000)}).to_string();
    let event = ServerEvent::parse(&message).unwrap();
    assert!(event.kind().len() <= UnknownEvent::MAX_KIND_CHARS);
    assert!(!event.kind().contains('\n'));
}

#[test]
fn quota_in_a_failed_response_is_recognised() {
    let event = parse(
        json!({"type": "response.done", "response": {"id": "r", "status": "failed", "usage": {},
        "status_details": {"type": "failed", "error": {"type": "insufficient_quota", "code": "insufficient_quota", "message": "You ran out."}}}}),
    );
    let ServerEvent::ResponseDone(event) = event else {
        panic!("{event:?}")
    };
    let error = event.response.status_details.unwrap().error.unwrap();
    assert_eq!(error.code, Some(ErrorCode::InsufficientQuota));
    assert_eq!(event.response.usage, Some(Usage::default()));
}

#[test]
fn fractional_and_negative_times_become_whole_milliseconds() {
    let event = parse(
        json!({"type": "conversation.item.truncated", "item_id": "i", "audio_end_ms": 1500.9, "content_index": -1}),
    );
    let expected = ItemTruncated {
        item_id: "i".into(),
        content_index: 0,
        audio_end_ms: 1500,
    };
    assert_eq!(event, ServerEvent::ItemTruncated(expected));
}

#[test]
fn odd_items_do_not_hide_the_response_they_came_in() {
    let event = parse(json!({"type": "response.done", "response": {"id": "r", "output": [
        {"type": "mcp_call", "id": "m", "server_label": "crm"}, {"id": "no type"}, {"type": "from_the_future"}, {"type": "message", "content": 7}]}}));
    let ServerEvent::ResponseDone(event) = event else {
        panic!("{event:?}")
    };
    assert_eq!(event.response.output.len(), 4);
    assert_eq!(event.response.output[0].kind(), "mcp_call");
    assert_eq!(event.response.output[0].id(), Some("m".into()));
}

#[test]
fn faults_are_named_without_repeating_what_was_sent() {
    let secret = "sk-do-not-show-this";
    let cases = [
        (
            format!("{{\"type\":\"session.updated\",\"session\":\"{secret}\"}}"),
            "WrongShape",
        ),
        (
            format!("{{\"type\":\"error\",\"error\":{{\"code\":[\"{secret}\"]}}}}"),
            "WrongShape",
        ),
        (format!("{{\"typo\":\"{secret}\"}}"), "NoType"),
        (format!("\"{secret}\""), "NoType"),
        (format!("{{\"type\":\"ping\",\"{secret}\""), "NotJson"),
        (secret.to_owned(), "NotJson"),
        (String::new(), "NotJson"),
    ];
    for (message, kind) in cases {
        let error = ServerEvent::parse(&message).unwrap_err();
        assert!(format!("{error:?}").starts_with(kind), "{message}: {error:?}");
        assert!(!format!("{error} {error:?}").contains("sk-"), "{error}");
    }
}

#[test]
fn an_oversized_message_is_refused_unread() {
    let message = format!("{{\"type\":\"ping\",\"pad\":\"{}\"}}", "x".repeat(MAX_EVENT_BYTES));
    assert_eq!(
        ServerEvent::parse(&message),
        Err(ParseError::TooLarge { bytes: message.len() })
    );
}

#[test]
fn audio_is_decoded_and_never_printed() {
    let samples: Vec<i16> = (0..480).map(|index| index * 60 - 14_000).collect();
    let base64 = encode_pcm16(&samples);
    let event =
        parse(json!({"type": "response.output_audio.delta", "response_id": "r", "item_id": "i", "delta": base64}));
    let debug = format!("{event:?}");
    assert!(debug.contains("960 bytes") && !debug.contains(&base64[..16]), "{debug}");
    let ServerEvent::OutputAudioDelta(delta) = event else {
        panic!("{debug}")
    };
    assert_eq!(delta.delta.to_pcm16().unwrap(), samples);
}

#[test]
fn a_lost_byte_of_pcm_is_an_error_and_not_noise() {
    assert_eq!(decode_pcm16("AAAA"), Err(AudioDecodeError::OddLength { bytes: 3 }));
    assert_eq!(decode_pcm16("not base64!"), Err(AudioDecodeError::NotBase64));
    assert_eq!(decode_pcm16("AAD//w=="), Ok(vec![0, -1]));
    assert_eq!(decode_pcm16("AAD//w"), Ok(vec![0, -1]));
}
