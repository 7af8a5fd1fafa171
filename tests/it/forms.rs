//! Forms in which one word is written: which files are found by which, and what of them is marked. Decomposed letters,
//! digits and apostrophes of other scripts, the styles of newspapers.

use unicode_normalization::UnicodeNormalization;

use crate::util::TestDir;

/// The hits of a query as `file: mark, mark`, in the order of files.
fn found(dir: &TestDir, query: &str) -> Vec<String> {
    let mut out: Vec<String> = dir
        .hits(&[query])
        .iter()
        .map(|hit| {
            let text = hit["text"].as_str().expect("a text");
            let at = |mark: &serde_json::Value, i: usize| mark[i].as_u64().expect("an offset") as usize;
            let marks = hit["marks"].as_array().expect("marks").iter();
            let marks: Vec<String> = marks.map(|mark| text[at(mark, 0)..at(mark, 1)].nfc().collect()).collect();
            let name = hit["path"].as_str().expect("a path").trim_start_matches("news/").trim_end_matches(".txt");
            format!("{name}: {}", marks.join(", "))
        })
        .collect();
    out.sort();
    out
}

/// An index of files of one line below a headline.
fn index(files: &[(&str, &str)]) -> TestDir {
    let dir = TestDir::new();
    for (name, text) in files {
        dir.write(&format!("news/{name}.txt"), format!("Story of the day\n\nHALDEN - {text}\n"));
    }
    dir.run(&["index", "news"]).ends(0);
    dir
}

/// What each of some queries finds.
type Table<'t> = &'t [(&'t [&'t str], &'t [&'t str])];

fn assert_found(dir: &TestDir, table: Table<'_>) {
    for (queries, expected) in table {
        for query in *queries {
            assert_eq!(found(dir, query), *expected, "{query}");
        }
    }
}

#[test]
fn styles_of_newspapers() {
    let dir = index(&[
        ("points", "The U.S. Senate and the U.N. met N.A.T.O. envoys; a Ph.D. of the R.U.B.B.I.S.H. spoke."),
        ("plain", "The US Senate and the UN met NATO envoys; a PhD of the RUBBISH spoke."),
        ("joined", "It cost £1000 for 5km of email on an F16 in the COVID19 year, said an email."),
        ("split", "It cost £1,000 for 5 km of e-mail on an F-16 in the Covid-19 year, said an e\u{2011}mail."),
        (
            "swiss",
            "Das Schiff kostete 1'250'000 Franken, die Fähre 1.250.000 Euro und der Kahn 1\u{202f}250\u{202f}000 Kronen.",
        ),
        ("micro", "A microorganism and a micro-organism, two microorganisms and two micro-organisms."),
        ("russian", "Переговоры с С.Ш.А. и с США шли долго, веб-сайт и вебсайт молчали."),
    ]);
    assert_found(
        &dir,
        &[
            (&["US", "U.S.", "u.s", "\"US\""], &["plain: US", "points: U.S"]),
            (&["NATO", "N.A.T.O.", "nat*"], &["plain: NATO", "points: N.A.T.O"]),
            (&["UN", "U.N."], &["plain: UN", "points: U.N"]),
            (&["PhD", "Ph.D."], &["plain: PhD", "points: Ph.D"]),
            (&["rubbish", "R.U.B.B.I.S.H."], &["plain: RUBBISH", "points: R.U.B.B.I.S.H"]),
            // Phrases and distances count a compound as what it is written as.
            (&["\"the US Senate\"", "\"the U.S. Senate\""], &["plain: The US Senate", "points: The U.S. Senate"]),
            (&["UN pre/1 met", "U.N. pre/1 met"], &["plain: UN, met", "points: U.N, met"]),
            (
                &["\"met NATO envoys\"", "\"met N.A.T.O. envoys\""],
                &["plain: met NATO envoys", "points: met N.A.T.O. envoys"],
            ),
            // As written.
            (&["=US"], &["plain: US"]),
            (&["=\"U.S.\""], &["points: U.S"]),
            (&["=email"], &["joined: email, email"]),
            (&["1000", "£1000", "1,000", "£1,000", "\"1,000\""], &["joined: 1000", "split: 1,000"]),
            (&["5km", "\"5 km\""], &["joined: 5km", "split: 5 km"]),
            (
                &["email", "e-mail", "\"e-mail\"", "emails", "e-mails"],
                &["joined: email, email", "split: e-mail, e\u{2011}mail"],
            ),
            (&["cost 5km email"], &["joined: cost, 5km, email, email", "split: cost, 5 km, e-mail, e\u{2011}mail"]),
            (&["cost 5 km email"], &["joined: cost, 5km, email, email", "split: cost, 5, km, e-mail, e\u{2011}mail"]),
            (&["\"of email on\"", "\"of e-mail on\""], &["joined: of email on", "split: of e-mail on"]),
            (&["F16", "F-16", "\"F 16\""], &["joined: F16", "split: F-16"]),
            (&["COVID19", "Covid-19", "\"covid 19\""], &["joined: COVID19", "split: Covid-19"]),
            (&["1250000", "1'250'000", "1.250.000"], &["swiss: 1'250'000, 1.250.000, 1\u{202f}250\u{202f}000"]),
            (
                &["microorganism", "micro-organism", "microorganisms", "micro-organisms"],
                &["micro: microorganism, micro-organism, microorganisms, micro-organisms"],
            ),
            (&["США", "С.Ш.А."], &["russian: С.Ш.А, США"]),
            (&["вебсайт", "веб-сайт"], &["russian: веб-сайт, вебсайт"]),
            (&["atleast3(email)"], &[]),
            (&["atleast2(email)"], &["joined: email, email", "split: e-mail, e\u{2011}mail"]),
        ],
    );
}

