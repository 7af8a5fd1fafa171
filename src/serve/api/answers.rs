//! The bodies of answers. What they hold is the library's own results, under the names that `--json` prints.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::analysis::collocates::Collocates;
use crate::analysis::kwic::KwicCounts;
use crate::analysis::timeline::Timeline;
use crate::analysis::verify::Verdict;
use crate::query::Note;
use crate::search::{Counts, Degraded, Facets, Relaxation};
use crate::vocabulary::Facet;

/// The commit of the index that an answer is from.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Commit {
    /// Its name, which each change of the index changes.
    pub commit: String,
    /// Articles of the index.
    pub articles: u64,
    /// When it was committed, in UTC; left out where that is not known, as of an earlier commit that a list goes on in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// Why the index cannot be read now, if it cannot: the answer is from the last commit that could.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trouble: Option<String>,
}

/// A query and how it was read.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Read {
    /// The query as it was typed.
    pub typed: String,
    /// The query as it was read, in the query language.
    pub reading: String,
    /// Other plausible readings of the query, and words that are nowhere in the index.
    pub notes: Vec<Note>,
}

/// Numbers of what matches a query.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Total {
    /// What matches the whole query, or with any=1 one of its words.
    #[serde(flatten)]
    pub counts: Counts,
    /// Passages that match but lack some of the plain words: hits of the tier `some`, which come after those that have all.
    /// Null if there was no time to count them.
    pub tier_some: Option<u64>,
}

/// A change of a query or its parameters after which something matches, or one that shows which part matches nothing.
#[derive(Debug, Serialize, JsonSchema, PartialEq, Eq)]
pub(crate) struct Advice {
    pub kind: AdviceKind,
    /// The operand that is left out, as the reading of the query has it; of `without_part`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<String>,
    /// The query that finds more; of `wider_query`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// The fact whose filters are left out; of `without_values`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub facet: Option<Facet>,
    /// Passages that match after the change.
    pub passages: u64,
    /// Passages that match the operand alone; of `without_part`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alone: Option<u64>,
}

/// What is changed.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AdviceKind {
    /// Without the filter by a heading.
    WithoutHeading,
    /// Without the filters by values of a fact.
    WithoutValues,
    /// Without the filter by a date.
    WithoutDates,
    /// In all folders of the index.
    AllFolders,
    /// With all words in one article, in place of one section.
    ArticleUnit,
    /// With at least one of the words.
    AnyWord,
    /// Without all filters.
    WithoutFilters,
    /// Another query: its words not side by side, or one of its parts.
    WiderQuery,
    /// Without one of the operands of AND.
    WithoutPart,
}

impl From<&Relaxation> for Advice {
    fn from(relaxation: &Relaxation) -> Advice {
        let (mut part, mut query, mut facet, mut alone) = (None, None, None, None);
        let kind = match relaxation {
            Relaxation::WithoutHeading { .. } => AdviceKind::WithoutHeading,
            Relaxation::WithoutValues { facet: of, .. } => {
                facet = Some(*of);
                AdviceKind::WithoutValues
            }
            Relaxation::WithoutDates { .. } => AdviceKind::WithoutDates,
            Relaxation::AllFolders { .. } => AdviceKind::AllFolders,
            Relaxation::ArticleUnit { .. } => AdviceKind::ArticleUnit,
            Relaxation::AnyWord { .. } => AdviceKind::AnyWord,
            Relaxation::WithoutFilters { .. } => AdviceKind::WithoutFilters,
            Relaxation::WiderQuery { query: wider, .. } => {
                query = Some(wider.clone());
                AdviceKind::WiderQuery
            }
            Relaxation::WithoutPart { part: left_out, alone: by_itself, .. } => {
                (part, alone) = (Some(left_out.clone()), Some(*by_itself));
                AdviceKind::WithoutPart
            }
        };
        Advice { kind, part, query, facet, passages: relaxation.passages(), alone }
    }
}

/// The hits of a query.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Found {
    pub query: Read,
    pub total: Total,
    /// The hits, best first, or in the order that was asked for.
    #[schemars(with = "Vec<super::documents::Hit>")]
    pub hits: Vec<Value>,
    /// The facets that were asked for. Each is counted over the query and all filters but its own.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub facets: Vec<Facets>,
    /// Changes of a query without hits, each with what matches then; with advice=1.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub advice: Vec<Advice>,
    /// The cursor of the next hits; null at the end.
    pub next: Option<String>,
    /// The address of the next hits; null at the end.
    pub next_url: Option<String>,
    pub index: Commit,
    /// Time that the query took, in milliseconds.
    pub took_ms: f64,
}

/// Numbers of what matches.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Counted {
    pub query: Read,
    pub total: Total,
    pub index: Commit,
}

/// The values of a fact among what matches.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct FacetAnswer {
    #[serde(flatten)]
    pub facets: Facets,
    pub index: Commit,
}

/// The articles that match, over time.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct TimelineAnswer {
    #[serde(flatten)]
    pub first: Timeline,
    /// Those of the other queries, over the same periods.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<Timeline>,
    /// With rel=1, for each query the articles that match per 1,000 of each period; null for a period without articles.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub per_thousand: Vec<Vec<Option<f64>>>,
    pub index: Commit,
}

