//! Access control: requests from web pages and tunnels, redirects, and unpredictable credentials.

use std::collections::HashSet;
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clinspark_twilio::sandbox::Sandbox;
use sha2::{Digest as _, Sha256};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::api::account;
use crate::app::{CLINIC, VOLUNTEER, e164};

/// Sends a raw request. Returns status and body of the response.
async fn raw(sandbox: &Sandbox, request: &str) -> (u16, String) {
    let address = sandbox.base_url().strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, body.to_owned())
}

/// Places a call with the account's credentials and this first line and headers, in which `{path}`
/// and `{port}` are replaced.
async fn call(sandbox: &Sandbox, first_line: &str, headers: &[&str]) -> (u16, String) {
    let (account, token) = (sandbox.account_sid(), sandbox.auth_token().expose());
    let port = sandbox.base_url().rsplit(':').next().unwrap();
    let basic = STANDARD.encode(format!("{account}:{token}"));
    let fields = [
        ("To", VOLUNTEER),
        ("From", CLINIC),
        ("Twiml", "<Response/>"),
    ];
    let body = serde_urlencoded::to_string(fields).unwrap();
    let headers = [headers, &[""]].concat().join("\r\n");
    let request = format!(
        "{first_line}\r\n{headers}authorization: Basic {basic}\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\
         connection: close\r\n\r\n{body}",
        body.len()
    );
    let request = request
        .replace(
            "{path}",
            &format!("/2010-04-01/Accounts/{account}/Calls.json"),
        )
        .replace("{port}", port);
    raw(sandbox, &request).await
}

const POST: &str = "POST {path} HTTP/1.1";
const OWN: &str = "host: 127.0.0.1:{port}";

#[tokio::test]
async fn a_foreign_host_is_rejected_with_the_remedy() {
    let (sandbox, _api) = account().await;
    let hosts: &[&[&str]] = &[
        &[],
        &["host:"],
        &["host: attacker.example"],
        &["host: attacker.example:{port}"],
        &["host: 127.0.0.1"],
        &["host: 127.0.0.1:1"],
        &["host: localhost"],
        &["host: localhost.attacker.example:{port}"],
        &["host: localhost.:{port}"],
        &["host: 127.0.0.1.nip.io:{port}"],
        &["host: 127.0.0.2:{port}"],
        &["host: 0.0.0.0:{port}"],
        &["host: [::]:{port}"],
        &["host: [::ffff:127.0.0.1]:{port}"],
        &["host: user@127.0.0.1:{port}"],
        &["host: 127.0.0.1:0{port}"],
        &["host: 127.0.0.1:{port}, attacker.example"],
        &["host: 127.0.0.1:{port}\u{e9}"],
        &[OWN, "host: attacker.example"],
        &["host: attacker.example", OWN],
        &[OWN, OWN],
        // `X-Forwarded-Host`, which a tunnel adds, is ignored.
        &[
            "host: demo.tunnel.example",
            "x-forwarded-host: 127.0.0.1:{port}",
        ],
    ];
    for headers in hosts {
        let (status, body) = call(&sandbox, POST, headers).await;
        assert_eq!(status, 403, "{headers:?}: {body}");
        for remedy in [
            "use the URL of `Sandbox::base_url`",
            "`--allow-host NAME`",
            "`SandboxBuilder::allow_host`",
        ] {
            assert!(body.contains(remedy), "{body}");
        }
    }
    let targets = [
        ("POST http://attacker.example{path} HTTP/1.1", OWN),
        ("POST http://attacker.example:{port}{path} HTTP/1.1", OWN),
        ("POST http://user@127.0.0.1:{port}{path} HTTP/1.1", OWN),
        (
            "POST http://127.0.0.1:{port}{path} HTTP/1.1",
            "host: attacker.example",
        ),
        ("POST {path} HTTP/1.0", "x-no-host: 1"),
        ("POST {path} HTTP/1.0", "host: attacker.example:{port}"),
    ];
    for (first_line, host) in targets {
        let (status, _) = call(&sandbox, first_line, &[host]).await;
        assert_eq!(status, 403, "{first_line} {host}");
    }
    assert!(sandbox.calls().is_empty());
}

