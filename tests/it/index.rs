//! Keeping an index up to date with its folders.

use std::fs;
use std::time::{Duration, SystemTime};

use serde_json::Value;

use crate::util::{TestDir, package, paragraph};

fn report(dir: &TestDir, args: &[&str]) -> Value {
    let all: Vec<&str> = ["index", "--json"].iter().chain(args).copied().collect();
    dir.run(&all).ends(0).lines().pop().expect("a report")
}

fn counts(report: &Value) -> [u64; 4] {
    ["added", "changed", "removed", "unchanged"].map(|key| report[key].as_u64().expect("a count"))
}

/// Sets the time of a file to some seconds ago, so that a run trusts size and time.
fn age(dir: &TestDir, name: &str, seconds: u64) {
    let file = fs::File::options().write(true).open(dir.path(name)).expect("open");
    file.set_modified(SystemTime::now() - Duration::from_secs(seconds)).expect("time set");
}

fn sample() -> TestDir {
    let dir = TestDir::new();
    for (name, subject) in [("news/a.txt", "Herring"), ("news/sub/b.txt", "Mackerel"), ("news/c.md", "Halibut")] {
        dir.write(name, format!("{}\nMoney matters\n{1}\n{1}\n", paragraph(subject), paragraph("Money")));
        age(&dir, name, 100);
    }
    dir
}

/// Asserts that the index equals one that is built from scratch.
fn assert_equals_fresh(dir: &TestDir) {
    let dump = |index: &str| {
        let run = dir.run(&[
            "--index",
            index,
            "search",
            "--json",
            "-n",
            "1000",
            "--per-article",
            "1000",
            "--sort",
            "path",
            "title:* OR -title:*",
        ]);
        let mut lines: Vec<String> = run
            .lines()
            .iter()
            .map(|hit| format!("{} {} {} {} {}", hit["path"], hit["id"], hit["text"], hit["heading"], hit["start"]))
            .collect();
        lines.sort();
        let stats = dir.run(&["--index", index, "stats", "--json"]).ends(0).lines().remove(0);
        (
            lines,
            ["files", "skipped", "articles", "sections", "passages", "bytes", "languages"]
                .map(|key| stats[key].to_string()),
        )
    };
    dir.run(&["--index", "fresh", "index", "news"]).ends(0);
    assert_eq!(dump("index"), dump("fresh"));
    fs::remove_dir_all(dir.path("fresh")).expect("removed");
    dir.run(&["check"]).ends(0);
}

#[test]
fn added_changed_touched_moved_removed_and_restored_files() {
    let dir = sample();
    assert_eq!(counts(&report(&dir, &["news"])), [3, 0, 0, 0]);
    assert_eq!(counts(&report(&dir, &[])), [0, 0, 0, 3]);
    assert_equals_fresh(&dir);

    dir.write("news/a.txt", paragraph("Sturgeon"));
    age(&dir, "news/a.txt", 50);
    assert_eq!(counts(&report(&dir, &[])), [0, 1, 0, 2], "changed");
    assert!(dir.found("herring").is_empty());
    assert_eq!(dir.found("sturgeon"), ["news/a.txt 0"]);
    assert_equals_fresh(&dir);

    age(&dir, "news/a.txt", 40);
    assert_eq!(counts(&report(&dir, &[])), [0, 0, 0, 3], "touched");
    assert_equals_fresh(&dir);

    fs::rename(dir.path("news/sub/b.txt"), dir.path("news/moved.txt")).expect("renamed");
    assert_eq!(counts(&report(&dir, &[])), [1, 0, 1, 2], "moved");
    assert_eq!(dir.found("mackerel"), ["news/moved.txt 0"]);
    assert_equals_fresh(&dir);

    let kept = fs::read(dir.path("news/c.md")).expect("read");
    fs::remove_file(dir.path("news/c.md")).expect("removed");
    assert_eq!(counts(&report(&dir, &[])), [0, 0, 1, 2], "removed");
    assert!(dir.found("halibut").is_empty());
    assert_equals_fresh(&dir);

    dir.write("news/c.md", kept);
    age(&dir, "news/c.md", 100);
    assert_eq!(counts(&report(&dir, &[])), [1, 0, 0, 2], "restored");
    assert_eq!(dir.found("halibut"), ["news/c.md 0"]);
    assert_equals_fresh(&dir);
}

