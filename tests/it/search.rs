//! Searches of a small folder: which passages match, which words are marked, and the output formats.

use std::fs;
use std::process::Stdio;

use crate::util::{TestDir, paragraph};

fn sample() -> TestDir {
    let dir = TestDir::new();
    let filler = paragraph("Nothing else");
    dir.write("news/strike.txt", format!("Dockers walk out at Halden\nBy Mara Lindqvist\n2023-09-12\n\n{} The dockers wanted a shorter week, and the grain trade stopped.\nThe dispute\nThe union rejected the offer of the port company, and talks about pay failed. {filler}\nA long history\nThe Élysée café on the quay has seen eleven strikes. {filler}\n", filler));
    dir.write("news/tram.md", format!("---\ntitle: Tram plan\ndate: 2022-05-01\nsource: Hill Gazette\n---\n\nThe tram will climb the hill. {filler}\n\n# Background\n\nIt was drawn in 1911. {filler}\n\n## The dispute\n\nShops fear the digging, and the union of drivers is silent. {filler}\n"));
    dir.write("news/undated.txt", format!("{filler} A striking sight: herring gulls.\n"));
    dir.run(&["index", "news"]).ends(0);
    dir
}

#[test]
fn matching_passages() {
    let dir = sample();
    for (query, expected) in [
        ("union", vec!["news/strike.txt 1", "news/tram.md 2"]),
        ("union offer", vec!["news/strike.txt 1"]),
        ("striking", vec!["news/strike.txt 2", "news/undated.txt 0"]),
        ("\"strikes\"", vec!["news/strike.txt 2"]),
        ("elysee cafe", vec!["news/strike.txt 2"]),
        ("\"grain trade\"", vec!["news/strike.txt 0"]),
        ("\"trade grain\"", vec![]),
        ("union -shops", vec!["news/strike.txt 1"]),
        ("union NOT (offer OR digging)", vec![]),
        ("heading=\"the DISPUTE!\"", vec!["news/strike.txt 1", "news/tram.md 2"]),
        ("heading=dispute", vec![]),
        ("heading:dispute", vec!["news/strike.txt 1", "news/tram.md 2"]),
        ("heading~\"the d\"", vec!["news/strike.txt 1", "news/tram.md 2"]),
        ("under:background union", vec!["news/tram.md 2"]),
        ("-heading:* herring", vec!["news/undated.txt 0"]),
        ("title:dockers pay", vec!["news/strike.txt 1"]),
        ("dockers pay", vec!["news/strike.txt 1"]),
        ("byline:\"Mara Lindqvist\" grain", vec!["news/strike.txt 0"]),
        ("source:gazette 1911", vec!["news/tram.md 1"]),
        ("path:undated", vec!["news/undated.txt 0"]),
        ("date:2022 union", vec!["news/tram.md 2"]),
        ("date:2022..2023 union", vec!["news/strike.txt 1", "news/tram.md 2"]),
        ("date:unknown", vec!["news/undated.txt 0"]),
        ("date:>2022 union", vec!["news/strike.txt 1"]),
        ("lang:en herring", vec!["news/undated.txt 0"]),
        ("title:(dockers OR tram) silent", vec!["news/tram.md 2"]),
    ] {
        assert_eq!(dir.found(query), expected, "{query}");
    }
}

/// An absolute path, or one from `./`, is that of the file or folder there.
#[test]
fn absolute_paths() {
    let dir = TestDir::new();
    let files = ["press/news/2023/a.txt", "press/news/2024/b.txt", "press/other/news.txt", "press/other/2023.txt"];
    for path in files {
        dir.write(path, format!("Story\n\nHerring was sold, says {path}.\n"));
    }
    dir.run(&["index", "press/news", "press/other"]).ends(0);
    let root = dir.path("press").canonicalize().expect("a folder");
    let root = root.to_str().expect("a path of text");
    for (query, expected) in [
        (format!("path:{root}/news/2023/a.txt"), &files[..1]),
        (format!("path:{root}/news"), &files[..2]),
        (format!("path:{root}/news/"), &files[..2]),
        (format!("path:\"{root}/news/2024\""), &files[1..2]),
        (format!("path:{root}"), &files[..]),
        (format!("path={root}/other/news.txt"), &files[2..3]),
        (format!("path={root}/other/news"), &[]),
        (format!("path~{root}/other/n"), &files[2..3]),
        (format!("path:{root}/news/*.txt"), &files[..2]),
        (format!("path:{root}/news/20*"), &files[..2]),
        (format!("path:({root}/news/2023 OR 2024)"), &files[..2]),
        (format!("herring -path:{root}/news"), &files[2..]),
        (format!("path:{root}/nowhere"), &[]),
        ("path:./press/news/2023".to_string(), &files[..1]),
        ("path:news/2023".to_string(), &files[..1]),
    ] {
        let mut found: Vec<String> = dir.found(&query).iter().map(|hit| hit.replace(" 0", "")).collect();
        found.sort();
        let mut expected = expected.to_vec();
        expected.sort_unstable();
        assert_eq!(found, expected, "{query}");
    }
}

