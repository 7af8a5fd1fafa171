//! NewsML: version 1.2 (`NewsML/NewsItem`) and G2 (`newsItem`, alone or in a `newsMessage`), by IPTC. Items that hold
//! no story (concepts, catalogues, planning, packages of references) give none.

use super::blocks::{BlockWriter, Body, write_element};
use super::draft::{Draft, Text};
use super::xml::{Element, Node};
use super::{html, nitf};
use crate::article::BlockKind;
use crate::text::tidy;

/// The stories of a G2 document.
pub(super) fn g2(root: &Element) -> Vec<Draft> {
    let mut items = root.all("newsitem");
    items.extend(root.all("packageitem"));
    items.iter().map(|item| g2_item(item)).filter(Draft::has_text).collect()
}

fn g2_item(item: &Element) -> Draft {
    let mut draft = Draft::default();
    let meta = item.child("itemmeta").cloned().unwrap_or_default();
    let content = item.child("contentmeta").cloned().unwrap_or_default();
    let inline = item.child("contentset").and_then(|set| {
        let xml = set.elements().filter(|element| element.is("inlinexml")).collect::<Vec<_>>();
        let with_text = xml.iter().find(|element| element.tidied().is_some()).copied();
        with_text.or_else(|| set.child("inlinedata"))
    });
    let html_body = inline.and_then(|inline| inline.find("body"));
    draft.title(
        content.elements().filter(|e| e.is("headline") && e.attribute("role").is_none()).find_map(Element::tidied),
    );
    draft.title(content.text_at("headline"));
    draft.title(meta.text_at("title"));
    draft.title(inline.and_then(|inline| inline.text_of("hl1")).or_else(|| inline?.text_of("h1")));
    draft.byline(content.text_at("by"));
    draft.byline(inline.and_then(|inline| inline.find("nitf")?.find("byline")).and_then(nitf::byline));
    let creators = content.elements().filter(|e| e.is("creator")).filter_map(|creator| {
        let role = creator.attribute("role").unwrap_or_default();
        let person = creator.attribute("type").is_some_and(|kind| kind.contains("person")) || role.contains("reporter");
        creator.text_at("name").filter(|_| person || role.is_empty() && creator.attribute("qcode").is_none())
    });
    draft.byline(Some(creators.collect::<Vec<_>>().join(", ")));
    let dateline = content.text_at("dateline").filter(|line| !line.starts_with(|c: char| c.is_ascii_digit()));
    draft.dateline(dateline);
    draft.dateline(content.elements().find(|e| e.is("located")).and_then(|located| located.text_at("name")));
    let first = [meta.text_at("firstcreated"), content.text_at("contentcreated"), meta.text_at("versioncreated")];
    draft.published(first.iter().map(Option::as_deref));
    let last = [meta.text_at("versioncreated"), content.text_at("contentmodified")];
    draft.updated(last.iter().map(Option::as_deref));
    let named = |element: Option<&Element>| {
        element.and_then(|element| {
            element
                .text_at("name")
                .or_else(|| element.attribute("literal").map(str::to_string))
                .or_else(|| element.attribute("qcode").map(|code| code.rsplit(':').next().unwrap_or(code).to_string()))
        })
    };
    draft.source(named(meta.child("provider")));
    draft.source(named(content.child("infosource")));
    draft.source(item.at("rightsinfo/copyrightholder").and_then(|holder| named(Some(holder))));
    draft.source(content.text_at("creditline"));
    let language = content.child("language").and_then(|language| language.attribute("tag"));
    draft.lang(language.or(item.attribute("lang")));
    let subjects: Vec<&Element> = content.elements().filter(|e| e.is("subject")).collect();
    draft.facts.desk = subjects.iter().copied().find(|subject| is_department(subject)).and_then(written_name);
    for subject in subjects {
        draft.keyword(&named_text(subject).unwrap_or_default());
    }
    for keyword in content.elements().filter(|e| e.is("keyword")) {
        draft.keyword(&keyword.text());
    }
    draft.id = item.attribute("guid").map(str::to_string);
    draft.standfirst = content.elements().filter(|e| e.is("description")).find_map(Element::tidied);
    for note in meta.elements().filter(|e| e.is("ednote")) {
        note_lines(note).iter().for_each(|line| draft.desk_note(line));
    }
    if let Some(embargo) = meta.text_at("embargoed") {
        draft.desk_note(&format!("Embargoed until {embargo}"));
    }
    if let Some(inline) = inline {
        draft.text = match (inline.find("nitf"), html_body) {
            (Some(nitf), _) => {
                let inner = nitf::draft(nitf);
                draft.facts.fill_from(inner.facts);
                draft.standfirst = draft.standfirst.take().or(inner.standfirst);
                inner.desk_notes.iter().for_each(|note| draft.desk_note(note));
                inner.text
            }
            (None, Some(body)) => {
                draft.standfirst = draft.standfirst.take().or_else(|| header_lede(body));
                Text::Blocks(nitf::page(body))
            }
            (None, None) => data(inline),
        };
    }
    // A description of nothing but its own title is no text.
    if draft.standfirst == draft.facts.title {
        draft.standfirst = None;
    }
    draft
}

