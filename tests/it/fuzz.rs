//! Targets of fuzzing: damaged files of every format, damaged queries, damaged lists of files. Short in `cargo test`;
//! `CROSSHEAD_FUZZ=SECONDS` says for how long each target is tried, `CROSSHEAD_SEED` with which numbers,
//! `CROSSHEAD_FUZZ_ONLY=a.csv,b.xml` which samples, `CROSSHEAD_FUZZ_SEEDS=FOLDER` that the files of a folder are damaged
//! in their place.

use std::io::Write;

use crosshead::internals::{Contents, SplitArticle, Yielded, manifest};
use crosshead::{Index, ReadLimits, SearchOptions, Searcher, SyncOptions, sync};

use crate::formats::samples;
use crate::util::{Numbers, TestDir, package, setting};

/// Signs that mean something to one reader or another.
const SIGNS: &[&[u8]] = &[
    b"<",
    b">",
    b"</p>",
    b"{",
    b"}",
    b"\\",
    b"\"",
    b"\0",
    b"\xff",
    b"&#x110000;",
    b"<![CDATA[",
    b"\r\n\r\n",
    b"\xe2\x82",
    b"[[",
    b"{{",
    b"|}",
    b"\\u-1",
    b"\\bin9",
    b"Content-Length: 99999999999\r\n",
    b"=?utf-8?q?=",
    b"1 of 2 DOCUMENTS\n",
    b"End of Document\n",
    b"\x01",
    b"\x02",
    b"\x03",
    b"WARC/1.0\r\n",
    b"From a@b 1:00\n",
    b"\xcc\x81",
];

fn damaged(sample: &[u8], signs: &[&[u8]], numbers: &mut Numbers) -> Vec<u8> {
    let mut bytes = sample.to_vec();
    for _ in 0..1 + numbers.below(8) {
        let at = numbers.place(bytes.len());
        let sign = signs[numbers.place(signs.len())];
        match numbers.below(6) {
            0 if at < bytes.len() => bytes[at] = numbers.below(256) as u8,
            1 => drop(bytes.drain(at..(at + numbers.place(200)).min(bytes.len()))),
            2 => {
                let times = [1, 1, 1, 40, 1_000][numbers.place(5)];
                let more = sign.repeat(times);
                drop(bytes.splice(at..at, more));
            }
            3 => {
                let from = numbers.place(bytes.len());
                let piece = bytes[from..(from + numbers.place(500)).min(bytes.len())].to_vec();
                drop(bytes.splice(at..at, piece));
            }
            4 if numbers.below(4) == 0 => bytes.truncate(at),
            _ => drop(bytes.splice(at..at, sign.iter().copied())),
        }
    }
    bytes
}

/// What is damaged: a file, or the member of an archive that holds the text.
struct Target {
    name: String,
    sample: Vec<u8>,
    /// Makes the file.
    pack: fn(Vec<u8>) -> Vec<u8>,
}

