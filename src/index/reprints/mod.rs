//! Reprints: which articles of the index are printings of the same story.
//!
//! Candidates are found by the MinHash signatures of all articles: those that agree in a band of bytes are compared
//! (locality-sensitive hashing; Indyk, Motwani, 1998), and those that share enough are grouped. In the few cases that
//! signatures do not decide, the texts do. The groups are kept in a file beside the commit they belong to; a reader
//! without that file computes them. The results of comparing texts are kept in another file, for the next run.

mod across;
mod overlap;
pub mod signature;

use std::collections::{HashMap, HashSet};
use std::path::Path;

pub(crate) use across::{cache_folder, groups_across};

use rayon::iter::{IntoParallelIterator, IntoParallelRefIterator, ParallelExtend, ParallelIterator};
use rayon::slice::ParallelSliceMut;
use serde::{Deserialize, Serialize};
use tantivy::{DocAddress, DocId, Searcher};
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

use crate::index::readers::Readers;
use crate::index::reprints::overlap::Texts;
use crate::index::reprints::signature::{BYTES, Signature, bytes, num_different, resemblance};
use crate::index::schema::{Fields, docs_in_range};
use crate::index::sealed;

/// Two articles are reprints if this share of the longer one's words is in both.
const MIN_SHARE: f32 = 0.55;

/// The same for short articles, which are often made from one template (weekly figures, results) and differ in few
/// words.
const MIN_SHARE_OF_SHORT: f32 = 0.8;

/// To join two groups, their representatives must share this part of the minimum,
const REPRESENTATIVES_PART: f32 = 0.85;

/// and any two of their members this part. Otherwise the two halves of a long story would be grouped by the whole.
const MEMBERS_PART: f32 = 0.65;

/// Number of members of a group that are compared.
const MAX_MEMBERS: usize = 30;

/// Articles of fewer words are short.
const SHORT_WORDS: u32 = 80;

/// Offsets of the bytes of a band, counted from each byte in turn. No two bands have more than one byte in common, so
/// that bands agree independently.
const BAND: [usize; 3] = [0, 1, 3];

/// Among articles that agree in a band, the number of earlier ones that each is compared with.
const MAX_COMPARED: usize = 30;

/// Of these, the number of reprints that are recorded, and of undecided pairs. Further ones add nothing.
const MAX_PAIRS: usize = 3;

/// Number of bands that are searched before their pairs are merged: for a story that occurs a million times, all bands
/// find the same pairs.
const BANDS_AT_ONCE: usize = 4;

/// An article whose text was this often found to be no reprint, where its signature left it open, is made from a common
/// template. The texts of two such articles are not compared.
const MAX_REFUSALS: u8 = 3;

/// Name of the file of the groups in the folder of a state.
const GROUPS_FILE: &str = "duplicates.bin";

/// Its magic.
const GROUPS_MAGIC: [u8; 8] = *b"XHDGROUP";

/// Name of the file of shares.
const SHARES_FILE: &str = "shares.bin";

/// Its magic.
const SHARES_MAGIC: [u8; 8] = *b"XHDSHARE";

/// The share of words that two texts have in common, in percent, by [`pair_hash`].
type Percents = HashMap<u64, u8>;

/// The file of the groups.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Duplicates {
    /// The commit that they belong to.
    generation: u64,
    /// Groups of two or more articles, the original first. Articles are known by [`crate::model::Article::order`],
    /// which depends on path and record only.
    groups: Vec<Vec<u64>>,
}

/// Groups by their members.
#[derive(Debug, Default)]
pub(crate) struct Groups {
    groups: Vec<Vec<u64>>,
    of: HashMap<u64, usize>,
}

impl Groups {
    fn new(groups: Vec<Vec<u64>>) -> Groups {
        let of =
            groups.iter().enumerate().flat_map(|(i, group)| group.iter().map(move |&article| (article, i))).collect();
        Groups { groups, of }
    }

    /// Groups of articles that an engine holds, the original of each first.
    #[must_use]
    pub(crate) fn of_candidates(groups: Vec<Vec<u64>>) -> Groups {
        Groups::new(groups)
    }

    /// The number of an article's group.
    #[must_use]
    pub(crate) fn of(&self, article: u64) -> Option<usize> {
        self.of.get(&article).copied()
    }

