//! The help and the manual pages.

use std::collections::BTreeSet;

use crate::util::{TestDir, package};

/// Names of the commands, from the list in the help.
fn commands(dir: &TestDir) -> Vec<String> {
    let help = dir.run(&["help"]).ends(0).stdout;
    let list = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    // Lines of a description that is wrapped are indented further.
    let names = list.filter(|line| !line.starts_with("    ")).filter_map(|line| line.split_whitespace().next());
    names.map(str::to_string).collect()
}

#[test]
fn examples_of_the_help_match_in_the_corpus() {
    let dir = TestDir::new();
    let corpus = package().join("corpus").to_string_lossy().into_owned();
    assert_eq!(dir.run(&["index", &corpus]).code, 0);
    for topic in ["query", "fields"] {
        let run = dir.run(&["help", topic]);
        assert_eq!(run.code, 0);
        let mut tried = 0;
        let is_example = |line: &&str| line.starts_with("  ") && !line.starts_with("   ") && !line.contains("id:ID");
        for line in run.stdout.lines().filter(is_example) {
            let example = line.trim_start().split("   ").next().expect("split yields one piece").trim();
            let found = dir.run(&["search", "-q", "--strict", example]);
            assert_eq!(found.code, 0, "{example}: {}{}", found.stdout, found.stderr);
            tried += 1;
        }
        assert!(tried >= 15, "{topic}");
    }
}

#[test]
fn help_is_at_most_80_columns_wide_and_grouped_by_headings() {
    let dir = TestDir::new();
    let commands = commands(&dir);
    assert!(commands.len() > 12, "{commands:?}");
    let known =
        ["Arguments:", "Query:", "Filters:", "Output:", "Index:", "Server:", "Walking:", "Engine:", "Global options:"];
    for command in &commands {
        let help = dir.run(&["help", command]).ends(0).stdout;
        assert_eq!(help, dir.run(&[command, "--help"]).ends(0).stdout, "{command}");
        let sections = help.lines().filter(|line| line.ends_with(':') && !line.starts_with(' '));
        for heading in sections.filter(|heading| !heading.starts_with("Example")) {
            assert!(known.contains(&heading), "{heading} of {command}");
        }
        assert!(help.contains("\nExample:\n") || help.contains("\nExamples:\n"), "no example: {help}");
        assert!(help.contains("Global options:") && help.contains("Print this help"), "{help}");
    }
    for topic in commands.iter().map(String::as_str).chain(["query", "fields"]) {
        let help = dir.run(&["help", topic]).ends(0).stdout;
        let longest = help.lines().max_by_key(|line| line.chars().count()).expect("lines");
        assert!(longest.chars().count() <= 80, "{topic}: {longest}");
    }
    assert!(
        dir.run(&["help"]).stdout.lines().chain(dir.run(&["-h"]).stdout.lines()).all(|line| line.chars().count() <= 80)
    );
    assert!(dir.run(&["--version"]).ends(0).stdout.starts_with("crosshead "));
    dir.run(&["help", "nothing"]).ends(2).says(&["no help on 'nothing'"]);
}

#[test]
fn each_command_has_a_manual_page_that_the_main_page_lists() {
    let dir = TestDir::new();
    let commands = commands(&dir);
    let main = dir.run(&["man"]).ends(0).stdout.replace("\\-", "-");
    for command in &commands {
        assert!(main.lines().any(|line| line == format!("crosshead-{command}(1)")), "{command}: {main}");
    }
    dir.run(&["man", "--dir", "share/man1"]).ends(0).says(&["manual pages written to 'share/man1'"]);
    let written = std::fs::read_dir(dir.path("share/man1")).expect("the folder");
    let written: BTreeSet<String> =
        written.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    let expected: BTreeSet<String> =
        commands.iter().map(|command| format!("crosshead-{command}.1")).chain(["crosshead.1".to_string()]).collect();
    assert_eq!(written, expected);
    for command in &commands {
        let page = dir.run(&["man", command]).ends(0).stdout;
        let path = dir.path(&format!("share/man1/crosshead-{command}.1"));
        assert_eq!(std::fs::read_to_string(path).expect("the page"), page, "{command}");
        assert!(page.contains(&format!(".TH crosshead-{command} 1 ")), "{page}");
        assert!(page.contains(&format!("\\fBcrosshead {command}\\fR")), "{page}");
        assert!(page.contains(".SH \"GLOBAL OPTIONS\"") && page.contains(".SH \"SEE ALSO\""), "{page}");
    }
    dir.run(&["man", "nothing"]).ends(2).says(&["no manual page on 'nothing'"]);
    dir.write("file", "x");
    dir.run(&["man", "--dir", "file"]).ends(2).says(&["cannot write manual pages to 'file'"]);
}