/// Into a pipe, paths are printed as they are, each to the end of a line or a NUL.
#[cfg(unix)]
#[test]
fn paths_in_a_pipe_are_as_stored() {
    let dir = TestDir::new();
    let names = ["news/a\tb.txt", "news/c\u{1b}[31m.txt", "news/\u{202e}d.txt", "news/e\nf.txt"];
    for name in names {
        dir.write(name, "Story\n\nHerring was sold.\n");
    }
    dir.run(&["index", "news"]).ends(0);
    let sorted = |printed: &str, end: char| {
        let mut paths: Vec<String> = printed.split_terminator(end).map(str::to_string).collect();
        paths.sort();
        paths
    };
    let mut expected = names.map(str::to_string).to_vec();
    expected.sort();
    let args = ["search", "--format", "paths", "--ungroup", "herring"];
    let run = dir.run(&args).ends(0);
    assert_eq!(sorted(&run.stdout, '\n'), sorted(&expected.join("\n"), '\n'));
    for null in ["-0", "--null"] {
        let run = dir.run(&[&args[..], &[null]].concat()).ends(0);
        assert_eq!(sorted(&run.stdout, '\0'), expected);
    }
    dir.run(&["search", "-0", "herring"]).ends(2).says(&["--format paths"]);
}

/// Paths match regardless of case; they are printed and sorted as they are.
#[test]
fn path_values() {
    let dir = TestDir::new();
    let long = format!("News/{}/z.txt", ["Archive of the Halden Courier"; 7].join("/"));
    let longest = format!("News/{}/z.txt", ["ÅRGANG ".repeat(20).trim_end(); 8].join("/"));
    let paths = ["News/Über/A.txt", "News/Über/b.txt", "News/a.txt", "News/A-Z/a.txt", long.as_str(), longest.as_str()];
    for path in paths {
        dir.write(path, format!("Story\n\nHerring was sold, says {path}.\n"));
    }
    for _ in 0..2 {
        dir.run(&["index", "News"]).ends(0);
        for (query, expected) in [
            ("path:*", paths.to_vec()),
            ("path=\"news/a.txt\"", vec!["News/a.txt"]),
            ("path=\"NEWS/ÜBER/a.txt\"", vec!["News/Über/A.txt"]),
            ("path~\"news/über/\"", vec!["News/Über/A.txt", "News/Über/b.txt"]),
            ("path~\"news/a\"", vec!["News/A-Z/a.txt", long.as_str(), "News/a.txt"]),
            ("path=\"news/a\"", vec![]),
            ("path~\"zzz\"", vec![]),
            ("path~\"aaa\"", vec![]),
            ("path:/über.*[ab]\\.txt$/", vec!["News/Über/A.txt", "News/Über/b.txt"]),
            ("path:/^news.a.txt$/", vec!["News/a.txt"]),
            ("path:über", vec!["News/Über/A.txt", "News/Über/b.txt"]),
            ("path~\"news/årgang\"", vec![longest.as_str()]),
        ] {
            let mut expected = expected;
            expected.sort_unstable();
            let run = dir.run(&["search", "--format", "paths", "--sort", "path", "--ungroup", "-n", "100", query]);
            // A path longer than the values of the fast field is sorted by its beginning only.
            let mut found: Vec<&str> = run.stdout.lines().collect();
            assert!(found.iter().filter(|path| path.len() < 1_000).is_sorted(), "{query}: {found:?}");
            found.sort_unstable();
            assert_eq!(found, expected, "{query}");
        }
        let run = dir.run(&["search", "--format", "paths", "herring", "News/Über"]);
        assert_eq!(run.stdout.lines().count(), 2, "{}", run.told());
        // Again, with several segments.
        dir.write("News/Über/b.txt", "Story\n\nHerring was sold again.\n");
    }
}

