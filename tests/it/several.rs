//! Several indexes that are searched as one: named by options, a list or the environment; folders with one name; what is
//! wrong with one of them; commits that are followed. That answers are those of one index is tested by the oracle.

use serde_json::Value;

use crate::util::{Run, TestDir, paragraph};

/// Two years, each indexed on a machine of its own, where the folder was called `articles`; one more under another name.
fn years() -> TestDir {
    let dir = TestDir::new();
    let story = |title: &str, text: &str| format!("# {title}\n\n{text}\n\n## The dispute\n\n{}\n", paragraph(title));
    dir.write("2022/articles/strike.md", story("The dockers' strike", "No ship was unloaded in Halden."));
    dir.write("2022/articles/grain.md", story("Obilí zdražilo", "Obilí v přístavu je o pětinu dražší."));
    dir.write("2023/articles/strike.md", story("Les dockers sont revenus", "Le port de Halden décharge les navires."));
    dir.write("2023/articles/deep/ferry.md", story("The ferry", "A ferry runs to Halden again."));
    dir.write("other/wire/fair.md", story("Die Messe", "Die Messe in Halden ist eröffnet."));
    for (year, folder) in [("2022", "articles"), ("2023", "articles"), ("other", "wire")] {
        dir.run_shell(&format!("cd {year} && \"$0\" index {folder} --quiet")).ends(0);
    }
    dir
}

const ALL: [&str; 6] = ["--index", "2022/index", "--index", "2023/index", "--index", "other/index"];

fn run(dir: &TestDir, args: &[&str]) -> Run {
    dir.run(&[&ALL[..], args].concat())
}

fn paths(run: &Run) -> Vec<String> {
    let mut paths: Vec<String> = run.stdout.lines().map(str::to_string).collect();
    paths.sort();
    paths
}

/// The paths of the articles that a query finds.
fn found(dir: &TestDir, query: &str) -> Vec<String> {
    paths(&run(dir, &["search", query, "--format", "paths", "--all"]))
}

#[test]
fn folders_with_one_name_are_told_apart() {
    let dir = years();
    for (query, expected) in [
        (
            "halden",
            &[
                "2022/index/articles/strike.md",
                "2023/index/articles/deep/ferry.md",
                "2023/index/articles/strike.md",
                "wire/fair.md",
            ][..],
        ),
        ("path:2022", &["2022/index/articles/grain.md", "2022/index/articles/strike.md"]),
        ("path:2023/index/articles/deep", &["2023/index/articles/deep/ferry.md"]),
        ("path=2023/index/articles/strike.md", &["2023/index/articles/strike.md"]),
        ("path=articles/strike.md", &[]),
        ("path~2022/index/articles/g", &["2022/index/articles/grain.md"]),
        ("path:/.*articles.s.*/", &["2022/index/articles/strike.md", "2023/index/articles/strike.md"]),
        ("path:strike", &["2022/index/articles/strike.md", "2023/index/articles/strike.md"]),
        ("path:wire", &["wire/fair.md"]),
        ("path:\"./2023/articles/deep\"", &["2023/index/articles/deep/ferry.md"]),
        ("NOT path:2022", &["2023/index/articles/deep/ferry.md", "2023/index/articles/strike.md", "wire/fair.md"]),
        (
            "path:*",
            &[
                "2022/index/articles/grain.md",
                "2022/index/articles/strike.md",
                "2023/index/articles/deep/ferry.md",
                "2023/index/articles/strike.md",
                "wire/fair.md",
            ],
        ),
    ] {
        assert_eq!(found(&dir, query), expected, "{query}");
    }
    let facets = run(&dir, &["facets", "folder", "--json"]).ends(0);
    let folders: Vec<(Value, Value)> =
        facets.lines().iter().map(|line| (line["folder"].clone(), line["articles"].clone())).collect();
    for (folder, articles) in
        [("2022/index/articles", 2), ("2023/index/articles", 1), ("2023/index/articles/deep", 1), ("wire", 1)]
    {
        assert!(folders.contains(&(folder.into(), articles.into())), "{folder}: {folders:?}");
        let condition = format!("folder={folder}");
        let kept = run(&dir, &["search", "words:>0", "--where", &condition, "--format", "paths", "--all"]);
        let expected = found(&dir, &format!("path~{folder}/"));
        assert_eq!(paths(&kept), expected, "{folder}");
    }
    // By path, as paths are shown.
    let sorted = run(&dir, &["search", "halden", "--sort", "path", "--format", "paths", "--all"]).ends(0);
    assert_eq!(sorted.stdout.lines().collect::<Vec<_>>(), found(&dir, "halden"));
    let lines = run(&dir, &["kwic", "halden", "--json"]).ends(0).lines();
    let of_lines: Vec<&str> = lines.iter().map(|line| line["path"].as_str().expect("a path")).collect();
    assert_eq!(of_lines, found(&dir, "halden"));
    // The file of an article is where it is.
    let hit = &run(&dir, &["search", "ferry", "--json"]).ends(0).lines()[0];
    assert!(hit["file"].as_str().expect("a path").ends_with("2023/articles/deep/ferry.md"), "{hit}");
    let id = hit["id"].as_str().expect("an id");
    assert!(run(&dir, &["show", id]).ends(0).stdout.contains("2023/articles/deep/ferry.md"));
}

