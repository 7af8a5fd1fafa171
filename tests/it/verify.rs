//! `verify`: quotations that are in articles word for word, nearly, or not.

use serde_json::Value;

use crate::util::TestDir;

/// Articles of invented newspapers, of which one reprints another.
fn archive() -> TestDir {
    let dir = TestDir::new();
    let story = "No ship has been unloaded since Monday, and “nobody” knows when the cranes will turn again.\n\n\
                 The harbour master, Ilse Voss, said the quays had never been so quiet in her thirty years there.\n";
    dir.write(
        "a/first.md",
        format!("---\ndate: 2023-09-12\nsource: Halden Courier\n---\n# Dockers walk out\n\n{story}"),
    );
    dir.write(
        "a/second.md",
        format!("---\ndate: 2023-09-14\nsource: Port Gazette\n---\n# Quiet quays\n\n{story}\n## The dispute\n\nThe union wants a shorter week of thirty-five hours and an end to night shifts.\n"),
    );
    dir.write("a/français.md", "---\ndate: 2024-01-02\n---\n# La grève\n\nLe préfet a déclaré que l’état d’urgence ne serait pas levé avant l’été prochain.\n");
    dir.write(
        "a/日本.md",
        "---\ndate: 2024-02-03\n---\n# 港\n\n港は月曜日から閉鎖されており、再開の見通しは立っていない。\n",
    );
    dir.write("a/footer.txt", "Fish prices rise again\n\nCod was sold for twice last year's price at the morning auction in Halden.\n\nSign up for our morning newsletter and never miss a story from the coast.\n");
    dir.run(&["index", "a"]).ends(0);
    dir
}

fn verified(dir: &TestDir, args: &[&str], code: i32) -> Value {
    let all: Vec<&str> = ["verify", "--json"].iter().chain(args).copied().collect();
    dir.run(&all).ends(code).lines().remove(0)
}

#[test]
fn quotations_are_told_exact_near_or_not() {
    let dir = archive();
    for (quotation, verdict, articles, edits) in [
        ("No ship has been unloaded since Monday", "exact", 2, 0),
        // Capitals, signs, spaces and line breaks.
        ("NO SHIP HAS BEEN UNLOADED—SINCE MONDAY, AND \"NOBODY\" KNOWS", "exact", 2, 0),
        ("no\u{a0}ship has\nbeen unloaded", "exact", 2, 0),
        ("a shorter week of thirty five hours", "exact", 1, 0),
        // Over a paragraph, a heading, the title.
        ("will turn again. The harbour master, Ilse Voss", "exact", 2, 0),
        ("thirty years there. The dispute. The union wants", "exact", 1, 0),
        ("Quiet quays No ship has been unloaded", "exact", 1, 0),
        // What is left out with a sign.
        ("No ship has been unloaded […] when the cranes will turn again", "exact", 2, 0),
        ("The harbour master ... said the quays had never been so quiet", "exact", 2, 0),
        // Words changed, added, left out.
        ("No ship has been loaded since Monday, and nobody knows when", "near", 2, 1),
        ("said the quays had never been quite so very quiet in her thirty years there", "near", 2, 2),
        ("The union wants a week of thirty-five hours and an end to night shifts", "near", 1, 1),
        // The last words changed.
        ("The union wants a shorter week of thirty-five months", "near", 1, 1),
        ("a shorter week of thirty-five hours and an end to night work", "near", 1, 1),
        // Accents are letters.
        ("Le prefet a declare que l'etat d'urgence ne serait pas levé avant l'été prochain", "near", 1, 3),
        ("l'état d'urgence ne serait pas levé", "exact", 1, 0),
        ("港は月曜日から閉鎖されており", "exact", 1, 0),
        // Text about the page.
        ("Sign up for our morning newsletter and never miss a story", "exact", 1, 0),
        // Not there: other order, other words, halves of two sentences.
        ("Monday since unloaded been has ship No", "no", 0, 0),
        ("the quays had never been so quiet when the cranes were sold to a foreign owner for a song", "no", 0, 0),
        ("when the cranes will turn again [...] No ship has been unloaded", "no", 0, 0),
        ("walrus", "no", 0, 0),
    ] {
        let found = verified(&dir, &[quotation], i32::from(verdict == "no"));
        let place = &found["places"][0];
        assert_eq!(
            (found["verdict"].as_str(), found["articles"].as_u64(), place["edits"].as_u64().unwrap_or(0)),
            (Some(verdict), Some(articles), edits),
            "{quotation}: {found}"
        );
    }
}

#[test]
fn the_earliest_article_is_first_and_differences_are_shown() {
    let dir = archive();
    let found =
        verified(&dir, &["no ship had been unloaded since monday — and 'nobody' knows when the cranes will turn"], 0);
    let dates: Vec<&Value> =
        found["places"].as_array().expect("places").iter().map(|place| &place["published"]).collect();
    assert_eq!(dates, ["2023-09-12", "2023-09-14"]);
    let place = &found["places"][0];
    assert_eq!(place["text"], "No ship has been unloaded since Monday, and “nobody” knows when the cranes will turn");
    let differences: Vec<String> = place["differences"]
        .as_array()
        .expect("differences")
        .iter()
        .map(|difference| format!("{}: {} / {}", difference["kind"], difference["quotation"], difference["text"]))
        .collect();
    assert_eq!(
        differences,
        [
            r#""case": "no" / "No""#,
            r#""words": "had" / "has""#,
            r#""case": "monday" / "Monday""#,
            r#""signs": "—" / ",""#,
            r#""signs": "'" / "“""#,
            r#""signs": "'" / "”""#,
        ]
    );
    let start = place["marks"][0][0].as_u64().expect("a mark");
    assert_eq!(start, 0);
    let text = dir.run(&["verify", "no ship had been unloaded since monday and nobody knows when"]).ends(0).stdout;
    for part in ["near: 1 of 11 words differs; 2 articles near it", "Halden Courier", "had for has"] {
        assert!(text.contains(part), "{text}");
    }
}

