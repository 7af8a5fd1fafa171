//! What a new user types, and what stands on the terminal: hints, the index of a folder above, paths, pages of hits,
//! reading around a hit.

use std::process::Stdio;

use crate::util::{Run, TestDir, paragraph};

/// A folder with an index of articles that mention the tram, of which two files are in `news/north`.
fn indexed() -> TestDir {
    let dir = TestDir::new();
    for (name, subject) in [
        ("news/south.txt", "The tram"),
        ("news/north/harbour.txt", "The tram strike"),
        ("news/north/été.txt", "A tram"),
    ] {
        dir.write(name, format!("{subject} in {name}\n\n{}\n", paragraph(subject)));
    }
    dir.run(&["index", "news"]).ends(0);
    dir
}

/// Runs the program in a folder below.
fn run_in(dir: &TestDir, folder: &str, args: &[&str], variables: &[(&str, &str)]) -> Run {
    let variables: String = variables.iter().map(|(name, value)| format!("{name}='{value}' ")).collect();
    let args: String = args.iter().map(|arg| format!(" '{arg}'")).collect();
    dir.run_shell(&format!("cd '{folder}' && {variables}\"$0\"{args}"))
}

/// What cannot be read is told as that, not as damage, which would have the index built again for nothing.
#[test]
#[cfg(unix)]
fn files_of_the_index_without_permission_are_not_called_damaged() {
    use std::os::unix::fs::PermissionsExt;
    let dir = TestDir::new();
    dir.write("news/a.txt", "Harbour strike\n\nThe dockers stopped work in Halden.\n");
    dir.run(&["index", "news"]).ends(0);
    let mut files: Vec<_> = std::fs::read_dir(dir.path("index"))
        .expect("the index")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.is_dir())
        .flat_map(|state| std::fs::read_dir(state).expect("a state"))
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.is_file())
        .collect();
    files.sort();
    for file in files {
        let as_before = std::fs::metadata(&file).expect("it is there").permissions();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o000)).expect("it is ours");
        // The superuser reads it all the same.
        if std::fs::read(&file).is_err() {
            for command in [&["search", "dockers"][..], &["stats"], &["index"]] {
                let run = dir.run(command);
                assert!(!run.stderr.contains("damaged"), "{}: {}", file.display(), run.told());
            }
        }
        std::fs::set_permissions(&file, as_before).expect("it is ours");
    }
}

