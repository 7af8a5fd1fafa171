//! An index in memory, of articles that are wanted for one query.

use std::panic::resume_unwind;
use std::path::PathBuf;

use tantivy::directory::RamDirectory;
use tantivy::store::Compressor;
use tantivy::{IndexBuilder, IndexSettings, ReloadPolicy, Searcher};

use super::block::Block;
use super::queue::Queued;
use super::{Fields, Index, IndexError, schema, segment};

/// Fewest articles of a segment beside others, which cores make at the same time.
const FEWEST: usize = if cfg!(test) { 5 } else { 500 };

/// Memory that tables of a writer are made for. A segment is written at its end, however much it takes.
const WRITER_BYTES: usize = 15 << 20;

/// An index of blocks, named by `path`, and its segments.
///
/// # Errors
///
/// An error of tantivy, which there is none of but for want of memory.
pub(crate) fn index<T: Sync>(path: PathBuf, blocks: &[(Block, T)]) -> Result<(Index, Vec<Searcher>), IndexError> {
    let (_, fields) = schema::schema();
    let made = || -> tantivy::Result<(tantivy::Index, Vec<Searcher>)> {
        let segments = rayon::current_num_threads().min(blocks.len() / FEWEST).max(1);
        let size = blocks.len().div_ceil(segments).max(1);
        // Threads of their own: a segment is written while others wait for a pool, whose threads must not wait for it.
        let indexes = std::thread::scope(|scope| {
            let fields = &fields;
            let made: Vec<_> =
                blocks.chunks(size).map(|chunk| scope.spawn(move || segment_of(fields, chunk))).collect();
            let joined = made.into_iter().map(|thread| thread.join().unwrap_or_else(|panic| resume_unwind(panic)));
            joined.collect::<tantivy::Result<Vec<_>>>()
        })?;
        let indexes = if indexes.is_empty() { vec![segment_of(&fields, blocks)?] } else { indexes };
        let searchers = indexes.iter().map(|index| {
            let reader: tantivy::IndexReader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
            Ok(reader.searcher())
        });
        let searchers = searchers.collect::<tantivy::Result<Vec<_>>>()?;
        Ok((indexes[0].clone(), searchers))
    };
    let (inner, searchers) =
        made().map_err(|error| IndexError::Damaged { path: path.clone(), reason: error.to_string() })?;
    Ok((Index { path, state: 0, published: false, fields, inner }, searchers))
}

fn segment_of<T>(fields: &Fields, blocks: &[(Block, T)]) -> tantivy::Result<tantivy::Index> {
    let settings = IndexSettings { docstore_compression: Compressor::None, ..IndexSettings::default() };
    let builder = IndexBuilder::new().schema(schema::schema().0).settings(settings).tokenizers(schema::tokenizers());
    if blocks.is_empty() {
        return builder.create_in_ram();
    }
    let builder = builder.register_plugin(std::sync::Arc::new(segment::CountingPlugin));
    let mut writer = builder.single_segment_index_writer(RamDirectory::create(), WRITER_BYTES)?;
    for (file, (block, _)) in (0..).zip(blocks) {
        for document in block.documents(fields, file) {
            writer.add_document(Queued::from(document))?;
        }
    }
    writer.finalize()
}
