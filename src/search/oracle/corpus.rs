//! Random articles, an index made of them, and what the oracle knows of both.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::PathBuf;

use crate::index::Index;
use crate::index::document::FEWEST_LEDE_WORDS;
use crate::index::sync::{SyncOptions, sync};
use crate::search::{SearchOptions, Searcher};

/// Random numbers from a seed (SplitMix64: Steele, Lea, Flood, 2014).
pub(super) struct Random(pub(super) u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
    pub(super) fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }
    pub(super) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
    pub(super) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

/// Words as written, folded, and the word that they are forms of.
pub(super) const WORDS: &[(&str, &str, &str)] = &[
    ("strike", "strike", "strike"),
    ("strikes", "strikes", "strike"),
    ("striking", "striking", "strike"),
    ("oil", "oil", "oil"),
    ("oils", "oils", "oil"),
    ("the", "the", "the"),
    ("of", "of", "of"),
    ("nurse", "nurse", "nurse"),
    ("nurses", "nurses", "nurse"),
    ("elysee", "elysee", "elysee"),
    ("élysée", "elysee", "elysee"),
    ("Élysée", "elysee", "elysee"),
    ("Halden", "halden", "halden"),
    ("halden", "halden", "halden"),
    ("RICO", "rico", "rico"),
    ("Rico", "rico", "rico"),
    ("iPhone", "iphone", "iphone"),
    ("港", "港", "港"),
    ("Москва", "москва", "москва"),
];

#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) raw: String,
    pub(super) folded: String,
    pub(super) stem: String,
    pub(super) sentence: usize,
    pub(super) paragraph: usize,
    /// Ordinal of its passage, once the index was asked.
    pub(super) passage: usize,
    /// Is it the first part of a compound, with a hyphen after it?
    pub(super) is_hyphenated: bool,
}

/// The parts of a compound, and how others write it.
pub(super) const COMPOUND: [&str; 3] = ["e", "oil", "eoil"];

impl Token {
    fn new((raw, folded, stem): (&str, &str, &str)) -> Token {
        let (raw, folded, stem) = (raw.into(), folded.into(), stem.into());
        Token { raw, folded, stem, sentence: 0, paragraph: 0, passage: 0, is_hyphenated: false }
    }
}

#[derive(Clone, Debug, Default)]
pub(super) struct Section {
    pub(super) heading: Vec<Token>,
    pub(super) level: u64,
    pub(super) tokens: Vec<Token>,
    /// Position of its first token in the article.
    pub(super) first: u32,
}

#[derive(Clone, Debug)]
pub(super) struct Article {
    pub(super) title: Vec<Token>,
    pub(super) sections: Vec<Section>,
    /// Date of publication, `2024-05-17`.
    pub(super) date: Option<String>,
    /// Number of words of the lede.
    pub(super) lede: u32,
    /// The Markdown of its file.
    pub(super) text: String,
}

/// The words of `tokens` as they are written.
pub(super) fn raw(tokens: &[Token]) -> String {
    let mut text = String::new();
    for (i, token) in tokens.iter().enumerate() {
        let is_last = i + 1 == tokens.len();
        let _ = write!(
            text,
            "{}{}",
            token.raw,
            if token.is_hyphenated {
                "-"
            } else if is_last {
                ""
            } else {
                " "
            }
        );
    }
    text
}

/// How articles are drawn.
pub(super) struct Style {
    /// Running sums of the weights of [`WORDS`].
    weights: Vec<usize>,
    max_sections: usize,
    /// Are there compounds?
    has_compounds: bool,
}

impl Style {
    /// Up to three sections, all words equally often.
    pub(super) fn small() -> Style {
        Style { weights: (1..=WORDS.len()).collect(), max_sections: 3, has_compounds: true }
    }

    /// Up to six sections. Each word is 0.7 times as frequent as the one before it in a random order: some are in nearly
    /// every passage, some in a few of the whole corpus.
    pub(super) fn large(random: &mut Random) -> Style {
        const MOST: f64 = 10_000.0;
        let mut order: Vec<usize> = (0..WORDS.len()).collect();
        for i in (1..order.len()).rev() {
            order.swap(i, random.below(i + 1));
        }
        let mut sum = 0;
        let weights = order.iter().map(|&rank| {
            sum += (MOST * 0.7f64.powi(rank as i32)) as usize + 1;
            sum
        });
        Style { weights: weights.collect(), max_sections: 6, has_compounds: false }
    }

