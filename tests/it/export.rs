//! Exports: all hits, samples, tables, entries, quotations, and what marks their end.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

use crate::util::TestDir;

/// A folder of `count` stories of two sections, in three languages.
fn stories(count: usize) -> TestDir {
    let dir = TestDir::new();
    add(&dir, "news", 0..count);
    dir.run(&["index", "news"]).ends(0);
    dir
}

fn add(dir: &TestDir, folder: &str, numbers: std::ops::Range<usize>) {
    for i in numbers {
        let (title, text) = match i % 3 {
            0 => ("Ferry stays in port", "The ferry to Halden stayed in port while a storm crossed the sound"),
            1 => ("Fähre bleibt im Hafen", "Die ferry nach Halden blieb im Hafen, solange der Sturm über den Sund zog"),
            _ => ("Паром остаётся в порту", "Паром ferry в Халден остался в порту, пока над проливом шла буря"),
        };
        let text = format!(
            "---\ntitle: {title} {i}\nauthor: Mara Lindqvist\ndate: 2023-0{}\nsource: Halden Courier\n---\n\n{text}, trip {i}.\n\n## After the storm\n\nThe ferry sailed again, trip {i}.\n",
            i % 9 + 1
        );
        dir.write(&format!("{folder}/{i:04}.md"), text);
    }
}

fn ids(dir: &TestDir, args: &[&str]) -> Vec<String> {
    let run = dir.run(&[&["search", "--json", "-q"][..], args].concat()).ends(0);
    run.lines().iter().map(|hit| hit["id"].as_str().expect("an id").to_string()).collect()
}

#[test]
fn everything_is_a_stream_of_the_same_hits() {
    // More than a batch.
    let dir = stories(600);
    for sort in ["relevance", "newest", "oldest", "path"] {
        let all = dir.run(&["search", "--all", "--json", "--sort", sort, "ferry"]).ends(0).lines();
        assert_eq!(all.len(), 1_200, "{sort}");
        assert!(all.iter().zip(1..).all(|(hit, rank)| hit["rank"] == rank), "{sort}");
        // A limit below the number of passages takes another way.
        let limited = ["search", "--json", "--sort", sort, "--strict", "--ungroup", "--per-article", "9", "-n", "1199"];
        let limited = dir.run(&[&limited[..], &["ferry"]].concat()).ends(0).lines();
        assert!(limited == all[..1_199], "{sort}");
    }
    dir.write("queries.tsv", "a\tferry\nb\tHafen\nc\tzeppelin\n");
    let queries = dir.run(&["search", "--all", "--json", "--end", "--queries", "queries.tsv"]).ends(0).lines();
    let of = |id: &str| queries.iter().filter(|hit| hit["query"] == id).count();
    assert_eq!((of("a"), of("b"), of("c"), queries.len()), (1_200, 200, 0, 1_401));

    let paths = dir.run(&["search", "--all", "--format", "paths", "ferry"]).ends(0).stdout;
    assert_eq!(paths.lines().collect::<BTreeSet<_>>().len(), 600);
    assert_eq!(paths.lines().count(), 600, "each once");
    let trec = dir.run(&["search", "--all", "--format", "trec", "ferry"]).ends(0).stdout;
    assert!(trec.lines().zip(1..).all(|(line, rank)| line.contains(&format!(" {rank} "))), "ranks go on");
    assert_eq!(trec.lines().count(), 600);
    let ris = dir.run(&["search", "--all", "--format", "ris", "ferry"]).ends(0).stdout;
    assert_eq!((ris.matches("TY  - NEWS\r\n").count(), ris.matches("\r\nN1  - ").count()), (600, 1_200));
    let page = dir.run(&["search", "--all", "ferry"]).ends(0).stdout;
    assert_eq!(page.split("\n\n").count(), 1_200, "hits are separated by empty lines, across batches too");
}

