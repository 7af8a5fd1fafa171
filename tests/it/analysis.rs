//! What is counted and listed over all that matches: `facets`, `timeline`, `kwic`, `collocates`, `keywords`, `certificate`.

use serde_json::Value;

use crate::util::TestDir;

/// Invented articles with dates of every precision, in several scripts.
fn fixture() -> TestDir {
    let dir = TestDir::new();
    let article = |facts: &str, text: &str| format!("---\n{facts}---\n\n{text}\n");
    dir.write(
        "news/a.md",
        article(
            "title: Dockers\ndate: 2023-09-12\nsource: Halden Courier\ntags: [Ports, labour]\ndateline: Halden\nlang: en\n",
            "The dockers began a strike at noon. A long strike would stop the mills.\n\n## The mills\n\nNo strike has ever reached the mills upriver.",
        ),
    );
    dir.write(
        "news/b.md",
        article(
            "title: Trams\ndate: 2023-11\nsource: halden courier\ntags: [labour, Labour]\nlang: en\n",
            "A tram strike, said the council, is unlawful.",
        ),
    );
    dir.write(
        "news/c.md",
        article("title: Nurses\ndate: 2021\nsource: Hill Gazette\nlang: en\n", "Nurses vote on a strike."),
    );
    dir.write("news/old/d.md", article("title: No date\nlang: en\n", "The strike of the weavers is a song."));
    dir.write(
        "news/e.txt",
        "Забастовка докеров\n\nДокеры начали забастовку в полдень. Эта забастовка остановит мельницы.\n",
    );
    dir.write("news/f.txt", "إضراب عمال الميناء\n\nبدأ عمال الميناء إضراب مفتوح عند الظهر في مدينة هالدن.\n");
    dir.write("news/g.txt", "港の労働者\n\n労働者は正午に港で働くのを止めた。港は静かだ。\n");
    dir.run(&["index", "news"]).ends(0);
    dir
}

fn json(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).expect("a line is an object")).collect()
}

#[test]
fn facets_of_every_field() {
    let dir = fixture();
    for (args, expected) in [
        (&["source", "strike"][..], "2\tHalden Courier\n1\tHill Gazette\n1\t(none)\n"),
        (&["tag", "strike"], "2\tlabour\n1\tPorts\n2\t(none)\n"),
        (&["tag", "strike", "--prefix", "PÓ"], "1\tPorts\n"),
        (&["folder", "strike"], "3\tnews\n1\tnews/old\n"),
        (&["dateline", "strike"], "1\tHalden\n3\t(none)\n"),
        (&["year", "strike"], "2\t2023\n1\t2021\n1\t(none)\n"),
        (&["month", "strike"], "1\t2023-09\n1\t2021\n1\t2023-11\n1\t(none)\n"),
        (&["day", "strike"], "1\t2023-09-12\n1\t2021\n1\t2023-11\n1\t(none)\n"),
        (&["year,source", "strike"], "2\t2023\tHalden Courier\n1\t2021\tHill Gazette\n1\t(none)\n"),
        (&["source", "strike", "-n", "1"], "2\tHalden Courier\n1\t(other)\n1\t(none)\n"),
        (&["year", "strike", "--since", "2022"], "2\t2023\n"),
    ] {
        let run = dir.run(&[&["facets"], args].concat());
        assert_eq!(run.stdout, expected, "{args:?}: {}", run.stderr);
    }
    let rows = json(&dir.run(&["facets", "source,year", "strike", "--json", "-n", "1"]).stdout);
    assert_eq!(rows[0]["source"], "Halden Courier");
    assert_eq!((&rows[1]["other"], &rows[1]["articles"]), (&2.into(), &2.into()));
    assert_eq!(dir.run(&["facets", "source", "nowhere"]).code, 1);
    for wrong in ["colour", "source,source", "source,year,month"] {
        let run = dir.run(&["facets", wrong]);
        assert!(run.code == 2 && run.stderr.contains("field"), "{wrong}: {}", run.stderr);
    }
}

