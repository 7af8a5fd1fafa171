//! Mail: one message a file (EML), many (mbox), and pages saved as mail (MHTML).

use std::borrow::Cow;
use std::io::{BufRead, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

use mail_parser::{Addr, Address, Message, MessageParser, MimeHeaders, PartType};
use xxhash_rust::xxh3::xxh3_64;

use super::draft::{Draft, Text};
use super::records::yield_record;
use super::{Context, exports, html};
use crate::article::date::date_in_path;
use crate::ingest::decode::decode;
use crate::ingest::source::{Source, unreadable};
use crate::ingest::{BadRecord, SkipReason, Yielded};
use crate::model::PublishedFrom;
use crate::text::tidy;

/// Headers of which mail has at least one at its top.
const HEADERS: &[&str] = &[
    "from",
    "to",
    "date",
    "subject",
    "received",
    "return-path",
    "message-id",
    "mime-version",
    "content-type",
    "delivered-to",
    "x-mailer",
    "reply-to",
    "sender",
    "delivery-date",
    "x-original-to",
    "dkim-signature",
    "content-transfer-encoding",
    "x-apparently-to",
    "envelope-to",
    "snapshot-content-location",
    "cc",
    "return-receipt-to",
];

/// Do the first lines look like those of a message? Two headers of mail among the first lines, all of them headers.
pub(super) fn begins(head: &str) -> bool {
    let mut known = 0;
    let mut lines = 0;
    for line in head.trim_start().lines().take(40) {
        if line.trim().is_empty() {
            break;
        }
        if line.starts_with([' ', '\t']) {
            continue;
        }
        let Some((name, _)) = line.split_once(':') else { return false };
        let name = name.trim_end();
        if name.is_empty() || name.len() > 60 || !name.bytes().all(|byte| byte.is_ascii_graphic()) {
            return false;
        }
        lines += 1;
        // Lines of an article's front, not of mail.
        if matches!(
            name.to_ascii_lowercase().as_str(),
            "headline" | "title" | "byline" | "author" | "source" | "standfirst"
        ) {
            return false;
        }
        known += usize::from(HEADERS.contains(&name.to_ascii_lowercase().as_str()));
    }
    known >= 2 || known == 1 && lines == 1 && head.to_ascii_lowercase().starts_with("mime-version")
}

/// Does a file begin as mailboxes do?
pub(super) fn begins_mailbox(head: &str) -> bool {
    // With sender, day and time it can be nothing else, whatever headers follow.
    head.lines().next().is_some_and(is_envelope)
        || head.split_once('\n').is_some_and(|(first, rest)| {
            separates(first.as_bytes())
                && rest.lines().next().and_then(|line| line.split_once(':')).is_some_and(|(name, _)| {
                    let name = name.to_ascii_lowercase();
                    HEADERS.contains(&name.as_str()) || name.starts_with("x-") || name == ">from"
                })
        })
}

/// Reads a message.
pub(super) fn read(source: Source<'_>, context: &Context, sink: &mut dyn FnMut(Yielded)) -> Result<(), SkipReason> {
    let name = source.name.clone();
    let bytes = source.whole(context.limits)?;
    message(&bytes, &name, None, None, sink)
}

/// Reads a mailbox, message by message.
pub(super) fn read_mailbox(
    source: Source<'_>,
    context: &Context,
    sink: &mut dyn FnMut(Yielded),
) -> Result<(), SkipReason> {
    let name = source.name.clone();
    let mut reader = source.reader();
    let mut held: Vec<u8> = Vec::new();
    let mut delivered: Option<String> = None;
    let (mut number, mut long, mut blank, mut begun) = (0usize, 0u64, true, false);
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = (&mut reader).take(1 << 20).read_until(b'\n', &mut line).map_err(|error| unreadable(&error))?;
        let opens = read > 0 && blank && separates(&line);
        if (opens || read == 0) && begun {
            number += 1;
            let result = if long > 0 {
                Err(SkipReason::TooLong { bytes: long, limit: context.limits.max_bytes })
            } else {
                message(&held, &name, Some(number), delivered.as_deref(), sink)
            };
            if let Err(reason) = result {
                sink(Yielded::Bad(BadRecord { position: format!("message {number}"), reason }));
            }
            held.clear();
            long = 0;
        }
        if read == 0 {
            return Ok(());
        }
        if opens {
            begun = true;
            blank = false;
            delivered = envelope_time(&String::from_utf8_lossy(&line));
            continue;
        }
        blank = line.trim_ascii().is_empty();
        if long > 0 || held.len() as u64 + read as u64 > context.limits.max_bytes {
            long += held.len() as u64 + read as u64;
            held.clear();
        } else {
            let quoted = line.iter().take_while(|&&byte| byte == b'>').count();
            let from = usize::from(quoted > 0 && line[quoted..].starts_with(b"From "));
            held.extend_from_slice(&line[from..]);
        }
    }
}

