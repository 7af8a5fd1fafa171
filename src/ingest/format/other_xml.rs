//! XML of no known standard: agencies have schemas of their own, whose elements are named after what they hold.

use super::draft::{Draft, Text};
use super::newsml::data;
use super::xml::{Element, Node};

/// The stories of a document: the elements named as items are, or the root element if it is one.
pub(super) fn stories(root: &Element) -> Vec<Draft> {
    const ITEMS: &[&str] = &["article", "newsitem", "story", "item", "document", "record", "artikel", "doc"];
    let element = |node: &Node| matches!(node, Node::Element(_));
    let Some(top) = root.elements().next() else { return Vec::new() };
    for name in ITEMS {
        let items = root.all(name);
        let drafts: Vec<Draft> =
            items.iter().filter(|item| item.children.iter().any(element)).map(|item| story(item)).collect();
        if !drafts.is_empty() && drafts.iter().all(is_story) {
            return drafts;
        }
    }
    let draft = story(top);
    if is_story(&draft) { vec![draft] } else { Vec::new() }
}

/// Does a draft have a text of some length, or a title and any text? Otherwise it is no article.
fn is_story(draft: &Draft) -> bool {
    const LEAST_BYTES: usize = 80;
    let bytes = match &draft.text {
        Text::Bare(text) => text.len(),
        Text::Blocks(body) | Text::Page(body) => body.text.len(),
    };
    bytes >= LEAST_BYTES || draft.facts.title.is_some() && bytes > 0
}

fn story(item: &Element) -> Draft {
    let mut draft = Draft::default();
    let first = |names: &[&str]| names.iter().find_map(|name| item.text_of(name));
    draft.title(first(&["headline", "head", "hl1", "title", "titel", "titre", "titolo"]));
    draft.byline(first(&["byline", "by", "author", "authors", "auteur", "autor", "creator"]));
    draft.source(
        first(&["sourcename", "publication", "newspaper", "publisher", "source", "medium", "origin"])
            .map(|name| name.trim_matches(['/', ' ']).to_string()),
    );
    draft.dateline(first(&["dateline", "town"]));
    draft.facts.desk = first(&["section", "desk", "category", "rubric"]);
    draft.facts.url = first(&["url", "link"]).filter(|url| url.contains("://"));
    // The Reuters Corpus states facts as `<dc element="dc.source" value="Reuters"/>`.
    for fact in item.all("dc") {
        let value = fact.attribute("value").map(str::to_string);
        match fact.attribute("element") {
            Some("dc.source" | "dc.publisher") => _ = draft.source(value),
            Some("dc.creator") => _ = draft.byline(value),
            Some("dc.date.published") => _ = draft.published([value.as_deref()]),
            _ => {}
        }
    }
    let dates = [
        first(&["publicationdate", "publishdate", "pubdate", "datepublished", "published", "date", "datum", "created"]),
        item.attribute("date").map(str::to_string),
    ];
    draft.published(dates.iter().map(Option::as_deref));
    draft.lang(item.attribute("lang").or(first(&["language", "lang", "baselanguage"]).as_deref()));
    draft.id = first(&["accessionno", "newsid", "docid", "guid", "id", "uuid"])
        .or_else(|| item.attribute("itemid").or(item.attribute("id")).map(str::to_string));
    draft.standfirst = first(&["subtitle", "standfirst", "abstract", "subheadline", "summary", "teaser"]);
    draft.notes = first(&["ednote", "embargo", "correction"]).into_iter().collect();
    let bodies = ["content", "bodytext", "maintext", "fulltext", "text", "body", "tekst", "story", "paragraphs"];
    if let Some(body) = bodies.iter().find_map(|name| item.find(name).filter(|body| body.tidied().is_some())) {
        draft.text = data(body);
    }
    draft
}
