//! A call on its stage: the session in the middle, the doubles around it, and the words for what usually happens.

use std::sync::Arc;
use std::time::Duration;

use frontdesk_call::event::{CallEvent, CallEventBody};
use frontdesk_call::identity::ItemId;
use frontdesk_call::leg::{Heard, LegEvent};
use frontdesk_call::{CallEnd, CallEvents, CallHandle, CallParts, CallView, Command, SessionConfig, start_call};
use frontdesk_protocol::{Transcription, encode_pcm16};
use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::doubles::{Backend, LegCall, MemoryJournal, ScriptedModel, TestLeg, TestTools};

/// Samples in a second.
pub const SECOND: usize = 24_000;

pub struct Stage {
    pub call: CallHandle,
    pub events: CallEvents,
    pub seen: Vec<Arc<CallEvent>>,
    pub model: Arc<ScriptedModel>,
    pub accepted: mpsc::UnboundedReceiver<Backend>,
    pub leg: TestLeg,
    pub tools: Arc<std::sync::Mutex<Vec<String>>>,
    pub view: Arc<std::sync::Mutex<Option<CallView>>>,
    pub journal: Arc<MemoryJournal>,
}

/// A configuration without a greeting, with a transcript of the caller.
pub fn config() -> SessionConfig {
    let mut config = SessionConfig::new("Prime Auto Lab", "You answer the telephone.");
    config.transcription = Some(Transcription {
        model: Some("ears-1".into()),
        ..Transcription::default()
    });
    config
}

impl Stage {
    /// A call that has begun; nothing has answered yet.
    pub fn new(config: SessionConfig) -> Self {
        Self::with_leg(config, false)
    }

    pub fn with_leg(config: SessionConfig, truncates_itself: bool) -> Self {
        let (model, accepted) = ScriptedModel::new();
        Self::with_model(config, truncates_itself, model, accepted)
    }

    pub fn with_model(
        config: SessionConfig,
        truncates_itself: bool,
        model: Arc<ScriptedModel>,
        accepted: mpsc::UnboundedReceiver<Backend>,
    ) -> Self {
        let (leg, test_leg) = TestLeg::new(truncates_itself);
        let tools = TestTools::default();
        let done = Arc::clone(&tools.done);
        let view = Arc::clone(&tools.view);
        let journal = MemoryJournal::new();
        let call = start_call(CallParts {
            config,
            leg,
            model: model.clone(),
            tools: Arc::new(tools),
            journal: journal.clone(),
        });
        let events = call.subscribe();
        Self {
            call,
            events,
            seen: Vec::new(),
            model,
            accepted,
            leg: test_leg,
            tools: done,
            view,
            journal,
        }
    }

    /// A call whose session is ready.
    pub async fn live(config: SessionConfig) -> (Self, Backend) {
        let mut stage = Self::new(config);
        let backend = stage.ready().await;
        (stage, backend)
    }

    /// Answers the next connection up to `session.updated`.
    pub async fn ready(&mut self) -> Backend {
        let mut backend = self.accepted.recv().await.expect("the session connects");
        backend
            .says(json!({"type": "session.created", "session": {"id": "sess_1"}}))
            .await;
        backend.expects("session.update").await;
        backend
            .says(json!({"type": "session.updated", "session": {"id": "sess_1"}}))
            .await;
        self.quiet().await;
        backend
    }

    /// Lets everything run that can run now.
    pub async fn quiet(&self) {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }

    /// Lets time pass.
    pub async fn wait(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }

    pub fn command(&self, command: Command) {
        self.call.command(command).expect("the call runs");
    }

    /// Waits for an event that `wanted` accepts, and returns it.
    pub async fn event(&mut self, wanted: impl Fn(&CallEventBody) -> bool) -> CallEventBody {
        loop {
            let event = self.events.next().await.expect("the event comes before the call ends");
            self.seen.push(Arc::clone(&event));
            if wanted(&event.body) {
                return event.body.clone();
            }
        }
    }

    /// Everything that happened and was not looked at.
    pub async fn rest(&mut self) -> Vec<CallEventBody> {
        self.quiet().await;
        let rest = self.events.ready();
        self.seen.extend(rest.iter().cloned());
        rest.iter().map(|event| event.body.clone()).collect()
    }

    /// Waits for the end of the call and checks the numbering of all its events.
    pub async fn end(&mut self) -> CallEnd {
        let end = self.call.ended().await;
        while let Some(batch) = self.events.next_batch().await {
            self.seen.extend(batch);
        }
        for (expected, event) in (0..).zip(&self.seen) {
            assert_eq!(event.seq, expected, "events are numbered without gaps");
        }
        assert!(
            self.seen.windows(2).all(|pair| pair[0].ms <= pair[1].ms),
            "time never goes back"
        );
        end
    }