    fn token(&self, random: &mut Random, capital: bool) -> Token {
        let at = random.below(self.weights[WORDS.len() - 1]);
        let mut token = Token::new(WORDS[self.weights.partition_point(|&end| end <= at)]);
        let raw = &mut token.raw;
        if capital && raw.is_ascii() && raw.starts_with(|c: char| c.is_lowercase()) && raw != "iPhone" {
            raw[..1].make_ascii_uppercase();
        }
        token
    }

    fn line(&self, random: &mut Random, most: usize) -> Vec<Token> {
        let count = 1 + random.below(most);
        (0..count).map(|i| self.token(random, i == 0)).collect()
    }

    fn title(&self, random: &mut Random) -> Vec<Token> {
        let mut title = self.line(random, 5);
        // No heading is the title again.
        title.push(Token::new(("today", "today", "today")));
        title
    }

    pub(super) fn article(&self, random: &mut Random) -> Article {
        let title = self.title(random);
        let date = random
            .chance(80)
            .then(|| format!("20{}-{:02}-{}", 20 + random.below(5), 1 + random.below(12), 10 + title.len()));
        let (mut sections, mut sentence, mut paragraph) = (Vec::new(), 0, 0);
        for number in 0..1 + random.below(self.max_sections) {
            let mut section = Section::default();
            if number > 0 || random.chance(30) {
                section.heading = self.line(random, 3);
                section.level = 1 + random.below(3) as u64;
            }
            for _ in 0..1 + random.below(3) {
                // Some paragraphs are passages of their own, some are cut into several.
                let wanted = match random.below(10) {
                    0 => 230,
                    1 | 2 => 70,
                    // The first paragraph must not look like a byline or another line of facts.
                    _ if number == 0 && section.tokens.is_empty() => 25,
                    _ => 3 + random.below(15),
                };
                let before = section.tokens.len();
                while section.tokens.len() - before < wanted {
                    let words = self.sentence(random);
                    section.tokens.extend(words.into_iter().map(|word| Token { sentence, paragraph, ..word }));
                    sentence += 1;
                }
                paragraph += 1;
            }
            sections.push(section);
        }
        Article::new(title, sections, date)
    }

    /// A sentence that begins and ends with words that leave no doubt of it.
    fn sentence(&self, random: &mut Random) -> Vec<Token> {
        let count = 3 + random.below(9);
        let mut words = Vec::new();
        for i in 0..count {
            let word = self.token(random, i == 0);
            if self.has_compounds && i > 0 && i + 1 < count && random.chance(5) {
                let [first, second] = [0, 1].map(|part| Token::new((COMPOUND[part], COMPOUND[part], COMPOUND[part])));
                words.extend([Token { is_hyphenated: true, ..first }, second]);
                continue;
            }
            words.push(if (i == 0 || i + 1 == count) && !word.raw.is_ascii() {
                Token::new(("Oil", "oil", "oil"))
            } else if i == 0 && word.raw == "iPhone" {
                Token::new(("The", "the", "the"))
            } else {
                word
            });
        }
        words
    }

    /// A reprint: the same bytes, or another title and date, and one word in forty is another one.
    pub(super) fn reprint(&self, random: &mut Random, original: &Article) -> Article {
        if random.chance(20) {
            return original.clone();
        }
        let mut sections = original.sections.clone();
        for section in &mut sections {
            for i in 1..section.tokens.len().saturating_sub(1) {
                let sentence = section.tokens[i].sentence;
                let is_inside =
                    section.tokens[i - 1].sentence == sentence && section.tokens[i + 1].sentence == sentence;
                if is_inside && random.below(40) == 0 {
                    let Token { paragraph, passage, .. } = section.tokens[i];
                    section.tokens[i] = Token { sentence, paragraph, passage, ..self.token(random, false) };
                }
            }
        }
        let date = random.chance(80).then(|| format!("2025-{:02}-17", 1 + random.below(12)));
        Article::new(self.title(random), sections, date)
    }
}

impl Article {
    fn new(title: Vec<Token>, mut sections: Vec<Section>, date: Option<String>) -> Article {
        let mut text = format!("---\ntitle: \"{}\"\nlang: en\n", raw(&title));
        if let Some(date) = &date {
            let _ = writeln!(text, "date: {date}");
        }
        text.push_str("---\n\n");
        let mut position = 0;
        for section in &mut sections {
            section.first = position;
            position += section.tokens.len() as u32;
            if !section.heading.is_empty() {
                let _ = write!(text, "{} {}\n\n", "#".repeat(section.level as usize), raw(&section.heading));
            }
            for paragraph in section.tokens.chunk_by(|a, b| a.paragraph == b.paragraph) {
                for sentence in paragraph.chunk_by(|a, b| a.sentence == b.sentence) {
                    let _ = write!(text, "{}. ", raw(sentence));
                }
                text.push_str("\n\n");
            }
        }
        let mut lede = 0;
        for paragraph in sections[0].tokens.chunk_by(|a, b| a.paragraph == b.paragraph) {
            if lede >= FEWEST_LEDE_WORDS {
                break;
            }
            lede += paragraph.len();
        }
        Article { title, sections, date, lede: lede as u32, text }
    }

