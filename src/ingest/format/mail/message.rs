//! Messages, with their parts, encodings and character sets; pages and exports sent as messages.

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use mail_parser::{Addr, Address, Message, MessageParser, MessagePart, MimeHeaders, PartType};
use xxhash_rust::xxh3::xxh3_64;

#[cfg(feature = "pages")]
use crate::article::date::date_in_path;
use crate::article::{BlockKind, RawArticle};
#[cfg(not(feature = "pages"))]
use crate::ingest::Feature;
use crate::ingest::decode::decode;
use crate::ingest::format::draft::{Draft, Text};
use crate::ingest::format::records::yield_record;
use crate::ingest::format::{Context, exports, html};
use crate::ingest::source::Source;
use crate::ingest::{Record, RecordId, SkipReason, Yielded};
#[cfg(feature = "pages")]
use crate::model::PublishedFrom;
#[cfg(feature = "pages")]
use crate::text::tidy;

/// Reads a message.
pub(in crate::ingest::format) fn read(
    source: Source<'_>,
    context: &Context,
    sink: &mut dyn FnMut(Yielded),
) -> Result<(), SkipReason> {
    let name = source.name.clone();
    let bytes = source.whole(context.limits)?;
    read_bytes(&bytes, &name, None, None, sink)
}

/// Is a line a header?
fn is_header(line: &[u8]) -> bool {
    let name = line.iter().position(|&byte| byte == b':').map(|end| line[..end].trim_ascii_end());
    name.is_some_and(|name| !name.is_empty() && name.iter().all(u8::is_ascii_graphic))
}

/// Corrects the charset of encoded words that contain UTF-8: valid ones contain ASCII only.
fn with_true_charsets(bytes: &[u8]) -> Cow<'_, [u8]> {
    let end = [&b"\r\n\r\n"[..], b"\n\n"]
        .iter()
        .filter_map(|gap| bytes.windows(gap.len()).position(|window| window == *gap))
        .min()
        .unwrap_or(bytes.len());
    if bytes[..end].is_ascii() {
        return Cow::Borrowed(bytes);
    }
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = &bytes[..end];
    while let Some(at) = rest.windows(2).position(|window| window == b"=?") {
        out.extend_from_slice(&rest[..at]);
        rest = &rest[at..];
        let mut parts = rest[2..].splitn(4, |&byte| byte == b'?');
        let (charset, encoding, word) = (parts.next(), parts.next(), parts.next());
        let quoted = encoding.is_some_and(|encoding| encoding.eq_ignore_ascii_case(b"q"));
        let mislabelled = word.is_some_and(|word| !word.is_ascii() && std::str::from_utf8(word).is_ok());
        let stated = charset.filter(|charset| quoted && mislabelled && !charset.contains(&b'\n'));
        out.extend_from_slice(b"=?");
        rest = &rest[2..];
        if let Some(charset) = stated {
            out.extend_from_slice(b"utf-8");
            rest = &rest[charset.len()..];
        }
    }
    out.extend_from_slice(rest);
    out.extend_from_slice(&bytes[end..]);
    Cow::Owned(out)
}

