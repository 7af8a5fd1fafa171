//! Wire copy: which articles of the index are reprints of each other.
//!
//! Groups are found by the sketches of all articles: those that agree in a band of their bytes are compared (locality
//! sensitive hashing; Indyk, Motwani, 1998), and those that share enough are joined. Where sketches leave it open, which
//! is seldom, the texts decide. The groups are kept in a file beside the commit they belong to; a reader that finds none
//! finds the groups itself. What the texts said is kept in another, which only the next run reads.

mod overlap;
pub mod signature;

use std::collections::{HashMap, HashSet};
use std::path::Path;

use rayon::iter::{IntoParallelIterator, IntoParallelRefIterator, ParallelExtend, ParallelIterator};
use rayon::slice::ParallelSliceMut;
use serde::{Deserialize, Serialize};
use tantivy::{DocAddress, DocId, Searcher};
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

use crate::index::reprints::overlap::Texts;
use crate::index::reprints::signature::{BYTES, Sketch, bytes, differ, resemblance};
use crate::index::schema::{Fields, docs_with};
use crate::index::sealed;

/// Articles of which one prints this much of the longer one are one story.
const SAME: f32 = 0.55;

/// The same of short articles, which are often of one mould (weekly figures, results) and differ in a few words.
const SAME_OF_SHORT: f32 = 0.8;

/// Those that stand for two groups must share this much of it.
const STANDING: f32 = 0.85;

/// And any two of their members this much: two halves of a long story are each the same as it, and strangers.
const MEMBERS: f32 = 0.65;

/// So many members of a group are asked.
const MOST_MEMBERS: usize = 30;

/// Articles of fewer words are short.
const SHORT: u32 = 80;

/// Which bytes make a band, counted from each byte in turn: no two bands share more than one, so that one may agree
/// where others do not.
const BAND: [usize; 3] = [0, 1, 3];

/// Of articles that agree in a band, each is compared with so many before it.
const MOST_COMPARED: usize = 30;

/// Of these, so many are kept that are alike, and so many that may be: more say the same again.
const MOST_PAIRS: usize = 3;

/// Bands that are looked through before what they found is put together: of a story that is there a million times all
/// bands find the same pairs.
const BANDS_AT_ONCE: usize = 4;

/// An article whose text was so often found to be another story than its sketch let hope is of a mould that many share:
/// two of them are not compared.
const MOST_REFUSED: u8 = 3;

/// Name of the file of the groups in the folder of a state.
const FILE: &str = "duplicates.bin";

/// Its first bytes.
const MAGIC: [u8; 8] = *b"XHDGROUP";

/// Name of the file of what texts share, beside it.
const SHARES_FILE: &str = "shares.bin";

/// Its first bytes.
const SHARES_MAGIC: [u8; 8] = *b"XHDSHARE";

/// What two texts share, in percent, by the articles' contents ([`key_of`]).
type Percents = HashMap<u64, u8>;

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
    /// Hash of what it was read from.
    contents: u64,
    head: DocAddress,
    /// Days since 1970; those without a date come last.
    day: i32,
    words: u32,
    bytes: [u8; BYTES],
}

