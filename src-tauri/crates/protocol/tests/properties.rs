//! Laws over all messages: no text panics a parser, and what is written reads back as the same event.

use std::collections::BTreeMap;

use frontdesk_protocol::*;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use serde_json::json;

fn text() -> impl Strategy<Value = String> {
    prop_oneof![".{0,12}", Just("quote \" slash \\ line \n ü 😀 \u{7f}".to_owned())]
}

fn item_id() -> impl Strategy<Value = ItemId> {
    text().prop_map(ItemId::from)
}

fn event_id() -> impl Strategy<Value = Option<EventId>> {
    option::of(text().prop_map(EventId::from))
}

fn setting<T: std::fmt::Debug + Clone>(value: impl Strategy<Value = T>) -> impl Strategy<Value = Setting<T>> {
    (0..3_u8, value).prop_map(|(state, value)| match state {
        0 => Setting::Absent,
        1 => Setting::Off,
        _ => Setting::Set(value),
    })
}

/// Numbers that JSON text holds exactly.
fn ratio() -> impl Strategy<Value = f64> {
    (0..64_u8).prop_map(|step| f64::from(step) / 64.0)
}

fn turn_detection() -> impl Strategy<Value = TurnDetection> {
    let server = (option::of(ratio()), option::of(any::<u64>()), option::of(any::<bool>())).prop_map(
        |(threshold, ms, create)| {
            TurnDetection::ServerVad(ServerVad {
                threshold,
                silence_duration_ms: ms,
                prefix_padding_ms: ms,
                create_response: create,
                interrupt_response: create,
                idle_timeout_ms: None,
            })
        },
    );
    let semantic = option::of(any::<bool>()).prop_map(|create_response| {
        TurnDetection::SemanticVad(SemanticVad {
            eagerness: Some(Eagerness::High),
            create_response,
            interrupt_response: None,
        })
    });
    prop_oneof![server, semantic]
}

/// Boxed, like the other large ones: nested strategies by value overflow the stack of a test thread in debug builds.
fn session() -> BoxedStrategy<Session> {
    let input = (
        option::of(Just(AudioFormat::PCM_24K)),
        setting(turn_detection()),
        setting(text()),
    )
        .prop_map(|(format, turn_detection, model)| InputAudio {
            format,
            turn_detection,
            noise_reduction: Setting::Absent,
            transcription: match model {
                Setting::Absent => Setting::Absent,
                Setting::Off => Setting::Off,
                Setting::Set(model) => Transcription {
                    model: Some(model),
                    ..Transcription::default()
                }
                .into(),
            },
        });
    let output =
        (option::of(text().prop_map(Voice::Named)), option::of(ratio())).prop_map(|(voice, speed)| OutputAudio {
            format: Some(AudioFormat::Pcmu),
            voice,
            speed,
        });
    let tool = (text(), option::of(text())).prop_map(|(name, description)| {
        Tool::Function(FunctionTool {
            name,
            description,
            parameters: Some(json!({"type": "object"})),
        })
    });
    let tool_choice = prop_oneof![
        Just(ToolChoice::Auto),
        Just(ToolChoice::Never),
        text().prop_map(|name| ToolChoice::Function { name }),
        (text(), option::of(text())).prop_map(|(server_label, name)| ToolChoice::Mcp { server_label, name }),
    ];
    let truncation = prop_oneof![
        Just(Truncation::Auto),
        Just(Truncation::Disabled),
        (ratio(), option::of(any::<u32>())).prop_map(|(retention_ratio, post_instructions)| {
            Truncation::RetentionRatio {
                retention_ratio,
                token_limits: Some(TokenLimits { post_instructions }),
            }
        }),
    ];
    (
        option::of(text()),
        option::of((input, output)),
        option::of(vec(tool, 0..3)),
        option::of(tool_choice),
        option::of(prop_oneof![
            any::<u32>().prop_map(MaxOutputTokens::Tokens),
            Just(MaxOutputTokens::Unlimited)
        ]),
        option::of(truncation),
    )
        .prop_map(
            |(instructions, audio, tools, tool_choice, max_output_tokens, truncation)| Session {
                instructions,
                // A part without members reads as no part, so an empty input is left out here too.
                audio: audio.map(|(input, output)| SessionAudio {
                    input: (input != InputAudio::default()).then_some(input),
                    output: Some(output),
                }),
                tools,
                tool_choice,
                max_output_tokens,
                truncation,
                ..Session::default()
            },
        )
        .boxed()
}

fn content() -> BoxedStrategy<ContentPart> {
    let audio = option::of(vec(any::<u8>(), 0..9).prop_map(AudioBytes::new));
    prop_oneof![
        text().prop_map(|text| ContentPart::InputText { text }),
        text().prop_map(|text| ContentPart::OutputText { text }),
        (audio.clone(), option::of(text()))
            .prop_map(|(audio, transcript)| ContentPart::InputAudio { audio, transcript }),
        (audio, option::of(text())).prop_map(|(audio, transcript)| ContentPart::OutputAudio { audio, transcript }),
        text().prop_map(|image_url| ContentPart::InputImage {
            image_url,
            detail: Some(ImageDetail::Low)
        }),
    ]
    .boxed()
}

