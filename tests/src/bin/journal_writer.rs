//! A process that writes random calls into a database, for tests that kill it, crowd it or fill its disk.
//!
//! `journal_writer DIRECTORY SEED [EVENTS]` runs two calls at once and prints one line per event after its append resolved:
//! `kept CALL SEQ`. After `refused KIND` it waits for a line on its input and gives the same event again. With `EVENTS` each call ends
//! after that many; without, it runs until it is killed.

use std::io::{BufRead, Write};
use std::path::Path;

use frontdesk_call::event::{CallEventBody, EndReason, LegKind, Medium};
use frontdesk_call::identity::{ItemId, WallTime};
use frontdesk_call::journal::Journal;
use frontdesk_call::{CallEvent, CallId};
use frontdesk_store::Database;
use jiff::Timestamp;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [directory, seed, rest @ ..] = arguments.as_slice() else {
        anyhow::bail!("usage: DIRECTORY SEED [EVENTS]")
    };
    let seed: u64 = seed.parse()?;
    let limit = rest
        .first()
        .map(|events| events.parse())
        .transpose()?
        .unwrap_or(u64::MAX);
    let database = Database::open(Path::new(directory))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let calls = [seed, !seed].map(|seed| run_call(&database, StdRng::seed_from_u64(seed), limit));
        futures_util::future::try_join_all(calls).await.map(|_| ())
    })
}

async fn run_call(database: &Database, mut random: StdRng, limit: u64) -> anyhow::Result<()> {
    let call = CallId::random();
    for seq in 0..limit {
        let body = match seq {
            0 => CallEventBody::CallStarted {
                leg: LegKind::File,
                company: "Prime Auto Lab".to_owned(),
                backend: "Local engine".to_owned(),
                model: "test".to_owned(),
            },
            last if last + 1 == limit => CallEventBody::CallEnded {
                reason: EndReason::HungUp,
                problem: None,
            },
            _ => random_body(&mut random, seq),
        };
        let event = CallEvent {
            v: 1,
            seq,
            call_id: call.clone(),
            at: WallTime(Timestamp::now()),
            ms: seq * 10,
            body,
        };
        keep(database, event).await?;
    }
    Ok(())
}

async fn keep(database: &Database, event: CallEvent) -> anyhow::Result<()> {
    while let Err(problem) = database.append(vec![event.clone()]).await {
        let kind = serde_json::to_value(problem.kind)?;
        say(&format!("refused {}", kind.as_str().unwrap_or_default()))?;
        let mut line = String::new();
        anyhow::ensure!(
            std::io::stdin().lock().read_line(&mut line)? > 0,
            "refused, and nobody says to go on: {problem}"
        );
    }
    say(&format!("kept {} {}", event.call_id, event.seq))
}

fn say(line: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}

/// One of the event types that reach every table, with a text of random length.
fn random_body(random: &mut StdRng, seq: u64) -> CallEventBody {
    let words = random.random_range(0..60);
    let text = (0..words)
        .map(|_| format!("w{}", random.random_range(0..500)))
        .collect::<Vec<_>>()
        .join(" ");
    let item_id = ItemId::from(format!("item{seq}"));
    match random.random_range(0..4) {
        0 => CallEventBody::CallerTranscript {
            item_id,
            previous_item_id: None,
            text,
            medium: Medium::Voice,
        },
        1 => CallEventBody::ReplyDelta { item_id, delta: text },
        2 => CallEventBody::ReplyTranscript { item_id, text },
        _ => CallEventBody::ReplyInterrupted {
            item_id,
            heard_text: text,
            heard_ms: seq,
        },
    }
}
