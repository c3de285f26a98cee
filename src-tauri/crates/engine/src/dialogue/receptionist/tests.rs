//! Conversations with the sample company, turn by turn.

use std::sync::Arc;

use proptest::prelude::*;
use serde_json::json;

use super::*;

const SAVE: &str = "saveCallerDetails";

fn now() -> Timestamp {
    "2026-11-23T15:00:00Z".parse().unwrap()
}

fn receptionist() -> Receptionist {
    let company = CompanyKnowledge::new(Arc::new(frontdesk_company::sample().unwrap()));
    let mut receptionist = Receptionist::new(&company);
    unprompted(&mut receptionist, Purpose::Greeting, None);
    receptionist
}

/// What is said without anybody having spoken.
fn unprompted(receptionist: &mut Receptionist, purpose: Purpose, instructions: Option<&str>) -> String {
    receptionist
        .respond(Prompt::Unprompted { purpose, instructions }, now())
        .text
}

fn with_saving() -> Receptionist {
    let mut receptionist = receptionist();
    let text = json!({ "type": "string" });
    let parameters = json!({ "type": "object", "properties": { "name": text, "phone": text, "reason": text } });
    receptionist.offer_tools(
        vec![ToolOffer {
            name: SAVE.into(),
            description: String::new(),
            parameters,
        }],
        CallWish::AsNeeded,
    );
    receptionist
}

fn with_hanging_up() -> Receptionist {
    let mut receptionist = receptionist();
    receptionist.offer_tools(
        vec![ToolOffer {
            name: END_CALL.into(),
            description: String::new(),
            parameters: json!({}),
        }],
        CallWish::AsNeeded,
    );
    receptionist
}

fn say(receptionist: &mut Receptionist, text: &str) -> String {
    respond(receptionist, text).text
}

fn respond(receptionist: &mut Receptionist, text: &str) -> Reply {
    receptionist.respond(Prompt::Caller { text, confidence: 0.9 }, now())
}

/// Asks for a call back and tells everything; the reply to the last "yes".
fn leave_message(receptionist: &mut Receptionist) -> Reply {
    say(receptionist, "Could someone call me back?");
    say(receptionist, "My name is Anna Carter.");
    say(receptionist, "five five five, oh one four, two three six seven");
    let read = say(receptionist, "It's about a strange noise in my car.");
    for detail in ["Anna Carter", "555-014-2367", "strange noise in my car"] {
        assert!(read.contains(detail), "{read}");
    }
    respond(receptionist, "Yes, that's correct.")
}

#[test]
fn the_first_words_name_the_company_and_say_that_a_machine_speaks() {
    let company = CompanyKnowledge::new(Arc::new(frontdesk_company::sample().unwrap()));
    let mut receptionist = Receptionist::new(&company);
    let told = unprompted(&mut receptionist, Purpose::Open, None);
    assert!(told.contains("Prime Auto Lab") && told.contains("automated"), "{told}");
    let told = unprompted(&mut receptionist, Purpose::Open, None);
    assert!(!told.contains("Prime Auto Lab"), "{told}");
}

#[test]
fn a_sentence_that_the_client_dictates_is_said() {
    let dictated = Some("Say exactly this and nothing more: \"Good morning from the night shift.\"");
    let mut receptionist = receptionist();
    let told = unprompted(&mut receptionist, Purpose::Open, dictated);
    assert_eq!(told, "Good morning from the night shift.");
}

#[test]
fn several_questions_at_once_are_all_answered() {
    let told = say(
        &mut receptionist(),
        "How much is an oil change, are you open on Saturday, and where are you?",
    );
    for fact in ["$50 to $80", "9:00 AM to 4:00 PM", "123 Main Street"] {
        assert!(told.contains(fact), "{told}");
    }
}

#[test]
fn follow_up_questions_keep_the_topic() {
    let mut receptionist = receptionist();
    say(&mut receptionist, "How much is a brake repair?");
    assert!(say(&mut receptionist, "And how long does it take?").contains("2 hours"));
    assert!(say(&mut receptionist, "What about an oil change?").contains("30 minutes"));
    say(&mut receptionist, "Are you open on Saturday?");
    assert!(say(&mut receptionist, "And on Sunday?").contains("closed"));
}

