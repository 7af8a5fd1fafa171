//! All hits of a query, one after the other, in bounded memory.
//!
//! A thread searches and hands over batches through a bounded channel: it waits for a slow reader, and ends when the reader goes.

use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use arrow_array::{RecordBatch, RecordBatchReader};
use arrow_schema::{ArrowError, SchemaRef};
use crosshead::{CancelFlag, Degraded, SearchOptions, Searcher};
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyTuple};

use crate::arrow;
use crate::calls::{self, wait};
use crate::ending;
use crate::errors::Error;
use crate::fields::Hit;
use crate::json;
use crate::results::Counts;

/// Hits of a batch.
const BATCH: usize = 250;

/// Batches that wait for the reader.
const WAITING: usize = 2;

type Hits = Vec<Arc<crosshead::Hit>>;

/// What is known from the first batch on.
struct Head {
    reading: String,
    counts: crosshead::Counts,
    notes: Vec<crosshead::Note>,
}

enum Message {
    Head(Box<Head>),
    Hits(Hits),
    Failed(Error),
}

/// The reader's end.
struct Source {
    /// `None` once it was closed, or all was read.
    messages: Option<Receiver<Message>>,
    hits: VecDeque<Arc<crosshead::Hit>>,
    cancel: CancelFlag,
}

impl Drop for Source {
    /// The search of an export that nobody reads ends.
    fn drop(&mut self) {
        self.cancel.cancel();
    }
}

impl Source {
    /// The next message; `None` at the end.
    fn next(&mut self) -> Result<Option<Message>, Error> {
        let Some(messages) = &self.messages else { return Ok(None) };
        match wait(messages, &CancelFlag::new(), |_| Ok(()))? {
            Some(Message::Failed(error)) => {
                self.messages = None;
                Err(error)
            }
            Some(message) => Ok(Some(message)),
            None => {
                self.messages = None;
                Ok(None)
            }
        }
    }

    fn next_hit(&mut self) -> Result<Option<Arc<crosshead::Hit>>, Error> {
        while self.hits.is_empty() {
            match self.next()? {
                Some(Message::Hits(hits)) => self.hits = hits.into(),
                Some(_) => {}
                None => return Ok(None),
            }
        }
        Ok(self.hits.pop_front())
    }

    fn close(&mut self) {
        self.cancel.cancel();
        self.messages = None;
        self.hits.clear();
    }
}

/// Searches, and hands over what is found.
fn produce(searcher: &Searcher, query: &str, options: &SearchOptions, out: &SyncSender<Message>) {
    let mut has_head = false;
    let mut degraded = None;
    let outcome = searcher.search_in_batches(query, options, BATCH, &mut |results| {
        degraded = degraded.or(results.degraded);
        let mut sent = Ok(());
        if !std::mem::replace(&mut has_head, true) {
            let head = Head { reading: results.query.to_string(), counts: results.counts, notes: results.notes };
            sent = out.send(Message::Head(Box::new(head)));
        }
        let hits: Hits = results.hits.into_iter().map(Arc::new).collect();
        match sent.and_then(|()| out.send(Message::Hits(hits))) {
            Ok(()) => ControlFlow::Continue(()),
            // The reader has gone.
            Err(_) => ControlFlow::Break(()),
        }
    });
    let failed = match outcome {
        Err(error) => Some(Error::of_search(error, query)),
        // Nobody takes a part for the whole.
        Ok(()) => degraded.filter(|degraded| *degraded != Degraded::Spans).map(Error::Incomplete),
    };
    if let Some(error) = failed {
        let _ = out.send(Message::Failed(error));
    }
}

/// All hits of a query: an iterator, and a stream of Arrow for what is not yet read.
#[pyclass(frozen, module = "crosshead")]
pub(crate) struct Export {
    source: Arc<Mutex<Source>>,
    head: Head,
    process: u32,
}

