//! Journal and history through their public faces, on real database files.

use std::path::Path;

use frontdesk_call::event::{EndReason, ToolOutcome};
use frontdesk_call::journal::Journal;
use frontdesk_call::{CallEventBody, CallId, ProblemKind};
use jiff::tz::TimeZone;

use super::{CallMatch, PAGE_LIMIT, PageRequest};
use crate::error::StoreError;
use crate::export::ExportFormat;
use crate::sample::Script;
use crate::{Database, History};

const FIRST: PageRequest = PageRequest { offset: 0, limit: 50 };

/// Two finished calls, an hour apart.
async fn two_calls(directory: &Path) -> Database {
    let database = Database::open(directory).unwrap();
    let mut oil = Script::begin("aaa1", "2026-11-20T10:00:00Z");
    oil.reply("r1", "Prime Auto Lab, good morning.")
        .caller("c1", "How much is a synthetic oil change for a Citroën?")
        .interrupted_reply(
            "r2",
            "It is eighty-nine dollars with the filter.",
            "It is eighty-nine dollars",
        )
        .tool("t1", "checkOpeningHours", "{}", ToolOutcome::Done, "open")
        .details("Ana Perez", "555-0199", "Oil change")
        .end(EndReason::HungUp);
    let mut brakes = Script::begin("aab2", "2026-11-20T11:00:00Z");
    brakes.caller("c1", "My brakes squeak.").end(EndReason::Goodbye);
    for call in [oil, brakes] {
        database.append(call.events).await.unwrap();
    }
    database
}

async fn found(history: &History, typed: &str) -> Vec<String> {
    history
        .search(typed, FIRST)
        .await
        .unwrap()
        .hits
        .into_iter()
        .map(|hit| hit.call.id.to_string())
        .collect()
}

#[tokio::test]
async fn the_history_lists_calls_newest_first_with_what_a_person_wants_to_know() {
    let directory = tempfile::tempdir().unwrap();
    let page = two_calls(directory.path()).await.history().list(FIRST).await.unwrap();
    assert_eq!(page.total, 2);
    let [brakes, oil] = page.calls.as_slice() else {
        panic!("{page:?}")
    };
    assert_eq!(brakes.preview, "My brakes squeak.");
    assert_eq!(oil.preview, "How much is a synthetic oil change for a Citroën?");
    assert_eq!(oil.started_at.to_string(), "2026-11-20T10:00:00.000Z");
    assert_eq!(
        (oil.end_reason, oil.open, oil.interrupted),
        (Some(EndReason::HungUp), false, false)
    );
    assert_eq!(
        (oil.counts.caller_turns, oil.counts.replies, oil.counts.tool_calls),
        (1, 2, 1)
    );
    assert_eq!(oil.details.name.as_deref(), Some("Ana Perez"));
    assert_eq!(oil.duration_ms, 5_012);
}

#[tokio::test]
async fn a_page_is_bounded_and_the_newest_calls_are_as_many_as_asked_for() {
    let directory = tempfile::tempdir().unwrap();
    let database = Database::open(directory.path()).unwrap();
    let calls = PAGE_LIMIT as usize + 1;
    for number in 0..calls {
        let call = Script::begin(&format!("{number:04}"), "2026-11-20T10:00:00Z");
        database.append(call.events).await.unwrap();
    }
    let history = database.history();
    let page = PageRequest {
        offset: 0,
        limit: u32::MAX,
    };
    assert_eq!(history.list(page).await.unwrap().calls.len(), PAGE_LIMIT as usize);
    let all = history.newest(None).await.unwrap();
    assert_eq!((all.total, all.calls.len()), (calls as u64, calls));
    assert_eq!(all.calls[0].id.as_str(), format!("{PAGE_LIMIT:04}"));
    let some = history.newest(Some(PAGE_LIMIT + 1)).await.unwrap();
    assert_eq!(some.calls.len(), calls);
    assert_eq!(history.newest(Some(2)).await.unwrap().calls, all.calls[..2]);
}

#[tokio::test]
async fn a_call_comes_back_event_for_event() {
    let directory = tempfile::tempdir().unwrap();
    let database = two_calls(directory.path()).await;
    let mut script = Script::begin("abc3", "2026-11-20T12:00:00.250Z");
    script
        .caller("c1", "\u{1}odd \"text\" \n <b>")
        .reply("r1", "Fine.")
        .end(EndReason::Idle);
    let id = script.id();
    database.append(script.events.clone()).await.unwrap();
    let record = database.history().call(&id).await.unwrap();
    assert_eq!(record.events, script.events);
    assert_eq!(record.unknown_events, 0);
}

#[tokio::test]
async fn search_finds_words_of_either_side_unfinished_words_and_the_callers_details() {
    let directory = tempfile::tempdir().unwrap();
    let history = two_calls(directory.path()).await.history();
    assert_eq!(found(&history, "synth").await, ["aaa1"]);
    assert_eq!(found(&history, "citroen oil").await, ["aaa1"]);
    assert_eq!(found(&history, "good MORNING").await, ["aaa1"]);
    assert_eq!(found(&history, "555-0199").await, ["aaa1"]);
    assert_eq!(found(&history, "brakes oil").await, [""; 0]);
    assert_eq!(found(&history, "\" OR * NEAR(").await, [""; 0]);
    assert_eq!(found(&history, "  ").await, [""; 0]);
}

