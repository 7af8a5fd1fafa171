//! Every format gives the same invented story from `corpus/formats`; hostile files are bounded and told.

use std::io::Write as _;
use std::path::Path;

use crosshead::internals::TABLE;
use serde_json::Value;

use crate::util::{TestDir, package};

const TITLE: &str = "Lighthouse at Skarvik is lit again";

/// File, record, date to the day, byline, source, does it have the heading "The lamp"?
type Row = (&'static str, Option<&'static str>, Option<&'static str>, Option<&'static str>, Option<&'static str>, bool);

const STORIES: &[Row] = &[
    ("anpa.tst", None, Some("2023-09-15"), Some("TOMAS BREKKE"), None, false),
    ("articles.csv", Some("lh-1"), Some("2023-09-15"), Some("Tomas Brekke"), Some("Halden Courier (fiction)"), false),
    ("atom.xml", Some("urn:halden:lighthouse"), Some("2023-09-15"), Some("Tomas Brekke"), Some("Halden Courier"), true),
    ("crawl.warc", Some("https://halden.example/2023/09/15/lighthouse"), Some("2023-09-15"), None, None, true),
    ("document.rtf", None, None, Some("Tomas Brekke"), None, true),
    ("europresse.html", None, Some("2023-09-15"), Some("Tomas Brekke"), Some("Halden Courier"), false),
    (
        "factiva.html",
        Some("HALDEN0020230915ej9f00001"),
        Some("2023-09-15"),
        Some("Tomas Brekke"),
        Some("Halden Courier"),
        false,
    ),
    (
        "factiva.xml",
        Some("HALDEN0020230915ej9f00001"),
        Some("2023-09-15"),
        Some("Tomas Brekke"),
        Some("Halden Courier"),
        false,
    ),
    ("front.html", None, Some("2023-09-15"), Some("Tomas Brekke"), None, true),
    ("front.txt", None, Some("2023-09-15"), Some("Tomas Brekke"), None, true),
    ("iptc7901.txt", None, Some("2023-09-15"), None, Some("hap"), false),
    ("jsonfeed.json", Some("lighthouse"), Some("2023-09-15"), Some("Tomas Brekke"), Some("Halden Courier"), true),
    ("lexis.txt", Some("1"), Some("2023-09-15"), Some("Tomas Brekke"), Some("Halden Courier"), false),
    ("mail.eml", Some("lighthouse@halden.example"), Some("2023-09-15"), Some("Tomas Brekke"), None, true),
    (
        "newsml-1.2.xml",
        Some("urn:newsml:halden.example:20230915:lighthouse:1"),
        Some("2023-09-15"),
        Some("Tomas Brekke"),
        Some("Halden Courier"),
        true,
    ),
    (
        "newsml-g2.xml",
        Some("urn:newsml:halden.example:20230915:lighthouse"),
        Some("2023-09-15"),
        Some("Tomas Brekke"),
        Some("Halden Courier"),
        true,
    ),
    (
        "ninjs.json",
        Some("https://halden.example/items/lighthouse"),
        Some("2023-09-15"),
        Some("Tomas Brekke"),
        Some("Halden Courier"),
        true,
    ),
    ("nitf.xml", Some("halden.lighthouse.1"), Some("2023-09-15"), Some("Tomas Brekke"), Some("Halden Courier"), true),
    ("note.adoc", None, Some("2023-09-15"), Some("Tomas Brekke"), None, true),
    ("note.org", None, Some("2023-09-15"), Some("Tomas Brekke"), None, true),
    ("note.rst", None, Some("2023-09-15"), Some("Tomas Brekke"), None, true),
    ("note.tex", None, Some("2023-09-15"), Some("Tomas Brekke"), None, true),
    ("note.textile", None, Some("2023-09-15"), Some("Tomas Brekke"), None, true),
    ("note.wiki", None, None, None, None, true),
    ("page.mhtml", None, Some("2023-09-15"), None, None, true),
    ("proquest.html", Some("1"), Some("2023-09-15"), Some("Brekke, Tomas"), Some("Halden Courier"), false),
    ("reuters.sgm", Some("4711"), Some("2023-09-15"), None, Some("Reuters"), false),
    ("rss.xml", Some("courier-lighthouse"), Some("2023-09-15"), Some("Tomas Brekke"), Some("Halden Courier"), true),
    ("toml.md", None, Some("2023-09-15"), None, None, true),
    ("trec.txt", Some("HC230915-0001"), Some("2023-09-15"), Some("TOMAS BREKKE"), None, false),
    ("wikinews.xml", Some("12"), Some("2023-09-15"), Some("Tomas Brekke"), Some("Halden News Wiki"), true),
    (
        "wordpress.xml",
        Some("https://halden.example/?p=77"),
        Some("2023-09-15"),
        Some("Tomas Brekke"),
        Some("Halden Courier"),
        true,
    ),
];

pub(crate) fn samples() -> String {
    package().join("corpus/formats").to_string_lossy().into_owned()
}

#[test]
fn one_story_in_every_format() {
    let dir = TestDir::new();
    let light = package().join("tests/it/data/light");
    dir.run(&["index", &samples(), &light.to_string_lossy()]).ends(0);
    let museum = dir.hits(&["keeper museum volunteers"]);
    let lamp = dir.hits(&["heading=\"The lamp\" nineteen miles"]);
    for &(file, record, day, byline, source, heading) in STORIES {
        let of_file = |hit: &&Value| hit["path"].as_str().is_some_and(|path| path.ends_with(&format!("/{file}")));
        let hit = museum.iter().find(of_file).unwrap_or_else(|| panic!("{file} is not found by its text"));
        assert_eq!(hit["title"].as_str().map(str::to_lowercase), Some(TITLE.to_lowercase()), "{file}");
        assert_eq!(hit["record"].as_str(), record, "{file}");
        assert_eq!(hit["published"].as_str().map(|date| &date[..10]), day, "{file}");
        if byline.is_some() {
            assert_eq!(hit["byline"].as_str(), byline, "{file}");
        }
        assert_eq!(hit["source"].as_str(), source, "{file}");
        assert_eq!(lamp.iter().any(|hit| of_file(&hit)), heading, "{file}: the heading");
    }
    for query in ["ferry title:Skarvik", "\"weather allowing\"", "\"page four\" path:mailbox"] {
        assert!(!dir.hits(&[query]).is_empty(), "{query}");
    }
    dir.run(&["check"]).ends(0);
}

#[test]
fn packed_and_archived_stories() {
    let dir = TestDir::new();
    let story = std::fs::read(Path::new(&samples()).join("nitf.xml")).expect("a sample");
    let records = std::fs::read(Path::new(&samples()).join("articles.csv")).expect("a sample");
    let gzip = |bytes: &[u8]| {
        let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        out.write_all(bytes).expect("in memory");
        out.finish().expect("in memory")
    };
    dir.write("news/one.xml.gz", gzip(&story));
    dir.write("news/many.csv.zst", zstd::encode_all(&records[..], 3).expect("in memory"));
    let mut archive = tar::Builder::new(Vec::new());
    for (name, bytes) in [("2023/story.xml", &story), ("2023/table.csv", &records)] {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        archive.append_data(&mut header, name, &bytes[..]).expect("in memory");
    }
    dir.write("news/all.tar.gz", gzip(&archive.into_inner().expect("in memory")));
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("../../escape/story.xml", zip::write::SimpleFileOptions::default()).expect("in memory");
    zip.write_all(&story).expect("in memory");
    dir.write("news/all.zip", zip.finish().expect("in memory").into_inner());
    dir.run(&["index", "news"]).ends(0);
    let mut found: Vec<String> = dir
        .hits(&["keeper museum volunteers"])
        .iter()
        .map(|hit| {
            format!("{}#{}", hit["path"].as_str().unwrap_or_default(), hit["record"].as_str().unwrap_or_default())
        })
        .collect();
    found.sort();
    assert_eq!(
        found,
        [
            "news/all.tar.gz#2023/story.xml#halden.lighthouse.1",
            "news/all.tar.gz#2023/table.csv#lh-1",
            "news/all.zip#../../escape/story.xml#halden.lighthouse.1",
            "news/many.csv.zst#lh-1",
            "news/one.xml.gz#halden.lighthouse.1",
        ]
    );
    assert!(!dir.path("escape").exists() && !dir.path("../escape").exists());
}

/// A PDF of one page, so wide, with this content.
#[cfg(feature = "pdf")]
pub(crate) fn pdf(width: &str, content: &str) -> String {
    pdf_of_pages(width, &[content])
}

/// A PDF with a page for each of these contents.
#[cfg(feature = "pdf")]
fn pdf_of_pages(width: &str, contents: &[&str]) -> String {
    const FIRST_PAGE: usize = 4;
    let kids: String = (0..contents.len()).map(|i| format!("{} 0 R ", FIRST_PAGE + 2 * i)).collect();
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_string(),
        format!("<< /Type /Pages /Kids [{kids}] /Count {} >>", contents.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_string(),
    ];
    for (i, content) in contents.iter().enumerate() {
        let stream = FIRST_PAGE + 2 * i + 1;
        objects.push(format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} 792] /Contents {stream} 0 R /Resources << /Font << /F1 3 0 R >> >> >>"
        ));
        objects.push(format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()));
    }
    let mut out = "%PDF-1.4\n".to_string();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (i, object) in objects.iter().enumerate() {
        table += &format!("{:010} 00000 n \n", out.len());
        out += &format!("{} 0 obj\n{object}\nendobj\n", i + 1);
    }
    let at = out.len();
    out + &table + &format!("trailer << /Size {} /Root 1 0 R >>\nstartxref\n{at}\n%%EOF\n", objects.len() + 1)
}

