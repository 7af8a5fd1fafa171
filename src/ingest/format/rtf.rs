//! RTF (Rich Text Format 1.9): paragraphs, decoded by the code pages of their fonts. Headings by style names and outline
//! levels. Not a crate: those available panic on real files or know a single code page.

use encoding_rs::Encoding;
use xxhash_rust::xxh3::xxh3_64;

use super::blocks::BlockWriter;
use super::draft::{Draft, Text};
use super::records::yield_record;
use super::{Context, exports};
use crate::article::BlockKind;
use crate::ingest::source::Source;
use crate::ingest::{SkipReason, Yielded};

/// Most levels of nested groups.
const MOST_DEPTH: usize = 500;

/// Reads a document.
pub(super) fn read(source: Source<'_>, context: &Context, sink: &mut dyn FnMut(Yielded)) -> Result<(), SkipReason> {
    let name = source.name.clone();
    let bytes = source.whole(context.limits)?;
    let document = parse(&bytes);
    let lines: Vec<exports::Line<'_>> =
        document.paragraphs.iter().map(|found| exports::Line { text: &found.text, bold: found.bold }).collect();
    if let Some(stories) = exports::lines(&lines) {
        for (i, story) in stories.into_iter().enumerate() {
            yield_record(
                story.record(&name, Some(i + 1), xxh3_64(&bytes).wrapping_add(i as u64 + 1)),
                &format!("record {}", i + 1),
                sink,
            );
        }
        return Ok(());
    }
    let mut draft = Draft::default();
    draft.title(document.title);
    draft.title_open = draft.facts.title.is_none();
    draft.byline(document.author);
    let mut writer = BlockWriter::default();
    for Paragraph { level, bold, text } in document.paragraphs {
        match level {
            0 if bold => {
                writer.open("p");
                writer.open("b");
                writer.text(&text);
                writer.close("b");
                writer.close("p");
            }
            0 => writer.block(BlockKind::Paragraph, &text),
            level => writer.block(BlockKind::Heading(level), &text),
        }
    }
    draft.text = Text::Page(writer.finish());
    sink(Yielded::Article(Box::new(draft.record(&name, None, xxh3_64(&bytes))?)));
    Ok(())
}

#[derive(Default)]
struct Document {
    paragraphs: Vec<Paragraph>,
    title: Option<String>,
    author: Option<String>,
}

#[derive(Debug, PartialEq)]
struct Paragraph {
    /// Level of the heading; 0 for a paragraph of text.
    level: u8,
    /// Is all of it bold?
    bold: bool,
    text: String,
}

/// Destination of text.
#[derive(Clone, Copy, PartialEq)]
enum Target {
    Body,
    Title,
    Author,
    /// Names of fonts.
    Fonts,
    /// Names of styles.
    Styles,
    Nowhere,
    /// A fact as readers without Unicode show it.
    Fallback,
}

/// The state of a group, which its end restores.
#[derive(Clone)]
struct State {
    target: Target,
    encoding: &'static Encoding,
    /// Number of fallback characters after a Unicode character (`\uc`).
    skip: usize,
    hidden: bool,
    bold: bool,
    font: i32,
    style: i32,
}

