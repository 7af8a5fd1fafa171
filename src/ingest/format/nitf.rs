//! NITF (News Industry Text Format, IPTC): one item a document. Also the layout of the New York Times Annotated Corpus.

use super::blocks::{BlockWriter, Body, write_element};
use super::draft::{Draft, Text, begins_with};
use super::xml::{Element, Node};
use crate::article::BlockKind;

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
    draft.byline(body_head.and_then(|head| head.find("byline")).and_then(byline));
    draft.dateline(body_head.and_then(|head| head.find("dateline")).and_then(Element::spaced));
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
    // Agencies put their own name before the names of these: `aap-source`.
    let own = |ending: &str| {
        let named = |meta: &&&Element| {
            let name = meta.attribute("name").and_then(|name| name.strip_suffix(ending));
            name.is_some_and(|name| name.is_empty() || name.ends_with(['-', '.', '_', ':']))
        };
        metas.iter().find(named).and_then(|meta| meta.attribute("content")).map(str::to_string)
    };
    draft.source(own("source"));
    draft.facts.desk = pubdata
        .and_then(|data| data.attribute("position.section"))
        .map(str::to_string)
        .or_else(|| meta(&["online_sections", "section"]))
        .or_else(|| own("desk"))
        .filter(|desk| !desk.trim().is_empty());
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
    let second = hedline.map(|lines| lines.all("hl2")).unwrap_or_default();
    let second: Vec<String> = second.into_iter().filter_map(Element::tidied).collect();
    let summary = body_head.and_then(|head| head.text_of("abstract"));
    for message in docdata.map(|data| data.all("ed-msg")).unwrap_or_default() {
        let note = message.attribute("info").map(str::to_string).or_else(|| message.tidied());
        draft.desk_note(&note.unwrap_or_default());
    }
    for note in body_head.map(|head| head.all("note")).unwrap_or_default() {
        draft.desk_note(&note.text());
    }
    let mut text = content.or(nitf.child("body")).map(body).unwrap_or_default();
    if second.is_empty() {
        draft.standfirst = summary;
    } else {
        // The second headline stands above the summary.
        if let Some(summary) = summary.filter(|summary| !begins_with(&text.text, summary)) {
            text.prepend(BlockKind::Paragraph, &summary);
        }
        draft.standfirst = Some(second.join(" "));
    }
    // Who helped, and what is noted at the end. Without a content of its own the body holds its end already.
    if let Some(end) = nitf.at("body/body.end").filter(|_| content.is_some()) {
        text.join(body(end));
    }
    draft.text = Text::Blocks(text);
    draft
}

/// The names of a byline, without the word before them and what the people are.
pub(super) fn byline(line: &Element) -> Option<String> {
    let people: Vec<String> = line.all("person").into_iter().filter_map(Element::tidied).collect();
    if !people.is_empty() && line.find("byttl").is_some() {
        return Some(people.join(", "));
    }
    let names = |child: &&Node| !matches!(child, Node::Element(element) if element.is("byttl"));
    let named = Element { children: line.children.iter().filter(names).cloned().collect(), ..Element::default() };
    named.spaced().or_else(|| line.spaced())
}

/// The blocks of an XHTML document's body: what stands around the article is left out, unless nothing else is there.
pub(super) fn page(content: &Element) -> Body {
    let around = |element: &Element| matches!(element.local(), "header" | "footer" | "nav");
    let inner = write_body(content, &around);
    if inner.blocks.is_empty() { body(content) } else { inner }
}

/// The blocks of NITF's body, or of XHTML's.
pub(super) fn body(content: &Element) -> Body {
    write_body(content, &|_| false)
}

fn write_body(content: &Element, left_out: &dyn Fn(&Element) -> bool) -> Body {
    let mut writer = BlockWriter::default();
    // The New York Times holds the lede twice: as a block of its own, and as the beginning of the full text.
    let full = content.elements().any(|block| block.attribute("class") == Some("full_text"));
    let lede_twice = |element: &Element| full && element.attribute("class") == Some("lead_paragraph");
    write_element(&mut writer, content, &|element| {
        if lede_twice(element) || left_out(element) {
            return None;
        }
        Some(match element.local() {
            "hl1" => "h1",
            "hl2" => "h2",
            "block" | "body.head" | "body.content" | "tagline" | "note" | "bq" | "credit" | "pre" | "fn" => "div",
            "media" | "media-caption" => "figcaption",
            // Notes for desks stand in a section of their own.
            "section" if element.attribute("class") == Some("notepad") => return None,
            "media-reference" | "media-object" | "media-metadata" | "media-producer" | "script" | "style" => {
                return None;
            }
            "nitf-table" | "nitf-table-metadata" => "div",
            name => name,
        })
    });
    writer.finish()
}

#[cfg(test)]
mod tests {
    use super::super::xml::parse;
    use super::*;

    #[test]
    fn byline_table() {
        for (markup, expected) in [
            ("By<person>Mara Lindqvist</person><byttl>Port Desk</byttl>", "Mara Lindqvist"),
            ("By <person>Mara Lindqvist</person> and <person>Jon Berg</person>", "By Mara Lindqvist and Jon Berg"),
            (
                "<person>Mara Lindqvist</person><person>Jon Berg</person><byttl>Port Desk</byttl>",
                "Mara Lindqvist, Jon Berg",
            ),
            ("By Mara Lindqvist", "By Mara Lindqvist"),
            ("<byttl>Port Desk</byttl>", "Port Desk"),
        ] {
            let line = parse(&format!("<byline>{markup}</byline>")).expect("markup");
            assert_eq!(line.find("byline").and_then(byline).as_deref(), Some(expected), "{markup}");
        }
    }

    #[test]
    fn what_stands_around_the_body() {
        let text = r#"<nitf><head><meta name="hc-source" content="Halden Courier"/><meta name="hc-desk" content="Port"/></head>
            <body><body.head><hedline><hl1>Dockers walk out</hl1><hl2>Ferries still sail</hl2></hedline>
            <note><body.content><p>Not before noon.</p></body.content></note>
            <dateline>HALDEN March 9 -</dateline><abstract><p>Talks had failed.</p></abstract></body.head>
            <body.content><p>Dockers walked out on Monday.</p><media><media-producer>J. Berg</media-producer>
            <media-caption>The port</media-caption></media></body.content>
            <body.end><tagline>Jon Berg helped with this story.</tagline></body.end></body></nitf>"#;
        let draft = draft(parse(text).expect("markup").find("nitf").expect("its root"));
        assert_eq!(draft.standfirst.as_deref(), Some("Ferries still sail"));
        assert_eq!(draft.facts.dateline.as_deref(), Some("HALDEN March 9"));
        assert_eq!(draft.facts.source.as_deref(), Some("Halden Courier"));
        assert_eq!(draft.facts.desk.as_deref(), Some("Port"));
        assert_eq!(draft.desk_notes, ["Not before noon."]);
        let Text::Blocks(body) = draft.text else { panic!("blocks") };
        let lines: Vec<&str> = body.lines().collect();
        let expected =
            ["Talks had failed.", "Dockers walked out on Monday.", "The port", "Jon Berg helped with this story."];
        assert_eq!(lines, expected);
    }
}
