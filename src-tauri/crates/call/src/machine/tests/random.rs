//! The properties.

use std::time::Duration;

use frontdesk_protocol::{SemanticVad, ServerEvent, ServerVad};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::action::{Action, action};
use super::watcher::Watcher;
use crate::config::TurnTaking;
use crate::event::CallEventBody;
use crate::machine::{Command, Input, Moment};

fn turn_taking() -> impl Strategy<Value = TurnTaking> {
    let own = ServerVad {
        create_response: Some(false),
        interrupt_response: Some(false),
        ..ServerVad::default()
    };
    prop_oneof![
        Just(TurnTaking::ServerVad(ServerVad::default())),
        Just(TurnTaking::ServerVad(own)),
        Just(TurnTaking::SemanticVad(SemanticVad::default())),
        Just(TurnTaking::PushToTalk),
    ]
}

fn server(json: Value) -> Action {
    Action::Server(Box::new(ServerEvent::parse(&json.to_string()).expect("a valid event")))
}

proptest! {
    #[test]
    fn whatever_happens_the_laws_hold_and_a_hang_up_ends_the_call(
        turn_taking in turn_taking(),
        actions in prop::collection::vec(action(20_000, true), 0..150),
    ) {
        let mut watcher = Watcher::new(turn_taking, false);
        actions.into_iter().for_each(|action| watcher.act(action));
        watcher.step(Input::Command(Command::EndCall));
        watcher.check_end();
    }

    #[test]
    fn no_response_is_asked_for_while_another_runs(
        turn_taking in turn_taking(),
        actions in prop::collection::vec(action(10, false), 0..150),
    ) {
        let mut watcher = Watcher::new(turn_taking, true);
        watcher.act(Action::Connect);
        actions.into_iter().for_each(|action| watcher.act(action));
        watcher.step(Input::Command(Command::EndCall));
        watcher.check_end();
    }

    #[test]
    fn a_call_that_everybody_forgot_ends_by_itself_and_never_spins(
        turn_taking in turn_taking(),
        actions in prop::collection::vec(action(5_000, true), 0..60),
    ) {
        let mut watcher = Watcher::new(turn_taking, false);
        actions.into_iter().for_each(|action| watcher.act(action));
        watcher.finish_tools();
        let mut steps = 0;
        while !watcher.machine.is_over() {
            watcher.act(Action::Wait(None));
            steps += 1;
            prop_assert!(steps < 500, "the machine spins at {:?}", watcher.now);
        }
        watcher.check_end();
        let longest = Moment(Duration::from_secs(3_600 + 120));
        prop_assert!(watcher.now < longest, "ended only at {:?}", watcher.now);
    }

    #[test]
    fn rows_stand_behind_the_predecessors_that_were_named(
        order in Just((1..8_usize).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        // A chain of turns; after the first, their announcements and texts arrive in any order.
        let mut watcher = Watcher::new(TurnTaking::ServerVad(ServerVad::default()), false);
        watcher.act(Action::Connect);
        for number in std::iter::once(0).chain(order) {
            let previous = number.checked_sub(1).map(|before| format!("turn{before}"));
            let item = json!({"type": "message", "role": "user", "id": format!("turn{number}"), "content": [{"type": "input_audio"}]});
            watcher.act(server(json!({"type": "conversation.item.added", "previous_item_id": previous, "item": item})));
            watcher.act(server(json!({"type": "conversation.item.input_audio_transcription.completed",
                "item_id": format!("turn{number}"), "transcript": "words"})));
        }
        let rows: Vec<_> = watcher.transcript().rows.into_iter().map(|row| row.item_id.to_string()).collect();
        let expected: Vec<_> = (0..8).map(|number| format!("turn{number}")).collect();
        prop_assert_eq!(rows, expected);
    }
}

#[test]
fn the_first_event_is_the_start_of_the_call() {
    let watcher = Watcher::new(TurnTaking::PushToTalk, true);
    assert!(matches!(
        watcher.events.first(),
        Some(CallEventBody::CallStarted { .. })
    ));
}
