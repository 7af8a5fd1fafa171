//! How often words are in the texts of a set of articles: by the index, or by reading them.

use rustc_hash::FxHashMap;
use tantivy::postings::Postings;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, TERMINATED};

use super::context::Passages;
use crate::search::SearchOptions;
use crate::search::budget::Budget;
use crate::search::local::count::CountedFacets;
use crate::search::local::docs::Match;
use crate::search::local::parallel;
use crate::search::local::plan::LoweredQuery;
use crate::search::local::run::wanted_plan;
use crate::search::local::segment::Segment;
use crate::search::snapshot::Snapshot;
use crate::text::fold::fold;
use crate::text::term;
use crate::vocabulary::{Number, Scope, TextField};

/// A set of articles, by segment.
pub(crate) struct ArticleSet {
    /// Which documents of a segment are of the articles. None of them is deleted.
    docs: Vec<Vec<bool>>,
    /// Words of the texts of the articles.
    pub(crate) words: u64,
    /// Number of articles.
    pub(crate) articles: u64,
    /// First documents of the articles, by segment, in order.
    first_docs: Vec<Vec<DocId>>,
}

/// Occurrences of a word in a set.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Frequency {
    pub(crate) occurrences: u64,
    /// Articles that have it.
    pub(crate) articles: u64,
    /// Deviation of proportions (Gries: Dispersions and Adjusted Frequencies in Corpora, 2008): 0 for a word that is in every
    /// article in proportion to its length, near 1 for one that is in few.
    pub(crate) deviation: f64,
}

impl Snapshot {
    /// The articles that match, with the number of their words.
    pub(crate) fn article_set(
        &self,
        lowered: &LoweredQuery,
        options: &SearchOptions,
        budget: &Budget,
    ) -> tantivy::Result<ArticleSet> {
        let plan = wanted_plan(lowered, options);
        self.with_run(lowered, options, budget, CountedFacets::NONE, |run| {
            let new = |ordinal, _: &Segment<'_>| Ok((ordinal, Vec::new()));
            let add = |(_, docs): &mut (u32, Vec<DocId>), _: &Segment<'_>, first_doc, _: &[Match]| {
                docs.push(first_doc);
                Ok(())
            };
            let slices = run.fold_by_article(plan, &new, &add)?;
            let mut set = ArticleSet {
                docs: run.segments.iter().map(|segment| vec![false; segment.blocks.max_doc as usize]).collect(),
                words: 0,
                articles: 0,
                first_docs: vec![Vec::new(); run.segments.len()],
            };
            for (ordinal, first_docs) in slices {
                let segment = &run.segments[ordinal as usize];
                let words = segment.columns.signed(Number::Words.name())?;
                for &first_doc in &first_docs {
                    let end = segment.blocks.end(first_doc, Scope::Article);
                    set.docs[ordinal as usize][first_doc as usize..end as usize].fill(true);
                    let words = words.as_ref().and_then(|column| column.first(first_doc)).unwrap_or(0);
                    set.words += words.max(0).unsigned_abs();
                }
                set.articles += first_docs.len() as u64;
                set.first_docs[ordinal as usize].extend(first_docs);
            }
            Ok(set)
        })
    }

    /// How often each of `words` (lower-cased, with accents) is in the texts of a set, by the index. `totals` are the
    /// occurrences of each, if they are known: then its articles and its deviation of proportions are computed too.
    pub(crate) fn frequencies(
        &self,
        words: &[Box<str>],
        set: &ArticleSet,
        totals: Option<&[u64]>,
        budget: &Budget,
    ) -> tantivy::Result<Vec<Frequency>> {
        /// Words that a core looks up in a row.
        const PART: usize = 32;
        self.with_segments(budget, |segments| {
            let numbered: Vec<(usize, &str)> = words.iter().map(|word| &**word).enumerate().collect();
            let parts: Vec<&[(usize, &str)]> = numbered.chunks(PART).collect();
            let found = parallel::each(&parts, true, |_, part| {
                let mut meter = budget.meter();
                let mut out = Vec::with_capacity(part.len());
                for &(at, word) in *part {
                    let mut frequency = Frequency::default();
                    // Half the sum of differences: of articles with the word, and of the shares of those without.
                    let (mut differences, mut share_with) = (0.0, 0.0);
                    for (segment, docs) in segments.iter().zip(&set.docs) {
                        if meter.is_spent() {
                            break;
                        }
                        let Some(totals) = totals else {
                            frequency.occurrences += occurrences_in(segment, word, docs)?;
                            continue;
                        };
                        let counts = counts_in(segment, word, docs)?;
                        frequency.articles += counts.len() as u64;
                        frequency.occurrences += counts.iter().map(|(_, count)| count).sum::<u64>();
                        let total = totals[at].max(1);
                        let lengths = segment.columns.signed(Number::Words.name())?;
                        for (first_doc, count) in counts {
                            let length = lengths.as_ref().and_then(|column| column.first(first_doc)).unwrap_or(0);
                            let share = length.max(0) as f64 / set.words.max(1) as f64;
                            differences += (count as f64 / total as f64 - share).abs();
                            share_with += share;
                        }
                    }
                    frequency.deviation = (differences + (1.0 - share_with)) / 2.0;
                    out.push(frequency);
                }
                Ok(out)
            })?;
            Ok(found.into_iter().flatten().collect())
        })
    }

    /// How often each word (lower-cased, with accents) is in the texts of a set, by reading them.
    pub(crate) fn all_words(&self, set: &ArticleSet, budget: &Budget) -> tantivy::Result<FxHashMap<Box<str>, u64>> {
        /// Articles that a core reads in a row.
        const PART: usize = 256;
        self.with_segments(budget, |segments| {
            let parts: Vec<(u32, &[DocId])> = (0..)
                .zip(&set.first_docs)
                .flat_map(|(ordinal, docs)| docs.chunks(PART).map(move |docs| (ordinal, docs)))
                .collect();
            let counted = parallel::each(&parts, true, |_, (ordinal, first_docs)| {
                let segment = &segments[*ordinal as usize];
                let mut passages = Passages::of(self, segment, *ordinal);
                let mut counts: FxHashMap<Box<str>, u64> = FxHashMap::default();
                let mut meter = budget.meter();
                for &first_doc in *first_docs {
                    if meter.is_spent() {
                        break;
                    }
                    for doc in first_doc..segment.blocks.end(first_doc, Scope::Article) {
                        let words = passages.read(doc)?;
                        if !words.is_text() {
                            continue;
                        }
                        words.each_form(|_, word| match counts.get_mut(word) {
                            Some(count) => *count += 1,
                            None => _ = counts.insert(word.into(), 1),
                        });
                    }
                }
                Ok(counts)
            })?;
            let mut all: FxHashMap<Box<str>, u64> = FxHashMap::default();
            for counts in counted {
                for (word, count) in counts {
                    *all.entry(word).or_default() += count;
                }
            }
            Ok(all)
        })
    }
}