#[tokio::test]
async fn search_knows_only_what_was_heard_of_an_interrupted_reply() {
    let directory = tempfile::tempdir().unwrap();
    let history = two_calls(directory.path()).await.history();
    assert_eq!(found(&history, "eighty-nine").await, ["aaa1"]);
    assert_eq!(found(&history, "filter").await, [""; 0]);
}

#[tokio::test]
async fn a_hit_shows_where_it_was_found() {
    let directory = tempfile::tempdir().unwrap();
    let page = two_calls(directory.path())
        .await
        .history()
        .search("squeak", FIRST)
        .await
        .unwrap();
    let parts: Vec<_> = page.hits[0]
        .excerpt
        .iter()
        .map(|part| (part.text.as_str(), part.matched))
        .collect();
    assert_eq!(parts, [("My brakes ", false), ("squeak", true), (".", false)]);
}

#[tokio::test]
async fn pages_go_through_ten_thousand_calls_without_gap_or_repetition() {
    let directory = tempfile::tempdir().unwrap();
    let database = Database::open(directory.path()).unwrap();
    let start: jiff::Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
    for block in 0..100_i64 {
        let mut events = Vec::new();
        for index in 0..100_i64 {
            let at = start + jiff::SignedDuration::from_secs(block * 100 + index);
            let mut script = Script::begin(&format!("call{:05}", block * 100 + index), &at.to_string());
            script.typed("c", "hello there").end(EndReason::HungUp);
            events.append(&mut script.events);
        }
        database.append(events).await.unwrap();
    }
    let history = database.history();
    let mut next = 10_000;
    for offset in (0..10_000).step_by(500) {
        let page = history.list(PageRequest { offset, limit: 500 }).await.unwrap();
        assert_eq!((page.total, page.calls.len()), (10_000, 500));
        for call in page.calls {
            next -= 1;
            assert_eq!(call.id.as_str(), format!("call{next:05}"));
        }
    }
    let page = history
        .search(
            "hello",
            PageRequest {
                offset: 9_999,
                limit: 50,
            },
        )
        .await
        .unwrap();
    assert_eq!((page.total, page.hits.len()), (10_000, 1));
    assert_eq!(page.hits[0].call.id.as_str(), "call00000");
}

#[tokio::test]
async fn a_call_is_found_by_its_id_a_unique_beginning_or_latest() {
    let directory = tempfile::tempdir().unwrap();
    let history = two_calls(directory.path()).await.history();
    let one = |id: &str| CallMatch::One(CallId::from_recorded(id));
    assert_eq!(history.resolve("aaa").await.unwrap(), one("aaa1"));
    assert_eq!(history.resolve(" AAB2 ").await.unwrap(), one("aab2"));
    assert_eq!(history.resolve("latest").await.unwrap(), one("aab2"));
    assert_eq!(history.resolve("zz").await.unwrap(), CallMatch::None);
    assert_eq!(history.resolve("").await.unwrap(), CallMatch::None);
    let several = vec![CallId::from_recorded("aab2"), CallId::from_recorded("aaa1")];
    assert_eq!(history.resolve("aa").await.unwrap(), CallMatch::Several(several));
}

#[tokio::test]
async fn a_deleted_call_leaves_no_word_in_the_files() {
    let directory = tempfile::tempdir().unwrap();
    let database = two_calls(directory.path()).await;
    let word = b"squeak";
    let holds_word = || {
        std::fs::read_dir(directory.path()).unwrap().any(|entry| {
            let path = entry.unwrap().path();
            path.is_file()
                && std::fs::read(path)
                    .unwrap()
                    .windows(word.len())
                    .any(|window| window == word)
        })
    };
    assert!(holds_word(), "the check itself must be able to find the word");
    let history = database.history();
    history.delete(&CallId::from_recorded("aab2")).await.unwrap();
    assert!(!holds_word());
    assert_eq!(found(&history, "brakes").await, [""; 0]);
    let missing = history.delete(&CallId::from_recorded("aab2")).await.unwrap_err();
    assert_eq!(
        missing,
        StoreError::NoSuchCall {
            call: "aab2".to_owned()
        }
    );
    assert_eq!(history.list(FIRST).await.unwrap().total, 1);
}

#[tokio::test]
async fn a_running_call_is_shown_as_open_and_cannot_be_deleted() {
    let directory = tempfile::tempdir().unwrap();
    let database = Database::open(directory.path()).unwrap();
    let script = Script::begin("running", "2026-11-20T10:00:00Z");
    database.append(script.events.clone()).await.unwrap();
    let history = database.history();
    assert!(history.list(FIRST).await.unwrap().calls[0].open);
    assert_eq!(history.delete(&script.id()).await, Err(StoreError::CallStillOpen));
}

