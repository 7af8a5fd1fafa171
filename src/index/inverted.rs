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

use std::any::Any;
use std::io;
use std::ops::Range;
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
use xxhash_rust::xxh3::xxh3_128_with_seed;

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
        let terms = self.vocabulary.terms.len();
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

/// The terms of a segment, by number.
struct Vocabulary {
    /// A power of two of them, at most half of them taken.
    slots: Vec<Slot>,
    terms: Vec<Term>,
    /// Their keys, one behind the other.
    keys: Vec<u8>,
}

/// 96 bits of the hash of a term's field and key: of a billion terms, two are taken for one by one chance in 10^11.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Hash {
    low: u64,
    high: u32,
}

impl Hash {
    fn of(field: Field, key: &[u8]) -> Hash {
        let hash = xxh3_128_with_seed(key, u64::from(field.field_id()));
        Hash { low: hash as u64, high: (hash >> 64) as u32 }
    }
}

/// A term in the table, known by its hash.
#[derive(Clone, Copy)]
struct Slot {
    low: u64,
    high: u32,
    /// [`Slot::FREE`] if there is none.
    number: u32,
}

impl Slot {
    const FREE: u32 = u32::MAX;
}

struct Term {
    field: Field,
    /// Where its key begins. A writer has less than 4 GiB for all it holds.
    start: u32,
}

impl Default for Vocabulary {
    fn default() -> Vocabulary {
        const SLOTS: usize = 1 << 12;
        Vocabulary { slots: vec![Slot { low: 0, high: 0, number: Slot::FREE }; SLOTS], terms: vec![], keys: vec![] }
    }
}

impl Vocabulary {
    /// The number of a term, a new one if it is new.
    #[inline]
    fn number<'k>(&mut self, Hash { low, high }: Hash, field: Field, key: impl FnOnce() -> &'k [u8]) -> u32 {
        let mask = self.slots.len() - 1;
        let mut at = low as usize & mask;
        loop {
            let slot = self.slots[at];
            if slot.number == Slot::FREE {
                break;
            }
            if slot.low == low && slot.high == high {
                return slot.number;
            }
            at = (at + 1) & mask;
        }
        let number = self.terms.len() as u32;
        self.slots[at] = Slot { low, high, number };
        self.terms.push(Term { field, start: self.keys.len() as u32 });
        self.keys.extend_from_slice(key());
        if self.terms.len() * 2 > self.slots.len() {
            self.grow();
        }
        number
    }

    fn grow(&mut self) {
        let more = vec![Slot { low: 0, high: 0, number: Slot::FREE }; self.slots.len() * 2];
        let mask = more.len() - 1;
        for slot in std::mem::replace(&mut self.slots, more) {
            if slot.number == Slot::FREE {
                continue;
            }
            let mut at = slot.low as usize & mask;
            while self.slots[at].number != Slot::FREE {
                at = (at + 1) & mask;
            }
            self.slots[at] = slot;
        }
    }

    fn field(&self, number: u32) -> Field {
        self.terms[number as usize].field
    }

    fn key(&self, number: u32) -> &[u8] {
        let number = number as usize;
        let end = self.terms.get(number + 1).map_or(self.keys.len(), |next| next.start as usize);
        &self.keys[self.terms[number].start as usize..end]
    }

    /// The numbers of all terms in the order of their fields and keys.
    fn sorted(&self) -> Vec<u32> {
        // Nearly always the first eight bytes tell.
        let beginning = |key: &[u8]| {
            let mut bytes = [0; 8];
            let length = key.len().min(8);
            bytes[..length].copy_from_slice(&key[..length]);
            u64::from_be_bytes(bytes)
        };
        let numbers = 0..self.terms.len() as u32;
        let mut order: Vec<_> = numbers.map(|n| (self.field(n), beginning(self.key(n)), n)).collect();
        order.sort_unstable_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)).then_with(|| self.key(a.2).cmp(self.key(b.2))));
        order.into_iter().map(|(_, _, number)| number).collect()
    }

    fn bytes(&self) -> usize {
        self.slots.len() * size_of::<Slot>() + self.terms.len() * size_of::<Term>() + self.keys.len()
    }
}

/// The terms of all documents in the order in which they stand there.
#[derive(Default)]
struct Row {
    /// Documents one behind the other: how much is written of it, then numbers of terms. None is parted.
    parts: Vec<Vec<u32>>,
}

impl Row {
    /// A number with this bit has its position behind it. Without, it is one more than that of the term before.
    const POSITION_FOLLOWS: u32 = 1 << 31;
    /// Numbers of a part.
    const PART: usize = 1 << 18;