/// Occurrences in context.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Concordance {
    /// Numbers of all occurrences.
    #[serde(flatten)]
    pub counts: KwicCounts,
    #[serde(rename = "hits")]
    #[schemars(with = "Vec<super::documents::KwicLine>")]
    pub list: Vec<Value>,
    /// The cursor of the next lines; null at the end.
    pub next: Option<String>,
    /// The address of the next lines; null at the end.
    pub next_url: Option<String>,
    pub index: Commit,
}

/// Words near the occurrences of a query.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct CollocatesAnswer {
    #[serde(flatten)]
    pub collocates: Collocates,
    pub index: Commit,
}

/// Whether a quotation is in the archive.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Verified {
    pub verdict: Verdict,
    /// Number of words of the quotation.
    pub words: usize,
    /// Articles that have it, or come near it.
    pub articles: u64,
    /// Where it is, the earliest article first.
    #[schemars(with = "Vec<super::documents::QuotationPlace>")]
    pub places: Vec<Value>,
    pub index: Commit,
}

/// An article with its text.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ArticleAnswer {
    #[schemars(with = "super::documents::ArticleText")]
    pub article: Value,
    /// The sections, in order.
    pub sections: Vec<SectionAnswer>,
    /// Number of marks of the query in it.
    pub marks: usize,
    /// Byte ranges of the title that match.
    pub title_marks: Vec<(usize, usize)>,
    /// The same ranges in UTF-16 units.
    pub title_marks_u16: Vec<(usize, usize)>,
    pub index: Commit,
}

/// A section of an article.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct SectionAnswer {
    /// Its number in the article, from 0.
    pub section: u32,
    /// Its heading.
    pub heading: Option<String>,
    /// Level of the heading, 1 the highest; 0 without one.
    pub level: u8,
    /// Number of its first passage.
    pub first_passage: u32,
    /// Number of its passages.
    pub passages: usize,
    /// Number of marks of the query in it.
    pub marks: usize,
}

/// A passage, with those around it.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct PassageAnswer {
    #[schemars(with = "super::documents::ArticleText")]
    pub article: Value,
    pub index: Commit,
}

/// Other prints of an article's story.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Reprints {
    /// The prints, the original first.
    pub reprints: Vec<Reprint>,
    pub index: Commit,
}

/// A print of a story.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Reprint {
    #[schemars(with = "super::documents::Article")]
    pub article: Value,
    /// Share of its words that are in the article, too, in the same order.
    pub common: f64,
}

/// What a text could go on with.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Suggestions {
    /// Words or values that begin so, the commonest first.
    pub suggestions: Vec<Suggestion>,
}

/// A word or value.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Suggestion {
    /// The word or value.
    pub text: String,
    /// Passages with the word, or articles with the value.
    pub count: u64,
}

/// What the index is of.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct IndexAnswer {
    #[serde(flatten)]
    pub commit: Commit,
    /// The folders that are indexed, as they were named.
    pub folders: Vec<String>,
    /// The indexes, where several are served as one.
    pub indexes: Vec<PartAnswer>,
    /// Files of these folders.
    pub files: u64,
    /// Files that were not read.
    pub skipped: u64,
    pub sections: u64,
    pub passages: u64,
    /// First day of publication.
    pub first: Option<String>,
    /// Last day of publication.
    pub last: Option<String>,
    /// Languages, the commonest first.
    pub languages: Vec<LanguageAnswer>,
    /// Version of the program.
    pub version: String,
}

/// One of the indexes that are served as one.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct PartAnswer {
    /// A name that tells it apart from the others.
    pub name: String,
    /// The commit of it that is searched.
    pub commit: String,
    pub articles: u64,
}

/// A language of the index.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct LanguageAnswer {
    /// Two-letter code.
    pub code: String,
    pub articles: u64,
}

/// The fields of the query language.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Fields {
    /// Text fields: `name:words`, `name=value`.
    pub fields: Vec<String>,
    /// Facts whose values can be counted.
    pub facets: Vec<String>,
}

/// The state of the server.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Health {
    /// `ok`, or `stale` if the index cannot be read now and the last commit is served.
    pub status: String,
    pub index: Commit,
}

/// Results that are not complete are told, not given as if they were.
pub(crate) fn complete(degraded: Option<Degraded>) -> Result<(), crate::serve::problem::Problem> {
    crate::serve::problem::Problem::of_degraded(degraded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advice_has_the_names_of_the_rest() {
        for (relaxation, expected) in [
            (
                Relaxation::WithoutPart { part: "lobster".into(), passages: 3, alone: 0 },
                r#"{"kind":"without_part","part":"lobster","passages":3,"alone":0}"#,
            ),
            (
                Relaxation::WithoutValues { facet: Facet::Source, passages: 2 },
                r#"{"kind":"without_values","facet":"source","passages":2}"#,
            ),
            (Relaxation::AnyWord { passages: 9 }, r#"{"kind":"any_word","passages":9}"#),
            (
                Relaxation::WiderQuery { query: "a OR b".into(), passages: 5 },
                r#"{"kind":"wider_query","query":"a OR b","passages":5}"#,
            ),
        ] {
            assert_eq!(serde_json::to_string(&Advice::from(&relaxation)).expect("JSON"), expected);
        }
    }
}
