//! An archive for agents: five tools over an index, whose answers are complete, short and within a number of tokens.
//!
//! ```text
//! name, arguments -> arguments (checked by a table) -> a tool -> fill (what fits) -> Answer: text and JSON of the same facts
//! ```
//!
//! It knows no protocol: `mcp` connects it with one. An answer never depends on a call before it. Texts of articles are data:
//! in the text half each of their lines begins with `> `, in JSON they are values.

mod about;
mod arguments;
mod count;
mod cursor;
mod fill;
mod overview;
mod prompts;
mod read;
mod resources;
mod search;
mod tokens;
mod verify;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Map, Value};

use crate::cancel::CancelFlag;
use crate::index::IndexError;
use crate::query::QueryError;
use crate::render::harmless;
use crate::search::commits::Commits;
use crate::search::{Degraded, SearchError, SearchOptions, Searcher};
pub(crate) use prompts::{PROMPTS, Prompt, prompt};
pub(crate) use resources::{FIXED, TEMPLATES, read as resource};

/// Why a call has no answer, as a sentence for the model that made it: what is wrong, where, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal(pub String);

/// The answer of a tool: the same facts twice, as text and as JSON. Each alone suffices, and each is within the budget.
#[derive(Debug)]
pub(crate) struct Answer {
    pub text: String,
    pub structured: Map<String, Value>,
}

/// A tool.
pub(crate) struct Tool {
    pub name: &'static str,
    /// Its name for people.
    pub title: &'static str,
    pub about: &'static str,
    arguments: &'static [arguments::Argument],
    /// The names of what `structured` always has, each with its type.
    answer: &'static [(&'static str, &'static str)],
    run: fn(&Call<'_>) -> Result<Answer, Refusal>,
}

/// The tools, in the order in which they are listed.
pub(crate) static TOOLS: [Tool; 5] = [search::TOOL, read::TOOL, count::TOOL, verify::TOOL, overview::TOOL];

impl Tool {
    /// The JSON Schema of the arguments.
    pub(crate) fn input_schema(&self) -> Map<String, Value> {
        arguments::schema(self.arguments)
    }

    /// The JSON Schema of the structured half. It is small, as clients send it with every turn.
    pub(crate) fn output_schema(&self) -> Map<String, Value> {
        let properties: Map<String, Value> =
            self.answer.iter().map(|(name, kind)| ((*name).to_string(), serde_json::json!({ "type": kind }))).collect();
        let names: Vec<&str> = self.answer.iter().map(|(name, _)| *name).collect();
        let mut schema = Map::new();
        schema.insert("type".into(), "object".into());
        schema.insert("properties".into(), Value::Object(properties));
        schema.insert("required".into(), serde_json::json!(names));
        schema
    }
}

/// A call of a tool.
struct Call<'a> {
    agent: &'a Agent,
    arguments: arguments::Arguments<'a>,
    cancel: &'a CancelFlag,
}

/// An index for agents, or several that are searched as one. It is opened when it is first asked for, and no lock is held.
pub(crate) struct Agent {
    indexes: Vec<PathBuf>,
    open: Open,
    opened: Mutex<Option<Opened>>,
    /// Does somebody else follow new commits?
    is_followed: bool,
}

/// Opens what is searched, when it is first asked for.
pub(crate) type Open = Box<dyn Fn() -> Result<Searcher, IndexError> + Send + Sync>;

struct Opened {
    commits: Arc<Commits>,
    /// When new commits were last looked for.
    looked: Instant,
}

impl Agent {
    /// The tools of what `open` opens, which are the indexes at these paths; they may not exist yet.
    pub(crate) fn at(indexes: &[PathBuf], open: Open) -> Agent {
        Agent { indexes: indexes.to_vec(), open, opened: Mutex::new(None), is_followed: false }
    }

    /// The tools of indexes that are open, and whose new commits are followed elsewhere.
    #[cfg(feature = "serve")]
    pub(crate) fn of(commits: Arc<Commits>) -> Agent {
        let indexes = commits.last().paths().to_vec();
        let opened = Opened { commits, looked: Instant::now() };
        let open: Open = Box::new(|| Err(IndexError::NoneNamed));
        Agent { indexes, open, opened: Mutex::new(Some(opened)), is_followed: true }
    }

    /// Calls a tool; `None` if there is none of this name.
    pub(crate) fn call(
        &self,
        name: &str,
        values: &Map<String, Value>,
        cancel: &CancelFlag,
    ) -> Option<Result<Answer, Refusal>> {
        let tool = TOOLS.iter().find(|tool| tool.name == name)?;
        let answer = arguments::Arguments::check(tool.arguments, values)
            .and_then(|arguments| (tool.run)(&Call { agent: self, arguments, cancel }));
        Some(answer)
    }

    /// The commits of the index.
    fn commits(&self) -> Result<Arc<Commits>, Refusal> {
        /// Time between looks for a new commit.
        const FOLLOW: Duration = Duration::from_secs(1);
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(opened) = opened.as_mut() {
            if !self.is_followed && opened.looked.elapsed() >= FOLLOW {
                opened.looked = Instant::now();
                opened.commits.follow();
            }
            return Ok(Arc::clone(&opened.commits));
        }
        let searcher = (self.open)().map_err(|error| self.unreadable(&error))?;
        let commits = Arc::new(Commits::of(searcher));
        *opened = Some(Opened { commits: Arc::clone(&commits), looked: Instant::now() });
        Ok(commits)
    }