impl Export {
    /// Begins to search, and waits until it is known what matches.
    ///
    /// # Errors
    ///
    /// The error of the query.
    pub(crate) fn begin(
        py: Python<'_>,
        searcher: Searcher,
        query: String,
        mut options: SearchOptions,
    ) -> PyResult<Export> {
        calls::refuse_in_fork()?;
        let cancel = CancelFlag::new();
        options.cancel = cancel.clone();
        let (out, messages) = sync_channel(WAITING);
        let body = move || produce(&searcher, &query, &options, &out);
        thread::Builder::new()
            .name("crosshead-export".into())
            .stack_size(8 << 20)
            .spawn(body)
            .map_err(|error| Error::Other(format!("cannot start a thread: {error}")).raised(py))?;
        let mut source = Source { messages: Some(messages), hits: VecDeque::new(), cancel };
        let head = ending::detached(py, || match source.next()? {
            Some(Message::Head(head)) => Ok(*head),
            _ => Err(Error::Other("the search ended before it began".into())),
        });
        let head = head.map_err(|error| error.raised(py))?;
        Ok(Export { source: Arc::new(Mutex::new(source)), head, process: std::process::id() })
    }

    /// In a fork there is no thread that searches.
    fn check_process(&self) -> PyResult<()> {
        if self.process == std::process::id() { Ok(()) } else { calls::refuse_in_fork() }
    }
}

#[pymethods]
impl Export {
    fn __iter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Hit>> {
        self.check_process()?;
        // The lock is taken without Python's: who waits for a batch needs Python's to look for signals.
        let hit = ending::detached(py, || self.source.lock().unwrap_or_else(PoisonError::into_inner).next_hit());
        hit.map(|hit| hit.map(Hit)).map_err(|error| error.raised(py))
    }

    /// What is not yet read, by Arrow's PyCapsule interface, batch by batch. The schema is always that of hits.
    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        let _ = requested_schema;
        self.check_process()?;
        arrow::capsule(py, Stream { source: Arc::clone(&self.source), schema: arrow::schema_of_hits() })
    }

    /// What matches the whole query: so many passages are given.
    #[getter]
    fn total(&self) -> Counts {
        Counts(self.head.counts)
    }

    /// The query as it was read, in the query language.
    #[getter]
    fn reading(&self) -> &str {
        &self.head.reading
    }

    /// Other plausible readings, and words that are nowhere in the index.
    #[getter]
    fn notes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        json::serialised(py, &self.head.notes)
    }

    /// Ends the search. There are no further hits.
    fn close(&self, py: Python<'_>) {
        ending::detached(py, || self.source.lock().unwrap_or_else(PoisonError::into_inner).close());
    }

    fn __enter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    #[pyo3(signature = (*_exception))]
    fn __exit__(&self, py: Python<'_>, _exception: &Bound<'_, PyTuple>) {
        self.close(py);
    }

    fn __repr__(&self) -> String {
        format!("<crosshead.Export: {} passages match>", self.head.counts.passages)
    }
}

/// The batches of an export, for libraries that read Arrow.
struct Stream {
    source: Arc<Mutex<Source>>,
    schema: SchemaRef,
}

impl Iterator for Stream {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        // Other libraries may or may not hold Python's lock here; who waits for a batch must not.
        let take = || -> Result<Option<Hits>, Error> {
            let mut source = self.source.lock().unwrap_or_else(PoisonError::into_inner);
            match source.next_hit()? {
                Some(first) => Ok(Some(std::iter::once(first).chain(source.hits.drain(..)).collect())),
                None => Ok(None),
            }
        };
        let Some(hits) = ending::attached(|py| ending::detached(py, take)) else {
            return Some(Err(ArrowError::ExternalError("Python has ended".into())));
        };
        match hits {
            Ok(hits) => hits.map(|hits| arrow::batch_of_hits(&self.schema, &hits)),
            Err(error) => {
                let sentence = ending::attached(|py| error.raised(py).to_string());
                Some(Err(ArrowError::ExternalError(sentence.unwrap_or_else(|| "Python has ended".into()).into())))
            }
        }
    }
}

impl RecordBatchReader for Stream {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }
}