/// Every sample of a format, pages, bare text and Markdown, and the documents that are archives.
fn targets() -> Vec<Target> {
    /// Of seeds that are larger, a copy takes too long.
    const MOST_SEED_BYTES: u64 = 1 << 20;
    let corpus = package().join("corpus");
    let file = |path: &std::path::PathBuf| Target {
        name: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        sample: std::fs::read(path).expect("a sample"),
        pack: |bytes| bytes,
    };
    if let Some(seeds) = std::env::var_os("CROSSHEAD_FUZZ_SEEDS") {
        let files = walkdir::WalkDir::new(seeds).sort_by_file_name().into_iter().flatten();
        let small = |entry: &walkdir::DirEntry| {
            entry.metadata().is_ok_and(|metadata| metadata.is_file() && metadata.len() <= MOST_SEED_BYTES)
        };
        return files.filter(small).map(|entry| file(&entry.into_path())).collect();
    }
    let mut files: Vec<_> =
        std::fs::read_dir(samples()).expect("samples").flatten().map(|entry| entry.path()).collect();
    files.extend(
        ["pages/harbour-strike.html", "tight/harbour-strike.txt", "markdown/election.md"].map(|file| corpus.join(file)),
    );
    files.sort();
    let mut out: Vec<Target> = files.iter().map(file).collect();
    let mut made = |name: &str, sample: &[u8], pack| {
        out.push(Target { name: name.into(), sample: sample.to_vec(), pack });
    };
    made(
        "letter.docx",
        b"<w:document><w:body><w:p><w:pPr><w:pStyle w:val=\"Heading1\"/></w:pPr><w:r><w:t>The port</w:t></w:r></w:p>\
          <w:p><w:r><w:rPr><w:b/></w:rPr><w:t>Ferries</w:t></w:r><w:r><w:tab/><w:t>sail again.</w:t></w:r></w:p>\
          <w:tbl><w:tr><w:tc><w:p><w:r><w:t>Cod</w:t></w:r></w:p></w:tc></w:tr></w:tbl></w:body></w:document>",
        |bytes| zipped(&[("word/document.xml", &bytes)]),
    );
    made(
        "letter.odt",
        b"<office:document-content><office:body><office:text><text:h text:outline-level=\"2\">The port</text:h>\
          <text:p>Ferries<text:s/>sail<text:line-break/>again.</text:p></office:text></office:body></office:document-content>",
        |bytes| zipped(&[("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", &bytes)]),
    );
    made(
        "book.epub",
        b"<html><body><h1>The port</h1><p>Ferries <b>sail</b> again.</p><ul><li>Cod</li></ul><h2>Talks</h2></body></html>",
        |bytes| book(&bytes),
    );
    made("saved.html", PAGE, |bytes| bytes);
    made("saved.maff", PAGE, |bytes| zipped(&[("1/index.html", &bytes), ("1/index.rdf", MAFF.as_bytes())]));
    made("described.maff", MAFF.as_bytes(), |bytes| zipped(&[("1/index.html", PAGE), ("1/index.rdf", &bytes)]));
    made("extracting.html", PAGE, |bytes| {
        [b"<!DOCTYPE html><html><!--".to_vec(), zipped(&[("index.html", &bytes)]), b"--></html>".to_vec()].concat()
    });
    made("saved.webarchive", WEB_ARCHIVE, |bytes| bytes);
    made("text.webarchive", WEB_ARCHIVE_TEXT.as_bytes(), |bytes| bytes);
    made(
        "table.xlsx",
        b"<worksheet><sheetData><row><c t=\"inlineStr\"><is><t>Title</t></is></c><c t=\"str\"><v>Text</v></c></row>\
          <row r=\"2\"><c r=\"A2\" t=\"s\"><v>0</v></c><c r=\"B2\" s=\"1\"><v>45181.5</v></c></row></sheetData></worksheet>",
        |bytes| {
            zipped(&[
                ("xl/workbook.xml", b"<workbook/>"),
                ("xl/sharedStrings.xml", b"<sst><si><t>Ferries sail</t></si></sst>"),
                ("xl/styles.xml", b"<styleSheet><cellXfs><xf/><xf numFmtId=\"22\"/></cellXfs></styleSheet>"),
                ("xl/worksheets/sheet1.xml", &bytes),
            ])
        },
    );
    made(
        "table.ods",
        b"<a><table:table table:name=\"x\"><table:table-row><table:table-cell><text:p>Title</text:p></table:table-cell>\
          <table:table-cell><text:p>Text</text:p></table:table-cell></table:table-row><table:table-row>\
          <table:table-cell table:number-columns-repeated=\"2\"><text:p>Ferries<text:s/>sail</text:p></table:table-cell>\
          </table:table-row></table:table></a>",
        |bytes| zipped(&[("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", &bytes)]),
    );
    made(
        "slides.pptx",
        b"<p:sld><p:sp><p:ph type=\"title\"/><a:p><a:t>The port</a:t></a:p></p:sp><p:sp><a:p><a:t>Ferries sail</a:t><a:br/>\
          </a:p></p:sp></p:sld>",
        |bytes| zipped(&[("ppt/presentation.xml", b"<p/>"), ("ppt/slides/slide1.xml", &bytes)]),
    );
    made(
        "scan.xml",
        b"<alto><Styles><TextStyle ID=\"s\" FONTSIZE=\"9\"/></Styles><Page><PrintSpace><TextBlock ID=\"a\" IDNEXT=\"b\" \
          STYLEREFS=\"s\"><TextLine><String CONTENT=\"conser\" SUBS_TYPE=\"HypPart1\" SUBS_CONTENT=\"conservation\"/>\
          <HYP CONTENT=\"-\"/></TextLine><TextLine><String CONTENT=\"vation\" SUBS_TYPE=\"HypPart2\" \
          SUBS_CONTENT=\"conservation\"/></TextLine></TextBlock><TextBlock ID=\"b\"><TextLine><String CONTENT=\"Ferries.\"/>\
          </TextLine></TextBlock></PrintSpace></Page></alto>",
        |bytes| bytes,
    );
    made(
        "scan.hocr",
        b"<html><div class='ocr_page' title='ppageno 3'><p class='ocr_par'><span class='ocr_line' title='x_size 20'>\
          <span class='ocrx_word'>Ferries</span> <span class='ocrx_word'>sail-</span></span><span class='ocr_line'>\
          <span class='ocrx_word'>ing.</span></span></p></div></html>",
        |bytes| bytes,
    );
    made(
        "abbyy.xml",
        b"<document><page><block blockType=\"Text\"><text><par><line><formatting fs=\"9.\"><charParams>F</charParams>\
          <charParams>\xc2\xac</charParams></formatting></line></par></text></block></page></document>",
        |bytes| bytes,
    );
    made(
        "bookmarks.html",
        b"<!DOCTYPE NETSCAPE-Bookmark-file-1><DL><DT><A HREF=\"https://a.example/\" ADD_DATE=\"1686813518\" TAGS=\"a,b\">Ferries\
          </A><DD>They sail.<DT><H3>Sea</H3><DL><DT><A HREF=\"https://b.example/\">Crews</A></DL></DL>",
        |bytes| bytes,
    );
    made(
        "messages.html",
        b"<div class=\"page_header\"><div class=\"text bold\">Courier</div></div><div class=\"message default\" id=\"message7\">\
          <div class=\"body\"><div class=\"date\" title=\"02.03.2011 14:23:47 UTC+01:00\">14:23</div><div class=\"from_name\">Ada\
          </div><div class=\"text\">Ferries<br>sail.</div></div></div>",
        |bytes| bytes,
    );
    made(
        "evening.srt",
        b"1\n00:00:01,000 --> 00:00:02,000\n>> ADA: <i>Ferries</i> sail.\n\n2\n00:00:02,000 --> 00:00:09,000\n- When?\n",
        |bytes| bytes,
    );
    made(
        "evening.vtt",
        b"WEBVTT\nLanguage: en\n\n00:01.000 --> 00:02.000\n<v Ada>Ferries &amp; tugs\n\n00:02.000 --> 00:03.000\nFerries & tugs\nsail\n",
        |bytes| bytes,
    );
    made(
        "evening.ass",
        b"[Script Info]\n[Events]\nFormat: Start, End, Name, Text\nDialogue: 0:00:01.00,0:00:02.00,Ada,{\\i1}Ferries\\Nsail.\n",
        |bytes| bytes,
    );
    made(
        "briefing.txt",
        "MS. SOLHEIM:  Good afternoon.\n\nQ    When?\n\nMS. SOLHEIM (R-XX):  On Friday.\n\n[00:01] Ada Berg: So.\n记者：为什么？\n"
            .as_bytes(),
        |bytes| bytes,
    );
    #[cfg(feature = "pdf")]
    made(
        "page.pdf",
        crate::formats::pdf("612", "BT /F1 12 Tf 72 700 Td (Ferries sail again) Tj 0 -14 Td [(The) -250 (port)] TJ ET")
            .as_bytes(),
        |bytes| bytes,
    );
    if let Ok(only) = std::env::var("CROSSHEAD_FUZZ_ONLY") {
        out.retain(|target| only.split(',').any(|name| name == target.name));
    }
    out
}

