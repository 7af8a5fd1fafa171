//! Finds lines that many articles share: "Get the day's stories in your inbox", in every article of a site.
//!
//! A sample of the files is read before a larger run. A line counts once for each story, so that copies of one story do
//! not make its lines common. Short lines count only at the end of articles, because headings such as "Analysis" repeat
//! too.

use std::collections::{HashMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::article::{BlockKind, RawArticle, RepeatedLines, prepare};
use crate::ingest::walk::Candidate;
use crate::ingest::{Contents, ReadLimits, Yielded};

/// Minimum number of new files for a sample.
pub(crate) const MIN_FILES: usize = 24;
/// Maximum number of files in the sample, evenly spread.
const SAMPLE_FILES: usize = 1_500;
/// Maximum size of a file in the sample, in bytes.
const MAX_BYTES: u64 = 512 << 10;
/// Maximum number of HTML pages in the sample, which take long to read.
const MAX_PAGES: usize = 100;
/// Minimum number of stories that share a line,
const MIN_STORIES: u32 = 8;
/// and minimum share of the sample.
const MIN_SHARE: f64 = 0.005;
/// Lines of fewer words are short.
const SHORT_WORDS: usize = 6;
/// The end of an article is what follows its last block of at least this many words.
const RUNNING_WORDS: usize = 20;

/// Counts of a line.
#[derive(Default)]
struct LineCounts {
    /// Number of stories it is in.
    stories: u32,
    /// Number of stories it is at the end of.
    at_end: u32,
    is_short: bool,
}

/// A line of an article.
struct Line {
    hash: u64,
    /// Identifies its story.
    story: u64,
    is_at_end: bool,
    is_short: bool,
}

/// The part of the sample that one thread read.
#[derive(Default)]
struct Sample {
    articles: u32,
    lines: Vec<Line>,
}

/// Hashes of the lines that repeat in a sample of `files`, which is read by `threads` threads.
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
            candidate.skip.is_none() && candidate.bytes <= MAX_BYTES && (!is_page || pages <= MAX_PAGES)
        })
        .collect();
    let at_once = sample.len().div_ceil(threads.max(1)).max(1);
    let read = std::thread::scope(|scope| {
        let reader = |files: &'_ [&Candidate]| -> Sample {
            let mut sample = Sample::default();
            for file in files {
                // A panic of its reader is reported when the file is indexed.
                let _ = catch_unwind(AssertUnwindSafe(|| read(file, limits, &mut sample)));
            }
            sample
        };
        let spawn = |files| {
            let thread = std::thread::Builder::new().stack_size(crate::ingest::READER_STACK_BYTES);
            thread.spawn_scoped(scope, move || reader(files))
        };
        // If a thread cannot be started, its part of the sample is left out.
        let threads: Vec<_> = sample.chunks(at_once).flat_map(spawn).collect();
        let join =
            |thread: std::thread::ScopedJoinHandle<'_, Sample>| thread.join().expect("panics of readers are caught");
        threads.into_iter().map(join).collect::<Vec<Sample>>()
    });
    let mut counts: HashMap<u64, LineCounts> = HashMap::new();
    let mut seen: HashSet<(u64, u64)> = HashSet::new();
    let mut articles = 0;
    for sample in read {
        articles += sample.articles;
        for line in sample.lines {
            if !seen.insert((line.hash, line.story)) {
                continue;
            }
            let counts = counts.entry(line.hash).or_default();
            counts.stories += 1;
            counts.at_end += u32::from(line.is_at_end);
            counts.is_short = line.is_short;
        }
    }
    let min_stories = MIN_STORIES.max((f64::from(articles) * MIN_SHARE).ceil() as u32);
    let repeats =
        |line: &LineCounts| line.stories >= min_stories && (!line.is_short || line.at_end * 10 >= line.stories * 8);
    counts.into_iter().filter(|(_, line)| repeats(line)).map(|(hash, _)| hash).collect()
}

fn read(file: &Candidate, limits: ReadLimits, sample: &mut Sample) {
    let Ok(mut contents) = Contents::read_listed(&file.path, file.bytes, limits) else { return };
    // An error is reported when the file is indexed.
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
    // A story is identified by its longest block.
    let story = (0..blocks.len()).max_by_key(|&i| blocks[i].span.len()).and_then(|i| RepeatedLines::story(text(i)));
    let Some(story) = story else { return };
    let words = |i: usize| text(i).split_whitespace().take(RUNNING_WORDS).count();
    let last_running = (0..blocks.len()).rev().find(|&i| words(i) == RUNNING_WORDS).unwrap_or(0);
    for (i, block) in blocks.iter().enumerate() {
        if matches!(block.kind, BlockKind::Title | BlockKind::Boilerplate(_)) {
            continue;
        }
        let Some(hash) = RepeatedLines::hash(text(i)) else { continue };
        lines.push(Line { hash, story, is_at_end: i > last_running, is_short: words(i) < SHORT_WORDS });
    }
}