#[test]
fn a_timeline_shows_dates_as_what_they_are() {
    let dir = fixture();
    let run = dir.run(&["timeline", "strike", "--by", "month"]);
    let rows: Vec<Vec<&str>> = run.stdout.lines().map(|line| line.split_whitespace().take(3).collect()).collect();
    assert_eq!(rows.first().expect("rows")[..2], ["2021-01", "0"], "{}", run.stdout);
    let of = |label: &str| {
        run.stdout.lines().find(|line| line.starts_with(label)).map(|line| line.split_whitespace().collect::<Vec<_>>())
    };
    assert_eq!(of("2023-09").expect("a row")[1], "1", "{}", run.stdout);
    assert_eq!(of("2023-10").expect("a period without a match")[1], "0", "{}", run.stdout);
    assert_eq!(of("in 2021").expect("a year is no month")[2], "1", "{}", run.stdout);
    assert_eq!(of("no date").expect("a row")[2], "1", "{}", run.stdout);

    let line = &json(&dir.run(&["timeline", "strike", "--by", "year", "--json"]).stdout)[0];
    assert_eq!(line["buckets"].as_array().expect("a list").len(), 3);
    assert_eq!(
        line["buckets"][2],
        serde_json::json!({"from": "2023-01-01", "to": "2023-12-31", "articles": 2, "of": 2})
    );
    assert_eq!(line["undated"], serde_json::json!({"articles": 1, "of": 4}));
    assert_eq!(line["query"], "strike");

    let lines = json(&dir.run(&["timeline", "strike", "--by", "year", "--per", "source", "-n", "1", "--json"]).stdout);
    let values: Vec<_> = lines.iter().map(|line| (&line["per"]["value"], &line["total"]["articles"])).collect();
    assert_eq!(values, [(&"Halden Courier".into(), &2.into()), (&Value::Null, &1.into()), (&Value::Null, &1.into())]);
    assert_eq!((&lines[1]["per"]["is_other"], &lines[2]["per"]["is_other"]), (&true.into(), &Value::Null));

    let csv = dir.run(&["timeline", "strike", "tram", "--by", "year", "--format", "csv"]).stdout;
    assert!(csv.starts_with("query,kind,from,to,articles,of,per_1000\n"), "{csv}");
    assert!(csv.contains("tram,period,2023-01-01,2023-12-31,1,2,500.0000\n"), "{csv}");
}

#[test]
fn timelines_refuse_what_they_cannot_plot() {
    let dir = fixture();
    dir.write("news/first.md", "---\ntitle: First\ndate: 0001-01-01\n---\n\nA strike in the year one.\n");
    dir.write("news/last.md", "---\ntitle: Last\ndate: 9999-12-31\n---\n\nThe last strike.\n");
    dir.run(&["index", "news"]).ends(0);
    let run = dir.run(&["timeline", "date:>=0001 strike", "--by", "day"]);
    let dated = dir.run(&["facets", "year", "strike"]).stdout;
    if dated.contains("9999") {
        assert!(run.code == 2 && run.stderr.contains("--by"), "{}", run.stderr);
    }
    let wrong = dir.run(&["timeline", "strike", "title:(tram", "dockers"]);
    assert!(wrong.code == 2 && wrong.stderr.contains("title:(tram"), "{}", wrong.stderr);
    assert_eq!(dir.run(&["timeline", "nowhere"]).code, 1);
    assert_eq!(dir.run(&["timeline", "a", "b", "c", "d", "e", "f", "g"]).code, 2);
}

#[test]
fn a_picture_is_well_formed_and_titled() {
    let dir = fixture();
    for args in [&["timeline", "strike"][..], &["timeline", "strike", "<tram> & \"bus\"", "--relative"]] {
        let svg = dir.run(&[args, &["--by", "year", "--format", "svg"]].concat()).stdout;
        let mut reader = quick_xml::Reader::from_str(&svg);
        let mut titles = 0;
        loop {
            match reader.read_event().expect("well formed") {
                quick_xml::events::Event::Start(start) if start.name().as_ref() == "title" => titles += 1,
                quick_xml::events::Event::Eof => break,
                _ => {}
            }
        }
        // Three years and what has no date, and the picture itself.
        assert!(titles >= 5, "{svg}");
        assert!(!svg.contains("<tram>") && !svg.contains("http://www.w3.org/1999/xlink"), "{svg}");
    }
}

