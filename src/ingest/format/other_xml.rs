//! XML of no known standard: agencies, content systems and databases have schemas of their own, whose elements are named
//! after what they hold. The document becomes a tree of named fields, in which records are found as in JSON.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::blocks::{BlockWriter, Body};
use super::draft::{Draft, Text};
use super::entry;
use super::finder;
use super::names::{self, Role};
use super::newsml::data;
use super::values;
use super::xml::{Element, Node};
use crate::article::BlockKind;
use crate::ingest::SkipReason;

/// Key of the number of an element in the list of all.
const ELEMENT: &str = "\0element";
/// Key of the text of an element that has child elements.
const WHOLE: &str = "\0text";
/// Field of the text of a record that is the content of its element.
const OWN_TEXT: &str = "text";
/// Most levels of elements that become objects.
const MOST_DEPTH: usize = 40;

/// The records of a document, each an article or the reason why it is none; none if it holds no article.
pub(super) fn stories(root: &Element) -> Vec<Result<Draft, SkipReason>> {
    let Some(top) = root.elements().next() else { return Vec::new() };
    let mut elements = Vec::new();
    let tree = object(top, &mut elements, 0);
    // A root that is an article is one without being in a list, so it is looked at from within itself.
    let Some(found) = finder::find(&tree) else { return Vec::new() };
    let read = |record: &finder::FoundRecord<'_>| {
        let mut draft = entry::draft_of(record).ok_or(SkipReason::NoText)?;
        if let Some(element) = element_of(record.object, &elements) {
            complete(&mut draft, element);
        }
        Ok(draft)
    };
    found.records.iter().map(read).collect()
}

/// The element that an object was made of.
fn element_of<'e>(object: &Map<String, Value>, elements: &[&'e Element]) -> Option<&'e Element> {
    let number = object.get(ELEMENT).and_then(Value::as_u64)?;
    elements.get(usize::try_from(number).ok()?).copied()
}

/// Sets what elements state better than their text: the blocks of the body, facts as attributes.
fn complete(draft: &mut Draft, item: &Element) {
    // The field of the text, as the names of elements from the record on.
    let field = draft.stated_by.iter().find(|stated| stated.fact == "text").map(|stated| stated.field.clone());
    let body = field.and_then(|field| match at(item, &field) {
        Some(body) => Some(Cow::Borrowed(body)),
        None if field != OWN_TEXT => None,
        None if item.elements().all(is_markup) => Some(Cow::Borrowed(item)),
        None => own_body(item).map(Cow::Owned),
    });
    if let Some(body) = body.as_deref().filter(|body| body.elements().next().is_some()) {
        // Elements that are hidden in pages may hold text elsewhere, which then stays as it is.
        let blocks = Draft { text: text(body), ..Draft::default() };
        if blocks.has_text() {
            draft.text = blocks.text;
        }
    }
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
    if let Some(name) = &mut draft.facts.source {
        *name = name.trim_matches(['/', ' ']).to_string();
    }
    let notes = ["ednote", "embargo", "correction"];
    draft.notes = notes.iter().filter_map(|name| item.elements().find(|child| child.is(name))?.tidied()).collect();
}

/// The element of a field.
fn at<'e>(item: &'e Element, field: &str) -> Option<&'e Element> {
    let exact = item.elements().find(|child| key(child) == field);
    exact.or_else(|| {
        field.match_indices('.').find_map(|(dot, _)| {
            let child = item.elements().find(|child| *key(child) == field[..dot])?;
            at(child, &field[dot + 1..])
        })
    })
}

/// The name of the field that an element is: its own, or the one that it states (`<field name="title">`).
fn key(element: &Element) -> &str {
    const GENERIC: &[&str] = &[
        "field",
        "str",
        "arr",
        "date",
        "long",
        "int",
        "text",
        "column",
        "property",
        "attribute",
        "value",
        "col",
        "data",
        "item",
        "meta",
    ];
    let stated = element.attribute("name").or(element.attribute("key")).filter(|name| !name.trim().is_empty());
    stated.filter(|_| GENERIC.contains(&element.local())).unwrap_or_else(|| element.local())
}

