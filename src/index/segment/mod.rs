//! The counting writer: makes the inverted index of a segment in memory and writes it in tantivy's own format.
//!
//! tantivy looks up each word in a hash table by its text and appends it to a list for that term, which touches four
//! distant places in memory for each word. Here the terms of a segment are numbered, each occurrence appends its term's
//! number to one log, and the log is grouped by term when the segment is written (a counting sort: Witten, Moffat,
//! Bell: Managing Gigabytes, 1999, 5.2). A word costs one lookup in a table; its text is not read again.
//!
//! To tantivy this is a plugin of the segment. The files that tantivy itself writes for terms, postings, positions and
//! field norms are empty, because its documents contain no indexed values; they are replaced here before the segment is
//! known to anyone. The bytes are those that tantivy would write; merges, deletes and reading are tantivy's.

mod encode;
mod files;
mod occurrences;
pub(crate) mod plain;
mod term_table;

use std::any::Any;

use tantivy::indexer::DocIdMapping;
use tantivy::plugin::{PluginMergeContext, PluginWriter, PluginWriterContext, SegmentPlugin};
use tantivy::schema::document::ErasedDocument;
use tantivy::schema::{Field, Schema};
use tantivy::{DocId, Segment, TantivyError};

use files::{BackgroundFiles, SegmentBuffer};
use term_table::{SuffixHash, TermHash};

use crate::index::queue::Queued;
use crate::index::terms::Terms;

/// The plugin that makes the inverted indexes of an index whose documents are [`Queued`].
pub(crate) struct CountingPlugin;

impl SegmentPlugin for CountingPlugin {
    fn extensions(&self) -> &[&str] {
        &[]
    }

    fn create_writer(&self, context: &PluginWriterContext) -> tantivy::Result<Box<dyn PluginWriter>> {
        Ok(Box::new(CountingWriter {
            buffer: SegmentBuffer::new(&context.segment.schema()),
            background: None,
            entries: Vec::new(),
            field_lengths: Vec::new(),
            hashes: Vec::new(),
        }))
    }

    fn merge(&self, _context: PluginMergeContext) -> tantivy::Result<()> {
        Ok(())
    }
}

/// Writes one segment.
struct CountingWriter {
    buffer: SegmentBuffer,
    /// The files, once the last document was added: they are made while tantivy writes its own.
    background: Option<BackgroundFiles>,
    // Of the document that is being added; fields only to reuse their memory.
    /// Its entries in the log.
    entries: Vec<u32>,
    /// Number of terms in each of its fields.
    field_lengths: Vec<(Field, u32)>,
    /// Hashes of the terms of a field.
    hashes: Vec<TermHash>,
}

impl PluginWriter for CountingWriter {
    fn add_document(&mut self, doc: DocId, document: &dyn ErasedDocument, schema: &Schema) -> tantivy::Result<()> {
        let Some(queued) = document.as_any().downcast_ref::<Queued>() else {
            return Err(TantivyError::InvalidArgument("a document without terms".into()));
        };
        if self.background.is_some() {
            return Err(TantivyError::InvalidArgument("a document after the last".into()));
        }
        self.add(doc, queued.terms());
        if queued.is_last() && self.buffer.log.is_long() {
            let buffer = std::mem::replace(&mut self.buffer, SegmentBuffer::new(schema));
            self.background = Some(BackgroundFiles::start(buffer, schema.clone()));
        }
        Ok(())
    }

    fn serialize(self: Box<Self>, segment: &Segment, mapping: Option<&DocIdMapping>) -> tantivy::Result<()> {
        if mapping.is_some() {
            return Err(TantivyError::InvalidArgument("documents in another order than they were added in".into()));
        }
        match self.background {
            Some(files) => files.write(segment),
            None => self.buffer.write(segment),
        }
    }

