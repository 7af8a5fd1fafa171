//! Hostile articles: their control characters do not reach the terminal, and their cost is bounded.
//! `CROSSHEAD_HOSTILE=FOLDER` adds the articles of a folder.

use std::time::{Duration, Instant};

use crate::util::{Run, TestDir, paragraph};

/// Control sequences of terminals: clear screen, title, link, cursor, C1 controls, marks that reorder text, bell.
const ESCAPES: &str = "\u{1b}[2J\u{1b}]0;owned\u{7}\u{1b}]8;;http://evil.example\u{1b}\\click\u{1b}]8;;\u{1b}\\ \u{9b}31m\u{90}q\u{9c} \u{202e}txt.exe\u{202c} \u{2066}x\u{2069} \u{8}\u{8}\r over \u{c}\u{b}";

fn write_hostile(dir: &TestDir) {
    let herring = paragraph("Herring");
    dir.write(
        "news/escapes.txt",
        format!("Title {ESCAPES}\nBy Ada {ESCAPES} Quill\n\n{herring} {ESCAPES}\n\nHeading {ESCAPES}\n\n{herring}\n"),
    );
    dir.write(
        "news/escapes.md",
        format!("---\ntitle: \"T \\e[2J {}\"\nauthor: \"A\\u0007\"\nsource: \"S\\e]0;x\\a\"\n---\n# H {ESCAPES}\n\n{herring}\n", "x"),
    );
    dir.write(
        "news/page.html",
        format!("<html><head><title>T &#27;[2J</title><script>alert(1)</script></head><body><article><h1>Page &#155;31m</h1><p>{herring} <script>herring()</script><img src=x onerror=herring()> &#27;]0;x&#7; &#8238;</p><h2>Sub &#27;[1m</h2><p>{herring}</p></article></body></html>"),
    );
    dir.write(
        "news/headings.md",
        (0..10_000)
            .fold(String::from("# Many\n\n"), |text, i| text + &format!("## Heading {i}\n\nHerring number {i}.\n\n")),
    );
    dir.write("news/word.txt", "herring".repeat(700_000));
    dir.write("news/words.txt", "herring ".repeat(600_000));
    dir.write("news/marks.txt", format!("Marks\n\nHerring e{} and more.\n", "\u{301}".repeat(1_000_000)));
    dir.write("news/nested.html", format!("<html><body>{}<p>{herring}</p>", "<div><blockquote>".repeat(20_000)));
    dir.write("news/brackets.txt", format!("{}\n{herring}\n", "([{".repeat(200_000)));
    dir.write("news/lines.txt", "Herring\n".repeat(200_000));
    dir.write("news/deep.json", format!("{}{}", "[".repeat(100_000), "]".repeat(100_000)));
    dir.write("news/bomb.xml", "<?xml version=\"1.0\"?><!DOCTYPE lolz [<!ENTITY a \"herring\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\">]><nitf><body><body.content><p>&c;</p></body.content></body></nitf>");
    #[cfg(unix)]
    for name in ["new\nline.txt", "esc\u{1b}[31m.txt", "bidi\u{202e}txt.exe.txt", " blanks .txt", "-rf.txt"] {
        dir.write(&format!("news/{name}"), format!("Named {name:?}\n\n{herring}\n"));
    }
}

/// Asserts that the output has no control characters but line ends, tabs and, with `colour`, sequences for colours.
fn assert_harmless(run: &Run, colour: bool) {
    for (stream, text) in [("stdout", &run.stdout), ("stderr", &run.stderr)] {
        let mut rest = text.as_str();
        while let Some(at) = rest.find(|c: char| is_unsafe(c)) {
            let found = &rest[at..];
            let own = found.strip_prefix("\u{1b}[").and_then(|sequence| {
                let end = sequence.find(|c: char| !c.is_ascii_digit() && c != ';')?;
                sequence[end..].strip_prefix('m')
            });
            let excerpt: String = found.chars().take(40).collect();
            rest = own.filter(|_| colour).unwrap_or_else(|| panic!("{excerpt:?} on {stream} of {}", run.what()));
        }
    }
}

