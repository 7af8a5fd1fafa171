//! The schema: every field of the index and what it holds, and the version of the format.
//!
//! A tantivy document is a passage. The passages of an article are added together, as a block: they are adjacent and in
//! order in one segment, through merges too. What holds for a whole article is indexed in its first document only, what
//! holds for a section in the section's first document, and the fast fields `*_back` and `*_len` lead from any document
//! to the first documents of its blocks and back.
//!
//! A column is a fast field (doc values).

use std::fmt::Debug;
use std::ops::RangeInclusive;

use tantivy::columnar::Column as Values;
use tantivy::schema::{
    BytesOptions, FAST, Field, IndexRecordOption, NumericOptions, STORED, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::{RawTokenizer, TextAnalyzer, TokenizerManager};
use tantivy::{DocId, SegmentReader};

use crate::vocabulary::{Number, TextField};

/// Version of the format of an index folder. Raise it whenever an index made before could be misread.
///
/// | version | since | what changed |
/// |---|---|---|
/// | 1 | 0.1.0 | the first |
/// | 2 | 0.1.0 | boilerplate is indexed, in a field of its own; lines that repeat are in the manifest |
/// | 3 | 0.1.0 | positions go on through an article; case and boundaries, numbers, keywords |
/// | 4 | 0.1.0 | MinHash signatures, by which reprints are found |
/// | 5 | 0.1.0 | the record of each passage is indexed, so that one record can be replaced |
/// | 6 | 0.1.0 | positions count from a passage's first word; stored values are packed; files are numbered |
/// | 7 | 0.1.0 | an index is one of several states, so that a rebuilt one replaces it in one step; folders can be moved |
/// | 8 | 0.1.0 | stems of Arabic are light10's; half-width kana are words like full-width ones |
/// | 9 | 0.1.0 | paths are in their column only, values of columns are not stored again; signatures of 32 bytes |
/// | 10 | 0.1.0 | titles are in a column too; such columns are packed |
/// | 11 | 0.1.0 | digits of all scripts, decomposed letters and spellings of Hindi fold; `U.S.`, `e-mail` and `1,000` are also one word; boilerplate is judged by an article alone; the manifest has lengths of texts |
/// | 12 | 0.1.0 | who speaks, times and pages of passages; words broken at the ends of lines, names with an apostrophe and initials with spaces are also one word; the day on which an article was saved |
/// | 13 | 0.1.0 | articles of scanned pages, chats, bookmarks and references are read; a file of facts beside a text belongs to it |
/// | 14 | 0.1.0 | keywords and datelines are in columns; dates of a month or a year say so |
/// | 15 | 0.1.0 | whether hidden files are read and links followed is kept for each folder |
pub(crate) const FORMAT_VERSION: u32 = 15;

/// Positions skipped between texts of one field that do not follow each other (boilerplate, the headings above). No
/// distance in a query is as large.
pub(crate) const POSITION_GAP: u32 = 2_000;

/// The column with a field's exact values, if they are not terms of [`Fields::exact`]: where nearly every article has
/// another value, terms with postings would take twice the space.
#[must_use]
pub(crate) fn exact_column(field: TextField) -> Option<Column> {
    match field {
        TextField::Path => Some(Column::Path),
        TextField::Title => Some(Column::Title),
        _ => None,
    }
}

/// The fields of the schema.
#[derive(Debug, Clone)]
pub struct Fields {
    /// Number of the passage's file; documents are deleted by it.
    pub file: Field,
    /// [`crate::model::Article::record_key`], in every passage of a record of a file of many: records are replaced by
    /// it.
    pub record: Field,
    /// Hash of the article's bytes, in its first document. Ids are made from it.
    pub article: Field,
    /// [`crate::model::Article::order`], in the article's first document: the order of hits with equal scores.
    pub order: Field,
    /// Distance in documents to the first document of the article.
    pub article_back: Field,
    /// Number of documents of the article, in its first.
    pub article_len: Field,
    /// Distance in documents to the first document of the section.
    pub section_back: Field,
    /// Number of documents of the section, in its first.
    pub section_len: Field,
    /// Position of the passage's first word in its article. Indexed positions count from it.
    pub first_word: Field,
    /// Number of days that the date of publication may be, where it is a month or a year.
    pub date_days: Field,
    /// Facts that are numbers.
    pub numbers: Vec<(Number, Field)>,
    /// The article's MinHash signature, in its first document; see [`super::reprints::signature`].
    pub signature: Vec<Field>,
    /// Case of words, beginnings of sentences and paragraphs; see [`super::terms::CaseBoundaryTerms`].
    pub case_boundary: Field,
    /// Exact values, as terms `field=value`, in the first document of what they hold for. Not of fields that have an
    /// [`exact_column`].
    pub exact: Field,
    /// Facts as columns, for facets and sorting.
    pub columns: Vec<(Column, Field)>,
    /// The article, packed, in its first document; see [`super::packed`].
    pub stored_article: Field,
    /// The passage, packed.
    pub stored_passage: Field,
    texts: Vec<(TextField, Field)>,
}

impl Fields {
    /// The field of a text.
    #[must_use]
    pub fn text(&self, name: TextField) -> Field {
        named(&self.texts, name)
    }

    /// The text whose field this is; `None` if it is of no text.
    #[cfg_attr(not(feature = "engine"), allow(dead_code))]
    #[must_use]
    pub(crate) fn text_of(&self, field: Field) -> Option<TextField> {
        self.texts.iter().find(|(_, other)| *other == field).map(|(name, _)| *name)
    }

    /// The field of a number.
    #[must_use]
    pub fn number(&self, name: Number) -> Field {
        named(&self.numbers, name)
    }

    /// The field of a column.
    #[must_use]
    pub fn column(&self, name: Column) -> Field {
        named(&self.columns, name)
    }

    /// Names of the columns of a signature, each of eight bytes.
    pub fn signature_names() -> impl Iterator<Item = String> {
        (0..super::reprints::signature::BYTES / 8).map(|i| format!("sketch{i}"))
    }
}

fn named<N: PartialEq>(fields: &[(N, Field)], name: N) -> Field {
    let found = fields.iter().find(|(other, _)| *other == name);
    found.expect("`schema` adds a field for every name").1
}

/// Builds the schema.
#[must_use]
pub(crate) fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let words = |norms: bool| {
        let indexing = TextFieldIndexing::default()
            .set_tokenizer(WORDS)
            .set_index_option(IndexRecordOption::WithFreqsAndPositions)
            .set_fieldnorms(norms);
        TextOptions::default().set_indexing_options(indexing)
    };
    let number = || NumericOptions::default().set_fast();
    // Without the field norms that `INDEXED` would add.
    let id = || NumericOptions::default().set_indexed();
    let file = builder.add_u64_field("file", id());
    let record = builder.add_u64_field("record", id());
    let article = builder.add_u64_field("article", number());
    let order = builder.add_u64_field("order", number());
    let article_back = builder.add_u64_field("article_back", number());
    let article_len = builder.add_u64_field("article_len", number());
    let section_back = builder.add_u64_field("section_back", number());
    let section_len = builder.add_u64_field("section_len", number());
    let first_word = builder.add_u64_field("first_word", number());
    let date_days = builder.add_u64_field(DATE_DAYS, FAST);
    let numbers = Number::ALL.iter().map(|&number| (number, builder.add_i64_field(number.name(), FAST))).collect();
    let signature = Fields::signature_names().map(|name| builder.add_u64_field(&name, FAST)).collect();
    let texts = TextField::ALL
        .iter()
        .map(|&field| {
            let scored = matches!(field, TextField::Title | TextField::Heading | TextField::Body);
            (field, builder.add_text_field(field.name(), words(scored)))
        })
        .collect();
    let exact = TextFieldIndexing::default()
        .set_tokenizer("raw")
        .set_index_option(IndexRecordOption::Basic)
        .set_fieldnorms(false);
    let exact = builder.add_text_field("whole", TextOptions::default().set_indexing_options(exact));
    let case_boundary = TextFieldIndexing::default()
        .set_tokenizer(CASE_BOUNDARY)
        .set_index_option(IndexRecordOption::WithFreqsAndPositions)
        .set_fieldnorms(false);
    let case_boundary = builder.add_text_field("shape", TextOptions::default().set_indexing_options(case_boundary));
    let columns = Column::ALL
        .iter()
        .map(|&column| (column, builder.add_text_field(column.name(), TextOptions::default().set_fast("raw"))))
        .collect();
    let stored_article = builder.add_bytes_field("stored_article", BytesOptions::from(STORED));
    let stored_passage = builder.add_bytes_field("stored_passage", BytesOptions::from(STORED));
    let fields = Fields {
        file,
        record,
        article,
        order,
        article_back,
        article_len,
        section_back,
        section_len,
        first_word,
        date_days,
        numbers,
        signature,
        case_boundary,
        exact,
        columns,
        stored_article,
        stored_passage,
        texts,
    };
    (builder.build(), fields)
}

