//! The second half of bringing an index up to date: what the survey found is read by worker threads and replaced, what
//! is gone is deleted, and all of it is committed, now and then and in the end.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use std::vec::IntoIter;

use tantivy::Searcher;
use tantivy::indexer::LogMergePolicy;

use crate::article::RepeatedLines;
use crate::index::commit::{commit, delete, group};
use crate::index::document::{Origin, documents};
use crate::index::manifest::{FileEntry, FileState, Manifest, UNSURE, shown_path};
use crate::index::queue::{Batch, Queue, Writer};
use crate::index::sync::records::Records;
use crate::index::sync::repeated;
use crate::index::sync::report::{MIN_WRITER_BYTES, Report, SyncOptions, fill_totals, report_skips};
use crate::index::sync::survey::Survey;
use crate::index::{Index, IndexError, WriteLock};
use crate::ingest::walk::Candidate;
use crate::ingest::{Contents, SkipReason, Yielded};
use crate::text::Language;

/// tantivy's most memory for a writing thread.
const MAX_WRITER_BYTES: usize = 3 << 30;
/// Memory of the writer for each of its threads, where there are several.
const WRITER_BYTES_PER_THREAD: usize = 96 << 20;
/// Memory of a writer of one thread.
const LONE_WRITER_BYTES: usize = 192 << 20;
/// So many bytes of files are written by one thread, which leaves one segment: a thread writes much faster than several
/// read. More are written by several, so that one takes documents while another lays down a segment.
const ONE_SEGMENT_BYTES: u64 = 100 << 20;
/// Work is committed at least so often, so that a killed run loses little.
const COMMIT_EVERY: Duration = Duration::from_secs(60);
/// A file changed this shortly before it was read could change again within the clock's grain.
const UNSURE_NS: i64 = 2_000_000_000;
/// Share of deleted documents at which a segment is rewritten.
const DELETED_SHARE: f32 = 0.25;

/// A run that holds the lock.
pub(crate) struct Run<'a> {
    index: &'a Index,
    options: &'a SyncOptions<'a>,
    /// The index before the run.
    before: Searcher,
    /// What workers add is committed when they have ended, so that no commit falls into the middle of a file.
    writer: Writer,
    queue: Arc<Queue>,
    generation: u64,
    repeated: Arc<RepeatedLines>,
}

/// A file for a worker.
struct Job {
    place: usize,
    /// The file's number.
    file: u64,
    candidate: Candidate,
    /// Hash of the contents that are indexed, and what they gave.
    known: Option<(u64, FileState)>,
}

/// What workers have to do.
struct Jobs {
    rest: Mutex<IntoIter<Job>>,
    /// The names of the folders, as they are shown and as they are stored.
    names: Vec<(String, String)>,
}

/// What a worker made of it.
struct Done {
    place: usize,
    key: Vec<u8>,
    path: String,
    entry: FileEntry,
    outcome: Outcome,
}

/// What the index holds of a file before it is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Held {
    /// Its number is new: there is nothing to delete, and each delete is looked up in each segment.
    Nothing,
    /// An article, or none.
    Article,
    /// Articles of several records.
    Records,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Added,
    Changed,
    /// The contents are as they were.
    Unchanged,
}

