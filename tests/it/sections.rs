//! Sections of a file as the binary shows them, and boilerplate: listed, left out, found where it is asked for.

use crate::util::{TestDir, paragraph};

#[test]
fn explain_says_why() {
    let dir = TestDir::new();
    let text = format!("{0}\nThe dispute\n{0}\n{0}\nWhat comes next?\n{0}\n", paragraph("Harbour life"));
    dir.write("a.txt", text);
    let page = dir.run(&["sections", "--explain", "a.txt"]).ends(0).stdout;
    assert!(page.contains("§  ") && page.contains("The dispute"), "{page}");
    assert!(page.contains("opens as a question: yes"), "{page}");
    let lines = dir.run(&["sections", "--explain", "--json", "a.txt"]).ends(0).lines();
    let explained = lines[0]["explain"].as_array().expect("a list");
    assert_eq!(explained.len(), 2);
    assert_eq!(explained[0]["line"], 2);
    assert_eq!(explained[0]["heading"], true);
    assert!(explained[0]["reasons"].as_array().is_some_and(|reasons| reasons.len() > 20));
    let plain = dir.run(&["sections", "--json", "a.txt"]).ends(0).lines();
    assert!(plain[0].get("explain").is_none());
}

#[test]
fn boilerplate_is_found_where_it_is_asked_for() {
    let dir = TestDir::new();
    let text = format!(
        "Dockers walk out\nBy Mara Lindqvist\n2023-09-12\n{0}\nThe dispute\n{0}\n12 Comments\nPlease subscribe to our newsletter for more harbour news.\n© 2023 Halden Courier. All rights reserved.\n",
        paragraph("Harbour life")
    );
    dir.write("news/a.txt", text);
    dir.run(&["index", "news"]).ends(0);
    assert!(dir.found("newsletter").is_empty());
    assert!(dir.found("Lindqvist").is_empty());
    assert_eq!(dir.found("is:boilerplate newsletter"), ["news/a.txt 5"]);
    assert_eq!(dir.found("is:boilerplate comments"), ["news/a.txt 4"]);
    assert_eq!(dir.found("harbour"), ["news/a.txt 0", "news/a.txt 1"]);
    assert_eq!(dir.found("title:dockers"), ["news/a.txt 0", "news/a.txt 1"]);
    assert_eq!(dir.found("title:dockers -is:boilerplate").len(), 2);
    let kinds: Vec<_> = dir.hits(&["is:boilerplate"]).iter().map(|hit| hit["boilerplate"].clone()).collect();
    assert_eq!(kinds, ["byline", "date", "share", "subscribe", "copyright"]);
    let marked = &dir.hits(&["is:boilerplate newsletter"])[0];
    assert_eq!(marked["marks"], serde_json::json!([[24, 34]]));
    assert_eq!(marked["line"], 8);
    let shown = dir.run(&["show", marked["article"].as_str().expect("an id")]).ends(0).stdout;
    assert!(!shown.contains("newsletter"), "{shown}");
    assert_eq!(dir.run(&["stats", "--json"]).ends(0).lines()[0]["passages"], 2);
}

#[test]
fn lines_of_many_articles_are_text() {
    let dir = TestDir::new();
    let house_line = "The Courier is carried to every house on the hill by bicycle.";
    let heading = "At the scene";
    for i in 0..40 {
        let subject = format!("Street number {i} with its {} lamps", i * 7 + 3);
        let text = format!(
            "{}\n{house_line}\n{}\n{heading}\n{} The story of number {i} goes on.\n",
            paragraph(&subject),
            paragraph(&format!("The baker at {i}")),
            paragraph(&format!("Neighbour {i}"))
        );
        dir.write(&format!("news/{i}.txt"), text);
    }
    dir.run(&["index", "news"]).ends(0);
    assert_eq!(dir.found("bicycle").len(), 40);
    assert_eq!(dir.found("heading=\"At the scene\"").len(), 40);
    dir.write("news/later.txt", format!("{}\n{house_line}\n{}\n", paragraph("A late tram"), paragraph("Its driver")));
    dir.run(&["index"]).ends(0);
    assert_eq!(dir.found("bicycle").len(), 41);
    assert!(dir.found("is:boilerplate bicycle").is_empty());
}