/// Does a subject name the department that the story is of, not what it is about?
fn is_department(subject: &Element) -> bool {
    const NAMES: &[&str] = &["category", "department", "desk", "ressort"];
    [subject.attribute("type"), subject.attribute("qcode")]
        .into_iter()
        .flatten()
        .any(|code| NAMES.iter().any(|name| code.to_lowercase().contains(name)))
}

/// The name as people write it; the short form only where there is no other.
fn written_name(subject: &Element) -> Option<String> {
    let names: Vec<&Element> = subject.elements().filter(|e| e.is("name")).collect();
    let short = |name: &&&Element| name.attribute("role").is_some_and(|role| role.contains("mnemonic"));
    names.iter().find(|name| !short(name)).or(names.first()).and_then(|name| name.tidied())
}

/// A note to editors, a line each where it is markup.
fn note_lines(note: &Element) -> Vec<String> {
    if note.elements().next().is_some() {
        let mut writer = BlockWriter::default();
        write_element(&mut writer, note, &|element| Some(element.local()));
        return writer.finish().lines().map(str::to_string).collect();
    }
    let text = note.text();
    if text.contains("</") || text.contains("<br") {
        return html::fragment(&text).lines().map(str::to_string).collect();
    }
    vec![text]
}

/// Whole sentences in the header of a page's body: the text between title and body.
fn header_lede(body: &Element) -> Option<String> {
    const LEAST_WORDS: usize = 8;
    let sentence = |text: &String| {
        text.ends_with(['.', '!', '?', '“', '”', '"', '»']) && text.split_whitespace().count() >= LEAST_WORDS
    };
    let lines = body.all("header").into_iter().flat_map(|header| header.all("p"));
    lines.filter_map(Element::tidied).find(sentence)
}

fn named_text(subject: &Element) -> Option<String> {
    subject.text_at("name").or_else(|| subject.attribute("literal").map(str::to_string))
}

/// Content that is markup, markup as text, or text.
fn data(element: &Element) -> Text {
    if element.elements().next().is_some() {
        return Text::Blocks(nitf::body(element));
    }
    let text = element.text();
    let text = text.trim_matches(['\n', '\r']);
    if text.contains("</") || text.contains("<br") {
        Text::Blocks(html::fragment(text))
    } else if text.trim().is_empty() {
        Text::default()
    } else {
        Text::Bare(text.to_string())
    }
}

/// The stories of a 1.2 document: one a `NewsItem`.
pub(super) fn version_1(root: &Element) -> Vec<Draft> {
    root.all("newsitem").into_iter().map(|item| item_1(root, item)).filter(Draft::has_text).collect()
}

