//! What a client may write, as raw JSON, against the types: every event is written exactly in the GA form.

use std::collections::BTreeMap;

use frontdesk_protocol::*;
use serde_json::{Value, json};

fn written(event: &ClientEvent) -> Value {
    serde_json::from_str(&event.to_json()).unwrap_or_else(|error| panic!("{event:?}: {error}"))
}

#[test]
fn a_full_session_update_is_nested_and_carries_its_type() {
    let session = Session {
        model: Some("gpt-realtime-2.1".to_owned()),
        output_modalities: Some(vec![Modality::Audio]),
        instructions: Some("Be brief.".to_owned()),
        audio: Some(SessionAudio {
            input: Some(InputAudio {
                format: Some(AudioFormat::PCM_24K),
                noise_reduction: NoiseReduction {
                    kind: NoiseReductionKind::NearField,
                    strength: None,
                }
                .into(),
                transcription: Transcription {
                    model: Some("gpt-transcribe".to_owned()),
                    language: Some("en".to_owned()),
                    ..Transcription::default()
                }
                .into(),
                turn_detection: TurnDetection::SemanticVad(SemanticVad {
                    eagerness: Some(Eagerness::Auto),
                    create_response: Some(true),
                    interrupt_response: Some(true),
                })
                .into(),
            }),
            output: Some(OutputAudio {
                format: Some(AudioFormat::PCM_24K),
                voice: Some(Voice::Named("marin".to_owned())),
                speed: Some(1.25),
            }),
        }),
        tools: Some(vec![Tool::Function(FunctionTool {
            name: "checkOpeningHours".to_owned(),
            description: Some("Tells when the shop is open.".to_owned()),
            parameters: Some(json!({"type": "object", "properties": {}})),
        })]),
        tool_choice: Some(ToolChoice::Auto),
        parallel_tool_calls: Some(false),
        reasoning: Some(Reasoning {
            effort: Some(ReasoningEffort::Low),
        }),
        max_output_tokens: Some(MaxOutputTokens::Unlimited),
        truncation: Some(Truncation::RetentionRatio {
            retention_ratio: 0.5,
            token_limits: None,
        }),
        include: Some(vec!["item.input_audio_transcription.logprobs".to_owned()]),
        ..Session::default()
    };
    assert_eq!(
        written(&ClientEvent::session_update(session).with_event_id("evt_1".into())),
        json!({"type": "session.update", "event_id": "evt_1", "session": {"type": "realtime", "model": "gpt-realtime-2.1",
            "output_modalities": ["audio"], "instructions": "Be brief.",
            "audio": {"input": {"format": {"type": "audio/pcm", "rate": 24000}, "noise_reduction": {"type": "near_field"},
                "transcription": {"model": "gpt-transcribe", "language": "en"},
                "turn_detection": {"type": "semantic_vad", "eagerness": "auto", "create_response": true, "interrupt_response": true}},
                "output": {"format": {"type": "audio/pcm", "rate": 24000}, "voice": "marin", "speed": 1.25}},
            "tools": [{"type": "function", "name": "checkOpeningHours", "description": "Tells when the shop is open.",
                "parameters": {"type": "object", "properties": {}}}],
            "tool_choice": "auto", "parallel_tool_calls": false, "reasoning": {"effort": "low"}, "max_output_tokens": "inf",
            "truncation": {"type": "retention_ratio", "retention_ratio": 0.5},
            "include": ["item.input_audio_transcription.logprobs"]}})
    );
}

#[test]
fn an_update_that_changes_nothing_still_names_the_session_type() {
    let update = ClientEvent::session_update(Session::default());
    assert_eq!(
        written(&update),
        json!({"type": "session.update", "session": {"type": "realtime"}})
    );
}

#[test]
fn turning_a_feature_off_is_null_and_leaving_it_alone_is_absence() {
    let input = InputAudio {
        turn_detection: Setting::Off,
        ..InputAudio::default()
    };
    let session = Session {
        audio: Some(SessionAudio {
            input: Some(input),
            output: None,
        }),
        ..Session::default()
    };
    assert_eq!(
        written(&ClientEvent::session_update(session.clone()))["session"]["audio"],
        json!({"input": {"turn_detection": null}})
    );

    let ClientEvent::SessionUpdate(read) = ClientEvent::parse(&ClientEvent::session_update(session).to_json()).unwrap()
    else {
        panic!("not a session update")
    };
    let input = read.session.input().unwrap();
    assert_eq!(input.turn_detection, Setting::Off);
    assert_eq!(input.transcription, Setting::Absent);
}