struct Reader {
    document: Document,
    stack: Vec<State>,
    state: State,
    /// Text of the open paragraph.
    open: String,
    /// Does it contain text that is not bold?
    has_light: bool,
    /// Text of the open title, author or style name.
    aside: String,
    /// Bytes that are not decoded yet.
    bytes: Vec<u8>,
    /// Are all of them literal, none an escape (`\'e9`)?
    raw: bool,
    default: &'static Encoding,
    /// Encodings of fonts, by number.
    fonts: Vec<(i32, &'static Encoding)>,
    /// Heading levels of styles, by number.
    styles: Vec<(i32, u8)>,
    /// Heading level of the open paragraph.
    level: u8,
    /// Number of fallback characters still to be skipped.
    to_skip: usize,
    /// The high surrogate that was read last.
    high: Option<u16>,
}

/// Parses a document. Damage never fails: what is not understood is skipped.
fn parse(bytes: &[u8]) -> Document {
    let default = encoding_rs::WINDOWS_1252;
    let state =
        State { target: Target::Body, encoding: default, skip: 1, hidden: false, bold: false, font: 0, style: 0 };
    let mut reader = Reader {
        document: Document::default(),
        stack: Vec::new(),
        state,
        open: String::new(),
        has_light: false,
        aside: String::new(),
        bytes: Vec::new(),
        raw: true,
        default,
        fonts: Vec::new(),
        styles: Vec::new(),
        level: 0,
        to_skip: 0,
        high: None,
    };
    reader.run(bytes);
    reader.end_paragraph();
    reader.document
}

impl Reader {
    fn run(&mut self, bytes: &[u8]) {
        let mut at = 0;
        // `{\*` begins a group that is skipped if its first control word is unknown; elsewhere `\*` has no meaning.
        let (mut optional, mut opened) = (false, 0);
        while at < bytes.len() {
            match bytes[at] {
                b'{' => {
                    self.flush();
                    if self.stack.len() >= MOST_DEPTH {
                        return;
                    }
                    self.stack.push(self.state.clone());
                    self.to_skip = 0;
                    at += 1;
                    (optional, opened) = (false, at);
                }
                b'}' => {
                    self.flush();
                    self.close();
                    at += 1;
                }
                b'\\' if bytes.get(at + 1) == Some(&b'*') => {
                    optional = at == opened;
                    at += 2;
                }
                b'\\' => at = self.control(bytes, at + 1, &mut optional),
                b'\r' | b'\n' | 0 => {
                    // Some programs break the line after the brace.
                    opened += usize::from(at == opened);
                    at += 1;
                }
                byte => {
                    self.character(byte);
                    at += 1;
                }
            }
        }
        self.flush();
    }

    /// Ends a group.
    fn close(&mut self) {
        let Some(outer) = self.stack.pop() else { return };
        match self.state.target {
            Target::Title if outer.target != Target::Title => {
                self.document.title = Some(std::mem::take(&mut self.aside))
            }
            Target::Author if outer.target != Target::Author => {
                self.document.author = Some(std::mem::take(&mut self.aside))
            }
            Target::Styles => self.name_style(),
            _ => {}
        }
        self.state = outer;
    }

