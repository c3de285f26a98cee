//! A mirror of the model files over HTTP on loopback, with the manners of download servers: ranges, redirects, and what goes wrong.
//!
//! It serves the files of a cache as they lie there; nothing is copied. All that was asked for is recorded.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::Context as _;
use tokio::fs::File;
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

/// Most bytes of a request; real ones have a few hundred.
const REQUEST_LIMIT: usize = 16 * 1024;

/// Bytes that are read from a file at once.
const PIECE_BYTES: usize = 64 * 1024;

/// Start of the addresses that redirects lead to.
const MOVED: &str = "moved/";

/// How one file is served, where it is not served well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// From another address, as download hubs do.
    Redirects,
    /// Always from the beginning, whatever part was asked for.
    IgnoresRange,
    /// The connection breaks after this many bytes.
    BreaksOffAfter(u64),
    /// Nothing more comes after this many bytes, and the connection stays.
    HangsAfter(u64),
    /// One bit of the byte at this position is wrong.
    WrongByteAt(u64),
    /// Not at all: 404.
    Missing,
}

/// One request for a file; a redirect is not one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// Relative name.
    pub name: String,
    /// First byte that was asked for.
    pub from: u64,
}

/// What all connections share.
struct Shared {
    files: PathBuf,
    manners: HashMap<&'static str, Manner>,
    fetched: Mutex<Vec<Fetched>>,
}

/// A mirror that listens. Dropping it closes every connection.
pub struct ModelMirror {
    address: SocketAddr,
    shared: Arc<Shared>,
    accepting: JoinHandle<()>,
}

impl ModelMirror {
    /// Serves the `models` of a cache directory on a free port. Must be called on a tokio runtime.
    ///
    /// # Errors
    /// When there is no loopback socket.
    pub async fn start(
        cache: &Path,
        manners: impl IntoIterator<Item = (&'static str, Manner)>,
    ) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            files: cache.join("models"),
            manners: manners.into_iter().collect(),
            fetched: Mutex::default(),
        });
        let accepting = tokio::spawn(accept(listener, Arc::clone(&shared)));
        Ok(Self {
            address,
            shared,
            accepting,
        })
    }

    /// Its address, for a setting or an argument.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What was asked for so far, in order.
    #[must_use]
    pub fn fetched(&self) -> Vec<Fetched> {
        self.shared.lock().clone()
    }
}

impl Drop for ModelMirror {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Vec<Fetched>> {
        self.fetched.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    // The set ends its tasks when the mirror is dropped.
    let mut connections = JoinSet::new();
    while let Ok((socket, _)) = listener.accept().await {
        let shared = Arc::clone(&shared);
        // A client that leaves in the middle is its own affair.
        connections.spawn(async move { serve(socket, &shared).await.ok() });
    }
}

/// Answers one request and closes: every file is a connection of its own.
async fn serve(mut socket: TcpStream, shared: &Shared) -> anyhow::Result<()> {
    let request = read_request(&mut socket).await?;
    let path = request.split(' ').nth(1).context("a request has a path")?;
    let asked = path.trim_start_matches('/');
    let name = asked.strip_prefix(MOVED).unwrap_or(asked);
    let manner = shared.manners.get(name).copied();
    if manner == Some(Manner::Redirects) && !asked.starts_with(MOVED) {
        let location = format!("Location: /{MOVED}{name}\r\n");
        return head(&mut socket, "302 Found", 0, &location).await;
    }
    let from = range_start(&request).unwrap_or(0);
    shared.lock().push(Fetched {
        name: name.to_owned(),
        from,
    });
    let file = File::open(shared.files.join(name)).await;
    let (Ok(mut file), false) = (file, manner == Some(Manner::Missing)) else {
        return head(&mut socket, "404 Not Found", 0, "").await;
    };
    let size = file.metadata().await?.len();
    let begin = if manner == Some(Manner::IgnoresRange) { 0 } else { from };
    if begin > 0 && begin >= size {
        let range = format!("Content-Range: bytes */{size}\r\n");
        return head(&mut socket, "416 Range Not Satisfiable", 0, &range).await;
    }
    if begin == 0 {
        head(&mut socket, "200 OK", size, "").await?;
    } else {
        let range = format!("Content-Range: bytes {begin}-{}/{size}\r\n", size - 1);
        head(&mut socket, "206 Partial Content", size - begin, &range).await?;
    }
    file.seek(std::io::SeekFrom::Start(begin)).await?;
    send(&mut socket, file, begin, manner).await
}

async fn read_request(socket: &mut TcpStream) -> anyhow::Result<String> {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        let read = socket.read_buf(&mut request).await?;
        anyhow::ensure!(read > 0 && request.len() <= REQUEST_LIMIT, "no complete request");
    }
    Ok(String::from_utf8(request)?)
}

/// First byte of `Range: bytes=N-`, the one form that is used for resuming.
fn range_start(request: &str) -> Option<u64> {
    let mut headers = request.lines().filter_map(|line| line.split_once(':'));
    let (_, value) = headers.find(|(name, _)| name.eq_ignore_ascii_case("range"))?;
    value.trim().strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok()
}

async fn head(socket: &mut TcpStream, status: &str, length: u64, more: &str) -> anyhow::Result<()> {
    let head = format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n{more}\r\n");
    Ok(socket.write_all(head.as_bytes()).await?)
}

/// The content of a file that stands at `position`, with the faults of its manner.
async fn send(socket: &mut TcpStream, mut file: File, mut position: u64, manner: Option<Manner>) -> anyhow::Result<()> {
    let mut left = match manner {
        Some(Manner::BreaksOffAfter(bytes) | Manner::HangsAfter(bytes)) => bytes,
        _ => u64::MAX,
    };
    let mut piece = vec![0; PIECE_BYTES];
    while left > 0 {
        let count = file.read(&mut piece).await?;
        if count == 0 {
            break;
        }
        let count = count.min(usize::try_from(left).unwrap_or(usize::MAX));
        if let Some(Manner::WrongByteAt(wrong)) = manner
            && let Some(index) = wrong.checked_sub(position)
            && let Some(byte) = usize::try_from(index)
                .ok()
                .and_then(|index| piece[..count].get_mut(index))
        {
            *byte ^= 1;
        }
        socket.write_all(&piece[..count]).await?;
        position += count as u64;
        left -= count as u64;
    }
    if matches!(manner, Some(Manner::HangsAfter(_))) {
        // A client sends nothing after its request: this waits until it leaves.
        socket.read_u8().await?;
    }
    Ok(socket.shutdown().await?)
}