/// Titles match by their whole folded value, by its beginning and by regular expressions, whatever characters they
/// contain.
#[test]
fn title_values() {
    let dir = TestDir::new();
    let long = format!("The port {}end", "of Halden ".repeat(120));
    let titles = [
        ("1", "Dockers Walk Out"),
        ("2", "Dockers walk out again"),
        ("3", "Ärger im Hafen: “Streik”"),
        ("4", "Dockers\u{0}walk out"),
        ("5", long.as_str()),
        ("6", ""),
    ];
    for (name, title) in titles {
        let text = format!("Herring was sold at the pier, says {name}.");
        dir.write(&format!("news/{name}.json"), serde_json::json!({ "title": title, "body": text }).to_string());
    }
    for _ in 0..2 {
        dir.run(&["index", "news"]).ends(0);
        for (query, expected) in [
            ("title:*", "12345"),
            ("NOT title:*", "6"),
            ("title=\"DOCKERS walk out\"", "1"),
            ("title=dockers", ""),
            ("title=\"dockers walk\"", ""),
            ("title~\"dockers walk\"", "12"),
            ("title~\"dockers\"", "124"),
            ("title=\"arger im hafen: streik\"", "3"),
            ("title:/^ärger/", "3"),
            ("title:/^dockers$/", ""),
            ("title:/walk out/", "124"),
            ("title:/walk out$/", "14"),
            ("title~\"the port of halden\"", "5"),
            ("title:\"walk out\"", "124"),
        ] {
            let run = dir.run(&["search", "--format", "paths", "--sort", "path", "--ungroup", "-n", "100", query]);
            let found: String = run.stdout.lines().filter_map(|path| path.chars().nth("news/".len())).collect();
            assert_eq!(found, expected, "{query}");
        }
        // Again, with several segments.
        dir.write("news/2.json", serde_json::json!({ "title": titles[1].1, "body": "Herring, again." }).to_string());
    }
}

#[test]
fn unit_and_count() {
    let dir = sample();
    assert!(dir.found("offer cafe").is_empty());
    assert_eq!(dir.hits(&["--unit", "article", "offer cafe"]).len(), 2);
    let counts = dir.run(&["search", "--count", "union"]).ends(0).stdout;
    assert_eq!(counts, "2\t2\t2\n");
}

#[test]
fn hits_tell_which_words_they_lack() {
    let dir = sample();
    let tiers = |args: &[&str]| -> Vec<String> {
        let all: Vec<&str> = ["search", "--json"].iter().chain(args).copied().collect();
        dir.run(&all).lines().iter().map(|hit| hit["tier"].as_str().expect("a tier").to_string()).collect()
    };
    assert_eq!(tiers(&["union offer"]), ["all", "some"]);
    assert_eq!(tiers(&["union AND offer"]), ["all"]);
    assert_eq!(tiers(&["--strict", "union offer"]), ["all"]);
    assert_eq!(tiers(&["--any", "union offer"]), ["all", "some"]);
    let lacking = dir.run(&["search", "--json", "union offer"]).lines();
    assert_eq!((lacking[0].get("lacks"), &lacking[1]["lacks"]), (None, &serde_json::json!(["offer"])));
    let page = dir.run(&["search", "union zebra,"]).ends(0).stdout;
    assert!(page.contains("    lacks: zebra\n"), "{page}");
    assert_eq!(
        dir.run(&["search", "union zebra"]).ends(0).stdout.lines().next(),
        Some("-- no section has all the words; these have some of them --")
    );
}

