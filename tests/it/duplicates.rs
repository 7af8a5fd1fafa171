//! Reprints: wire copy edited as newspapers do is one story, and different stories are not.

use std::collections::{BTreeMap, BTreeSet};

use crosshead::internals::signature::{signature, word_hash};
use serde_json::Value;

use crate::util::TestDir;

/// Pseudo-random numbers from a seed.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n
    }
    fn word(&mut self) -> String {
        const PARTS: [&str; 24] = [
            "ba", "co", "di", "fu", "ga", "he", "jo", "ka", "lu", "mi", "no", "pe", "qua", "ri", "so", "tu", "va",
            "we", "xe", "yo", "zu", "sta", "tri", "plo",
        ];
        (0..2 + self.below(2)).map(|_| PARTS[self.below(24)]).collect()
    }
}

/// An invented article: paragraphs of sentences of invented words.
fn article(random: &mut Random) -> Vec<Vec<String>> {
    (0..5 + random.below(4))
        .map(|_| {
            (0..2 + random.below(3))
                .map(|_| (0..8 + random.below(10)).map(|_| random.word()).collect::<Vec<_>>().join(" "))
                .collect()
        })
        .collect()
}

fn text(title: &str, paragraphs: &[Vec<String>]) -> String {
    let body: Vec<String> = paragraphs.iter().map(|sentences| format!("{}.", sentences.join(". "))).collect();
    format!("---\ntitle: {title}\n---\n\n{}\n", body.join("\n\n"))
}

/// Edits wire copy as a newspaper does. Every kind of edit keeps more than 70 % of the words.
fn reprint(random: &mut Random, kind: usize, paragraphs: &[Vec<String>]) -> Vec<Vec<String>> {
    let mut out = paragraphs.to_vec();
    match kind {
        // Cut from the bottom.
        0 => _ = out.pop(),
        // A new lede.
        1 => out[0][0] = (0..12).map(|_| random.word()).collect::<Vec<_>>().join(" "),
        // Another byline, a correction.
        2 => {
            out.insert(0, vec!["By our own reporter".into()]);
            out.push(vec!["This story was corrected on Monday".into(), "It first gave another number".into()]);
        }
        // Some words replaced.
        3 => {
            for sentence in out.iter_mut().flatten() {
                if random.below(3) == 0 {
                    let mut words: Vec<&str> = sentence.split(' ').collect();
                    let at = random.below(words.len());
                    words[at] = "ninety";
                    *sentence = words.join(" ");
                }
            }
        }
        // Errors of character recognition.
        _ => {
            for sentence in out.iter_mut().flatten() {
                if random.below(3) == 0 {
                    *sentence = sentence.replacen('o', "0", 1);
                }
            }
        }
    }
    out
}

/// Pairs of articles that are grouped.
fn groups(dir: &TestDir) -> BTreeSet<(String, String)> {
    let run = dir.run(&["search", "--json", "-n", "10000", "--per-article", "1", "--ungroup", "title:*"]);
    let mut out = BTreeSet::new();
    for line in run.stdout.lines() {
        let hit: Value = serde_json::from_str(line).expect("JSON");
        let path = hit["path"].as_str().unwrap_or_default().to_string();
        for other in hit["duplicates"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            let (a, b) = (path.clone(), other.to_string());
            out.insert(if a < b { (a, b) } else { (b, a) });
        }
    }
    out
}

#[test]
fn reprints_are_grouped_and_other_stories_are_not() {
    let dir = TestDir::new();
    let mut random = Random(7);
    let mut expected = BTreeSet::new();
    for i in 0..60 {
        let original = article(&mut random);
        dir.write(&format!("news/{i:02}.md"), text(&format!("Story {i}"), &original));
        let kind = i % 6;
        if kind < 5 {
            let copy = reprint(&mut random, kind, &original);
            dir.write(&format!("news/{i:02}-copy.md"), text(&format!("Another headline {i}"), &copy));
            expected.insert((format!("news/{i:02}-copy.md"), format!("news/{i:02}.md")));
        } else {
            // A fifth in common: one paragraph of background.
            let mut other = article(&mut random);
            other[1] = original[1].clone();
            dir.write(&format!("news/{i:02}-other.md"), text(&format!("Other {i}"), &other));
        }
    }
    // Briefs from one template.
    for i in 0..20 {
        let text = format!(
            "The mill of {} made {} crowns this week, {} last week. Shares rose by {} per cent.",
            random.word(),
            i * 7,
            i * 3,
            i
        );
        dir.write(&format!("news/brief-{i}.md"), format!("---\ntitle: Brief {i}\n---\n\n{text}\n"));
    }
    // Articles of nothing but dates and bylines, or a headline.
    for (name, text) in [
        ("empty-1", "Jun 23, 2016 12:00 pm\nBy Jo Strand and Mary Berg\n"),
        ("empty-2", "May 18, 2009 1:32 pm\nBy Ole Vik\n"),
        ("headline-1", "---\ntitle: Weather\n---\n"),
        ("headline-2", "---\ntitle: Weather\ndate: 2019-05-02\n---\n"),
    ] {
        dir.write(&format!("news/{name}.md"), text);
    }
    assert_eq!(dir.run(&["index", "news"]).code, 0);
    let found = groups(&dir);
    let right = found.intersection(&expected).count();
    let (wrong, missed) = (found.len() - right, expected.len() - right);
    assert!(wrong == 0 && missed <= 1, "{wrong} wrong, {missed} missed of {}", expected.len());
}

