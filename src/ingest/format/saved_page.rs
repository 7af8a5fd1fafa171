//! Pages that programs save with their images and styles in one file: archives of browsers (.webarchive), and zip files of
//! SingleFile and of the Mozilla Archive Format (.maff). The page is read as any page; its other parts are not articles.

#[cfg(feature = "archives")]
use std::collections::{HashMap, HashSet};
#[cfg(feature = "archives")]
use std::io::{Cursor, Read, Seek};

#[cfg(feature = "pages")]
use plist::Value;
#[cfg(feature = "archives")]
use zip::ZipArchive;

#[cfg(feature = "archives")]
use super::xml;
#[cfg(feature = "pages")]
use crate::ingest::SkipReason;
#[cfg(feature = "archives")]
use crate::ingest::decode::decode;

/// Longest file that describes a saved page, in bytes.
#[cfg(feature = "archives")]
const MOST_DESCRIPTION_BYTES: u64 = 1 << 20;

/// The page of an archive of a browser.
#[cfg(feature = "pages")]
pub(super) struct WebArchive {
    /// Its markup.
    pub(super) page: Vec<u8>,
    /// Its address.
    pub(super) url: Option<String>,
    /// Its encoding, if it is stated.
    pub(super) encoding: Option<String>,
}

/// Reads an archive of a browser, which is a property list, binary or XML.
///
/// # Errors
///
/// [`SkipReason::Malformed`] if it is damaged, [`SkipReason::NoText`] if its main resource is not a page.
#[cfg(feature = "pages")]
pub(super) fn web_archive(bytes: &[u8]) -> Result<WebArchive, SkipReason> {
    let damaged = |error: &dyn std::fmt::Display| SkipReason::Malformed(format!("not a web archive: {error}"));
    let root = std::panic::catch_unwind(|| Value::from_reader(std::io::Cursor::new(bytes)))
        .map_err(|_| damaged(&"its property list cannot be read"))?
        .map_err(|error| damaged(&error))?;
    let main = root.as_dictionary().and_then(|root| root.get("WebMainResource")).and_then(Value::as_dictionary);
    let main = main.ok_or_else(|| damaged(&"it has no main resource"))?;
    let text = |key: &str| main.get(key).and_then(Value::as_string).map(str::to_string);
    let kind = text("WebResourceMIMEType").unwrap_or_default().to_ascii_lowercase();
    if !(kind.is_empty() || kind.contains("html") || kind.starts_with("text/")) {
        return Err(SkipReason::NoText);
    }
    let page = match main.get("WebResourceData") {
        Some(Value::Data(data)) => data.clone(),
        Some(Value::String(text)) => text.clone().into_bytes(),
        _ => return Err(SkipReason::NoText),
    };
    let encoding = text("WebResourceTextEncodingName").filter(|name| !name.is_empty());
    Ok(WebArchive { page, url: text("WebResourceURL").filter(|url| url.contains("://")), encoding })
}

/// A page within an archive of files.
#[cfg(feature = "archives")]
#[derive(Debug, PartialEq)]
pub(super) struct PageOfArchive {
    /// Path of the page.
    pub(super) path: String,
    /// Its address.
    pub(super) url: Option<String>,
}

/// The saved pages of an archive of files: folders with a description of the page in them (`index.rdf` of MAFF,
/// `manifest.json` of SingleFile), by these folders with a `/` at the end. Everything else in them is a part of the page.
#[cfg(feature = "archives")]
pub(super) fn pages_of_archive<R: Read + Seek>(archive: &mut ZipArchive<R>) -> HashMap<String, PageOfArchive> {
    /// Most pages of an archive: one of many is a collection of files, whose number has other bounds.
    const MOST_PAGES: usize = 10_000;
    const DESCRIPTIONS: &[&str] = &["index.rdf", "manifest.json"];
    let names: HashSet<String> = archive.file_names().filter_map(|name| Some(name.ok()?.into_owned())).collect();
    let mut described: Vec<&String> =
        names.iter().filter(|name| DESCRIPTIONS.contains(&name.rsplit('/').next().unwrap_or(name))).collect();
    described.sort();
    described.truncate(MOST_PAGES);
    let mut pages = HashMap::new();
    for name in described {
        let (folder, file) = name.rsplit_once('/').map_or(("", name.as_str()), |(folder, file)| (folder, file));
        let folder = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let has = |file: &str| names.contains(&format!("{folder}{file}"));
        // A manifest describes programs too; only that of a page names an address.
        if !["index.html", "index.htm", "index.xhtml"].iter().any(|file| has(file)) && file != "index.rdf" {
            continue;
        }
        let Some(text) = description(archive, name) else { continue };
        let Some((url, index)) = (if file == "index.rdf" { of_rdf(&text) } else { of_manifest(&text) }) else {
            continue;
        };
        let index = index.filter(|index| has(index));
        let index = index.or_else(|| {
            ["index.html", "index.htm", "index.xhtml"].iter().find(|file| has(file)).map(|file| (*file).to_string())
        });
        if let Some(index) = index {
            pages.insert(folder.clone(), PageOfArchive { path: format!("{folder}{index}"), url });
        }
    }
    pages
}

