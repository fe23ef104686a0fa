//! Hosts: the address of the server, the names it accepts, and the hosts that webhooks go to.

use std::net::IpAddr;

use clinspark_twilio::sandbox::{Sandbox, SandboxBuilder, SandboxErrorKind};
use clinspark_twilio::types::{AccountSid, AuthToken};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::app::{Api, CLINIC, VOLUNTEER, codes, e164};
use crate::server::{Server, twiml};

const LOOPBACK: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

/// Texts a number whose webhook URL has this host. Returns the alerts, and the `Host` header of the
/// request that the server on this machine received.
async fn webhook_to(builder: SandboxBuilder, host: &str) -> (Vec<u32>, Vec<String>) {
    let sandbox = builder.start().await.unwrap();
    let number = sandbox.add_number(e164(CLINIC));
    let server = Server::start(&sandbox, |_| twiml("<Message>hello</Message>")).await;
    let url = format!("http://{host}:{}/sms", server.address.port());
    sandbox
        .configure_number(number, &[("SmsUrl", &url)])
        .unwrap();
    sandbox
        .phone(e164(VOLUNTEER))
        .text(e164(CLINIC), "hi")
        .await
        .unwrap();
    let seen = server.received();
    assert!(seen.iter().all(|request| request.is_signed));
    let port = format!(":{}", server.address.port());
    let hosts = seen
        .iter()
        .map(|request| request.header("host").unwrap().replace(&port, ""));
    (codes(&sandbox), hosts.collect())
}

#[tokio::test]
async fn webhooks_go_to_hosts_that_are_permitted_explicitly() {
    for host in [
        "host.docker.internal",
        "app",
        "192.168.1.10",
        "[fd00::7]",
        "clinic.example",
    ] {
        let permitted = Sandbox::builder().webhook_host(host, Some(LOOPBACK));
        assert_eq!(
            webhook_to(permitted, host).await,
            (vec![], vec![host.to_owned()])
        );
        let (alerts, hosts) = webhook_to(Sandbox::builder(), host).await;
        assert_eq!((alerts, hosts.len()), (vec![11210], 0), "{host}");
        let other = Sandbox::builder().webhook_host("other", Some(LOOPBACK));
        assert_eq!(webhook_to(other, host).await.0, [11210]);
    }
    // Without an address the resolver decides.
    let any = Sandbox::builder().webhook_host("0.0.0.0", None);
    assert_eq!(
        webhook_to(any, "0.0.0.0").await,
        (vec![], vec!["0.0.0.0".to_owned()])
    );
    assert_eq!(webhook_to(Sandbox::builder(), "0.0.0.0").await.0, [11210]);
}

#[tokio::test]
async fn webhooks_never_go_to_the_internet_or_a_metadata_service() {
    for address in [
        "198.51.100.7",
        "169.254.169.254",
        "2606:4700::1111",
        "fe80::1",
        "224.0.0.1",
    ] {
        let host = address.parse().unwrap();
        let refused = Sandbox::builder()
            .webhook_host("app", Some(host))
            .start()
            .await;
        let error = refused.unwrap_err();
        assert_eq!(error.kind(), SandboxErrorKind::InvalidSetting, "{address}");
        // The resolver returns such an address.
        let name = if host.is_ipv6() {
            format!("[{address}]")
        } else {
            address.to_owned()
        };
        let resolved = Sandbox::builder().webhook_host(&name, None);
        assert_eq!(
            webhook_to(resolved, &name).await,
            (vec![11210], vec![]),
            "{address}"
        );
    }
    let host = "no-such-host.invalid";
    let unknown = Sandbox::builder().webhook_host(host, None);
    assert_eq!(webhook_to(unknown, host).await, (vec![11210], vec![]));
}

