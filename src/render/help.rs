//! The query language and its fields, explained on a screen each: for the terminal and for the page.

/// The query language, 80 columns wide. Each line that begins with just two spaces is a query that matches in `corpus/`,
/// and its explanation.
pub const QUERY: &str = "\
Words side by side must all occur in one section. Case, accents and word
endings are ignored.

  harbour strike             both words in any form, best matches first
  \"harbour master\"           a phrase: these word forms next to each other
  =Voss                      exactly as written, including case and accents
  nurse* OR meal*            words with this prefix
                             te?t: any one letter; colo*r: any letters
  embarog~1                  at most one letter changed, missing, added or
                             swapped; ~2: two
  /str[iu]kes?/              a regular expression for one word

  ferries AND NOT embargo    AND, OR, NOT in capitals
                             -word is NOT, +word is AND
  (grain OR oil) prices      parentheses group
  strike MAYBE mediator^3    MAYBE only raises the rank
                             ^3 multiplies the score by three

  dockers w/5 harbour        at most 5 words apart in any order
                             w/1 is the next word
  talks pre/9 failed         at most 9 words apart, in this order
  strike NOT w/5 nurses      at least one \"strike\" without \"nurses\" near it
  pay w/s hours              in one sentence; w/p in one paragraph
                             w/sec section, w/art article
  (dock* OR ferr*) w/6 (port OR harbour)
  first20(strike)            within the first 20 words of the article
  atleast2(strike)           at least 2 times in the article

  title:strike heading:dispute     fields; see `crosshead help fields`
  heading=\"The dispute\"            equals; heading~The: begins with
                                   heading:*: has any value
  under:\"The vote\" OR -heading:*   below this heading at any level
                                   -heading:* has no heading
  strike date:2023-09              dates: 2023, 2023-09..2023-10, 2023-Q3,
                                   30d, last-month, unknown
  strike words:>100 level:2        numbers

Any text can be pasted: a sign that can be no operator is text (R&D, C++,
12:30, -0.4%, a quote or bracket without its partner), and a note says so
where it could be meant otherwise. -F takes everything as text. `--explain`
shows how a query is parsed. `crosshead save NAME QUERY` saves it for use as
@NAME.
";

/// The fields, each with an example that matches in `corpus/`.
pub const FIELDS: &str = "\
Text fields: field:word contains the word, field=value equals the value,
field~value begins with it, field:/regex/ matches the expression, field:* has
any value. A word can also be a \"phrase\" or a (group) with operators.

  title:strike                   headline (also headline:, hd:)
  heading:dispute                heading of the section (also section:)
  under:* OR heading:reaction    headings above that of the section
  lede:dockers                   first paragraphs (also lead:)
                                 hlead: title or lede
  body:harbour                   text without title and headings
  speaker:* OR body:harbour      who says the passage, in a transcript
  name:\"Petter Moe\"              a name: its words with capitals, in this order,
                                 with middle names or initials between them
  byline:Lindqvist               author (also author:, by:)
  dateline:Halden                place where it was written
  source:courier                 newspaper, agency or site
                                 (also publication:, pub:)
  desk:local OR title:strike     the newspaper's own section, such as Business
  tag:* OR title:strike          keywords of the publisher
  url:* OR title:strike          web address
  path:tight                     path of the file
  lang:de                        language, by code or name

Dates and numbers: field:value, field:from..to, field:>value; field:* has any
value.

  date:2023-09..2023-10          date of publication; date:unknown has none
  updated:2023.. OR title:strike   date of the last change, if it is stated
  added:1d                       date when it was indexed
  words:>100                     number of words in the article
  level:1..2                     level of the heading; 0 without a heading

  is:boilerplate                 text about the page, such as share lines;
                                 otherwise not searched
  id:ID of an article or passage, as search prints it

`crosshead search 'words:>=0' --sort newest` lists every article.
";