/// The text of a small member.
#[cfg(feature = "archives")]
fn description<R: Read + Seek>(archive: &mut ZipArchive<R>, name: &str) -> Option<String> {
    let mut bytes = Vec::new();
    archive.by_name(name).ok()?.take(MOST_DESCRIPTION_BYTES).read_to_end(&mut bytes).ok()?;
    Some(decode(&bytes, true).ok()?.text)
}

/// The address and the file of the page that MAFF's description states.
#[cfg(feature = "archives")]
fn of_rdf(text: &str) -> Option<(Option<String>, Option<String>)> {
    let root = xml::parse(text).ok()?;
    let resource = |name: &str| {
        let element = root.find(name)?;
        element.attribute("resource").map(str::to_string).or_else(|| element.tidied())
    };
    let url = resource("originalurl").filter(|url| url.contains("://"));
    let index = resource("indexfilename");
    (url.is_some() || index.is_some()).then_some((url, index))
}

/// The address that SingleFile's description states.
#[cfg(feature = "archives")]
fn of_manifest(text: &str) -> Option<(Option<String>, Option<String>)> {
    let value: serde_json::Value = serde_json::from_str(text).ok()?;
    let url = ["originalUrl", "originalURL", "url"].iter().find_map(|key| value.get(*key)?.as_str());
    url.filter(|url| url.contains("://")).map(|url| (Some(url.to_string()), None))
}

/// The page within a page that extracts itself: SingleFile writes it as a zip archive within the markup of a small page.
/// `None` if there is none.
#[cfg(feature = "archives")]
pub(super) fn self_extracting(bytes: &[u8], most: u64) -> Option<Vec<u8>> {
    use memchr::memmem;
    /// Members of saved pages begin and end with these bytes.
    const START: &[u8] = b"PK\x03\x04";
    const END: &[u8] = b"PK\x05\x06";
    /// Length of the end of a zip archive without its comment.
    const END_BYTES: usize = 22;
    let start = memmem::find(bytes, START)?;
    let end = memmem::rfind(bytes, END).filter(|end| *end > start)?;
    // What follows the archive is markup, which would be its comment.
    let whole = &bytes[..bytes.len().min(end + END_BYTES)];
    let mut archive = bytes_of_archive(whole, end)?;
    let index =
        archive.file_names().filter_map(|name| Some(name.ok()?.into_owned())).find(|name| name == "index.html")?;
    let mut page = Vec::new();
    archive.by_name(&index).ok()?.take(most + 1).read_to_end(&mut page).ok()?;
    (page.len() as u64 <= most && !page.is_empty()).then_some(page)
}

/// The archive that ends at `end`, whose comment is taken away.
#[cfg(feature = "archives")]
fn bytes_of_archive(whole: &[u8], end: usize) -> Option<ZipArchive<Cursor<Vec<u8>>>> {
    /// Where the end of an archive states the length of the comment.
    const COMMENT_AT: usize = 20;
    let mut bytes = whole.to_vec();
    bytes.get_mut(end + COMMENT_AT..end + COMMENT_AT + 2)?.fill(0);
    ZipArchive::new(Cursor::new(bytes)).ok()
}

#[cfg(all(test, feature = "archives", feature = "pages"))]
mod tests {
    use std::io::Write;

    use super::*;

    fn zipped(members: &[(&str, &str)]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in members {
            writer.start_file(*name, zip::write::SimpleFileOptions::default()).expect("a member");
            writer.write_all(text.as_bytes()).expect("its text");
        }
        writer.finish().expect("an archive").into_inner()
    }

