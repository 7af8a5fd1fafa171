//! Throughput of splitting plain text with [`SplitArticle::assemble`] on one core.
//!
//! ```text
//! cargo bench --bench split [-- FOLDER]
//! ```
//!
//! Without a folder, the plain texts of `corpus/` are split. Beside it, in the same run: cutting the same texts into
//! lines and words with the standard library, which is about the least that a splitter has to do.

use std::hint::black_box;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use crosshead::internals::{RawArticle, SplitArticle};

/// Number of rounds of each, of which the best counts.
const ROUNDS: usize = 5;

fn main() {
    let folder = std::env::args().skip(1).find(|arg| !arg.starts_with('-')).unwrap_or_else(|| "corpus".into());
    let texts: Vec<String> = walkdir::WalkDir::new(&folder)
        .sort_by_file_name()
        .into_iter()
        .filter_map(|entry| Some(entry.ok()?.into_path()))
        .filter(|path: &PathBuf| path.extension().is_some_and(|e| e == "txt"))
        .filter_map(|path| std::fs::read_to_string(path).ok())
        .collect();
    let bytes: usize = texts.iter().map(String::len).sum();
    if bytes == 0 {
        report(&format!("{folder}: no UTF-8 texts named .txt"));
        return;
    }
    // Small folders are repeated until a round is long enough to time.
    let times = (8usize << 20).div_ceil(bytes);
    let megabytes = (bytes * times) as f64 / 1e6;
    let words = best(|| {
        for text in texts.iter().cycle().take(texts.len() * times) {
            black_box(text.lines().map(|line| line.split_whitespace().count()).sum::<usize>());
        }
    });
    let split = best(|| {
        for text in texts.iter().cycle().take(texts.len() * times) {
            black_box(SplitArticle::assemble(RawArticle { text: text.clone(), ..RawArticle::default() }));
        }
    });
    let passages = best(|| {
        for text in texts.iter().cycle().take(texts.len() * times) {
            let article = SplitArticle::assemble(RawArticle { text: text.clone(), ..RawArticle::default() });
            black_box(article.passages());
        }
    });
    report(&format!("{} texts, {:.1} MB a round, best of {ROUNDS}", texts.len(), megabytes));
    for (name, time) in [("lines and words", words), ("split", split), ("split, and passages", passages)] {
        report(&format!("{name:20} {:7.1} MB/s", megabytes / time.as_secs_f64()));
    }
}

fn best(run: impl Fn()) -> Duration {
    let timed = |_| {
        let started = Instant::now();
        run();
        started.elapsed()
    };
    (0..ROUNDS).map(timed).min().expect("at least one round")
}

#[expect(clippy::print_stdout, reason = "a bench prints what it measured")]
fn report(line: &str) {
    println!("{line}");
}
