//! Laws of the session, whatever a client sends and in whatever order the threads answer.

use std::collections::HashMap;
use std::sync::Arc;

use frontdesk_protocol::ServerEvent;
use jiff::Timestamp;
use proptest::prelude::*;

use super::{Asker, Input, Output, Session};
use crate::dialogue::{
    ChatDialogue, CompanyKnowledge, Dialogue, Expectation, FunctionRequest, ModelFailure, ModelNews, Receptionist,
};
use crate::server::ear::{EarCommand, EarEvent};
use crate::server::mouth::MouthEvent;
use crate::server::reading;
use crate::speech::{LocalVoice, SpokenClause};

/// One thing that happens to a session.
#[derive(Clone, Debug)]
enum Happening {
    /// The client sends this.
    Client(String),
    /// The caller starts to speak, or stops.
    Voice(bool),
    /// The ear writes down the oldest turn.
    Words(&'static str),
    /// The ear fails with the oldest turn.
    Deaf,
    /// The mouth speaks a clause of the last reply, ends it, or fails.
    Clause,
    End,
    Hoarse,
    /// The model says something to the newest question, or to the oldest.
    Model(ModelNews, bool),
}

fn happening() -> impl Strategy<Value = Happening> {
    let client = prop_oneof![
        Just(r#"{"type":"response.create"}"#.to_owned()),
        Just(r#"{"type":"response.create","response":{"output_modalities":["text"]}}"#.to_owned()),
        Just(r#"{"type":"response.create","response":{"conversation":"none"}}"#.to_owned()),
        Just(r#"{"type":"response.create","response":{"conversation":"none","output_modalities":["text"],"input":[]}}"#.to_owned()),
        Just(r#"{"type":"response.cancel"}"#.to_owned()),
        Just(r#"{"type":"input_audio_buffer.commit"}"#.to_owned()),
        Just(r#"{"type":"input_audio_buffer.clear"}"#.to_owned()),
        Just(format!(r#"{{"type":"input_audio_buffer.append","audio":"{}"}}"#, "AAAA".repeat(2_000))),
        Just(r#"{"type":"session.update","session":{"type":"realtime","audio":{"input":{"turn_detection":null}}}}"#.to_owned()),
        Just(r#"{"type":"session.update","session":{"type":"realtime","audio":{"input":{"turn_detection":{"type":"server_vad","interrupt_response":false}}}}}"#.to_owned()),
        Just(r#"{"type":"session.update","session":{"type":"realtime","tools":[{"type":"function","name":"checkOpeningHours","parameters":{"properties":{"date":{"type":"string"}}}}]}}"#.to_owned()),
        Just(r#"{"type":"conversation.item.create","item":{"type":"message","role":"user","content":[{"type":"input_text","text":"Are you open tomorrow?"}]}}"#.to_owned()),
        Just(r#"{"type":"conversation.item.create","item":{"type":"function_call_output","call_id":"x","output":"{}"}}"#.to_owned()),
        "[a-z{}\":]{0,40}",
    ];
    prop_oneof![
        4 => client.prop_map(Happening::Client),
        3 => any::<bool>().prop_map(Happening::Voice),
        3 => prop_oneof![Just("how much is an oil change"), Just("goodbye"), Just("")].prop_map(Happening::Words),
        1 => Just(Happening::Deaf),
        3 => Just(Happening::Clause),
        3 => Just(Happening::End),
        1 => Just(Happening::Hoarse),
        3 => (model_news(), any::<bool>()).prop_map(|(news, newest)| Happening::Model(news, newest)),
    ]
}

fn model_news() -> impl Strategy<Value = ModelNews> {
    let call = FunctionRequest {
        name: "checkOpeningHours".into(),
        arguments: "{}".into(),
    };
    prop_oneof![
        Just(ModelNews::Words("Sure, we are open until six. ".into())),
        Just(ModelNews::Words("You are booked.".into())),
        Just(ModelNews::Slow),
        Just(ModelNews::End(Vec::new())),
        Just(ModelNews::End(vec![call])),
        Just(ModelNews::Failed(ModelFailure::Passing)),
    ]
}

/// Plays the client, the ear and the mouth, as far as they keep their own contracts.
struct World {
    session: Session,
    now: Timestamp,
    events: Vec<ServerEvent>,
    speaking: bool,
    unwritten: usize,
    reply: u64,
    /// The mouth has the last part of the reply.
    has_last_part: bool,
    /// Questions to the model that are open, oldest first.
    asked: Vec<Asker>,
    /// What the ear was told to wait for, each time.
    expected: Vec<Expectation>,
}

impl World {
    fn new(with_model: bool) -> Self {
        let company = CompanyKnowledge::new(Arc::new(frontdesk_company::sample().unwrap()));
        let newcomer = move || -> Box<dyn Dialogue> {
            if with_model {
                Box::new(ChatDialogue::new(&company))
            } else {
                Box::new(Receptionist::new(&company))
            }
        };
        let (session, outputs) = Session::begin(Box::new(newcomer), vec![LocalVoice::Joe], 0);
        let now = "2026-11-23T15:00:00Z".parse().unwrap();
        let mut world = Self {
            session,
            now,
            events: Vec::new(),
            speaking: false,
            unwritten: 0,
            reply: 0,
            has_last_part: false,
            asked: Vec::new(),
            expected: Vec::new(),
        };
        world.note(outputs);
        world
    }

    fn note(&mut self, outputs: Vec<Output>) {
        for output in outputs {
            match output {
                Output::Send(event) => self.events.push(event),
                Output::Mouth(reply) => (self.reply, self.has_last_part) = (reply.serial, reply.is_last),
                Output::Ask { asker, .. } => {
                    self.asked.retain(|known| *known != asker);
                    self.asked.push(asker);
                }
                Output::Forget(asker) => self.asked.retain(|known| *known != asker),
                Output::Current(serial) => self
                    .asked
                    .retain(|asker| matches!(asker, Asker::Beside(_)) || *asker == Asker::Reply(serial)),
                Output::Ear(EarCommand::Commit) => {
                    self.unwritten += 1;
                    self.speaking = false;
                }
                Output::Ear(EarCommand::Expect(expectation)) => self.expected.push(expectation),
                Output::Ear(EarCommand::Clear | EarCommand::Configure(_)) => self.speaking = false,
                Output::Ear(
                    EarCommand::Audio { .. }
                    | EarCommand::ReplySounds(_)
                    | EarCommand::IdleAfter(_)
                    | EarCommand::WriteAlong(_)
                    | EarCommand::ReplyEnded,
                )
                | Output::Close { .. } => {}
            }
        }
    }

    fn step(&mut self, happening: Happening) {
        let serial = self.reply;
        let clause = || SpokenClause {
            text: "words ".into(),
            samples: vec![0; 4_000],
            speech_samples: 4_000,
        };
        let input = match happening {
            Happening::Client(text) => Input::Client(reading::client_event(&text)),
            Happening::Voice(true) if !self.speaking => {
                self.speaking = true;
                Input::Ear(EarEvent::Started { audio_start_ms: 0 })
            }
            Happening::Voice(false) if self.speaking => {
                self.speaking = false;
                self.unwritten += 1;
                Input::Ear(EarEvent::Stopped { audio_end_ms: 0 })
            }
            Happening::Words(text) if self.unwritten > 0 => {
                self.unwritten -= 1;
                Input::Ear(EarEvent::Text {
                    text: text.into(),
                    confidence: 0.9,
                    seconds: 1.0,
                })
            }
            Happening::Deaf if self.unwritten > 0 => {
                self.unwritten -= 1;
                Input::Ear(EarEvent::Failed("broken".into()))
            }
            Happening::Clause => Input::Mouth {
                serial,
                event: MouthEvent::Clause {
                    clause: clause(),
                    deltas: Vec::new(),
                },
            },
            Happening::End if self.has_last_part => Input::Mouth {
                serial,
                event: MouthEvent::End,
            },
            Happening::Hoarse => Input::Mouth {
                serial,
                event: MouthEvent::Failed("broken".into()),
            },
            Happening::Model(news, newest) if !self.asked.is_empty() => {
                let at = if newest { self.asked.len() - 1 } else { 0 };
                let asker = self.asked[at];
                if matches!(news, ModelNews::End(_) | ModelNews::Failed(_)) {
                    self.asked.remove(at);
                }
                Input::Model { asker, news }
            }
            Happening::Voice(_) | Happening::Words(_) | Happening::Deaf | Happening::End | Happening::Model(..) => {
                return;
            }
        };
        let outputs = self.session.step(input, self.now);
        self.note(outputs);
    }
}

/// A call in which a model answers what the caller has said.
fn answering(world: &mut World, news: &[&str]) {
    let item = r#"{"type":"conversation.item.create","item":{"type":"message","role":"user","content":[{"type":"input_text","text":"An oil change, please."}]}}"#;
    world.step(Happening::Client(item.into()));
    world.step(Happening::Client(r#"{"type":"response.create"}"#.into()));
    for words in news {
        world.step(Happening::Model(ModelNews::Words((*words).into()), true));
    }
    world.step(Happening::Model(ModelNews::End(Vec::new()), true));
    world.step(Happening::End);
}

#[test]
fn the_ear_waits_for_an_answer_to_the_whole_question_however_it_came() {
    let mut world = World::new(true);
    // The part that asks does not say what for; the part before it does.
    answering(&mut world, &["What is the phone number, ", "if I may ", "ask? "]);
    assert_eq!(
        world.expected,
        [Expectation::phone(0)],
        "the ear is patient with digits"
    );
    // A part that is no question yet tells the ear nothing, and one reply is not read with the one before.
    answering(&mut world, &["Thank you, ", "does Tuesday ", "suit you? "]);
    assert_eq!(world.expected[1..], [Expectation::Anything, Expectation::YesOrNo]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn responses_never_overlap_and_each_ends_once(
        with_model in any::<bool>(),
        happenings in proptest::collection::vec(happening(), 0..80),
    ) {
        let mut world = World::new(with_model);
        for happening in happenings {
            world.step(happening);
        }
        // Parts that are open in each open response; written asides stand beside others.
        let mut open = HashMap::new();
        let mut voiced = None;
        for event in &world.events {
            match event {
                ServerEvent::ResponseCreated(event) => {
                    let response = &event.response;
                    prop_assert_eq!(open.insert(response.id.clone(), 0), None, "an id came twice");
                    if response.conversation_id.is_some() || response.audio.is_some() {
                        prop_assert_eq!(&voiced, &None, "two responses at a time");
                        voiced.clone_from(&response.id);
                    }
                }
                ServerEvent::ResponseDone(event) => {
                    let parts = open.remove(&event.response.id);
                    prop_assert_eq!(parts, Some(0), "none such was open, or a part of it was left open");
                    voiced.take_if(|id| Some(&*id) == event.response.id.as_ref());
                }
                ServerEvent::ContentPartAdded(event) => {
                    *open.entry(Some(event.at.response_id.clone())).or_insert(0) += 1;
                }
                ServerEvent::ContentPartDone(event) => {
                    *open.entry(Some(event.at.response_id.clone())).or_insert(0) -= 1;
                }
                ServerEvent::OutputAudioDelta(delta) => {
                    prop_assert_eq!(Some(&delta.response_id), voiced.as_ref(), "sound outside of its response");
                }
                _ => {}
            }
        }
    }

    #[test]
    fn a_model_is_asked_only_by_responses_that_run(happenings in proptest::collection::vec(happening(), 0..80)) {
        let mut world = World::new(true);
        for happening in happenings {
            world.step(happening);
        }
        let replies = world.asked.iter().filter(|asker| matches!(asker, Asker::Reply(_))).count();
        prop_assert!(replies <= 1, "{:?}", world.asked);
        let done = |event: &&ServerEvent| matches!(event, ServerEvent::ResponseDone(_));
        let created = |event: &&ServerEvent| matches!(event, ServerEvent::ResponseCreated(_));
        let open = world.events.iter().filter(created).count() - world.events.iter().filter(done).count();
        prop_assert!(open >= world.asked.len(), "{:?}", world.asked);
    }

    #[test]
    fn every_turn_is_written_down_once_and_in_order(
        with_model in any::<bool>(),
        happenings in proptest::collection::vec(happening(), 0..80),
    ) {
        let mut world = World::new(with_model);
        world.step(Happening::Client(
            r#"{"type":"session.update","session":{"type":"realtime","audio":{"input":{"transcription":{"model":"any"}}}}}"#.into(),
        ));
        for happening in happenings {
            world.step(happening);
        }
        while world.unwritten > 0 {
            world.step(Happening::Words("goodbye"));
        }
        let committed: Vec<_> = world.events.iter().filter_map(|event| match event {
            ServerEvent::InputCommitted(event) => event.item_id.clone(),
            _ => None,
        }).collect();
        let written: Vec<_> = world.events.iter().filter_map(|event| match event {
            ServerEvent::TranscriptionCompleted(event) => Some(event.item_id.clone()),
            ServerEvent::TranscriptionFailed(event) => Some(event.item_id.clone()),
            _ => None,
        }).collect();
        prop_assert_eq!(committed, written);
    }
}