/// Reads a message: the `number`th of a mailbox, with the time at which it was `delivered`, or a whole file.
pub(super) fn read_bytes(
    bytes: &[u8],
    name: &str,
    number: Option<usize>,
    delivered: Option<&str>,
    sink: &mut dyn FnMut(Yielded),
) -> Result<(), SkipReason> {
    let bytes = bytes.trim_ascii_start();
    // Some mailboxes contain messages without headers.
    if number.is_some() && !bytes.split(|&byte| byte == b'\n').next().is_some_and(is_header) {
        let text = Text::Bare(with_line_feeds(&decode(bytes, false)?.text));
        let mut draft = Draft { text, title_open: true, ..Draft::default() };
        draft.published([delivered]);
        sink(Yielded::Article(Box::new(draft.record(name, number, xxh3_64(bytes))?)));
        return Ok(());
    }
    let charsets = with_true_charsets(bytes);
    // The library panics on some damaged messages, which must not cost the mailbox its other messages.
    let message = catch_unwind(AssertUnwindSafe(|| MessageParser::default().parse(&*charsets)))
        .ok()
        .flatten()
        .filter(|message| !message.headers().is_empty())
        .ok_or_else(|| SkipReason::Malformed("not a message of mail".into()))?;
    let page = html_part(&message);
    // An export of a database may be sent as mail; each of its stories is an article.
    if let Some(stories) = any_html_part(&message).map_or(Ok(None), export)? {
        for (i, draft) in stories.into_iter().enumerate() {
            let story = number.map_or(i + 1, |message| message * 10_000 + i + 1);
            let record = draft.record(name, Some(story), xxh3_64(bytes).wrapping_add(i as u64 + 1));
            yield_record(record, &format!("record {}", i + 1), sink);
        }
        return Ok(());
    }
    if let Some(page) = page.filter(|_| is_saved_page(&message)) {
        let id = number.map(RecordId::Number);
        let raw = saved_page(&message, page)?;
        sink(Yielded::Article(Box::new(Record { id, raw, map: None, hash: xxh3_64(bytes) })));
        return Ok(());
    }
    let draft = draft(&message, page, delivered);
    let record = draft.record(name, number, xxh3_64(bytes))?;
    sink(Yielded::Article(Box::new(record)));
    Ok(())
}

/// The stories of a page, if it is an export.
fn export(page: &str) -> Result<Option<Vec<Draft>>, SkipReason> {
    #[cfg(feature = "pages")]
    return Ok(exports::page(page));
    #[cfg(not(feature = "pages"))]
    if exports::Database::of_page(page).is_some() { Err(SkipReason::LeftOut(Feature::Pages)) } else { Ok(None) }
}

#[cfg(not(feature = "pages"))]
fn saved_page(_: &Message<'_>, _: &str) -> Result<RawArticle, SkipReason> {
    Err(SkipReason::LeftOut(Feature::Pages))
}

/// The article of a page that was saved as a message.
#[cfg(feature = "pages")]
fn saved_page(message: &Message<'_>, page: &str) -> Result<RawArticle, SkipReason> {
    let url = message.header_raw("Snapshot-Content-Location").map(tidy);
    let url = url.or_else(|| message.root_part().content_location().map(str::to_string));
    let url = url.filter(|url| url.contains("://"));
    let mut raw = html::read(page, url.as_deref()).unwrap_or_else(|_| html::read_fragment(page));
    raw.facts.url = raw.facts.url.take().or(url);
    raw.path_date = raw.facts.url.as_deref().and_then(|url| date_in_path(url, PublishedFrom::Url));
    raw.facts.title = raw.facts.title.take().or_else(|| message.subject().map(tidy));
    Ok(raw)
}

/// Is it a page with its images, as browsers save it?
fn is_saved_page(message: &Message<'_>) -> bool {
    let related = message
        .content_type()
        .is_some_and(|kind| kind.subtype().is_some_and(|sub| sub.eq_ignore_ascii_case("related")));
    let located = message.parts.iter().any(|part| part.content_location().is_some());
    let saved = message.header_raw("Snapshot-Content-Location").is_some()
        || message.from().and_then(Address::first).is_some_and(is_program);
    related && located || saved
}

/// Is the sender the browser that saved a page?
fn is_program(from: &Addr<'_>) -> bool {
    [&from.name, &from.address].into_iter().flatten().any(|name| name.contains("Saved by"))
}

/// The first HTML part of a message that is displayed, unchanged; an attached one if no text is displayed.
fn html_part<'m>(message: &'m Message<'_>) -> Option<&'m str> {
    let displayed = |at: &usize| !is_attached(message, *at, &message.parts[*at]);
    let mut parts = (0..message.parts.len()).filter(displayed);
    let mut has_text = false;
    let page = parts.find_map(|at| {
        has_text |= matches!(&message.parts[at].body, PartType::Text(text) if !text.trim().is_empty());
        html(&message.parts[at])
    });
    page.or_else(|| any_html_part(message).filter(|_| !has_text))
}

/// The first HTML part of a message, displayed or attached.
fn any_html_part<'m>(message: &'m Message<'_>) -> Option<&'m str> {
    message.parts.iter().find_map(html)
}

fn html<'m>(part: &'m MessagePart<'_>) -> Option<&'m str> {
    match &part.body {
        PartType::Html(html) if !html.trim().is_empty() => Some(html),
        _ => None,
    }
}