#[tokio::test]
async fn a_host_that_is_none_is_refused() {
    for host in ["", "http://app", "app/path", "user@app", "app:80", "a b"] {
        let refused = Sandbox::builder().webhook_host(host, None).start().await;
        assert_eq!(
            refused.unwrap_err().kind(),
            SandboxErrorKind::InvalidSetting,
            "{host}"
        );
    }
    for host in ["", "http://app", "app/path", "user@app", "app:x", "a b"] {
        let refused = Sandbox::builder().allow_host(host).start().await;
        assert_eq!(
            refused.unwrap_err().kind(),
            SandboxErrorKind::InvalidSetting,
            "{host}"
        );
    }
}

/// Returns the status of a request with this `Host`, and perhaps an `Origin`.
async fn status(sandbox: &Sandbox, host: &str, origin: Option<&str>) -> u16 {
    let port = sandbox.base_url().rsplit(':').next().unwrap();
    let mut stream = tokio::net::TcpStream::connect(format!("127.0.0.1:{port}"))
        .await
        .unwrap();
    let origin = origin
        .map(|origin| format!("origin: {origin}\r\n"))
        .unwrap_or_default();
    let request = format!("GET / HTTP/1.1\r\nhost: {host}\r\n{origin}connection: close\r\n\r\n");
    let request = request.replace("{port}", port);
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer.split(' ').nth(1).unwrap().parse().unwrap()
}

#[tokio::test]
async fn only_allowed_hosts_have_access() {
    let builder = Sandbox::builder().bind("0.0.0.0".parse().unwrap());
    let builder = builder
        .allow_host("twilio")
        .allow_host("localhost:4600")
        .allow_host("[fd00::1]");
    let sandbox = builder.allow_host("twilio.test:80").start().await.unwrap();
    assert!(sandbox.base_url().starts_with("http://127.0.0.1:"));
    for host in [
        "twilio:{port}",
        "TWILIO:{port}",
        "localhost:4600",
        "twilio.test",
        "twilio.test:80",
        "[fd00::1]:{port}",
        "127.0.0.1:{port}",
    ] {
        assert_eq!(status(&sandbox, host, None).await, 200, "{host}");
        let own = format!("http://{host}");
        assert_eq!(status(&sandbox, host, Some(&own)).await, 200, "{host}");
        let foreign = Some("http://attacker.example");
        assert_eq!(status(&sandbox, host, foreign).await, 403, "{host}");
    }
    for host in [
        "twilio",
        "twilio:1",
        "localhost:4601",
        "attacker.example",
        "0.0.0.0:{port}",
    ] {
        assert_eq!(status(&sandbox, host, None).await, 403, "{host}");
    }
}

#[tokio::test]
async fn the_server_listens_on_the_chosen_address_and_port() {
    // A port that was free a moment ago.
    let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let address: IpAddr = "127.0.0.2".parse().unwrap();
    let own = Sandbox::builder().port(port).start().await.unwrap();
    assert_eq!(own.base_url(), format!("http://127.0.0.1:{port}"));
    let in_use = Sandbox::builder().port(port).start().await.unwrap_err();
    assert_eq!(in_use.kind(), SandboxErrorKind::Start);
    // The same port of another address is free, and only that address is served.
    let other = Sandbox::builder()
        .bind(address)
        .port(port)
        .start()
        .await
        .unwrap();
    assert_eq!(Api::new(&other).get("Balance.json").await.0, 200);
    // Each refuses the credentials of the other.
    let (account, token) = (own.account_sid(), own.auth_token().expose());
    for (address, status) in [("127.0.0.1", 200), ("127.0.0.2", 401)] {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let request = client.get(format!("http://{address}:{port}/2010-04-01/Accounts.json"));
        let answer = request
            .basic_auth(account, Some(token))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), status, "{address}");
    }
}

#[tokio::test]
async fn account_and_token_can_be_chosen() {
    let account = AccountSid::parse("AC0123456789abcdef0123456789abcdef").unwrap();
    let token = AuthToken::new("0123456789abcdef0123456789abcdef").unwrap();
    let builder = Sandbox::builder()
        .account_sid(account)
        .auth_token(token.clone());
    let sandbox = builder.start().await.unwrap();
    assert_eq!(
        (sandbox.account_sid(), sandbox.auth_token()),
        (account, &token)
    );
    assert_eq!(Api::new(&sandbox).get("Balance.json").await.0, 200);
}

