//! Markdown as its reader sees it: the text without the signs of its markup. A stored passage keeps its markup, so that it
//! is a stretch of its file; the markup is removed where a passage is shown to people.

use std::ops::Range;

use crate::model::{Article, Passage};
use crate::search::Mark;

/// Endings of the names of Markdown files.
const ENDINGS: [&str; 7] = [".md", ".markdown", ".mdown", ".mkd", ".mdx", ".qmd", ".rmd"];

/// Is a passage Markdown? No other format tells markup from words.
pub(crate) fn is_markdown(article: &Article, passage: &Passage) -> bool {
    // The name inside an archive, or of the file.
    let ends = |name: &str| {
        let name = name.to_ascii_lowercase();
        ENDINGS.iter().any(|ending| name.ends_with(ending))
    };
    !passage.markup.is_empty() || article.record.as_deref().is_some_and(ends) || ends(&article.path)
}

/// `text` as it is read, with its marks; `text` itself if it is not Markdown.
pub(crate) fn shown(article: &Article, passage: &Passage, text: &str, marks: &[Mark]) -> (String, Vec<Mark>) {
    if is_markdown(article, passage) { readable(text, marks) } else { (text.to_string(), marks.to_vec()) }
}

/// A range of a text and its replacement.
type Edit = (Range<usize>, String);

/// The text without the signs of Markdown's markup, and its marks on the same words. The text may be a part that begins or
/// ends within a link or a stressed word.
#[must_use]
pub(crate) fn readable(text: &str, marks: &[Mark]) -> (String, Vec<Mark>) {
    let mut scanner = Scanner { text, edits: Vec::new(), at: 0, brackets: Vec::new() };
    scanner.scan();
    let mut edits = scanner.edits;
    remove_stress(text, &mut edits);
    edits.sort_by_key(|(range, _)| (range.start, range.end));
    apply(text, &edits, marks)
}

fn apply(text: &str, edits: &[Edit], marks: &[Mark]) -> (String, Vec<Mark>) {
    let mut out = String::with_capacity(text.len());
    // Offsets in the text where the shift to the new text changes, each with its offset in the new text.
    let mut offsets: Vec<(usize, usize)> = vec![(0, 0)];
    let mut at = 0;
    for (range, instead) in edits {
        if range.start < at {
            continue;
        }
        out.push_str(&text[at..range.start]);
        offsets.push((range.start, out.len()));
        out.push_str(instead);
        offsets.push((range.end, out.len()));
        at = range.end;
    }
    out.push_str(&text[at..]);
    let moved = |of: usize| {
        let last = offsets.partition_point(|&(old, _)| old <= of) - 1;
        let (old, new) = offsets[last];
        // An offset inside a replaced range moves at most to the end of the replacement.
        let limit = offsets.get(last + 1).map_or(out.len(), |&(_, new)| new);
        (new + (of - old)).min(limit)
    };
    let marks = marks.iter().map(|&(start, end)| (moved(start), moved(end)));
    let is_whole = |&(start, end): &Mark| start < end && out.is_char_boundary(start) && out.is_char_boundary(end);
    let marks = marks.filter(is_whole).collect();
    (out, marks)
}

struct Scanner<'a> {
    text: &'a str,
    edits: Vec<Edit>,
    at: usize,
    /// Open brackets: where they begin, and the number of bytes (`[` or `![`).
    brackets: Vec<(usize, usize)>,
}

