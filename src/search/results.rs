//! The results of a search.

use std::sync::Arc;

use serde::{Serialize, Serializer};

use super::budget::Degraded;
use super::options::Bound;
use crate::model::{Article, BoilerplateKind, Named, Passage, PassageLine};
use crate::query::{Note, Query};
use crate::vocabulary::Facet;

/// A `[start, end)` byte range of a text, never inside a character.
pub type Mark = (usize, usize);

/// Does a hit's section, or the unit that is searched in its place, have all the words of the query?
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Tier {
    /// It matches the whole query.
    All,
    /// It has some of its plain words, and matches the rest of it.
    Some,
}

impl Tier {
    /// Its name in output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Tier::All => "all",
            Tier::Some => "some",
        }
    }
}

/// A piece of a passage and its marks.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Snippet {
    /// The text, with white space normalised.
    pub text: String,
    /// Byte ranges of `text` that matched.
    pub marks: Vec<Mark>,
    /// Is text left out before it, and after it?
    pub cut: (bool, bool),
}

/// A passage that matched. It serialises to the line that `search --json` prints.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Hit {
    /// Rank, 1-based, counted from the first hit whatever the offset.
    pub rank: usize,
    /// Its score.
    pub score: f32,
    /// Does its section have all the words?
    pub tier: Tier,
    /// The plain words of the query that its section lacks, as typed.
    pub lacks: Vec<String>,
    /// Its article.
    pub article: Article,
    /// The passage.
    pub passage: Passage,
    /// Byte ranges of the passage's text that matched.
    pub marks: Vec<Mark>,
    /// Byte ranges of the title that matched.
    pub title_marks: Vec<Mark>,
    /// Byte ranges of the heading that matched.
    pub heading_marks: Vec<Mark>,
    /// The sentences that show why it matched.
    pub snippet: Snippet,
    /// Words that matched, folded.
    pub terms: Vec<String>,
    /// Reprints: other articles that print the same story.
    pub duplicates: Vec<Arc<Article>>,
    /// The parts of its score, which add up to it; empty unless [`crate::SearchOptions::explain`] is set.
    pub parts: Vec<(String, f32)>,
}

impl Hit {
    /// Id of the passage.
    #[must_use]
    pub fn id(&self) -> String {
        self.article.passage_id(self.passage.ordinal)
    }
}

impl Serialize for Hit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Line<'a> {
            rank: usize,
            score: f32,
            tier: Tier,
            #[serde(skip_serializing_if = "<[_]>::is_empty")]
            lacks: &'a [String],
            id: String,
            path: &'a str,
            record: Option<&'a str>,
            article: String,
            #[serde(flatten)]
            facts: Named<'a>,
            #[serde(flatten)]
            passage: PassageLine<'a>,
            marks: &'a [Mark],
            snippet: &'a str,
            snippet_marks: &'a [Mark],
            terms: &'a [String],
            duplicates: Vec<&'a str>,
            boilerplate: Option<BoilerplateKind>,
            #[serde(skip_serializing_if = "<[_]>::is_empty")]
            parts: &'a [(String, f32)],
        }
        Line {
            rank: self.rank,
            score: self.score,
            tier: self.tier,
            lacks: &self.lacks,
            id: self.id(),
            path: &self.article.path,
            record: self.article.record.as_deref(),
            article: self.article.id(),
            facts: Named(&self.article),
            passage: PassageLine::of(&self.passage),
            marks: &self.marks,
            snippet: &self.snippet.text,
            snippet_marks: &self.snippet.marks,
            terms: &self.terms,
            duplicates: self.duplicates.iter().map(|article| article.path.as_str()).collect(),
            boilerplate: self.passage.boilerplate,
            parts: &self.parts,
        }
        .serialize(serializer)
    }
}

/// Numbers of passages, sections and articles that match.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Counts {
    /// Passages.
    pub passages: u64,
    /// Sections with such a passage.
    pub sections: u64,
    /// Articles with such a passage.
    pub articles: u64,
    /// Most articles that can match, where only some of those that an engine holds were looked at: then the other numbers are
    /// of these, and there are at least so many.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_most: Option<u64>,
    /// About how many articles match, by the share of those that were looked at, which were drawn at random.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about: Option<u64>,
    /// Why the counts may be too low, if they are not complete.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub degraded: Option<Degraded>,
}

impl Counts {
    /// These counts and those of other articles.
    pub(crate) fn and(self, other: Counts) -> Counts {
        Counts {
            passages: self.passages + other.passages,
            sections: self.sections + other.sections,
            articles: self.articles + other.articles,
            at_most: None,
            about: None,
            degraded: self.degraded.or(other.degraded),
        }
    }

    /// The counts with what an engine tells of the articles that were not looked at.
    pub(crate) fn bounded(self, bound: Option<Bound>) -> Counts {
        let Some(Bound { at_most, is_exact, drawn }) = bound else { return self };
        // Articles may be removed between the listing and the count, which then would be lower than what was found.
        let at_most = at_most.max(self.articles);
        if is_exact {
            return Counts { articles: at_most, at_most: Some(at_most), ..self };
        }
        let of_all = |drawn: u64| (self.articles as f64 * at_most as f64 / drawn.max(1) as f64).round() as u64;
        let about = drawn.map(|drawn| of_all(drawn).clamp(self.articles, at_most));
        Counts { at_most: Some(at_most), about, ..self }
    }
}