#[test]
fn unquoted_queries_are_told_how_to_quote() {
    let dir = indexed();
    for (args, hint) in [
        (&["search", "tram", "strike"][..], r#"crosshead search "tram strike""#),
        (&["search", "grève", "du", "port"], r#"crosshead search "grève du port""#),
        (&["search", "tram", "strike", "news"], r#"crosshead search "tram strike" news"#),
        (&["search", "--json", "港口", "罢工"], r#"crosshead search "港口 罢工""#),
        (&["harbour strike"], r#"crosshead search "harbour strike""#),
        (&["ukraine", "psaki"], r#"crosshead search "ukraine psaki""#),
        (&["забастовка"], r#"crosshead search "забастовка""#),
    ] {
        let run = dir.run(args).ends(2).says(&["error: ", hint]);
        assert_eq!(run.stdout, "", "{}", run.told());
    }
    // A slip of the pen in a command, and a path that is missing, are what they look like.
    dir.run(&["serch", "tram"]).ends(2).says(&["'search'"]);
    dir.run(&["search", "tram", "news/wst"]).ends(2).says(&["no folder or file 'news/wst'", "check the name"]);
}

#[test]
fn stars_name_what_lists_everything() {
    let dir = indexed();
    for query in ["*", "**", " * "] {
        dir.run(&["search", query]).ends(2).says(&["hint: ", "words:>=0"]);
    }
    let all = dir.run(&["search", "--all", "--format", "paths", "words:>=0", "--sort", "newest"]).ends(0);
    assert_eq!(all.stdout.lines().count(), 3, "{}", all.told());
}

#[test]
fn index_of_a_folder_above_is_used() {
    let dir = indexed();
    std::fs::create_dir_all(dir.path("news/north/index")).expect("a folder that holds no index");
    for (folder, args, code) in [
        ("news", &["search", "strike"][..], 0),
        ("news/north", &["search", "strike"], 0),
        ("news/north", &["headings"], 0),
        ("news/north", &["stats"], 0),
        ("news/north", &["--index", "index", "search", "strike"], 2),
    ] {
        run_in(&dir, folder, args, &[]).ends(code);
    }
    run_in(&dir, "news", &["search", "strike"], &[("CROSSHEAD_INDEX", "elsewhere")]).ends(2).says(&["'elsewhere'"]);
    // What is written is told where.
    dir.write("more/a.txt", paragraph("The ferry"));
    run_in(&dir, "more", &["index", "."], &[]).ends(0).says(&["/index' holds 4 articles"]);
    assert!(!dir.path("more/index").exists());
    let other = TestDir::new();
    other.run(&["stats"]).ends(2).says(&["no index at 'index'", "folder above", "crosshead index FOLDER"]);
}

#[test]
fn paths_of_hits_open_from_the_current_folder() {
    let dir = indexed();
    let root = dir.path("").canonicalize().expect("the folder");
    for (folder, expected) in [
        (".", "news/north/harbour.txt:".to_string()),
        ("news", "north/harbour.txt:".to_string()),
        ("news/north", "harbour.txt:".to_string()),
        ("index", format!("{}/news/north/harbour.txt:", root.display())),
    ] {
        let index = root.join("index").display().to_string();
        let run = run_in(&dir, folder, &["--index", &index, "search", "strike"], &[]).ends(0);
        let line = run.stdout.lines().find(|line| line.contains("harbour.txt:")).expect("a path");
        assert!(line.trim_start().starts_with(&expected), "{folder}: {}", run.told());
        // Programs get the path as it is stored.
        let json = run_in(&dir, folder, &["--index", &index, "search", "--json", "strike"], &[]).lines();
        assert_eq!(json[0]["path"], "news/north/harbour.txt");
    }
}

#[test]
fn a_page_of_hits_says_which_it_is() {
    let dir = TestDir::new();
    for i in 0..25 {
        dir.write(
            &format!("news/{i}.txt"),
            format!("Tram number {i}\n\n{}\n", paragraph(&format!("Tram line {i} of town {i}"))),
        );
    }
    dir.run(&["index", "news"]).ends(0);
    let all = ["--ungroup", "--sort", "path"];
    for (args, line) in [
        (&["search", "tram"][..], "1-10 of 25; next: --page 2; everything: --all"),
        (&["search", "tram", "--page", "2"], "11-20 of 25; next: --page 3"),
        (&["search", "tram", "--page", "3"], "21-25 of 25"),
        (&["search", "tram", "--page", "25", "-n", "1"], "passage 25 of 25"),
        (&["search", "tram", "--offset", "3", "-n", "7"], "4-10 of 25; next: --offset 10"),
    ] {
        dir.run(&[args, &all].concat()).ends(0).says(&[line]);
    }
    for args in [["--page", "5", "-n", "5"], ["--page", "25", "-n", "1"]] {
        let run = dir.run(&[&["search", "tram"][..], &args, &all].concat()).ends(0);
        assert!(!run.stderr.contains("next:"), "{}", run.told());
    }
    let run = dir.run(&["search", "tram", "-n", "25", "--ungroup"]).ends(0);
    assert!(!run.stderr.contains("-25 of"), "{}", run.told());
    let pages: String = ["1", "2", "3"]
        .map(|page| dir.run(&[&["search", "tram", "--format", "paths", "--page", page], &all[..]].concat()).stdout)
        .concat();
    assert_eq!(pages, dir.run(&["search", "tram", "--format", "paths", "--all", "--sort", "path"]).stdout);
    assert_eq!(pages.lines().count(), 25);
    dir.run(&["search", "tram", "--page", "9", "--strict"]).ends(1).says(&["no hit after the first 80"]);
    dir.run(&["search", "tram", "--page", "0"]).ends(2);
    dir.run(&["search", "tram", "--all", "-n", "5"]).ends(2);
}

#[test]
fn all_hits_include_those_that_defaults_leave_out() {
    let dir = TestDir::new();
    let parts: Vec<String> = (0..9).map(|i| format!("## Part {i}\n\n{}", paragraph(&format!("Tram {i}")))).collect();
    dir.write("news/long.md", format!("# The tram\n\n{}\n", parts.join("\n\n")));
    dir.run(&["index", "news"]).ends(0);
    let run = dir.run(&["search", "tram"]).ends(0).says(&["1-3 of 9", "--all"]);
    assert_eq!(run.stdout.matches("long.md:").count(), 3, "{}", run.told());
    assert_eq!(dir.run(&["search", "--all", "--json", "tram"]).ends(0).lines().len(), 9);
    let counted = dir.run(&["search", "--count", "tram"]).stdout;
    assert!(counted.starts_with("9\t"), "{counted}");
}

#[test]
fn a_hit_is_read_with_what_is_around_it() {
    let dir = TestDir::new();
    let parts: Vec<String> =
        (0..6).map(|i| format!("## Part {i}\n\n{}", paragraph(&format!("Stop{i} of the tram")))).collect();
    dir.write("news/a.md", format!("# The line\n\n{}\n", parts.join("\n\n")));
    dir.run(&["index", "news"]).ends(0);
    let hit = &dir.hits(&["Stop3"])[0];
    let (id, article) = (hit["id"].as_str().expect("an id"), hit["article"].as_str().expect("an id"));
    for (context, stops) in [
        ("0", &["3"][..]),
        ("1", &["2", "3", "4"]),
        ("2", &["1", "2", "3", "4", "5"]),
        ("99", &["0", "1", "2", "3", "4", "5"]),
    ] {
        let shown = dir.run(&["show", id, "--context", context]).ends(0).stdout;
        let found: Vec<&str> =
            ["0", "1", "2", "3", "4", "5"].into_iter().filter(|i| shown.contains(&format!("Stop{i}"))).collect();
        assert_eq!(found, stops, "{shown}");
    }
    dir.run(&["show", article, "--context", "1"]).ends(2).says(&["--context needs the id of a passage"]);
    // What matched is marked: the form of the word, and only where the query holds.
    let marked = dir.run(&["show", article, "--query", "trams Stop4", "--color", "always"]).ends(0).stdout;
    let marks: Vec<&str> =
        marked.split("\x1b[1m\x1b[31m").skip(1).map(|part| part.split('\x1b').next().expect("a part")).collect();
    assert!(marks.contains(&"Stop4") && marks.contains(&"tram"), "{marks:?}");
    assert!(marks.iter().all(|mark| ["Stop4", "tram"].contains(mark)), "{marks:?}");
    let marked = dir.run(&["show", article, "--query", "\"tram was\" Stop4", "--color", "always"]).ends(0).stdout;
    assert!(marked.matches("\x1b[31m").count() >= 2 && marked.matches("31mStop").count() == 1, "{marked:?}");
    dir.run(&["show", article, "--query", "zeppelin"]).ends(0).says(&["nothing in this article matches"]);
    dir.run(&["show", article, "--query", "heading:("]).ends(2);
    // In a pipe there is no pager.
    let mut command = dir.command(&["show", article]);
    command.env("PAGER", "/nonexistent").stdout(Stdio::piped()).stderr(Stdio::piped());
    assert!(command.output().expect("it runs").status.success());
}

#[test]
fn markdown_is_shown_as_it_is_read() {
    let dir = TestDir::new();
    let text = "The **harbour** [strike](https://halden.example/strike_a) goes on[^1], Fish &amp; Co say, in the _second_ week.";
    dir.write("news/a.md", format!("---\ntitle: A\nsource_url: https://halden.example/a\n---\n\n{text}\n"));
    dir.write(
        "news/b.txt",
        "Stars\n\nThe **zeppelin** is written with stars &amp; in bare text, which nobody would change at all.\n",
    );
    dir.run(&["index", "news"]).ends(0);
    let read = "The harbour strike goes on, Fish & Co say, in the second week.";
    let hit = &dir.hits(&["strike"])[0];
    assert_eq!(hit["url"], "https://halden.example/a");
    assert!(hit["text"].as_str().expect("a text").contains("**harbour**"), "{hit}");
    let id = hit["id"].as_str().expect("an id");
    for args in [&["search", "strike", "--format", "csv"][..], &["show", id]] {
        let run = dir.run(args).ends(0);
        assert!(run.stdout.contains(read), "{}", run.told());
    }
    let page = dir.run(&["search", "strike", "--color", "always"]).ends(0).stdout;
    assert!(page.contains("\x1b[31mstrike\x1b[0m goes on, Fish & Co"), "{page:?}");
    let bare = dir.run(&["search", "zeppelin", "--format", "csv"]).ends(0).stdout;
    assert!(bare.contains("**zeppelin** is written with stars &amp; in"), "{bare}");
}

#[test]
fn pages_in_a_pipe_are_80_columns_wide_without_colours() {
    let dir = TestDir::new();
    let name = "news/a-folder-with-a-long-name/and-another-one-below-it/an-article-about-the-harbour-strike.txt";
    dir.write(name, format!("The harbour strike\n\n{} See https://halden.example/archive/2023/09/12/the-harbour-strike-and-what-it-costs.\n", paragraph("The strike")));
    dir.run(&["index", "news"]).ends(0);
    let run = dir.run(&["search", "strike", "--snippet", "900"]).ends(0);
    assert!(!run.stdout.contains('\x1b'), "{}", run.told());
    for line in run.stdout.lines().filter(|line| !line.contains(".txt:") && !line.contains("https:")) {
        assert!(line.chars().count() <= 80, "{line}");
    }
    assert!(run.stdout.contains(&format!("    {name}:")), "{}", run.told());
    assert!(
        run.stdout.contains("https://halden.example/archive/2023/09/12/the-harbour-strike-and-what-it-costs"),
        "{}",
        run.told()
    );
    let colours = |variables: &[(&str, &str)], color: &str| {
        run_in(&dir, ".", &["search", "strike", "--color", color], variables).ends(0).stdout.contains("\x1b[")
    };
    assert!(colours(&[("NO_COLOR", "1")], "always"));
    assert!(!colours(&[("TERM", "xterm")], "auto"));
    assert!(!colours(&[], "never"));
}
