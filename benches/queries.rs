//! How long each kind of query takes, in process and warm, beside the AND of two plain words.
//!
//! ```text
//! cargo bench --bench queries -- INDEX [ROUNDS]
//! ```
//!
//! INDEX is the folder of an index of English news, at best of some ten thousand articles.
#![allow(clippy::print_stdout)]

use std::time::Instant;

use anyhow::{Context, Result};
use crosshead::index::Index;
use crosshead::search::{SearchOptions, Session};

/// Kinds of queries; the first is what the others are compared with.
const QUERIES: &[(&str, &str)] = &[
    ("two words, AND", "oil AND prices"),
    ("one word", "prices"),
    ("two words, relaxed", "oil prices"),
    ("phrase", "\"oil prices\""),
    ("phrase with slop", "\"oil prices\"~3"),
    ("w/5", "oil w/5 prices"),
    ("pre/5", "oil pre/5 prices"),
    ("NOT w/5", "oil NOT w/5 prices"),
    ("w/s", "oil w/s prices"),
    ("w/p", "oil w/p prices"),
    ("w/art", "oil w/art prices"),
    ("nested", "(oil OR gas) w/5 (price* OR market) w/5 (rise OR fall)"),
    ("prefix, some", "gov*"),
    ("prefix, 1,000 words", "in*"),
    ("prefix near word", "in* w/5 prices"),
    ("wildcard", "*ation"),
    ("fuzzy, 1 letter", "prices~1"),
    ("fuzzy, 2 letters", "prices~2"),
    ("regex", "/go(ld|od)s?/"),
    ("verbatim", "=US"),
    ("verbatim phrase", "=\"New York\""),
    ("atleast", "atleast5(oil)"),
    ("first", "first50(oil)"),
    ("lede", "lede:(oil prices)"),
    ("title", "title:(oil w/3 price*)"),
    ("heading regex", "heading:/^the/ police"),
    ("dates", "oil date:1987-03"),
    ("common words near", "the w/p of"),
    ("common words, phrase", "\"of the\""),
];

fn main() -> Result<()> {
    let mut args = std::env::args().skip(1).filter(|arg| arg != "--bench");
    let folder = args.next().context("give the folder of an index")?;
    let rounds: usize = args.next().map_or(Ok(40), |rounds| rounds.parse()).context("rounds is a number")?;
    let index = Index::open(folder.as_ref())?;
    let session = Session::open(&index)?;
    let options = SearchOptions { strict: true, ..SearchOptions::default() };
    let mut times: Vec<Vec<f64>> = vec![Vec::new(); QUERIES.len()];
    let mut found = vec![0; QUERIES.len()];
    for round in 0..=rounds {
        for (i, (_, query)) in QUERIES.iter().enumerate() {
            let start = Instant::now();
            let results = session.search(query, &options)?;
            // The first round warms up.
            if round > 0 {
                times[i].push(start.elapsed().as_secs_f64() * 1e3);
            }
            found[i] = results.counts.passages;
        }
    }
    let mut base = 0.0;
    println!("{:22} {:>9} {:>9} {:>7} {:>9}", "", "p50 ms", "p99 ms", "ratio", "passages");
    for (i, (name, _)) in QUERIES.iter().enumerate() {
        times[i].sort_by(f64::total_cmp);
        let at = |share: f64| times[i][((times[i].len() - 1) as f64 * share) as usize];
        if i == 0 {
            base = at(0.5);
        }
        println!("{name:22} {:9.2} {:9.2} {:7.2} {:9}", at(0.5), at(0.99), at(0.5) / base, found[i]);
    }
    Ok(())
}
