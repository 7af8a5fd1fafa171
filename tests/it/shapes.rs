//! The shapes of output that programs read, kept as files in `tests/it/data/shapes/`: fields are only ever added.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::util::{TestDir, package};

/// Invented articles: Markdown with facts, its reprint, a copy of the same bytes, bare text in several languages, records
/// of which one is bad, lines of boilerplate, a file without text.
fn fixture() -> TestDir {
    let strike = "The dockers of Halden stopped work on Monday, and no ship has been unloaded since. The harbour was \
        silent when the first shift should have begun, said the harbour master, who counted eleven ships at anchor. \
        Grain for the mills upriver is stored on two of them, and the mills have flour for nine days.\n\n\
        Subscribe to our newsletter\n\n\
        ## The dispute\n\nThe union wants a shorter week for the same pay. The port company offered a bonus instead, \
        which the union refused on Friday after a vote of its members. Talks go on at the town hall.\n\n\
        ### The vote\n\nOf 412 dockers 390 voted against the offer of the company. Counting took an hour.\n";
    let dir = TestDir::new();
    let facts = |title: &str, more: &str| format!("---\ntitle: {title}\n{more}---\n\n");
    let more = "author: Mara Lindqvist\ndate: 2023-09-12\nsource: Halden Courier\nsection: Economy\n\
        url: https://courier.example/strike\ntags: [harbour, labour]\nlang: en\n";
    dir.write("news/strike.md", facts("Dockers walk out", more) + strike);
    let reprint = strike.replace("said the harbour master", "said the master of the harbour");
    dir.write(
        "news/wire/port.md",
        facts("Port of Halden silent", "date: 2023-09-13\nsource: Hill Gazette\n") + &reprint,
    );
    let tram =
        "The tram will climb the hill from next spring on, the council of the town decided with one vote more.\n";
    for name in ["news/tram.md", "news/wire/tram.md"] {
        dir.write(name, facts("Tram plan", "date: 2022-05\n") + tram);
    }
    dir.write(
        "news/hafen.txt",
        "Streik im Hafen von Halden\nVon Mara Lindqvist\n12. September 2023\n\nHALDEN (hk) - Die Hafenarbeiter haben am \
         Montag die Arbeit niedergelegt, und seitdem ist kein Schiff entladen worden. Die Mühlen haben noch Mehl für \
         neun Tage.\n\nDer Streit\n\nDie Gewerkschaft fordert eine kürzere Woche bei gleichem Lohn. Die \
         Hafengesellschaft bietet eine Prämie an, welche die Gewerkschaft am Freitag abgelehnt hat.\n\n\
         © 2023 Haldener Kurier. Alle Rechte vorbehalten.\n",
    );
    dir.write(
        "news/kobe.txt",
        "港の労働者がストライキ\n\n港の労働者は月曜日に仕事を止めた。船は一隻も荷を降ろしていない。組合は賃金の引き上げを求めている。\n",
    );
    let records = [
        r#"{"id": "fr-1", "title": "Grève au port", "author": "Jeanne Morel", "date": "2023-09-12T08:00:00Z", "lang": "fr", "body": "Les dockers du port de Halden ont cessé le travail lundi. Aucun navire n’a été déchargé depuis, et les moulins ont de la farine pour neuf jours."}"#,
        r#"{"title": "Забастовка в порту", "body": "Докеры порта Халден прекратили работу в понедельник. С тех пор не разгружено ни одно судно, а муки на мельницах хватит на девять дней."}"#,
        r#"{"title": "Broken"#,
    ];
    dir.write("news/briefs.jsonl", records.join("\n"));
    dir.write("news/empty.txt", "");
    dir
}

/// What the binary printed, in a form that stays the same: objects over several lines, volatile values as zero.
struct Transcript {
    dir: TestDir,
    text: String,
}

impl Transcript {
    /// Runs a command and adds what it prints.
    fn run(&mut self, args: &[&str]) {
        let run = self.dir.run(args);
        let _ = writeln!(self.text, "$ crosshead {}", args.join(" "));
        let is_json = args.contains(&"--json");
        let folder = self.dir.path("").canonicalize().expect("a folder").display().to_string();
        let stdout = run.stdout.replace(&format!("{}/", folder.trim_end_matches('/')), "/…/");
        let shape = if is_json { shape_of(&run.stdout) } else { without_scores(&stdout) };
        let _ = writeln!(self.text, "{shape}exit code {}\n", run.code);
    }

    /// The id of the article of the first hit of a query.
    fn id(&self, query: &str) -> String {
        let hits = self.dir.hits(&[query]);
        hits.first().and_then(|hit| hit["article"].as_str()).expect("a hit").to_string()
    }

    fn take(&mut self) -> String {
        std::mem::take(&mut self.text)
    }
}

fn shape_of(lines: &str) -> String {
    let mut out = String::new();
    for line in lines.lines() {
        let mut value: Value = serde_json::from_str(line).expect("a line of JSON");
        normalise("", &mut value);
        let _ = writeln!(out, "{}", serde_json::to_string_pretty(&value).expect("it was JSON before"));
    }
    out
}

