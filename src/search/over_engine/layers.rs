//! Articles of an engine, unpacked, in layers: of two who send an article of one path, each has a layer for its own.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;

use xxhash_rust::xxh3::xxh3_64;

use super::foreign::Foreign;
use crate::engine::{Candidate, Engine, EngineError, Holdings};
use crate::index::block::Block;
use crate::index::reprints::Groups;
use crate::index::{IndexError, Payload, in_memory};
use crate::search::part::Part;
use crate::search::snapshot::{CandidatePart, Snapshot};

/// A group of reprints: who sent it, as a hash, and the number it has there.
type Group = (u64, u64);

/// An article, and its group of reprints with its place in that.
type Grouped = (Block, Option<(Group, u32)>);

/// Articles of which no two have the same path.
#[derive(Default)]
struct Layer {
    /// Those that are searched.
    searched: Vec<Grouped>,
    /// Those that are there to be read.
    beside: Vec<Grouped>,
}

/// Articles, each once; there is at least one layer.
pub(super) struct Layers(Vec<Layer>);

impl Layers {
    /// Unpacks articles to be searched, and others that are there to be read.
    ///
    /// # Errors
    ///
    /// [`EngineError::NoEngine`] for an article that cannot be read: without it the answer would not be whole.
    pub(super) fn of(
        engine: &dyn Engine,
        searched: Vec<Candidate>,
        beside: Vec<Candidate>,
    ) -> Result<Layers, EngineError> {
        // By the order of an article, who sent one.
        let mut seen: HashMap<u64, Vec<u64>> = HashMap::with_capacity(searched.len() + beside.len());
        let mut layers = vec![Layer::default()];
        let first_beside = searched.len();
        for (number, candidate) in searched.into_iter().chain(beside).enumerate() {
            let damaged = || EngineError::NoEngine {
                engine: engine.name(),
                reason: "it holds an article that cannot be read".into(),
            };
            let block = Block::unpack(&candidate.packed).ok_or_else(damaged)?;
            let writer = xxh3_64(candidate.writer.as_bytes());
            let writers = seen.entry(block.article.order()).or_default();
            if writers.contains(&writer) {
                continue;
            }
            let layer = writers.len();
            writers.push(writer);
            if layer == layers.len() {
                layers.push(Layer::default());
            }
            let Layer { searched, beside } = &mut layers[layer];
            let grouped = (block, candidate.group.map(|(group, rank)| ((writer, group), rank)));
            if number < first_beside { searched.push(grouped) } else { beside.push(grouped) }
        }
        Ok(Layers(layers))
    }

    /// A snapshot of them: each layer is a part of its own, whose orders are set apart.
    ///
    /// # Errors
    ///
    /// An error of tantivy, which there is none of but for want of memory.
    pub(super) fn snapshot(
        &self,
        engine: &dyn Engine,
        holdings: &Holdings,
        foreign: Foreign,
    ) -> Result<Snapshot, IndexError> {
        let mut groups: BTreeMap<Group, Vec<(u32, u64)>> = BTreeMap::new();
        let mut parts = Vec::with_capacity(self.0.len());
        for (layer, number) in self.0.iter().zip(0_u64..) {
            let path = PathBuf::from(engine.name());
            let (index, searched) = in_memory::index(path.clone(), &layer.searched)?;
            let beside = match &layer.beside[..] {
                [] => Vec::new(),
                beside => in_memory::index(path, beside)?.1,
            };
            let salt = if number == 0 { 0 } else { xxh3_64(&number.to_le_bytes()) | 1 };
            for (block, group) in layer.searched.iter().chain(&layer.beside) {
                if let Some((group, rank)) = group {
                    groups.entry(*group).or_default().push((*rank, block.article.order() ^ salt));
                }
            }
            // What there is in all is told once.
            let payload = match number {
                0 => Payload { totals: holdings.totals, languages: holdings.languages.clone(), ..Payload::default() },
                _ => Payload::default(),
            };
            let part = Part::of_engine(index, payload, searched[0].clone(), holdings.commit.clone(), salt);
            parts.push(CandidatePart { part, searched, beside });
        }
        let groups = groups.into_values().map(|mut members| {
            members.sort_unstable();
            members.into_iter().map(|(_, order)| order).collect()
        });
        Snapshot::of_candidates(parts, Groups::of_candidates(groups.collect()), foreign)
    }
}
