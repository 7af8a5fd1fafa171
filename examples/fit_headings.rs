//! Fits the heading model: reads articles whose headings are known, and writes `src/article/heading/weights.rs`.
//!
//! ```text
//! cargo run --release --example fit_headings -- GOLD [--write src/article/heading/weights.rs]
//! ```
//!
//! GOLD is a folder with, for each article, `NAME.tight.txt` (a block a line) and `NAME.json` with `domain`, `tier`,
//! `title`, `headings` and `ignore` (objects with `line_tight`, 1-based). The model is a logistic regression with a
//! ridge penalty, fitted by L-BFGS (Nocedal, "Updating quasi-Newton matrices with limited storage", 1980), in two
//! rounds; the second learns from what the first said of articles it had not seen. Scores are printed for five folds
//! of publishers, each judged by a model that saw none of its articles, and for the model that is written.

// A program that reports: its figures are its output.
#![allow(clippy::print_stdout)]

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use crosshead::ReadLimits;
use crosshead::internals::evidence::{LOCAL, Lines, SILENT, Said, Signal, WHOLE};
use crosshead::internals::{Block, Contents, LineNumbers, Markup, RawArticle, SplitArticle, Yielded, prepare};
use serde_json::Value;

/// Weight of the data against the penalty, for the two rounds.
const STRENGTH: [f64; 2] = [0.02, 0.02];
/// Publishers are dealt into so many folds.
const FOLDS: usize = 5;
/// Folds within the articles fitted on, for the second round.
const INNER_FOLDS: usize = 4;
const THRESHOLD: f64 = 0.5;

fn main() -> Result<()> {
    let mut args = std::env::args().skip(1);
    let (mut gold, mut out) = (None, None);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--write" => out = Some(PathBuf::from(args.next().context("--write needs a path")?)),
            _ => gold = Some(PathBuf::from(arg)),
        }
    }
    let gold = gold.context("usage: fit_headings GOLD [--write FILE]")?;
    let samples = load(&gold)?;
    if samples.is_empty() {
        bail!("{}: no NAME.json with NAME.tight.txt in it", gold.display());
    }
    let all: Vec<usize> = (0..samples.len()).collect();
    let fold_of = deal(&samples);
    let mut held_out = vec![Vec::new(); samples.len()];
    for fold in 0..FOLDS {
        let (test, train): (Vec<usize>, Vec<usize>) = all.iter().partition(|&&i| fold_of[&samples[i].domain] == fold);
        let model = Model::fit(&samples, &train);
        for i in test {
            held_out[i] = model.judge(&samples[i]);
        }
    }
    println!("publishers held apart:");
    report(&samples, &held_out);
    let model = Model::fit(&samples, &all);
    println!("all articles seen:");
    report(&samples, &all.iter().map(|&i| model.judge(&samples[i])).collect::<Vec<_>>());
    if let Some(out) = out {
        std::fs::write(&out, model.source()?).with_context(|| format!("writing {}", out.display()))?;
    }
    Ok(())
}

/// One article in one form.
struct Sample {
    text: String,
    blocks: Vec<Block>,
    marks: Option<Vec<Markup>>,
    tier: String,
    domain: String,
    form: Form,
    local: Vec<Said>,
    /// Of each candidate: is it a heading? `None` where the gold does not say.
    truth: Vec<Option<bool>>,
    /// Headings that are no candidates.
    missed: usize,
}

#[derive(Clone, Copy, PartialEq)]
enum Form {
    /// A block a line.
    Tight,
    /// With the title above.
    Titled,
    /// Blank lines around headings only, some forgotten.
    BlankAround,
    /// Blank lines between blocks, none below headings.
    BlankAbove,
    /// Some paragraphs are broken where no break was meant.
    Broken,
    /// The page it was taken from.
    Page,
}

impl Form {
    const TEXTS: [Form; 5] = [Form::Tight, Form::Titled, Form::BlankAround, Form::BlankAbove, Form::Broken];

    fn weight(self) -> f64 {
        match self {
            Form::Tight => 1.0,
            Form::Titled | Form::Page => 0.5,
            Form::BlankAround | Form::BlankAbove | Form::Broken => 0.15,
        }
    }
}