    fn mem_usage(&self) -> usize {
        self.buffer.table.mem_usage() + self.buffer.log.mem_usage() + self.buffer.field_norms.mem_usage()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
}

impl CountingWriter {
    fn add(&mut self, doc: DocId, terms: &Terms) {
        self.entries.clear();
        self.field_lengths.clear();
        // A position that is one more than the previous one is not logged.
        let mut next_position = 0;
        let seed = self.buffer.table.seed();
        for (field, occurrences) in terms.fields() {
            let length = occurrences.len() as u32;
            match self.field_lengths.iter_mut().find(|(known, _)| *known == field) {
                Some((_, known)) => *known += length,
                None => self.field_lengths.push((field, length)),
            }
            self.hashes.clear();
            let mut previous = None;
            let mut suffix_hash = SuffixHash::of(field, 0, seed);
            for &occurrence in occurrences {
                let hash = match (previous, self.hashes.last()) {
                    (Some(previous), Some(&hash)) if occurrence.shares_bytes_with(previous) => hash,
                    _ => {
                        let (prefix, suffix) = terms.parts(occurrence);
                        if !suffix_hash.is_of(suffix) {
                            suffix_hash = SuffixHash::of(field, suffix, seed);
                        }
                        TermHash::of(prefix, suffix_hash, seed)
                    }
                };
                self.hashes.push(hash);
                previous = Some(occurrence);
            }
            self.buffer.table.prefetch(&self.hashes);
            for (&occurrence, &hash) in occurrences.iter().zip(&self.hashes) {
                let write_term = |bytes: &mut Vec<u8>| terms.write_term(occurrence, bytes);
                let number = self.buffer.table.number(hash, field, write_term);
                if occurrence.position == next_position {
                    self.entries.push(number);
                } else {
                    self.entries.extend([number | occurrences::POSITION_FOLLOWS, occurrence.position]);
                }
                next_position = occurrence.position.wrapping_add(1);
            }
        }
        for &(field, length) in &self.field_lengths {
            self.buffer.field_norms.record(doc, field, length);
        }
        self.buffer.log.push(doc, &self.entries);
        self.buffer.num_docs = doc + 1;
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

    use super::occurrences::OccurrenceLog;
    use super::*;
    use crate::index::document::PassageDocument;
    use crate::index::terms::Compounds;
    use crate::text::compound::compounds;
    use crate::text::{Language, Words, term};

    /// Fields of every kind that the schema has: text with positions, with field norms and without, exact values,
    /// numbers.
    fn fields() -> (Schema, [Field; 4]) {
        let text = |option, norms| {
            let indexing = TextFieldIndexing::default().set_index_option(option).set_fieldnorms(norms);
            TextOptions::default().set_indexing_options(indexing)
        };
        let mut builder = Schema::builder();
        let fields = [
            builder.add_text_field("body", text(IndexRecordOption::WithFreqsAndPositions, true)),
            builder.add_text_field("case", text(IndexRecordOption::WithFreqsAndPositions, false)),
            builder.add_text_field("exact", text(IndexRecordOption::Basic, false)),
            builder.add_u64_field("file", NumericOptions::default().set_indexed()),
        ];
        builder.add_u64_field("other", INDEXED);
        (builder.build(), fields)
    }

    /// A document: words of the body and terms of case, each with the distance from the one before, exact values, and a
    /// number.
    type Doc = (Vec<(String, u32)>, Vec<(String, u32)>, Vec<String>, Option<u64>);

    fn with_positions(words: &[(String, u32)]) -> impl Iterator<Item = (&str, u32)> {
        let mut position = 0;
        words.iter().map(move |(word, distance)| {
            position += distance;
            (word.as_str(), position)
        })
    }

    fn ours([body, case, exact, file]: [Field; 4], (words, cases, values, number): &Doc) -> Queued {
        let mut terms = Terms::default();
        if !words.is_empty() {
            terms.begin(body);
        }
        for (word, position) in with_positions(words) {
            terms.push_all(word.as_bytes(), [position].into_iter());
        }
        for value in values {
            terms.add_term(exact, value.as_bytes());
        }
        terms.begin(case);
        for group in with_positions(cases).collect::<Vec<_>>().chunk_by(|a, b| a.0 == b.0) {
            terms.push_all(group[0].0.as_bytes(), group.iter().map(|(_, position)| *position));
        }
        if let Some(number) = number {
            terms.add_number(file, *number);
        }
        Queued::from(PassageDocument { terms, ..PassageDocument::default() })
    }

    fn tantivys(schema: &Schema, fields: [Field; 4], doc: &Doc) -> TantivyDocument {
        let mut document = TantivyDocument::default();
        plain::add_terms(ours(fields, doc).terms(), schema, &mut document);
        document
    }

    /// The files of the one segment of an index of these documents.
    fn files<D: tantivy::Document>(mut index: Index, documents: Vec<D>, plugin: bool) -> Vec<Vec<u8>> {
        if plugin {
            index.register_plugin(Arc::new(CountingPlugin));
        }
        let mut writer = index.writer_with_num_threads(1, 200 << 20).expect("an index in memory");
        for document in documents {
            writer.add_document(document).expect("memory suffices");
        }
        writer.commit().expect("memory suffices");
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

    /// Asserts that both writers write the same bytes.
    fn compare(documents: &[Doc]) {
        let (schema, fields) = fields();
        let queued = || documents.iter().map(|document| ours(fields, document)).collect::<Vec<_>>();
        let expected = documents.iter().map(|document| tantivys(&schema, fields, document)).collect();
        let index = || Index::create_in_ram(schema.clone());
        let expected = files(index(), expected, false);
        assert_eq!(files(index(), queued(), true), expected);
        // The same with the last document known to be the last: the files of a long log are then made in the
        // background.
        let mut queued = queued();
        let last = queued.pop().map(Queued::into_last);
        queued.extend(last);
        assert_eq!(files(index(), queued, true), expected);
    }

    fn words(max: usize) -> impl Strategy<Value = Vec<(String, u32)>> {
        proptest::collection::vec(("[ab\u{0}é]{0,9}", prop_oneof![9 => Just(1u32), 1 => 0..3000u32]), 0..max)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn files_are_those_of_tantivy(
            documents in proptest::collection::vec(
                (words(40), words(6), proptest::collection::vec("[ab]{0,3}", 0..3), proptest::option::of(0u64..9)),
                1..30,
            )
        ) {
            compare(&documents);
        }
    }

    /// The terms of a text's words, with their positions.
    fn terms_of(text: &str, language: Language) -> Vec<(Vec<u8>, u32)> {
        let mut words = Words::new(text);
        let mut out = Vec::new();
        for compound in compounds(text) {
            let mut words = Words::new(&compound.joined);
            let mut term = Vec::new();
            term::push_compound(&mut term, &words.next().expect("a word"), &compound, language);
            out.push((term, compound.first));
        }
        while let Some(word) = words.next() {
            let mut term = Vec::new();
            term::push_word(&mut term, &word, language);
            out.push((term, word.position));
            if term::has_stem_term(&word, language) {
                let stem = term::of_stem(language, &language.stem(word.form));
                out.push((stem.into_bytes(), word.position));
            }
        }
        out
    }

    /// A language and the texts of two fields, whose words are much alike.
    fn texts() -> impl Strategy<Value = (&'static str, String, String)> {
        let languages = proptest::sample::select(vec!["en", "nl", ""]);
        (
            languages,
            "([bcdeBC]{5}[ -]|[0-9]{4} |[1-3],00[0-2] |[é\u{ad}r]{2} |[b-d][.][b-d] |[日本]){0,30}",
            "([bcde]{5} |[0-9]{4} ){0,30}",
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        // Many terms differ in their suffixes only.
        #[test]
        fn terms_of_texts_are_those_of_tantivy(texts in proptest::collection::vec(texts(), 1..60)) {
            let (schema, [body, other_field, ..]) = fields();
            let ours = texts.iter().map(|(language, one, other)| {
                let mut terms = Terms::with_capacity(Language::from_code(language), one.len());
                for (field, text) in [(body, one), (other_field, other)] {
                    terms.begin(field);
                    terms.add_words(text, Compounds::Joined, |word| word.position);
                }
                Queued::from(PassageDocument { terms, ..PassageDocument::default() })
            });
            let tantivys = texts.iter().map(|(language, one, other)| {
                let mut document = TantivyDocument::default();
                for (field, text) in [(body, one), (other_field, other)] {
                    let token = |(term, position): (Vec<u8>, u32)| Token {
                        position: position as usize,
                        text: String::from_utf8(term).expect("terms of words are UTF-8"),
                        ..Token::default()
                    };
                    let terms = terms_of(text, Language::from_code(language));
                    let tokens: Vec<Token> = terms.into_iter().map(token).collect();
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
    fn many_occurrences_are_grouped_in_several_passes() {
        // A word in every document, one in every other, and one of its own: more occurrences than are grouped at once,
        // and more terms than the table begins with.
        let document = |i: usize| -> Doc {
            let mut words = vec![("every".to_string(), 0), (format!("own{i}"), 1)];
            words.extend(std::iter::repeat_n(("often".to_string(), 1), if i.is_multiple_of(2) { 150 } else { 0 }));
            (words, vec![], vec![format!("v{}", i % 7)], Some(i as u64))
        };
        let documents: Vec<Doc> = (0..16_000).map(document).collect();
        assert!(documents.iter().map(|document| document.0.len()).sum::<usize>() > OccurrenceLog::LONG);
        compare(&documents);
    }
}
