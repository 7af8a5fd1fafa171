//! METS: the structure of a scan whose pages (ALTO, hOCR, PAGE XML) are files beside it. If it tells articles apart, each is
//! one, made of the blocks that it names; else all pages are one article. Text that no article has is an article of its own.

mod description;
mod map;
mod pages;

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use xxhash_rust::xxh3::xxh3_64;

use self::map::Mets;
use self::pages::Pages;
use super::context::Context;
use super::scan::{self, Region};
use super::xml;
use crate::article::RawArticle;
use crate::article::date::date_in_path;
use crate::ingest::decode::decode;
use crate::ingest::{BadRecord, Record, RecordId, SkipReason, Yielded};
use crate::model::{Facts, PublishedFrom};

/// What is known of a METS file without its pages.
#[derive(Debug, Clone, Default)]
pub(in crate::ingest) struct Structure {
    /// The files of its pages that exist.
    pub(in crate::ingest) pages: Vec<PathBuf>,
    /// Does it tell articles apart?
    pub(in crate::ingest) has_articles: bool,
}

/// The structure in a METS file in `folder`; `None` if it cannot be read.
pub(in crate::ingest) fn structure(bytes: &[u8], folder: &Path) -> Option<Structure> {
    let root = xml::parse(&decode(bytes, true).ok()?.text).ok()?;
    let mets = Mets::of(&root, folder)?;
    let pages = mets.files.iter().filter_map(|file| file.path.clone()).collect();
    Some(Structure { pages, has_articles: !mets.articles().is_empty() })
}

/// Reads the articles of a METS file from its pages.
///
/// # Errors
///
/// [`SkipReason::Unsupported`] if none of its pages is a file beside it.
pub(super) fn read(text: &str, context: &Context, name: &str, sink: &mut dyn FnMut(Yielded)) -> Result<(), SkipReason> {
    let root = xml::parse(text)?;
    let lacks_pages = || {
        SkipReason::Unsupported("METS, which lists the pages of a scan, without files of their text beside it".into())
    };
    let folder = context.folder.as_deref().ok_or_else(lacks_pages)?;
    let mets = Mets::of(&root, folder).ok_or_else(lacks_pages)?;
    if mets.files.iter().all(|file| file.path.is_none()) {
        return Err(lacks_pages());
    }
    let items = mets.articles();
    let ids = items.iter().flat_map(|item| &item.areas).flat_map(|area| [area.begin, area.end]).flatten().collect();
    let mut pages = Pages { mets: &mets, ids: &ids, limits: context.limits, read: HashMap::new(), bad: Vec::new() };
    let mut out: Vec<(Option<&str>, RawArticle)> = Vec::new();
    let mut used = HashSet::new();
    for item in &items {
        let regions = pages.regions(&item.areas, &mut used);
        out.push((item.id, article(&regions, item.facts.clone(), pages.language(&item.areas))));
    }
    let rest = pages.rest(mets.pages(&items), &used);
    if rest.iter().any(|region| !region.is_margin && region.lines.iter().any(|line| !line.trim().is_empty())) {
        out.push((mets.issue_id(), article(&rest, mets.issue_facts(), pages.any_language())));
    }
    let bad = std::mem::take(&mut pages.bad);
    if out.is_empty() && bad.is_empty() {
        return Err(SkipReason::NoText);
    }
    let is_one = out.len() == 1;
    for (i, (id, raw)) in out.into_iter().enumerate() {
        let position = || id.map_or_else(|| format!("record {}", i + 1), |id| format!("division {id}"));
        if raw.text.trim().is_empty() && raw.facts.title.is_none() {
            sink(Yielded::Bad(BadRecord { position: position(), reason: SkipReason::NoText }));
            continue;
        }
        let hash = xxh3_64(format!("{:?}{}", raw.facts, raw.text).as_bytes());
        let id = id.map_or(RecordId::Number(i + 1), |id| RecordId::Own(id.to_string()));
        let raw = RawArticle { path_date: date_in_path(name, PublishedFrom::Path), ..raw };
        sink(Yielded::Article(Box::new(Record { id: (!is_one).then_some(id), raw, map: None, hash })));
    }
    bad.into_iter().for_each(|bad| sink(Yielded::Bad(bad)));
    Ok(())
}

