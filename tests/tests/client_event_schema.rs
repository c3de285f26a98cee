//! Every event that this project can send, in every variant, against the JSON Schemas of the official SDK, with unknown members forbidden.

use std::collections::{BTreeMap, BTreeSet};

use frontdesk_protocol::*;
use jsonschema::Validator;
use serde_json::{Value, json};

const SCHEMAS: &str = include_str!("../schemas/realtime-client-events.json");

/// One validator for each event type.
fn validators() -> BTreeMap<String, Validator> {
    let document: Value = serde_json::from_str(SCHEMAS).unwrap_or_else(|error| panic!("{error}"));
    let events = document["events"]
        .as_object()
        .unwrap_or_else(|| panic!("the schema file has no events"));
    let build = |schema: &Value| jsonschema::validator_for(schema).unwrap_or_else(|error| panic!("{error}"));
    events
        .iter()
        .map(|(kind, schema)| (kind.clone(), build(schema)))
        .collect()
}

fn faults(validators: &BTreeMap<String, Validator>, event: &Value) -> Vec<String> {
    let kind = event["type"].as_str().unwrap_or_default();
    match validators.get(kind) {
        Some(validator) => validator.iter_errors(event).map(|error| error.to_string()).collect(),
        None => vec![format!("no schema for {kind}")],
    }
}

fn sessions() -> Vec<Session> {
    let input = |input: InputAudio| Session {
        audio: Some(SessionAudio {
            input: Some(input),
            output: None,
        }),
        ..Session::default()
    };
    let output = |output: OutputAudio| Session {
        audio: Some(SessionAudio {
            input: None,
            output: Some(output),
        }),
        ..Session::default()
    };
    let detection = |setting: Setting<TurnDetection>| {
        input(InputAudio {
            turn_detection: setting,
            ..InputAudio::default()
        })
    };
    let server_vad = ServerVad {
        threshold: Some(0.6),
        prefix_padding_ms: Some(300),
        silence_duration_ms: Some(500),
        create_response: Some(true),
        interrupt_response: Some(true),
        idle_timeout_ms: Some(5_000),
    };
    let mut sessions = vec![
        Session::default(),
        Session {
            instructions: Some(String::new()),
            ..Session::default()
        },
        Session {
            model: Some("gpt-realtime-2.1".to_owned()),
            parallel_tool_calls: Some(false),
            ..Session::default()
        },
        Session {
            tools: Some(Vec::new()),
            include: Some(Vec::new()),
            ..Session::default()
        },
        Session {
            include: Some(vec!["item.input_audio_transcription.logprobs".to_owned()]),
            ..Session::default()
        },
        Session {
            tools: Some(vec![tool(), mcp_tool()]),
            ..Session::default()
        },
        Session {
            tracing: Setting::Off,
            ..Session::default()
        },
        Session {
            tracing: Raw(json!("auto")).into(),
            ..Session::default()
        },
        detection(Setting::Off),
        detection(TurnDetection::ServerVad(ServerVad::default()).into()),
        detection(TurnDetection::ServerVad(server_vad).into()),
        input(InputAudio {
            noise_reduction: Setting::Off,
            transcription: Setting::Off,
            ..InputAudio::default()
        }),
        input(InputAudio {
            transcription: Transcription::default().into(),
            ..InputAudio::default()
        }),
        input(InputAudio {
            transcription: Transcription {
                model: Some("gpt-transcribe".to_owned()),
                language: Some("en".to_owned()),
                languages: Some(vec!["en".to_owned(), "es".to_owned()]),
                prompt: Some("A car workshop.".to_owned()),
                keywords: Some(vec!["alternator".to_owned()]),
                delay: Some("low".to_owned()),
            }
            .into(),
            ..InputAudio::default()
        }),
        output(OutputAudio {
            voice: Some(Voice::Custom {
                id: "voice_1".to_owned(),
            }),
            speed: Some(1.5),
            ..OutputAudio::default()
        }),
        output(OutputAudio {
            voice: Some(Voice::Named("marin".to_owned())),
            speed: Some(0.25),
            ..OutputAudio::default()
        }),
        transcription_session(),
    ];
    for format in [AudioFormat::PCM_24K, AudioFormat::Pcmu, AudioFormat::Pcma] {
        sessions.push(input(InputAudio {
            format: Some(format.clone()),
            ..InputAudio::default()
        }));
        sessions.push(output(OutputAudio {
            format: Some(format),
            ..OutputAudio::default()
        }));
    }
    for kind in [NoiseReductionKind::NearField, NoiseReductionKind::FarField] {
        for strength in [None, Some(0.5)] {
            let noise_reduction = NoiseReduction {
                kind: kind.clone(),
                strength,
            }
            .into();
            sessions.push(input(InputAudio {
                noise_reduction,
                ..InputAudio::default()
            }));
        }
    }
    for eagerness in [Eagerness::Low, Eagerness::Medium, Eagerness::High, Eagerness::Auto] {
        let vad = SemanticVad {
            eagerness: Some(eagerness),
            create_response: Some(false),
            interrupt_response: Some(false),
        };
        sessions.push(detection(TurnDetection::SemanticVad(vad).into()));
    }
    for modality in [Modality::Audio, Modality::Text] {
        sessions.push(Session {
            output_modalities: Some(vec![modality]),
            ..Session::default()
        });
    }
    for tool_choice in tool_choices() {
        sessions.push(Session {
            tool_choice: Some(tool_choice),
            ..Session::default()
        });
    }
    for max in [MaxOutputTokens::Tokens(4_096), MaxOutputTokens::Unlimited] {
        sessions.push(Session {
            max_output_tokens: Some(max),
            ..Session::default()
        });
    }
    for effort in efforts() {
        sessions.push(Session {
            reasoning: Some(Reasoning { effort: Some(effort) }),
            ..Session::default()
        });
    }
    let limits = Some(TokenLimits {
        post_instructions: Some(8_000),
    });
    for truncation in [
        Truncation::Auto,
        Truncation::Disabled,
        Truncation::RetentionRatio {
            retention_ratio: 0.8,
            token_limits: None,
        },
        Truncation::RetentionRatio {
            retention_ratio: 0.8,
            token_limits: limits,
        },
    ] {
        sessions.push(Session {
            truncation: Some(truncation),
            ..Session::default()
        });
    }
    sessions
}

