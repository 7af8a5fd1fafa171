//! Headings in bare text: which blocks are headings, judged by the line, its neighbours and the article as a whole.
//!
//! Each signal is a small function of a [`Candidate`] and says for or against; a block is a heading if the sum is
//! positive. [`mark`] is the only door, so the way of judging can be replaced whole.

use super::{Block, BlockKind};

/// Longer blocks are paragraphs.
const MOST_CHARS: usize = 120;
/// Blocks of more words are paragraphs.
const MOST_WORDS: usize = 16;
/// A block of so many words is running text.
const RUNNING_WORDS: usize = 20;

/// What the signals look at.
struct Candidate<'a> {
    line: &'a str,
    words: usize,
    previous: Option<Neighbour<'a>>,
    next: Option<Neighbour<'a>>,
    /// Blocks behind this one that are running text.
    running_after: usize,
    /// Share of the article's blocks that are short.
    short_share: f64,
}

#[derive(Clone, Copy)]
struct Neighbour<'a> {
    line: &'a str,
    words: usize,
    /// Is it still running text, as far as is known?
    is_text: bool,
}

impl Neighbour<'_> {
    fn is_running(&self) -> bool {
        self.is_text && (self.words >= RUNNING_WORDS || self.words >= 8 && ends_sentence(self.line))
    }
}

/// A signal: how much a property of the line speaks for a heading (above 0) or against it.
type Signal = fn(&Candidate) -> f64;

const SIGNALS: &[(&str, Signal)] = &[
    ("length", length),
    ("sentence end", sentence_end),
    ("first letter", first_letter),
    ("bullet", bullet),
    ("caption or credit", caption),
    ("address", address),
    ("quotation", quotation),
    ("text after", text_after),
    ("text before", text_before),
    ("short neighbours", short_neighbours),
    ("short article", short_article),
    ("figures", figures),
];

/// Marks the blocks of a bare text that are headings.
pub fn mark(text: &str, blocks: &mut [Block]) {
    let lines: Vec<Neighbour<'_>> = blocks
        .iter()
        .map(|block| {
            let line = &text[block.span.clone()];
            Neighbour { line, words: word_count(line), is_text: block.kind == BlockKind::Paragraph }
        })
        .collect();
    let texts = lines.iter().filter(|line| line.is_text).count();
    let short = lines.iter().filter(|line| line.is_text && line.words < 8).count();
    let short_share = short as f64 / texts.max(1) as f64;
    let mut running_after = 0;
    let mut scores = vec![f64::NEG_INFINITY; blocks.len()];
    for i in (0..blocks.len()).rev() {
        let Neighbour { line, words, is_text } = lines[i];
        if is_text && words <= MOST_WORDS && line.len() <= MOST_CHARS * 4 && line.chars().count() <= MOST_CHARS {
            let previous = i.checked_sub(1).map(|p| lines[p]);
            let candidate =
                Candidate { line, words, previous, next: lines.get(i + 1).copied(), running_after, short_share };
            scores[i] = SIGNALS.iter().map(|(_, signal)| signal(&candidate)).sum();
        }
        running_after += usize::from(lines[i].is_running());
    }
    alike(&lines, &mut scores);
    for (block, score) in blocks.iter_mut().zip(scores) {
        if score > 0.0 {
            block.kind = BlockKind::Heading(1);
        }
    }
}

