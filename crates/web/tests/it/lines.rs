//! Real connections: those that are slow, those that are too many, and the end.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};
use web::Door;

use crate::house::{House, patient};

const SOON: Duration = Duration::from_secs(5);

/// A house that listens; it ends when it is told.
async fn open(door: Door) -> (SocketAddr, oneshot::Sender<()>, tokio::task::JoinHandle<()>) {
    let house = House::behind(door).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(async move {
        let state = house.state.clone();
        let told = async move {
            let _ = stopped.await;
        };
        web::serve(listener, state, None, told).await.unwrap();
        drop(house);
    });
    (address, stop, serving)
}

/// All that the house says until it hangs up.
async fn rest(stream: &mut TcpStream) -> String {
    let mut said = Vec::new();
    // It may hang up on what we have still to say.
    let _ = timeout(SOON, stream.read_to_end(&mut said)).await.expect("the house hangs up");
    String::from_utf8_lossy(&said).into_owned()
}

/// One whole answer with its length.
async fn answer(stream: &mut TcpStream) -> String {
    let mut said = Vec::new();
    let mut piece = [0; 4_096];
    loop {
        let text = String::from_utf8_lossy(&said).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            if length.is_some_and(|length| body.len() >= length.parse::<usize>().unwrap()) {
                return text;
            }
        }
        let read = timeout(SOON, stream.read(&mut piece)).await.unwrap().unwrap();
        assert!(read > 0, "hung up after {text}");
        said.extend_from_slice(&piece[..read]);
    }
}

fn hasty() -> Door {
    Door { head: Duration::from_millis(400), idle: Duration::from_millis(400), ..patient() }
}

#[tokio::test]
async fn whoever_never_ends_his_head_is_hung_up_on() {
    let (address, _stop, _serving) = open(hasty()).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ").await.unwrap();
    let said = rest(&mut stream).await;
    assert!(!said.contains("200 OK"), "{said}");
    // Nor does one who says nothing at all, or nothing more, stay.
    let mut silent = TcpStream::connect(address).await.unwrap();
    assert!(!rest(&mut silent).await.contains("200 OK"));
    let mut idle = TcpStream::connect(address).await.unwrap();
    idle.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    assert!(answer(&mut idle).await.contains("200 OK"));
    rest(&mut idle).await;
}

const POST: &str = "POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n\
                    Content-Length: 9000\r\n\r\n";

#[tokio::test]
async fn a_body_that_stands_still_is_given_up_with_words() {
    let (address, _stop, _serving) = open(hasty()).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(POST.as_bytes()).await.unwrap();
    stream.write_all(b"csrf=").await.unwrap();
    let said = rest(&mut stream).await;
    assert!(said.starts_with("HTTP/1.1 408") && said.contains("传得太慢"), "{said}");
}

#[tokio::test]
async fn a_body_that_trickles_is_given_up_and_one_that_is_only_slow_is_not() {
    let (address, _stop, _serving) = open(Door { bytes_per_second: 200, ..hasty() }).await;
    let stream = TcpStream::connect(address).await.unwrap();
    let (mut read, mut write) = stream.into_split();
    let trickle = tokio::spawn(async move {
        let _ = write.write_all(POST.as_bytes()).await;
        while write.write_all(b"a").await.is_ok() {
            sleep(Duration::from_millis(50)).await;
        }
    });
    let mut said = vec![0; 4_096];
    let length = timeout(SOON, read.read(&mut said)).await.expect("given up").unwrap();
    let said = String::from_utf8_lossy(&said[..length]).into_owned();
    assert!(said.starts_with("HTTP/1.1 408"), "{said}");
    trickle.abort();

    let mut slow = TcpStream::connect(address).await.unwrap();
    slow.write_all(POST.as_bytes()).await.unwrap();
    for _ in 0..18 {
        slow.write_all(&[b'a'; 500]).await.unwrap();
        sleep(Duration::from_millis(60)).await;
    }
    let said = answer(&mut slow).await;
    assert!(said.starts_with("HTTP/1.1 403"), "read to its end: {said}");
}

#[tokio::test]
async fn one_address_has_so_many_connections_and_no_more() {
    let door = Door { connections_per_address: 2, head: SOON, ..hasty() };
    let (address, _stop, _serving) = open(door).await;
    let mut first = TcpStream::connect(address).await.unwrap();
    let mut second = TcpStream::connect(address).await.unwrap();
    for stream in [&mut first, &mut second] {
        stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
        assert!(answer(stream).await.contains("200 OK"));
    }
    let mut third = TcpStream::connect(address).await.unwrap();
    assert_eq!(rest(&mut third).await, "", "hung up on without a word");
    drop(first);
    for _ in 0..50 {
        let mut again = TcpStream::connect(address).await.unwrap();
        let _ =
            again.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await;
        if rest(&mut again).await.contains("200 OK") {
            return;
        }
        sleep(Duration::from_millis(50)).await;
    }
    panic!("the room of one who has left stays taken");
}

#[tokio::test]
async fn a_head_that_is_too_large_is_refused() {
    let (address, _stop, _serving) = open(hasty()).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!("GET / HTTP/1.1\r\nHost: x\r\nX-Large: {}\r\n\r\n", "a".repeat(40 << 10));
    let _ = stream.write_all(head.as_bytes()).await;
    let said = rest(&mut stream).await;
    assert!(said.is_empty() || said.starts_with("HTTP/1.1 431"), "{said}");
}

#[tokio::test]
async fn told_to_stop_it_ends_what_is_open_and_takes_nothing_new() {
    let (address, stop, serving) = open(patient()).await;
    let mut open = TcpStream::connect(address).await.unwrap();
    open.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    assert!(answer(&mut open).await.contains("200 OK"));
    let mut waiting = TcpStream::connect(address).await.unwrap();
    waiting.write_all(POST.as_bytes()).await.unwrap();
    sleep(Duration::from_millis(100)).await;
    stop.send(()).unwrap();
    assert_eq!(rest(&mut open).await, "", "idle: hung up on");
    sleep(Duration::from_millis(100)).await;
    assert!(TcpStream::connect(address).await.is_err());
    waiting.write_all(&[b'a'; 9_000]).await.unwrap();
    let said = rest(&mut waiting).await;
    assert!(said.starts_with("HTTP/1.1 403"), "what was begun is answered: {said}");
    timeout(SOON, serving).await.expect("it ends").unwrap();
}