/// The description of a page in the Mozilla Archive Format.
const MAFF: &str = "<?xml version=\"1.0\"?><RDF:RDF xmlns:MAF=\"m\" xmlns:RDF=\"r\"><RDF:Description><MAF:originalurl \
                    RDF:resource=\"https://a.example/2011/port\"/><MAF:indexfilename RDF:resource=\"index.html\"/>\
                    </RDF:Description></RDF:RDF>";

/// A page with a date, a byline and an area of others.
const PAGE: &[u8] = b"<html><head><meta name=date content=2023-09-15></head><body><article><h1>The port</h1><p>By Mara Lind, 3.5.11</p>\
    <p>Ferries sail again on Monday, the harbour office of Halden said after a week of talks in the town hall.</p>\
    <h2>Talks</h2><p>They went on through the night, and ended with a paper of four pages that nobody had read.</p>\
    </article><aside class=related><time datetime=2009-04-11>11 April</time></aside></body></html>";

/// A page as a browser saves it, in a property list.
const WEB_ARCHIVE_TEXT: &str = "<?xml version=\"1.0\"?><plist version=\"1.0\"><dict><key>WebMainResource</key><dict><key>\
    WebResourceData</key><data>\
    PGh0bWw+PGhlYWQ+PHRpdGxlPlRoZSBwb3J0PC90aXRsZT48L2hlYWQ+PGJvZHk+PGFydGljbGU+PGgxPlRoZSBwb3J0PC9o\
    MT48cD5GZXJyaWVzIHNhaWwgYWdhaW4gb24gTW9uZGF5LCB0aGUgaGFyYm91ciBvZmZpY2Ugb2YgSGFsZGVuIHNhaWQgYWZ0\
    ZXIgYSB3ZWVrIG9mIHRhbGtzIGluIHRoZSB0b3duIGhhbGwuPC9wPjxwPlRoZXkgd2VudCBvbiB0aHJvdWdoIHRoZSBuaWdo\
    dCwgYW5kIGVuZGVkIHdpdGggYSBwYXBlciBvZiBmb3VyIHBhZ2VzIHRoYXQgbm9ib2R5IGhhZCByZWFkIGluIGZ1bGwuPC9w\
    PjwvYXJ0aWNsZT48L2JvZHk+PC9odG1sPg==\
    </data><key>WebResourceMIMEType</key><string>text/html</string><key>WebResourceURL</key><string>https://a.example/</string>\
    </dict></dict></plist>";