/// Is a part a file, not a part of what the message displays? A name alone makes no file of one of the forms of the text, or
/// of the whole message.
fn is_attached(message: &Message<'_>, at: usize, part: &MessagePart<'_>) -> bool {
    let is_part = |ids: &[u32]| ids.iter().any(|&id| id as usize == at);
    let has_form = |whole: &MessagePart<'_>| match &whole.body {
        PartType::Multipart(ids) => {
            let subtype = whole.content_type().and_then(|kind| kind.subtype());
            is_part(ids) && subtype.is_some_and(|sub| sub.eq_ignore_ascii_case("alternative"))
        }
        _ => false,
    };
    if at == 0 || message.parts.iter().any(has_form) {
        return false;
    }
    let is_named = part.attachment_name().is_some();
    match part.content_disposition() {
        Some(disposition) => disposition.is_attachment() || is_named,
        None => {
            let is_displayed = is_part(&message.text_body) || is_part(&message.html_body);
            is_named && !is_displayed && !matches!(part.body, PartType::Html(_))
        }
    }
}

/// The article of a message.
fn draft(message: &Message<'_>, page: Option<&str>, delivered: Option<&str>) -> Draft {
    let mut draft = Draft::default();
    draft.title(message.subject().map(str::to_string));
    draft.byline(message.from().and_then(Address::first).filter(|from| !is_program(from)).and_then(|from| {
        from.name.as_deref().map(str::to_string).or_else(|| from.address.as_deref().map(str::to_string))
    }));
    let stated = message.date().map(mail_parser::DateTime::to_rfc3339);
    draft.published([stated.as_deref(), message.header_raw("Date").map(str::trim), delivered]);
    draft.id = message.message_id().map(str::to_string);
    // All text parts that are displayed, without attachments.
    let pieces: Vec<String> = message
        .text_body
        .iter()
        .map(|&part| part as usize)
        .filter_map(|at| Some((at, message.parts.get(at)?)))
        .filter_map(|(at, part)| match &part.body {
            PartType::Text(text) if !text.trim().is_empty() && !is_attached(message, at, part) => {
                Some(text.to_string())
            }
            _ => None,
        })
        .collect();
    let attached = attached(message, page);
    let bare = (!pieces.is_empty()).then(|| pieces.join("\n\n")).or_else(|| untyped(message));
    draft.text = match (bare, page) {
        (Some(text), None) => Text::Bare(with_line_feeds(&text)),
        // Both have the same content, but the text parts of newsletters are often a stub.
        (Some(text), Some(page)) if text.len() * 4 > html::fragment(page).text.len() => {
            Text::Bare(with_line_feeds(&text))
        }
        (_, Some(page)) => Text::Page(html::fragment(page)),
        (None, None) => Text::default(),
    };
    for text in attached {
        match &mut draft.text {
            Text::Bare(whole) => {
                whole.push_str("\n\n");
                whole.push_str(&text);
            }
            Text::Blocks(body) if body.blocks.is_empty() => draft.text = Text::Bare(text),
            Text::Blocks(body) | Text::Page(body) => {
                text.lines().for_each(|line| body.append(BlockKind::Paragraph, line));
            }
        }
    }
    draft
}

/// The texts that are attached to a message: files of plain text and pages, and messages.
fn attached(message: &Message<'_>, page: Option<&str>) -> Vec<String> {
    let of = |(at, part): (usize, &MessagePart<'_>)| match &part.body {
        PartType::Message(inner) => {
            let subject = inner.subject().filter(|subject| Some(*subject) != message.subject());
            Some(
                subject.into_iter().map(str::to_string).chain([nested_text(inner, 0)]).collect::<Vec<_>>().join("\n\n"),
            )
        }
        // The text of a message that has no other.
        PartType::Html(html) if page == Some(html) => None,
        _ => attached_text(message, at, part),
    };
    let texts = message.parts.iter().enumerate().filter_map(of).map(|text| with_line_feeds(&text));
    texts.filter(|text| text.chars().any(char::is_alphabetic)).collect()
}

