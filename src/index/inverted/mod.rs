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

mod places;
mod vocabulary;

use std::any::Any;
use std::io;
use std::sync::Arc;

use tantivy::directory::Directory;
use tantivy::directory::error::DeleteError;
use tantivy::fieldnorm::{FieldNormReaders, FieldNormsSerializer, FieldNormsWriter};
use tantivy::index::SegmentComponent;
use tantivy::indexer::DocIdMapping;
use tantivy::plugin::{PluginMergeContext, PluginWriter, PluginWriterContext, SegmentPlugin};
use tantivy::postings::{FieldSerializer, InvertedIndexSerializer};
use tantivy::schema::document::ErasedDocument;
use tantivy::schema::{Field, IndexRecordOption, Schema};
use tantivy::{DocId, Segment, TantivyError};

use places::{Deal, Deals, Place, Row};
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
            vocabulary: Vocabulary::default(),
            row: Row::default(),
            lengths: FieldNormsWriter::for_schema(&context.segment.schema()),
            documents: 0,
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
    vocabulary: Vocabulary,
    row: Row,
    lengths: FieldNormsWriter,
    documents: DocId,
    /// Of the document that is added: its part of the row, and how many terms its fields have. Kept for their room.
    numbers: Vec<u32>,
    counts: Vec<(Field, u32)>,
    hashes: Vec<Hash>,
}

impl PluginWriter for Writer {
    fn add_document(&mut self, doc: DocId, document: &dyn ErasedDocument, _: &Schema) -> tantivy::Result<()> {
        let Some(queued) = document.as_any().downcast_ref::<Queued>() else {
            return Err(TantivyError::InvalidArgument("a document without terms".into()));
        };
        self.add(doc, queued.terms());
        Ok(())
    }

    fn serialize(self: Box<Self>, segment: &Segment, mapping: Option<&DocIdMapping>) -> tantivy::Result<()> {
        if mapping.is_some() {
            return Err(TantivyError::InvalidArgument("documents in another order than they were added in".into()));
        }
        self.write(segment)
    }

    fn mem_usage(&self) -> usize {
        self.vocabulary.bytes() + self.row.bytes() + self.lengths.mem_usage()
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
            // All hashes first: while one place of the table is on its way from memory, so are the next.
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
            for (&occurrence, &hash) in occurrences.iter().zip(&self.hashes) {
                let number = self.vocabulary.number(hash, field, || terms.key(occurrence));
                if occurrence.position == next_position {
                    self.numbers.push(number);
                } else {
                    self.numbers.extend([number | Row::POSITION_FOLLOWS, occurrence.position]);
                }
                next_position = occurrence.position.wrapping_add(1);
            }
        }
        for &(field, count) in &self.counts {
            self.lengths.record(doc, field, count);
        }
        self.row.push(&self.numbers);
        self.documents = doc + 1;
    }

    /// Writes the files of the segment, in the place of those that tantivy has made of nothing.
    fn write(mut self, segment: &Segment) -> tantivy::Result<()> {
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
        self.lengths.fill_up_to_max_doc(self.documents);
        let lengths = FieldNormsSerializer::from_write(segment.open_write(FieldNorms)?)?;
        self.lengths.serialize(lengths, None)?;
        let lengths = FieldNormReaders::open(segment.open_read(FieldNorms)?)?;
        let terms = self.vocabulary.len();
        let (order, counts) = if self.row.bytes() / size_of::<u32>() <= Deals::LEAST {
            (self.vocabulary.sorted(), self.row.counts(terms))
        } else {
            std::thread::scope(|scope| {
                let counts = scope.spawn(|| self.row.counts(terms));
                let order = self.vocabulary.sorted();
                (order, counts.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            })
        };
        let deals = Deals::new(&self.row, &order, counts);
        let counts = deals.counts.clone();
        let fields = Fields { segment, lengths, vocabulary: &self.vocabulary, order: &order, counts: &counts };
        if deals.are_few() {
            return fields.write(deals);
        }
        // While some terms are written, the places of the next are dealt out.
        std::thread::scope(|scope| {
            let (sender, dealt) = std::sync::mpsc::sync_channel(1);
            scope.spawn(move || {
                for deal in deals {
                    // Nobody waits for it if what was before could not be written.
                    if sender.send(deal).is_err() {
                        return;
                    }
                }
            });
            fields.write(dealt.into_iter())
        })
    }
}