/// The groups of an index: as they were stored, else found anew. While a run is under way they may be those of the
/// commit before, which lack what is new: whoever searches then does not wait for all articles to be compared.
///
/// # Errors
///
/// What tantivy says of a damaged segment.
pub fn groups(folder: &Path, searcher: &Searcher, fields: &Fields) -> tantivy::Result<Groups> {
    match read(folder) {
        Some(stored) => Ok(Groups::new(stored.groups)),
        None => Ok(Groups::new(find(searcher, fields, &Percents::new())?.0)),
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
pub fn update(folder: &Path, generation: u64, searcher: &Searcher, fields: &Fields) -> tantivy::Result<()> {
    let (groups, percents) = find(searcher, fields, &read_shares(folder).unwrap_or_default())?;
    if let Ok(body) = postcard::to_stdvec(&percents) {
        let _ = sealed::write(&folder.join(SHARES_FILE), SHARES_MAGIC, &body);
    }
    if let Ok(body) = postcard::to_stdvec(&Duplicates { generation, groups }) {
        let _ = sealed::write(&folder.join(FILE), MAGIC, &body);
    }
    Ok(())
}

fn read_shares(folder: &Path) -> Option<Percents> {
    // If it is damaged the texts are read again.
    postcard::from_bytes(&sealed::read(&folder.join(SHARES_FILE), SHARES_MAGIC).ok()?).ok()
}

/// The groups, and what was asked of texts to find them.
fn find(searcher: &Searcher, fields: &Fields, known: &Percents) -> tantivy::Result<(Vec<Vec<u64>>, Percents)> {
    let mut articles = sketched(searcher)?;
    // Groups depend on the order in which articles are compared, which must not be that of threads and merges.
    articles.par_sort_unstable_by_key(|article| article.order);
    let bands: Vec<[usize; 3]> = (0..BYTES).map(|from| BAND.map(|at| (from + at) % BYTES)).collect();
    let mut pairs: Vec<Pair> = Vec::new();
    for some in bands.chunks(BANDS_AT_ONCE) {
        let found: Vec<Vec<Pair>> = some.par_iter().map(|&band| alike_in(&articles, band)).collect();
        pairs.extend(found.into_iter().flatten());
        // Those most alike first: the texts of the others are asked only while it is worth it. Most are sorted already.
        pairs.sort();
        pairs.dedup();
    }
    let mut texts = Texts::new(searcher, fields);
    texts.read_ahead(asked_for(&articles, &pairs, known));
    let mut shares = Shares { known, used: Percents::new(), refused: vec![0; articles.len()], texts };
    let sets = joined(articles.len(), &pairs, |pair, part| shares.reach(&articles, pair, part));
    let mut out: Vec<Vec<u64>> = Vec::new();
    for mut group in sets.members.into_values() {
        // The original: the earliest, of those of a day the longest.
        group.sort_unstable_by_key(|&i| {
            let article = &articles[i as usize];
            (article.day, std::cmp::Reverse(article.words), article.order)
        });
        out.push(group.into_iter().map(|i| articles[i as usize].order).collect());
    }
    out.sort_unstable();
    Ok((out, shares.used))
}

/// Sets of articles that are one story, by whether two share a part of what one story takes.
fn joined(count: usize, pairs: &[Pair], mut like: impl FnMut((u32, u32), f32) -> bool) -> Sets {
    let mut sets = Sets::new(count);
    for &Pair { a, b, .. } in pairs {
        let (first, second) = (sets.find(a), sets.find(b));
        if first == second {
            continue;
        }
        // What each is alike may still be strangers, so the others of the groups are asked too.
        let members = |of: u32| sets.members(of).iter().copied().take(MOST_MEMBERS);
        if like((a, b), 1.0)
            && like((first, second), STANDING)
            && members(first).all(|one| members(second).all(|other| like((one, other), MEMBERS)))
        {
            sets.join(first, second);
        }
    }
    sets
}

/// Heads of the articles whose texts will be asked for, as it seems while all that texts are asked is answered yes.
fn asked_for(articles: &[Sketched], pairs: &[Pair], known: &Percents) -> Vec<DocAddress> {
    /// Of more texts the rest is read when it is asked for: a text takes some kilobytes.
    const MOST_AHEAD: usize = 4_000;
    let mut asked = HashSet::new();
    joined(articles.len(), pairs, |(one, other), part| {
        let (a, b) = (&articles[one as usize], &articles[other as usize]);
        let answer = estimate(a, b, part);
        if answer.is_none() && asked.len() < MOST_AHEAD && !known.contains_key(&key_of(a, b)) {
            asked.extend([a.head, b.head]);
        }
        answer != Some(false)
    });
    asked.into_iter().collect()
}

/// Two articles that may be one story. Those that differ least come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Pair {
    /// Bytes of their sketches that differ.
    differ: u8,
    a: u32,
    b: u32,
}

/// Pairs of articles that agree in a band and are alike, or may be.
fn alike_in(articles: &[Sketched], band: [usize; 3]) -> Vec<Pair> {
    const MOST_SLOTS: usize = 1 << 24;
    let key = |article: &Sketched| {
        let [a, b, c] = band.map(|at| article.bytes[at]);
        u32::from_le_bytes([a, b, c, 0])
    };
    let keys: Vec<u32> = articles.iter().map(key).collect();
    // Most keys are one article's: only the others are sorted.
    let slots = (keys.len() * 4).next_power_of_two().min(MOST_SLOTS);
    let slot = |key: u32| key as usize & (slots - 1);
    let mut seen = vec![0u8; slots];
    for &key in &keys {
        seen[slot(key)] = seen[slot(key)].saturating_add(1);
    }
    let mut shared: Vec<(u32, u32)> = keys.into_iter().zip(0..).filter(|(key, _)| seen[slot(*key)] > 1).collect();
    shared.sort_unstable();
    let mut pairs = Vec::new();
    for run in shared.chunk_by(|a, b| a.0 == b.0).filter(|run| run.len() > 1) {
        for (at, &(_, article)) in run.iter().enumerate() {
            let mut alike = 0;
            let mut open: Vec<Pair> = Vec::new();
            for &(_, before) in run[at.saturating_sub(MOST_COMPARED)..at].iter().rev() {
                let (one, other) = (&articles[article as usize], &articles[before as usize]);
                let pair = Pair { differ: differ(&one.bytes, &other.bytes), a: article, b: before };
                match estimate(one, other, 1.0) {
                    Some(true) => {
                        pairs.push(pair);
                        alike += 1;
                    }
                    Some(false) => {}
                    None => open.push(pair),
                }
                if alike == MOST_PAIRS {
                    break;
                }
            }
            open.sort_unstable();
            pairs.extend(open.into_iter().take(MOST_PAIRS));
        }
    }
    pairs
}

/// The share that two articles must have in common to be one story.
fn needed(a: &Sketched, b: &Sketched) -> f32 {
    if a.words.min(b.words) < SHORT { SAME_OF_SHORT } else { SAME }
}

/// Do two articles share `part` of what one story takes, as far as their sketches tell? `None` if the texts must.
fn estimate(a: &Sketched, b: &Sketched, part: f32) -> Option<bool> {
    /// Twice the standard deviation of what 32 bytes estimate.
    const ERROR: f32 = 0.17;
    let share = needed(a, b) * part;
    // Texts of one length that share this in one piece resemble each other least, those of which one is a part of the
    // other most. What is changed in every sentence resembles still less, but such texts seldom agree in a band.
    let (least, most) = (share / (2.0 - share) - ERROR, share + ERROR);
    let resemblance = resemblance(&a.bytes, &b.bytes);
    if resemblance >= most {
        Some(true)
    } else if resemblance < least {
        Some(false)
    } else {
        None
    }
}

/// What pairs of articles share.
struct Shares<'a> {
    /// As the commit before knew it.
    known: &'a Percents,
    /// What was asked for, to be kept.
    used: Percents,
    /// How often the text of an article said no, an article each.
    refused: Vec<u8>,
    texts: Texts<'a>,
}

