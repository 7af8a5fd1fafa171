//! Crosshead searches a folder of news articles by passage: it splits each article into sections at its headings,
//! keeps its facts, builds an index, and ranks matching passages.
//!
//! ```
//! use crosshead::{Index, SearchOptions, Searcher, SyncOptions, sync};
//!
//! let folder = tempfile::tempdir()?;
//! let text = "# Dockers walk out\n\nNo ship has been unloaded.\n\n## The dispute\n\nThe union wants a shorter week.\n";
//! std::fs::write(folder.path().join("strike.md"), text)?;
//! let index = Index::open_or_create(&folder.path().join("index"))?;
//! sync(&index, &[folder.path().to_path_buf()], &SyncOptions::default())?;
//! let searcher = Searcher::of(&index)?;
//! let results = searcher.search("heading:dispute week", &SearchOptions::default())?;
//! assert_eq!(results.hits[0].article.facts.title.as_deref(), Some("Dockers walk out"));
//! println!("{}", serde_json::to_string(&results.hits[0])?);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! - [`sync`] brings an [`Index`] up to date with folders, [`rebuild()`] builds it anew, [`Writer`] adds articles that are not
//!   files, `Follower` (feature `watch`) follows folders as they change, [`Checkpoint`] tells what changed.
//! - [`Searcher`] answers queries, from any number of threads, under a budget ([`SearchOptions`]); it gives typed
//!   [`Results`], counts, facets, articles, and what to try where nothing matches. [`Alert`] is a standing query.
//! - [`outlines`] shows how a file is read and split, without an index.
//!
//! Options and results may grow; make options by `default()` and change their fields. Results serialise to what
//! the program prints with `--json`.

#[cfg(feature = "mcp")]
mod agent;
mod analysis;
mod article;
mod cache;
mod cancel;
#[cfg(feature = "cli")]
mod cli;
#[cfg_attr(not(feature = "engine"), allow(dead_code))]
mod engine;
#[cfg(feature = "watch")]
mod follow;
mod index;
mod ingest;
#[cfg(feature = "mcp")]
mod mcp;
mod model;
mod os;
mod outline;
mod query;
#[cfg(feature = "cli")]
mod render;
mod search;
#[cfg(feature = "serve")]
mod serve;
mod text;
mod vocabulary;
#[cfg(feature = "watch")]
mod watch;

pub use analysis::AnalysisError;
pub use analysis::certificate::{
    Certificate, CertifiedArticle, CertifiedCounts, CertifiedIndex, CertifiedOptions, Difference,
};
pub use analysis::collocates::{Association, Collocate, CollocateOptions, Collocates, Window};
pub use analysis::keywords::{Keyword, KeywordOptions, Keywords};
pub use analysis::kwic::{ContextWidth, KwicCounts, KwicLine, KwicOptions, KwicOrder, KwicSample, Neighbour};
pub use analysis::names::{Against, Name, Names};
pub use analysis::timeline::{ArticlesOf, Bucket, FacetValue, Interval, Timeline, TimelineOptions};
pub use analysis::verify::{DifferenceKind, QuotationDifference, QuotationPlace, Verdict, Verification};
pub use cancel::CancelFlag;
pub use engine::EngineError;
#[cfg(feature = "watch")]
pub use follow::{FollowOptions, Followed, Follower};
pub use index::check::{Checked, FileStatus, check, missing_articles};
pub use index::extent::{Extent, extent, fingerprint};
pub use index::merge::merge;
pub use index::saved::{SavedQueries, read as saved_queries, write as save_queries};
pub use index::sizes::{FieldSize, field_sizes};
pub use index::sync::folders::{move_folder, remove_folder};
pub use index::sync::{Failure, FailureKind, Progress, Report, Skipped, SyncOptions, rebuild, sync, sync_paths};
pub use index::{
    Change, Checkpoint, FileChange, FollowedFolder, Index, IndexError, NewArticle, Totals, WriteLock, Writer,
};
#[cfg(feature = "pdf")]
pub use ingest::format::pdf::isolate as set_pdf_reader;
pub use ingest::walk::WalkOptions;
pub use ingest::{BadRecord, ReadLimits, SkipReason};
pub use model::{
    Article, ArticleText, BoilerplateKind, BoilerplateOutline, DateEvidence, FactValue, Facts, LineVerdict, Location,
    Outline, Passage, Published, PublishedFrom, SectionOutline, StatedBy, TurnOutline,
};
pub use outline::outlines;
pub use query::{Note, Query, QueryError, Today};
pub use search::{
    Alert, ArticleMarks, Counts, CrossedCount, CrossedFacets, DatesError, Degraded, FacetCount, Facets, Feedback,
    Filters, Hit, Mark, OtherValues, Relaxation, Results, SearchError, SearchOptions, Searcher, Snippet, Sort, Tier,
    ValueFilter, WordOfFeedback,
};
pub use vocabulary::{Facet, Scope};

/// What this project's own program, benches, examples and tests need beside the face. It may change at any time.
#[doc(hidden)]
pub mod internals {
    pub use crate::article::heading::evidence;
    pub use crate::article::lines::LineNumbers;
    pub use crate::article::{Block, Markup, RawArticle, SplitArticle, prepare};
    #[cfg(feature = "cli")]
    pub use crate::cli::commands::help;
    #[cfg(feature = "cli")]
    pub use crate::cli::main;
    pub use crate::index::manifest;
    pub use crate::index::reprints::signature;
    pub use crate::index::terms::{Compounds, Terms};
    pub use crate::ingest::format::TABLE;
    #[cfg(feature = "pdf")]
    pub use crate::ingest::format::pdf;
    pub use crate::ingest::{Contents, Yielded};
    pub use crate::query::parse;
    pub use crate::search::local::forms::WordTest;
    pub use crate::search::local::mark::marks;
    pub use crate::search::snippet::{SNIPPET_BYTES, snippet};
    pub use crate::text::fold::fold_value;
    pub use crate::text::sentence::sentences;
    pub use crate::text::{Language, Words};
    pub use crate::vocabulary::TextField;

    /// The terms of all fields, the searcher of the last commit, and a field by its name: for benches beside the bare
    /// engine.
    pub fn engine(index: &crate::Index) -> Result<(tantivy::Searcher, crate::index::Fields), crate::IndexError> {
        Ok((index.snapshot()?.1, index.fields().clone()))
    }
}

#[cfg(test)]
mod tests {
    /// Tables that are built when first used are built of constants: none of them can fail later.
    #[test]
    fn every_lazily_built_table_builds() {
        crate::text::build_tables();
        crate::article::build_tables();
        crate::ingest::build_tables();
        crate::index::build_tables();
        crate::search::build_tables();
        crate::analysis::names::build_tables();
        #[cfg(feature = "serve")]
        crate::serve::build_tables();
    }

    /// A table that no `build_tables` forces would fail first where it is used.
    #[test]
    fn every_file_with_lazily_built_tables_forces_them() {
        let is_test = |path: &std::path::Path| path.components().any(|part| part.as_os_str() == "oracle");
        for entry in walkdir::WalkDir::new("src").into_iter().flatten() {
            if entry.path().extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(entry.path()).expect("source is text");
                assert!(
                    !text.contains(": LazyLock<") || text.contains("LazyLock::force(") || is_test(entry.path()),
                    "{}",
                    entry.path().display()
                );
            }
        }
    }
}
