//! Pages: facts of the article and of nothing else on the page, and pages saved with their parts.

use std::io::Write;

use crate::util::TestDir;

/// Three paragraphs of running text.
const TEXT: &str = "<p>Pilots at the harbour of Skarvik will decide on Thursday on a new rota, their union said on Monday after \
    talks in the old customs house.</p><p>A first vote in March ended in a clear refusal, and the harbour board has since \
    turned away eleven ships for want of crews.</p><p>The board would also pay for two days of training a year, and would \
    take on forty hands before the summer, a spokeswoman said.</p>";

/// What `sections --json` says of a page with this head and these parts around its text.
fn facts(head: &str, above: &str, below: &str) -> serde_json::Value {
    let dir = TestDir::new();
    let page = format!(
        "<!DOCTYPE html><html lang=en><head><meta charset=utf-8><title>Pilots vote on rota | Skarvik Post</title>{head}</head>\
         <body><nav><a href=/>Home</a></nav><article><h1>Pilots vote on rota</h1>{above}{TEXT}</article>{below}</body></html>"
    );
    dir.write("a.html", page);
    dir.run(&["sections", "--json", "a.html"]).ends(0).lines()[0].clone()
}

#[test]
fn dates_and_names_are_those_of_the_article() {
    let related = "<aside class='related-stories'><h3>More</h3><article><h2><a href=/a>Lamp relit</a></h2><time class='published' \
                   datetime='2009-04-11T18:06:36Z'>11 April 2009</time><span class=author>Olga Berg</span></article></aside>";
    let comments = "<section id=comments><h2>2 comments</h2><ol><li class=comment><cite>Ola</cite> <time \
                    datetime='2020-03-29'>29 March 2020</time><p>I was there.</p></li></ol></section>";
    let cited = "<ol><li itemscope itemtype='http://schema.org/ScholarlyArticle' itemprop=citation><meta itemprop=author \
                 content='A. B'><meta itemprop=datePublished content=1988><meta itemprop=headline content='Old boats'>B, A. Old \
                 boats. 1988.</li></ol>";
    let post = "<blockquote class='instagram-media'><div>A post shared by x on <time datetime='2018-03-12T19:30:12+00:00'>Mar 12, \
                2018</time></div></blockquote>";
    for (name, head, above, below, published, byline) in [
        ("related", "", "", related, None, None),
        ("comments", "", "", comments, None, None),
        ("cited", "", "", cited, None, None),
        ("embedded", "", post, "", None, None),
        (
            "its own",
            "",
            "<p class=meta>Posted on October 22, 2019 by Mara Lind</p>",
            related,
            Some("2019-10-22"),
            Some("Mara Lind"),
        ),
        (
            "a label",
            "",
            "<div>Datum: 03.05.11</div><div class=author>Von Mara Lind</div>",
            comments,
            Some("2011-05-03"),
            Some("Mara Lind"),
        ),
        ("metadata", "<meta name=dc.date content=2017-01-30>", "", cited, Some("2017-01-30"), None),
        (
            "persons first",
            "<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"headline\":\"Pilots vote on rota\",\"author\":[{\"@type\":\
             \"Organization\",\"name\":\"Skarvik Post\"},{\"@type\":\"Person\",\"name\":\"Mara Lind\"}]}</script>",
            "",
            "",
            None,
            Some("Mara Lind"),
        ),
        (
            "an organisation that the page corrects",
            "<meta name=author content='Skarvik Post'><meta property='og:site_name' content='Skarvik Post'>",
            "<span class='byline'>By Mara Lind</span>",
            "",
            None,
            Some("Mara Lind"),
        ),
        ("an id", "<meta name=author content='cc7567'>", "", "", None, None),
        (
            "no date of the day",
            "<meta name='expires' content='2030-01-01'>",
            "<p>Saved on a shelf since 1988.</p>",
            "",
            None,
            None,
        ),
    ] {
        let facts = facts(head, above, below);
        assert_eq!(facts["published"].as_str(), published, "{name}");
        assert_eq!(facts["byline"].as_str(), byline, "{name}");
        assert_eq!(facts["title"].as_str(), Some("Pilots vote on rota"), "{name}");
    }
}

