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