/// Speech to text only: its session knows fewer members.
fn transcription_session() -> Session {
    let input = InputAudio {
        format: Some(AudioFormat::PCM_24K),
        transcription: Transcription::default().into(),
        ..InputAudio::default()
    };
    let audio = SessionAudio {
        input: Some(input),
        output: None,
    };
    Session {
        audio: Some(audio),
        ..Session::new(SessionKind::Transcription)
    }
}

fn tool() -> Tool {
    Tool::Function(FunctionTool {
        name: "checkOpeningHours".to_owned(),
        description: Some("Tells when the shop is open.".to_owned()),
        parameters: Some(
            json!({"type": "object", "properties": {"day": {"type": "string"}}, "additionalProperties": false}),
        ),
    })
}

fn mcp_tool() -> Tool {
    Tool::Other(Raw(
        json!({"type": "mcp", "server_label": "crm", "server_url": "https://crm.example/mcp", "require_approval": "never"}),
    ))
}

fn tool_choices() -> Vec<ToolChoice> {
    let (server_label, name) = ("crm".to_owned(), "find".to_owned());
    vec![
        ToolChoice::Auto,
        ToolChoice::Never,
        ToolChoice::Required,
        ToolChoice::Function { name: name.clone() },
        ToolChoice::Mcp {
            server_label: server_label.clone(),
            name: None,
        },
        ToolChoice::Mcp {
            server_label,
            name: Some(name),
        },
    ]
}

fn efforts() -> [ReasoningEffort; 5] {
    [
        ReasoningEffort::Minimal,
        ReasoningEffort::Low,
        ReasoningEffort::Medium,
        ReasoningEffort::High,
        ReasoningEffort::ExtraHigh,
    ]
}

fn items() -> Vec<Item> {
    let picture = |detail: ImageDetail| ContentPart::InputImage {
        image_url: "data:image/png;base64,AAAA".to_owned(),
        detail: Some(detail),
    };
    let audio = ContentPart::InputAudio {
        audio: Some(AudioBytes::from_pcm16(&[1, 2])),
        transcript: Some("Hello".to_owned()),
    };
    let call = FunctionCall {
        id: Some("item_1".into()),
        status: Some(ItemStatus::Completed),
        call_id: Some("call_1".into()),
        name: "checkOpeningHours".to_owned(),
        arguments: "{}".to_owned(),
    };
    let output = FunctionCallOutput {
        id: None,
        status: None,
        call_id: "call_1".into(),
        output: "{\"open\":true}".to_owned(),
    };
    vec![
        Item::Message(Message::system("Go on, do not greet again.")),
        Item::Message(Message::user("Hello").with_id("item_0".into())),
        Item::Message(Message {
            status: Some(ItemStatus::Incomplete),
            ..Message::assistant("Hi")
        }),
        Item::Message(Message::new(Role::User, audio)),
        Item::Message(Message::new(Role::User, picture(ImageDetail::Auto))),
        Item::Message(Message::new(Role::User, picture(ImageDetail::High))),
        Item::FunctionCall(FunctionCall {
            id: None,
            status: None,
            ..call.clone()
        }),
        Item::FunctionCall(call),
        Item::FunctionCallOutput(FunctionCallOutput {
            id: Some("item_2".into()),
            ..output.clone()
        }),
        Item::FunctionCallOutput(output),
        Item::Other(Raw(
            json!({"type": "mcp_approval_response", "id": "a", "approval_request_id": "b", "approve": true}),
        )),
    ]
}