/// Partial matches may match one part of a compound word, but not one part of initials or a number.
#[test]
fn initials_and_numbers_match_whole() {
    let dir = TestDir::new();
    dir.write("news/a.txt", "Herring\n\nThe U.S. bought herring at 15.2 crowns, the office said on Monday.\n");
    dir.write("news/b.txt", "Cod\n\nOne S was cut into the bark, and 15 of 2 trees fell down on Monday.\n");
    dir.write("news/c.txt", "Wind\n\nThe layer of ice at the shore grew on Monday.\n");
    dir.run(&["index", "news"]).ends(0);
    for (query, expected) in
        [("U.S. zebra", "news/a.txt"), ("15.2 zebra", "news/a.txt"), ("boundary-layer zebra", "news/c.txt")]
    {
        assert_eq!(dir.run(&["search", "--format", "paths", query]).ends(0).stdout, format!("{expected}\n"), "{query}");
    }
}

#[test]
fn marks_are_what_matched() {
    let dir = sample();
    for (query, expected) in [
        ("union", vec!["union"]),
        ("\"grain trade\"", vec!["grain trade"]),
        ("striking", vec!["strikes", "striking"]),
        ("elysee", vec!["Élysée"]),
        ("title:dockers pay", vec!["pay"]),
    ] {
        let mut marked = vec![];
        for hit in dir.hits(&[query]) {
            for (text, marks) in [("text", "marks"), ("snippet", "snippet_marks")] {
                let text = hit[text].as_str().expect("a text");
                for mark in hit[marks].as_array().expect("marks") {
                    let at = |i: usize| mark[i].as_u64().expect("an offset") as usize;
                    marked.push(text[at(0)..at(1)].to_string());
                }
            }
        }
        marked.sort();
        marked.dedup();
        assert_eq!(marked, expected, "{query}");
    }
}

#[test]
fn byte_ranges_of_the_file_hold_the_text() {
    let dir = sample();
    let japanese =
        "港の労働者は月曜日に仕事を止めた。\n争点\n組合は賃金の引き上げを求めている。会社は三パーセントを提示した。\n"
            .repeat(3);
    let (bytes, _, _) = encoding_rs::SHIFT_JIS.encode(&japanese);
    dir.write("news/sjis.txt", &bytes);
    dir.write("news/mark.txt", format!("\u{feff}{}\r\nThe dispute\r\n{}\r\n", paragraph("Café"), paragraph("Crème")));
    dir.run(&["index"]).ends(0);
    let hits = dir.hits(&["title:* OR -title:*"]);
    assert!(hits.len() >= 8);
    for hit in hits {
        let file = fs::read(dir.path(hit["path"].as_str().expect("a path"))).expect("the file");
        let at = |key: &str| hit[key].as_u64().expect("an offset") as usize;
        let bytes = &file[at("start")..at("end")];
        let decoded = if hit["path"] == "news/sjis.txt" {
            encoding_rs::SHIFT_JIS.decode(bytes).0
        } else {
            String::from_utf8_lossy(bytes)
        };
        assert_eq!(decoded, hit["text"].as_str().expect("a text"));
        let line = file[..at("start")].iter().filter(|byte| **byte == b'\n').count() + 1;
        assert_eq!(at("line"), line);
    }
    for substring in ["賃金", "金の引", "三パーセ"] {
        let found = dir.found(substring);
        assert!(!found.is_empty(), "a substring of text without spaces is found: {substring}");
    }
}

#[test]
fn output_formats() {
    let dir = sample();
    let paths = dir.run(&["search", "--format", "paths", "union"]).ends(0).stdout;
    assert_eq!(paths.lines().count(), 2);
    let csv = dir.run(&["search", "--format", "csv", "union"]).ends(0).stdout;
    assert!(csv.starts_with("rank,score,tier,id,path,"), "{csv}");
    dir.write("queries.tsv", "q1\tunion\nbad\t(open AND shut\nq2\theading:background\n");
    let run = dir
        .run(&["search", "--queries", "queries.tsv", "--format", "trec"])
        .ends(2)
        .says(&["queries.tsv:2", "never closed"]);
    let ids: Vec<&str> = run.stdout.lines().filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(ids, ["q1", "q1", "q2"]);
    let newest: Vec<String> = dir
        .run(&["search", "--json", "--sort", "newest", "union"])
        .lines()
        .iter()
        .map(|hit| hit["published"].to_string())
        .collect();
    assert_eq!(newest, ["\"2023-09-12\"", "\"2022-05-01\""]);
    let since = dir.run(&["search", "--json", "--since", "2023", "union"]).lines();
    assert_eq!(since.len(), 1);
    let headings = dir.run(&["headings"]).ends(0).stdout;
    assert_eq!(headings.lines().next(), Some("2\tThe dispute"));
    assert_eq!(dir.run(&["search", "--facet", "source", "tram"]).ends(0).stdout, "1\tHill Gazette\n");
    assert_eq!(dir.run(&["search", "--facet", "desk", "tram"]).ends(0).stdout, "1\t(none)\n");
}

