//! Rounds against a scripted server and scripted tools, with time standing still.

use std::sync::{Arc, Mutex};

use frontdesk_call::tool::ToolDescription;
use frontdesk_call::voice_model::BoxFuture;

use super::super::scripted::{Scripted, Step};
use super::*;
use crate::registry::{Circumstances, Tool, ToolAnswer, ToolFailure, ToolRegistry};

/// Looks for free times after a while, as its one argument says.
struct Calendar;

impl Tool for Calendar {
    fn description(&self) -> ToolDescription {
        ToolDescription {
            name: "checkAvailability".into(),
            description: "Free times.".into(),
            parameters: json!({
                "type": "object",
                "properties": { "seconds": { "type": "integer" } },
                "additionalProperties": false
            }),
            timeout: Duration::from_secs(8),
        }
    }

    fn run(&self, arguments: Value, _: Circumstances) -> BoxFuture<'_, Result<ToolAnswer, ToolFailure>> {
        Box::pin(async move {
            let seconds = arguments["seconds"].as_u64().unwrap_or(0);
            tokio::time::sleep(Duration::from_secs(seconds)).await;
            Ok(json!({ "free": ["9:00 AM"], "after": seconds }).into())
        })
    }
}

/// What came of one question.
struct Outcome {
    answer: Result<String, Unanswered>,
    requests: Vec<Value>,
    used: Vec<UsedTool>,
    took: Duration,
}

async fn asked_with(steps: Vec<Step>, conversation: Vec<ChatMessage>) -> Outcome {
    let scripted = Arc::new(Scripted::new(steps));
    let client = ChatClient::new(scripted.clone(), "Double", "words-1");
    let tools = ToolRegistry::new(vec![Arc::new(Calendar)]).unwrap();
    let used = Mutex::new(Vec::new());
    let report = |tool| used.lock().unwrap().push(tool);
    let rounds = Rounds {
        client: &client,
        tools: &tools,
        report: &report,
    };
    let begun = Instant::now();
    let answer = rounds
        .answer(Question {
            call_id: CallId::random(),
            tool_call_id: ToolCallId::from("call_v"),
            now: WallTime("2026-11-23T15:00:00Z".parse().unwrap()),
            instructions: "Work.".into(),
            conversation,
        })
        .await;
    Outcome {
        answer,
        requests: scripted.requests(),
        took: begun.elapsed(),
        used: used.into_inner().unwrap(),
    }
}

async fn asked(steps: Vec<Step>) -> Outcome {
    asked_with(steps, vec![ChatMessage::user("Is Tuesday free?")]).await
}

/// The results that the last request carries: call id and output.
fn results(outcome: &Outcome) -> Vec<(String, Value)> {
    let messages = outcome.requests.last().unwrap()["messages"].as_array().unwrap();
    messages
        .iter()
        .filter(|message| message["role"] == "tool")
        .map(|message| {
            let output = serde_json::from_str(message["content"].as_str().unwrap()).unwrap();
            (message["tool_call_id"].as_str().unwrap().to_owned(), output)
        })
        .collect()
}

const CHECK: &str = "checkAvailability";

#[tokio::test(start_paused = true)]
async fn a_sentence_without_tools_is_the_answer_as_it_can_be_spoken() {
    let outcome = asked(vec![Step::say("**Yes**,\n\nwe are _open_.")]).await;
    assert_eq!(outcome.answer, Ok("Yes, we are open.".into()));
    assert_eq!(outcome.requests[0]["messages"][0]["role"], "system");
    assert_eq!(outcome.requests[0]["tool_choice"], "auto");
}