/// Name of the column of [`Fields::date_days`].
pub(crate) const DATE_DAYS: &str = "date_days";

/// Names of tokenizers, which the schema requires. They are not used: terms come from [`super::terms`].
const WORDS: &str = "crosshead_words";
const CASE_BOUNDARY: &str = "crosshead_shape";

/// The tokenizers that the schema names. tantivy does not store them, so they are set whenever an index is opened.
#[must_use]
pub(crate) fn tokenizers() -> TokenizerManager {
    let manager = TokenizerManager::default();
    for name in [WORDS, CASE_BOUNDARY] {
        manager.register(name, TextAnalyzer::from(RawTokenizer::default()));
    }
    manager
}

/// Documents of a segment, deleted ones left out, that have this value in a column. Scans the column.
///
/// # Errors
///
/// The error of tantivy for a damaged segment.
pub(crate) fn docs_with(reader: &SegmentReader, column: &str, value: u64) -> tantivy::Result<Vec<DocId>> {
    let Some(column) = reader.fast_fields().column_opt::<u64>(column)? else { return Ok(Vec::new()) };
    let mut docs = docs_in_range(&column, value..=value, reader.max_doc());
    docs.retain(|&doc| !reader.is_deleted(doc));
    Ok(docs)
}

/// Documents of a segment, deleted ones too, that have a value of `range` in a column, in order. All reads of columns by
/// range go through here.
///
/// tantivy takes a range that ends below a column's least value for the least value itself, so such a range is not given
/// to it.
#[must_use]
pub(crate) fn docs_in_range<T>(column: &Values<T>, range: RangeInclusive<T>, max_doc: DocId) -> Vec<DocId>
where
    T: PartialOrd + Copy + Debug + Send + Sync + 'static,
{
    let mut docs = Vec::new();
    if range.is_empty() || *range.end() < column.min_value() || *range.start() > column.max_value() {
        return docs;
    }
    column.get_docids_for_value_range(range, 0..max_doc, &mut docs);
    docs.sort_unstable();
    docs
}