/// What is written of a segment, all but the places.
struct Fields<'a> {
    segment: &'a Segment,
    lengths: FieldNormReaders,
    vocabulary: &'a Vocabulary,
    /// All terms in the order of their fields and keys, and how many places each has, by number.
    order: &'a [u32],
    counts: &'a [u32],
}

impl Fields<'_> {
    /// Writes terms with their places, which come in the order of the terms.
    fn write(&self, mut deals: impl Iterator<Item = Deal>) -> tantivy::Result<()> {
        let schema = self.segment.schema();
        let mut serializer = InvertedIndexSerializer::open(self.segment)?;
        let mut deal = Deal::default();
        let mut at = 0;
        for terms in self.order.chunk_by(|&a, &b| self.vocabulary.field(a) == self.vocabulary.field(b)) {
            let field = self.vocabulary.field(terms[0]);
            let detail = schema.get_field_entry(field).field_type().index_record_option();
            let detail = detail.unwrap_or(IndexRecordOption::Basic);
            let count = terms.iter().map(|&term| u64::from(self.counts[term as usize])).sum();
            let mut of_field = serializer.new_field(field, count, self.lengths.get_field(field)?)?;
            for &term in terms {
                if !deal.terms.contains(&at) {
                    let lost = || TantivyError::InternalError("places of terms were lost".into());
                    deal = deals.next().filter(|deal| deal.terms.contains(&at)).ok_or_else(lost)?;
                }
                write_term(&mut of_field, self.vocabulary.key(term), deal.places_of(at), detail)?;
                at += 1;
            }
            of_field.close()?;
        }
        serializer.close()?;
        Ok(())
    }
}

/// Writes a term with its places, which are in order.
fn write_term(
    serializer: &mut FieldSerializer<'_>,
    key: &[u8],
    places: &[Place],
    detail: IndexRecordOption,
) -> io::Result<()> {
    // Every other term stands in one place.
    if let &[place] = places {
        serializer.new_term(key, u32::from(detail.has_freq()), detail.has_freq())?;
        let steps = [place.position()];
        let steps = if detail.has_positions() { steps.as_slice() } else { &[] };
        serializer.write_doc(place.document(), u32::from(detail.has_freq()), steps);
        return serializer.close_term();
    }
    let documents = || places.chunk_by(|a, b| a.document() == b.document());
    // Where it is not written how often, tantivy is not told in how many either.
    let begins = || places.windows(2).filter(|pair| pair[0].document() != pair[1].document()).count() + 1;
    let frequency = if detail.has_freq() { begins() as u32 } else { 0 };
    serializer.new_term(key, frequency, detail.has_freq())?;
    let mut steps = Vec::new();
    for places in documents() {
        steps.clear();
        if detail.has_positions() {
            let mut before = 0;
            for place in places {
                steps.push(place.position() - before);
                before = place.position();
            }
        }
        let times = if detail.has_freq() { places.len() as u32 } else { 0 };
        serializer.write_doc(places[0].document(), times, &steps);
    }
    serializer.close_term()
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
        let made = documents.iter().map(|document| ours(fields, document)).collect();
        let expected = documents.iter().map(|document| tantivys(fields, document)).collect();
        let index = || Index::create_in_ram(schema.clone());
        assert_eq!(files(index(), made, true), files(index(), expected, false));
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
        assert!(documents.iter().map(|document| document.0.len()).sum::<usize>() > Deals::LEAST);
        compare(&documents);
    }
}