/// Names with signs and spaces inside, and numbers and patterns as they are pasted.
#[test]
fn initials_and_names() {
    let dir = index(&[
        ("spaced", "The U. S. envoy J. K. Rowe met O’Brien at the Qur'an school, emails in hand."),
        ("points", "The U.S. envoy J.K. Rowe met O'Brien at the Qur’an school, e-mails in hand."),
        ("plain", "The US envoy JK Rowe met OBrien at the Quran school, email in hand."),
        ("price", "Der Kahn kostete 1000 Kronen, das Schiff 12 500 und die Fähre 3\u{a0}000."),
        ("french", "L'état de l’entreprise: l'homme n'est pas d'accord, says the harbour's owner."),
    ]);
    assert_found(
        &dir,
        &[
            (&["US", "U.S.", "U. S.", "\"U. S.\""], &["plain: US", "points: U.S", "spaced: U. S"]),
            (
                &["\"J. K. Rowe\"", "\"JK Rowe\"", "\"J.K. Rowe\""],
                &["plain: JK Rowe", "points: J.K. Rowe", "spaced: J. K. Rowe"],
            ),
            (&["J. K. Rowe"], &["plain: JK, Rowe", "points: J.K, Rowe", "spaced: J. K, Rowe"]),
            (&["O'Brien", "O’Brien", "OBrien", "obrien"], &["plain: OBrien", "points: O'Brien", "spaced: O’Brien"]),
            (&["Quran", "Qur'an"], &["plain: Quran", "points: Qur’an", "spaced: Qur'an"]),
            (&["e-mail*", "email*"], &["plain: email", "points: e-mails", "spaced: emails"]),
            (&["1\u{a0}000", "1\u{202f}000", "1,000", "£1\u{a0}000"], &["price: 1000"]),
            (&["3000", "3\u{a0}000"], &["price: 3\u{a0}000"]),
            (&["létat", "nest", "daccord", "lhomme"], &[]),
            (&["état"], &["french: état"]),
        ],
    );
}

/// What is not a word with a sign inside stays what it is.
#[test]
fn numbers_and_ranges_are_not_joined() {
    let dir =
        index(&[("a", "From 1990-2000 it was 3.14, on 2023-09-12 version 20.04; call 555-1234. It ended.Then no.")]);
    for query in ["19902000", "314", "20230912", "2004", "5551234", "endedthen"] {
        assert_eq!(found(&dir, query), [""; 0], "{query}");
    }
    assert_found(
        &dir,
        &[(&["20.04"], &["a: 20.04"]), (&["1990"], &["a: 1990"]), (&["\"ended then\""], &["a: ended.Then"])],
    );
}

