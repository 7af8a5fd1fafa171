//! NewsML-G2. Items without a story (concepts, catalogues, planning, packages of references) give none.

use super::{apply_desk_notes, data, take_nitf};
use crate::ingest::format::draft::{Draft, Text};
use crate::ingest::format::nitf;
use crate::ingest::format::xml::Element;

/// The stories of a document.
pub(in crate::ingest::format) fn stories(root: &Element) -> Vec<Draft> {
    let mut items = root.all("newsitem");
    items.extend(root.all("packageitem"));
    items.into_iter().map(story).filter(Draft::has_text).collect()
}

fn story(item: &Element) -> Draft {
    let mut draft = Draft::default();
    // An item without metadata states no facts there.
    let meta = item.child("itemmeta").cloned().unwrap_or_default();
    let content = item.child("contentmeta").cloned().unwrap_or_default();
    let inline = inline_content(item);
    apply_headline_and_byline(&meta, &content, inline, &mut draft);
    apply_dates(&meta, &content, &mut draft);
    draft.source(meta.child("provider").and_then(party));
    draft.source(content.child("infosource").and_then(party));
    draft.source(item.at("rightsinfo/copyrightholder").and_then(party));
    draft.source(content.text_at("creditline"));
    let language = content.child("language").and_then(|language| language.attribute("tag"));
    draft.lang(language.or(item.attribute("lang")));
    apply_subjects(&content, &mut draft);
    draft.id = item.attribute("guid").map(str::to_string);
    draft.standfirst = content.elements().filter(|e| e.is("description")).find_map(Element::tidied);
    let notes: Vec<&Element> = meta.elements().filter(|e| e.is("ednote")).collect();
    apply_desk_notes(&notes, &mut draft);
    if let Some(embargo) = meta.text_at("embargoed") {
        draft.desk_note(&format!("Embargoed until {embargo}"));
    }
    if let Some(inline) = inline {
        draft.text = text(inline, &mut draft);
    }
    // A description that repeats the title is no standfirst.
    if draft.standfirst == draft.facts.title {
        draft.standfirst = None;
    }
    draft
}

/// The element that holds the text: the first `inlineXML` that is not empty, or else `inlineData`.
fn inline_content(item: &Element) -> Option<&Element> {
    let set = item.child("contentset")?;
    let mut xml = set.elements().filter(|element| element.is("inlinexml"));
    xml.find(|element| element.tidied().is_some()).or_else(|| set.child("inlinedata"))
}

fn apply_headline_and_byline(meta: &Element, content: &Element, inline: Option<&Element>, draft: &mut Draft) {
    let without_role = |element: &&Element| element.is("headline") && element.attribute("role").is_none();
    draft.title(content.elements().filter(without_role).find_map(Element::tidied));
    draft.title(content.text_at("headline"));
    draft.title(meta.text_at("title"));
    draft.title(inline.and_then(|inline| inline.text_of("hl1").or_else(|| inline.text_of("h1"))));
    draft.byline(content.text_at("by"));
    draft.byline(inline.and_then(|inline| inline.find("nitf")?.find("byline")).and_then(nitf::byline));
    let creators = content.elements().filter(|e| e.is("creator")).filter_map(|creator| {
        let role = creator.attribute("role").unwrap_or("");
        let person = creator.attribute("type").is_some_and(|kind| kind.contains("person")) || role.contains("reporter");
        creator.text_at("name").filter(|_| person || role.is_empty() && creator.attribute("qcode").is_none())
    });
    draft.byline(Some(creators.collect::<Vec<_>>().join(", ")));
}

fn apply_dates(meta: &Element, content: &Element, draft: &mut Draft) {
    draft.dateline(content.text_at("dateline").filter(|line| !line.starts_with(|c: char| c.is_ascii_digit())));
    draft.dateline(content.child("located").and_then(|located| located.text_at("name")));
    let first = [meta.text_at("firstcreated"), content.text_at("contentcreated"), meta.text_at("versioncreated")];
    draft.published(first.iter().map(Option::as_deref));
    let last = [meta.text_at("versioncreated"), content.text_at("contentmodified")];
    draft.updated(last.iter().map(Option::as_deref));
}

/// The name of a party; without one its literal or the local part of its code.
fn party(element: &Element) -> Option<String> {
    let code = || element.attribute("qcode").map(|code| code.rsplit_once(':').map_or(code, |(_, local)| local));
    named_text(element).or_else(|| code().map(str::to_string))
}

fn apply_subjects(content: &Element, draft: &mut Draft) {
    let subjects: Vec<&Element> = content.elements().filter(|e| e.is("subject")).collect();
    draft.facts.desk = subjects.iter().copied().find(|subject| is_department(subject)).and_then(written_name);
    for subject in subjects {
        if let Some(name) = named_text(subject) {
            draft.keyword(&name);
        }
    }
    for keyword in content.elements().filter(|e| e.is("keyword")) {
        draft.keyword(&keyword.text());
    }
}

fn text(inline: &Element, draft: &mut Draft) -> Text {
    if let Some(nitf) = inline.find("nitf") {
        return take_nitf(nitf, draft);
    }
    match inline.find("body") {
        Some(body) => {
            draft.standfirst = draft.standfirst.take().or_else(|| header_lede(body));
            Text::Blocks(nitf::page(body))
        }
        None => data(inline),
    }
}

/// Does a subject name the department of the story, not its topic?
fn is_department(subject: &Element) -> bool {
    const NAMES: &[&str] = &["category", "department", "desk", "ressort"];
    [subject.attribute("type"), subject.attribute("qcode")]
        .into_iter()
        .flatten()
        .any(|code| NAMES.iter().any(|name| code.to_lowercase().contains(name)))
}

/// The name of a subject; its mnemonic only if there is no other.
fn written_name(subject: &Element) -> Option<String> {
    let names: Vec<&Element> = subject.elements().filter(|e| e.is("name")).collect();
    let short = |name: &&&Element| name.attribute("role").is_some_and(|role| role.contains("mnemonic"));
    names.iter().find(|name| !short(name)).or(names.first()).and_then(|name| name.tidied())
}

/// The standfirst in the header of a page: its first paragraph that is a sentence.
fn header_lede(body: &Element) -> Option<String> {
    const LEAST_WORDS: usize = 8;
    let sentence = |text: &String| {
        text.ends_with(['.', '!', '?', '“', '”', '"', '»']) && text.split_whitespace().count() >= LEAST_WORDS
    };
    let lines = body.all("header").into_iter().flat_map(|header| header.all("p"));
    lines.filter_map(Element::tidied).find(sentence)
}

/// The name of an element, or its literal.
fn named_text(subject: &Element) -> Option<String> {
    subject.text_at("name").or_else(|| subject.attribute("literal").map(str::to_string))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::format::xml::parse;

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
        let draft = stories(&parse(ITEM).expect("markup")).remove(0);
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
    fn a_header_is_read_if_nothing_else_has_text() {
        let text =
            ITEM.replace("<section class=\"main\">", "<header>").replace("</section><p>Ferries sail.</p>", "</header>");
        let draft = stories(&parse(&text).expect("markup")).remove(0);
        let Text::Blocks(body) = &draft.text else { panic!("blocks") };
        assert!(body.text.contains("walked out on Monday"));
    }
}
