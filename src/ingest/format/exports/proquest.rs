//! ProQuest, as lines of text and as pages.

use super::*;

/// ProQuest as text: stories between rules, `ProQuest document link` below the title.
pub(super) fn proquest(lines: &[&str]) -> Option<Vec<Draft>> {
    if !lines.iter().any(|line| PROQUEST.is_match(line) || line.trim().starts_with("ProQuest document ID")) {
        return None;
    }
    let rule = |line: &&str| line.len() > 20 && line.chars().all(|c| c == '_' || c == '*');
    Some(lines.split(rule).filter_map(|story| keyed_story(story.iter().map(|line| (*line).to_string()))).collect())
}

/// A story whose facts are lines with words before a colon; the first line is the title.
fn keyed_story(lines: impl Iterator<Item = String>) -> Option<Draft> {
    let mut draft = Draft::default();
    let mut body: Vec<(BlockKind, String)> = Vec::new();
    let mut open: Option<Key> = None;
    let mut has_key = false;
    for line in lines {
        let line = tidy(&line);
        if line.is_empty() || PROQUEST.is_match(&line) || LEXIS.is_match(&line) || line == "Enlarge this image." {
            continue;
        }
        if let Some(info) = line.strip_prefix("Publication info:") {
            publication_info(&mut draft, info);
            open = None;
            continue;
        }
        // Pictures stand behind the text, their captions are all that is there of them.
        if line == "Illustration" && open.is_some() {
            open = Some(Key::Other);
            continue;
        }
        if let Some(caption) = line.strip_prefix("Caption:").filter(|_| open == Some(Key::Other)) {
            body.push((BlockKind::Item, tidy(caption)));
            continue;
        }
        // Inside the text only what ProQuest writes behind it ends it.
        let known = keyed(&line).filter(|_| open != Some(Key::Body) || ends_body(&line));
        match known {
            Some((key, value)) => {
                has_key = true;
                open = Some(key);
                if key == Key::Body {
                    body.extend((!value.is_empty()).then(|| (BlockKind::Paragraph, value.to_string())));
                } else {
                    note(&mut draft, key, value);
                }
            }
            None if open == Some(Key::Body) && is_boxed(&line) => body.push((BlockKind::Item, line)),
            None if open == Some(Key::Body) => body.push((BlockKind::Paragraph, line)),
            None if open == Some(Key::Standfirst) => note(&mut draft, Key::Standfirst, &line),
            None if open.is_none() && draft.facts.title.is_none() => _ = draft.title(Some(line)),
            None => {}
        }
    }
    let mut writer = BlockWriter::default();
    body.iter().for_each(|(kind, line)| writer.block(*kind, line));
    draft.text = Text::Page(writer.finish());
    (has_key && draft.has_text()).then_some(draft)
}

/// A line of facts, of rules or of an address: `Born: March 13, in Halden`.
fn is_boxed(line: &str) -> bool {
    static FACT: LazyLock<Regex> =
        LazyLock::new(|| regex(r"^(?:\p{Lu}[\p{L} ]{2,20}: \S|[-_=* ]{2,}|(?:[-_=* ]{2,})?\S+@\S+$)"));
    const MOST_BYTES: usize = 120;
    line.len() <= MOST_BYTES && FACT.is_match(line)
}

/// Does a line name a field that stands behind the text?
fn ends_body(line: &str) -> bool {
    const BEHIND: &[&str] = &[
        "subject",
        "title",
        "publication title",
        "publication date",
        "publication year",
        "publication info",
        "pages",
        "first page",
        "publisher",
        "place of publication",
        "country of publication",
        "publication subject",
        "issn",
        "source type",
        "document type",
        "language of publication",
        "proquest document id",
        "document url",
        "copyright",
        "last updated",
        "database",
        "identifier / keyword",
        "people",
        "company / organization",
        "credit",
    ];
    let word = line.split(':').next().unwrap_or_default().trim().to_lowercase();
    BEHIND.contains(&word.as_str())
}

/// `Los Angeles Times ; Los Angeles, Calif. [Los Angeles, Calif]08 May 2010: AA.2.`
fn publication_info(draft: &mut Draft, info: &str) {
    draft.source(info.split([';', '[']).next().map(tidy));
    let behind = info.rsplit(']').next().unwrap_or_default();
    let stated = behind.split(':').next().unwrap_or_default();
    draft.facts.published = draft.facts.published.take().or_else(|| date(stated));
}

pub(super) fn proquest_page(page: &Html) -> Vec<Draft> {
    let anchors = select(page.root_element(), "a[name^=DocID]");
    let containers: Vec<ElementRef<'_>> =
        anchors.iter().filter_map(|anchor| anchor.parent().and_then(ElementRef::wrap)).collect();
    let mut out: Vec<Draft> = Vec::new();
    let mut seen = HashSet::new();
    for container in containers.into_iter().filter(|container| seen.insert(container.id())) {
        let body = html::fragment(&container.html());
        let lines = body.blocks.iter().map(|block| body.text[block.span.clone()].to_string());
        out.extend(keyed_story(lines));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn captions_stand_behind_the_text() {
        for behind in ["Illustration", "Credit: By Mara Lind\nIllustration"] {
            let text = format!(
                "Dockers walk out\nProQuest document link\nFull text: They walked.\n\nAnd out.\n{behind}\nCaption: Photo: A crane.\nSubject: Ports\nProQuest document ID: 17"
            );
            let found = proquest(&text.lines().collect::<Vec<_>>()).expect("an export").remove(0);
            assert!(
                matches!(&found.text, Text::Page(body) if body.text == "They walked.\nAnd out.\nPhoto: A crane.\n"),
                "{:?}",
                found.text
            );
            assert_eq!(found.facts.keywords, ["Ports"]);
        }
    }
}
