//! The query language: the examples of its specification on fictional articles, notes, explanations of empty results,
//! saved queries.

use std::collections::BTreeMap;

use crate::util::TestDir;

/// Name, front matter and text of articles that some example must find or must not find.
const ARTICLES: &[(&str, &str, &str)] = &[
    (
        "embargo",
        "title: Oil embargo bites\nauthor: Jane Doe\nsource: Reuters\ndate: 2023-09-12",
        "The embargoes on oil hurt. A climate deal is far.\n\n## Background\n\nOil was cheap once.\n\n## Reaction\n\nThe OPEC ministers resigned. The minister will resign himself.",
    ),
    (
        "climate",
        "title: Deal on the climate\nauthor: John Roe\nsource: Halden Courier\ndate: 2023-10-31",
        "A deal for the climate, not a climate of deals. Oil is elsewhere.\n\n## Analysis\n\nSome words on rates.\n\n### The Controversy\n\nThe plagiarism was plain, inflation was not.",
    ),
    (
        "biden",
        "title: Biden speaks\ndate: 2023-11-01",
        "Biden spoke of taxes. Merkel did not.\n\n## Family\n\nHunter Biden was there, Biden said.",
    ),
    (
        "trump",
        "title: Trump in court\ndate: 2022-01-05",
        "Trump came with Ivanka.\n\n## Indictment\n\nTrump faces an indictment. Merkel raised a levy.",
    ),
    (
        "contro",
        "title: A quarrel\nlang: en",
        "Nothing yet.\n\n## The Controversy!\n\nA word.\n\n## The controlled\n\nSanctions work.\n\n## Backgrounds\n\nSanctions fail.\n\n## Context of it\n\nSanctions remain.",
    ),
    (
        "strike",
        "title: Strike of the nurses\ndate: 2023-09-30",
        "Inflation is high.\n\n## Analysis\n\n### \n\nNurses strike.",
    ),
    ("rico", "title: The RICO case", "Rico is a town. The RICO act is not; RICO, RICO and RICO again."),
    ("bush", "title: Presidents", "President George Bush met President H. W. Bush. Bush the president left."),
    ("doe", "title: Names", "Johanna M. Doe knew Joan Doe and Jonn Doe. A doe saw Jon far away from any other Doe."),
    ("pie", "title: Fruit", "An apple pie is not an apple. Pie with pears and plums and nuts and an apple."),
    ("wayne", "title: Stars", "John Wayne rode. Wayne, John. John M. Wayne fell. Wayne slept while far away sat John."),
    (
        "waffen",
        "title: Waffenruhe\nlang: de\ndate: 2026-11-20",
        "Die Waffen schweigen. Der Waffenstillstand hält im Norden des Landes.",
    ),
];