/// An element as an object of its child elements and attributes.
fn object<'e>(element: &'e Element, elements: &mut Vec<&'e Element>, depth: usize) -> Value {
    let mut fields = Map::new();
    fields.insert(ELEMENT.into(), Value::from(elements.len()));
    elements.push(element);
    for child in element.elements() {
        let value = value(child, elements, depth + 1);
        let name = key(child);
        match fields.get_mut(name) {
            None => _ = fields.insert(name.to_string(), value),
            Some(Value::Array(values)) => values.push(value),
            Some(before) => {
                let first = before.take();
                *before = Value::Array(vec![first, value]);
            }
        }
    }
    // An empty element among records is a record without a text.
    for values in
        fields.values_mut().filter_map(Value::as_array_mut).filter(|values| values.iter().any(Value::is_object))
    {
        for value in values.iter_mut().filter(|value| value.as_str().is_some_and(str::is_empty)) {
            *value = Value::Object(Map::new());
        }
    }
    for (name, value) in &element.attributes {
        let name = name.rsplit_once(':').map_or(name.as_str(), |(_, local)| local);
        // It is the name of the field itself.
        if matches!(name, "name" | "key") && key(element) == value {
            continue;
        }
        if !fields.contains_key(name) && !value.trim().is_empty() {
            fields.insert(name.to_string(), Value::from(value.as_str()));
        }
    }
    if let Some(body) = own_body(element).filter(|_| !fields.contains_key(OWN_TEXT)) {
        body.elements().for_each(|part| _ = fields.remove(key(part)));
        // The title may have the name of the headings.
        let above = element.elements().take_while(|child| !is_paragraph(child));
        for child in above.filter(|child| !body.elements().any(|part| part == *child)) {
            if !fields.contains_key(key(child)) {
                fields.insert(key(child).to_string(), Value::from(child.spaced().unwrap_or_default()));
            }
        }
        let lines: Vec<String> = body.elements().filter_map(Element::spaced).collect();
        fields.insert(OWN_TEXT.into(), Value::from(lines.join("\n")));
    }
    Value::Object(fields)
}

/// The paragraphs and headings directly in a record, among the elements of its facts: `<item><title/><date/><p/><p/></item>`.
fn own_body(record: &Element) -> Option<Element> {
    #[rustfmt::skip]
    const BLOCKS: &[&str] = &[
        "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "table", "figure", "pre", "div",
    ];
    // These names may also be those of the title or of a line below it: beside a title or among paragraphs they are headings of
    // the text.
    let may_head =
        |element: &Element| matches!(element.local(), "heading" | "subheading" | "subhead" | "crosshead" | "hl2");
    let has_role = |name: &str, roles: &[Role]| names::roles(name).iter().any(|(role, _)| roles.contains(role));
    let is_full = |element: &Element| !element.text().trim().is_empty();
    let first = record.elements().position(|child| is_paragraph(child) && is_full(child))?;
    let states = |roles: &[Role]| {
        let by_element =
            record.elements().any(|child| !may_head(child) && has_role(key(child), roles) && is_full(child));
        by_element || attributes_state(record, roles)
    };
    let has_title = states(&[Role::Title]);
    let is_titled = has_title || record.elements().take(first).any(|child| child.is("heading"));
    let is_mixed = record.children.iter().any(|child| matches!(child, Node::Text(text) if !text.trim().is_empty()));
    if is_mixed || !is_titled || !states(&[Role::Published, Role::Created, Role::Byline, Role::Url]) {
        return None;
    }
    let parts: Vec<&Element> = record
        .elements()
        .enumerate()
        .filter(|(at, child)| {
            is_paragraph(child)
                || BLOCKS.contains(&child.local())
                || may_head(child) && (*at > first || has_title && child.is("heading"))
        })
        .map(|(_, child)| child)
        .collect();
    let joined = parts.iter().filter_map(|part| part.spaced()).collect::<Vec<_>>().join(" ");
    // Beside a text by its name a paragraph is a note.
    let has_longer =
        record.elements().any(|child| has_role(key(child), &[Role::Text]) && child.text().len() > joined.len());
    let children = parts.into_iter().cloned().map(Node::Element).collect();
    (values::is_prose(&joined) && !has_longer).then(|| Element { children, ..Element::default() })
}

/// Is the element a paragraph?
fn is_paragraph(element: &Element) -> bool {
    matches!(element.local(), "p" | "para" | "paragraph" | "absatz" | "simpara")
}

