//! Exports of MediaWiki: one article for each `page`, with its text in wiki markup. Wikinews states dates in templates.

use std::io::BufRead;

use xxhash_rust::xxh3::xxh3_64;

use super::blocks::{BlockWriter, Body};
use super::draft::{Draft, Text};
use super::{Context, xml};
use crate::article::BlockKind;
use crate::ingest::cut::cut_elements;
use crate::ingest::source::Source;
use crate::ingest::{BadRecord, SkipReason, Yielded};
use crate::text::tidy;

/// Reads an export, page by page.
pub(super) fn read(source: Source<'_>, context: &Context, sink: &mut dyn FnMut(Yielded)) -> Result<(), SkipReason> {
    let name = source.name.clone();
    let head = String::from_utf8_lossy(source.head()).into_owned();
    let between = |tag: &str| {
        let from = head.find(&format!("<{tag}>"))? + tag.len() + 2;
        head[from..].find('<').map(|to| tidy(&head[from..from + to]))
    };
    let (site, base) = (between("sitename"), between("base"));
    let root = head.find("<mediawiki").map_or("", |at| &head[at..]);
    let lang =
        root.split_once("xml:lang=\"").and_then(|(_, rest)| rest.split_once('"')).map(|(lang, _)| lang.to_string());
    let mut reader = source.reader();
    cut_elements(&mut reader as &mut dyn BufRead, "page", context.limits, &mut |number, bytes| {
        let record = bytes.and_then(|bytes| {
            let Some(mut draft) = page(&String::from_utf8_lossy(bytes))? else { return Ok(None) };
            draft.source(site.clone());
            draft.lang(lang.as_deref());
            if let (Some(base), Some(title)) = (&base, &draft.facts.title) {
                let folder = base.rsplit_once('/').map_or(base.as_str(), |(folder, _)| folder);
                draft.facts.url = Some(format!("{folder}/{}", title.replace(' ', "_")));
            }
            let hash = xxh3_64(bytes) ^ xxh3_64(format!("{site:?}{base:?}{lang:?}").as_bytes());
            draft.record(&name, Some(number), hash).map(Some)
        });
        match record {
            Ok(Some(record)) => sink(Yielded::Article(Box::new(record))),
            Ok(None) => {}
            Err(reason) => sink(Yielded::Bad(BadRecord { position: format!("page {number}"), reason })),
        }
    })
}

/// The article of a page; `None` for redirects and pages outside the main namespace (talk, users, templates).
fn page(text: &str) -> Result<Option<Draft>, SkipReason> {
    let tree = xml::parse(text)?;
    let Some(page) = tree.child("page") else { return Ok(None) };
    let is_article = page.text_at("ns").is_none_or(|space| space == "0");
    if !is_article || page.child("redirect").is_some() {
        return Ok(None);
    }
    let revisions = page.all("revision");
    let Some(revision) = revisions.last() else { return Ok(None) };
    let mut draft = Draft::default();
    draft.title(page.text_at("title"));
    let wikitext = revision.child("text").map_or_else(String::new, xml::Element::text);
    if wikitext.trim_start().to_ascii_lowercase().starts_with("#redirect") || wikitext.trim().is_empty() {
        return Ok(None);
    }
    let stated = ["date", "datum"].map(|name| template(&wikitext, name)).into_iter().flatten().next();
    draft.published([stated.as_deref(), argument(&wikitext, "byline", "date").as_deref()]);
    draft.updated([revision.text_at("timestamp").as_deref()]);
    draft.byline(template(&wikitext, "byline").filter(|_| !argument_begins(&wikitext, "byline")));
    draft.id = page.text_at("id");
    categories(&wikitext).iter().for_each(|category| draft.keyword(category));
    draft.text = Text::Blocks(body(&wikitext));
    Ok(Some(draft))
}

/// The categories of a page.
pub(super) fn categories(wikitext: &str) -> Vec<String> {
    let names = wikitext.match_indices("[[Category:").map(|(at, sign)| {
        let rest = &wikitext[at + sign.len()..];
        tidy(&rest[..rest.find(['|', ']']).unwrap_or(0)])
    });
    names.filter(|name| !name.is_empty()).collect()
}