impl Shares<'_> {
    /// Do two articles share `part` of what one story takes? A text that cannot be read is like no other.
    fn reach(&mut self, articles: &[Sketched], (one, other): (u32, u32), part: f32) -> bool {
        let (a, b) = (&articles[one as usize], &articles[other as usize]);
        if let Some(known) = estimate(a, b, part) {
            return known;
        }
        let key = key_of(a, b);
        // Asked before what is known, so that groups are the same whatever earlier runs have compared.
        if self.refused[one as usize].min(self.refused[other as usize]) >= MOST_REFUSED {
            return false;
        }
        let known = self.used.get(&key).or_else(|| self.known.get(&key)).copied();
        let Some(percent) = known.or_else(|| Some((self.texts.share(a.head, b.head)? * 100.0) as u8)) else {
            return false;
        };
        self.used.insert(key, percent);
        let reached = f32::from(percent) >= needed(a, b) * part * 100.0;
        if !reached {
            for article in [one, other] {
                self.refused[article as usize] = self.refused[article as usize].saturating_add(1);
            }
        }
        reached
    }
}

/// The number of a pair of texts: that of what they were read from, and of their sketches, since what of it is text may
/// be seen otherwise later.
fn key_of(a: &Sketched, b: &Sketched) -> u64 {
    let number = |article: &Sketched| xxh3_64_with_seed(&article.bytes, article.contents);
    let (a, b) = (number(a), number(b));
    xxh3_64([a.min(b).to_le_bytes(), a.max(b).to_le_bytes()].as_flattened())
}

