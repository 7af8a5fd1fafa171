//! Fragments of HTML as text and blocks without an HTML parser, for programs built without the feature `pages`.
//!
//! Recognises what blocks depend on: tags, classes of `span`, character references, comments, scripts. Of the rules for
//! damaged markup it follows two: an end tag ends the elements within its own, except formatting such as `b`, which
//! continues after it; and an end tag without a start tag is ignored.

use crate::ingest::format::blocks::{BlockWriter, Body, html_element};
use crate::ingest::format::xml::entity;

/// Most open elements; the tags of elements nested deeper are ignored.
const MOST_OPEN: usize = 2_000;

/// The text of a fragment, a block a line.
pub(super) fn read(html: &str) -> Body {
    let mut reader = Reader { writer: BlockWriter::default(), open: Vec::new() };
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        reader.text(&rest[..at]);
        rest = reader.markup(&rest[at..]);
    }
    reader.text(rest);
    while let Some(element) = reader.open.pop() {
        reader.writer.close(element.meaning());
    }
    reader.writer.finish()
}

struct Reader {
    writer: BlockWriter,
    /// Elements whose end tags were not read yet.
    open: Vec<Element>,
}

struct Element {
    /// Name in lower case.
    name: String,
    class: Option<String>,
}

impl Element {
    fn meaning(&self) -> &str {
        html_element(&self.name, || self.class.clone())
    }

    /// Does its formatting continue after the end of the element around it?
    fn is_formatting(&self) -> bool {
        matches!(
            self.name.as_str(),
            "a" | "b" | "big" | "code" | "em" | "font" | "i" | "s" | "small" | "strike" | "strong" | "tt" | "u"
        )
    }

    /// Does it have neither content nor an end tag?
    fn is_void(&self) -> bool {
        matches!(
            self.name.as_str(),
            "area" | "base" | "br" | "col" | "embed" | "hr" | "img" | "input" | "link" | "meta" | "source" | "wbr"
        )
    }
}

impl Reader {
    /// Adds text with its character references resolved.
    fn text(&mut self, text: &str) {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find('&') {
            /// Longest name of a reference.
            const MOST_BYTES: usize = 32;
            out.push_str(&rest[..at]);
            rest = &rest[at + 1..];
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '#').filter(|&end| end <= MOST_BYTES);
            match end.filter(|&end| end > 0 && rest[end..].starts_with(';')) {
                Some(end) => {
                    out.push_str(&reference(&rest[..end]));
                    rest = &rest[end + 1..];
                }
                None => out.push('&'),
            }
        }
        out.push_str(rest);
        self.writer.text(&out);
    }

    /// Reads the markup at the beginning of `text`, which begins with `<`. Returns the text after it.
    fn markup<'t>(&mut self, text: &'t str) -> &'t str {
        let after = |sign: &str| text.find(sign).map_or("", |at| &text[at + sign.len()..]);
        let is_letter = |at: usize| text.as_bytes().get(at).is_some_and(u8::is_ascii_alphabetic);
        if text.starts_with("<!--") {
            return after("-->");
        }
        if text.starts_with("<!") || text.starts_with("<?") || text.starts_with("</") && !is_letter(2) {
            return after(">");
        }
        if text.starts_with("</") {
            let end = tag_end(text);
            self.end(&tag_name(&text[2..end]));
            return text.get(end + 1..).unwrap_or("");
        }
        if !is_letter(1) {
            self.writer.text("<");
            return &text[1..];
        }
        let end = tag_end(text);
        // A tag without an end is dropped.
        let Some(rest) = text.get(end + 1..) else { return "" };
        let tag = &text[1..end];
        let element = Element { name: tag_name(tag), class: attribute(tag, "class") };
        if matches!(element.name.as_str(), "script" | "style") {
            return after_raw_text(rest, &element.name);
        }
        self.start(element);
        rest
    }

    fn start(&mut self, element: Element) {
        if matches!(element.name.as_str(), "html" | "head" | "body") {
            // A fragment is within a body.
        } else if element.is_void() {
            self.writer.open(element.meaning());
            self.writer.close(element.meaning());
        } else if self.open.len() < MOST_OPEN {
            self.writer.open(element.meaning());
            self.open.push(element);
        }
    }

    fn end(&mut self, name: &str) {
        let Some(at) = self.open.iter().rposition(|element| element.name == name) else {
            if matches!(name, "p" | "br") {
                self.writer.end_block();
            }
            return;
        };
        if self.open[at].is_formatting() {
            let element = self.open.remove(at);
            self.writer.close(element.meaning());
            return;
        }
        let (formatting, ended): (Vec<Element>, Vec<Element>) =
            self.open.drain(at..).partition(|element| element.is_formatting());
        ended.iter().rev().for_each(|element| self.writer.close(element.meaning()));
        self.open.extend(formatting);
    }
}

