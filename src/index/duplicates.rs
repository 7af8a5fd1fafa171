//! Wire copy: which articles of the index are reprints of each other.
//!
//! Groups are found by the sketches of all articles: those that agree in a band of their bytes are compared (locality
//! sensitive hashing; Indyk, Motwani, 1998), and those that resemble each other enough are joined. They are kept in a
//! file beside the commit they belong to; a reader that finds none finds the groups itself.

use std::collections::HashMap;
use std::path::Path;

use serde::{Deserialize, Serialize};
use tantivy::{DocAddress, DocId, Searcher};

use super::schema::{Fields, docs_with};
use super::sealed;
use super::sketch::{BYTES, Sketch, bytes, resemblance};

/// Articles that resemble each other this much are one story: about 60 % of the words of each, in one piece.
const RESEMBLANCE: f32 = 0.42;

/// The same of short articles, which are often of one mould (weekly figures, results) and differ in a few words.
const RESEMBLANCE_OF_SHORT: f32 = 0.68;

/// Those that stand for two groups must resemble each other by this much of it.
const STANDING: f32 = 0.85;

/// And any two of their members by this much: two halves of a long story each resemble it, and not each other.
const MEMBERS: f32 = 0.6;

/// So many members of a group are asked.
const MOST_MEMBERS: usize = 30;

/// Articles of fewer words are short.
const SHORT: i64 = 80;

/// Bytes of a band.
const BAND: usize = 3;

/// Of articles that agree in a band, each is compared with so many before it.
const MOST_COMPARED: usize = 30;

/// Name of the file in the folder of a state.
const FILE: &str = "duplicates.bin";

/// Its first bytes.
const MAGIC: [u8; 8] = *b"XHDGROUP";

/// Which articles are reprints of each other. Articles are known by the number that orders hits, which stays the same
/// while path and record do.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Duplicates {
    /// The commit that they belong to.
    generation: u64,
    /// Groups of two or more; the first of each is the original.
    groups: Vec<Vec<u64>>,
}

/// Groups by their members.
#[derive(Debug, Default)]
pub struct Groups {
    groups: Vec<Vec<u64>>,
    of: HashMap<u64, usize>,
}

impl Groups {
    fn new(groups: Vec<Vec<u64>>) -> Groups {
        let of =
            groups.iter().enumerate().flat_map(|(i, group)| group.iter().map(move |&article| (article, i))).collect();
        Groups { groups, of }
    }

    /// The number of an article's group.
    #[must_use]
    pub fn of(&self, article: u64) -> Option<usize> {
        self.of.get(&article).copied()
    }

    /// The articles of a group, the original first.
    #[must_use]
    pub fn members(&self, group: usize) -> &[u64] {
        &self.groups[group]
    }

    /// Is it a reprint of another?
    #[must_use]
    pub fn is_duplicate(&self, article: u64) -> bool {
        self.of(article).is_some_and(|group| self.groups[group].first() != Some(&article))
    }

    /// Are there none?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }
}

/// An article as it is compared.
struct Sketched {
    order: u64,
    /// Seconds since 1970; those without a date come last.
    date: i64,
    words: i64,
    bytes: [u8; BYTES],
}

/// The groups of an index: as they were stored, else found anew. While a run is under way they may be those of the
/// commit before, which lack what is new: whoever searches then does not wait for all articles to be compared.
///
/// # Errors
///
/// What tantivy says of a damaged segment.
pub fn groups(folder: &Path, searcher: &Searcher) -> tantivy::Result<Groups> {
    match read(folder) {
        Some(stored) => Ok(Groups::new(stored.groups)),
        None => Ok(Groups::new(find(searcher)?)),
    }
}

/// Are the groups that are kept those of this commit? They are not where a run was killed before it found them.
#[must_use]
pub fn are_of(folder: &Path, generation: u64) -> bool {
    read(folder).is_some_and(|stored| stored.generation == generation)
}

fn read(folder: &Path) -> Option<Duplicates> {
    // If it is damaged the groups are found anew.
    postcard::from_bytes(&sealed::read(&folder.join(FILE), MAGIC).ok()?).ok()
}

/// Finds the groups of a commit and keeps them beside it. They are not needed to read the index, so that failing to
/// write them is no failure.
///
/// # Errors
///
/// What tantivy says of a damaged segment.
pub fn update(folder: &Path, generation: u64, searcher: &Searcher) -> tantivy::Result<()> {
    let duplicates = Duplicates { generation, groups: find(searcher)? };
    if let Ok(body) = postcard::to_stdvec(&duplicates) {
        let _ = sealed::write(&folder.join(FILE), MAGIC, &body);
    }
    Ok(())
}