fn sketched(searcher: &Searcher) -> tantivy::Result<Vec<Sketched>> {
    let mut out = Vec::new();
    for (reader, segment) in searcher.segment_readers().iter().zip(0..) {
        let columns = reader.fast_fields();
        let (Some(order), Some(words)) = (columns.column_opt::<u64>("order")?, columns.column_opt::<i64>("words")?)
        else {
            continue;
        };
        let contents = columns.column_opt::<u64>("article")?;
        let date = columns.column_opt::<i64>("date")?;
        let mut parts = Vec::new();
        for name in Fields::sketch_names() {
            parts.push(columns.column_opt::<u64>(&name)?);
        }
        let mut heads = Vec::new();
        order.get_docids_for_value_range(0..=u64::MAX, 0..reader.max_doc(), &mut heads);
        let sketched = |doc: DocId| {
            let order = order.first(doc).filter(|_| !reader.is_deleted(doc))?;
            let mut sketch = Sketch::default();
            let mut known = false;
            for (number, part) in sketch.iter_mut().zip(&parts) {
                if let Some(value) = part.as_ref().and_then(|part| part.first(doc)) {
                    (*number, known) = (value, true);
                }
            }
            if !known {
                return None;
            }
            // The hour says little: reprints of a day are told apart by their length.
            let day = date.as_ref().and_then(|date| date.first(doc)).map(|seconds| seconds.div_euclid(86_400));
            let day = day.and_then(|day| i32::try_from(day).ok()).unwrap_or(i32::MAX);
            let words = words.first(doc).and_then(|words| u32::try_from(words).ok()).unwrap_or(0);
            let head = DocAddress::new(segment, doc);
            let contents = contents.as_ref().and_then(|contents| contents.first(doc)).unwrap_or_default();
            Some(Sketched { order, contents, head, day, words, bytes: bytes(&sketch) })
        };
        out.par_extend(heads.into_par_iter().filter_map(sketched));
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
    fn find(&mut self, mut at: u32) -> u32 {
        while self.parents[at as usize] != at {
            self.parents[at as usize] = self.parents[self.parents[at as usize] as usize];
            at = self.parents[at as usize];
        }
        at
    }
    /// Members of the set whose first is `first`.
    fn members(&self, first: u32) -> &[u32] {
        self.members.get(&first).map_or(std::slice::from_ref(&self.parents[first as usize]), Vec::as_slice)
    }
    /// Joins the sets whose firsts these are.
    fn join(&mut self, a: u32, b: u32) {
        let (first, other) = (a.min(b), a.max(b));
        let moved = self.members.remove(&other).unwrap_or_else(|| vec![other]);
        self.members.entry(first).or_insert_with(|| vec![first]).extend(moved);
        self.parents[other as usize] = first;
    }
}
