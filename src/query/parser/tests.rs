//! Tables of queries: the trees they parse to, their errors and their notes.

use super::*;
use crate::query::parse;

fn parsed(text: &str) -> Result<String, &'static str> {
    parse(text, Today::from_iso("2026-11-23").expect("a date"))
        .map(|query| query.to_string())
        .map_err(|error| error.code)
}

#[test]
fn parse_table() {
    for (text, expected) in [
        ("oil embargo", "oil embargo"),
        ("\"climate deal\"", "\"climate deal\""),
        ("(tax OR levy) AND Merkel", "(tax OR levy) +Merkel"),
        ("Biden NOT \"Hunter Biden\"", "Biden NOT \"Hunter Biden\""),
        ("+Trump -Ivanka", "+Trump NOT Ivanka"),
        ("(CORRECTED)-IVORY COAST", "CORRECTED IVORY COAST"),
        ("\"oil price\"-driven (a)-b +c", "\"oil price\" driven a b +c"),
        ("heading:\"The Controversy\" plagiarism", "heading:\"The Controversy\" plagiarism"),
        ("heading=\"The Controversy\"", "heading=\"The Controversy\""),
        ("heading~\"The Contro\"", "heading~\"The Contro\""),
        ("section:Analysis -heading:* inflation", "heading:Analysis NOT heading:* inflation"),
        ("byline:\"Jane Doe\" pub:reuters", "byline:\"Jane Doe\" source:reuters"),
        ("title:(strike OR walkout) date:2023-09..2023-10", "title:(strike OR walkout) date:2023-09-01..2023-10-31"),
        ("OIL AND GAS", "+OIL +GAS"),
        ("OIL PRICES AND RATES FALL NOT RISE", "OIL PRICES and RATES FALL not RISE"),
        ("a b OR c", "a b OR c"),
        ("a (b OR c d)", "a (b OR c d)"),
        ("a (b c)", "a b c"),
        ("a +(b c)", "a +(b c)"),
        ("-(a b)", "NOT (a b)"),
        ("„Der Streik“ «la grève» 「港口」", "\"Der Streik\" \"la grève\" \"港口\""),
        ("path:news/2023/a-b.txt", "path:news/2023/a-b.txt"),
        // Examples of the specification.
        ("name:\"Ada Holm\" -name:Voss", "name:\"Ada Holm\" NOT name:\"Voss\""),
        ("name:(Ada OR \"Karl Voss\") strike", "(name:\"Ada\" OR name:\"Karl Voss\") strike"),
        ("name:\"Ada Holm\" w/5 strike", "name:\"Ada Holm\" w/5 strike"),
        ("heading:/^(Background|Context)\\b/ sanctions", "heading:/^(Background|Context)\\b/ sanctions"),
        ("under:Analysis -heading:* inflation", "under:Analysis NOT heading:* inflation"),
        (
            "title:(strike w/3 (nurse* OR doctor*)) date:2023-09..2023-10",
            "title:(strike w/3 (nurse* OR doctor*)) date:2023-09-01..2023-10-31",
        ),
        ("hlead:=RICO atleast5(RICO)", "hlead:=RICO atleast5(RICO)"),
        ("president pre/2 Bush", "president pre/2 Bush"),
        ("(Joh* OR Jon~1) w/2 Doe", "(Joh* OR Jon~1) w/2 Doe"),
        ("apple NOT w/5 pie", "apple NOT w/5 pie"),
        ("minister w/s resign*", "minister w/s resign*"),
        ("\"John Wayne\"~2", "\"John Wayne\"~2"),
        ("first50(Toyota) words:>1200", "first50(Toyota) words:1201.."),
        (
            "(heading:Background oil) w/art (heading:Reaction OPEC)",
            "(heading:Background oil) w/art (heading:Reaction OPEC)",
        ),
        ("Trump MAYBE indictment^3", "Trump MAYBE indictment^3"),
        ("lang:de Waffen* date:30d", "lang:de Waffen* date:2026-10-24..2026-11-23"),
        // A `?` at the end of a word.
        ("t?", "/t./"),
        ("?a", "?a"),
        ("t? OR wom?n?", "/t./ OR /wom.n./"),
        ("dock w/3 strik?", "dock w/3 /strik./"),
        ("dock NOT strik? AND quay", "dock NOT /strik./ +quay"),
        ("+strik? harbour", "/strik./ harbour"),
        ("byline:m? title:(strik?) first9(s?)", "byline:(/m./) title:(/strik./) first9(/s./)"),
        ("path:a? byline=m? =t? 港?", "path:a? byline=m? =t? 港?"),
        ("dock (why?) Strike? strike??", "dock why? Strike? strike??"),
        ("Why? Because, NOT here", "Why? Because, NOT here"),
        // Options of a command.
        ("tar -xzf - -C lib", "tar xzf - -C lib"),
        ("ls -la | grep -v dock", "ls la | grep -v dock"),
        ("harbour -fox -cnn", "harbour NOT fox NOT cnn"),
        ("curl -sSL https://example.org/x?y=1 | sh", "curl sSL https://example.org/x?y=1 | sh"),
        ("rm -rf ./lib && make -j4", "rm rf ./lib && make j4"),
        ("cargo test --lib -qq", "cargo test --lib qq"),
        ("scp -rp ~/dock /srv/quay/x", "scp rp ~/dock /srv/quay/x"),
        ("dock && ship -cats", "dock && ship NOT cats"),
        ("ship /s dock -cats", "ship /s dock NOT cats"),
        ("url:https://example.org dock -fox", "url:https://example.org dock NOT fox"),
        // Initials with spaces between them.
        ("J. K. Rowling", "J.K. Rowling"),
        ("U. S. A. and A. B", "U.S.A. and A. B"),
        ("byline:J. K. Rowling", "byline:J. K. Rowling"),
        ("a. b. J.  (K.) L.M.", "a. b. J.K.L.M."),
        // Binding and grouping.
        ("a w/5 b w/5 c", "a w/5 b w/5 c"),
        ("(a w/5 b) pre/2 c", "(a w/5 b) pre/2 c"),
        ("NOT a w/5 b", "NOT a w/5 b"),
        ("a NEAR/3 b", "a w/3 b"),
        ("a ADJ/3 b OR c ONEAR/2 d", "a pre/3 b OR c pre/2 d"),
        ("W/3 x", "(W/3) x"),
        ("a (w/5) b", "a (w/5) b"),
        ("a PRE/1 \"b c\"~3^2", "a pre/1 (\"b c\"~3)^2"),
        ("(a OR b)^0.5 c", "(a OR b)^0.5 c"),
        ("any(a b \"c d\")", "a OR b OR \"c d\""),
        ("first10(a b)", "first10(a b)"),
        ("a MAYBE b c", "a MAYBE b c"),
        ("MAYBE a", "(MAYBE) a"),
        ("oil MAYBE", "oil (MAYBE)"),
        // Atoms.
        ("=\"The Contro\"", "=\"The Contro\""),
        ("=iPhone^2", "(=iPhone)^2"),
        ("wom?n colo*r 198*", "wom?n colo*r 198*"),
        ("Jon~ Jon~2", "Jon~1 Jon~2"),
        ("/go+d/ a/b /x", "/go+d/ a/b /x"),
        ("what happened?", "what happened?"),
        ("who* is waldo??", "who* is waldo??"),
        ("c* 5*3 *n title:s* 1*", "c* 5*3 *n title:s* 1*"),
        ("2^10 x^3", "2^10 x^3"),
        ("x^1000", "x^1000"),
        (
            "words:>1200 level:2 words:..5 added:2023 updated:unknown",
            "words:1201.. level:2 words:..5 added:2023-01-01..2023-12-31 updated:unknown",
        ),
        ("tag:economy lede:strike", "tag:economy lede:strike"),
        ("title=\"a b\" title~a -title:/x y/", "title=\"a b\" title~a NOT title:/x y/"),
        ("is:boilerplate id:0123456789abc.2", "is:boilerplate id:0123456789abc.2"),
        ("@realDonaldTrump", "@realDonaldTrump"),
        ("«a \"b c» x", "«a \"b c» x"),
        ("aa()", "aa ()"),
        // Patterns in phrases.
        ("\"ferry cap*\"", "\"ferry\" pre/1 cap*"),
        ("\"fer?y to the capten~1\"", "fer?y pre/1 \"to the\" pre/1 capten~1"),
        ("title:\"ferry cap*\"", "title:(\"ferry\" pre/1 cap*)"),
        ("\"who is waldo?\" \"5 * 3\"", "\"who is waldo?\" \"5 * 3\""),
        // Signs that are text.
        ("-12", "-12"),
        ("losses (-5) or -(7)", "losses -5 or - 7"),
        ("tar -x file -old", "tar -x file old"),
        ("1) tax 2) bins :(", "1 tax 2 bins :"),
        ("Mayor: \"We go", "Mayor: We go"),
        ("Portland, OR (AP) said: \"We", "Portland, OR AP said: We"),
        ("Salem OR Eugene, OR", "Salem OR Eugene, (OR)"),
        ("@mayor says \"no", "@mayor says no"),
        ("AND NOT oil", "(AND) NOT oil"),
        ("code (-EIO) back", "code EIO back"),
        ("gas OR (-oil)", "gas OR NOT oil"),
        ("he -who is ill- left", "he who is ill- left"),
        ("title::case Date::now", "title::case Date::now"),
        ("2.4~20 M*A*S*H f**k f***", "2.4~20 M*A*S*H f**k f***"),
        ("\"a b\",\"c d\"—\"e f\"", "\"a b\" \"c d\" \"e f\""),
        ("« la grève", "la grève"),
        ("\"curly mixed”", "\"curly mixed\""),
        ("oil AND", "oil (AND)"),
        ("oil AND OR gas", "oil (AND) (OR) gas"),
        ("NOT", "(NOT)"),
        ("BBC NOT ITV", "BBC NOT ITV"),
        ("DOCK OR QUAY", "DOCK OR QUAY"),
        ("-BBC", "(NOT BBC)"),
        ("HARBOUR TOLL -FERRY", "(HARBOUR TOLL NOT FERRY)"),
        ("(HARBOUR TOLL -FERRY) OR QUAY", "(HARBOUR TOLL NOT FERRY OR QUAY)"),
        ("NOT GUILTY", "not GUILTY"),
        ("NOT \"OUR\" HARBOUR", "not \"OUR\" HARBOUR"),
        ("SAFE OR NOT SAFE", "SAFE or not SAFE"),
        ("COURT: HOLM NOT GUILTY", "COURT: HOLM not GUILTY"),
        ("МЭР НЕ СДАСТСЯ OR NOT", "МЭР НЕ СДАСТСЯ or not"),
        ("NOT IN MY GARDEN EITHER", "not IN MY GARDEN EITHER"),
        ("McKAY WILL NOT STAND \"AGAIN\" (AP)", "McKAY WILL not STAND \"AGAIN\" AP"),
        ("(NATO OR EU) AND BREXIT", "(NATO OR EU) +BREXIT"),
        ("TITLE:ferry", "title:ferry"),
        ("date:\"2023-09-12\"", "date:2023-09-12"),
        ("", ""),
    ] {
        assert_eq!(parsed(text).as_deref(), Ok(expected), "{text}");
        assert_eq!(parsed(expected).as_deref(), Ok(expected), "{text}: what is printed parses to something else");
    }
}