#[test]
fn halves_of_a_story_are_not_grouped() {
    let dir = TestDir::new();
    let mut random = Random(11);
    let mut story = article(&mut random);
    story.extend(article(&mut random));
    let half = story.len() / 2;
    dir.write("news/whole.md", text("The whole", &story));
    dir.write("news/first.md", text("The first half", &story[..half]));
    dir.write("news/second.md", text("The second half", &story[half..]));
    dir.run(&["index", "news"]).ends(0);
    let found = groups(&dir);
    assert!(found.len() <= 1 && !found.contains(&("news/first.md".into(), "news/second.md".into())), "{found:?}");
}

/// Pairs of articles with from none to all words in common. Signatures alone misjudge some pairs near the limits. The
/// groups do not depend on whether articles were indexed in one run or in several.
#[test]
fn articles_with_little_in_common_are_never_grouped() {
    let (dir, later) = (TestDir::new(), TestDir::new());
    let mut random = Random(29);
    let mut shares = BTreeMap::new();
    for i in 0..400 {
        let words: Vec<String> = (0..200).map(|_| random.word()).collect();
        let kept = random.below(201);
        // As long as the first, or its beginning.
        let own = if i % 2 == 0 { 200 - kept } else { 0 };
        let (start, end) = (format!("news/{i:03}-a.md"), format!("news/{i:03}-b.md"));
        let other = [&words[..kept], &(0..own).map(|_| random.word()).collect::<Vec<_>>()].concat();
        for (path, words) in [(&start, &words), (&end, &other)] {
            let lines: Vec<String> = words.chunks(20).map(|line| line.join(" ")).collect();
            let text = format!("---\ntitle: Story {path}\n---\n\n{}.\n", lines.join(".\n\n"));
            dir.write(path, &text);
            later.write(path, &text);
        }
        if i % 100 == 50 {
            later.run(&["index", "news"]).ends(0);
        }
        shares.insert((start, end), kept as f64 / 200.0);
    }
    dir.run(&["index", "news"]).ends(0);
    let found = groups(&dir);
    let share = |pair: &(String, String)| shares.get(pair).copied().unwrap_or(0.0);
    let wrong: Vec<_> = found.iter().filter(|pair| share(pair) < 0.3).collect();
    assert_eq!(wrong, Vec::<&(String, String)>::new());
    let missed = shares.iter().filter(|(pair, share)| **share > 0.7 && !found.contains(*pair)).count();
    assert!(missed <= 2, "{missed} missed");
    later.run(&["index", "news"]).ends(0);
    assert_eq!(found, groups(&later));
}

/// The share of two texts is not taken from an earlier run if one of them changed, even if its signature did not.
#[test]
fn edits_that_keep_the_signature_count() {
    let dir = TestDir::new();
    let mut random = Random(31);
    let text = |words: &[String]| {
        let lines: Vec<String> = words.chunks(20).map(|line| line.join(" ")).collect();
        format!("---\ntitle: Story\n---\n\n{}.\n", lines.join(".\n\n"))
    };
    let of = |words: &[String]| signature(&words.iter().map(|word| word_hash(word)).collect::<Vec<_>>(), "");
    let mut edited = Vec::new();
    for i in 0..4 {
        let words: Vec<String> = (0..1_500).map(|_| random.word()).collect();
        let own: Vec<String> = (0..500).map(|_| random.word()).collect();
        let mut other = [&words[..1_000], &own].concat();
        dir.write(&format!("news/{i}-a.md"), text(&words));
        dir.write(&format!("news/{i}-b.md"), text(&other));
        let before = of(&other);
        for at in 0..800 {
            let was = std::mem::replace(&mut other[at], random.word());
            if of(&other) != before {
                other[at] = was;
            }
        }
        edited.push((format!("news/{i}-b.md"), text(&other)));
    }
    dir.run(&["index", "news"]).ends(0);
    assert_ne!(groups(&dir), BTreeSet::new());
    for (path, text) in edited {
        dir.write(&path, text);
    }
    dir.run(&["index", "news"]).ends(0);
    assert_eq!(groups(&dir), BTreeSet::new());
}

