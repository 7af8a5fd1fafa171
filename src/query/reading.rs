//! Decides from the whole query which signs are operators and which are punctuation.
//!
//! Pasted text has quotes and brackets that do not pair, AND and NOT in headlines, and operators with nothing beside
//! them. Where no operator is certain, such a sign is text. Where one is certain, the query was written in the query
//! language, so a slip is left for the parser to report. AND, OR, NOT and distances are not certain in a text with the
//! punctuation of a sentence (`Portland, OR (AP)`).

use std::ops::Range;

use super::ast::MIN_PROSE_WORDS;
use super::error::Note;
use super::fields::{is_field, is_field_of_words};
use super::lexer::{self, Lexed, Suffixes, Token, TokenKind, closers};
use super::saved::{Saved, can_name_saved};
use crate::text::script::is_unspaced;

/// The tokens of a query as they are to be parsed.
pub(super) struct Reading {
    pub tokens: Vec<Token>,
    pub notes: Vec<Note>,
    /// Offset of a quote that is never closed, in a query with operators that are certain.
    pub open_quote: Option<usize>,
}

/// Reads the tokens of `text`.
pub(super) fn read(text: &str, lexed: Lexed, saved: &Saved<'_>) -> Reading {
    let Lexed { mut tokens, open_quote, mut text_minus } = lexed;
    let mut notes = Vec::new();
    let capitals = in_capitals(text, &tokens);
    if capitals {
        read_capitals(text, &mut tokens, &mut notes);
    }
    let balanced = without_loose_brackets(&tokens);
    let punctuated = is_punctuated(&balanced, text);
    let certain = has_certain_operator(&balanced, text, capitals || punctuated, saved);
    if !certain {
        tokens = balanced;
        notes.extend(open_quote.and_then(|at| open_quote_note(text, at)));
        drop_paired_dashes(&mut tokens, &mut text_minus);
        drop_options(text, &mut tokens, &mut text_minus);
    }
    demote_prose(&mut tokens, &mut notes, &mut text_minus);
    demote_without_operands(text, &mut tokens, &mut notes, certain);
    read_question_marks(text, &mut tokens, &mut notes, certain);
    if let Some(minus) = text_minus {
        notes.push(minus_note(text, &minus));
    } else if let Some(sign) =
        doubtful_exclusion(&tokens, punctuated).filter(|_| notes.iter().all(|note| note.code != "capitals"))
    {
        notes.push(exclusion_note(text, &sign));
    }
    Reading { tokens, notes, open_quote: open_quote.filter(|_| certain) }
}

fn is_junction(kind: &TokenKind) -> bool {
    matches!(kind, TokenKind::And | TokenKind::Or | TokenKind::Not | TokenKind::Maybe)
}

/// Whether the words beside the operators are in capitals. A few small letters, as in McDONALD, do not count.
fn in_capitals(text: &str, tokens: &[Token]) -> bool {
    const CAPITALS_TO_A_SMALL_LETTER: usize = 10;
    let words = tokens.iter().filter(|token| !is_junction(&token.kind)).map(|token| &text[token.span.clone()]);
    let (mut upper, mut lower) = (0, 0);
    for c in words.flat_map(str::chars) {
        upper += usize::from(c.is_uppercase());
        lower += usize::from(c.is_lowercase());
    }
    upper > 0 && lower * CAPITALS_TO_A_SMALL_LETTER <= upper
}

/// Whether AND, OR and NOT in `text` are words, since it is a headline in capitals.
pub(super) fn is_headline(text: &str) -> bool {
    let mut tokens = lexer::tokens(text).tokens;
    let junctions = |tokens: &[Token]| tokens.iter().filter(|token| is_junction(&token.kind)).count();
    let before = junctions(&tokens);
    if before == 0 || !in_capitals(text, &tokens) {
        return false;
    }
    read_capitals(text, &mut tokens, &mut Vec::new());
    junctions(&tokens) < before
}

