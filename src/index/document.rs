//! From a record to the documents of its passages.

use tantivy::TantivyDocument;

use super::packed;
use super::record::{bounded, path_key, whole_key};
use super::reprints::signature;
use super::schema::{Column, Fields, POSITION_GAP, exact_column};
use super::terms::{Shape, Terms};
use crate::article::lines::LineNumbers;
use crate::article::{PassageSpan, Section, SplitArticle};
use crate::ingest::decode::TextMap;
use crate::ingest::{Record, RecordId};
use crate::model::{self, Location};
use crate::text::fold::fold_value;
use crate::text::sentence::sentences;
use crate::text::tidy;
use crate::text::{Language, Words};
use crate::vocabulary::{Number, TextField};

/// Where an article came from.
#[derive(Debug, Clone, Copy)]
pub struct Origin<'a> {
    /// Number of its file.
    pub file: u64,
    /// Path as it is shown.
    pub path: &'a str,
    /// The bytes of the file, where the article is a stretch of them.
    pub bytes: &'a [u8],
    /// When it is added to the index, seconds since 1970.
    pub added: i64,
}

/// A passage for the index: the terms it is found by, and what tantivy keeps of it in columns and stores.
#[derive(Default)]
pub struct PassageDocument {
    /// What it is found by.
    pub terms: Terms,
    /// What is kept of it.
    pub kept: TantivyDocument,
}

/// An article as documents, and what it counts.
pub struct ArticleDocuments {
    /// The article, as its head stores it.
    pub article: model::Article,
    /// A document a passage, in order; then one for each piece of boilerplate.
    pub documents: Vec<PassageDocument>,
    /// How many of them are passages, not boilerplate.
    pub passages: usize,
    /// How many sections.
    pub sections: usize,
    /// Its language.
    pub language: Language,
}

