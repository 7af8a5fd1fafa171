//! From a record to the documents of its passages.

use std::ops::Range;

use serde::{Deserialize, Serialize};
use tantivy::TantivyDocument;
use tantivy::schema::Field;

use super::manifest::Lengths;
use super::packed;
use super::record::{exact_term, path_term, truncated};
use super::reprints::signature;
use super::schema::{Column, Fields, POSITION_GAP, exact_column};
use super::terms::{CaseBoundaryTerms, Compounds, Terms};
use crate::article::lines::LineNumbers;
use crate::article::{PassageSpan, Section, SplitArticle};
use crate::ingest::decode::TextMap;
use crate::ingest::{Record, RecordId};
use crate::model::{self, Location};
use crate::text::fold::{composed, fold_value};
use crate::text::sentence::sentences;
use crate::text::tidy;
use crate::text::{Language, Word, Words};
use crate::vocabulary::{Number, TextField};

/// Where an article comes from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Origin<'a> {
    /// Number of its file.
    pub file: u64,
    /// Its path, as it is stored.
    pub path: &'a str,
    /// The bytes of the file, if the article is a range of them.
    pub bytes: &'a [u8],
    /// When it is added to the index, in seconds since 1970.
    pub added: i64,
}

/// A passage as it is indexed.
#[derive(Default)]
pub(crate) struct PassageDocument {
    /// The terms that it is found by.
    pub terms: Terms,
    /// Its values in columns, and the stored ones.
    pub values: TantivyDocument,
}

/// An article as documents, with its counts.
pub(crate) struct ArticleDocuments {
    /// The article, as its first document stores it.
    pub article: model::Article,
    /// One document for each passage, in order, then one for each piece of boilerplate.
    pub documents: Vec<PassageDocument>,
    /// Number of documents that are passages, not boilerplate.
    pub passages: usize,
    /// Number of sections.
    pub sections: usize,
    /// Lengths of its texts.
    pub lengths: Lengths,
    /// Its language.
    pub language: Language,
}

/// Makes the documents of a record.
#[must_use]
pub(crate) fn documents(fields: &Fields, record: Record, origin: Origin<'_>) -> ArticleDocuments {
    let Record { id, raw, map, hash } = record;
    let article = SplitArticle::assemble(raw);
    let spans = Spans::of(&article);
    let locations = map.map(|map| locations(&article, &map, origin.bytes, &spans.all));
    let stored = model::Article {
        path: origin.path.to_string(),
        record: id.as_ref().map(RecordId::text),
        own_id: matches!(id, Some(RecordId::Own(_))),
        hash,
        passages: spans.num_passages as u32,
        facts: article.facts.clone(),
        ..model::Article::default()
    };
    let Tokenized { passages, hashes, num_words } = Tokenized::of(fields, &spans);
    let mut documents = Vec::with_capacity(spans.all.len());
    let (mut next_word, mut section_first) = (0, 0);
    for (i, tokens) in passages.into_iter().enumerate() {
        let tokens = if spans.is_text(i) { tokens } else { PassageTokens::none(article.language) };
        let passage_words = tokens.num_words;
        if spans.is_boilerplate(i) {
            next_word += POSITION_GAP;
        }
        let passage = spans.passage(i, next_word, locations.as_ref().map(|locations| locations[i]));
        let mut builder = DocumentBuilder::new(fields, tokens);
        builder.add_ids(&stored, origin.file);
        if i == 0 {
            builder.add_article(&stored, spans.all.len());
            builder.add_numbers(
                &stored.facts,
                Numbers { words: num_words, lede: lede_words(&article), added: origin.added },
            );
            builder.add_signature(&stored.facts, &hashes);
        }
        if spans.is_first_of_section(i) {
            section_first = i;
            builder.add_section(&passage, spans.section_len(i));
        }
        documents.push(builder.finish(&passage, section_first));
        next_word += passage_words;
    }
    let length = |field| documents.iter().map(|document| document.terms.length(fields.text(field))).sum();
    let lengths = Lengths {
        title: length(TextField::Title),
        heading: length(TextField::Heading),
        body: length(TextField::Body),
        headings: article.sections.iter().filter(|section| section.heading.is_some()).count() as u64,
    };
    ArticleDocuments {
        article: stored,
        documents,
        lengths,
        passages: spans.num_passages,
        sections: article.sections.len().max(usize::from(spans.is_without_text)),
        language: article.language,
    }
}