/// An element as a value: its text, or an object.
fn value<'e>(element: &'e Element, elements: &mut Vec<&'e Element>, depth: usize) -> Value {
    let written = |element: &Element| {
        // Lines of a text without markup are its paragraphs.
        let text =
            if element.elements().next().is_none() { element.text() } else { element.spaced().unwrap_or_default() };
        Value::from(text.trim_matches(['\n', '\r', ' ', '\t']))
    };
    // Values of one field, in answers of search engines.
    if element.is("arr") && element.elements().next().is_some() {
        return Value::Array(element.elements().map(|child| value(child, elements, depth + 1)).collect());
    }
    let is_plain = element.elements().all(is_markup);
    if is_plain && !is_markup(element) && states_article(element) && !element.text().trim().is_empty() {
        let mut made = object(element, elements, depth);
        if let Some(fields) = made.as_object_mut() {
            fields.retain(|name, _| name.starts_with('\0') || element.attribute(name).is_some());
            fields.insert(OWN_TEXT.into(), written(element));
        }
        return made;
    }
    if element.elements().next().is_none() {
        let is_empty = element.text().trim().is_empty();
        return if is_empty && !element.attributes.is_empty() {
            object(element, elements, depth)
        } else {
            written(element)
        };
    }
    let mixed = element.children.iter().any(|child| matches!(child, Node::Text(text) if !text.trim().is_empty()));
    if mixed || depth > MOST_DEPTH || element.elements().all(is_markup) {
        return written(element);
    }
    let mut made = object(element, elements, depth);
    let is_text = names::roles(key(element)).iter().any(|(role, _)| *role == Role::Text);
    if let Some(fields) = made.as_object_mut().filter(|_| is_text) {
        fields.insert(WHOLE.into(), written(element));
    }
    made
}

/// Do the attributes of an element state the title of an article, and its day, author or address?
fn states_article(element: &Element) -> bool {
    attributes_state(element, &[Role::Title]) && attributes_state(element, &[Role::Published, Role::Byline, Role::Url])
}

/// Does an attribute of an element state one of these facts?
fn attributes_state(element: &Element, roles: &[Role]) -> bool {
    element.attributes.iter().any(|(name, value)| {
        !value.trim().is_empty() && names::roles(name).iter().any(|(role, _)| roles.contains(role)) && name != "name"
    })
}

/// Is the element part of a text?
fn is_markup(element: &Element) -> bool {
    #[rustfmt::skip]
    const MARKUP: &[&str] = &[
        "p", "br", "b", "i", "em", "strong", "a", "u", "sub", "sup", "span", "div", "ul", "ol", "li", "h1", "h2",
        "h3", "h4", "h5", "h6", "blockquote", "img", "table", "hr", "figure", "figcaption", "paragraph", "para",
        "line", "hl2", "crosshead", "subhead", "absatz", "emphasis", "italic", "bold", "underline", "ext-link",
        "xref", "font", "center", "block", "q", "pre", "code", "style", "hl1",
    ];
    MARKUP.contains(&element.local())
}

/// The text of an element, with the headings of its sections.
fn text(body: &Element) -> Text {
    fn is_heading(element: &Element) -> bool {
        matches!(
            element.local(),
            "title"
                | "heading"
                | "head"
                | "subhead"
                | "subheading"
                | "crosshead"
                | "subtitle"
                | "ztitle"
                | "header"
                | "titel"
        )
    }
    fn write(writer: &mut BlockWriter, element: &Element, level: u8) {
        for child in &element.children {
            match child {
                Node::Text(text) => writer.text(text),
                Node::Element(child) if is_heading(child) => {
                    if let Some(line) = child.spaced() {
                        writer.block(BlockKind::Heading(level.min(6)), &line);
                    }
                }
                Node::Element(child) => {
                    let name = match child.local() {
                        "para" | "paragraph" | "absatz" | "simpara" | "line" | "v" | "block" => "p",
                        "sec" | "chapter" | "part" => "section",
                        "binary" | "image" | "img" | "media" => continue,
                        name => name,
                    };
                    let below = if name == "section" { level + 1 } else { level };
                    writer.open(name);
                    write(writer, child, below);
                    writer.close(name);
                }
            }
        }
    }
    // The names of HTML and NITF are known where the others are read.
    fn has_other_names(element: &Element) -> bool {
        let is_other = |child: &Element| is_heading(child) || is_paragraph(child) && !child.is("p");
        element.elements().any(|child| is_other(child) || has_other_names(child))
    }
    if body.is("arr") {
        return joined(body.elements().map(text));
    }
    if !has_other_names(body) {
        return data(body);
    }
    let mut writer = BlockWriter::default();
    write(&mut writer, body, 1);
    let body: Body = writer.finish();
    Text::Blocks(body)
}

