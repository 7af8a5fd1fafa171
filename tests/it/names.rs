//! The command `names`: its formats, its sets, what it says of what it cannot read.

use crate::util::TestDir;

/// Three articles of one strike, one of another subject, one in a script without capitals.
fn sample() -> TestDir {
    let dir = TestDir::new();
    let story = |day: u32, rest: &str| {
        format!(
            "---\ntitle: The strike goes on\ndate: 2023-09-{day:02}\n---\n\nThe union of Mara Lindqvist wants a shorter week, and {rest}\n"
        )
    };
    dir.write("news/1.md", story(3, "on Monday Lindqvist met Mayor Karl Voss of Halden. Mr Voss was silent."));
    dir.write("news/2.md", story(5, "the Port Board of Halden (PBH) was asked by Karl Voss to pay."));
    dir.write("news/3.md", story(9, "nobody was asked. Then Mara Lindqvist's friends left for Halden."));
    dir.write("news/4.md", "---\ndate: 2022-01-01\n---\n\nThe tram of Ottersund was drawn by Ida Brandt in a week.\n");
    dir.write("news/5.md", "昨天市长在哈尔登会见了记者，工会要求缩短工作时间，港口仍然关闭，没有船只卸货。\n");
    dir.run(&["index", "news"]).ends(0);
    dir
}

#[test]
fn names_as_text() {
    let dir = sample();
    let run = dir.run(&["names", "--min-words", "2"]).ends(0);
    let row = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let rows: Vec<String> = run.stdout.lines().map(row).collect();
    assert_eq!(
        rows,
        [
            "articles occurrences first last name variants",
            "3 5 2023-09-03 2023-09-09 Mara Lindqvist Lindqvist",
            "2 3 2023-09-03 2023-09-05 Karl Voss Voss",
            "1 2 2023-09-05 2023-09-05 Port Board of Halden PBH",
            "1 1 2022-01-01 2022-01-01 Ida Brandt",
        ]
    );
    run.says(&["1 article in scripts without capitals"]);
}

#[test]
fn names_of_a_query() {
    let dir = sample();
    let names = |args: &[&str]| -> Vec<String> {
        let run = dir.run(args);
        run.lines().iter().map(|line| line["name"].as_str().expect("a name").to_string()).collect()
    };
    assert_eq!(names(&["names", "tram", "--json"]), ["Ida Brandt", "Ottersund"]);
    assert_eq!(names(&["names", "--until", "2022", "--json", "-n", "1"]), ["Ida Brandt"]);
    dir.run(&["names", "lobster"]).ends(1);
    dir.run(&["names", "/(/"]).ends(2);
    dir.run(&["names", "tram", "--against", "/(/"]).ends(2);
}

#[test]
fn names_typical_of_a_set() {
    let dir = sample();
    let run = dir.run(&["names", "union", "--against", "--json"]).ends(0);
    let lines = run.lines();
    let first = &lines[0];
    assert!(first["score"].as_f64().is_some_and(|score| score > 1.0), "{first}");
    assert_eq!((first["name"].as_str(), first["articles_against"].as_u64()), (Some("Mara Lindqvist"), Some(0)));
    assert!(lines.iter().all(|line| line["name"] != "Ida Brandt"));
    let run = dir.run(&["names", "tram", "--against", "union", "--format", "csv"]).ends(0);
    let rows: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(rows[0], "name,articles,occurrences,first,last,score,articles_against,variants");
    assert!(rows[1].starts_with("Ida Brandt,1,1,2022-01-01,2022-01-01,"), "{rows:?}");
}

#[test]
fn function_words_of_an_unknown_language_are_no_names() {
    let dir = TestDir::new();
    dir.write("news/z.txt", "Markt in Halden\n\nDer Markt in Halden öffnet am Montag. Die Händler sind zufrieden.\n");
    dir.run(&["index", "news"]).ends(0);
    let names = dir.run(&["names", "--json"]).stdout;
    assert!(!names.contains("Der ") && !names.contains("Die "), "{names}");
}
