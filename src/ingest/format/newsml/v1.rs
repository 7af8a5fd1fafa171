//! NewsML 1.2.

use super::{apply_desk_notes, data, take_nitf};
use crate::article::BlockKind;
use crate::ingest::format::blocks::Body;
use crate::ingest::format::draft::{Draft, Text, split_keywords};
use crate::ingest::format::nitf;
use crate::ingest::format::xml::Element;
use crate::text::tidy;

/// The stories of a document, one for each `NewsItem`.
pub(in crate::ingest::format) fn stories(root: &Element) -> Vec<Draft> {
    root.all("newsitem").into_iter().map(|item| story(root, item)).filter(Draft::has_text).collect()
}

fn story(root: &Element, item: &Element) -> Draft {
    let mut draft = Draft::default();
    // An item without these elements states no facts there.
    let identifier = item.at("identification/newsidentifier").cloned().unwrap_or_default();
    let management = item.child("newsmanagement").cloned().unwrap_or_default();
    let administration = item.find("administrativemetadata").cloned().unwrap_or_default();
    draft.title(item.text_of("headline"));
    draft.title(item.text_at("identification/namelabel"));
    draft.byline(item.find("byline").and_then(nitf::byline));
    draft.byline(administration.elements().filter(|e| e.is("property")).find_map(|property| {
        let value = property.attribute("value").filter(|_| has_formal_name(property, "author"));
        value.map(str::to_string)
    }));
    draft.source(party(&administration, "provider"));
    draft.source(party(&administration, "source"));
    let sender = root.at("newsml/newsenvelope/sentfrom/party");
    draft.source(sender.and_then(|party| party.attribute("formalname")).map(str::to_string));
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
    apply_keywords(item, &mut draft);
    draft.standfirst = item.text_of("subheadline");
    apply_desk_notes(&item.all("ednote"), &mut draft);
    draft.text = text(item, &mut draft);
    draft
}

fn has_formal_name(element: &Element, name: &str) -> bool {
    element.attribute("formalname").is_some_and(|own| own.eq_ignore_ascii_case(name))
}

/// The name of a party of the administrative metadata.
fn party(administration: &Element, role: &str) -> Option<String> {
    let element = administration.at(role)?;
    let party = element.find("party").unwrap_or(element);
    party.attribute("formalname").map(str::to_string).or_else(|| party.tidied())
}

fn apply_keywords(item: &Element, draft: &mut Draft) {
    for line in item.all("keywordline") {
        split_keywords(&line.text()).iter().for_each(|word| draft.keyword(word));
    }
    for property in item.all("property") {
        if has_formal_name(property, "keyword") {
            draft.keyword(property.attribute("value").unwrap_or(""));
        }
    }
}

/// The text of all content items; of equivalent ones the first with data counts.
fn text(item: &Element, draft: &mut Draft) -> Text {
    let mut contents = item.all("contentitem");
    let equivalents =
        item.all("newscomponent").iter().any(|component| component.attribute("equivalentslist") == Some("yes"));
    if equivalents && let Some(first) = contents.iter().find(|content| content.text_of("datacontent").is_some()) {
        contents = vec![first];
    }
    let mut body = Body::default();
    let mut bare = String::new();
    for content in contents {
        let media = content.child("mediatype").and_then(|kind| kind.attribute("formalname"));
        let is_caption = media.is_some_and(|media| !media.eq_ignore_ascii_case("text"));
        let Some(content) = content.child("datacontent") else { continue };
        if let Some(nitf) = content.find("nitf") {
            if let Text::Blocks(inner) = take_nitf(nitf, draft) {
                body.join(inner);
            }
            continue;
        }
        let page = content.find("body");
        match page.map_or_else(|| data(content), |page| Text::Blocks(nitf::page(page))) {
            Text::Bare(text) if is_caption => body.append(BlockKind::Item, &tidy(&text)),
            Text::Bare(text) => bare.push_str(&text),
            Text::Blocks(inner) | Text::Page(inner) => body.join(inner),
        }
    }
    if body.blocks.is_empty() && !bare.trim().is_empty() {
        return Text::Bare(bare);
    }
    for line in bare.split('\n').filter(|line| !line.trim().is_empty()) {
        body.append(BlockKind::Paragraph, line);
    }
    Text::Blocks(body)
}