/// The text of values of one field, each of which is a paragraph or several.
fn joined(values: impl Iterator<Item = Text>) -> Text {
    let values: Vec<Text> = values.collect();
    let bare: Vec<&str> = values
        .iter()
        .filter_map(|value| if let Text::Bare(text) = value { Some(text.as_str()) } else { None })
        .collect();
    if bare.len() == values.len() {
        return Text::Bare(bare.join("\n\n"));
    }
    let mut body = Body::default();
    for value in values {
        match value {
            Text::Bare(text) => text.lines().for_each(|line| body.append(BlockKind::Paragraph, line)),
            Text::Blocks(inner) | Text::Page(inner) => body.join(inner),
        }
    }
    Text::Blocks(body)
}

#[cfg(test)]
mod tests {
    use super::super::xml::parse;
    use super::*;

    const LONG: &str =
        "Crews of the island ferries will vote on Thursday on an offer of four per cent, the union said.";

    /// Title, byline, date, desk and headings of each article.
    fn read(markup: &str) -> Vec<String> {
        let root = parse(&markup.replace('~', LONG)).expect("markup");
        let line = |draft: Draft| {
            let headings = match &draft.text {
                Text::Blocks(body) => body
                    .blocks
                    .iter()
                    .filter(|block| matches!(block.kind, BlockKind::Heading(_)))
                    .map(|block| body.text[block.span.clone()].to_string())
                    .collect::<Vec<_>>()
                    .join("+"),
                _ => String::new(),
            };
            let text = draft.has_text();
            let facts = draft.facts;
            let known = [facts.title, facts.byline, facts.published.map(|date| date.value), facts.desk];
            let known: Vec<String> = known.into_iter().map(|fact| fact.unwrap_or("-".into())).collect();
            format!("{} {headings}{}", known.join("|"), if text { "" } else { "(no text)" }).trim().to_string()
        };
        stories(&root).into_iter().map(|read| read.map_or_else(|reason| reason.to_string(), line)).collect()
    }

    #[test]
    fn paragraphs_in_records() {
        // Title, and the blocks of the text with the levels of headings.
        let lines = |draft: Draft| {
            let text = match draft.text {
                Text::Bare(text) => text.split("\n\n").map(str::to_string).collect(),
                Text::Blocks(body) | Text::Page(body) => {
                    let line = |block: &crate::article::Block| {
                        let text = &body.text[block.span.clone()];
                        if let BlockKind::Heading(_) = block.kind { format!("# {text}") } else { text.to_string() }
                    };
                    body.blocks.iter().map(line).collect::<Vec<_>>()
                }
            };
            let facts = draft.facts;
            let placed = facts.byline.or(facts.published.map(|date| date.value)).unwrap_or_default();
            let text = text.join("|").replace(LONG, "~");
            format!("{} {placed} {}{text}", facts.title.unwrap_or_default(), draft.standfirst.unwrap_or_default())
        };
        for (markup, expected) in [
            (
                "<article title='A b' author='P S'><h2>The offer</h2><p>~</p><h2>Next</h2><p>One.</p></article>",
                "A b P S # The offer|~|# Next|One.",
            ),
            ("<article title='A b' author='P S'><p>~</p><p>One.</p></article>", "A b P S ~|One."),
            ("<article title='A b' author='P S'><p>~ <b>Now</b></p></article>", "A b P S ~ Now"),
            (
                "<article title='A b' author='P S'><intro>In short.</intro><p>~</p><p>One.</p></article>",
                "A b P S In short.~|One.",
            ),
            (
                "<article title='A b' author='P S'><heading>The offer</heading><para>~</para><para>One.</para></article>",
                "A b P S # The offer|~|One.",
            ),
            ("<article title='A b' author='P S'>One. <p>~</p></article>", "A b P S One.|~"),
            ("<item><title>A b</title><date>2011-05-03</date><p>~</p><p>One.</p></item>", "A b 2011-05-03 ~|One."),
            (
                "<item><heading>A b</heading><date>2011-05-03</date><p>~</p><heading>Next</heading><p>One.</p></item>",
                "A b 2011-05-03 ~|# Next|One.",
            ),
            (
                "<meldung><titel>A b</titel><autor>P S</autor><absatz>~</absatz><absatz>Eins.</absatz></meldung>",
                "A b P S ~|Eins.",
            ),
            (
                "<doc><str name='title'>A b</str><str name='author'>P S</str><arr name='body'><str>~</str><str>One.</str></arr></doc>",
                "A b P S ~|One.",
            ),
            // A paragraph beside a text is a note.
            ("<item><title>A b</title><date>2011-05-03</date><text>~ ~</text><p>~</p></item>", "A b 2011-05-03 ~ ~"),
        ] {
            let root = parse(&format!("<l>{markup}{markup}</l>").replace('~', LONG)).expect("markup");
            let found: Vec<String> = stories(&root).into_iter().flatten().map(lines).collect();
            assert_eq!(found, [expected; 2], "{markup}");
        }
        let root =
            parse(&format!("<story><headline>A b</headline><date>2011-05-03</date><p>{LONG}</p><p>One.</p></story>"));
        let found: Vec<String> = stories(&root.expect("markup")).into_iter().flatten().map(lines).collect();
        assert_eq!(found, ["A b 2011-05-03 ~|One."]);
    }