/// A folder that was moved is shown, and found, under its new name, in one index as in several.
#[test]
fn moved_folders_are_found_by_the_name_that_is_shown() {
    let dir = years();
    std::fs::rename(dir.path("2022/articles"), dir.path("2022/old")).expect("renamed");
    dir.run_shell("cd 2022 && \"$0\" folders --move articles old").ends(0);
    for query in ["path:old", "path~old/", "path=old/strike.md OR path=old/grain.md"] {
        let one = dir.run(&["--index", "2022/index", "search", query, "--format", "paths", "--all"]).ends(0);
        assert_eq!(paths(&one), ["old/grain.md", "old/strike.md"], "{query}");
        assert_eq!(found(&dir, query), ["old/grain.md", "old/strike.md"], "{query}");
    }
    // Paths are stored as they were: articles of one order are still told apart.
    assert_eq!(found(&dir, "halden").len(), 4);
    assert!(found(&dir, "path~2023/").is_empty(), "nothing else is called `articles` now");
    assert_eq!(found(&dir, "path~articles/").len(), 2);
}

#[test]
fn reprints_are_grouped_across_indexes() {
    let dir = TestDir::new();
    let text = (0..30).map(|n| paragraph(&format!("Harbour master number {n}"))).collect::<Vec<_>>().join(" ");
    for (year, place) in [("2022", "Halden"), ("2023", "Moss"), ("2024", "Halden")] {
        let date = format!("{year}-05-01");
        dir.write(&format!("{year}/articles/a.md"), format!("---\ndate: {date}\n---\n# Report\n\n{text} {place}.\n"));
        dir.run_shell(&format!("cd {year} && \"$0\" index articles --quiet")).ends(0);
    }
    let named = ["--index", "2022/index", "--index", "2023/index", "--index", "2024/index"];
    let search = |query: &str| dir.run(&[&named[..], &["search", query, "--json"]].concat()).ends(0).lines();
    let hits = search("harbour");
    let mut reprints: Vec<&str> =
        hits[0]["duplicates"].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
    reprints.push(hits[0]["path"].as_str().expect("a path"));
    reprints.sort_unstable();
    assert_eq!(reprints, ["2022/index/articles/a.md", "2023/index/articles/a.md", "2024/index/articles/a.md"]);
    let originals = dir.run(&[&named[..], &["search", "is:original", "--format", "paths", "--all"]].concat());
    assert_eq!(paths(&originals), ["2022/index/articles/a.md"]);
}

