//! Fits the heading model to articles whose headings are known, and writes `src/article/heading/weights.rs`.
//!
//! ```text
//! cargo run --release --example fit_headings -- GOLD [--write src/article/heading/weights.rs]
//! ```
//!
//! GOLD is a folder with, for each article, `NAME.tight.txt` (one block a line), `NAME.json` with `domain`, `tier`, `title`,
//! `headings` and `ignore` (objects with `line_tight`, 1-based, and `text`), and `NAME.html`, the page, if there is one. To
//! these are added the invented articles of `src/article/heading/kinds.txt`, of kinds that are rare in the gold. The
//! model is a logistic regression with a ridge penalty, fitted by L-BFGS (Nocedal, "Updating quasi-Newton matrices with
//! limited storage", 1980), in two rounds; the second is fitted to out-of-fold probabilities of the first. Scores are
//! printed for a five-fold cross-validation by publisher, and for the model that is written.

// The scores are the output of the program.
#![allow(clippy::print_stdout)]

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use crosshead::ReadLimits;
use crosshead::internals::evidence::{GLOBAL, LOCAL, Lines, NO_VALUE, Signal, Values};
use crosshead::internals::{Block, Contents, LineNumbers, Markup, RawArticle, SplitArticle, Yielded, prepare};
use serde_json::Value;

/// Weight of the data relative to the penalty, for the two rounds.
const STRENGTH: [f64; 2] = [0.03, 0.03];
/// Number of folds of publishers.
const FOLDS: usize = 5;
/// Number of folds within the training articles, for the second round.
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
    let mut samples = load(&gold)?;
    if samples.is_empty() {
        bail!("{}: no NAME.json with NAME.tight.txt in it", gold.display());
    }
    samples.extend(kinds(include_str!("../src/article/heading/kinds.txt"))?);
    let all: Vec<usize> = (0..samples.len()).collect();
    let fold_of = assign_folds(&samples);
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

/// An article in one form.
struct Sample {
    text: String,
    blocks: Vec<Block>,
    marks: Option<Vec<Markup>>,
    tier: String,
    domain: String,
    form: Form,
    /// For each candidate, the values of the signals of the first round.
    local: Vec<Values>,
    /// For each candidate: is it a heading? `None` if the gold does not say.
    truth: Vec<Option<bool>>,
    /// Number of headings that are not candidates.
    missed: usize,
}

#[derive(Clone, Copy, PartialEq)]
enum Form {
    /// One block a line.
    Tight,
    /// The same below the title.
    Titled,
    /// Blank lines around headings only, with exceptions.
    BlankAround,
    /// Blank lines between blocks, but not below headings, with exceptions.
    BlankAbove,
    /// Some long paragraphs broken into three lines.
    Broken,
    /// The page of the article.
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
    let (mut out, mut scores) = (Vec::new(), Vec::new());
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
            scores.push(body_f1(&raw, &text));
            out.push(page_sample(&json, raw));
        }
    }
    let mean = scores.iter().sum::<f64>() / scores.len().max(1) as f64;
    println!(
        "{} pages, mean F1 of the body's runs of four words (with the headings of the model as built): {mean:.3}",
        scores.len()
    );
    Ok(out)
}

/// The articles of kinds that few articles have; the file says how they are written.
fn kinds(text: &str) -> Result<Vec<Sample>> {
    let mut out = Vec::new();
    let (mut language, mut pattern) = ("", "");
    let mut lines: Vec<&str> = Vec::new();
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with("# ")).chain(["%% end "]) {
        let Some(head) = line.strip_prefix("%% ") else {
            lines.push(line);
            continue;
        };
        let needed = pattern.chars().filter(|c| matches!(c, '#' | '*')).count();
        if needed > 0 {
            if !lines.len().is_multiple_of(needed) {
                bail!("kinds: {} lines for the pattern {pattern} of {needed}", lines.len());
            }
            for chosen in lines.chunks(needed) {
                out.extend(kind(language, pattern, chosen, out.len()));
            }
        }
        lines.clear();
        (language, pattern) = head.split_once(' ').context("kinds: a language and a pattern")?;
    }
    Ok(out)
}

