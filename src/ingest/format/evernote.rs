//! Notebooks of Evernote (ENEX): a note is an article, its content a page of its own within it.

use std::io::{BufReader, Read};

use memchr::memmem;
use xxhash_rust::xxh3::xxh3_64;

use super::draft::{Draft, Text};
use super::records::yield_record;
use super::values::{date_of, is_address};
use super::xml::{self, Element};
use super::{Context, html};
use crate::article::BlockKind;
use crate::ingest::cut::cut_elements;
use crate::ingest::decode::decode;
use crate::ingest::source::Source;
use crate::ingest::{SkipReason, Yielded};
use crate::text::tidy;

/// Reads a notebook, note by note.
pub(super) fn read(source: Source<'_>, context: &Context, sink: &mut dyn FnMut(Yielded)) -> Result<(), SkipReason> {
    let name = source.name.clone();
    let mut reader = BufReader::with_capacity(256 * 1024, WithoutData::new(source.reader()));
    cut_elements(&mut reader, "note", context.limits, &mut |number, bytes| {
        let record = bytes.and_then(|bytes| {
            let draft = note(&xml::parse(&decode(bytes, true)?.text)?)?;
            draft.record(&name, Some(number), xxh3_64(bytes))
        });
        yield_record(record, &format!("note {number}"), sink);
    })
}

/// The article of a note.
fn note(root: &Element) -> Result<Draft, SkipReason> {
    let note = root.child("note").ok_or(SkipReason::NoText)?;
    let content = note.child("content");
    if content.is_some_and(|content| content.attribute("encoding").is_some()) {
        return Err(SkipReason::Malformed("an encrypted note".into()));
    }
    let mut draft = Draft::default();
    draft.title(note.text_at("title"));
    for tag in note.elements().filter(|child| child.is("tag")) {
        draft.keyword(&tag.text());
    }
    let stated = |name: &str| note.at("note-attributes").and_then(|attributes| attributes.text_at(name));
    draft.byline(stated("author"));
    draft.facts.url = stated("source-url").filter(|url| is_address(url));
    let created = note.text_at("created").as_deref().and_then(date_of);
    let clipped = draft.facts.url.is_some() || stated("source").is_some_and(|source| source.starts_with("web."));
    // A page is clipped after it was published; a note of one's own is written on that day.
    if clipped {
        draft.facts.saved = created;
    } else {
        draft.facts.published = created;
    }
    let updated = note.text_at("updated").as_deref().and_then(date_of);
    draft.facts.updated = updated.filter(|date| draft.facts.published.as_ref() != Some(date));
    if let Some(content) = content {
        let content = content.text();
        let start = memmem::find(content.as_bytes(), b"<en-note").unwrap_or(0);
        draft.text = Text::Page(html::fragment(&content[start..]));
    }
    if let Text::Page(body) = &mut draft.text
        && body.blocks.is_empty()
        && let Some(task) = note.find("task").and_then(|task| task.text_at("title"))
    {
        body.append(BlockKind::Item, &task);
    }
    let is_named = draft.facts.title.as_ref().is_some_and(|title| tidy(title) != "Untitled");
    if !draft.has_text() && !is_named {
        return Err(SkipReason::NoText);
    }
    Ok(draft)
}

/// The bytes of a notebook without those of its attachments, which are most of it.
struct WithoutData<R> {
    inner: R,
    held: Vec<u8>,
    is_inside: bool,
    has_ended: bool,
}

impl<R: Read> WithoutData<R> {
    fn new(inner: R) -> Self {
        WithoutData { inner, held: Vec::new(), is_inside: false, has_ended: false }
    }
}