/// The spans of an article that become documents.
struct Spans<'a> {
    article: &'a SplitArticle,
    /// The passages, then the boilerplate, as a section after the last.
    all: Vec<PassageSpan>,
    /// Number of passages.
    num_passages: usize,
    /// Is there no text, so that the only passage represents the article?
    is_without_text: bool,
}

impl<'a> Spans<'a> {
    fn of(article: &'a SplitArticle) -> Spans<'a> {
        let mut all = article.passages();
        // An article that is only a headline, or only boilerplate, is found by its facts, which need a document.
        let is_without_text = all.is_empty();
        if is_without_text {
            all.push(PassageSpan { section: 0, span: article.title_span.clone().unwrap_or(0..0) });
        }
        let num_passages = all.len();
        // The passage that represents an article without text has a section of its own. In one section with it, boilerplate
        // would be a hit.
        let section = article.sections.len().max(usize::from(is_without_text));
        let boilerplate = article.boilerplate.iter();
        all.extend(boilerplate.map(|boilerplate| PassageSpan { section, span: boilerplate.span.clone() }));
        Spans { article, all, num_passages, is_without_text }
    }

    fn is_boilerplate(&self, i: usize) -> bool {
        i >= self.num_passages
    }

    /// The section of a passage. Boilerplate has none, nor has an article without text.
    fn section(&self, i: usize) -> Option<&'a Section> {
        self.article.sections.get(self.all[i].section)
    }

    fn is_heading(&self, i: usize) -> bool {
        self.section(i).is_some_and(|section| section.heading.as_ref() == Some(&self.all[i].span))
    }

    /// Are its words indexed as text? A section that is only a heading is found by the heading, an article that is only
    /// a headline by the headline.
    fn is_text(&self, i: usize) -> bool {
        self.is_boilerplate(i) || !self.is_heading(i) && !self.is_without_text
    }

    /// Who says a passage. Nobody says boilerplate.
    fn speaker(&self, i: usize) -> Option<&'a str> {
        if self.is_boilerplate(i) { None } else { self.article.speaker_of(&self.all[i].span) }
    }

    fn is_first_of_section(&self, i: usize) -> bool {
        i == 0 || self.all[i - 1].section != self.all[i].section
    }

    /// Number of documents of the section that begins at `i`.
    fn section_len(&self, i: usize) -> usize {
        self.all[i..].iter().take_while(|other| other.section == self.all[i].section).count()
    }

    /// A passage as it is stored.
    fn passage(&self, i: usize, first_word: u32, location: Option<Location>) -> model::Passage {
        let PassageSpan { section: ordinal, span } = &self.all[i];
        let section = self.section(i);
        let heading = section.and_then(|section| section.heading.as_ref());
        model::Passage {
            ordinal: i as u32,
            section: *ordinal as u32,
            heading: heading.map(|heading| heading_text(self.article, heading)),
            level: section.map_or(0, |section| section.level),
            trail: section.map_or_else(Vec::new, |section| section.trail.clone()),
            boilerplate: i.checked_sub(self.num_passages).map(|i| self.article.boilerplate[i].kind),
            speaker: self.speaker(i).map(str::to_string),
            time: self.article.time_of(span),
            page: self.article.page_of(span),
            first_word,
            location,
            text: self.article.text[span.clone()].to_string(),
            markup: markup_in(self.article, span),
        }
    }
}

/// The tokens of an article.
struct Tokenized {
    /// Those of each passage, then of each piece of boilerplate.
    passages: Vec<PassageTokens>,
    /// Hashes of the folded words of all passages.
    hashes: Vec<u64>,
    /// Number of words of all passages but headings.
    num_words: u32,
}

impl Tokenized {
    fn of(fields: &Fields, spans: &Spans<'_>) -> Tokenized {
        let article = spans.article;
        let starts = ParagraphStarts::of(article);
        let mut tokenized =
            Tokenized { passages: Vec::with_capacity(spans.all.len()), hashes: Vec::new(), num_words: 0 };
        for (i, passage) in spans.all.iter().enumerate() {
            let is_boilerplate = spans.is_boilerplate(i);
            let field = if is_boilerplate { TextField::Boilerplate } else { TextField::Body };
            let starts = starts.of_passage(article, passage, field);
            let tokens = PassageTokens::of(fields, article, passage, field, &starts, &mut tokenized.hashes);
            if !is_boilerplate && !spans.is_heading(i) {
                tokenized.num_words += tokens.num_words;
            }
            if is_boilerplate {
                tokenized.hashes.truncate(tokenized.hashes.len() - tokens.num_words as usize);
            }
            tokenized.passages.push(tokens);
        }
        tokenized
    }
}

