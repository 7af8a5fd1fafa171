//! Every command of README.md and docs/ is run, and what the document shows of its output must be in the real one.
//!
//! A fenced block `console` is a session: lines after `$ ` are commands, the others what they print on stdout and stderr,
//! in order; a line `...` stands for any lines, `...` in a line for any text. The blocks of a document run in order, in a
//! fresh folder with a copy of `corpus/` and the program on PATH. Words after `console` say how the last command of the
//! block ends: `exit=1`, or `interrupt` for one that runs until Ctrl-C. The first column of a table headed `query` holds
//! queries that find something. Blocks `sh` are not run: they need the network or cargo. A block `rust` is part of an
//! example, which the tests compile.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::util::{TestDir, package};

/// Commands that may be in a block that is not run.
const NOT_RUN: &[&str] = &["cargo ", "git ", "crosshead serve "];

/// Folders that the published crate leaves out (`exclude` in Cargo.toml), where these tests run too.
const NOT_IN_THE_CRATE: &[&str] = &["docs/gallery", "packages"];

/// A fenced block of a document.
struct Block {
    /// The language.
    language: String,
    /// What follows it.
    mark: String,
    lines: Vec<String>,
    /// Line of the document at which it begins.
    number: usize,
}

/// A command, and the lines that the document shows of its output.
struct Shown {
    command: String,
    output: Vec<String>,
}

fn root() -> PathBuf {
    package()
}

fn documents() -> Vec<PathBuf> {
    let docs = fs::read_dir(root().join("docs")).expect("docs").flatten().map(|entry| entry.path());
    let mut all: Vec<PathBuf> = docs.filter(|path| path.extension().is_some_and(|ending| ending == "md")).collect();
    all.extend(["README.md", "CONTRIBUTING.md"].map(|name| root().join(name)));
    all.sort();
    assert!(all.len() >= 7, "{all:?}");
    all
}

fn blocks(text: &str) -> Vec<Block> {
    let mut out: Vec<Block> = Vec::new();
    let mut is_inside = false;
    for (i, line) in text.lines().enumerate() {
        match (line.strip_prefix("```"), is_inside) {
            (Some(info), false) => {
                let (language, mark) = info.split_once(' ').unwrap_or((info, ""));
                let (language, mark) = (language.to_string(), mark.to_string());
                out.push(Block { language, mark, lines: Vec::new(), number: i + 1 });
                is_inside = true;
            }
            (Some(_), true) => is_inside = false,
            (None, true) => out.last_mut().expect("it began").lines.push(line.to_string()),
            (None, false) => {}
        }
    }
    assert!(!is_inside, "a block is not closed");
    out
}

fn session(block: &Block) -> Vec<Shown> {
    let mut out: Vec<Shown> = Vec::new();
    for line in &block.lines {
        match line.strip_prefix("$ ") {
            Some(command) => out.push(Shown { command: command.to_string(), output: Vec::new() }),
            None => out.last_mut().expect("a command comes first").output.push(line.clone()),
        }
    }
    out
}