fn item_1(root: &Element, item: &Element) -> Draft {
    let mut draft = Draft::default();
    let identifier = item.at("identification/newsidentifier").cloned().unwrap_or_default();
    let management = item.child("newsmanagement").cloned().unwrap_or_default();
    draft.title(item.text_of("headline"));
    draft.title(item.text_at("identification/namelabel"));
    draft.byline(item.find("byline").and_then(nitf::byline));
    let administration = item.find("administrativemetadata").cloned().unwrap_or_default();
    let party = |way: &str| {
        administration.at(way).and_then(|element| {
            let party = element.find("party").or(Some(element))?;
            party.attribute("formalname").map(str::to_string).or_else(|| party.tidied())
        })
    };
    draft.byline(administration.elements().filter(|e| e.is("property")).find_map(|property| {
        let author = property.attribute("formalname").is_some_and(|name| name.eq_ignore_ascii_case("author"));
        property.attribute("value").filter(|_| author).map(str::to_string)
    }));
    draft.source(party("provider"));
    draft.source(party("source"));
    draft.source(
        root.at("newsml/newsenvelope/sentfrom/party").and_then(|p| p.attribute("formalname").map(str::to_string)),
    );
    draft.source(identifier.text_at("providerid"));
    let dates = [
        management.text_at("firstcreated"),
        identifier.text_at("dateid"),
        management.text_at("thisrevisioncreated"),
        root.text_of("dateandtime"),
    ];
    draft.published(dates.iter().map(Option::as_deref));
    draft.updated([management.text_at("thisrevisioncreated").as_deref()]);
    draft.dateline(item.text_of("dateline"));
    let language = item.find("language").and_then(|language| language.attribute("formalname"));
    draft.lang(language.or(item.attribute("lang")));
    draft.id = identifier.text_at("publicidentifier").or_else(|| identifier.text_at("newsitemid"));
    for keyword in item.all("keywordline") {
        super::draft::split_keywords(&keyword.text()).iter().for_each(|word| draft.keyword(word));
    }
    for property in item.all("property") {
        if property.attribute("formalname").is_some_and(|name| name.eq_ignore_ascii_case("keyword")) {
            draft.keyword(property.attribute("value").unwrap_or_default());
        }
    }
    draft.standfirst = item.text_of("subheadline");
    for note in item.all("ednote") {
        note_lines(note).iter().for_each(|line| draft.desk_note(line));
    }
    let mut body = Body::default();
    let mut bare = String::new();
    // Of forms of one and the same content the first counts.
    let mut contents = item.all("contentitem");
    let equivalents =
        item.all("newscomponent").iter().any(|component| component.attribute("equivalentslist") == Some("yes"));
    if equivalents && let Some(first) = contents.iter().find(|content| content.text_of("datacontent").is_some()) {
        contents = vec![first];
    }
    for content in contents {
        let text_kind = content.child("mediatype").and_then(|kind| kind.attribute("formalname"));
        let caption = text_kind.is_some_and(|kind| !kind.eq_ignore_ascii_case("text"));
        let Some(content) = content.child("datacontent") else { continue };
        if let Some(nitf) = content.find("nitf") {
            let inner = nitf::draft(nitf);
            draft.facts.fill_from(inner.facts);
            draft.standfirst = draft.standfirst.take().or(inner.standfirst);
            inner.desk_notes.iter().for_each(|note| draft.desk_note(note));
            if let Text::Blocks(inner) = inner.text {
                body.join(inner);
            }
            continue;
        }
        let page = content.find("body");
        match page.map_or_else(|| data(content), |page| Text::Blocks(nitf::page(page))) {
            Text::Bare(text) if caption => body.append(BlockKind::Item, &tidy(&text)),
            Text::Bare(text) => bare.push_str(&text),
            Text::Blocks(inner) | Text::Page(inner) => body.join(inner),
        }
    }
    draft.text = if bare.trim().is_empty() || !body.blocks.is_empty() {
        if !bare.trim().is_empty() {
            let mut lines = bare.split("\n").filter(|line| !line.trim().is_empty());
            lines.by_ref().for_each(|line| body.append(BlockKind::Paragraph, line));
        }
        Text::Blocks(body)
    } else {
        Text::Bare(bare)
    };
    draft
}