/// Does a line separate messages: `From`, a sender, a time of day or an address? Sentences begin so too.
fn separates(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"From ") else { return false };
    let clock =
        rest.windows(3).any(|window| window[0].is_ascii_digit() && window[1] == b':' && window[2].is_ascii_digit());
    let mut words = rest.trim_ascii_start().split(u8::is_ascii_whitespace);
    let sender = words.next().expect("a split yields at least one part");
    clock || sender.contains(&b'@') || rest.trim_ascii_start().starts_with(b"- ")
}

/// `From`, a sender and a time as C writes it: `From mara@halden.example Mon Sep 11 08:00:00 2023`.
fn is_envelope(line: &str) -> bool {
    envelope_time(line).is_some()
}

/// When the message below an envelope line was delivered, as mail writes dates.
fn envelope_time(line: &str) -> Option<String> {
    const DAYS: &[&str] = &["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    const MONTHS: &[&str] = &["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let words: Vec<&str> = line.strip_prefix("From ")?.split_whitespace().collect();
    let number = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
    let at = words.windows(4).skip(1).position(|words| {
        DAYS.contains(&words[0])
            && MONTHS.contains(&words[1])
            && number(words[2])
            && words[3].split(':').count() >= 2
            && words[3].split(':').all(number)
    })?;
    // The zone may stand before the year.
    let year = words[at + 5..].iter().take(2).find(|word| word.len() == 4 && number(word)).unwrap_or(&"");
    Some(format!("{} {} {year} {}", words[at + 3], words[at + 2], words[at + 4]))
}

/// Does a line state a header?
fn is_header(line: &[u8]) -> bool {
    let name = line.iter().position(|&byte| byte == b':').map(|end| line[..end].trim_ascii_end());
    name.is_some_and(|name| !name.is_empty() && name.iter().all(u8::is_ascii_graphic))
}

/// Encoded words of headers hold ASCII only. Where bytes beyond stand in one as UTF-8, that is what it is written in,
/// whatever it states.
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

fn message(
    bytes: &[u8],
    name: &str,
    number: Option<usize>,
    delivered: Option<&str>,
    sink: &mut dyn FnMut(Yielded),
) -> Result<(), SkipReason> {
    let bytes = bytes.trim_ascii_start();
    // Mailboxes of programs hold messages without any header.
    if number.is_some() && !bytes.split(|&byte| byte == b'\n').next().is_some_and(is_header) {
        let text = Text::Bare(unflowed(&decode(bytes, false)?.text));
        let mut draft = Draft { text, title_open: true, ..Draft::default() };
        draft.published([delivered]);
        sink(Yielded::Article(Box::new(draft.record(name, number, xxh3_64(bytes))?)));
        return Ok(());
    }
    let charsets = with_true_charsets(bytes);
    // Of some damaged messages its library panics, which must not cost a mailbox its others.
    let message = catch_unwind(AssertUnwindSafe(|| MessageParser::default().parse(&*charsets)))
        .ok()
        .flatten()
        .filter(|message| !message.headers().is_empty())
        .ok_or_else(|| SkipReason::Malformed("not a message of mail".into()))?;
    let page = html_part(&message);
    // Exports of databases are sent as mail; each story in one is an article.
    if let Some(stories) = page.as_deref().and_then(exports::page) {
        for (i, draft) in stories.into_iter().enumerate() {
            let place = number.map_or(i + 1, |message| message * 10_000 + i + 1);
            let record = draft.record(name, Some(place), xxh3_64(bytes).wrapping_add(i as u64 + 1));
            yield_record(record, &format!("record {}", i + 1), sink);
        }
        return Ok(());
    }
    if let Some(page) = page.as_deref().filter(|_| is_saved_page(&message)) {
        let mut raw = html::read(page).unwrap_or_else(|_| html::read_fragment(page));
        let url = message.header_raw("Snapshot-Content-Location").map(tidy);
        let url = url.or_else(|| message.root_part().content_location().map(str::to_string));
        raw.facts.url = raw.facts.url.take().or(url.filter(|url| url.contains("://")));
        raw.path_date = raw.facts.url.as_deref().and_then(|url| date_in_path(url, PublishedFrom::Url));
        raw.facts.title = raw.facts.title.take().or_else(|| message.subject().map(tidy));
        let id = number.map(crate::ingest::RecordId::Number);
        sink(Yielded::Article(Box::new(crate::ingest::Record { id, raw, map: None, hash: xxh3_64(bytes) })));
        return Ok(());
    }
    let draft = draft(&message, page.as_deref(), delivered);
    let record = draft.record(name, number, xxh3_64(bytes))?;
    sink(Yielded::Article(Box::new(record)));
    Ok(())
}

/// Is it a page with its pictures, as browsers save them?
fn is_saved_page(message: &Message<'_>) -> bool {
    let related = message
        .content_type()
        .is_some_and(|kind| kind.subtype().is_some_and(|sub| sub.eq_ignore_ascii_case("related")));
    let located = message.parts.iter().any(|part| part.content_location().is_some());
    let saved = message.header_raw("Snapshot-Content-Location").is_some()
        || message.from().and_then(Address::first).is_some_and(is_program);
    related && located || saved
}

/// Browsers put themselves where a message has its sender.
fn is_program(from: &Addr<'_>) -> bool {
    [&from.name, &from.address].into_iter().flatten().any(|name| name.contains("Saved by"))
}

/// The HTML that a message shows, as it was sent.
fn html_part(message: &Message<'_>) -> Option<String> {
    message.parts.iter().find_map(|part| match &part.body {
        PartType::Html(html) if !html.trim().is_empty() => Some(html.to_string()),
        _ => None,
    })
}

fn draft(message: &Message<'_>, page: Option<&str>, delivered: Option<&str>) -> Draft {
    let mut draft = Draft::default();
    draft.title(message.subject().map(str::to_string));
    draft.byline(message.from().and_then(Address::first).filter(|from| !is_program(from)).and_then(|from| {
        from.name.as_deref().map(str::to_string).or_else(|| from.address.as_deref().map(str::to_string))
    }));
    let stated = message.date().map(mail_parser::DateTime::to_rfc3339);
    draft.published([stated.as_deref(), message.header_raw("Date").map(str::trim), delivered]);
    draft.id = message.message_id().map(str::to_string);
    // All the pieces of text that are shown, not the files that hang on them.
    let pieces: Vec<String> = message
        .text_body
        .iter()
        .filter_map(|&part| message.parts.get(part as usize))
        .filter_map(|part| match &part.body {
            PartType::Text(text) if !text.trim().is_empty() && part.attachment_name().is_none() => {
                Some(text.to_string())
            }
            _ => None,
        })
        .collect();
    let bare = (!pieces.is_empty()).then(|| pieces.join("\n\n")).or_else(|| untyped(message));
    draft.text = match (bare, page) {
        (Some(text), None) => Text::Bare(unflowed(&text)),
        // Both hold the same; text parts of newsletters are often a stub.
        (Some(text), Some(page)) if text.len() * 4 > html::fragment(page).text.len() => Text::Bare(unflowed(&text)),
        (_, Some(page)) => Text::Page(html::fragment(page)),
        (None, None) => {
            let nested: Vec<String> = message
                .parts
                .iter()
                .filter_map(|part| match &part.body {
                    PartType::Message(inner) => Some(nested_text(inner, 0)),
                    _ => None,
                })
                .collect();
            Text::Bare(nested.join("\n\n"))
        }
    };
    draft
}

/// The text of parts whose type is none (`Content-Type: text`), which mail takes for plain text.
fn untyped(message: &Message<'_>) -> Option<String> {
    let pieces: Vec<String> = message
        .parts
        .iter()
        .enumerate()
        .filter(|(_, part)| part.content_type().is_some_and(|kind| kind.subtype().is_none()))
        // A message that is one part hangs on nothing, whatever name it has.
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

/// The text of messages in a message.
fn nested_text(message: &Message<'_>, depth: usize) -> String {
    const MOST_DEPTH: usize = 5;
    let mut out: Vec<String> = message.body_text(0).map(|text| text.into_owned()).into_iter().collect();
    for part in message.parts.iter().filter(|_| depth < MOST_DEPTH) {
        if let PartType::Message(inner) = &part.body {
            out.push(nested_text(inner, depth + 1));
        }
    }
    out.retain(|text| !text.trim().is_empty());
    out.join("\n\n")
}

/// Lines as other formats have them.
fn unflowed(text: &str) -> String {
    text.replace("\r\n", "\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Facts;

    #[test]
    fn mailboxes_are_told_by_their_first_line() {
        for (head, expected) in [
            ("From mara@halden.example Mon Sep 11 08:00:00 2023\n\nText", true),
            ("From mara Mon Sep 11 08:00:00 2023\nComments: none\n\nText", true),
            ("From mara Mon Sep 11 08:00 CEST 2023\n\nText", true),
            ("From Mon Sep 11 08:00:00 2023 on, dockers\nwalked out", false),
            ("From 08:00 on Monday dockers walked out.\nThe union: no talks", false),
        ] {
            assert_eq!(begins_mailbox(head), expected, "{head}");
        }
    }

    fn read_one(text: &str, number: Option<usize>) -> (Facts, String) {
        let mut out = None;
        message(text.as_bytes(), "a", number, Some("11 Sep 2023 08:00:00"), &mut |yielded| {
            if let Yielded::Article(record) = yielded {
                out = Some((record.raw.facts, record.raw.text.trim().to_string()));
            }
        })
        .expect(text);
        out.expect("an article")
    }

    #[test]
    fn envelopes_tell_when_a_message_was_delivered() {
        for (line, time) in [
            ("From mara@halden.example Mon Sep 11 08:00:00 2023", Some("11 Sep 2023 08:00:00")),
            ("From mara Mon Sep 11 08:00 CEST 2023", Some("11 Sep 2023 08:00")),
            ("From mara on Monday at 08:00", None),
        ] {
            assert_eq!(envelope_time(line).as_deref(), time, "{line}");
        }
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
        let _ = message(nested.as_bytes(), "a", None, None, &mut |_| {});
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