/// A hit in a PDF says on which page it is; what is no document has no pages.
#[cfg(feature = "pdf")]
#[test]
fn hits_in_pdf_have_the_page() {
    let dir = TestDir::new();
    // A passage may go on over a page, so each page has more than one.
    let page = |words: &str| {
        let filler = "Nothing else was said that day on the quay, and the ferry to the island left on time with all of its mail. ".repeat(8);
        let lines: Vec<String> =
            (0..4).map(|i| format!("BT /F1 12 Tf 72 {} Td ({words} {filler}) Tj ET", 700 - 60 * i)).collect();
        lines.join(" ")
    };
    let texts = [
        "The lighthouse at Skarvik is lit again, and volunteers of the town laid the slates of its roof in May.",
        "A second boat, the council of the fjord says, will carry the pilots from the old quay to the island.",
        "Votes on the harbour dues are counted on Sunday by the clerk, and a report follows in the autumn.",
    ];
    let pages = texts.map(page);
    dir.write("news/a.pdf", pdf_of_pages("612", &pages.each_ref().map(String::as_str)));
    dir.write("news/b.txt", "Lighthouse\n\nThe lighthouse of Moss is dark, and nobody has laid its slates.\n");
    dir.run(&["index", "news"]).ends(0);
    for (query, page) in [("slates path:a.pdf", 1), ("pilots", 2), ("dues", 3)] {
        let hits = dir.hits(&[query]);
        assert_eq!(hits[0]["page"], page, "{query}: {hits:?}");
        let run = dir.run(&["search", query]).ends(0);
        assert!(run.stdout.contains(&format!("a.pdf, page {page}")), "{}", run.told());
        let csv = dir.run(&["search", "--format", "csv", query]).ends(0).stdout;
        assert!(csv.contains(&format!(",{page},")), "{csv}");
        let id = hits[0]["id"].as_str().expect("an id");
        let shown = dir.run(&["show", id]).ends(0).stdout;
        assert!(shown.contains(&format!("\npage {page}\n")), "{shown}");
    }
    assert!(dir.hits(&["slates path:b.txt"])[0]["page"].is_null());
}