#[test]
fn keywords_in_context_of_many_scripts() {
    let dir = fixture();
    let lines = json(&dir.run(&["kwic", "strike", "--json", "--width", "3"]).stdout);
    let texts: Vec<String> = lines
        .iter()
        .map(|line| {
            format!(
                "{}|{}|{}",
                line["left"].as_str().expect("text"),
                line["node"].as_str().expect("text"),
                line["right"].as_str().expect("text")
            )
        })
        .collect();
    assert_eq!(
        texts,
        [
            "dockers began a|strike|at noon. A",
            "A long|strike|would stop the",
            "No|strike|has ever reached",
            "A tram|strike|, said the council,",
            "vote on a|strike|.",
            "The|strike|of the weavers",
        ]
        .map(|text| text.replace("A long", "noon. A long")),
        "{texts:?}"
    );
    for line in &lines {
        let hit = dir.run(&["show", line["id"].as_str().expect("an id"), "--json"]).stdout;
        let passage: Value = serde_json::from_str(&hit).expect("an object");
        let text = passage["passages"][0]["text"].as_str().expect("a text");
        let at = |key: &str| line[key].as_u64().expect("a number") as usize;
        assert_eq!(&text[at("start")..at("end")], line["node"], "{line}");
        let node: String = text.chars().take(at("end_char")).skip(at("start_char")).collect();
        assert_eq!(node, line["node"].as_str().expect("text"));
    }
    for (query, order, expected) in [
        ("забастовка", "1R", vec!["в", "остановит"]),
        ("港", "1R", vec!["で", "は"]),
        ("strike", "1L", vec!["a", "a", "long", "no", "the", "tram"]),
    ] {
        let key = if order == "1R" { "right" } else { "left" };
        let lines = json(&dir.run(&["kwic", query, "--json", "--width", "1", "--order", order]).stdout);
        let words: Vec<String> = lines
            .iter()
            .map(|line| line[key].as_str().expect("text").trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase())
            .collect();
        assert_eq!(words, expected, "{query} {order}");
    }
    let arabic = &json(&dir.run(&["kwic", "إضراب", "--json", "--width", "1"]).stdout)[0];
    assert_eq!((arabic["left"].as_str(), arabic["right"].as_str()), (Some("الميناء"), Some("مفتوح")));
    let near = &json(&dir.run(&["kwic", "tram w/4 council", "--json"]).stdout)[0];
    assert_eq!(near["node"], "tram strike, said the council");
    assert_eq!(near["node_marks"], serde_json::json!([[0, 4], [22, 29]]));
}

/// In text from right to left `left` is what is read before the occurrence, `right` what is read after it.
#[test]
fn arabic_lines_are_sorted_by_the_words_beside_them() {
    let dir = TestDir::new();
    for (name, text) in [
        // Vowel signs and the forms of alef are no difference.
        ("a", "بدأ عمال المطار إضرابا طويلا في الصباح."),
        ("b", "أعلن سائقو الحافلات إضرابًا قصيرا يوم الأحد."),
        ("c", "رفض أطباء المدينة إضرابا آخر بعد الاجتماع."),
        ("d", "نفذ معلمو القرية إضرابا أولا ثم عادوا."),
        ("e", "شهد ميناء تيلا إضرابا بحريا كبيرا."),
    ] {
        dir.write(&format!("news/{name}.txt"), format!("خبر اليوم\n\n{text}\n"));
    }
    dir.run(&["index", "news"]).ends(0);
    for (order, expected) in [
        ("1R", ["آخر", "أولا", "بحريا", "طويلا", "قصيرا"]),
        ("2R", ["آخر", "أولا", "طويلا", "بحريا", "قصيرا"]),
        ("1L", ["قصيرا", "أولا", "آخر", "طويلا", "بحريا"]),
        ("2L", ["آخر", "قصيرا", "طويلا", "أولا", "بحريا"]),
        ("3L,1R", ["قصيرا", "طويلا", "آخر", "بحريا", "أولا"]),
    ] {
        let lines = json(&dir.run(&["kwic", "إضراب*", "--json", "--width", "1", "--order", order]).stdout);
        let words: Vec<&str> = lines.iter().map(|line| line["right"].as_str().expect("text")).collect();
        assert_eq!(words, expected, "{order}");
    }
}

#[test]
fn samples_of_occurrences_are_drawn_again() {
    let dir = fixture();
    let sample = |dir: &TestDir, more: &[&str]| {
        let all = [&["kwic", "strike", "--sample", "3", "--seed", "5", "--json"], more].concat();
        json(&dir.run(&all).stdout)
            .iter()
            .map(|line| line["id"].to_string() + &line["start"].to_string())
            .collect::<Vec<_>>()
    };
    let drawn = sample(&dir, &[]);
    assert_eq!(drawn.len(), 3);
    assert_eq!(drawn, sample(&dir, &["--threads", "1"]));
    dir.write("news/h.txt", "Another text\n\nNothing of that kind is in it.\n");
    dir.run(&["index", "news"]).ends(0);
    assert_eq!(drawn, sample(&dir, &[]));
    let of_each = json(&dir.run(&["kwic", "strike", "--sample", "1", "--per", "source", "--json"]).stdout);
    assert_eq!(of_each.len(), 3, "one of each source, and one of what has none: {of_each:?}");
    assert_eq!(dir.run(&["kwic", "strike", "--seed", "5"]).code, 2);
}

