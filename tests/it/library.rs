//! The library as a caller sees it: articles from memory, searchers on several threads, what changed since.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};

use crosshead::{
    Alert, Change, Checkpoint, Facet, Facts, FollowOptions, Followed, Follower, Index, IndexError, NewArticle,
    Published, PublishedFrom, Relaxation, SearchError, SearchOptions, Searcher, SyncOptions, Writer, rebuild, sync,
};

use crate::util::{TestDir, package};

const STRIKE: &str = "# Dockers walk out\n\nNo ship has been unloaded since Monday.\n\n## The dispute\n\nThe union wants a \
                      shorter week and says so.\n";

/// An index of one file, and its folder.
fn index(dir: &TestDir) -> Index {
    dir.write("news/strike.md", STRIKE);
    let index = Index::open_or_create(&dir.path("index")).expect("an index");
    sync(&index, &[dir.path("news")], &SyncOptions::default()).expect("it is indexed");
    index
}

fn paths(searcher: &Searcher, query: &str) -> Vec<String> {
    let results = searcher.search(query, &SearchOptions::default()).expect("a query");
    let mut paths: Vec<String> = results.hits.into_iter().map(|hit| hit.article.path).collect();
    paths.dedup();
    paths
}

/// An export reads texts a batch at a time, and gives what a search gives.
#[test]
fn hits_in_batches_are_those_of_a_search() {
    let dir = TestDir::new();
    for day in 1..=7 {
        dir.write(&format!("news/{day}.txt"), format!("Harbour news {day}\n\nThe dockers talk on day {day}.\n"));
    }
    let index = Index::open_or_create(&dir.path("index")).expect("an index");
    sync(&index, &[dir.path("news")], &SyncOptions::default()).expect("it is indexed");
    let searcher = Searcher::of(&index).expect("open");
    let mut options = SearchOptions::default();
    options.limit = 100;
    options.offset = 1;
    for query in ["dockers day", "dockers lobster", "lobster"] {
        let whole = searcher.search(query, &options).expect("a query");
        let lines = |results: &crosshead::Results| -> Vec<String> {
            results.hits.iter().map(|hit| serde_json::to_string(hit).expect("hits serialise")).collect()
        };
        for size in [1, 2, 4, 100] {
            let (mut found, mut batches) = (Vec::new(), 0);
            let take = &mut |results: crosshead::Results| {
                assert!(results.hits.len() <= size && results.counts == whole.counts, "{query} by {size}");
                batches += 1;
                found.extend(lines(&results));
                std::ops::ControlFlow::Continue(())
            };
            searcher.search_in_batches(query, &options, size, take).expect("a query");
            assert_eq!(found, lines(&whole), "{query} by {size}");
            assert_eq!(batches, whole.hits.len().div_ceil(size).max(1), "{query} by {size}");
        }
        let mut batches = 0;
        let take = &mut |_| {
            batches += 1;
            std::ops::ControlFlow::Break(())
        };
        searcher.search_in_batches(query, &options, 1, take).expect("a query");
        assert_eq!(batches, 1, "{query}");
    }
}

#[test]
fn articles_from_memory_are_added_replaced_and_removed() {
    let dir = TestDir::new();
    let index = index(&dir);
    let searcher = Searcher::of(&index).expect("open");
    let mut facts = Facts::default();
    facts.byline = Some("Mara Lindqvist".into());
    facts.published = Published::parse("2023-09-12", PublishedFrom::Metadata);
    let mut writer = Writer::begin(&index).expect("the lock is free");
    writer
        .add(NewArticle::text("cms/1", "Ferries sail again\nThe ferries sail again after a week.").with_facts(facts))
        .expect("added");
    writer.add(NewArticle::markdown("cms/2", "# Quay closed\n\n## Why\n\nA crane fell on the quay.\n")).expect("added");
    assert!(matches!(Writer::begin(&index), Err(IndexError::Locked { .. })), "one writer at a time");
    writer.commit().expect("committed");

    assert!(paths(&searcher, "ferries").is_empty(), "the searcher is where it was");
    assert!(searcher.reopen().expect("it is there") && !searcher.reopen().expect("it is there"));
    assert_eq!(paths(&searcher, "ferries byline:lindqvist date:2023-09"), ["cms/1"]);
    assert_eq!(paths(&searcher, "heading:why crane"), ["cms/2"]);
    let hit = &searcher.search("crane", &SearchOptions::default()).expect("a query").hits[0];
    assert_eq!(hit.article.file, None);
    let line = serde_json::to_value(hit).expect("hits serialise");
    assert_eq!((line["path"].as_str(), line["file"].is_null()), (Some("cms/2"), true));

    // Runs over folders leave them alone.
    for _ in 0..2 {
        dir.write("news/other.txt", "Herring is back. The catch was the best in years, fishers say at the market.\n");
        let report = sync(&index, &[], &SyncOptions::default()).expect("it is indexed");
        assert_eq!((report.removed, report.articles), (0, 4));
    }
    dir.run(&["check"]).ends(0);
    assert_eq!(searcher.folders().len(), 1);

    let mut writer = Writer::begin(&index).expect("the lock is free");
    writer.add(NewArticle::text("cms/1", "Ferries stop\nThe ferries stop for the winter.")).expect("replaced");
    assert!(writer.remove("cms/2") && !writer.remove("cms/3"));
    writer.commit().expect("committed");
    searcher.reopen().expect("it is there");
    assert_eq!(paths(&searcher, "ferries"), ["cms/1"]);
    assert_eq!(paths(&searcher, "winter"), ["cms/1"]);
    assert!(paths(&searcher, "crane OR again").is_empty());
    assert_eq!(index.totals().expect("read").articles, 3);

    // A rebuild would lose what is in no file.
    let options = SyncOptions::default();
    let path = dir.path("index");
    assert!(matches!(rebuild(&path, &[], &options), Err(IndexError::HasAdded { articles: 1, .. })));
    dir.run(&["index", "--rebuild"]).ends(2).says(&["1 article that a program added", "--discard-added"]);
    dir.run(&["index", "--rebuild", "--discard-added"]).ends(0);
    assert!(searcher.reopen().expect("another state"));
    assert!(paths(&searcher, "ferries").is_empty());
    assert_eq!(paths(&searcher, "dispute").len(), 1);
}

