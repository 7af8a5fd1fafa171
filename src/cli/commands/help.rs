//! `help`: of the commands, and of the query language on one screen.

use std::io::Write;

use anyhow::{Result, anyhow};
use clap::CommandFactory;

use crate::cli::args::Cli;
use crate::cli::commands::stdout;
use crate::cli::message::Status;

/// The language. Every line that begins with two spaces is a query that finds something in `corpus/`, and what it means.
pub const QUERY: &str = "\
Words side by side must all be in one section; case, accents and endings do not matter.

  harbour strike                   both words, any form, best first
  \"harbour master\"                 these forms side by side
  =Voss                            written just so, in case and accents
  nurse* OR meal*                  words that begin so; te?t has one letter any, colo*r some
  embarog~1                        one letter other, missing, too many or swapped; ~2 for two
  /str[iu]kes?/                    a regular expression for one word

  ferries AND NOT embargo          AND, OR, NOT in capitals; -word is NOT, +word is AND
  (grain OR oil) prices            parentheses group
  strike MAYBE mediator^3          MAYBE lifts the rank only; ^3 counts three times

  dockers w/5 harbour              within 5 words, any order; 1 is the next word
  talks pre/9 failed               within 9, in this order
  strike NOT w/5 nurses            at least one strike with no nurses near it
  pay w/s hours                    one sentence; w/p paragraph, w/sec section, w/art article
  (dock* OR ferr*) w/6 (port OR harbour)
  first20(strike)                  within the article's first 20 words
  atleast2(strike)                 so often in the article

  title:strike heading:dispute     fields; `crosshead help fields` lists them
  heading=\"The dispute\"            is just that; heading~The begins so; heading:* has one
  under:\"The vote\" OR -heading:*   some heading above; no heading
  strike date:2023-09              dates: 2023, 2023-09..2023-10, 2023-Q3, 30d, last-month, unknown
  strike words:>100 level:2        counts

What a sign cannot be, it is not: R&D, C++, a/b, 12:30 and http://ap.org/x are text. -F takes all literally.
`--explain` says how a query was read. `crosshead save NAME QUERY` keeps one; @NAME stands for it.
";

/// The fields, with an example each that finds something in `corpus/`.
pub const FIELDS: &str = "\
Text: field:word contains, field=value is just that, field~value begins so, field:/regex/ matches; field:* has one.
Values are words, \"phrases\" and (groups) of all that can be asked of text.

  title:strike                     headline (headline: hd:)
  heading:dispute                  heading of the section (section:)
  under:* OR heading:reaction      the headings above
  lede:dockers                     the first paragraph (lead:); hlead: title or lede
  body:harbour                     the text without title and headings
  byline:Lindqvist                 who wrote it (author: by:)
  dateline:Halden                  where it was written
  source:courier                   newspaper, agency, site (publication: pub:)
  desk:local OR title:strike       the newspaper's own section
  tag:* OR title:strike            what the publisher filed it under
  url:* OR title:strike            address
  path:tight                       path of the file
  lang:de                          language, by code or name

Dates and counts: field:value, field:from..to, field:>value, field:* has one.

  date:2023-09..2023-10            publication; date:unknown has none
  updated:2023.. OR title:strike   last change, where it is stated
  added:1d                         when it was indexed
  words:>100                       words of the article
  level:1..2                       level of the heading, 0 without

  is:boilerplate                   text about the page, which nothing else searches
  id:ID of an article or passage, as search prints it
";

pub(crate) fn run(topic: Option<&str>) -> Result<Status> {
    let mut out = stdout();
    let mut cli = Cli::command();
    match topic {
        None => write!(out, "{}", cli.render_long_help())?,
        Some("query") => out.write_all(QUERY.as_bytes())?,
        Some("fields") => out.write_all(FIELDS.as_bytes())?,
        Some(name) => {
            cli.build();
            let command = cli
                .find_subcommand_mut(name)
                .ok_or_else(|| anyhow!("there is no help on '{name}': ask for a command, `query` or `fields`"))?;
            write!(out, "{}", command.render_long_help())?;
        }
    }
    out.flush()?;
    Ok(Status::Found)
}