/// The value of the first argument of a template: `{{date|January 1, 2010}}`.
fn template(text: &str, name: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let at = lower.find(&format!("{{{{{name}|"))? + name.len() + 3;
    let end = text[at..].find("}}")?;
    let arguments = &text[at..at + end];
    let argument = arguments.split_once('|').map_or(arguments, |(first, _)| first);
    let value = argument.split_once('=').map_or(argument, |(_, value)| value);
    Some(tidy(value)).filter(|value| !value.is_empty())
}

/// A named argument of a template: `{{byline|date=May 3, 2008|location=Halden}}`.
fn argument(text: &str, name: &str, key: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let at = lower.find(&format!("{{{{{name}|"))? + name.len() + 3;
    let inside = &text[at..at + text[at..].find("}}")?];
    let mut pairs = inside.split('|').filter_map(|part| part.split_once('='));
    pairs.find(|(other, _)| other.trim().eq_ignore_ascii_case(key)).map(|(_, value)| tidy(value))
}

/// Is the first argument of a template a named one?
fn argument_begins(text: &str, name: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let Some(at) = lower.find(&format!("{{{{{name}|")) else { return false };
    let rest = &lower[at + name.len() + 3..];
    rest.find(['|', '}']).is_some_and(|end| rest[..end].contains('='))
}

/// Wiki markup as blocks. Templates, tables, references, files and comments are left out.
pub(super) fn body(wikitext: &str) -> Body {
    let text = without(wikitext, "<!--", "-->");
    let text = without_element(&text, "ref");
    let text = ["gallery", "math", "timeline", "nowiki", "source", "score"]
        .iter()
        .fold(text, |text, name| without_element(&text, name));
    let text = without_nested(&text, "{{", "}}");
    let text = without_nested(&text, "{|", "|}");
    let text = links(&text);
    let mut writer = BlockWriter::default();
    for line in text.lines() {
        let line = line.trim();
        let level = line.bytes().take_while(|&byte| byte == b'=').count();
        if (1..=6).contains(&level) && line.len() > level * 2 && line.ends_with(&"=".repeat(level)) {
            let heading = plain(&line[level..line.len() - level]);
            writer.block(BlockKind::Heading(level as u8), &heading);
        } else if let Some(item) = line.strip_prefix(['*', '#', ';', ':']) {
            writer.block(BlockKind::Item, &plain(item.trim_start_matches(['*', '#', ';', ':'])));
        } else if !line.starts_with("----") && !line.starts_with("__") {
            writer.block(BlockKind::Paragraph, &plain(line));
        }
    }
    writer.finish()
}

/// A line without markup of bold and italics, and without tags.
fn plain(line: &str) -> String {
    let line = line.replace("'''''", "").replace("'''", "").replace("''", "");
    let mut out = String::with_capacity(line.len());
    let mut rest = line.as_str();
    while let Some(at) = rest.find('<') {
        let Some(end) = rest[at..].find('>').filter(|end| *end < 200) else { break };
        out.push_str(&rest[..at]);
        if rest[at..].starts_with("<br") {
            out.push(' ');
        }
        rest = &rest[at + end + 1..];
    }
    out.push_str(rest);
    let unescaped = quick_xml::escape::unescape(&out).map(std::borrow::Cow::into_owned);
    tidy(&unescaped.unwrap_or(out))
}

/// Replaces `[[a|b]]` by `b` and `[http://x y]` by `y`, and removes links to files and categories.
fn links(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(next) = text[at..].find('[') {
        out.push_str(&text[at..at + next]);
        let rest = &text[at + next..];
        if let Some(inner) = rest.strip_prefix("[[") {
            let end = matching(inner);
            let target = &inner[..end];
            let colon = target.trim_start_matches(':').split(':').next().filter(|_| target.contains(':'));
            let space = colon.map_or_else(String::new, str::to_ascii_lowercase);
            let hidden = [
                "file",
                "image",
                "category",
                "datei",
                "bild",
                "kategorie",
                "fichier",
                "catégorie",
                "archivo",
                "categoría",
            ];
            let language = (2..=3).contains(&space.len()) && !target.starts_with(':') && !target.contains('|');
            if !hidden.contains(&space.as_str()) && !language {
                out.push_str(target.rsplit('|').next().unwrap_or(target).trim_start_matches(':'));
            }
            at += next + 2 + end + if inner[end..].starts_with("]]") { 2 } else { 0 };
        } else if rest[1..].starts_with("http") || rest[1..].starts_with("//") {
            let end = rest.find(']').unwrap_or(rest.len());
            if let Some((_, words)) = rest[1..end].split_once(' ') {
                out.push_str(words);
            }
            at += next + (end + 1).min(rest.len());
        } else {
            out.push('[');
            at += next + 1;
        }
    }
    out.push_str(&text[at..]);
    out
}