/// An article of a kind, tight and with blank lines between all blocks.
fn kind(language: &str, pattern: &str, lines: &[&str], ordinal: usize) -> Option<Sample> {
    let pool = PARAGRAPHS.iter().find(|(code, _)| *code == language).or(PARAGRAPHS.first())?.1;
    let mut lines = lines.iter();
    let (mut text, mut name) = (String::new(), "");
    let (mut headings, mut others) = (Vec::new(), Vec::new());
    for (i, c) in pattern.chars().enumerate() {
        let paragraph = pool[(i * 5 + ordinal * 3) % pool.len()];
        let line = match c {
            '#' | '*' => {
                name = lines.next()?;
                if c == '#' {
                    headings.push(i + 1)
                } else {
                    others.push(i + 1)
                }
                (*name).to_string()
            }
            // About the one whose name is above.
            '&' => format!("{name} {}", pool[0]),
            'B' => "Read more: The winter of the lamps".to_string(),
            _ => paragraph.to_string(),
        };
        text += &line;
        text.push('\n');
    }
    let blocks = prepare(&RawArticle { text: text.clone(), ..RawArticle::default() }).blocks;
    let known = Lines::new(&text, &blocks, None);
    let numbers = LineNumbers::new(&text);
    let mut seen = HashSet::new();
    let truth = known.candidates().iter().map(|&i| {
        let number = numbers.of(blocks[known.block(i)].span.start);
        seen.insert(number);
        (headings.contains(&number) || others.contains(&number)).then(|| headings.contains(&number))
    });
    let truth: Vec<Option<bool>> = truth.collect();
    let local = known.candidates().iter().map(|&i| known.local_values(i)).collect();
    let missed = headings.iter().filter(|number| !seen.contains(number)).count();
    let domain = format!("kind {language} {pattern}");
    Some(Sample { text, blocks, marks: None, tier: "K".into(), domain, form: Form::Tight, local, truth, missed })
}

/// Paragraphs between the lines of the articles of kinds, by language. The first goes on after a name.
const PARAGRAPHS: &[(&str, &[&str])] = &[
    (
        "en",
        &[
            "has lived by the mill for eleven years, writes about bread and lamps, and keeps a goat that the neighbours complain about.",
            "The town council of Skarnes decided on Wednesday to repair the old mill, after a debate that lasted until midnight, and to borrow the money from three banks.",
            "Nobody had expected the vote to be so close. \"We have counted twice,\" the clerk said, \"and it stays at nine to eight.\" Work is to begin when the snow has gone.",
            "Pupils of the upper school carried flour across the bridge for a week, because the road had been closed by the storm and no lorry would take it.",
            "The judge heard eleven witnesses in two days. Most of them remembered the winter, few the key, and one had brought a lamp that nobody could light.",
            "A spokesman for the tram company said that the line would not open before autumn, which traders along the square called a bitter blow to the town.",
            "It was the coldest January for forty years, and the bakery gave away what it could not sell.",
        ],
    ),
    (
        "de",
        &[
            "lebt seit elf Jahren an der Mühle, schreibt über Brot und Lampen und hält eine Ziege, über die sich die Nachbarn beklagen.",
            "Der Stadtrat von Skarnes hat am Mittwoch nach einer Debatte bis Mitternacht beschlossen, die alte Mühle zu reparieren und das Geld bei drei Banken zu leihen.",
            "Niemand hatte erwartet, dass die Abstimmung so knapp ausgehen würde. „Wir haben zweimal gezählt“, sagte der Schriftführer.",
            "Schüler der Oberschule trugen eine Woche lang Mehl über die Brücke, weil der Sturm die Straße gesperrt hatte und kein Wagen es bringen wollte.",
            "Die Richterin hörte in zwei Tagen elf Zeugen. Die meisten erinnerten sich an den Winter, wenige an den Schlüssel.",
        ],
    ),
    (
        "fr",
        &[
            "vit près du moulin depuis onze ans, écrit sur le pain et les lampes, et garde une chèvre dont les voisins se plaignent.",
            "Le conseil municipal de Skarnes a décidé mercredi, après un débat qui a duré jusqu'à minuit, de réparer le vieux moulin et d'emprunter l'argent à trois banques.",
            "Personne ne s'attendait à un vote aussi serré. « Nous avons compté deux fois », a dit le greffier.",
            "Les élèves ont porté de la farine à travers le pont pendant une semaine, parce que la tempête avait coupé la route.",
            "La juge a entendu onze témoins en deux jours. La plupart se souvenaient de l'hiver, peu de la clé.",
        ],
    ),
    (
        "es",
        &[
            "vive junto al molino desde hace once años, escribe sobre pan y lámparas y tiene una cabra de la que se quejan los vecinos.",
            "El ayuntamiento de Skarnes decidió el miércoles, después de un debate que duró hasta la medianoche, reparar el viejo molino y pedir el dinero a tres bancos.",
            "Nadie esperaba una votación tan reñida. «Hemos contado dos veces», dijo el secretario.",
            "Los alumnos llevaron harina por el puente durante una semana, porque la tormenta había cortado la carretera.",
            "La jueza oyó a once testigos en dos días. La mayoría recordaba el invierno, pocos la llave.",
        ],
    ),
];

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

