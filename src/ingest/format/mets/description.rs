//! The descriptions in METS files: MODS and Dublin Core.

use crate::ingest::format::draft::{self, Draft};
use crate::ingest::format::xml::Element;
use crate::model::Facts;

/// The facts in a description in MODS or Dublin Core.
pub(super) fn described(section: &Element) -> Facts {
    let mut draft = Draft::default();
    if let Some(mods) = section.find("mods") {
        modelled(mods, &mut draft);
    } else {
        let texts = |name: &str| section.all(name).into_iter().filter_map(Element::tidied).collect::<Vec<_>>();
        draft.title(texts("title").into_iter().next());
        draft.byline(Some(texts("creator").join(", ")).filter(|names| !names.is_empty()));
        let dates = texts("date");
        draft.published(dates.iter().map(|date| Some(date.as_str())));
        draft.lang(texts("language").first().map(String::as_str));
        draft.facts.url = texts("identifier").into_iter().find(|text| text.starts_with("http"));
    }
    draft.facts
}

/// Takes facts from MODS.
fn modelled(mods: &Element, draft: &mut Draft) {
    let own = |name: &'static str| mods.elements().filter(move |element| element.is(name));
    let titles: Vec<String> = own("titleinfo").filter_map(title_info).collect();
    draft.title(Some(titles.join(" ")).filter(|title| !title.is_empty()));
    let host = own("relateditem").find(|item| item.attribute("type") == Some("host"));
    draft.source(host.and_then(|host| host.child("titleinfo")).and_then(title_info));
    let names: Vec<String> = own("name").filter(|name| is_author(name)).filter_map(person).collect();
    draft.byline(Some(names.join(", ")).filter(|names| !names.is_empty()));
    let dates = ["dateissued", "datecreated", "date"].iter().flat_map(|name| {
        own("origininfo").chain(own("part")).flat_map(move |info| info.all(name)).filter_map(Element::tidied)
    });
    let dates: Vec<String> = dates.collect();
    draft.facts.published = draft::first_date(dates.iter().map(|date| Some(date.as_str())));
    draft.lang(own("language").find_map(|language| language.text_of("languageterm")).as_deref());
    let addresses = own("identifier").chain(own("location").filter_map(|location| location.child("url")));
    draft.facts.url = addresses.filter_map(Element::tidied).find(|text| text.starts_with("http"));
}

fn title_info(info: &Element) -> Option<String> {
    let main: Vec<String> = ["nonsort", "title"].iter().filter_map(|name| info.text_at(name)).collect();
    let main = Some(main.join(" ")).filter(|title| title.chars().any(char::is_alphanumeric))?;
    Some(match info.text_at("subtitle") {
        Some(sub) => format!("{main}: {sub}"),
        None => main,
    })
}

/// Is a name of MODS that of an author?
fn is_author(name: &Element) -> bool {
    const ROLES: &[&str] = &["aut", "author", "auteur", "autor", "cre", "creator", "journalist", "jrn"];
    let roles: Vec<String> =
        name.all("roleterm").into_iter().filter_map(Element::tidied).map(|role| role.to_lowercase()).collect();
    roles.is_empty() || roles.iter().any(|role| ROLES.contains(&role.as_str()))
}

fn person(name: &Element) -> Option<String> {
    let parts: Vec<&Element> = name.elements().filter(|element| element.is("namepart")).collect();
    let of = |kind: &str| parts.iter().find(|part| part.attribute("type") == Some(kind)).and_then(|part| part.tidied());
    let whole = || {
        let plain = parts.iter().filter(|part| part.attribute("type").is_none()).filter_map(|part| part.tidied());
        Some(plain.collect::<Vec<_>>().join(" ")).filter(|name| !name.is_empty())
    };
    match (of("given"), of("family")) {
        (Some(given), Some(family)) => Some(format!("{given} {family}")),
        (None, Some(name)) | (Some(name), None) => Some(name),
        (None, None) => name.text_at("displayform").or_else(whole),
    }
}