/// The text of a part that is an attached file of plain text, or an attached page.
fn attached_text(message: &Message<'_>, at: usize, part: &MessagePart<'_>) -> Option<String> {
    let is_plain = || {
        part.content_type().is_some_and(|kind| {
            kind.ctype().eq_ignore_ascii_case("text")
                && kind
                    .subtype()
                    .is_some_and(|sub| sub.eq_ignore_ascii_case("plain") || sub.eq_ignore_ascii_case("markdown"))
        })
    };
    match &part.body {
        _ if !is_attached(message, at, part) || part.attachment_name().is_none() => None,
        PartType::Text(text) if is_plain() => Some(text.to_string()),
        PartType::Html(page) => Some(html::fragment(page).lines().collect::<Vec<_>>().join("\n\n")),
        _ => None,
    }
}

/// The text of parts with an invalid type (`Content-Type: text`), which mail programs display as plain text.
fn untyped(message: &Message<'_>) -> Option<String> {
    let pieces: Vec<String> = message
        .parts
        .iter()
        .enumerate()
        .filter(|(_, part)| part.content_type().is_some_and(|kind| kind.subtype().is_none()))
        // The root part is no attachment, even if it has a name.
        .filter(|(i, part)| *i == 0 || part.attachment_name().is_none())
        .filter_map(|(_, part)| match &part.body {
            PartType::Text(text) => Some(text.to_string()),
            PartType::Binary(bytes) | PartType::InlineBinary(bytes) => Some(decode(bytes, false).ok()?.text),
            _ => None,
        })
        .filter(|text| !text.trim().is_empty())
        .collect();
    (!pieces.is_empty()).then(|| pieces.join("\n\n"))
}

/// The text of a message and of the messages in it.
fn nested_text(message: &Message<'_>, depth: usize) -> String {
    const MOST_DEPTH: usize = 5;
    let mut out: Vec<String> = message.body_text(0).map(|text| text.into_owned()).into_iter().collect();
    let displayed = message.text_body.first().map(|&at| at as usize);
    for (at, part) in message.parts.iter().enumerate().filter(|_| depth < MOST_DEPTH) {
        match &part.body {
            PartType::Message(inner) => out.push(nested_text(inner, depth + 1)),
            _ if Some(at) != displayed => out.extend(attached_text(message, at, part)),
            _ => {}
        }
    }
    out.retain(|text| !text.trim().is_empty());
    out.join("\n\n")
}

