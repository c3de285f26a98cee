//! The table, the figures to reach, and what is compared with what. Pure text.

use super::conditions::Conditions;
use super::figure::{Figure, Unit};

/// A figure to reach: a percentile of a measured figure that may not exceed a value, in that figure's unit.
struct Goal {
    figure: &'static str,
    percentile: usize,
    at_most: f64,
}

/// Milliseconds in the unit of times.
const MS: f64 = 1e6;

const GOALS: &[Goal] = &[
    Goal::new("latency/microphone callback to frame at the session", 50, 25.0 * MS),
    Goal::new("latency/microphone callback to frame at the session", 99, 35.0 * MS),
    Goal::new("latency/delta to sample in the speaker ring", 50, 5.0 * MS),
    Goal::new("latency/speech_started to silence at the device", 50, 40.0 * MS),
    Goal::new("second of audio/echo canceller and resamplers at 44.1 kHz", 50, 3.0),
    Goal::new("speech/time of the voice per time of speech", 50, 0.25),
    Goal::new("speech/time of the voice per time of speech", 95, 0.25),
    Goal::new("hearing/word errors, a clear line", 50, 3.5),
    Goal::new("hearing/word errors, a telephone", 50, 4.5),
    Goal::new("hearing/word errors, others talking", 50, 9.0),
    Goal::new("calls/processor time of a silent call", 50, 3.0),
    Goal::new("calls/end of speech to first audio", 50, 750.0 * MS),
    Goal::new("calls/end of speech to first audio", 95, 1_200.0 * MS),
    Goal::new("calls/gaps in the sound of an answer", 100, 0.0),
    Goal::new("calls/onset of speech in a reply to speech_started", 50, 250.0 * MS),
    Goal::new("calls/onset of speech in a reply to speech_started", 95, 250.0 * MS),
    Goal::new("calls/deltas of an interrupted reply after speech_started", 100, 0.0),
    Goal::new("calls/two at once, end of speech to first audio", 50, 750.0 * MS),
    Goal::new("calls/two at once, end of speech to first audio", 95, 1_200.0 * MS),
    Goal::new("calls/two at once, gaps in the sound of an answer", 100, 0.0),
    Goal::new("calls/memory with all models, after the calls", 50, 350.0),
    Goal::new("understanding/unseen, written: intents missed", 50, 8.0),
    Goal::new("understanding/unseen, written: slots missed", 50, 10.0),
    Goal::new("understanding/unseen, time of one utterance", 99, MS),
    Goal::new("understanding/unseen, time of one answer", 99, MS),
    Goal::new("bookings/calls that fail, all", 50, 5.0),
    Goal::new(super::app::START, 50, 400.0 * MS),
    Goal::new(super::app::MEMORY, 50, 220.0),
    Goal::new(super::app::IDLE, 50, 1.0),
];

/// Pairs whose medians are set in relation.
const COMPARED: &[(&str, &str)] = &[
    ("parse/20 ms of audio", "parse/20 ms of audio as a plain value"),
    ("build/20 ms of audio", "build/20 ms of audio as a plain value"),
    (
        "second of audio/echo canceller",
        "second of audio/resamplers at 44.1 kHz",
    ),
    ("journal/one event of each of 32 calls", "journal/one event of one call"),
];

/// Pairs whose medians are subtracted: either may be nothing at all.
const SUBTRACTED: &[(&str, &str)] = &[
    ("hearing/word errors, a telephone", "hearing/word errors, a clear line"),
    (
        "understanding/unseen, spoken over a telephone: intents missed",
        "understanding/unseen, spoken over a clear line: intents missed",
    ),
    (
        "understanding/unseen, spoken over a telephone: slots missed",
        "understanding/unseen, spoken over a clear line: slots missed",
    ),
];

impl Goal {
    const fn new(figure: &'static str, percentile: usize, at_most: f64) -> Self {
        Self {
            figure,
            percentile,
            at_most,
        }
    }
}

/// One line of the table.
type Row = [String; 6];

/// The lines of the report.
pub fn table(figures: &[Figure], conditions: Conditions) -> Vec<String> {
    let (title, goals) = match conditions {
        Conditions::Usual => ("figure", "to reach"),
        Conditions::UnderLoad => ("figure, UNDER LOAD (stress-ng --cpu 2)", "to reach at rest"),
    };
    let heading = [title, "median", "10 % to 90 %", "values", goals, ""].map(str::to_owned);
    let mut rows: Vec<Row> = vec![heading];
    rows.extend(figures.iter().flat_map(|figure| rows_of(figure, conditions)));
    let mut lines = aligned(&rows);
    let named = |name: &str| figures.iter().find(|figure| figure.name == name);
    for (one, other) in COMPARED {
        if let (Some(first), Some(second)) = (named(one), named(other)) {
            lines.push(format!(
                "ratio {:.2}: {one} : {other}",
                first.median() / second.median()
            ));
        }
    }
    for (one, other) in SUBTRACTED {
        if let (Some(first), Some(second)) = (named(one), named(other)) {
            let difference = first.median() - second.median();
            let sign = if difference < 0.0 { "−" } else { "+" };
            lines.push(format!(
                "difference {sign}{}: {one} − {other}",
                first.unit.text(difference.abs())
            ));
        }
    }
    lines
}