#[test]
fn the_newspapers_own_day_is_given() {
    let utc = "<meta property='article:published_time' content='2023-11-09T03:12:00+00:00'>";
    let address = "<link rel=canonical href='https://skarvik-post.example/2023/11/08/pilots/'>";
    for (name, head, above, published, from) in [
        ("a day in the text", utc.to_string(), "<p class=date>November 8, 2023</p>", "2023-11-08", "text"),
        ("a day in the address", format!("{utc}{address}"), "", "2023-11-08", "url"),
        (
            "the same instant",
            utc.to_string(),
            "<time datetime='2023-11-08T22:12:00-05:00'>November 8, 2023</time>",
            "2023-11-08T22:12:00-05:00",
            "metadata",
        ),
        ("nothing else", utc.to_string(), "", "2023-11-09T03:12:00Z", "metadata"),
    ] {
        let facts = facts(&head, above, "");
        assert_eq!(
            (facts["published"].as_str(), facts["published_from"].as_str()),
            (Some(published), Some(from)),
            "{name}"
        );
    }
}

#[test]
fn explain_names_the_element_of_a_date() {
    let dir = TestDir::new();
    dir.write(
        "a.html",
        format!("<html><head><meta name=dc.date content=2017-01-30></head><body><article><h1>Pilots</h1>{TEXT}</article></body></html>"),
    );
    let page = dir.run(&["sections", "--explain", "a.html"]).ends(0).stdout;
    assert!(page.contains("dates of the page") && page.contains("<meta name=\"dc.date\">"), "{page}");
    let lines = dir.run(&["sections", "--explain", "--json", "a.html"]).ends(0).lines();
    assert_eq!(lines[0]["dates"][0]["value"], "2017-01-30");
    assert!(dir.run(&["sections", "--json", "a.html"]).ends(0).lines()[0].get("dates").is_none());
}

fn zipped(members: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in members {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).expect("a member");
        writer.write_all(text.as_bytes()).expect("its text");
    }
    writer.finish().expect("an archive").into_inner()
}

#[test]
fn saved_pages_are_read_with_their_addresses() {
    let url = "https://skarvik-post.example/2011/pilots";
    let page =
        format!("<html lang=en><head><title>Pilots vote</title></head><body><h1>Pilots vote</h1>{TEXT}</body></html>");
    let noted = page.replace(
        "<head>",
        &format!("<!--\n Page saved with SingleFile \n url: {url} \n saved date: Thu Nov 14 2024 10:11:12 GMT+0100\n--><head>"),
    );
    let rdf = format!(
        "<?xml version=\"1.0\"?><RDF:RDF xmlns:MAF=\"m\" xmlns:RDF=\"r\"><RDF:Description><MAF:originalurl RDF:resource=\"{url}\"/>\
         <MAF:archivetime RDF:resource=\"Sun, 13 Mar 2011 08:06:40 +0100\"/></RDF:Description></RDF:RDF>"
    );
    let manifest = format!("{{\"originalUrl\": \"{url}\", \"title\": \"Pilots vote\"}}");
    let inner = zipped(&[("index.html", &noted), ("images/0.png", "x")]);
    let extracting = [
        b"<!DOCTYPE html><html data-sfz><meta charset=utf-8><body hidden><script>/* loader */</script><!--",
        &*inner,
        b"--></body></html>",
    ]
    .concat();
    let encoded = page.bytes().map(|byte| format!("&#{byte};")).collect::<String>();
    let list = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><plist version=\"1.0\"><dict><key>WebMainResource</key><dict>\
         <key>WebResourceData</key><string>{encoded}</string><key>WebResourceMIMEType</key><string>text/html</string>\
         <key>WebResourceURL</key><string>{url}</string></dict></dict></plist>"
    );
    for (name, bytes) in [
        ("noted.html", noted.clone().into_bytes()),
        ("browser.html", format!("<!-- saved from url=(0040){url} -->{page}").into_bytes()),
        ("scrapbook.html", page.replace("<html", &format!("<html data-scrapbook-source='{url}'")).into_bytes()),
        ("a.maff", zipped(&[("17/index.html", &page), ("17/index.rdf", &rdf), ("17/frame.html", &page)])),
        ("a.html.zip", zipped(&[("index.html", &page), ("manifest.json", &manifest), ("style.css", "p {}")])),
        ("extracting.html", extracting),
        ("a.webarchive", list.into_bytes()),
    ] {
        let dir = TestDir::new();
        dir.write(name, bytes);
        let lines = dir.run(&["sections", "--json", name]).ends(0).lines();
        assert_eq!(lines.len(), 1, "{name}");
        assert_eq!((lines[0]["url"].as_str(), lines[0]["title"].as_str()), (Some(url), Some("Pilots vote")), "{name}");
        assert_eq!(lines[0]["published"].as_str(), None, "{name}");
        assert!(lines[0]["words"].as_u64().is_some_and(|words| words > 50), "{name}");
    }
}
