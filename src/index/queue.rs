//! Documents on their way to the threads that write them, some articles at once and no more than there is room for.
//!
//! tantivy's queue is bounded by what is handed over at once, whatever its size: with more threads that read than write,
//! it would fill with thousands of articles. And each handing over wakes a thread, which for one article is a large part
//! of all work.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use tantivy::indexer::UserOperation;
use tantivy::schema::document::Document;
use tantivy::{IndexWriter, TantivyDocument};

use super::document::PassageDocument;
use super::segment::plain;
use super::terms::Terms;

/// Documents that may wait, of some kilobytes each: a good deal less than the writer may hold.
const MOST_WAITING: usize = 2_000;

/// A writer that has died takes nothing; so long is waited before it is asked. One that takes longer over a segment gets
/// more than there is room for, once in so long from each thread.
const PATIENCE: Duration = Duration::from_secs(5);

/// What writes the index.
pub type Writer = IndexWriter<Queued>;

/// A document on its way.
pub struct Queued {
    document: PassageDocument,
    /// Let go of with the last document of those that were sent at once.
    _room: Option<Room>,
    is_last: bool,
}

impl Queued {
    /// What the document is found by.
    pub(super) fn terms(&self) -> &Terms {
        &self.document.terms
    }

    /// The document as the last before a commit.
    pub(super) fn into_last(self) -> Queued {
        Queued { is_last: true, ..self }
    }

    /// Is it the last before a commit? Not every commit has one.
    pub(super) fn is_last(&self) -> bool {
        self.is_last
    }
}

impl From<PassageDocument> for Queued {
    /// A document that takes no room.
    fn from(document: PassageDocument) -> Queued {
        Queued { document, _room: None, is_last: false }
    }
}

/// To tantivy it is what it keeps; [`super::inverted`] takes the terms.
impl Document for Queued {
    type Value<'a> = <TantivyDocument as Document>::Value<'a>;
    type FieldsValuesIter<'a> = <TantivyDocument as Document>::FieldsValuesIter<'a>;

    fn iter_fields_and_values(&self) -> Self::FieldsValuesIter<'_> {
        self.document.kept.iter_fields_and_values()
    }

    fn into_tantivy_document(self) -> TantivyDocument {
        self.document.kept
    }
}

/// How many documents wait, over all threads.
#[derive(Default)]
pub(super) struct Queue {
    waiting: Mutex<usize>,
    freed: Condvar,
}

/// Room that some documents take in the queue.
struct Room {
    queue: Arc<Queue>,
    documents: usize,
}

impl Queue {
    /// Takes room for so many documents, once there is some. However many they are, they fit into an empty queue.
    fn room(self: &Arc<Queue>, documents: usize) -> Room {
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let is_full = |waiting: &mut usize| *waiting > 0 && *waiting + documents > MOST_WAITING;
        let (mut waiting, _) =
            self.freed.wait_timeout_while(waiting, PATIENCE, is_full).unwrap_or_else(PoisonError::into_inner);
        *waiting += documents;
        Room { queue: Arc::clone(self), documents }
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        *self.queue.waiting.lock().unwrap_or_else(PoisonError::into_inner) -= self.documents;
        self.queue.freed.notify_one();
    }
}

/// Documents of a thread that will be sent at once. They must be sent before anything is deleted that is among them, and
/// in the end.
pub(super) struct Batch {
    queue: Arc<Queue>,
    /// Does tantivy write the segments? Then it must be given the terms.
    plain: bool,
    documents: Vec<PassageDocument>,
    articles: usize,
}

impl Batch {
    /// So many articles go at once.
    const ARTICLES: usize = 16;
    /// Or so many documents, of long ones.
    const DOCUMENTS: usize = 64;

    pub(super) fn new(queue: &Arc<Queue>, plain: bool) -> Batch {
        Batch { queue: Arc::clone(queue), plain, documents: Vec::new(), articles: 0 }
    }

    /// Adds the documents of an article. What is sent at once stands in one segment: its passages stay side by side.
    pub(super) fn add(&mut self, documents: Vec<PassageDocument>, writer: &Writer) -> tantivy::Result<()> {
        self.documents.extend(documents);
        self.articles += 1;
        if self.articles < Self::ARTICLES && self.documents.len() < Self::DOCUMENTS {
            return Ok(());
        }
        self.send(writer)
    }

    /// Sends what there is, once there is room.
    pub(super) fn send(&mut self, writer: &Writer) -> tantivy::Result<()> {
        self.send_before(writer, false)
    }

    /// Adds what another thread has left.
    pub(super) fn join(&mut self, other: Batch) {
        self.documents.extend(other.documents);
    }

    /// Sends what there is as the last before a commit.
    pub(super) fn send_last(mut self, writer: &Writer) -> tantivy::Result<()> {
        self.send_before(writer, true)
    }

    fn send_before(&mut self, writer: &Writer, commit: bool) -> tantivy::Result<()> {
        self.articles = 0;
        let mut documents = std::mem::take(&mut self.documents);
        if documents.is_empty() {
            return Ok(());
        }
        if self.plain {
            let schema = writer.index().schema();
            documents.iter_mut().for_each(|document| plain::add_terms(&document.terms, &schema, &mut document.kept));
        }
        let mut room = Some(self.queue.room(documents.len()));
        let mut operations = Vec::with_capacity(documents.len());
        let last = documents.len() - 1;
        for (i, document) in documents.into_iter().enumerate() {
            let room = if i == last { room.take() } else { None };
            let queued = Queued { _room: room, ..Queued::from(document) };
            operations.push(UserOperation::Add(if commit && i == last { queued.into_last() } else { queued }));
        }
        writer.run(operations).map(|_| ())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    #[test]
    fn who_finds_no_room_waits_for_it() {
        let queue = Arc::new(Queue::default());
        let first = queue.room(MOST_WAITING * 2);
        let done = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let waits = scope.spawn(|| {
                let room = queue.room(1);
                assert!(done.load(Ordering::Relaxed), "there was no room");
                drop(room);
            });
            std::thread::sleep(Duration::from_millis(50));
            done.store(true, Ordering::Relaxed);
            drop(first);
            waits.join().expect("it got its room");
        });
        assert_eq!(*queue.waiting.lock().expect("nobody failed"), 0);
        let (a, b) = (queue.room(MOST_WAITING / 2), queue.room(MOST_WAITING / 2));
        drop((a, b));
    }
}
