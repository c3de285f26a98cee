//! Thousands of random bookings at once from two processes: never more than fit, and nobody is sent away while there is room.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use frontdesk_call::CallId;
use frontdesk_desk::offer::Offer;
use frontdesk_desk::slots::has_room;
use frontdesk_desk::{BookingRequest, Desk, DeskError, Origin, Refusal};
use frontdesk_store::Database;
use frontdesk_store::agenda::{Booking, Occupied};
use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

/// Where the second process finds the database.
const FOLDER: &str = "FRONTDESK_TEST_TWO_PROCESSES_FOLDER";
/// What the second process says when it has booked for the first time.
const READY: &str = "the second process has begun";
/// Wishes of each process.
const WISHES: u64 = 1_500;
/// Wishes under way at the same time in each.
const AT_ONCE: u64 = 24;
const NOW: &str = "2026-11-23T13:00:00Z";

fn desk(folder: &Path) -> Desk {
    let mut company = frontdesk_company::sample().unwrap();
    // Begins that overlap in many ways.
    company.booking.start_every_minutes = frontdesk_company::Minutes(10);
    Desk::new(&Database::open(folder).unwrap(), Arc::new(company))
}

/// Random wishes for one week; what was refused as full is answered.
async fn wish_for_many(desk: &Desk, seed: u64) -> Vec<(String, Timestamp)> {
    let tasks: Vec<_> = (0..AT_ONCE)
        .map(|task| {
            let desk = desk.clone();
            tokio::spawn(async move {
                let mut random = StdRng::seed_from_u64(seed * 1_000 + task);
                let mut full = Vec::new();
                for wish in 0..WISHES / AT_ONCE {
                    let company = desk.company();
                    let service = company.services[random.random_range(0..company.services.len())]
                        .id
                        .to_string();
                    let day = date(2026, 11, random.random_range(24..=27));
                    let start = desk
                        .moment(
                            day,
                            jiff::civil::time(random.random_range(9..15), random.random_range(0..6) * 10, 0, 0),
                        )
                        .unwrap();
                    let request = BookingRequest {
                        service: service.clone(),
                        start,
                        name: format!("Customer {seed} {task} {wish}"),
                        phone: format!("555 {:07}", random.random_range(2_000_000..9_999_999)),
                        notes: String::new(),
                        origin: Origin::Call(CallId::random()),
                    };
                    match desk.book(request, NOW.parse().unwrap()).await {
                        Ok(_) => {}
                        Err(DeskError::Refused(Refusal::Full)) => full.push((service, start)),
                        Err(other) => panic!("{other:?}"),
                    }
                }
                full
            })
        })
        .collect();
    let mut full = Vec::new();
    for task in tasks {
        full.extend(task.await.unwrap());
    }
    full
}

/// The first appointment of a process, at a time that is free for sure.
async fn book_first(desk: &Desk, seed: u64) {
    let service = desk.company().services[0].id.to_string();
    let start = desk.moment(date(2026, 11, 24), jiff::civil::time(16, 0, 0, 0)).unwrap();
    let request = BookingRequest {
        service,
        start,
        name: format!("Customer {seed} first"),
        phone: format!("555 200 000{seed}"),
        notes: String::new(),
        origin: Origin::Call(CallId::random()),
    };
    desk.book(request, NOW.parse().unwrap()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_never_book_more_than_fits_and_never_refuse_what_would() {
    if let Some(folder) = std::env::var_os(FOLDER) {
        let desk = desk(Path::new(&folder));
        book_first(&desk, 2).await;
        writeln!(std::io::stdout(), "{READY}").unwrap();
        wish_for_many(&desk, 2).await;
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let desk = desk(directory.path());
    let name = "two_processes_never_book_more_than_fits_and_never_refuse_what_would";
    book_first(&desk, 1).await;
    let mut other = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", name, "--nocapture"])
        .env(FOLDER, directory.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    // A process that starts late would find everything taken by the other.
    let mut said = BufReader::new(other.stdout.take().unwrap()).lines();
    assert!(
        said.any(|line| line.unwrap().contains(READY)),
        "the other process never began"
    );
    // What it says further, so that it never waits for a reader.
    let rest = std::thread::spawn(move || said.count());
    let full = wish_for_many(&desk, 1).await;
    assert!(other.wait().unwrap().success(), "the other process failed");
    rest.join().unwrap();

    let bookings = desk
        .bookings(date(2026, 11, 23), date(2026, 11, 30), true)
        .await
        .unwrap();
    assert!(
        bookings
            .iter()
            .any(|booking| booking.customer_name.starts_with("Customer 1"))
    );
    assert!(
        bookings
            .iter()
            .any(|booking| booking.customer_name.starts_with("Customer 2"))
    );
    assert_eq!(most_at_once(&bookings), 2, "two bays");
    assert!(!full.is_empty());
    // Nothing was cancelled, so what was full then is full now.
    let taken: Vec<Occupied> = bookings
        .iter()
        .map(|booking| Occupied {
            from: booking.starts_at,
            until: booking.occupied_until,
        })
        .collect();
    for (service, start) in full {
        let offer = Offer::of(desk.company(), desk.company().service_named(&service).unwrap());
        assert!(
            !has_room(&offer, start, &taken),
            "{service} at {start} was refused and fits"
        );
    }
    let mut numbers: Vec<&str> = bookings.iter().map(|booking| booking.confirmation.as_str()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), bookings.len(), "confirmation numbers are unique");
}

/// The most appointments that any minute has.
fn most_at_once(bookings: &[Booking]) -> usize {
    let first = bookings.iter().map(|booking| booking.starts_at.0).min().unwrap();
    let last = bookings.iter().map(|booking| booking.occupied_until.0).max().unwrap();
    let minutes = first.duration_until(last).as_mins();
    (0..minutes)
        .map(|minute| first + SignedDuration::from_mins(minute))
        .map(|moment| {
            bookings
                .iter()
                .filter(|booking| booking.starts_at.0 <= moment && moment < booking.occupied_until.0)
                .count()
        })
        .max()
        .unwrap()
}
