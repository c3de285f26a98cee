//! The dialogue with a chat model at its public face; the model is a list of what it says.

use std::sync::Arc;

use serde_json::json;

use super::*;
use crate::dialogue::FunctionRequest;

const WISH: &str = "An oil change on Tuesday at nine, please. Dana Whitfield, 202 555 0143.";
const CLAIM: &str = "You are booked for Tuesday at nine. Anything else?";
const BOOKED: &str =
    r#"{"booked": true, "appointment": {"confirmationNumber": "482193", "spoken": "Tuesday, December 1 at 9:00 AM"}}"#;

/// A call with the sample company; what was said is remembered as heard.
struct Call {
    dialogue: ChatDialogue,
    lines: Vec<(char, String)>,
    questions: Vec<ModelQuestion>,
}

/// What one turn gave.
struct Turn {
    text: String,
    calls: Vec<FunctionRequest>,
}

impl Call {
    fn new() -> Self {
        let company = CompanyKnowledge::new(Arc::new(frontdesk_company::sample().unwrap()));
        let mut dialogue = ChatDialogue::new(&company);
        dialogue.offer_tools(
            vec![ToolOffer {
                name: "bookAppointment".into(),
                description: "Books.".into(),
                parameters: json!({ "type": "object" }),
            }],
            CallWish::AsNeeded,
        );
        Self {
            dialogue,
            lines: Vec::new(),
            questions: Vec::new(),
        }
    }

    fn now() -> Timestamp {
        "2026-11-23T15:00:00Z".parse().unwrap()
    }

    /// Lets the model say `answers`, one for each question.
    fn turn(&mut self, prompt: Prompt<'_>, answers: &[&[ModelNews]]) -> Turn {
        let now = Self::now();
        let lines = self.lines.clone();
        let mut heard = lines.iter().map(|(kind, text)| match kind {
            'c' => HeardLine::Caller(text),
            'r' => HeardLine::Receptionist {
                text,
                interrupted: false,
            },
            'f' => HeardLine::Call {
                id: "call_1",
                name: "bookAppointment",
                arguments: text,
            },
            _ => HeardLine::Outcome {
                id: "call_1",
                output: text,
            },
        });
        self.dialogue.look_back(&mut heard);
        let mut reply = self.dialogue.respond(prompt, now);
        let mut text = std::mem::take(&mut reply.text);
        let mut answers = answers.iter();
        let mut news = [].iter();
        while reply.then != Then::Done {
            if let Then::Ask(question) = &reply.then {
                self.questions.push(question.as_ref().clone());
                news = answers
                    .next()
                    .expect("the script has an answer for each question")
                    .iter();
            }
            reply = self.dialogue.go_on(news.next().expect("an answer ends").clone(), now);
            text.push_str(&reply.text);
        }
        self.lines.push(('r', text.clone()));
        Turn {
            text,
            calls: reply.calls,
        }
    }

    fn caller(&mut self, text: &str, answers: &[&[ModelNews]]) -> Turn {
        self.lines.push(('c', text.to_owned()));
        self.turn(Prompt::Caller { text, confidence: 1.0 }, answers)
    }

    fn outcome(&mut self, output: &str, answers: &[&[ModelNews]]) -> Turn {
        self.lines.push(('f', "{}".to_owned()));
        self.lines.push(('o', output.to_owned()));
        let outcome = FunctionOutcome {
            name: "bookAppointment",
            arguments: "{}",
            output,
        };
        self.turn(Prompt::Outcomes(&[outcome]), answers)
    }
}

fn words(text: &str) -> ModelNews {
    ModelNews::Words(text.to_owned())
}

fn end() -> ModelNews {
    ModelNews::End(Vec::new())
}

fn books() -> ModelNews {
    ModelNews::End(vec![FunctionRequest {
        name: "bookAppointment".into(),
        arguments: "{}".into(),
    }])
}