#[test]
fn digits_apostrophes_and_characters_without_width() {
    let dir = index(&[
        ("ar", "وصلت السفينة في عام ٢٠٢٣ إلى الميناء بعد ١٬٢٠٠ ساعة."),
        ("fa", "کشتی در سال ۲۰۲۳ به بندر رسید و کارگران می\u{200c}خواهند برگردند."),
        ("hi", "जहाज २०२३ में बंदरगाह पहुंचा और हिन्दी बाज़ार में चाँद दिखा।"),
        ("th", "เรือมาถึงท่าเรือในปี๒๐๒๓และออกไป"),
        ("wide", "船は２０２３年に港に着いた。"),
        ("names", "The Hawaiʻi ferry met the kꞌux of п\u{2bc}ять docks; nº123 and №456 sailed for Gogol\u{2b9} Quay."),
        ("hidden", "The dock\u{200b}ers' stri\u{ad}ke\u{2060} hit \u{2066}Lunde\u{2069} and \u{feff}Voss."),
    ]);
    for query in ["2023", "٢٠٢٣", "२०२३", "๒๐๒๓", "２０２３"] {
        let files: Vec<String> = found(&dir, query).iter().map(|hit| hit[..2].to_string()).collect();
        assert_eq!(files, ["ar", "fa", "hi", "th", "wi"], "{query}");
    }
    assert_found(
        &dir,
        &[
            (&["1200", "1,200", "١٢٠٠", "١٬٢٠٠"], &["ar: ١٬٢٠٠"]),
            (&["हिंदी", "हिन्दी"], &["hi: हिन्दी"]),
            (&["बाजार", "बा\u{91c}\u{93c}ार", "बा\u{95b}ार"], &["hi: बा\u{91c}\u{93c}ार"]),
            (&["चांद"], &["hi: चाँद"]),
            (&["Hawai'i", "Hawai’i", "Hawaiʻi", "Hawaii"], &["names: Hawaiʻi"]),
            (&["k'ux", "kꞌux"], &["names: kꞌux"]),
            (&["п'ять", "п’ять", "пʼять"], &["names: пʼять"]),
            (&["nº123", "№123", "\"no 123\"", "n°123"], &["names: nº123"]),
            (&["123"], &["names: 123"]),
            (&["456"], &["names: 456"]),
            (&["nº456", "\"№ 456\""], &["names: №456"]),
            (&["gogol"], &["names: Gogol"]),
            (&["dockers", "dock\u{200d}ers"], &["hidden: dock\u{200b}ers"]),
            (&["strike", "stri\u{200b}ke"], &["hidden: stri\u{ad}ke\u{2060}"]),
            (&["Lunde", "\u{202a}Lunde\u{202c}"], &["hidden: Lunde\u{2069}"]),
            (&["می‌خواهند", "میخواهند"], &["fa: می\u{200c}خواهند"]),
        ],
    );
}

#[test]
fn decomposed_letters() {
    let korean = "한국의 서울에서 파업이 시작되었고 노동조합은 임금 인상을 요구하며 항구의 모든 작업을 멈추었다고 밝혔다. 협상은 결렬되었다.";
    let russian = "Российские власти задержали корабль в порту Хальдена, потому что груз, который он вёз, не был указан в бумагах.";
    let vietnamese =
        "Công nhân cảng đình công hôm thứ hai vì các cuộc đàm phán về tiền lương đã thất bại, công đoàn cho biết.";
    let dir = TestDir::new();
    for (code, text) in [("ko", korean), ("ru", russian), ("vi", vietnamese)] {
        let decomposed: String = text.nfd().collect();
        assert_ne!(decomposed, text);
        dir.write(&format!("news/{code}-nfc.txt"), format!("Halden\n\n{text}\n"));
        dir.write(&format!("news/{code}-nfd.txt"), format!("Halden\n\n{decomposed}\n"));
    }
    let folder: String = "news/Ελλάδα 한국".nfd().collect();
    dir.write(&format!("{folder}/x.txt"), "Halden\n\nNothing but a short text about the harbour.\n");
    dir.run(&["index", "news"]).ends(0);
    for (query, code, marked) in [
        ("파업", "ko", "파업"),
        ("\"서울에서 파업이\"", "ko", "서울에서 파업이"),
        ("노동조합", "ko", "노동조합"),
        ("корабль", "ru", "корабль"),
        ("российская", "ru", "Российские"),
        ("вез", "ru", "вёз"),
        ("=вёз", "ru", "вёз"),
        ("\"đình công\"", "vi", "đình công"),
        ("dinh w/1 cong", "vi", "đình, công"),
    ] {
        for query in [query.to_string(), query.nfd().collect()] {
            assert_eq!(
                found(&dir, &query),
                [format!("{code}-nfc: {marked}"), format!("{code}-nfd: {marked}")],
                "{query}"
            );
        }
    }
    for code in ["ko", "ru", "vi"] {
        assert_eq!(dir.found(&format!("lang:{code}")).len(), 2, "{code}");
    }
    // The text of a hit is the file's, byte for byte.
    let hits = dir.hits(&["파업 path:nfd"]);
    let text = hits[0]["text"].as_str().expect("a text");
    let file = std::fs::read_to_string(dir.path("news/ko-nfd.txt")).expect("the file");
    let at = |name: &str| hits[0][name].as_u64().expect("an offset") as usize;
    assert_eq!(&file[at("start")..at("end")], text);
    // Names of files are found as they are typed, and printed as the system knows them.
    for query in ["path:한국", "path:\"Ελλάδα 한국\"", "path~\"news/Ελλάδα\"", "path:*ελλάδα*"] {
        for query in [query.to_string(), query.nfd().collect()] {
            let hits = dir.hits(&[&query]);
            assert_eq!(hits.len(), 1, "{query}");
            let path = hits[0]["path"].as_str().expect("a path");
            assert_eq!(path, format!("{folder}/x.txt"), "{query}");
            assert!(dir.path(path).exists());
        }
    }
}