/// Offsets of the paragraphs of an article in its text, in order.
struct ParagraphStarts(Vec<usize>);

impl ParagraphStarts {
    fn of(article: &SplitArticle) -> ParagraphStarts {
        let paragraphs = article.sections.iter().flat_map(|section| &section.paragraphs);
        ParagraphStarts(paragraphs.map(|span| span.start).collect())
    }

    /// The beginnings of sentences and paragraphs in a passage. A paragraph may continue in the next passage, a
    /// sentence never does, and no sentence continues after the end of a paragraph.
    fn of_passage(&self, article: &SplitArticle, passage: &PassageSpan, field: TextField) -> PassageStarts {
        // Links and tags end no sentence.
        let text = article.plain_text(&passage.span);
        let inside = |at: usize| at.checked_sub(passage.span.start).filter(|&at| at < text.len());
        let from = self.0.partition_point(|&start| start < passage.span.start);
        let paragraphs: Vec<usize> = self.0[from..].iter().map_while(|&start| inside(start)).collect();
        let mut found = Vec::new();
        let ends = paragraphs.iter().copied().filter(|&start| start > 0).chain([text.len()]);
        let mut at = 0;
        for end in ends {
            found.extend(sentences(&text[at..end], article.language).iter().map(|range| at + range.start));
            at = end;
        }
        let paragraphs = if field == TextField::Boilerplate { vec![0] } else { paragraphs };
        PassageStarts { sentences: found, paragraphs }
    }
}

/// Offsets in a passage's text where sentences and paragraphs begin, in order.
struct PassageStarts {
    sentences: Vec<usize>,
    paragraphs: Vec<usize>,
}

/// The tokens of a passage. It is tokenized once for all that is indexed of its words.
pub(super) struct PassageTokens {
    terms: Terms,
    case_boundaries: CaseBoundaryTerms,
    num_words: u32,
}

impl PassageTokens {
    pub(super) fn none(language: Language) -> PassageTokens {
        let (terms, case_boundaries) = (Terms::with_capacity(language, 0), CaseBoundaryTerms::default());
        PassageTokens { terms, case_boundaries, num_words: 0 }
    }

    /// Tokenizes a passage, which is text of `field`, and appends the hashes of its folded words to `hashes`.
    fn of(
        fields: &Fields,
        article: &SplitArticle,
        passage: &PassageSpan,
        field: TextField,
        starts: &PassageStarts,
        hashes: &mut Vec<u64>,
    ) -> PassageTokens {
        let text = article.plain_text(&passage.span);
        let (mut sentences, mut paragraphs) = (starts.sentences.as_slice(), starts.paragraphs.as_slice());
        hashes.reserve(text.len() / 5);
        PassageTokens::of_text(fields.text(field), &text, article.language, field, |word| {
            hashes.push(signature::word_hash(word.folded));
            // The first word at or after a start, before the next start.
            Starts {
                sentence: take_until(&mut sentences, word.start),
                paragraph: take_until(&mut paragraphs, word.start),
            }
        })
    }

    /// Tokenizes a text; `starts_at` tells of each word, in order, what begins with it.
    pub(super) fn of_text(
        field: Field,
        text: &str,
        language: Language,
        name: TextField,
        mut starts_at: impl FnMut(&Word<'_>) -> Starts,
    ) -> PassageTokens {
        let mut terms = Terms::with_capacity(language, text.len());
        let (mut case_boundaries, mut num_words) = (CaseBoundaryTerms::with_capacity(text.len()), 0);
        terms.begin(field);
        terms.add_words(text, Compounds::Joined, |word| {
            let starts = starts_at(word);
            if starts.sentence {
                case_boundaries.add_sentence(name, word.position);
            }
            if starts.paragraph {
                case_boundaries.add_paragraph(name, word.position);
            }
            case_boundaries.add_case(name, word.case(text), word.position);
            num_words = word.position + 1;
            word.position
        });
        PassageTokens { terms, case_boundaries, num_words }
    }
}

/// What begins with a word.
#[derive(Debug, Clone, Copy)]
pub(super) struct Starts {
    pub sentence: bool,
    pub paragraph: bool,
}

/// Removes the starts up to `at`, inclusive. Were there any?
fn take_until(starts: &mut &[usize], at: usize) -> bool {
    let mut any = false;
    while let Some((_, rest)) = starts.split_first().filter(|&(&start, _)| start <= at) {
        *starts = rest;
        any = true;
    }
    any
}

/// The lede is the first paragraph of an article; if it has fewer words, those after it in its section too, until there
/// are as many.
pub(crate) const FEWEST_LEDE_WORDS: usize = 30;

/// The term of the first document of an article's boilerplate.
pub(crate) const BOILERPLATE_TERM: &str = "is=boilerplate";

/// A heading as it is indexed and shown.
fn heading_text(article: &SplitArticle, heading: &Range<usize>) -> String {
    tidy(&composed(&article.plain_text(heading)))
}

fn markup_in(article: &SplitArticle, span: &Range<usize>) -> Vec<(u32, u32)> {
    let first = article.markup.partition_point(|range| range.end <= span.start);
    let inside = article.markup[first..].iter().take_while(|range| range.start < span.end);
    inside
        .map(|range| ((range.start.max(span.start) - span.start) as u32, (range.end.min(span.end) - span.start) as u32))
        .collect()
}

/// Where each span is in the file.
fn locations(article: &SplitArticle, map: &TextMap, bytes: &[u8], spans: &[PassageSpan]) -> Vec<Location> {
    let numbers = LineNumbers::new(&article.text);
    let mut offsets = map.byte_offsets(&article.text, bytes);
    spans
        .iter()
        .map(|passage| {
            let range = offsets.of_span(&passage.span);
            let (line, end_line) = numbers.of_span(&passage.span);
            Location { start: range.start as u64, end: range.end as u64, line: line as u32, end_line: end_line as u32 }
        })
        .collect()
}

/// Builds the document of a passage.
pub(super) struct DocumentBuilder<'a> {
    fields: &'a Fields,
    document: PassageDocument,
    case_boundaries: CaseBoundaryTerms,
}

