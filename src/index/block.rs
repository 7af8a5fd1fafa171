//! An article out of an index, whole: what its documents are made of again, in another index.
//!
//! Nothing is read anew: passages, sections and the beginnings of sentences are those of the index. So the documents that are
//! made of a block are those that it was read from, whatever has become of the file since; only the file's own number and the
//! signature of reprints are left out.

use serde::{Deserialize, Serialize};
use tantivy::{DocId, SegmentReader};

use super::document::{DocumentBuilder, Numbers, PassageDocument, PassageTokens, Starts};
use super::packed;
use super::schema::Fields;
use super::stored::StoredSegment;
use super::terms::CaseBoundaryTerms;
use crate::model::{Article, Passage};
use crate::text::Language;
use crate::vocabulary::{Number, TextField};

/// zstd level of packed blocks. They are packed once and unpacked with every query that they may match.
const LEVEL: i32 = 6;

/// Most bytes of a block that is unpacked: texts of an article and what is known of it.
const MAX_BYTES: usize = 256 << 20;

/// The article of a block, with its passages and boilerplate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Block {
    /// The article, with its path as it is stored.
    pub(crate) article: Article,
    numbers: Numbers,
    /// Its passages in order, then its boilerplate.
    passages: Vec<Passage>,
    /// What begins with the words of each passage, by their ordinals.
    starts: Vec<PassageStarts>,
}

/// The words of a passage with which something begins.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct PassageStarts {
    sentences: Vec<u32>,
    paragraphs: Vec<u32>,
}

/// A block as it is packed.
#[derive(Serialize, Deserialize)]
struct Packed<'a> {
    path: &'a str,
    hash: u64,
    numbers: Numbers,
    article: &'a [u8],
    #[serde(borrow)]
    passages: Vec<(&'a [u8], u32)>,
    starts: Vec<PassageStarts>,
}

impl Block {
    /// Reads the articles of a segment that are not deleted, with these first documents, in rising order.
    ///
    /// # Errors
    ///
    /// The error of tantivy for a damaged segment.
    pub(crate) fn read(
        fields: &Fields,
        reader: &SegmentReader,
        stored: &StoredSegment,
        first_docs: &[DocId],
    ) -> tantivy::Result<Vec<Block>> {
        let damaged = || tantivy::TantivyError::InternalError("a stored article cannot be read".into());
        let lengths = stored.columns().unsigned("article_len")?;
        let number = |number: Number, doc| -> tantivy::Result<i64> {
            Ok(stored.columns().signed(number.name())?.and_then(|column| column.first(doc)).unwrap_or(0))
        };
        let end = |first: DocId| {
            let length = lengths.as_ref().and_then(|column| column.first(first)).unwrap_or(1).max(1);
            first.saturating_add(length as DocId).min(reader.max_doc())
        };
        let docs: Vec<DocId> = first_docs.iter().flat_map(|&first| first..end(first)).collect();
        let sentences = CaseBoundaryTerms::starts(reader, fields, CaseBoundaryTerms::sentence, &docs)?;
        let paragraphs = CaseBoundaryTerms::starts(reader, fields, CaseBoundaryTerms::paragraph, &docs)?;
        let mut starts = sentences.into_iter().zip(paragraphs);
        let mut blocks = Vec::with_capacity(first_docs.len());
        for &first in first_docs {
            let mut article = stored.article(fields, first)?.ok_or_else(damaged)?;
            // It is the number of words in a column, which is among the numbers.
            article.words = None;
            let numbers = Numbers {
                words: u32::try_from(number(Number::Words, first)?).unwrap_or(0),
                lede: u32::try_from(number(Number::Lede, first)?).unwrap_or(0),
                added: number(Number::Added, first)?,
            };
            let passages = (first..end(first)).map(|doc| stored.passage(fields, doc)?.ok_or_else(damaged));
            let passages = passages.collect::<tantivy::Result<Vec<_>>>()?;
            let starts = starts.by_ref().take(passages.len());
            let starts = starts.map(|(sentences, paragraphs)| PassageStarts { sentences, paragraphs }).collect();
            blocks.push(Block { article, numbers, passages, starts });
        }
        Ok(blocks)
    }