/// The stories of other XML: agencies have formats of their own, whose elements bear the names of what they hold.
pub(super) fn other(root: &Element) -> Vec<Draft> {
    const ITEMS: &[&str] = &["article", "newsitem", "story", "item", "document", "record", "artikel", "doc"];
    let element = |node: &Node| matches!(node, Node::Element(_));
    let Some(top) = root.elements().next() else { return Vec::new() };
    for name in ITEMS {
        let items = root.all(name);
        let drafts: Vec<Draft> =
            items.iter().filter(|item| item.children.iter().any(element)).map(|item| other_item(item)).collect();
        if !drafts.is_empty() && drafts.iter().all(is_story) {
            return drafts;
        }
    }
    let draft = other_item(top);
    if is_story(&draft) { vec![draft] } else { Vec::new() }
}

/// A title and a body of some length; anything less is some other document.
fn is_story(draft: &Draft) -> bool {
    const LEAST_BYTES: usize = 80;
    let bytes = match &draft.text {
        Text::Bare(text) => text.len(),
        Text::Blocks(body) | Text::Page(body) => body.text.len(),
    };
    bytes >= LEAST_BYTES || draft.facts.title.is_some() && bytes > 0
}

fn other_item(item: &Element) -> Draft {
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

#[cfg(test)]
mod tests {
    use super::super::xml::parse;
    use super::*;

    const ITEM: &str = r#"<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:halden:1" xml:lang="en">
        <itemMeta><provider qcode="x:www.halden.example"><name>www.halden.com</name></provider>
        <edNote role="notepad"><section><header><h3>Notepad</h3></header><ul><li>Desk: Jon Berg, +47 555 0100</li></ul></section></edNote>
        <edNote role="contacts">Desk: Jon Berg, +47 555 0100</edNote></itemMeta>
        <contentMeta><subject qcode="c:po" type="x:category"><name role="r:mnemonic">po</name><name>Port</name></subject>
        <subject qcode="medtop:1"><name>strike</name></subject>
        <headline>Dockers walk out</headline><dateline>Halden (hc) - </dateline><creditline>Halden Courier</creditline></contentMeta>
        <contentSet><inlineXML><html><head><title>Dockers walk out</title></head><body>
        <header><ul class="slugline"><li>Labour</li></ul><p class="genre">Report</p><h1>Dockers walk out</h1></header>
        <section class="main"><h1>Dockers walk out</h1><p>Dockers walked out on Monday.</p></section><p>Ferries sail.</p>
        <footer>Halden Courier, all day</footer></body></html></inlineXML></contentSet></newsItem>"#;

    #[test]
    fn a_page_in_an_item() {
        let draft = g2(&parse(ITEM).expect("markup")).remove(0);
        assert_eq!(draft.facts.desk.as_deref(), Some("Port"));
        assert_eq!(draft.facts.source.as_deref(), Some("Halden Courier"));
        assert_eq!(draft.facts.dateline.as_deref(), Some("Halden (hc)"));
        assert_eq!(draft.desk_notes, ["Notepad", "Desk: Jon Berg, +47 555 0100"]);
        assert_eq!(draft.standfirst, None);
        let Text::Blocks(body) = &draft.text else { panic!("blocks") };
        let lines: Vec<&str> = body.lines().collect();
        assert_eq!(lines, ["Dockers walk out", "Dockers walked out on Monday.", "Ferries sail."]);
        let article = crate::article::SplitArticle::assemble(draft.record("a", None, 0).expect("an article").raw);
        assert_eq!(article.sections.len(), 1);
        assert_eq!(article.sections[0].paragraphs.len(), 2);
    }

    #[test]
    fn a_header_is_read_where_there_is_nothing_else() {
        let text =
            ITEM.replace("<section class=\"main\">", "<header>").replace("</section><p>Ferries sail.</p>", "</header>");
        let draft = g2(&parse(&text).expect("markup")).remove(0);
        let Text::Blocks(body) = &draft.text else { panic!("blocks") };
        assert!(body.text.contains("walked out on Monday"));
    }
}
