//! XML and SGML as a small tree, parsed by quick-xml. Archives of news need leniency: missing and superfluous end tags,
//! names in any case, undeclared prefixes. Entities that a document declares are never expanded, against entity bombs.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::ingest::SkipReason;
use crate::text::tidy;

/// Most levels of nested elements.
const MOST_DEPTH: usize = 400;
/// Most elements and texts; news items have some hundreds.
const MOST_NODES: usize = 2_000_000;
/// Most syntax errors after which a document is still read.
const MOST_ERRORS: usize = 50;

/// A node of a document.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    /// An element.
    Element(Element),
    /// Text, with entities resolved.
    Text(String),
}

/// An element.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Element {
    /// Name in lower case, with its prefix: `content:encoded`, `p`.
    pub name: String,
    /// Names of attributes in lower case, with prefixes, and values.
    pub attributes: Vec<(String, String)>,
    /// Child nodes.
    pub children: Vec<Node>,
}

impl Element {
    /// The name without its prefix.
    #[must_use]
    pub(super) fn local(&self) -> &str {
        local(&self.name)
    }

    /// The value of an attribute, by its name without a prefix.
    #[must_use]
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| local(key) == name).map(|(_, value)| value.as_str())
    }

    /// The child elements.
    pub(super) fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|child| match child {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The first child element with this name; a name without a prefix matches every prefix.
    #[must_use]
    pub(super) fn child(&self, name: &str) -> Option<&Element> {
        self.elements().find(|element| element.is(name))
    }

    /// Is this the name of the element, with or without its prefix?
    #[must_use]
    pub(super) fn is(&self, name: &str) -> bool {
        self.name == name || self.local() == name
    }

    /// The first element along a path of names: `head/docdata/doc-id`.
    #[must_use]
    pub(super) fn at(&self, path: &str) -> Option<&Element> {
        path.split('/').try_fold(self, |element, name| element.child(name))
    }

    /// The tidied text of the first element along a path, if it has any.
    #[must_use]
    pub(super) fn text_at(&self, path: &str) -> Option<String> {
        self.at(path).and_then(Element::tidied)
    }

    /// All descendants with this name, in order, except those within another of them.
    #[must_use]
    pub(super) fn all<'e>(&'e self, name: &str) -> Vec<&'e Element> {
        let mut out = Vec::new();
        self.collect(name, &mut out);
        out
    }

    fn collect<'e>(&'e self, name: &str, out: &mut Vec<&'e Element>) {
        for element in self.elements() {
            if element.is(name) {
                out.push(element);
            } else {
                element.collect(name, out);
            }
        }
    }

    /// The first descendant with this name.
    #[must_use]
    pub(super) fn find(&self, name: &str) -> Option<&Element> {
        self.elements().find_map(|element| if element.is(name) { Some(element) } else { element.find(name) })
    }

    /// The tidied text of the first descendant with this name.
    #[must_use]
    pub(super) fn text_of(&self, name: &str) -> Option<String> {
        self.find(name).and_then(Element::tidied)
    }

    /// The text of all descendants.
    #[must_use]
    pub(super) fn text(&self) -> String {
        let mut out = String::new();
        self.push_text(&mut out);
        out
    }

    /// The text with a space between elements, for names in adjacent elements; `None` if there is none.
    #[must_use]
    pub(super) fn spaced(&self) -> Option<String> {
        let pieces: Vec<String> = self
            .children
            .iter()
            .filter_map(|child| match child {
                Node::Text(text) => Some(tidy(text)),
                Node::Element(element) => element.spaced(),
            })
            .filter(|piece| !piece.is_empty())
            .collect();
        let joined = pieces.join(" ").replace(" ,", ",").replace(" .", ".");
        Some(joined).filter(|text| !text.is_empty())
    }

    fn push_text(&self, out: &mut String) {
        for child in &self.children {
            match child {
                Node::Text(text) => out.push_str(text),
                Node::Element(element) => {
                    element.push_text(out);
                    if matches!(element.local(), "p" | "br" | "hl1" | "hl2" | "paragraph" | "li" | "td") {
                        out.push(' ');
                    }
                }
            }
        }
    }

    /// The text with single spaces; `None` if there is none.
    #[must_use]
    pub(super) fn tidied(&self) -> Option<String> {
        Some(tidy(&self.text())).filter(|text| !text.is_empty())
    }
}