fn load(folder: &Path) -> Result<Vec<Sample>> {
    let mut paths: Vec<PathBuf> = walkdir::WalkDir::new(folder)
        .into_iter()
        .filter_map(|entry| Some(entry.ok()?.into_path()))
        .filter(|path| path.extension().is_some_and(|e| e == "json"))
        .collect();
    paths.sort();
    let (mut out, mut shares) = (Vec::new(), Vec::new());
    for path in paths {
        let tight = path.with_extension("tight.txt");
        if !tight.exists() {
            continue;
        }
        let json: Value = serde_json::from_slice(&std::fs::read(&path)?).with_context(|| path.display().to_string())?;
        let text = std::fs::read_to_string(&tight)?;
        for form in Form::TEXTS {
            out.push(sample(&json, &text, form));
        }
        let html = path.with_extension("html");
        if html.exists()
            && let Some(raw) = page(&html)
        {
            shares.push(body_share(&raw, &text));
            out.push(page_sample(&json, raw));
        }
    }
    let mean = shares.iter().sum::<f64>() / shares.len().max(1) as f64;
    println!(
        "{} pages, mean F1 of the body's runs of four words (with the headings of the model as built): {mean:.3}",
        shares.len()
    );
    Ok(out)
}

fn page(path: &Path) -> Option<RawArticle> {
    let limits = ReadLimits { max_bytes: 64 << 20 };
    let mut raw = None;
    let mut sink = |yielded| {
        if let Yielded::Article(record) = yielded {
            raw = Some(record.raw);
        }
    };
    Contents::read(path, limits).ok()?.articles("", limits, &mut sink).ok()?;
    raw
}

/// F1 of the runs of four words of a page's sections against those of the gold text, as the article extraction
/// benchmark of Scrapinghub counts them.
fn body_share(raw: &RawArticle, gold: &str) -> f64 {
    let article = SplitArticle::assemble(raw.clone());
    let sections = article.sections.iter().flat_map(|s| s.heading.iter().chain(&s.paragraphs));
    let text: Vec<&str> = sections.map(|span| &article.text[span.clone()]).collect();
    let runs = |text: &str| {
        let words: Vec<String> =
            text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_lowercase).collect();
        let mut counts: HashMap<Vec<String>, usize> = HashMap::new();
        words.windows(4.min(words.len().max(1))).for_each(|run| *counts.entry(run.to_vec()).or_default() += 1);
        counts
    };
    let (ours, theirs) = (runs(&text.join(" ")), runs(gold));
    let both: usize = ours.iter().map(|(run, n)| *n.min(theirs.get(run).unwrap_or(&0))).sum();
    let total: usize = ours.values().sum::<usize>() + theirs.values().sum::<usize>();
    2.0 * both as f64 / total.max(1) as f64
}

/// Letters and digits only, as the scorer compares headings of pages.
fn bare(text: &str) -> String {
    text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ").to_lowercase()
}

fn page_sample(json: &Value, raw: RawArticle) -> Sample {
    let texts = |key: &str| -> HashSet<String> {
        let items = json[key].as_array().map(Vec::as_slice).unwrap_or_default();
        items.iter().filter_map(|item| item["text"].as_str()).map(bare).collect()
    };
    let (headings, mut ignored) = (texts("headings"), texts("ignore"));
    ignored.insert(bare(json["title"].as_str().unwrap_or_default()));
    let blocks = prepare(&raw).blocks;
    let RawArticle { text, marks, .. } = raw;
    let asked = Lines::new(&text, &blocks, marks.as_deref());
    let mut seen = HashSet::new();
    let truth = asked.candidates().iter().map(|&i| {
        let line = bare(&text[blocks[asked.block(i)].span.clone()]);
        let is_heading = headings.contains(&line);
        seen.insert(line.clone());
        (is_heading || !ignored.contains(&line)).then_some(is_heading)
    });
    let truth = truth.collect();
    let local = asked.candidates().iter().map(|&i| asked.local(i)).collect();
    let missed = headings.difference(&seen).count();
    let tier = json["tier"].as_str().unwrap_or("A").to_string();
    let domain = json["domain"].as_str().unwrap_or_default().to_string();
    Sample { text, blocks, marks, tier, domain, form: Form::Page, local, truth, missed }
}