fn is_unsafe(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\t') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[test]
fn hostile_articles_are_printed_safely_and_in_bounded_time() {
    let dir = TestDir::new();
    write_hostile(&dir);
    let more = std::env::var("CROSSHEAD_HOSTILE").ok();
    let mut index = vec!["index", "-v", "news"];
    index.extend(more.as_deref());
    let started = Instant::now();
    let run = dir.run(&index);
    assert!(run.code == 0, "{}", run.told());
    assert!(more.is_some() || started.elapsed() < Duration::from_secs(60), "{:?}", started.elapsed());
    assert_harmless(&run, false);
    let files: Vec<String> = walkdir::WalkDir::new(dir.path("news"))
        .into_iter()
        .chain(more.iter().flat_map(walkdir::WalkDir::new))
        .flatten()
        .filter(|entry| entry.file_type().is_file())
        .filter_map(|entry| entry.path().to_str().map(str::to_string))
        .collect();
    for colour in ["never", "always"] {
        let ask = |args: &[&str]| {
            let all: Vec<&str> = args.iter().copied().chain(["--color", colour]).collect();
            let run = dir.run(&all);
            assert!((0..=2).contains(&run.code) && !run.stderr.contains("panicked"), "{}", run.told());
            // Paths go into a pipe as they are, for other programs.
            if !args.contains(&"paths") {
                assert_harmless(&run, colour == "always");
            }
            run
        };
        for query in ["herring", "named", "title", "\u{1b}[2Jherring", "\"talk of\" \u{202e}", "e\u{301}*"] {
            ask(&["search", "-n", "1000", "--per-article", "5", "--ungroup", query]);
            ask(&["search", "--explain", query]);
            ask(&["search", "--format", "paths", "-n", "1000", query]);
            ask(&["search", "--json", "-n", "1000", query]);
            ask(&["search", "--format", "csv", "-n", "1000", query]);
            ask(&["search", "--format", "trec", "-n", "1000", query]);
            ask(&["search", "--facet", "byline", query]);
        }
        ask(&["headings", "-n", "20000"]);
        ask(&["stats"]);
        ask(&["folders"]);
        ask(&["check"]).ends(0);
        for file in &files {
            ask(&["sections", file]);
            if file.len() % 4 == 0 {
                ask(&["sections", "--explain", file]);
            }
        }
    }
    let hits = dir.hits(&["herring"]);
    for hit in hits.iter().step_by(hits.len() / 60 + 1) {
        let id = hit["id"].as_str().expect("an id");
        assert_harmless(&dir.run(&["show", id]).ends(0), false);
        assert_harmless(&dir.run(&["show", "--duplicates", id]), false);
    }
}

/// The sizes that the documentation names. It takes minutes, so it is not run by default.
#[test]
#[ignore = "writes a file of 100 MB and one of a billion marks"]
fn huge_articles_need_bounded_memory() {
    let dir = TestDir::new();
    dir.write("news/word.txt", "herring".repeat((100 << 20) / 7));
    dir.write("news/words.txt", "herring ".repeat((100 << 20) / 8));
    dir.write("news/marks.txt", format!("Marks\n\nHerring e{}\n", "\u{301}".repeat(500_000_000)));
    for (most, skipped) in [("64M", 3), ("200M", 1)] {
        // The limit is on address space in kilobytes, which includes mapped files and stacks of threads.
        let limited = format!("ulimit -v 4000000; exec \"$0\" index -v --max-file {most} news");
        dir.run_shell(&limited).ends(0).says(&[&format!("{skipped} skipped"), "with --max-file"]);
        assert_harmless(&dir.run(&["search", "herring"]), false);
    }
    assert!(dir.run(&["search", "--count", "herring"]).stdout.ends_with("\t1\n"));
}