#[test]
fn a_reader_may_go() {
    let dir = stories(600);
    for format in ["json", "csv", "tsv", "ris", "markdown", "text"] {
        let mut command = dir.command(&["search", "--all", "--end", "--format", format, "ferry"]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary runs");
        let mut first = String::new();
        BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut first).expect("a line");
        let output = child.wait_with_output().expect("it ends");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{format}: {stderr}");
        assert!(!stderr.contains("error") && !stderr.contains("end: "), "{format}: {stderr}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_told() {
    let dir = stories(3);
    for format in ["json", "csv", "tsv", "ris", "markdown", "paths", "trec", "text"] {
        let run = dir.run_shell(&format!("\"$0\" search --all --end --format {format} ferry > /dev/full"));
        let run = run.ends(2).says(&["error: cannot write the output: ", "0 hits were written whole"]);
        assert!(!run.stderr.contains("end: "), "{}", run.stderr);
    }
}

#[test]
fn the_end_is_marked() {
    let dir = stories(3);
    let end = |args: &[&str]| {
        let run = dir.run(&[&["search", "--end"][..], args].concat());
        // A page says after it what else there is.
        let on_stderr = run.stderr.lines().find(|line| line.starts_with("end: ")).unwrap_or("");
        (run.stdout.lines().last().unwrap_or("").to_string(), on_stderr.to_string())
    };
    let told = "end: 6 hits, complete";
    let (last, on_stderr) = end(&["--all", "--json", "ferry"]);
    assert_eq!((last.as_str(), on_stderr.as_str()), (r#"{"end":{"hits":6,"complete":true}}"#, told));
    let (last, on_stderr) = end(&["--all", "--format", "csv", "ferry"]);
    assert!(last.starts_with("end,6,complete,,,") && on_stderr == told, "{last} {on_stderr}");
    assert_eq!(last.matches(',').count(), 33, "as many cells as a row");
    assert!(end(&["--all", "--format", "tsv", "ferry"]).0.starts_with("end\t6\tcomplete\t\t"));
    assert_eq!(end(&["--all", "--format", "markdown", "ferry"]).0, "<!-- end: 6 hits, complete -->");
    for (format, hits) in [("paths", 3), ("trec", 3), ("ris", 6), ("text", 6)] {
        let (last, on_stderr) = end(&["--all", "--format", format, "ferry"]);
        let told = format!("end: {hits} hits, complete");
        assert!(!last.contains("end: ") && on_stderr.contains(&told), "{format}: {last} {on_stderr}");
    }
    assert_eq!(end(&["--json", "zeppelin"]).0, r#"{"end":{"hits":0,"complete":true}}"#);
    assert_eq!(end(&["--json", "-n", "2", "ferry"]).0, r#"{"end":{"hits":2,"complete":true}}"#);
    dir.write("queries.txt", "ferry\ntitle:(open\n");
    let (last, _) = end(&["--all", "--json", "--queries", "queries.txt"]);
    assert_eq!(last, r#"{"end":{"hits":6,"complete":false,"reason":"query"}}"#);
}

#[test]
fn samples_are_the_same_everywhere() {
    let dir = stories(90);
    let drawn = ids(&dir, &["--sample", "12", "--seed", "7", "ferry"]);
    assert_eq!(drawn.len(), 12);
    let as_set = |ids: &[String]| ids.iter().cloned().collect::<BTreeSet<_>>();
    for threads in ["1", "4"] {
        assert_eq!(ids(&dir, &["--threads", threads, "--all", "--sample", "12", "--seed", "7", "ferry"]), drawn);
    }
    let by_path = ids(&dir, &["--sample", "12", "--seed", "7", "--sort", "path", "ferry"]);
    assert_eq!(as_set(&by_path), as_set(&drawn), "in another order");
    assert_ne!(as_set(&ids(&dir, &["--sample", "12", "--seed", "8", "ferry"])), as_set(&drawn));
    let smaller = ids(&dir, &["--sample", "5", "--seed", "7", "ferry"]);
    assert!(as_set(&smaller).is_subset(&as_set(&drawn)));
    assert_eq!(ids(&dir, &["--sample", "1000", "ferry"]).len(), 180);

    // Another folder, in an index that grew in other steps.
    let grown = TestDir::new();
    for part in [60..90, 0..25, 25..60] {
        add(&grown, "archive", part);
        grown.run(&["index", "archive"]).ends(0);
    }
    assert_eq!(as_set(&ids(&grown, &["--sample", "12", "--seed", "7", "ferry"])), as_set(&drawn));

    dir.run(&["search", "--seed", "7", "ferry"]).ends(2).says(&["--seed chooses a sample", "--sample N"]);
    dir.run(&["search", "--sample", "2", "ferry"]).ends(0).says(&["a sample of at most 2 hits with --seed 0"]);
    for (format, rows) in [("csv", 13), ("tsv", 13)] {
        let table = dir.run(&["search", "--sample", "12", "--format", format, "trip"]).ends(0).stdout;
        let reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .delimiter(if format == "csv" { b',' } else { b'\t' })
            .from_reader(table.as_bytes())
            .into_records();
        assert_eq!(reader.count(), rows, "{format}");
    }
}

#[test]
fn tables_are_safe_in_a_spreadsheet() {
    let dir = TestDir::new();
    dir.write("news/a.md", "---\ntitle: \"=HYPERLINK(1)\"\nauthor: \"@halden\"\ndate: 2023-02\nsource: \"＝Kurier\"\n---\n\n-5 degrees in the port.\n\n\"Cold\", she said.\n");
    dir.write("news/b.md", "---\ntitle: Plain\ndate: 2024\nsource: Kurier\n---\n\nAnother port.\n");
    dir.run(&["index", "news"]).ends(0);
    let cells = |args: &[&str]| -> Vec<std::collections::HashMap<String, String>> {
        let out = dir.run(&[&["search", "--sort", "oldest"][..], args, &["port"]].concat()).ends(0).stdout;
        let delimiter = if args.contains(&"tsv") { b'\t' } else { b',' };
        let mut reader =
            csv::ReaderBuilder::new().delimiter(delimiter).from_reader(out.trim_start_matches('\u{feff}').as_bytes());
        reader.deserialize().collect::<Result<_, _>>().expect("a table")
    };
    for format in ["csv", "tsv"] {
        let rows = cells(&["--format", format]);
        let row = &rows[0];
        for (column, expected) in [
            ("title", "'=HYPERLINK(1)"),
            ("byline", "'@halden"),
            ("source", "'＝Kurier"),
            ("rank", "1"),
            ("published", "2023-02"),
            ("published_from_day", "2023-02-01"),
            ("published_to_day", "2023-02-28"),
            ("passage", "0"),
            ("words", "8"),
        ] {
            assert_eq!(row[column], expected, "{format} {column}");
        }
        assert!(row["text"].starts_with("'-5 degrees"), "{row:?}");
        assert_eq!(row["text"].contains('\n'), format == "csv", "{row:?}");
        assert!(row["file"].ends_with("/news/a.md"), "{row:?}");
        assert_eq!((&*rows[1]["published_from_day"], &*rows[1]["published_to_day"]), ("2024-01-01", "2024-12-31"));
        assert_eq!(cells(&["--format", format, "--raw"])[0]["title"], "=HYPERLINK(1)");
        let marked = dir.run(&["search", "--format", format, "--bom", "port"]).ends(0).stdout;
        assert!(marked.starts_with("\u{feff}rank"), "{marked}");
        assert_eq!(cells(&["--format", format, "--bom"])[0]["rank"], "1");
        let facet = dir.run(&["search", "--format", format, "--facet", "byline", "port"]).ends(0).stdout;
        assert!(facet.contains("'@halden"), "{facet}");
    }
    let lines = dir.run(&["search", "--format", "tsv", "port"]).ends(0).stdout;
    assert_eq!(lines.lines().count(), 3, "a line a row");
    dir.run(&["search", "--json", "--bom", "port"]).ends(2).says(&["--bom is for"]);
    dir.run(&["search", "--json", "--raw", "port"]).ends(2).says(&["--raw is for tables"]);
}

#[test]
fn entries_and_quotations_say_where_they_are_from() {
    let dir = TestDir::new();
    dir.write(
        "news/a.md",
        "---\ntitle: Port *closed*\nauthor: Mara Lindqvist, Jon Ek\ndate: 2023-09-12\nsource: Halden Courier\nlang: en\nurl: https://halden.example/a\ntags: [ports, strikes]\n---\n\nThe port is closed.\n\n## Next\n\n1. The port opens <b>today</b>.\n",
    );
    dir.write("news/undated.txt", "A port without a date or a title was seen.\n");
    dir.run(&["index", "news"]).ends(0);
    let ris = dir.run(&["search", "--all", "--sort", "path", "--format", "ris", "port"]).ends(0).stdout;
    let entries: Vec<&str> = ris.split("ER  - \r\n\r\n").collect();
    assert_eq!(entries.len(), 3, "{ris}");
    for line in [
        "TY  - NEWS",
        "TI  - Port *closed*",
        "AU  - Mara Lindqvist",
        "AU  - Jon Ek",
        "PY  - 2023",
        "DA  - 2023/09/12/",
        "T2  - Halden Courier",
        "UR  - https://halden.example/a",
        "LA  - en",
        "KW  - ports",
        "KW  - strikes",
    ] {
        assert!(entries[0].split("\r\n").any(|other| other == line), "{line}: {ris}");
    }
    assert_eq!(entries[0].matches("N1  - “").count(), 2, "{ris}");
    assert!(entries[0].contains("(§ Next, news/a.md:"), "{ris}");
    let is_line = |line: &str| line.is_empty() || line.get(2..6) == Some("  - ");
    assert!(ris.split("\r\n").all(is_line) && !ris.replace("\r\n", "").contains(['\n', '\r']), "{ris}");
    assert!(!entries[1].contains("PY  - ") && entries[1].contains("TI  - "), "{ris}");

    let markdown = dir.run(&["search", "--all", "--sort", "path", "--format", "markdown", "port"]).ends(0).stdout;
    assert!(markdown.starts_with("> The port is closed.\n\n— **Port \\*closed\\***"), "{markdown}");
    assert!(
        markdown.contains(" · Mara Lindqvist, Jon Ek · Halden Courier · 2023-09-12 · § Next · news/a.md:"),
        "{markdown}"
    );
}
