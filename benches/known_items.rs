//! Known items: the rank of an article or section for a query of what a reader remembers of it. Beside tantivy with one
//! stemmed field and an OR of the words, on the same texts and queries.
//!
//! ```text
//! cargo bench --bench known_items -- INDEX [COUNT [SEED]]                    the title as typed; the article, or a reprint
//! cargo bench --bench known_items -- INDEX --headings GOLD [COUNT [SEED]]    a heading and two words of the title; its section
//! ```
//!
//! `--write FOLDER` after these writes the texts and the queries as JSON Lines instead, for `benches/tantivy_py.py FOLDER`,
//! which runs the same queries with tantivy-py.
//!
//! GOLD is a folder with a `NAME.json` for each article `NAME.*` of the index: `title`, and `headings` with `text`.
#![allow(clippy::print_stdout)]

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::{Context, Result};
use crosshead::{Hit, Index, SearchOptions, Searcher};
use frostem::{Algorithm, Stemmer};
use serde_json::{Value, json};
use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, Occur, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption, STORED, STRING, Schema, TEXT};
use tantivy::{Searcher as TantivySearcher, TantivyDocument, Term, doc, schema::Value as _};
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// A query, and the names of the articles or sections that it should find.
struct Item {
    query: String,
    names: Vec<String>,
}

fn main() -> Result<()> {
    let mut args = std::env::args().skip(1).filter(|arg| arg != "--bench").peekable();
    let folder = args.next().context("give the folder of an index")?;
    let gold = args.next_if(|arg| arg == "--headings").is_some();
    let gold = if gold { Some(args.next().context("--headings needs a folder")?) } else { None };
    let default = if gold.is_some() { 300 } else { 1000 };
    let mut numbers = Vec::new();
    let mut write = None;
    while let Some(arg) = args.next() {
        if arg == "--write" {
            write = Some(args.next().context("--write needs a folder")?);
        } else {
            numbers.push(arg);
        }
    }
    let mut args = numbers.into_iter();
    let count: usize = args.next().map_or(Ok(default), |count| count.parse()).context("COUNT is a number")?;
    let seed: u64 = args.next().map_or(Ok(2026), |seed| seed.parse()).context("SEED is a number")?;
    let index = Index::open(folder.as_ref())?;
    let searcher = Searcher::of(&index)?;
    let mut items = match &gold {
        None => titles(&searcher)?,
        Some(gold) => headings(gold.as_ref())?,
    };
    items.sort_by_key(|item| (xxh3_64_with_seed(item.names[0].as_bytes(), seed), item.query.clone()));
    items.truncate(count);
    if let Some(folder) = write {
        return write_all(folder.as_ref(), &searcher, &items, gold.is_some());
    }
    let name: fn(&Hit) -> String = if gold.is_some() { section_name } else { |hit| hit.article.path.clone() };
    let mut options = SearchOptions::default();
    options.limit = 10;
    options.per_article = 1;
    let mut refused = Vec::new();
    let mut found = |item: &Item| -> Vec<Vec<String>> {
        match searcher.search(&item.query, &options) {
            Ok(results) => results
                .hits
                .iter()
                .map(|hit| {
                    let reprints = hit.duplicates.iter().map(|other| other.path.clone());
                    std::iter::once(name(hit)).chain(reprints).collect()
                })
                .collect(),
            Err(error) => {
                refused.push(format!("{}: {error}", item.query));
                Vec::new()
            }
        }
    };
    report("crosshead", &items, &mut found);
    let peer = Peer::build(&searcher, gold.is_some())?;
    report("tantivy, one stemmed field", &items, &mut |item| peer.search(&item.query).expect("the peer searches"));
    refused.iter().take(20).for_each(|line| println!("  refused: {line}"));
    Ok(())
}

fn report(label: &str, items: &[Item], search: &mut dyn FnMut(&Item) -> Vec<Vec<String>>) {
    let (mut sum, mut first, mut missed) = (0.0, 0, Vec::new());
    for item in items {
        let position = search(item).iter().position(|names| names.iter().any(|name| item.names.contains(name)));
        sum += position.map_or(0.0, |position| 1.0 / (position + 1) as f64);
        first += usize::from(position == Some(0));
        if position != Some(0) {
            missed.push((position, item));
        }
    }
    let asked = items.len().max(1) as f64;
    println!(
        "{label}: {} queries, MRR@10 {:.4}, first {:.4}",
        items.len(),
        sum / asked,
        f64::from(first as u32) / asked
    );
    for (position, item) in missed.iter().take(if label == "crosshead" { 25 } else { 0 }) {
        let rank = position.map_or("not in 10".to_string(), |position| format!("rank {}", position + 1));
        println!("  {rank}: {}   {}", item.query, item.names[0]);
    }
}

fn all(searcher: &Searcher, query: &str) -> Result<Vec<Hit>> {
    let mut options = SearchOptions::default();
    options.limit = usize::MAX / 4;
    options.per_article = 1;
    options.ungroup = true;
    options.strict = true;
    Ok(searcher.search(query, &options)?.hits)
}