#[tokio::test]
async fn events_with_a_gap_are_refused_whole_and_repeated_ones_are_welcome() {
    let directory = tempfile::tempdir().unwrap();
    let database = Database::open(directory.path()).unwrap();
    let mut script = Script::begin("gap", "2026-11-20T10:00:00Z");
    script.caller("c1", "Hello.").end(EndReason::HungUp);
    let events = script.events.clone();
    database.append(events[..2].to_vec()).await.unwrap();

    let refused = database
        .append(vec![events[2].clone(), events[4].clone()])
        .await
        .unwrap_err();
    assert_eq!(refused.kind, ProblemKind::Internal);
    assert_eq!(database.history().call(&script.id()).await.unwrap().events, events[..2]);

    let mut other = events[1].clone();
    other.body = CallEventBody::Reconnected;
    assert!(
        database.append(vec![other]).await.is_err(),
        "a number cannot be given twice"
    );

    database.append(events.clone()).await.unwrap();
    assert_eq!(database.history().call(&script.id()).await.unwrap().events, events);
}

#[tokio::test]
async fn a_wrong_append_does_not_touch_the_others_that_are_committed_with_it() {
    let directory = tempfile::tempdir().unwrap();
    let database = Database::open(directory.path()).unwrap();
    let good = Script::begin("good", "2026-11-20T10:00:00Z");
    let mut bad = Script::begin("bad", "2026-11-20T10:00:00Z");
    bad.end(EndReason::HungUp);
    let (first, second, third) = tokio::join!(
        database.append(bad.events[1..].to_vec()),
        database.append(good.events.clone()),
        database.append(bad.events[1..].to_vec()),
    );
    assert!(first.is_err() && third.is_err());
    second.unwrap();
    assert_eq!(database.history().list(FIRST).await.unwrap().total, 1);
}

#[tokio::test]
async fn a_call_left_open_is_closed_as_interrupted_at_the_next_start() {
    let directory = tempfile::tempdir().unwrap();
    let mut script = Script::begin("cut", "2026-11-20T10:00:00Z");
    script.caller("c1", "Are you");
    {
        let database = Database::open(directory.path()).unwrap();
        database.append(script.events.clone()).await.unwrap();
    }
    let database = Database::open(directory.path()).unwrap();
    assert_eq!(database.recovered_calls(), 1);
    script.end(EndReason::Interrupted);
    let record = database.history().call(&script.id()).await.unwrap();
    assert_eq!(record.events, script.events);
    assert!(record.summary.interrupted && !record.summary.open);
    drop(database);
    assert_eq!(Database::open(directory.path()).unwrap().recovered_calls(), 0);
}

#[tokio::test]
async fn a_call_of_a_living_process_is_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    let first = Database::open(directory.path()).unwrap();
    let script = Script::begin("alive", "2026-11-20T10:00:00Z");
    first.append(script.events.clone()).await.unwrap();
    let second = Database::open(directory.path()).unwrap();
    assert_eq!(second.recovered_calls(), 0);
    assert!(second.history().call(&script.id()).await.unwrap().summary.open);
}

#[tokio::test]
async fn exports_land_whole_or_not_at_all() {
    let directory = tempfile::tempdir().unwrap();
    let database = two_calls(&directory.path().join("data")).await;
    let history = database.history();
    let id = CallId::from_recorded("aaa1");
    let target = directory.path().join("call.srt");
    history
        .export(&id, ExportFormat::Srt, TimeZone::UTC, &target)
        .await
        .unwrap();
    assert!(
        std::fs::read_to_string(&target)
            .unwrap()
            .starts_with("1\n00:00:00,400 --> ")
    );

    let missing = directory.path().join("no/such/place.srt");
    let refused = history
        .export(&id, ExportFormat::Srt, TimeZone::UTC, &missing)
        .await
        .unwrap_err();
    assert!(
        refused
            .to_string()
            .ends_with("place.srt: the directory does not exist."),
        "{refused}"
    );
    let unknown = CallId::from_recorded("nobody");
    assert!(
        history
            .export(&unknown, ExportFormat::Srt, TimeZone::UTC, &target)
            .await
            .is_err()
    );
    assert_eq!(
        std::fs::read_dir(directory.path()).unwrap().count(),
        2,
        "no temporary file stays behind"
    );
}

#[tokio::test]
async fn all_calls_go_into_one_archive() {
    let directory = tempfile::tempdir().unwrap();
    let history = two_calls(&directory.path().join("data")).await.history();
    let target = directory.path().join("calls.zip");
    assert_eq!(
        history
            .export_all(ExportFormat::Markdown, TimeZone::UTC, &target)
            .await
            .unwrap(),
        2
    );
    let mut archive = zip::ZipArchive::new(std::fs::File::open(&target).unwrap()).unwrap();
    let mut names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    names.sort();
    assert_eq!(
        names,
        ["Call 2026-11-20 10.00.00 aaa1.md", "Call 2026-11-20 11.00.00 aab2.md"]
    );
    let text = std::io::read_to_string(archive.by_name(&names[1]).unwrap()).unwrap();
    assert!(text.contains("My brakes squeak."), "{text}");
}
