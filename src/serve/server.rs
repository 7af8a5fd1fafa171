//! Connections: how many there are, how large a head may be and how long anything may take.

use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use hyper::body::Frame;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, Sleep, sleep, sleep_until};

/// Connections at once; others wait in the system's queue.
const MAX_CONNECTIONS: usize = 256;

/// Time for which a connection may wait for its request before it gives way to a new one, where there is no place left. What
/// sends its request at once, as browsers do, never gives way to those that do not.
const WAITS: Duration = Duration::from_millis(50);

/// Longest head of a request: its line and headers.
const MAX_HEAD_BYTES: usize = 16 << 10;

/// Time for a head to arrive, also between the requests of a connection.
const HEAD_TIME: Duration = Duration::from_secs(5);

/// Time for which a client may take nothing of what is written to it.
const WRITE_TIME: Duration = Duration::from_secs(30);

/// The connections of a server.
pub(crate) struct Connections {
    places: Arc<Semaphore>,
    open: Mutex<Vec<Arc<Waiting>>>,
    began: Instant,
}

/// Whether a connection waits for a request, and since when.
struct Waiting {
    /// In milliseconds since the server began.
    since: AtomicU64,
    /// Requests that are answered, and writes that wait for the client.
    busy: AtomicUsize,
    /// Tells the connection that it gives way.
    gives_way: Notify,
    began: Instant,
}

/// Something that a connection is busy with, until it is dropped.
struct Busy(Arc<Waiting>);

impl Waiting {
    fn busy(self: &Arc<Waiting>) -> Busy {
        self.busy.fetch_add(1, Ordering::AcqRel);
        Busy(Arc::clone(self))
    }

    fn begin(&self) {
        self.since.store(millis(self.began), Ordering::Release);
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.begin();
        self.0.busy.fetch_sub(1, Ordering::AcqRel);
    }
}

fn millis(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX)
}

impl Connections {
    pub(crate) fn new() -> Arc<Connections> {
        let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
        Arc::new(Connections { places, open: Mutex::default(), began: Instant::now() })
    }

    /// A place for a connection. Where there is none, the one that has waited longest for its request gives way.
    async fn place(&self) -> Option<OwnedSemaphorePermit> {
        loop {
            if let Ok(place) = Arc::clone(&self.places).try_acquire_owned() {
                return Some(place);
            }
            self.make_way();
            let place = Arc::clone(&self.places).acquire_owned();
            if let Ok(place) = tokio::time::timeout(WAITS, place).await {
                return place.ok();
            }
        }
    }

    /// Ends the connection that has waited longest for its request, if it has waited for some time.
    fn make_way(&self) {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let waiting = open.iter().filter(|one| one.busy.load(Ordering::Acquire) == 0);
        let longest = waiting.min_by_key(|one| one.since.load(Ordering::Acquire));
        let now = millis(self.began);
        if let Some(longest) = longest
            && now.saturating_sub(longest.since.load(Ordering::Acquire)) >= WAITS.as_millis() as u64
        {
            longest.gives_way.notify_one();
        }
    }

    fn add(&self) -> Arc<Waiting> {
        let one = Arc::new(Waiting {
            since: AtomicU64::new(0),
            busy: AtomicUsize::new(0),
            gives_way: Notify::new(),
            began: self.began,
        });
        one.begin();
        self.open.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(&one));
        one
    }

    fn remove(&self, one: &Arc<Waiting>) {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).retain(|other| !Arc::ptr_eq(one, other));
    }
}

/// Accepts connections for ever.
pub(crate) async fn accept(listener: TcpListener, connections: Arc<Connections>, router: Router) {
    loop {
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            // Out of file descriptors, or a connection that was closed before it was taken.
            Err(_) => {
                sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let Some(place) = connections.place().await else { return };
        let (router, connections) = (TowerToHyperService::new(router.clone()), Arc::clone(&connections));
        tokio::spawn(async move {
            let _place = place;
            let waiting = connections.add();
            let _ = stream.set_nodelay(true);
            let service = service_fn(|request| {
                let busy = waiting.busy();
                let answer = router.call(request);
                async move { answer.await.map(|response| response.map(|body| Answer { body, _busy: busy })) }
            });
            let mut builder = http1::Builder::new();
            builder.timer(TokioTimer::new()).header_read_timeout(HEAD_TIME).max_buf_size(MAX_HEAD_BYTES);
            let served = builder.serve_connection(TokioIo::new(Timed::new(stream, Arc::clone(&waiting))), service);
            // What a client does wrong, or that it goes, is no error of the server.
            tokio::select! {
                _ = served => {}
                () = waiting.gives_way.notified() => {}
            }
            connections.remove(&waiting);
        });
    }
}

/// The body of an answer, while which its connection is busy.
struct Answer {
    body: Body,
    _busy: Busy,
}

impl HttpBody for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> hyper::body::SizeHint {
        self.body.size_hint()
    }
}

/// A connection that fails if its client takes nothing for too long.
struct Timed {
    stream: TcpStream,
    waiting: Arc<Waiting>,
    /// When a write that waits fails.
    until: Option<(Pin<Box<Sleep>>, Busy)>,
}

impl Timed {
    fn new(stream: TcpStream, waiting: Arc<Waiting>) -> Timed {
        Timed { stream, waiting, until: None }
    }

    /// Ends a write that has waited for too long.
    fn bounded<T>(&mut self, context: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.until = None;
            return written;
        }
        let waiting = &self.waiting;
        let (until, _) =
            self.until.get_or_insert_with(|| (Box::pin(sleep_until(Instant::now() + WRITE_TIME)), waiting.busy()));
        match until.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl AsyncRead for Timed {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Timed {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.bounded(context, written)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(context);
        self.bounded(context, flushed)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffers: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, buffers);
        self.bounded(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
