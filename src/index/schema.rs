//! The schema: every field of the index, what it holds and who reads it. The only place that names them.
//!
//! One tantivy document is one passage. The passages of an article are added as one group and so stand side by side,
//! in order, in one segment, through merges too. That is what makes facts cheap: what holds for a whole article is
//! indexed in its first passage only (its *head*), what holds for a section in the section's first, and `*_back` and
//! `*_len` lead from any passage to its heads and back.

use tantivy::schema::{
    BytesOptions, FAST, Field, IndexRecordOption, NumericOptions, STORED, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::{RawTokenizer, TextAnalyzer, TokenizerManager};
use tantivy::{DocId, SegmentReader};

use crate::vocabulary::{Facet, Number, TextField};

/// Version of what the index folder holds. Raise it whenever an index made before could be misread.
///
/// | version | since | what changed |
/// |---|---|---|
/// | 1 | 0.1.0 | the first |
/// | 2 | 0.1.0 | boilerplate is indexed, in a field of its own; lines that repeat are in the manifest |
/// | 3 | 0.1.0 | positions go on through an article; shape, numbers, keywords |
/// | 4 | 0.1.0 | sketches, by which reprints are found |
/// | 5 | 0.1.0 | passages bear their record, so that one can be replaced |
/// | 6 | 0.1.0 | positions count from a passage's first word; what is stored is packed; files are numbered |
/// | 7 | 0.1.0 | an index is one of several states, so that one that is built anew takes its place in one step; folders can be moved |
/// | 8 | 0.1.0 | stems of Arabic are light10's; narrow kana are words as wide ones are |
/// | 9 | 0.1.0 | paths stand in their column alone, what columns hold is not stored again; sketches of 32 bytes |
/// | 10 | 0.1.0 | titles stand in a column too, and such columns are packed |
pub const FORMAT_VERSION: u32 = 10;

/// Positions left out between texts of one field that do not follow each other (boilerplate, the headings above): no
/// distance of a query reaches over it.
pub const POSITION_GAP: u32 = 2_000;

/// The column that holds a field's exact values, if it is not the field `whole` that does: where nearly every article has
/// a value of its own, terms with postings cost twice as much.
#[must_use]
pub fn exact_column(field: TextField) -> Option<Column> {
    match field {
        TextField::Path => Some(Column::Path),
        TextField::Title => Some(Column::Title),
        _ => None,
    }
}

/// The fields, by their numbers in the schema.
#[derive(Debug, Clone)]
pub struct Fields {
    /// Number of the file the passage came from; deletes go by it.
    pub file: Field,
    /// Number of the record in its file, at every passage of a record of a file of many: it is replaced by itself.
    pub record: Field,
    /// Hash of the article's bytes, at its head: `show` finds it.
    pub article: Field,
    /// Hash of path and record, at the article's head: the order of hits whose scores tie.
    pub order: Field,
    /// Passages back to the article's head.
    pub article_back: Field,
    /// At the article's head: how many passages it has.
    pub article_len: Field,
    /// Passages back to the section's head.
    pub section_back: Field,
    /// At the section's head: how many passages it has.
    pub section_len: Field,
    /// Position of a passage's first word in its article; positions in the index count from it.
    pub first_word: Field,
    /// Facts that are numbers.
    pub numbers: Vec<(Number, Field)>,
    /// The article's sketch, at its head; see [`super::reprints::signature`].
    pub sketch: Vec<Field>,
    /// What keys do not show; see [`super::terms::Shape`].
    pub shape: Field,
    /// Whole values, folded, as `field=value`: equality and beginnings. Not of the fields that have an [`exact_column`].
    pub whole: Field,
    /// Facts as columns, for facets and sorting.
    pub columns: Vec<(Column, Field)>,
    /// The article, at its head; see [`super::document::Article`].
    pub stored_article: Field,
    /// The passage; see [`super::document::Passage`].
    pub stored_passage: Field,
    texts: Vec<(TextField, Field)>,
}

impl From<Facet> for Column {
    fn from(facet: Facet) -> Column {
        match facet {
            Facet::Source => Column::Source,
            Facet::Desk => Column::Desk,
            Facet::Byline => Column::Byline,
            Facet::Lang => Column::Lang,
            Facet::Heading => Column::Heading,
        }
    }
}

impl Fields {
    /// The number of a text field.
    #[must_use]
    pub fn text(&self, field: TextField) -> Field {
        // Built with every text field in `schema`.
        self.texts.iter().find(|(name, _)| *name == field).map_or(self.whole, |&(_, number)| number)
    }

    /// Names of the columns of a sketch.
    pub fn sketch_names() -> impl Iterator<Item = String> {
        (0..super::reprints::signature::BYTES / 8).map(|i| format!("sketch{i}"))
    }

    /// The number of a number.
    #[must_use]
    pub fn number(&self, number: Number) -> Field {
        // Built with every number in `schema`.
        self.numbers.iter().find(|(name, _)| *name == number).map_or(self.whole, |&(_, field)| field)
    }

    /// The number of a column.
    #[must_use]
    pub fn column(&self, column: Column) -> Field {
        // Built with every column in `schema`.
        self.columns.iter().find(|(name, _)| *name == column).map_or(self.whole, |&(_, number)| number)
    }
}

/// Builds the schema and the numbers of its fields.
#[must_use]
pub fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let words = |norms: bool| {
        let indexing = TextFieldIndexing::default()
            .set_tokenizer(WORDS)
            .set_index_option(IndexRecordOption::WithFreqsAndPositions)
            .set_fieldnorms(norms);
        TextOptions::default().set_indexing_options(indexing)
    };
    let number = || NumericOptions::default().set_fast();
    // Without the lengths that `INDEXED` would add.
    let key = || NumericOptions::default().set_indexed();
    let file = builder.add_u64_field("file", key());
    let record = builder.add_u64_field("record", key());
    let article = builder.add_u64_field("article", number());
    let order = builder.add_u64_field("order", number());
    let article_back = builder.add_u64_field("article_back", number());
    let article_len = builder.add_u64_field("article_len", number());
    let section_back = builder.add_u64_field("section_back", number());
    let section_len = builder.add_u64_field("section_len", number());
    let first_word = builder.add_u64_field("first_word", number());
    let numbers = Number::ALL.iter().map(|&number| (number, builder.add_i64_field(number.name(), FAST))).collect();
    let sketch = Fields::sketch_names().map(|name| builder.add_u64_field(&name, FAST)).collect();
    let texts = TextField::ALL
        .iter()
        .map(|&field| {
            let scored = matches!(field, TextField::Title | TextField::Heading | TextField::Body);
            (field, builder.add_text_field(field.name(), words(scored)))
        })
        .collect();
    let whole = TextFieldIndexing::default()
        .set_tokenizer("raw")
        .set_index_option(IndexRecordOption::Basic)
        .set_fieldnorms(false);
    let whole = builder.add_text_field("whole", TextOptions::default().set_indexing_options(whole));
    let shape = TextFieldIndexing::default()
        .set_tokenizer(SHAPE)
        .set_index_option(IndexRecordOption::WithFreqsAndPositions)
        .set_fieldnorms(false);
    let shape = builder.add_text_field("shape", TextOptions::default().set_indexing_options(shape));
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
        numbers,
        sketch,
        shape,
        whole,
        columns,
        stored_article,
        stored_passage,
        texts,
    };
    (builder.build(), fields)
}