#[test]
fn what_is_wrong_with_an_index_is_told_and_names_it() {
    let dir = years();
    std::fs::create_dir_all(dir.path("old")).expect("a folder");
    dir.write("old/crosshead.json", r#"{"format":3,"made_by":"crosshead 0.0","state":1}"#);
    dir.write("list.txt", "2022/index\n");
    for (other, says) in [
        ("nowhere", "no index at 'nowhere'"),
        ("2022/index", "named twice"),
        ("2022/../2022/index", "named twice"),
        ("@list.txt", "named twice"),
        ("old", "'old' has format 3"),
        ("@nowhere.txt", "the list of indexes 'nowhere.txt'"),
    ] {
        for command in
            [&["search", "halden"][..], &["stats"], &["facets", "folder"], &["serve", "--no-open", "--port", "0"]]
        {
            let args = [&["--index", "2022/index", "--index", other][..], command].concat();
            dir.run(&args).ends(2).says(&[says]);
        }
    }
    // Files that are cut short.
    let state = dir.path("2023/index/state-1");
    for entry in std::fs::read_dir(&state).expect("a folder").flatten() {
        if entry.path().extension().is_some_and(|extension| extension == "store" || extension == "fast") {
            std::fs::write(entry.path(), b"short").expect("written");
        }
    }
    let run = run(&dir, &["search", "halden"]).ends(2).says(&["2023/index"]);
    assert!(!run.stderr.contains("2022/index"), "{}", run.told());
}

#[test]
fn commands_that_write_take_one_index() {
    let dir = years();
    for command in [
        &["index"][..],
        &["index", "2022/articles"],
        &["search", "halden", "2022/articles"],
        &["watch"],
        &["folders"],
        &["save", "a", "halden"],
        &["saved", "--remove", "a"],
        &["check"],
        &["stats", "--fields"],
        &["serve", "--watch"],
        &["serve", "2022/articles"],
        &["serve", "--allow-save"],
    ] {
        run(&dir, command).ends(2).says(&["is for one index, and 3 are named", "--index"]);
    }
}

#[test]
fn indexes_are_named_in_every_way() {
    let dir = years();
    dir.write("lists/all.txt", "# all years\n\n../2022/index\n../2023/index\n  ../other/index\n");
    let expected = run(&dir, &["search", "halden"]).ends(0).stdout;
    for args in [
        &["--index", "2022/index", "search", "halden", "--index", "2023/index", "--index=other/index"][..],
        &["search", "halden", "--index", "2022/index", "--index", "2023/index", "--index", "other/index"],
        &["search", "halden", "--index", "@lists/all.txt"],
    ] {
        assert_eq!(dir.run(args).ends(0).stdout, expected, "{args:?}");
    }
    for value in ["2022/index:2023/index:other/index", "@lists/all.txt", "2022/index::2023/index:other/index"] {
        let output = dir.command(&["search", "halden"]).env("CROSSHEAD_INDEX", value).output().expect("it runs");
        assert_eq!(String::from_utf8_lossy(&output.stdout), expected, "{value}");
    }
    // An option is instead of the environment.
    let output =
        dir.command(&["search", "messe", "--index", "2022/index"]).env("CROSSHEAD_INDEX", "other/index").output();
    assert_eq!(output.expect("it runs").status.code(), Some(1));
}

#[test]
fn what_is_told_of_several_is_of_all() {
    let dir = years();
    dir.run(&["--index", "2022/index", "save", "port", "halden"]).ends(0);
    dir.run(&["--index", "2023/index", "save", "port", "ferry"]).ends(0);
    dir.run(&["--index", "2023/index", "save", "boat", "ferry"]).ends(0);
    let saved = run(&dir, &["saved", "--json"]).ends(0).lines();
    let saved: Vec<(&str, &str)> =
        saved.iter().map(|line| (line["name"].as_str().unwrap_or(""), line["query"].as_str().unwrap_or(""))).collect();
    assert_eq!(saved, [("boat", "ferry"), ("port", "halden")]);
    assert_eq!(found(&dir, "@port").len(), 4);
    assert_eq!(found(&dir, "@boat").len(), 1);
    let stats = &run(&dir, &["stats", "--json"]).ends(0).lines()[0];
    assert_eq!((&stats["articles"], stats["indexes"].as_array().map(Vec::len)), (&5.into(), Some(3)), "{stats}");
    assert_eq!(stats["folders"], serde_json::json!(["2022/index/articles", "2023/index/articles", "wire"]));
    let certificate = &run(&dir, &["certificate", "halden", "--json"]).ends(0).lines()[0];
    assert_eq!(certificate["index"]["indexes"], serde_json::json!(["2022/index", "2023/index", "other/index"]));
    assert_eq!(certificate["index"]["fingerprint"], stats["fingerprint"]);
    dir.write("certificate.json", certificate.to_string());
    run(&dir, &["certificate", "--verify", "certificate.json"]).ends(0);
    let fewer = ["--index", "2022/index", "--index", "2023/index", "certificate", "--verify", "certificate.json"];
    dir.run(&fewer).ends(1);
    run(&dir, &["verify", "A ferry runs to Halden again."]).ends(0);
}

#[cfg(feature = "serve")]
#[test]
fn a_server_follows_each_index() {
    use std::time::{Duration, Instant};

    use crate::serve::Server;

    let dir = years();
    let server = Server::start(&dir, &ALL);
    let found = || server.json("/api/v1/search?q=halden")["total"]["articles"].clone();
    assert_eq!(found(), 4);
    let index = server.json("/api/v1/index");
    assert_eq!(index["indexes"].as_array().map(Vec::len), Some(3), "{index}");
    assert_eq!((&index["indexes"][1]["name"], &index["indexes"][1]["articles"]), (&"2023/index".into(), &2.into()));
    assert_eq!(index["folders"], serde_json::json!(["2022/index/articles", "2023/index/articles", "wire"]));
    let page = server.get("/index").body;
    assert!(page.contains("2023/index") && page.contains("other/index"), "{page}");
    let until = |articles: u64| {
        let begun = Instant::now();
        while found() != articles {
            assert!(begun.elapsed() < Duration::from_secs(30), "{} are found, {articles} expected", found());
            std::thread::sleep(Duration::from_millis(50));
        }
    };
    // A run of one of them, then a rebuild of another.
    dir.write("other/wire/more.md", "# More\n\nMore of Halden.\n");
    dir.run_shell("cd other && \"$0\" index --quiet").ends(0);
    until(5);
    std::fs::remove_file(dir.path("2023/articles/strike.md")).expect("removed");
    dir.run_shell("cd 2023 && \"$0\" index --rebuild --quiet").ends(0);
    until(4);
    assert_ne!(server.json("/api/v1/index")["commit"], index["commit"]);
    // One that is damaged is told; what was read is served on.
    std::fs::rename(dir.path("2022/index"), dir.path("2022/gone")).expect("renamed");
    let begun = Instant::now();
    while server.json("/api/v1/health")["status"] != "stale" {
        assert!(begun.elapsed() < Duration::from_secs(30), "the lack of an index is not told");
        std::thread::sleep(Duration::from_millis(50));
    }
    let answer = server.json("/api/v1/search?q=halden");
    assert!(answer.to_string().contains("2022/index"), "{answer}");
}

#[cfg(feature = "mcp")]
#[test]
fn agents_are_given_all_indexes() {
    use crate::mcp::Server;

    let dir = years();
    let mut server = Server::initialized_with(&dir, &[&ALL[..], &["mcp"]].concat());
    let (text, overview) = server.answer("overview", serde_json::json!({}));
    assert_eq!(overview["articles"], 5, "{text}");
    let (text, found) = server.answer("search", serde_json::json!({ "query": "halden" }));
    assert_eq!((&found["articles"], found["hits"].as_array().map(Vec::len)), (&4.into(), Some(4)), "{text}");
    let mut server = Server::initialized_with(&dir, &["--index", "2022/index", "--index", "nowhere", "mcp"]);
    let told = server.refusal("search", serde_json::json!({ "query": "halden" }));
    assert!(told.contains("no index at 'nowhere'") && told.contains("--index nowhere index"), "{told}");
    let config = run(&dir, &["mcp", "--print-config", "claude"]).ends(0).stdout;
    assert_eq!(config.matches("--index").count(), 3, "{config}");
}

/// What programs added to two indexes under one id, beside files: each is told apart, found and read by what is shown.
#[test]
fn added_articles_are_told_apart() {
    use crosshead::{Alert, Index, IndexError, NewArticle, SearchOptions, Searcher, SyncOptions, Writer, sync};

    let dir = TestDir::new();
    let mut paths = Vec::new();
    for (name, text) in
        [("cms", "Ferries sail again\nThe ferries sail to Halden."), ("wire", "Ferries stop\nNo ferries in Moss.")]
    {
        dir.write(&format!("{name}.texts/fair.md"), format!("# The fair\n\nThe fair of {name} has opened.\n"));
        let index = Index::open_or_create(&dir.path(name)).expect("an index");
        sync(&index, &[dir.path(&format!("{name}.texts"))], &SyncOptions::default()).expect("indexed");
        let mut writer = Writer::begin(&index).expect("the lock is free");
        writer.add(NewArticle::text("desk/1", text)).expect("added");
        writer.add(NewArticle::text("2", format!("{name} again\nA note of the {name}."))).expect("added");
        writer.commit().expect("committed");
        paths.push(dir.path(name));
    }
    let searcher = Searcher::open_all(&paths).expect("open");
    let found = |query: &str| {
        let hits = searcher.search(query, &SearchOptions::default()).expect("valid").hits;
        let mut paths: Vec<String> = hits.iter().map(|hit| hit.article.path.clone()).collect();
        paths.sort();
        paths
    };
    let fair = |name: &str| format!("{}/fair.md", dir.path(&format!("{name}.texts")).display());
    for (query, expected) in [
        ("ferries", vec!["cms/desk/1".to_string(), "wire/desk/1".into()]),
        ("path=cms/desk/1", vec!["cms/desk/1".into()]),
        ("path~wire/", vec!["wire/2".into(), "wire/desk/1".into()]),
        ("path:wire", vec!["wire/2".into(), "wire/desk/1".into(), fair("wire")]),
        ("path:cms ferries", vec!["cms/desk/1".into()]),
        ("path=desk/1", vec![]),
        ("fair", vec![fair("cms"), fair("wire")]),
    ] {
        let mut expected = expected;
        expected.sort();
        assert_eq!(found(query), expected, "{query}");
    }
    let hit = searcher.search("ferries moss", &SearchOptions::default()).expect("valid").hits.remove(0);
    assert_eq!((hit.article.path.as_str(), &hit.article.file), ("wire/desk/1", &None));
    assert!(searcher.reprints(&hit.article).expect("read").is_empty());
    assert!(searcher.article(&hit.article.id()).expect("read").is_some_and(|text| text.copies.is_empty()));
    // What is added is followed.
    let pinned = searcher.pinned();
    let index = Index::open(&paths[1]).expect("open");
    let mut writer = Writer::begin(&index).expect("the lock is free");
    writer.add(NewArticle::text("3", "More\nMore ferries.")).expect("added");
    writer.commit().expect("committed");
    assert!(searcher.reopen().expect("open") && !searcher.reopen().expect("open"));
    assert_eq!((searcher.num_articles(), pinned.num_articles()), (7, 6));
    assert!(Alert::new(&searcher, "ferries").is_ok());
    assert!(matches!(Searcher::open_all::<&str>(&[]), Err(IndexError::NoneNamed)));
    assert!(matches!(Searcher::open_all(&[&paths[0], &paths[0]]), Err(IndexError::Twice { .. })));
}