/// The same as a binary property list.
const WEB_ARCHIVE: &[u8] = include_bytes!("data/page.webarchive");

/// A book of one chapter.
pub(crate) fn book(chapter: &[u8]) -> Vec<u8> {
    let container = b"<container><rootfiles><rootfile full-path=\"a/b.opf\"/></rootfiles></container>";
    let package = b"<package><metadata><dc:title>Ports</dc:title></metadata><manifest><item id=\"c\" href=\"c.html\"/>\
                    </manifest><spine><itemref idref=\"c\"/></spine></package>";
    zipped(&[
        ("mimetype", b"application/epub+zip"),
        ("META-INF/container.xml", container),
        ("a/b.opf", package),
        ("a/c.html", chapter),
    ])
}

/// An archive of these members.
fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, bytes) in members {
        zip.start_file(*name, stored).expect("in memory");
        zip.write_all(bytes).expect("in memory");
    }
    zip.finish().expect("in memory").into_inner()
}

/// Damages the samples at random and reads them: no reader may panic.
#[test]
#[allow(clippy::print_stderr, reason = "how many copies were read, for those who fuzz with --nocapture")]
fn damaged_samples_are_no_panic() {
    let (seconds, seed) = (setting("CROSSHEAD_FUZZ"), setting("CROSSHEAD_SEED").unwrap_or(2_026));
    let is_seed = std::env::var_os("CROSSHEAD_FUZZ_SEEDS").is_some();
    // As the program has them read: its library can be made to ask for terabytes, which ends a process.
    #[cfg(feature = "pdf")]
    crosshead::internals::pdf::isolate(env!("CARGO_BIN_EXE_crosshead").into());
    let dir = TestDir::new();
    dir.write("x/y", "");
    let limits = ReadLimits { max_bytes: 4 << 20 };
    for Target { name, sample, pack } in targets() {
        let path = dir.path(&format!("x/{name}"));
        let read = |bytes: &[u8]| {
            std::fs::write(&path, bytes).expect("written");
            let mut articles = 0;
            let read = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                let Ok(mut contents) = Contents::read(&path, limits) else { return };
                let _ = contents.articles(&name, limits, &mut |yielded| {
                    if let Yielded::Article(record) = yielded {
                        let article = SplitArticle::assemble(record.raw);
                        let length = article.text.len();
                        assert!(article.passages().iter().all(|passage| passage.span.end <= length));
                        articles += 1;
                    }
                });
            }));
            read.map(|()| articles)
        };
        // A target whose reader does not see it would tell nothing; of files from elsewhere some are none's.
        let seen = read(&pack(sample.clone()));
        assert!(seen.as_ref().is_ok_and(|&articles| articles > 0 || is_seed), "{name}");
        if seen.is_ok_and(|articles| articles == 0) {
            continue;
        }
        let started = std::time::Instant::now();
        let mut case = 0;
        while seconds.map_or(case < 40, |seconds| started.elapsed().as_secs() < seconds) {
            case += 1;
            let mut numbers = Numbers((seed << 32 | case) ^ number_of(&name));
            let damaged = pack(damaged(&sample, SIGNS, &mut numbers));
            if read(&damaged).is_err() {
                let kept = std::env::temp_dir().join(format!("crosshead-fuzz-{name}"));
                std::fs::write(&kept, &damaged).expect("written");
                panic!("{name}: case {case} of seed {seed}, kept as {}", kept.display());
            }
        }
        eprintln!("{name}: {case} damaged copies read");
    }
}

/// A number from a name.
fn number_of(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3))
}

