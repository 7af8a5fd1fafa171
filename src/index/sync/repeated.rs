//! Lines that many articles of a folder share: "Get the day's stories in your inbox", in every article of a site.
//!
//! Found by reading a sample of the files before a larger run. A line counts once for each story, so that ten copies
//! of one story make none of its lines common; short lines count only where they stand at the end, because a heading
//! such as "Analysis" repeats too.

use std::collections::{HashMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::article::{BlockKind, RawArticle, RepeatedLines, prepare};
use crate::ingest::walk::Candidate;
use crate::ingest::{Contents, ReadLimits, Yielded};

/// Fewer new files tell nothing.
pub(crate) const LEAST_FILES: usize = 24;
/// So many files are looked at, evenly spread.
const SAMPLE_FILES: usize = 1_500;
/// Larger files are passed over.
const MOST_BYTES: u64 = 512 << 10;
/// Pages among them: they take long to read.
const MOST_PAGES: usize = 100;
/// So many stories must share a line.
const LEAST_STORIES: u32 = 8;
/// And this share of the sample.
const LEAST_SHARE: f64 = 0.005;
/// Lines of fewer words must stand at the end of an article.
const TELLING_WORDS: usize = 6;
/// Behind the last block of so many words is the end.
const RUNNING_WORDS: usize = 20;

/// How often a line was seen.
#[derive(Default)]
struct Seen {
    stories: u32,
    at_end: u32,
    telling: bool,
}

/// A line of an article.
struct Line {
    hash: u64,
    /// Stands for the story that it is told in.
    story: u64,
    is_at_end: bool,
    telling: bool,
}

/// What one thread has read.
#[derive(Default)]
struct Sample {
    articles: u32,
    lines: Vec<Line>,
}

/// Looks for lines that repeat in a sample of `files`, with so many threads.
pub(crate) fn find<'c>(
    files: impl ExactSizeIterator<Item = &'c Candidate>,
    limits: ReadLimits,
    threads: usize,
) -> Vec<u64> {
    let step = files.len().div_ceil(SAMPLE_FILES).max(1);
    let mut pages = 0;
    let sample: Vec<&Candidate> = files
        .step_by(step)
        .filter(|candidate| {
            let extension = candidate.path.extension();
            let is_page = extension.is_some_and(|e| e.to_string_lossy().to_ascii_lowercase().contains("htm"));
            pages += usize::from(is_page);
            candidate.skip.is_none() && candidate.bytes <= MOST_BYTES && (!is_page || pages <= MOST_PAGES)
        })
        .collect();
    let at_once = sample.len().div_ceil(threads.max(1)).max(1);
    let read = std::thread::scope(|scope| {
        let reader = |files: &'_ [&Candidate]| -> Sample {
            let mut sample = Sample::default();
            for file in files {
                // What is wrong with a file is said when it is indexed, what its reader panics of too.
                let _ = catch_unwind(AssertUnwindSafe(|| read(file, limits, &mut sample)));
            }
            sample
        };
        let spawn = |files| {
            let thread = std::thread::Builder::new().stack_size(crate::ingest::READER_STACK_BYTES);
            thread.spawn_scoped(scope, move || reader(files))
        };
        // Lines of a thread that cannot be had are not found.
        let threads: Vec<_> = sample.chunks(at_once).flat_map(spawn).collect();
        threads.into_iter().flat_map(|thread| thread.join()).collect::<Vec<Sample>>()
    });
    let mut lines: HashMap<u64, Seen> = HashMap::new();
    let mut seen_in: HashSet<(u64, u64)> = HashSet::new();
    let mut articles = 0;
    for sample in read {
        articles += sample.articles;
        for line in sample.lines {
            if !seen_in.insert((line.hash, line.story)) {
                continue;
            }
            let seen = lines.entry(line.hash).or_default();
            seen.stories += 1;
            seen.at_end += u32::from(line.is_at_end);
            seen.telling = line.telling;
        }
    }
    let least = LEAST_STORIES.max((f64::from(articles) * LEAST_SHARE).ceil() as u32);
    let repeats = |seen: &Seen| seen.stories >= least && (seen.telling || seen.at_end * 10 >= seen.stories * 8);
    lines.into_iter().filter(|(_, seen)| repeats(seen)).map(|(hash, _)| hash).collect()
}

fn read(file: &Candidate, limits: ReadLimits, sample: &mut Sample) {
    let Ok(mut contents) = Contents::read_listed(&file.path, file.bytes, limits) else { return };
    let _ = contents.articles("", limits, &mut |yielded| {
        if let Yielded::Article(record) = yielded {
            sample.articles += 1;
            add_lines(&record.raw, &mut sample.lines);
        }
    });
}

fn add_lines(raw: &RawArticle, lines: &mut Vec<Line>) {
    let blocks = prepare(raw).blocks;
    let text = |i: usize| &raw.text[blocks[i].span.clone()];
    // The longest block tells one story from another.
    let story = (0..blocks.len()).max_by_key(|&i| blocks[i].span.len()).and_then(|i| RepeatedLines::story(text(i)));
    let Some(story) = story else { return };
    let words = |i: usize| text(i).split_whitespace().take(RUNNING_WORDS).count();
    let last_running = (0..blocks.len()).rev().find(|&i| words(i) == RUNNING_WORDS).unwrap_or(0);
    for (i, block) in blocks.iter().enumerate() {
        if matches!(block.kind, BlockKind::Title | BlockKind::Boilerplate(_)) {
            continue;
        }
        let Some(hash) = RepeatedLines::hash(text(i)) else { continue };
        lines.push(Line { hash, story, is_at_end: i > last_running, telling: words(i) >= TELLING_WORDS });
    }
}
