//! What the receptionist asks for, as somebody hears it who listens. Pure.
//!
//! A caller goes by the last thing that was asked; what was said before that is news.

use jiff::civil::{Date, DateTime};

/// What a caller is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// It is booked.
    Booked,
    /// All of it was read back, to be agreed to.
    ReadBack(ReadBack),
    /// The rest of a number of which these digits were heard.
    RestOfPhone(String),
    /// The caller's name.
    Name,
    /// Their phone number.
    Phone,
    /// What is wrong?
    Change,
    /// One of these.
    Offer(Vec<DateTime>),
    /// A day, or day and time.
    Day,
    /// A clock time.
    Time,
    /// What is to be done.
    Service,
    /// Shall the team be told something? Then no appointment was made.
    Message,
    /// What else can be done?
    Else,
    /// The words were not understood.
    Again,
}

/// An appointment as it was read back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadBack {
    /// All of it, in small letters.
    pub text: String,
    /// When.
    pub start: Option<DateTime>,
    /// For whom.
    pub name: String,
    /// Digits alone.
    pub phone: String,
}

impl Question {
    /// What the words ask. `today` tells the year of a date.
    #[must_use]
    pub fn of(reply: &str, today: Date) -> Self {
        let has = |parts: &[&str]| parts.iter().any(|part| reply.contains(part));
        // What is not to be had is named before the offer.
        let offer = ["offer you", "There is "]
            .iter()
            .find_map(|lead| Some(reply.split_once(lead)?.1));
        let times = offer.map_or_else(Vec::new, |offer| moments(offer, today));
        let asks = reply.contains('?');
        if has(&["You are booked", "is booked"]) {
            Self::Booked
        } else if has(&["Shall I book it"]) {
            Self::ReadBack(ReadBack::of(reply, today))
        } else if has(&["rest of the number", "How does it go on"]) {
            Self::RestOfPhone(digits(reply))
        } else if has(&["What should I change", "Which part should I change"]) {
            Self::Change
        } else if has(&["take a message", "for the team", "reach you on?"]) && !has(&["phone number"]) {
            Self::Message
        } else if has(&["your name", "the name"]) && asks {
            Self::Name
        } else if has(&["phone number"]) && asks {
            Self::Phone
        } else if asks && !times.is_empty() {
            Self::Offer(times)
        } else if has(&["Which day", "What day"]) {
            Self::Day
        } else if has(&["What time", "At what time"]) {
            Self::Time
        } else if has(&[
            "Which service",
            "have done?",
            "Which do you mean",
            "Would that be",
            "Which would you like",
            "Which is it",
        ]) {
            Self::Service
        } else if has(&["anything else", "What else"]) {
            Self::Else
        } else {
            Self::Again
        }
    }
}

impl ReadBack {
    fn of(reply: &str, today: Date) -> Self {
        let after = |lead: &str| reply.split_once(lead).map_or("", |(_, rest)| rest);
        let (name, number) = after(", for ").split_once(", phone number ").unwrap_or_default();
        Self {
            text: reply.to_lowercase(),
            start: moments(reply, today).last().copied(),
            name: name.to_owned(),
            phone: digits(number),
        }
    }
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// The times in a text, such as "Tuesday, December 1 at 2:30 PM or 3:00 PM": a day holds until another one is named.
fn moments(text: &str, today: Date) -> Vec<DateTime> {
    let words: Vec<&str> = text
        .split_whitespace()
        .map(|word| word.trim_matches(|sign: char| !sign.is_alphanumeric()))
        .collect();
    let (mut date, mut found) = (None, Vec::new());
    for (at, first) in words.iter().enumerate() {
        let two = [*first, words.get(at + 1).copied().unwrap_or_default()];
        if let Some(month) = (1..=12).find(|month| is_month(two[0], *month))
            && let Ok(day) = two[1].parse()
        {
            date = day_of(today, month, day);
        }
        if let (Some(date), Some(time)) = (date, clock(two[0], two[1])) {
            found.push(DateTime::from_parts(date, time));
        }
    }
    found
}

fn is_month(word: &str, month: i8) -> bool {
    jiff::civil::date(2026, month, 1).strftime("%B").to_string() == word
}

fn day_of(today: Date, month: i8, day: i8) -> Option<Date> {
    let year = if month < today.month() {
        today.year() + 1
    } else {
        today.year()
    };
    Date::new(year, month, day).ok()
}

fn clock(digits: &str, half: &str) -> Option<jiff::civil::Time> {
    if digits == "noon" {
        return jiff::civil::Time::new(12, 0, 0, 0).ok();
    }
    let (hour, minute) = digits.split_once(':')?;
    let (hour, minute): (i8, i8) = (hour.parse().ok()?, minute.parse().ok()?);
    let hour = match half {
        "AM" => hour % 12,
        "PM" => hour % 12 + 12,
        _ => return None,
    };
    jiff::civil::Time::new(hour, minute, 0, 0).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const TODAY: Date = date(2026, 11, 24);

    #[test]
    fn offers_are_heard_with_their_days() {
        let offer = "I'm sorry, Friday, November 27 at 10:00 AM is not available. There is Friday, November 27 at 9:00 AM, 12:30 PM or Saturday, January 2 at 10:00 AM. Which suits you best?";
        assert_eq!(
            Question::of(offer, TODAY),
            Question::Offer(vec![
                date(2026, 11, 27).at(9, 0, 0, 0),
                date(2026, 11, 27).at(12, 30, 0, 0),
                date(2027, 1, 2).at(10, 0, 0, 0),
            ])
        );
    }

    #[test]
    fn a_read_back_is_taken_apart() {
        let told = "So that is oil change on Tuesday, December 1 at noon, for Anna Carter, phone number 202-555-0143. Shall I book it like that?";
        let Question::ReadBack(read) = Question::of(told, TODAY) else {
            panic!("{:?}", Question::of(told, TODAY));
        };
        assert_eq!(read.start, Some(date(2026, 12, 1).at(12, 0, 0, 0)));
        assert_eq!((read.name.as_str(), read.phone.as_str()), ("Anna Carter", "2025550143"));
    }

    #[test]
    fn the_last_question_counts() {
        for (reply, question) in [
            (
                "Tuesday, December 1 at 2:30 PM is free. May I have your name, please?",
                Question::Name,
            ),
            ("And which phone number can the team reach you on?", Question::Phone),
            (
                "So far I have 3 1 2. What is the rest of the number?",
                Question::RestOfPhone("312".to_owned()),
            ),
            (
                "I'm sorry, I still did not catch that. Would you like me to take a message for the team?",
                Question::Message,
            ),
            (
                "Which part should I change: the service, the day, the time, the name or the number?",
                Question::Change,
            ),
            ("Sorry, I did not catch that. Could you say it again?", Question::Again),
        ] {
            assert_eq!(Question::of(reply, TODAY), question, "{reply}");
        }
    }
}