#[tokio::test(start_paused = true)]
async fn the_calls_of_a_round_run_side_by_side_and_each_gets_its_result() {
    let calls = [("a", CHECK, r#"{"seconds":4}"#), ("b", CHECK, r#"{"seconds":5}"#)];
    let outcome = asked(vec![Step::call(&calls), Step::say("Nine is free.")]).await;
    assert_eq!(outcome.answer, Ok("Nine is free.".into()));
    assert!(outcome.took < Duration::from_secs(6), "{:?}", outcome.took);
    let results = results(&outcome);
    assert_eq!(
        results
            .iter()
            .map(|(id, output)| (id.as_str(), output["after"].as_u64()))
            .collect::<Vec<_>>(),
        [("a", Some(4)), ("b", Some(5))]
    );
    let asked = &outcome.requests[1]["messages"][2];
    assert_eq!(
        asked["tool_calls"][1]["id"], "b",
        "the calls are told back unchanged: {asked}"
    );
    let ids: Vec<_> = outcome.used.iter().map(|tool| tool.id.to_string()).collect();
    assert_eq!(ids, ["call_v/1.1", "call_v/1.2"]);
}

#[tokio::test(start_paused = true)]
async fn bad_arguments_unknown_tools_and_too_many_calls_each_get_a_result_that_says_so() {
    let mut calls = vec![
        ("a", CHECK, "{seconds"),
        ("b", "fly", "{}"),
        ("c", CHECK, r#"{"minutes":1}"#),
    ];
    calls.extend((0..6).map(|_| ("many", CHECK, "{}")));
    let outcome = asked(vec![Step::call(&calls), Step::say("Sorry, once more?")]).await;
    assert_eq!(outcome.answer, Ok("Sorry, once more?".into()));
    let results = results(&outcome);
    assert_eq!(results.len(), calls.len());
    for (index, words) in [
        (0, "not valid JSON"),
        (1, "no tool named fly"),
        (2, "do not fit"),
        (8, "Too many calls"),
    ] {
        let sentence = results[index].1["error"].as_str().unwrap();
        assert!(sentence.contains(words), "{sentence}");
    }
    assert_eq!(results[3].1["after"], 0, "the good ones ran");
}

#[tokio::test(start_paused = true)]
async fn the_tenth_round_is_without_tools_and_an_eleventh_does_not_come() {
    let steps = (0..10).map(|_| Step::call(&[("a", CHECK, "{}")])).collect();
    let outcome = asked(steps).await;
    let unanswered = outcome.answer.unwrap_err();
    assert_eq!(unanswered.failure, ChatFailure::TooManyRounds);
    assert_eq!(outcome.requests.len(), 10);
    let choices: Vec<_> = outcome
        .requests
        .iter()
        .map(|request| request["tool_choice"].as_str().unwrap())
        .collect();
    assert_eq!(choices[8..], ["auto", "none"]);
    assert_eq!(unanswered.done.len(), 9);
}

#[tokio::test(start_paused = true)]
async fn a_tool_that_the_deadline_cuts_off_is_told_as_unknown() {
    let slow = |seconds| {
        Step::call(&[(
            "a",
            CHECK,
            if seconds == 7 {
                r#"{"seconds":7}"#
            } else {
                r#"{"seconds":6}"#
            },
        )])
    };
    let outcome = asked(vec![slow(7), slow(6)]).await;
    let unanswered = outcome.answer.unwrap_err();
    assert_eq!(unanswered.failure, ChatFailure::TooSlow);
    assert!(unanswered.cut_off);
    assert_eq!(unanswered.done.len(), 1, "the first one did its work");
    assert!(outcome.took >= WALL_CLOCK && outcome.took < WALL_CLOCK + Duration::from_millis(20));
}

#[tokio::test(start_paused = true)]
async fn a_conversation_that_is_too_long_is_shortened_once() {
    let said = || {
        (0..20)
            .map(|number| ChatMessage::user(format!("Sentence {number}.")))
            .collect::<Vec<_>>()
    };
    let too_long = || Step::refuse(400, "context_length_exceeded");
    let outcome = asked_with(vec![too_long(), Step::say("Yes.")], said()).await;
    assert_eq!(outcome.answer, Ok("Yes.".into()));
    let messages = outcome.requests[1]["messages"].as_array().unwrap();
    assert_eq!(messages.len(), 1 + MESSAGES_WHEN_TOO_LONG);
    assert_eq!(messages.last().unwrap()["content"], "Sentence 19.");

    let outcome = asked_with(vec![too_long(), too_long()], said()).await;
    assert_eq!(outcome.answer.unwrap_err().failure, ChatFailure::TooLong);
}

#[tokio::test(start_paused = true)]
async fn an_empty_answer_is_none() {
    let outcome = asked(vec![Step::say(" \n")]).await;
    assert_eq!(outcome.answer.unwrap_err().failure, ChatFailure::Malformed);
}