    /// Number of words of its body.
    pub(super) fn words(&self) -> usize {
        self.sections.iter().map(|section| section.tokens.len()).sum()
    }
}

/// Passages of one article, as (section, passage).
pub(super) type Passages = BTreeSet<(usize, usize)>;

/// An article of the index, and how it was cut.
pub(super) struct Known {
    pub(super) article: Article,
    pub(super) passages: Passages,
    /// Number of its lines that are boilerplate, such as its front matter.
    pub(super) boilerplate: usize,
}

/// Articles, the index made of them, and the numbers by which the oracle knows them.
pub(super) struct Corpus {
    pub(super) articles: BTreeMap<usize, Known>,
    pub(super) index: Index,
    /// Number of runs that wrote to the index.
    pub(super) runs: usize,
    style: Style,
    pub(super) texts: PathBuf,
    _folder: tempfile::TempDir,
}

impl Corpus {
    fn empty(style: Style) -> Corpus {
        let folder = tempfile::tempdir().expect("a folder");
        let texts = folder.path().join("articles");
        std::fs::create_dir(&texts).expect("a folder");
        let index = Index::open_or_create(&folder.path().join("index")).expect("an index");
        Corpus { articles: BTreeMap::new(), index, runs: 0, style, texts, _folder: folder }
    }

    /// Eight articles in one segment.
    pub(super) fn small(random: &mut Random) -> Corpus {
        let mut corpus = Corpus::empty(Style::small());
        for number in 0..8 {
            corpus.put(number, corpus.style.article(random));
        }
        corpus.sync();
        corpus.ask_for_passages();
        corpus
    }

    /// 80 articles in three segments; in each of them reprints of articles before.
    pub(super) fn in_three_segments(random: &mut Random) -> Corpus {
        let corpus = Corpus::large(random, &[50, 15, 15]);
        let (segments, deleted) = corpus.segments();
        assert_eq!((segments.len(), deleted), (3, 0), "a segment a run");
        corpus
    }

    /// The same; then some articles were changed, some removed: their documents are still in the segments.
    pub(super) fn with_deletes(random: &mut Random) -> Corpus {
        let mut corpus = Corpus::in_three_segments(random);
        corpus.change(random, &[3, 11, 19, 28, 44, 52, 70], &[0, 7, 30, 49, 66]);
        let (segments, deleted) = corpus.segments();
        assert!(segments.len() == 4 && deleted > 10, "{segments:?}, {deleted} deleted documents");
        corpus
    }

    /// Segments of eight runs that were merged into one.
    pub(super) fn merged(random: &mut Random) -> Corpus {
        let corpus = Corpus::large(random, &[40, 5, 5, 5, 5, 5, 5, 5]);
        let (segments, deleted) = corpus.segments();
        assert_eq!((segments.len(), deleted), (1, 0), "they were merged");
        corpus
    }

    /// Articles were removed before segments were merged, and after.
    pub(super) fn merged_with_deletes(random: &mut Random) -> Corpus {
        let mut corpus = Corpus::large(random, &[40, 5, 5, 5, 5]);
        corpus.change(random, &[1, 8], &[5, 16]);
        corpus.change(random, &[2], &[12]);
        assert!(corpus.segments().1 > 0, "deleted documents");
        corpus.change(random, &[9], &[13]);
        let (segments, deleted) = corpus.segments();
        assert_eq!((segments.len(), deleted), (1, 0), "they were merged without what was deleted");
        corpus.change(random, &[3, 21], &[14, 22, 41]);
        let (segments, deleted) = corpus.segments();
        assert!(segments.len() == 2 && deleted > 0, "{segments:?}, {deleted} deleted documents");
        corpus
    }

    /// The same articles in a new index, of another folder.
    pub(super) fn rebuilt(&self) -> Corpus {
        let mut fresh = Corpus::empty(Style::small());
        for (&number, known) in &self.articles {
            fresh.put(number, known.article.clone());
        }
        fresh.sync();
        fresh.ask_for_passages();
        fresh
    }