/// Every title, and the articles with it.
fn titles(searcher: &Searcher) -> Result<Vec<Item>> {
    let mut paths: HashMap<String, Vec<String>> = HashMap::new();
    for hit in all(searcher, "title:*")? {
        if let Some(title) = hit.article.facts.title.clone() {
            paths.entry(title).or_default().push(hit.article.path);
        }
    }
    let item = |(query, mut names): (String, Vec<String>)| {
        names.sort();
        Item { query, names }
    };
    Ok(paths.into_iter().map(item).collect())
}

/// Every heading with the two longest other words of the title.
fn headings(gold: &Path) -> Result<Vec<Item>> {
    let mut out = Vec::new();
    for entry in std::fs::read_dir(gold)? {
        let path = entry?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()?.strip_suffix(".json")) else { continue };
        let value: Value = serde_json::from_slice(&std::fs::read(&path)?)?;
        let title = value["title"].as_str().unwrap_or("");
        for heading in value["headings"].as_array().into_iter().flatten() {
            let Some(heading) = heading["text"].as_str() else { continue };
            let letters = |word: &&str| word.chars().filter(|c| c.is_alphanumeric()).count();
            let mut words: Vec<&str> = title.split_whitespace().filter(|word| !heading.contains(word)).collect();
            words.sort_by_key(|word| std::cmp::Reverse(letters(word)));
            words.truncate(2);
            // Operators of the query language are not measured.
            let query: String = format!("{heading} {}", words.join(" "))
                .chars()
                .map(|c| if c.is_alphanumeric() || "'’-.".contains(c) { c } else { ' ' })
                .collect();
            out.push(Item { query: query.trim().to_string(), names: vec![section(name, heading)] });
        }
    }
    Ok(out)
}

/// A section by its article's name and its heading's letters.
fn section(article: &str, heading: &str) -> String {
    format!("{article}#{}", heading.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase())
}

fn article_name(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    [".tight.txt", ".spaced.txt", ".html", ".md", ".txt"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name)
}

fn section_name(hit: &Hit) -> String {
    section(article_name(&hit.article.path), hit.passage.heading.as_deref().unwrap_or(""))
}

/// The texts of the index by name: an article, or a passage, each with its title and heading.
fn texts(searcher: &Searcher, passages: bool, take: &mut dyn FnMut(String, String) -> Result<()>) -> Result<()> {
    for hit in all(searcher, "words:>=0")? {
        let Some(found) = searcher.article(&hit.id())? else { continue };
        // Copies of the same bytes have the same passages.
        let path = &hit.article.path;
        let title = hit.article.facts.title.as_deref().unwrap_or("");
        if passages {
            for passage in &found.passages {
                let heading = passage.heading.as_deref().unwrap_or("");
                take(section(article_name(path), heading), format!("{title} {heading} {}", passage.text))?;
            }
        } else {
            let body: Vec<&str> = found.passages.iter().map(|passage| passage.text.as_str()).collect();
            take(path.clone(), format!("{title} {}", body.join(" ")))?;
        }
    }
    Ok(())
}

/// Writes the texts and queries for another engine.
fn write_all(folder: &Path, searcher: &Searcher, items: &[Item], passages: bool) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    let mut out = BufWriter::new(File::create(folder.join("texts.jsonl"))?);
    texts(searcher, passages, &mut |name, text| Ok(writeln!(out, "{}", json!({ "name": name, "text": text }))?))?;
    out.flush()?;
    let mut out = BufWriter::new(File::create(folder.join("queries.jsonl"))?);
    for item in items {
        writeln!(out, "{}", json!({ "query": item.query, "names": item.names }))?;
    }
    Ok(out.flush()?)
}

/// tantivy alone.
struct Peer {
    searcher: TantivySearcher,
    name: Field,
    text: Field,
}

impl Peer {
    fn build(searcher: &Searcher, passages: bool) -> Result<Peer> {
        let mut schema = Schema::builder();
        let (name, text) = (schema.add_text_field("name", STRING | STORED), schema.add_text_field("text", TEXT));
        let index = tantivy::Index::create_in_ram(schema.build());
        let mut writer = index.writer_with_num_threads(2, 200_000_000)?;
        texts(searcher, passages, &mut |of, words| {
            writer.add_document(doc!(name => of, text => stemmed(&words).join(" ")))?;
            Ok(())
        })?;
        writer.commit()?;
        Ok(Peer { searcher: index.reader()?.searcher(), name, text })
    }

    fn search(&self, query: &str) -> Result<Vec<Vec<String>>> {
        let term = |word: String| -> (Occur, Box<dyn Query>) {
            (
                Occur::Should,
                Box::new(TermQuery::new(Term::from_field_text(self.text, &word), IndexRecordOption::WithFreqs)),
            )
        };
        let query = BooleanQuery::new(stemmed(query).into_iter().map(term).collect());
        let mut out: Vec<Vec<String>> = Vec::new();
        for (_, address) in self.searcher.search(&query, &TopDocs::with_limit(10).order_by_score())? {
            let document: TantivyDocument = self.searcher.doc(address)?;
            let name = document.get_first(self.name).and_then(|value| value.as_str()).expect("names are stored");
            out.push(vec![name.to_string()]);
        }
        Ok(out)
    }
}

fn stemmed(text: &str) -> Vec<String> {
    let stemmer = Stemmer::new(Algorithm::English);
    text.to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| stemmer.stem(word).into_owned())
        .collect()
}