/// Texts are compared where signatures do not decide. A text that cannot be read does not end the run.
#[test]
fn damaged_texts_do_not_end_a_run() {
    let dir = TestDir::new();
    let mut random = Random(37);
    for i in 0..20 {
        let words: Vec<String> = (0..200).map(|_| random.word()).collect();
        let other: Vec<String> = words[..120].iter().cloned().chain((0..80).map(|_| random.word())).collect();
        for (name, words) in [("a", &words), ("b", &other)] {
            dir.write(&format!("news/{i}-{name}.txt"), format!("Story {i}\n\n{}.\n", words.join(" ")));
        }
    }
    dir.run(&["index", "news"]).ends(0);
    let found = groups(&dir);
    assert_ne!(found, BTreeSet::new());
    let state = dir.path("index/state-1");
    let forget = || {
        for name in ["duplicates.bin", "shares.bin"] {
            std::fs::remove_file(state.join(name)).expect("removed");
        }
    };
    forget();
    let files = std::fs::read_dir(&state).expect("the state").flatten().map(|entry| entry.path());
    let store = files.into_iter().find(|path| path.extension().is_some_and(|end| end == "store")).expect("a store");
    let whole = std::fs::read(&store).expect("read");
    for byte in [0x00, 0x01, 0x07] {
        let mut damaged = whole.clone();
        damaged[..whole.len() / 2].fill(byte);
        std::fs::write(&store, damaged).expect("written");
        dir.run(&["index", "news"]).ends(0).says(&["nothing changed"]);
        dir.run(&["search", "story"]).ends(2).says(&["is damaged", "--rebuild"]);
        std::fs::write(&store, &whole).expect("written");
        // Texts that could not be compared are compared by the next run.
        std::fs::remove_file(state.join("duplicates.bin")).expect("removed");
        dir.run(&["index", "news"]).ends(0).says(&["nothing changed"]);
        assert_eq!(groups(&dir), found);
        forget();
    }
}

#[test]
fn results_show_a_story_once_and_list_its_reprints() {
    let dir = TestDir::new();
    let mut random = Random(3);
    let story = article(&mut random);
    let word = story[2][0].split(' ').next().unwrap_or_default().to_string();
    let facts = |date: &str, source: &str| format!("---\ntitle: The story\ndate: {date}\nsource: {source}\n---");
    let body = text("x", &story).replace("---\ntitle: x\n---", "");
    dir.write("news/a.md", format!("{}\n{body}", facts("2023-09-13", "Daily X")));
    dir.write("news/b.md", format!("{}\n{body}", facts("2023-09-12", "Halden Courier")));
    dir.write("news/c.md", text("Something else", &article(&mut random)));
    dir.run(&["index", "news"]);
    let shown = dir.run(&["search", &word]);
    assert_eq!(shown.stdout.matches("The story").count(), 1, "{}", shown.stdout);
    assert!(shown.stdout.contains("and 1 more: "), "{}", shown.stdout);
    assert_eq!(dir.run(&["search", "--ungroup", &word]).stdout.matches("The story").count(), 2);
    let paths = |query: &str| dir.run(&["search", "--format", "paths", "--ungroup", query]).stdout;
    assert_eq!(paths("is:duplicate"), "news/a.md\n", "the later one");
    assert_eq!(paths(&format!("is:original {word}")), "news/b.md\n");
    let id = dir.hits(&["source:courier"])[0]["article"].as_str().unwrap_or_default().to_string();
    assert!(dir.run(&["show", "--duplicates", &id]).stdout.contains("news/a.md"));
    // Groups change with the folder.
    std::fs::remove_file(dir.path("news/b.md")).expect("removed");
    dir.run(&["index", "news"]);
    assert_eq!(paths("is:duplicate"), "");
    // If a run is killed before it computes the groups, the next run does.
    let kept = dir.path("index/state-1/duplicates.bin");
    let before = std::fs::read(&kept).expect("groups");
    dir.write("news/d.md", format!("{}\n{body}", facts("2023-09-14", "Evening Post")));
    dir.run(&["index", "news"]);
    std::fs::write(&kept, before).expect("written");
    assert_eq!(paths("is:duplicate"), "");
    dir.run(&["index"]).ends(0).says(&["nothing changed"]);
    assert_eq!(paths("is:duplicate"), "news/d.md\n");
    // Without the file of groups, a search computes them.
    std::fs::remove_file(dir.path("index/state-1/duplicates.bin")).expect("removed");
    assert_eq!(paths("is:duplicate"), "news/d.md\n");
}
