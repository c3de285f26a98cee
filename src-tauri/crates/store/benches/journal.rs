//! How fast the journal keeps events: one call alone, and many calls whose events are committed together.
//!
//! Run with `cargo bench -p frontdesk-store`. The time of one iteration is the time until every append of it was answered, so the events
//! are as durable as a call needs them to be. The file lies in the system's folder for temporary files.

#![allow(clippy::unwrap_used, reason = "a measurement that cannot go on stops")]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use frontdesk_call::event::{CallEventBody, EVENT_VERSION, LegKind};
use frontdesk_call::identity::WallTime;
use frontdesk_call::journal::Journal;
use frontdesk_call::{CallEvent, CallId};
use frontdesk_store::Database;
use jiff::Timestamp;
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinSet;

/// Calls that write at the same time in the second measurement.
const CALLS: usize = 32;

/// A call that writes the piece of a transcript, again and again.
struct WritingCall {
    id: CallId,
    next_seq: u64,
}

impl WritingCall {
    fn begin() -> Self {
        Self {
            id: CallId::random(),
            next_seq: 0,
        }
    }

    fn event(&mut self) -> CallEvent {
        let body = match self.next_seq {
            0 => CallEventBody::CallStarted {
                leg: LegKind::Native,
                company: "Prime Auto Lab".to_owned(),
                backend: "Local engine".to_owned(),
                model: "bench".to_owned(),
            },
            seq => CallEventBody::ReplyDelta {
                item_id: format!("item{}", seq / 20).into(),
                delta: " an oil change takes about thirty minutes".to_owned(),
            },
        };
        let event = CallEvent {
            v: EVENT_VERSION,
            seq: self.next_seq,
            call_id: self.id.clone(),
            at: WallTime(Timestamp::now()),
            ms: self.next_seq * 10,
            body,
        };
        self.next_seq += 1;
        event
    }
}

/// A database of its own. The folder goes last.
struct Desk {
    database: Database,
    runtime: Runtime,
    _folder: TempDir,
}

fn desk() -> Desk {
    let folder = tempfile::tempdir().unwrap();
    Desk {
        database: Database::open(folder.path()).unwrap(),
        runtime: Builder::new_current_thread().build().unwrap(),
        _folder: folder,
    }
}

fn journal(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("journal");
    let desk = desk();
    let mut call = WritingCall::begin();
    group.throughput(Throughput::Elements(1));
    group.bench_function("one event of one call", |bencher| {
        bencher.iter(|| {
            let event = call.event();
            desk.runtime.block_on(desk.database.append(vec![event])).unwrap();
        });
    });
    let mut calls: [WritingCall; CALLS] = std::array::from_fn(|_| WritingCall::begin());
    group.throughput(Throughput::Elements(CALLS as u64));
    group.bench_function("one event of each of 32 calls", |bencher| {
        bencher.iter(|| {
            desk.runtime.block_on(async {
                let mut appends = JoinSet::new();
                for call in &mut calls {
                    let (database, event) = (desk.database.clone(), call.event());
                    appends.spawn(async move { database.append(vec![event]).await });
                }
                while let Some(kept) = appends.join_next().await {
                    kept.unwrap().unwrap();
                }
            });
        });
    });
    group.finish();
}

criterion_group!(store, journal);
criterion_main!(store);