/// The text with line feeds only.
fn with_line_feeds(text: &str) -> String {
    text.replace("\r\n", "\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Facts;

    fn read_one(text: &str, number: Option<usize>) -> (Facts, String) {
        let mut out = None;
        read_bytes(text.as_bytes(), "a", number, Some("11 Sep 2023 08:00:00"), &mut |yielded| {
            if let Yielded::Article(record) = yielded {
                out = Some((record.raw.facts, record.raw.text.trim().to_string()));
            }
        })
        .expect(text);
        out.expect("an article")
    }

    #[test]
    fn the_time_of_delivery_replaces_a_missing_date() {
        for (text, day) in [
            ("Subject: Port\n\nDockers walked out.", "2023-09-11"),
            ("Subject: Port\nDate: Sat, 9 Sep 2023 10:00:00 +0200\n\nDockers walked out.", "2023-09-09"),
            ("\nDockers walked out.", "2023-09-11"),
        ] {
            let (facts, _) = read_one(text, Some(1));
            assert_eq!(facts.published.expect("a date").day(), day, "{text}");
        }
    }

    /// In builds with assertions the library panics at a message in a message whose parts have no boundary.
    #[test]
    fn a_message_in_a_message_in_a_message() {
        let nested = "From: m@a.example\nContent-Type: multipart/report; boundary=\"b\"\n\n--b\nContent-Type: \
                      message/rfc822\n\nSubject: Port\nContent-Type: message/rfc822\n\nSubject: Ferries\n\
                      Content-Type: text/plain\n\nDockers walked out.\n--b--\n";
        let _ = read_bytes(nested.as_bytes(), "a", None, None, &mut |_| {});
    }

    #[test]
    fn attached_texts_are_read() {
        let parts = "From: m@a.example\nSubject: Port\nContent-Type: multipart/mixed; boundary=\"b\"\n\n--b\nContent-Type: \
                     text/plain\n\nSee the file.\n--b\n";
        for (attached, body) in [
            (
                "Content-Type: text/plain; name=\"a.txt\"\nContent-Disposition: attachment; filename=\"a.txt\"\n\n\
                 Dockers walked out.\n",
                "See the file.\n\nDockers walked out.",
            ),
            (
                "Content-Type: message/rfc822\nContent-Disposition: attachment; filename=\"a.eml\"\n\nSubject: \
                 Ferries\nContent-Type: text/plain\n\nFerries stay in port.\n",
                "See the file.\n\nFerries\n\nFerries stay in port.",
            ),
            (
                "Content-Type: message/rfc822\nContent-Disposition: attachment; filename=\"a.eml\"\n\nSubject: \
                 Ferries\nContent-Type: multipart/mixed; boundary=\"c\"\n\n--c\nContent-Type: text/plain\n\nFerries stay.\n\
                 --c\nContent-Type: text/plain; name=\"a.txt\"\nContent-Disposition: attachment; filename=\"a.txt\"\n\n\
                 Dockers walked out.\n--c--\n",
                "See the file.\n\nFerries\n\nFerries stay.\n\nDockers walked out.",
            ),
            (
                "Content-Type: text/html; name=\"a.html\"\nContent-Disposition: attachment; filename=\"a.html\"\n\n\
                 <p>Dockers walked out.</p><p>Ferries stay.</p>\n",
                "See the file.\n\nDockers walked out.\n\nFerries stay.",
            ),
            // A calendar is no text.
            (
                "Content-Type: text/calendar; name=\"a.ics\"\nContent-Disposition: attachment; filename=\"a.ics\"\n\n\
                 BEGIN:VCALENDAR\n",
                "See the file.",
            ),
        ] {
            let (_, read) = read_one(&format!("{parts}{attached}--b--\n"), Some(1));
            assert_eq!(read, body, "{attached}");
        }
    }

    #[test]
    fn named_forms_of_a_text_are_one() {
        for (subtype, parts) in [
            (
                "alternative",
                "--b\nContent-Type: text/plain; name=\"message.txt\"\n\nDockers walked out.\n--b\nContent-Type: text/html; \
                 name=\"message.html\"\n\n<p>Dockers walked out.</p>\n",
            ),
            ("alternative", "--b\nContent-Type: text/html; name=\"a.html\"\n\n<p>Dockers walked out.</p>\n"),
            // The only text of a message is its own, though it is a file.
            (
                "mixed",
                "--b\nContent-Type: text/html; name=\"a.html\"\nContent-Disposition: attachment; \
                 filename=\"a.html\"\n\n<p>Dockers walked out.</p>\n",
            ),
        ] {
            let head =
                format!("From: m@a.example\nSubject: Port\nContent-Type: multipart/{subtype}; boundary=\"b\"\n\n");
            let (_, read) = read_one(&format!("{head}{parts}--b--\n"), Some(1));
            assert_eq!(read, "Dockers walked out.", "{parts}");
        }
    }

    #[test]
    fn messages_that_break_rules() {
        for (text, title, byline, body) in [
            ("\nDockers walked out.\n", None, None, "Dockers walked out."),
            (
                "From: Mara <m@a.example>\nSubject: Port\nContent-Type: text\n\nDockers walked out.",
                Some("Port"),
                Some("Mara"),
                "Dockers walked out.",
            ),
            (
                "From: m@a.example\nContent-Type: application-x-gzip; name=\"a.gz\"\n\nDockers walked out.",
                None,
                Some("m@a.example"),
                "Dockers walked out.",
            ),
            (
                "From: <Saved by Windows Internet Explorer 8>\nSubject: =?windows-1252?Q?Halden’s_port_é?=\n\nDockers.",
                Some("Halden’s port é"),
                None,
                "Dockers.",
            ),
            (
                "From: m@a.example\nSubject: =?iso-8859-1?Q?Havneby=E9?=\n\nDockers.",
                Some("Havnebyé"),
                Some("m@a.example"),
                "Dockers.",
            ),
        ] {
            let (facts, read) = read_one(text, Some(1));
            assert_eq!(
                (facts.title.as_deref(), facts.byline.as_deref(), read.as_str()),
                (title, byline, body),
                "{text}"
            );
        }
    }
}
