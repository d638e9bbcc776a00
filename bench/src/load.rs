//! Requests over many connections, each kept open and asked one thing after the other.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::Outcome;
use crate::line::round;

/// How a server did.
pub(crate) struct Load {
    /// Requests answered in a second.
    pub(crate) rate: f64,
    pub(crate) p50_ms: f64,
    pub(crate) p99_ms: f64,
}

/// A connection that is kept.
pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    pub(crate) async fn open(address: &str) -> Outcome<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(65_536) })
    }

    /// Sends one request and reads the whole answer; anything but 200 ends the run.
    pub(crate) async fn ask(&mut self, request: &[u8]) -> Outcome<&[u8]> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        let (from, length) = loop {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err("the server closed the connection".into());
            }
            if let Some(head) = head(&self.buffer)? {
                break head;
            }
        };
        while self.buffer.len() < from + length {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err("the server closed the connection".into());
            }
        }
        Ok(self.buffer.get(from..from + length).unwrap_or_default())
    }
}

/// Where the body begins and how long it is, once the head is there.
fn head(bytes: &[u8]) -> Outcome<Option<(usize, usize)>> {
    let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else { return Ok(None) };
    let text = String::from_utf8_lossy(bytes.get(..end).unwrap_or_default()).to_ascii_lowercase();
    if !text.starts_with("http/1.1 200") {
        let body = String::from_utf8_lossy(bytes.get(end..).unwrap_or_default()).into_owned();
        return Err(format!("{text}{body}").into());
    }
    let length = text.lines().find_map(|line| line.strip_prefix("content-length:"));
    let length = length.ok_or("an answer without a length")?.trim().parse()?;
    Ok(Some((end + 4, length)))
}

/// A request with a JSON body.
pub(crate) fn post(path: &str, token: &str, body: &str) -> Vec<u8> {
    format!(
        "POST {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// A server and what it is asked.
pub(crate) struct Asked {
    address: String,
    /// Makes the n-th question.
    request: Arc<dyn Fn(u64) -> Vec<u8> + Send + Sync>,
    next: Arc<AtomicU64>,
    times: Vec<Duration>,
    elapsed: Duration,
}

/// How often the two servers take turns.
const TURNS: u32 = 5;

/// Asks two servers for `seconds` each, in turns, so that a machine whose speed changes changes it for
/// both.
pub(crate) async fn in_turns(
    mut two: [Asked; 2],
    connections: u64,
    seconds: u64,
) -> Outcome<[Load; 2]> {
    for asked in &mut two {
        asked.ask(connections, Duration::from_secs(1)).await?;
        (asked.times, asked.elapsed) = (Vec::new(), Duration::ZERO);
    }
    for _ in 0..TURNS {
        for asked in &mut two {
            asked.ask(connections, Duration::from_secs(seconds) / TURNS).await?;
        }
    }
    let [floor, ours] = two;
    Ok([floor.load()?, ours.load()?])
}

impl Asked {
    pub(crate) fn new(
        address: &str,
        request: impl Fn(u64) -> Vec<u8> + Send + Sync + 'static,
    ) -> Self {
        Self {
            address: address.to_owned(),
            request: Arc::new(request),
            next: Arc::default(),
            times: Vec::new(),
            elapsed: Duration::ZERO,
        }
    }

    /// Asks for `time` over `connections`.
    async fn ask(&mut self, connections: u64, time: Duration) -> Outcome<()> {
        let started = Instant::now();
        let until = started + time;
        let mut tasks = Vec::new();
        for _ in 0..connections {
            let (request, next, address) =
                (self.request.clone(), self.next.clone(), self.address.clone());
            tasks.push(tokio::spawn(async move {
                let mut connection = Connection::open(&address).await?;
                let mut times = Vec::new();
                while Instant::now() < until {
                    let question = request(next.fetch_add(1, Ordering::Relaxed));
                    let asked = Instant::now();
                    connection.ask(&question).await?;
                    times.push(asked.elapsed());
                }
                Outcome::Ok(times)
            }));
        }
        for task in tasks {
            self.times.extend(task.await??);
        }
        self.elapsed += started.elapsed();
        Ok(())
    }

    fn load(mut self) -> Outcome<Load> {
        self.times.sort_unstable();
        let at = |percent: usize| {
            let time = self.times.get(self.times.len() * percent / 100);
            round(time.copied().unwrap_or_default().as_secs_f64() * 1_000.0)
        };
        let count = u64::try_from(self.times.len())?;
        let rate = crate::intake::per_second(count, self.elapsed);
        Ok(Load { rate, p50_ms: at(50), p99_ms: at(99) })
    }
}
