//! Quality of the ranking on the sample articles: queries with the article that should come first, and the resulting
//! figures in a golden file, `tests/it/data/ranking.txt`. `CROSSHEAD_BLESS=1 cargo test --test it ranking` writes it anew
//! after an intended change.

use std::fmt::Write as _;

use crate::util::{TestDir, package};

/// A query, and a part of the path of the article that answers it; some articles are there in several formats.
const QUERIES: &[(&str, &str)] = &[
    ("harbour strike", "harbour-strike"),
    ("dockers pay and working hours", "harbour-strike"),
    ("who mediates between union and port company", "harbour-strike"),
    ("strike settlement", "harbour-strike-ends"),
    ("dockers return to work", "harbour-strike-ends"),
    ("leaking roof of the library", "library-roof"),
    ("books damaged by water", "library-roof"),
    ("tram up Castle Hill", "tram-line"),
    ("what does the new tram cost", "tram-line"),
    ("grain prices", "grain-prices"),
    ("wheat harvest after a dry spring", "grain-prices"),
    ("football final", "football-final"),
    ("goal in extra time", "football-final"),
    ("school meals", "school-meals"),
    ("free lunch for pupils", "school-meals"),
    ("oil embargo", "oil-embargo"),
    ("another supplier of oil", "oil-embargo"),
    ("storm damage", "storm"),
    ("houses without power", "storm"),
    ("stolen paintings museum", "museum-theft"),
    ("alarm silent thieves", "museum-theft"),
    ("bridge closed detour", "bridge-closed"),
    ("council election lists", "election"),
    ("which parties want the tram", "election"),
    ("huelga de los estibadores", "foreign/es"),
    ("grève du port", "foreign/fr"),
    ("sciopero del porto", "foreign/it"),
    ("Streik der Hafenarbeiter", "foreign/de"),
    ("weather tomorrow", "weather"),
    ("letter to the editor", "letter"),
];

#[test]
fn figures_equal_the_golden_file() {
    let dir = TestDir::new();
    // Ties are broken by path, so the paths must not depend on the folder of the project.
    let corpus = package().join("corpus");
    for entry in walkdir::WalkDir::new(&corpus).into_iter().flatten().filter(|entry| entry.file_type().is_file()) {
        let below = entry.path().strip_prefix(&corpus).expect("inside").to_string_lossy().into_owned();
        dir.write(&format!("corpus/{below}"), std::fs::read(entry.path()).expect("a sample"));
    }
    dir.run(&["index", "corpus"]).ends(0);
    let (mut first, mut five, mut reciprocal) = (0, 0, 0.0);
    let mut out = String::new();
    for (query, wanted) in QUERIES {
        let run = dir.run(&["search", "--format", "paths", "-n", "10", "--per-article", "1", query]);
        let position = run.stdout.lines().position(|path| path.contains(wanted));
        let rank = position.map_or("-".to_string(), |position| (position + 1).to_string());
        let _ = writeln!(out, "{rank:>2}  {query}  ({wanted})");
        if let Some(position) = position {
            first += usize::from(position == 0);
            five += usize::from(position < 5);
            reciprocal += 1.0 / (position + 1) as f64;
        }
    }
    let count = QUERIES.len() as f64;
    let _ = writeln!(
        out,
        "recall@1 {:.3}  recall@5 {:.3}  MRR@10 {:.3}",
        f64::from(first as u32) / count,
        f64::from(five as u32) / count,
        reciprocal / count
    );
    let golden = package().join("tests/it/data/ranking.txt");
    if std::env::var_os("CROSSHEAD_BLESS").is_some() {
        std::fs::write(&golden, &out).expect("written");
    }
    let expected = std::fs::read_to_string(&golden).expect("the golden file");
    assert_eq!(out, expected, "if this is better, write the golden file anew with CROSSHEAD_BLESS=1");
}

#[test]
fn parts_of_scores_add_up_and_like_finds_similar_articles() {
    let dir = TestDir::new();
    let corpus = package().join("corpus");
    dir.run(&["index", &corpus.to_string_lossy()]);
    let run = dir.run(&["search", "--json", "--explain", "harbour strike mediator"]);
    let mut seen = 0;
    for line in run.stdout.lines() {
        let hit: serde_json::Value = serde_json::from_str(line).expect("JSON");
        let parts = hit["parts"].as_array().expect("parts");
        let sum: f64 = parts.iter().filter_map(|part| part[1].as_f64()).sum();
        let score = hit["score"].as_f64().expect("a score");
        assert!(parts.len() >= 2 && (sum - score).abs() < 0.01 * score, "{line}");
        seen += 1;
    }
    assert!(seen >= 3, "{}", run.stdout);
    let hits = dir.hits(&["title:\"Harbour strike enters second week\""]);
    let id = hits[0]["article"].as_str().expect("an id");
    let like = dir.hits(&[&format!("like:{id}")]);
    assert!(!like.is_empty() && like.iter().all(|hit| hit["article"] != id), "{like:?}");
    assert!(like[0]["path"].as_str().expect("a path").contains("harbour-strike"), "{}", like[0]);
    let shown = dir.run(&["show", "--like", "--json", id]);
    assert!(shown.code == 0 && shown.stdout.contains("harbour-strike"), "{}", shown.stderr);
    assert_eq!(dir.run(&["search", "like:0000000000000"]).code, 1);
}

/// Nearness is looked at in the 300 best passages, and in no other: more would take longer, fewer would rank worse.
#[test]
fn three_hundred_passages_are_reranked() {
    const RERANKED: usize = 300;
    let dir = TestDir::new();
    // Words in more than one passage of seven are no evidence of nearness, so most records have neither of them.
    let record = |number: usize| {
        let text = if number < RERANKED + 20 { "The alder birch grows" } else { "The willow stands" };
        format!(r#"{{"title": "Tree {number}", "body": "{text} at the pond of farm {number}."}}"#)
    };
    dir.write("trees.jsonl", (0..RERANKED * 8).map(record).collect::<Vec<_>>().join("\n"));
    dir.run(&["index", "trees.jsonl"]).ends(0);
    let is_near = |hit: &serde_json::Value| {
        let parts = hit["parts"].as_array().expect("parts");
        parts.iter().any(|part| part[0] == "nearness")
    };
    let hits = dir.hits(&["--explain", "alder birch"]);
    assert_eq!(hits.len(), RERANKED + 20);
    let near = hits.iter().take_while(|hit| is_near(hit)).count();
    assert_eq!((near, hits.iter().filter(|hit| is_near(hit)).count()), (RERANKED, RERANKED));
    let page = dir.run(&["search", "--json", "--explain", "-n", "5", "alder birch"]).lines();
    assert!(page.len() == 5 && page.iter().all(is_near), "{page:?}");
}