/// F1 of the four-word shingles of a page's sections against those of the gold text, as in Scrapinghub's article extraction
/// benchmark.
fn body_f1(raw: &RawArticle, gold: &str) -> f64 {
    let article = SplitArticle::assemble(raw.clone());
    let sections = article.sections.iter().flat_map(|s| s.heading.iter().chain(&s.paragraphs));
    let text: Vec<&str> = sections.map(|span| &article.text[span.clone()]).collect();
    let shingles = |text: &str| {
        let words: Vec<String> =
            text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_lowercase).collect();
        let mut counts: HashMap<Vec<String>, usize> = HashMap::new();
        words.windows(4.min(words.len().max(1))).for_each(|shingle| *counts.entry(shingle.to_vec()).or_default() += 1);
        counts
    };
    let (ours, theirs) = (shingles(&text.join(" ")), shingles(gold));
    let both: usize = ours.iter().map(|(shingle, n)| *n.min(theirs.get(shingle).unwrap_or(&0))).sum();
    let total: usize = ours.values().sum::<usize>() + theirs.values().sum::<usize>();
    2.0 * both as f64 / total.max(1) as f64
}

/// Letters and digits only, in lower case: the form in which headings of pages are compared.
fn normalised(text: &str) -> String {
    text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ").to_lowercase()
}

fn page_sample(json: &Value, raw: RawArticle) -> Sample {
    let texts = |key: &str| -> HashSet<String> {
        items_of(json, key).iter().filter_map(|item| item["text"].as_str()).map(normalised).collect()
    };
    let (headings, mut ignored) = (texts("headings"), texts("ignore"));
    ignored.insert(normalised(json["title"].as_str().unwrap_or("")));
    let blocks = prepare(&raw).blocks;
    let RawArticle { text, marks, .. } = raw;
    let lines = Lines::new(&text, &blocks, marks.as_deref());
    let mut seen = HashSet::new();
    let truth = lines.candidates().iter().map(|&i| {
        let line = normalised(&text[blocks[lines.block(i)].span.clone()]);
        let is_heading = headings.contains(&line);
        seen.insert(line.clone());
        (is_heading || !ignored.contains(&line)).then_some(is_heading)
    });
    let truth = truth.collect();
    let local = lines.candidates().iter().map(|&i| lines.local_values(i)).collect();
    let missed = headings.difference(&seen).count();
    let (tier, domain) = tier_and_domain(json);
    Sample { text, blocks, marks, tier, domain, form: Form::Page, local, truth, missed }
}

/// The objects of a list of the gold; none if it has no such list.
fn items_of<'j>(json: &'j Value, key: &str) -> &'j [Value] {
    json[key].as_array().map_or(&[], Vec::as_slice)
}

fn tier_and_domain(json: &Value) -> (String, String) {
    let text = |key: &str, default: &str| json[key].as_str().unwrap_or(default).to_string();
    (text("tier", "A"), text("domain", ""))
}

/// Line numbers, in the tight text, of the objects of a list of the gold.
fn line_numbers(json: &Value, key: &str) -> HashSet<usize> {
    items_of(json, key).iter().filter_map(|item| item["line_tight"].as_u64()).map(|n| n as usize).collect()
}