impl Scanner<'_> {
    fn remove(&mut self, range: Range<usize>) {
        self.edits.push((range, String::new()));
    }

    fn scan(&mut self) {
        let mut is_line_start = true;
        while self.at < self.text.len() {
            if is_line_start {
                self.line_start();
            }
            let rest = &self.text[self.at..];
            let Some(c) = rest.chars().next() else { break };
            is_line_start = c == '\n';
            let length = match c {
                '`' => self.code(rest),
                '\\' => self.escape(rest),
                '&' => self.entity(rest),
                '<' => self.tag(rest),
                '!' if rest.starts_with("![") => {
                    self.brackets.push((self.at, 2));
                    Some(2)
                }
                '[' => self.open(rest),
                ']' => self.close(rest),
                _ => None,
            };
            self.at += length.unwrap_or(c.len_utf8());
        }
    }

    /// Signs of headings and quotations at the start of a line.
    fn line_start(&mut self) {
        let line = self.text[self.at..].split('\n').next().expect("split yields one piece");
        let mut rest = line;
        while let Some(inner) = rest.trim_start_matches(' ').strip_prefix('>') {
            rest = inner.strip_prefix(' ').unwrap_or(inner);
        }
        let hashes = rest.len() - rest.trim_start_matches('#').len();
        if (1..=6).contains(&hashes) && rest[hashes..].starts_with(' ') {
            rest = rest[hashes..].trim_start_matches(' ');
        }
        let length = line.len() - rest.len();
        if length > 0 {
            self.remove(self.at..self.at + length);
            self.at += length;
        }
    }

    /// Code between backticks, of which only these are removed.
    fn code(&mut self, rest: &str) -> Option<usize> {
        let ticks = rest.len() - rest.trim_start_matches('`').len();
        let inner = &rest[ticks..];
        let mut from = 0;
        while let Some(found) = inner[from..].find('`') {
            let start = from + found;
            let run = inner[start..].len() - inner[start..].trim_start_matches('`').len();
            if run == ticks {
                self.remove(self.at..self.at + ticks);
                self.remove(self.at + ticks + start..self.at + ticks + start + run);
                // Nothing in it is markup.
                for (i, sign) in inner[..start].char_indices().filter(|(_, c)| "*_~".contains(*c)) {
                    self.edits.push((self.at + ticks + i..self.at + ticks + i + 1, sign.to_string()));
                }
                return Some(ticks + start + run);
            }
            from = start + run;
        }
        Some(ticks)
    }

    fn escape(&mut self, rest: &str) -> Option<usize> {
        let escaped = rest[1..].chars().next().filter(char::is_ascii_punctuation)?;
        // The sign is put back, so that it is not taken for markup.
        self.edits.push((self.at..self.at + 2, escaped.to_string()));
        Some(2)
    }

    fn entity(&mut self, rest: &str) -> Option<usize> {
        const MAX_ENTITY: usize = 32;
        let end = rest.bytes().take(MAX_ENTITY).position(|byte| byte == b';')?;
        let entity = &rest[..=end];
        if !entity[1..end].bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'#') {
            return None;
        }
        let decoded = quick_xml::escape::unescape(entity).ok()?.replace('\u{a0}', " ");
        self.edits.push((self.at..self.at + entity.len(), decoded));
        Some(entity.len())
    }

    /// A tag of HTML, or an address in angle brackets.
    fn tag(&mut self, rest: &str) -> Option<usize> {
        let end = rest.find(['>', '\n']).filter(|&end| rest[end..].starts_with('>'))?;
        let inner = &rest[1..end];
        if inner.contains("://") && !inner.contains([' ', '=']) || inner.starts_with("mailto:") {
            self.remove(self.at..self.at + 1);
            self.remove(self.at + end..self.at + end + 1);
            return Some(end + 1);
        }
        let name: String = inner.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
        let is_tag = name.starts_with(|c: char| c.is_ascii_alphabetic())
            && inner.trim_start_matches('/')[name.len()..].chars().next().is_none_or(|c| c.is_whitespace() || c == '/');
        if !is_tag {
            return None;
        }
        let instead = if name.eq_ignore_ascii_case("br") { " " } else { "" };
        self.edits.push((self.at..self.at + end + 1, instead.into()));
        Some(end + 1)
    }

    /// A footnote mark, or the start of a link.
    fn open(&mut self, rest: &str) -> Option<usize> {
        if rest.starts_with("[^")
            && let Some(end) = rest.find(']')
            && rest[2..end].chars().all(|c| c.is_alphanumeric() || "-_".contains(c))
            && end > 2
        {
            // At the start of a line it is the footnote's own, with a colon.
            let colon = if rest[end + 1..].starts_with(": ") { 2 } else { 0 };
            self.remove(self.at..self.at + end + 1 + colon);
            return Some(end + 1 + colon);
        }
        self.brackets.push((self.at, 1));
        Some(1)
    }

    /// The end of the text of a link: the brackets and the address are removed, also if the text ends in the address, or
    /// began in the link's text.
    fn close(&mut self, rest: &str) -> Option<usize> {
        let open = self.brackets.pop();
        let inner = &rest[1..];
        let address = if inner.starts_with('(') {
            link_end(inner)
        } else if inner.starts_with('[') {
            inner.find(']').filter(|&end| !inner[1..end].contains(['\n', '['])).map(|end| end + 1)
        } else {
            None
        };
        let length = 1 + address?;
        // A bracket that was opened before the text is part of a link only if an address follows.
        match open {
            Some((start, signs)) => self.remove(start..start + signs),
            None if inner.starts_with('(') => {}
            None => return None,
        }
        self.remove(self.at..self.at + length);
        Some(length)
    }
}

