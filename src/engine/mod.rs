//! Where articles are that are too many for one machine: an engine that is asked for candidates.
//!
//! An engine holds articles as [`Entry`]s: what they are found by, and packed as a whole. It is asked with a [`Sieve`], which is
//! never narrower than the query it is made of; what it gives back is searched here, by the code that searches any index. So
//! an engine decides what is looked at and never what matches.

pub(crate) mod entry;
#[cfg(test)]
pub(crate) mod memory;
#[cfg(feature = "engine")]
pub(crate) mod remote;
pub(crate) mod sieve;

use std::ops::ControlFlow;

pub(crate) use entry::Entry;
pub(crate) use sieve::{Sieve, Test, ValueTest, WordsTest};

use crate::index::Totals;

/// Why an engine gives no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// It cannot be reached, or ends the connection.
    #[error("{engine} cannot be reached: {reason}")]
    Unreachable {
        /// The engine, without secrets.
        engine: String,
        /// The error of the system or of TLS.
        reason: String,
    },
    /// Its certificate is not accepted, so that nothing was asked.
    #[error("{engine} has a certificate that is not accepted: {reason}")]
    Certificate {
        /// The engine.
        engine: String,
        /// Why the certificate is refused.
        reason: String,
    },
    /// It refuses who asks.
    #[error("{engine} refuses access ({status}): {reason}")]
    Refused {
        /// The engine.
        engine: String,
        /// The status of its answer.
        status: u16,
        /// The reason that it gives.
        reason: String,
    },
    /// It has no articles under this name.
    #[error("{engine} has no articles under the name '{name}'")]
    Missing {
        /// The engine.
        engine: String,
        /// The name.
        name: String,
    },
    /// Another version wrote the articles that it holds.
    #[error("{engine}: '{name}' is of format {found}, this program reads {wanted}")]
    OtherVersion {
        /// The engine.
        engine: String,
        /// The name.
        name: String,
        /// The format that was found.
        found: String,
        /// The format of this program.
        wanted: String,
    },
    /// A part of it did not answer, so that the answer would not be whole.
    #[error("{engine} did not answer as a whole: {reason}")]
    Partial {
        /// The engine.
        engine: String,
        /// The shard or node that failed, and the reason it gives.
        reason: String,
    },
    /// It no longer knows of the moment whose articles it was listing, as when a node ends.
    #[error("{engine} lost its place in a listing, as when a node ends: ask again")]
    Lost {
        /// The engine.
        engine: String,
    },
    /// It cannot do what was asked now, and says so.
    #[error("{engine} answers with an error ({status}): {reason}")]
    Failed {
        /// The engine.
        engine: String,
        /// The status of its answer.
        status: u16,
        /// The reason that it gives.
        reason: String,
    },
    /// Its answer is none of an engine's.
    #[error("{engine} gives no answer of a search engine: {reason}")]
    NoEngine {
        /// The engine.
        engine: String,
        /// The kind of answer that came instead.
        reason: String,
    },
    /// It takes no more articles.
    #[error("{engine} takes no articles: {reason}")]
    Full {
        /// The engine.
        engine: String,
        /// The reason that it gives.
        reason: String,
    },
    /// It cannot be asked that.
    #[error("{what} is not to be had from {engine}: ask an index on this machine")]
    Unable {
        /// The engine.
        engine: String,
        /// The call that needs an index.
        what: &'static str,
    },
    /// The call was cancelled, or its time is up.
    #[error("{engine} was not waited for any longer")]
    Cancelled {
        /// The engine.
        engine: String,
    },
}

/// Totals of the articles that an engine holds under a name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Holdings {
    /// Counts and lengths over all articles.
    pub(crate) totals: Totals,
    /// Codes of languages with their numbers of articles, the commonest first.
    pub(crate) languages: Vec<(String, u64)>,
    /// A label that changes with every change of the articles.
    pub(crate) commit: String,
}

/// The order in which candidates come.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Order {
    /// By the engine's own scores of these words, each with a weight; the best first.
    Best(Vec<(Sieve, f32)>),
    /// The latest date first, those without last.
    Newest,
    /// The earliest date first, those without last.
    Oldest,
    /// By path.
    Path,
    /// By key, a hash: the first are drawn at random from all, and the same each time.
    Drawn,
}

/// An article that an engine holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Candidate {
    /// The article, as [`crate::index::block::Block::pack`] packs it.
    pub(crate) packed: Vec<u8>,
    /// Name of the index that sent it. Two indexes may send articles of one path.
    pub(crate) writer: String,
    /// Its group of reprints, and its place in that.
    pub(crate) group: Option<(u64, u32)>,
}

/// Where articles are searched.
pub(crate) trait Engine: Send + Sync {
    /// Its address and the name of the articles, without secrets.
    fn name(&self) -> String;

    /// What changes whenever the articles do.
    ///
    /// # Errors
    ///
    /// [`EngineError`], as of all of its methods.
    fn commit(&self) -> Result<String, EngineError>;

    /// What it holds now.
    ///
    /// # Errors
    ///
    /// [`EngineError`].
    fn holdings(&self) -> Result<Holdings, EngineError>;

    /// Number of articles that pass each of the sieves. Exact.
    ///
    /// # Errors
    ///
    /// [`EngineError`].
    fn counts(&self, sieves: &[Sieve]) -> Result<Vec<u64>, EngineError>;

    /// Gives the articles that pass a sieve to `take`, in pages, each once, as they were at one moment; until `take` ends it.
    ///
    /// # Errors
    ///
    /// [`EngineError`]; what was given before is not all.
    fn candidates(
        &self,
        sieve: &Sieve,
        order: &Order,
        take: &mut dyn FnMut(Vec<Candidate>) -> ControlFlow<()>,
    ) -> Result<(), EngineError>;
}

/// An engine that can be written to.
pub(crate) trait Store: Engine {
    /// The keys of the articles of a writer with the versions of their entries, in order of the keys, to `take`.
    ///
    /// # Errors
    ///
    /// [`EngineError`].
    fn keys(&self, writer: &str, take: &mut dyn FnMut(u64, u64)) -> Result<(), EngineError>;

    /// Adds entries of a writer, or replaces those with the same keys. Returns those that it refuses for good, with the reason.
    ///
    /// # Errors
    ///
    /// [`EngineError`] if some may not be there.
    fn put(&self, writer: &str, entries: &[Entry]) -> Result<Vec<(u64, String)>, EngineError>;

    /// Removes entries of a writer by their keys.
    ///
    /// # Errors
    ///
    /// [`EngineError`] if some may still be there.
    fn remove(&self, writer: &str, keys: &[u64]) -> Result<(), EngineError>;

    /// Makes what was put and removed visible to all that search. `state` is another text whenever the articles of the writer
    /// are others.
    ///
    /// # Errors
    ///
    /// [`EngineError`].
    fn publish(&self, writer: &str, state: &str) -> Result<(), EngineError>;
}