    /// Reads the control at `at`, after the backslash. Returns the offset after it.
    fn control(&mut self, bytes: &[u8], at: usize, optional: &mut bool) -> usize {
        let Some(&first) = bytes.get(at) else { return at };
        if !first.is_ascii_alphabetic() {
            match first {
                b'\'' => {
                    let hex = bytes.get(at + 1..at + 3).and_then(|hex| std::str::from_utf8(hex).ok());
                    if let Some(byte) = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
                        self.coded(byte);
                        return at + 3;
                    }
                    return at + 1;
                }
                b'~' => self.push("\u{a0}"),
                b'_' => self.push("-"),
                b'\r' | b'\n' => self.end_paragraph(),
                b'{' | b'}' | b'\\' => self.character(first),
                _ => {}
            }
            return at + 1;
        }
        let word_end = bytes[at..]
            .iter()
            .take(40)
            .position(|byte| !byte.is_ascii_alphabetic())
            .map_or(bytes.len().min(at + 40), |end| at + end);
        let word = std::str::from_utf8(&bytes[at..word_end]).expect("the word consists of ASCII letters");
        let mut end = word_end;
        if bytes.get(end) == Some(&b'-') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit) {
            end += 1;
        }
        while bytes.get(end).is_some_and(u8::is_ascii_digit) && end - word_end < 11 {
            end += 1;
        }
        let number = std::str::from_utf8(&bytes[word_end..end]).ok().and_then(|digits| digits.parse::<i64>().ok());
        let mut next = end;
        if bytes.get(next) == Some(&b' ') {
            next += 1;
        }
        let was_optional = std::mem::take(optional);
        if word == "bin" {
            // Followed by that number of binary bytes.
            return next.saturating_add(usize::try_from(number.unwrap_or(0)).unwrap_or(0)).min(bytes.len());
        }
        if word != "u" && self.to_skip > 0 && !matches!(word, "uc") {
            self.to_skip = self.to_skip.saturating_sub(1);
        }
        self.word(word, number, was_optional);
        next
    }

    /// Executes a control word.
    fn word(&mut self, word: &str, number: Option<i64>, optional: bool) {
        let small = number.and_then(|number| i32::try_from(number).ok());
        match word {
            "par" | "sect" | "page" | "row" | "line" | "column" => self.end_paragraph(),
            "pard" => {
                self.level = 0;
                self.state.style = 0;
            }
            "cell" | "nestcell" | "nestrow" => self.end_paragraph(),
            "tab" => self.push("\t"),
            "emdash" => self.push("—"),
            "endash" => self.push("–"),
            "lquote" => self.push("‘"),
            "rquote" => self.push("’"),
            "ldblquote" => self.push("“"),
            "rdblquote" => self.push("”"),
            "bullet" => self.push("•"),
            "emspace" | "enspace" | "qmspace" => self.push(" "),
            "u" => self.unicode(number.unwrap_or(0)),
            "uc" => self.state.skip = usize::try_from(number.unwrap_or(1)).unwrap_or(1).min(16),
            "v" => self.state.hidden = number != Some(0),
            "deleted" => self.state.hidden = number != Some(0),
            // Text before it keeps its weight.
            "b" => {
                self.flush();
                self.state.bold = number != Some(0);
            }
            "plain" => {
                self.flush();
                self.state.hidden = false;
                self.state.bold = false;
                self.state.encoding = self.default;
            }
            "ansicpg" => {
                self.default = code_page(number.unwrap_or(1252)).unwrap_or(self.default);
                self.state.encoding = self.default;
            }
            "mac" => self.default = encoding_rs::MACINTOSH,
            "f" => {
                self.flush();
                self.state.font = small.unwrap_or(0);
                if self.state.target != Target::Fonts {
                    let known = self.fonts.iter().find(|(font, _)| *font == self.state.font);
                    self.state.encoding = known.map_or(self.default, |(_, encoding)| *encoding);
                }
            }
            "fcharset" if self.state.target == Target::Fonts => {
                if let Some(encoding) = character_set(number.unwrap_or(0)) {
                    self.fonts.push((self.state.font, encoding));
                }
            }
            "s" => {
                self.state.style = small.unwrap_or(0);
                if self.state.target == Target::Body {
                    let known = self.styles.iter().find(|(style, _)| *style == self.state.style);
                    self.level = known.map_or(0, |(_, level)| *level);
                }
            }
            "outlinelevel" if self.state.target == Target::Body => {
                self.level = small
                    .and_then(|level| u8::try_from(level.saturating_add(1)).ok())
                    .filter(|level| *level <= 6)
                    .unwrap_or(0);
            }
            // The text twice: for readers with Unicode and without.
            "upr" if self.state.target == Target::Nowhere => self.enter(Target::Fallback),
            "upr" => self.enter(Target::Nowhere),
            "ud" => {
                self.flush();
                let is_fact = self.state.target == Target::Fallback;
                self.state.target = if is_fact { Target::Nowhere } else { Target::Body };
            }
            "fonttbl" => self.enter(Target::Fonts),
            "stylesheet" => self.enter(Target::Styles),
            "title" if self.state.target == Target::Nowhere => self.enter(Target::Title),
            "author" if self.state.target == Target::Nowhere => self.enter(Target::Author),
            "info" | "colortbl" | "pict" | "object" | "header" | "headerl" | "headerr" | "headerf" | "footer"
            | "footerl" | "footerr" | "footerf" | "fldinst" | "listtext" | "pntext" | "themedata" | "datastore"
            | "xe" | "tc" | "nonesttables" | "revtbl" | "listtable" | "sp" | "fldtype" | "bkmkstart" | "bkmkend"
            | "listoverridetable" | "rsidtbl" | "generator" | "atnid" | "annotation" | "filetbl" | "operator" => {
                self.enter(Target::Nowhere);
            }
            "shptxt" | "shp" | "shpinst" | "fldrslt" | "footnote" => {}
            _ if optional => self.enter(Target::Nowhere),
            _ => {}
        }
    }

    /// Changes the destination for the rest of the group.
    fn enter(&mut self, target: Target) {
        self.flush();
        self.aside.clear();
        self.state.target = target;
    }

    /// A literal byte of text.
    fn character(&mut self, byte: u8) {
        if self.to_skip > 0 {
            self.to_skip -= 1;
            return;
        }
        self.bytes.push(byte);
    }

    /// An escaped byte of text.
    fn coded(&mut self, byte: u8) {
        self.raw = false;
        self.character(byte);
    }

    /// A UTF-16 code unit.
    fn unicode(&mut self, number: i64) {
        self.flush();
        let unit = (number & 0xffff) as u16;
        self.to_skip = self.state.skip;
        match (self.high.take(), unit) {
            (_, 0xd800..=0xdbff) => self.high = Some(unit),
            (Some(high), 0xdc00..=0xdfff) => {
                if let Some(Ok(c)) = char::decode_utf16([high, unit]).next() {
                    self.push(c.encode_utf8(&mut [0; 4]));
                }
            }
            (_, unit) => {
                if let Some(c) = char::from_u32(u32::from(unit)).filter(|c| !c.is_control()) {
                    self.push(c.encode_utf8(&mut [0; 4]));
                }
            }
        }
    }

    /// Decodes the bytes read so far.
    fn flush(&mut self) {
        if self.bytes.is_empty() {
            return;
        }
        let bytes = std::mem::take(&mut self.bytes);
        // Some programs write UTF-8, although the format does not provide for it.
        let raw = std::mem::replace(&mut self.raw, true);
        let text = match std::str::from_utf8(&bytes) {
            Ok(text) if raw => text.to_string(),
            _ => self.state.encoding.decode_without_bom_handling(&bytes).0.into_owned(),
        };
        self.put(&text);
    }

    /// Adds text after the bytes read so far.
    fn push(&mut self, text: &str) {
        self.flush();
        self.put(text);
    }

    /// Adds text to the current destination.
    fn put(&mut self, text: &str) {
        match self.state.target {
            _ if self.state.hidden => {}
            Target::Body => {
                self.has_light |= !self.state.bold && !text.trim().is_empty();
                self.open.push_str(text);
            }
            Target::Nowhere | Target::Fallback | Target::Fonts => {}
            Target::Title | Target::Author | Target::Styles => self.aside.push_str(text),
        }
    }

    /// Ends the definition of a style: `heading 2;`.
    fn name_style(&mut self) {
        let name = std::mem::take(&mut self.aside).trim_end_matches(';').trim().to_lowercase();
        let level = name
            .strip_prefix("heading ")
            .or_else(|| name.strip_prefix("überschrift "))
            .and_then(|level| level.trim().parse().ok());
        if let Some(level) = level.filter(|level| (1..=6).contains(level)) {
            self.styles.push((self.state.style, level));
        }
    }

    fn end_paragraph(&mut self) {
        self.flush();
        if self.state.target != Target::Body {
            return;
        }
        let text = std::mem::take(&mut self.open);
        let bold = !std::mem::take(&mut self.has_light) && !text.trim().is_empty();
        self.document.paragraphs.push(Paragraph { level: self.level, bold, text });
    }
}

