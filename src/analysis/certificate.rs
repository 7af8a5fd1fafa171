//! Certificates: what was searched, in what, and what it gave, so that others can cite it and check it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tantivy::DocId;
use xxhash_rust::xxh3::xxh3_128;

use super::AnalysisError;
use crate::index::FORMAT_VERSION;
use crate::search::local::count::CountedFacets;
use crate::search::local::docs::Match;
use crate::search::local::run::wanted_plan;
use crate::search::local::segment::Segment;
use crate::search::over_engine::Needed;
use crate::search::snapshot::Snapshot;
use crate::search::{Counts, Degraded, SearchError, SearchOptions, Searcher};
use crate::vocabulary::{Number, Scope, id_text};

/// A query, what it was run over, and what matched. It serialises to what `certificate --json` prints.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Certificate {
    /// Version of the program.
    pub crosshead: String,
    /// When it was made, ISO 8601.
    pub made: String,
    /// The query, as it was typed.
    pub query: String,
    /// How it was read, in the query language.
    pub reading: String,
    /// The options that change what matches.
    pub options: CertifiedOptions,
    /// The index.
    pub index: CertifiedIndex,
    /// Passages, sections and articles that match.
    pub matches: CertifiedCounts,
    /// The articles that match, by path and id. An id changes with the bytes of its article.
    pub articles: Vec<CertifiedArticle>,
    /// Hash of `articles`.
    pub articles_fingerprint: String,
}

/// The options that change what matches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CertifiedOptions {
    /// The unit within which AND and NOT must hold: `section`, `passage` or `article`.
    pub unit: String,
    /// Was the query taken as plain words?
    pub literal: bool,
    /// Was one of the plain words enough?
    pub any: bool,
    /// The words that headings must have.
    pub heading: Option<String>,
    /// The days of publication, as a range of the query language.
    pub dates: Option<String>,
    /// The conditions on facts: `source=Reuters`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<String>,
    /// The day from which relative dates count.
    pub today: String,
}

/// The index that was searched: its fingerprint and its size.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CertifiedIndex {
    /// Its folders.
    pub folders: Vec<String>,
    /// Where several indexes were searched as one, names that tell them apart.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub indexes: Vec<String>,
    /// Version of its format.
    pub format: u32,
    /// Hash of the bytes, paths, dates and main facts of all articles.
    pub fingerprint: String,
    /// Files.
    pub files: u64,
    /// Files that could not be read.
    pub skipped: u64,
    /// Articles.
    pub articles: u64,
    /// Passages.
    pub passages: u64,
    /// Words of the texts.
    pub words: u64,
    /// The first day of publication.
    pub first: Option<String>,
    /// The last.
    pub last: Option<String>,
}

/// Numbers of what matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CertifiedCounts {
    /// Passages.
    pub passages: u64,
    /// Sections.
    pub sections: u64,
    /// Articles.
    pub articles: u64,
}

/// An article that matches.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CertifiedArticle {
    /// Its path.
    pub path: String,
    /// Its id.
    pub id: String,
}

/// A difference between a certificate and what is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "change")]
#[non_exhaustive]
pub enum Difference {
    /// Another version of the program.
    Version {
        /// That of the certificate.
        was: String,
        /// This one.
        is: String,
    },
    /// The query is read in another way.
    Reading {
        /// That of the certificate.
        was: String,
        /// That of now.
        is: String,
    },
    /// The articles of the index are others.
    Index {
        /// Articles of the index then.
        was: u64,
        /// Articles now.
        is: u64,
    },
    /// An article that matched and is not in the index under its path, or no longer matches.
    Gone(CertifiedArticle),
    /// An article that matched, and whose bytes are others.
    Changed(CertifiedArticle),
    /// An article that matches now.
    New(CertifiedArticle),
}