/// What is known of an article in numbers, beside its dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Numbers {
    /// Number of words of its passages but headings.
    pub words: u32,
    /// Number of words of its lede.
    pub lede: u32,
    /// When it was added to the index, in seconds since 1970.
    pub added: i64,
}

impl<'a> DocumentBuilder<'a> {
    pub(super) fn new(fields: &'a Fields, tokens: PassageTokens) -> DocumentBuilder<'a> {
        let PassageTokens { terms, case_boundaries, .. } = tokens;
        let document = PassageDocument { terms, values: TantivyDocument::default() };
        DocumentBuilder { fields, document, case_boundaries }
    }

    /// Adds the terms that the document is deleted by.
    pub(super) fn add_ids(&mut self, stored: &model::Article, file: u64) {
        self.document.terms.add_number(self.fields.file, file);
        if stored.record.is_some() {
            self.document.terms.add_number(self.fields.record, stored.record_key(file));
        }
    }

    fn add_u64(&mut self, field: Field, value: u64) {
        self.document.values.add_u64(field, value);
    }

    fn add_i64(&mut self, number: Number, value: i64) {
        self.document.values.add_i64(self.fields.number(number), value);
    }

    fn add_column(&mut self, column: Column, value: impl AsRef<str>) {
        self.document.values.add_text(self.fields.column(column), value);
    }

    /// Adds what holds for the article of so many documents, but for numbers and signature.
    pub(super) fn add_article(&mut self, stored: &model::Article, num_documents: usize) {
        let facts = &stored.facts;
        self.add_u64(self.fields.article_len, num_documents as u64);
        self.add_u64(self.fields.article, stored.hash);
        self.add_u64(self.fields.order, stored.order());
        let texts = [
            (TextField::Title, facts.title.as_deref()),
            (TextField::Byline, facts.byline.as_deref()),
            (TextField::Dateline, facts.dateline.as_deref()),
            (TextField::Source, facts.source.as_deref()),
            (TextField::Desk, facts.desk.as_deref()),
            (TextField::Url, facts.url.as_deref()),
            (TextField::Path, Some(stored.path.as_str())),
            (TextField::Lang, facts.lang.as_deref()),
        ];
        for (field, text) in texts {
            if let Some(text) = text {
                self.add_values(field, [text]);
            }
        }
        self.add_values(TextField::Tag, facts.keywords.iter().map(String::as_str));
        self.add_column(Column::Path, path_term(&stored.path));
        if let Some(title) = &facts.title {
            self.add_column(Column::Title, exact_term(TextField::Title, title));
        }
        let columns = [
            (Column::Source, facts.source.as_deref()),
            (Column::Desk, facts.desk.as_deref()),
            (Column::Byline, facts.byline.as_deref()),
            (Column::Lang, facts.lang.as_deref()),
            (Column::Dateline, facts.dateline.as_deref()),
        ];
        for (column, text) in columns {
            if let Some(text) = text {
                self.add_column(column, truncated(text));
            }
        }
        for tag in &facts.keywords {
            self.add_column(Column::Tag, truncated(tag));
        }
        self.document.values.add_bytes(self.fields.stored_article, &packed::article(stored));
    }

    pub(super) fn add_numbers(&mut self, facts: &model::Facts, known: Numbers) {
        let Numbers { words, lede, added } = known;
        let seconds = |date: &Option<model::Published>| date.as_ref().and_then(model::Published::seconds);
        let numbers = [
            (Number::Date, seconds(&facts.published)),
            (Number::Updated, seconds(&facts.updated)),
            (Number::Added, Some(added)),
            (Number::Words, Some(i64::from(words))),
            (Number::Lede, Some(i64::from(lede))),
        ];
        let days = facts.published.as_ref().map_or(1, model::Published::num_days);
        if days > 1 {
            self.add_u64(self.fields.date_days, days);
        }
        for (number, known) in numbers {
            if let Some(known) = known {
                self.add_i64(number, known);
            }
        }
    }

    fn add_signature(&mut self, facts: &model::Facts, hashes: &[u64]) {
        // Articles without text are not reprints of each other, even under the same headline ("Weather").
        if hashes.is_empty() {
            return;
        }
        let title = facts.title.as_deref().map_or_else(String::new, fold_value);
        for (&field, number) in self.fields.signature.iter().zip(signature::signature(hashes, &title)) {
            self.add_u64(field, number);
        }
    }

    /// Adds what holds for the section of so many documents that `first`, its first passage, is of.
    pub(super) fn add_section(&mut self, first: &model::Passage, num_documents: usize) {
        self.add_u64(self.fields.section_len, num_documents as u64);
        if first.boilerplate.is_some() {
            self.document.terms.add_term(self.fields.exact, BOILERPLATE_TERM.as_bytes());
            return;
        }
        self.add_i64(Number::Level, i64::from(first.level));
        if let Some(heading) = &first.heading {
            self.add_values(TextField::Heading, [heading.as_str()]);
            self.add_column(Column::Heading, truncated(heading));
        }
        self.add_values(TextField::Under, first.trail.iter().map(String::as_str));
    }

    /// Indexes the values of a fact, by their words and exactly.
    fn add_values<'v>(&mut self, field: TextField, values: impl IntoIterator<Item = &'v str>) {
        // Not of ids such as paths.
        let has_case = !matches!(field, TextField::Path | TextField::Url | TextField::Lang);
        let compounds = if has_case { Compounds::Joined } else { Compounds::Split };
        let PassageDocument { terms, .. } = &mut self.document;
        // One after the end of the values so far. The next value begins a gap after that.
        let mut start = 0;
        for (i, text) in values.into_iter().enumerate() {
            let gap = if i == 0 { 0 } else { POSITION_GAP };
            let mut num_words = 0;
            terms.begin(self.fields.text(field));
            terms.add_words(text, compounds, |word| {
                let position = start + gap + word.position;
                if has_case {
                    self.case_boundaries.add_case(field, word.case(text), position);
                }
                num_words = word.position + 1;
                position
            });
            if exact_column(field).is_none() {
                terms.add_term(self.fields.exact, exact_term(field, text).as_bytes());
            }
            if num_words > 0 {
                start += gap + num_words;
            }
            start += 1;
        }
    }

