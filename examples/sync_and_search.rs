//! Indexes a folder and searches it: `cargo run --example sync_and_search`.

#![allow(clippy::print_stdout)]

use std::path::{Path, PathBuf};

use crosshead::{Index, SearchOptions, Searcher, SyncOptions, sync};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let index = Index::open_or_create(Path::new("index"))?;
    let report = sync(&index, &[PathBuf::from("corpus")], &SyncOptions::default())?;
    println!("{} articles, {} files skipped", report.articles, report.skipped.len());

    let searcher = Searcher::of(&index)?;
    let mut options = SearchOptions::default();
    options.limit = 5;
    for hit in searcher.search("heading:dispute hours", &options)?.hits {
        println!("{:.1} {} {}", hit.score, hit.article.path, hit.snippet.text);
    }
    Ok(())
}