#[test]
fn plain_text_is_valid() {
    for text in [
        "R&D",
        "AT&T fox-it C++ 20.04 and/or a/b http://ap.org/x who is “waldo”?",
        "NOTE: mentions",
        "12:30",
        "5\"",
        "a - b",
        "+",
        "-",
        "=",
        "~",
        "^",
        "a = b",
        "what happened?",
        "x:y",
        "مرحبا بالعالم",
        "港口罢工",
        "and",
        "100%",
        "#hashtag",
        "C#",
        "🙂",
        "()",
        "rock'n'roll",
        "U.S.",
        "w/5",
        "the title: a story",
        "e-mail: me",
        "a:b:c",
        "1:2",
        "note:this",
        "https://x.org/a?b=c",
        "$5m",
        "M&A; Q4",
        "<b>",
        "\\",
        "a|b",
    ] {
        assert!(parsed(text).is_ok(), "{text}: {:?}", parsed(text));
    }
}

#[test]
fn error_table() {
    for (text, code) in [
        // A slip where operators are certain.
        ("tax AND \"levy", "open-quote"),
        ("title:\"levy", "open-quote"),
        ("AND oil OR gas", "dangling"),
        ("oil OR gas AND", "dangling"),
        ("title:oil OR", "dangling"),
        ("(nurses OR doctors AND strike", "open-paren"),
        ("tax AND levy)", "open-paren"),
        (") tax AND levy", "open-paren"),
        ("first50(oil", "open-paren"),
        ("date:09/10/2023", "ambiguous-date"),
        ("date:13/09/2023", "bad-date"),
        ("date:2023..2021", "reversed-range"),
        ("hedaing:x", "unknown-field"),
        ("titel:x", "unknown-field"),
        ("title:(a date:2023)", "nested-field"),
        ("a w/5 b pre/2 c", "mixed-prox"),
        ("a w/5 b w/3 c", "mixed-prox"),
        ("a w/5 b NOT w/5 c", "mixed-prox"),
        ("a w/5 title:b", "prox-operand"),
        ("a w/5 (b c)", "prox-operand"),
        ("(a AND b) w/5 c", "prox-operand"),
        ("a w/s (NOT b)", "prox-operand"),
        ("a w/5 atleast2(b)", "prox-operand"),
        ("a w/5 (b w/art c)", "prox-operand"),
        ("a w/5000 b", "too-far"),
        ("atleast5(a b)", "function-operand"),
        ("first5(title:a)", "function-operand"),
        ("Putin~10", "fuzzy-range"),
        ("/(/", "bad-regex"),
        ("title:/[/", "bad-regex"),
        ("words:many", "bad-number"),
        ("words:9..3", "reversed-range"),
        ("id:x", "bad-id"),
        ("is:funny", "unknown-kind"),
        ("title:(a w/art b)", "nested-field"),
        ("title:(atleast2(a))", "nested-field"),
        ("like:x", "bad-id"),
    ] {
        assert_eq!(parsed(text), Err(code), "{text}");
    }
    assert_eq!(parsed(&format!("{}a{}", "(".repeat(200), ")".repeat(200))), Err("too-deep"));
    assert_eq!(parsed(&format!("{}a", "NOT ".repeat(300))), Err("too-deep"));
    assert_eq!(parsed(&"x".repeat(MAX_QUERY_BYTES + 1)), Err("too-long"));
}