/// The offset of the `>` that ends a tag, outside quoted values; the end of the text if there is none.
fn tag_end(text: &str) -> usize {
    let mut quote = None;
    let mut before = b' ';
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return at,
            (None, b'"' | b'\'') if before == b'=' => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
        if !byte.is_ascii_whitespace() {
            before = byte;
        }
    }
    text.len()
}

/// The name at the beginning of a tag, in lower case.
fn tag_name(tag: &str) -> String {
    let end = tag.find(|c: char| c.is_whitespace() || c == '/').unwrap_or(tag.len());
    tag[..end].to_ascii_lowercase()
}

/// The value of an attribute of a tag.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let lower = tag.to_ascii_lowercase();
    let found = lower.match_indices(name).find_map(|(at, _)| {
        let value = tag[at + name.len()..].trim_start().strip_prefix('=')?;
        lower[..at].ends_with(|c: char| c.is_whitespace()).then(|| value.trim_start())
    })?;
    let value = match found.strip_prefix(['"', '\'']) {
        Some(quoted) => quoted.split_once(&found[..1]).map_or(quoted, |(value, _)| value),
        None => found.split_once(|c: char| c.is_whitespace()).map_or(found, |(value, _)| value),
    };
    Some(value.to_string())
}

/// The text after the end tag of a script or style sheet, whose content is not markup.
fn after_raw_text<'t>(text: &'t str, name: &str) -> &'t str {
    let is_end = |at: usize| {
        let tag = text.as_bytes().get(at + 2..at + 2 + name.len());
        tag.is_some_and(|tag| tag.eq_ignore_ascii_case(name.as_bytes()))
    };
    let end = text.match_indices("</").map(|(at, _)| at).find(|&at| is_end(at));
    end.and_then(|at| text[at..].find('>').map(|length| &text[at + length + 1..])).unwrap_or("")
}

/// The characters of a reference. Numbers of control characters are meant in windows-1252.
fn reference(name: &str) -> String {
    let number = name.strip_prefix('#').and_then(|number| number.parse::<u8>().ok()).filter(|n| (128..160).contains(n));
    match number {
        Some(byte) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(&[byte]).0.into_owned(),
        None => entity(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAGMENTS: &[&str] = &[
        "<p>One &amp; two.</p><h2>The dispute</h2><p>Three<br>four.</p><script>x()</script>",
        "Dockers walked out. They want more pay &mdash; and <b>fewer</b> hours.",
        "<P>One<P>Two<UL><LI>a<LI>b</UL>Three",
        "<p>One <strong>two</strong> <a href='x>y'>three</a></p><!-- <p>no</p> --><p>Four &#8364; &#150; &nbsp;5</p>",
        "<span class=\"byline strong\">Mara Lind</span><span class=br></span>HALDEN",
        "1 < 2 & 3 > 2; AT&T &unknown; x",
        "<style>p > a { }</style><p>Seen</p><script>if (a<b) { \"</p>\" }</script><p>Too",
        "<table><tr><td>Moss<td>7</tr><tr><td>Halden</td><td>12</td></tr></table><p>After</p>",
        "<div><p><b>Bold heading</b></p><p>Text with <i>italics</i></p></div></div></p>After",
        "<p><b>Bold</p><p>Still bold</b> light</p>",
        "<form><p>hidden</p></form><nav>menu</nav><figure><img src=a><figcaption>The port</figcaption></figure>",
        "<h3>A heading<p>A paragraph</h3>",
        "<html><head><title>Port</title></head><body class=a><p>The <code><body></code> tag</p></body></html>",
        "text <unclosed",
        "a </> b </ c> d <1> e",
        "",
    ];

    #[test]
    fn fragments_are_text_and_blocks() {
        let kinds = |body: &Body| body.blocks.iter().map(|block| format!("{:?}", block.kind)).collect::<Vec<_>>();
        let body = read(FRAGMENTS[0]);
        assert_eq!(body.text, "One & two.\nThe dispute\nThree\nfour.\n");
        assert_eq!(kinds(&body), ["Paragraph", "Heading(2)", "Paragraph", "Paragraph"]);
        assert!(read(FRAGMENTS[4]).marks[0].bold);
    }

    #[cfg(feature = "pages")]
    #[test]
    fn fragments_are_those_of_the_parser() {
        for html in FRAGMENTS {
            let (light, full) = (read(html), super::super::fragment::read(html));
            assert_eq!(light.text, full.text, "{html}");
            assert_eq!(
                format!("{:?} {:?}", light.blocks, light.marks),
                format!("{:?} {:?}", full.blocks, full.marks),
                "{html}"
            );
        }
    }

    #[test]
    fn damage_does_not_panic() {
        for html in ["<", "</", "<a", "<a b='", "&", "&#", "<!--", "<script>", "</é>", "<é", "<a class", "<p class=é>x"]
        {
            read(html);
        }
        read(&"<div>".repeat(100_000));
        read(&"<b>".repeat(100_000));
    }
}
