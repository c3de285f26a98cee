//! What is said for what is written, and that nothing can break the normaliser.

use proptest::prelude::*;

use super::{Pause, Spoken, normalise};

/// Words as they are, letters in capitals, breaks as their signs.
fn said(text: &str) -> String {
    let mut line = String::new();
    for item in normalise(text) {
        let (space, item) = match item {
            Spoken::Word(word) => (" ", word),
            Spoken::Letter(letter) => (" ", letter.to_ascii_uppercase().to_string()),
            Spoken::Pause(Pause::Comma) => ("", ",".to_owned()),
            Spoken::Pause(Pause::Stop) => ("", ".".to_owned()),
            Spoken::Pause(Pause::Exclamation) => ("", "!".to_owned()),
            Spoken::Pause(Pause::Question) => ("", "?".to_owned()),
        };
        line.push_str(space);
        line.push_str(&item);
    }
    line.trim_start().to_owned()
}

/// Checks lines of `written => said`.
fn check(lines: &[(&str, &str)]) {
    for (written, expected) in lines {
        assert_eq!(said(written), *expected, "for {written:?}");
    }
}

#[test]
fn money_is_said_in_its_unit_with_ranges_and_cents() {
    check(&[
        ("$50–80", "fifty to eighty dollars"),
        ("$150 - $400.", "one hundred fifty to four hundred dollars."),
        ("$1", "one dollar"),
        ("$49.99", "forty nine dollars and ninety nine cents"),
        ("$0.50", "fifty cents"),
        ("$1,200.00", "one thousand two hundred dollars"),
        ("$1.5 million", "one point five million dollars"),
        ("$5k", "five thousand dollars"),
        ("$90/hour", "ninety dollars per hour"),
        ("£3 or €2", "three pounds or two euros"),
        ("£0.30", "thirty pence"),
    ]);
}

#[test]
fn times_of_day_are_said_on_the_twelve_hour_clock() {
    check(&[
        ("at 9:30 a.m. tomorrow", "at nine thirty A M tomorrow"),
        (
            "We close at 6 p.m. We open at 8am.",
            "we close at six P M. we open at eight o'clock in the morning.",
        ),
        ("9:05", "nine oh five"),
        ("9:00", "nine o'clock"),
        ("12:00 PM", "twelve P M"),
        (
            "Mon–Fri 8:00–18:00",
            "monday to friday eight o'clock in the morning to six P M",
        ),
        ("9-5 pm", "nine to five P M"),
        ("17:45", "five forty five P M"),
        ("00:15", "twelve fifteen A M"),
        ("9 AM – 4 PM", "nine A M to four P M"),
        ("8:30 AM", "eight thirty A M"),
    ]);
}

#[test]
fn dates_are_said_with_ordinals_and_paired_years() {
    check(&[
        ("2026-11-22", "november twenty second twenty twenty six"),
        ("11/22/2026", "november twenty second twenty twenty six"),
        ("Nov. 3rd, 2026", "november third twenty twenty six"),
        ("November 22", "november twenty second"),
        ("22 November", "november twenty second"),
        ("May 5 at noon", "may fifth at noon"),
        ("you may 5 times", "you may five times"),
        ("Sat 9:00", "saturday nine o'clock"),
        ("in 1995", "in nineteen ninety five"),
        ("the 1990s", "the nineteen nineties"),
        ("2000 miles", "two thousand miles"),
    ]);
}

#[test]
fn telephone_numbers_are_said_digit_by_digit_in_groups() {
    check(&[
        ("(555) 123-4567", "five five five, one two three, four five six seven"),
        ("Call 555-0142.", "call five five five, zero one four two."),
        (
            "+1 415 555 0198",
            "one, four one five, five five five, zero one nine eight",
        ),
        ("5551234567", "five five five, one two three, four five six seven"),
        (
            "555.123.4567 ext. 12",
            "five five five, one two three, four five six seven, extension one two",
        ),
    ]);
}

#[test]
fn addresses_on_the_net_are_said_with_their_signs() {
    check(&[
        ("info@primeautolab.com.", "info at primeautolab dot com."),
        (
            "j.smith_2@mail.co.uk",
            "J dot smith underscore two at mail dot co dot U K",
        ),
        (
            "https://www.example.com/book-now/",
            "W W W dot example dot com slash book dash now",
        ),
        ("visit example.org, please", "visit example dot org, please"),
    ]);
}