/// The offset of the `]]` that closes a link; links nest, in captions of files.
fn matching(inner: &str) -> usize {
    // An unclosed link ends with its line.
    let line = inner.find('\n').unwrap_or(inner.len());
    let (mut depth, mut at) = (1usize, 0);
    while let Some(next) = inner[at..].find(['[', ']']) {
        let bracket = at + next;
        if inner[bracket..].starts_with("]]") {
            depth -= 1;
            if depth == 0 {
                return bracket;
            }
            at = bracket + 2;
        } else if inner[bracket..].starts_with("[[") {
            depth += 1;
            at = bracket + 2;
        } else {
            at = bracket + 1;
        }
    }
    line
}

/// Removes everything from `open` to the next `close`.
fn without(text: &str, open: &str, close: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(open) {
        out.push_str(&rest[..at]);
        rest = rest[at..].find(close).map_or("", |end| &rest[at + end + close.len()..]);
    }
    out.push_str(rest);
    out
}

/// Removes elements with their content; start tags without an end tag are removed alone.
fn without_element(text: &str, name: &str) -> String {
    let (open, close) = (format!("<{name}"), format!("</{name}>"));
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    // If no end tag follows one element, none follows those after it.
    let mut ends = true;
    while let Some(at) = rest.find(&open) {
        let tail = &rest[at..];
        let Some(tag_end) = tail.find('>') else { break };
        out.push_str(&rest[..at]);
        let end = if tail[..tag_end].ends_with('/') || !ends { None } else { tail.find(&close) };
        ends &= end.is_some() || tail[..tag_end].ends_with('/');
        rest = end.map_or(&tail[tag_end + 1..], |end| &tail[end + close.len()..]);
    }
    out.push_str(rest);
    out
}

/// Removes everything between nesting pairs of `open` and `close`. An `open` that is never closed is text.
fn without_nested(text: &str, open: &str, close: &str) -> String {
    // The pairs are found with a stack.
    let mut stack: Vec<usize> = Vec::new();
    let mut hidden: Vec<(usize, usize)> = Vec::new();
    let mut at = 0;
    while let Some(next) = text[at..].find([open.as_bytes()[0] as char, close.as_bytes()[0] as char]) {
        at += next;
        if text[at..].starts_with(open) {
            stack.push(at);
            at += open.len();
        } else if text[at..].starts_with(close) {
            at += close.len();
            if let Some(start) = stack.pop() {
                // Pairs within this one are part of it.
                while hidden.last().is_some_and(|(inner, _)| *inner > start) {
                    hidden.pop();
                }
                hidden.push((start, at));
            }
        } else {
            at += 1;
        }
    }
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for (start, end) in hidden {
        out.push_str(&text[from..start]);
        from = end;
    }
    out.push_str(&text[from..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_becomes_blocks() {
        for (wikitext, expected) in [
            (
                "'''Halden''' is a [[port|harbour town]].{{cite|{{x}}}}\n== Strike ==\n* One<ref name=a>b</ref>",
                "Halden is a harbour town.\nStrike\nOne\n",
            ),
            ("[[File:A.jpg|thumb|A [[ship]]]]Text [http://x.example the port].[[Category:Ports]]", "Text the port.\n"),
            ("{| class=x\n| a\n|}\nAfter", "After\n"),
            ("never {{closed\nafter", "never {{closed\nafter\n"),
            ("an open [[link\nand [[a|b]] after", "an open link\nand b after\n"),
            ("text <refé", "text <refé\n"),
        ] {
            assert_eq!(body(wikitext).text, expected, "{wikitext}");
        }
    }
}
