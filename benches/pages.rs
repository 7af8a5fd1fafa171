//! Time to read pages, beside the extraction library alone.
//!
//! ```text
//! cargo bench --bench pages [-- FOLDER]
//! ```
//!
//! The pages are those of FOLDER (named .html or .htm), or of `corpus/pages`. Each is read in turns on one core by the
//! library with text, links and facts, by the library without the dates that Crosshead reads itself, and by Crosshead
//! from bytes to sections and passages.

use std::hint::black_box;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use crosshead::ReadLimits;
use crosshead::internals::{Contents, SplitArticle, Yielded};

/// Number of rounds, of which the best counts for each page.
const ROUNDS: usize = 5;

fn main() -> anyhow::Result<()> {
    let folder = std::env::args().skip(1).find(|arg| !arg.starts_with('-')).unwrap_or_else(|| "corpus/pages".into());
    let pages: Vec<PathBuf> = walkdir::WalkDir::new(&folder)
        .sort_by_file_name()
        .into_iter()
        .flatten()
        .map(walkdir::DirEntry::into_path)
        .filter(|path| path.extension().is_some_and(|e| e == "html" || e == "htm"))
        .collect();
    anyhow::ensure!(!pages.is_empty(), "{folder}: no pages named .html");
    let limits = ReadLimits { max_bytes: 64 << 20 };
    let options = trafilatura::Options::default().with_fallback(true).with_exclude_comments(true).with_links(true);
    let without_dates = options.clone().with_html_date_mode(trafilatura::HtmlDateMode::Disabled);
    let (mut library, mut undated, mut whole, mut read, mut empty) =
        (Duration::ZERO, Duration::ZERO, Duration::ZERO, 0, 0);
    for path in &pages {
        let Ok(page) = std::fs::read_to_string(path) else { continue };
        let (mut fastest_library, mut fastest_undated, mut fastest_whole) =
            (Duration::MAX, Duration::MAX, Duration::MAX);
        for _ in 0..ROUNDS {
            let started = Instant::now();
            let _ = black_box(trafilatura::extract(&page, &options));
            fastest_library = fastest_library.min(started.elapsed());
            let started = Instant::now();
            let _ = black_box(trafilatura::extract(&page, &without_dates));
            fastest_undated = fastest_undated.min(started.elapsed());
            let started = Instant::now();
            let mut passages = 0;
            let mut contents = Contents::read(path, limits)?;
            let _ = contents.articles(&path.to_string_lossy(), limits, &mut |yielded| {
                if let Yielded::Article(record) = yielded {
                    passages += SplitArticle::assemble(record.raw).passages().len();
                }
            });
            fastest_whole = fastest_whole.min(started.elapsed());
            if black_box(passages) == 0 {
                empty += 1;
            }
        }
        library += fastest_library;
        undated += fastest_undated;
        whole += fastest_whole;
        read += 1;
    }
    let each = |time: Duration| time.as_secs_f64() * 1e3 / f64::from(read);
    report(&format!("{read} pages, best of {ROUNDS}; {} without a passage", empty / ROUNDS));
    report(&format!("the extraction library alone {:7.2} ms a page", each(library)));
    report(&format!("the same without its dates   {:7.2} ms a page", each(undated)));
    report(&format!(
        "from bytes to passages       {:7.2} ms a page, {:.2} times, {:.2} times the other",
        each(whole),
        each(whole) / each(library),
        each(whole) / each(undated)
    ));
    Ok(())
}

#[expect(clippy::print_stdout, reason = "a bench prints what it measured")]
fn report(line: &str) {
    println!("{line}");
}