#[test]
fn errors_name_position_and_way_out() {
    for (text, message, offset, suggestion) in [
        (
            "tax OR \"never",
            "this quote is never closed: add \" at the end of the phrase, or remove it",
            7,
            Some("tax OR \"never\""),
        ),
        (
            "AND oil OR gas",
            "AND needs something before it; to search the word itself, quote it: \"and\"",
            0,
            Some("\"and\""),
        ),
        (
            "oil date:09/10/2023",
            "'09/10/2023' can be day/month or month/day: write date:2023-10-09 or date:2023-09-10",
            9,
            Some("date:2023-10-09"),
        ),
        (
            "oil date:2023/10/09",
            "'2023/10/09' is not in an accepted form: write date:2023-10-09",
            9,
            Some("date:2023-10-09"),
        ),
        (
            "date:\"last month\"",
            "'last month' is not in an accepted form: write date:last-month",
            5,
            Some("date:last-month"),
        ),
        ("date:2023.09..", "'2023.09' is not in an accepted form: write date:2023-09", 5, Some("date:2023-09")),
        (
            "hedaing:x y",
            "there is no field 'hedaing'; did you mean heading:? to search the text, quote it",
            0,
            Some("heading:x y"),
        ),
        ("a w/5 b pre/2 c", "two different distances in a row: say which comes first, (a w/5 b) pre/2 ...", 8, None),
        (
            "x title:a w/5 b",
            "w/ and pre/ join words, phrases or OR-groups, not a field: put it outside, as in title:(a w/5 b) or (a w/5 b) AND c",
            2,
            None,
        ),
        ("/(/", "this regular expression cannot be read: unclosed group; to search it as text, quote it", 0, None),
        (
            "Putin~10",
            "~10 allows too many letter changes; use ~1 or ~2; for words apart write Putin w/10 other",
            0,
            Some("Putin~2"),
        ),
        (
            "date:2023..2021",
            "this range ends before it begins: did you mean date:2021..2023?",
            5,
            Some("date:2021..2023"),
        ),
        ("a (oil OR gas", "this '(' is never closed: add ')' where the group ends, or remove it", 2, None),
    ] {
        let error = parse(text, Today::from_iso("2026-11-23").expect("a date")).expect_err(text);
        assert_eq!((error.message.as_str(), error.offset), (message, offset), "{text}");
        assert_eq!(error.suggestion.as_deref(), suggestion, "{text}");
    }
}