    /// The searcher of the last commit.
    fn searcher(&self) -> Result<Searcher, Refusal> {
        Ok(self.commits()?.last())
    }

    /// An index that cannot be read, and what to run.
    fn unreadable(&self, error: &IndexError) -> Refusal {
        let told = error.to_string();
        let is_named = |index: &&PathBuf| told.contains(&index.display().to_string());
        let index = self.indexes.iter().filter(is_named).max_by_key(|index| index.as_os_str().len());
        let index = index.unwrap_or(&self.indexes[0]).display();
        let act = match error {
            IndexError::Engine(_) => "look after the engine that holds the archive".to_string(),
            IndexError::Missing(_) => format!("run `crosshead --index {index} index FOLDER` to build it"),
            _ => format!(
                "run `crosshead --index {index} check`, and `crosshead --index {index} index --rebuild` if it finds damage"
            ),
        };
        Refusal(data(&format!("{told}. This is no answer about the archive. Tell the user: {act}")))
    }

    /// Why a search failed.
    fn failed(&self, error: SearchError, query: &str) -> Refusal {
        match error {
            SearchError::Query(error) => wrong_query(&error, query),
            SearchError::Index(error) => self.unreadable(&error),
        }
    }
}

/// A query that cannot be run: what is wrong, where, and what could be meant.
fn wrong_query(error: &QueryError, query: &str) -> Refusal {
    /// Longest query that is repeated.
    const REPEATED: usize = 200;
    let mut text = if query.len() <= REPEATED && !query.contains('\n') {
        error.with_caret(query)
    } else {
        format!("{} (at byte {} of the query)", error.message, error.offset)
    };
    if let Some(suggestion) = &error.suggestion {
        text.push_str(&format!("\ntry: {}", cut(suggestion, REPEATED)));
    }
    let lines: Vec<String> = text.lines().map(data).collect();
    Refusal(format!("{}\nThe query was not run; mend it, or set literal to search for its words.", lines.join("\n")))
}

/// Results that are not complete are no answer.
fn complete(degraded: Option<Degraded>) -> Result<(), Refusal> {
    match degraded {
        None | Some(Degraded::Spans) => Ok(()),
        Some(Degraded::Candidates) => Err(Refusal(
            "more articles may match than are looked at, so that this cannot be counted; this is no answer about the archive: ask more narrowly, by more words, a fact or a date"
                .into(),
        )),
        Some(_) => Err(Refusal(
            "the time was up before all was counted; this is no answer about the archive: ask for rarer words or fewer patterns"
                .into(),
        )),
    }
}

/// A text of the archive on one line, without what controls a terminal, reorders text or hides it from people.
pub(crate) fn data(text: &str) -> String {
    harmless(text).chars().filter(|c| !is_hidden(*c)).collect()
}

/// Letters that are not shown: tags, which spell out ASCII, and variation selectors of the supplement.
fn is_hidden(c: char) -> bool {
    matches!(c, '\u{e0000}'..='\u{e01ef}' | '\u{200b}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

/// A text of the archive as lines, each marked as such.
fn quoted(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(|line| format!("> {}", data(line))).collect();
    lines.join("\n")
}

/// At most `most` bytes of a text, cut after a word, with an ellipsis.
fn cut(text: &str, most: usize) -> String {
    if text.len() <= most {
        return text.to_string();
    }
    let kept = &text[..text.floor_char_boundary(most)];
    let kept = kept.rsplit_once(char::is_whitespace).map_or(kept, |(kept, _)| kept);
    format!("{}…", kept.trim_end())
}

impl Call<'_> {
    /// The options of a search, with the filters of the arguments.
    fn options(&self) -> Result<SearchOptions, Refusal> {
        let arguments = &self.arguments;
        let mut options = SearchOptions { cancel: self.cancel.clone(), ..SearchOptions::default() };
        options.literal = arguments.flag("literal");
        let filters = &mut options.filters;
        filters
            .set_dates(arguments.text("from"), arguments.text("to"), options.today)
            .map_err(|error| Refusal(data(&error.to_string())))?;
        for source in arguments.texts("source") {
            filters.add_condition(&format!("source={source}")).map_err(Refusal)?;
        }
        if let Some(lang) = arguments.text("lang") {
            filters.add_condition(&format!("lang={lang}")).map_err(Refusal)?;
        }
        Ok(options)
    }

    /// The searcher to ask, and where its list goes on: that of the cursor's commit, if there is a cursor.
    fn place(&self) -> Result<(Searcher, cursor::Cursor), Refusal> {
        let commits = self.agent.commits()?;
        let Some(text) = self.arguments.text("cursor") else {
            let searcher = commits.last();
            let commit = searcher.commit();
            return Ok((searcher, cursor::Cursor { given: 0, bytes: 0, commit }));
        };
        let cursor = cursor::Cursor::read(text, &self.arguments.question())?;
        let searcher = commits.at(&cursor.commit).ok_or_else(|| {
            Refusal("the index has changed since this cursor was given: call again without it".into())
        })?;
        Ok((searcher, cursor))
    }
}
