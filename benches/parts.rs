//! Benchmarks of small parts, each beside a peer in the same run: tokenizing, making terms, parsing queries, marking
//! and making snippets.
//!
//! ```text
//! cargo bench --bench parts [-- FOLDER]
//! ```
//!
//! Texts are those of FOLDER (UTF-8, named .txt), by default of `corpus/`. The peers are tantivy's: its simple
//! tokenizer with folding, its query parser, its snippet generator.

use std::collections::BTreeSet;
use std::hint::black_box;
use std::time::{Duration, Instant};

use crosshead::Today;
use crosshead::internals::{Compounds, Language, SNIPPET_BYTES, Terms, Words, marks, sentences, snippet};
use tantivy::query::QueryParser;
use tantivy::schema::{Schema, TEXT};
use tantivy::snippet::SnippetGenerator;
use tantivy::tokenizer::{AsciiFoldingFilter, LowerCaser, SimpleTokenizer, TextAnalyzer};

/// Rounds of each measurement, of which the best counts.
const ROUNDS: usize = 5;

/// Size of the passages that snippets are made from, in bytes.
const PASSAGE_BYTES: usize = 1_200;

/// Queries in the syntax of both parsers.
const QUERIES: [&str; 6] = [
    "oil prices",
    "\"central bank\" rates",
    "title:strike AND (harbour OR port)",
    "+tram -bus depot",
    "council vote on the new school in the old harbour",
    "body:\"walked out\"~2 dockers",
];

fn main() -> anyhow::Result<()> {
    let folder = std::env::args().skip(1).find(|arg| !arg.starts_with('-')).unwrap_or_else(|| "corpus".into());
    let texts: Vec<String> = walkdir::WalkDir::new(&folder)
        .sort_by_file_name()
        .into_iter()
        .flatten()
        .filter(|entry| entry.path().extension().is_some_and(|e| e == "txt"))
        .filter_map(|entry| std::fs::read_to_string(entry.path()).ok())
        .collect();
    let bytes: usize = texts.iter().map(String::len).sum();
    anyhow::ensure!(bytes > 0, "{folder}: no UTF-8 texts named .txt");
    let times = (4usize << 20).div_ceil(bytes);
    let all = || texts.iter().cycle().take(texts.len() * times);
    let megabytes = (bytes * times) as f64 / 1e6;
    let english = Language::from_code("en");
    report(&format!("{} texts, {megabytes:.1} MB a round, best of {ROUNDS}", texts.len()));

    let mut analyzer =
        TextAnalyzer::builder(SimpleTokenizer::default()).filter(LowerCaser).filter(AsciiFoldingFilter).build();
    let folded = best(|| {
        for text in all() {
            let mut tokens = analyzer.token_stream(text);
            while tokens.advance() {
                black_box(tokens.token());
            }
        }
    });
    let words = best(|| {
        for text in all() {
            let mut words = Words::new(text);
            while let Some(word) = words.next() {
                black_box(word.folded);
            }
        }
    });
    let terms = best(|| {
        for text in all() {
            let mut terms = Terms::with_capacity(english, text.len());
            terms.add_words(text, Compounds::Joined, |word| word.position);
            black_box(terms);
        }
    });
    let rate = |time: Duration| format!("{:7.1} MB/s", megabytes / time.as_secs_f64());
    beside("words", "tantivy's words, folded", words, folded, rate);
    beside("words as keys of the index", "the same", terms, folded, rate);

    let mut builder = Schema::builder();
    let (title, body) = (builder.add_text_field("title", TEXT), builder.add_text_field("body", TEXT));
    let index = tantivy::Index::create_in_ram(builder.build());
    let parser = QueryParser::for_index(&index, vec![title, body]);
    let today = Today::now();
    let mut refused = 0;
    let theirs =
        best(|| QUERIES.iter().cycle().take(6_000).for_each(|query| drop(black_box(parser.parse_query(query)))));
    let ours = best(|| {
        refused = QUERIES
            .iter()
            .cycle()
            .take(6_000)
            .filter(|query| black_box(crosshead::internals::parse(query, today)).is_err())
            .count();
    });
    anyhow::ensure!(refused == 0, "{refused} queries were refused");
    beside("queries", "tantivy's parser", ours, theirs, |time| {
        format!("{:7.2} µs a query", time.as_secs_f64() * 1e6 / 6_000.0)
    });

    // A passage of each text, with its third and ninth word as the query.
    let passages: Vec<&str> = texts
        .iter()
        .map(|text| &text[..text.floor_char_boundary(PASSAGE_BYTES)])
        .filter(|passage| Words::new(passage).count() > 9)
        .take(500)
        .collect();
    let mut writer: tantivy::IndexWriter = index.writer(15_000_000)?;
    for passage in &passages {
        writer.add_document(tantivy::doc!(body => *passage))?;
    }
    writer.commit()?;
    let searcher = index.reader()?.searcher();
    let queries: Vec<String> = passages
        .iter()
        .map(|passage| {
            passage.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).skip(2).step_by(6).take(2)
        })
        .map(|words| words.collect::<Vec<_>>().join(" "))
        .collect();
    let generators: Vec<SnippetGenerator> = queries
        .iter()
        .map(|query| SnippetGenerator::create(&searcher, &*parser.parse_query_lenient(query).0, body))
        .collect::<Result<_, _>>()?;
    let theirs = best(|| {
        for (passage, generator) in passages.iter().zip(&generators) {
            black_box(generator.snippet(passage));
        }
    });
    let starts: Vec<Vec<u32>> = passages.iter().map(|passage| starts(passage, english)).collect();
    let ours = best(|| {
        for (passage, starts) in passages.iter().zip(&starts) {
            let marks = marks(passage, 0, &[(2, 3), (8, 9)], &mut BTreeSet::new());
            black_box(snippet(passage, passage, starts, &marks, SNIPPET_BYTES));
        }
    });
    let count = passages.len() as f64;
    beside("marks and a snippet", "tantivy's snippet", ours, theirs, |time| {
        format!("{:7.2} µs a passage", time.as_secs_f64() * 1e6 / count)
    });
    Ok(())
}

/// Positions of the first words of sentences, which the index has.
fn starts(text: &str, language: Language) -> Vec<u32> {
    sentences(text, language).iter().map(|range| Words::new(&text[..range.start]).count() as u32).collect()
}

/// The shortest time of a run.
fn best(mut run: impl FnMut()) -> Duration {
    let timed = |_| {
        let started = Instant::now();
        run();
        started.elapsed()
    };
    (0..ROUNDS).map(timed).min().expect("there are rounds")
}

/// Prints a time beside that of a peer.
fn beside(name: &str, peer: &str, ours: Duration, theirs: Duration, shown: impl Fn(Duration) -> String) {
    let ratio = ours.as_secs_f64() / theirs.as_secs_f64();
    report(&format!("{name:28} {}   {ratio:5.2} times the time of {peer}, {}", shown(ours), shown(theirs).trim()));
}

#[expect(clippy::print_stdout, reason = "a bench prints what it measured")]
fn report(line: &str) {
    println!("{line}");
}
