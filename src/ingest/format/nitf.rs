//! NITF (News Industry Text Format, IPTC): one item a document. Also the layout of the New York Times Annotated Corpus.

use super::blocks::{BlockWriter, Body, write_element};
use super::draft::{Draft, Text, begins_with};
use super::xml::{Element, Node, all_below};
use crate::article::BlockKind;

/// The article of a `nitf` element.
pub(super) fn draft(nitf: &Element) -> Draft {
    let parts = Parts::of(nitf);
    let mut draft = Draft::default();
    apply_headlines(&parts, &mut draft);
    apply_dates(&parts, &mut draft);
    apply_publication(&parts, &mut draft);
    draft.lang(parts.content.and_then(|content| content.attribute("lang")).or(nitf.attribute("lang")));
    let id = parts.docdata.and_then(|data| data.at("doc-id"));
    draft.id = id.and_then(|id| id.attribute("id-string")).map(str::to_string);
    apply_keywords(&parts, &mut draft);
    apply_desk_notes(&parts, &mut draft);
    apply_text(&parts, &mut draft);
    draft
}

/// The elements that state facts; any of them may be missing.
struct Parts<'e> {
    nitf: &'e Element,
    head: Option<&'e Element>,
    docdata: Option<&'e Element>,
    pubdata: Option<&'e Element>,
    body_head: Option<&'e Element>,
    hedline: Option<&'e Element>,
    content: Option<&'e Element>,
}

