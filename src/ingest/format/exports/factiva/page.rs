//! Factiva as pages: fields in tables, or lines in a fixed order.

use std::collections::HashSet;

use scraper::{ElementRef, Html};

use super::facts::{apply_dated_lines, apply_field, is_word_count, take_byline};
use super::text::number;
use crate::article::BlockKind;
use crate::article::front::without_opener;
use crate::ingest::format::blocks::{BlockWriter, Body};
use crate::ingest::format::draft::{Draft, Text};
use crate::ingest::format::exports::lines::date;
use crate::ingest::format::exports::markup::{select, text_of};
use crate::ingest::format::html;

/// The stories of a page: elements of class `article` that hold no other.
pub(in super::super) fn stories(page: &Html) -> Vec<Draft> {
    let articles = select(page.root_element(), "div.article");
    let inner: HashSet<_> = articles
        .iter()
        .flat_map(|article| select(*article, "div.article"))
        .map(|inner| inner.id())
        .take(10_000)
        .collect();
    articles.into_iter().filter(|article| !inner.contains(&article.id())).map(story).filter(Draft::has_text).collect()
}

fn story(article: ElementRef<'_>) -> Draft {
    let mut draft = Draft::default();
    let mut body: Vec<String> =
        select(article, "p.articleParagraph, pre.articleParagraph").into_iter().map(text_of).collect();
    body.retain(|line| !line.is_empty());
    let class = article.value().attr("class").unwrap_or("");
    let language =
        class.split_whitespace().find_map(|class| class.strip_suffix("Article")).filter(|tag| tag.len() == 2);
    // Exports whose paragraphs have no class hold them in table cells.
    let mut cells = Body::default();
    let rows = select(article, "tr");
    for row in &rows {
        let columns = select(*row, "td");
        let (Some(code), Some(value)) = (columns.first(), columns.get(1)) else { continue };
        apply_field(text_of(*code).trim(), &text_of(*value), &mut draft);
        if matches!(text_of(*code).trim(), "LP" | "TD") && body.is_empty() {
            cells.join(html::fragment(&value.html()));
        }
    }
    // The field of the language takes precedence over the class.
    draft.lang(language);
    if rows.is_empty() {
        apply_front(article, &mut draft);
    }
    if cells.blocks.is_empty() {
        take_byline(&mut body, &mut draft);
        let mut writer = BlockWriter::default();
        body.iter().for_each(|line| writer.block(BlockKind::Paragraph, line));
        cells = writer.finish();
    }
    draft.text = Text::Page(cells);
    draft
}

/// Sets the facts of a story without a table: lines in a fixed order, some of which may be missing.
fn apply_front(article: ElementRef<'_>, draft: &mut Draft) {
    let headline = select(article, "[id=hd], [class$=Headline]");
    draft.title(headline.first().map(|line| text_of(*line)));
    draft.byline(select(article, ".author").first().map(|line| text_of(*line)));
    let lines: Vec<String> = article
        .children()
        .filter_map(ElementRef::wrap)
        .filter(|child| child.value().name() == "div" && child.value().attr("id") != Some("hd"))
        .map(text_of)
        .filter(|line| !line.is_empty())
        .collect();
    if let Some(at) = lines.iter().position(|line| line.len() < 40 && date(line).is_some()) {
        apply_dated_lines(&lines[at..], draft);
        let title = draft.facts.title.clone();
        let is_title = |line: &str| title.as_ref().is_none_or(|title| line.contains(title));
        let front = lines[..at].iter().filter(|line| !is_word_count(line) && !is_title(line));
        let opened = front.clone().find(|line| without_opener(line).len() < line.len());
        let alone = front.clone().count() == 1 && lines[..at].iter().any(|line| is_word_count(line));
        let name =
            opened.or_else(|| front.clone().next().filter(|line| alone && line.contains(' ') && line.len() < 60));
        draft.byline(name.cloned());
    }
    draft.id = select(article, "p, div").into_iter().map(text_of).find_map(|line| number(&line).map(str::to_string));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_entities_are_spaces() {
        let page = r#"<div class="article enArticle"><div id="hd"><b class="enHeadline">Dockers walk out</b></div>
            <div class="author">By Mara Lind&softReturn;and Ole Berg</div><div>90 words</div><div>2 May 2002</div><div>Halden Courier</div>
            <p class="articleParagraph enarticleParagraph">They walked &amp;eacute; out.</p></div>"#;
        let found = stories(&Html::parse_document(page)).remove(0);
        assert_eq!(found.facts.byline.as_deref(), Some("Mara Lind and Ole Berg"));
        assert!(matches!(&found.text, Text::Page(body) if body.text.contains("&eacute;")), "{:?}", found.text);
    }
}
