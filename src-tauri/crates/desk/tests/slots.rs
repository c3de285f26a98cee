//! Which starts fit: against a second, slower way to find out, and on the days on which the clocks change.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use frontdesk_call::identity::WallTime;
use frontdesk_company::CompanyProfile;
use frontdesk_desk::Refusal;
use frontdesk_desk::offer::Offer;
use frontdesk_desk::slots::{Asker, check_rules, free_starts, has_room};
use frontdesk_store::agenda::Occupied;
use jiff::civil::{date, time};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

fn company(lines: &str) -> CompanyProfile {
    let text = format!(
        "name = \"Blue Door\"\ntrade = \"shop\"\ntime_zone = \"America/Chicago\"\n{lines}\n[[services]]\nname = \"Cut\"\nminutes = 30\n\
         [booking]\nlead_minutes = 0\ndays_ahead = 730\n"
    );
    CompanyProfile::parse(&text).unwrap_or_else(|error| panic!("{error}"))
}

fn starts(company: &CompanyProfile, from: &str, until: &str, taken: &[Occupied]) -> Vec<String> {
    let offer = Offer::of(company, &company.services[0]);
    let moment = |wall: &str| -> Timestamp {
        format!("{wall}[America/Chicago]")
            .parse::<jiff::Zoned>()
            .unwrap()
            .timestamp()
    };
    free_starts(
        company,
        &offer,
        moment(from)..moment(until),
        moment("2026-01-01T00:00"),
        taken,
    )
    .map(|start| {
        start
            .to_zoned(company.time_zone.rules().clone())
            .strftime("%H:%M%:z")
            .to_string()
    })
    .collect()
}

#[test]
fn the_hour_that_spring_takes_is_never_offered() {
    let company = company("[hours]\nsunday = \"1:00-4:30\"");
    let offered = starts(&company, "2027-03-14T00:00", "2027-03-15T00:00", &[]);
    assert_eq!(
        offered,
        [
            "01:00-06:00",
            "01:30-06:00",
            "03:00-05:00",
            "03:30-05:00",
            "04:00-05:00"
        ]
    );
}

#[test]
fn the_hour_that_autumn_gives_twice_is_offered_once() {
    let company = company("[hours]\nsunday = \"0:30-2:30\"");
    let offered = starts(&company, "2027-11-07T00:00", "2027-11-08T00:00", &[]);
    assert_eq!(offered, ["00:30-05:00", "01:00-05:00", "01:30-05:00", "02:00-06:00"]);
    let now: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
    let offer = Offer::of(&company, &company.services[0]);
    let second_half_past_one: Timestamp = "2027-11-07T07:30:00Z".parse().unwrap();
    assert_eq!(
        check_rules(&company, &offer, second_half_past_one, Asker::Owner, now),
        Ok(())
    );
}

#[test]
fn an_appointment_may_run_past_midnight_where_the_company_does() {
    let company = company("[hours]\nfriday = \"18:00-1:00\"");
    let offered = starts(&company, "2026-11-27T23:00", "2026-11-28T06:00", &[]);
    assert_eq!(offered, ["23:00-06:00", "23:30-06:00", "00:00-06:00", "00:30-06:00"]);
}

#[test]
fn a_closed_day_offers_nothing_and_says_when_it_opens() {
    let company = company("[hours]\nmonday = \"8:00-9:00\"\n[[holidays]]\nname = \"Inventory\"\ndate = \"2026-11-23\"");
    assert_eq!(
        starts(&company, "2026-11-23T00:00", "2026-11-24T00:00", &[]),
        Vec::<String>::new()
    );
    let offer = Offer::of(&company, &company.services[0]);
    let zone = company.time_zone.rules();
    let wished = zone
        .to_timestamp(date(2026, 11, 23).to_datetime(time(8, 0, 0, 0)))
        .unwrap();
    let opens = zone
        .to_timestamp(date(2026, 11, 30).to_datetime(time(8, 0, 0, 0)))
        .unwrap();
    assert_eq!(
        check_rules(
            &company,
            &offer,
            wished,
            Asker::Customer,
            "2026-11-20T00:00:00Z".parse().unwrap()
        ),
        Err(Refusal::Closed { opens: Some(opens) })
    );
}

