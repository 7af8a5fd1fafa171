//! Is a quotation in the archive: word for word, nearly, or not?
//!
//! ```text
//! quotation -> parts (at ellipses) -> sought (articles that may have it) -> row (an article's words) -> align -> differences
//! ```

mod align;
mod difference;
mod quotation;
mod row;
mod sought;

use std::collections::HashMap;
use std::ops::Range;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::model::{Article, Passage};
use crate::query::QueryError;
use crate::search::articles::ArticleAt;
use crate::search::budget::Budget;
use crate::search::local::parallel;
use crate::search::over_engine::Needed;
use crate::search::snapshot::Snapshot;
use crate::search::{Degraded, SearchError, SearchOptions, Searcher};
use crate::text::counted;
use align::{Aligner, Alignment};
pub use difference::{DifferenceKind, QuotationDifference};
use quotation::Part;
use row::Row;

/// Most words of a quotation.
pub(crate) const MAX_WORDS: usize = 5_000;

/// Is a quotation in the archive?
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Verdict {
    /// Word for word; capitals, signs and spaces may differ.
    Exact,
    /// A few words differ.
    Near,
    /// No.
    No,
}

impl Verdict {
    /// Its name in output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Exact => "exact",
            Verdict::Near => "near",
            Verdict::No => "no",
        }
    }
}

/// An article that has a quotation, and where.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct QuotationPlace {
    /// The article.
    pub article: Article,
    /// Ordinal of the passage in which it begins.
    pub passage: u32,
    /// Heading of the section in which it begins.
    pub heading: Option<String>,
    /// Byte ranges in the text of that passage; empty if it begins in a heading or the title. One a part of the quotation
    /// that is in this passage.
    pub marks: Vec<(usize, usize)>,
    /// What the article has, from the first to the last word; `[...]` for what the quotation leaves out.
    pub text: String,
    /// Number of words that the quotation changes, adds or leaves out without a sign.
    pub edits: usize,
    /// How the quotation differs from `text`.
    pub differences: Vec<QuotationDifference>,
}

impl QuotationPlace {
    /// Id of the passage in which it begins.
    #[must_use]
    pub fn id(&self) -> String {
        self.article.passage_id(self.passage)
    }
}

impl Serialize for QuotationPlace {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", &self.id())?;
        map.serialize_entry("path", &self.article.path)?;
        map.serialize_entry("record", &self.article.record)?;
        map.serialize_entry("article", &self.article.id())?;
        for (name, value) in self.article.named() {
            map.serialize_entry(name, &value)?;
        }
        map.serialize_entry("heading", &self.heading)?;
        map.serialize_entry("text", &self.text)?;
        map.serialize_entry("marks", &self.marks)?;
        map.serialize_entry("edits", &self.edits)?;
        map.serialize_entry("differences", &self.differences)?;
        map.end()
    }
}

/// Whether a quotation is in the archive, and where.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Verification {
    /// Is it there?
    pub verdict: Verdict,
    /// Number of its words.
    pub words: usize,
    /// Number of articles with these words in this order, accents aside, or near them; at least as many as there are places.
    pub articles: u64,
    /// Where it is: word for word before nearly, then the earliest first.
    pub places: Vec<QuotationPlace>,
    /// Why there may be more.
    pub degraded: Option<Degraded>,
}

impl Verification {
    /// Takes near for not there.
    #[cfg(feature = "cli")]
    pub(crate) fn refuse_near(&mut self) {
        (self.verdict, self.articles) = (Verdict::No, 0);
        self.places.clear();
    }
}