fn find(searcher: &Searcher) -> tantivy::Result<Vec<Vec<u64>>> {
    let mut articles = sketched(searcher)?;
    // Groups depend on the order in which articles are compared, which must not be that of threads and merges.
    articles.sort_unstable_by_key(|article| article.order);
    let mut sets = Sets::new(articles.len());
    let mut keys: Vec<(u32, u32)> = Vec::with_capacity(articles.len());
    for band in 0..BYTES / BAND {
        keys.clear();
        keys.extend(articles.iter().zip(0..).map(|(article, i)| {
            let at = band * BAND;
            let [a, b, c] = [article.bytes[at], article.bytes[at + 1], article.bytes[at + 2]];
            (u32::from_le_bytes([a, b, c, 0]), i)
        }));
        keys.sort_unstable();
        for run in keys.chunk_by(|a, b| a.0 == b.0).filter(|run| run.len() > 1) {
            for (at, &(_, article)) in run.iter().enumerate() {
                for &(_, other) in &run[at.saturating_sub(MOST_COMPARED)..at] {
                    let (a, b) = (article as usize, other as usize);
                    let (first, second) = (sets.find(a), sets.find(b));
                    if first == second || !alike(&articles[a], &articles[b], 1.0) {
                        continue;
                    }
                    // What each is alike may still be strangers, so the others of the groups are asked too.
                    let others = || sets.members(second).iter().take(MOST_MEMBERS);
                    if alike(&articles[first], &articles[second], STANDING)
                        && sets.members(first).iter().take(MOST_MEMBERS).all(|&one| {
                            others().all(|&other| alike(&articles[one as usize], &articles[other as usize], MEMBERS))
                        })
                    {
                        sets.join(first, second);
                    }
                }
            }
        }
    }
    let mut groups: HashMap<usize, Vec<usize>> = HashMap::new();
    for article in 0..articles.len() {
        groups.entry(sets.find(article)).or_default().push(article);
    }
    let mut out: Vec<Vec<u64>> = Vec::new();
    for mut group in groups.into_values().filter(|group| group.len() > 1) {
        // The original: the earliest, of those of a day the longest.
        group.sort_by_key(|&i| {
            let article = &articles[i];
            (article.date, std::cmp::Reverse(article.words), article.order)
        });
        out.push(group.into_iter().map(|i| articles[i].order).collect());
    }
    out.sort_unstable();
    Ok(out)
}

/// Do two articles print one story, as far as `part` of what that takes?
fn alike(a: &Sketched, b: &Sketched, part: f32) -> bool {
    let needed = if a.words.min(b.words) < SHORT { RESEMBLANCE_OF_SHORT } else { RESEMBLANCE };
    resemblance(&a.bytes, &b.bytes) >= needed * part
}

fn sketched(searcher: &Searcher) -> tantivy::Result<Vec<Sketched>> {
    let mut out = Vec::new();
    for reader in searcher.segment_readers() {
        let columns = reader.fast_fields();
        let (Some(order), Some(words)) = (columns.column_opt::<u64>("order")?, columns.column_opt::<i64>("words")?)
        else {
            continue;
        };
        let date = columns.column_opt::<i64>("date")?;
        let mut parts = Vec::new();
        for name in Fields::sketch_names() {
            parts.push(columns.column_opt::<u64>(&name)?);
        }
        for doc in 0..reader.max_doc() {
            let Some(order) = order.first(doc).filter(|_| !reader.is_deleted(doc)) else { continue };
            let mut sketch = Sketch::default();
            let mut known = false;
            for (number, part) in sketch.iter_mut().zip(&parts) {
                if let Some(value) = part.as_ref().and_then(|part| part.first(doc)) {
                    (*number, known) = (value, true);
                }
            }
            if known {
                let date = date.as_ref().and_then(|date| date.first(doc)).unwrap_or(i64::MAX);
                // The hour says little: reprints of a day are told apart by their length.
                let date = if date == i64::MAX { date } else { date.div_euclid(86_400) };
                out.push(Sketched { order, date, words: words.first(doc).unwrap_or(0), bytes: bytes(&sketch) });
            }
        }
    }
    Ok(out)
}

/// Where the heads of articles stand, in the order of `articles`; those that are not there are left out. Reads a column
/// through for each.
///
/// # Errors
///
/// What tantivy says of a damaged segment.
pub fn addresses<'a>(searcher: &Searcher, articles: impl Iterator<Item = &'a u64>) -> tantivy::Result<Vec<DocAddress>> {
    let mut out = Vec::new();
    for &article in articles {
        for (reader, ordinal) in searcher.segment_readers().iter().zip(0..) {
            let docs = docs_with(reader, "order", article)?;
            out.extend(docs.into_iter().map(|doc| DocAddress::new(ordinal, doc)));
        }
    }
    Ok(out)
}

/// Heads of the articles of a segment that `is` says yes to, by their numbers.
///
/// # Errors
///
/// What tantivy says of a damaged segment.
pub fn heads(reader: &tantivy::SegmentReader, is: impl Fn(u64) -> bool) -> tantivy::Result<Vec<DocId>> {
    let Some(order) = reader.fast_fields().column_opt::<u64>("order")? else { return Ok(Vec::new()) };
    Ok((0..reader.max_doc()).filter(|&doc| order.first(doc).is_some_and(&is)).collect())
}

/// Disjoint sets (Tarjan, 1975) that know their members.
struct Sets {
    parents: Vec<u32>,
    /// Members of the sets of two and more, by the first.
    members: HashMap<u32, Vec<u32>>,
}

impl Sets {
    fn new(count: usize) -> Sets {
        Sets { parents: (0..count as u32).collect(), members: HashMap::new() }
    }
    fn find(&mut self, at: usize) -> usize {
        let mut at = at as u32;
        while self.parents[at as usize] != at {
            self.parents[at as usize] = self.parents[self.parents[at as usize] as usize];
            at = self.parents[at as usize];
        }
        at as usize
    }
    /// Members of the set whose first is `first`.
    fn members(&self, first: usize) -> &[u32] {
        self.members.get(&(first as u32)).map_or(std::slice::from_ref(&self.parents[first]), Vec::as_slice)
    }
    /// Joins the sets whose firsts these are.
    fn join(&mut self, a: usize, b: usize) {
        let (first, other) = (a.min(b) as u32, a.max(b) as u32);
        let moved = self.members.remove(&other).unwrap_or_else(|| vec![other]);
        self.members.entry(first).or_insert_with(|| vec![first]).extend(moved);
        self.parents[other as usize] = first;
    }
}
