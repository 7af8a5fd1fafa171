//! Bad input: messages that name the cause and a way out, and the exit status.

use std::fs;

use crate::util::{TestDir, paragraph};

#[test]
fn no_index() {
    let dir = TestDir::new();
    for args in [&["search", "x"][..], &["check"], &["stats"], &["headings"], &["index"]] {
        dir.run(args).ends(2).says(&["no index at 'index'", "crosshead index FOLDER"]);
    }
}

#[test]
fn messages_name_the_cause() {
    let dir = TestDir::new();
    dir.write("news/a.txt", paragraph("Herring"));
    dir.write("full/other.dat", "x");
    dir.run(&["index", "news"]).ends(0);
    for (args, parts) in [
        (&["index", "nowhere"][..], &["'nowhere'", "check the name"][..]),
        (&["search", "x", "nowhere"], &["'nowhere'"]),
        (&["--index", "full", "index", "news"], &["'full'", "no index", "--index"]),
        (&["search", "   "], &["no word to search for"]),
        (&["search", "oil AND \"open"], &["error[open-quote]", "^"]),
        (&["search", "--since", "09/10/2023", "x"], &["--since", "day/month"]),
        (&["search", "--since", "2024", "--until", "2023", "x"], &["swap them"]),
        (&["search", "--queries", "missing.tsv"], &["missing.tsv"]),
        (&["sections", "missing.txt"], &["missing.txt: cannot be read"]),
    ] {
        dir.run(args).ends(2).says(parts);
    }
    let error = dir.run(&["search", "--json", "hedaing:x"]).ends(2).lines().remove(0);
    assert_eq!(
        (error["code"].as_str(), error["offset"].as_u64(), error["suggestion"].as_str()),
        (Some("unknown-field"), Some(0), Some("heading:x"))
    );
}

#[test]
fn no_hits_is_exit_status_1_with_advice() {
    let dir = TestDir::new();
    dir.write("news/a.txt", format!("{}\nLobster in detail\n{1}\n{1}\n", paragraph("Herring"), paragraph("Lobster")));
    dir.run(&["index", "news"]).ends(0);
    dir.run(&["search", "herring AND lobster"]).ends(1).says(&["nothing matches", "--unit article"]);
    let run = dir.run(&["search", "herring AND zebra source:courier"]).ends(1);
    let run = run.says(&["\"zebra\" is nowhere in the index", "source:courier matches nothing by itself"]);
    assert_eq!(run.stderr.matches("zebra").count(), 3, "twice in the query, once by itself: {}", run.stderr);
    dir.run(&["search", "--heading", "nope", "herring"]).ends(1).says(&["without --heading: 1 passage"]);
}

#[test]
fn another_version_is_refused() {
    let dir = TestDir::new();
    dir.write("news/a.txt", paragraph("Herring"));
    dir.run(&["index", "news"]).ends(0);
    dir.write("index/crosshead.json", "{\"format\":999,\"made_by\":\"crosshead 99\"}");
    dir.run(&["search", "herring"]).ends(2).says(&["format 999", "--rebuild"]);
    dir.run(&["index", "--rebuild", "news"]).ends(0);
    assert_eq!(dir.found("herring"), ["news/a.txt 0"]);
}

#[test]
fn damage_is_reported_and_rebuilt() {
    let dir = TestDir::new();
    dir.write("news/a.txt", paragraph("Herring"));
    dir.run(&["index", "news"]).ends(0);
    fs::write(dir.path("index/state-1/meta.json"), "{").expect("written");
    dir.run(&["search", "herring"]).ends(2).says(&["damaged", "--rebuild"]);
    dir.run(&["index", "--rebuild", "news"]).ends(0);
    assert_eq!(dir.found("herring"), ["news/a.txt 0"]);
}

#[cfg(unix)]
#[test]
fn names_need_not_be_utf8() {
    use std::os::unix::ffi::OsStrExt;
    let dir = TestDir::new();
    dir.write("news/a.txt", paragraph("Herring"));
    fs::write(dir.path("news").join(std::ffi::OsStr::from_bytes(b"caf\xe9.txt")), paragraph("Lobster"))
        .expect("written");
    dir.run(&["index", "news"]).ends(0);
    assert_eq!(dir.found("lobster"), ["news/caf\u{fffd}.txt 0"]);
    dir.run(&["check"]).ends(0);
    dir.run(&["index"]).ends(0).says(&["nothing changed"]);
    // Into a pipe the name goes as it is.
    let out = dir.command(&["search", "--format", "paths", "lobster"]).output().expect("it runs").stdout;
    assert_eq!(out, b"news/caf\xe9.txt\n");
}

#[cfg(unix)]
#[test]
fn links_and_loops_are_safe() {
    let dir = TestDir::new();
    dir.write("news/a.txt", paragraph("Herring"));
    std::os::unix::fs::symlink("..", dir.path("news/loop")).expect("linked");
    std::os::unix::fs::symlink("a.txt", dir.path("news/link.txt")).expect("linked");
    dir.run(&["index", "news"]).ends(0).says(&["2 skipped"]);
    dir.run(&["check"]).ends(0);
    dir.run(&["--index", "followed", "index", "--follow", "news"]).says(&["loop"]);
}

#[test]
fn a_long_line_is_read() {
    let dir = TestDir::new();
    dir.write("news/long.txt", "herring and lobster and cod ".repeat(100_000));
    dir.run(&["index", "news"]).ends(0);
    assert!(dir.hits(&["lobster"]).len() > 500);
}

#[test]
fn a_second_writer_is_refused_or_waits() {
    let dir = TestDir::new();
    dir.write("news/a.txt", paragraph("Herring"));
    dir.run(&["index", "news"]).ends(0);
    let lock = fs::File::create(dir.path("index/lock")).expect("the lock");
    lock.try_lock().expect("locked");
    fs::write(dir.path("index/lock"), "4711\n").expect("written");
    dir.write("news/b.txt", paragraph("Lobster"));
    dir.run(&["index"]).ends(2).says(&["process 4711 is writing", "'index'", "--wait"]);
    assert_eq!(dir.found("herring"), ["news/a.txt 0"], "readers are not blocked");
    let mut waiting = dir.command(&["index", "-q", "--wait"]).spawn().expect("started");
    std::thread::sleep(std::time::Duration::from_millis(300));
    assert!(waiting.try_wait().expect("asked").is_none(), "it waits");
    drop(lock);
    assert!(waiting.wait().expect("ended").success());
    assert_eq!(dir.found("lobster"), ["news/b.txt 0"]);
}
