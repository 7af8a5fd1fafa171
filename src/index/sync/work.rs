//! The work of a run: worker threads read the files that the survey found and replace their documents, those of files
//! that are gone are deleted, and all of it is committed, periodically and at the end.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use std::vec::IntoIter;

use tantivy::Searcher;
use tantivy::indexer::LogMergePolicy;

use crate::index::commit::{commit, delete, update_reprints};
use crate::index::document::{ArticleDocuments, Origin, documents};
use crate::index::manifest::{FileEntry, FileState, Lengths, Manifest, UNSURE, shown_path};
use crate::index::queue::{Batch, Queue, Writer};
use crate::index::sync::records::Records;
use crate::index::sync::report::{
    Failure, FailureKind, MIN_WRITER_BYTES, Report, SyncOptions, fill_totals, report_skips,
};
use crate::index::sync::survey::Survey;
use crate::index::{Index, IndexError, WriteLock};
use crate::ingest::walk::Candidate;
use crate::ingest::{Contents, SkipReason, Yielded};
use crate::text::Language;

/// tantivy's maximum of memory for a writing thread.
const MAX_WRITER_BYTES: usize = 3 << 30;
/// Memory for each writing thread, if there are several.
const WRITER_BYTES_PER_THREAD: usize = 96 << 20;
/// Memory for a single writing thread.
const LONE_WRITER_BYTES: usize = 192 << 20;
/// Up to this many bytes of files are written by one thread, which makes one segment: a thread writes much faster than
/// several read. More bytes are written by several threads, so that one takes documents while another writes a segment.
const ONE_SEGMENT_BYTES: u64 = 100 << 20;
/// Time between commits, so that a killed run loses little.
const COMMIT_INTERVAL: Duration = Duration::from_secs(60);
/// A file that changed this shortly before it was read may change again without getting another time.
const UNSURE_NS: i64 = 2_000_000_000;
/// Most records of a file without an article that are listed one by one; the rest is counted.
const MOST_BAD_RECORDS: usize = 1_000;
/// Share of deleted documents at which a segment is rewritten.
const DELETED_SHARE: f32 = 0.25;

/// A run, which holds the lock.
pub(crate) struct Run<'a> {
    index: &'a Index,
    options: &'a SyncOptions,
    /// The commit before the run.
    before: Searcher,
    /// Commits are made while no worker runs, so that none has a part of a file.
    writer: Writer,
    queue: Arc<Queue>,
    generation: u64,
}

/// A file to be read.
struct Job {
    /// Index of its folder in the manifest.
    folder: usize,
    /// The file's number.
    number: u64,
    candidate: Candidate,
    /// Hash and outcome of the contents that are indexed; `None` for a new file.
    indexed: Option<(u64, FileState)>,
}

/// The files to be read, shared by the workers.
struct Jobs {
    rest: Mutex<IntoIter<Job>>,
    /// The names of the folders, as shown and as stored.
    names: Vec<(String, String)>,
}

/// A file that was read.
struct Done {
    /// Index of its folder in the manifest.
    folder: usize,
    key: Vec<u8>,
    /// Its path, as shown.
    path: String,
    entry: FileEntry,
    outcome: FileOutcome,
    /// Why the file could not be read, if its articles are kept for that.
    kept: Option<String>,
}

/// Number, paths and key of a file.
#[derive(Clone, Copy)]
struct FileNames<'a> {
    number: u64,
    /// Its path, as shown.
    path: &'a str,
    /// Its path, as stored.
    stored: &'a str,
    key: &'a [u8],
}

/// The documents of a file that are in the index before it is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Existing {
    /// None, because the file is new. Nothing is deleted then: each delete costs a lookup in each segment.
    Nothing,
    /// Those of at most one article.
    Article,
    /// Those of several records.
    Records,
}

/// How a file changed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum FileOutcome {
    Added,
    Changed,
    Unchanged,
}

