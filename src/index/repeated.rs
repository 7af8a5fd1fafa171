//! Lines that many articles of a folder share: "Get the day's stories in your inbox", in every article of a site.
//!
//! Found by reading a sample of the files before a larger run. A line counts once for each story, so that ten copies
//! of one story make none of its lines common; short lines count only where they stand at the end, because a heading
//! such as "Analysis" repeats too.

use std::collections::{HashMap, HashSet};

use crate::article::{BlockKind, RawArticle, RepeatedLines, prepare};
use crate::ingest::walk::Candidate;
use crate::ingest::{Contents, ReadLimits, Yielded};

/// Fewer new files tell nothing.
pub(super) const LEAST_FILES: usize = 24;
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

/// Looks for lines that repeat in a sample of `files`.
pub(super) fn find<'c>(files: impl ExactSizeIterator<Item = &'c Candidate>, limits: ReadLimits) -> Vec<u64> {
    let step = files.len().div_ceil(SAMPLE_FILES).max(1);
    let mut lines: HashMap<u64, Seen> = HashMap::new();
    let mut seen_in: HashSet<(u64, u64)> = HashSet::new();
    let (mut articles, mut pages) = (0u32, 0);
    for candidate in files.step_by(step) {
        let page = candidate.path.extension().is_some_and(|e| e.to_string_lossy().to_ascii_lowercase().contains("htm"));
        pages += usize::from(page);
        if candidate.skip.is_some() || candidate.bytes > MOST_BYTES || page && pages > MOST_PAGES {
            continue;
        }
        let Ok(mut contents) = Contents::read(&candidate.path, limits) else { continue };
        // What is wrong with a file is said when it is indexed.
        let _ = contents.articles("", limits, &mut |yielded| {
            if let Yielded::Article(record) = yielded {
                articles += 1;
                count(&record.raw, &mut lines, &mut seen_in);
            }
        });
    }
    let least = LEAST_STORIES.max((f64::from(articles) * LEAST_SHARE).ceil() as u32);
    let repeats = |seen: &Seen| seen.stories >= least && (seen.telling || seen.at_end * 10 >= seen.stories * 8);
    lines.into_iter().filter(|(_, seen)| repeats(seen)).map(|(hash, _)| hash).collect()
}

fn count(raw: &RawArticle, lines: &mut HashMap<u64, Seen>, seen_in: &mut HashSet<(u64, u64)>) {
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
        if !seen_in.insert((hash, story)) {
            continue;
        }
        let seen = lines.entry(hash).or_default();
        seen.stories += 1;
        seen.at_end += u32::from(i > last_running);
        seen.telling = words(i) >= TELLING_WORDS;
    }
}