    const RDF: &str = "<?xml version=\"1.0\"?><RDF:RDF xmlns:MAF=\"m\" xmlns:RDF=\"r\"><RDF:Description>\
                       <MAF:originalurl RDF:resource=\"https://a.example/x\"/><MAF:indexfilename RDF:resource=\"start.html\"/>\
                       </RDF:Description></RDF:RDF>";

    #[test]
    fn pages_of_archives() {
        let manifest = r#"{"originalUrl": "https://a.example/y"}"#;
        for (members, expected) in [
            (vec![("1/index.html", "p"), ("1/index.rdf", RDF)], vec![("1/", "1/index.html", "https://a.example/x")]),
            (
                vec![("1/start.html", "p"), ("1/index.rdf", RDF), ("2/a.txt", "t")],
                vec![("1/", "1/start.html", "https://a.example/x")],
            ),
            (
                vec![("index.html", "p"), ("manifest.json", manifest), ("a.css", "")],
                vec![("", "index.html", "https://a.example/y")],
            ),
            (vec![("index.html", "p"), ("manifest.json", r#"{"name": "a program"}"#)], vec![]),
            (vec![("a.html", "p"), ("manifest.json", manifest)], vec![]),
            (vec![("index.html", "p"), ("manifest.json", "{")], vec![]),
            (vec![("index.rdf", "<rdf>")], vec![]),
        ] {
            let mut archive = ZipArchive::new(Cursor::new(zipped(&members))).expect("an archive");
            let pages = pages_of_archive(&mut archive);
            let found: Vec<_> = pages
                .iter()
                .map(|(folder, page)| (folder.as_str(), page.path.as_str(), page.url.as_deref().unwrap_or("")))
                .collect();
            assert_eq!(found, expected, "{members:?}");
        }
    }

    #[test]
    fn a_page_that_extracts_itself() {
        let archive = zipped(&[("index.html", "<p>Dockers walked out.</p>"), ("a.png", "x")]);
        let page = |before: &str, after: &str| [before.as_bytes(), &archive, after.as_bytes()].concat();
        for (before, after) in [("<html><!--", "--></html>"), ("<html>", ""), ("<html><!--", "--><script>PK</script>")]
        {
            let found = self_extracting(&page(before, after), 1_000);
            assert_eq!(found.as_deref(), Some(&b"<p>Dockers walked out.</p>"[..]), "{before} {after}");
        }
        assert_eq!(self_extracting(&page("<html>", ""), 5), None);
        assert_eq!(self_extracting(b"<html>PK\x03\x04 PK\x05\x06</html>", 1_000), None);
        let cut = page("<html><!--", "");
        assert_eq!(self_extracting(&cut[..cut.len() - 30], 1_000), None);
    }

    #[test]
    fn archives_of_browsers() {
        let archive = |kind: &str, data: Value| {
            let main: plist::Dictionary = [
                ("WebResourceData", data),
                ("WebResourceMIMEType", kind.into()),
                ("WebResourceURL", "https://a.example/x".into()),
                ("WebResourceTextEncodingName", "UTF-8".into()),
            ]
            .into_iter()
            .map(|(key, value): (&str, Value)| (key.to_string(), value))
            .collect();
            let root: plist::Dictionary =
                [("WebMainResource".to_string(), Value::Dictionary(main))].into_iter().collect();
            Value::Dictionary(root)
        };
        let data = Value::Data(b"<p>Dockers</p>".to_vec());
        let mut binary = Vec::new();
        archive("text/html", data.clone()).to_writer_binary(&mut binary).expect("a list");
        let mut text = Vec::new();
        archive("text/html", data.clone()).to_writer_xml(&mut text).expect("a list");
        for bytes in [&binary, &text] {
            let read = web_archive(bytes).expect("an archive");
            assert_eq!((&*read.page, read.url.as_deref()), (&b"<p>Dockers</p>"[..], Some("https://a.example/x")));
            for end in [0, 8, bytes.len() / 2, bytes.len() - 1] {
                assert!(matches!(web_archive(&bytes[..end]), Err(SkipReason::Malformed(_))), "cut at {end}");
            }
        }
        let mut image = Vec::new();
        archive("image/png", data).to_writer_binary(&mut image).expect("a list");
        assert!(matches!(web_archive(&image), Err(SkipReason::NoText)));
    }
}