/// The text of an article in a form, and for its lines the numbers of those in the tight text.
fn text_in_form(json: &Value, tight: &str, form: Form, headings: &HashSet<usize>) -> (String, HashMap<usize, usize>) {
    let mut text = String::new();
    let mut tight_number: HashMap<usize, usize> = HashMap::new();
    let mut at = 0;
    let mut push = |text: &mut String, line: &str, number: Option<usize>| {
        at += 1;
        if let Some(number) = number {
            tight_number.insert(at, number);
        }
        text.push_str(line);
        text.push('\n');
    };
    if form == Form::Titled {
        push(&mut text, json["title"].as_str().unwrap_or("Untitled"), None);
    }
    for (i, line) in tight.lines().enumerate() {
        let number = i + 1;
        // One line in ten is an exception, as in real texts.
        let is_exception = xxhash_rust::xxh3::xxh3_64(line.as_bytes()).is_multiple_of(10);
        let is_after_blank = match form {
            Form::Tight | Form::Titled | Form::Broken | Form::Page => false,
            Form::BlankAround => is_exception != (headings.contains(&number) || headings.contains(&i)),
            Form::BlankAbove => !headings.contains(&i) && !is_exception,
        };
        if is_after_blank && i > 0 {
            push(&mut text, "", None);
        }
        let words: Vec<&str> = line.split(' ').collect();
        if form == Form::Broken && is_exception && words.len() > 25 && !headings.contains(&number) {
            // The middle line is as short as a heading; it keeps the number, the others have none.
            let (from, to) = (words.len() / 3, words.len() / 3 + 3 + words.len() % 6);
            push(&mut text, &words[..from].join(" "), None);
            push(&mut text, &words[from..to].join(" "), Some(number));
            push(&mut text, &words[to..].join(" "), None);
        } else {
            push(&mut text, line, Some(number));
        }
    }
    (text, tight_number)
}

fn sample(json: &Value, tight: &str, form: Form) -> Sample {
    let (headings, ignored) = (line_numbers(json, "headings"), line_numbers(json, "ignore"));
    let (text, tight_number) = text_in_form(json, tight, form, &headings);
    let blocks = prepare(&RawArticle { text: text.clone(), ..RawArticle::default() }).blocks;
    let lines = Lines::new(&text, &blocks, None);
    let numbers = LineNumbers::new(&text);
    let mut seen = HashSet::new();
    let truth = lines.candidates().iter().map(|&i| {
        let number = tight_number.get(&numbers.of(blocks[lines.block(i)].span.start)).copied()?;
        seen.insert(number);
        // An ignored first line is a standfirst or a caption, and so not a heading.
        (number == 1 || !ignored.contains(&number)).then(|| headings.contains(&number))
    });
    let truth = truth.collect();
    let local = lines.candidates().iter().map(|&i| lines.local_values(i)).collect();
    let missed = headings.difference(&seen).count();
    let (tier, domain) = tier_and_domain(json);
    Sample { text, blocks, marks: None, tier, domain, form, local, truth, missed }
}

/// Assigns publishers to folds of about equal numbers of articles, the largest publishers first.
fn assign_folds(samples: &[Sample]) -> HashMap<String, usize> {
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

/// A training example: a candidate line.
struct Row {
    /// Indices of the weights that its score is the sum of.
    ones: Vec<u32>,
    /// Is it a heading?
    truth: bool,
    weight: f64,
}

/// Positions of the weights of tables of signals in one vector; the bias follows them.
struct Layout {
    /// For each signal, the index of the weight of its first value.
    starts: Vec<usize>,
    /// Number of weights without the bias.
    total: usize,
}

impl Layout {
    fn new(tables: &[&[Signal]]) -> Layout {
        let mut starts = Vec::new();
        let mut total = 0;
        for signal in tables.iter().flat_map(|table| table.iter()) {
            starts.push(total);
            total += signal.num_values();
        }
        Layout { starts, total }
    }

    /// Indices of the weights of a line, given the values of its signals.
    fn ones<'v>(&self, values: impl Iterator<Item = &'v u8>) -> Vec<u32> {
        let present = values.zip(&self.starts).filter(|(value, _)| **value != NO_VALUE);
        let mut ones: Vec<u32> = present.map(|(&value, &start)| (start + usize::from(value)) as u32).collect();
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

    fn probability<'v>(&self, values: impl Iterator<Item = &'v u8>) -> f64 {
        sigmoid(self.layout.ones(values).iter().map(|&one| self.weights[one as usize]).sum())
    }
}