#[test]
fn wildcards_beside_umlauts() {
    let dir = index(&[
        ("umlaut", "Der Jäger im Wald fand eine Möwe, und die Müller gingen mit den Hunden nach Hause in die Strasse."),
        (
            "spelled",
            "Der Jaeger im Wald fand eine Moewe, und die Mueller gingen mit den Hunden nach Hause in die Straße.",
        ),
        ("none", "Die Jagd im Mull endete, und der Mohn blühte, als die anderen Menschen nach Hause gingen."),
    ]);
    assert_found(
        &dir,
        &[
            (&["Jaeg*", "JAEG*", "jaege?", "*aeger"], &["spelled: Jaeger", "umlaut: Jäger"]),
            (&["Jäge*"], &["spelled: Jaeger", "umlaut: Jäger"]),
            (&["Jage*"], &["umlaut: Jäger"]),
            (&["Moew*", "Möw*"], &["spelled: Moewe", "umlaut: Möwe"]),
            (&["Muel*"], &["spelled: Mueller", "umlaut: Müller"]),
            (&["Straß*", "Strass*"], &["spelled: Straße", "umlaut: Strasse"]),
        ],
    );
}

/// A spelling is offered only of a word that is one by itself.
#[test]
fn no_piece_of_a_word_is_offered() {
    let dir =
        index(&[("a", "It cost £1,000 of e-maul on a catamaran with vice-presidant Voss. A sailor met the sailors.")]);
    for query in ["1001", "10000", "maull", "presidant2", "maul2"] {
        let run = dir.run(&["search", query]).ends(1);
        assert!(!run.stderr.contains("did you mean"), "{}", run.told());
    }
    for (query, offered) in [("catamarann", "catamaran"), ("sailer", "sailor"), ("emaulk", "emaul")] {
        dir.run(&["search", query]).ends(1).says(&[&format!("did you mean {offered}?")]);
    }
}

/// Words that are broken at the ends of lines are found whole, and as they are written.
#[test]
fn words_broken_at_the_ends_of_lines() {
    let dir = index(&[
        ("typed", "The board met over the conser-\nvation of the old quay, and the well-\nknown divers dived there."),
        ("scanned", "The board met over the conser¬\nvation of the old quay, and the lan\u{ad}\ntern of the mole."),
        ("printed", "Der Rat sprach über die Verwal⸗\ntung des Hafens und den Bürger=\nmeister der alten Stadt."),
        ("joined", "The board met over the conser- vation of the old quay, the north- and the south-west mole."),
        ("russian", "Совет говорил о стро-\nительстве нового порта и о старых маяках у моря."),
    ]);
    assert_found(
        &dir,
        &[
            (
                &["conservation", "conserv*", "conser-vation"],
                &["joined: conser- vation", "scanned: conser¬\nvation", "typed: conser-\nvation"],
            ),
            (&["well-known", "wellknown", "\"well known\""], &["typed: well-\nknown"]),
            (&["lantern", "lanterns"], &["scanned: lan\u{ad}\ntern"]),
            (&["Verwaltung"], &["printed: Verwal⸗\ntung"]),
            (&["Bürgermeister"], &["printed: Bürger=\nmeister"]),
            (&["строительстве"], &["russian: стро-\nительстве"]),
            (&["\"north and\""], &["joined: north- and"]),
        ],
    );
}
