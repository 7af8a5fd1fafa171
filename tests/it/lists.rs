//! Lists of articles as services export them, through the program: every record accounted for, facts and text in two files.

use crate::util::{TestDir, paragraph};

#[test]
fn facts_and_text_in_two_files_are_one_article() {
    let dir = TestDir::new();
    let posts = |title: &str| {
        format!(
            "post_id,post_date,title,subtitle\n7.ferry,2023-05-03T08:15:00.000Z,{title},\n8.gone,2023-05-04T08:15:00.000Z,Only a title,\n"
        )
    };
    dir.write("news/posts.csv", posts("Ferry crews vote"));
    dir.write("news/posts/7.ferry.html", format!("<p>{}</p><p>{}</p>", paragraph("The ferry"), paragraph("The vote")));
    let metadata = r#"[{"id": "x", "slug": "frost-1", "title": "Frost in the valley", "description": "Candles between the trees.",
        "author": "Ola Berg", "url": "https://valley.example/frost", "savedAt": "2024-01-02T00:00:00Z", "publishedAt": "2023-04-23T00:00:00Z"}]"#;
    dir.write("news/metadata_0_to_1.json", metadata);
    dir.write("news/content/frost-1.html", format!("<div><p>{}</p></div>", paragraph("The orchard")));
    dir.run(&["index", "news"]).ends(0);
    let facts = |query: &str| {
        let hits = dir.hits(&[query]);
        let of = |hit: &serde_json::Value| {
            let known = ["path", "title", "byline", "published", "saved", "url"]
                .map(|fact| hit[fact].as_str().unwrap_or("-").to_string());
            known.join(" | ")
        };
        hits.iter().map(of).collect::<Vec<String>>()
    };
    assert_eq!(
        facts("heading:ferry OR title:ferry"),
        ["news/posts/7.ferry.html | Ferry crews vote | - | 2023-05-03T08:15:00Z | - | -"]
    );
    assert_eq!(
        facts("title:frost"),
        [
            "news/content/frost-1.html | Frost in the valley | Ola Berg | 2023-04-23T00:00:00Z | 2024-01-02T00:00:00Z | https://valley.example/frost"
        ]
    );
    // What has no file of its own stays an article of the list.
    assert_eq!(facts("title:only"), ["news/posts.csv | Only a title | - | 2023-05-04T08:15:00Z | - | -"]);
    dir.run(&["check"]).ends(0);
    // The text is not touched.
    dir.write("news/posts.csv", posts("Ferry crews refuse"));
    dir.run(&["index", "news"]).ends(0);
    assert_eq!(
        facts("title:refuse"),
        ["news/posts/7.ferry.html | Ferry crews refuse | - | 2023-05-03T08:15:00Z | - | -"]
    );
    assert_eq!(facts("title:vote"), [""; 0]);
}

