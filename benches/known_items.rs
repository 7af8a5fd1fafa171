//! Known items: of articles drawn by a seed, the title as typed is the query. At which rank is the article, or another
//! print of it?
//!
//! ```text
//! cargo bench --bench known_items -- INDEX [COUNT [SEED]]
//! ```
#![allow(clippy::print_stdout)]

use anyhow::{Context, Result};
use crosshead::index::Index;
use crosshead::search::{SearchOptions, Session};
use xxhash_rust::xxh3::xxh3_64_with_seed;

fn main() -> Result<()> {
    let mut args = std::env::args().skip(1).filter(|arg| arg != "--bench");
    let folder = args.next().context("give the folder of an index")?;
    let count: usize = args.next().map_or(Ok(1000), |count| count.parse()).context("COUNT is a number")?;
    let seed: u64 = args.next().map_or(Ok(2026), |seed| seed.parse()).context("SEED is a number")?;
    let index = Index::open(folder.as_ref())?;
    let session = Session::open(&index)?;
    let all = SearchOptions {
        limit: usize::MAX / 4,
        per_article: 1,
        ungroup: true,
        strict: true,
        ..SearchOptions::default()
    };
    let mut articles: Vec<(u64, String, String)> = session
        .search("title:*", &all)?
        .hits
        .into_iter()
        .filter_map(|hit| {
            let title = hit.article.facts.title.clone()?;
            Some((xxh3_64_with_seed(hit.article.path.as_bytes(), seed), hit.article.path, title))
        })
        .collect();
    articles.sort();
    articles.truncate(count);
    let options = SearchOptions { limit: 10, per_article: 1, ..SearchOptions::default() };
    let (mut sum, mut first, mut failed) = (0.0, 0, Vec::new());
    for (_, path, title) in &articles {
        let results = match session.search(title, &options) {
            Ok(results) => results,
            Err(error) => {
                failed.push(format!("{title}: {error}"));
                continue;
            }
        };
        let is_it = |hit: &crosshead::search::Hit| {
            hit.article.path == *path
                || hit.article.facts.title.as_deref() == Some(title)
                || hit.duplicates.iter().any(|other| other.path == *path)
        };
        match results.hits.iter().position(is_it) {
            Some(place) => {
                sum += 1.0 / (place + 1) as f64;
                first += usize::from(place == 0);
                if place > 0 {
                    failed.push(format!("rank {}: {title}", place + 1));
                }
            }
            None => failed.push(format!("not in 10: {title}  {path}")),
        }
    }
    let asked = articles.len().max(1) as f64;
    println!("{} titles: MRR@10 {:.4}, first {:.4}", articles.len(), sum / asked, f64::from(first as u32) / asked);
    for line in failed.iter().take(25) {
        println!("  {line}");
    }
    Ok(())
}
