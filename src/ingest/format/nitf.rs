//! NITF (News Industry Text Format, IPTC): one item a document. Also the layout of the New York Times Annotated Corpus.

use super::blocks::{BlockWriter, Body, write_element};
use super::draft::{Draft, Text};
use super::xml::{Element, Node};

/// The article of a `nitf` element.
pub(super) fn draft(nitf: &Element) -> Draft {
    let mut draft = Draft::default();
    let head = nitf.child("head");
    let docdata = head.and_then(|head| head.find("docdata"));
    let body_head = nitf.at("body/body.head");
    let content = nitf.at("body/body.content");
    let hedline = body_head.and_then(|head| head.find("hedline"));
    draft.title(hedline.and_then(|lines| lines.text_of("hl1")));
    draft.title(hedline.filter(|lines| lines.find("hl2").is_none()).and_then(Element::tidied));
    draft.title(head.and_then(|head| head.text_at("title")));
    let byline = body_head.and_then(|head| {
        let lines = head.all("byline");
        let normal = lines.iter().find(|line| line.attribute("class") == Some("normalized_byline"));
        let line = normal.is_none().then(|| lines.first()).flatten().or(lines.first())?;
        line.text_of("person").filter(|_| line.find("byttl").is_some()).or_else(|| {
            let without_title = Element {
                children: line
                    .children
                    .iter()
                    .filter(|c| !matches!(c, Node::Element(e) if e.is("byttl")))
                    .cloned()
                    .collect(),
                ..Element::default()
            };
            without_title.spaced()
        })
    });
    draft.byline(byline);
    if let Some(dateline) = body_head.and_then(|head| head.find("dateline")).and_then(Element::spaced) {
        draft.facts.dateline = Some(dateline);
    }
    let norm = |element: Option<&Element>| {
        element.and_then(|element| element.attribute("norm").or(element.attribute("date"))).map(str::to_string)
    };
    let pubdata = head.and_then(|head| head.find("pubdata"));
    let dates = [
        pubdata.and_then(|data| data.attribute("date.publication")).map(str::to_string),
        norm(docdata.and_then(|data| data.child("date.issue"))),
        norm(docdata.and_then(|data| data.child("date.release"))),
        norm(body_head.and_then(|head| head.find("story.date"))),
    ];
    draft.published(dates.iter().map(Option::as_deref));
    let holder = docdata.and_then(|data| data.at("doc.copyright")).and_then(|right| right.attribute("holder"));
    let metas = head.map(|head| head.all("meta")).unwrap_or_default();
    let meta = |names: &[&str]| {
        let found = metas.iter().find(|meta| meta.attribute("name").is_some_and(|name| names.contains(&name)));
        found.and_then(|meta| meta.attribute("content")).map(str::to_string)
    };
    // The New York Times states the day in pieces.
    let pieces = ["publication_year", "publication_month", "publication_day_of_month"].map(|name| meta(&[name]));
    if let [Some(year), Some(month), Some(day)] = pieces {
        draft.published([Some(format!("{year}-{month:0>2}-{day:0>2}").as_str())]);
    }
    draft.source(pubdata.and_then(|data| data.attribute("name")).map(str::to_string));
    draft.source(body_head.and_then(|head| head.text_at("distributor")));
    draft.source(holder.map(str::to_string));
    draft.facts.desk = pubdata
        .and_then(|data| data.attribute("position.section"))
        .map(str::to_string)
        .or_else(|| meta(&["online_sections", "section"]));
    draft.facts.url = pubdata.and_then(|data| data.attribute("ex-ref")).map(str::to_string);
    draft.lang(content.and_then(|content| content.attribute("lang")).or(nitf.attribute("lang")));
    draft.id = docdata.and_then(|data| data.at("doc-id")).and_then(|id| id.attribute("id-string")).map(str::to_string);
    for keyword in docdata.map(|data| data.all("keyword")).unwrap_or_default() {
        draft.keyword(keyword.attribute("key").unwrap_or_default());
    }
    for classifier in docdata.map(|data| data.all("classifier")).unwrap_or_default() {
        if classifier.attribute("type") == Some("descriptor") {
            draft.keyword(&classifier.text());
        }
    }
    draft.standfirst =
        body_head.and_then(|head| head.text_of("abstract")).or_else(|| hedline.and_then(|lines| lines.text_of("hl2")));
    let messages = docdata.map(|data| data.all("ed-msg")).unwrap_or_default();
    draft.notes = messages
        .iter()
        .filter_map(|message| message.attribute("info").map(str::to_string).or_else(|| message.tidied()))
        .map(|note| crate::article::front::tidy(&note))
        .filter(|note| !note.is_empty())
        .collect();
    if let Some(content) = content.or(nitf.child("body")) {
        draft.text = Text::Blocks(body(content));
    }
    draft
}

/// The blocks of NITF's body, or of XHTML's.
pub(super) fn body(content: &Element) -> Body {
    let mut writer = BlockWriter::default();
    // The New York Times holds the lede twice: as a block of its own, and as the beginning of the full text.
    let full = content.elements().any(|block| block.attribute("class") == Some("full_text"));
    let lede_twice = |element: &Element| full && element.attribute("class") == Some("lead_paragraph");
    write_element(&mut writer, content, &|element| {
        if lede_twice(element) {
            return None;
        }
        Some(match element.local() {
            "hl1" => "h1",
            "hl2" => "h2",
            "block" | "body.head" | "body.content" | "tagline" | "note" | "bq" | "credit" | "pre" | "fn" => "div",
            "media" | "media-caption" | "media-producer" => "figcaption",
            // Notes for desks stand in a section of their own.
            "section" if element.attribute("class") == Some("notepad") => return None,
            "media-reference" | "media-object" | "media-metadata" | "script" | "style" => return None,
            "nitf-table" | "nitf-table-metadata" => "div",
            name => name,
        })
    });
    writer.finish()
}