impl<'a> Run<'a> {
    pub(crate) fn begin(
        index: &'a Index,
        options: &'a SyncOptions<'a>,
        survey: &Survey,
        threads: usize,
        generation: u64,
        lock: &WriteLock,
    ) -> Result<Run<'a>, IndexError> {
        let bytes: u64 = survey.work.iter().map(|(_, candidate)| candidate.bytes).sum();
        let (writing, memory) =
            if bytes <= ONE_SEGMENT_BYTES { (1, LONE_WRITER_BYTES) } else { (threads.min(8), WRITER_BYTES_PER_THREAD) };
        let asked = options.memory.map(|bytes| usize::try_from(bytes).unwrap_or(usize::MAX) / writing);
        let each = asked.unwrap_or(memory).clamp(MIN_WRITER_BYTES, MAX_WRITER_BYTES);
        let writer = index.writer(writing, each * writing, lock)?;
        let mut merging = LogMergePolicy::default();
        merging.set_del_docs_ratio_before_merge(DELETED_SHARE);
        writer.set_merge_policy(Box::new(merging));
        Ok(Run {
            index,
            options,
            before: index.reader()?.searcher(),
            writer,
            queue: Arc::default(),
            generation,
            repeated: Arc::default(),
        })
    }

    pub(crate) fn work(mut self, survey: Survey, threads: usize) -> Result<Report, IndexError> {
        let done = self.change(survey, threads);
        let (manifest, mut report) = match done {
            Ok(done) => done,
            Err(error) => {
                let error = self.index.cause(error);
                self.abandon();
                return Err(error);
            }
        };
        fill_totals(&mut report, &manifest.totals());
        // Merges that are under way would die with the writer and leave many small segments.
        self.writer.wait_merging_threads().map_err(|error| self.index.error(error))?;
        group(self.index, self.generation)?;
        report.skipped.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(report)
    }

    /// Removes what was written and not committed: it would keep a full disk full.
    fn abandon(mut self) {
        if self.writer.rollback().is_ok() {
            let _ = self.writer.garbage_collect_files().wait();
        }
    }

    /// Deletes and adds what the survey found, and commits it.
    fn change(&mut self, survey: Survey, threads: usize) -> Result<(Manifest, Report), IndexError> {
        let Survey { mut manifest, work, gone, moved, mut report, .. } = survey;
        let bytes = work.iter().map(|(_, candidate)| candidate.bytes).sum();
        self.options.progress.start(work.len() as u64, bytes);
        let fields = self.index.fields();
        for file in moved {
            delete(&self.writer, fields, file);
        }
        for (place, key) in gone {
            let folder = &mut manifest.folders[place];
            let Some(entry) = folder.files.remove(&key) else { continue };
            delete(&self.writer, fields, entry.number);
            report.removed += 1;
        }
        if work.len() >= repeated::LEAST_FILES {
            let mut found = repeated::find(work.iter().map(|(_, candidate)| candidate), self.options.limits, threads);
            found.extend_from_slice(manifest.repeated.hashes());
            manifest.repeated = Arc::new(RepeatedLines::new(found));
        }
        self.repeated = Arc::clone(&manifest.repeated);
        self.read_files(work, threads, &mut manifest, &mut report)?;
        Ok((manifest, report))
    }

    /// Has the files read, takes in what came of them, and commits it, now and then and in the end.
    fn read_files(
        &mut self,
        work: Vec<(usize, Candidate)>,
        threads: usize,
        manifest: &mut Manifest,
        report: &mut Report,
    ) -> Result<(), IndexError> {
        let jobs: Vec<Job> = work.into_iter().map(|(place, candidate)| job(manifest, place, candidate)).collect();
        let names = manifest.folders.iter().map(|folder| (folder.name.clone(), folder.stored.clone())).collect();
        let jobs = Jobs { rest: Mutex::new(jobs.into_iter()), names };
        loop {
            // Between two commits the workers run.
            let done = self.run_workers(&jobs, threads, Instant::now() + COMMIT_EVERY)?;
            report.interrupted = self.options.stop.load(Ordering::Relaxed);
            let is_last = report.interrupted || lock(&jobs.rest).len() == 0;
            if is_last {
                self.options.progress.finish();
            }
            commit(self.index, &mut self.writer, self.generation + 1, || {
                for done in done {
                    take_in(done, manifest, report);
                }
                manifest
            })?;
            self.generation += 1;
            if is_last {
                return Ok(());
            }
            group(self.index, self.generation)?;
        }
    }

    /// Has workers do jobs until none is left, time is up, the run is stopped or one of them fails.
    fn run_workers(&self, jobs: &Jobs, threads: usize, until: Instant) -> Result<Vec<Done>, IndexError> {
        let failed = AtomicBool::new(false);
        let goes_on =
            || !failed.load(Ordering::Relaxed) && !self.options.stop.load(Ordering::Relaxed) && Instant::now() < until;
        std::thread::scope(|scope| {
            let work = || {
                let done = self.worker(jobs, &goes_on);
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
                    // Some do the work of all.
                    Err(_) if !workers.is_empty() => break,
                    Err(error) => return Err(self.index.error(error.into())),
                }
            }
            let (mut finished, mut rest) = (Vec::new(), Batch::new(&self.queue));
            let mut error = None;
            for worker in workers {
                match worker.join() {
                    Ok(Ok((done, left))) => {
                        finished.extend(done);
                        rest.join(left);
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

    /// What came of files, and the documents that were not sent yet.
    fn worker(&self, jobs: &Jobs, goes_on: &dyn Fn() -> bool) -> Result<(Vec<Done>, Batch), IndexError> {
        let mut batch = Batch::new(&self.queue);
        let mut finished = Vec::new();
        while goes_on() {
            let next = lock(&jobs.rest).next();
            let Some(job) = next else { break };
            let bytes = job.candidate.bytes;
            finished.push(self.index_file(job, &jobs.names, &mut batch)?);
            self.options.progress.advance(bytes);
        }
        Ok((finished, batch))
    }

    /// Reads one file and replaces its documents, if its contents are not those that are indexed.
    fn index_file(&self, job: Job, names: &[(String, String)], batch: &mut Batch) -> Result<Done, IndexError> {
        let Job { place, file, candidate, known } = job;
        let (name, stored_name) = &names[place];
        let (path, stored) = (shown_path(name, &candidate.key), shown_path(stored_name, &candidate.key));
        let outcome = if known.is_some() { Outcome::Changed } else { Outcome::Added };
        let mut entry = FileEntry {
            number: file,
            bytes: candidate.bytes,
            modified_ns: sure_time(candidate.modified_ns),
            hash: 0,
            state: FileState::Skipped(SkipReason::Empty),
        };
        let done = |entry, outcome| Done { place, key: candidate.key.clone(), path: path.clone(), entry, outcome };
        let read = match candidate.skip.clone() {
            Some(reason) => Err(reason),
            None => Contents::read_listed(&candidate.path, candidate.bytes, self.options.limits),
        };
        let mut contents = match read {
            Ok(contents) => contents,
            Err(reason) => {
                self.options.progress.skipped(&path, &reason.to_string());
                if known.is_some() {
                    delete(&self.writer, self.index.fields(), file);
                }
                let same = known.is_some_and(|(_, state)| state == FileState::Skipped(reason.clone()));
                entry.state = FileState::Skipped(reason);
                return Ok(done(entry, if same { Outcome::Unchanged } else { outcome }));
            }
        };
        entry.hash = contents.hash;
        entry.bytes = contents.bytes;
        let held = match &known {
            None => Held::Nothing,
            Some((_, FileState::Indexed { articles: 2.., .. })) => Held::Records,
            Some(_) => Held::Article,
        };
        if let Some((hash, state)) = known
            && hash == contents.hash
            && !is_limit(&state)
            && !state.is_lifted()
        {
            entry.state = state;
            return Ok(done(entry, Outcome::Unchanged));
        }
        entry.state = self.replace(&mut contents, file, (&path, &stored), &candidate, held, batch)?;
        if let FileState::Skipped(reason) = &entry.state {
            self.options.progress.skipped(&path, &reason.to_string());
        }
        Ok(done(entry, outcome))
    }

    /// Deletes the documents of a file and adds those of its contents; of a file of many records, those that changed.
    fn replace(
        &self,
        contents: &mut Contents,
        file: u64,
        (path, stored): (&str, &str),
        candidate: &Candidate,
        held: Held,
        batch: &mut Batch,
    ) -> Result<FileState, IndexError> {
        let writer = &self.writer;
        let fields = self.index.fields();
        let records = if held == Held::Records { Records::read(&self.before, fields, file) } else { Ok(None) };
        let mut records = records.map_err(|error| self.index.error(error))?;
        if records.is_none() && held != Held::Nothing {
            delete(writer, fields, file);
        }
        let (mut articles, mut sections, mut passages, mut bad) = (0u32, 0u32, 0u32, Vec::new());
        let mut languages: BTreeMap<Language, u32> = BTreeMap::new();
        let mut write_error = None;
        let limits = self.options.limits;
        // A formatting bug or a parser's must cost one file, not the run.
        let whole = contents.whole();
        let name = String::from_utf8_lossy(&candidate.key);
        let name = if name.is_empty() { path } else { &name };
        let read = catch_unwind(AssertUnwindSafe(|| {
            contents.articles(name, limits, &mut |yielded| match yielded {
                Yielded::Bad(record) => {
                    self.options.progress.skipped(&format!("{path}: {}", record.position), &record.reason.to_string());
                    bad.push((record.position, record.reason));
                }
                Yielded::Article(mut record) if write_error.is_none() => {
                    record.raw.repeated = Arc::clone(&self.repeated);
                    let made = documents(
                        fields,
                        *record,
                        Origin { file, path: stored, bytes: &whole, added: self.options.now },
                    );
                    articles += 1;
                    sections += made.sections as u32;
                    passages += made.passages as u32;
                    *languages.entry(made.language).or_default() += 1;
                    if records.as_mut().is_some_and(|records| records.is_kept(writer, &made.article)) {
                        return;
                    }
                    write_error = batch.add(made.documents, writer).err();
                }
                Yielded::Article(_) => {}
            })
        }));
        if let Some(error) = write_error {
            return Err(self.index.error(error));
        }
        let reason = match read {
            Ok(Ok(())) => {
                if let Some(records) = &records {
                    // They are other records than those that were made.
                    records.delete_others(writer);
                }
                return Ok(FileState::Indexed {
                    articles,
                    sections,
                    passages,
                    languages: languages.into_iter().collect(),
                    bad: bad.into(),
                });
            }
            Ok(Err(reason)) => reason,
            Err(_) => SkipReason::Malformed("its reader failed; please report this file".into()),
        };
        if articles > 0 || records.is_some() {
            // A delete reaches what was sent before it.
            batch.send(writer).map_err(|error| self.index.error(error))?;
            delete(writer, fields, file);
        }
        Ok(FileState::Skipped(reason))
    }
}

/// Enters what came of a file.
fn take_in(done: Done, manifest: &mut Manifest, report: &mut Report) {
    match done.outcome {
        Outcome::Added => report.added += 1,
        Outcome::Changed => report.changed += 1,
        Outcome::Unchanged => report.unchanged += 1,
    }
    report_skips(report, &done.path, &done.entry.state);
    manifest.folders[done.place].files.insert(done.key, done.entry);
}

/// Was the file skipped for a limit that may be another now?
fn is_limit(state: &FileState) -> bool {
    matches!(state, FileState::Skipped(SkipReason::TooLong { .. }))
}

fn job(manifest: &mut Manifest, place: usize, candidate: Candidate) -> Job {
    let folder = &manifest.folders[place];
    let entry = folder.files.get(&candidate.key);
    let file = entry.map_or(manifest.next_file, |entry| entry.number);
    manifest.next_file = manifest.next_file.max(file + 1);
    let known = entry.map(|entry| (entry.hash, entry.state.clone()));
    Job { place, file, candidate, known }
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// The time of a file, or [`UNSURE`] if it is too close to now.
fn sure_time(modified_ns: i64) -> i64 {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(i64::MAX, |now| i64::try_from(now.as_nanos()).unwrap_or(i64::MAX));
    if now.saturating_sub(modified_ns) < UNSURE_NS { UNSURE } else { modified_ns }
}
