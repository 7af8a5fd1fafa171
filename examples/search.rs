//! Searches an index that is there: `cargo run --example search -- INDEX QUERY`.

#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::time::Duration;

use crosshead::{Facet, SearchError, SearchOptions, Searcher, Today};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(path), Some(query)) = (arguments.next(), arguments.next()) else {
        return Err("usage: search INDEX QUERY".into());
    };
    let searcher = Searcher::open(path)?;

    let mut options = SearchOptions::default();
    options.per_article = 1;
    options.timeout = Some(Duration::from_secs(2));
    options.filters.set_dates(Some("2023"), None, Today::now())?;
    let results = match searcher.search(&query, &options) {
        Ok(results) => results,
        Err(SearchError::Query(error)) => {
            eprintln!("{}", error.with_caret(&query));
            std::process::exit(2);
        }
        Err(error) => return Err(error.into()),
    };

    for note in &results.notes {
        eprintln!("note: {}", note.message);
    }
    if let Some(degraded) = results.degraded {
        eprintln!("not complete: {degraded:?}");
    }
    for hit in &results.hits {
        println!("{}", serde_json::to_string(hit)?);
    }
    if results.hits.is_empty() {
        for relaxation in searcher.relaxations(&results.query, &options)? {
            eprintln!("{} passages: {relaxation:?}", relaxation.passages());
        }
    }
    for source in searcher.facets(Some(&query), Facet::Source, &options)?.values {
        eprintln!("{} articles from {}", source.counts.articles, source.value);
    }
    Ok(())
}
