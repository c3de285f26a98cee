//! A chat model behind the server, as a client of the protocol sees it, on raw JSON. The model gives what the test sends it, piece by piece.

use std::sync::Arc;

use frontdesk_engine::dialogue::{CallWish, ChatModel, FunctionRequest, ModelLine, ModelNews, ModelQuestion};
use frontdesk_engine::server::EngineHandle;
use futures_util::stream::{self, BoxStream, StreamExt};
use serde_json::json;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::watch;

use crate::client::{Client, transcript};
use crate::double::{Double, tone, turn};

/// What the model says to one question.
type Answer = UnboundedSender<ModelNews>;

/// A model that says what the test sends.
struct Puppet {
    /// Each question with the way to answer it.
    asked: UnboundedSender<(ModelQuestion, Answer)>,
    /// Questions that are not wanted any more.
    closed: watch::Sender<usize>,
}

/// Counts a question that is not wanted any more.
struct Closing(watch::Sender<usize>);

impl Drop for Closing {
    fn drop(&mut self) {
        self.0.send_modify(|closed| *closed += 1);
    }
}

impl ChatModel for Puppet {
    fn ask(&self, question: ModelQuestion) -> BoxStream<'static, ModelNews> {
        let (answer, news) = unbounded_channel();
        let _ = self.asked.send((question, answer));
        let closing = Closing(self.closed.clone());
        stream::unfold((news, closing), |(mut news, closing)| async move {
            let next = news.recv().await?;
            Some((next, (news, closing)))
        })
        .boxed()
    }
}

/// An engine with a puppet.
struct Stage {
    engine: EngineHandle,
    asked: UnboundedReceiver<(ModelQuestion, Answer)>,
    closed: watch::Receiver<usize>,
}

impl Stage {
    async fn with(speech: Double) -> Self {
        let (asked, questions) = unbounded_channel();
        let (closed, closing) = watch::channel(0);
        let puppet = Puppet { asked, closed };
        let company = frontdesk_company::sample().unwrap();
        let engine = crate::engine_with_model(company, Arc::new(speech), Some(Arc::new(puppet))).await;
        Self {
            engine,
            asked: questions,
            closed: closing,
        }
    }

    async fn question(&mut self) -> (ModelQuestion, Answer) {
        self.asked.recv().await.unwrap()
    }
}

fn words(text: &str) -> ModelNews {
    ModelNews::Words(text.to_owned())
}

#[tokio::test]
async fn the_first_clause_sounds_before_the_model_has_finished() {
    let mut stage = Stage::with(Double::hearing(&[])).await;
    let mut client = Client::connect(&stage.engine).await;
    client.say("How much is an oil change?").await;
    let (_, answer) = stage.question().await;
    answer.send(words("Sure, an oil change ")).unwrap();
    let events = client.until("response.output_audio.delta").await;
    assert_eq!(transcript(&events), "Sure, ");
    answer.send(words("costs fifty dollars.")).unwrap();
    answer.send(ModelNews::End(Vec::new())).unwrap();
    assert_eq!(client.reply().await, "an oil change costs fifty dollars.");
}