impl<R: Read> Read for WithoutData<R> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        const OPENING: &[u8] = b"<data";
        const CLOSING: &[u8] = b"</data>";
        loop {
            if self.is_inside {
                match memmem::find(&self.held, CLOSING) {
                    Some(at) => {
                        self.held.drain(..at + CLOSING.len());
                        self.is_inside = false;
                        continue;
                    }
                    // The end of what is held may split the tag.
                    None => _ = self.held.drain(..self.held.len().saturating_sub(CLOSING.len() - 1)),
                }
            } else {
                let opening = memmem::find(&self.held, OPENING);
                let whole =
                    if self.has_ended { self.held.len() } else { self.held.len().saturating_sub(OPENING.len() - 1) };
                let ready = opening.unwrap_or(whole).min(out.len());
                if ready > 0 {
                    out[..ready].copy_from_slice(&self.held[..ready]);
                    self.held.drain(..ready);
                    return Ok(ready);
                }
                if opening == Some(0) {
                    self.is_inside = true;
                    continue;
                }
            }
            if self.has_ended || out.is_empty() {
                return Ok(0);
            }
            let mut piece = [0; 16 * 1024];
            let read = self.inner.read(&mut piece)?;
            self.has_ended = read == 0;
            self.held.extend_from_slice(&piece[..read]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attachments_are_left_out() {
        for (text, expected) in [
            ("<note>a<data encoding='base64'>xxxx</data>b</note>", "<note>ab</note>"),
            ("<note>a<data>x</data><data>y</data></note><", "<note>a</note><"),
            ("<note>a<data>cut off", "<note>a"),
            ("no markup", "no markup"),
            ("", ""),
        ] {
            for size in 1..20 {
                let mut reader = WithoutData::new(text.as_bytes());
                let (mut out, mut piece) = (Vec::new(), vec![0; size]);
                loop {
                    let read = reader.read(&mut piece).expect("in memory");
                    if read == 0 {
                        break;
                    }
                    out.extend_from_slice(&piece[..read]);
                }
                assert_eq!(String::from_utf8_lossy(&out), expected, "{text} by {size}");
            }
        }
    }

    #[test]
    fn facts_of_notes() {
        // Title, byline, address, published, saved, tags, text.
        for (markup, expected) in [
            (
                "<title>Ferry crews vote</title><created>20110503T081500Z</created><tag>pay</tag><note-attributes><author>Petra Solheim</author><source>web.clip</source><source-url>https://halden.example/a</source-url></note-attributes><content><![CDATA[<?xml version=\"1.0\"?><!DOCTYPE en-note SYSTEM \"x\"><en-note><div>They vote ]]><![CDATA[>]]><![CDATA[ today.</div></en-note>]]></content><resource><recognition><![CDATA[GHOST]]></recognition></resource>",
                "Ferry crews vote|Petra Solheim|https://halden.example/a|-|2011-05-03T08:15:00Z|pay|They vote > today.",
            ),
            (
                "<title>A note</title><content>&lt;en-note&gt;&lt;p&gt;Mine.&lt;/p&gt;&lt;/en-note&gt;</content><created>20110503T081500Z</created>",
                "A note|-|-|2011-05-03T08:15:00Z|-||Mine.",
            ),
            ("<title>Untitled</title><content><![CDATA[<en-note/>]]></content>", "no article text found"),
            ("<title>Locked</title><content encoding='base64:aes'>x</content>", "an encrypted note"),
        ] {
            let root = xml::parse(&format!("<note>{markup}</note>")).expect("markup");
            let read = note(&root).map_or_else(
                |reason| reason.to_string(),
                |draft| {
                    let Text::Page(body) = &draft.text else { panic!("a page") };
                    let date = |date: &Option<crate::model::Published>| {
                        date.as_ref().map_or("-".into(), |date| date.value.clone())
                    };
                    let facts = &draft.facts;
                    let known = |fact: &Option<String>| fact.clone().unwrap_or("-".into());
                    [
                        known(&facts.title),
                        known(&facts.byline),
                        known(&facts.url),
                        date(&facts.published),
                        date(&facts.saved),
                        facts.keywords.join("+"),
                        body.text.trim().replace('\n', "+"),
                    ]
                    .join("|")
                },
            );
            assert_eq!(read, expected, "{markup}");
        }
    }
}
