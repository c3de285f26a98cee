//! One measured figure: all its values, and what is said of them. Pure arithmetic.

/// The values of one figure, at least one.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// What was measured; unique.
    pub name: String,
    /// Unit of the values.
    pub unit: Unit,
    /// Sorted values.
    values: Vec<f64>,
}

/// How values are read by people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Time, kept in nanoseconds and shown in what is readable.
    Nanoseconds,
    /// Share of one processor core, or of words.
    Percent,
    /// Memory in units of 2²⁰ bytes.
    Megabytes,
    /// Events in a second.
    PerSecond,
    /// Seconds of work for a second of sound.
    SecondsPerSecond,
    /// Things that can be counted.
    Count,
}

impl Unit {
    /// Writes one value.
    pub fn text(self, value: f64) -> String {
        let (value, unit) = match self {
            Self::Nanoseconds if value <= 0.0 => (value, "ms"),
            Self::Nanoseconds if value < 1e3 => (value, "ns"),
            Self::Nanoseconds if value < 1e6 => (value / 1e3, "µs"),
            Self::Nanoseconds => (value / 1e6, "ms"),
            Self::Percent => (value, "%"),
            Self::Megabytes => (value, "MB"),
            Self::PerSecond => (value, "/s"),
            Self::SecondsPerSecond => (value, "s/s"),
            Self::Count => return value.to_string(),
        };
        let decimals = match value {
            ..10.0 => 2,
            ..100.0 => 1,
            _ => 0,
        };
        format!("{value:.decimals$} {unit}")
    }
}

impl Figure {
    /// A figure of these values; none when there are no values.
    pub fn new(name: impl Into<String>, unit: Unit, mut values: Vec<f64>) -> Option<Self> {
        values.sort_by(f64::total_cmp);
        (!values.is_empty()).then(|| Self {
            name: name.into(),
            unit,
            values,
        })
    }

    /// How many values there are.
    pub fn count(&self) -> usize {
        self.values.len()
    }

    /// The value in the middle.
    pub fn median(&self) -> f64 {
        self.percentile(50)
    }

    /// The smallest value that at least `percent` of all values do not exceed (nearest rank, so it was really measured).
    pub fn percentile(&self, percent: usize) -> f64 {
        let rank = (self.values.len() * percent).div_ceil(100).max(1);
        self.values[rank.min(self.values.len()) - 1]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_were_measured() {
        let figure = Figure::new("delay", Unit::Percent, (1..=200).rev().map(f64::from).collect()).unwrap();
        assert_eq!(figure.median(), 100.0);
        assert_eq!(figure.percentile(10), 20.0);
        assert_eq!(figure.percentile(99), 198.0);
        let single = Figure::new("size", Unit::Megabytes, vec![3.5]).unwrap();
        assert_eq!((single.percentile(1), single.percentile(99)), (3.5, 3.5));
    }

    #[test]
    fn a_figure_without_values_is_none() {
        assert_eq!(Figure::new("nothing", Unit::Percent, Vec::new()), None);
    }

    #[test]
    fn what_is_counted_has_no_unit() {
        assert_eq!(Unit::Count.text(0.0), "0");
        assert_eq!(Unit::SecondsPerSecond.text(0.25), "0.25 s/s");
    }

    #[test]
    fn times_are_written_in_a_readable_unit() {
        let written = [312.4, 4_567.0, 23_456_789.0].map(|value| Unit::Nanoseconds.text(value));
        assert_eq!(written, ["312 ns", "4.57 µs", "23.5 ms"]);
        assert_eq!(Unit::Nanoseconds.text(0.0), "0.00 ms");
    }
}
