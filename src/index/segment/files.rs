//! From the terms of a segment's documents to its files: put in order, dealt out, encoded, written.

use std::io::{self, Write as _};
use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, mpsc};

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use tantivy::directory::error::DeleteError;
use tantivy::directory::{CompositeWrite, Directory, FileSlice, RamDirectory, TerminatingWrite};
use tantivy::fieldnorm::{FieldNormReaders, FieldNormsSerializer, FieldNormsWriter};
use tantivy::index::SegmentComponent;
use tantivy::postings::TermInfo;
use tantivy::schema::{IndexRecordOption, Schema};
use tantivy::termdict::TermDictionaryBuilder;
use tantivy::{DocId, Segment, TantivyError};

use crate::index::segment::encode::{Encoded, FieldTerms};
use crate::index::segment::occurrences::{Deal, OrderedRow, Row};
use crate::index::segment::term_table::Vocabulary;

/// The terms of the documents so far.
pub(crate) struct Gathered {
    pub(crate) vocabulary: Vocabulary,
    pub(crate) row: Row,
    pub(crate) lengths: FieldNormsWriter,
    pub(crate) documents: DocId,
}

/// Deletes the files that tantivy has made of no terms.
fn delete_empty(segment: &Segment) -> tantivy::Result<()> {
    use SegmentComponent::{FieldNorms, Positions, Postings, Terms};
    let directory = segment.index().directory();
    for component in [FieldNorms, Terms, Postings, Positions] {
        directory.delete(&segment.relative_path(component)).map_err(|error| {
            TantivyError::IoError(match error {
                DeleteError::FileDoesNotExist(path) => {
                    Arc::new(io::Error::new(io::ErrorKind::NotFound, path.display().to_string()))
                }
                DeleteError::IoError { io_error, .. } => io_error,
            })
        })?;
    }
    Ok(())
}

fn lost() -> TantivyError {
    TantivyError::InternalError("places of terms were lost".into())
}

impl Gathered {
    pub(crate) fn new(schema: &Schema) -> Gathered {
        Gathered {
            vocabulary: Vocabulary::default(),
            row: Row::default(),
            lengths: FieldNormsWriter::for_schema(schema),
            documents: 0,
        }
    }

    /// Writes the files of the segment, in the place of those that tantivy has made of nothing.
    pub(crate) fn write(self, segment: &Segment) -> tantivy::Result<()> {
        let schema = segment.schema();
        if self.row.is_long() {
            return Ahead::begin(self, schema).write(segment);
        }
        delete_empty(segment)?;
        let files = self.files(&schema)?;
        files.write_lengths(segment)?;
        let all = 0..files.order.len();
        let deal = files.row.deal(all.clone(), Deal::default());
        let encoded = files.of_fields(&all).map(|part| files.encode(part, &deal));
        files.write(segment, files.dictionaries(), encoded)
    }

    /// Puts the terms in order.
    fn files(mut self, schema: &Schema) -> tantivy::Result<Files> {
        self.lengths.fill_up_to_max_doc(self.documents);
        // tantivy reads lengths of a file only.
        let (memory, path) = (RamDirectory::create(), Path::new("lengths"));
        let lengths = FieldNormsSerializer::from_write(memory.open_write(path)?)?;
        self.lengths.serialize(lengths, None)?;
        let lengths_file = memory.open_read(path)?;
        let lengths = FieldNormReaders::open(lengths_file.clone())?;
        let terms = self.vocabulary.len();
        let (order, counts) = if self.row.is_long() {
            rayon::join(|| self.vocabulary.sorted(), || self.row.counts(terms))
        } else {
            (self.vocabulary.sorted(), self.row.counts(terms))
        };
        // From here on, the number of a term is its place in the order.
        let row = self.row.in_order(&order, counts);
        let mut fields: Vec<FieldTerms> = Vec::new();
        for terms in order.chunk_by(|&a, &b| self.vocabulary.field(a) == self.vocabulary.field(b)) {
            let field = self.vocabulary.field(terms[0]);
            let detail = schema.get_field_entry(field).field_type().index_record_option();
            let start = fields.last().map_or(0, |before| before.terms.end);
            let terms = start..start + terms.len();
            let places = terms.clone().map(|term| row.count(term) as u64).sum();
            fields.push(FieldTerms { field, terms, detail: detail.unwrap_or(IndexRecordOption::Basic), places });
        }
        Ok(Files { vocabulary: self.vocabulary, row, order, fields, lengths, lengths_file })
    }
}