impl Certificate {
    /// The differences between this certificate and `now`, a later one of the same query.
    #[must_use]
    pub fn differences(&self, now: &Certificate) -> Vec<Difference> {
        let mut out = Vec::new();
        if self.crosshead != now.crosshead {
            out.push(Difference::Version { was: self.crosshead.clone(), is: now.crosshead.clone() });
        }
        if self.reading != now.reading {
            out.push(Difference::Reading { was: self.reading.clone(), is: now.reading.clone() });
        }
        if self.index.fingerprint != now.index.fingerprint {
            out.push(Difference::Index { was: self.index.articles, is: now.index.articles });
        }
        let by_path = |articles: &[CertifiedArticle]| {
            let mut paths: BTreeMap<String, Vec<String>> = BTreeMap::new();
            for article in articles {
                paths.entry(article.path.clone()).or_default().push(article.id.clone());
            }
            paths
        };
        let (then, present) = (by_path(&self.articles), by_path(&now.articles));
        let no_ids = Vec::new();
        for (path, ids) in &then {
            let others = present.get(path).unwrap_or(&no_ids);
            for id in ids.iter().filter(|id| !others.contains(id)) {
                let article = CertifiedArticle { path: path.clone(), id: id.clone() };
                // Of a file of one article it is the article that changed.
                let changed = ids.len() == 1 && others.len() == 1;
                out.push(if changed { Difference::Changed(article) } else { Difference::Gone(article) });
            }
        }
        for (path, ids) in &present {
            let others = then.get(path).unwrap_or(&no_ids);
            let is_changed = ids.len() == 1 && others.len() == 1;
            for id in ids.iter().filter(|id| !others.contains(id) && !is_changed) {
                out.push(Difference::New(CertifiedArticle { path: path.clone(), id: id.clone() }));
            }
        }
        out
    }
}

impl Searcher {
    /// Certifies what matches a query: `made` is the time, ISO 8601. Reads the columns of the whole index.
    ///
    /// # Errors
    ///
    /// [`AnalysisError::Search`] for a query that cannot be run and for a damaged index; [`AnalysisError::Incomplete`] if the
    /// time was up.
    pub fn certify(&self, query: &str, options: &SearchOptions, made: &str) -> Result<Certificate, AnalysisError> {
        self.needs_index("a certificate").map_err(SearchError::from)?;
        let needed = Needed::All(Some(query));
        let (certificate, degraded) =
            self.reading(needed, options, |snapshot, options| snapshot.certify(query, options, made))?;
        match degraded {
            Some(degraded) => Err(AnalysisError::Incomplete(degraded)),
            None => Ok(certificate),
        }
    }
}