impl Searcher {
    /// Tells whether a quotation is in the archive: word for word, nearly (at most two words in five are changed, added or
    /// left out, and what is left is no common turn of phrase), or not. `options` filter the articles and limit the places.
    ///
    /// An ellipsis stands for words that the quotation leaves out. Words are compared with their accents; capitals, signs,
    /// spaces and line breaks, and words written as one or several (`e-mail`, `U.S.`) are told as differences only.
    ///
    /// # Errors
    ///
    /// [`SearchError::Query`] for a quotation without words or with more than 5,000, [`SearchError::Index`] for a damaged
    /// index.
    pub fn verify(&self, quotation: &str, options: &SearchOptions) -> Result<Verification, SearchError> {
        let parts = quotation::parts(quotation);
        let words: usize = parts.iter().map(|part| part.tokens.len()).sum();
        let refused =
            |code, message: String| QueryError { code, message, offset: 0, length: quotation.len(), suggestion: None };
        if words == 0 {
            return Err(refused("empty", "this quotation has no words: give the words that are quoted".into()).into());
        }
        if words > MAX_WORDS {
            let message = format!(
                "this quotation has {}, and at most {MAX_WORDS} are compared: give a part of it",
                counted(words, "word")
            );
            return Err(refused("too-long", message).into());
        }
        self.reading(Needed::Nearest(quotation), options, |snapshot, options| {
            let verifier = Verifier::of(snapshot, &parts, options)?;
            verifier.verify(words)
        })
    }
}

/// A quotation on its way through a snapshot.
struct Verifier<'v> {
    snapshot: &'v Snapshot,
    parts: &'v [Part<'v>],
    aligners: Vec<Aligner>,
    options: &'v SearchOptions,
    budget: Budget,
    /// Bits of information of each word: how seldom it is.
    bits: HashMap<String, f64>,
}