#[test]
fn what_is_dropped_before_a_commit_leaves_no_trace() {
    let dir = TestDir::new();
    let index = index(&dir);
    let mut writer = Writer::begin(&index).expect("the lock is free");
    writer.add(NewArticle::text("cms/1", "Ferries sail again\nThe ferries sail again after a week.")).expect("added");
    drop(writer);
    assert!(paths(&Searcher::of(&index).expect("open"), "ferries").is_empty());
    dir.run(&["check"]).ends(0);
}

#[test]
fn four_threads_search_while_another_writes_and_reopens() {
    let dir = TestDir::new();
    let index = index(&dir);
    let searcher = Searcher::of(&index).expect("open");
    let pinned = searcher.pinned();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            let searcher = searcher.clone();
            scope.spawn(|| {
                let searcher = searcher;
                let mut most = 0;
                while !done.load(Ordering::Relaxed) {
                    let options = SearchOptions::default();
                    let results = searcher.search("week", &options).expect("never an error");
                    let found = results.hits.len();
                    assert!(found >= most.min(options.limit), "a newer state has more");
                    most = found;
                    serde_json::to_string(&results).expect("results serialise");
                }
            });
        }
        for number in 0..8 {
            fs::write(
                dir.path(&format!("news/{number}.txt")),
                format!("Week {number}\nA week of {number} days, says the almanac.\n"),
            )
            .expect("written");
            sync(&index, &[], &SyncOptions::default()).expect("it is indexed");
            assert!(searcher.reopen().expect("it is there"));
        }
        done.store(true, Ordering::Relaxed);
    });
    assert_eq!(paths(&searcher, "almanac").len(), 8);
    assert_eq!(paths(&pinned, "week").len(), 1, "a pinned searcher stays where it was");
}

#[test]
fn changes_since_a_checkpoint_and_alerts() {
    let dir = TestDir::new();
    let index = index(&dir);
    let mut checkpoint = Checkpoint::of(&index).expect("read");
    let searcher = Searcher::of(&index).expect("open");
    let mut alert = Alert::new(&searcher, "herring").expect("a query");
    assert!(matches!(Alert::new(&searcher, "(a AND b"), Err(SearchError::Query(_))));
    dir.write("news/a.txt", "Herring is back. The catch was the best in years, fishers say.\n");
    fs::remove_file(dir.path("news/strike.md")).expect("removed");
    sync(&index, &[], &SyncOptions::default()).expect("it is indexed");
    let changes = checkpoint.advance(&index).expect("read");
    let told: Vec<(Change, &str)> = changes.iter().map(|change| (change.change, change.path.as_str())).collect();
    let news = dir.path("news");
    let path = |name: &str| news.join(name).to_string_lossy().into_owned();
    let (strike, a) = (path("strike.md"), path("a.txt"));
    assert_eq!(told, [(Change::Removed, strike.as_str()), (Change::Added, a.as_str())]);
    assert!(checkpoint.advance(&index).expect("read").is_empty());
    searcher.reopen().expect("it is there");
    assert_eq!(alert.new_hits(&searcher, &changes).expect("a query").hits.len(), 1);
    assert!(alert.new_hits(&searcher, &changes).expect("a query").hits.is_empty(), "told once");
}

