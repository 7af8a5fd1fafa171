//! Bringing an engine up to date with what indexes hold.
//!
//! An index stays what it is: it follows its folders, and is written by its own runs. A push compares the articles that it holds
//! with those that the engine has of the same writer, sends what is new or differs, then removes what is gone. So a push that
//! ended anywhere is made good by the next, and one that is repeated changes nothing.

use std::collections::HashMap;

use rayon::iter::{IntoParallelIterator, ParallelIterator};
use serde::Serialize;
use tantivy::DocId;
use xxhash_rust::xxh3::xxh3_64;

use super::Searcher;
use super::local::docs::Blocks;
use super::snapshot::Snapshot;
use crate::cancel::CancelFlag;
use crate::engine::{EngineError, Entry, Store};
use crate::index::block::Block;
use crate::index::schema::Column;
use crate::index::{FORMAT_VERSION, IndexError};
use crate::vocabulary::Scope;

/// Articles that are read and sent together.
const BATCH: usize = if cfg!(test) { 16 } else { 400 };

/// What a push did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Pushed {
    /// Articles that the engine has now, of this writer.
    pub(crate) articles: u64,
    /// Articles that were sent.
    pub(crate) sent: u64,
    /// Articles that were taken out of the engine.
    pub(crate) removed: u64,
    /// Articles that the engine refuses, as paths, with its reasons.
    pub(crate) refused: Vec<(String, String)>,
    /// Was it cancelled? The next push goes on.
    pub(crate) interrupted: bool,
}

/// An article of an index, as a push compares it.
struct Known {
    segment: u32,
    first: DocId,
    key: u64,
    version: u64,
    path: String,
}

impl Searcher {
    /// Brings an engine up to date with these indexes, whose articles are those of `writer` there. `progress` is told the
    /// numbers of articles that are done and of all.
    ///
    /// # Errors
    ///
    /// An error of reading an index, [`IndexError::Engine`] of the engine. What was sent before stays, and the next push goes on.
    pub(crate) fn push(
        &self,
        store: &dyn Store,
        writer: &str,
        cancel: &CancelFlag,
        progress: &dyn Fn(u64, u64),
    ) -> Result<Pushed, IndexError> {
        self.needs_index("what an engine holds")?;
        let snapshot = self.snapshot();
        self.guarded(|| snapshot.push(store, writer, cancel, progress))
    }
}

impl Snapshot {
    fn push(
        &self,
        store: &dyn Store,
        writer: &str,
        cancel: &CancelFlag,
        progress: &dyn Fn(u64, u64),
    ) -> Result<Pushed, IndexError> {
        let mut there: HashMap<u64, u64> = HashMap::new();
        store.keys(writer, &mut |key, version| _ = there.insert(key, version))?;
        let known = self.known().map_err(|error| self.error(error))?;
        let mut pushed = Pushed::default();
        let mut waiting = Vec::new();
        for known in &known {
            match there.remove(&known.key) {
                Some(version) if version == known.version => pushed.articles += 1,
                _ => waiting.push(known),
            }
        }
        let all = waiting.len() as u64;
        for batch in waiting.chunks(BATCH) {
            if cancel.is_cancelled() {
                pushed.interrupted = true;
                break;
            }
            let refused = store.put(writer, &self.entries(batch)?)?;
            pushed.sent += (batch.len() - refused.len()) as u64;
            for (key, reason) in refused {
                let path = batch.iter().find(|known| known.key == key).map(|known| known.path.clone());
                pushed.refused.push((path.unwrap_or_default(), reason));
            }
            // What is refused for every article is the engine's matter.
            if pushed.sent == 0 && pushed.refused.len() >= BATCH {
                let reason = format!("it refuses every article: {}", pushed.refused[0].1);
                return Err(EngineError::Failed { engine: store.name(), status: 400, reason }.into());
            }
            progress(pushed.sent + pushed.refused.len() as u64, all);
        }
        if !pushed.interrupted {
            let mut gone: Vec<u64> = there.into_keys().collect();
            gone.sort_unstable();
            for gone in gone.chunks(BATCH) {
                store.remove(writer, gone)?;
            }
            pushed.removed = gone.len() as u64;
        }
        pushed.articles += pushed.sent;
        if !pushed.interrupted {
            // The same for the same articles, in whatever order.
            let of = |known: &Known| u128::from(xxh3_64(format!("{} {}", known.key, known.version).as_bytes()));
            let state = known.iter().map(of).fold(0u128, u128::wrapping_add);
            store.publish(writer, &format!("{}-{state:x}", pushed.articles))?;
        }
        Ok(pushed)
    }

    /// The articles that there are, in the order of the segments.
    fn known(&self) -> tantivy::Result<Vec<Known>> {
        let mut out = Vec::new();
        for (segment, (reader, stored)) in (0..).zip(self.readers.segments().iter().zip(&self.stored)) {
            let columns = stored.columns();
            let blocks = Blocks::open(reader, columns)?;
            let (hashes, orders) = (columns.unsigned("article")?, columns.unsigned("order")?);
            let added = columns.signed("added")?;
            let paths = columns.texts(Column::Path.name())?;
            let mut first = 0;
            while first < reader.max_doc() {
                let next = blocks.end(first, Scope::Article);
                if !reader.is_deleted(first) {
                    let mut path = String::new();
                    if let Some(paths) = &paths
                        && let Some(ord) = paths.term_ords(first).next()
                    {
                        paths.ord_to_str(ord, &mut path)?;
                    }
                    let path = self.shown_path(crate::index::record::path_of_term(&path), segment);
                    let of = |column: &Option<tantivy::columnar::Column<u64>>| {
                        column.as_ref().and_then(|column| column.first(first)).unwrap_or(0)
                    };
                    let key = of(&orders) ^ self.readers.salt(segment);
                    let hash = of(&hashes);
                    let added = added.as_ref().and_then(|column| column.first(first)).unwrap_or(0);
                    let group = self.group_of(key);
                    let version = xxh3_64(format!("{FORMAT_VERSION} {hash} {added} {group:?} {path}").as_bytes());
                    out.push(Known { segment, first, key, version, path });
                }
                first = next;
            }
        }
        Ok(out)
    }

    /// The group of reprints of an article, by the key of its original, and the place of the article in it.
    fn group_of(&self, order: u64) -> Option<(u64, u32)> {
        let members = self.groups.members(self.groups.of(order)?);
        let rank = members.iter().position(|member| *member == order)?;
        Some((*members.first()?, u32::try_from(rank).ok()?))
    }

    /// The entries of some articles, which are in order.
    fn entries(&self, known: &[&Known]) -> Result<Vec<Entry>, IndexError> {
        let fields = self.fields();
        let mut blocks: Vec<(Block, &Known)> = Vec::with_capacity(known.len());
        for of_segment in known.chunk_by(|a, b| a.segment == b.segment) {
            let segment = of_segment[0].segment as usize;
            let firsts: Vec<DocId> = of_segment.iter().map(|known| known.first).collect();
            let read = Block::read(fields, &self.readers.segments()[segment], &self.stored[segment], &firsts);
            let read = read.map_err(|error| self.error(error))?;
            blocks.extend(read.into_iter().zip(of_segment.iter().copied()));
        }
        let entry = |(mut block, known): (Block, &Known)| {
            block.article.path.clone_from(&known.path);
            let entry = Entry::of(fields, &block, self.group_of(known.key));
            let entry = entry.map_err(|error| IndexError::io("pack", self.parts()[0].index.path(), &error))?;
            Ok(Entry { key: known.key, version: known.version, ..entry })
        };
        blocks.into_par_iter().map(entry).collect()
    }
}