/// Headings of one article look alike: a doubtful line gains if sure ones are written as it is, and loses if not.
fn alike(lines: &[Neighbour<'_>], scores: &mut [f64]) {
    const SURE: f64 = 1.5;
    let style = |line: &str| (is_capitals(line), line.ends_with('?'), ends_sentence(line));
    let sure: Vec<_> =
        lines.iter().zip(scores.iter()).filter(|(_, score)| **score > SURE).map(|(line, _)| style(line.line)).collect();
    if sure.len() < 2 {
        return;
    }
    for (line, score) in lines.iter().zip(scores.iter_mut()) {
        if *score < SURE && *score > -2.0 {
            let same = sure.iter().filter(|other| **other == style(line.line)).count();
            *score += if same >= 2 {
                0.5
            } else if same == 0 {
                -0.5
            } else {
                0.0
            };
        }
    }
}

fn word_count(line: &str) -> usize {
    let spaced = line.split_whitespace().take(200).count();
    let unspaced = line.chars().take(400).filter(|&c| crate::text::word::is_unspaced(c)).count();
    // Two characters make about a word where no spaces are written.
    spaced + unspaced / 2
}

fn ends_sentence(line: &str) -> bool {
    let line = line.trim_end_matches(['"', '”', '’', '\'', '»', ')', ']', '」', '』']);
    line.ends_with(['.', '!', '…', '。', '！', '।', '؟'])
}

fn is_capitals(line: &str) -> bool {
    let mut letters = line.chars().filter(|c| c.is_alphabetic()).peekable();
    letters.peek().is_some() && letters.all(char::is_uppercase)
}

fn length(c: &Candidate) -> f64 {
    match c.words {
        0 => -9.0,
        1..=9 => 1.0,
        10..=12 => 0.4,
        _ => -0.6,
    }
}

fn sentence_end(c: &Candidate) -> f64 {
    if ends_sentence(c.line) {
        let stop = c.line.ends_with('.') && !c.line.ends_with("...");
        return if stop { -3.0 } else { -1.5 };
    }
    match c.line.chars().last() {
        Some(',' | ';' | '-' | '–') => -3.0,
        Some(':') => -0.8,
        _ => 0.3,
    }
}

fn first_letter(c: &Candidate) -> f64 {
    match c.line.chars().find(|c| c.is_alphanumeric()) {
        Some(first) if first.is_lowercase() => -2.6,
        Some(_) if is_capitals(c.line) => 0.3,
        Some(_) => 0.0,
        None => -9.0,
    }
}

fn bullet(c: &Candidate) -> f64 {
    if c.line.starts_with(['-', '•', '·', '*', '▪', '●', '–', '—', '→', '►', '>', '|', '+', '○', '◦'])
    {
        -2.5
    } else {
        0.0
    }
}

fn caption(c: &Candidate) -> f64 {
    const OPENERS: &[&str] = &[
        "Photo",
        "Image",
        "Picture",
        "Foto",
        "Bild",
        "Video",
        "Caption",
        "Credit",
        "File photo",
        "Source",
        "Quelle",
        "Crédit",
        "Graphic",
        "Figure",
        "Fig.",
        "Table",
    ];
    const ENDINGS: &[&str] = &[
        "/AFP",
        "/AP",
        "/Getty Images",
        "Getty Images",
        "(AP)",
        "(Reuters)",
        "/REUTERS",
        "/Reuters",
        "(AFP)",
        "/dpa",
        "(Photo",
        "Shutterstock",
    ];
    let opens = OPENERS.iter().any(|opener| {
        c.line.strip_prefix(opener).is_some_and(|rest| {
            rest.starts_with([':', ' ', '/']) && (rest.contains(':') || rest.contains('/') || rest.starts_with(" by "))
        })
    });
    if opens || ENDINGS.iter().any(|ending| c.line.contains(ending)) { -3.0 } else { 0.0 }
}

fn address(c: &Candidate) -> f64 {
    if c.line.contains("http")
        || c.line.contains("www.")
        || c.line.contains('@')
        || c.line.contains(" | ")
        || c.line.starts_with('#')
    {
        -3.0
    } else {
        0.0
    }
}

fn quotation(c: &Candidate) -> f64 {
    let quotes = ['"', '“', '”', '«', '»', '„'];
    if c.line.starts_with(quotes) && c.line.ends_with(quotes) && c.words > 8 { -0.8 } else { 0.0 }
}

fn text_after(c: &Candidate) -> f64 {
    match c.next {
        Some(next) if next.is_running() => 0.8,
        Some(_) if c.running_after == 0 => -3.0,
        Some(_) => -0.4,
        None => -6.0,
    }
}

fn text_before(c: &Candidate) -> f64 {
    match c.previous {
        Some(previous) if previous.line.ends_with(':') => -1.0,
        Some(previous) if previous.is_running() => 0.4,
        Some(previous) if previous.is_text => -0.5,
        _ => 0.0,
    }
}

fn short_neighbours(c: &Candidate) -> f64 {
    // A short line that ends as sentences do is a paragraph, not a line of a list.
    let short = |neighbour: Option<Neighbour<'_>>| {
        neighbour.is_some_and(|n| n.is_text && n.words < RUNNING_WORDS && !ends_sentence(n.line))
    };
    match (short(c.previous), short(c.next)) {
        (true, true) => -2.5,
        (false, true) => -1.4,
        (true, false) => -2.0,
        _ => 0.0,
    }
}

fn short_article(c: &Candidate) -> f64 {
    if c.short_share > 0.6 { -1.0 } else { 0.0 }
}

fn figures(c: &Candidate) -> f64 {
    let digits = c.line.chars().filter(char::is_ascii_digit).count();
    let all = c.line.chars().filter(|c| !c.is_whitespace()).count();
    if digits * 2 > all { -3.5 } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::layout;

    fn headings(text: &str) -> Vec<&str> {
        let mut blocks = layout::blocks(text);
        mark(text, &mut blocks);
        blocks.into_iter().filter(|b| matches!(b.kind, BlockKind::Heading(_))).map(|b| &text[b.span]).collect()
    }

    const PARAGRAPH: &str = "Dockers at the port of Halden walked out on Monday after talks about pay and hours had failed, the union said, and ferries stayed in port.";

    #[test]
    fn a_bare_line_between_paragraphs_is_a_heading() {
        for heading in [
            "The dispute",
            "THE DISPUTE",
            "What do the dockers want?",
            "Ein langer Streit um die Arbeitszeit",
            "1. The dispute",
            "港口罢工",
        ] {
            let text = format!("{PARAGRAPH}\n{heading}\n{PARAGRAPH}\n{PARAGRAPH}\n");
            assert_eq!(headings(&text), [heading]);
        }
    }

    #[test]
    fn other_short_lines_are_not() {
        for line in [
            "Ferries sail again.",
            "and then they left",
            "Photo: Mara Lindqvist / Halden Courier",
            "- higher pay",
            "www.example.org",
            "1987 12 40 33",
            "***",
        ] {
            let text = format!("{PARAGRAPH}\n{line}\n{PARAGRAPH}\n{PARAGRAPH}\n");
            assert_eq!(headings(&text), [""; 0], "{line}");
        }
    }

    #[test]
    fn nothing_at_the_end_and_no_list() {
        assert_eq!(headings(&format!("{PARAGRAPH}\n{PARAGRAPH}\nThe end\n")), [""; 0]);
        assert_eq!(headings(&format!("{PARAGRAPH}\nHigher pay\nShorter hours\nBetter boots\n{PARAGRAPH}\n")), [""; 0]);
    }
}