/// The keys of a field's terms, and nothing of where these are yet. tantivy asks for both by turns, as its dictionaries
/// of another kind need them; in this kind each goes to a part of its own, and the bytes are the same.
type Dictionary = TermDictionaryBuilder<Vec<u8>>;

/// Files that are made by other threads.
pub(crate) struct Ahead {
    files: mpsc::Receiver<tantivy::Result<Arc<Files>>>,
    /// Of each field, in order.
    dictionaries: mpsc::Receiver<tantivy::Result<Dictionary>>,
    /// Their terms, encoded, in order.
    encoded: mpsc::Receiver<tantivy::Result<Encoded>>,
}

impl Ahead {
    /// So many encoded parts may wait, of half a megabyte or so.
    const PARTS_AHEAD: usize = 16;

    /// Begins to make them.
    pub(crate) fn begin(gathered: Gathered, schema: Schema) -> Ahead {
        let (files_to, files) = mpsc::sync_channel(1);
        let (dictionary_to, dictionaries) = mpsc::channel();
        let (encoded_to, encoded) = mpsc::sync_channel(Self::PARTS_AHEAD);
        // Nobody listens any more if the segment is given up, or a part of it could not be written.
        std::thread::spawn(move || match gathered.files(&schema).map(Arc::new) {
            Ok(files) if files_to.send(Ok(Arc::clone(&files))).is_ok() => {
                let same = Arc::clone(&files);
                // One key after the other goes into a dictionary: of all there is to do, this takes longest.
                std::thread::spawn(move || same.dictionaries().try_for_each(|made| dictionary_to.send(made).ok()));
                files.encode_all(&encoded_to);
            }
            Ok(_) => {}
            Err(error) => _ = files_to.send(Err(error)),
        });
        Ahead { files, dictionaries, encoded }
    }

    /// Writes the files of the segment, in the place of those that tantivy has made of nothing.
    pub(crate) fn write(self, segment: &Segment) -> tantivy::Result<()> {
        delete_empty(segment)?;
        let files = self.files.recv().map_err(|_| lost())??;
        files.write_lengths(segment)?;
        files.write(segment, self.dictionaries.into_iter(), self.encoded.into_iter())
    }
}

/// What the files of terms, postings, positions and lengths are written of.
struct Files {
    vocabulary: Vocabulary,
    row: OrderedRow,
    /// All terms in the order of their fields and keys, each as the vocabulary knows it.
    order: Vec<u32>,
    fields: Vec<FieldTerms>,
    lengths: FieldNormReaders,
    lengths_file: FileSlice,
}

impl Files {
    /// So many places are dealt out at once, at eight bytes each. Tests have no rows of millions.
    const DEALT_AT_ONCE: usize = if cfg!(test) { 1 << 19 } else { 6 << 20 };
    /// So many are encoded at once.
    const ENCODED_AT_ONCE: usize = 1 << 18;

    /// Encodes all terms, with all cores, and sends them in order.
    fn encode_all(&self, sender: &mpsc::SyncSender<tantivy::Result<Encoded>>) {
        let mut deal = Deal::with_room(self.row.places().min(Self::DEALT_AT_ONCE));
        for round in self.parts(0..self.order.len(), Self::DEALT_AT_ONCE) {
            deal = self.row.deal(round.clone(), deal);
            let parts = self.parts(round, Self::ENCODED_AT_ONCE);
            let parts: Vec<_> = parts.iter().flat_map(|part| self.of_fields(part)).collect();
            for some in parts.chunks(rayon::current_num_threads()) {
                let encoded: Vec<_> = some.par_iter().map(|part| self.encode(part.clone(), &deal)).collect();
                for part in encoded {
                    if sender.send(part).is_err() {
                        return;
                    }
                }
            }
        }
    }

