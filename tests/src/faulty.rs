//! A server for answers that the inbox does not give: word for word, endless, or none at all.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

/// What is done with one request.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Act {
    /// Answered with exactly these bytes, and the connection is closed.
    Say(String),
    /// The same, where they are no text.
    Bytes(Vec<u8>),
    /// Answered with status 200 and a body without end.
    Flood,
}

/// A server on this machine that does as it is told. It ends with the process.
#[derive(Debug)]
pub struct Faulty {
    address: SocketAddr,
    requests: Arc<AtomicU64>,
    written: Arc<AtomicU64>,
}

impl Faulty {
    /// Starts a server that does this with the first request, then with the second, and so on; the last one
    /// repeats.
    ///
    /// # Panics
    /// When there is no port.
    #[must_use]
    pub fn serve(acts: Vec<Act>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (requests, written) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
        let server = Self {
            address: listener.local_addr().unwrap(),
            requests: Arc::clone(&requests),
            written: Arc::clone(&written),
        };
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (acts, requests, written) = (acts.clone(), Arc::clone(&requests), Arc::clone(&written));
                thread::spawn(move || serve_one(stream, &acts, &requests, &written));
            }
        });
        server
    }

    /// An address of this server.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// How many requests came.
    #[must_use]
    pub fn requests(&self) -> u64 {
        self.requests.load(Ordering::Acquire)
    }

    /// How many bytes of floods were taken.
    #[must_use]
    pub fn written(&self) -> u64 {
        self.written.load(Ordering::Acquire)
    }
}

fn serve_one(stream: TcpStream, acts: &[Act], requests: &AtomicU64, written: &AtomicU64) {
    let Some(mut stream) = read_request(stream) else {
        return;
    };
    let number = usize::try_from(requests.fetch_add(1, Ordering::AcqRel)).unwrap_or(usize::MAX);
    match acts.get(number).or_else(|| acts.last()) {
        Some(Act::Say(answer)) => {
            // A client that has gone is part of some tests.
            stream.write_all(answer.as_bytes()).ok();
        }
        Some(Act::Bytes(answer)) => {
            // Nor is one that has read enough.
            stream.write_all(answer).ok();
        }
        Some(Act::Flood) => {
            let head =
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 99999999999\r\n\r\n";
            let part = [b'x'; 16 * 1024];
            let mut going = stream.write_all(head.as_bytes()).is_ok();
            while going {
                going = stream.write_all(&part).is_ok();
                written.fetch_add(16 * 1024, Ordering::AcqRel);
            }
        }
        None => {}
    }
}

/// Reads one request to its end and gives the connection back.
fn read_request(stream: TcpStream) -> Option<TcpStream> {
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if line.trim().is_empty() {
            break;
        }
        let header = line.to_ascii_lowercase();
        if let Some(value) = header.strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(reader.into_inner())
}