/// Is `line` what the document shows as `shown`? `...` stands for any text.
fn is_shown(shown: &str, line: &str) -> bool {
    let (shown, line) = (shown.trim_end(), line.trim_end());
    let Some((first, others)) = shown.split_once("...") else { return shown == line };
    let (between, last) = others.rsplit_once("...").unwrap_or(("", others));
    let Some(mut rest) = line.strip_prefix(first) else { return false };
    for part in between.split("...") {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

/// Every line that is shown must be in the output, in the same order.
fn compare(shown: &[String], output: &str, context: &str) {
    let mut lines = output.lines();
    for expected in shown.iter().filter(|line| !line.trim().is_empty() && line.trim() != "...") {
        let found = lines.any(|line| is_shown(expected, line));
        assert!(found, "{context}\nthe document shows\n{expected}\nwhich is not printed, or not here:\n{output}");
    }
}

/// A folder with the sample articles.
fn folder() -> TestDir {
    let dir = TestDir::new();
    let corpus = root().join("corpus");
    for entry in walkdir::WalkDir::new(&corpus).into_iter().flatten().filter(|entry| entry.file_type().is_file()) {
        let below = entry.path().strip_prefix(&corpus).expect("inside").to_string_lossy().into_owned();
        dir.write(&format!("corpus/{below}"), fs::read(entry.path()).expect("a sample"));
    }
    dir
}

/// The shell with a command, whose output comes in one stream, in the order in which it is written.
fn shell(dir: &TestDir, command: &str) -> Command {
    let program = Path::new(env!("CARGO_BIN_EXE_crosshead")).parent().expect("a folder");
    let mut shell = Command::new("sh");
    shell.current_dir(dir.path("")).args(["-c", &format!("exec 2>&1\n{command}")]).env_clear();
    // The documents are wider than the 80 columns of an unknown terminal.
    shell.env("COLUMNS", "100");
    shell.env("PATH", format!("{}:/usr/bin:/bin", program.display())).stdin(Stdio::null());
    shell
}

fn run(dir: &TestDir, shown: &Shown, code: i32, context: &str) {
    let output = shell(dir, &shown.command).output().expect("sh");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    assert_eq!(output.status.code(), Some(code), "{context}\n{text}");
    compare(&shown.output, &text, context);
}

/// Runs a command until all that is shown is printed, then sends what Ctrl-C sends.
fn run_until_interrupted(dir: &TestDir, shown: &Shown, context: &str) {
    const TIME: Duration = Duration::from_secs(60);
    let file = dir.path("output.txt");
    let mut child = shell(dir, &format!("exec {} > output.txt 2>&1", shown.command)).spawn().expect("sh");
    let started = Instant::now();
    let is_printed = || fs::read_to_string(&file).is_ok_and(|text| text.lines().count() >= shown.output.len());
    while !is_printed() && started.elapsed() < TIME {
        sleep(Duration::from_millis(20));
    }
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill");
    let ended = child.wait().expect("it ends");
    let text = fs::read_to_string(&file).expect("its output");
    fs::remove_file(&file).expect("removed");
    assert!(sent.success() && ended.code() == Some(0), "{context}: {ended}\n{text}");
    compare(&shown.output, &text, context);
}

fn run_block(dir: &TestDir, block: &Block, context: &str) {
    let code = block.mark.strip_prefix("exit=").map_or(0, |code| code.parse().expect("a status"));
    let session = session(block);
    for (i, shown) in session.iter().enumerate() {
        let context = format!("{context}: {}", shown.command);
        let is_last = i + 1 == session.len();
        match block.mark.as_str() {
            "interrupt" if is_last => run_until_interrupted(dir, shown, &context),
            _ => run(dir, shown, if is_last { code } else { 0 }, &context),
        }
    }
}

/// What is between backticks in the first cell of the rows of tables headed `query`.
fn queries(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut is_listed = false;
    for line in text.lines() {
        let escaped = line.replace("\\|", "\0");
        let Some(cell) = escaped.strip_prefix('|').and_then(|rest| rest.split('|').next()) else {
            is_listed = false;
            continue;
        };
        is_listed |= cell.trim() == "query";
        if is_listed {
            out.extend(cell.split('`').skip(1).step_by(2).map(|query| query.replace('\0', "|")));
        }
    }
    out
}

#[test]
fn commands_print_what_the_documents_show() {
    let mut commands = 0;
    for path in documents() {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).expect("a document");
        let dir = folder();
        for block in blocks(&text) {
            let context = format!("{name}:{}", block.number);
            match block.language.as_str() {
                "console" => run_block(&dir, &block, &context),
                "sh" => {
                    let not_run = |line: &&String| NOT_RUN.iter().any(|begin| line.starts_with(begin));
                    let other = block.lines.iter().find(|line| !not_run(line));
                    assert!(other.is_none(), "{context} is not run, so this belongs in a block `console`: {other:?}");
                }
                _ => {}
            }
            commands += session_length(&block);
        }
        for query in queries(&text) {
            dir.run(&["search", "--count", "--", &query]).ends(0);
        }
    }
    assert!(commands > 40, "{commands}");
}

fn session_length(block: &Block) -> usize {
    if block.language == "console" { session(block).len() } else { 0 }
}

/// The picture shows all that the command prints, blank lines aside.
#[test]
fn the_picture_is_of_real_output() {
    let picture = fs::read_to_string(root().join("docs/search.svg")).expect("the picture");
    let texts = picture.split("<text ").skip(1).filter_map(|text| text.split_once('>')?.1.split_once("</text>"));
    let lines: Vec<String> = texts.map(|(text, _)| without_tags(text)).collect();
    let dir = folder();
    dir.run(&["index", "corpus"]).ends(0);
    let command = lines[0].strip_prefix("$ ").expect("a command");
    let output = shell(&dir, command).output().expect("sh");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let printed: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    assert!(lines[1..].iter().eq(printed), "{text}");
}

fn without_tags(text: &str) -> String {
    let text: String =
        text.split('<').enumerate().map(|(i, part)| if i == 0 { part } else { after_tag(part) }).collect();
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

fn after_tag(part: &str) -> &str {
    part.split_once('>').map_or("", |(_, after)| after)
}

#[test]
fn rust_in_the_documents_is_part_of_an_example() {
    let trimmed = |text: &str| text.lines().map(|line| format!("\n{}", line.trim())).collect::<String>() + "\n";
    let examples = fs::read_dir(root().join("examples")).expect("examples").flatten();
    let examples: Vec<String> =
        examples.map(|entry| trimmed(&fs::read_to_string(entry.path()).expect("an example"))).collect();
    let mut count = 0;
    for path in documents() {
        for block in blocks(&fs::read_to_string(&path).expect("a document")) {
            if block.language == "rust" {
                let code = trimmed(&block.lines.join("\n"));
                let is_there = examples.iter().any(|example| example.contains(&code));
                assert!(is_there, "{}:{} is in no example", path.display(), block.number);
                count += 1;
            }
        }
    }
    assert!(count >= 3);
}

#[test]
fn links_lead_somewhere() {
    for path in documents().into_iter().chain(["CHANGELOG.md", "ARCHITECTURE.md"].map(|name| root().join(name))) {
        let text = fs::read_to_string(&path).expect("a document");
        for link in text.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(link, _)| link) {
            if link.starts_with("https://") {
                continue;
            }
            let (file, heading) = link.split_once('#').unwrap_or((link, ""));
            let target = if file.is_empty() { path.clone() } else { path.parent().expect("a folder").join(file) };
            if is_left_out(&target) {
                continue;
            }
            assert!(target.exists(), "{}: {link}", path.display());
            if !heading.is_empty() {
                let there =
                    fs::read_to_string(&target).expect("a document").lines().any(|line| anchor(line) == heading);
                assert!(there, "{}: {link}", path.display());
            }
        }
    }
}

/// Is a file in a folder that this copy of the sources has not got, being the published crate?
fn is_left_out(target: &Path) -> bool {
    NOT_IN_THE_CRATE.iter().map(|name| root().join(name)).any(|out| target.starts_with(&out) && !out.exists())
}

/// The name by which a heading is linked to, as GitHub makes it.
fn anchor(line: &str) -> String {
    let heading = line.trim_start_matches('#').trim().to_lowercase();
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    if line.starts_with('#') { kept.map(|c| if c == ' ' { '-' } else { c }).collect() } else { String::new() }
}

#[test]
fn every_field_of_json_is_documented() {
    let output = fs::read_to_string(root().join("docs/OUTPUT.md")).expect("the document");
    let dir = folder();
    dir.run(&["index", "corpus"]).ends(0);
    dir.write("queries.txt", "q1\tharbour strike\n");
    for args in [
        &["search", "--json", "--explain", "--queries", "queries.txt"][..],
        &["show", "--json", "9h6d533s4jst2"],
        &["sections", "--json", "--explain", "corpus/tight/harbour-strike.txt"],
        &["stats", "--json", "--fields"],
        &["index", "--json"],
        &["check", "--json"],
        &["folders", "--json"],
        &["headings", "--json"],
        &["names", "--json", "strike", "--against"],
    ] {
        for line in dir.run(args).ends(0).lines() {
            for field in line.as_object().expect("an object").keys() {
                let mut words = output.split(|c: char| !c.is_alphanumeric() && c != '_');
                assert!(words.any(|word| word == field), "{args:?} prints {field}");
            }
        }
    }
}