fn responses() -> Vec<ResponseParameters> {
    let plain = ResponseParameters::default;
    let mut responses = vec![
        plain(),
        ResponseParameters {
            instructions: Some("Greet the caller.".to_owned()),
            ..plain()
        },
        ResponseParameters {
            output_modalities: Some(vec![Modality::Text]),
            conversation: Some(ConversationScope::Detached),
            ..plain()
        },
        ResponseParameters {
            output_modalities: Some(vec![Modality::Audio]),
            conversation: Some(ConversationScope::Auto),
            ..plain()
        },
        ResponseParameters {
            tools: Some(vec![tool(), mcp_tool()]),
            parallel_tool_calls: Some(true),
            ..plain()
        },
        ResponseParameters {
            input: Some(Vec::new()),
            ..plain()
        },
        ResponseParameters {
            input: Some(items()),
            ..plain()
        },
        ResponseParameters {
            metadata: Some(BTreeMap::from([("purpose".to_owned(), "summary".to_owned())])),
            ..plain()
        },
        ResponseParameters {
            max_output_tokens: Some(MaxOutputTokens::Unlimited),
            ..plain()
        },
        ResponseParameters {
            max_output_tokens: Some(MaxOutputTokens::Tokens(100)),
            ..plain()
        },
        ResponseParameters {
            audio: Some(ResponseAudio {
                output: Some(ResponseAudioOutput {
                    format: Some(AudioFormat::PCM_24K),
                    voice: Some(Voice::Named("cedar".to_owned())),
                }),
            }),
            ..plain()
        },
    ];
    responses.extend(tool_choices().into_iter().map(|choice| ResponseParameters {
        tool_choice: Some(choice),
        ..plain()
    }));
    responses.extend(efforts().map(|effort| ResponseParameters {
        reasoning: Some(Reasoning { effort: Some(effort) }),
        ..plain()
    }));
    responses
}

/// Every event in every variant, each without and with an event id.
fn events() -> Vec<ClientEvent> {
    let mut events = vec![
        ClientEvent::append_pcm16(&[0; 480]),
        ClientEvent::commit_input(),
        ClientEvent::clear_input(),
        ClientEvent::OutputAudioClear(BufferCommand::default()),
        ClientEvent::ItemRetrieve(ItemSelect {
            event_id: None,
            item_id: "item_1".into(),
        }),
        ClientEvent::truncate_item("item_1".into(), 1_500),
        ClientEvent::delete_item("item_1".into()),
        ClientEvent::create_response(None),
        ClientEvent::cancel_response(None),
        ClientEvent::cancel_response(Some("resp_1".into())),
    ];
    events.extend(sessions().into_iter().map(ClientEvent::session_update));
    events.extend(
        responses()
            .into_iter()
            .map(|response| ClientEvent::create_response(Some(response))),
    );
    for item in items() {
        events.push(ClientEvent::create_item(item.clone()));
        let create = ItemCreate {
            event_id: None,
            previous_item_id: Some("root".into()),
            item,
        };
        events.push(ClientEvent::ItemCreate(Box::new(create)));
    }
    let named = events
        .clone()
        .into_iter()
        .map(|event| event.with_event_id("event_1".into()));
    events.into_iter().chain(named).collect()
}

#[test]
fn every_event_that_can_be_sent_is_valid_by_the_official_schemas() {
    let validators = validators();
    let mut seen = BTreeSet::new();
    for event in events() {
        let value: Value = serde_json::from_str(&event.to_json()).unwrap();
        assert_eq!(faults(&validators, &value), Vec::<String>::new(), "{value:#}");
        seen.insert(event.kind().to_owned());
    }
    let known: BTreeSet<String> = validators.keys().cloned().collect();
    assert_eq!(seen, known, "every event of the SDK is covered");
    assert_eq!(seen, ClientEvent::KINDS.iter().map(|kind| (*kind).to_owned()).collect());
}

#[test]
fn the_schemas_refuse_what_the_server_would_refuse() {
    let validators = validators();
    let session = |session: Value| json!({"type": "session.update", "session": session});
    let refused = [
        session(json!({"instructions": "no type"})),
        session(json!({"type": "realtime", "temperature": 0.8})),
        session(json!({"type": "realtime", "modalities": ["text", "audio"]})),
        session(json!({"type": "realtime", "voice": "marin"})),
        session(json!({"type": "realtime", "turn_detection": null})),
        session(json!({"type": "realtime", "audio": {"input": {"format": "pcm16"}}})),
        session(
            json!({"type": "realtime", "audio": {"input": {"turn_detection": {"type": "server_vad", "treshold": 0.5}}}}),
        ),
        session(json!({"type": "realtime", "tools": [{"type": "function", "name": "f", "strict": true}]})),
        session(json!({"type": "realtime", "tools": [{"type": "function", "function": {"name": "f"}}]})),
        json!({"type": "response.create", "response": {"modalities": ["text"]}}),
        json!({"type": "response.create", "response": {"temperature": 0.8}}),
        json!({"type": "conversation.item.truncate", "item_id": "item_1", "content_index": 0}),
        json!({"type": "conversation.item.create", "item": {"type": "message", "role": "assistant",
            "content": [{"type": "text", "text": "beta"}]}}),
        json!({"type": "input_audio_buffer.append", "audio": "AAAA", "sample_rate": 24_000}),
        json!({"type": "transcription_session.update", "session": {}}),
    ];
    for event in refused {
        assert!(!faults(&validators, &event).is_empty(), "{event:#} was let through");
    }
}
