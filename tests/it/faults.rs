//! Faults: runs that are killed, files of the index that are damaged. `CROSSHEAD_FAULTS=COUNT` makes more of them,
//! `CROSSHEAD_SEED` others.

use std::collections::BTreeSet;
use std::fs;
use std::time::Duration;

use crate::util::{TestDir, paragraph};

/// Numbers by a seed (Marsaglia's xorshift).
struct Numbers(u64);

impl Numbers {
    fn new() -> Numbers {
        Numbers(setting("CROSSHEAD_SEED").unwrap_or(2_026) | 1)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end.max(1)
    }
}

fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|value| value.parse().ok())
}

/// What the index answers: paths, and the edition that each article names.
fn answers(dir: &TestDir) -> BTreeSet<(String, String)> {
    let run = dir.run(&["search", "--json", "-n", "1000000", "--strict", "--ungroup", "edition"]);
    assert!(run.code <= 1, "{}", run.told());
    let word = |text: &str| text.split(' ').find(|word| word.starts_with("ed")).unwrap_or_default().to_string();
    run.lines()
        .iter()
        .map(|hit| (hit["path"].as_str().unwrap_or_default().into(), word(hit["text"].as_str().unwrap_or_default())))
        .collect()
}

/// Runs are killed at random moments while articles come, change and go: the index answers as before the run or as after
/// it, and the next run goes on.
#[test]
#[allow(clippy::print_stderr, reason = "where the kills fell, for those who run many with --nocapture")]
fn killed_runs_lose_nothing() {
    let kills = setting("CROSSHEAD_FAULTS").unwrap_or(50);
    let articles = if kills > 100 { 5_000 } else { 150 };
    let mut numbers = Numbers::new();
    let dir = TestDir::new();
    let mut folder = BTreeSet::new();
    let write = |folder: &mut BTreeSet<(String, String)>, number: u64, edition: u64| {
        let path = format!("news/{}/{number}.txt", number % 7);
        folder.retain(|(other, _)| *other != path);
        let word = format!("ed{edition}");
        dir.write(&path, format!("{word} edition of article {number}. {}\n", paragraph("Herring")));
        folder.insert((path, word));
    };
    for number in 0..articles {
        write(&mut folder, number, 0);
    }
    dir.run(&["index", "news"]).ends(0);
    assert_eq!(answers(&dir), folder);
    let mut committed = folder.clone();
    let (mut before, mut after) = (0, 0);
    for edition in 1..=kills {
        for _ in 0..=numbers.below(20) {
            let number = numbers.below(articles + articles / 10);
            let path = format!("news/{}/{number}.txt", number % 7);
            if numbers.below(4) == 0 {
                let _ = fs::remove_file(dir.path(&path));
                folder.retain(|(other, _)| *other != path);
            } else {
                write(&mut folder, number, edition);
            }
        }
        let mut run = dir.command(&["index", "-q"]).spawn().expect("started");
        std::thread::sleep(Duration::from_micros(numbers.below(if articles > 1_000 { 900_000 } else { 90_000 })));
        let _ = run.kill();
        run.wait().expect("ended");
        let now = answers(&dir);
        if now == folder {
            committed.clone_from(&folder);
            after += 1;
        } else {
            assert_eq!(now, committed, "kill {edition}: neither as before the run nor as after it");
            before += 1;
        }
    }
    eprintln!("{kills} kills: {before} before the commit, {after} behind it");
    dir.run(&["index"]).ends(0);
    assert_eq!(answers(&dir), folder);
    dir.run(&["check"]).ends(0);
}

/// A bit of the index's files is flipped, or a file cut short: `check` tells, and searching ends with a sentence or an
/// answer, never with a panic.
#[test]
fn damage_is_found_and_never_panics() {
    let faults = setting("CROSSHEAD_FAULTS").unwrap_or(40);
    let mut numbers = Numbers::new();
    let dir = TestDir::new();
    for number in 0..60 {
        let text = format!("Story {number}\n{}\nThe dispute\n{}\n", paragraph("Herring"), paragraph("Lobster"));
        dir.write(&format!("news/{number}.txt"), text);
    }
    dir.run(&["index", "news"]).ends(0);
    std::thread::sleep(Duration::from_millis(10));
    let files: Vec<_> = walkdir::WalkDir::new(dir.path("index"))
        .sort_by_file_name()
        .into_iter()
        .flatten()
        .filter(|entry| entry.file_type().is_file() && entry.metadata().is_ok_and(|metadata| metadata.len() > 0))
        .map(walkdir::DirEntry::into_path)
        .collect();
    let queries = ["herring lobster", "\"talk of the town\"", "title:story =Monday", "her* w/5 town"];
    let expected: Vec<String> = queries.iter().map(|query| dir.run(&["search", "--json", query]).stdout).collect();
    let mut missed = Vec::new();
    for fault in 0..faults {
        let path = &files[numbers.below(files.len() as u64) as usize];
        let whole = fs::read(path).expect("a file of the index");
        let mut damaged = whole.clone();
        let at = numbers.below(whole.len() as u64) as usize;
        let what = if fault % 2 == 0 {
            damaged[at] ^= 1 << numbers.below(8);
            format!("{} with a flipped bit at {at}", path.display())
        } else {
            damaged.truncate(at);
            format!("{} cut at {at}", path.display())
        };
        fs::write(path, &damaged).expect("damaged");
        let checked = dir.run(&["check"]);
        assert!((0..=2).contains(&checked.code) && !checked.stderr.contains("panicked"), "{what}: {}", checked.told());
        for (query, expected) in queries.iter().zip(&expected) {
            let run = dir.run(&["search", "--json", query]);
            assert!((0..=2).contains(&run.code) && !run.stderr.contains("panicked"), "{what}: {}", run.told());
            if checked.code == 0 && run.stdout != *expected {
                missed.push(format!("{what}, {query}: {}", run.told()));
            }
        }
        fs::write(path, &whole).expect("mended");
    }
    assert!(missed.is_empty(), "{} not found by check: {}", missed.len(), missed.join("\n"));
    dir.run(&["check"]).ends(0);
}
