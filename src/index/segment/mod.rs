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
mod files;
mod occurrences;
mod term_table;

use std::any::Any;

use tantivy::indexer::DocIdMapping;
use tantivy::plugin::{PluginMergeContext, PluginWriter, PluginWriterContext, SegmentPlugin};
use tantivy::schema::document::ErasedDocument;
use tantivy::schema::{Field, Schema};
use tantivy::{DocId, Segment, TantivyError};

use files::{Ahead, Gathered};
use term_table::{End, Hash};

use crate::index::queue::Queued;
use crate::index::terms::Terms;

/// Makes the inverted indexes of segments, for an index whose documents are [`Queued`].
pub(crate) struct Inverted;

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
        match self.ahead {
            Some(ahead) => ahead.write(segment),
            None => self.gathered.write(segment),
        }
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
            let mut end = End::of(field, 0);
            for &occurrence in occurrences {
                let hash = match (before, self.hashes.last()) {
                    (Some(before), Some(&hash)) if occurrence.shares_key(before) => hash,
                    _ => {
                        let (head, tail) = terms.parts(occurrence);
                        if !end.has(tail) {
                            end = End::of(field, tail);
                        }
                        Hash::of(head, end)
                    }
                };
                self.hashes.push(hash);
                before = Some(occurrence);
            }
            self.gathered.vocabulary.fetch(&self.hashes);
            for (&occurrence, &hash) in occurrences.iter().zip(&self.hashes) {
                let write_key = |keys: &mut Vec<u8>| terms.write_key(occurrence, keys);
                let number = self.gathered.vocabulary.number(hash, field, write_key);
                if occurrence.position == next_position {
                    self.numbers.push(number);
                } else {
                    self.numbers.extend([number | occurrences::POSITION_FOLLOWS, occurrence.position]);
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tantivy::index::SegmentComponent;
    use tantivy::schema::{INDEXED, IndexRecordOption, NumericOptions, TextFieldIndexing, TextOptions};
    use tantivy::tokenizer::{PreTokenizedString, Token};
    use tantivy::{Index, TantivyDocument};

    use std::sync::Arc;

    use super::occurrences::Row;
    use super::*;
    use crate::index::document::PassageDocument;
    use crate::text::{Language, Words, term};

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
            terms.push_all(word.as_bytes(), [position].into_iter());
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

    /// The keys of a text's words, at their places.
    fn keyed(text: &str, language: Language) -> Vec<(Vec<u8>, u32)> {
        let mut words = Words::new(text);
        let mut out = Vec::new();
        while let Some(word) = words.next() {
            let mut key = Vec::new();
            term::push_word(&mut key, &word, language);
            out.push((key, word.position));
            if term::has_stem_term(&word, language) {
                let stem = term::of_stem(language, &language.stem(word.form));
                out.push((stem.into_bytes(), word.position));
            }
        }
        out
    }

    /// A language and the texts of two fields, of words that are much alike.
    fn texts() -> impl Strategy<Value = (&'static str, String, String)> {
        let languages = proptest::sample::select(vec!["en", "nl", ""]);
        (languages, "([bcdeBC]{5} |[0-9]{4} |[é\u{ad}r]{2} |[日本]){0,30}", "([bcde]{5} |[0-9]{4} ){0,30}")
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        // What tells terms apart is often not what they begin with.
        #[test]
        fn words_of_texts_have_their_keys(texts in proptest::collection::vec(texts(), 1..60)) {
            let (schema, [body, shape, ..]) = fields();
            let ours = texts.iter().map(|(language, one, other)| {
                let mut terms = Terms::with_room(Language::from_code(language), one.len());
                for (field, text) in [(body, one), (shape, other)] {
                    terms.begin(field);
                    terms.add_words(text, |word| word.position);
                }
                Queued::from(PassageDocument { terms, ..PassageDocument::default() })
            });
            let tantivys = texts.iter().map(|(language, one, other)| {
                let mut document = TantivyDocument::default();
                for (field, text) in [(body, one), (shape, other)] {
                    let token = |(key, position): (Vec<u8>, u32)| Token {
                        position: position as usize,
                        text: String::from_utf8(key).expect("words are text"),
                        ..Token::default()
                    };
                    let tokens: Vec<Token> = keyed(text, Language::from_code(language)).into_iter().map(token).collect();
                    if !tokens.is_empty() {
                        document.add_pre_tokenized_text(field, PreTokenizedString { text: String::new(), tokens });
                    }
                }
                document
            });
            let index = || Index::create_in_ram(schema.clone());
            prop_assert_eq!(files(index(), ours.collect(), true), files(index(), tantivys.collect(), false));
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
