//! Writes the files of a segment: sorts its terms, groups their occurrences, encodes and writes them.

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
use tantivy::schema::Schema;
use tantivy::termdict::TermDictionaryBuilder;
use tantivy::{DocId, Segment, TantivyError};

use crate::index::segment::encode::{EncodedTerms, FieldTerms};
use crate::index::segment::occurrences::{GroupedOccurrences, OccurrenceLog, OrderedLog};
use crate::index::segment::term_table::TermTable;

/// The terms of the documents that were added to a segment.
pub(crate) struct SegmentBuffer {
    pub(crate) table: TermTable,
    pub(crate) log: OccurrenceLog,
    pub(crate) field_norms: FieldNormsWriter,
    pub(crate) num_docs: DocId,
}

/// Deletes the files that tantivy wrote, which hold no terms.
fn delete_empty_files(segment: &Segment) -> tantivy::Result<()> {
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

/// The error where a background thread ended before it sent everything.
fn incomplete() -> TantivyError {
    TantivyError::InternalError("occurrences of terms are missing".into())
}

impl SegmentBuffer {
    pub(crate) fn new(schema: &Schema) -> SegmentBuffer {
        SegmentBuffer {
            table: TermTable::default(),
            log: OccurrenceLog::default(),
            field_norms: FieldNormsWriter::for_schema(schema),
            num_docs: 0,
        }
    }

    /// Writes the files of the segment, in place of the empty ones that tantivy wrote.
    pub(crate) fn write(self, segment: &Segment) -> tantivy::Result<()> {
        let schema = segment.schema();
        if self.log.is_long() {
            return BackgroundFiles::start(self, schema).write(segment);
        }
        delete_empty_files(segment)?;
        let terms = self.into_sorted(&schema)?;
        terms.write_field_norms(segment)?;
        let all = 0..terms.order.len();
        let grouped = terms.log.group(all.clone(), GroupedOccurrences::default());
        let encoded = terms.by_field(&all).map(|range| terms.encode(range, &grouped));
        terms.write(segment, terms.dictionaries(), encoded)
    }

    /// Sorts the terms.
    fn into_sorted(mut self, schema: &Schema) -> tantivy::Result<SortedTerms> {
        self.field_norms.fill_up_to_max_doc(self.num_docs);
        // tantivy reads field norms from a file only.
        let (memory, path) = (RamDirectory::create(), Path::new("field_norms"));
        let serializer = FieldNormsSerializer::from_write(memory.open_write(path)?)?;
        self.field_norms.serialize(serializer, None)?;
        let field_norms_file = memory.open_read(path)?;
        let field_norms = FieldNormReaders::open(field_norms_file.clone())?;
        let num_terms = self.table.len();
        let (order, counts) = if self.log.is_long() {
            rayon::join(|| self.table.sorted(), || self.log.counts(num_terms))
        } else {
            (self.table.sorted(), self.log.counts(num_terms))
        };
        // From here on a term is known by its rank.
        let log = self.log.in_order(&order, counts);
        let mut fields: Vec<FieldTerms> = Vec::new();
        for terms in order.chunk_by(|&a, &b| self.table.field(a) == self.table.field(b)) {
            let field = self.table.field(terms[0]);
            let index_option = schema.get_field_entry(field).field_type().index_record_option();
            let index_option = index_option.expect("fields that have terms are indexed");
            let start = fields.last().map_or(0, |previous| previous.terms.end);
            let terms = start..start + terms.len();
            let num_occurrences = terms.clone().map(|term| log.count(term) as u64).sum();
            fields.push(FieldTerms { field, terms, index_option, num_occurrences });
        }
        Ok(SortedTerms { table: self.table, log, order, fields, field_norms, field_norms_file })
    }
}

/// The terms of a field, without their values. tantivy inserts terms and values in turn, as its other kind of
/// dictionary requires; this kind stores the two apart, so that inserting all terms first gives the same bytes.
type Dictionary = TermDictionaryBuilder<Vec<u8>>;

/// The contents of a segment's files, computed by background threads.
pub(crate) struct BackgroundFiles {
    terms: mpsc::Receiver<tantivy::Result<Arc<SortedTerms>>>,
    /// One for each field, in order.
    dictionaries: mpsc::Receiver<tantivy::Result<Dictionary>>,
    /// The terms of all fields, in order.
    encoded: mpsc::Receiver<tantivy::Result<EncodedTerms>>,
}

impl BackgroundFiles {
    /// Most ranges of encoded terms that wait to be written, of about half a megabyte each.
    const MAX_WAITING: usize = 16;

    /// Starts the threads.
    pub(crate) fn start(buffer: SegmentBuffer, schema: Schema) -> BackgroundFiles {
        let (terms_to, terms) = mpsc::sync_channel(1);
        let (dictionary_to, dictionaries) = mpsc::channel();
        let (encoded_to, encoded) = mpsc::sync_channel(Self::MAX_WAITING);
        // Sending fails once the receiver is dropped: the segment was given up, or writing it failed.
        std::thread::spawn(move || match buffer.into_sorted(&schema).map(Arc::new) {
            Ok(terms) if terms_to.send(Ok(Arc::clone(&terms))).is_ok() => {
                let shared = Arc::clone(&terms);
                // Building dictionaries is sequential, and takes longer than all else.
                std::thread::spawn(move || shared.dictionaries().try_for_each(|built| dictionary_to.send(built).ok()));
                terms.encode_all(&encoded_to);
            }
            Ok(_) => {}
            Err(error) => _ = terms_to.send(Err(error)),
        });
        BackgroundFiles { terms, dictionaries, encoded }
    }

    /// Writes the files of the segment, in place of the empty ones that tantivy wrote.
    pub(crate) fn write(self, segment: &Segment) -> tantivy::Result<()> {
        delete_empty_files(segment)?;
        let terms = self.terms.recv().map_err(|_| incomplete())??;
        terms.write_field_norms(segment)?;
        terms.write(segment, self.dictionaries.into_iter(), self.encoded.into_iter())
    }
}

/// The sorted terms of a segment, and what its files are made from.
struct SortedTerms {
    table: TermTable,
    log: OrderedLog,
    /// Numbers of all terms in the table, in the order of fields and terms: rank to number.
    order: Vec<u32>,
    fields: Vec<FieldTerms>,
    field_norms: FieldNormReaders,
    field_norms_file: FileSlice,
}

impl SortedTerms {
    /// Most occurrences that are grouped at once, at eight bytes each. Low in tests, whose segments are small.
    const GROUPED_AT_ONCE: usize = if cfg!(test) { 1 << 19 } else { 6 << 20 };
    /// Most occurrences that one thread encodes at once.
    const ENCODED_AT_ONCE: usize = 1 << 18;

    /// Encodes all terms, on all cores, and sends them in order.
    fn encode_all(&self, sender: &mpsc::SyncSender<tantivy::Result<EncodedTerms>>) {
        let room = self.log.num_occurrences().min(Self::GROUPED_AT_ONCE);
        let mut grouped = GroupedOccurrences::with_capacity(room);
        for pass in self.split(0..self.order.len(), Self::GROUPED_AT_ONCE) {
            grouped = self.log.group(pass.clone(), grouped);
            let ranges = self.split(pass, Self::ENCODED_AT_ONCE);
            let ranges: Vec<_> = ranges.iter().flat_map(|range| self.by_field(range)).collect();
            for batch in ranges.chunks(rayon::current_num_threads()) {
                let encoded: Vec<_> = batch.par_iter().map(|range| self.encode(range.clone(), &grouped)).collect();
                for terms in encoded {
                    if sender.send(terms).is_err() {
                        return;
                    }
                }
            }
        }
    }

    /// Splits a range of terms by field.
    fn by_field(&self, terms: &Range<usize>) -> impl Iterator<Item = (&FieldTerms, Range<usize>)> {
        let (start, end) = (terms.start, terms.end);
        let of_field = move |field: &'_ FieldTerms| field.terms.start.max(start)..field.terms.end.min(end);
        self.fields.iter().map(move |field| (field, of_field(field))).filter(|(_, terms)| !terms.is_empty())
    }

    fn encode(
        &self,
        (field, terms): (&FieldTerms, Range<usize>),
        grouped: &GroupedOccurrences,
    ) -> tantivy::Result<EncodedTerms> {
        EncodedTerms::of(field, terms, grouped, &self.field_norms)
    }

    /// Splits a range of terms into ranges of at most `max` occurrences, or of one term.
    fn split(&self, terms: Range<usize>, max: usize) -> Vec<Range<usize>> {
        let (mut ranges, mut start, mut num_occurrences) = (Vec::new(), terms.start, 0);
        for term in terms.clone() {
            let count = self.log.count(term);
            if start < term && num_occurrences + count > max {
                ranges.push(start..term);
                (start, num_occurrences) = (term, 0);
            }
            num_occurrences += count;
        }
        if start < terms.end {
            ranges.push(start..terms.end);
        }
        ranges
    }

    /// The dictionaries of all fields, in order.
    fn dictionaries(&self) -> impl Iterator<Item = tantivy::Result<Dictionary>> {
        self.fields.iter().map(|field| {
            let mut dictionary = TermDictionaryBuilder::create(Vec::new())?;
            for &number in &self.order[field.terms.clone()] {
                dictionary.insert_key(self.table.term(number))?;
            }
            Ok(dictionary)
        })
    }

    fn write_field_norms(&self, segment: &Segment) -> tantivy::Result<()> {
        let mut file = segment.open_write(SegmentComponent::FieldNorms)?;
        file.write_all(&self.field_norms_file.read_bytes()?)?;
        file.terminate()?;
        Ok(())
    }

    /// Writes the dictionary, postings and positions of all fields; `encoded` comes in order.
    fn write(
        &self,
        segment: &Segment,
        mut dictionaries: impl Iterator<Item = tantivy::Result<Dictionary>>,
        mut encoded: impl Iterator<Item = tantivy::Result<EncodedTerms>>,
    ) -> tantivy::Result<()> {
        use SegmentComponent::{Positions, Postings, Terms};
        let mut terms_file = CompositeWrite::wrap(segment.open_write(Terms)?);
        let mut postings_file = CompositeWrite::wrap(segment.open_write(Postings)?);
        let mut positions_file = CompositeWrite::wrap(segment.open_write(Positions)?);
        for field in &self.fields {
            let postings = postings_file.for_field(field.field);
            postings.write_all(&field.num_occurrences.to_le_bytes())?;
            let positions = positions_file.for_field(field.field);
            let mut next = field.terms.start;
            let mut written = Vec::new();
            while next < field.terms.end {
                let terms = encoded.next().ok_or_else(incomplete)??;
                postings.write_all(&terms.postings)?;
                positions.write_all(&terms.positions)?;
                next = terms.terms.end;
                written.push((terms.ends, terms.postings.len(), terms.positions.len()));
            }
            let mut dictionary = dictionaries.next().ok_or_else(incomplete)??;
            let (mut postings_start, mut positions_start) = (0, 0);
            for (ends, postings_bytes, positions_bytes) in written {
                let (mut postings_at, mut positions_at) = (postings_start, positions_start);
                for end in ends {
                    let postings_range = postings_at..postings_start + end.postings as usize;
                    let positions_range = positions_at..positions_start + end.positions as usize;
                    (postings_at, positions_at) = (postings_range.end, positions_range.end);
                    dictionary.insert_value(&TermInfo { doc_freq: end.doc_freq, postings_range, positions_range })?;
                }
                postings_start += postings_bytes;
                positions_start += positions_bytes;
            }
            terms_file.for_field(field.field).write_all(&dictionary.finish()?)?;
        }
        terms_file.close()?;
        postings_file.close()?;
        positions_file.close()?;
        Ok(())
    }
}
