//! Files and articles from memory in one index, searched by four threads while another brings it up to date.

#![allow(clippy::print_stdout)]

use std::path::{Path, PathBuf};
use std::thread;

use crosshead::{Facts, Index, NewArticle, SearchOptions, Searcher, SyncOptions, Writer, sync};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let index = Index::open_or_create(Path::new("index"))?;
    sync(&index, &[PathBuf::from("corpus")], &SyncOptions::default())?;

    let mut writer = Writer::begin(&index)?;
    let mut facts = Facts::default();
    facts.title = Some("Tug crews join the strike".into());
    let text = "The tug crews of Halden walked out at noon.\n\nThe dispute\n\nThey want shorter hours, too.\n";
    writer.add(NewArticle::text("wire/4711", text).with_facts(facts))?;
    writer.commit()?;

    let searcher = Searcher::of(&index)?;
    let queries = ["tug crews", "grain prices", "heading:dispute hours", "oil w/5 embargo"];
    let answers = thread::scope(|scope| {
        let asked = queries.map(|query| {
            let searcher = searcher.clone();
            scope.spawn(move || searcher.search(query, &SearchOptions::default()))
        });
        // Readers are never blocked: each search ends on the commit that it began with.
        let written = scope.spawn(|| sync(&index, &[], &SyncOptions::default()).and_then(|_| searcher.reopen()));
        written.join().expect("sync does not panic")?;
        asked.into_iter().map(|answer| answer.join().expect("search does not panic")).collect::<Result<Vec<_>, _>>()
    })?;
    for hit in answers.iter().flat_map(|results| &results.hits) {
        println!("{}", serde_json::to_string(hit)?);
    }
    Ok(())
}