    /// The articles of a group, the original first.
    #[must_use]
    pub(crate) fn members(&self, group: usize) -> &[u64] {
        &self.groups[group]
    }

    /// Is it a reprint of another article?
    #[must_use]
    pub(crate) fn is_duplicate(&self, article: u64) -> bool {
        self.of(article).is_some_and(|group| self.groups[group].first() != Some(&article))
    }

    /// Are there no groups?
    #[must_use]
    pub(crate) fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }
}

/// The signature of an article, and what else decides on its group.
struct SignedArticle {
    order: u64,
    /// Hash of the bytes it was read from.
    hash: u64,
    /// Its first document.
    first_doc: DocAddress,
    /// Date in days since 1970; without a date, the latest.
    day: i32,
    words: u32,
    signature: [u8; BYTES],
}

/// The groups of an index: those that were stored, otherwise computed. During a run they may be those of the commit
/// before, without the new articles, so that a search need not wait until all articles are compared.
///
/// # Errors
///
/// The error of tantivy for a damaged segment.
pub(crate) fn groups(folder: &Path, readers: &Readers, fields: &Fields) -> tantivy::Result<Groups> {
    match read_groups(folder) {
        Some(stored) => Ok(Groups::new(stored.groups)),
        None => Ok(Groups::new(find(readers, fields, &Percents::new())?.0)),
    }
}

/// Are the stored groups those of this commit? They are not if a run was killed before it had computed them.
#[must_use]
pub(crate) fn are_of(folder: &Path, generation: u64) -> bool {
    read_groups(folder).is_some_and(|stored| stored.generation == generation)
}

fn read_groups(folder: &Path) -> Option<Duplicates> {
    // If the file is damaged, the groups are computed again.
    postcard::from_bytes(&sealed::read(&folder.join(GROUPS_FILE), GROUPS_MAGIC).ok()?).ok()
}

/// Computes the groups of a commit and writes them. Failing to write them is no error, because reading the index does
/// not require them.
///
/// # Errors
///
/// The error of tantivy for a damaged segment.
pub(crate) fn update(folder: &Path, generation: u64, searcher: &Searcher, fields: &Fields) -> tantivy::Result<()> {
    let (groups, percents) = find(&Readers::of(searcher), fields, &read_shares(folder).unwrap_or_default())?;
    let body = postcard::to_stdvec(&percents).expect("numbers have a postcard form");
    let _ = sealed::write(&folder.join(SHARES_FILE), SHARES_MAGIC, &body);
    let body = postcard::to_stdvec(&Duplicates { generation, groups }).expect("numbers have a postcard form");
    let _ = sealed::write(&folder.join(GROUPS_FILE), GROUPS_MAGIC, &body);
    Ok(())
}

fn read_shares(folder: &Path) -> Option<Percents> {
    // If the file is damaged, the texts are compared again.
    postcard::from_bytes(&sealed::read(&folder.join(SHARES_FILE), SHARES_MAGIC).ok()?).ok()
}

/// Computes the groups. Also returns the shares that were needed for it.
fn find(readers: &Readers, fields: &Fields, known: &Percents) -> tantivy::Result<(Vec<Vec<u64>>, Percents)> {
    let mut articles = signed_articles(readers)?;
    // The groups depend on the order of articles, which must not depend on threads and merges.
    articles.par_sort_unstable_by_key(|article| article.order);
    let bands: Vec<[usize; 3]> = (0..BYTES).map(|from| BAND.map(|at| (from + at) % BYTES)).collect();
    let mut pairs: Vec<Pair> = Vec::new();
    for some in bands.chunks(BANDS_AT_ONCE) {
        let found: Vec<Vec<Pair>> = some.par_iter().map(|&band| pairs_in_band(&articles, band)).collect();
        pairs.extend(found.into_iter().flatten());
        // The most similar first, which spares comparing the texts of many others. A stable sort: most are sorted
        // already.
        pairs.sort();
        pairs.dedup();
    }
    let mut texts = Texts::new(readers, fields);
    texts.prefetch(needed_texts(&articles, &pairs, known));
    let mut shares = Shares { known, used: Percents::new(), refusals: vec![0; articles.len()], texts };
    let sets = join_pairs(articles.len(), &pairs, |pair, part| shares.reach(&articles, pair, part));
    let mut out: Vec<Vec<u64>> = Vec::new();
    for mut group in sets.members.into_values() {
        // The original is the earliest, and among those of the same day the longest.
        group.sort_unstable_by_key(|&i| {
            let article = &articles[i as usize];
            (article.day, std::cmp::Reverse(article.words), article.order)
        });
        out.push(group.into_iter().map(|i| articles[i as usize].order).collect());
    }
    out.sort_unstable();
    Ok((out, shares.used))
}