fn fixture() -> TestDir {
    let dir = TestDir::new();
    for (name, facts, text) in ARTICLES {
        dir.write(&format!("news/{name}.md"), format!("---\n{facts}\n---\n\n{text}\n"));
    }
    dir.write(
        "news/toyota.md",
        format!("---\ntitle: Cars\n---\n\nToyota sells. {}\n", "More of it was said. ".repeat(260)),
    );
    let run = dir.run(&["index", "news"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    dir
}

/// The hits as `article.passage: marked words`, ordered by article and passage.
fn hits(dir: &TestDir, query: &str) -> Vec<String> {
    let mut out: BTreeMap<(String, u64), String> = BTreeMap::new();
    for hit in dir.hits(&[query]) {
        let name =
            hit["path"].as_str().expect("a path").trim_start_matches("news/").trim_end_matches(".md").to_string();
        let text = hit["text"].as_str().expect("a text");
        let marks = hit["marks"].as_array().expect("marks");
        let at = |mark: &serde_json::Value, i: usize| mark[i].as_u64().expect("an offset") as usize;
        let marked: Vec<&str> = marks.iter().map(|mark| &text[at(mark, 0)..at(mark, 1)]).collect();
        let passage = hit["passage"].as_u64().expect("an ordinal");
        out.insert((name.clone(), passage), format!("{name}.{passage}: {}", marked.join(" ")));
    }
    out.into_values().collect()
}

#[test]
fn examples_find_and_mark_what_they_should() {
    let dir = fixture();
    let mut failed = Vec::new();
    let table: &[(&str, &[&str])] = &[
        ("oil embargo", &["embargo.0: embargoes oil", "embargo.1: Oil"]),
        ("\"climate deal\"", &["embargo.0: climate deal"]),
        ("(tax OR levy) AND Merkel", &["biden.0: taxes Merkel", "trump.1: Merkel levy"]),
        ("Biden NOT \"Hunter Biden\"", &["biden.0: Biden"]),
        ("+Trump -Ivanka", &["trump.1: Trump"]),
        ("heading:\"The Controversy\" plagiarism", &["climate.2: plagiarism"]),
        ("heading=\"The Controversy\"", &["climate.2: ", "contro.1: "]),
        ("heading~\"The Contro\"", &["climate.2: ", "contro.1: ", "contro.2: "]),
        ("heading:/^(Background|Context)\\b/ sanctions", &["contro.4: Sanctions"]),
        ("under:Analysis -heading:* inflation", &[]),
        ("under:Analysis inflation", &["climate.2: inflation"]),
        ("title:(strike w/3 (nurse* OR doctor*)) date:2023-09..2023-10", &["strike.0: ", "strike.1: "]),
        ("byline:\"Jane Doe\" source:reuters oil", &["embargo.0: oil", "embargo.1: Oil"]),
        ("hlead:=RICO atleast5(RICO)", &["rico.0: Rico RICO RICO RICO RICO"]),
        ("president pre/2 Bush", &["bush.0: President Bush"]),
        ("(Joh* OR Jon~1) w/2 Doe", &["doe.0: Johanna Doe Joan Doe Jonn Doe doe Jon"]),
        ("apple NOT w/5 pie", &["pie.0: apple"]),
        ("minister w/s resign*", &["embargo.2: ministers resigned minister resign"]),
        ("\"John Wayne\"~2", &["wayne.0: John Wayne Wayne John John Wayne"]),
        ("first50(Toyota) words:>1200", &["toyota.0: Toyota"]),
        ("first1(Toyota)", &["toyota.0: Toyota"]),
        ("(heading:Background oil) w/art (heading:Reaction OPEC)", &["embargo.1: Oil", "embargo.2: OPEC"]),
        ("Trump MAYBE indictment^3", &["trump.0: Trump", "trump.1: Trump indictment"]),
        ("lang:de Waffen*", &["waffen.0: Waffen Waffenstillstand"]),
        ("=RICO", &["rico.0: RICO RICO RICO RICO"]),
        ("=Rico", &["rico.0: Rico"]),
        ("lede:oil", &["climate.0: Oil", "embargo.0: oil"]),
        ("date:unknown =Bush", &["bush.0: Bush Bush Bush"]),
        ("level:3", &["climate.2: "]),
        ("heading:(The w/1 contro*)", &["climate.2: ", "contro.1: ", "contro.2: "]),
        ("deal pre/3 climate", &["climate.0: deal climate"]),
        ("(climate w/3 deal) w/s elsewhere", &[]),
    ];
    for (query, expected) in table {
        let found = hits(&dir, query);
        if found != *expected {
            failed.push(format!("({query:?}, &{found:?}),"));
        }
    }
    assert!(failed.is_empty(), "\n{}", failed.join("\n"));
}

#[test]
fn notes_count_both_readings() {
    let dir = TestDir::new();
    for (name, text) in [
        ("a", "The elephant and the zebra met."),
        ("b", "A lion slept."),
        ("c", "An elephant saw the lion."),
        ("d", "They recycle, recycling all."),
        ("e", "Smith and Jones"),
        ("f", "Jones met Smith again."),
    ] {
        dir.write(&format!("news/{name}.md"), format!("---\ntitle: {name}\n---\n\n{text}\n"));
    }
    dir.run(&["index", "news"]);
    for (query, note) in [
        (
            "elephant AND zebra OR lion",
            "note: AND (also words side by side) binds tighter than OR; use parentheses to say which you mean: 3 passages; +elephant (zebra OR lion): 2",
        ),
        (
            "recycl!",
            "note: \"recycl!\" was searched as typed; for all words with this beginning write recycl*: 0 passages; recycl*: 1",
        ),
        ("Smith and Jones", "note: \"and\" was searched as a word; the operator is AND: 1 passage; Smith AND Jones: 2"),
        ("elefant", "note: \"elefant\" is nowhere in the index; did you mean elephant?"),
        ("qxv", "note: \"qxv\" is nowhere in the index"),
        ("-lion", "note: this query only excludes, so everything else matches"),
        (
            "@nobody lion",
            "note: no query is saved as 'nobody', so \"@nobody\" was searched as text; `crosshead saved` lists those there are",
        ),
    ] {
        let run = dir.run(&["search", query]);
        assert!(run.stderr.lines().any(|line| line == note), "{query}: {}", run.stderr);
    }
    let run = dir.run(&["search", "hedaing:x"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("did you mean heading:?") && run.stderr.contains("\n  ^^^^^^^"), "{}", run.stderr);
    let run = dir.run(&["search", "--json", "Putin~10"]);
    let error: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!((run.code, &error["code"], &error["offset"]), (2, &"fuzzy-range".into(), &0.into()));
    assert_eq!(error["suggestion"], "Putin~2");
}

/// A name is its words with capitals, in order, with middle names between them.
#[test]
fn names_table() {
    let dir = TestDir::new();
    for (name, text) in [
        ("ada", "They met Ada Holm there. The Ada Holm line is old."),
        ("middle", "They met Ada K. Maria Holm of Halden, and Holm's friends."),
        ("common", "Some ada holm of the trees, at holm."),
        ("apart", "They saw Ada. Holm was there, and Ada met Holm."),
        ("caps", "They met ADA HOLM and Karl de Marsan."),
        ("far", "They met Ada One Two Three Holm, a will, and Élise Holm."),
    ] {
        dir.write(&format!("news/{name}.md"), format!("---\ntitle: Story\n---\n\n{text}\n"));
    }
    dir.run(&["index", "news"]).ends(0);
    let mut failed = Vec::new();
    let table: &[(&str, &[&str])] = &[
        ("name:\"Ada Holm\"", &["ada.0: Ada Holm Ada Holm", "caps.0: ADA HOLM", "middle.0: Ada K. Maria Holm"]),
        ("name:\"ada holm\"", &["ada.0: Ada Holm Ada Holm", "caps.0: ADA HOLM", "middle.0: Ada K. Maria Holm"]),
        ("name:Holm -name:\"Ada Holm\"", &["apart.0: Holm Holm", "far.0: Holm Holm"]),
        ("name:\"Karl de Marsan\"", &["caps.0: Karl de Marsan"]),
        ("name:(Halden OR \"elise holm\")", &["far.0: Élise Holm", "middle.0: Halden"]),
        ("name:\"Ada Holm\" w/4 halden", &["middle.0: Ada K. Maria Holm Halden"]),
        ("name:Will", &[]),
        ("title:(name:Story) name:Karl", &["caps.0: Karl"]),
        ("title:(name:Karl)", &[]),
    ];
    for (query, expected) in table {
        let found = hits(&dir, query);
        if found != *expected {
            failed.push(format!("({query:?}, &{found:?}),"));
        }
    }
    assert!(failed.is_empty(), "\n{}", failed.join("\n"));
    for query in ["name:*", "name:/holm/", "name:(title:ada)", "name:\"ada holm\"~2"] {
        dir.run(&["search", query]).ends(2);
    }
}

#[test]
fn articles_that_match_across_sections_are_counted() {
    let dir = fixture();
    let run = dir.run(&["search", "climate plagiarism levy*"]);
    assert!(!run.stderr.contains("across sections"), "{}", run.stderr);
    let run = dir.run(&["search", "Ivanka AND levy"]);
    assert!(run.stderr.contains("note: with --unit article"), "{}", run.stderr);
    let run = dir.run(&["search", "Biden AND (taxes OR said)"]);
    assert!(!run.stderr.contains("across sections"), "{}", run.stderr);
    let run = dir.run(&["search", "(Trump OR Merkel) AND (indictment OR taxes) AND (Biden OR faces)"]);
    assert!(!run.stderr.contains("across sections"), "{}", run.stderr);
    let run = dir.run(&["search", "oil AND (cheap OR OPEC)"]);
    assert!(!run.stderr.contains("across"), "all articles match within one section too: {}", run.stderr);
    let run = dir.run(&["search", "deal AND (plagiarism OR oil)"]);
    assert!(!run.stderr.contains("across"), "{}", run.stderr);
    let run = dir.run(&["search", "(climate OR Ivanka) AND (far OR levy)"]);
    assert!(
        run.stderr.contains("note: 1 more article matches across sections; see them with --unit article"),
        "{}",
        run.stderr
    );
}

#[test]
fn empty_results_are_explained() {
    let dir = fixture();
    let run = dir.run(&["search", "oil +zebras heading:Background"]);
    assert_eq!(run.code, 1);
    for line in ["note: \"zebras\" is nowhere in the index", "note: without zebras: 1 passage"] {
        assert!(run.stderr.lines().any(|found| found == line), "{line}: {}", run.stderr);
    }
}

#[test]
fn queries_are_saved_used_and_removed() {
    let dir = fixture();
    assert_eq!(dir.run(&["save", "courts", "RICO OR indictment"]).code, 0);
    assert_eq!(dir.run(&["saved"]).stdout, "@courts\tRICO OR indictment\n");
    assert_eq!(hits(&dir, "@courts"), hits(&dir, "RICO OR indictment"));
    assert_eq!(hits(&dir, "@courts Merkel"), ["trump.1: indictment Merkel"]);
    // Saved queries survive a rebuild of the index.
    assert_eq!(dir.run(&["index", "--rebuild", "news"]).code, 0);
    assert_eq!(dir.run(&["saved"]).stdout, "@courts\tRICO OR indictment\n");
    assert_eq!(dir.run(&["save", "bad", "(oil AND gas"]).code, 2);
    assert_eq!(dir.run(&["save", "me", "@me oil"]).code, 2);
    assert_eq!(dir.run(&["save", "no name", "oil"]).code, 2);
    assert_eq!(dir.run(&["save", "courts", "--remove"]).code, 0);
    assert_eq!(dir.run(&["save", "courts", "--remove"]).code, 2);
    assert_eq!(dir.run(&["saved"]).code, 1);
}

#[test]
fn explain_shows_how_a_query_is_parsed() {
    let dir = fixture();
    let run = dir.run(&["search", "--explain", "(Joh* OR Jon~1) w/2 Doe"]);
    for line in [
        "read as: (Joh* OR Jon~1) w/2 Doe",
        "in words: within 2 words: [either a word like Joh*, or a word up to 1 letters from Jon] and [the word Doe in any form]",
        "plan: (or(joh*, jon~1) w/2 doe)@body+heading+title",
        "joh* stands for: johanna (1), john (1)",
    ] {
        assert!(run.stderr.lines().any(|found| found == line), "{line}: {}", run.stderr);
    }
}

#[test]
fn a_file_of_queries_goes_on_after_a_bad_line() {
    let dir = fixture();
    dir.write("queries", "one\toil w/5 deal\n\ntwo\t(oil AND deal\nthree\t=RICO\n");
    let run = dir.run(&["search", "--queries", "queries", "--count"]);
    assert_eq!(run.code, 2);
    assert_eq!(run.stdout, "one\t2\t2\t2\nthree\t1\t1\t1\n");
    assert!(run.stderr.contains("queries:3:") && run.stderr.contains("never closed"), "{}", run.stderr);
}

#[test]
fn awkward_text_is_searched_as_text() {
    let dir = fixture();
    let texts = include_str!("data/awkward.txt");
    assert!(texts.lines().count() >= 200);
    // Errors in a file of queries go to stderr. The id protects tabs in the text.
    let lines: String = texts.lines().enumerate().map(|(i, text)| format!("{i}\t{text}\n")).collect();
    dir.write("queries", lines);
    let run = dir.run(&["search", "--queries", "queries", "--format", "paths"]);
    let is_complaint =
        |line: &&str| !line.contains("has no word to search for") && !line.contains("are left out; --all");
    let complaints: Vec<&str> = run.stderr.lines().filter(is_complaint).collect();
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    for text in texts.lines() {
        let run = dir.run(&["search", "-F", "--", text]);
        assert!(run.code == 1 || run.code == 0 || run.stderr.contains("error[empty]"), "{text}: {}", run.stderr);
    }
}

#[test]
fn quotes_turned_into_question_marks_are_no_pattern() {
    let dir = TestDir::new();
    dir.write(
        "news/a.txt",
        "Thin air\n\nWhat engineers call the slip effect was seen at Halden on Monday, they said.\n",
    );
    dir.run(&["index", "news"]);
    let run = dir.run(&["search", "--format", "paths", "(the ?slip? effect)"]);
    assert_eq!((run.code, run.stdout.trim()), (0, "news/a.txt"));
}

/// A number in groups is that number, and not a part of a longer one.
#[test]
fn a_number_in_groups_is_found_as_one_number() {
    let dir = TestDir::new();
    for (name, number) in [
        ("plain", "500000"),
        ("comma", "500,000"),
        ("point", "500.000"),
        ("million", "1,500,000"),
        ("longer", "500,000,000"),
    ] {
        dir.write(&format!("a/{name}.txt"), format!("A figure\n\nThe port paid {number} crowns for cranes.\n"));
    }
    dir.write("a/weight.txt", "A figure\n\nThe crane lifts 2,500kg of grain, and ropes of 7kg.\n");
    dir.write("a/unit.txt", "A figure\n\nThe port bought 5,000km of rope, and 5,000 km of wire.\n");
    dir.run(&["index", "-q", "a"]).ends(0);
    for (query, articles) in [
        ("500,000", 3),
        ("500000", 3),
        ("\"paid 500,000 crowns\"", 3),
        ("\"paid 500000 crowns\"", 3),
        ("1,500,000", 1),
        ("500.000.000", 1),
        ("\"5,000 km\"", 1),
        ("5000km", 1),
        ("5,000km w/2 wire", 1),
        ("2,500 kg", 1),
        ("2500 kg grain", 1),
        ("7 kg", 1),
    ] {
        let run = dir.run(&["search", "--count", "--strict", query]).ends(0);
        assert_eq!(run.stdout.trim().rsplit('\t').next(), Some(articles.to_string().as_str()), "{query}");
        assert!(!run.stderr.contains("nowhere"), "{query}: {}", run.stderr);
    }
}

/// A query that is offered where nothing matches has as many hits as are told, also where words have signs of operators.
#[test]
fn a_wider_query_finds_what_is_told() {
    let dir = TestDir::new();
    for (name, text) in [
        ("a", "Grain was loaded for hours, the harbour said."),
        ("b", "Hours of talks ended without grain."),
        ("c", "Grain came, and the talks of the week went on."),
        ("d", "An elk crossed the road beside a heading of stone."),
    ] {
        dir.write(&format!("a/{name}.txt"), format!("A day in Halden\n\n{text}\n"));
    }
    dir.run(&["index", "-q", "a"]).ends(0);
    for (query, is_offered) in [
        ("\"grain -hours\"", true),
        ("\"talks hours\"", true),
        ("title:\"halden -day\"", true),
        ("\"heading:elk crossed\"", false),
        ("\"elk: heading\"", true),
        ("talks*of", true),
        ("grain AND the*week", true),
        ("elk?.crossed", true),
        ("talks*elk", false),
        ("elk*z", false),
    ] {
        let run = dir.run(&["search", query]);
        let offers = run.stderr.lines().filter_map(|line| {
            let (query, passages) = line.strip_prefix("note: ")?.rsplit_once(": ")?;
            let passages = passages.strip_suffix(" passages").or(passages.strip_suffix(" passage"))?;
            (!query.starts_with("without ")).then(|| (query.to_string(), passages))
        });
        let offers: Vec<(String, &str)> = offers.collect();
        assert_eq!(!offers.is_empty(), is_offered, "{query}: {}", run.stderr);
        for (offered, passages) in offers {
            let count = dir.run(&["search", "-q", "--count", &offered]).ends(0);
            assert_eq!(count.stdout.trim().rsplit('\t').next(), Some(passages), "{query}: {offered}");
        }
    }
}

/// Numbers are made of a query by every command: each says what else it could have been read as.
#[test]
fn every_command_tells_of_other_readings() {
    let dir = fixture();
    for command in [
        &["search", "--count"][..],
        &["search", "--facet", "source"],
        &["facets", "source"],
        &["timeline"],
        &["kwic"],
        &["collocates"],
        &["keywords"],
        &["names"],
        &["headings"],
        &["certificate"],
    ] {
        for (query, told) in [
            ("oil NEAR/5 prices OR Site:courier", "write url:*courier*"),
            ("climate /5 deal", "here it is written w/5"),
            ("oil zzzzunknown", "nowhere in the index"),
        ] {
            let args: Vec<&str> = command.iter().copied().chain([query]).collect();
            let run = dir.run(&args);
            assert!(run.code <= 1 && run.stderr.contains(told), "{args:?}: {}", run.told());
            let quiet: Vec<&str> = std::iter::once("-q").chain(args.iter().copied()).collect();
            assert!(!dir.run(&quiet).stderr.contains("note:"), "{quiet:?}");
        }
    }
}

/// What is offered where nothing matches matches something.
#[test]
fn what_is_offered_without_hits_has_hits() {
    let dir = fixture();
    for (args, told) in [
        (&["zeppelin AND embargo AND xyzzy"][..], "zeppelin OR embargo OR xyzzy: "),
        (&["\"embargoes climate oil\""], "embargoes climate oil: 1 passage"),
        (&["embargoes w/2 climate"], "embargoes climate: "),
        (&["embargo", "--where", "source=Nowhere", "--where", "lang=de"], "without all filters: "),
        (&["title:\"bites embargo\""], "title:(bites embargo): 3 passages"),
    ] {
        let run = dir.run(&[&["search"][..], args].concat()).ends(1);
        assert!(run.stderr.contains(told), "{args:?}: {}", run.told());
    }
}

/// A headline without a text below it is a hit, the lines about the page beside it are not.
#[test]
fn boilerplate_beside_a_headline_is_no_hit() {
    let dir = TestDir::new();
    dir.write("a/a.txt", "HARBOUR WORKERS STRIKE IN HALDEN\n\n12 March 2023\n\nBy Mara Lindqvist\n");
    dir.write("a/b.txt", "Trams stop\n\nThe trams stood still in the whole town on Monday.\n");
    dir.run(&["index", "-q", "a"]).ends(0);
    for (query, counts) in [("words:>=0", "2\t2\t2"), ("NOT trams", "1\t1\t1"), ("is:boilerplate", "2\t1\t1")] {
        assert_eq!(dir.run(&["search", "--count", "-q", query]).ends(0).stdout.trim(), counts, "{query}");
    }
    let stats = dir.run(&["stats", "--json"]).ends(0).lines().remove(0);
    assert_eq!((&stats["passages"], &stats["sections"]), (&2.into(), &2.into()), "{stats}");
}