impl<'v> Verifier<'v> {
    fn of(snapshot: &'v Snapshot, parts: &'v [Part<'v>], options: &'v SearchOptions) -> Result<Self, SearchError> {
        let aligners = parts.iter().map(|part| Aligner::of(part.text, &part.tokens)).collect();
        let bits = sought::information(snapshot, parts)?;
        Ok(Verifier { snapshot, parts, aligners, options, budget: options.budget(), bits })
    }

    fn verify(&self, words: usize) -> Result<Verification, SearchError> {
        /// Articles that are looked at where the first have other accents.
        const MORE: usize = 200;
        let is_exact = |place: &QuotationPlace| place.edits == 0;
        let exact = self.sought_exactly(self.options.limit)?;
        let mut places = self.places(&exact.articles)?;
        places.retain(is_exact);
        if places.is_empty() && exact.total > exact.articles.len() as u64 {
            places = self.places(&self.sought_exactly(MORE)?.articles)?;
            places.retain(is_exact);
        }
        let (mut verdict, mut articles) = (Verdict::Exact, exact.total);
        if places.is_empty() {
            let looked_at = self.sought_nearly(false)?;
            places = self.places(&looked_at)?;
            if places.is_empty() {
                let mut others = self.sought_nearly(true)?;
                others.retain(|article| !looked_at.contains(article));
                places = self.places(&others)?;
            }
            let fewest = places.iter().map(|place| place.edits).min().unwrap_or(0);
            verdict = if places.is_empty() {
                Verdict::No
            } else if fewest == 0 {
                Verdict::Exact
            } else {
                Verdict::Near
            };
            if verdict == Verdict::Exact {
                places.retain(is_exact);
            }
            articles = places.len() as u64;
        }
        let date = |place: &QuotationPlace| place.article.facts.published.as_ref().map(|date| date.value.clone());
        places.sort_by_cached_key(|place| {
            let date = date(place);
            (place.edits, date.is_none(), date, place.article.path.clone(), place.article.record.clone())
        });
        places.truncate(self.options.limit);
        let articles = articles.max(places.len() as u64);
        Ok(Verification { verdict, words, articles, places, degraded: self.budget.degraded() })
    }

    /// Where the quotation is in these articles, exactly or nearly. They are read on all cores: many are, of a quotation that is
    /// nowhere.
    fn places(&self, articles: &[ArticleAt]) -> Result<Vec<QuotationPlace>, SearchError> {
        let places = parallel::each(articles, true, |_, at| {
            if self.budget.ask() {
                return Ok(None);
            }
            let (article, passages) = self.snapshot.read_article(*at, true)?;
            let Some(place) = self.place(&article, &passages) else { return Ok(None) };
            Ok(Some(QuotationPlace { article: self.snapshot.article_with_its_path(*at)?, ..place }))
        });
        let places = places.map_err(|error| self.snapshot.index_error(error))?;
        Ok(places.into_iter().flatten().collect())
    }

    fn place(&self, article: &Article, passages: &[Passage]) -> Option<QuotationPlace> {
        let row = Row::of(article, passages);
        let mut from = 0;
        let mut aligned: Vec<(&Part<'_>, Alignment)> = Vec::new();
        for (part, aligner) in self.parts.iter().zip(&self.aligners) {
            let alignment = aligner.align(&row, from)?;
            from = alignment.found().end;
            aligned.push((part, alignment));
        }
        let edits: usize = aligned.iter().map(|(_, alignment)| alignment.edits).sum();
        if edits > 0 && !self.is_near(&aligned) {
            return None;
        }
        let mut differences = Vec::new();
        let mut text = String::new();
        for (part, alignment) in &aligned {
            difference::add(&mut differences, part, alignment, &row);
            if !text.is_empty() {
                text.push_str(" [...] ");
            }
            let found = alignment.found();
            text.push_str(&row.text(found.start, found.end));
        }
        let found: Vec<Range<usize>> = aligned.iter().map(|(_, alignment)| alignment.found()).collect();
        let (stretch, _) = row.tokens[found[0].start];
        let home = &row.stretches[stretch as usize];
        let passage = home.passage?;
        let marks = if home.is_text { marks_within(&row, stretch, &found) } else { Vec::new() };
        Some(QuotationPlace {
            article: article.clone(),
            passage: passage.ordinal,
            heading: passage.heading.clone(),
            marks,
            text,
            edits,
            differences,
        })
    }

    /// Is it so near that it is no other sentence of the same words?
    ///
    /// Other sentences share turns of phrase: what is shared must be rarer than chance makes it, the more so the more is
    /// changed, and a long stretch of other words says something else.
    fn is_near(&self, aligned: &[(&Part<'_>, Alignment)]) -> bool {
        /// Bits that a stretch shared by chance has, and those that each change gives it to choose from: measured on sentences
        /// of other newspapers, and on sentences of one archive with 1 to 3 words changed.
        const CHANCE: f64 = 12.0;
        const CHOICE: f64 = 6.0;
        const LONGEST_CHANGE: usize = 3;
        /// Changes of a short quotation; of a longer one a quarter of the words.
        const FEW: usize = 3;
        let words: usize = self.parts.iter().map(|part| part.tokens.len()).sum();
        let edits: usize = aligned.iter().map(|(_, alignment)| alignment.edits).sum();
        let mut kept = 0.0;
        let mut longest = 0;
        for (part, alignment) in aligned {
            for run in alignment.steps.chunk_by(|a, b| a.is_same == b.is_same) {
                if !run[0].is_same {
                    longest = longest.max(run.len());
                    continue;
                }
                let same = run.iter().flat_map(|step| &part.tokens[step.quoted.clone()]);
                kept += same.filter_map(|token| self.bits.get(&token.folded)).sum::<f64>();
            }
        }
        edits <= (words * 2 / 5).min(FEW).max(words / 4)
            && longest <= LONGEST_CHANGE.max(words / 10)
            && kept >= CHANCE + CHOICE * edits as f64
    }
}

/// The byte ranges of a passage's text that are in these ranges of a row.
fn marks_within(row: &Row<'_>, stretch: u32, found: &[Range<usize>]) -> Vec<(usize, usize)> {
    let mut marks = Vec::new();
    for range in found {
        let here = row.tokens[range.clone()].iter().filter(|(home, _)| *home == stretch);
        let (mut start, mut end) = (None, 0);
        for (_, token) in here {
            start.get_or_insert(token.start);
            end = token.end;
        }
        marks.extend(start.map(|start| (start, end)));
    }
    marks
}