/// Centres the weights of every signal that applies to all lines on their mean over the lines, and adds the mean to the
/// bias. The model does not change, and each weight becomes the difference from an average line.
fn centre(layout: &Layout, rows: &[Row], weights: &mut [f64]) {
    // For each weight, the total weight of the rows that use it.
    let mut usage = vec![0.0; weights.len()];
    for row in rows {
        row.ones.iter().for_each(|&one| usage[one as usize] += row.weight);
    }
    let all = usage[layout.total];
    let ends = layout.starts.iter().skip(1).copied().chain([layout.total]);
    for (&start, end) in layout.starts.iter().zip(ends) {
        let signal_usage: f64 = usage[start..end].iter().sum();
        if (signal_usage - all).abs() < all * 1e-9 {
            let mean = (start..end).map(|i| usage[i] * weights[i]).sum::<f64>() / all;
            weights[start..end].iter_mut().for_each(|weight| *weight -= mean);
            weights[layout.total] += mean;
        }
    }
}

fn sigmoid(score: f64) -> f64 {
    1.0 / (1.0 + (-score).exp())
}

/// Minimises a function, given with its gradient, by L-BFGS with a backtracking line search.
fn minimise(mut at: Vec<f64>, objective: impl Fn(&[f64]) -> (f64, Vec<f64>)) -> Vec<f64> {
    const MEMORY: usize = 12;
    const MAX_STEPS: usize = 150;
    fn dot(a: &[f64], b: &[f64]) -> f64 {
        a.iter().zip(b).map(|(x, y)| x * y).sum()
    }
    let (mut loss, mut gradient) = objective(&at);
    let mut memory: Vec<(Vec<f64>, Vec<f64>, f64)> = Vec::new();
    for _ in 0..MAX_STEPS {
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

/// The regressions of both rounds.
struct Model {
    first: Regression,
    second: Regression,
}

/// Weight of each line of an article: higher for gold checked by hand, lower in long articles.
fn weight(sample: &Sample) -> f64 {
    let tier = match sample.tier.as_str() {
        "A" => 2.0,
        "B" => 1.5,
        // Few articles stand for many of their kind.
        "K" => 2.0,
        _ => 1.0,
    };
    tier * sample.form.weight() * (20.0 / sample.local.len().max(8) as f64).sqrt()
}

/// The candidates of the chosen articles whose truth is known.
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
        // Values of the second round from a first round fitted to the other folds.
        let mut global: HashMap<usize, Vec<Values>> = HashMap::new();
        for fold in 0..INNER_FOLDS {
            let (test, train): (Vec<usize>, Vec<usize>) = chosen.iter().partition(|&&i| inner(i) == fold);
            let regression = first_of(&train);
            for i in test {
                global.insert(i, global_values(&samples[i], &regression));
            }
        }
        let layout = Layout::new(&[LOCAL, GLOBAL]);
        let both = rows(samples, chosen, |i, at| layout.ones(samples[i].local[at].iter().chain(&global[&i][at])));
        Model { first: first_of(chosen), second: Regression::fit(layout, &both, STRENGTH[1]) }
    }

    fn judge(&self, sample: &Sample) -> Vec<f64> {
        let global = global_values(sample, &self.first);
        sample
            .local
            .iter()
            .zip(&global)
            .map(|(local, global)| self.second.probability(local.iter().chain(global)))
            .collect()
    }

    fn source(&self) -> Result<String> {
        let mut out = String::from(
            "//! Weights of the heading model, written by `examples/fit_headings.rs`. Not to be edited by hand.\n\n",
        );
        let bias = |regression: &Regression| regression.weights[regression.layout.total];
        writeln!(out, "pub(super) const LOCAL_BIAS: f32 = {:?};", round(bias(&self.first)))?;
        writeln!(out, "pub(super) const GLOBAL_BIAS: f32 = {:?};", round(bias(&self.second)))?;
        let mut table = |name: &str, doc: &str, signals: &[Signal], weights: &[f64]| -> Result<()> {
            writeln!(out, "\n/// {doc}\n#[rustfmt::skip]\npub(super) const {name}: &[&[f32]] = &[")?;
            let mut at = 0;
            for signal in signals {
                let values: Vec<String> =
                    weights[at..at + signal.num_values()].iter().map(|&w| format!("{:?}", round(w))).collect();
                writeln!(out, "    // {}", signal.name)?;
                for (i, line) in values.chunks(16).enumerate() {
                    let last = (i + 1) * 16 >= values.len();
                    let (open, close) = (if i == 0 { "&[" } else { "  " }, if last { "]," } else { "," });
                    writeln!(out, "    {open}{}{close}", line.join(", "))?;
                }
                at += signal.num_values();
            }
            writeln!(out, "];")?;
            Ok(())
        };
        let split = self.first.layout.total;
        table("LOCAL", "First round.", LOCAL, &self.first.weights)?;
        table("LOCAL_SECOND", "Second round, the signals of the first.", LOCAL, &self.second.weights[..split])?;
        table("GLOBAL", "Second round, its own signals.", GLOBAL, &self.second.weights[split..])?;
        Ok(out)
    }
}

