//! The inverted index of a segment, made in memory and written in tantivy's own format.
//!
//! tantivy finds each word in a hash table by its text, and adds it to a list of its own: four places in memory, far from
//! each other, for each word of each article. Here a segment's terms are numbered, a word adds its number to one long row,
//! and the row is dealt out to the terms when the segment is written (a counting sort: Witten, Moffat, Bell: Managing
//! Gigabytes, 1999, 5.2). A word costs one look into a table; its text is not read again.
//!
//! To tantivy this is a plugin of the segment. What tantivy would write itself comes out of terms that documents do not
//! give it, so it is empty, and is replaced here before the segment is known to anyone: the files of terms, postings,
//! positions and lengths. Their bytes are those that tantivy would write; merges, deletes and readers are tantivy's.

mod encode;
mod places;
mod vocabulary;

use std::any::Any;
use std::io::{self, Write as _};
use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, mpsc};

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use tantivy::directory::error::DeleteError;
use tantivy::directory::{CompositeWrite, Directory, FileSlice, RamDirectory, TerminatingWrite};
use tantivy::fieldnorm::{FieldNormReaders, FieldNormsSerializer, FieldNormsWriter};
use tantivy::index::SegmentComponent;
use tantivy::indexer::DocIdMapping;
use tantivy::plugin::{PluginMergeContext, PluginWriter, PluginWriterContext, SegmentPlugin};
use tantivy::postings::TermInfo;
use tantivy::schema::document::ErasedDocument;
use tantivy::schema::{Field, IndexRecordOption, Schema};
use tantivy::termdict::TermDictionaryBuilder;
use tantivy::{DocId, Segment, TantivyError};

use encode::{Encoded, FieldTerms};
use places::{Deal, OrderedRow, Row};
use vocabulary::{Hash, Vocabulary};

use super::queue::Queued;
use super::terms::Terms;

/// Makes the inverted indexes of segments, for an index whose documents are [`Queued`].
pub(super) struct Inverted;

impl SegmentPlugin for Inverted {
    fn extensions(&self) -> &[&str] {
        &[]
    }

    fn create_writer(&self, context: &PluginWriterContext) -> tantivy::Result<Box<dyn PluginWriter>> {
        Ok(Box::new(Writer {
            gathered: Gathered::new(&context.segment.schema()),
            ahead: None,
            numbers: Vec::new(),
            counts: Vec::new(),
            hashes: Vec::new(),
        }))
    }

    fn merge(&self, _context: PluginMergeContext) -> tantivy::Result<()> {
        Ok(())
    }
}

struct Writer {
    gathered: Gathered,
    /// What is made of all documents, once the last was added, while tantivy writes what it writes.
    ahead: Option<Ahead>,
    /// Of the document that is added: its part of the row, and how many terms its fields have. Kept for their room.
    numbers: Vec<u32>,
    counts: Vec<(Field, u32)>,
    hashes: Vec<Hash>,
}

/// The terms of the documents so far.
struct Gathered {
    vocabulary: Vocabulary,
    row: Row,
    lengths: FieldNormsWriter,
    documents: DocId,
}

impl PluginWriter for Writer {
    fn add_document(&mut self, doc: DocId, document: &dyn ErasedDocument, schema: &Schema) -> tantivy::Result<()> {
        let Some(queued) = document.as_any().downcast_ref::<Queued>() else {
            return Err(TantivyError::InvalidArgument("a document without terms".into()));
        };
        if self.ahead.is_some() {
            return Err(TantivyError::InvalidArgument("a document behind the last".into()));
        }
        self.add(doc, queued.terms());
        if queued.is_last() && self.gathered.row.is_long() {
            let gathered = std::mem::replace(&mut self.gathered, Gathered::new(schema));
            self.ahead = Some(Ahead::begin(gathered, schema.clone()));
        }
        Ok(())
    }

    fn serialize(self: Box<Self>, segment: &Segment, mapping: Option<&DocIdMapping>) -> tantivy::Result<()> {
        if mapping.is_some() {
            return Err(TantivyError::InvalidArgument("documents in another order than they were added in".into()));
        }
        delete_empty(segment)?;
        let schema = segment.schema();
        if self.ahead.is_none() && !self.gathered.row.is_long() {
            let files = self.gathered.files(&schema)?;
            files.write_lengths(segment)?;
            let all = 0..files.order.len();
            let deal = files.row.deal(all.clone(), Deal::default());
            let encoded = files.of_fields(&all).map(|part| files.encode(part, &deal));
            return files.write(segment, files.dictionaries(), encoded);
        }
        let gathered = self.gathered;
        let Ahead { files, dictionaries, encoded } = self.ahead.unwrap_or_else(|| Ahead::begin(gathered, schema));
        let files = files.recv().map_err(|_| lost())??;
        files.write_lengths(segment)?;
        files.write(segment, dictionaries.into_iter(), encoded.into_iter())
    }