/// Scores, weights and times become 0.0, sizes on disk 0; of absolute paths the last name is left.
fn normalise(name: &str, value: &mut Value) {
    const SIZES: [&str; 6] = ["index_bytes", "terms", "postings", "positions", "columns", "stored"];
    match value {
        Value::Number(number) if number.is_f64() => *value = 0.0.into(),
        Value::Number(_) if SIZES.contains(&name) => *value = 0.into(),
        Value::String(text) if Path::new(text).is_absolute() => {
            *text = format!("/…/{}", text.rsplit('/').next().unwrap_or(""));
        }
        Value::Array(values) => {
            values.iter_mut().for_each(|value| normalise(name, value));
            if name == "fields" {
                // They come by their sizes, which are not the same in every run.
                values.sort_by_key(|field| field["field"].to_string());
            }
        }
        Value::Object(values) => values.iter_mut().for_each(|(name, value)| normalise(name, value)),
        _ => {}
    }
}

/// Scores in CSV and TREC lines become zero.
fn without_scores(text: &str) -> String {
    let score = regex::Regex::new(r"([, ])\d+\.(\d{4}|\d{6})([, ])").expect("an expression");
    score.replace_all(text, "${1}0.0${3}").into_owned()
}

/// Compares `text` with a file of shapes, or makes it that file. Gives what to tell if they differ.
fn differ(name: &str, text: &str) -> Option<String> {
    let path = package().join("tests/it/data/shapes").join(name).with_extension("txt");
    if std::env::var_os("CROSSHEAD_UPDATE").is_some() {
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(&path, text).expect("written");
        return None;
    }
    let kept = fs::read_to_string(&path).unwrap_or_else(|error| format!("{error}\n"));
    let kept = kept.replace('\r', "");
    let at = kept.lines().zip(text.lines()).take_while(|(a, b)| a == b).count();
    let line = |text: &str| text.lines().nth(at).unwrap_or("(the end)").to_string();
    (kept != text).then(|| format!("{name}.txt:{}: expected {}\n   but it is {}", at + 1, line(&kept), line(text)))
}

/// Asserts that shapes are those that are kept.
fn compare(shapes: &[(&str, String)]) {
    let differing: Vec<String> = shapes.iter().filter_map(|(name, text)| differ(name, text)).collect();
    assert!(
        differing.is_empty(),
        "{}\n\nWhat programs read has changed. Fields may be added, but not changed or removed. If it was meant, run\n  \
         CROSSHEAD_UPDATE=1 cargo test --test it shapes\nand commit what it makes of tests/it/data/shapes.",
        differing.join("\n")
    );
}

#[test]
fn output_keeps_its_shape() {
    let mut transcript = Transcript { dir: fixture(), text: String::new() };
    let mut shapes: Vec<(&str, String)> = Vec::new();

    transcript.run(&["index", "--json", "news"]);
    transcript.run(&["index", "--json"]);
    shapes.push(("index", transcript.take()));

    transcript.run(&["search", "--json", "harbour strike"]);
    transcript.run(&["search", "--json", "--ungroup", "--explain", "--sort", "path", "heading:dispute union"]);
    transcript.run(&["search", "--json", "is:boilerplate"]);
    transcript.run(&["search", "--json", "--sort", "path", "record:* OR path:kobe"]);
    transcript.run(&["search", "--json", "nothing-of-the-kind"]);
    transcript.dir.write("queries.txt", "q1\ttram\nGrève\n");
    transcript.run(&["search", "--json", "--queries", "queries.txt"]);
    shapes.push(("search", transcript.take()));

    for (name, format) in [("csv", "csv"), ("trec", "trec"), ("paths", "paths")] {
        transcript.run(&["search", "--format", format, "--sort", "path", "harbour OR Grève OR title:tram"]);
        transcript.run(&["search", "--format", format, "--queries", "queries.txt"]);
        shapes.push((name, transcript.take()));
    }
    transcript.run(&["search", "--count", "union"]);
    transcript.run(&["search", "--facet", "source", "union"]);
    shapes.push(("counts", transcript.take()));

    transcript.run(&["search", "--json", "\"harbour"]);
    transcript.run(&["search", "--json", "titel:harbour"]);
    transcript.run(&["search", "--json", "--count", "harbour AND"]);
    transcript.run(&["headings", "--json", "(harbour"]);
    shapes.push(("query_errors", transcript.take()));

    let strike = transcript.id("path:strike");
    transcript.run(&["show", "--json", &strike]);
    transcript.run(&["show", "--json", &format!("{strike}.1")]);
    transcript.run(&["show", "--json", "--duplicates", &strike]);
    transcript.run(&["show", "--json", "--like", &strike]);
    let tram = transcript.id("title:tram");
    transcript.run(&["show", "--json", &tram]);
    let record = transcript.id("title:Grève");
    transcript.run(&["show", "--json", &record]);
    shapes.push(("show", transcript.take()));

    let files = ["news/strike.md", "news/hafen.txt", "news/briefs.jsonl"];
    transcript.run(&[["sections", "--json"].as_slice(), &files].concat());
    shapes.push(("sections", transcript.take()));
    transcript.run(&["sections", "--json", "--explain", "news/hafen.txt"]);
    shapes.push(("sections_explained", transcript.take()));

    transcript.run(&["headings", "--json"]);
    transcript.run(&["headings", "--json", "Gewerkschaft"]);
    shapes.push(("headings", transcript.take()));

    transcript.run(&["facets", "source,month", "harbour", "--json", "-n", "1"]);
    transcript.run(&["facets", "tag", "--json"]);
    transcript.run(&["timeline", "harbour OR tram", "--by", "month", "--json"]);
    transcript.run(&["timeline", "harbour", "--by", "year", "--per", "source", "-n", "1", "--json"]);
    transcript.run(&["kwic", "union", "--json", "-n", "2"]);
    transcript.run(&["collocates", "union", "--min-count", "2", "-n", "2", "--json"]);
    transcript.run(&["keywords", "union", "--min-count", "4", "-n", "2", "--json"]);
    transcript.run(&["names", "harbour", "--json", "-n", "2"]);
    shapes.push(("analysis", transcript.take()));

    transcript.run(&["folders", "--json"]);
    shapes.push(("folders", transcript.take()));
    transcript.run(&["stats", "--json"]);
    transcript.run(&["stats", "--json", "--fields"]);
    shapes.push(("stats", transcript.take()));
    transcript.run(&["save", "port", "harbour OR port"]);
    transcript.run(&["saved", "--json"]);
    shapes.push(("saved", transcript.take()));

    transcript.run(&["check", "--json"]);
    transcript.dir.write("news/new.txt", "New\n\nHerring was sold at the pier on Monday.\n");
    transcript.dir.write("news/kobe.txt", "Kobe\n\nOther words than before, in another language.\n");
    fs::remove_file(transcript.dir.path("news/hafen.txt")).expect("it was there");
    transcript.run(&["check", "--json"]);
    shapes.push(("check", transcript.take()));

    compare(&shapes);
}