/// Generation of the last commit, by the name of its manifest.
fn generation(dir: &TestDir) -> String {
    let files = walkdir::WalkDir::new(dir.path("index")).into_iter().flatten();
    let names = files.map(|entry| entry.file_name().to_string_lossy().into_owned());
    names.filter(|name| name.starts_with("files-")).max_by_key(|name| (name.len(), name.clone())).expect("a manifest")
}

/// A file of the same size and time is read again if the system's own time of its change or its inode differs; it is
/// indexed again only if its bytes differ.
#[cfg(unix)]
#[test]
fn changes_of_same_size_and_time_are_found() {
    use std::os::unix::fs::PermissionsExt;
    type Edit = fn(&TestDir);
    let edits: [(&str, Edit, u64, &str); 4] = [
        ("rewritten", |dir| rewrite(dir, "news/a.txt", "Herring", "Lobster"), 1, "lobster"),
        (
            "replaced",
            |dir| {
                fs::copy(dir.path("news/a.txt"), dir.path("copy")).expect("copied");
                rewrite(dir, "copy", "Herring", "Scallop");
                let modified = modified(dir, "news/a.txt");
                fs::rename(dir.path("copy"), dir.path("news/a.txt")).expect("renamed");
                set_modified(dir, "news/a.txt", modified);
            },
            1,
            "scallop",
        ),
        (
            "its permissions changed",
            |dir| fs::set_permissions(dir.path("news/a.txt"), fs::Permissions::from_mode(0o600)).expect("set"),
            0,
            "herring",
        ),
        (
            "replaced by the same bytes",
            |dir| {
                let modified = modified(dir, "news/a.txt");
                fs::copy(dir.path("news/a.txt"), dir.path("copy")).expect("copied");
                fs::rename(dir.path("copy"), dir.path("news/a.txt")).expect("renamed");
                set_modified(dir, "news/a.txt", modified);
            },
            0,
            "herring",
        ),
    ];
    for (what, edit, changed, word) in edits {
        let dir = sample();
        report(&dir, &["news"]);
        let first = generation(&dir);
        assert_eq!(counts(&report(&dir, &[])), [0, 0, 0, 3], "{what}");
        assert_eq!(generation(&dir), first, "{what}: an idle run writes nothing");
        edit(&dir);
        assert_eq!(counts(&report(&dir, &[])), [0, changed, 0, 3 - changed], "{what}");
        let second = generation(&dir);
        assert_ne!(second, first, "{what}: what is known of the file is stored");
        assert_eq!(counts(&report(&dir, &[])), [0, 0, 0, 3], "{what}");
        assert_eq!(generation(&dir), second, "{what}: once");
        assert_eq!(dir.found(word), ["news/a.txt 0"], "{what}");
        dir.run(&["check"]).ends(0);
        assert_equals_fresh(&dir);
    }
}

#[cfg(unix)]
fn modified(dir: &TestDir, name: &str) -> SystemTime {
    fs::metadata(dir.path(name)).and_then(|metadata| metadata.modified()).expect("time")
}

#[cfg(unix)]
fn set_modified(dir: &TestDir, name: &str, time: SystemTime) {
    fs::File::options().write(true).open(dir.path(name)).expect("open").set_modified(time).expect("time set");
}

/// Replaces a word of a file by one of the same length, and keeps the file's time.
#[cfg(unix)]
fn rewrite(dir: &TestDir, name: &str, from: &str, to: &str) {
    let before = modified(dir, name);
    let text = fs::read_to_string(dir.path(name)).expect("text").replace(from, to);
    dir.write(name, text);
    set_modified(dir, name, before);
}

#[test]
fn a_change_within_the_resolution_of_the_clock_is_found() {
    let dir = TestDir::new();
    dir.write("news/a.txt", paragraph("Herring"));
    let modified = fs::metadata(dir.path("news/a.txt")).and_then(|metadata| metadata.modified()).expect("time");
    report(&dir, &["news"]);
    dir.write("news/a.txt", paragraph("Lobster"));
    fs::File::options()
        .write(true)
        .open(dir.path("news/a.txt"))
        .expect("open")
        .set_modified(modified)
        .expect("time set");
    assert_eq!(counts(&report(&dir, &[])), [0, 1, 0, 0]);
}

