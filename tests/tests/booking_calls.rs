//! Callers drawn from a seed book appointments by voice with the local engine: real models, the product's tools, a real calendar. What
//! counts is the row in the database. The whole hundred is `cargo xtask bench bookings`; here are five, with every twist among them.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use frontdesk_tests::simulated_calls::plan::{Twist, plans};
use frontdesk_tests::simulated_calls::{SEED, make};

/// Calls made here.
const CALLS: usize = 5;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_callers_book_what_they_want() {
    let plans = plans(SEED, CALLS);
    for twist in [Twist::None, Twist::Correction, Twist::ClosedDay, Twist::FullSlot] {
        assert!(plans.iter().any(|plan| plan.twist == twist), "{twist:?}");
    }
    assert!(plans.iter().any(|plan| plan.telephone));
    let mut failed = Vec::new();
    make(&plans, |plan, outcome| {
        if let Err(why) = &outcome.grade {
            failed.push(format!("{plan:#?}\n{}\n{why}", outcome.conversation.join("\n")));
        }
    })
    .await
    .unwrap();
    assert!(failed.is_empty(), "{}", failed.join("\n\n"));
}