/// Groups articles. `share` tells whether two articles share a part of the minimum.
fn join_pairs(count: usize, pairs: &[Pair], mut share: impl FnMut((u32, u32), f32) -> bool) -> Sets {
    let mut sets = Sets::new(count);
    for &Pair { a, b, .. } in pairs {
        let (first, second) = (sets.find(a), sets.find(b));
        if first == second {
            continue;
        }
        // Reprints of one story need not be reprints of each other, so other members are compared too.
        let members = |of: u32| sets.members(of).iter().copied().take(MAX_MEMBERS);
        if share((a, b), 1.0)
            && share((first, second), REPRESENTATIVES_PART)
            && members(first).all(|one| members(second).all(|other| share((one, other), MEMBERS_PART)))
        {
            sets.join(first, second);
        }
    }
    sets
}

/// Articles whose texts will be compared, on the assumption that every comparison finds reprints.
fn needed_texts(articles: &[SignedArticle], pairs: &[Pair], known: &Percents) -> Vec<DocAddress> {
    /// Number of texts, of some kilobytes each. Further ones are read when they are needed.
    const MAX_TEXTS: usize = 4_000;
    let mut needed = HashSet::new();
    join_pairs(articles.len(), pairs, |(one, other), part| {
        let (a, b) = (&articles[one as usize], &articles[other as usize]);
        let answer = estimate(a, b, part);
        if answer.is_none() && needed.len() < MAX_TEXTS && !known.contains_key(&pair_hash(a, b)) {
            needed.extend([a.first_doc, b.first_doc]);
        }
        answer != Some(false)
    });
    needed.into_iter().collect()
}

/// Two articles that may be reprints. The most similar pairs sort first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Pair {
    /// Number of bytes in which their signatures differ.
    num_different: u8,
    a: u32,
    b: u32,
}

/// Pairs of articles that agree in a band and are reprints, or may be.
fn pairs_in_band(articles: &[SignedArticle], band: [usize; 3]) -> Vec<Pair> {
    const MAX_SLOTS: usize = 1 << 24;
    let key = |article: &SignedArticle| {
        let [a, b, c] = band.map(|at| article.signature[at]);
        u32::from_le_bytes([a, b, c, 0])
    };
    let keys: Vec<u32> = articles.iter().map(key).collect();
    // Most keys are those of a single article; only the others are sorted.
    let slots = (keys.len() * 4).next_power_of_two().min(MAX_SLOTS);
    let slot = |key: u32| key as usize & (slots - 1);
    let mut seen = vec![0u8; slots];
    for &key in &keys {
        seen[slot(key)] = seen[slot(key)].saturating_add(1);
    }
    let mut shared: Vec<(u32, u32)> = keys.into_iter().zip(0..).filter(|(key, _)| seen[slot(*key)] > 1).collect();
    shared.sort_unstable();
    let mut pairs = Vec::new();
    for bucket in shared.chunk_by(|a, b| a.0 == b.0).filter(|bucket| bucket.len() > 1) {
        for (at, &(_, article)) in bucket.iter().enumerate() {
            let mut reprints = 0;
            let mut undecided: Vec<Pair> = Vec::new();
            for &(_, before) in bucket[at.saturating_sub(MAX_COMPARED)..at].iter().rev() {
                let (one, other) = (&articles[article as usize], &articles[before as usize]);
                let num_different = num_different(&one.signature, &other.signature);
                let pair = Pair { num_different, a: article, b: before };
                match estimate(one, other, 1.0) {
                    Some(true) => {
                        pairs.push(pair);
                        reprints += 1;
                    }
                    Some(false) => {}
                    None => undecided.push(pair),
                }
                if reprints == MAX_PAIRS {
                    break;
                }
            }
            undecided.sort_unstable();
            pairs.extend(undecided.into_iter().take(MAX_PAIRS));
        }
    }
    pairs
}

