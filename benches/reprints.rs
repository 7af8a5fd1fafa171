//! Quality of finding reprints: copies of the articles of a folder are edited as newspapers do. Are they found, and no
//! others?
//!
//! ```text
//! cargo bench --bench reprints -- FOLDER [COUNT [SEED]]
//! ```
//!
//! For COUNT articles (text files of at least 100 words, drawn by the seed) one to three reprints each are written,
//! with one to three of these changes: cut from the bottom, a new headline, a new lede, tags of the wire, a correction,
//! another byline, other numbers, misread letters, inserted paragraphs. The origin of every word is recorded, so the
//! share of two articles is counted, not estimated: words of the same origin, divided by the words of the longer
//! article. Pairs that share more than 70 % should be grouped; pairs that share less than 30 %, including different
//! stories, should not. Different stories with an inserted paragraph from the same third story share that paragraph.
#![allow(clippy::print_stdout)]

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use crosshead::{Index, SearchOptions, Searcher};
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// A word with its origin: the number of a story, and the position in it. `None` if it is new.
type Token = (String, Option<(usize, usize)>);

/// Lines of words.
type Text = Vec<Vec<Token>>;

/// Pseudo-random numbers from a seed.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n.max(1)
    }
}

const CHANGES: [&str; 9] = [
    "cut from the bottom",
    "new headline",
    "new lede",
    "tags of the wire",
    "a correction",
    "another byline",
    "other numbers",
    "letters misread",
    "paragraphs put in",
];

fn main() -> Result<()> {
    let mut args = std::env::args().skip(1).filter(|arg| arg != "--bench");
    let folder = args.next().context("give a folder of text articles")?;
    let count: usize = args.next().map_or(Ok(3000), |count| count.parse()).context("COUNT is a number")?;
    let seed: u64 = args.next().map_or(Ok(2026), |seed| seed.parse()).context("SEED is a number")?;
    let mut files: Vec<(u64, PathBuf)> = walkdir::WalkDir::new(&folder)
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.path().extension().is_some_and(|end| end == "txt"))
        .map(|entry| (xxh3_64_with_seed(entry.path().as_os_str().as_encoded_bytes(), seed), entry.into_path()))
        .collect();
    files.sort();
    let mut random = Random(seed);
    let out = tempfile::tempdir()?;
    let mut made: HashMap<String, (usize, Text, Vec<usize>)> = HashMap::new();
    let mut donors: Vec<Vec<Token>> = Vec::new();
    let mut seen = HashSet::new();
    for (_, file) in files {
        if donors.len() == count {
            break;
        }
        let Ok(text) = std::fs::read_to_string(&file) else { continue };
        let lines: Vec<Vec<String>> = text
            .lines()
            .map(|line| line.split_whitespace().map(str::to_string).collect::<Vec<_>>())
            .filter(|line| !line.is_empty())
            .collect();
        let words: usize = lines.iter().map(Vec::len).sum();
        // Reprints that are already in the folder would count as different stories.
        let shingles: Vec<u64> = shingles(&lines.concat()).collect();
        let known = shingles.iter().filter(|shingle| seen.contains(*shingle)).count();
        if words < 100 || lines.len() < 4 || known * 10 > shingles.len() {
            continue;
        }
        seen.extend(shingles);
        let number = donors.len();
        let mut at = 0;
        let text: Text = lines
            .iter()
            .map(|line| {
                at += line.len();
                line.iter().cloned().zip((at - line.len()..at).map(|at| Some((number, at)))).collect()
            })
            .collect();
        for copy in 0..1 + random.below(3) {
            let mut changed = text.clone();
            let mut changes = Vec::new();
            for _ in 0..1 + random.below(3) {
                let change = random.below(CHANGES.len());
                apply(change, &mut changed, &donors, &mut random);
                changes.push(change);
            }
            let name = format!("{number:05}-{}.txt", copy + 1);
            write(out.path(), &name, &changed)?;
            made.insert(name, (number, changed, changes));
        }
        let name = format!("{number:05}-0.txt");
        write(out.path(), &name, &text)?;
        donors.push(text[text.len() / 2].clone());
        made.insert(name, (number, text, Vec::new()));
    }
    report(out.path(), &made)
}

/// Hashes of the shingles of four words.
fn shingles(words: &[String]) -> impl Iterator<Item = u64> {
    words.windows(4).map(|shingle| xxh3_64_with_seed(shingle.join(" ").as_bytes(), 0))
}

fn write(folder: &Path, name: &str, text: &Text) -> Result<()> {
    let lines: Vec<String> =
        text.iter().map(|line| line.iter().map(|(word, _)| word.as_str()).collect::<Vec<_>>().join(" ")).collect();
    Ok(std::fs::write(folder.join(name), lines.join("\n") + "\n")?)
}

/// A line of new words.
fn new(text: &str) -> Vec<Token> {
    text.split_whitespace().map(|word| (word.to_string(), None)).collect()
}