    /// These terms, by fields.
    fn of_fields(&self, terms: &Range<usize>) -> impl Iterator<Item = (&FieldTerms, Range<usize>)> {
        let (start, end) = (terms.start, terms.end);
        let of_field = move |field: &'_ FieldTerms| field.terms.start.max(start)..field.terms.end.min(end);
        self.fields.iter().map(move |field| (field, of_field(field))).filter(|(_, terms)| !terms.is_empty())
    }

    fn encode(&self, (field, terms): (&FieldTerms, Range<usize>), deal: &Deal) -> tantivy::Result<Encoded> {
        Encoded::of(field, terms, deal, &self.lengths)
    }

    /// These terms in parts of no more than so many places, or of one term.
    fn parts(&self, terms: Range<usize>, most: usize) -> Vec<Range<usize>> {
        let (mut parts, mut start, mut places) = (Vec::new(), terms.start, 0);
        for term in terms.clone() {
            let count = self.row.count(term);
            if start < term && places + count > most {
                parts.push(start..term);
                (start, places) = (term, 0);
            }
            places += count;
        }
        if start < terms.end {
            parts.push(start..terms.end);
        }
        parts
    }

    /// Dictionaries of all fields, in order.
    fn dictionaries(&self) -> impl Iterator<Item = tantivy::Result<Dictionary>> {
        self.fields.iter().map(|field| {
            let mut dictionary = TermDictionaryBuilder::create(Vec::new())?;
            for &term in &self.order[field.terms.clone()] {
                dictionary.insert_key(self.vocabulary.key(term))?;
            }
            Ok(dictionary)
        })
    }

    fn write_lengths(&self, segment: &Segment) -> tantivy::Result<()> {
        let mut file = segment.open_write(SegmentComponent::FieldNorms)?;
        file.write_all(&self.lengths_file.read_bytes()?)?;
        file.terminate()?;
        Ok(())
    }

    /// Writes terms, postings and positions of what was encoded, which comes in order.
    fn write(
        &self,
        segment: &Segment,
        mut dictionaries: impl Iterator<Item = tantivy::Result<Dictionary>>,
        mut encoded: impl Iterator<Item = tantivy::Result<Encoded>>,
    ) -> tantivy::Result<()> {
        use SegmentComponent::{Positions, Postings, Terms};
        let mut terms_file = CompositeWrite::wrap(segment.open_write(Terms)?);
        let mut postings_file = CompositeWrite::wrap(segment.open_write(Postings)?);
        let mut positions_file = CompositeWrite::wrap(segment.open_write(Positions)?);
        for field in &self.fields {
            let postings = postings_file.for_field(field.field);
            postings.write_all(&field.places.to_le_bytes())?;
            let positions = positions_file.for_field(field.field);
            let mut next = field.terms.start;
            let mut written = Vec::new();
            while next < field.terms.end {
                let part = encoded.next().ok_or_else(lost)??;
                postings.write_all(&part.postings)?;
                positions.write_all(&part.positions)?;
                next = part.terms.end;
                written.push((part.ends, part.postings.len(), part.positions.len()));
            }
            let mut terms = dictionaries.next().ok_or_else(lost)??;
            let (mut postings_start, mut positions_start) = (0, 0);
            for (ends, postings_bytes, positions_bytes) in written {
                let (mut postings_at, mut positions_at) = (postings_start, positions_start);
                for end in ends {
                    let postings_range = postings_at..postings_start + end.postings as usize;
                    let positions_range = positions_at..positions_start + end.positions as usize;
                    (postings_at, positions_at) = (postings_range.end, positions_range.end);
                    terms.insert_value(&TermInfo { doc_freq: end.documents, postings_range, positions_range })?;
                }
                postings_start += postings_bytes;
                positions_start += positions_bytes;
            }
            terms_file.for_field(field.field).write_all(&terms.finish()?)?;
        }
        terms_file.close()?;
        postings_file.close()?;
        positions_file.close()?;
        Ok(())
    }
}