#[test]
fn pages_of_a_scan_are_articles_by_their_structure() {
    let dir = TestDir::new();
    let page = |blocks: &[(&str, &str)]| {
        let block = |(id, text): &(&str, &str)| {
            let words: String = text.split(' ').map(|word| format!("<String CONTENT=\"{word}\"/>")).collect();
            format!("<TextBlock ID=\"{id}\"><TextLine>{words}</TextLine></TextBlock>")
        };
        let blocks: String = blocks.iter().map(block).collect();
        format!("<alto><Layout><Page ID=\"P\"><PrintSpace>{blocks}</PrintSpace></Page></Layout></alto>")
    };
    dir.write("paper/issue/ocr/p1.xml", page(&[("a", "The harbour is shut"), ("b", "because the crews struck")]));
    dir.write("paper/issue/ocr/p2.xml", page(&[("c", "until the offer rose."), ("d", "Die Fähren liegen still.")]));
    let paths = |query: &str| {
        let of = |hit: &serde_json::Value| {
            format!("{} {}", hit["path"].as_str().unwrap_or("-"), hit["record"].as_str().unwrap_or("-"))
        };
        dir.hits(&[query]).iter().map(of).collect::<Vec<String>>()
    };
    dir.run(&["index", "paper"]).ends(0).says(&["2 articles"]);
    assert_eq!(paths("crews"), ["paper/issue/ocr/p1.xml -"]);
    let area = |file: &str, id: &str| {
        format!("<mets:fptr><mets:area FILEID=\"{file}\" BETYPE=\"IDREF\" BEGIN=\"{id}\"/></mets:fptr>")
    };
    let file = |id: &str, name: &str| {
        format!(
            "<mets:file ID=\"{id}\" MIMETYPE=\"text/xml\"><mets:FLocat xlink:href=\"file://./ocr/{name}\"/></mets:file>"
        )
    };
    dir.write(
        "paper/issue/issue-mets.xml",
        format!(
            "<mets:mets xmlns:mets=\"http://www.loc.gov/METS/\"><mets:fileSec><mets:fileGrp>{}{}</mets:fileGrp></mets:fileSec><mets:structMap TYPE=\"LOGICAL\"><mets:div TYPE=\"ISSUE\"><mets:div TYPE=\"ARTICLE\" ID=\"one\" LABEL=\"Harbour shut\">{}{}{}</mets:div><mets:div TYPE=\"ARTICLE\" ID=\"two\" LABEL=\"Fähren\">{}</mets:div></mets:div></mets:structMap></mets:mets>",
            file("F1", "p1.xml"),
            file("F2", "p2.xml"),
            area("F1", "a"),
            area("F1", "b"),
            area("F2", "c"),
            area("F2", "d"),
        ),
    );
    dir.run(&["index", "-v", "paper"]).ends(0).says(&["2 articles", "p1.xml: a part of issue-mets.xml"]);
    dir.run(&["check"]).ends(0);
    assert_eq!(paths("crews AND offer"), ["paper/issue/issue-mets.xml one"]);
    assert_eq!(paths("title:Fähren"), ["paper/issue/issue-mets.xml two"]);
    // A page that changes changes the articles on it.
    dir.write(
        "paper/issue/ocr/p2.xml",
        page(&[("c", "until the wage rose."), ("d", "Die Fähren liegen noch immer still.")]),
    );
    dir.run(&["index", "paper"]).ends(0);
    assert_eq!(paths("crews AND wage"), ["paper/issue/issue-mets.xml one"]);
    assert_eq!(paths("offer"), [""; 0]);
    // Without the structure the pages are articles again.
    std::fs::remove_file(dir.path("paper/issue/issue-mets.xml")).expect("it is there");
    dir.run(&["index", "paper"]).ends(0).says(&["2 articles"]);
    assert_eq!(paths("wage"), ["paper/issue/ocr/p2.xml -"]);
}

#[test]
fn records_without_an_article_are_counted() {
    let dir = TestDir::new();
    let messages = format!(
        r#"{{"name": "Halden Courier", "type": "public_channel", "messages": [{{"id": 1, "type": "service", "action": "create_channel", "title": "Halden Courier", "text": ""}},
            {{"id": 2, "type": "message", "date": "2021-03-02T09:30:00", "from": "Halden Courier", "text": ["{}", {{"type": "bold", "text": " now"}}]}},
            {{"id": 3, "type": "message", "date": "2021-03-02T09:31:00", "photo": "a.jpg", "text": ""}}]}}"#,
        paragraph("The ferry").trim()
    );
    dir.write("news/result.json", messages.replace('\n', " "));
    dir.write("news/package.json", r#"{"name": "reader", "version": "1.0.0", "description": "A reader of notes."}"#);
    dir.run(&["index", "news"]).ends(0).says(&["3 skipped: 1 file, 2 records without an article", "1 article"]);
    dir.run(&["index", "-v", "news"]).ends(0).says(&["result.json: record 1", "result.json: record 3"]);
}

#[test]
fn fields_are_told() {
    let dir = TestDir::new();
    let text = paragraph("The ferry");
    let notes = serde_json::json!({"meine_notizen": [{"Überschrift": "Fähren", "Volltext": text, "erschienen am": "3. Mai 2011"}]});
    dir.write("notes.json", notes.to_string());
    let shown = dir.run(&["sections", "--explain", "notes.json"]).ends(0);
    for line in
        ["list       meine_notizen[]", "text       Volltext", "title      Überschrift", "published  erschienen am"]
    {
        assert!(shown.stdout.contains(line), "{line}: {}", shown.told());
    }
}