#[test]
fn an_id_shows_its_passage_and_survives_a_rename() {
    let dir = sample();
    let id = dir.hits(&["offer"])[0]["id"].as_str().expect("an id").to_string();
    let shown = dir.run(&["show", &id]).ends(0).stdout;
    assert!(shown.contains("§ The dispute") && shown.contains("rejected the offer"), "{shown}");
    fs::rename(dir.path("news/strike.txt"), dir.path("news/renamed.txt")).expect("renamed");
    dir.run(&["index"]).ends(0);
    assert_eq!(dir.hits(&["offer"])[0]["id"].as_str(), Some(id.as_str()));
    dir.run(&["show", "0000000000000.1"]).ends(1);
    dir.run(&["show", "nonsense"]).ends(2).says(&["is no id"]);
}

#[test]
fn control_characters_are_not_printed() {
    let dir = TestDir::new();
    dir.write(
        "news/evil\u{1b}[31m.txt",
        format!("\u{1b}]0;title\u{7} {} \u{202e}reversed\u{1b}[2J\n", paragraph("Herring")),
    );
    dir.run(&["index", "news"]).ends(0);
    for args in [
        &["search", "herring"][..],
        &["check"],
        &["search", "--format", "csv", "herring"],
        &["headings"],
        &["index", "-v", "--rehash"],
    ] {
        let run = dir.run(args);
        assert!(!run.stdout.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{}", run.told());
        assert!(!run.stderr.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{}", run.told());
    }
}

#[test]
fn a_closed_pipe_is_no_error() {
    let dir = TestDir::new();
    for i in 0..300 {
        dir.write(&format!("news/{i}.txt"), paragraph("Herring").repeat(4));
    }
    dir.run(&["index", "news"]).ends(0);
    let mut child = dir
        .command(&["search", "--json", "-n", "1000", "herring"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("started");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("ended");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn ranges_outside_the_values_match_nothing() {
    let dir = TestDir::new();
    let article = |date: &str, words: usize| format!("Lantern\n{date}\n\n{}\n", "lantern ".repeat(words));
    // A run for each, so that each is in a segment of its own.
    for (name, date, words) in [("a", "2003-01-01", 40), ("b", "2003-06-30", 80), ("c", "2011-02-03", 160)] {
        dir.write(&format!("news/{name}.txt"), article(date, words));
        dir.run(&["index", "news"]).ends(0);
    }
    dir.write("news/undated.txt", "Lantern\n\nA lantern without a day.\n");
    dir.run(&["index", "news"]).ends(0);
    let paths = |args: &[&str]| {
        let mut command = vec!["search", "--ungroup", "--strict", "--sort", "path", "--format", "paths"];
        command.extend(args);
        let run = dir.run(&command);
        assert!(run.code <= 1, "{}", run.told());
        run.stdout.replace("news/", "").replace(".txt", "").split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let cases: [(&[&str], &str); 21] = [
        (&["date:2002"], ""),
        (&["date:1500"], ""),
        (&["date:0001"], ""),
        (&["date:9999"], ""),
        (&["date:2003"], "a b"),
        (&["date:2007"], ""),
        (&["date:2003-03"], ""),
        (&["date:..2002"], ""),
        (&["date:2012.."], ""),
        (&["date:1990..2005"], "a b"),
        (&["words:<10 date:2003"], ""),
        (&["words:3 lantern date:2003.."], ""),
        (&["words:>100000"], ""),
        (&["added:2001"], ""),
        (&["updated:2001"], ""),
        (&["--until", "2002", "lantern"], ""),
        (&["--since", "2012", "lantern"], ""),
        (&["--until", "2003-01-01", "lantern"], "a"),
        (&["lantern NOT date:2002"], "a b c undated"),
        (&["lantern NOT words:<2"], "a b c undated"),
        (&["lantern NOT added:2001"], "a b c undated"),
    ];
    for (args, expected) in cases {
        assert_eq!(paths(args), expected, "{args:?}");
    }
}

#[test]
fn facets_join_spellings_and_count_what_has_no_value() {
    let dir = TestDir::new();
    let article = |source: &str| format!("---\ntitle: Ferry\nsource: {source}\n---\n\nA ferry, {source}.\n");
    for (name, source) in [("a", "Nordwind"), ("b", "NORDWIND"), ("c", "Nordwind"), ("d", "Élan"), ("e", "elan")] {
        dir.write(&format!("news/{name}.md"), article(source));
    }
    dir.write("news/f.md", "---\ntitle: Ferry\n---\n\nA ferry of no source.\n");
    dir.run(&["index", "news"]).ends(0);
    let facets = |args: &[&str]| dir.run(&[&["search", "--facet", "source"], args].concat()).ends(0);
    assert_eq!(facets(&["ferry"]).stdout, "3\tNordwind\n2\telan\n1\t(none)\n");
    assert_eq!(facets(&["-n", "1", "ferry"]).says(&["2 rows not shown"]).stdout, "3\tNordwind\n");
    let crossed = facets(&["--unit", "article", "title:ferry NOT source=nordwind"]).stdout;
    assert_eq!(crossed, "2\telan\n1\t(none)\n");
    let csv = facets(&["--format", "csv", "ferry"]).stdout;
    assert_eq!(csv, "value,articles,sections,passages\nNordwind,3,3,3\nelan,2,2,2\n,1,1,1\n");
    let rows = facets(&["--json", "ferry"]).lines();
    assert_eq!((rows[0]["value"].as_str(), rows[0]["articles"].as_u64()), (Some("Nordwind"), Some(3)));
    assert!(rows[2]["value"].is_null() && rows[2]["facet"] == "source", "{}", rows[2]);
    dir.write("queries.tsv", "q1\tferry\nq2\tsource=nordwind\n");
    let of_queries = facets(&["--queries", "queries.tsv"]).stdout;
    assert_eq!(of_queries, "q1\t3\tNordwind\nq1\t2\telan\nq1\t1\t(none)\nq2\t3\tNordwind\n");
    dir.run(&["search", "--facet", "source", "zeppelin"]).ends(1).says(&["nothing matches"]);
}

/// Ten values are a page; what scripts read has all of them.
#[test]
fn exports_are_complete_or_say_so() {
    let dir = TestDir::new();
    for (i, letter) in ('a'..='l').enumerate() {
        let text = format!("---\ntitle: Ferry {letter}\nsource: Post {letter}\n---\n\nFerry {i} left quay {letter}.\n");
        dir.write(&format!("news/{letter}.md"), text);
    }
    dir.write("queries.tsv", "q1\tferry\nq2\tzeppelin\nq3\tferry\n");
    dir.run(&["index", "news"]).ends(0);
    let search = |args: &[&str]| dir.run(&[&["search", "ferry"], args].concat()).ends(0);
    let batch = |args: &[&str]| dir.run(&[&["search", "--queries", "queries.tsv"], args].concat()).ends(0);
    let page = search(&["--facet", "source"]).says(&["2 rows not shown; --all"]);
    assert_eq!(page.stdout.lines().count(), 10);
    for (args, lines) in [(&["--json"][..], 12), (&["--format", "csv"], 13), (&["--all"], 12)] {
        let run = search(&[&["--facet", "source"], args].concat());
        assert_eq!((run.stdout.lines().count(), run.stderr.as_str()), (lines, ""), "{args:?}");
    }
    for (format, note) in [
        ("json", "10 of 12 passages that match; --all"),
        ("csv", "10 of 12 passages that match; --all"),
        ("paths", "10 of 12 articles that match; --all"),
        ("trec", "10 of 12 articles that match; --all"),
    ] {
        search(&["--ungroup", "--format", format]).says(&[note]);
        assert_eq!(search(&["--all", "--format", format]).stderr, "", "{format}");
        batch(&["--ungroup", "--format", format]).says(&["hits of 2 queries are left out; --all"]);
    }
    let counted = search(&["--count"]).says(&["12 articles (12 sections, 12 passages)"]);
    assert_eq!(counted.stdout, "12\t12\t12\n");
    search(&[]).says(&["12 articles (12 sections, 12 passages)"]);
    let json = search(&["--count", "--json"]).stdout;
    assert_eq!(json, "{\"passages\":12,\"sections\":12,\"articles\":12}\n");
    assert_eq!(search(&["--count", "--format", "csv"]).stdout, "passages,sections,articles\n12,12,12\n");
    let json = batch(&["--count", "--json"]).lines();
    assert_eq!((&json[1]["query"], &json[1]["articles"]), (&"q2".into(), &0.into()));
}

/// Dates in CSV have one form for each precision, however the articles write them.
#[test]
fn dates_in_csv_have_a_form_for_each_precision() {
    let dir = TestDir::new();
    let cases = [
        ("2021", "2021"),
        ("March 2021", "2021-03"),
        ("2021-03", "2021-03"),
        ("3 March 2021", "2021-03-03"),
        ("2021-03-03", "2021-03-03"),
        ("Wed, 03 Mar 2021 08:00:00 GMT", "2021-03-03T08:00:00Z"),
        ("2021-03-03 08:00:00+01:00", "2021-03-03T08:00:00+01:00"),
    ];
    for (i, (date, _)) in cases.iter().enumerate() {
        dir.write(&format!("news/{i}.md"), format!("---\ntitle: Lock {i}\ndate: \"{date}\"\n---\n\nLock {i}.\n"));
    }
    dir.run(&["index", "news"]).ends(0);
    let csv = dir.run(&["search", "--all", "--sort", "path", "--format", "csv", "lock"]).ends(0).stdout;
    let column = |line: &str, at: usize| line.split(',').nth(at).unwrap_or("").to_string();
    let at = csv.lines().next().and_then(|header| header.split(',').position(|name| name == "published"));
    let found: Vec<String> = csv.lines().skip(1).map(|line| column(line, at.expect("the column"))).collect();
    assert_eq!(found, cases.map(|(_, expected)| expected));
}

#[test]
fn the_fingerprint_of_an_index_does_not_depend_on_how_it_grew() {
    let dir = TestDir::new();
    let article =
        |day: u32| format!("---\ntitle: Day {day}\ndate: 2021-03-0{day}\nsource: Fjord Post\n---\n\nNews {day}.\n");
    let stats = |index: &str| dir.run(&["--index", index, "stats", "--json"]).ends(0).lines().remove(0);
    for day in [4, 2, 3] {
        dir.write(&format!("news/{day}.md"), article(day));
        dir.run(&["--index", "grown", "index", "news"]).ends(0);
    }
    dir.run(&["--index", "whole", "index", "news"]).ends(0);
    let (grown, whole) = (stats("grown"), stats("whole"));
    assert_eq!(grown["fingerprint"], whole["fingerprint"]);
    assert_eq!(grown["fingerprint"].as_str().map(str::len), Some(32));
    assert_eq!((&grown["first"], &grown["last"]), (&"2021-03-02".into(), &"2021-03-04".into()));
    assert_eq!(grown["sources"], serde_json::json!([{ "source": "Fjord Post", "articles": 3 }]));
    assert!(grown["version"].is_string());
    let mut seen = vec![whole["fingerprint"].clone()];
    let mut differs = |what: &str| {
        dir.run(&["--index", "grown", "index", "news"]).ends(0);
        let now = stats("grown")["fingerprint"].clone();
        assert!(!seen.contains(&now), "{what}");
        seen.push(now);
    };
    fs::rename(dir.path("news/3.md"), dir.path("news/5.md")).expect("moved");
    differs("a path");
    dir.write("news/5.md", article(3).replace("Fjord", "Coast"));
    differs("a fact");
    dir.write("news/5.md", article(3).replace("News", "Old news"));
    differs("a text");
    fs::remove_file(dir.path("news/5.md")).expect("removed");
    differs("an article less");
}
