//! Bringing an index up to date, and how a file is split without one.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Once};

use crosshead::{CancelFlag, Failure, Progress, ReadLimits, Report, Searcher, SyncOptions};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString};
use serde_json::Value;

use crate::calls;
use crate::ending;
use crate::errors::{self, Error};
use crate::index::Index;
use crate::json;
use crate::options;

/// Has PDF read by processes of the program that came with the package, or leaves it to the library, which then looks for
/// one and else skips PDF with that reason: a damaged document must not take this process's memory.
fn set_pdf_reader(py: Python<'_>) -> PyResult<()> {
    static SET: Once = Once::new();
    // The library reads this variable where nothing else is set.
    if SET.is_completed() || std::env::var_os("CROSSHEAD_PDF_READER").is_some() {
        return Ok(());
    }
    let program: Option<PathBuf> = py.import("crosshead._program")?.call_method0("program")?.extract()?;
    SET.call_once(|| {
        if let Some(program) = program {
            crosshead::set_pdf_reader(program);
        }
    });
    Ok(())
}

/// How far a run is, for the thread that calls Python.
#[derive(Default)]
struct Done {
    files: AtomicU64,
    done_files: AtomicU64,
    bytes: AtomicU64,
    done_bytes: AtomicU64,
    has_begun: AtomicBool,
}

impl Progress for Done {
    fn start(&self, files: u64, bytes: u64) {
        self.files.store(files, Ordering::Relaxed);
        self.bytes.store(bytes, Ordering::Relaxed);
        self.has_begun.store(true, Ordering::Release);
    }

    fn advance(&self, bytes: u64) {
        self.done_files.fetch_add(1, Ordering::Relaxed);
        self.done_bytes.fetch_add(bytes, Ordering::Relaxed);
    }
}

/// Files done and files to read, bytes done and bytes to read.
type Position = (u64, u64, u64, u64);

impl Done {
    fn position(&self) -> Option<Position> {
        let read = |number: &AtomicU64| number.load(Ordering::Relaxed);
        let is_begun = self.has_begun.load(Ordering::Acquire);
        is_begun.then(|| (read(&self.done_files), read(&self.files), read(&self.done_bytes), read(&self.bytes)))
    }
}

/// One path, or several.
pub(crate) struct Paths(Vec<PathBuf>);

impl<'py> FromPyObject<'_, 'py> for Paths {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Paths> {
        if object.is_none() {
            return Ok(Paths(Vec::new()));
        }
        if object.is_instance_of::<PyString>() || object.hasattr("__fspath__")? {
            return Ok(Paths(vec![object.extract()?]));
        }
        object.try_iter()?.map(|path| path?.extract::<PathBuf>()).collect::<PyResult<_>>().map(Paths)
    }
}

/// Brings the index at `path` up to date with folders, or with those that it follows, and opens it. Makes it if there is
/// none. Ctrl-C, and an error of `progress`, ends it early: what is done by then is committed.
#[pyfunction]
#[pyo3(signature = (folder = None, path = None, *, rebuild = false, rehash = false, prune = false, wait = false, follow = false, hidden = false, discard_added = false, threads = 0, memory = None, max_file = None, progress = None))]
#[allow(clippy::too_many_arguments)]
pub(crate) fn index(
    py: Python<'_>,
    folder: Option<Paths>,
    path: Option<PathBuf>,
    rebuild: bool,
    rehash: bool,
    prune: bool,
    wait: bool,
    follow: bool,
    hidden: bool,
    discard_added: bool,
    threads: i64,
    memory: Option<i64>,
    max_file: Option<i64>,
    progress: Option<Py<PyAny>>,
) -> PyResult<Index> {
    set_pdf_reader(py)?;
    let path = path.unwrap_or_else(|| PathBuf::from("index"));
    let done = Arc::new(Done::default());
    let mut options = SyncOptions::default();
    (options.rehash, options.prune, options.wait, options.discard_added) = (rehash, prune, wait, discard_added);
    (options.walk.follow, options.walk.hidden) = (follow, hidden);
    options.threads = options::number("threads", threads, 0)?;
    options.memory = memory.map(|bytes| options::number("memory", bytes, 1)).transpose()?.map(|bytes| bytes as u64);
    if let Some(bytes) = max_file {
        options.limits.max_bytes = options::number("max_file", bytes, 1)? as u64;
    }
    options.progress = Arc::clone(&done) as Arc<dyn Progress>;
    let cancel = options.cancel.clone();
    let folders = folder.map(|folder| folder.0).unwrap_or_default();
    let work = || -> Result<Report, Error> {
        if rebuild && crosshead::Index::exists(&path) {
            return Ok(crosshead::rebuild(&path, &folders, &options)?.1);
        }
        let index = crosshead::Index::open_or_create(&path)?;
        Ok(crosshead::sync(&index, &folders, &options)?)
    };
    let mut last = None;
    let mut tell = |py: Python<'_>| -> PyResult<()> {
        let position = done.position();
        match (&progress, position) {
            (Some(progress), Some(position)) if last != Some(position) => {
                last = Some(position);
                progress.call1(py, position).map(|_| ())
            }
            _ => Ok(()),
        }
    };
    let report = calls::run_with(py, &cancel, work, &mut tell)?;
    // The end is always told.
    tell(py)?;
    let searcher = ending::detached(py, || Searcher::open(&path)).map_err(|error| Error::Index(error).raised(py))?;
    let report = report_of(py, &report)?;
    Ok(Index::of(searcher, Some(report.into_any().unbind())))
}

/// What a run did.
fn report_of<'py>(py: Python<'py>, report: &Report) -> PyResult<Bound<'py, PyDict>> {
    let dict = json::serialised(py, report)?.cast_into::<PyDict>()?;
    let failed: &[Failure] = &report.failed;
    dict.set_item("failed", json::serialised(py, &failed)?)?;
    Ok(dict)
}

/// How the articles of a file are read and split, without an index.
#[pyfunction]
#[pyo3(signature = (file, *, explain = false, max_file = None))]
pub(crate) fn sections<'py>(
    py: Python<'py>,
    file: PathBuf,
    explain: bool,
    max_file: Option<i64>,
) -> PyResult<Bound<'py, PyList>> {
    set_pdf_reader(py)?;
    let mut limits = ReadLimits::default();
    if let Some(bytes) = max_file {
        limits.max_bytes = options::number("max_file", bytes, 1)? as u64;
    }
    let values = calls::run(py, &CancelFlag::new(), || read(&file, limits, explain))?;
    let list = PyList::empty(py);
    for value in values {
        list.append(json::to_python(py, &value)?)?;
    }
    Ok(list)
}

fn read(file: &Path, limits: ReadLimits, explain: bool) -> Result<Vec<Value>, Error> {
    let mut values = Vec::new();
    let outcome = crosshead::outlines(file, limits, explain, &mut |outline| {
        values.push(match outline {
            Ok(outline) => json::value_of(&outline).map(json::renamed),
            Err(bad) => Ok(serde_json::json!({
                "path": file.to_string_lossy(),
                "position": bad.position,
                "skipped": bad.reason.to_string(),
            })),
        });
    });
    if let Err(reason) = outcome {
        return Err(Error::Python(errors::attached("FileSkipped", format!("'{}': {reason}", file.display()))));
    }
    Ok(values.into_iter().collect::<PyResult<_>>()?)
}