#[tokio::test]
async fn urls_follow_the_host_that_was_asked() {
    let sandbox = Sandbox::builder()
        .allow_host("localhost:4600")
        .start()
        .await
        .unwrap();
    let service = sandbox.add_service(&[("FriendlyName", "Clinic")]).unwrap();
    let account = sandbox.account_sid();
    let token = sandbox.auth_token().expose();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = format!("{}/v1/Services/{service}", sandbox.base_url());
    let request = client.get(url).basic_auth(account, Some(token));
    let body = request
        .header("host", "localhost:4600")
        .send()
        .await
        .unwrap();
    let body: serde_json::Value = serde_json::from_str(&body.text().await.unwrap()).unwrap();
    assert_eq!(
        body["url"],
        format!("http://localhost:4600/v1/Services/{service}")
    );
}

#[tokio::test]
async fn urls_in_webhooks_follow_the_host_that_the_application_asked() {
    let builder = Sandbox::builder().allow_host("localhost:4600");
    let sandbox = builder.start().await.unwrap();
    let number = sandbox.add_number(e164(CLINIC));
    let server = Server::start(&sandbox, |_| twiml("")).await;
    let settings = [("SmsUrl", server.url("/sms"))];
    let settings: Vec<(&str, &str)> = settings.iter().map(|(k, v)| (*k, v.as_str())).collect();
    sandbox.configure_number(number, &settings).unwrap();
    let (account, token) = (sandbox.account_sid(), sandbox.auth_token().expose());
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let api = format!("{}/2010-04-01/Accounts.json", sandbox.base_url());
    let phone = sandbox.phone(e164(VOLUNTEER));
    let mut urls = Vec::new();
    for (host, token) in [
        (None, token),
        (Some("localhost:4600"), token),
        (Some(""), "wrong"),
    ] {
        if let Some(host) = host {
            let request = client.get(&api).basic_auth(account, Some(token));
            let host = if host.is_empty() {
                sandbox.base_url().trim_start_matches("http://")
            } else {
                host
            };
            request.header("host", host).send().await.unwrap();
        }
        let files: [(&str, &[u8]); 1] = [("image/png", b"png")];
        phone
            .text_with_files(e164(CLINIC), "hi", &files)
            .await
            .unwrap();
        let body = server.received().pop().unwrap().body;
        let fields: Vec<(String, String)> = serde_urlencoded::from_str(&body).unwrap();
        let url = fields.iter().find(|(name, _)| name == "MediaUrl0");
        let (origin, _) = url.unwrap().1.split_once("/2010-04-01").unwrap();
        urls.push(origin.to_owned());
    }
    // Wrong credentials change nothing.
    let own = sandbox.base_url();
    assert_eq!(
        urls,
        [own, "http://localhost:4600", "http://localhost:4600"]
    );
}

#[tokio::test]
async fn the_same_seed_makes_the_same_identifiers() {
    let identifiers = async |seed: u64| {
        let sandbox = Sandbox::builder().seed(seed).start().await.unwrap();
        let number = sandbox.add_number(e164(CLINIC));
        let texts = [("To", VOLUNTEER), ("From", CLINIC), ("Body", "x")];
        let text = Api::new(&sandbox).create("Messages.json", &texts).await;
        let token = sandbox.auth_token().expose().to_owned();
        (sandbox.account_sid(), token, number, text["sid"].clone())
    };
    assert_eq!(identifiers(1).await, identifiers(1).await);
    assert_ne!(identifiers(1).await, identifiers(2).await);
}

#[tokio::test]
async fn health_needs_no_credentials_but_an_accepted_host() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = format!("{}/health", sandbox.base_url());
    let answer = client.get(&url).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.text().await.unwrap(), "{\"status\":\"ok\"}");
    let foreign = client.get(&url).header("host", "attacker.example");
    assert_eq!(foreign.send().await.unwrap().status(), 403);
}