/// A client whose base URL is fixed speaks TLS through a proxy: `HTTPS_PROXY` leads to `CONNECT`.
#[tokio::test]
async fn a_client_that_takes_it_for_a_proxy_is_refused() {
    let (sandbox, _api) = account().await;
    let request = "CONNECT api.twilio.com:443 HTTP/1.1\r\nhost: api.twilio.com:443\r\n\
                   connection: close\r\n\r\n";
    let (status, body) = raw(&sandbox, request).await;
    assert_eq!(status, 403);
    assert!(body.contains("without a proxy or tunnel"), "{body}");
}

#[tokio::test]
async fn a_web_page_of_another_origin_is_rejected() {
    let (sandbox, _api) = account().await;
    let pages: &[&[&str]] = &[
        &["origin: http://attacker.example"],
        &["origin: http://attacker.example:{port}"],
        &["origin: https://127.0.0.1:{port}"],
        &["origin: http://127.0.0.1:3000"],
        &["origin: http://127.0.0.1"],
        &["origin: null"],
        &["origin:"],
        &["origin: 127.0.0.1:{port}"],
        &["origin: http://127.0.0.1:{port}", "origin: null"],
        &["origin: http://127.0.0.1:{port} http://attacker.example"],
        &["sec-fetch-site: cross-site"],
        &["sec-fetch-site: same-site"],
        &["sec-fetch-site: same-origin", "sec-fetch-site: cross-site"],
        &["sec-fetch-site: something-new"],
        &[
            "origin: http://127.0.0.1:{port}",
            "sec-fetch-site: cross-site",
        ],
    ];
    for page in pages {
        let headers = [&[OWN], *page].concat();
        let (status, body) = call(&sandbox, POST, &headers).await;
        assert_eq!(status, 403, "{page:?}: {body}");
        for remedy in [
            "send the request from a program",
            "`--allow-host NAME`",
            "`SandboxBuilder::allow_host`",
        ] {
            assert!(body.contains(remedy), "{body}");
        }
        // The preflight request of a browser is rejected too.
        let (status, _) = call(&sandbox, "OPTIONS {path} HTTP/1.1", &headers).await;
        assert_eq!(status, 403, "{page:?}");
    }
    assert!(sandbox.calls().is_empty());
}

#[tokio::test]
async fn programs_on_this_machine_have_access() {
    let (sandbox, _api) = account().await;
    let requests: &[(&str, &[&str])] = &[
        (POST, &[OWN]),
        (POST, &["host: localhost:{port}"]),
        (POST, &["host: LocalHost:{port}"]),
        (POST, &["host: [::1]:{port}"]),
        (POST, &["host: api.localhost:{port}"]),
        (POST, &["host: API.LocalHost:{port}"]),
        ("POST http://127.0.0.1:{port}{path} HTTP/1.1", &[OWN]),
        ("POST {path} HTTP/1.0", &[OWN]),
        (POST, &[OWN, "origin: http://127.0.0.1:{port}"]),
        (POST, &[OWN, "sec-fetch-site: none"]),
        (POST, &[OWN, "sec-fetch-site: same-origin"]),
    ];
    for (count, (first_line, headers)) in requests.iter().enumerate() {
        let (status, body) = call(&sandbox, first_line, headers).await;
        assert_eq!(status, 201, "{first_line} {headers:?}: {body}");
        assert_eq!(sandbox.calls().len(), count + 1);
    }
}

/// Returns the account SID, both auth tokens, and SID and secret of an API key of a new sandbox.
async fn credentials() -> Vec<String> {
    let sandbox = Sandbox::start().await.unwrap();
    let mut all = vec![
        sandbox.account_sid().as_str().replace("AC", ""),
        sandbox.auth_token().expose().to_owned(),
        sandbox.add_secondary_auth_token().expose().to_owned(),
    ];
    let (sid, secret) = sandbox.add_api_key();
    all.extend([sid.as_str().replace("SK", ""), secret.expose().to_owned()]);
    all
}