#[cfg(feature = "pdf")]
#[test]
fn pdf_is_read_and_cannot_end_a_run() {
    let dir = TestDir::new();
    let text = "BT /F1 12 Tf 72 700 Td (The lighthouse at Skarvik is lit again, and volunteers laid the slates.) Tj ET";
    dir.write("news/a.pdf", pdf("612", text));
    // A page as wide as this one made the layout ask for a terabyte.
    let lines: String = (0..43)
        .flat_map(|line| {
            ["72", "900000000000"].map(|x| format!("1 0 0 1 {x} {} Tm (Words of a line here) Tj ", 700 - 14 * line))
        })
        .collect();
    dir.write("news/wide.pdf", pdf("990000000000", &format!("BT /F1 12 Tf {lines} ET")));
    dir.write("news/z.txt", "Ferries sail\n\nThe ferries sail again on Monday, the office said.\n");
    let run = dir.run(&["-v", "index", "news"]);
    assert!(run.stderr.contains("wide.pdf: a PDF that cannot be read"), "{}", run.stderr);
    assert_eq!((dir.hits(&["lighthouse slates"]).len(), dir.hits(&["ferries"]).len()), (1, 1));
}

/// Reads `$PDF` as a program that uses the library, and compares with `$EXPECTED`. The test below runs it as a process of
/// its own, since the program that parses documents is one for the whole process.
#[cfg(feature = "pdf")]
#[test]
#[ignore = "run by pdf_is_read_for_callers_of_the_library"]
fn a_caller_of_the_library() {
    use crosshead::ReadLimits;
    use crosshead::internals::{Contents, Yielded};

    let variable = |name: &str| std::env::var(name).expect(name);
    match variable("READER").as_str() {
        "isolate" => crosshead::internals::pdf::isolate(env!("CARGO_BIN_EXE_crosshead").into()),
        "in process" => crosshead::internals::pdf::read_in_process(),
        _ => {}
    }
    let mut contents = Contents::read(Path::new(&variable("PDF")), ReadLimits::default()).expect("it is there");
    let mut found = String::new();
    let read = contents.articles("a.pdf", ReadLimits::default(), &mut |yielded| {
        if let Yielded::Article(record) = yielded {
            found = record.raw.text;
        }
    });
    let found = read.map_or_else(|reason| reason.to_string(), |()| found);
    assert!(found.contains(&variable("EXPECTED")), "{found}");
}