/// A figure's own row with the goal for its median, and one more row for each other percentile that has a goal.
fn rows_of(figure: &Figure, conditions: Conditions) -> Vec<Row> {
    let goals = || GOALS.iter().filter(|goal| goal.figure == figure.name);
    let median_goal = goals().find(|goal| goal.percentile == 50);
    let text = |value| figure.unit.text(value);
    let spread = if figure.count() > 1 {
        format!("{} to {}", text(figure.percentile(10)), text(figure.percentile(90)))
    } else {
        String::new()
    };
    let mut rows = vec![[
        figure.name.clone(),
        text(figure.median()),
        spread,
        figure.count().to_string(),
        median_goal.map_or(String::new(), |goal| at_most(goal, figure.unit)),
        median_goal.map_or(String::new(), |goal| verdict(goal, figure, conditions)),
    ]];
    for goal in goals().filter(|goal| goal.percentile != 50) {
        rows.push([
            format!("  the same, {} % of all values", goal.percentile),
            text(figure.percentile(goal.percentile)),
            String::new(),
            figure.count().to_string(),
            at_most(goal, figure.unit),
            verdict(goal, figure, conditions),
        ]);
    }
    rows
}

fn at_most(goal: &Goal, unit: Unit) -> String {
    format!("≤ {}", unit.text(goal.at_most))
}

/// Under load nothing has to be reached.
fn verdict(goal: &Goal, figure: &Figure, conditions: Conditions) -> String {
    let reached = figure.percentile(goal.percentile) <= goal.at_most;
    let told = match (conditions, reached) {
        (Conditions::UnderLoad, _) => "",
        (Conditions::Usual, true) => "reached",
        (Conditions::Usual, false) => "NOT REACHED",
    };
    told.to_owned()
}

/// Pads every column to its widest cell; numbers stand right.
fn aligned(rows: &[Row]) -> Vec<String> {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: [usize; 6] = std::array::from_fn(width);
    rows.iter()
        .map(|[name, median, spread, count, goal, verdict]| {
            let [name_width, median_width, spread_width, count_width, goal_width, _] = widths;
            format!(
                "{name:name_width$}  {median:>median_width$}  {spread:>spread_width$}  {count:>count_width$}  \
                 {goal:>goal_width$}  {verdict}"
            )
            .trim_end()
            .to_owned()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(name: &str, milliseconds: &[f64]) -> Figure {
        Figure::new(
            name,
            Unit::Nanoseconds,
            milliseconds.iter().map(|value| value * MS).collect(),
        )
        .unwrap()
    }

    #[test]
    fn a_goal_is_judged_at_its_own_percentile() {
        let mut values = vec![20.0; 90];
        values.extend([50.0; 10]);
        let lines = table(
            &[times("latency/microphone callback to frame at the session", &values)],
            Conditions::Usual,
        );
        assert!(
            lines[1].contains("20.0 ms") && lines[1].ends_with("≤ 25.0 ms  reached"),
            "{lines:?}"
        );
        assert!(
            lines[2].contains("50.0 ms") && lines[2].ends_with("NOT REACHED"),
            "{lines:?}"
        );
    }

    #[test]
    fn a_figure_without_a_goal_is_reported_without_a_verdict() {
        let lines = table(
            &[times("recognition of a question", &[100.0, 120.0, 140.0])],
            Conditions::Usual,
        );
        assert_eq!(lines.len(), 2);
        assert!(
            lines[1].contains("120 ms") && lines[1].contains("100 ms to 140 ms"),
            "{lines:?}"
        );
        assert!(!lines[1].contains("reached") && !lines[1].contains("REACHED"));
    }

    #[test]
    fn compared_figures_are_set_in_relation_when_both_were_measured() {
        let one = times("parse/20 ms of audio", &[1.0]);
        let other = times("parse/20 ms of audio as a plain value", &[4.0]);
        assert!(
            table(std::slice::from_ref(&one), Conditions::Usual)
                .iter()
                .all(|line| !line.starts_with("ratio"))
        );
        assert!(
            table(&[one, other], Conditions::Usual)
                .iter()
                .any(|line| line.starts_with("ratio 0.25"))
        );
    }

    #[test]
    fn differences_are_told_where_one_of_two_may_be_nothing() {
        let percent = |name: &str, value| Figure::new(name, Unit::Percent, vec![value]).unwrap();
        let clear = percent("hearing/word errors, a clear line", 0.0);
        let told = |telephone| {
            let telephone = percent("hearing/word errors, a telephone", telephone);
            table(&[clear.clone(), telephone], Conditions::Usual).pop().unwrap()
        };
        assert!(told(0.5).starts_with("difference +0.50 %: "), "{}", told(0.5));
        assert!(told(0.0).starts_with("difference +0.00 %: "), "{}", told(0.0));
    }

    #[test]
    fn under_load_the_heading_says_so_and_nothing_has_to_be_reached() {
        let late = times("calls/end of speech to first audio", &[900.0, 1_500.0]);
        let told = |conditions| table(std::slice::from_ref(&late), conditions).join("\n");
        assert!(told(Conditions::Usual).contains("NOT REACHED"));
        let under_load = told(Conditions::UnderLoad);
        assert!(
            under_load.contains("UNDER LOAD") && under_load.contains("≤ 750 ms"),
            "{under_load}"
        );
        assert!(!under_load.contains("REACHED"), "{under_load}");
    }
}