/// Returns a credential of an earlier version, which was a predictable hash of two counters.
fn counted(seed: u64, serial: u64) -> String {
    let hash = Sha256::new()
        .chain_update(seed.to_be_bytes())
        .chain_update(serial.to_be_bytes())
        .finalize();
    let (half, _) = hash.split_at(16);
    format!("{:032x}", u128::from_be_bytes(half.try_into().unwrap()))
}

#[tokio::test]
async fn credentials_are_not_predictable() {
    // The account SID of each first sandbox in that version.
    assert_eq!(counted(0, 0), "374708fff7719dd5979ec875d56cd228");
    let known: HashSet<String> = (0..200)
        .flat_map(|seed| (0..10).map(move |serial| counted(seed, serial)))
        .collect();
    let mut all = HashSet::new();
    // Bits that are 1, and bits that are 0, in any credential.
    let (mut ones, mut zeros) = (0, 0);
    for _ in 0..20 {
        for credential in credentials().await {
            assert_eq!(credential.len(), 32);
            assert!(!known.contains(&credential));
            let bits = u128::from_str_radix(&credential, 16).unwrap();
            ones |= bits;
            zeros |= !bits;
            assert!(all.insert(credential), "the same credential twice");
        }
    }
    assert_eq!((ones, zeros), (u128::MAX, u128::MAX));
}

/// Runs this test in two child processes, which print their credentials.
#[allow(
    clippy::print_stdout,
    reason = "a child process prints its credentials"
)]
#[tokio::test]
async fn two_processes_share_no_credentials() {
    const CHILD: &str = "CLINSPARK_TWILIO_TEST_CHILD";
    if std::env::var_os(CHILD).is_some() {
        println!("credentials: {}", credentials().await.join(" "));
        return;
    }
    let mut all = HashSet::new();
    for _ in 0..2 {
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "access::two_processes_share_no_credentials"])
            .args(["--nocapture", "--test-threads=1"])
            .env(CHILD, "1")
            .output()
            .unwrap();
        let output = String::from_utf8(child.stdout).unwrap();
        let (_, credentials) = output.split_once("credentials: ").unwrap();
        let credentials = credentials.lines().next().unwrap();
        all.extend(credentials.split(' ').map(str::to_owned));
    }
    assert_eq!(all.len(), 10);
}

/// Starts a server that sends the same response to every request. Returns its address and the raw
/// requests.
async fn listen(
    answer: &'static str,
) -> (
    std::net::SocketAddr,
    tokio::sync::mpsc::UnboundedReceiver<String>,
) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (sender, receiver) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = Vec::new();
            while !complete(&request) {
                let mut chunk = [0; 4096];
                let read = stream.read(&mut chunk).await.unwrap();
                assert_ne!(
                    read, 0,
                    "the connection closed before the end of the request"
                );
                request.extend_from_slice(&chunk[..read]);
            }
            sender.send(String::from_utf8(request).unwrap()).unwrap();
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    (address, receiver)
}

fn complete(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let is_length = name.eq_ignore_ascii_case("content-length");
        is_length.then(|| value.trim().parse::<usize>().unwrap())
    });
    body.len() >= length.unwrap_or(0)
}