#[test]
fn several_folders_and_single_files() {
    let dir = sample();
    dir.write("other/d.txt", paragraph("Salmon"));
    dir.write("one.txt", paragraph("Eel"));
    report(&dir, &["news", "other/", "one.txt"]);
    assert_eq!(dir.found("salmon"), ["other/d.txt 0"]);
    assert_eq!(dir.found("eel"), ["one.txt 0"]);
    // A search can be limited to a folder.
    assert_eq!(dir.hits(&["monday", "other"]).len(), 1);
    assert_eq!(dir.hits(&["monday"]).len(), 7);
    // A folder in a followed one is part of it; a folder above a followed one replaces it.
    assert_eq!(counts(&report(&dir, &["news/sub"])), [0, 0, 0, 1]);
    report(&dir, &["."]);
    assert_eq!(dir.found("salmon"), ["./other/d.txt 0"]);
    assert_eq!(dir.found("mackerel"), ["./news/sub/b.txt 0"]);
    dir.run(&["check"]).ends(0);
}

#[test]
fn skipped_files_have_a_reason() {
    let dir = TestDir::new();
    dir.write("news/empty.txt", "");
    dir.write("news/picture.png", b"\x89PNG\r\n\x1a\n\0\0\0\0");
    dir.write("news/long.txt", "x".repeat(5_000));
    dir.write("news/bad.json", "{broken");
    dir.write("news/a.txt", paragraph("Herring"));
    dir.write("news/.hidden.txt", paragraph("Secret"));
    let report = report(&dir, &["news", "--max-file", "4K"]);
    let skipped: Vec<String> = report["skipped"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|skip| format!("{} {}", skip["path"], skip["reason"]))
        .collect();
    assert_eq!(skipped.len(), 4, "{skipped:?}");
    for reason in ["empty", "binary", "over the limit", "not valid JSON"] {
        assert!(skipped.iter().any(|skip| skip.contains(reason)), "{reason}: {skipped:?}");
    }
    dir.run(&["check"]).ends(0).says(&["5 files", "1 indexed", "4 skipped"]);
}