fn item() -> BoxedStrategy<Item> {
    let role = prop_oneof![Just(Role::System), Just(Role::User), Just(Role::Assistant)];
    prop_oneof![
        (option::of(item_id()), role, vec(content(), 0..3)).prop_map(|(id, role, content)| Item::Message(Message {
            id,
            status: Some(ItemStatus::Completed),
            role,
            content
        })),
        (option::of(item_id()), text(), text()).prop_map(|(id, name, arguments)| Item::FunctionCall(FunctionCall {
            id,
            status: None,
            call_id: Some("call".into()),
            name,
            arguments
        })),
        text().prop_map(|output| Item::FunctionCallOutput(FunctionCallOutput {
            id: None,
            status: None,
            call_id: "call".into(),
            output
        })),
        item_id().prop_map(|id| Item::Reference(ItemReference { id })),
        text().prop_map(|id| Item::Other(Raw(json!({"type": "mcp_call", "id": id})))),
    ]
    .boxed()
}

fn parameters() -> BoxedStrategy<ResponseParameters> {
    let metadata = proptest::collection::btree_map(text(), text(), 0..3);
    (option::of(text()), option::of(metadata), option::of(vec(item(), 0..3)))
        .prop_map(|(instructions, metadata, input)| ResponseParameters {
            instructions,
            metadata,
            input,
            conversation: Some(ConversationScope::Detached),
            ..ResponseParameters::default()
        })
        .boxed()
}

fn client_event() -> impl Strategy<Value = ClientEvent> {
    let audio = vec(any::<u8>(), 0..64).prop_map(AudioBytes::new);
    prop_oneof![
        session().prop_map(ClientEvent::session_update),
        (event_id(), audio)
            .prop_map(|(event_id, audio)| ClientEvent::InputAudioAppend(AudioAppend { event_id, audio })),
        event_id().prop_map(|event_id| ClientEvent::InputAudioCommit(BufferCommand { event_id })),
        event_id().prop_map(|event_id| ClientEvent::InputAudioClear(BufferCommand { event_id })),
        event_id().prop_map(|event_id| ClientEvent::OutputAudioClear(BufferCommand { event_id })),
        (event_id(), option::of(item_id()), item()).prop_map(|(event_id, previous_item_id, item)| {
            ClientEvent::ItemCreate(Box::new(ItemCreate {
                event_id,
                previous_item_id,
                item,
            }))
        }),
        (event_id(), item_id())
            .prop_map(|(event_id, item_id)| ClientEvent::ItemRetrieve(ItemSelect { event_id, item_id })),
        (item_id(), any::<u64>()).prop_map(|(id, ms)| ClientEvent::truncate_item(id, ms)),
        item_id().prop_map(ClientEvent::delete_item),
        (event_id(), option::of(parameters())).prop_map(|(event_id, response)| {
            ClientEvent::ResponseCreate(Box::new(ResponseCreate { event_id, response }))
        }),
        option::of(text().prop_map(ResponseId::from)).prop_map(ClientEvent::cancel_response),
    ]
}

fn response() -> BoxedStrategy<Response> {
    let usage = any::<[u64; 3]>().prop_map(|[total_tokens, input_tokens, output_tokens]| Usage {
        total_tokens,
        input_tokens,
        output_tokens,
        ..Usage::default()
    });
    let status = prop_oneof![
        Just(ResponseStatus::Completed),
        Just(ResponseStatus::Failed),
        Just(ResponseStatus::Other("odd".into()))
    ];
    (
        text(),
        status,
        vec(item(), 0..3),
        option::of(usage),
        option::of(error()),
    )
        .prop_map(|(id, status, output, usage, error)| Response {
            id: Some(id.into()),
            status: Some(status),
            output,
            usage,
            metadata: Some(BTreeMap::new()),
            status_details: Some(StatusDetails {
                kind: None,
                reason: Some(StatusReason::TurnDetected),
                error,
            }),
            ..Response::default()
        })
        .boxed()
}

fn error() -> BoxedStrategy<ErrorDetail> {
    (option::of(text()), text(), option::of(text()))
        .prop_map(|(code, message, kind)| ErrorDetail {
            kind,
            code: code.map(|code| ErrorCode::from(code.as_str())),
            message,
            param: None,
            event_id: Some("mine".into()),
        })
        .boxed()
}

fn position() -> BoxedStrategy<ContentPosition> {
    (text(), item_id(), any::<u32>(), any::<u32>())
        .prop_map(|(response_id, item_id, output_index, content_index)| ContentPosition {
            response_id: response_id.into(),
            item_id,
            output_index,
            content_index,
        })
        .boxed()
}