/// The end of `(address "title")`, or of the text if that ends within the address; `None` if it is no address.
fn link_end(text: &str) -> Option<usize> {
    let inner = &text[1..];
    let mut depth = 1;
    for (i, c) in inner.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            '\n' => return None,
            _ => {}
        }
        if depth == 0 {
            let target = inner[..i].trim();
            let (address, title) = target.split_once(char::is_whitespace).unwrap_or((target, ""));
            let is_title = title.is_empty() || title.trim_start().starts_with(['"', '\'', '(']);
            return (is_title && !address.is_empty() || target.is_empty()).then_some(i + 2);
        }
    }
    // Cut off within the address.
    let is_address = ["http", "www.", "/", "#", "mailto:"].iter().any(|start| inner.starts_with(start));
    let end = inner.find(char::is_whitespace).unwrap_or(inner.len());
    is_address.then_some(1 + end)
}

/// Removes `**`, `__`, `~~`, `*` and `_` around stressed text. Double signs are removed also if the other end is not in the
/// text; single ones only in pairs around words, since they may be something else.
fn remove_stress(text: &str, edits: &mut Vec<Edit>) {
    // Signs within edits are not markup, or are gone.
    let mut covered = vec![false; text.len()];
    for (range, _) in edits.iter() {
        covered[range.clone()].iter_mut().for_each(|covered| *covered = true);
    }
    let mut open: Vec<(char, usize, usize)> = Vec::new();
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let sign = bytes[at];
        if covered[at] || !matches!(sign, b'*' | b'_' | b'~') {
            at += 1;
            continue;
        }
        let end = (at..bytes.len()).find(|&i| bytes[i] != sign || covered[i]).unwrap_or(bytes.len());
        let run = end - at;
        let seen = |c: Option<char>| c.filter(|c| !c.is_whitespace());
        let (before, after) = (seen(text[..at].chars().next_back()), seen(text[end..].chars().next()));
        let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let (opens, closes) = match sign {
            b'_' => (after.is_some() && !is_word(before), before.is_some() && !is_word(after)),
            _ if run == 1 => (after.is_some() && !is_word(before), before.is_some() && !is_word(after)),
            _ => (after.is_some(), before.is_some()),
        };
        let sign = char::from(sign);
        let pair =
            closes.then(|| open.iter().rposition(|&(other, _, length)| other == sign && length == run)).flatten();
        if let Some(pair) = pair {
            let (_, start, _) = open[pair];
            open.truncate(pair);
            if sign != '~' || run == 2 {
                edits.push((start..start + run, String::new()));
                edits.push((at..end, String::new()));
            }
        } else if opens && run <= 3 {
            open.push((sign, at, run));
        } else if closes && run == 2 && sign == '*' {
            edits.push((at..end, String::new()));
        }
        at = end;
    }
    // The other end is not in the text.
    for (sign, start, run) in open {
        if sign == '*' && run == 2 && !text[..start].ends_with(char::is_alphanumeric) {
            edits.push((start..start + run, String::new()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readable_table() {
        for (text, expected) in [
            ("The **harbour** is _closed_.", "The harbour is closed."),
            ("***All*** of ~~Monday~~ Tuesday", "All of Monday Tuesday"),
            ("Read [the report](https://halden.example/a_b(1) \"Report\") now", "Read the report now"),
            ("Read [the report](https://halden.example/a_", "Read the report"),
            ("the report](https://halden.example/a) now", "the report now"),
            ("![Der Hafen](hafen.jpg) Der Hafen", "Der Hafen Der Hafen"),
            ("see [the report][1] and [him]", "see the report and [him]"),
            ("a claim[^3] and another[^note]", "a claim and another"),
            ("[^3]: Le Courrier de Halden", "Le Courrier de Halden"),
            ("Fish &amp; chips, caf&eacute;, it&#8217;s&nbsp;over", "Fish & chips, café, it’s over"),
            ("AT&T; R&D &nothing;", "AT&T; R&D &nothing;"),
            ("### La grève\n> « Non », dit-il", "La grève\n« Non », dit-il"),
            ("#strike is no heading", "#strike is no heading"),
            ("2 * 3 * 4, snake_case_name, 5*6*7, ~5", "2 * 3 * 4, snake_case_name, 5*6*7, ~5"),
            (r"\*not stressed\* and 1\. no list", "*not stressed* and 1. no list"),
            ("run `a_b *c*` twice", "run a_b *c* twice"),
            ("one<br>two <em>three</em> a < b > c", "one two three a < b > c"),
            ("<https://halden.example/x_y_z>", "https://halden.example/x_y_z"),
            ("starts **in the middle", "starts in the middle"),
            ("ends in** the middle", "ends in the middle"),
            ("**港口**罢工 и **порт**", "港口罢工 и порт"),
            ("- an item\n* another", "- an item\n* another"),
            ("", ""),
        ] {
            assert_eq!(readable(text, &[]).0, expected, "{text}");
            // What is shown no longer changes, unless it was an escaped sign or code.
            if !text.contains(['\\', '`']) {
                assert_eq!(readable(expected, &[]).0, expected, "{expected}");
            }
        }
    }

    #[test]
    fn marks_stay_on_their_words() {
        for text in [
            "The **harbour** [strike](https://halden.example/strike) &amp; more[^1] harbour",
            "> ## _harbour_ caf&eacute; **strike**",
            "`harbour` \\*strike\\* ![harbour](a.jpg)",
        ] {
            let mut marks: Vec<Mark> = ["harbour", "strike"]
                .iter()
                .flat_map(|word| text.match_indices(word))
                .map(|(at, word)| (at, at + word.len()))
                .filter(|&(at, _)| !text[..at].ends_with("example/"))
                .collect();
            marks.sort_unstable();
            let (shown, moved) = readable(text, &marks);
            let words = |text: &str, marks: &[Mark]| -> Vec<String> {
                marks.iter().map(|&(start, end)| text[start..end].to_string()).collect()
            };
            assert_eq!(words(&shown, &moved), words(text, &marks), "{shown}");
        }
        // A mark over markup covers the words inside it; one on an address is gone.
        let text = "a **dock** [strike](http://x.example/strike)";
        let (shown, moved) = readable(text, &[(2, 10), (31, 37)]);
        assert_eq!((shown.as_str(), moved), ("a dock strike", vec![(2, 6)]));
    }
}