fn instructions(question: &ModelQuestion) -> &str {
    match &question.lines[0] {
        ModelLine::Instructions(text) => text,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_model_reads_the_clients_instructions_the_day_and_the_conversation() {
    let mut call = Call::new();
    call.dialogue.instruct("Be brief.", "");
    let turn = call.caller("Are you open?", &[&[words("Yes, until "), words("six."), end()]]);
    assert_eq!(turn.text, "Yes, until six.");
    let question = &call.questions[0];
    assert!(instructions(question).starts_with("Be brief."));
    assert!(instructions(question).contains("Monday, November 23, 2026"));
    assert_eq!(question.lines[1..], [ModelLine::Caller("Are you open?".into())]);
    assert_eq!(question.tools[0].description, "Books.");
}

#[test]
fn a_claim_without_a_success_is_asked_for_again_and_then_said_honestly() {
    let mut call = Call::new();
    let turn = call.caller(
        WISH,
        &[
            &[words(CLAIM), end()],
            &[words("Which name shall I book it under?"), end()],
        ],
    );
    assert_eq!(turn.text, "Which name shall I book it under?");
    let Some(ModelLine::Caller(last)) = call.questions[1].lines.last() else {
        panic!("{:?}", call.questions[1].lines)
    };
    assert!(last.contains("No tool has booked that one in this call"), "{last}");

    let turn = call.caller("Dana.", &[&[words(CLAIM), end()], &[words(CLAIM), end()]]);
    assert!(
        turn.text.contains("no confirmation yet that this is booked"),
        "{}",
        turn.text
    );
    assert!(!turn.text.contains("You are booked"), "{}", turn.text);
}

#[test]
fn a_claim_beside_its_own_call_is_dropped_and_the_call_is_made() {
    let mut call = Call::new();
    let turn = call.caller(WISH, &[&[words(CLAIM), books()]]);
    assert_eq!((turn.text.as_str(), turn.calls.len()), ("", 1));
    let turn = call.outcome(BOOKED, &[&[words(CLAIM), end()]]);
    assert_eq!(turn.text, CLAIM);
}

#[test]
fn a_refusal_of_the_calendar_is_no_ground_for_a_claim() {
    let mut call = Call::new();
    call.caller(WISH, &[&[books()]]);
    let turn = call.outcome(
        r#"{"error": "full"}"#,
        &[&[words(CLAIM), end()], &[words(CLAIM), end()]],
    );
    assert!(!turn.text.contains("You are booked"), "{}", turn.text);
}

#[test]
fn a_second_booking_that_fails_leaves_the_first_one_true_and_makes_nothing_of_itself_true() {
    let mut call = Call::new();
    call.caller(WISH, &[&[books()]]);
    call.outcome(BOOKED, &[&[words(CLAIM), end()]]);
    call.caller("And one on Thursday at three for my wife.", &[&[books()]]);
    let honest = "Thursday is full, I'm afraid. You are still booked for Tuesday at nine.";
    let turn = call.outcome(r#"{"error": "full"}"#, &[&[words(honest), end()]]);
    assert_eq!(turn.text, honest);
    let second = "I've got you down for Thursday at three.";
    let turn = call.caller(
        "Are you sure?",
        &[&[words(second), end()], &[words("It is full."), end()]],
    );
    assert_eq!(turn.text, "It is full.");
}

#[test]
fn an_answer_that_breaks_off_is_said_once_and_the_built_in_dialogue_takes_over_the_second_time() {
    let mut call = Call::new();
    let broken = [
        words("We open at nine. "),
        words("On Saturday and "),
        ModelNews::Failed(ModelFailure::Passing),
    ];
    let turn = call.caller("When do you open?", &[&broken]);
    assert!(turn.text.ends_with(LOST), "{}", turn.text);
    let turn = call.caller("When do you open?", &[&broken]);
    assert!(turn.text.contains(RELIEVED), "{}", turn.text);
    let turn = call.caller("How much is an oil change?", &[]);
    assert!(turn.text.contains("$50"), "{}", turn.text);
}

#[test]
fn a_model_that_cannot_be_reached_is_relieved_at_once_and_the_question_is_answered() {
    for failure in [ModelFailure::Passing, ModelFailure::Lasting] {
        let mut call = Call::new();
        let turn = call.caller("How much is an oil change?", &[&[ModelNews::Failed(failure)]]);
        assert!(
            turn.text.starts_with(RELIEVED) && turn.text.contains("$50"),
            "{}",
            turn.text
        );
    }
}

#[test]
fn what_was_booked_is_told_even_when_the_model_is_gone() {
    let mut call = Call::new();
    call.caller(WISH, &[&[books()]]);
    let turn = call.outcome(BOOKED, &[&[ModelNews::Failed(ModelFailure::Passing)]]);
    assert!(
        turn.text.contains("Tuesday, December 1 at 9:00 AM") && turn.text.contains("482193"),
        "{}",
        turn.text
    );
}

#[test]
fn what_was_booked_is_told_when_the_model_goes_after_a_further_call_without_words() {
    let mut call = Call::new();
    call.caller(WISH, &[&[books()]]);
    assert_eq!(call.outcome(BOOKED, &[&[books()]]).text, "");
    let turn = call.outcome(r#"{"error": "twice"}"#, &[&[ModelNews::Failed(ModelFailure::Passing)]]);
    assert!(turn.text.contains("482193"), "{}", turn.text);
}

#[test]
fn a_model_that_hangs_up_without_a_word_says_goodbye_all_the_same() {
    let mut call = Call::new();
    let hangs_up = ModelNews::End(vec![FunctionRequest {
        name: END_CALL.into(),
        arguments: "{}".into(),
    }]);
    // What it said cannot be spoken: nothing was saved.
    let answer = [words("Your message is saved. Goodbye!"), hangs_up];
    let turn = call.caller("That is all.", &[&answer]);
    assert_eq!(turn.calls.len(), 1);
    assert!(!turn.text.is_empty() && !turn.text.contains("saved"), "{}", turn.text);
}

#[test]
fn silence_is_filled_once_and_empty_answers_are_a_failure() {
    let mut call = Call::new();
    let turn = call.caller("Open?", &[&[ModelNews::Slow, ModelNews::Slow, words("Yes."), end()]]);
    assert_eq!(turn.text, format!("{}Yes.", FILLERS[1]));
    let turn = call.caller("Open?", &[&[words("<think>hm</think>"), end()]]);
    assert!(turn.text.contains(RELIEVED), "{}", turn.text);
}

#[test]
fn thoughts_that_are_written_down_are_not_said_and_are_silence_for_the_caller() {
    let mut call = Call::new();
    let answer = [
        words("<thi"),
        words("nk>The caller wants to know "),
        ModelNews::Slow,
        words("when we open. I have booked nothing.</thi"),
        ModelNews::Slow,
        words("nk>\n\nWe open at "),
        ModelNews::Slow,
        words("nine."),
        end(),
    ];
    let turn = call.caller("Open?", &[&answer]);
    assert_eq!(turn.text, format!("{}We open at nine.", FILLERS[1]));
    let quick = [words("<think>Hours.</think>At nine."), end()];
    assert_eq!(
        call.caller("When?", &[&quick]).text,
        "At nine.",
        "who thinks quickly fills nothing"
    );
}

#[test]
fn greeting_and_what_was_not_understood_need_no_model() {
    let mut call = Call::new();
    let greeting = Prompt::Unprompted {
        purpose: Purpose::Greeting,
        instructions: Some("Say exactly this: \"Hello, Prime Auto Lab.\""),
    };
    assert_eq!(call.turn(greeting, &[]).text, "Hello, Prime Auto Lab.");
    let unheard = Prompt::Caller {
        text: "mumble",
        confidence: 0.1,
    };
    assert!(!call.turn(unheard, &[]).text.is_empty());
    assert!(call.questions.is_empty());
}

#[test]
fn a_wish_of_the_client_is_asked_of_the_model() {
    let mut call = Call::new();
    let wish = "Tell a joke about cars.";
    call.dialogue.instruct("", wish);
    let prompt = Prompt::Unprompted {
        purpose: Purpose::Open,
        instructions: Some(wish),
    };
    assert_eq!(call.turn(prompt, &[&[words("Beep."), end()]]).text, "Beep.");
    let Some(ModelLine::Caller(last)) = call.questions[0].lines.last() else {
        panic!()
    };
    assert!(last.contains(wish), "{last}");
}