/// Makes the documents of a record.
#[must_use]
pub fn documents(fields: &Fields, record: Record, origin: Origin<'_>) -> ArticleDocuments {
    let Record { id, raw, map, hash } = record;
    let article = SplitArticle::assemble(raw);
    let language = article.language;
    let mut passages = article.passages();
    // An article that is its headline, or nothing but boilerplate, is found by its facts: one passage stands for it.
    let without_text = passages.is_empty();
    if without_text {
        passages.push(PassageSpan { section: 0, span: article.title_span.clone().unwrap_or(0..0) });
    }
    // Boilerplate stands behind the passages, as a section of its own.
    let boilerplate = boilerplate_passages(&article);
    let all: Vec<&PassageSpan> = passages.iter().chain(&boilerplate).collect();
    let places = map.map(|map| places(&article, &map, origin.bytes, &all));
    let stored = model::Article {
        path: origin.path.to_string(),
        record: id.as_ref().map(RecordId::text),
        own_id: matches!(id, Some(RecordId::Own(_))),
        hash,
        passages: u32::try_from(passages.len()).unwrap_or(u32::MAX),
        facts: article.facts.clone(),
    };
    let none = Section::default();
    let starts = Starts::of(&article);
    let is_heading = |passage: &PassageSpan| {
        let section = article.sections.get(passage.section);
        section.is_some_and(|section| section.heading.as_ref() == Some(&passage.span))
    };
    let mut cuts = Vec::with_capacity(all.len());
    let (mut hashes, mut word_count) = (Vec::new(), 0);
    for (i, passage) in all.iter().enumerate() {
        let is_boilerplate = i >= passages.len();
        let field = if is_boilerplate { TextField::Boilerplate } else { TextField::Body };
        let starts = starts.of_passage(&article, passage, field);
        let cut = Cut::of(fields, &article, passage, field, &starts, &mut hashes);
        if !is_boilerplate && !is_heading(passage) {
            word_count += cut.words;
        }
        if is_boilerplate {
            hashes.truncate(hashes.len() - cut.words as usize);
        }
        cuts.push(cut);
    }
    let mut next_word = 0;
    let mut documents = Vec::with_capacity(all.len());
    let mut section_head = 0;
    for (i, (passage, cut)) in all.iter().zip(cuts).enumerate() {
        // A section that is only its heading is found by the heading, an article that is its headline by that.
        let is_text = i >= passages.len() || !is_heading(passage) && !without_text;
        let Cut { terms, mut shape, words } = if is_text { cut } else { Cut::none(article.language) };
        let mut document = PassageDocument { terms, kept: TantivyDocument::default() };
        document.terms.add_number(fields.file, origin.file);
        if stored.record.is_some() {
            document.terms.add_number(fields.record, stored.record_key(origin.file));
        }
        document.kept.add_u64(fields.article_back, i as u64);
        if i == 0 {
            document.kept.add_u64(fields.article_len, all.len() as u64);
            add_article(&mut document, &mut shape, fields, &article, &stored);
            add_numbers(&mut document, fields, &article, word_count, origin.added);
            add_sketch(&mut document, fields, &article, &hashes);
        }
        let kind = i.checked_sub(passages.len()).map(|i| article.boilerplate[i].kind);
        let section = article.sections.get(passage.section).unwrap_or(&none);
        let first_of_section = i == 0 || all[i - 1].section != passage.section;
        if first_of_section {
            section_head = i;
            let length = all[i..].iter().take_while(|other| other.section == passage.section).count();
            document.kept.add_u64(fields.section_len, length as u64);
            match kind {
                None => add_section(&mut document, &mut shape, fields, &article, section),
                Some(_) => document.terms.add_value(fields.whole, BOILERPLATE_KEY.as_bytes()),
            }
        }
        document.kept.add_u64(fields.section_back, (i - section_head) as u64);
        if kind.is_some() {
            next_word += POSITION_GAP;
        }
        let first_word = next_word;
        if is_text {
            next_word += words;
        }
        document.kept.add_u64(fields.first_word, u64::from(first_word));
        shape.add_to(&mut document.terms, fields.shape);
        let stored_passage = model::Passage {
            ordinal: i as u32,
            section: passage.section as u32,
            heading: section.heading.as_ref().map(|span| tidy(&article.plain_text(span))),
            level: section.level,
            trail: section.trail.clone(),
            boilerplate: kind,
            first_word,
            location: places.as_ref().map(|places| places[i]),
            text: article.text[passage.span.clone()].to_string(),
            markup: markup_in(&article, &passage.span),
        };
        document.kept.add_bytes(fields.stored_passage, &packed::passage(&stored_passage));
        documents.push(document);
    }
    ArticleDocuments {
        article: stored,
        documents,
        passages: passages.len(),
        sections: article.sections.len(),
        language,
    }
}

/// Where the paragraphs of an article begin, in its text.
struct Starts {
    paragraphs: Vec<usize>,
}

impl Starts {
    fn of(article: &SplitArticle) -> Starts {
        let paragraphs = article.sections.iter().flat_map(|section| &section.paragraphs);
        Starts { paragraphs: paragraphs.map(|span| span.start).collect() }
    }

