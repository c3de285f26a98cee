//! What holds for every company, every moment and every text.

#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests, outside the test functions that clippy.toml exempts"
)]

use frontdesk_company::{CompanyProfile, OpeningStatus, PRIME_AUTO_LAB, render_brief};
use jiff::{Timestamp, ToSpan};
use proptest::prelude::*;

/// A day's hours as a file writes them: up to two intervals in order, the second possibly past midnight.
fn day() -> impl Strategy<Value = String> {
    let clock = |minutes: u16| format!("{}:{:02}", minutes / 60, minutes % 60);
    prop_oneof![
        Just("\"closed\"".to_owned()),
        Just("\"0:00-24:00\"".to_owned()),
        (360..720_u16, 1..300_u16).prop_map(move |(opens, length)| format!(
            "\"{}-{}\"",
            clock(opens),
            clock(opens + length)
        )),
        (360..600_u16, 1..120_u16, 1..240_u16, 1..300_u16).prop_map(move |(opens, length, pause, rest)| {
            let again = opens + length + pause;
            format!(
                "[\"{}-{}\", \"{}-{}\"]",
                clock(again),
                clock(again + rest),
                clock(opens),
                clock(opens + length)
            )
        }),
        // Nights end before 6:00, when the earliest day begins.
        (720..1439_u16, 0..350_u16).prop_map(move |(opens, closes)| format!("\"{}-{}\"", clock(opens), clock(closes))),
    ]
}

fn holiday() -> impl Strategy<Value = String> {
    let hours = prop_oneof![
        Just(String::new()),
        day().prop_map(|hours| format!("hours = {hours}\n"))
    ];
    (2024..2030_i16, 1..=12_i8, 1..=28_i8, hours)
        .prop_map(|(year, month, day, hours)| format!("date = \"{year}-{month:02}-{day:02}\"\n{hours}"))
}

fn service() -> impl Strategy<Value = String> {
    let amount = prop_oneof![
        (0..100_000_u32).prop_map(|whole| whole.to_string()),
        (0..100_000_u32, 0..100_u32).prop_map(|(whole, cents)| format!("{whole}.{cents:02}")),
        (0..1000_u32, 0..1000_u32).prop_map(|(low, more)| format!("\"{low}-{}.5\"", low + more)),
        (0..1000_u32).prop_map(|whole| format!("\"{whole} JPY\"")),
    ];
    let minutes = prop_oneof![
        (1..=10_080_u32).prop_map(|minutes| minutes.to_string()),
        (1..100_u32, 0..100_u32).prop_map(|(least, more)| format!("\"{least}-{}\"", least + more)),
    ];
    (amount, minutes, "[ -~äöü€\n]{0,40}[a-z]").prop_map(|(amount, minutes, text)| {
        format!(
            "price = {amount}\nminutes = {minutes}\ndescription = {}\n",
            quoted(&text)
        )
    })
}

/// A TOML text; JSON's escapes are TOML's.
fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

/// Company files with every kind of content. Nights and all-day openings may collide; such files are left out.
fn profile() -> impl Strategy<Value = CompanyProfile> {
    let zone = prop::sample::select(vec![
        "America/Chicago",
        "Europe/London",
        "Australia/Lord_Howe",
        "Asia/Kathmandu",
        "UTC",
    ]);
    let week = prop::collection::vec(day(), 7);
    let holidays = prop::collection::vec(holiday(), 0..4);
    let services = prop::collection::vec(service(), 0..4);
    (zone, "[A-Za-z][ -~é]{0,30}", week, holidays, services).prop_filter_map(
        "a valid file",
        |(zone, name, week, holidays, services)| {
            let mut text = format!(
                "name = {}\ntrade = \"shop\"\ntime_zone = \"{zone}\"\ncurrency = \"EUR\"\n[hours]\n",
                quoted(&name)
            );
            let days = [
                "monday",
                "tuesday",
                "wednesday",
                "thursday",
                "friday",
                "saturday",
                "sunday",
            ];
            for (day, hours) in days.iter().zip(week) {
                text.push_str(&format!("{day} = {hours}\n"));
            }
            for (number, holiday) in holidays.iter().enumerate() {
                text.push_str(&format!("[[holidays]]\nname = \"holiday {number}\"\n{holiday}"));
            }
            for (number, service) in services.iter().enumerate() {
                text.push_str(&format!("[[services]]\nname = \"service {number}\"\n{service}"));
            }
            CompanyProfile::parse(&text).ok()
        },
    )
}

/// Moments of 2024–2030, many of them close to a change of the clocks in one of the zones.
fn moment() -> impl Strategy<Value = Timestamp> {
    let anywhere = 1_704_067_200..1_893_456_000_i64;
    let changes = prop::sample::select(vec![
        1_772_956_800_i64,
        1_793_516_400,
        1_774_746_000,
        1_792_890_000,
        1_775_314_800,
        1_791_039_600,
    ]);
    prop_oneof![
        anywhere,
        (changes, -90_000..90_000_i64).prop_map(|(change, offset)| change + offset)
    ]
    .prop_map(|second| Timestamp::from_second(second).unwrap())
}

