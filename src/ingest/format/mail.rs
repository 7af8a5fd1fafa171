//! Mail: one message a file (EML), many (mbox), and pages saved as mail (MHTML).

use std::io::{BufRead, Read};

use mail_parser::{Address, Message, MessageParser, MimeHeaders, PartType};
use xxhash_rust::xxh3::xxh3_64;

use super::draft::{Draft, Text};
use super::{Context, exports, give_record, html};
use crate::article::date::{PublishedFrom, date_in_path};
use crate::article::front::tidy;
use crate::ingest::source::{Source, unreadable};
use crate::ingest::{BadRecord, SkipReason, Yielded};

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
    head.split_once('\n').is_some_and(|(first, rest)| {
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
    message(&bytes, &name, None, sink)
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
                message(&held, &name, Some(number), sink)
            };
            if let Err(reason) = result {
                sink(Yielded::Bad(BadRecord { place: format!("message {number}"), reason }));
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
    let sender = rest.trim_ascii_start().split(u8::is_ascii_whitespace).next().unwrap_or_default();
    clock || sender.contains(&b'@') || rest.trim_ascii_start().starts_with(b"- ")
}

fn message(bytes: &[u8], name: &str, number: Option<usize>, sink: &mut dyn FnMut(Yielded)) -> Result<(), SkipReason> {
    let message = MessageParser::default()
        .parse(bytes.trim_ascii_start())
        .filter(|message| !message.headers().is_empty())
        .ok_or_else(|| SkipReason::Malformed("not a message of mail".into()))?;
    let page = html_part(&message);
    // Exports of databases are sent as mail; each story in one is an article.
    if let Some(stories) = page.as_deref().and_then(exports::page) {
        for (i, draft) in stories.into_iter().enumerate() {
            let place = number.map_or(i + 1, |message| message * 10_000 + i + 1);
            let record = draft.record(name, Some(place), xxh3_64(bytes).wrapping_add(i as u64 + 1));
            give_record(record, &format!("record {}", i + 1), sink);
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
    let draft = draft(&message, page.as_deref());
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
        || message
            .from()
            .and_then(Address::first)
            .is_some_and(|from| from.name.as_deref().is_some_and(|name| name.contains("Saved by")));
    related && located || saved
}

/// The HTML that a message shows, as it was sent.
fn html_part(message: &Message<'_>) -> Option<String> {
    message.parts.iter().find_map(|part| match &part.body {
        PartType::Html(html) if !html.trim().is_empty() => Some(html.to_string()),
        _ => None,
    })
}

fn draft(message: &Message<'_>, page: Option<&str>) -> Draft {
    let mut draft = Draft::default();
    draft.title(message.subject().map(str::to_string));
    draft.byline(message.from().and_then(Address::first).and_then(|from| {
        from.name.as_deref().map(str::to_string).or_else(|| from.address.as_deref().map(str::to_string))
    }));
    let stated = message.date().map(mail_parser::DateTime::to_rfc3339);
    draft.published([stated.as_deref(), message.header_raw("Date").map(str::trim)]);
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
    let bare = (!pieces.is_empty()).then(|| pieces.join("\n\n"));
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