fn numbers_of(json: &Value, key: &str) -> HashSet<usize> {
    let items = json[key].as_array().map(Vec::as_slice).unwrap_or_default();
    items.iter().filter_map(|item| item["line_tight"].as_u64()).map(|n| n as usize).collect()
}

fn sample(json: &Value, tight: &str, form: Form) -> Sample {
    let (headings, ignored) = (numbers_of(json, "headings"), numbers_of(json, "ignore"));
    let mut text = String::new();
    // Line of the form to line of the tight text.
    let mut origin: HashMap<usize, usize> = HashMap::new();
    let mut at = 0;
    let mut push = |text: &mut String, line: &str, number: Option<usize>| {
        at += 1;
        if let Some(number) = number {
            origin.insert(at, number);
        }
        text.push_str(line);
        text.push('\n');
    };
    if form == Form::Titled {
        push(&mut text, json["title"].as_str().unwrap_or("Untitled"), None);
    }
    let lines: Vec<&str> = tight.lines().collect();
    for (i, line) in lines.iter().enumerate() {
        let number = i + 1;
        // One in ten is out of order, as people's texts are.
        let odd = xxhash_rust::xxh3::xxh3_64(line.as_bytes()).is_multiple_of(10);
        let blank = match form {
            Form::Tight | Form::Titled | Form::Broken | Form::Page => false,
            Form::BlankAround => odd != (headings.contains(&number) || headings.contains(&i)),
            Form::BlankAbove => !headings.contains(&i) && !odd,
        };
        if blank && i > 0 {
            push(&mut text, "", None);
        }
        let words: Vec<&str> = line.split(' ').collect();
        if form == Form::Broken && odd && words.len() > 25 && !headings.contains(&number) {
            // The middle piece is as short as a heading; it keeps the number, the others have none.
            let (from, to) = (words.len() / 3, words.len() / 3 + 3 + words.len() % 6);
            push(&mut text, &words[..from].join(" "), None);
            push(&mut text, &words[from..to].join(" "), Some(number));
            push(&mut text, &words[to..].join(" "), None);
        } else {
            push(&mut text, line, Some(number));
        }
    }
    let blocks = prepare(&RawArticle { text: text.clone(), ..RawArticle::default() }).blocks;
    let asked = Lines::new(&text, &blocks, None);
    let numbers = LineNumbers::new(&text);
    let mut seen = HashSet::new();
    let truth = asked.candidates().iter().map(|&i| {
        let number = origin.get(&numbers.of(blocks[asked.block(i)].span.start)).copied()?;
        seen.insert(number);
        // What the gold leaves open is a standfirst or a caption where it comes first, and no heading.
        (number == 1 || !ignored.contains(&number)).then(|| headings.contains(&number))
    });
    let truth = truth.collect();
    let local = asked.candidates().iter().map(|&i| asked.local(i)).collect();
    let missed = headings.difference(&seen).count();
    let tier = json["tier"].as_str().unwrap_or("A").to_string();
    let domain = json["domain"].as_str().unwrap_or_default().to_string();
    Sample { text, blocks, marks: None, tier, domain, form, local, truth, missed }
}

/// Deals publishers into folds of about as many articles, the largest first.
fn deal(samples: &[Sample]) -> HashMap<String, usize> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for sample in samples {
        *counts.entry(&sample.domain).or_default() += 1;
    }
    let mut domains: Vec<(&str, usize)> = counts.into_iter().collect();
    domains.sort_by_key(|(domain, count)| (std::cmp::Reverse(*count), xxhash_rust::xxh3::xxh3_64(domain.as_bytes())));
    let mut loads = [0; FOLDS];
    let mut out = HashMap::new();
    for (domain, count) in domains {
        let fold = (0..FOLDS).min_by_key(|&fold| loads[fold]).unwrap_or(0);
        loads[fold] += count;
        out.insert(domain.to_string(), fold);
    }
    out
}