    fn push(&mut self, document: &[u32]) {
        let needed = document.len() + 1;
        if self.parts.last().is_none_or(|part| part.capacity() - part.len() < needed) {
            self.parts.push(Vec::with_capacity(needed.max(Row::PART)));
        }
        if let Some(part) = self.parts.last_mut() {
            part.push(document.len() as u32);
            part.extend_from_slice(document);
        }
    }

    /// Calls `take` with each term and where it stands, in order.
    fn each(&self, mut take: impl FnMut(u32, Place)) {
        let mut document = 0;
        for part in &self.parts {
            let mut rest = part.as_slice();
            while let Some((&length, behind)) = rest.split_first() {
                let (numbers, others) = behind.split_at(length as usize);
                let mut numbers = numbers.iter();
                let mut next_position = 0;
                while let Some(&number) = numbers.next() {
                    let mut position = next_position;
                    if number & Row::POSITION_FOLLOWS != 0 {
                        position = numbers.next().copied().unwrap_or_default();
                    }
                    next_position = position.wrapping_add(1);
                    take(number & !Row::POSITION_FOLLOWS, Place::new(document, position));
                }
                document += 1;
                rest = others;
            }
        }
    }

    /// How many places each of so many terms has, by number.
    fn counts(&self, terms: usize) -> Vec<u32> {
        let mut counts = vec![0; terms];
        self.each(|number, _| counts[number as usize] += 1);
        counts
    }

    fn bytes(&self) -> usize {
        self.parts.iter().map(|part| part.len() * size_of::<u32>()).sum()
    }
}

/// A document and a position in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place(u64);

impl Place {
    fn new(document: DocId, position: u32) -> Place {
        Place(u64::from(document) << 32 | u64::from(position))
    }

    fn document(self) -> DocId {
        (self.0 >> 32) as DocId
    }

    fn position(self) -> u32 {
        self.0 as u32
    }
}

/// The places of some terms.
#[derive(Default)]
struct Deal {
    /// The terms, by their place in the order.
    terms: Range<usize>,
    places: Vec<Place>,
    /// Where the places of each term begin, and where the last ones end.
    starts: Vec<usize>,
}

impl Deal {
    fn places_of(&self, term: usize) -> &[Place] {
        let i = term - self.terms.start;
        &self.places[self.starts[i]..self.starts[i + 1]]
    }
}

/// Deals out the places of all terms, to some terms at a time.
struct Deals<'a> {
    row: &'a Row,
    order: &'a [u32],
    /// How many places each term has, by number.
    counts: Vec<u32>,
    /// How many places there are.
    all: usize,
    /// Where the next place of a term goes, by number.
    next: Vec<u32>,
    /// The first term, by its place in the order, to which none were dealt.
    at: usize,
}

impl<'a> Deals<'a> {
    /// Fewer than this are not worth another pass over the row.
    const LEAST: usize = 1 << 18;
    /// Passes over the row, about: so many times the memory for the places is saved.
    const PASSES: usize = 5;
    /// Marks a term whose places are dealt out in another pass.
    const ELSEWHERE: u32 = u32::MAX;

    fn new(row: &'a Row, order: &'a [u32], counts: Vec<u32>) -> Deals<'a> {
        let all = counts.iter().map(|&count| count as usize).sum();
        Deals { row, order, counts, all, next: vec![Self::ELSEWHERE; order.len()], at: 0 }
    }

    /// Is one pass enough?
    fn are_few(&self) -> bool {
        self.all <= Self::LEAST
    }
}

impl Iterator for Deals<'_> {
    type Item = Deal;

    fn next(&mut self) -> Option<Deal> {
        let from = self.at;
        let at_once = (self.all / Self::PASSES).max(Self::LEAST);
        let (mut places, mut starts) = (0, Vec::new());
        for &number in &self.order[from..] {
            let count = self.counts[number as usize] as usize;
            if self.at > from && places + count > at_once {
                break;
            }
            starts.push(places);
            self.next[number as usize] = places as u32;
            places += count;
            self.at += 1;
        }
        starts.push(places);
        let mut places = vec![Place(0); places];
        let next = &mut self.next;
        self.row.each(|number, place| {
            let next = &mut next[number as usize];
            if *next != Self::ELSEWHERE {
                places[*next as usize] = place;
                *next += 1;
            }
        });
        for &number in &self.order[from..self.at] {
            self.next[number as usize] = Self::ELSEWHERE;
        }
        (self.at > from).then_some(Deal { terms: from..self.at, places, starts })
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