/// Names of tokenizers, of which the schema must have some. They cut nothing: terms come from [`super::terms`].
const WORDS: &str = "crosshead_words";
const SHAPE: &str = "crosshead_shape";

/// The tokenizers that the schema names; tantivy does not store them, so they are set at every open.
#[must_use]
pub fn tokenizers() -> TokenizerManager {
    let manager = TokenizerManager::default();
    for name in [WORDS, SHAPE] {
        manager.register(name, TextAnalyzer::from(RawTokenizer::default()));
    }
    manager
}

/// Documents of a segment, not deleted, whose value in a column is this. Reads the column through.
///
/// # Errors
///
/// What tantivy says of a damaged segment.
pub fn docs_with(reader: &SegmentReader, column: &str, value: u64) -> tantivy::Result<Vec<DocId>> {
    let mut docs = Vec::new();
    if let Some(column) = reader.fast_fields().column_opt::<u64>(column)? {
        column.get_docids_for_value_range(value..=value, 0..reader.max_doc(), &mut docs);
        // A value below all others is taken for the least of them.
        docs.retain(|&doc| column.first(doc) == Some(value) && !reader.is_deleted(doc));
    }
    Ok(docs)
}

/// A fact that is a column, so that it can be counted and sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// Path, at the article's head, as [`super::document::path_key`] has it.
    Path,
    /// The title, folded, at the article's head: equality and beginnings.
    Title,
    /// Source, at the article's head.
    Source,
    /// Desk, at the article's head.
    Desk,
    /// Byline, at the article's head.
    Byline,
    /// Language, at the article's head.
    Lang,
    /// Heading, at the section's head.
    Heading,
}

impl Column {
    /// All of them.
    pub const ALL: [Column; 7] =
        [Column::Path, Column::Title, Column::Source, Column::Desk, Column::Byline, Column::Lang, Column::Heading];

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
        }
    }
}