/// Turns the operators of a headline in capitals into words. A query whose operators join single words or phrases, one
/// with operators in brackets, and one with other syntax keep them, with a note.
fn read_capitals(text: &str, tokens: &mut [Token], notes: &mut Vec<Note>) {
    let is_operator = |kind: &TokenKind| is_junction(kind) || *kind == TokenKind::Minus;
    let is_text = |kind: &TokenKind| {
        matches!(kind, TokenKind::Word(word) if !word.starts_with('@'))
            || matches!(kind, TokenKind::Phrase(_, suffixes) if *suffixes == Suffixes::default())
    };
    let is_bracket = |kind: &TokenKind| matches!(kind, TokenKind::Open | TokenKind::Close);
    // A colon after a name that is not a field is punctuation.
    let is_loose = |kind: &TokenKind| matches!(kind, TokenKind::Field(name, _) if !is_field(name));
    let only_text = tokens.iter().all(|token| {
        is_text(&token.kind) || is_operator(&token.kind) || is_bracket(&token.kind) || is_loose(&token.kind)
    });
    if !only_text || !tokens.iter().any(|token| is_junction(&token.kind)) {
        return;
    }
    let mut depth = 0_usize;
    let mut operator_in_brackets = false;
    for token in tokens.iter() {
        match &token.kind {
            TokenKind::Open => depth += 1,
            TokenKind::Close => depth = depth.saturating_sub(1),
            kind => operator_in_brackets |= depth > 0 && is_operator(kind),
        }
    }
    let joins_single_words = !tokens.windows(2).any(|pair| is_text(&pair[0].kind) && is_text(&pair[1].kind));
    // `NOT GUILTY`, `READY OR NOT HERE`: as an operator, this NOT would find nearly everything.
    let excludes_from_nothing = tokens.iter().enumerate().any(|(i, token)| {
        let before = i.checked_sub(1).map(|before| &tokens[before].kind);
        token.kind == TokenKind::Not
            && starts_operand(tokens, i + 1)
            && matches!(before, None | Some(TokenKind::Or | TokenKind::Maybe))
    });
    let rewritten = |change: &dyn Fn(&Token, &str) -> Option<String>| {
        let (mut out, mut end) = (String::new(), 0);
        for token in tokens.iter() {
            let Some(piece) = change(token, &text[token.span.clone()]) else { continue };
            out.push_str(&text[end..token.span.start]);
            out.push_str(&piece);
            end = token.span.end;
        }
        out + &text[end..]
    };
    let keeps = operator_in_brackets || joins_single_words && !excludes_from_nothing;
    let mut note = if keeps {
        let message = "the whole query is in capitals; AND, OR and NOT were taken for operators; to search them as words, write them in lower case";
        let mut note = Note::new("capitals", message);
        note.other = Some(rewritten(&|token, piece| is_junction(&token.kind).then(|| piece.to_lowercase())));
        note
    } else {
        let message = "the whole query is in capitals, so AND, OR and NOT were searched as words; to make them operators, write the other words in lower case or use parentheses";
        let mut note = Note::new("word", message);
        note.other = Some(rewritten(&|token, piece| (!is_operator(&token.kind)).then(|| piece.to_lowercase())));
        note
    };
    note.this = Some(text.to_string());
    notes.push(note);
    if keeps {
        return;
    }
    for token in tokens.iter_mut().filter(|token| is_operator(&token.kind)) {
        token.kind = TokenKind::Word(text[token.span.clone()].to_lowercase());
    }
}

/// The tokens without the brackets that do not pair, and without the signs that belong to such a bracket.
fn without_loose_brackets(tokens: &[Token]) -> Vec<Token> {
    let mut open = Vec::new();
    let mut loose = vec![false; tokens.len()];
    for (i, token) in tokens.iter().enumerate() {
        match token.kind {
            TokenKind::Open => open.push(i),
            TokenKind::Close => loose[i] = open.pop().is_none(),
            _ => {}
        }
    }
    for i in open {
        loose[i] = true;
        for before in (0..i).rev() {
            if !matches!(tokens[before].kind, TokenKind::Minus | TokenKind::Plus | TokenKind::Verbatim)
                || tokens[before].span.end != tokens[before + 1].span.start
            {
                break;
            }
            loose[before] = true;
        }
    }
    for i in 1..tokens.len() {
        loose[i] |= loose[i - 1] && matches!(tokens[i].kind, TokenKind::Boost(_));
    }
    let kept = tokens.iter().zip(&loose).filter(|&(_, &loose)| !loose);
    kept.map(|(token, _)| token.clone()).collect()
}

