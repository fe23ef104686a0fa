//! CPU cost of sending a message, compared with the same POST and the same response in bare
//! reqwest. Both run on one core against a server on loopback.
//!
//! ```text
//! cargo bench -p clinspark-twilio-benches --features client --bench client
//! ```
//!
//! Measures CPU time (user and system) of the client's thread, because wall time includes other
//! processes. This crate and bare reqwest alternate; only ratios within one run are comparable. The
//! bench can also be the server for the peers in `benches/peers`:
//!
//! ```text
//! cargo bench -p clinspark-twilio-benches --features client --bench client -- serve 8089
//! ```

#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a bench"
)]

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use clinspark_twilio::client::messages::{Message, SendMessage, Sender};
use clinspark_twilio::client::{Client, Credentials, Delivery};
use clinspark_twilio::phone::E164;
use clinspark_twilio::types::{AccountSid, AuthToken};
use http::header;
use rustix::time::{ClockId, clock_gettime};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

const ACCOUNT: &str = "AC00000000000000000000000000000001";
const TOKEN: &str = "12345678901234567890123456789012";
const TO: &str = "+14155550123";
const FROM: &str = "+14155550100";
const BODY: &str = "Your visit is tomorrow at nine o'clock. Reply YES to confirm, or STOP.";

/// Body of Twilio's response.
const ANSWER: &str = r#"{"account_sid":"AC00000000000000000000000000000001","api_version":"2010-04-01","body":"Your visit is tomorrow at nine o'clock. Reply YES to confirm, or STOP.","date_created":"Thu, 24 Aug 2023 05:01:45 +0000","date_sent":null,"date_updated":"Thu, 24 Aug 2023 05:01:45 +0000","direction":"outbound-api","error_code":null,"error_message":null,"from":"+14155550100","messaging_service_sid":null,"num_media":"0","num_segments":"1","price":null,"price_unit":"USD","sid":"SM00000000000000000000000000000001","status":"queued","subresource_uris":{"media":"/2010-04-01/Accounts/AC00000000000000000000000000000001/Messages/SM00000000000000000000000000000001/Media.json"},"tags":null,"to":"+14155550123","uri":"/2010-04-01/Accounts/AC00000000000000000000000000000001/Messages/SM00000000000000000000000000000001.json"}"#;

const ROUNDS: usize = 21;
const REQUESTS: usize = 2_000;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(at) = arguments.iter().position(|argument| argument == "serve") {
        let port: u16 = arguments[at + 1].parse().expect("a port");
        runtime().block_on(serve(SocketAddr::from(([127, 0, 0, 1], port)), |address| {
            println!("http://{address}");
        }));
        return;
    }
    let (told, address) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        runtime().block_on(serve(SocketAddr::from(([127, 0, 0, 1], 0)), |address| {
            told.send(address).unwrap();
        }));
    });
    let url = format!("http://{}", address.recv().unwrap());
    println!("client CPU, microseconds a request: median of {ROUNDS} rounds in turn");
    println!("tasks   ours   bare   ratio (quartiles)   ours, requests a second");
    for tasks in [1, 16, 64] {
        compare(&url, tasks);
    }
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}

fn compare(url: &str, tasks: usize) {
    // As many requests in flight as bare reqwest, which has no limit.
    let (ours, bare) = (ours(url, tasks), Bare::new(url));
    let runtime = runtime();
    // Warm-up: connections, caches and other one-time work.
    runtime.block_on(run_ours(&ours, tasks));
    runtime.block_on(run_bare(&bare, tasks));
    let mut rounds = Vec::new();
    for round in 0..ROUNDS {
        let mine = || measure(|| runtime.block_on(run_ours(&ours, tasks)));
        let floor = || measure(|| runtime.block_on(run_bare(&bare, tasks)));
        // The order alternates, because the second run benefits from warm caches.
        rounds.push(if round % 2 == 0 {
            let mine = mine();
            (mine, floor())
        } else {
            let floor = floor();
            (mine(), floor)
        });
    }
    let ours = sorted(rounds.iter().map(|((cpu, _), _)| *cpu));
    let bare = sorted(rounds.iter().map(|(_, (cpu, _))| *cpu));
    let ratios = sorted(rounds.iter().map(|((mine, _), (floor, _))| mine / floor));
    let seconds = sorted(rounds.iter().map(|((_, wall), _)| *wall));
    let (middle, quarter) = (ROUNDS / 2, ROUNDS / 4);
    println!(
        "{tasks:5} {:6.1} {:6.1}   {:.3} ({:.3} to {:.3})   {:.0}",
        ours[middle],
        bare[middle],
        ratios[middle],
        ratios[quarter],
        ratios[ROUNDS - 1 - quarter],
        1e6 / seconds[middle],
    );
}

fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values
}

/// Returns CPU and wall time of this thread, in microseconds per request.
fn measure(work: impl FnOnce()) -> (f64, f64) {
    let cpu = || {
        let time = clock_gettime(ClockId::ThreadCPUTime);
        Duration::try_from(time).expect("time since the thread began")
    };
    let (start, begun) = (cpu(), Instant::now());
    work();
    let (spent, passed) = (cpu().saturating_sub(start), begun.elapsed());
    let each = |time: Duration| {
        let requests = u32::try_from(REQUESTS).unwrap();
        time.as_secs_f64() * 1e6 / f64::from(requests)
    };
    (each(spent), each(passed))
}

fn ours(url: &str, tasks: usize) -> Client {
    let account = AccountSid::parse(ACCOUNT).unwrap();
    let credentials = Credentials::auth_token(account, AuthToken::new(TOKEN).unwrap());
    Client::builder(credentials, Delivery::Live)
        .base_url(url)
        .max_in_flight(tasks)
        .build()
        .unwrap()
}

async fn run_ours(client: &Client, tasks: usize) {
    let mut running = JoinSet::new();
    for _ in 0..tasks {
        let client = client.clone();
        running.spawn(async move {
            for _ in 0..REQUESTS / tasks {
                let (to, from) = (E164::parse(TO).unwrap(), E164::parse(FROM).unwrap());
                let request = SendMessage::new(to, Sender::Number(from), BODY);
                check(&client.execute(request).await.unwrap());
            }
        });
    }
    while let Some(done) = running.join_next().await {
        done.unwrap();
    }
}

fn check(message: &Message) {
    assert_eq!(message.sid.as_str(), "SM00000000000000000000000000000001");
}

/// The same request without this crate and its guarantees: no timeouts, no retries.
#[derive(Clone)]
struct Bare {
    client: reqwest::Client,
    url: String,
}

impl Bare {
    fn new(url: &str) -> Self {
        let builder = reqwest::Client::builder().no_proxy().http1_only();
        Self {
            client: builder.build().unwrap(),
            url: format!("{url}/2010-04-01/Accounts/{ACCOUNT}/Messages.json"),
        }
    }

    async fn send(&self) -> Message {
        let form = [("To", TO), ("From", FROM), ("Body", BODY)];
        let form = serde_urlencoded::to_string(form).unwrap();
        let answer = self
            .client
            .post(&self.url)
            .basic_auth(ACCOUNT, Some(TOKEN))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ACCEPT, "application/json")
            .body(form)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status().as_u16(), 201);
        serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap()
    }
}

async fn run_bare(bare: &Bare, tasks: usize) {
    let mut running = JoinSet::new();
    for _ in 0..tasks {
        let bare = bare.clone();
        running.spawn(async move {
            for _ in 0..REQUESTS / tasks {
                check(&bare.send().await);
            }
        });
    }
    while let Some(done) = running.join_next().await {
        done.unwrap();
    }
}

/// Answers every request with the same response, at the lowest possible cost.
async fn serve(address: SocketAddr, listening: impl FnOnce(SocketAddr)) {
    let listener = TcpListener::bind(address).await.unwrap();
    listening(listener.local_addr().unwrap());
    let answer = format!(
        "HTTP/1.1 201 CREATED\r\nContent-Type: application/json;charset=utf-8\r\n\
         Content-Length: {}\r\nTwilio-Concurrent-Requests: 1\r\n\
         Twilio-Request-Id: RQ00000000000000000000000000000001\r\n\r\n{ANSWER}",
        ANSWER.len()
    );
    // Leaked, so that every connection shares the bytes without a reference count.
    let answer: &'static [u8] = answer.leak().as_bytes();
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        // Nagle's algorithm would delay a response while another is unacknowledged.
        stream.set_nodelay(true).unwrap();
        tokio::spawn(answer_all(stream, answer));
    }
}

async fn answer_all(mut stream: TcpStream, answer: &[u8]) -> Option<()> {
    let mut bytes = Vec::with_capacity(4096);
    loop {
        while let Some(end) = request_end(&bytes) {
            bytes.drain(..end);
            stream.write_all(answer).await.ok()?;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
}

/// Returns the end of the first request, or `None` until it has arrived completely.
fn request_end(bytes: &[u8]) -> Option<usize> {
    let head = memchr::memmem::find(bytes, b"\r\n\r\n")? + 4;
    let text = std::str::from_utf8(&bytes[..head]).expect("a head");
    let length = text.lines().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("content-length").then_some(value)
    });
    let length: usize = length.map_or(0, |length| length.parse().expect("a length"));
    (bytes.len() >= head + length).then_some(head + length)
}