/// The encoding of a Windows code page.
fn code_page(number: i64) -> Option<&'static Encoding> {
    Some(match number {
        874 => encoding_rs::WINDOWS_874,
        932 => encoding_rs::SHIFT_JIS,
        936 => encoding_rs::GBK,
        949 => encoding_rs::EUC_KR,
        950 => encoding_rs::BIG5,
        1250 => encoding_rs::WINDOWS_1250,
        1251 => encoding_rs::WINDOWS_1251,
        1252 => encoding_rs::WINDOWS_1252,
        1253 => encoding_rs::WINDOWS_1253,
        1254 => encoding_rs::WINDOWS_1254,
        1255 => encoding_rs::WINDOWS_1255,
        1256 => encoding_rs::WINDOWS_1256,
        1257 => encoding_rs::WINDOWS_1257,
        1258 => encoding_rs::WINDOWS_1258,
        866 => encoding_rs::IBM866,
        10000 => encoding_rs::MACINTOSH,
        65001 => encoding_rs::UTF_8,
        _ => return None,
    })
}

/// The encoding of a character set of fonts.
fn character_set(number: i64) -> Option<&'static Encoding> {
    code_page(match number {
        77 => 10000,
        128 => 932,
        129 => 949,
        134 => 936,
        136 => 950,
        161 => 1253,
        162 => 1254,
        163 => 1258,
        177 => 1255,
        178 => 1256,
        186 => 1257,
        204 => 1251,
        222 => 874,
        238 => 1250,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(rtf: &str) -> Vec<(u8, String)> {
        let found = parse(rtf.as_bytes()).paragraphs.into_iter();
        found.filter(|found| !found.text.trim().is_empty()).map(|found| (found.level, found.text)).collect()
    }

    #[test]
    fn text_is_decoded() {
        for (rtf, expected) in [
            (r"{\rtf1\ansi One\par Two\par}", vec![(0, "One"), (0, "Two")]),
            (r"{\rtf1\ansi\ansicpg1252 caf\'e9 \u8364?5}", vec![(0, "café €5")]),
            (r"{\rtf1{\fonttbl{\f0\fcharset204 Arial;}}\f0 \'cf\'ee\'f0\'f2}", vec![(0, "Порт")]),
            (r"{\rtf1 a{\*\unknown no}b{\pict ffd8}c\{d\}}", vec![(0, "abc{d}")]),
            (
                r"{\rtf1{\stylesheet{\s1 heading 1;}{\s2 Normal;}}\pard\s1 Head\par\pard\s2 Body\par}",
                vec![(1, "Head"), (0, "Body")],
            ),
            (r"{\rtf1 {\*\bkmkstart _Hlk1}marked{\*\bkmkend _Hlk1}}", vec![(0, "marked")]),
            (r"{\rtf1 {\upr{Dockers walk}{\*\ud{Dockers walk}}}}", vec![(0, "Dockers walk")]),
            (r"{\rtf1{\fonttbl{\f0\fcharset134 S;}}\f0 \'c4\'a3}", vec![(0, "模")]),
            (r"{\rtf1 \u-10179?\u-8704?}", vec![(0, "😀")]),
            (r"{\rtf1 {\info{\title T}}x{\v hidden}y}", vec![(0, "xy")]),
            // Only after a brace does `\*` begin a group to be skipped.
            (
                r"{\rtf1 {\loch\i0\b0\*\cs7\cf0 The ferry sails.}{\*\generator W;} It is late.\par}",
                vec![(0, "The ferry sails. It is late.")],
            ),
        ] {
            let expected: Vec<(u8, String)> =
                expected.into_iter().map(|(level, text)| (level, text.to_string())).collect();
            assert_eq!(text(rtf), expected, "{rtf}");
        }
    }

    #[test]
    fn bold_paragraphs_are_detected() {
        for (rtf, expected) in [
            (r"{\rtf1 \b Dockers walk out\b0  \par}", true),
            (r"{\rtf1 \b Dockers\plain\b  walk out\par}", true),
            (r"{\rtf1 {\b Dockers} walk out\par}", false),
            (r"{\rtf1 {\b Dockers walk out\par}}", true),
            (r"{\rtf1 \b\plain Dockers walk out\par}", false),
        ] {
            assert_eq!(parse(rtf.as_bytes()).paragraphs[0].bold, expected, "{rtf}");
        }
    }

    #[test]
    fn damage_does_not_panic() {
        for rtf in [r"{\rtf1 \bin999999999 x", r"{\rtf1 \'z", r"\u", r"{\rtf1 }}}} x \uc99999 \u1", "{\\rtf1 \\'"] {
            parse(rtf.as_bytes());
        }
        parse("{".repeat(100_000).as_bytes());
    }
}