#[test]
fn filters_ids_and_strictness_hold() {
    let dir = archive();
    let quotation = "No ship has been unloaded since Monday";
    for (args, code, articles) in [
        (vec![quotation, "--where", "source=Port Gazette"], 0, 1),
        (vec![quotation, "--until", "2023-09-13"], 0, 1),
        (vec![quotation, "--since", "2024"], 1, 0),
        (vec!["No ship has been loaded since Monday, and nobody knows when", "--exact"], 1, 0),
    ] {
        assert_eq!(verified(&dir, &args, code)["articles"], articles, "{args:?}");
    }
    let id = verified(&dir, &[quotation, "-n", "1"], 0)["places"][0]["id"].as_str().expect("an id").to_string();
    assert_eq!(verified(&dir, &[quotation, "--id", &id], 0)["articles"], 1);
    assert_eq!(verified(&dir, &["a shorter week of thirty-five hours", "--id", &id], 1)["articles"], 0);
    dir.run(&["verify", quotation, "--id", "nonsense"]).ends(2).says(&["'nonsense' is no id"]);
}

#[test]
fn bad_quotations_are_told() {
    let dir = archive();
    dir.run(&["verify", "— “…” —"]).ends(2).says(&["this quotation has no words"]);
    dir.run(&["verify", &"word ".repeat(5_001)]).ends(2).says(&["5001 words", "at most 5000", "give a part of it"]);
    let long = format!("{} No ship has been unloaded since Monday", "invented words that nobody wrote ".repeat(500));
    assert_eq!(verified(&dir, &[&long], 1)["verdict"], "no");
    dir.run_shell("printf 'No ship has\\nbeen unloaded' | \"$0\" verify -").ends(0);
    dir.run_shell("printf '\\377' | \"$0\" verify -").ends(2).says(&["not UTF-8"]);
    dir.run(&["verify", "--index", "nowhere", "No ship"]).ends(2).says(&["no index at 'nowhere'"]);
}

/// A long quotation is found by stretches of it, with a sentence left out and words changed.
#[test]
fn long_quotations_are_compared_whole() {
    let dir = TestDir::new();
    let sentence =
        |n: usize| format!("Boat {n} landed {} crates of herring at berth {} before noon. ", n * 7 % 101, n * 3 % 17);
    let text: String = (0..300).map(sentence).collect();
    dir.write("a/log.txt", format!("The landings of the year\n\n{text}\n"));
    dir.run(&["index", "a"]).ends(0);
    assert_eq!(verified(&dir, &[text.trim()], 0)["verdict"], "exact");
    let shorter: String = (0..300).filter(|n| *n != 150).map(sentence).collect();
    let found = verified(&dir, &[shorter.trim()], 0);
    assert_eq!((&found["verdict"], &found["places"][0]["edits"]), (&"near".into(), &12.into()));
    let differences = found["places"][0]["differences"].as_array().expect("differences");
    assert_eq!(differences[0]["text"].as_str().map(|text| text.split(' ').count()), Some(12), "{differences:?}");
}

/// A sign inside a number is part of it, but for one between groups of three.
#[test]
fn another_number_is_another_quotation() {
    let dir = archive();
    dir.write(
        "a/numbers.md",
        "# Port in numbers\n\nCrude fell 32 cents to $51.43 a barrel, the score was 3-1 at 10:30, about 7.5 percent below 1,250,000 \
         tonnes of covid-19 masks, in a year of -2.5 percent (\u{2212}€40).\n",
    );
    dir.run(&["index", "a"]).ends(0);
    let text = "Crude fell 32 cents to $51.43 a barrel, the score was 3-1 at 10:30, about 7.5 percent below 1,250,000 tonnes of \
                covid-19 masks, in a year of -2.5 percent (\u{2212}€40)";
    for (written, quoted, verdict) in [
        ("$51.43", "$51.43", "exact"),
        ("$51.43", "$5143", "near"),
        ("32", "3.2", "near"),
        ("3-1", "31", "near"),
        ("10:30", "1030", "near"),
        ("7.5", "75", "near"),
        ("1,250,000", "1250000", "exact"),
        ("1,250,000", "1.250.000", "exact"),
        ("1,250,000", "12,50,000", "near"),
        ("covid-19", "covid19", "exact"),
        ("-2.5", "\u{2212}2.5", "exact"),
        ("-2.5", "\u{2013}2.5", "exact"),
        ("-2.5", "2.5", "near"),
        ("-2.5", "- 2.5", "near"),
        ("(\u{2212}€40)", "(-€40)", "exact"),
        ("(\u{2212}€40)", "(€40)", "near"),
        ("7.5", "-7.5", "near"),
    ] {
        let quotation = text.replace(written, quoted);
        assert_eq!(verified(&dir, &[&quotation], 0)["verdict"], verdict, "{quotation}");
    }
    dir.run(&["verify", "--exact", "fell 32 cents to $5143 a barrel"]).ends(1);
}