#[test]
fn a_message_is_saved_only_when_the_function_says_so() {
    let mut receptionist = with_saving();
    let reply = leave_message(&mut receptionist);
    assert!(
        reply.text.is_empty(),
        "nothing is claimed before the function has answered: {}",
        reply.text
    );
    let [call] = reply.calls.as_slice() else {
        panic!("{:?}", reply.calls)
    };
    let arguments: serde_json::Value = serde_json::from_str(&call.arguments).unwrap();
    assert_eq!(arguments["name"], "Anna Carter");
    assert_eq!(arguments["phone"], "555-014-2367");
    let outcome = |output| {
        [FunctionOutcome {
            name: SAVE,
            arguments: &call.arguments,
            output,
        }]
    };
    let saved = receptionist
        .respond(Prompt::Outcomes(&outcome(r#"{"saved": {}}"#)), now())
        .text;
    assert!(saved.contains("saved"), "{saved}");

    let mut receptionist = with_saving();
    let reply = leave_message(&mut receptionist);
    let arguments = reply.calls[0].arguments.clone();
    let failed = [FunctionOutcome {
        name: SAVE,
        arguments: &arguments,
        output: r#"{"error": "disk full"}"#,
    }];
    let told = receptionist.respond(Prompt::Outcomes(&failed), now()).text;
    assert!(
        told.contains("could not save") && told.contains("(555) 123-4567"),
        "{told}"
    );
}

#[test]
fn without_the_function_nothing_is_claimed_to_be_saved() {
    let told = leave_message(&mut receptionist()).text;
    assert!(told.contains("no way to pass") && !told.contains("saved"), "{told}");
}

#[test]
fn an_appointment_is_not_claimed_to_be_booked() {
    let mut receptionist = receptionist();
    let told = say(&mut receptionist, "I'd like to book an oil change for tomorrow at ten.");
    assert!(told.contains("can't book"), "{told}");
    say(&mut receptionist, "John Miller");
    let read = say(&mut receptionist, "555 014 2367");
    assert!(read.contains("oil change for tomorrow"), "{read}");
}

#[test]
fn questions_between_the_details_are_answered_and_the_details_go_on() {
    let mut receptionist = receptionist();
    say(&mut receptionist, "Can I leave a message?");
    let told = say(&mut receptionist, "How much is a battery replacement?");
    assert!(told.contains("$100 to $200") && told.contains("name"), "{told}");
    assert!(say(&mut receptionist, "Maria Lopez").contains("phone"));
}

#[test]
fn an_unknown_thing_is_admitted_and_becomes_the_reason_of_a_message() {
    let mut receptionist = receptionist();
    assert!(say(&mut receptionist, "Do you sell used motorcycles?").contains("don't have"));
    assert!(say(&mut receptionist, "Yes please.").contains("name"));
    say(&mut receptionist, "Tom Baker");
    assert!(say(&mut receptionist, "5550142367").contains("motorcycles"));
}

#[test]
fn no_more_questions_end_the_call_politely() {
    let mut receptionist = receptionist();
    say(&mut receptionist, "Thank you very much.");
    let reply = respond(&mut receptionist, "No, thanks.");
    assert!(reply.text.contains("oodbye"), "{}", reply.text);
    assert!(reply.calls.is_empty(), "a function that nobody offered was called");
}

#[test]
fn the_function_that_ends_the_call_is_used_when_it_is_offered() {
    let mut receptionist = with_hanging_up();
    let reply = respond(&mut receptionist, "Okay, goodbye!");
    assert!(
        reply.text.contains("oodbye"),
        "the closing sentence comes with the call: {reply:?}"
    );
    assert_eq!(reply.calls.first().map(|call| call.name.as_str()), Some(END_CALL));
    let arguments = reply.calls[0].arguments.clone();
    for output in ["{}", r#"{"error": "The call is ending."}"#] {
        let done = [FunctionOutcome {
            name: END_CALL,
            arguments: &arguments,
            output,
        }];
        let reply = receptionist.respond(Prompt::Outcomes(&done), now());
        assert_eq!(reply, Reply::default(), "the goodbye is not said twice");
    }
    let told = say(&mut receptionist, "Oh wait, how much is an oil change?");
    assert!(told.contains("$50 to $80"), "who goes on is answered: {told}");
}

#[test]
fn a_call_does_not_end_while_something_is_asked() {
    let mut receptionist = with_hanging_up();
    for text in [
        "Thank you. And how much is an oil change?",
        "Good night is it then, are you open on Saturday?",
        "Thanks, bye. Oh, where are you located?",
        "Hello?",
        "Thank you very much.",
    ] {
        let reply = respond(&mut receptionist, text);
        assert!(
            reply.calls.is_empty() && !reply.text.contains("oodbye"),
            "{text}: {reply:?}"
        );
    }
}

#[test]
fn a_confirmation_that_takes_leave_saves_the_message_before_the_goodbye() {
    let mut receptionist = with_saving();
    receptionist.offers.push(ToolOffer {
        name: END_CALL.into(),
        description: String::new(),
        parameters: json!({}),
    });
    say(&mut receptionist, "Could someone call me back?");
    say(&mut receptionist, "My name is Anna Carter.");
    say(&mut receptionist, "five five five, oh one four, two three six seven");
    say(&mut receptionist, "It's about a strange noise in my car.");
    let reply = respond(&mut receptionist, "Yes, that's right. Thank you, bye bye.");
    let [call] = reply.calls.as_slice() else {
        panic!("{reply:?}")
    };
    assert_eq!(call.name, SAVE);
    let saved = [FunctionOutcome {
        name: SAVE,
        arguments: &call.arguments,
        output: r#"{"saved": {}}"#,
    }];
    let reply = receptionist.respond(Prompt::Outcomes(&saved), now());
    assert!(
        reply.text.contains("saved") && reply.text.contains("oodbye"),
        "{reply:?}"
    );
    assert_eq!(reply.calls.first().map(|call| call.name.as_str()), Some(END_CALL));
}

#[test]
fn the_truth_is_told_about_being_a_machine_and_last_words_are_repeated() {
    let mut receptionist = receptionist();
    let told = say(&mut receptionist, "Am I talking to a real person?");
    assert!(told.contains("automated") || told.contains("not a"), "{told}");
    let told = say(&mut receptionist, "Where are you located?");
    assert_eq!(say(&mut receptionist, "Sorry, what did you say?"), told);
}

#[test]
fn unclear_words_are_asked_for_again_and_then_a_message_is_offered() {
    let mut receptionist = receptionist();
    let unsure = |receptionist: &mut Receptionist| {
        receptionist
            .respond(
                Prompt::Caller {
                    text: "how mush broke",
                    confidence: 0.1,
                },
                now(),
            )
            .text
    };
    let first = unsure(&mut receptionist);
    assert!(first.contains("did not catch") && !first.contains("message"), "{first}");
    let told = unsure(&mut receptionist);
    assert!(told.contains("type"), "{told}");
    assert!(told.contains("message") || told.contains("name and number"), "{told}");
    assert_ne!(unsure(&mut receptionist), told, "the same words twice in a row");
    assert!(say(&mut receptionist, "yes please").contains("name"));
    // What is not understood while a message is taken is asked for again, with another way to answer from the second time on.
    assert!(unsure(&mut receptionist).contains("name"));
}

#[test]
fn a_reply_that_was_not_heard_is_undone() {
    let mut receptionist = receptionist();
    say(&mut receptionist, "How much is");
    receptionist.withdraw();
    assert!(say(&mut receptionist, "a brake repair?").contains("$150 to $400"));
}

#[test]
fn a_conversation_is_taken_up_again_where_it_stopped() {
    let company = CompanyKnowledge::new(Arc::new(frontdesk_company::sample().unwrap()));
    let mut receptionist = Receptionist::new(&company);
    for line in [
        PastLine::Receptionist("Thank you for calling Prime Auto Lab."),
        PastLine::Caller("Could somebody call me back?"),
        PastLine::Receptionist("Certainly. May I have your name, please?"),
        PastLine::Note("Continue the conversation, do not greet again."),
    ] {
        receptionist.recall(line, now());
    }
    assert!(say(&mut receptionist, "Peter Novak").contains("phone"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn whatever_is_said_gets_an_answer(lines in proptest::collection::vec("\\PC{0,60}", 1..8)) {
        let mut receptionist = with_saving();
        for line in &lines {
            let reply = respond(&mut receptionist, line);
            prop_assert!(!reply.text.is_empty() || !reply.calls.is_empty(), "silence after {line:?}");
        }
    }
}

/// A receptionist who has just asked for the name, the number or the reason.
fn asking_for(field: &str) -> Receptionist {
    let mut receptionist = receptionist();
    say(&mut receptionist, "Could someone call me back?");
    if field != "name" {
        say(&mut receptionist, "My name is Anna Carter.");
    }
    if field == "reason" {
        say(&mut receptionist, "555 014 2367");
    }
    receptionist
}

/// What the form holds of the field after the utterance, and the reply to it.
fn taken(field: &str, text: &str) -> (Option<String>, String) {
    let mut receptionist = asking_for(field);
    let told = say(&mut receptionist, text);
    let details = &receptionist.state.details;
    let value = match field {
        "name" => &details.name,
        "phone" => &details.phone,
        _ => &details.reason,
    };
    (value.clone(), told)
}

#[test]
fn a_question_in_the_middle_is_answered_and_the_detail_asked_for_again() {
    const UNKNOWN: &str = "don't";
    let asked_again = |field: &str, told: &str| match field {
        "name" => told.contains("name"),
        "phone" => told.contains("phone") || told.contains("number"),
        _ => told.contains("about") || told.contains("reason") || told.contains("calling"),
    };
    for (field, text, answer) in [
        ("name", "Do you sell used motorcycles?", UNKNOWN),
        ("name", "do you sell used motorcycles", UNKNOWN),
        ("name", "You sell motorcycles too?", UNKNOWN),
        ("name", "Oh wait, is Mike there today?", ""),
        ("name", "I'd like to know if you sell motorcycles.", UNKNOWN),
        ("name", "Does anyone there speak Klingon?", UNKNOWN),
        ("name", "Can you paint my fence", ""),
        ("name", "How much is an oil change?", "$50"),
        ("name", "Saturday hours?", "9:00 AM"),
        ("name", "Where are you located?", "123 Main Street"),
        ("name", "Why do you need my name?", ""),
        ("phone", "Do you sell used motorcycles?", UNKNOWN),
        ("phone", "Are you open on Saturday at ten?", "Saturday"),
        ("phone", "Is it 123 Main Street, your address?", ""),
        ("phone", "What was your number, 555 123 4567?", ""),
        ("phone", "How long does a brake repair take?", "2 hours"),
        ("reason", "Do you sell used motorcycles?", UNKNOWN),
        ("reason", "Are you open on Saturday?", "9:00 AM"),
        ("reason", "Is there a playground?", UNKNOWN),
        ("reason", "Why do you want to know?", ""),
    ] {
        let (value, told) = taken(field, text);
        assert_eq!(value, None, "{field}: {text} was taken down; {told}");
        assert!(told.contains(answer), "{field}: {text} was answered with: {told}");
        assert!(
            asked_again(field, &told),
            "{field} was not asked for again after {text}: {told}"
        );
    }
}

#[test]
fn answers_that_look_unusual_are_taken_down() {
    for (field, text, value) in [
        ("name", "My name is Will Do", "Will Do"),
        ("name", "my name is will do", "Will Do"),
        ("name", "It's Will Do.", "Will Do"),
        ("name", "Will Smith", "Will Smith"),
        ("name", "Will.", "Will"),
        ("name", "It's Ng", "Ng"),
        ("name", "Ng.", "Ng"),
        ("name", "O'Brien", "O'Brien"),
        ("name", "Sinéad O’Connor", "Sinéad O’Connor"),
        ("name", "Vincent Price", "Vincent Price"),
        ("name", "Glenn Close.", "Glenn Close"),
        ("name", "It's April May", "April May"),
        ("name", "Can Yilmaz", "Can Yilmaz"),
        ("name", "Anna Carter?", "Anna Carter"),
        ("name", "Sure, it's Xi Li.", "Xi Li"),
        ("name", "Thank you, it's José Núñez", "José Núñez"),
        ("name", "Sarah Lee, do you sell used motorcycles?", "Sarah Lee"),
        ("name", "I am Do Nguyen", "Do Nguyen"),
        ("phone", "Is 555 014 2367 okay?", "5550142367"),
        (
            "phone",
            "five five five oh one four two three six seven, that's it",
            "5550142367",
        ),
        ("phone", "Five five five, oh one four two?", "5550142"),
        ("reason", "Can I get a quote for my fence?", "get a quote for my fence"),
        ("reason", "When I brake it squeaks.", "When I brake it squeaks"),
        ("reason", "Could someone call me about my invoice?", ""),
        ("reason", "What I need is a new key.", "What I need is a new key"),
    ] {
        let (taken, told) = taken(field, text);
        assert!(
            taken.as_ref().is_some_and(|taken| value.is_empty() || taken == value),
            "{field}: {text} gave {taken:?}; {told}"
        );
    }
}

#[test]
fn a_name_and_a_question_in_one_breath_are_both_dealt_with() {
    let (name, told) = taken("name", "It's Sarah Lee. How much is an oil change?");
    assert_eq!(name.as_deref(), Some("Sarah Lee"));
    assert!(told.contains("$50") && told.contains("phone"), "{told}");
}

#[test]
fn a_refusal_that_asks_something_is_a_question() {
    let mut receptionist = receptionist();
    say(&mut receptionist, "Thank you very much.");
    let told = say(&mut receptionist, "No, do you sell used motorcycles?");
    assert!(!told.contains("oodbye"), "{told}");
}