/// One line to fit on: which weights it adds up, whether it is a heading, how much it counts.
struct Row {
    ones: Vec<u32>,
    truth: bool,
    weight: f64,
}

/// Where the values of some tables of signals stand among the weights; the bias is behind them.
struct Layout {
    starts: Vec<usize>,
    total: usize,
}

impl Layout {
    fn new(tables: &[&[Signal]]) -> Layout {
        let mut starts = Vec::new();
        let mut total = 0;
        for signal in tables.iter().flat_map(|table| table.iter()) {
            starts.push(total);
            total += signal.values();
        }
        Layout { starts, total }
    }

    fn ones<'s>(&self, said: impl Iterator<Item = &'s u8>) -> Vec<u32> {
        let spoken = said.zip(&self.starts).filter(|(value, _)| **value != SILENT);
        let mut ones: Vec<u32> = spoken.map(|(&value, &start)| (start + usize::from(value)) as u32).collect();
        ones.push(self.total as u32);
        ones
    }
}

/// A logistic regression.
struct Regression {
    layout: Layout,
    weights: Vec<f64>,
}

impl Regression {
    fn fit(layout: Layout, rows: &[Row], strength: f64) -> Regression {
        let size = layout.total + 1;
        let objective = |weights: &[f64]| {
            let mut gradient = weights.to_vec();
            gradient[size - 1] = 0.0;
            let mut loss: f64 = 0.5 * weights[..size - 1].iter().map(|w| w * w).sum::<f64>();
            for row in rows {
                let score: f64 = row.ones.iter().map(|&one| weights[one as usize]).sum();
                let margin = if row.truth { score } else { -score };
                loss += strength * row.weight * ((-margin.abs()).exp().ln_1p() - margin.min(0.0));
                let error = strength * row.weight * (sigmoid(score) - f64::from(u8::from(row.truth)));
                for &one in &row.ones {
                    gradient[one as usize] += error;
                }
            }
            (loss, gradient)
        };
        let mut weights = minimise(vec![0.0; size], objective);
        centre(&layout, rows, &mut weights);
        Regression { layout, weights }
    }

    fn probability<'s>(&self, said: impl Iterator<Item = &'s u8>) -> f64 {
        sigmoid(self.layout.ones(said).iter().map(|&one| self.weights[one as usize]).sum())
    }
}

/// Makes the weights of every signal that always speaks add up to nothing over the lines, and moves the rest into the
/// bias: the model stays the same, and each weight says what its value is worth beside the usual line.
fn centre(layout: &Layout, rows: &[Row], weights: &mut [f64]) {
    let mut spoken = vec![0.0; weights.len()];
    for row in rows {
        row.ones.iter().for_each(|&one| spoken[one as usize] += row.weight);
    }
    let all = spoken[layout.total];
    let ends = layout.starts.iter().skip(1).copied().chain([layout.total]);
    for (&start, end) in layout.starts.iter().zip(ends) {
        let heard: f64 = spoken[start..end].iter().sum();
        if (heard - all).abs() < all * 1e-9 {
            let mean = (start..end).map(|i| spoken[i] * weights[i]).sum::<f64>() / all;
            weights[start..end].iter_mut().for_each(|weight| *weight -= mean);
            weights[layout.total] += mean;
        }
    }
}

fn sigmoid(score: f64) -> f64 {
    1.0 / (1.0 + (-score).exp())
}