#[test]
fn orders_and_windows_that_are_none_are_refused() {
    let dir = fixture();
    for (args, told) in [
        (&["kwic", "strike", "--order", "0R"][..], "neighbour"),
        (&["kwic", "strike", "--order", "sideways"], "neighbour"),
        (&["kwic", "title:(strike"], "title:(strike"),
        (&["collocates", "strike", "--window", "0"], "words"),
        (&["collocates", "strike", "--window", "wide"], "words"),
        (&["collocates", "strike", "--against", "title:(x"], "title:(x"),
        (&["keywords", "strike", "--against", "title:(x"], "title:(x"),
    ] {
        let run = dir.run(args);
        assert!(run.code == 2 && run.stderr.contains(told), "{args:?}: {}", run.stderr);
    }
    assert_eq!(dir.run(&["kwic", "nowhere"]).code, 1);
    assert_eq!(dir.run(&["collocates", "nowhere"]).code, 1);
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_and_a_reader_that_goes() {
    let dir = fixture();
    for command in [
        "facets source",
        "timeline strike",
        "timeline strike --format svg",
        "kwic strike",
        "kwic strike --format csv",
        "kwic strike --json",
        "collocates strike --min-count 1",
        "keywords dockers --min-count 1",
        "certificate strike --json",
    ] {
        let run = dir.run_shell(&format!("\"$0\" {command} > /dev/full"));
        assert!(run.code == 2 && run.stderr.contains("cut short"), "{command}: {}", run.stderr);
        let run = dir.run_shell(&format!("\"$0\" {command} | true"));
        assert!(!run.stderr.contains("error"), "{command}: {}", run.stderr);
    }
}

#[test]
fn words_near_and_words_of_a_set() {
    let dir = fixture();
    let near = json(&dir.run(&["collocates", "strike", "--min-count", "1", "--window", "1", "--json"]).stdout);
    let word = |word: &str| near.iter().find(|one| one["word"] == word).unwrap_or_else(|| panic!("{word} in {near:?}"));
    assert_eq!((&word("a")["count"], &word("a")["before"]), (&2.into(), &2.into()));
    let in_sentence =
        json(&dir.run(&["collocates", "tram", "--min-count", "1", "--window", "sentence", "--json"]).stdout);
    assert!(in_sentence.iter().any(|one| one["word"] == "unlawful"), "{in_sentence:?}");
    let keywords = json(&dir.run(&["keywords", "dockers", "--min-count", "1", "--json"]).stdout);
    assert!(keywords.iter().any(|one| one["word"] == "mills" && one["count"] == 2), "{keywords:?}");
    let csv = dir.run(&["keywords", "dockers", "--min-count", "2", "--format", "csv"]).stdout;
    assert!(csv.starts_with("word,count,articles,dispersion,reference,log_likelihood,log_ratio\n"), "{csv}");
}

#[test]
fn a_certificate_tells_what_changed() {
    let dir = fixture();
    let text = dir.run(&["certificate", "strike date:2023"]).stdout;
    assert!(
        text.contains("Matches: 4 passages in 3 sections of 2 articles.") || text.contains("of 2 articles."),
        "{text}"
    );
    let made = dir.run(&["certificate", "strike", "--since", "2021", "--until", "2023", "--json"]).stdout;
    dir.write("made.json", &made);
    let same = dir.run(&["certificate", "--verify", "made.json"]);
    assert_eq!((same.code, same.stdout.as_str()), (0, ""), "{}", same.stderr);
    dir.write("news/c.md", "---\ntitle: Nurses\ndate: 2021\n---\n\nNurses end a strike.\n");
    dir.write("news/new.md", "---\ntitle: New\ndate: 2022-03-01\n---\n\nA strike at the new port.\n");
    std::fs::remove_file(dir.path("news/b.md")).expect("it was there");
    dir.run(&["index", "news"]).ends(0);
    let changed = dir.run(&["certificate", "--verify", "made.json"]);
    let kinds: Vec<&str> = changed.stdout.lines().map(|line| line.split(':').next().unwrap_or("")).collect();
    assert_eq!(kinds, ["articles of the index", "no longer matches", "changed", "matches now"], "{}", changed.stdout);
    assert_eq!(changed.code, 1);
    dir.write("other.json", "{\"a\": 1}");
    let wrong = dir.run(&["certificate", "--verify", "other.json"]);
    assert!(wrong.code == 2 && wrong.stderr.contains("other.json"), "{}", wrong.stderr);
    assert_eq!(dir.run(&["certificate", "--verify", "nowhere.json"]).code, 2);
}
