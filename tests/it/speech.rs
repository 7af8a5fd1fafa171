//! Transcripts, subtitles, scans and spreadsheets: who speaks, when and on which page, from the file to the output.

use std::io::Write as _;

use serde_json::Value;

use crate::util::TestDir;

const BRIEFING: &str = "Briefing of Monday\n\nMS. SOLHEIM:  Good afternoon. I have two items on the harbour for you today.\n\n\
    The first is the ferry to Skarvik, which will sail again.\n\nQ    When will it sail, and is there herring on board?\n\n\
    MS. SOLHEIM:  On Friday, as the company said.\n\nSEN. HOLM (R-XX):  I object to the ferry.\n\nQ    And the herring?\n\n\
    MS. SOLHEIM:  There is no herring at all.\n";

/// Each hit as `speaker|text`.
fn said(dir: &TestDir, query: &str) -> Vec<String> {
    let hits = dir.hits(&[query]);
    let mut said: Vec<(i64, String)> = hits
        .iter()
        .map(|hit| {
            let text = |name: &str| hit[name].as_str().unwrap_or("-").to_string();
            (hit["passage"].as_i64().unwrap_or(-1), format!("{}|{}", text("speaker"), text("text")))
        })
        .collect();
    said.sort();
    said.into_iter().map(|(_, said)| said).collect()
}

#[test]
fn speakers_are_a_field() {
    let dir = TestDir::new();
    dir.write("news/briefing.txt", BRIEFING);
    dir.write(
        "news/ferry.txt",
        "Ferry sails\n\nThe ferry to Skarvik sails again on Friday, the company of the ferries said.\n",
    );
    dir.run(&["index", "news"]).ends(0);
    let first = "MS. SOLHEIM|MS. SOLHEIM:  Good afternoon. I have two items on the harbour for you today.\n\nThe first is the ferry to Skarvik, which will sail again.";
    let friday = "MS. SOLHEIM|MS. SOLHEIM:  On Friday, as the company said.";
    let none = "MS. SOLHEIM|MS. SOLHEIM:  There is no herring at all.";
    let when = "Q|Q    When will it sail, and is there herring on board?";
    let object = "SEN. HOLM (R-XX)|SEN. HOLM (R-XX):  I object to the ferry.";
    for (query, expected) in [
        ("speaker:solheim", vec![first, friday, none]),
        // Words beside a speaker are those that the speaker says.
        ("speaker:solheim herring", vec![none]),
        ("speaker:solheim ferry", vec![first]),
        ("speaker=\"MS. Solheim\" friday", vec![friday]),
        ("speaker=solheim", vec![]),
        ("speaker~sen", vec![object]),
        ("speaker:/holm/", vec![object]),
        ("speaker:* ferry", vec![first, object]),
        ("herring -speaker:solheim", vec![when, "Q|Q    And the herring?"]),
        ("speaker:solheim w/art speaker:holm", vec![first, friday, object, none]),
    ] {
        assert_eq!(said(&dir, query), expected, "{query}");
    }
    assert_eq!(said(&dir, "ferry -speaker:*").len(), 1, "the story, which nobody says");
    let facet = dir.run(&["search", "--facet", "speaker", "speaker:*"]).ends(0).stdout;
    assert_eq!(facet.lines().collect::<Vec<_>>(), ["1\tMS. SOLHEIM", "1\tQ", "1\tSEN. HOLM (R-XX)"]);
    let csv = dir.run(&["search", "--format", "csv", "speaker:holm"]).ends(0).stdout;
    assert!(csv.lines().next().is_some_and(|header| header.contains(",speaker,time,")), "{csv}");
    assert!(csv.contains(",SEN. HOLM (R-XX),"), "{csv}");
    let page = dir.run(&["search", "--format", "text", "speaker:holm"]).ends(0).stdout;
    assert!(page.contains("» SEN. HOLM (R-XX)"), "{page}");
    let sections = dir.run(&["sections", "--json", "news/briefing.txt"]).ends(0).stdout;
    let sections: Value = serde_json::from_str(&sections).expect("JSON");
    let turns = sections["sections"][0]["turns"].as_array().expect("turns");
    assert_eq!(turns.len(), 6, "{sections}");
    assert_eq!(turns[0], serde_json::json!({"speaker": "MS. SOLHEIM", "start_line": 3, "end_line": 5, "words": 25}));
    assert_eq!(sections["title"], "Briefing of Monday");
}