/// A follower keeps the articles of a subfolder that vanishes, says so once, and goes on once it is back.
#[cfg(feature = "watch")]
#[test]
fn a_follower_keeps_what_vanishes() {
    const PATIENCE: std::time::Duration = std::time::Duration::from_secs(60);
    let dir = TestDir::new();
    for number in 0..25 {
        dir.write(
            &format!("news/archive/{number}.txt"),
            format!("Story {number}\nHerring sold for {number} crowns.\n"),
        );
    }
    dir.write("news/a.txt", "Quay closed\nA crane fell on the quay.\n");
    let mut options = FollowOptions::default();
    options.rescan = std::time::Duration::from_secs(2);
    let cancel = options.sync.cancel.clone();
    let begun = Follower::begin(&dir.path("index"), &[dir.path("news")], options);
    let (mut follower, report) = begun.expect("it follows");
    assert_eq!((report.articles, report.kept), (26, 0));
    // A follower that misses an event must not wait for ever.
    std::thread::spawn(move || {
        std::thread::sleep(PATIENCE);
        cancel.cancel();
    });
    let mut next = || loop {
        match follower.wait().expect("an event") {
            Followed::Changed(changes) if changes.is_empty() => {}
            Followed::Unwatched { .. } => {}
            Followed::Changed(changes) => {
                let told = changes.iter().map(|change| format!("{} {}", change.change.name(), change.path));
                return told.collect::<Vec<_>>().join(", ");
            }
            Followed::Kept(failure) => return format!("kept {} {}", failure.articles, failure.path),
            other => return format!("{other:?}"),
        }
    };
    let news = dir.path("news");
    assert!(next().starts_with("added"), "the first run");
    fs::rename(news.join("archive"), dir.path("away")).expect("moved");
    assert_eq!(next(), format!("kept 25 {}", news.display()));
    dir.write("news/b.txt", "Ferries sail again\nThe ferries sail again after a week.\n");
    assert_eq!(next(), format!("added {}", news.join("b.txt").display()), "it is told once");
    fs::rename(dir.path("away"), news.join("archive")).expect("moved");
    dir.write("news/c.txt", "Trams stop\nThe trams stop for the winter.\n");
    assert_eq!(next(), format!("added {}", news.join("c.txt").display()), "what is back was never away");
    let searcher = Searcher::open(dir.path("index")).expect("open");
    assert_eq!(searcher.count("herring", &SearchOptions::default()).expect("a query").articles, 25);
}

#[test]
fn relaxations_facets_and_reprints_are_calls() {
    let dir = TestDir::new();
    let index = index(&dir);
    let searcher = Searcher::of(&index).expect("open");
    let mut options = SearchOptions::default();
    options.strict = true;
    let results = searcher.search("union AND lobster", &options).expect("a query");
    assert!(results.hits.is_empty() && results.degraded.is_none());
    let relaxations = searcher.relaxations(&results.query, &options).expect("counted");
    let lobster = relaxations.iter().find_map(|relaxation| match relaxation {
        Relaxation::WithoutPart { part, passages, alone, .. } if part == "lobster" => Some((*passages, *alone)),
        _ => None,
    });
    assert_eq!(lobster, Some((1, 0)));
    let facets = searcher.facets(None, Facet::Heading, &options).expect("counted");
    assert_eq!(facets.values.iter().map(|one| one.value.as_str()).collect::<Vec<_>>(), ["The dispute"]);
    let hit = searcher.search("union", &options).expect("a query").hits.remove(0);
    let article = searcher.article(&hit.id()).expect("read").expect("it is there");
    assert_eq!(article.passages.len(), 2);
    assert!(searcher.article("no id").expect("read").is_none());
    assert!(searcher.reprints(&article.article).expect("read").is_empty());
}

/// The names that `text`, the source of a crate root, re-exports before `end`.
fn exported(text: &str, end: &str) -> Vec<String> {
    let face = &text[..text.find(end).expect("the end of the face")];
    let exports = face.split("pub use ").skip(1).map(|rest| rest.split(';').next().expect("split yields one piece"));
    let names = exports.flat_map(|export| {
        // `a::b as c`, `a::b`, or `a::{b, c as d}`.
        let list = export.split_once('{').map_or(export, |(_, list)| list.trim_end_matches('}'));
        list.split(',').map(str::trim).filter(|name| !name.is_empty())
    });
    let last = |name: &str| name.rsplit([':', ' ']).next().expect("split yields one piece").to_string();
    names.map(last).collect()
}

/// The face changes on purpose only: its names are those of a table of docs/LIBRARY.md, and not too many to learn.
#[test]
fn names_of_the_face_are_those_of_the_document() {
    const MOST: usize = 150;
    let text = "pub use a::{B, c as d};\n#[cfg(x)]\npub use e::f::g as h;\npub use i::J;\nmod internals { pub use k; }";
    assert_eq!(exported(text, "mod internals"), ["B", "d", "h", "J"]);

    let root = package();
    let mut names = exported(&fs::read_to_string(root.join("src/lib.rs")).expect("source"), "pub mod internals");
    let document = fs::read_to_string(root.join("docs/LIBRARY.md")).expect("the document");
    let section = document.split("\n## ").find(|section| section.starts_with("Names\n")).expect("the names");
    let cells = section.lines().filter_map(|line| line.strip_prefix("| ")?.split('|').next());
    let mut documented: Vec<String> =
        cells.flat_map(|cell| cell.split('`').skip(1).step_by(2)).map(str::to_string).collect();
    names.sort();
    documented.sort();
    assert_eq!(names, documented);
    assert!(names.len() <= MOST, "{} names", names.len());
    assert!(section.contains(&format!("crate root: {} names", names.len())));
}