    /// Where sentences and paragraphs begin in a passage, in bytes of it. A paragraph that was cut goes on in the next
    /// passage, a sentence never does. No sentence reaches over the end of a paragraph.
    fn of_passage(&self, article: &SplitArticle, passage: &PassageSpan, field: TextField) -> PassageStarts {
        // Links and tags end no sentence.
        let text = article.plain_text(&passage.span);
        let inside = |at: usize| at.checked_sub(passage.span.start).filter(|&at| at < text.len());
        let from = self.paragraphs.partition_point(|&start| start < passage.span.start);
        let paragraphs: Vec<usize> = self.paragraphs[from..].iter().map_while(|&start| inside(start)).collect();
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

/// Bytes of a passage's text where sentences and paragraphs begin, in order.
struct PassageStarts {
    sentences: Vec<usize>,
    paragraphs: Vec<usize>,
}

/// The words of a passage, cut once for all that is indexed of them.
struct Cut {
    terms: Terms,
    shape: Shape,
    /// How many.
    words: u32,
}

impl Cut {
    /// No words.
    fn none(language: Language) -> Cut {
        Cut { terms: Terms::with_room(language, 0), shape: Shape::default(), words: 0 }
    }

    /// Cuts a passage, text of `field`; the hashes of its folded words are added to `hashes`.
    fn of(
        fields: &Fields,
        article: &SplitArticle,
        passage: &PassageSpan,
        field: TextField,
        starts: &PassageStarts,
        hashes: &mut Vec<u64>,
    ) -> Cut {
        let text = article.plain_text(&passage.span);
        let mut terms = Terms::with_room(article.language, text.len());
        let (mut shape, mut count) = (Shape::with_room(text.len()), 0);
        terms.begin(fields.text(field));
        let (mut sentences, mut paragraphs) = (starts.sentences.as_slice(), starts.paragraphs.as_slice());
        hashes.reserve(text.len() / 5);
        terms.add_words(&text, |word| {
            // The first word that stands at a start or behind it, before the next start.
            if passes(&mut sentences, word.start) {
                shape.add_sentence(field, word.position);
            }
            if passes(&mut paragraphs, word.start) {
                shape.add_paragraph(field, word.position);
            }
            shape.add_case(field, word.case(&text), word.position);
            hashes.push(signature::word(word.folded));
            count = word.position + 1;
            word.position
        });
        Cut { terms, shape, words: count }
    }
}

/// Does one of these starts stand at `at` or before it? Takes those that do.
fn passes(starts: &mut &[usize], at: usize) -> bool {
    let mut passed = false;
    while let Some((_, rest)) = starts.split_first().filter(|&(&start, _)| start <= at) {
        *starts = rest;
        passed = true;
    }
    passed
}

/// The lede: the first paragraph, with those behind it in its section while it is shorter than this.
pub const FEWEST_LEDE_WORDS: usize = 30;

fn add_numbers(document: &mut PassageDocument, fields: &Fields, article: &SplitArticle, words: u32, added: i64) {
    let facts = &article.facts;
    let count = |span: &std::ops::Range<usize>| Words::new(&article.plain_text(span)).count();
    let mut lede = 0;
    let first = article.sections.iter().find(|section| !section.paragraphs.is_empty());
    for paragraph in first.iter().flat_map(|section| &section.paragraphs) {
        if lede >= FEWEST_LEDE_WORDS {
            break;
        }
        lede += count(paragraph);
    }
    let seconds = |date: &Option<crate::model::Published>| date.as_ref().and_then(crate::model::Published::seconds);
    let numbers = [
        (Number::Date, seconds(&facts.published)),
        (Number::Updated, seconds(&facts.updated)),
        (Number::Added, Some(added)),
        (Number::Words, Some(i64::from(words))),
        (Number::Lede, i64::try_from(lede).ok()),
    ];
    for (number, known) in numbers {
        if let Some(known) = known {
            document.kept.add_i64(fields.number(number), known);
        }
    }
}

fn add_sketch(document: &mut PassageDocument, fields: &Fields, article: &SplitArticle, hashes: &[u64]) {
    // Without a word of text, all that two articles share is that they are empty, or a headline such as "Weather".
    if hashes.is_empty() {
        return;
    }
    let title = article.facts.title.as_deref().map(fold_value).unwrap_or_default();
    for (field, number) in fields.sketch.iter().zip(signature::sketch(hashes, &title)) {
        document.kept.add_u64(*field, number);
    }
}

/// The term at the head of the section that holds an article's boilerplate.
pub const BOILERPLATE_KEY: &str = "is=boilerplate";

fn boilerplate_passages(article: &SplitArticle) -> Vec<PassageSpan> {
    let section = article.sections.len();
    article.boilerplate.iter().map(|boilerplate| PassageSpan { section, span: boilerplate.span.clone() }).collect()
}

fn markup_in(article: &SplitArticle, span: &std::ops::Range<usize>) -> Vec<(u32, u32)> {
    let first = article.markup.partition_point(|range| range.end <= span.start);
    let inside = article.markup[first..].iter().take_while(|range| range.start < span.end);
    inside
        .map(|range| ((range.start.max(span.start) - span.start) as u32, (range.end.min(span.end) - span.start) as u32))
        .collect()
}

fn places(article: &SplitArticle, map: &TextMap, bytes: &[u8], passages: &[&PassageSpan]) -> Vec<Location> {
    let numbers = LineNumbers::new(&article.text);
    let mut places = map.places(&article.text, bytes);
    passages
        .iter()
        .map(|passage| {
            let range = places.of_span(&passage.span);
            let (line, end_line) = numbers.of_span(&passage.span);
            Location { start: range.start as u64, end: range.end as u64, line: line as u32, end_line: end_line as u32 }
        })
        .collect()
}

fn add_article(
    document: &mut PassageDocument,
    shape: &mut Shape,
    fields: &Fields,
    article: &SplitArticle,
    stored: &model::Article,
) {
    let facts = &article.facts;
    document.kept.add_u64(fields.article, stored.hash);
    document.kept.add_u64(fields.order, stored.order());
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
            add_values(document, shape, fields, field, [text]);
        }
    }
    add_values(document, shape, fields, TextField::Tag, facts.keywords.iter().map(String::as_str));
    document.kept.add_text(fields.column(Column::Path), path_key(&stored.path));
    if let Some(title) = &facts.title {
        document.kept.add_text(fields.column(Column::Title), whole_key(TextField::Title, title));
    }
    let columns = [
        (Column::Source, facts.source.as_deref()),
        (Column::Desk, facts.desk.as_deref()),
        (Column::Byline, facts.byline.as_deref()),
        (Column::Lang, facts.lang.as_deref()),
    ];
    for (column, text) in columns {
        if let Some(text) = text {
            document.kept.add_text(fields.column(column), bounded(text));
        }
    }
    document.kept.add_bytes(fields.stored_article, &packed::article(stored));
}