    #[test]
    fn records_of_documents() {
        for (markup, expected) in [
            // One of many without a text, by any name of list and record.
            (
                "<posts><post><title>A b</title><author>P S</author><text>~</text></post><post><title>Picture</title><text/></post></posts>",
                &["A b|P S|-|-", "Picture|-|-|- (no text)"][..],
            ),
            (
                "<export><meldung><titel>A b</titel><datum>2011-05-03</datum><inhalt>~</inhalt></meldung><meldung><titel>C d</titel><inhalt>~</inhalt></meldung></export>",
                &["A b|-|2011-05-03|-", "C d|-|-|-"],
            ),
            (
                "<r><row><field name='post_title'>A b</field><field name='post_content'>~</field></row><row><field name='post_title'>C d</field><field name='post_content'>~</field></row></r>",
                &["A b|-|-|-", "C d|-|-|-"],
            ),
            (
                "<posts><row Id='1' Title='A b' Body='~' CreationDate='2011-05-03T08:00:00'/><row Id='2' Title='C d' Body='~'/></posts>",
                &["A b|-|2011-05-03T08:00:00|-", "C d|-|-|-"],
            ),
            // Facts as attributes, and the values of one field.
            (
                "<l><article title='A b' date='2011-05-03' author='P S'>~</article><article title='C d' date='2011-05-04'><p>~</p><p>~</p></article></l>",
                &["A b|P S|2011-05-03|-", "C d|-|2011-05-04|-"],
            ),
            (
                "<r><doc><arr name='title'><str>A b</str></arr><date name='date'>2011-05-03T08:00:00Z</date><str name='text'>~</str></doc><doc><arr name='title'><str>C d</str></arr><str name='text'>~</str></doc></r>",
                &["A b|-|2011-05-03T08:00:00Z|-", "C d|-|-|-"],
            ),
            (
                "<notes><note><body>~</body><date>2011-05-03</date></note><note><body>Short.</body><date>2011-05-04</date></note></notes>",
                &["-|-|2011-05-03|-", "-|-|2011-05-04|-"],
            ),
            (
                "<l><meldung><ueberschrift>A b</ueberschrift><inhalt>~</inhalt></meldung><meldung/></l>",
                &["A b|-|-|-", "-|-|-|- (no text)"],
            ),
            (
                "<xml><records><record><titles><title><style>A b</style></title></titles><contributors><authors><author><style>P S</style></author></authors></contributors><dates><year><style>2011</style></year></dates><abstract><style>~ ~</style></abstract></record></records></xml>",
                &["A b|P S|2011|-"],
            ),
            // One article: its sections are none.
            (
                "<article><title>A b</title><author><first>Petra</first><last>Solheim</last></author><body><section><heading>The offer</heading><p>~</p></section><section><heading>Next</heading><p>~</p></section></body></article>",
                &["A b|Petra Solheim|-|- The offer+Next"],
            ),
            (
                "<FictionBook><description><title-info><author><first-name>Petra</first-name><last-name>Solheim</last-name></author><book-title>A b</book-title></title-info></description><body><section><title><p>The offer</p></title><p>~</p></section></body></FictionBook>",
                &["A b|Petra Solheim|-|- The offer"],
            ),
            (
                "<article><front><article-meta><title-group><article-title>A b</article-title></title-group><contrib-group><contrib><name><surname>Solheim</surname><given-names>Petra</given-names></name></contrib></contrib-group><pub-date><day>3</day><month>5</month><year>2011</year></pub-date></article-meta></front><body><sec><title>The offer</title><p>~</p></sec><sec><title>Next</title><p>~</p></sec></body></article>",
                &["A b|Petra Solheim|2011-05-03|- The offer+Next"],
            ),
            ("<config><server><name>a</name><port>1</port></server><server><name>b</name></server></config>", &[]),
        ] {
            assert_eq!(read(markup), expected, "{markup}");
        }
    }
}