impl<'a> Run<'a> {
    /// Opens the writer.
    pub(crate) fn begin(
        index: &'a Index,
        options: &'a SyncOptions,
        survey: &Survey,
        threads: usize,
        generation: u64,
        lock: &WriteLock,
    ) -> Result<Run<'a>, IndexError> {
        let bytes: u64 = survey.work.iter().map(|(_, candidate)| candidate.bytes).sum();
        let (writers, memory) =
            if bytes <= ONE_SEGMENT_BYTES { (1, LONE_WRITER_BYTES) } else { (threads.min(8), WRITER_BYTES_PER_THREAD) };
        let asked = options.memory.map(|bytes| usize::try_from(bytes).unwrap_or(usize::MAX) / writers);
        let each = asked.unwrap_or(memory).clamp(MIN_WRITER_BYTES, MAX_WRITER_BYTES);
        let writer = index.tantivy_writer(writers, each * writers, options.plain_segments, lock)?;
        let mut merge_policy = LogMergePolicy::default();
        merge_policy.set_del_docs_ratio_before_merge(DELETED_SHARE);
        writer.set_merge_policy(Box::new(merge_policy));
        Ok(Run { index, options, before: index.reader()?.searcher(), writer, queue: Arc::default(), generation })
    }

    /// Does the work and commits it.
    pub(crate) fn work(mut self, survey: Survey, threads: usize) -> Result<Report, IndexError> {
        let (manifest, mut report) = match self.apply(survey, threads) {
            Ok(applied) => applied,
            Err(error) => {
                let error = self.index.with_cause(error);
                self.abandon();
                return Err(error);
            }
        };
        fill_totals(&mut report, &manifest.totals());
        // Running merges would end with the writer and leave many small segments.
        self.writer.wait_merging_threads().map_err(|error| self.index.error(error))?;
        // A cancelled run ends soon: the next run groups the reprints, as it does after a kill.
        if !report.interrupted {
            update_reprints(self.index, self.generation)?;
        }
        report.skipped.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(report)
    }

    /// Removes files that were written and not committed: they would keep a full disk full.
    fn abandon(mut self) {
        if self.writer.rollback().is_ok() {
            let _ = self.writer.garbage_collect_files().wait();
        }
    }

    /// Deletes and adds what the survey found, and commits it.
    fn apply(&mut self, survey: Survey, threads: usize) -> Result<(Manifest, Report), IndexError> {
        let Survey { mut manifest, work, gone, moved, mut report, .. } = survey;
        let bytes = work.iter().map(|(_, candidate)| candidate.bytes).sum();
        self.options.progress.start(work.len() as u64, bytes);
        let fields = self.index.fields();
        for file in moved {
            delete(&self.writer, fields, file);
        }
        for (folder, key) in gone {
            let folder = &mut manifest.folders[folder];
            let entry = folder.files.remove(&key).expect("what is gone was surveyed once, in this manifest");
            delete(&self.writer, fields, entry.number);
            report.removed += 1;
        }
        self.read_files(work, threads, &mut manifest, &mut report)?;
        Ok((manifest, report))
    }

    /// Reads the files, records their outcomes, and commits, periodically and at the end.
    fn read_files(
        &mut self,
        work: Vec<(usize, Candidate)>,
        threads: usize,
        manifest: &mut Manifest,
        report: &mut Report,
    ) -> Result<(), IndexError> {
        let jobs: Vec<Job> = work.into_iter().map(|(folder, candidate)| job(manifest, folder, candidate)).collect();
        let names = manifest.folders.iter().map(|folder| (folder.name.clone(), folder.stored.clone())).collect();
        let jobs = Jobs { rest: Mutex::new(jobs.into_iter()), names };
        loop {
            // Workers only run between two commits.
            let done = self.run_workers(&jobs, threads, Instant::now() + COMMIT_INTERVAL)?;
            report.interrupted = self.options.cancel.is_cancelled();
            let is_last = report.interrupted || lock(&jobs.rest).len() == 0;
            if is_last {
                self.options.progress.finish();
            }
            commit(self.index, &mut self.writer, self.generation + 1, || {
                for done in done {
                    record_outcome(done, manifest, report);
                }
                manifest
            })?;
            self.generation += 1;
            if is_last {
                return Ok(());
            }
            update_reprints(self.index, self.generation)?;
        }
    }

    /// Runs workers until no job is left, time is up, the run is cancelled or a worker fails.
    fn run_workers(&self, jobs: &Jobs, threads: usize, until: Instant) -> Result<Vec<Done>, IndexError> {
        let failed = AtomicBool::new(false);
        let may_continue =
            || !failed.load(Ordering::Relaxed) && !self.options.cancel.is_cancelled() && Instant::now() < until;
        std::thread::scope(|scope| {
            let work = || {
                let done = self.worker(jobs, &may_continue);
                failed.fetch_or(done.is_err(), Ordering::Relaxed);
                done
            };
            let mut workers = Vec::with_capacity(threads);
            for _ in 0..threads {
                match std::thread::Builder::new()
                    .stack_size(crate::ingest::READER_STACK_BYTES)
                    .spawn_scoped(scope, work)
                {
                    Ok(worker) => workers.push(worker),
                    // Fewer workers do.
                    Err(_) if !workers.is_empty() => break,
                    Err(error) => return Err(self.index.error(error.into())),
                }
            }
            let (mut finished, mut rest) = (Vec::new(), Batch::new(&self.queue, self.options.plain_segments));
            let mut error = None;
            for worker in workers {
                match worker.join() {
                    Ok(Ok((done, unsent))) => {
                        finished.extend(done);
                        rest.join(unsent);
                    }
                    Ok(Err(failure)) => error = error.or(Some(failure)),
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
            if let Some(error) = error {
                return Err(error);
            }
            rest.send_last(&self.writer).map_err(|error| self.index.error(error))?;
            Ok(finished)
        })
    }

    /// Does jobs while `may_continue`. Returns the files that were read, and the documents that were not sent.
    fn worker(&self, jobs: &Jobs, may_continue: &dyn Fn() -> bool) -> Result<(Vec<Done>, Batch), IndexError> {
        let mut batch = Batch::new(&self.queue, self.options.plain_segments);
        let mut finished = Vec::new();
        while may_continue() {
            let next = lock(&jobs.rest).next();
            let Some(job) = next else { break };
            let bytes = job.candidate.bytes;
            finished.push(self.index_file(job, &jobs.names, &mut batch)?);
            self.options.progress.advance(bytes);
        }
        Ok((finished, batch))
    }

    /// Reads a file, and replaces its documents if its contents differ from those that are indexed.
    fn index_file(&self, job: Job, names: &[(String, String)], batch: &mut Batch) -> Result<Done, IndexError> {
        let Job { folder, number, candidate, indexed } = job;
        let (name, stored_name) = &names[folder];
        let path = shown_path(name, &candidate.key);
        let mut entry = FileEntry {
            number,
            bytes: candidate.bytes,
            modified_ns: sure_time(candidate.modified_ns),
            changed_ns: candidate.changed_ns,
            inode: candidate.inode,
            hash: 0,
            state: FileState::Skipped(SkipReason::Empty),
        };
        let change = if indexed.is_some() { FileOutcome::Changed } else { FileOutcome::Added };
        let done = |path, entry, outcome| Done { folder, key: candidate.key.clone(), path, entry, outcome, kept: None };
        let read = match &candidate.skip {
            Some(reason) => Err(reason.clone()),
            None => Contents::read_listed(&candidate, self.options.limits),
        };
        let mut contents = match read {
            Ok(contents) => contents,
            Err(reason) => {
                self.options.progress.skipped(&path, &reason.to_string());
                if let (SkipReason::Unreadable(_), Some((hash, state))) = (&reason, &indexed)
                    && state.articles() > 0
                {
                    // The next run tries again.
                    let entry = FileEntry { modified_ns: UNSURE, hash: *hash, state: state.clone(), ..entry };
                    let kept = Some(reason.to_string());
                    return Ok(Done { kept, ..done(path, entry, FileOutcome::Unchanged) });
                }
                if indexed.is_some() {
                    delete(&self.writer, self.index.fields(), number);
                }
                let state = FileState::Skipped(reason);
                let is_same = indexed.is_some_and(|(_, before)| before == state);
                entry.state = state;
                return Ok(done(path, entry, if is_same { FileOutcome::Unchanged } else { change }));
            }
        };
        entry.hash = contents.hash;
        entry.bytes = contents.bytes;
        let existing = match &indexed {
            None => Existing::Nothing,
            Some((_, FileState::Indexed { articles: 2.., .. })) => Existing::Records,
            Some(_) => Existing::Article,
        };
        if let Some((hash, state)) = indexed
            && hash == contents.hash
            && !is_limit(&state)
            && !state.is_lifted()
        {
            entry.state = state;
            return Ok(done(path, entry, FileOutcome::Unchanged));
        }
        let file =
            FileNames { number, path: &path, stored: &shown_path(stored_name, &candidate.key), key: &candidate.key };
        entry.state = self.replace(&mut contents, file, existing, batch)?;
        if let FileState::Skipped(reason) = &entry.state {
            self.options.progress.skipped(&path, &reason.to_string());
        }
        Ok(done(path, entry, change))
    }

    /// Deletes the documents of a file and adds those of its contents; in a file of many records, only for those that
    /// changed.
    fn replace(
        &self,
        contents: &mut Contents,
        file: FileNames<'_>,
        existing: Existing,
        batch: &mut Batch,
    ) -> Result<FileState, IndexError> {
        let mut records = self.delete_existing(file.number, existing)?;
        let mut counts = FileCounts::default();
        let read = self.add_articles(contents, file, records.as_mut(), batch, &mut counts)?;
        match read {
            Ok(()) => {
                if let Some(records) = &records {
                    // None of these was added, so that the batch need not be sent.
                    records.delete_missing(&self.writer);
                }
                Ok(counts.into_state())
            }
            Err(reason) => {
                if counts.articles > 0 || records.is_some() {
                    // A delete affects the documents sent before it.
                    batch.send(&self.writer).map_err(|error| self.index.error(error))?;
                    delete(&self.writer, self.index.fields(), file.number);
                }
                Ok(FileState::Skipped(reason))
            }
        }
    }

    /// Deletes the documents of a file. If it is a file of many records, its records are returned instead.
    fn delete_existing(&self, file: u64, existing: Existing) -> Result<Option<Records<'_>>, IndexError> {
        let fields = self.index.fields();
        if existing == Existing::Records {
            let records = Records::read(&self.before, fields, file).map_err(|error| self.index.error(error))?;
            if records.is_some() {
                return Ok(records);
            }
        }
        if existing != Existing::Nothing {
            delete(&self.writer, fields, file);
        }
        Ok(None)
    }

    /// Adds the articles of a file, but for records that are unchanged. The inner error is the file's: it must be
    /// skipped, and what was added deleted.
    fn add_articles(
        &self,
        contents: &mut Contents,
        file: FileNames<'_>,
        mut records: Option<&mut Records<'_>>,
        batch: &mut Batch,
        counts: &mut FileCounts,
    ) -> Result<Result<(), SkipReason>, IndexError> {
        let FileNames { number, path, stored, key } = file;
        let fields = self.index.fields();
        let limits = self.options.limits;
        let bytes = contents.whole();
        let name = String::from_utf8_lossy(key);
        let name = if name.is_empty() { path } else { &name };
        let mut write_error = None;
        // A panic of a parser, or of our own code, must cost one file, not the run.
        let read = catch_unwind(AssertUnwindSafe(|| {
            contents.articles(name, limits, &mut |yielded| match yielded {
                Yielded::Bad(record) => {
                    if counts.bad.len() < MOST_BAD_RECORDS {
                        let position = format!("{path}: {}", record.position);
                        self.options.progress.skipped(&position, &record.reason.to_string());
                        counts.bad.push((record.position, record.reason));
                    } else {
                        counts.more_bad += 1;
                    }
                }
                Yielded::Article(record) if write_error.is_none() => {
                    let origin = Origin { file: number, path: stored, bytes: &bytes, added: self.options.now };
                    let made = documents(fields, *record, origin);
                    counts.add(&made);
                    if records.as_mut().is_some_and(|records| records.keep(&self.writer, &made.article)) {
                        return;
                    }
                    write_error = batch.add(made.documents, &self.writer).err();
                }
                Yielded::Article(_) => {}
            })
        }));
        match write_error {
            Some(error) => Err(self.index.error(error)),
            None => Ok(read
                .unwrap_or_else(|_| Err(SkipReason::Malformed("its reader failed; please report this file".into())))),
        }
    }
}