/// L-BFGS with a backtracking line search.
fn minimise(mut at: Vec<f64>, objective: impl Fn(&[f64]) -> (f64, Vec<f64>)) -> Vec<f64> {
    const MEMORY: usize = 12;
    const MOST_STEPS: usize = 150;
    fn dot(a: &[f64], b: &[f64]) -> f64 {
        a.iter().zip(b).map(|(x, y)| x * y).sum()
    }
    let (mut loss, mut gradient) = objective(&at);
    let mut memory: Vec<(Vec<f64>, Vec<f64>, f64)> = Vec::new();
    for _ in 0..MOST_STEPS {
        let mut direction: Vec<f64> = gradient.iter().map(|g| -g).collect();
        let mut alphas = Vec::new();
        for (step, change, rho) in memory.iter().rev() {
            let alpha = rho * dot(step, &direction);
            direction.iter_mut().zip(change).for_each(|(d, c)| *d -= alpha * c);
            alphas.push(alpha);
        }
        if let Some((step, change, _)) = memory.last() {
            let scale = dot(step, change) / dot(change, change);
            direction.iter_mut().for_each(|d| *d *= scale);
        }
        for ((step, change, rho), alpha) in memory.iter().zip(alphas.into_iter().rev()) {
            let beta = rho * dot(change, &direction);
            direction.iter_mut().zip(step).for_each(|(d, s)| *d += s * (alpha - beta));
        }
        let slope = dot(&gradient, &direction);
        let mut length = 1.0;
        let (next, next_loss, next_gradient) = loop {
            let next: Vec<f64> = at.iter().zip(&direction).map(|(x, d)| x + length * d).collect();
            let (next_loss, next_gradient) = objective(&next);
            if next_loss <= loss + 1e-4 * length * slope || length < 1e-9 {
                break (next, next_loss, next_gradient);
            }
            length *= 0.5;
        };
        let step: Vec<f64> = next.iter().zip(&at).map(|(x, y)| x - y).collect();
        let change: Vec<f64> = next_gradient.iter().zip(&gradient).map(|(x, y)| x - y).collect();
        let done = loss - next_loss < 1e-7 * loss;
        (at, loss, gradient) = (next, next_loss, next_gradient);
        let curvature = dot(&step, &change);
        if done || curvature <= 0.0 {
            break;
        }
        memory.push((step, change, 1.0 / curvature));
        if memory.len() > MEMORY {
            memory.remove(0);
        }
    }
    at
}

/// Both rounds.
struct Model {
    first: Regression,
    second: Regression,
}

/// How much an article's lines count: hand-checked gold more, and long articles not by their length.
fn weight(sample: &Sample) -> f64 {
    let tier = match sample.tier.as_str() {
        "A" => 2.0,
        "B" => 1.5,
        _ => 1.0,
    };
    tier * sample.form.weight() * (20.0 / sample.local.len().max(8) as f64).sqrt()
}

fn rows<'s>(samples: &'s [Sample], chosen: &[usize], ones: impl Fn(usize, usize) -> Vec<u32> + 's) -> Vec<Row> {
    let mut out = Vec::new();
    for &i in chosen {
        for (at, truth) in samples[i].truth.iter().enumerate() {
            if let Some(truth) = *truth {
                out.push(Row { ones: ones(i, at), truth, weight: weight(&samples[i]) });
            }
        }
    }
    out
}

impl Model {
    fn fit(samples: &[Sample], chosen: &[usize]) -> Model {
        let first_of = |chosen: &[usize]| {
            let layout = Layout::new(&[LOCAL]);
            let rows = rows(samples, chosen, |i, at| layout.ones(samples[i].local[at].iter()));
            Regression::fit(layout, &rows, STRENGTH[0])
        };
        let inner = |i: usize| xxhash_rust::xxh3::xxh3_64(samples[i].domain.as_bytes()) as usize % INNER_FOLDS;
        let mut whole: HashMap<usize, Vec<Said>> = HashMap::new();
        for fold in 0..INNER_FOLDS {
            let (test, train): (Vec<usize>, Vec<usize>) = chosen.iter().partition(|&&i| inner(i) == fold);
            let regression = first_of(&train);
            for i in test {
                whole.insert(i, second_look(&samples[i], &regression));
            }
        }
        let layout = Layout::new(&[LOCAL, WHOLE]);
        let both = rows(samples, chosen, |i, at| layout.ones(samples[i].local[at].iter().chain(&whole[&i][at])));
        Model { first: first_of(chosen), second: Regression::fit(layout, &both, STRENGTH[1]) }
    }

    fn judge(&self, sample: &Sample) -> Vec<f64> {
        let whole = second_look(sample, &self.first);
        sample
            .local
            .iter()
            .zip(&whole)
            .map(|(local, whole)| self.second.probability(local.iter().chain(whole)))
            .collect()
    }