#[cfg(feature = "pdf")]
#[test]
fn pdf_is_read_for_callers_of_the_library() {
    let dir = TestDir::new();
    dir.write("a.pdf", pdf("612", "BT /F1 12 Tf 72 700 Td (The lighthouse at Skarvik is lit again.) Tj ET"));
    let program = Path::new(env!("CARGO_BIN_EXE_crosshead"));
    let link = |file: &Path, name: &str| {
        let linked = dir.path(name);
        std::fs::hard_link(file, &linked).or_else(|_| std::fs::copy(file, &linked).map(|_| ())).expect("it has room");
        linked
    };
    let caller = link(&std::env::current_exe().expect("this test"), "caller");
    let lit = "The lighthouse at Skarvik is lit again.";
    let run = |reader: &str, variable: Option<&Path>, expected: &str| {
        let mut command = std::process::Command::new(&caller);
        command.args(["--ignored", "--exact", "formats::a_caller_of_the_library"]);
        command.env("READER", reader).env("PDF", dir.path("a.pdf")).env("EXPECTED", expected);
        command.env_remove("CROSSHEAD_PDF_READER").envs(variable.map(|path| ("CROSSHEAD_PDF_READER", path)));
        let output = command.output().expect("it runs");
        let told = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success() && told.contains("1 passed"), "{reader} {variable:?}: {told}");
    };
    run("none", None, "no program for it was found");
    run("none", Some(program), lit);
    run("none", Some(Path::new("/no/such/crosshead")), "'/no/such/crosshead' cannot be started");
    run("isolate", Some(Path::new("/no/such/crosshead")), lit);
    run("in process", None, lit);
    link(program, &format!("crosshead{}", std::env::consts::EXE_SUFFIX));
    run("none", None, lit);
}