#[tokio::test]
async fn connection_overrides_are_stored_and_never_sent() {
    const OVERRIDES: &str = "#rc=2&rp=5xx,ct,rt";
    let (sandbox, api) = account().await;
    let (address, mut requests) = listen(
        "HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
    )
    .await;
    let url = |path: &str| format!("http://{address}{path}{OVERRIDES}");
    let (first, fallback, status) = (url("/sms?a=1"), url("/fallback"), url("/status"));
    let sid = sandbox.numbers()[0].sid;
    let number = format!("IncomingPhoneNumbers/{sid}.json");
    let fields = [
        ("SmsUrl", first.as_str()),
        ("SmsFallbackUrl", &fallback),
        ("SmsFallbackMethod", "GET"),
        ("StatusCallback", &status),
    ];
    assert_eq!(api.post(&number, &fields).await.0, 200);
    let (_, stored) = api.get(&number).await;
    assert_eq!(stored["sms_url"], first);
    assert_eq!(stored["sms_fallback_url"], fallback);
    assert_eq!(stored["status_callback"], status);

    let volunteer = sandbox.phone(e164(VOLUNTEER));
    let _ = volunteer.text(e164(CLINIC), "hello").await.unwrap();
    let fields = [
        ("To", VOLUNTEER),
        ("From", CLINIC),
        ("Body", "x"),
        ("StatusCallback", &status),
    ];
    api.create("Messages.json", &fields).await;
    sandbox.wait_idle().await.unwrap();
    let mut paths = HashSet::new();
    while let Ok(request) = requests.try_recv() {
        assert!(
            !request.contains('#') && !request.contains("%23"),
            "{request}"
        );
        let target = request.split(' ').nth(1).unwrap();
        paths.insert(target.split('?').next().unwrap().to_owned());
    }
    let expected = ["/sms", "/fallback", "/status"].map(str::to_owned);
    assert_eq!(paths, HashSet::from(expected));
}

#[tokio::test]
async fn a_redirect_is_not_followed_beyond_this_machine() {
    let (sandbox, api) = account().await;
    let (address, mut requests) = listen(
        "HTTP/1.1 307 Temporary Redirect\r\nlocation: http://198.51.100.7/other\r\n\
         content-length: 0\r\nconnection: close\r\n\r\n",
    )
    .await;
    let sid = sandbox.numbers()[0].sid;
    let url = format!("http://{address}/sms");
    let path = format!("IncomingPhoneNumbers/{sid}.json");
    assert_eq!(api.post(&path, &[("SmsUrl", &url)]).await.0, 200);
    let volunteer = sandbox.phone(e164(VOLUNTEER));
    assert_eq!(volunteer.text(e164(CLINIC), "hello").await.unwrap(), []);
    assert!(requests.try_recv().is_ok());
    let codes: Vec<_> = sandbox.alerts().iter().map(|alert| alert.code).collect();
    assert_eq!((sandbox.webhooks().len(), codes), (1, vec![11210]));
}

#[tokio::test]
async fn only_twilios_own_keywords_opt_out() {
    let (sandbox, api) = account().await;
    let volunteer = sandbox.phone(e164(VOLUNTEER));
    let reminder = [("To", VOLUNTEER), ("From", CLINIC), ("Body", "x")];
    for ours_alone in [
        "Stop.",
        "\u{201c}STOP\u{201d}",
        "STOP \u{1f6d1}",
        "please stop texting me",
        "opt out",
        "arrêt",
        "alto",
        "Loved \u{201c}Reply STOP to end\u{201d}",
    ] {
        let answers = volunteer.text(e164(CLINIC), ours_alone).await.unwrap();
        assert!(answers.is_empty(), "{ours_alone}");
        api.create("Messages.json", &reminder).await;
    }
    for keyword in [
        "STOP",
        "stop ",
        "StopAll",
        "UNSUBSCRIBE",
        "cancel",
        "END",
        "quit",
        "revoke",
        "optout",
    ] {
        let answers = volunteer.text(e164(CLINIC), keyword).await.unwrap();
        assert_eq!(answers.len(), 1, "{keyword}");
        let refused = api.refused("Messages.json", &reminder).await;
        assert_eq!(refused, (400, 21610), "{keyword}");
        let answers = volunteer.text(e164(CLINIC), "START").await.unwrap();
        assert_eq!(answers.len(), 1, "{keyword}");
        api.create("Messages.json", &reminder).await;
    }
}
