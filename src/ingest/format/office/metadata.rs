//! Metadata of documents in Dublin Core.

use crate::ingest::format::draft::{Draft, split_keywords};
use crate::ingest::format::xml::Element;
use crate::text::fold::fold_value;

/// Sets the facts that metadata states.
pub(super) fn dublin_core(draft: &mut Draft, meta: &Element) {
    draft.title(meta.text_of("dc:title"));
    let creators = meta.all("dc:creator").into_iter().filter_map(Element::tidied).filter(|name| !is_program(name));
    let creators: Vec<String> = creators.collect();
    draft.byline(Some(creators.join(", ")));
    draft.lang(meta.text_of("dc:language").as_deref());
    for subject in meta.all("dc:subject") {
        split_keywords(&subject.text()).iter().for_each(|word| draft.keyword(word));
    }
}

/// Is the author of a document a program or a default account, not a person?
pub(super) fn is_program(name: &str) -> bool {
    const ACCOUNTS: &[&str] = &[
        "admin",
        "administrator",
        "administrateur",
        "apache poi",
        "author",
        "calibre",
        "microsoft office user",
        "openxml",
        "owner",
        "pc",
        "python-docx",
        "user",
        "un-named",
        "unknown",
        "win user",
        "windows user",
        "windows-benutzer",
        "utilisateur windows",
    ];
    ACCOUNTS.contains(&fold_value(name).as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_not_authors() {
        for (name, expected) in
            [("Apache POI", true), ("win user", true), ("Administrator", true), ("Mara Lind", false)]
        {
            assert_eq!(is_program(name), expected, "{name}");
        }
    }
}
