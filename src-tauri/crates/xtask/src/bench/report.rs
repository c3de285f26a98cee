//! The table, the figures to reach, and what is compared with what. Pure text.

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
    Goal::new("understanding/unseen, written: intents missed", 50, 8.0),
    Goal::new("understanding/unseen, written: slots missed", 50, 10.0),
    Goal::new("understanding/unseen, time of one utterance", 99, MS),
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
pub fn table(figures: &[Figure]) -> Vec<String> {
    let heading = ["figure", "median", "10 % to 90 %", "values", "to reach", ""].map(str::to_owned);
    let mut rows: Vec<Row> = vec![heading];
    rows.extend(figures.iter().flat_map(rows_of));
    let mut lines = aligned(&rows);
    for (one, other) in COMPARED {
        let median = |name: &str| figures.iter().find(|figure| figure.name == name).map(Figure::median);
        if let (Some(first), Some(second)) = (median(one), median(other)) {
            lines.push(format!("ratio {:.2}: {one} : {other}", first / second));
        }
    }
    lines
}

/// A figure's own row with the goal for its median, and one more row for each other percentile that has a goal.
fn rows_of(figure: &Figure) -> Vec<Row> {
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
        median_goal.map_or(String::new(), |goal| verdict(goal, figure)),
    ]];
    for goal in goals().filter(|goal| goal.percentile != 50) {
        rows.push([
            format!("  the same, {} % of all values", goal.percentile),
            text(figure.percentile(goal.percentile)),
            String::new(),
            figure.count().to_string(),
            at_most(goal, figure.unit),
            verdict(goal, figure),
        ]);
    }
    rows
}

fn at_most(goal: &Goal, unit: Unit) -> String {
    format!("≤ {}", unit.text(goal.at_most))
}

fn verdict(goal: &Goal, figure: &Figure) -> String {
    let reached = figure.percentile(goal.percentile) <= goal.at_most;
    if reached { "reached" } else { "NOT REACHED" }.to_owned()
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
        let lines = table(&[times("latency/microphone callback to frame at the session", &values)]);
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
        let lines = table(&[times("recognition of a question", &[100.0, 120.0, 140.0])]);
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
            table(std::slice::from_ref(&one))
                .iter()
                .all(|line| !line.starts_with("ratio"))
        );
        assert!(table(&[one, other]).iter().any(|line| line.starts_with("ratio 0.25")));
    }
}