/// Applies a change, by its number in [`CHANGES`].
fn apply(change: usize, text: &mut Text, donors: &[Vec<Token>], random: &mut Random) {
    // A line of another article. Two articles with the same line share it.
    let other = |random: &mut Random, max: usize| -> Vec<Token> {
        if donors.is_empty() {
            return new("Officials declined to comment further on the matter on Monday evening.");
        }
        donors[random.below(donors.len())].iter().take(max).cloned().collect()
    };
    match change {
        0 => {
            let kept = text.len() * (70 + random.below(25)) / 100;
            text.truncate(kept.max(3));
        }
        1 => text[0] = other(random, 9),
        2 => {
            let line = 1.min(text.len() - 1);
            text[line] = other(random, 30);
        }
        3 => {
            text.insert(1.min(text.len()), new("LONDON (Agency) -"));
            text.push(new("(Reporting by A. Desk; editing by B. Slot)"));
        }
        4 => text.push(new("This story was corrected on Monday to say that the figure was for the whole year.")),
        5 => text.insert(1.min(text.len()), new("By Jo Bloggs and Mary Major")),
        6 => {
            for (word, origin) in text.iter_mut().flatten() {
                if word.contains(|c: char| c.is_ascii_digit()) {
                    *word = word.chars().map(|c| if c.is_ascii_digit() { '7' } else { c }).collect();
                    *origin = None;
                }
            }
        }
        7 => {
            for (word, origin) in text.iter_mut().flatten() {
                if random.below(100) < 4 && word.len() > 3 {
                    let misread = word.replacen('e', "c", 1).replacen('l', "1", 1);
                    if misread != *word {
                        (*word, *origin) = (misread, None);
                    }
                }
            }
        }
        _ => {
            for _ in 0..1 + random.below(2) {
                let at = 1 + random.below(text.len());
                text.insert(at.min(text.len()), other(random, 40));
            }
        }
    }
}

/// The share of words of the same origin in two texts, relative to the longer.
fn shared(a: &Text, b: &Text) -> f64 {
    let origins = |text: &Text| text.iter().flatten().filter_map(|(_, origin)| *origin).collect::<HashSet<_>>();
    let longer = a.iter().map(Vec::len).sum::<usize>().max(b.iter().map(Vec::len).sum());
    origins(a).intersection(&origins(b)).count() as f64 / longer.max(1) as f64
}

fn report(folder: &Path, made: &HashMap<String, (usize, Text, Vec<usize>)>) -> Result<()> {
    let index = tempfile::tempdir()?;
    let index = index.path().join("index");
    // Relative paths: groups depend on the order of paths, which must be the same in each run.
    let mut command = Command::new(env!("CARGO_BIN_EXE_crosshead"));
    let status = command.args(["-q", "--index"]).arg(&index).args(["index", "."]).current_dir(folder).status()?;
    ensure!(status.success(), "the folder could not be indexed");
    let index = Index::open(&index)?;
    let searcher = Searcher::of(&index)?;
    let mut options = SearchOptions::default();
    options.limit = usize::MAX / 4;
    options.per_article = 1;
    options.ungroup = true;
    let name = |path: &str| path.rsplit('/').next().unwrap_or(path).to_string();
    let mut found: BTreeSet<(String, String)> = BTreeSet::new();
    for hit in searcher.search("is:duplicate", &options)?.hits {
        let mut group: Vec<String> = hit.duplicates.iter().map(|other| name(&other.path)).collect();
        group.push(name(&hit.article.path));
        group.sort();
        for (i, a) in group.iter().enumerate() {
            found.extend(group[i + 1..].iter().map(|b| (a.clone(), b.clone())));
        }
    }
    let mut stories: BTreeMap<usize, Vec<&String>> = BTreeMap::new();
    made.iter().for_each(|(name, (story, ..))| stories.entry(*story).or_default().push(name));
    let (mut right, mut missed, mut wrong, mut between) = (0, 0, 0, 0);
    let mut by_change = [(0, 0); CHANGES.len()];
    let mut unexpected = Vec::new();
    for names in stories.values_mut() {
        names.sort();
        for (i, a) in names.iter().enumerate() {
            for b in &names[i + 1..] {
                let share = shared(&made[*a].1, &made[*b].1);
                let is_found = found.remove(&((*a).clone(), (*b).clone()));
                if share < 0.3 {
                    wrong += usize::from(is_found);
                    if is_found {
                        unexpected.push(format!("{a} {b} share {:.0} %", share * 100.0));
                    }
                    continue;
                }
                if share <= 0.7 {
                    between += usize::from(is_found);
                    continue;
                }
                right += usize::from(is_found);
                missed += usize::from(!is_found);
                for change in made[*a].2.iter().chain(&made[*b].2).collect::<BTreeSet<_>>() {
                    by_change[*change].0 += 1;
                    by_change[*change].1 += usize::from(is_found);
                }
            }
        }
    }
    for (a, b) in &found {
        let share = shared(&made[a].1, &made[b].1);
        wrong += usize::from(share < 0.3);
        between += usize::from(share >= 0.3);
        unexpected.push(format!("{a} {b} share {:.0} %", share * 100.0));
    }
    let f1 = 2.0 * right as f64 / (2 * right + missed + wrong).max(1) as f64;
    println!("{} articles, {} stories", made.len(), stories.len());
    println!("pairs that share more than 70 %: {right} found, {missed} missed");
    println!("pairs that share less than 30 %: {wrong} found; between: {between} found");
    println!("F1 {f1:.4}");
    for (name, (pairs, found)) in CHANGES.iter().zip(by_change) {
        println!("  {name:22} {found} of {pairs} found");
    }
    unexpected.iter().take(10).for_each(|line| println!("  glued: {line}"));
    Ok(())
}
