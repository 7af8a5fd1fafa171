//! Documents on their way to the threads that write them: in batches of articles, and bounded in number.
//!
//! tantivy's queue is bounded by the number of batches, whatever their sizes: with more threads that read than write,
//! it would fill with thousands of articles. And each batch wakes a thread, which for a single article is a large part
//! of all work.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use tantivy::indexer::UserOperation;
use tantivy::schema::document::Document;
use tantivy::{IndexWriter, TantivyDocument};

use super::document::PassageDocument;
use super::segment::plain;
use super::terms::Terms;

/// Most documents that wait, of some kilobytes each: much less than the writer may hold.
const MAX_WAITING: usize = 2_000;

/// Time after which a batch is sent even if there is no room for it. A writer that has died frees no room: sending to it
/// fails, which ends the run. If the writer is only busy with a segment, each thread exceeds the bound by one batch in
/// this time.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Writes the index.
pub(super) type Writer = IndexWriter<Queued>;

/// A document in the queue.
pub(crate) struct Queued {
    document: PassageDocument,
    /// That of its batch, dropped with the last document.
    _reservation: Option<Reservation>,
    is_last: bool,
}

impl Queued {
    /// The terms of the document.
    pub(super) fn terms(&self) -> &Terms {
        &self.document.terms
    }

    /// Marks it as the last document before a commit.
    pub(super) fn into_last(self) -> Queued {
        Queued { is_last: true, ..self }
    }

    /// Is it the last document before a commit? Not every commit has one.
    pub(super) fn is_last(&self) -> bool {
        self.is_last
    }
}

impl From<PassageDocument> for Queued {
    /// A document without a reservation.
    fn from(document: PassageDocument) -> Queued {
        Queued { document, _reservation: None, is_last: false }
    }
}

/// tantivy sees only its values; [`super::segment`] takes the terms.
impl Document for Queued {
    type Value<'a> = <TantivyDocument as Document>::Value<'a>;
    type FieldsValuesIter<'a> = <TantivyDocument as Document>::FieldsValuesIter<'a>;

    fn iter_fields_and_values(&self) -> Self::FieldsValuesIter<'_> {
        self.document.values.iter_fields_and_values()
    }

    fn into_tantivy_document(self) -> TantivyDocument {
        self.document.values
    }
}

/// Counts the documents that wait, of all threads.
#[derive(Default)]
pub(super) struct Queue {
    waiting: Mutex<usize>,
    freed: Condvar,
}

/// Room for some documents in the queue, freed when it is dropped.
struct Reservation {
    queue: Arc<Queue>,
    num_docs: usize,
}

impl Queue {
    /// Waits until there is room for `num_docs` documents, and reserves it. Any number fits into an empty queue.
    fn reserve(self: &Arc<Queue>, num_docs: usize) -> Reservation {
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let is_full = |waiting: &mut usize| *waiting > 0 && *waiting + num_docs > MAX_WAITING;
        let (mut waiting, _) =
            self.freed.wait_timeout_while(waiting, TIMEOUT, is_full).unwrap_or_else(PoisonError::into_inner);
        *waiting += num_docs;
        Reservation { queue: Arc::clone(self), num_docs }
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        *self.queue.waiting.lock().unwrap_or_else(PoisonError::into_inner) -= self.num_docs;
        self.queue.freed.notify_one();
    }
}

/// Documents of a thread that are sent together. They must be sent before any of them is deleted, and at the end.
pub(super) struct Batch {
    queue: Arc<Queue>,
    /// Does tantivy write the segments itself? Then it must be given the terms.
    plain: bool,
    documents: Vec<PassageDocument>,
    articles: usize,
}

impl Batch {
    /// A batch of this many articles is sent,
    const MAX_ARTICLES: usize = 16;
    /// and one of this many documents.
    const MAX_DOCUMENTS: usize = 64;

    pub(super) fn new(queue: &Arc<Queue>, plain: bool) -> Batch {
        Batch { queue: Arc::clone(queue), plain, documents: Vec::new(), articles: 0 }
    }

    /// Adds the documents of an article, and sends the batch if it is full. A batch goes into one segment, so that the
    /// passages of an article stay adjacent.
    pub(super) fn add(&mut self, documents: Vec<PassageDocument>, writer: &Writer) -> tantivy::Result<()> {
        self.documents.extend(documents);
        self.articles += 1;
        if self.articles < Self::MAX_ARTICLES && self.documents.len() < Self::MAX_DOCUMENTS {
            return Ok(());
        }
        self.send(writer)
    }

    /// Sends the documents, once there is room.
    pub(super) fn send(&mut self, writer: &Writer) -> tantivy::Result<()> {
        self.send_to(writer, false)
    }

    /// Adds the documents that another thread has not sent.
    pub(super) fn join(&mut self, other: Batch) {
        self.documents.extend(other.documents);
    }

    /// Sends the documents as the last before a commit.
    pub(super) fn send_last(mut self, writer: &Writer) -> tantivy::Result<()> {
        self.send_to(writer, true)
    }

    fn send_to(&mut self, writer: &Writer, is_last: bool) -> tantivy::Result<()> {
        self.articles = 0;
        let mut documents = std::mem::take(&mut self.documents);
        if documents.is_empty() {
            return Ok(());
        }
        if self.plain {
            let schema = writer.index().schema();
            documents.iter_mut().for_each(|document| plain::add_terms(&document.terms, &schema, &mut document.values));
        }
        let mut reservation = Some(self.queue.reserve(documents.len()));
        let mut operations = Vec::with_capacity(documents.len());
        let last = documents.len() - 1;
        for (i, document) in documents.into_iter().enumerate() {
            let reservation = if i == last { reservation.take() } else { None };
            let queued = Queued { _reservation: reservation, ..Queued::from(document) };
            operations.push(UserOperation::Add(if is_last && i == last { queued.into_last() } else { queued }));
        }
        writer.run(operations).map(|_| ())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    #[test]
    fn reserving_waits_for_room() {
        let queue = Arc::new(Queue::default());
        let first = queue.reserve(MAX_WAITING * 2);
        let is_freed = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| {
                let reservation = queue.reserve(1);
                assert!(is_freed.load(Ordering::Relaxed), "reserved in a full queue");
                drop(reservation);
            });
            std::thread::sleep(Duration::from_millis(50));
            is_freed.store(true, Ordering::Relaxed);
            drop(first);
            waiting.join().expect("the thread did not panic");
        });
        assert_eq!(*queue.waiting.lock().expect("no thread panicked"), 0);
        let (a, b) = (queue.reserve(MAX_WAITING / 2), queue.reserve(MAX_WAITING / 2));
        drop((a, b));
    }
}