/// Counts over the articles of a file.
#[derive(Default)]
struct FileCounts {
    articles: u32,
    sections: u32,
    passages: u32,
    lengths: Lengths,
    languages: BTreeMap<Language, u32>,
    /// Records without an article: position in the file, and reason.
    bad: Vec<(String, SkipReason)>,
    /// Number of those that are not in `bad`.
    more_bad: u64,
}

impl FileCounts {
    fn add(&mut self, made: &ArticleDocuments) {
        self.articles += 1;
        self.sections += made.sections as u32;
        self.passages += made.passages as u32;
        self.lengths.add(&made.lengths);
        *self.languages.entry(made.language).or_default() += 1;
    }

    fn into_state(mut self) -> FileState {
        if self.more_bad > 0 {
            let reason = SkipReason::Malformed(format!("{} more records that are no articles", self.more_bad));
            self.bad.push(("the rest".into(), reason));
        }
        FileState::Indexed {
            articles: self.articles,
            sections: self.sections,
            passages: self.passages,
            lengths: self.lengths,
            languages: self.languages.into_iter().collect(),
            bad: self.bad.into(),
        }
    }
}

/// Records the outcome of a file in the manifest and the report.
fn record_outcome(done: Done, manifest: &mut Manifest, report: &mut Report) {
    match done.outcome {
        FileOutcome::Added => report.added += 1,
        FileOutcome::Changed => report.changed += 1,
        FileOutcome::Unchanged => report.unchanged += 1,
    }
    if let Some(reason) = done.kept {
        let articles = done.entry.state.articles();
        report.kept += articles;
        let (path, reason) = (done.path.clone(), format!("{reason}; its articles are kept ({articles})"));
        report.failed.push(Failure { path, reason, kind: FailureKind::Unread, articles });
    }
    report_skips(report, &done.path, &done.entry.state);
    manifest.folders[done.folder].files.insert(done.key, done.entry);
}

/// Was the file skipped for a limit, which may have changed?
fn is_limit(state: &FileState) -> bool {
    matches!(state, FileState::Skipped(SkipReason::TooLong { .. }))
}

/// The job of reading a file. A new file gets a number.
fn job(manifest: &mut Manifest, folder: usize, candidate: Candidate) -> Job {
    let entry = manifest.folders[folder].files.get(&candidate.key);
    let number = entry.map_or(manifest.next_file, |entry| entry.number);
    let indexed = entry.map(|entry| (entry.hash, entry.state.clone()));
    manifest.next_file = manifest.next_file.max(number + 1);
    Job { folder, number, candidate, indexed }
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// The time of a file, or [`UNSURE`] if it is too recent.
fn sure_time(modified_ns: i64) -> i64 {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(i64::MAX, |now| i64::try_from(now.as_nanos()).unwrap_or(i64::MAX));
    if now.saturating_sub(modified_ns) < UNSURE_NS { UNSURE } else { modified_ns }
}