#[tokio::test]
async fn instructions_tools_and_the_clients_results_pass_through() {
    let mut stage = Stage::with(Double::hearing(&[])).await;
    let mut client = Client::connect(&stage.engine).await;
    let tool = json!({ "type": "function", "name": "reserve_table", "description": "Reserves a table.", "parameters": { "type": "object" } });
    client
        .send(
            json!({ "type": "session.update", "session": { "type": "realtime", "output_modalities": ["text"],
            "instructions": "You work for a restaurant.", "tools": [tool] } }),
        )
        .await;
    client.until("session.updated").await;
    client.say("A table for two, please.").await;
    let (question, answer) = stage.question().await;
    let ModelLine::Instructions(instructions) = &question.lines[0] else {
        panic!("{question:?}")
    };
    assert!(instructions.starts_with("You work for a restaurant."), "{instructions}");
    assert_eq!(question.tools[0].description, "Reserves a table.");
    let call = FunctionRequest {
        name: "reserve_table".into(),
        arguments: r#"{"guests":2}"#.into(),
    };
    answer.send(ModelNews::End(vec![call])).unwrap();
    let events = client.until("response.done").await;
    let done = events
        .iter()
        .find(|event| event["type"] == "response.function_call_arguments.done")
        .unwrap();
    assert_eq!(
        (&done["name"], &done["arguments"]),
        (&json!("reserve_table"), &json!(r#"{"guests":2}"#))
    );

    let output = json!({ "type": "function_call_output", "call_id": done["call_id"], "output": "Reserved for 7 pm." });
    client
        .send(json!({ "type": "conversation.item.create", "item": output }))
        .await;
    client.until("conversation.item.done").await;
    client.send(json!({ "type": "response.create" })).await;
    let (question, answer) = stage.question().await;
    let Some(ModelLine::Outcome { output, .. }) = question.lines.last() else {
        panic!("{question:?}")
    };
    assert_eq!(output, "Reserved for 7 pm.");
    answer.send(words("Your table is reserved for seven.")).unwrap();
    answer.send(ModelNews::End(Vec::new())).unwrap();
    assert_eq!(client.reply().await, "Your table is reserved for seven.");
}

#[tokio::test]
async fn a_call_that_the_client_requires_is_required_of_the_model() {
    let mut stage = Stage::with(Double::hearing(&[])).await;
    let mut client = Client::connect(&stage.engine).await;
    let tool = |name: &str| json!({ "type": "function", "name": name, "parameters": { "type": "object" } });
    let tools = [tool("reserve_table"), tool("cancel_table")];
    client
        .send(json!({ "type": "session.update", "session": { "type": "realtime", "tools": tools, "tool_choice": "required" } }))
        .await;
    client.until("session.updated").await;
    let wishes = [
        (json!({}), CallWish::AtLeastOne, vec!["reserve_table", "cancel_table"]),
        (
            json!({ "tool_choice": "auto" }),
            CallWish::AsNeeded,
            vec!["reserve_table", "cancel_table"],
        ),
        (
            json!({ "tool_choice": { "type": "function", "name": "cancel_table" } }),
            CallWish::AtLeastOne,
            vec!["cancel_table"],
        ),
        (json!({ "tool_choice": "none" }), CallWish::AsNeeded, vec![]),
    ];
    for (response, wish, offered) in wishes {
        let item =
            json!({ "type": "message", "role": "user", "content": [{ "type": "input_text", "text": "A table." }] });
        client
            .send(json!({ "type": "conversation.item.create", "item": item }))
            .await;
        client
            .send(json!({ "type": "response.create", "response": response }))
            .await;
        let (question, answer) = stage.question().await;
        let names: Vec<&str> = question.tools.iter().map(|tool| tool.name.as_str()).collect();
        assert_eq!((question.calls, names), (wish, offered), "{response}");
        answer.send(words("Certainly.")).unwrap();
        answer.send(ModelNews::End(Vec::new())).unwrap();
        client.until("response.done").await;
    }
}

#[tokio::test]
async fn a_caller_who_interrupts_withdraws_the_question_and_only_the_heard_words_are_remembered() {
    let mut stage = Stage::with(Double::hearing(&["And", "And on Sunday?"])).await;
    let mut client = Client::connect(&stage.engine).await;
    client.say("When are you open?").await;
    let (_, answer) = stage.question().await;
    answer
        .send(words("We are open every day of the week. From nine to six on "))
        .unwrap();
    let events = client.until("response.output_audio.delta").await;
    let item = events
        .iter()
        .find_map(|event| event["item"]["id"].as_str().map(str::to_owned))
        .unwrap();
    client.speak(&tone(0)).await;
    client.until("input_audio_buffer.speech_started").await;
    client.until("response.done").await;
    stage.closed.wait_for(|closed| *closed == 1).await.unwrap();
    // Half of the only clause: its 500 ms hold eight words.
    client
        .send(json!({ "type": "conversation.item.truncate", "item_id": item, "content_index": 0, "audio_end_ms": 450 }))
        .await;
    client.until("conversation.item.truncated").await;
    // The caller goes on: both tones are one turn.
    client.speak(&turn(0)).await;
    let (question, answer) = stage.question().await;
    let said = question.lines.iter().find_map(|line| match line {
        ModelLine::Receptionist { text, .. } => Some(text.as_str()),
        _ => None,
    });
    let said = said.unwrap();
    assert!(
        said.starts_with("We are open") && said.ends_with("[interrupted by the caller]"),
        "{said}"
    );
    assert!(!said.contains("week"), "{said}");
    answer.send(words("We are closed on Sunday.")).unwrap();
    answer.send(ModelNews::End(Vec::new())).unwrap();
    assert_eq!(client.reply().await, "We are closed on Sunday.");
}

#[tokio::test]
async fn a_client_that_leaves_withdraws_the_question() {
    let mut stage = Stage::with(Double::hearing(&[])).await;
    let mut client = Client::connect(&stage.engine).await;
    client.say("When are you open?").await;
    let (_, _answer) = stage.question().await;
    drop(client);
    stage.closed.wait_for(|closed| *closed == 1).await.unwrap();
}

#[tokio::test]
async fn an_answer_out_of_band_is_written_beside_a_reply_that_runs() {
    let mut stage = Stage::with(Double::hearing(&[])).await;
    let mut client = Client::connect(&stage.engine).await;
    client.say("When are you open?").await;
    let (_, reply) = stage.question().await;
    client
        .send(
            json!({ "type": "response.create", "response": { "conversation": "none", "output_modalities": ["text"],
            "instructions": "Sum the call up.", "metadata": { "for": "summary" } } }),
        )
        .await;
    let (question, aside) = stage.question().await;
    let Some(ModelLine::Caller(last)) = question.lines.last() else {
        panic!("{question:?}")
    };
    assert!(last.contains("Sum the call up."), "{last}");
    aside.send(words("The caller asked for hours.")).unwrap();
    aside.send(ModelNews::End(Vec::new())).unwrap();
    let events = client.until("response.done").await;
    assert_eq!(events[events.len() - 1]["response"]["metadata"]["for"], "summary");
    assert_eq!(transcript(&events), "The caller asked for hours.");
    reply.send(words("From nine to six.")).unwrap();
    reply.send(ModelNews::End(Vec::new())).unwrap();
    assert_eq!(client.reply().await, "From nine to six.");
}