fn server_event() -> impl Strategy<Value = ServerEvent> {
    let turn = prop_oneof![
        error().prop_map(|error| ServerEvent::Error(ErrorEvent { error })),
        (option::of(text()), session()).prop_map(|(id, settings)| {
            let session = EffectiveSession {
                id: id.map(SessionId::from),
                object: None,
                expires_at: Some(1),
                settings,
            };
            ServerEvent::SessionUpdated(Box::new(SessionEvent { session }))
        }),
        (option::of(item_id()), item()).prop_map(|(previous_item_id, item)| ServerEvent::ItemAdded(Box::new(
            ItemEvent { previous_item_id, item }
        ))),
        (item_id(), text(), ratio()).prop_map(|(item_id, transcript, seconds)| {
            ServerEvent::TranscriptionCompleted(TranscriptionCompleted {
                item_id,
                content_index: 0,
                transcript,
                usage: Some(TranscriptionUsage::Duration { seconds }),
                logprobs: None,
            })
        }),
        (any::<u64>(), option::of(item_id())).prop_map(|(audio_start_ms, item_id)| ServerEvent::SpeechStarted(
            SpeechStarted {
                audio_start_ms,
                item_id
            }
        )),
        Just(ServerEvent::InputCleared(NoMembers {})),
    ];
    let reply = prop_oneof![
        response().prop_map(|response| ServerEvent::ResponseDone(Box::new(ResponseEvent { response }))),
        (position(), text()).prop_map(|(at, delta)| ServerEvent::OutputTranscriptDelta(TextDelta { at, delta })),
        (position(), text()).prop_map(|(at, text)| ServerEvent::OutputTextDone(TextDone { at, text })),
        (position(), option::of(text())).prop_map(|(at, transcript)| {
            ServerEvent::ContentPartAdded(ContentPartEvent {
                at,
                part: Some(ResponsePart::Audio { transcript }),
            })
        }),
        (position(), vec(any::<u8>(), 0..64)).prop_map(|(at, bytes)| {
            let ContentPosition {
                response_id,
                item_id,
                output_index,
                content_index,
            } = at;
            let delta = AudioBytes::new(bytes);
            ServerEvent::OutputAudioDelta(AudioDelta {
                response_id,
                item_id,
                output_index,
                content_index,
                delta,
            })
        }),
        position().prop_map(ServerEvent::OutputAudioDone),
        (text(), item_id(), item()).prop_map(|(response_id, _, item)| {
            ServerEvent::OutputItemDone(Box::new(OutputItemEvent {
                response_id: response_id.into(),
                output_index: 1,
                item,
            }))
        }),
    ];
    prop_oneof![turn, reply]
}

/// Text that looks like a message: a real one with a piece cut out or noise put in.
fn broken_message() -> impl Strategy<Value = String> {
    (
        server_event(),
        any::<prop::sample::Index>(),
        any::<prop::sample::Index>(),
        text(),
    )
        .prop_map(|(event, from, to, noise)| {
            let message: Vec<char> = event.to_json(&"e".into()).chars().collect();
            let (from, to) = (from.index(message.len()), to.index(message.len()));
            message[..from]
                .iter()
                .copied()
                .chain(noise.chars())
                .chain(message[to..].iter().copied())
                .collect()
        })
}

proptest! {
    #[test]
    fn no_text_panics_the_parsers(text in any::<String>()) {
        let _ = (ServerEvent::parse(&text), ClientEvent::parse(&text), decode_pcm16(&text), event_type(&text));
    }

    #[test]
    fn no_broken_message_panics_the_parsers(text in broken_message()) {
        let _ = (ServerEvent::parse(&text), ClientEvent::parse(&text), decode_pcm16(&text), event_type(&text));
    }

    #[test]
    fn a_known_type_over_any_members_never_panics(
        kind in prop::sample::select([ServerEvent::KINDS, ClientEvent::KINDS].concat()),
        member in prop::sample::select(vec!["item", "response", "session", "delta", "audio", "error", "item_id", "output_index", "part"]),
        value in prop::sample::select(vec!["null", "1", "-1.5e300", "\"x\"", "[]", "[null]", "{}", "{\"type\":1}", "{\"type\":\"message\"}"]),
    ) {
        let message = format!("{{\"type\":\"{kind}\",\"{member}\":{value}}}");
        let _ = (ServerEvent::parse(&message), ClientEvent::parse(&message));
    }

    #[test]
    fn a_client_event_reads_back_as_it_was_written(event in client_event()) {
        let message = event.to_json();
        prop_assert_eq!(event_type(&message).unwrap(), event.kind());
        prop_assert_eq!(ClientEvent::parse(&message), Ok(event));
    }

    #[test]
    fn a_server_event_reads_back_as_it_was_written(event in server_event()) {
        let message = event.to_json(&"event_1".into());
        prop_assert_eq!(event_type(&message).unwrap(), event.kind());
        prop_assert_eq!(ServerEvent::parse(&message), Ok(event));
    }

    #[test]
    fn samples_survive_their_way_through_base64(samples in vec(any::<i16>(), 0..2_000)) {
        prop_assert_eq!(decode_pcm16(&encode_pcm16(&samples)), Ok(samples));
    }
}