fn round(weight: f64) -> f32 {
    ((weight * 100.0).round() / 100.0) as f32 + 0.0
}

/// Values of the signals of the second round for an article, after the first round `first`.
fn global_values(sample: &Sample, first: &Regression) -> Vec<Values> {
    let first_round: Vec<f32> = sample.local.iter().map(|values| first.probability(values.iter()) as f32).collect();
    Lines::new(&sample.text, &sample.blocks, sample.marks.as_deref()).global_values(&first_round)
}

/// Counts of right, wrong and missed headings, and of articles.
#[derive(Default)]
struct Scores {
    right: usize,
    wrong: usize,
    missed: usize,
    articles: usize,
    /// Articles without an error.
    exact: usize,
    /// Articles without a heading.
    plain: usize,
    /// Articles without a heading in which none was found.
    clean: usize,
}

impl Scores {
    fn add(&mut self, sample: &Sample, probabilities: &[f64]) {
        let (mut right, mut wrong, mut missed) = (0, 0, sample.missed);
        for (truth, probability) in sample.truth.iter().zip(probabilities) {
            match (truth, *probability > THRESHOLD) {
                (Some(true), true) => right += 1,
                (Some(false), true) => wrong += 1,
                (Some(true), false) => missed += 1,
                _ => {}
            }
        }
        self.articles += 1;
        self.exact += usize::from(wrong + missed == 0);
        self.plain += usize::from(right + missed == 0);
        self.clean += usize::from(right + missed + wrong == 0);
        self.right += right;
        self.wrong += wrong;
        self.missed += missed;
    }

    fn print(&self, form: &str, tier: &str) {
        let precision = self.right as f64 / (self.right + self.wrong).max(1) as f64;
        let recall = self.right as f64 / (self.right + self.missed).max(1) as f64;
        let f1 = 2.0 * precision * recall / (precision + recall).max(1e-9);
        print!(
            "  {form:12} {tier} {:4} articles  P {precision:.3} R {recall:.3} F1 {f1:.3} exact {:.3}",
            self.articles,
            self.exact as f64 / self.articles as f64
        );
        if self.plain > 0 {
            print!(" clean {:.3}", self.clean as f64 / self.plain as f64);
        }
        println!();
    }
}

/// Prints the scores for each form and tier.
fn report(samples: &[Sample], judged: &[Vec<f64>]) {
    for (form, name) in [
        (Form::Tight, "tight"),
        (Form::Titled, "titled"),
        (Form::BlankAround, "blank around"),
        (Form::BlankAbove, "blank above"),
        (Form::Broken, "broken"),
        (Form::Page, "page"),
    ] {
        for tier in ["A", "B", "M", "K"] {
            let mut scores = Scores::default();
            for (sample, judged) in samples.iter().zip(judged).filter(|(s, _)| s.tier == tier && s.form == form) {
                scores.add(sample, judged);
            }
            if scores.articles > 0 {
                scores.print(name, tier);
            }
        }
    }
}