/// Whether something in a query can only be an operator. In plain text (`is_text`), words in capitals are not.
fn has_certain_operator(tokens: &[Token], text: &str, is_text: bool, saved: &Saved<'_>) -> bool {
    let is_saved = |name: &str| can_name_saved(name) && saved(name).is_some();
    tokens.iter().enumerate().any(|(i, token)| match &token.kind {
        TokenKind::And | TokenKind::Or | TokenKind::Maybe | TokenKind::Not => {
            let after_operator = i > 0 && is_junction(&tokens[i - 1].kind) && token.kind == TokenKind::Not;
            !is_text && (ends_operand(tokens, i) || after_operator && i > 1) && starts_operand(tokens, i + 1)
        }
        TokenKind::Near(_) => !is_text && has_near_operands(tokens, i),
        TokenKind::Field(name, _) => is_field(name),
        TokenKind::Function(_) => true,
        // Letters between slashes can be a path or a pronunciation.
        TokenKind::Regex(regex) => regex.contains(['*', '+', '?', '.', '[', '\\', '^', '$', '|', '{']),
        TokenKind::Word(_) => text[token.span.clone()].strip_prefix('@').is_some_and(is_saved),
        _ => false,
    })
}

/// Whether a text has the punctuation of a sentence or of code: a comma, semicolon, colon or full stop after a word, a
/// sign between spaces, a path.
fn is_punctuated(tokens: &[Token], text: &str) -> bool {
    const MIN_LETTERS: usize = 4;
    let is_sentence_end = |word: &str| {
        let stem = word.strip_suffix('.').unwrap_or_default();
        stem.chars().count() >= MIN_LETTERS && stem.chars().all(char::is_lowercase)
    };
    let is_loose_sign = |word: &str| !word.contains(char::is_alphanumeric) && !matches!(word, "*" | "|" | "||" | "&&");
    tokens.iter().enumerate().any(|(i, token)| {
        let TokenKind::Word(_) = token.kind else { return false };
        let is_value = i > 0 && matches!(tokens[i - 1].kind, TokenKind::Field(..));
        let word = &text[token.span.clone()];
        !is_value
            && (word.ends_with([',', ';', ':', '،', '、', '，', '：', '；'])
                || is_sentence_end(word)
                || is_path(word)
                || is_loose_sign(word))
    })
}

fn is_path(word: &str) -> bool {
    word.strip_prefix('/').is_some_and(|rest| rest.contains('/'))
}

/// Drops the signs before options of a command. It is a command if an option has a single letter, or two dashes, or if
/// there is a path or URL: `tar -xzf - -C lib`, `curl -sSL https://example.org`.
fn drop_options(text: &str, tokens: &mut Vec<Token>, text_minus: &mut Option<Range<usize>>) {
    let has_letter = |minus: &Range<usize>| text[minus.end..].starts_with(|c: char| c.is_ascii_alphabetic());
    let is_argument = |word: &str| {
        let starts = |start: &str| word.strip_prefix(start).is_some_and(|rest| rest.starts_with(char::is_alphanumeric));
        ["--", "./", "../", "~/"].into_iter().any(starts) || is_path(word) || word.contains("://")
    };
    let has_argument = |tokens: &[Token]| {
        tokens.iter().any(|token| matches!(token.kind, TokenKind::Word(_)) && is_argument(&text[token.span.clone()]))
    };
    if let Some(first) = tokens.windows(2).find(|pair| is_option(pair)).map(|pair| pair[0].span.clone())
        && (text_minus.as_ref().is_some_and(has_letter) || has_argument(tokens))
    {
        text_minus.get_or_insert(first);
        let mut i = 0;
        let options: Vec<bool> = tokens.windows(2).map(is_option).chain([false]).collect();
        tokens.retain(|_| {
            i += 1;
            !options[i - 1]
        });
    }
}