proptest! {
    #[test]
    fn a_written_profile_reads_back_the_same(profile in profile()) {
        let text = profile.render_toml().unwrap();
        prop_assert_eq!(CompanyProfile::parse(&text).unwrap(), profile.clone());
        prop_assert_eq!(serde_json::from_str::<CompanyProfile>(&serde_json::to_string(&profile).unwrap()).unwrap(), profile);
    }

    #[test]
    fn the_status_holds_until_the_moment_it_names_and_turns_there(profile in profile(), now in moment(), part in 0.0..1.0_f64) {
        let (open, until) = match profile.status(now) {
            OpeningStatus::Open { until, .. } => (true, until),
            OpeningStatus::Closed { until, .. } => (false, until),
        };
        prop_assert_eq!(profile.is_open(now), open);
        let Some(until) = until.map(|until| until.timestamp()) else { return Ok(()) };
        prop_assert!(until > now);
        prop_assert_eq!(profile.is_open(until), !open);
        let between = now + (((until - now).get_seconds() as f64 * part) as i64).seconds();
        prop_assert_eq!(profile.is_open(between), open);
        prop_assert_eq!(profile.is_open(until - 1.nanosecond()), open);
    }

    #[test]
    fn the_next_opening_is_a_change_from_closed_to_open(profile in profile(), now in moment()) {
        if let Some(next) = profile.next_opening(now) {
            let next = next.timestamp();
            prop_assert!(next > now);
            prop_assert!(profile.is_open(next));
            prop_assert!(!profile.is_open(next - 1.nanosecond()));
        }
    }

    #[test]
    fn away_from_changes_of_the_clocks_being_open_is_what_the_wall_clock_says(profile in profile(), now in moment()) {
        let zone = profile.time_zone.rules();
        let steady = zone.to_offset(now - 36.hours()) == zone.to_offset(now + 36.hours());
        if !steady {
            return Ok(());
        }
        let wall = zone.to_datetime(now);
        let minute = i32::from(wall.hour()) * 60 + i32::from(wall.minute());
        let covers = |date: jiff::civil::Date, minute: i32| profile.hours_on(date).hours.intervals().iter().any(|interval| {
            let closes = i32::from(interval.closes().minutes()) + if interval.closes_next_day() { 1440 } else { 0 };
            i32::from(interval.opens().minutes()) <= minute && minute < closes
        });
        let expected = covers(wall.date(), minute) || covers(wall.date().yesterday().unwrap(), minute + 1440);
        prop_assert_eq!(profile.is_open(now), expected);
    }

    #[test]
    fn the_brief_names_every_service_and_holds_no_tag(profile in profile()) {
        let brief = render_brief(&profile);
        for service in &profile.services {
            prop_assert!(brief.contains(&service.name));
            prop_assert!(brief.contains(&service.price.unwrap().readable()));
            prop_assert!(brief.contains(&service.minutes.unwrap().readable()));
        }
        prop_assert!(!brief.contains("</"));
    }

    #[test]
    fn no_text_makes_the_parser_fail_otherwise_than_by_an_error(text in any::<String>()) {
        let _ = CompanyProfile::parse(&text);
    }

    #[test]
    fn a_damaged_file_is_read_or_refused_with_places_inside_it(cut in 0..PRIME_AUTO_LAB.len(), length in 0..60_usize, insert in "[\\PC\n\"=\\[\\]{}]{0,8}") {
        let mut text = PRIME_AUTO_LAB.as_bytes().to_vec();
        text.splice(cut..(cut + length).min(PRIME_AUTO_LAB.len()), insert.bytes());
        let text = String::from_utf8_lossy(&text);
        if let Err(error) = CompanyProfile::parse(&text) {
            prop_assert!(!error.problems().is_empty());
            let lines: Vec<&str> = text.split('\n').collect();
            for problem in error.problems() {
                prop_assert!(problem.line >= 1 && problem.line <= lines.len(), "{}", problem);
                prop_assert!(problem.column >= 1 && problem.column <= lines[problem.line - 1].chars().count() + 1, "{}", problem);
            }
        }
    }

    #[test]
    fn every_value_of_every_field_is_read_or_refused(field in prop::sample::select(vec![
        "id", "name", "trade", "time_zone", "currency", "greeting", "voice", "contact", "hours", "holidays", "services",
        "policies", "questions", "resources", "booking", "hours.monday", "contact.phone",
    ]), value in prop::sample::select(vec![
        "1", "-1", "0x10", "1.5", "nan", "inf", "true", "\"\"", "\" \"", "\"-\"", "\":\"", "\"–\"", "\"1:1-\"", "[]", "[[]]",
        "[{}]", "{}", "{ a = 1 }", "[1]", "[\"\"]", "2026-12-25", "12:00:00", "2026-12-25T10:00:00Z", "\"99999999999999999999\"",
        "[{ name = 1, date = 12:00:00, until = 1, hours = [[]], ask = 1, count = -1, price = {}, minutes = [], aliases = [1] }]",
        "[{ name = \"x\", date = \"0000-01-01\", until = \"9999-12-31\", minutes = \"1-\", price = \"-\" }]",
        "[{ name = \"x\", date = 9999-12-31, minutes = \"99999999999999\", price = \"99999999999999999999999\" }]",
    ])) {
        if let Err(error) = CompanyProfile::parse(&format!("{field} = {value}\n")) {
            prop_assert!(!error.problems().is_empty());
        }
    }
}