#[test]
fn the_small_events_are_written_in_the_ga_form() {
    let heard = ClientEvent::truncate_item("item_1".into(), 1500);
    let output = Item::FunctionCallOutput(FunctionCallOutput {
        id: None,
        status: None,
        call_id: "call_1".into(),
        output: "{\"open\":true}".to_owned(),
    });
    let retrieve = ClientEvent::ItemRetrieve(ItemSelect {
        event_id: None,
        item_id: "item_1".into(),
    });
    let cases = [
        (
            ClientEvent::append_pcm16(&[0, -1]),
            json!({"type": "input_audio_buffer.append", "audio": "AAD//w=="}),
        ),
        (
            ClientEvent::commit_input(),
            json!({"type": "input_audio_buffer.commit"}),
        ),
        (ClientEvent::clear_input(), json!({"type": "input_audio_buffer.clear"})),
        (
            ClientEvent::OutputAudioClear(BufferCommand::default()),
            json!({"type": "output_audio_buffer.clear"}),
        ),
        (
            ClientEvent::create_item(Item::Message(Message::user("Hello").with_id("item_1".into()))),
            json!({"type": "conversation.item.create", "item": {"type": "message", "id": "item_1", "role": "user",
                "content": [{"type": "input_text", "text": "Hello"}]}}),
        ),
        (
            ClientEvent::create_item(Item::Message(Message::assistant("Hi"))),
            json!({"type": "conversation.item.create",
                "item": {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "Hi"}]}}),
        ),
        (
            ClientEvent::create_item(output),
            json!({"type": "conversation.item.create",
                "item": {"type": "function_call_output", "call_id": "call_1", "output": "{\"open\":true}"}}),
        ),
        (
            retrieve,
            json!({"type": "conversation.item.retrieve", "item_id": "item_1"}),
        ),
        (
            heard,
            json!({"type": "conversation.item.truncate", "item_id": "item_1", "content_index": 0, "audio_end_ms": 1500}),
        ),
        (
            ClientEvent::delete_item("item_1".into()),
            json!({"type": "conversation.item.delete", "item_id": "item_1"}),
        ),
        (ClientEvent::create_response(None), json!({"type": "response.create"})),
        (ClientEvent::cancel_response(None), json!({"type": "response.cancel"})),
        (
            ClientEvent::cancel_response(Some("resp_1".into())),
            json!({"type": "response.cancel", "response_id": "resp_1"}),
        ),
    ];
    for (event, expected) in cases {
        assert_eq!(written(&event), expected);
        assert_eq!(ClientEvent::parse(&event.to_json()), Ok(event));
    }
}

#[test]
fn an_out_of_band_response_names_its_scope_context_and_labels() {
    let parameters = ResponseParameters {
        instructions: Some("Summarise.".to_owned()),
        output_modalities: Some(vec![Modality::Text]),
        tools: Some(Vec::new()),
        tool_choice: Some(ToolChoice::Never),
        conversation: Some(ConversationScope::Detached),
        metadata: Some(BTreeMap::from([("purpose".to_owned(), "summary".to_owned())])),
        input: Some(vec![
            Item::Reference(ItemReference { id: "item_1".into() }),
            Item::Message(Message::system("Be brief.")),
        ]),
        ..ResponseParameters::default()
    };
    assert_eq!(
        written(&ClientEvent::create_response(Some(parameters))),
        json!({"type": "response.create", "response": {"instructions": "Summarise.", "output_modalities": ["text"], "tools": [],
            "tool_choice": "none", "conversation": "none", "metadata": {"purpose": "summary"},
            "input": [{"type": "item_reference", "id": "item_1"},
                {"type": "message", "role": "system", "content": [{"type": "input_text", "text": "Be brief."}]}]}})
    );
}

#[test]
fn the_id_of_an_event_can_be_given_and_read_back() {
    let event = ClientEvent::create_response(None).with_event_id("evt_7".into());
    assert_eq!(event.event_id(), Some(&"evt_7".into()));
    assert_eq!(
        ClientEvent::parse(&event.to_json()).unwrap().event_id(),
        Some(&"evt_7".into())
    );
}

#[test]
fn a_client_of_the_retired_beta_is_understood() {
    let read = ClientEvent::parse(
        r#"{"type":"session.update","session":{"modalities":["text"],"turn_detection":null,"voice":"verse","temperature":0.7}}"#,
    )
    .unwrap();
    let expected = Session {
        output_modalities: Some(vec![Modality::Text]),
        audio: Some(SessionAudio {
            input: Some(InputAudio {
                turn_detection: Setting::Off,
                ..InputAudio::default()
            }),
            output: Some(OutputAudio {
                voice: Some(Voice::Named("verse".to_owned())),
                ..OutputAudio::default()
            }),
        }),
        ..Session::default()
    };
    assert_eq!(read, ClientEvent::session_update(expected));
}

#[test]
fn a_client_event_of_unknown_type_is_a_value() {
    let event = ClientEvent::parse(r#"{"type":"transcription_session.update","session":{}}"#).unwrap();
    assert_eq!(event.kind(), "transcription_session.update");
    assert!(matches!(event, ClientEvent::Unknown(_)));
}

#[test]
fn credentials_of_an_mcp_tool_pass_through_and_stay_out_of_debug_output() {
    let tool = json!({"type": "mcp", "server_label": "crm", "server_url": "https://crm.example/mcp", "authorization": "top-secret"});
    let message = json!({"type": "session.update", "session": {"type": "realtime", "tools": [tool],
        "tool_choice": {"type": "mcp", "server_label": "crm", "name": "find"}}});
    let event = ClientEvent::parse(&message.to_string()).unwrap();
    assert_eq!(written(&event), message);
    assert!(!format!("{event:?}").contains("top-secret"));
}

#[test]
fn the_session_of_a_server_writes_its_id_beside_the_settings() {
    let session = EffectiveSession {
        id: Some("sess_1".into()),
        object: Some("realtime.session".to_owned()),
        expires_at: Some(1_800_000_000),
        settings: Session::default(),
    };
    let value = serde_json::to_value(session).unwrap();
    assert_eq!(
        value,
        json!({"id": "sess_1", "object": "realtime.session", "expires_at": 1_800_000_000, "type": "realtime"})
    );
}