#[test]
fn hostile_files_are_bounded_and_told() {
    let dir = TestDir::new();
    let gzip = |bytes: &[u8]| {
        let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        out.write_all(bytes).expect("in memory");
        out.finish().expect("in memory")
    };
    let zeros = gzip(&vec![0; 40 << 20]);
    // Lines without end, packed: more than text ever packs.
    let mut lines = gzip(&b"{\"text\":\"harbour harbour harbour harbour\"}\n".repeat(1 << 18));
    for _ in 0..60 {
        let more = lines.clone();
        lines.extend_from_slice(&more[..more.len().min(200_000)]);
    }
    dir.write("news/zeros.gz", &zeros);
    dir.write("news/twice.gz.gz", gzip(&zeros));
    let mut deep = b"Harbour".to_vec();
    for _ in 0..20 {
        deep = gzip(&deep);
    }
    dir.write("news/deep.gz", deep);
    let warc = std::fs::read(Path::new(&samples()).join("crawl.warc")).expect("a sample");
    dir.write("news/cut.warc", &warc[..warc.len() - 60]);
    dir.write(
        "news/laughs.xml",
        format!(
            "<?xml version=\"1.0\"?><!DOCTYPE nitf [<!ENTITY a \"{}\">{}]><nitf><body><body.content><p>&j;</p></body.content></body></nitf>",
            "ha".repeat(1_000),
            ('b'..='j').map(|c| format!("<!ENTITY {c} \"{}\">", format!("&{};", (c as u8 - 1) as char).repeat(10))).collect::<String>()
        ),
    );
    dir.write("news/deep.xml", format!("<?xml version=\"1.0\"?><nitf>{}", "<p>".repeat(100_000)));
    dir.write("news/no.pdf", "%PDF-1.4\nThis is no document.\n");
    dir.write(
        "news/wide.csv",
        format!("{}\n{}\n", vec!["column"; 1_000_000].join(","), vec!["x"; 1_000_000].join(",")),
    );
    dir.write("news/quote.csv", format!("title,text\na,\"{}", "never closed\n".repeat(10_000)));
    dir.write("news/bad.zip", b"PK\x03\x04 and nothing else");
    dir.write("news/braces.rtf", format!("{{\\rtf1 {}", "{".repeat(200_000)));
    let run = dir.run(&["-v", "index", "news"]);
    for (file, reason) in [
        ("zeros.gz", "empty"),
        ("twice.gz.gz", "empty"),
        ("deep.gz", "archives in archives"),
        ("deep.xml", "nested"),
        ("no.pdf", "PDF"),
        ("wide.csv", "1000000 columns"),
        ("bad.zip", "zip"),
        ("cut.warc", "cut off"),
    ] {
        let told = run.stderr.lines().any(|line| line.contains(file) && line.contains(reason));
        assert!(told, "{file} should be told with \"{reason}\":\n{}", run.stderr);
    }
    // What stands before the damage is read.
    assert!(!dir.hits(&["keeper museum path:cut"]).is_empty());
    dir.run(&["check"]).ends(0);
}

#[test]
fn the_document_lists_the_formats() {
    let document = include_str!("../../docs/FORMATS.md");
    for row in TABLE {
        let line = format!("| {} | {} | {} |", row.name, row.recognised, row.gives);
        assert!(document.contains(&line), "docs/FORMATS.md should have this line:\n{line}");
    }
    let listed = document.split("## The list").nth(1).and_then(|rest| rest.split("\n## ").next()).unwrap_or_default();
    assert_eq!(listed.lines().filter(|line| line.starts_with("| ")).count(), TABLE.len() + 1);
    let dir = TestDir::new();
    let run = dir.run(&["formats"]);
    assert_eq!(run.stdout.lines().filter(|line| !line.starts_with(' ')).count(), TABLE.len());
}

/// A book's own headings are its sections, however they end; their links are no teasers.
#[test]
fn chapters_of_a_book() {
    let dir = TestDir::new();
    let chapter =
        b"<html><body><h1>1. The port is closed.</h1><p>Dockers at the port of Halden walked out on Monday.</p>\
                    <h2><a href=\"#t\">Talks</a></h2><p>Both sides meet again on Thursday.</p></body></html>";
    dir.write("news/book.epub", crate::fuzz::book(chapter));
    dir.run(&["index", "news"]).ends(0);
    let headings = |query| -> Vec<String> {
        dir.hits(&[query]).iter().map(|hit| hit["heading"].as_str().unwrap_or_default().to_string()).collect()
    };
    assert_eq!(headings("dockers"), ["1. The port is closed."]);
    assert_eq!(headings("heading:talks thursday"), ["Talks"]);
}