/// A text that is in a column, so that articles can be counted and sorted by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// The path, as [`super::record::path_term`] writes it. In the article's first document, as all but two.
    Path,
    /// The title, folded: equality and prefixes.
    Title,
    /// The source.
    Source,
    /// The desk.
    Desk,
    /// The byline.
    Byline,
    /// The language.
    Lang,
    /// The heading of a section, in the section's first document.
    Heading,
    /// Who says a passage, in its document.
    Speaker,
    /// Where it was written. In the article's first document, as the next.
    Dateline,
    /// The keywords given by the publisher: a value each.
    Tag,
}

impl Column {
    /// All of them.
    pub const ALL: [Column; 10] = [
        Column::Path,
        Column::Title,
        Column::Source,
        Column::Desk,
        Column::Byline,
        Column::Lang,
        Column::Heading,
        Column::Speaker,
        Column::Dateline,
        Column::Tag,
    ];

    /// Name of the column in the schema.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Column::Path => "path_column",
            Column::Title => "title_column",
            Column::Source => "source_column",
            Column::Desk => "desk_column",
            Column::Byline => "byline_column",
            Column::Lang => "lang_column",
            Column::Heading => "heading_column",
            Column::Speaker => "speaker_column",
            Column::Dateline => "dateline_column",
            Column::Tag => "tag_column",
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tantivy::schema::{FAST, SchemaBuilder};
    use tantivy::{Index, IndexWriter, TantivyDocument, indexer::NoMergePolicy};

