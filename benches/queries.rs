//! Latency of each kind of query, in process and warm, beside the AND of two plain words.
//!
//! ```text
//! cargo bench --bench queries -- INDEX [ROUNDS]
//! ```
//!
//! INDEX is the folder of an index of English news, at best of some ten thousand articles. The last lines compare searches
//! of two words with tantivy's own OR of the forms of the same words on the same index: the ten best documents, with and
//! without counting the matches.
#![allow(clippy::print_stdout)]

use std::time::Instant;

use anyhow::{Context, Result};
use crosshead::internals::{Language, TextField, WordTest, Words, engine};
use crosshead::{Index, SearchOptions, Searcher};
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{BooleanQuery, Occur, Query, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{Searcher as TantivySearcher, Term};

/// Kinds of queries; the others are compared with the first.
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
    let searcher = Searcher::of(&index)?;
    let mut options = SearchOptions::default();
    options.strict = true;
    let mut times: Vec<Vec<f64>> = vec![Vec::new(); QUERIES.len()];
    let mut found = vec![0; QUERIES.len()];
    for round in 0..=rounds {
        for (i, (_, query)) in QUERIES.iter().enumerate() {
            let start = Instant::now();
            let results = searcher.search(query, &options)?;
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
    beside_tantivy(&index, &searcher, rounds)
}

/// Pairs of words, from rare to common.
const PAIRS: &[&str] = &["opec embargo", "oil prices", "police shooting", "subway fares", "new york", "said year"];

/// The words of a query as tantivy's OR of their forms.
fn plain_or(index: &Index, searcher: &TantivySearcher, query: &str) -> Result<BooleanQuery> {
    let field = engine(index)?.1.text(TextField::Body);
    let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::new();
    let mut words = Words::new(query);
    while let Some(word) = words.next() {
        let test = WordTest::stem(&word, &[Language::from_code("en")]);
        let mut terms = std::collections::BTreeSet::new();
        for reader in searcher.segment_readers() {
            let inverted = reader.inverted_index(field)?;
            for (from, to) in test.term_ranges() {
                let mut stream = inverted.terms().range().ge(from).lt(to).into_stream()?;
                while stream.advance() {
                    if test.accepts_term(stream.key()) {
                        terms.insert(stream.key().to_vec());
                    }
                }
            }
        }
        clauses.extend(terms.into_iter().map(|term| {
            let term = Term::from_field_text(field, &String::from_utf8_lossy(&term));
            (Occur::Should, Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)) as Box<dyn Query>)
        }));
    }
    Ok(BooleanQuery::new(clauses))
}

fn beside_tantivy(index: &Index, searcher: &Searcher, rounds: usize) -> Result<()> {
    let bare = engine(index)?.0;
    let plain = SearchOptions::default();
    println!("{:22} {:>9} {:>9} {:>9} {:>7}", "", "ms", "OR, ms", "+ count", "ratio");
    for pair in PAIRS {
        let or = plain_or(index, &bare, pair)?;
        let mut times = [Vec::new(), Vec::new(), Vec::new()];
        for _ in 0..=rounds {
            let mut time = |which: usize, run: &mut dyn FnMut() -> Result<()>| -> Result<()> {
                let start = Instant::now();
                run()?;
                times[which].push(start.elapsed().as_secs_f64() * 1e3);
                Ok(())
            };
            time(0, &mut || searcher.search(pair, &plain).map(|_| ()).map_err(Into::into))?;
            let top = || TopDocs::with_limit(10).order_by_score();
            time(1, &mut || bare.search(&or, &top()).map(|_| ()).map_err(Into::into))?;
            time(2, &mut || bare.search(&or, &(top(), Count)).map(|_| ()).map_err(Into::into))?;
        }
        let [ours, or, counted] = times.map(|mut times| {
            times.sort_by(f64::total_cmp);
            times[times.len() / 2]
        });
        println!("{pair:22} {ours:9.2} {or:9.2} {counted:9.2} {:7.2}", ours / or);
    }
    Ok(())
}