    fn mem_usage(&self) -> usize {
        self.gathered.vocabulary.bytes() + self.gathered.row.bytes() + self.gathered.lengths.mem_usage()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
}

impl Writer {
    fn add(&mut self, doc: DocId, terms: &Terms) {
        self.numbers.clear();
        self.counts.clear();
        // A position that follows the one before is not written down.
        let mut next_position = 0;
        for (field, occurrences) in terms.fields() {
            let count = occurrences.len() as u32;
            match self.counts.iter_mut().find(|(known, _)| *known == field) {
                Some((_, known)) => *known += count,
                None => self.counts.push((field, count)),
            }
            self.hashes.clear();
            let mut before = None;
            for &occurrence in occurrences {
                let hash = match (before, self.hashes.last()) {
                    (Some(before), Some(&hash)) if occurrence.shares_key(before) => hash,
                    _ => Hash::of(field, terms.key(occurrence)),
                };
                self.hashes.push(hash);
                before = Some(occurrence);
            }
            self.gathered.vocabulary.fetch(&self.hashes);
            for (&occurrence, &hash) in occurrences.iter().zip(&self.hashes) {
                let number = self.gathered.vocabulary.number(hash, field, || terms.key(occurrence));
                if occurrence.position == next_position {
                    self.numbers.push(number);
                } else {
                    self.numbers.extend([number | places::POSITION_FOLLOWS, occurrence.position]);
                }
                next_position = occurrence.position.wrapping_add(1);
            }
        }
        for &(field, count) in &self.counts {
            self.gathered.lengths.record(doc, field, count);
        }
        self.gathered.row.push(doc, &self.numbers);
        self.gathered.documents = doc + 1;
    }
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
    fn new(schema: &Schema) -> Gathered {
        Gathered {
            vocabulary: Vocabulary::default(),
            row: Row::default(),
            lengths: FieldNormsWriter::for_schema(schema),
            documents: 0,
        }
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
struct Ahead {
    files: mpsc::Receiver<tantivy::Result<Arc<Files>>>,
    /// Of each field, in order.
    dictionaries: mpsc::Receiver<tantivy::Result<Dictionary>>,
    /// Their terms, encoded, in order.
    encoded: mpsc::Receiver<tantivy::Result<Encoded>>,
}

impl Ahead {
    /// So many encoded parts may wait, of half a megabyte or so.
    const PARTS_AHEAD: usize = 16;

    fn begin(gathered: Gathered, schema: Schema) -> Ahead {
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tantivy::schema::{INDEXED, NumericOptions, TextFieldIndexing, TextOptions};
    use tantivy::tokenizer::{PreTokenizedString, Token};
    use tantivy::{Index, TantivyDocument};

    use super::super::document::PassageDocument;
    use super::*;

    /// Fields of every kind that there is: text with positions, with lengths and without, whole values, numbers.
    fn fields() -> (Schema, [Field; 4]) {
        let text = |detail, lengths| {
            let indexing = TextFieldIndexing::default().set_index_option(detail).set_fieldnorms(lengths);
            TextOptions::default().set_indexing_options(indexing)
        };
        let mut builder = Schema::builder();
        let fields = [
            builder.add_text_field("body", text(IndexRecordOption::WithFreqsAndPositions, true)),
            builder.add_text_field("shape", text(IndexRecordOption::WithFreqsAndPositions, false)),
            builder.add_text_field("whole", text(IndexRecordOption::Basic, false)),
            builder.add_u64_field("file", NumericOptions::default().set_indexed()),
        ];
        builder.add_u64_field("other", INDEXED);
        (builder.build(), fields)
    }

    /// A document: words of the body with the steps between them, words of its shape, whole values, and a number.
    type Made = (Vec<(String, u32)>, Vec<(String, u32)>, Vec<String>, Option<u64>);

    fn placed(words: &[(String, u32)]) -> impl Iterator<Item = (&str, u32)> {
        let mut position = 0;
        words.iter().map(move |(word, step)| {
            position += step;
            (word.as_str(), position)
        })
    }

    fn ours([body, shape, whole, file]: [Field; 4], (words, signs, values, number): &Made) -> Queued {
        let mut terms = Terms::default();
        if !words.is_empty() {
            terms.begin(body);
        }
        for (word, position) in placed(words) {
            terms.push(position, |keys| keys.extend_from_slice(word.as_bytes()));
        }
        for value in values {
            terms.add_value(whole, value.as_bytes());
        }
        terms.begin(shape);
        for group in placed(signs).collect::<Vec<_>>().chunk_by(|a, b| a.0 == b.0) {
            terms.push_all(group[0].0.as_bytes(), group.iter().map(|sign| sign.1));
        }
        if let Some(number) = number {
            terms.add_number(file, *number);
        }
        Queued::from(PassageDocument { terms, ..PassageDocument::default() })
    }

    fn tantivys([body, shape, whole, file]: [Field; 4], (words, signs, values, number): &Made) -> TantivyDocument {
        let mut document = TantivyDocument::default();
        for (field, words) in [(body, words), (shape, signs)] {
            let token = |(word, position): (&str, u32)| Token {
                position: position as usize,
                text: word.to_string(),
                ..Token::default()
            };
            let tokens: Vec<Token> = placed(words).map(token).collect();
            if !tokens.is_empty() {
                document.add_pre_tokenized_text(field, PreTokenizedString { text: String::new(), tokens });
            }
        }
        for value in values {
            let tokens = vec![Token { position: 0, text: value.clone(), ..Token::default() }];
            document.add_pre_tokenized_text(whole, PreTokenizedString { text: String::new(), tokens });
        }
        if let Some(number) = number {
            document.add_u64(file, *number);
        }
        document
    }

    /// The files of an index of these documents.
    fn files<D: tantivy::Document>(mut index: Index, documents: Vec<D>, plugin: bool) -> Vec<Vec<u8>> {
        if plugin {
            index.register_plugin(Arc::new(Inverted));
        }
        let mut writer = index.writer_with_num_threads(1, 200 << 20).expect("an index in memory");
        for document in documents {
            writer.add_document(document).expect("it has room");
        }
        writer.commit().expect("it has room");
        let segments = index.searchable_segments().expect("it was committed");
        assert_eq!(segments.len(), 1);
        let components = [
            SegmentComponent::FieldNorms,
            SegmentComponent::Terms,
            SegmentComponent::Postings,
            SegmentComponent::Positions,
        ];
        let read = |component| {
            let file = segments[0].open_read(component).expect("it was written");
            file.read_bytes().expect("it is in memory").to_vec()
        };
        components.into_iter().map(read).collect()
    }

    fn compare(documents: &[Made]) {
        let (schema, fields) = fields();
        let made = || documents.iter().map(|document| ours(fields, document)).collect::<Vec<_>>();
        let expected = documents.iter().map(|document| tantivys(fields, document)).collect();
        let index = || Index::create_in_ram(schema.clone());
        let expected = files(index(), expected, false);
        assert_eq!(files(index(), made(), true), expected);
        // Once more, and the last is known to be that.
        let mut made = made();
        let last = made.pop().map(Queued::into_last);
        made.extend(last);
        assert_eq!(files(index(), made, true), expected);
    }

    fn words(most: usize) -> impl Strategy<Value = Vec<(String, u32)>> {
        proptest::collection::vec(("[ab\u{0}é]{0,9}", prop_oneof![9 => Just(1u32), 1 => 0..3000u32]), 0..most)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn files_are_those_that_tantivy_writes(
            documents in proptest::collection::vec(
                (words(40), words(6), proptest::collection::vec("[ab]{0,3}", 0..3), proptest::option::of(0u64..9)),
                1..30,
            )
        ) {
            compare(&documents);
        }
    }

    #[test]
    fn long_lists_and_many_terms_are_dealt_out_in_several_passes() {
        // A word of every document, one of every other, and one of its own: more than are dealt out at once, and more
        // terms than the table begins with.
        let document = |i: usize| -> Made {
            let mut words = vec![("every".to_string(), 0), (format!("own{i}"), 1)];
            words.extend(std::iter::repeat_n(("often".to_string(), 1), if i.is_multiple_of(2) { 150 } else { 0 }));
            (words, vec![], vec![format!("v{}", i % 7)], Some(i as u64))
        };
        let documents: Vec<Made> = (0..16_000).map(document).collect();
        assert!(documents.iter().map(|document| document.0.len()).sum::<usize>() > Row::LONG);
        compare(&documents);
    }
}
