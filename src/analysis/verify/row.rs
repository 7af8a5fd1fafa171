//! An article as one row of words: its title, headings and passages, what is set apart from its text among them, in the
//! order of its file.

use super::quotation::{Token, tokens};
use crate::model::{Article, Passage};
use crate::text::tidy;

/// A stretch of an article: its title, a heading or a passage.
#[derive(Debug)]
pub(super) struct Stretch<'a> {
    /// Its text, with markup replaced by spaces.
    pub plain: String,
    /// The passage; of a heading the first below it, of the title that of the article.
    pub passage: Option<&'a Passage>,
    /// Is it the passage's text?
    pub is_text: bool,
}

/// An article as a row of words.
#[derive(Debug)]
pub(super) struct Row<'a> {
    pub stretches: Vec<Stretch<'a>>,
    /// The words, each with the number of its stretch.
    pub tokens: Vec<(u32, Token)>,
}

impl<'a> Row<'a> {
    pub(super) fn of(article: &Article, passages: &'a [Passage]) -> Row<'a> {
        let mut ordered: Vec<&Passage> = passages.iter().collect();
        // Boilerplate is stored after the text. Where all is a range of the file, the file's order is restored.
        if passages.iter().all(|passage| passage.location.is_some()) {
            ordered.sort_by_key(|passage| (passage.location.map_or(0, |location| location.start), passage.ordinal));
        }
        let mut row = Row { stretches: Vec::new(), tokens: Vec::new() };
        if let Some(title) = &article.facts.title {
            row.push(title.clone(), ordered.first().copied(), false);
        }
        let mut section = None;
        for passage in ordered {
            let plain = passage.words();
            if passage.boilerplate.is_none() && section != Some(passage.section) {
                section = Some(passage.section);
                // A heading without text under it is a passage itself.
                if let Some(heading) = passage.heading.as_ref().filter(|heading| **heading != tidy(&plain)) {
                    row.push(heading.clone(), Some(passage), false);
                }
            }
            row.push(plain, Some(passage), true);
        }
        row
    }

    fn push(&mut self, plain: String, passage: Option<&'a Passage>, is_text: bool) {
        let number = u32::try_from(self.stretches.len()).expect("an article has fewer passages than 2^32");
        self.tokens.extend(tokens(&plain).into_iter().map(|token| (number, token)));
        self.stretches.push(Stretch { plain, passage, is_text });
    }

    /// What is between a word and the next: a blank line where the next is of another stretch.
    pub(super) fn gap(&self, token: usize) -> &str {
        let (here, word) = &self.tokens[token];
        match self.tokens.get(token + 1) {
            Some((there, next)) if here == there => &self.stretches[*here as usize].plain[word.end..next.start],
            _ => "\n\n",
        }
    }

    /// The words `from..to` with all between them.
    pub(super) fn text(&self, from: usize, to: usize) -> String {
        let mut text = String::new();
        for at in from..to {
            let (stretch, word) = &self.tokens[at];
            text.push_str(&self.stretches[*stretch as usize].plain[word.start..word.end]);
            if at + 1 < to {
                text.push_str(self.gap(at));
            }
        }
        text
    }
}