/// The share that two articles must have in common to be reprints.
fn min_share(a: &SignedArticle, b: &SignedArticle) -> f32 {
    if a.words.min(b.words) < SHORT_WORDS { MIN_SHARE_OF_SHORT } else { MIN_SHARE }
}

/// Do two articles share `part` of the minimum, judged by their signatures? `None` if these do not decide.
fn estimate(a: &SignedArticle, b: &SignedArticle, part: f32) -> Option<bool> {
    /// Twice the standard deviation of an estimate from 32 bytes.
    const ERROR: f32 = 0.17;
    let share = min_share(a, b) * part;
    // Among texts that share this much in one piece, those of equal length resemble each other least, those of which
    // one is a part of the other most. Texts with a change in every sentence resemble each other even less, but seldom
    // agree in a band.
    let (least, most) = (share / (2.0 - share) - ERROR, share + ERROR);
    let resemblance = resemblance(&a.signature, &b.signature);
    if resemblance >= most {
        Some(true)
    } else if resemblance < least {
        Some(false)
    } else {
        None
    }
}

/// The shares of pairs of articles.
struct Shares<'a> {
    /// Those known from the run before.
    known: &'a Percents,
    /// Those that were needed, to be kept.
    used: Percents,
    /// For each article, how often its text was found to be no reprint.
    refusals: Vec<u8>,
    texts: Texts<'a>,
}

impl Shares<'_> {
    /// Do two articles share `part` of the minimum? A text that cannot be read shares nothing.
    fn reach(&mut self, articles: &[SignedArticle], (one, other): (u32, u32), part: f32) -> bool {
        let (a, b) = (&articles[one as usize], &articles[other as usize]);
        if let Some(answer) = estimate(a, b, part) {
            return answer;
        }
        let key = pair_hash(a, b);
        // Checked before known shares, so that the groups do not depend on what earlier runs compared.
        if self.refusals[one as usize].min(self.refusals[other as usize]) >= MAX_REFUSALS {
            return false;
        }
        let known = self.used.get(&key).or_else(|| self.known.get(&key)).copied();
        let compare = || Some((self.texts.share(a.first_doc, b.first_doc)? * 100.0) as u8);
        let Some(percent) = known.or_else(compare) else {
            return false;
        };
        self.used.insert(key, percent);
        let reached = f32::from(percent) >= min_share(a, b) * part * 100.0;
        if !reached {
            for article in [one, other] {
                self.refusals[article as usize] = self.refusals[article as usize].saturating_add(1);
            }
        }
        reached
    }
}

/// Identifies a pair of texts, by the bytes they were read from and by their signatures: a later version may extract
/// another text from the same bytes.
fn pair_hash(a: &SignedArticle, b: &SignedArticle) -> u64 {
    let text_hash = |article: &SignedArticle| xxh3_64_with_seed(&article.signature, article.hash);
    let (a, b) = (text_hash(a), text_hash(b));
    xxh3_64([a.min(b).to_le_bytes(), a.max(b).to_le_bytes()].as_flattened())
}

/// All articles that have a signature.
fn signed_articles(readers: &Readers) -> tantivy::Result<Vec<SignedArticle>> {
    let mut out = Vec::new();
    for (reader, segment) in readers.segments().iter().zip(0..) {
        let (columns, salt) = (reader.fast_fields(), readers.salt(segment));
        let (Some(order), Some(words)) = (columns.column_opt::<u64>("order")?, columns.column_opt::<i64>("words")?)
        else {
            continue;
        };
        let hashes = columns.column_opt::<u64>("article")?;
        let date = columns.column_opt::<i64>("date")?;
        let mut parts = Vec::new();
        for name in Fields::signature_names() {
            parts.push(columns.column_opt::<u64>(&name)?);
        }
        let first_docs = docs_in_range(&order, 0..=u64::MAX, reader.max_doc());
        let signed = |doc: DocId| {
            let order = order.first(doc).filter(|_| !reader.is_deleted(doc))? ^ salt;
            let mut signature = Signature::default();
            let mut is_known = false;
            for (number, part) in signature.iter_mut().zip(&parts) {
                if let Some(value) = part.as_ref().and_then(|part| part.first(doc)) {
                    (*number, is_known) = (value, true);
                }
            }
            if !is_known {
                return None;
            }
            // The hour matters little: reprints of the same day are ordered by length.
            let day = date.as_ref().and_then(|date| date.first(doc)).map(|seconds| seconds.div_euclid(86_400));
            let day = day.and_then(|day| i32::try_from(day).ok()).unwrap_or(i32::MAX);
            // Every article has a number of words and a hash, unless the index is damaged.
            let words = words.first(doc).and_then(|words| u32::try_from(words).ok()).unwrap_or(0);
            let hash = hashes.as_ref().and_then(|hashes| hashes.first(doc)).unwrap_or(0);
            let first_doc = DocAddress::new(segment, doc);
            Some(SignedArticle { order, hash, first_doc, day, words, signature: bytes(&signature) })
        };
        out.par_extend(first_docs.into_par_iter().filter_map(signed));
    }
    Ok(out)
}

