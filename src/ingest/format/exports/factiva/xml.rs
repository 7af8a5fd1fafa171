//! Factiva's XML.

use crate::article::BlockKind;
use crate::ingest::format::blocks::BlockWriter;
use crate::ingest::format::draft::{Draft, Text};
use crate::ingest::format::xml::Element;

/// The stories of a document, one for each `article`.
pub(in crate::ingest::format) fn stories(root: &Element) -> Vec<Draft> {
    let articles = root.all("article");
    articles.into_iter().map(story).filter(Draft::has_text).collect()
}

fn story(article: &Element) -> Draft {
    let mut draft = Draft::default();
    draft.title(article.text_at("headline"));
    draft.byline(article.text_at("byline").or_else(|| article.text_at("author")));
    draft.source(article.text_at("sourcename").or_else(|| article.text_at("publishername")));
    draft.published([article
        .text_at("publicationdate/datetime")
        .or_else(|| article.text_at("publicationdate"))
        .as_deref()]);
    draft.updated([article.text_at("modificationdate").as_deref()]);
    draft.lang(article.text_at("baselanguage").as_deref());
    draft.id = article.text_at("accessionno");
    draft.facts.desk = article.text_at("sectionname").or_else(|| article.text_at("columnname"));
    draft.facts.dateline = article.text_at("dateline");
    for subject in
        article.elements().filter(|e| e.is("newssubject") || e.is("region") || e.is("industry") || e.is("company"))
    {
        if let Some(name) = subject.text_at("name") {
            draft.keyword(&name);
        }
    }
    draft.notes = ["corrections", "notes"]
        .iter()
        .filter_map(|name| article.text_at(name))
        .filter(|note| note.len() > 12)
        .collect();
    let mut writer = BlockWriter::default();
    for part in article.elements().filter(|e| ["leadparagraph", "tailparagraphs", "body"].iter().any(|name| e.is(name)))
    {
        let paragraphs = ["paragraph", "para", "p"].iter().map(|name| part.all(name)).find(|all| !all.is_empty());
        for paragraph in paragraphs.iter().flatten() {
            writer.block(BlockKind::Paragraph, &paragraph.text());
        }
        // Text without paragraphs of its own: its lines are.
        if paragraphs.is_none() {
            part.text().lines().for_each(|line| writer.block(BlockKind::Paragraph, line));
        }
    }
    draft.text = Text::Page(writer.finish());
    draft
}