#[test]
fn subtitles_have_times() {
    let dir = TestDir::new();
    let cue = |number: usize, text: &str| {
        format!("{number}\n00:{:02}:03,000 --> 00:{:02}:05,500\n{text}\n\n", number, number)
    };
    dir.write(
        "news/evening.srt",
        cue(1, "The crews of the ferries\nwill vote on Thursday") + &cue(2, "<i>on an offer</i> of four per cent."),
    );
    dir.write(
        "news/evening.vtt",
        "WEBVTT\n\n00:01.000 --> 00:03.750\n<v Anchor>The crews of the ferries will vote\n\n00:03.750 --> 01:07.400\n<v Ada Berg>on Thursday on an offer.\n",
    );
    dir.run(&["index", "news"]).ends(0);
    let hits = dir.hits(&["crews path:srt"]);
    assert_eq!((hits[0]["time"].as_str(), hits[0]["speaker"].as_str()), (Some("0:01:03"), None));
    let hits = dir.hits(&["speaker:\"Ada Berg\" offer"]);
    assert_eq!(
        (hits[0]["time"].as_str(), hits[0]["text"].as_str()),
        (Some("0:00:03"), Some("on Thursday on an offer."))
    );
    for query in ["000", "WEBVTT", "i"] {
        assert!(dir.hits(&[query]).is_empty(), "{query}");
    }
}

#[test]
fn scans_have_pages() {
    let dir = TestDir::new();
    let line = |words: &str| {
        let words: String = words.split(' ').map(|word| format!("<String CONTENT=\"{word}\"/><SP/>")).collect();
        format!("<TextLine>{words}</TextLine>")
    };
    let block =
        |lines: &[&str]| format!("<TextBlock>{}</TextBlock>", lines.iter().map(|text| line(text)).collect::<String>());
    let page = |number: u32, blocks: &str| {
        format!("<Page PHYSICAL_IMG_NR=\"{number}\"><PrintSpace>{blocks}</PrintSpace></Page>")
    };
    let story = "The board of the old quay met on Tuesday and resolved to spend four hundred pounds on piles.";
    dir.write(
        "scans/1907-03-09.xml",
        format!(
            "<?xml version=\"1.0\"?><alto><Description><softwareName>Reader</softwareName></Description><Layout>{}{}</Layout></alto>",
            page(3, &(block(&["HARBOUR WORKS VOTED"]) + &block(&[story, "They were of oak."]).repeat(3))),
            page(4, &block(&["The dredger comes from Gothenburg before Easter, said the contractor, who would not be moved.", "If the ice lets her through the sound in time, she will be at work for nine weeks and no longer.", "It is late."])),
        ),
    );
    dir.run(&["index", "scans"]).ends(0);
    let hits = dir.hits(&["dredger"]);
    assert_eq!(hits[0]["page"], 4, "{hits:?}");
    assert_eq!(hits[0]["title"], "HARBOUR WORKS VOTED");
    assert_eq!(hits[0]["published"], "1907-03-09");
    assert_eq!(dir.hits(&["oak"])[0]["page"], 3);
    assert!(dir.hits(&["reader"]).is_empty(), "the software is no text");
}

fn zipped(members: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in members {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).expect("in memory");
        zip.write_all(text.as_bytes()).expect("in memory");
    }
    zip.finish().expect("in memory").into_inner()
}