    /// Adds what holds for the passage, whose section begins with the passage of this ordinal.
    pub(super) fn finish(mut self, passage: &model::Passage, section_first: usize) -> PassageDocument {
        self.add_u64(self.fields.article_back, u64::from(passage.ordinal));
        if let Some(speaker) = &passage.speaker {
            let speaker = composed(speaker);
            self.add_values(TextField::Speaker, [speaker.as_ref()]);
            self.add_column(Column::Speaker, truncated(&speaker));
        }
        self.add_u64(self.fields.section_back, u64::from(passage.ordinal) - section_first as u64);
        self.add_u64(self.fields.first_word, u64::from(passage.first_word));
        self.case_boundaries.add_to(&mut self.document.terms, self.fields.case_boundary);
        self.document.values.add_bytes(self.fields.stored_passage, &packed::passage(passage));
        self.document
    }
}

/// Number of words of the lede.
fn lede_words(article: &SplitArticle) -> u32 {
    let first = article.sections.iter().find(|section| !section.paragraphs.is_empty());
    let mut num_words = 0;
    for paragraph in first.iter().flat_map(|section| &section.paragraphs) {
        if num_words >= FEWEST_LEDE_WORDS {
            break;
        }
        num_words += Words::new(&article.plain_text(paragraph)).count();
    }
    num_words as u32
}