    fn source(&self) -> Result<String> {
        let mut out = String::from(
            "//! Weights of the heading model, written by `examples/fit_headings.rs`. Not to be edited by hand.\n\n",
        );
        let bias = |regression: &Regression| regression.weights[regression.layout.total];
        writeln!(out, "pub(super) const LOCAL_BIAS: f32 = {:?};", round(bias(&self.first)))?;
        writeln!(out, "pub(super) const WHOLE_BIAS: f32 = {:?};", round(bias(&self.second)))?;
        let mut table = |name: &str, doc: &str, signals: &[Signal], weights: &[f64]| -> Result<()> {
            writeln!(out, "\n/// {doc}\n#[rustfmt::skip]\npub(super) const {name}: &[&[f32]] = &[")?;
            let mut at = 0;
            for signal in signals {
                let values: Vec<String> =
                    weights[at..at + signal.values()].iter().map(|&w| format!("{:?}", round(w))).collect();
                writeln!(out, "    // {}", signal.name)?;
                for (i, line) in values.chunks(16).enumerate() {
                    let last = (i + 1) * 16 >= values.len();
                    let (open, close) = (if i == 0 { "&[" } else { "  " }, if last { "]," } else { "," });
                    writeln!(out, "    {open}{}{close}", line.join(", "))?;
                }
                at += signal.values();
            }
            writeln!(out, "];")?;
            Ok(())
        };
        let split = self.first.layout.total;
        table("LOCAL", "First round.", LOCAL, &self.first.weights)?;
        table("LOCAL_AGAIN", "Second round, the signals of the first.", LOCAL, &self.second.weights[..split])?;
        table("WHOLE", "Second round, its own signals.", WHOLE, &self.second.weights[split..])?;
        Ok(out)
    }
}

fn round(weight: f64) -> f32 {
    ((weight * 100.0).round() / 100.0) as f32 + 0.0
}

/// What the second round sees of an article judged by `first`.
fn second_look(sample: &Sample, first: &Regression) -> Vec<Said> {
    let thought: Vec<f32> = sample.local.iter().map(|said| first.probability(said.iter()) as f32).collect();
    Lines::new(&sample.text, &sample.blocks, sample.marks.as_deref()).whole(&thought)
}

fn report(samples: &[Sample], judged: &[Vec<f64>]) {
    for (form, name) in [
        (Form::Tight, "tight"),
        (Form::Titled, "titled"),
        (Form::BlankAround, "blank around"),
        (Form::BlankAbove, "blank above"),
        (Form::Broken, "broken"),
        (Form::Page, "page"),
    ] {
        for tier in ["A", "B", "M"] {
            let (mut right, mut wrong, mut missed) = (0usize, 0usize, 0usize);
            let (mut exact, mut none, mut clean, mut count) = (0usize, 0usize, 0usize, 0usize);
            for (sample, judged) in samples.iter().zip(judged).filter(|(s, _)| s.tier == tier && s.form == form) {
                let (mut r, mut w, mut m) = (0, 0, sample.missed);
                for (truth, probability) in sample.truth.iter().zip(judged) {
                    match (truth, *probability > THRESHOLD) {
                        (Some(true), true) => r += 1,
                        (Some(false), true) => w += 1,
                        (Some(true), false) => m += 1,
                        _ => {}
                    }
                }
                count += 1;
                exact += usize::from(w + m == 0);
                none += usize::from(r + m == 0);
                clean += usize::from(r + m + w == 0);
                right += r;
                wrong += w;
                missed += m;
            }
            if count == 0 {
                continue;
            }
            let precision = right as f64 / (right + wrong).max(1) as f64;
            let recall = right as f64 / (right + missed).max(1) as f64;
            let f1 = 2.0 * precision * recall / (precision + recall).max(1e-9);
            print!(
                "  {name:12} {tier} {count:4} articles  P {precision:.3} R {recall:.3} F1 {f1:.3} exact {:.3}",
                exact as f64 / count as f64
            );
            if none > 0 {
                print!(" clean {:.3}", clean as f64 / none as f64);
            }
            println!();
        }
    }
}