/// The first documents of `articles` that are in the index, each with its article. Of few articles each costs a scan of a
/// column, more of them are sought in one scan.
///
/// # Errors
///
/// The error of tantivy for a damaged segment.
pub(crate) fn addresses(readers: &Readers, articles: &[u64]) -> tantivy::Result<Vec<(u64, DocAddress)>> {
    /// A scan for one value compares packed numbers, and takes a small part of the time of one for many.
    const FEW: usize = if cfg!(test) { 1 } else { 4 };
    let mut out = Vec::new();
    if articles.is_empty() {
        return Ok(out);
    }
    let wanted: HashSet<u64> = articles.iter().copied().collect();
    for (reader, ordinal) in readers.segments().iter().zip(0..) {
        let Some(order) = reader.fast_fields().column_opt::<u64>("order")? else { continue };
        let salt = readers.salt(ordinal);
        let mut add = |article: u64, doc: DocId| {
            if !reader.is_deleted(doc) {
                out.push((article, DocAddress::new(ordinal, doc)));
            }
        };
        if wanted.len() <= FEW {
            for &article in &wanted {
                docs_in_range(&order, article ^ salt..=article ^ salt, reader.max_doc())
                    .into_iter()
                    .for_each(|doc| add(article, doc));
            }
            continue;
        }
        let of_rows = order.values.iter().map(|order| order ^ salt).zip(0..);
        let of_rows = of_rows.filter(|(article, _)| wanted.contains(article));
        let (found, mut rows): (Vec<u64>, Vec<u32>) = of_rows.unzip();
        order.index.select_batch_in_place(0, &mut rows);
        found.into_iter().zip(rows).for_each(|(article, doc)| add(article, doc));
    }
    out.sort_unstable();
    Ok(out)
}

/// The first documents of the articles of a segment that satisfy `filter`.
///
/// # Errors
///
/// The error of tantivy for a damaged segment.
pub(crate) fn first_docs(reader: &tantivy::SegmentReader, filter: impl Fn(u64) -> bool) -> tantivy::Result<Vec<DocId>> {
    let Some(order) = reader.fast_fields().column_opt::<u64>("order")? else { return Ok(Vec::new()) };
    Ok((0..reader.max_doc()).filter(|&doc| order.first(doc).is_some_and(&filter)).collect())
}

/// Disjoint sets (Tarjan, 1975) with lists of their members. The representative of a set is its smallest member.
struct Sets {
    parents: Vec<u32>,
    /// The members of sets of two and more, by representative.
    members: HashMap<u32, Vec<u32>>,
}

impl Sets {
    fn new(count: usize) -> Sets {
        Sets { parents: (0..count as u32).collect(), members: HashMap::new() }
    }
    /// The representative of the set of an article.
    fn find(&mut self, mut at: u32) -> u32 {
        while self.parents[at as usize] != at {
            self.parents[at as usize] = self.parents[self.parents[at as usize] as usize];
            at = self.parents[at as usize];
        }
        at
    }
    /// The members of the set with this representative.
    fn members(&self, first: u32) -> &[u32] {
        self.members.get(&first).map_or(std::slice::from_ref(&self.parents[first as usize]), Vec::as_slice)
    }
    /// Joins the sets with these representatives.
    fn join(&mut self, a: u32, b: u32) {
        let (first, other) = (a.min(b), a.max(b));
        let moved = self.members.remove(&other).unwrap_or_else(|| vec![other]);
        self.members.entry(first).or_insert_with(|| vec![first]).extend(moved);
        self.parents[other as usize] = first;
    }
}