impl<'e> Parts<'e> {
    fn of(nitf: &'e Element) -> Parts<'e> {
        let head = nitf.child("head");
        let body_head = nitf.at("body/body.head");
        Parts {
            nitf,
            head,
            docdata: head.and_then(|head| head.find("docdata")),
            pubdata: head.and_then(|head| head.find("pubdata")),
            body_head,
            hedline: body_head.and_then(|head| head.find("hedline")),
            content: nitf.at("body/body.content"),
        }
    }
}

fn apply_headlines(parts: &Parts<'_>, draft: &mut Draft) {
    draft.title(parts.hedline.and_then(|lines| lines.text_of("hl1")));
    draft.title(parts.hedline.filter(|lines| lines.find("hl2").is_none()).and_then(Element::tidied));
    draft.title(parts.head.and_then(|head| head.text_at("title")));
    draft.byline(parts.body_head.and_then(|head| head.find("byline")).and_then(byline));
    draft.dateline(parts.body_head.and_then(|head| head.find("dateline")).and_then(Element::spaced));
}

fn apply_dates(parts: &Parts<'_>, draft: &mut Draft) {
    let norm = |element: Option<&Element>| {
        element.and_then(|element| element.attribute("norm").or(element.attribute("date"))).map(str::to_string)
    };
    let dates = [
        parts.pubdata.and_then(|data| data.attribute("date.publication")).map(str::to_string),
        norm(parts.docdata.and_then(|data| data.child("date.issue"))),
        norm(parts.docdata.and_then(|data| data.child("date.release"))),
        norm(parts.body_head.and_then(|head| head.find("story.date"))),
    ];
    draft.published(dates.iter().map(Option::as_deref));
    // The New York Times states year, month and day in elements of their own.
    let pieces = ["publication_year", "publication_month", "publication_day_of_month"]
        .map(|name| meta(parts, &|other| other == name));
    if let [Some(year), Some(month), Some(day)] = pieces {
        draft.published([Some(format!("{year}-{month:0>2}-{day:0>2}").as_str())]);
    }
}

/// The content of the first `meta` element whose name fits.
fn meta(parts: &Parts<'_>, fits: &dyn Fn(&str) -> bool) -> Option<String> {
    let metas = all_below(parts.head, "meta");
    let found = metas.iter().find(|meta| meta.attribute("name").is_some_and(fits));
    found.and_then(|meta| meta.attribute("content")).map(str::to_string)
}

/// Source, desk and URL.
fn apply_publication(parts: &Parts<'_>, draft: &mut Draft) {
    let Parts { docdata, pubdata, body_head, .. } = *parts;
    // Agencies prefix their own name: `aap-source`.
    let own = |ending: &str| {
        meta(parts, &|name| {
            name.strip_suffix(ending).is_some_and(|prefix| prefix.is_empty() || prefix.ends_with(['-', '.', '_', ':']))
        })
    };
    let holder = docdata.and_then(|data| data.at("doc.copyright")).and_then(|right| right.attribute("holder"));
    draft.source(pubdata.and_then(|data| data.attribute("name")).map(str::to_string));
    draft.source(body_head.and_then(|head| head.text_at("distributor")));
    draft.source(holder.map(str::to_string));
    draft.source(own("source"));
    draft.facts.desk = pubdata
        .and_then(|data| data.attribute("position.section"))
        .map(str::to_string)
        .or_else(|| meta(parts, &|name| matches!(name, "online_sections" | "section")))
        .or_else(|| own("desk"))
        .filter(|desk| !desk.trim().is_empty());
    draft.facts.url = pubdata.and_then(|data| data.attribute("ex-ref")).map(str::to_string);
}

fn apply_keywords(parts: &Parts<'_>, draft: &mut Draft) {
    for keyword in all_below(parts.docdata, "keyword") {
        draft.keyword(keyword.attribute("key").unwrap_or(""));
    }
    for classifier in all_below(parts.docdata, "classifier") {
        if classifier.attribute("type") == Some("descriptor") {
            draft.keyword(&classifier.text());
        }
    }
}

fn apply_desk_notes(parts: &Parts<'_>, draft: &mut Draft) {
    for message in all_below(parts.docdata, "ed-msg") {
        if let Some(note) = message.attribute("info").map(str::to_string).or_else(|| message.tidied()) {
            draft.desk_note(&note);
        }
    }
    for note in all_below(parts.body_head, "note") {
        draft.desk_note(&note.text());
    }
}

/// Second headline, summary and body.
fn apply_text(parts: &Parts<'_>, draft: &mut Draft) {
    let second: Vec<String> = all_below(parts.hedline, "hl2").into_iter().filter_map(Element::tidied).collect();
    let summary = parts.body_head.and_then(|head| head.text_of("abstract"));
    let mut text = parts.content.or(parts.nitf.child("body")).map_or_else(Body::default, body);
    if second.is_empty() {
        draft.standfirst = summary;
    } else {
        // The second headline precedes the summary.
        if let Some(summary) = summary.filter(|summary| !begins_with(&text.text, summary)) {
            text.prepend(BlockKind::Paragraph, &summary);
        }
        draft.standfirst = Some(second.join(" "));
    }
    // Contributors and closing notes; without a `body.content` the text of `body` includes them already.
    if let Some(end) = parts.nitf.at("body/body.end").filter(|_| parts.content.is_some()) {
        text.join(body(end));
    }
    draft.text = Text::Blocks(text);
}

/// The names of a byline, without job titles; the opening word may remain.
pub(super) fn byline(line: &Element) -> Option<String> {
    let people: Vec<String> = line.all("person").into_iter().filter_map(Element::tidied).collect();
    if !people.is_empty() && line.find("byttl").is_some() {
        return Some(people.join(", "));
    }
    let names = |child: &&Node| !matches!(child, Node::Element(element) if element.is("byttl"));
    let named = Element { children: line.children.iter().filter(names).cloned().collect(), ..Element::default() };
    named.spaced().or_else(|| line.spaced())
}

/// The blocks of an XHTML document's body without header, footer and navigation, unless nothing else has text.
pub(super) fn page(content: &Element) -> Body {
    let around = |element: &Element| matches!(element.local(), "header" | "footer" | "nav");
    let inner = write_body(content, &around);
    if inner.blocks.is_empty() { body(content) } else { inner }
}

/// The blocks of a body of NITF or XHTML.
pub(super) fn body(content: &Element) -> Body {
    write_body(content, &|_| false)
}

fn write_body(content: &Element, left_out: &dyn Fn(&Element) -> bool) -> Body {
    let mut writer = BlockWriter::default();
    // The New York Times has the lede twice: as its own block, and at the beginning of the full text.
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
            // Notes to editors.
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
    fn facts_and_notes_around_the_body() {
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