#[test]
fn measures_ordinals_fractions_and_codes_are_said_in_full() {
    check(&[
        ("30–45 min", "thirty to forty five minutes"),
        ("1 h", "one hour"),
        ("2 h.", "two hours."),
        ("12 months / 12,000 miles", "twelve months, twelve thousand miles"),
        ("24-hour", "twenty four hour"),
        ("24/7", "twenty four seven"),
        ("10%", "ten percent"),
        ("-5°C", "minus five degrees celsius"),
        ("2 1/2 cups", "two and a half cups"),
        ("the 21st", "the twenty first"),
        ("5W-30 in an F-150", "five W thirty in an F one fifty"),
        ("a RAV4", "a rav four"),
        ("2015 Honda", "twenty fifteen honda"),
        ("#7", "number seven"),
        ("100 psi", "one hundred psi"),
        ("3.5 stars", "three point five stars"),
    ]);
}

#[test]
fn street_addresses_are_said_as_addresses() {
    check(&[
        (
            "123 Main Street, Your City, ST 12345",
            "one twenty three main street, your city, S T one two three four five",
        ),
        (
            "1200 St. Mary's Ave., Austin, TX 78701",
            "twelve hundred saint mary's avenue, austin, texas seven eight seven zero one",
        ),
        ("Dr. Lee lives on Elm Dr.", "doctor lee lives on elm drive."),
        (
            "4821 W. Elm St., Suite 210",
            "forty eight twenty one west elm street, suite two hundred ten",
        ),
        ("J. Smith", "J smith"),
        ("105 Oak St. near the park", "one oh five oak street near the park"),
    ]);
}

#[test]
fn abbreviations_and_acronyms_are_written_out_or_spelled() {
    check(&[
        (
            "Mr. Smith, e.g., and Mrs. Jones",
            "mister smith, for example, and missus jones",
        ),
        ("your A/C, SUVs and BMW", "your A or C, S U V 's and B M W"),
        ("the U.S. market", "the U S market"),
        ("the VIN, please", "the vin, please"),
        ("OPEN ALL WEEK", "open all week"),
        ("Plan A", "plan A"),
        ("A car", "a car"),
        ("CarPlay & Wi-Fi", "car play and wi fi"),
        ("McDonald's", "mcdonald's"),
        ("appt. at noon", "appointment at noon"),
        ("No. 5", "number five"),
    ]);
}

#[test]
fn breaks_do_not_pile_up_and_signs_without_a_sound_vanish() {
    check(&[
        ("Well... (yes!) — *sure*?", "well. yes! sure?"),
        ("“Hello”, she said", "hello, she said"),
        ("one\n- two\n- three", "one. two. three"),
        ("😀 日本", ""),
        ("", ""),
        ("it’s o’clock", "it's o'clock"),
    ]);
}

proptest! {
    #[test]
    fn any_text_becomes_plain_words_and_no_leading_break(text in "\\PC{0,80}") {
        let spoken = normalise(&text);
        prop_assert!(!matches!(spoken.first(), Some(Spoken::Pause(_))));
        for item in &spoken {
            match item {
                Spoken::Word(word) => {
                    prop_assert!(!word.is_empty());
                    prop_assert!(word.bytes().all(|b| b.is_ascii_lowercase() || b == b'\''), "{word:?}");
                }
                Spoken::Letter(letter) => prop_assert!(letter.is_ascii_lowercase()),
                Spoken::Pause(_) => {}
            }
        }
    }

    #[test]
    fn texts_made_of_difficult_pieces_are_said_without_digits(
        pieces in proptest::collection::vec(
            prop_oneof![
                "[0-9]{1,12}", "[$£€%/#@&.,:;()+-]", " ", "am|pm|a\\.m\\.|St\\.|Dr\\.|TX|Nov|Mon|min|th", "[A-Z]{1,4}",
            ],
            0..14,
        ),
    ) {
        for item in normalise(&pieces.concat()) {
            if let Spoken::Word(word) = item {
                prop_assert!(word.bytes().all(|b| b.is_ascii_lowercase() || b == b'\''), "{word:?}");
            }
        }
    }
}
