//! Reads what benches leave behind: criterion's raw samples, and the lines of benches that print their figures.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use serde_json::Value;

use super::figure::{Figure, Unit};

/// Criterion groups whose time is the processing of one second of audio: shown as share of a core.
const SECOND_OF_AUDIO: &str = "second of audio/";

/// Start of a line that carries a figure.
const LINE: &str = "figure ";

/// All figures below a criterion folder, by name.
pub fn read(folder: &Path) -> anyhow::Result<Vec<Figure>> {
    let mut figures = Vec::new();
    for result in results(folder)? {
        figures.push(
            figure(
                &json(&result.join("benchmark.json"))?,
                &json(&result.join("sample.json"))?,
            )
            .with_context(|| format!("criterion's files in {} are not understood", result.display()))?,
        );
    }
    if figures.is_empty() {
        bail!("no measurement in {}", folder.display());
    }
    figures.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(figures)
}

/// The folders named `new`, which hold the latest result of one bench each.
fn results(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(|| format!("no measurement in {}", folder.display()))? {
        let path = entry?.path();
        if path.join("sample.json").is_file() {
            if path.ends_with("new") {
                found.push(path);
            }
        } else if path.is_dir() {
            found.extend(results(&path)?);
        }
    }
    Ok(found)
}

fn json(path: &Path) -> anyhow::Result<Value> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is no JSON", path.display()))
}

/// One figure of criterion: the time of one iteration per sample, or what follows from it.
fn figure(benchmark: &Value, sample: &Value) -> Option<Figure> {
    let name = benchmark["full_id"].as_str()?;
    let numbers = |key: &str| -> Option<Vec<f64>> { sample[key].as_array()?.iter().map(Value::as_f64).collect() };
    let times = numbers("times")?.into_iter().zip(numbers("iters")?);
    let times: Vec<f64> = times.map(|(time, iterations)| time / iterations).collect();
    if let Some(elements) = benchmark["throughput"]["Elements"].as_f64() {
        let rates = times.iter().map(|time| elements * 1e9 / time).collect();
        return Figure::new(name, Unit::PerSecond, rates);
    }
    if name.starts_with(SECOND_OF_AUDIO) {
        let shares = times.iter().map(|time| 100.0 * time / 1e9).collect();
        return Figure::new(name, Unit::Percent, shares);
    }
    Figure::new(name, Unit::Nanoseconds, times)
}

/// The figures in the output of a bench that prints them.
pub fn read_lines(output: &str) -> anyhow::Result<Vec<Figure>> {
    let figures: Vec<Figure> = output
        .lines()
        .filter_map(|line| line.strip_prefix(LINE))
        .map(|line| printed(line).with_context(|| format!("this figure is not understood: {line}")))
        .collect::<anyhow::Result<_>>()?;
    if figures.is_empty() {
        bail!("the bench printed no figure");
    }
    Ok(figures)
}

fn printed(line: &str) -> Option<Figure> {
    let line: Value = serde_json::from_str(line).ok()?;
    let values: Vec<f64> = line["values"]
        .as_array()?
        .iter()
        .map(Value::as_f64)
        .collect::<Option<_>>()?;
    let (unit, scale) = match line["unit"].as_str()? {
        "ms" => (Unit::Nanoseconds, 1e6),
        "%" => (Unit::Percent, 1.0),
        "MB" => (Unit::Megabytes, 1.0),
        "s/s" => (Unit::SecondsPerSecond, 1.0),
        "count" => (Unit::Count, 1.0),
        _ => return None,
    };
    let values = values.into_iter().map(|value| value * scale).collect();
    Figure::new(line["name"].as_str()?, unit, values)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read_one(full_id: &str, throughput: &Value) -> Figure {
        let benchmark = json!({ "full_id": full_id, "throughput": throughput });
        let sample = json!({ "sampling_mode": "Linear", "iters": [1.0, 2.0, 4.0], "times": [5e6, 10e6, 40e6] });
        figure(&benchmark, &sample).unwrap()
    }

    #[test]
    fn a_sample_is_the_time_of_one_iteration() {
        let figure = read_one("parse/words", &Value::Null);
        assert_eq!(
            (figure.unit, figure.median(), figure.percentile(99)),
            (Unit::Nanoseconds, 5e6, 1e7)
        );
    }

    #[test]
    fn seconds_of_audio_are_shares_of_a_core_and_elements_are_rates() {
        let share = read_one("second of audio/echo canceller", &Value::Null);
        assert_eq!((share.unit, share.median()), (Unit::Percent, 0.5));
        let rate = read_one("journal/one event", &json!({ "Elements": 2 }));
        assert_eq!((rate.unit, rate.median()), (Unit::PerSecond, 400.0));
    }

    #[test]
    fn printed_figures_are_found_among_other_lines() {
        let output = "loading\nfigure {\"name\":\"load\",\"unit\":\"ms\",\"values\":[3.0,1.0,2.0]}\n";
        let figures = read_lines(output).unwrap();
        assert_eq!(figures.len(), 1);
        assert_eq!((figures[0].name.as_str(), figures[0].median()), ("load", 2e6));
        assert!(read_lines("nothing").is_err());
        assert!(read_lines("figure {\"name\":\"load\",\"unit\":\"miles\",\"values\":[1]}").is_err());
    }
}
