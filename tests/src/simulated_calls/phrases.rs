//! How callers put what they want: several ways for each thing, one of them drawn. Pure.

use frontdesk_company::weekday_name;
use jiff::civil::{Date, DateTime, Time};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;

use super::plan::{Name, Wanted};

const ORDINALS: [&str; 31] = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
    "twentieth",
    "twenty-first",
    "twenty-second",
    "twenty-third",
    "twenty-fourth",
    "twenty-fifth",
    "twenty-sixth",
    "twenty-seventh",
    "twenty-eighth",
    "twenty-ninth",
    "thirtieth",
    "thirty-first",
];
const HOURS: [&str; 12] = [
    "twelve", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
];
const DIGITS: [&str; 10] = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
];

/// What a caller chooses words with.
pub struct Chooser<'a>(pub &'a mut StdRng);

impl Chooser<'_> {
    /// One of them.
    pub fn one<T: Into<String> + Copy>(&mut self, ways: &[T]) -> String {
        ways.choose(self.0).copied().map_or_else(String::new, Into::into)
    }

    fn made(&mut self, ways: Vec<String>) -> String {
        ways.choose(self.0).cloned().unwrap_or_default()
    }

    /// The service as callers call it, without an article where it stands alone.
    pub fn service(&mut self, id: &str) -> String {
        let ways: &[&str] = match id {
            "oil-change" => &["an oil change", "an oil change"],
            "brake-repair" => &["a brake repair", "a brake job"],
            "tire-service" => &["a tire service", "a tire rotation"],
            "engine-diagnostics" => &["an engine diagnostic", "engine diagnostics"],
            "battery-replacement" => &["a battery replacement", "a new battery"],
            "air-conditioning-service" => &["an air conditioning service", "an AC service"],
            _ => &["general maintenance", "a tune-up"],
        };
        self.one(ways)
    }

    /// What is wrong with the car.
    pub fn symptom(&mut self, id: &str) -> String {
        let ways: &[&str] = match id {
            "oil-change" => &["I need an oil change", "my car is due for an oil change"],
            "brake-repair" => &["my brakes are squeaking", "my brakes are grinding"],
            "tire-service" => &["I have a flat tire", "I need new tires"],
            "engine-diagnostics" => &["my check engine light is on", "the check engine light came on"],
            "battery-replacement" => &["my battery is dead", "I need a new battery"],
            "air-conditioning-service" => &["my air conditioning is not cooling", "my AC is blowing warm air"],
            _ => &["my car needs general maintenance", "I need a tune-up"],
        };
        self.one(ways)
    }

    /// A date, said on `today`.
    pub fn day(&mut self, date: Date, today: Date) -> String {
        let ahead = (date - today).get_days();
        let name = weekday_name(date.weekday());
        let (month, ordinal) = (
            date.strftime("%B").to_string(),
            ORDINALS[usize::from(date.day().unsigned_abs()) - 1],
        );
        let mut ways = vec![
            format!("{month} {ordinal}"),
            format!("the {ordinal} of {month}"),
            format!("{name}, {month} {ordinal}"),
        ];
        // Until the end of this week a bare weekday is clear to everybody, and so is the same day of the next one.
        let to_sunday = i32::from(7 - today.weekday().to_monday_one_offset());
        match ahead {
            1 => ways = vec!["tomorrow".to_owned()],
            days if days <= to_sunday => ways.extend([name.to_owned(), format!("this {name}")]),
            days if days <= to_sunday + 2 => ways.extend([name.to_owned(), format!("next {name}")]),
            days if days <= to_sunday + 7 => ways.push(format!("{name} next week")),
            _ => {}
        }
        self.made(ways)
    }

    /// A time of the day; whole and half hours.
    pub fn time(&mut self, time: Time) -> String {
        let hour = HOURS[usize::from(time.hour().unsigned_abs()) % 12];
        let half = if time.hour() < 12 { "a.m." } else { "p.m." };
        let part = if time.hour() < 12 {
            "in the morning"
        } else {
            "in the afternoon"
        };
        let ways = match (time.hour(), time.minute()) {
            (12, 0) => vec!["noon".to_owned(), "twelve o'clock".to_owned()],
            (_, 0) => vec![
                hour.to_owned(),
                format!("{hour} o'clock"),
                format!("{hour} {half}"),
                format!("{hour} {part}"),
            ],
            _ => vec![
                format!("{hour} thirty"),
                format!("half past {hour}"),
                format!("{hour} thirty {half}"),
            ],
        };
        self.made(ways)
    }

    /// "tomorrow at ten".
    pub fn moment(&mut self, start: DateTime, today: Date) -> String {
        format!("{} at {}", self.day(start.date(), today), self.time(start.time()))
    }

    /// The name in an answer.
    pub fn name(&mut self, name: &Name) -> String {
        let Name { first, last, .. } = name;
        let plain = self.made(vec![
            format!("{first} {last}."),
            format!("My name is {first} {last}."),
            format!("It's {first} {last}."),
            format!("Sure, {first} {last}."),
        ]);
        if name.spelled {
            format!("{} {}", plain.trim_end_matches('.').to_owned() + ",", letters(last))
        } else {
            plain
        }
    }

    /// The name again, letter by letter.
    pub fn spelled_name(&mut self, name: &Name) -> String {
        format!("{} {}, {}", name.first, name.last, letters(&name.last))
    }

    /// A phone number, digit by digit and in groups.
    pub fn phone(&mut self, digits: &str) -> String {
        let zero = self.one(&["zero", "oh"]);
        let said: Vec<&str> = digits
            .bytes()
            .map(|digit| match digit {
                b'0' => zero.as_str(),
                _ => DIGITS[usize::from(digit.saturating_sub(b'0')) % 10],
            })
            .collect();
        let groups: Vec<String> = match said.len() {
            10 => [&said[..3], &said[3..6], &said[6..]]
                .iter()
                .map(|group| group.join(" "))
                .collect(),
            _ => said.chunks(4).map(|group| group.join(" ")).collect(),
        };
        groups.join(", ")
    }

    /// Name and number in one sentence.
    pub fn person(&mut self, wanted: &Wanted) -> String {
        let Name { first, last, .. } = &wanted.name;
        format!(
            "My name is {first} {last} and my number is {}.",
            self.phone(&wanted.phone)
        )
    }
}

/// "C, A, R, T, E, R."
fn letters(word: &str) -> String {
    let letters: Vec<String> = word.to_uppercase().chars().map(String::from).collect();
    format!("{}.", letters.join(", "))
}
