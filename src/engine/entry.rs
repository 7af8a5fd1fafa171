//! What an engine holds of an article: the tokens that it is found by, of its facts and of each section, and the article as a
//! whole, packed.
//!
//! Words are cut and stemmed here, so that an engine need know no language. A word gives these tokens:
//!
//! | token | what |
//! |---|---|
//! | `=strikes` | the word, folded |
//! | `en~strike` | its stem, in the language of the article |
//! | `?strikes`, `?en~strike` | the same of a word that its article's language does not stem: which language it is taken for depends on the query's index; stems that are the word itself are left out |
//!
//! All of them are at the position of the word. A compound (`e-mail`) has its tokens at the positions of its first word and of its
//! last, so that what is before it and after it is beside it.

use std::collections::BTreeSet;

use crate::index::block::Block;
use crate::index::document::BOILERPLATE_TERM;
use crate::index::manifest::Lengths;
use crate::index::record::{exact_term, exact_value};
use crate::index::schema::Fields;
use crate::index::terms::Terms;
use crate::model::Published;
use crate::text::Language;
use crate::text::term::{self, TermParts, near};

use crate::vocabulary::{Number, Scope, TextField};

/// An article as an engine holds it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entry {
    /// The same for the same article of a writer.
    pub(crate) key: u64,
    /// A number that is another if something of it is: who puts it sets it.
    pub(crate) version: u64,
    /// Hash of the article's bytes, which its id is made of.
    pub(crate) hash: u64,
    /// Its path.
    pub(crate) path: String,
    /// Code of its language; empty if unknown.
    pub(crate) language: String,
    /// Tokens and exact values of the article's facts.
    pub(crate) article: Unit,
    /// Its sections, and its boilerplate as a section.
    pub(crate) sections: Vec<Unit>,
    /// Numbers of the article.
    pub(crate) numbers: Vec<(Number, i64)>,
    /// Number of its passages.
    pub(crate) passages: u64,
    /// Lengths of its texts, for mean lengths.
    pub(crate) lengths: Lengths,
    /// Its group of reprints, and its place in that.
    pub(crate) group: Option<(u64, u32)>,
    /// The article as a whole: a packed [`Block`].
    pub(crate) packed: Vec<u8>,
}

/// A token, and its position in the text, in words.
pub(crate) type Token = (u32, String);

/// Tokens and exact values of an article's facts, or of one section.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Unit {
    /// The tokens of each text, as often as they occur, in the order of their positions.
    pub(crate) words: Vec<(TextField, Vec<Token>)>,
    /// Exact values.
    pub(crate) values: BTreeSet<(TextField, String)>,
    /// Level of the heading of a section.
    pub(crate) level: Option<i64>,
    /// Is it the boilerplate?
    pub(crate) is_boilerplate: bool,
}

impl Unit {
    /// The tokens of a text.
    #[cfg(test)]
    pub(crate) fn tokens(&self, field: TextField) -> &[Token] {
        self.words.iter().find(|(name, _)| *name == field).map_or(&[], |(_, tokens)| tokens)
    }

    /// Appends a text to those before it.
    fn append(&mut self, field: TextField, mut tokens: Vec<Token>) {
        tokens.sort_by_key(|(position, _)| *position);
        let Some((_, before)) = self.words.iter_mut().find(|(name, _)| *name == field) else {
            self.words.push((field, tokens));
            return;
        };
        let start = before.last().map_or(0, |(position, _)| position + 1);
        before.extend(tokens.into_iter().map(|(position, token)| (start + position, token)));
    }
}

impl Entry {
    /// The entry of a block.
    ///
    /// # Errors
    ///
    /// An error of packing it.
    pub(crate) fn of(fields: &Fields, block: &Block, group: Option<(u64, u32)>) -> std::io::Result<Entry> {
        let article = &block.article;
        let packed = block.pack()?;
        let (words, added) = block.words_and_added();
        let seconds = |date: &Option<Published>| date.as_ref().and_then(Published::seconds);
        let numbers = [
            (Number::Date, seconds(&article.facts.published)),
            (Number::Updated, seconds(&article.facts.updated)),
            (Number::Added, Some(added)),
            (Number::Words, Some(i64::from(words))),
        ];
        let mut entry = Entry {
            key: article.order(),
            version: 0,
            hash: article.hash,
            path: article.path.clone(),
            language: article.facts.lang.clone().unwrap_or_default(),
            article: Unit::default(),
            sections: Vec::new(),
            numbers: numbers.into_iter().filter_map(|(number, known)| Some((number, known?))).collect(),
            passages: u64::from(article.passages),
            lengths: Lengths::default(),
            group,
            packed,
        };
        if let Some(title) = &article.facts.title {
            entry.article.values.insert((TextField::Title, exact_term(TextField::Title, title)));
        }
        entry.article.values.insert((TextField::Path, exact_value(TextField::Path, &article.path)));
        let mut section = None;
        for (document, passage) in block.documents(fields, 0).into_iter().zip(block.passages()) {
            if section.replace(passage.section) != Some(passage.section) {
                let is_boilerplate = passage.boilerplate.is_some();
                let level = (!is_boilerplate).then_some(i64::from(passage.level));
                entry.sections.push(Unit { level, is_boilerplate, ..Unit::default() });
                entry.lengths.headings += u64::from(passage.heading.is_some() && !is_boilerplate);
            }
            entry.add(fields, &document.terms);
        }
        Ok(entry)
    }