#[test]
fn notes_give_the_other_reading() {
    for (text, code, other) in [
        ("elephant AND zebra OR lion", "precedence", Some("+elephant (zebra OR lion)")),
        ("elephant zebra OR lion", "precedence", Some("elephant (zebra OR lion)")),
        ("recycl!", "truncation", Some("recycl*")),
        ("Smith and Jones", "word", Some("Smith AND Jones")),
        ("title: strike", "word", Some("title:strike")),
        ("OIL PRICES AND RATES FALL SLOWLY", "word", Some("oil prices AND rates fall slowly")),
        ("NOT Ivanka", "only-not", None),
        ("-BBC news", "minus", Some("BBC news")),
        ("tar -xzf backup", "minus", Some("tar xzf backup")),
        ("curl -sSL page", "minus", Some("curl sSL page")),
        ("rm -rf lib -j4", "minus", Some("rm rf lib j4")),
        ("grep -rn dock -l", "minus", Some("grep -rn dock NOT l")),
        ("Factbox: NOT all quiet", "minus", Some("Factbox: not all quiet")),
        ("NOT a drill", "minus", Some("not a drill")),
        ("Hafen, -Streik", "minus", Some("Hafen, Streik")),
        ("@nobody", "saved", None),
        ("NATO AND EU", "capitals", Some("NATO and EU")),
        ("COURT: SMITH NOT GUILTY", "word", Some("court: smith NOT guilty")),
        ("NOT GUILTY", "word", Some("NOT guilty")),
        ("say \"never again", "quote", Some("say \"never again\"")),
        ("say „nie wieder", "quote", Some("say „nie wieder“")),
        ("eyes on trade, -officials", "minus", Some("eyes on trade, officials")),
        ("strik?", "truncation", Some("strik")),
        ("t?", "truncation", Some("t")),
        ("кораб?", "truncation", Some("кораб")),
        ("Strike?", "truncation", Some("/Strike./")),
        ("strik? harbour", "truncation", Some("+strik? harbour")),
        ("wo schiff?", "truncation", Some("wo +schiff?")),
        ("cats or dogs and not mice", "word", Some("cats OR dogs AND NOT mice")),
        ("body:/walk.* out/", "regex", None),
        ("disk:full", "no-field", Some("desk:full")),
        ("frost of -12 in Oslo", "minus", Some("frost of NOT 12 in Oslo")),
        ("ship ADJ5 dock", "operator", Some("ship pre/5 dock")),
        ("ship || dock", "operator", Some("ship OR dock")),
        ("ship /s dock", "operator", Some("ship w/s dock")),
        ("ship w/ 4 dock", "operator", Some("ship w/4 dock")),
        ("\"ship dock\" ~5", "operator", Some("\"ship dock\"~5")),
        ("dock !ship", "operator", Some("dock NOT ship")),
        ("dock^0", "operator", Some("dock")),
        ("dock~0.7", "operator", Some("dock~1")),
        ("/do.k/i", "operator", Some("/do.k/")),
        ("title(dock)", "operator", Some("title:(dock)")),
        ("ti(dock)", "operator", Some("title:(dock)")),
        ("atl5(dock)", "operator", Some("atleast5(dock)")),
        ("atleast5 dock", "operator", Some("atleast5(dock)")),
        ("ship near5 dock", "operator", Some("ship w/5 dock")),
        ("ship NEAR/5S dock", "operator", Some("ship w/s dock")),
        ("ship /3p dock", "operator", Some("ship w/p dock")),
        ("\"ship\"|\"dock\"", "operator", Some("\"ship\" OR \"dock\"")),
        ("first(ship) dock", "operator", Some("first50(ship) dock")),
        ("au:\"Mara Lindqvist\"", "no-field", Some("byline:\"Mara Lindqvist\"")),
        ("ship wc>500", "operator", Some("ship words:>500")),
        ("ship <NEAR/5> dock", "operator", Some("ship w/5 dock")),
        ("ship w5 dock", "operator", Some("ship w/5 dock")),
        ("ship adj3 dock", "operator", Some("ship pre/3 dock")),
        ("ship /+3 dock", "operator", Some("ship pre/3 dock")),
        ("ship w/para dock", "operator", Some("ship w/p dock")),
        ("ship SAME dock", "operator", Some("ship w/p dock")),
        ("ship WITHIN 5 dock", "operator", Some("ship w/5 dock")),
        ("ship BUT-NOT dock", "operator", Some("ship NOT dock")),
        ("ship(w)dock", "operator", Some("ship pre/1 dock")),
        ("ship (3n) dock", "operator", Some("ship w/4 dock")),
        ("ship words>500", "operator", Some("ship words:>500")),
        ("ship words=>500", "operator", Some("ship words:>=500")),
        ("ship date=1987-05", "operator", Some("ship date:1987-05")),
        ("ship year<1987", "operator", Some("ship date:<1987")),
        ("ship 1987..1990", "operator", Some("ship date:1987..1990")),
        ("\"ship * dock\"", "operator", Some("ship pre/2 dock")),
        ("\"the ship ??? ??? dock\"", "operator", Some("\"the ship\" pre/3 dock")),
        ("\"the ship ... left the dock\"", "operator", Some("\"the ship\" pre/10 \"left the dock\"")),
        ("'ship dock' sea", "phrase", Some("\"ship dock\" sea")),
        ("‘ship dock’", "phrase", Some("\"ship dock\"")),
        ("``ship dock''", "phrase", Some("\"ship dock\"")),
        ("Titel:dock", "no-field", Some("title:dock")),
        ("SITE:bbc", "no-field", Some("url:*bbc*")),
        ("ti:dock", "no-field", Some("title:dock")),
        ("wc:>500", "no-field", Some("words:>500")),
        ("Year:1987", "no-field", Some("date:1987")),
        ("filetype:pdf", "no-field", Some("path:*.pdf")),
        ("since:2020", "no-field", Some("date:2020..")),
        ("venue:harbour", "no-field", None),
    ] {
        let query = parse(text, Today::from_iso("2026-11-23").expect("a date")).expect(text);
        let notes: Vec<_> = query.notes.iter().map(|note| (note.code, note.other.as_deref())).collect();
        assert_eq!(notes, [(code, other)], "{text}");
    }
    for text in [
        "(elephant zebra) OR lion",
        "elephant (zebra OR lion)",
        "elephant OR lion",
        "Smith AND Jones",
        "harbour -strikes",
        "where is the harbour?",
        "(t? OR u?) dock",
        "NOTE: mentions",
        "12:30",
        "http://x",
        "score:3-1",
        "a=5 b<7 size=12",
        "the '90s dogs' day",
        "rock 'n' roll",
        "'harbour' strike 'union'",
        "wear n95 masks",
        "ship added>1",
        "ship 2024..2023",
        "harbour w11 strike",
        "first99999999999(strike)",
        "the dogs' owners' union",
        "near the ship, same as within the dock",
        "a ship 5 dock",
        "Venue:harbour",
        "Headline:- Dockers walk out",
        "\"ship\",\"dock\"/\"quay\"—\"pier\"",
        "f*** you",
        "Mayor: \"We",
        "Hooray! they said",
        "tram, bus & ferry",
        "Opinion | The trams are late",
        "the drivers are not here and the trams are not there either, or so it is said",
    ] {
        let query = parse(text, Today::from_iso("2026-11-23").expect("a date")).expect(text);
        assert_eq!(query.notes, [], "{text}");
    }
}