/// Calls `take` with each document of a set that has a word, and the occurrences in it, term by term.
fn each_posting(
    segment: &Segment<'_>,
    word: &str,
    docs: &[bool],
    take: &mut dyn FnMut(DocId, u64),
) -> tantivy::Result<()> {
    let index = segment.reader.inverted_index(segment.fields.text(TextField::Body))?;
    let mut from = fold(word).into_bytes();
    from.push(term::SEPARATOR);
    let mut to = from.clone();
    *to.last_mut().expect("the separator was pushed") = term::SEPARATOR + 1;
    let mut terms = index.terms().range().ge(&from).lt(&to).into_stream()?;
    while terms.advance() {
        if !term::parts(terms.key()).is_some_and(|parts| parts.words == 1 && parts.form == word) {
            continue;
        }
        let mut postings = index.read_postings_from_terminfo(terms.value(), IndexRecordOption::WithFreqs)?;
        while postings.doc() != TERMINATED {
            if docs[postings.doc() as usize] {
                take(postings.doc(), u64::from(postings.term_freq()));
            }
            postings.advance();
        }
    }
    Ok(())
}

/// The occurrences of a word in the articles of a set.
fn occurrences_in(segment: &Segment<'_>, word: &str, docs: &[bool]) -> tantivy::Result<u64> {
    let mut sum = 0;
    each_posting(segment, word, docs, &mut |_, count| sum += count)?;
    Ok(sum)
}

/// The occurrences of a word in the articles of a set, by first document, in the order of the segment.
fn counts_in(segment: &Segment<'_>, word: &str, docs: &[bool]) -> tantivy::Result<Vec<(DocId, u64)>> {
    let mut out: Vec<(DocId, u64)> = Vec::new();
    each_posting(segment, word, docs, &mut |doc, count| {
        let first_doc = segment.blocks.first_doc(doc, Scope::Article);
        match out.last_mut().filter(|(last, _)| *last == first_doc) {
            Some((_, sum)) => *sum += count,
            None => out.push((first_doc, count)),
        }
    })?;
    // A word of several languages has several terms.
    if !out.is_sorted_by(|(one, _), (next, _)| one < next) {
        out.sort_unstable();
        out.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1 += next.1;
            }
            same
        });
    }
    Ok(out)
}