    /// Adds the terms of a document, which is of the last section.
    fn add(&mut self, fields: &Fields, terms: &Terms) {
        self.lengths.title += terms.length(fields.text(TextField::Title));
        self.lengths.heading += terms.length(fields.text(TextField::Heading));
        self.lengths.body += terms.length(fields.text(TextField::Body));
        let section = self.sections.last_mut().expect("a document is of a section");
        let mut texts: Vec<(TextField, Vec<Token>)> = Vec::new();
        for (field, position, term) in terms.all() {
            if field == fields.exact {
                let Ok(term) = std::str::from_utf8(&term) else { continue };
                let Some((name, value)) = term.split_once('=').filter(|_| term != BOILERPLATE_TERM) else { continue };
                let Some(name) = TextField::ALL.into_iter().find(|field| field.name() == name) else { continue };
                let unit = if name.scope() == Scope::Article { &mut self.article } else { &mut *section };
                unit.values.insert((name, value.to_string()));
            } else if let Some(name) = fields.text_of(field) {
                let at = texts.iter().position(|(text, _)| *text == name).unwrap_or_else(|| {
                    texts.push((name, Vec::new()));
                    texts.len() - 1
                });
                push_tokens(&mut texts[at].1, position, &term);
            }
        }
        for (name, tokens) in texts {
            let unit = if name.scope() == Scope::Article { &mut self.article } else { &mut *section };
            unit.append(name, tokens);
        }
    }
}

/// The token of a folded word.
#[must_use]
pub(crate) fn word_token(folded: &str) -> String {
    format!("={folded}")
}

/// The token of a stem.
#[must_use]
pub(crate) fn stem_token(language: Language, stem: &str) -> String {
    format!("{}~{stem}", language.code())
}

/// The same of a word that its article's language does not stem.
#[must_use]
pub(crate) fn other_token(token: &str) -> String {
    format!("?{token}")
}

/// Adds the tokens of a term of the index at a position.
fn push_tokens(tokens: &mut Vec<Token>, position: u32, term: &[u8]) {
    let Some(TermParts { folded, language, form, words, .. }) = term::parts(term) else {
        // The term of a stem.
        let stem = term.split(|&byte| byte == term::SEPARATOR).nth(1).map(String::from_utf8_lossy);
        let code = String::from_utf8_lossy(&term[1..]).split(char::from(term::SEPARATOR)).next().map(str::to_string);
        if let (Some(stem), Some(language)) = (stem, code.and_then(|code| Language::from_exact_code(&code))) {
            tokens.push((position, stem_token(language, &stem)));
        }
        return;
    };
    let first = tokens.len();
    tokens.push((position, word_token(folded)));
    match Language::from_exact_code(language).filter(|_| !language.is_empty()) {
        Some(language) if language.changes_ends_only() => {
            let stem = language.stem(form);
            if language.stems(form) && near(language, folded, &stem) {
                tokens.push((position, stem_token(language, &stem)));
            }
        }
        Some(_) => {}
        None => {
            let mut is_stemmed = false;
            for language in Language::with_stemmers().filter(|language| language.stems(form)) {
                let stem = language.stem(form);
                is_stemmed = true;
                if near(language, folded, &stem) && (stem != folded || form != folded) {
                    tokens.push((position, other_token(&stem_token(language, &stem))));
                }
            }
            if is_stemmed && form == folded {
                tokens.push((position, other_token(folded)));
            }
        }
    }
    if words > 1 {
        let of_first = tokens[first..].to_vec();
        tokens.extend(of_first.into_iter().map(|(position, token)| (position + words - 1, token)));
    }
}
