//! A running program with everything that it started, as Linux describes it below `/proc`: memory and processor time.

use std::collections::BTreeSet;
use std::path::Path;

/// Ticks of processor time in a second. Linux shows 100 to programs, whatever the kernel's own clock.
const TICKS_PER_SECOND: f64 = 100.0;

/// One process as it stands in `/proc/PID/stat`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Process {
    id: u32,
    parent: u32,
    /// Processor time so far, in ticks.
    ticks: u64,
}

/// The process and its descendants that live now.
pub fn members(root: u32) -> BTreeSet<u32> {
    descendants(root, &running()).iter().map(|process| process.id).collect()
}

/// True while the process lives.
pub fn is_alive(process: u32) -> bool {
    Path::new("/proc").join(process.to_string()).exists()
}

/// Memory of the tree in MB: the proportional share, which counts a page that several processes use once.
pub fn memory_megabytes(root: u32) -> f64 {
    let kilobytes: u64 = members(root)
        .into_iter()
        .filter_map(|process| std::fs::read_to_string(format!("/proc/{process}/smaps_rollup")).ok())
        .filter_map(|rollup| proportional_kilobytes(&rollup))
        .sum();
    kilobytes as f64 / 1_024.0
}

/// Processor time that the living processes of the tree have used, in seconds.
pub fn processor_seconds(root: u32) -> f64 {
    let ticks: u64 = descendants(root, &running()).iter().map(|process| process.ticks).sum();
    ticks as f64 / TICKS_PER_SECOND
}

fn running() -> Vec<Process> {
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    entries
        // A process may end while we look.
        .filter_map(|entry| std::fs::read_to_string(entry.path().join("stat")).ok())
        .filter_map(|stat| parse(&stat))
        .collect()
}

fn descendants(root: u32, all: &[Process]) -> Vec<Process> {
    let mut found: Vec<Process> = all.iter().filter(|process| process.id == root).copied().collect();
    let mut looked_at = 0;
    while let Some(parent) = found.get(looked_at).map(|process| process.id) {
        found.extend(all.iter().filter(|process| process.parent == parent));
        looked_at += 1;
    }
    found
}

/// Reads a line of `/proc/PID/stat`. The second field is the program's name in parentheses and may hold anything, parentheses too.
fn parse(stat: &str) -> Option<Process> {
    let (id, rest) = stat.split_once(" (")?;
    let (_, rest) = rest.rsplit_once(") ")?;
    let fields: Vec<&str> = rest.split_whitespace().collect();
    let number = |index: usize| fields.get(index)?.parse::<u64>().ok();
    Some(Process {
        id: id.parse().ok()?,
        parent: u32::try_from(number(1)?).ok()?,
        ticks: number(11)? + number(12)?,
    })
}

fn proportional_kilobytes(rollup: &str) -> Option<u64> {
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const STAT: &str =
        "4711 (Web) Content (x) S 4700 4711 4700 0 -1 4194560 900 0 0 0 250 50 0 0 20 0 9 0 123 1000 200";

    #[test]
    fn a_name_with_parentheses_does_not_shift_the_fields() {
        let process = parse(STAT).unwrap();
        assert_eq!(
            process,
            Process {
                id: 4711,
                parent: 4700,
                ticks: 300
            }
        );
    }

    #[test]
    fn the_tree_holds_children_of_children_and_nobody_else() {
        let process = |id, parent| Process { id, parent, ticks: 1 };
        let all = [
            process(9, 5),
            process(1, 0),
            process(5, 1),
            process(7, 2),
            process(2, 0),
        ];
        let found: Vec<u32> = descendants(1, &all).iter().map(|process| process.id).collect();
        assert_eq!(found, [1, 5, 9]);
    }

    #[test]
    fn the_proportional_share_is_read() {
        let rollup = "55d0-7ffc ---p 00000000 00:00 0 [rollup]\nRss:  9000 kB\nPss:  4321 kB\nPss_Dirty: 1 kB\n";
        assert_eq!(proportional_kilobytes(rollup), Some(4_321));
    }
}