    use super::docs_in_range;

    /// Years 0001 and 9999 in seconds, and the ends of the types.
    const EXTREMES: [i64; 8] =
        [i64::MIN, i64::MIN + 1, -62_135_596_800, -1, 0, 253_402_300_799, i64::MAX - 1, i64::MAX];

    fn value() -> impl Strategy<Value = i64> {
        prop_oneof![
            4 => -20_i64..20,
            2 => (-20_i64..20).prop_map(|day| day * 86_400),
            2 => prop::sample::select(EXTREMES.to_vec()),
            1 => any::<i64>(),
        ]
    }

    /// The values of the documents of 1 to 6 segments.
    fn segments() -> impl Strategy<Value = Vec<Vec<Option<i64>>>> {
        // Segments of one kind of value have a narrow column, which tantivy stores in another way.
        let narrow = prop::collection::vec(prop::option::weighted(0.8, 100_i64..130), 1..40);
        let wide = prop::collection::vec(prop::option::weighted(0.7, value()), 1..40);
        let missing = prop::collection::vec(Just(None), 1..4);
        prop::collection::vec(prop_oneof![3 => narrow, 3 => wide, 1 => missing], 1..7)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]

        // 40 indexes of 250 ranges are 10,000.
        #[test]
        fn ranges_are_those_of_brute_force(
            segments in segments(),
            ranges in prop::collection::vec((prop_oneof![value(), 90_i64..140], prop_oneof![value(), 90_i64..140]), 250),
        ) {
            let mut schema = SchemaBuilder::new();
            let signed = schema.add_i64_field("signed", FAST);
            let unsigned = schema.add_u64_field("unsigned", FAST);
            let index = Index::create_in_ram(schema.build());
            let mut writer: IndexWriter = index.writer_with_num_threads(1, 15_000_000).expect("a writer");
            writer.set_merge_policy(Box::new(NoMergePolicy));
            for values in &segments {
                for value in values {
                    let mut document = TantivyDocument::new();
                    if let Some(value) = value {
                        document.add_i64(signed, *value);
                        document.add_u64(unsigned, value.cast_unsigned());
                    }
                    writer.add_document(document).expect("added");
                }
                writer.commit().expect("committed");
            }
            let searcher = index.reader().expect("a reader").searcher();
            // Segments of the same size are not listed in the order of their commits.
            let mut all = 0;
            for reader in searcher.segment_readers() {
                all += reader.max_doc() as usize;
                let columns = reader.fast_fields();
                let signed = columns.column_opt::<i64>("signed").expect("readable");
                let unsigned = columns.column_opt::<u64>("unsigned").expect("readable");
                for &(from, to) in &ranges {
                    if let Some(column) = &signed {
                        let expected: Vec<_> = (0..reader.max_doc())
                            .filter(|&doc| column.first(doc).is_some_and(|value| (from..=to).contains(&value)))
                            .collect();
                        prop_assert_eq!(docs_in_range(column, from..=to, reader.max_doc()), expected);
                    }
                    if let Some(column) = &unsigned {
                        let (from, to) = (from.cast_unsigned(), to.cast_unsigned());
                        let expected: Vec<_> = (0..reader.max_doc())
                            .filter(|&doc| column.first(doc).is_some_and(|value| (from..=to).contains(&value)))
                            .collect();
                        prop_assert_eq!(docs_in_range(column, from..=to, reader.max_doc()), expected);
                    }
                }
            }
            prop_assert_eq!(all, segments.iter().map(Vec::len).sum::<usize>());
        }
    }
}