/// A value of a facet and the counts of what matches and has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct FacetCount {
    /// The value.
    pub value: String,
    /// The counts.
    #[serde(flatten)]
    pub counts: Counts,
}

/// The values of a facet, the commonest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Facets {
    /// The facet.
    pub facet: Facet,
    /// The values. Spellings that are equal once folded are one value, in the commonest of them.
    pub values: Vec<FacetCount>,
    /// The values that [`crate::SearchOptions::facet_limit`] left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other: Option<OtherValues>,
    /// Counts of what matches and has no value.
    pub without: Counts,
    /// Why the counts may be too low, if they are not complete.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub degraded: Option<Degraded>,
}

/// The values of a facet that are not listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct OtherValues {
    /// Number of values, or pairs of values.
    pub values: u64,
    /// Counts of what matches and has one of them.
    #[serde(flatten)]
    pub counts: Counts,
}

/// A pair of values of two facets and the counts of what matches and has both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct CrossedCount {
    /// The values, in the order of the facets; `None` where there is none.
    pub values: [Option<String>; 2],
    /// The counts.
    #[serde(flatten)]
    pub counts: Counts,
}

/// The pairs of values of two facets, the commonest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct CrossedFacets {
    /// The facets.
    pub facets: [Facet; 2],
    /// The pairs.
    pub rows: Vec<CrossedCount>,
    /// The pairs that [`crate::SearchOptions::facet_limit`] left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other: Option<OtherValues>,
    /// Why the counts may be too low, if they are not complete.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub degraded: Option<Degraded>,
}

/// A change of a query or its options, with the number of passages that then match.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "serve", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Relaxation {
    /// Without the heading filter.
    WithoutHeading {
        /// Passages that match then.
        passages: u64,
    },
    /// Without the filters by values of a fact.
    WithoutValues {
        /// The fact.
        facet: Facet,
        /// Passages that match then.
        passages: u64,
    },
    /// Without the date filter.
    WithoutDates {
        /// Passages that match then.
        passages: u64,
    },
    /// In all folders of the index.
    AllFolders {
        /// Passages that match then.
        passages: u64,
    },
    /// With all words in one article, instead of one section.
    ArticleUnit {
        /// Passages that match then.
        passages: u64,
    },
    /// With at least one of the words.
    AnyWord {
        /// Passages that match then.
        passages: u64,
    },
    /// Without any filter beside the query.
    WithoutFilters {
        /// Passages that match then.
        passages: u64,
    },
    /// Another query that finds more: its words not side by side, or one of its parts.
    WiderQuery {
        /// The query, to be run in the query language, not as plain text.
        query: String,
        /// Passages that match it.
        passages: u64,
    },
    /// Without one of the operands of AND.
    WithoutPart {
        /// The operand, as the query prints it.
        part: String,
        /// Passages that match without it.
        passages: u64,
        /// Passages that match the operand alone.
        alone: u64,
    },
}

/// The results of a search.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Results {
    /// The query as it was read; its `Display` is the query language.
    #[serde(serialize_with = "printed")]
    pub query: Query,
    /// Counts of what matches the whole query, or with [`crate::SearchOptions::any`] one of its words.
    pub counts: Counts,
    /// Notes on how the query was read, and advice.
    pub notes: Vec<Note>,
    /// Why the results are not complete, if they are not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub degraded: Option<Degraded>,
    /// The values of the facets that were asked for ([`crate::SearchOptions::facets`]), in their order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub facets: Vec<Facets>,
    /// Words that the best hits have in common, by which hits were ranked too; the heaviest first. None if there was no
    /// feedback.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub feedback: Vec<WordOfFeedback>,
    /// Hits, best first. By another order than relevance, those of tier [`Tier::Some`] follow the others.
    pub hits: Vec<Hit>,
}

/// A word of pseudo-relevance feedback.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct WordOfFeedback {
    /// The word, in its commonest form.
    pub word: String,
    /// Its weight beside a word of the query, which has 1.
    pub weight: f32,
}

impl Relaxation {
    /// Passages that match after the change.
    #[must_use]
    pub fn passages(&self) -> u64 {
        match self {
            Relaxation::WithoutHeading { passages }
            | Relaxation::WithoutDates { passages }
            | Relaxation::WithoutValues { passages, .. }
            | Relaxation::AllFolders { passages }
            | Relaxation::ArticleUnit { passages }
            | Relaxation::AnyWord { passages }
            | Relaxation::WithoutFilters { passages }
            | Relaxation::WiderQuery { passages, .. }
            | Relaxation::WithoutPart { passages, .. } => *passages,
        }
    }
}

fn printed<S: Serializer>(query: &Query, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(query)
}