/// A program reads stdout: each line of results that are not complete says so there, and no other line does.
#[test]
fn each_line_of_incomplete_results_says_so() {
    const LINES: &[&[&str]] = &[
        &["search", "--json"],
        &["search", "--json", "--count"],
        &["search", "--json", "--facet", "heading"],
        &["headings", "--json"],
    ];
    let dir = TestDir::new();
    // More matches of a distance than are kept of one text, in each of two articles.
    for (name, heading) in [("clock", "Noon"), ("uhr", "Mittag")] {
        dir.write(&format!("{name}.md"), format!("# Clock\n\n## {heading}\n\n{}\n", "tic tac toe ".repeat(160)));
    }
    dir.run(&["index", "."]).ends(0);
    for (query, degraded) in [("tic w/900 tac w/900 toe", Some("spans")), ("tic w/1 tac", None)] {
        for line in LINES {
            let run = dir.run(&[line, [query].as_slice()].concat());
            let objects = run.lines();
            assert!(!objects.is_empty(), "{}", run.told());
            for object in objects {
                assert_eq!(object.get("degraded").and_then(Value::as_str), degraded, "{}", run.what());
            }
        }
        dir.write("queries.txt", format!("q1\t{query}\n"));
        let run = dir.run(&["search", "--json", "--queries", "queries.txt"]);
        let said = run.lines().iter().filter(|hit| hit["query"] == "q1" && hit["degraded"].is_string()).count();
        assert_eq!(said > 0, degraded.is_some(), "{}", run.told());
    }
}

#[cfg(unix)]
#[test]
fn watch_keeps_its_shape() {
    let dir = TestDir::new();
    dir.write("news/a.txt", "A\n\nHerring was sold at the pier on Monday.\n");
    dir.run(&["index", "news"]).ends(0);
    let out = fs::File::create(dir.path("changes")).expect("made");
    let mut command = dir.command(&["watch", "--json"]);
    let mut watch = command.stdout(Stdio::from(out)).stderr(Stdio::null()).spawn().expect("started");
    std::thread::sleep(Duration::from_millis(700));
    let changes = || fs::read_to_string(dir.path("changes")).expect("it was made");
    // One change at a time, so that their order is known.
    let until = |lines: usize| {
        let started = Instant::now();
        while changes().lines().count() < lines && started.elapsed() < Duration::from_secs(20) {
            std::thread::sleep(Duration::from_millis(50));
        }
    };
    dir.write("news/b.txt", "B\n\nCod was sold at the pier on Monday.\n");
    until(1);
    dir.write("news/b.txt", "B\n\nCod was sold at the pier on Monday and on Tuesday.\n");
    until(2);
    dir.write("news/c.txt", "");
    until(3);
    fs::remove_file(dir.path("news/b.txt")).expect("it was there");
    until(4);
    watch.kill().expect("it runs until then");
    watch.wait().expect("it ended");
    compare(&[("watch", shape_of(&changes()))]);
}