/// Whether these are a minus and a word as short as an option of a command.
fn is_option(pair: &[Token]) -> bool {
    const MAX_LETTERS: usize = 4;
    pair[0].kind == TokenKind::Minus
        && matches!(&pair[1].kind, TokenKind::Word(word)
            if word.len() <= MAX_LETTERS && word.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// Drops the sign of `-who is ill-`: a pair of dashes.
fn drop_paired_dashes(tokens: &mut Vec<Token>, text_minus: &mut Option<Range<usize>>) {
    let is_end = |token: &Token| matches!(&token.kind, TokenKind::Word(word) if word.len() > 1 && word.ends_with('-'));
    let Some(last) = tokens.iter().rposition(is_end) else { return };
    let Some(first) = tokens[..last].iter().position(|token| token.kind == TokenKind::Minus) else { return };
    text_minus.get_or_insert(tokens[first].span.clone());
    let mut i = 0;
    tokens.retain(|token| {
        i += 1;
        i > last || token.kind != TokenKind::Minus
    });
}

/// Whether the token before `i` ends an operand.
fn ends_operand(tokens: &[Token], i: usize) -> bool {
    i.checked_sub(1).is_some_and(|before| {
        matches!(
            tokens[before].kind,
            TokenKind::Close | TokenKind::Boost(_) | TokenKind::Word(_) | TokenKind::Phrase(..) | TokenKind::Regex(_)
        )
    })
}

/// Whether an operand starts at the token `i`, after any signs that exclude or require it.
fn starts_operand(tokens: &[Token], i: usize) -> bool {
    let is_sign = |token: &&Token| matches!(token.kind, TokenKind::Not | TokenKind::Minus | TokenKind::Plus);
    let first = tokens.get(i..).unwrap_or_default().iter().find(|token| !is_sign(token));
    first.is_some_and(|token| {
        !matches!(
            token.kind,
            TokenKind::Close | TokenKind::And | TokenKind::Or | TokenKind::Maybe | TokenKind::Boost(_)
        )
    })
}

/// Whether the operator of proximity at `i` has operands. NOT may precede it.
fn has_near_operands(tokens: &[Token], i: usize) -> bool {
    let negated = i > 0 && tokens[i - 1].kind == TokenKind::Not;
    ends_operand(tokens, i - usize::from(negated)) && starts_operand(tokens, i + 1)
}

/// Turns the phrases of prose (an abstract, a paragraph to find similar articles by) into words, and drops a minus
/// before a word: its quotes and dashes are punctuation, and a phrase that must match would leave no hits. Text with an
/// operator, and phrases alone, are no prose.
fn demote_prose(tokens: &mut Vec<Token>, notes: &mut Vec<Note>, text_minus: &mut Option<Range<usize>>) {
    let words = |token: &Token| match &token.kind {
        TokenKind::Word(_) => 1,
        TokenKind::Phrase(text, _) => text.split_whitespace().count(),
        _ => 0,
    };
    let is_text = |kind: &TokenKind| {
        matches!(kind, TokenKind::Word(_) | TokenKind::Open | TokenKind::Close | TokenKind::Minus)
            || matches!(kind, TokenKind::Phrase(_, suffixes) if *suffixes == Suffixes::default())
    };
    let has = |test: fn(&TokenKind) -> bool| tokens.iter().any(|token| test(&token.kind));
    if !has(|kind| matches!(kind, TokenKind::Word(_)))
        || !tokens.iter().all(|token| is_text(&token.kind))
        || tokens.iter().map(words).sum::<usize>() < MIN_PROSE_WORDS
    {
        return;
    }
    if let Some(minus) = tokens.iter().find(|token| token.kind == TokenKind::Minus) {
        text_minus.get_or_insert(minus.span.clone());
        tokens.retain(|token| token.kind != TokenKind::Minus);
    }
    if !tokens.iter().any(|token| matches!(token.kind, TokenKind::Phrase(..))) {
        return;
    }
    let mut out = Vec::new();
    for token in std::mem::take(tokens) {
        let TokenKind::Phrase(text, _) = &token.kind else {
            out.push(token);
            continue;
        };
        let words = text.split_whitespace().filter(|word| !word.contains(['(', ')']));
        out.extend(words.map(|word| Token { kind: TokenKind::Word(word.to_string()), span: token.span.clone() }));
    }
    *tokens = out;
    let message = "this is long enough to be prose, so its quotes were taken for punctuation; a + in front of one makes it a phrase again";
    notes.push(Note::new("word", message));
}

/// Turns operators without operands into words: those of proximity and MAYBE always, AND, OR and NOT if no operator
/// is certain or they are alone in brackets.
fn demote_without_operands(text: &str, tokens: &mut Vec<Token>, notes: &mut Vec<Note>, certain: bool) {
    let to_word = |token: &mut Token| token.kind = TokenKind::Word(text[token.span.clone()].to_string());
    for i in 0..tokens.len() {
        let has_operands = match tokens[i].kind {
            TokenKind::Near(_) => has_near_operands(tokens, i),
            TokenKind::Maybe => ends_operand(tokens, i) && starts_operand(tokens, i + 1),
            _ => continue,
        };
        if !has_operands {
            to_word(&mut tokens[i]);
        }
    }
    let is_alone = |i: usize| {
        i > 0
            && tokens[i - 1].kind == TokenKind::Open
            && tokens.get(i + 1).is_some_and(|token| token.kind == TokenKind::Close)
    };
    let lacks_operand = |i: usize| match tokens[i].kind {
        TokenKind::And | TokenKind::Or => !(ends_operand(tokens, i) && starts_operand(tokens, i + 1)),
        TokenKind::Not | TokenKind::Minus | TokenKind::Plus => !starts_operand(tokens, i + 1),
        _ => false,
    };
    let demoted: Vec<bool> = (0..tokens.len()).map(|i| lacks_operand(i) && (!certain || is_alone(i))).collect();
    let is_sign = |kind: &TokenKind| matches!(kind, TokenKind::Minus | TokenKind::Plus);
    for (token, _) in tokens.iter_mut().zip(&demoted).filter(|(token, demoted)| **demoted && !is_sign(&token.kind)) {
        to_word(token);
        let word = &text[token.span.clone()];
        if !certain && !notes.iter().any(|note| note.code == "word") {
            let message = format!("\"{word}\" has nothing to join or exclude, so it was searched as a word");
            notes.push(Note::new("word", message));
        }
    }
    let mut demoted = demoted.into_iter();
    tokens.retain(|token| !(demoted.next() == Some(true) && is_sign(&token.kind)));
}

fn takes_value(kind: &TokenKind) -> bool {
    matches!(kind, TokenKind::Field(..) | TokenKind::Verbatim)
}

/// The expression for the words that a pattern stands for which ends with `?`; `None` if `word` is none.
fn one_letter_more(word: &str) -> Option<String> {
    let pattern = word.strip_suffix('?')?;
    let is_letter = |c: char| c.is_alphanumeric() && !is_unspaced(c);
    let is_pattern = pattern.chars().all(|c| is_letter(c) || matches!(c, '*' | '?'))
        && pattern.starts_with(is_letter)
        && pattern.ends_with(is_letter);
    is_pattern.then(|| pattern.replace('?', ".").replace('*', ".*") + ".")
}

/// Turns a `?` at the end of a word into one letter where no question ends: at an operand of an operator that is
/// certain, in a field, and at a word that is the whole query, unless it begins with a capital. Among other words it is
/// punctuation.
fn read_question_marks(text: &str, tokens: &mut Vec<Token>, notes: &mut Vec<Note>, certain: bool) {
    if !tokens.iter().any(|token| matches!(&token.kind, TokenKind::Word(word) if word.ends_with('?'))) {
        return;
    }
    let is_lower = |token: &Token| {
        matches!(&token.kind, TokenKind::Word(word)
            if word.contains(char::is_lowercase) && !word.contains(char::is_uppercase))
    };
    let all = std::mem::take(tokens);
    let kind = |i: Option<usize>| i.and_then(|i| all.get(i)).map(|token| &token.kind);
    let joins =
        |kind: Option<&TokenKind>| kind.is_some_and(|kind| is_junction(kind) || matches!(kind, TokenKind::Near(_)));
    for (i, token) in all.iter().enumerate() {
        let TokenKind::Word(word) = &token.kind else {
            tokens.push(token.clone());
            continue;
        };
        let Some(regex) = one_letter_more(word) else {
            tokens.push(token.clone());
            continue;
        };
        let regex = Token { kind: TokenKind::Regex(regex), span: token.span.clone() };
        let (before, after) = (kind(i.checked_sub(1)), kind(Some(i + 1)));
        let is_signed = matches!(before, Some(TokenKind::Plus | TokenKind::Minus));
        let in_brackets = matches!((before, after), (Some(TokenKind::Open), Some(TokenKind::Close)))
            && matches!(kind(i.checked_sub(2)), Some(TokenKind::Field(..) | TokenKind::Function(_)));
        match before {
            Some(TokenKind::Field(name, ':')) if is_field_of_words(name) => {
                let bracket = |kind| Token { kind, span: token.span.clone() };
                tokens.extend([bracket(TokenKind::Open), regex, bracket(TokenKind::Close)]);
                continue;
            }
            Some(kind) if takes_value(kind) => {}
            _ if is_signed || in_brackets || certain && (joins(before) || joins(after)) => {
                tokens.push(regex);
                continue;
            }
            None if all.len() == 1 && is_lower(token) => {
                notes.push(one_letter_note(text, &token.span));
                tokens.push(regex);
                continue;
            }
            _ if all.len() > 1 && all.len() <= MAX_PATTERN_WORDS && all.iter().all(is_lower) => {
                notes.push(question_note(text, &token.span));
            }
            _ => {}
        }
        tokens.push(token.clone());
    }
}

/// A longer query in which a word ends with `?` is a question, which no note need say.
const MAX_PATTERN_WORDS: usize = 3;

/// The note on a `?` that was taken for one letter.
fn one_letter_note(text: &str, word: &Range<usize>) -> Note {
    let typed = &text[word.clone()];
    let without = typed.trim_end_matches('?');
    let message = format!("the ? of \"{typed}\" stands for one letter; to search the word, write {without}");
    let mut note = Note::new("truncation", message);
    note.this = Some(text.to_string());
    note.other = Some(format!("{}{without}{}", &text[..word.start], &text[word.end..]));
    note
}

/// The note on a `?` that was taken for the end of a question.
fn question_note(text: &str, word: &Range<usize>) -> Note {
    let typed = &text[word.clone()];
    let message = format!("the ? of \"{typed}\" is punctuation; for one letter more, write +{typed}");
    let mut note = Note::new("truncation", message);
    note.this = Some(text.to_string());
    note.other = Some(format!("{}+{}", &text[..word.start], &text[word.start..]));
    note
}

/// The span of the first minus or NOT that excludes a word and could be meant as text: in a sentence, at the start of a
/// query (`-BBC`), before the few letters of a command's options (`tar -xzf`).
fn doubtful_exclusion(tokens: &[Token], punctuated: bool) -> Option<Range<usize>> {
    let is_doubtful = |(i, pair): &(usize, &[Token])| {
        let is_word = matches!(pair[1].kind, TokenKind::Word(_));
        match (&pair[0].kind, &pair[1].kind) {
            (TokenKind::Minus, TokenKind::Word(_)) => *i == 0 || punctuated || is_option(pair),
            (TokenKind::Minus, _) => punctuated,
            // NOT alone has a note of its own.
            (TokenKind::Not, _) => is_word && tokens.len() > 2 && (*i == 0 || punctuated),
            _ => false,
        }
    };
    let (_, found) = tokens.windows(2).enumerate().find(is_doubtful)?;
    Some(found[0].span.clone())
}

/// The note on the quote at `at`, which is never closed; `None` if a phrase from there on would be one word.
fn open_quote_note(text: &str, at: usize) -> Option<Note> {
    let text = text.trim_end();
    let quote = text[at..].chars().next()?;
    let words = text[at..].split_whitespace().filter(|word| word.contains(char::is_alphanumeric));
    if words.count() < 2 {
        return None;
    }
    let message = "a quote is never closed, so it was taken for punctuation; close it to search the phrase";
    let mut note = Note::new("quote", message);
    note.this = Some(text.to_string());
    note.other = closers(quote).map(|closers| format!("{text}{}", closers[0]));
    Some(note)
}

/// The note on a minus that was searched as text.
fn minus_note(text: &str, minus: &Range<usize>) -> Note {
    let word = word_after(text, minus);
    let message = format!("\"-{word}\" was searched as text; to exclude it, write NOT {word}");
    let mut note = Note::new("minus", message);
    note.this = Some(text.to_string());
    note.other = Some(format!("{}NOT {}", &text[..minus.start], &text[minus.end..]));
    note
}

/// The note on a minus or NOT, at `sign`, that excludes a word but may be text.
fn exclusion_note(text: &str, sign: &Range<usize>) -> Note {
    let typed = &text[sign.clone()];
    let is_word = typed == "NOT";
    let word = word_after(text, sign).trim_start();
    let word = word.split_whitespace().next().unwrap_or(word);
    let (space, way, instead) =
        if is_word { (" ", "write not in small letters", "not") } else { ("", "remove the minus", "") };
    let message = format!("\"{typed}{space}{word}\" excludes {word}; to search it as text, {way}");
    let mut note = Note::new("minus", message);
    note.this = Some(text.to_string());
    note.other = Some(format!("{}{instead}{}", &text[..sign.start], &text[sign.end..].replace(" -", " ")));
    note
}

/// The word after the sign at `sign`, or what is in quotes or brackets there.
fn word_after<'t>(text: &'t str, sign: &Range<usize>) -> &'t str {
    let rest = &text[sign.end..];
    let ends_word = |c: char| c.is_whitespace() || matches!(c, '(' | ')');
    let word = &rest[..rest.find(ends_word).unwrap_or(rest.len())];
    let trimmed = word.trim_end_matches([',', ';', ':', '.']);
    if trimmed.is_empty() { rest.trim_end() } else { trimmed }
}