    /// Its passages in order, then its boilerplate.
    pub(crate) fn passages(&self) -> &[Passage] {
        &self.passages
    }

    /// Number of words of its sections, and when it was added to its index, in seconds since 1970.
    pub(crate) fn words_and_added(&self) -> (u32, i64) {
        (self.numbers.words, self.numbers.added)
    }

    /// Packs it.
    ///
    /// # Errors
    ///
    /// An error of the compressor.
    pub(crate) fn pack(&self) -> std::io::Result<Vec<u8>> {
        let article = packed::article(&self.article);
        let passages: Vec<(Vec<u8>, u32)> =
            self.passages.iter().map(|passage| (packed::passage(passage), passage.first_word)).collect();
        let packed = Packed {
            path: &self.article.path,
            hash: self.article.hash,
            numbers: self.numbers,
            article: &article,
            passages: passages.iter().map(|(bytes, first_word)| (bytes.as_slice(), *first_word)).collect(),
            starts: self.starts.clone(),
        };
        let bytes = postcard::to_stdvec(&packed).map_err(std::io::Error::other)?;
        zstd::bulk::compress(&bytes, LEVEL)
    }

    /// Unpacks a block; `None` if the bytes are damaged.
    #[must_use]
    pub(crate) fn unpack(bytes: &[u8]) -> Option<Block> {
        let length = zstd::zstd_safe::get_frame_content_size(bytes).ok().flatten()?;
        let length = usize::try_from(length).ok().filter(|length| *length <= MAX_BYTES)?;
        let bytes = zstd::bulk::decompress(bytes, length).ok()?;
        let packed: Packed<'_> = postcard::from_bytes(&bytes).ok()?;
        let Packed { path, hash, numbers, article, passages, starts } = packed;
        let article = Article { path: path.to_string(), ..packed::read_article(article, path, hash)? };
        let read = |(ordinal, (bytes, first_word)): (usize, &(&[u8], u32))| {
            packed::read_passage(bytes, u32::try_from(ordinal).ok()?, *first_word)
        };
        let passages = passages.iter().enumerate().map(read).collect::<Option<Vec<_>>>()?;
        (passages.len() == starts.len() && !passages.is_empty()).then_some(Block { article, numbers, passages, starts })
    }

    /// The documents of the article, under the number of a file.
    #[must_use]
    pub(crate) fn documents(&self, fields: &Fields, file: u64) -> Vec<PassageDocument> {
        let facts = &self.article.facts;
        let language = facts.lang.as_deref().map_or(Language::UNKNOWN, Language::from_code);
        let is_first = |i: usize| i == 0 || self.section_of(i) != self.section_of(i - 1);
        let mut section_first = 0;
        let documents = self.passages.iter().zip(&self.starts).enumerate().map(|(i, (passage, starts))| {
            let mut builder = DocumentBuilder::new(fields, tokens(fields, passage, starts, language));
            builder.add_ids(&self.article, file);
            if i == 0 {
                builder.add_article(&self.article, self.passages.len());
                builder.add_numbers(facts, self.numbers);
            }
            if is_first(i) {
                section_first = i;
                let length = self.passages.len() - i;
                let length = (1..length).find(|next| is_first(i + next)).unwrap_or(length);
                builder.add_section(passage, length);
            }
            builder.finish(passage, section_first)
        });
        documents.collect()
    }

    fn section_of(&self, i: usize) -> (u32, bool) {
        (self.passages[i].section, self.passages[i].boilerplate.is_some())
    }
}

/// The tokens of a passage. Every text with a word has one with which a sentence begins, unless its words are indexed
/// elsewhere: as a heading, as a title.
fn tokens(fields: &Fields, passage: &Passage, starts: &PassageStarts, language: Language) -> PassageTokens {
    if starts.sentences.is_empty() {
        return PassageTokens::none(language);
    }
    let field = if passage.boilerplate.is_some() { TextField::Boilerplate } else { TextField::Body };
    PassageTokens::of_text(fields.text(field), &passage.words(), language, field, |word| Starts {
        sentence: starts.sentences.binary_search(&word.position).is_ok(),
        paragraph: starts.paragraphs.binary_search(&word.position).is_ok(),
    })
}