/// Appointments in whole minutes after a fixed moment.
fn taken() -> impl Strategy<Value = Vec<(u16, u16)>> {
    prop::collection::vec((0..300_u16, 1..90_u16), 0..12)
}

fn span(from: u16, length: u16) -> Occupied {
    let base: Timestamp = "2026-11-23T14:00:00Z".parse().unwrap();
    let after = |minutes: u16| WallTime(base + SignedDuration::from_mins(i64::from(minutes)));
    Occupied {
        from: after(from),
        until: after(from + length),
    }
}

proptest! {
    #[test]
    fn there_is_room_exactly_when_no_minute_of_it_is_full(taken in taken(), start in 0..300_u16, length in 1..90_u16, buffer in 0..30_u16, capacity in 1..4_usize) {
        let offer = Offer {
            service: String::new(),
            name: String::new(),
            length: SignedDuration::from_mins(i64::from(length)),
            buffer: SignedDuration::from_mins(i64::from(buffer)),
            resource: String::new(),
            capacity,
        };
        let spans: Vec<Occupied> = taken.iter().map(|(from, length)| span(*from, *length)).collect();
        let by_minute = (start..start + length + buffer).all(|minute| {
            taken.iter().filter(|(from, length)| (*from..from + length).contains(&minute)).count() < capacity
        });
        prop_assert_eq!(has_room(&offer, span(start, 1).from.0, &spans), by_minute);
    }

    #[test]
    fn every_time_that_a_refusal_names_can_be_had(seconds_to_wish in 0..200_000_i64, now in 0..200_000_i64, lead in 0..3_000_u32, step in 5..100_u32) {
        let mut company = company("[hours]\nmonday = [\"8:00-12:00\", \"13:00-17:10\"]\ntuesday = \"9:15-10:00\"\nfriday = \"22:00-5:00\"");
        company.booking.lead_minutes = frontdesk_company::Minutes(lead);
        company.booking.start_every_minutes = frontdesk_company::Minutes(step);
        let offer = Offer::of(&company, &company.services[0]);
        let now = "2026-11-23T06:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_secs(now);
        let check = |start| check_rules(&company, &offer, start, Asker::Customer, now);
        let named = match check(now + SignedDuration::from_secs(seconds_to_wish)) {
            Err(Refusal::TooSoon { earliest }) => vec![earliest],
            Err(Refusal::OffGrid { before, after }) => vec![before, after],
            _ => Vec::new(),
        };
        for start in named.into_iter().flatten() {
            prop_assert_eq!(check(start), Ok(()));
        }
    }

    #[test]
    fn what_is_offered_can_be_booked_and_what_is_not_offered_cannot(taken in taken(), day in 22..29_i8, between in 1..30_i16) {
        let company = company("[hours]\nmonday = [\"8:00-12:00\", \"13:00-17:10\"]\ntuesday = \"9:15-10:00\"\n[[resources]]\nname = \"chair\"\ncount = 2");
        let offer = Offer::of(&company, &company.services[0]);
        let now: Timestamp = "2026-11-20T00:00:00Z".parse().unwrap();
        let spans: Vec<Occupied> = taken.iter().map(|(from, length)| span(*from, *length)).collect();
        let zone = company.time_zone.rules();
        let moment = |day, hour, minute| zone.to_timestamp(date(2026, 11, day).to_datetime(time(hour, minute, 0, 0))).unwrap();
        let offered: Vec<Timestamp> = free_starts(&company, &offer, moment(day, 0, 0)..moment(day + 1, 0, 0), now, &spans).collect();
        // Each half hour, and one minute within it.
        for minute in (0..24 * 60_i16).filter(|minute| [0, between].contains(&(minute % 30))) {
            let start = moment(day, i8::try_from(minute / 60).unwrap(), i8::try_from(minute % 60).unwrap());
            let bookable = check_rules(&company, &offer, start, Asker::Customer, now).is_ok() && has_room(&offer, start, &spans);
            prop_assert_eq!(offered.contains(&start), bookable, "{}", start);
        }
    }
}