#[test]
fn a_query_that_only_excludes_has_both_notes() {
    let query = parse("-Ivanka", Today::from_iso("2026-11-23").expect("a date")).expect("a query");
    let notes: Vec<_> = query.notes.iter().map(|note| (note.code, note.other.as_deref())).collect();
    assert_eq!(notes, [("minus", Some("Ivanka")), ("only-not", None)]);
}

#[test]
fn saved_queries_are_parsed_where_they_are_named() {
    let saved = |name: &str| match name {
        "animals" => Some("elephant OR lion".to_string()),
        "loop" => Some("@loop x".to_string()),
        "broken" => Some("x OR (y".to_string()),
        _ => None,
    };
    let today = Today::from_iso("2026-11-23").expect("a date");
    let parsed = |text: &str| crate::query::parse_with(text, today, &saved);
    let query = parsed("zoo @animals").expect("valid");
    assert_eq!(query.to_string(), "zoo @animals");
    assert!(query.root.any(&|node| matches!(&node.kind, NodeKind::Word(word) if word == "lion")));
    assert_eq!(parsed("@loop").map_err(|error| error.code), Err("saved-loop"));
    assert_eq!(parsed("@broken").map_err(|error| error.code), Err("open-paren"));
    assert_eq!(parsed("@animals w/5 zoo").map(|query| query.to_string()).as_deref(), Ok("@animals w/5 zoo"));
}

#[test]
fn carets_are_below_the_text_in_error() {
    let text = "oil hedaing:x";
    let error = parse(text, Today::from_iso("2026-11-23").expect("a date")).expect_err("unknown field");
    let shown = error.with_caret(text);
    assert!(shown.ends_with("  oil hedaing:x\n      ^^^^^^^"), "{shown}");
}

proptest::proptest! {
    #[test]
    fn any_text_is_parsed_or_refused(text in "\\PC{0,60}") {
        let _ = parsed(&text);
    }

    #[test]
    fn printed_queries_parse_to_the_same_tree(text in "[a-c\"() :=~+-]{0,30}|(a|b|AND|OR|NOT|MAYBE|w/5|pre/2|w/s|w/art|w/5000|first3|atleast2|any|\\(|\\)|title:|words:|@|a\\*|b~1|=c|/d/|\"e f\"|“|”|«|»|\\^2|~1| |-|\\+){0,20}|(A|BC|D,|AND|OR|NOT|any\\(|\\(|\\)|\"E F\"| |-|\\+){0,12}") {
        if let Ok(printed) = parsed(&text) {
            let again = parsed(&printed);
            proptest::prop_assert_eq!(again.as_deref(), Ok(printed.as_str()), "{}", text);
        }
    }
}