    /// All states that were shown, in order.
    pub fn states(&self) -> Vec<frontdesk_call::event::CallState> {
        let state = |event: &Arc<CallEvent>| match &event.body {
            CallEventBody::StateChanged { state } => Some(*state),
            _ => None,
        };
        self.seen.iter().filter_map(state).collect()
    }

    /// The leg reports heard samples, after everything that was said before has arrived.
    pub async fn heard(&self, item: &str, samples: u64) {
        self.quiet().await;
        self.leg.heard(item, samples).await;
    }

    /// The leg answers a flush.
    pub async fn flushed(&self, item: &str, samples: u64) {
        self.quiet().await;
        let heard = vec![Heard {
            item: ItemId::from(item),
            samples,
        }];
        self.leg.says(LegEvent::Flushed { heard }).await;
    }

    /// The leg plays an item from its first sample to its last.
    pub async fn plays_to_the_end(&self, item: &str, samples: usize) {
        self.heard(item, 480).await;
        self.quiet().await;
        self.heard(item, samples as u64).await;
        self.leg.finished(item).await;
        self.quiet().await;
    }
}

impl Backend {
    /// The caller says something and the backend takes it as a turn.
    pub async fn hears_turn(&self, item: &str, previous: Option<&str>) {
        self.says(json!({"type": "input_audio_buffer.speech_started", "item_id": item, "audio_start_ms": 0}))
            .await;
        self.says(json!({"type": "input_audio_buffer.speech_stopped", "item_id": item, "audio_end_ms": 0}))
            .await;
        self.says(json!({"type": "input_audio_buffer.committed", "item_id": item, "previous_item_id": previous}))
            .await;
        let content = json!([{"type": "input_audio"}]);
        let message = json!({"type": "message", "role": "user", "id": item, "content": content});
        self.says(json!({"type": "conversation.item.added", "previous_item_id": previous, "item": message}))
            .await;
    }

    /// The text of a turn.
    pub async fn transcribes(&self, item: &str, text: &str) {
        let kind = "conversation.item.input_audio_transcription.completed";
        self.says(json!({"type": kind, "item_id": item, "transcript": text}))
            .await;
    }

    /// A response begins, with labels as they were asked for.
    pub async fn begins(&self, response: &str, request: Option<&Value>) {
        let metadata = request.map(|request| request["response"]["metadata"].clone());
        self.says(json!({"type": "response.created", "response": {"id": response, "metadata": metadata}}))
            .await;
    }

    /// Words and sound of a reply.
    pub async fn speaks(&self, response: &str, item: &str, previous: Option<&str>, words: &str, samples: usize) {
        let message = json!({"type": "message", "role": "assistant", "id": item, "content": []});
        self.says(json!({"type": "response.output_item.added", "response_id": response, "item": message}))
            .await;
        self.says(json!({"type": "conversation.item.added", "previous_item_id": previous, "item": message}))
            .await;
        let at = json!({"response_id": response, "item_id": item});
        let mut text = at.clone();
        text["type"] = json!("response.output_audio_transcript.delta");
        text["delta"] = json!(words);
        self.says(text).await;
        let mut sound = at;
        sound["type"] = json!("response.output_audio.delta");
        sound["delta"] = json!(encode_pcm16(&vec![1; samples]));
        self.says(sound).await;
    }

    /// The reply is whole.
    pub async fn completes(&self, response: &str, item: &str, words: &str) {
        let kind = "response.output_audio_transcript.done";
        self.says(json!({"type": kind, "response_id": response, "item_id": item, "transcript": words}))
            .await;
        let message = json!({"type": "message", "role": "assistant", "id": item, "status": "completed",
            "content": [{"type": "output_audio", "transcript": words}]});
        self.says(json!({"type": "response.output_item.done", "response_id": response, "item": message}))
            .await;
        self.done(response, "completed").await;
    }

    /// The response is over.
    pub async fn done(&self, response: &str, status: &str) {
        self.says(json!({"type": "response.done", "response": {"id": response, "status": status}}))
            .await;
    }

    /// The model calls a tool.
    pub async fn calls(&self, response: &str, tool_call: &str, name: &str, arguments: &str) {
        let item = json!({"type": "function_call", "id": format!("item-{tool_call}"), "call_id": tool_call, "name": name,
            "arguments": arguments, "status": "completed"});
        self.says(json!({"type": "response.output_item.done", "response_id": response, "item": item}))
            .await;
    }
}

/// True when the leg was told to play something.
pub fn plays(calls: &[LegCall]) -> bool {
    calls.iter().any(|call| matches!(call, LegCall::Play(..)))
}