/// As [`Element::all`], for an element that may be missing.
pub(super) fn all_below<'e>(element: Option<&'e Element>, name: &str) -> Vec<&'e Element> {
    element.map_or_else(Vec::new, |element| element.all(name))
}

/// A name without its prefix.
fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// Parses a document into an element without a name that holds its root.
///
/// # Errors
///
/// [`SkipReason::TooDeep`], or [`SkipReason::Malformed`] for too many nodes, or a syntax error before the first element.
pub(super) fn parse(text: &str) -> Result<Element, SkipReason> {
    let mut reader = Reader::from_str(text);
    configure(&mut reader);
    // The offset at which the reader was last restarted, and the number of errors.
    let (mut from, mut errors) = (0, 0);
    let mut open = vec![Element::default()];
    let mut nodes = 0;
    loop {
        nodes += 1;
        if nodes > MOST_NODES {
            return Err(SkipReason::Malformed(format!("over {MOST_NODES} elements in one XML record")));
        }
        let at = usize::try_from(reader.buffer_position()).expect("a position in a text that is in memory");
        match reader.read_event() {
            Ok(Event::Start(start)) => {
                if open.len() > MOST_DEPTH {
                    return Err(SkipReason::TooDeep(open.len()));
                }
                open.push(element(&start));
            }
            Ok(Event::Empty(start)) => push(&mut open, Node::Element(element(&start))),
            Ok(Event::End(end)) => {
                let name = end.name().0.to_ascii_lowercase();
                // An end tag closes all elements down to its own; one without a start tag is ignored.
                if let Some(at) = open.iter().rposition(|element| element.name == name).filter(|at| *at > 0) {
                    while open.len() > at {
                        close(&mut open);
                    }
                }
            }
            Ok(Event::Text(text)) => push_text(&mut open, &text.html_content()),
            Ok(Event::CData(text)) => push_text(&mut open, &text.html_content()),
            Ok(Event::GeneralRef(name)) => {
                let raw = name.html_content();
                push_text(&mut open, &entity(&raw));
            }
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(error) => {
                errors += 1;
                let found = open.len() > 1 || open[0].elements().next().is_some();
                let rest = text.get(from + at + 1..).filter(|_| found && errors <= MOST_ERRORS);
                let Some(rest) = rest else {
                    if found {
                        break;
                    }
                    return Err(SkipReason::Malformed(format!("not valid XML at byte {}: {error}", from + at)));
                };
                // The character that caused the error is text; reading restarts after it.
                push_text(&mut open, &text[from + at..=from + at]);
                from += at + 1;
                reader = Reader::from_str(rest);
                configure(&mut reader);
            }
        }
    }
    while open.len() > 1 {
        close(&mut open);
    }
    Ok(open.pop().expect("the element without a name is never closed"))
}

/// Tolerates what archives have: missing and superfluous end tags, bare ampersands.
fn configure(reader: &mut Reader<&[u8]>) {
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
}

fn close(open: &mut Vec<Element>) {
    if let Some(element) = open.pop() {
        push(open, Node::Element(element));
    }
}

fn push(open: &mut [Element], node: Node) {
    if let Some(parent) = open.last_mut() {
        parent.children.push(node);
    }
}

fn push_text(open: &mut [Element], text: &str) {
    let Some(parent) = open.last_mut() else { return };
    if let Some(Node::Text(before)) = parent.children.last_mut() {
        before.push_str(text);
    } else if !text.is_empty() {
        parent.children.push(Node::Text(text.to_string()));
    }
}

/// The name of an entity that the document declares and uses, if there is one. Its uses stay as they are written, since
/// expansion has no bound.
pub(super) fn own_entity(text: &str) -> Option<&str> {
    let (_, declared) = text.split_once("<!ENTITY")?;
    declared.split("<!ENTITY").find_map(|declaration| {
        let name = declaration.split_whitespace().next().filter(|name| *name != "%")?;
        let used = format!("&{name};");
        let known = entity(name) != used;
        // Only the content counts as use, not other declarations.
        let root = text.rfind("]>").unwrap_or(0);
        (!known && text[root..].contains(&used)).then_some(name)
    })
}