fn add_section(
    document: &mut PassageDocument,
    shape: &mut Shape,
    fields: &Fields,
    article: &SplitArticle,
    section: &Section,
) {
    document.kept.add_i64(fields.number(Number::Level), i64::from(section.level));
    if let Some(span) = &section.heading {
        let heading = tidy(&article.plain_text(span));
        add_values(document, shape, fields, TextField::Heading, [heading.as_str()]);
        document.kept.add_text(fields.column(Column::Heading), bounded(&heading));
    }
    add_values(document, shape, fields, TextField::Under, section.trail.iter().map(String::as_str));
}

/// Indexes the values of a fact by their words and as wholes.
fn add_values<'v>(
    document: &mut PassageDocument,
    shape: &mut Shape,
    fields: &Fields,
    field: TextField,
    values: impl IntoIterator<Item = &'v str>,
) {
    // Case is told of the fields that are read, not of keys such as paths.
    let has_case = !matches!(field, TextField::Path | TextField::Url | TextField::Lang);
    // Positions of a further value count from behind the one before it and one more.
    let mut behind = 0;
    for (i, text) in values.into_iter().enumerate() {
        let first = if i == 0 { 0 } else { POSITION_GAP };
        let mut count = 0;
        document.terms.begin(fields.text(field));
        document.terms.add_words(text, |word| {
            let position = behind + first + word.position;
            if has_case {
                shape.add_case(field, word.case(text), position);
            }
            count = word.position + 1;
            position
        });
        if exact_column(field).is_none() {
            document.terms.add_value(fields.whole, whole_key(field, text).as_bytes());
        }
        if count > 0 {
            behind += first + count;
        }
        behind += 1;
    }
}