impl Snapshot {
    fn certify(
        &self,
        query: &str,
        options: &SearchOptions,
        made: &str,
    ) -> Result<(Certificate, Option<Degraded>), SearchError> {
        let (totals, extent) = (self.totals(), self.extent()?);
        let budget = options.budget();
        let reading = self.reading_of(query, options)?;
        let lowered = self.lowered_or_all(Some(query), options)?;
        let plan = wanted_plan(&lowered, options);
        let found = self.with_run(&lowered, options, &budget, CountedFacets::NONE, |run| {
            let counts = run.count(plan)?.counts;
            let new = |ordinal, _: &Segment<'_>| Ok((ordinal, Vec::new()));
            let add = |(_, docs): &mut (u32, Vec<DocId>), _: &Segment<'_>, first_doc, _: &[Match]| {
                docs.push(first_doc);
                Ok(())
            };
            let mut articles = Vec::new();
            for (ordinal, docs) in run.fold_by_article(plan, &new, &add)? {
                let segment = &run.segments[ordinal as usize];
                let hashes = segment.columns.unsigned("article")?;
                for (path, doc) in segment.columns.paths(&docs)?.into_iter().zip(&docs) {
                    let hash = hashes.as_ref().and_then(|column| column.first(*doc)).unwrap_or(0);
                    articles.push(CertifiedArticle { path: self.shown_path(&path, ordinal), id: id_text(hash) });
                }
            }
            let mut words = 0;
            for segment in run.segments {
                let Some(column) = segment.columns.signed(Number::Words.name())? else { continue };
                let alive = (0..segment.blocks.max_doc).filter(|doc| !segment.reader.is_deleted(*doc));
                words +=
                    alive.filter_map(|doc| column.first(doc)).map(|words| words.max(0).unsigned_abs()).sum::<u64>();
            }
            Ok((counts, articles, words))
        });
        let (counts, mut articles, words) = found.map_err(|error| self.index_error(error))?;
        articles.sort_unstable();
        let listed: String = articles.iter().map(|article| format!("{}\t{}\n", article.path, article.id)).collect();
        let Counts { passages, sections, articles: num_articles, .. } = counts;
        let filters = &options.filters;
        let certificate = Certificate {
            crosshead: env!("CARGO_PKG_VERSION").to_string(),
            made: made.to_string(),
            query: query.to_string(),
            reading,
            options: CertifiedOptions {
                unit: unit_name(options.unit).to_string(),
                literal: options.literal,
                any: options.any,
                heading: filters.heading.clone(),
                dates: filters.date.map(|dates| dates.to_string()),
                conditions: filters.conditions(),
                today: options.today.to_string(),
            },
            index: CertifiedIndex {
                folders: self.folders().iter().map(|folder| folder.name.clone()).collect(),
                indexes: self.labels(),
                format: FORMAT_VERSION,
                fingerprint: self.fingerprint()?,
                files: totals.files,
                skipped: totals.skipped,
                articles: totals.articles,
                passages: totals.passages,
                words,
                first: extent.first,
                last: extent.last,
            },
            matches: CertifiedCounts { passages, sections, articles: num_articles },
            articles_fingerprint: format!("{:032x}", xxh3_128(listed.as_bytes())),
            articles,
        };
        Ok((certificate, budget.degraded().filter(|degraded| *degraded != Degraded::Spans)))
    }
}

/// The name of a unit in output.
fn unit_name(unit: Scope) -> &'static str {
    match unit {
        Scope::Passage => "passage",
        Scope::Section => "section",
        Scope::Article => "article",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn certificate(fingerprint: &str, articles: &[(&str, &str)]) -> Certificate {
        let article = |&(path, id): &(&str, &str)| CertifiedArticle { path: path.into(), id: id.into() };
        Certificate {
            crosshead: "1".into(),
            made: String::new(),
            query: "strike".into(),
            reading: "strike".into(),
            options: CertifiedOptions {
                unit: "section".into(),
                literal: false,
                any: false,
                heading: None,
                dates: None,
                conditions: Vec::new(),
                today: "2026-11-29".into(),
            },
            index: CertifiedIndex {
                folders: Vec::new(),
                indexes: Vec::new(),
                format: 1,
                fingerprint: fingerprint.into(),
                files: 0,
                skipped: 0,
                articles: 9,
                passages: 0,
                words: 0,
                first: None,
                last: None,
            },
            matches: CertifiedCounts { passages: 0, sections: 0, articles: 0 },
            articles: articles.iter().map(article).collect(),
            articles_fingerprint: String::new(),
        }
    }

    #[test]
    fn differences_name_articles() {
        let was = certificate("a", &[("a.txt", "1"), ("b.txt", "2"), ("c.txt", "3"), ("d.json", "4"), ("d.json", "5")]);
        let is = certificate("b", &[("a.txt", "1"), ("b.txt", "8"), ("d.json", "5"), ("d.json", "6"), ("e.txt", "7")]);
        let article = |path: &str, id: &str| CertifiedArticle { path: path.into(), id: id.into() };
        assert_eq!(
            was.differences(&is),
            [
                Difference::Index { was: 9, is: 9 },
                Difference::Changed(article("b.txt", "2")),
                Difference::Gone(article("c.txt", "3")),
                Difference::Gone(article("d.json", "4")),
                Difference::New(article("d.json", "6")),
                Difference::New(article("e.txt", "7")),
            ]
        );
        assert_eq!(was.differences(&was), []);
    }
}