    /// Articles, written in runs of these lengths.
    fn large(random: &mut Random, runs: &[usize]) -> Corpus {
        /// Least number of words of an article of which reprints are made: their texts are compared word by word.
        const LONG: usize = 150;
        let mut corpus = Corpus::empty(Style::large(random));
        for &run in runs {
            for _ in 0..run {
                let number = corpus.articles.len();
                let long: Vec<&Article> =
                    corpus.articles.values().map(|known| &known.article).filter(|one| one.words() >= LONG).collect();
                let article = if number % 6 == 5 && !long.is_empty() {
                    let original = *random.pick(&long);
                    corpus.style.reprint(random, original)
                } else {
                    corpus.style.article(random)
                };
                corpus.put(number, article);
            }
            corpus.sync();
        }
        corpus.ask_for_passages();
        corpus
    }

    /// Changes some articles, removes others.
    fn change(&mut self, random: &mut Random, changed: &[usize], removed: &[usize]) {
        for &number in changed {
            self.put(number, self.style.article(random));
        }
        for number in removed {
            self.articles.remove(number).expect("it was there");
            std::fs::remove_file(self.texts.join(format!("{number}.md"))).expect("it was there");
        }
        self.sync();
        self.ask_for_passages();
    }

    /// An index of these texts alone.
    pub(super) fn of_texts(texts: &[&str]) -> Corpus {
        let corpus = Corpus::empty(Style::small());
        for (number, text) in texts.iter().enumerate() {
            std::fs::write(corpus.texts.join(format!("{number}.md")), text).expect("a file");
        }
        sync(&corpus.index, std::slice::from_ref(&corpus.texts), &SyncOptions::default()).expect("indexed");
        corpus
    }

    fn put(&mut self, number: usize, article: Article) {
        std::fs::write(self.texts.join(format!("{number}.md")), &article.text).expect("a file");
        self.articles.insert(number, Known { article, passages: Passages::new(), boilerplate: 0 });
    }

    fn sync(&mut self) {
        let report = sync(&self.index, std::slice::from_ref(&self.texts), &SyncOptions::default()).expect("indexed");
        assert_eq!(report.articles, self.articles.len() as u64);
        self.runs += 1;
    }

    /// Documents of each segment, and how many of all are deleted.
    pub(super) fn segments(&self) -> (Vec<u32>, u32) {
        let (_, searcher) = self.index.snapshot().expect("a commit");
        let readers = searcher.segment_readers();
        let deleted = readers.iter().map(|reader| reader.num_deleted_docs()).sum();
        (readers.iter().map(|reader| reader.max_doc()).collect(), deleted)
    }

    /// Asks the index how sections were cut into passages, which is the splitter's matter, and tested there.
    fn ask_for_passages(&mut self) {
        let searcher = Searcher::of(&self.index).expect("open");
        let all = searcher.search("path:md", &everything()).expect("valid");
        let mut passages: BTreeMap<usize, BTreeMap<usize, (usize, usize)>> = BTreeMap::new();
        for hit in &all.hits {
            let words = crate::text::Words::new(&hit.passage.words()).count();
            let of_article = passages.entry(number_of(&hit.article.path)).or_default();
            of_article.insert(hit.passage.ordinal as usize, (hit.passage.section as usize, words));
        }
        assert!(passages.keys().eq(self.articles.keys()), "the index has the articles that there are");
        for (known, passages) in self.articles.values_mut().zip(passages.into_values()) {
            let mut at = vec![0; known.article.sections.len()];
            for (&ordinal, &(section, words)) in &passages {
                let tokens = &mut known.article.sections[section].tokens;
                let end = (at[section] + words).min(tokens.len());
                tokens[at[section]..end].iter_mut().for_each(|token| token.passage = ordinal);
                at[section] = end;
            }
            for (section, &end) in known.article.sections.iter().zip(&at) {
                assert_eq!(section.tokens.len(), end, "passages cover the sections of {}", known.article.text);
            }
            known.passages = passages.iter().map(|(&ordinal, &(section, _))| (section, ordinal)).collect();
            known.boilerplate = 0;
        }
        let boilerplate = searcher.search("is:boilerplate", &everything()).expect("valid");
        for hit in &boilerplate.hits {
            let known = self.articles.get_mut(&number_of(&hit.article.path)).expect("an article that there is");
            known.boilerplate += 1;
        }
    }
}

/// Options that leave no hit out.
pub(super) fn everything() -> SearchOptions {
    SearchOptions {
        limit: 10_000,
        per_article: 10_000,
        strict: true,
        ungroup: true,
        timeout: None,
        max_spans: usize::MAX,
        ..SearchOptions::default()
    }
}

/// The number of the article of a file.
pub(super) fn number_of(path: &str) -> usize {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.trim_end_matches(".md").parse().expect("a number")
}