/// The article of some regions. What METS states counts before what its pages do.
fn article(regions: &[Region], facts: Facts, language: Option<&str>) -> RawArticle {
    let mut raw = scan::article(regions, language);
    let mut stated = facts;
    stated.fill_from(std::mem::take(&mut raw.facts));
    raw.facts = stated;
    raw
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::map::page_path;
    use super::*;
    use crate::ingest::ReadLimits;
    use crate::ingest::source::Budget;

    const HEAD: &str = "<?xml version=\"1.0\"?><mets:mets xmlns:mets=\"http://www.loc.gov/METS/\" LABEL=\"Halden Courier 1911-03-02\">";

    fn page(number: usize, blocks: &[(&str, &str)]) -> String {
        let block = |(id, lines): &(&str, &str)| {
            let words =
                |line: &str| line.split(' ').map(|word| format!("<String CONTENT=\"{word}\"/>")).collect::<String>();
            let lines = lines.split('|').enumerate();
            let lines: String =
                lines.map(|(i, line)| format!("<TextLine ID=\"{id}_{i}\">{}</TextLine>", words(line))).collect();
            format!("<TextBlock ID=\"{id}\">{lines}</TextBlock>")
        };
        let blocks: String = blocks.iter().map(block).collect();
        format!(
            "<alto><Layout><Page ID=\"P{number}\" PHYSICAL_IMG_NR=\"{number}\"><PrintSpace>{blocks}</PrintSpace></Page></Layout></alto>"
        )
    }

    /// The records of a METS file beside two pages: ids, titles, and texts.
    fn records(body: &str) -> Vec<(Option<String>, Facts, String)> {
        let folder = tempfile::tempdir().expect("a folder");
        let pages = [
            page(
                1,
                &[
                    ("m", "Halden Courier"),
                    ("a", "HARBOUR VOTE"),
                    ("b", "The board met|and resolved"),
                    ("c", "Coal at 9s."),
                ],
            ),
            page(2, &[("d", "to dredge."), ("e", "Der Hafen ruht.")]),
        ];
        std::fs::create_dir(folder.path().join("alto")).expect("made");
        for (i, page) in pages.iter().enumerate() {
            std::fs::write(folder.path().join(format!("alto/p{}.xml", i + 1)), page).expect("it has room");
        }
        let files = "<mets:fileSec><mets:fileGrp USE=\"Images\"><mets:file ID=\"I1\" MIMETYPE=\"image/jp2\"><mets:FLocat xlink:href=\"file://./img/p1.jp2\"/></mets:file></mets:fileGrp><mets:fileGrp USE=\"Text\"><mets:file ID=\"F1\" MIMETYPE=\"text/xml\"><mets:FLocat xlink:href=\"file://./alto/p1.xml\"/></mets:file><mets:file ID=\"F2\" MIMETYPE=\"text/xml\"><mets:FLocat xlink:href=\"https://library.example/issue/p2.xml\"/></mets:file></mets:fileGrp></mets:fileSec>";
        let text = format!("{HEAD}{files}{body}</mets:mets>");
        let context = Context {
            limits: ReadLimits::default(),
            budget: Budget::of_file(1_000),
            depth: 0,
            read: crate::ingest::format::read,
            texts: None,
            folder: Some(Rc::new(folder.path().to_path_buf())),
            url: None,
        };
        let mut out = Vec::new();
        read(&text, &context, "mets.xml", &mut |yielded| match yielded {
            Yielded::Article(record) => {
                out.push((record.id.map(|id| id.text()), record.raw.facts, record.raw.text.trim().to_string()));
            }
            Yielded::Bad(bad) => panic!("{bad:?}"),
        })
        .expect("articles");
        out
    }

    const MODS: &str = "<mets:dmdSec ID=\"D0\"><mets:mdWrap><mets:xmlData><mods:mods><mods:titleInfo><mods:nonSort>The</mods:nonSort><mods:title>Halden Courier</mods:title></mods:titleInfo><mods:originInfo><mods:dateIssued>02.03.1911</mods:dateIssued></mods:originInfo></mods:mods></mets:xmlData></mets:mdWrap></mets:dmdSec><mets:dmdSec ID=\"D1\"><mets:mdWrap><mets:xmlData><mods:mods><mods:titleInfo><mods:title>Harbour vote</mods:title></mods:titleInfo><mods:name type=\"personal\"><mods:namePart type=\"family\">Lindqvist</mods:namePart><mods:namePart type=\"given\">Mara</mods:namePart><mods:role><mods:roleTerm>aut</mods:roleTerm></mods:role></mods:name><mods:language><mods:languageTerm>en</mods:languageTerm></mods:language></mods:mods></mets:xmlData></mets:mdWrap></mets:dmdSec>";

    fn area(file: &str, begin: &str) -> String {
        format!("<mets:fptr><mets:area FILEID=\"{file}\" BETYPE=\"IDREF\" BEGIN=\"{begin}\"/></mets:fptr>")
    }

    #[test]
    fn articles_are_made_of_their_blocks() {
        let map = format!(
            "{MODS}<mets:structMap TYPE=\"LOGICAL\"><mets:div TYPE=\"Newspaper\" DMDID=\"D0\"><mets:div TYPE=\"ISSUE\" ID=\"iss\"><mets:div TYPE=\"TITLE_SECTION\">{}</mets:div><mets:div TYPE=\"CONTENT\"><mets:div TYPE=\"SECTION\" LABEL=\"Local\"><mets:div TYPE=\"ARTICLE\" ID=\"art\" DMDID=\"D1\"><mets:div TYPE=\"HEADING\">{}</mets:div><mets:div TYPE=\"BODY\"><mets:div TYPE=\"PARAGRAPH\"><mets:div TYPE=\"TEXT\">{}</mets:div><mets:div TYPE=\"TEXT\">{}</mets:div></mets:div></mets:div></mets:div></mets:div><mets:div TYPE=\"BODY\"><mets:div TYPE=\"Advertisement\" ID=\"ad\">{}</mets:div></mets:div></mets:div></mets:div></mets:div></mets:structMap>",
            area("F1", "m"),
            area("F1", "a"),
            area("F1", "b"),
            area("F2", "d"),
            area("F1", "c"),
        );
        let found = records(&map);
        let shown: Vec<_> = found.iter().map(|(id, _, text)| (id.as_deref(), text.as_str())).collect();
        let expected = [
            (Some("art"), "HARBOUR VOTE\n\nThe board met\nand resolved\n\nto dredge."),
            (Some("ad"), "Coal at 9s."),
            (Some("iss"), "Halden Courier\n\nDer Hafen ruht."),
        ];
        assert_eq!(shown, expected);
        let facts = &found[0].1;
        let of = |fact: &Option<String>| fact.clone().unwrap_or_default();
        let stated = [&facts.title, &facts.byline, &facts.source, &facts.desk, &facts.lang].map(of);
        assert_eq!(stated, ["Harbour vote", "Mara Lindqvist", "The Halden Courier", "Local", "en"]);
        assert_eq!(facts.published.as_ref().map(|date| date.value.as_str()), Some("1911-03-02"));
        assert_eq!((of(&found[1].1.desk), of(&found[1].1.source)), (String::new(), "The Halden Courier".into()));
    }

    #[test]
    fn articles_are_linked_to_areas_of_pages() {
        let link = |from: &str, to: &str| {
            format!(
                "<mets:smLinkGrp><mets:smLocatorLink xlink:href=\"#{from}\" xlink:label=\"x\"/><mets:smLocatorLink xlink:href=\"#{to}\" xlink:label=\"y\"/><mets:smArcLink xlink:from=\"x\" xlink:to=\"y\"/></mets:smLinkGrp>"
            )
        };
        let map = format!(
            "<mets:structMap TYPE=\"LOGICAL\"><mets:div TYPE=\"ISSUE\" ID=\"log\"><mets:div TYPE=\"ARTICLE\" ID=\"one\"/><mets:div TYPE=\"ARTICLE\" ID=\"two\"/></mets:div></mets:structMap><mets:structMap TYPE=\"PHYSICAL\"><mets:div TYPE=\"page\" ID=\"ph\"><mets:div TYPE=\"pagearea\" LABEL=\"Headline\" ID=\"x1\">{}</mets:div><mets:div TYPE=\"pagearea\" ID=\"x2\"><mets:fptr><mets:area FILEID=\"F1\" BEGIN=\"b_1\" END=\"c_0\"/></mets:fptr></mets:div><mets:div TYPE=\"pagearea\" ID=\"x3\">{}</mets:div></mets:div></mets:structMap><mets:structLink>{}{}<mets:smLink xlink:from=\"two\" xlink:to=\"x3\"/></mets:structLink>",
            area("F1", "a"),
            area("F2", "e"),
            link("one", "x1"),
            link("one", "x2"),
        );
        let found = records(&map);
        let texts: Vec<_> = found.iter().map(|(_, _, text)| text.as_str()).collect();
        assert_eq!(
            texts,
            [
                "HARBOUR VOTE\n\nand resolved\n\nCoal at 9s.",
                "Der Hafen ruht.",
                "Halden Courier\n\nThe board met\n\nto dredge."
            ]
        );
    }

    #[test]
    fn pages_without_articles_are_one() {
        let map = "<mets:structMap TYPE=\"PHYSICAL\"><mets:div TYPE=\"physSequence\"><mets:div TYPE=\"page\"><mets:fptr FILEID=\"F2\"/></mets:div><mets:div TYPE=\"page\"><mets:fptr FILEID=\"F1\"/></mets:div></mets:div></mets:structMap>";
        let found = records(map);
        assert_eq!(found.len(), 1);
        let (id, facts, text) = &found[0];
        assert_eq!((id, facts.title.as_deref()), (&None, Some("Halden Courier 1911-03-02")));
        assert!(text.starts_with("to dredge.") && text.ends_with("Coal at 9s."), "{text}");
    }

    #[test]
    fn pages_are_below_or_near_the_folder() {
        let folder = tempfile::tempdir().expect("a folder");
        for name in ["ocr/X1.xml", "toc/p.xml", "toc/text/p2.xml"] {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            std::fs::write(path, "x").expect("it has room");
        }
        let toc = folder.path().join("toc");
        for (href, is_found) in [
            ("../ocr/X1.xml", true),
            ("file://./p.xml", true),
            ("p2.xml", true),
            ("https://library.example/a/p.xml", true),
            ("/etc/hostname", false),
            ("../../../../etc/hostname", false),
            ("..", false),
            ("", false),
        ] {
            assert_eq!(page_path(href, None, &toc).is_some(), is_found, "{href}");
        }
    }
}