#[test]
fn spreadsheets_and_slides_are_read() {
    let dir = TestDir::new();
    let row = |cells: &[&str]| format!("<row>{}</row>", cells.concat());
    let shared = |i: usize| format!("<c t=\"s\"><v>{i}</v></c>");
    dir.write(
        "news/list.xlsx",
        zipped(&[
            ("[Content_Types].xml", "<Types/>"),
            ("xl/workbook.xml", "<workbook><sheets><sheet name=\"Port\" r:id=\"r1\"/><sheet name=\"Empty\" r:id=\"r2\"/></sheets></workbook>"),
            ("xl/_rels/workbook.xml.rels", "<Relationships><Relationship Id=\"r1\" Target=\"worksheets/a.xml\"/><Relationship Id=\"r2\" Target=\"worksheets/b.xml\"/></Relationships>"),
            ("xl/styles.xml", "<styleSheet><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>"),
            ("xl/sharedStrings.xml", "<sst><si><t>Title</t></si><si><t>Date</t></si><si><t>Text</t></si><si><r><t>Dockers </t></r><r><t>walk out &amp; rest</t></r></si></sst>"),
            (
                "xl/worksheets/a.xml",
                &format!(
                    "<worksheet><sheetData>{}{}{}{}</sheetData></worksheet>",
                    row(&["<c t=\"inlineStr\"><is><t>Export of the desk</t></is></c>"]),
                    row(&[&shared(0), &shared(1), &shared(2)]),
                    row(&[&shared(3), "<c s=\"1\"><v>45181</v></c>", "<c t=\"str\"><v>No ship has been unloaded since Monday.</v></c>"]),
                    row(&["<c r=\"A4\" t=\"str\"><v>Ferries sail</v></c>", "<c r=\"C4\" t=\"str\"><v>The ferries sail again.</v></c>"]),
                ),
            ),
            ("xl/worksheets/b.xml", "<worksheet><sheetData/></worksheet>"),
        ]),
    );
    let cell = |text: &str| format!("<table:table-cell><text:p>{text}</text:p></table:table-cell>");
    dir.write(
        "news/list.ods",
        zipped(&[
            ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
            (
                "content.xml",
                &format!(
                    "<office:document-content><table:table table:name=\"Havn\"><table:table-row>{}{}<table:table-cell table:number-columns-repeated=\"16000\"/></table:table-row><table:table-row>{}{}</table:table-row><table:table-row table:number-rows-repeated=\"1048576\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row></table:table></office:document-content>",
                    cell("Title"), cell("Text"), cell("Havnen er stengt"), cell("Ingen skip er losset siden mandag."),
                ),
            ),
        ]),
    );
    let slide = |title: &str, text: &str| {
        format!(
            "<p:sld><p:sp><p:nvPr><p:ph type=\"title\"/></p:nvPr><a:p><a:r><a:t>{title}</a:t></a:r></a:p></p:sp><p:sp><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:sp></p:sld>"
        )
    };
    dir.write(
        "news/talk.pptx",
        zipped(&[
            ("[Content_Types].xml", "<Types/>"),
            ("ppt/presentation.xml", "<p:presentation/>"),
            ("ppt/slides/slide2.xml", &slide("The dredger", "It comes from Gothenburg.")),
            ("ppt/slides/slide1.xml", &slide("Harbour works", "The quay needs piles of oak.")),
        ]),
    );
    dir.run(&["index", "news"]).ends(0);
    let dockers = &dir.hits(&["unloaded"])[0];
    assert_eq!(
        (dockers["title"].as_str(), dockers["published"].as_str(), dockers["record"].as_str()),
        (Some("Dockers walk out & rest"), Some("2023-09-12"), Some("1"))
    );
    assert_eq!(dir.hits(&["ferries path:xlsx"])[0]["title"], "Ferries sail");
    assert_eq!(dir.hits(&["losset"])[0]["title"], "Havnen er stengt");
    let slides = dir.hits(&["gothenburg"]);
    assert_eq!(
        (slides[0]["title"].as_str(), slides[0]["heading"].as_str()),
        (Some("Harbour works"), Some("The dredger"))
    );
}

#[test]
fn hostile_spreadsheets_are_bounded_and_told() {
    let dir = TestDir::new();
    let text = "herring ".repeat(1_000);
    let ods = format!(
        "<office:document-content><table:table><table:table-row>{}</table:table-row></table:table></office:document-content>",
        format!("<table:table-cell table:number-columns-repeated=\"16384\"><text:p>{text}</text:p></table:table-cell>")
            .repeat(9)
    );
    dir.write(
        "news/wide.ods",
        zipped(&[("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", &ods)]),
    );
    let cells: String =
        (1..=20_000).map(|row| format!("<row r=\"{row}\"><c r=\"A{row}\" t=\"s\"><v>0</v></c></row>")).collect();
    dir.write(
        "news/same.xlsx",
        zipped(&[
            ("xl/workbook.xml", "<workbook/>"),
            ("xl/sharedStrings.xml", &format!("<sst><si><t>{text}</t></si></sst>")),
            ("xl/worksheets/sheet1.xml", &format!("<worksheet><sheetData>{cells}</sheetData></worksheet>")),
        ]),
    );
    dir.write(
        "news/none.xlsx",
        zipped(&[("xl/workbook.xml", "<workbook/>"), ("xl/worksheets/sheet1.xml", "<worksheet/>")]),
    );
    dir.write(
        "news/numbers.xlsx",
        zipped(&[
            ("xl/workbook.xml", "<workbook/>"),
            (
                "xl/worksheets/sheet1.xml",
                "<worksheet><sheetData><row><c><v>1</v></c><c><v>2</v></c></row></sheetData></worksheet>",
            ),
        ]),
    );
    dir.write("news/old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1");
    dir.write("news/ferry.txt", "Ferry sails\n\nThe ferry to Skarvik sails again on Friday, the company said.\n");
    let run = dir.run(&["-v", "index", "news"]);
    for (file, reason) in [
        ("wide.ods", "over the limit"),
        ("same.xlsx", "over the limit"),
        ("none.xlsx", "a spreadsheet without a cell of text"),
        ("numbers.xlsx", "a spreadsheet, a table without a column of text"),
        ("old.xls", "an old spreadsheet: save it as XLSX or CSV"),
    ] {
        let told = run.stderr.lines().any(|line| line.contains(file) && line.contains(reason));
        assert!(told, "{file} should be told with \"{reason}\":\n{}", run.stderr);
    }
    assert_eq!(dir.hits(&["ferry"]).len(), 1);
}