/// Signs of the query language.
const QUERY_SIGNS: &[&[u8]] = &[
    b"(",
    b")",
    b"\"",
    b"*",
    b"?",
    b"~",
    b"~2",
    b"^3",
    b":",
    b"=",
    b"/",
    b"/.*/",
    b"w/5",
    b" pre/2 ",
    b" w/s ",
    b" NOT ",
    b" AND ",
    b" OR ",
    b" MAYBE ",
    b"-",
    b"+",
    b"title:",
    b"date:",
    b"words:>",
    b"..",
    b"first20(",
    b"atleast2(",
    b"heading:*",
    b"is:duplicate",
    b"like:",
    b"@",
    b"[",
    b"]",
    b"{",
    b"}",
    b"\\",
    b"e\xcc\x81",
    b"\xe2\x80\x9c",
    b"\xe6\xb8\xaf\xe5\x8f\xa3",
    b"a*",
    b"/a{1,99}{1,99}/",
    b"lang:",
];

fn index_of_corpus(dir: &TestDir) -> Index {
    let index = Index::open_or_create(&dir.path("index")).expect("an index");
    let corpus = package().join("corpus");
    sync(&index, &[corpus], &SyncOptions::default()).expect("indexed");
    index
}

/// Queries damaged at random are read and run, or refused: nothing panics.
#[test]
#[allow(clippy::print_stderr, reason = "how many queries were tried, for those who fuzz with --nocapture")]
fn damaged_queries_are_no_panic() {
    let (seconds, seed) = (setting("CROSSHEAD_FUZZ"), setting("CROSSHEAD_SEED").unwrap_or(2_026));
    let dir = TestDir::new();
    let index = index_of_corpus(&dir);
    let searcher = Searcher::of(&index).expect("open");
    let helped = [crosshead::internals::help::QUERY, crosshead::internals::help::FIELDS].join("\n");
    let samples: Vec<&str> = helped
        .lines()
        .filter_map(|line| line.strip_prefix("  "))
        .filter_map(|line| line.split("   ").next())
        .filter(|sample| !sample.is_empty())
        .collect();
    let started = std::time::Instant::now();
    let mut case = 0;
    while seconds.map_or(case < 1_000, |seconds| started.elapsed().as_secs() < seconds) {
        case += 1;
        let mut numbers = Numbers(seed << 32 | case << 1 | 1);
        let sample = samples[numbers.place(samples.len())];
        let query = String::from_utf8_lossy(&damaged(sample.as_bytes(), QUERY_SIGNS, &mut numbers)).into_owned();
        let query: String = query.chars().take(2_000).collect();
        let ran = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let mut options = SearchOptions::default();
            (options.limit, options.any) = (3, case % 5 == 0);
            let found = searcher.search(&query, &options).map(|results| results.query.to_string());
            let counted = searcher.count(&query, &options);
            assert_eq!(found.is_ok(), counted.is_ok());
        }));
        assert!(ran.is_ok(), "case {case} of seed {seed}: {query:?}");
    }
    eprintln!("{case} damaged queries run");
}

/// A list of files whose bytes are damaged and whose sum is right all the same is refused or read: nothing panics, and
/// no length in it is trusted.
#[test]
#[allow(clippy::print_stderr, reason = "how many lists were read, for those who fuzz with --nocapture")]
fn damaged_lists_of_files_are_no_panic() {
    let (seconds, seed) = (setting("CROSSHEAD_FUZZ"), setting("CROSSHEAD_SEED").unwrap_or(2_026));
    let dir = TestDir::new();
    index_of_corpus(&dir);
    let sealed = std::fs::read(dir.path("index/state-1/files-1.bin")).expect("a list");
    let body = zstd::stream::decode_all(&sealed[16..]).expect("packed");
    let started = std::time::Instant::now();
    let mut case = 0;
    while seconds.map_or(case < 300, |seconds| started.elapsed().as_secs() < seconds) {
        case += 1;
        let mut numbers = Numbers(seed << 32 | case << 1 | 1);
        let body = damaged(&body, &[b"\xff\xff\xff\xff\xff\xff\xff\xff\x7f", b"\0", b"\x80"], &mut numbers);
        let body = zstd::bulk::compress(&body, 1).expect("packed");
        let sum = xxhash_rust::xxh3::xxh3_64(&body).to_le_bytes();
        std::fs::write(dir.path("files-1.bin"), [&sealed[..8], &sum, &body].concat()).expect("written");
        let read = std::panic::catch_unwind(|| manifest::read(&dir.path(""), 1).map(|manifest| manifest.totals()));
        assert!(read.is_ok(), "case {case} of seed {seed}");
    }
    eprintln!("{case} damaged lists read");
}