/// A run without an option does not take the files that one with it found for gone.
#[test]
fn a_folder_is_walked_as_it_was_before() {
    let dir = TestDir::new();
    for (path, of) in
        [("news/a.txt", "Herring"), ("news/.b.txt", "Secret"), ("other/c.txt", "Open"), ("other/.d.txt", "Veiled")]
    {
        dir.write(path, paragraph(of));
    }
    for number in 0..6 {
        dir.write(&format!("news/{number}.txt"), paragraph(&format!("Herring {number}")));
    }
    dir.run(&["index", "news", "other"]).ends(0);
    dir.run(&["search", "secret OR veiled"]).ends(1);
    dir.run(&["index", "--hidden", "news"]).ends(0);
    for run in [&["index"][..], &["index", "news"], &["index", "--rebuild"], &["index", "--rebuild", "other", "news"]] {
        dir.run(run).ends(0);
        assert_eq!(dir.run(&["search", "--count", "secret OR veiled"]).ends(0).stdout, "1\t1\t1\n", "{run:?}");
        dir.run(&["check"]).ends(0);
    }
    dir.run(&["search", "secret", "news"]).ends(0);
    let folders = dir.run(&["folders", "--json"]).lines();
    let mut hidden: Vec<String> =
        folders.iter().map(|folder| format!("{} {}", folder["name"], folder["hidden"])).collect();
    hidden.sort();
    assert_eq!(hidden, [r#""news" true"#, r#""other" false"#]);
    // A folder around it is walked as it was.
    dir.run(&["index", "."]).ends(0);
    dir.run(&["search", "secret"]).ends(0);
    dir.run(&["search", "veiled"]).ends(0);
}

/// The folders of an index of another format are known, so that it can be built again without naming them.
#[test]
fn an_index_of_another_format_is_built_again() {
    let dir = sample();
    report(&dir, &["news", "--hidden"]);
    let marker = dir.path("index/crosshead.json");
    let text = fs::read_to_string(&marker).expect("a marker");
    let other = text.replace("\"format\":15", "\"format\":14");
    assert_ne!(other, text);
    fs::write(&marker, other).expect("written");
    dir.run(&["search", "herring"]).ends(2).says(&["format 14", "format 15", "index --rebuild"]);
    dir.run(&["index", "--rebuild"]).ends(0);
    dir.run(&["search", "herring"]).ends(0);
    assert_eq!(dir.run(&["folders", "--json"]).lines()[0]["hidden"], true);
}

#[test]
fn articles_of_a_missing_folder_are_kept() {
    let dir = sample();
    report(&dir, &["news"]);
    fs::rename(dir.path("news"), dir.path("elsewhere")).expect("renamed");
    dir.run(&["index"]).ends(2).says(&["news", "not there", "kept"]);
    assert_eq!(dir.found("herring"), ["news/a.txt 0"]);
}

#[test]
fn records_are_articles() {
    let dir = TestDir::new();
    let line = |id: &str, subject: &str| {
        format!(
            "{{\"id\":\"{id}\",\"title\":\"On {subject}\",\"text\":\"{}\",\"date\":\"2023-09-12\"}}\n",
            paragraph(subject)
        )
    };
    dir.write("news/a.jsonl", format!("{}{}broken\n", line("x1", "Herring"), line("x2", "Lobster")));
    report(&dir, &["news"]);
    let hits = dir.hits(&["lobster"]);
    assert_eq!(hits[0]["record"], "x2");
    assert_eq!(hits[0]["start"], Value::Null);
    assert_eq!(hits[0]["published"], "2023-09-12");
    let trec = dir.run(&["search", "--format", "trec", "lobster"]).ends(0).stdout;
    assert!(trec.starts_with("1 Q0 x2 1 "), "{trec}");
    dir.write("news/a.jsonl", line("x1", "Herring"));
    report(&dir, &["news"]);
    assert!(dir.found("lobster").is_empty());
    assert_eq!(dir.found("title:herring").len(), 1);
}

#[test]
fn only_changed_records_of_a_file_are_replaced() {
    let dir = TestDir::new();
    let line = |id: &str, text: &str| format!("{{\"id\":\"{id}\",\"title\":\"Story {id}\",\"text\":\"{text}\"}}\n");
    let [kept, old, new, gone] = ["Dockers walked out.", "Ferries sail again.", "Ferries stay in port.", "Rain."];
    dir.write("news/a.jsonl", line("a", kept) + &line("b", old) + &line("c", gone));
    dir.run(&["index", "news"]).ends(0);
    let of = |query: &str| -> Vec<String> {
        dir.hits(&[query]).iter().map(|hit| hit["record"].as_str().unwrap_or_default().to_string()).collect()
    };
    assert_eq!((of("dockers"), of("ferries"), of("rain")), (vec!["a".into()], vec!["b".into()], vec!["c".into()]));
    // One is unchanged, one differs, one is removed, two are new and have the same id.
    dir.write("news/a.jsonl", line("d", "Snow.") + &line("a", kept) + &line("b", new) + &line("d", "More snow."));
    dir.run(&["index", "news"]).ends(0);
    assert_eq!((of("dockers"), of("\"sail again\"").len(), of("rain").len()), (vec!["a".into()], 0, 0));
    assert_eq!((of("\"stay in port\"").len(), of("snow").len()), (1, 2));
    // With the same id twice both are replaced, also if only one changed.
    dir.write("news/a.jsonl", line("d", "Snow.") + &line("d", "Much snow."));
    dir.run(&["index", "news"]).ends(0);
    assert_eq!((of("snow").len(), of("\"more snow\"").len(), of("dockers").len()), (2, 0, 0));
    dir.run(&["check"]).ends(0);
    let stats: serde_json::Value = serde_json::from_str(&dir.run(&["stats", "--json"]).stdout).expect("JSON");
    assert_eq!(stats["articles"], 2);
}

#[test]
fn records_of_folders_with_the_same_name_are_distinct() {
    let dir = TestDir::new();
    let lines = |words: &str| {
        let line = |id: u32| format!("{{\"id\":\"{id}\",\"text\":\"{words} number {id}.\"}}\n");
        line(1) + &line(2)
    };
    dir.write("one/news/a.jsonl", lines("Dockers"));
    dir.write("two/news/a.jsonl", lines("Ferries"));
    let index = dir.path("ix").to_string_lossy().into_owned();
    let run = |folder: &str| {
        let mut command = dir.command(&["--index", &index, "index", "news"]);
        assert!(command.current_dir(dir.path(folder)).status().expect("the binary runs").success());
    };
    run("one");
    run("two");
    dir.write("two/news/a.jsonl", lines("Lighters"));
    run("two");
    for (query, hits) in [("dockers", 2), ("ferries", 0), ("lighters", 2)] {
        assert_eq!(dir.hits(&["--index", &index, query]).len(), hits, "{query}");
    }
}

#[test]
fn rows_change_when_the_header_changes() {
    let dir = TestDir::new();
    let rows = "1,Alpha,The harbour is closed.\n2,Beta,The ferries sail.\n";
    dir.write("news/a.csv", format!("id,title,text\n{rows}"));
    dir.run(&["index", "news"]).ends(0);
    assert_eq!(dir.hits(&["title:alpha"]).len(), 1);
    dir.write("news/a.csv", format!("id,author,text\n{rows}"));
    dir.run(&["index", "news"]).ends(0);
    assert_eq!((dir.hits(&["title:alpha"]).len(), dir.hits(&["byline:alpha"]).len()), (0, 1));
}

#[test]
fn files_skipped_for_their_size_are_read_once_the_limit_is_raised() {
    let dir = TestDir::new();
    dir.write("news/long.txt", format!("{}\n", paragraph("Herring")).repeat(40));
    let file = std::fs::File::options().write(true).open(dir.path("news/long.txt")).expect("opened");
    file.set_modified(std::time::SystemTime::now() - std::time::Duration::from_secs(3_600)).expect("set");
    dir.run(&["index", "--max-file", "1K", "news"]).ends(0).says(&["1 skipped"]);
    dir.run(&["index", "--max-file", "2K", "news"]).ends(0).says(&["nothing changed", "1 skipped"]);
    dir.run(&["index", "news"]).ends(0).says(&["1 changed"]);
    assert!(!dir.found("herring").is_empty());
    dir.run(&["index", "news"]).ends(0).says(&["nothing changed"]);
}

/// The counting writer writes the same bytes as tantivy itself.
#[test]
fn both_writers_of_segments_write_the_same_bytes() {
    let dir = TestDir::new();
    let corpus = package().join("corpus");
    let corpus = corpus.to_str().expect("a path of text");
    // With one thread both write the articles in the same order.
    dir.run(&["index", "--index", "counted", "--threads", "1", corpus]).ends(0);
    dir.run(&["index", "--index", "plain", "--threads", "1", "--plain-segments", corpus]).ends(0);
    let files = |index: &str| -> std::collections::BTreeMap<String, Vec<u8>> {
        let mut files = std::collections::BTreeMap::new();
        for entry in walkdir::WalkDir::new(dir.path(index)).into_iter().flatten().filter(|entry| entry.path().is_file())
        {
            let name = entry.file_name().to_string_lossy().into_owned();
            // The names of a segment's files begin with its id. Other files contain times.
            if let Some((segment, kind)) = name.split_once('.')
                && segment.len() == 32
            {
                files.insert(kind.to_string(), fs::read(entry.path()).expect("readable"));
            }
        }
        files
    };
    let (counted, plain) = (files("counted"), files("plain"));
    let kinds: Vec<&String> = counted.keys().collect();
    assert!(counted.len() >= 6, "{kinds:?}");
    assert_eq!(kinds, plain.keys().collect::<Vec<_>>());
    for (kind, bytes) in &counted {
        // Columns include the time an article was added, which may differ by a second.
        assert!(kind == "fast" || Some(bytes) == plain.get(kind), "{kind}");
    }
}

/// A folder that is named before the one that holds it becomes part of that.
#[test]
fn an_inner_folder_named_first_is_part_of_the_outer_one() {
    let dir = TestDir::new();
    dir.write("news/a.txt", "Herring is back. The catch was the best in years, fishers say at the market.\n");
    dir.write("news/sub/b.txt", "Lobster is dear. The price doubled within a week, buyers say at the market.\n");
    dir.run(&["index", "news/sub"]).ends(0);
    dir.run(&["index", "news/sub", "news"]).ends(0);
    assert_eq!(dir.found("lobster"), ["news/sub/b.txt 0"]);
    assert_eq!(dir.found("herring"), ["news/a.txt 0"]);
    dir.run(&["check"]).ends(0);
    assert_eq!(dir.run(&["folders"]).ends(0).stdout.lines().count(), 1);
}