/// The characters of `&name;`; the reference itself if the name is unknown.
pub(super) fn entity(name: &str) -> String {
    quick_xml::escape::unescape(&format!("&{name};")).map_or_else(|_| format!("&{name};"), |text| text.into_owned())
}

fn element(start: &BytesStart<'_>) -> Element {
    let mut all = start.html_attributes();
    let attributes = all.with_checks(false).filter_map(Result::ok).map(|attribute| {
        let value = quick_xml::escape::unescape(&attribute.value);
        let value = value.map_or_else(|_| attribute.value.to_string(), |value| value.into_owned());
        (attribute.key.0.to_ascii_lowercase(), value)
    });
    Element { name: start.name().0.to_ascii_lowercase(), attributes: attributes.collect(), children: Vec::new() }
}

/// Converts SGML to XML: escapes `<` and `&` that begin no tag or entity.
#[must_use]
pub(super) fn from_sgml(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 50);
    let mut at = 0;
    while let Some(next) = text[at..].find(['<', '&']) {
        out.push_str(&text[at..at + next]);
        let rest = &text[at + next..];
        let opens = rest[1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'));
        // Tags end within their line and within 4,096 bytes.
        let closes = || {
            let near = &rest.as_bytes()[..rest.len().min(4_096)];
            near.iter().find(|byte| matches!(byte, b'>' | b'\n')) == Some(&b'>')
        };
        if rest.starts_with('<') {
            out.push_str(if opens && closes() { "<" } else { "&lt;" });
        } else {
            let end =
                rest[1..].find(|c: char| !c.is_ascii_alphanumeric() && c != '#').map_or(rest.len(), |end| end + 1);
            // Reuters tapes contain references to control characters.
            let number = rest[1..end].strip_prefix('#').and_then(|number| number.parse::<u32>().ok());
            match number {
                Some(..32) if rest[end..].starts_with(';') => {
                    out.push(' ');
                    at += next + end + 1;
                    continue;
                }
                _ => out.push_str(if rest[end..].starts_with(';') && end > 1 { "&" } else { "&amp;" }),
            }
        }
        at += next + 1;
    }
    out.push_str(&text[at..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damaged_markup_is_parsed() {
        for (text, name, expected) in [
            ("<a><b>One &amp; two</b></a>", "b", "One & two"),
            ("<A><B>One&nbsp;two&unknown; R&D</B></A>", "b", "One two&unknown; R&D"),
            ("<a><b>One<c>two</b></a>", "b", "Onetwo"),
            ("<a></x><b>One</b>", "b", "One"),
            ("<a><i>x <!oops y</i><b>One</b></a>", "b", "One"),
            ("<a><x:b><![CDATA[One <i>two]]></x:b></a>", "b", "One <i>two"),
            ("<!DOCTYPE a [<!ENTITY e \"eeee\">]><a><b>&e;</b></a>", "b", "&e;"),
        ] {
            assert_eq!(parse(text).expect(text).text_of(name).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn bare_characters_of_sgml_are_escaped() {
        for (text, expected) in
            [("a < b & c <D>x</D>", "a &lt; b &amp; c <D>x</D>"), ("&#3;AT&T &lt;X> 5<6", " AT&amp;T &lt;X> 5&lt;6")]
        {
            assert_eq!(from_sgml(text), expected);
        }
    }

    #[test]
    fn entities_of_a_document() {
        for (text, own) in [
            ("<!DOCTYPE a [<!ENTITY e \"x\"><!ENTITY f \"&e;&e;\">]><a>&f;</a>", Some("f")),
            ("<!DOCTYPE a [<!ENTITY e \"x\">]><a>no use</a>", None),
            ("<!DOCTYPE a [<!ENTITY mdash \"&#8212;\">]><a>&mdash;</a>", None),
            ("<!DOCTYPE a [<!ENTITY % p SYSTEM \"p\">]><a>&amp;</a>", None),
            ("<a>&e;</a>", None),
        ] {
            assert_eq!(own_entity(text), own, "{text}");
        }
    }

    #[test]
    fn depth_is_bounded() {
        let text = format!("{}{}", "<a>".repeat(5_000), "</a>".repeat(5_000));
        assert!(matches!(parse(&text), Err(SkipReason::TooDeep(_))));
    }
}
