//! Faults of the API and of webhooks, as a client and an application observe them.

use std::time::{Duration, Instant};

use clinspark_twilio::sandbox::{Fault, FaultRule, Sandbox, SandboxErrorKind, WebhookKind};
use clinspark_twilio::types::MessageStatus;

use crate::app::{Api, CLINIC, VOLUNTEER, codes, e164};
use crate::server::{Server, response, twiml};

const TEXT: [(&str, &str); 3] = [("To", VOLUNTEER), ("From", CLINIC), ("Body", "x")];

async fn clinic() -> (Sandbox, Api) {
    let sandbox = Sandbox::builder().seed(7).start().await.unwrap();
    sandbox.add_number(e164(CLINIC));
    let api = Api::new(&sandbox);
    (sandbox, api)
}

/// Sends a text, and returns the response as it arrives.
async fn send(sandbox: &Sandbox, api: &Api) -> Result<reqwest::Response, reqwest::Error> {
    let url = format!("{}{}", sandbox.base_url(), api.path("Messages.json"));
    let request = api.http.post(url);
    let request = request.basic_auth(sandbox.account_sid(), Some(sandbox.auth_token().expose()));
    let form = "application/x-www-form-urlencoded";
    let body = serde_urlencoded::to_string(TEXT).unwrap();
    request.header("content-type", form).body(body).send().await
}

fn messages() -> FaultRule {
    FaultRule::new(Fault::ResetBefore).path("/Messages")
}

#[tokio::test]
async fn too_many_requests_are_answered_with_429_and_retry_after() {
    let (sandbox, api) = clinic().await;
    for retry_after in [None, Some(7)] {
        let rule = FaultRule::new(Fault::TooManyRequests { retry_after }).times(1);
        sandbox.add_fault(rule).unwrap();
        let refused = send(&sandbox, &api).await.unwrap();
        assert_eq!(refused.status(), 429);
        let header = refused.headers().get("retry-after");
        assert_eq!(
            header.map(|value| value.to_str().unwrap()),
            retry_after.map(|_| "7")
        );
        let body: serde_json::Value = serde_json::from_str(&refused.text().await.unwrap()).unwrap();
        assert_eq!(body["code"], 20429);
        assert!(sandbox.messages().len() < 2);
        assert_eq!(send(&sandbox, &api).await.unwrap().status(), 201);
    }
    assert_eq!(sandbox.messages().len(), 2);
}

#[tokio::test]
async fn errors_of_the_server_are_json_or_html() {
    let (sandbox, api) = clinic().await;
    let error = Fault::Error {
        status: 503,
        code: 20503,
    };
    sandbox.add_fault(FaultRule::new(error).times(1)).unwrap();
    sandbox
        .add_fault(FaultRule::new(Fault::HtmlPage { status: 502 }).times(1))
        .unwrap();
    assert_eq!(api.refused("Messages.json", &TEXT).await, (503, 20503));
    let page = send(&sandbox, &api).await.unwrap();
    assert_eq!(
        (page.status().as_u16(), &page.headers()["content-type"]),
        (502, &"text/html".parse().unwrap())
    );
    assert!(
        page.text()
            .await
            .unwrap()
            .contains("<h1>502 Bad Gateway</h1>")
    );
    assert!(sandbox.messages().is_empty());
    assert_eq!(send(&sandbox, &api).await.unwrap().status(), 201);
}

#[tokio::test]
async fn a_reset_before_the_work_leaves_nothing_done() {
    let (sandbox, api) = clinic().await;
    sandbox.add_fault(messages().nth(1)).unwrap();
    assert!(send(&sandbox, &api).await.is_err());
    assert!(sandbox.messages().is_empty());
    // The next request, on a new connection, is served.
    assert_eq!(send(&sandbox, &api).await.unwrap().status(), 201);
}

#[tokio::test]
async fn every_third_request_is_reset_by_the_count_of_the_rule() {
    let (sandbox, api) = clinic().await;
    // The first two requests are of no rule that comes later.
    for _ in 0..2 {
        assert!(send(&sandbox, &api).await.is_ok());
    }
    let third = sandbox.add_fault(messages().every(3)).unwrap();
    let mut lost = Vec::new();
    for n in 1..=9 {
        if send(&sandbox, &api).await.is_err() {
            lost.push(n);
        }
    }
    assert_eq!(lost, [3, 6, 9]);
    let active = &sandbox.faults()[0];
    assert_eq!((active.matched, active.applied), (9, 3));
    sandbox.remove_fault(third);
    sandbox.add_fault(messages().every(1).times(2)).unwrap();
    let mut answered = Vec::new();
    for _ in 0..3 {
        answered.push(send(&sandbox, &api).await.is_ok());
    }
    assert_eq!(answered, [false, false, true]);
}

#[tokio::test]
async fn a_reset_after_the_work_loses_the_response_of_a_text_that_is_sent() {
    let (sandbox, api) = clinic().await;
    let rule = FaultRule::new(Fault::ResetAfter)
        .method("post")
        .path("/Messages")
        .nth(2);
    sandbox.add_fault(rule).unwrap();
    assert_eq!(send(&sandbox, &api).await.unwrap().status(), 201);
    assert!(send(&sandbox, &api).await.is_err());
    sandbox.wait_idle().await.unwrap();
    let statuses: Vec<_> = sandbox
        .messages()
        .into_iter()
        .map(|message| message.status)
        .collect();
    assert_eq!(
        statuses,
        [MessageStatus::Delivered, MessageStatus::Delivered]
    );
    assert_eq!(sandbox.phone(e164(VOLUNTEER)).inbox().len(), 2);
}

#[tokio::test]
async fn a_connection_is_reset_and_not_closed() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    let (sandbox, api) = clinic().await;
    let address = sandbox
        .base_url()
        .strip_prefix("http://")
        .unwrap()
        .to_owned();
    let request = format!(
        "GET {} HTTP/1.1\r\nhost: {address}\r\nauthorization: Basic {}\r\n\r\n",
        api.path("Messages.json"),
        basic(&sandbox),
    );
    let read = async |rule: FaultRule| {
        let id = sandbox.add_fault(rule).unwrap();
        let mut stream = tokio::net::TcpStream::connect(&address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        let result = stream.read_to_end(&mut answer).await;
        sandbox.remove_fault(id);
        (
            result.map_err(|error| error.kind()),
            String::from_utf8(answer).unwrap(),
        )
    };
    let reset = Err(std::io::ErrorKind::ConnectionReset);
    assert_eq!(read(messages()).await, (reset, String::new()));
    let (result, answer) = read(FaultRule::new(Fault::HalfResponse)).await;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(
        result.is_ok() && head.starts_with("HTTP/1.1 200 OK"),
        "{head}"
    );
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    let length: usize = length.unwrap().parse().unwrap();
    assert_eq!(body.len(), length / 2);
}

fn basic(sandbox: &Sandbox) -> String {
    use base64::Engine as _;

    let (account, token) = (sandbox.account_sid(), sandbox.auth_token().expose());
    base64::engine::general_purpose::STANDARD.encode(format!("{account}:{token}"))
}

#[tokio::test]
async fn half_a_response_ends_in_an_error_although_the_text_is_sent() {
    let (sandbox, api) = clinic().await;
    sandbox
        .add_fault(FaultRule::new(Fault::HalfResponse).times(1))
        .unwrap();
    let half = send(&sandbox, &api).await.unwrap();
    assert_eq!(half.status(), 201);
    assert!(half.bytes().await.is_err());
    assert_eq!(sandbox.messages().len(), 1);
    assert_eq!(send(&sandbox, &api).await.unwrap().status(), 201);
}

#[tokio::test]
async fn a_slow_response_comes_after_the_work() {
    let (sandbox, api) = clinic().await;
    let delay = Duration::from_millis(120);
    sandbox
        .add_fault(FaultRule::new(Fault::Slow(delay)).times(1))
        .unwrap();
    let before = Instant::now();
    assert_eq!(send(&sandbox, &api).await.unwrap().status(), 201);
    assert!(before.elapsed() >= delay);
    // A client that gives up has sent its text all the same.
    sandbox
        .add_fault(FaultRule::new(Fault::Slow(Duration::from_secs(60))).times(1))
        .unwrap();
    let late = tokio::time::timeout(delay, send(&sandbox, &api)).await;
    assert!(late.is_err());
    assert_eq!(sandbox.messages().len(), 2);
}

#[tokio::test]
async fn faults_are_counted_and_can_be_removed() {
    let (sandbox, api) = clinic().await;
    let error = Fault::Error {
        status: 500,
        code: 20500,
    };
    let first = sandbox
        .add_fault(FaultRule::new(error).method("POST").nth(2))
        .unwrap();
    let second = sandbox
        .add_fault(FaultRule::new(error).path("/Calls"))
        .unwrap();
    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(send(&sandbox, &api).await.unwrap().status().as_u16());
    }
    assert_eq!(statuses, [201, 500, 201]);
    assert_eq!(api.get("Calls.json").await.0, 500);
    let counts: Vec<_> = sandbox
        .faults()
        .iter()
        .map(|active| (active.id, active.matched, active.applied))
        .collect();
    assert_eq!(counts, [(first, 3, 1), (second, 1, 1)]);
    assert_eq!(sandbox.faults()[0].rule.fault(), error);
    sandbox.remove_fault(second);
    sandbox.remove_fault(second);
    assert_eq!(api.get("Calls.json").await.0, 200);
    assert_eq!(sandbox.faults().len(), 1);
}

#[tokio::test]
async fn a_share_of_requests_is_the_same_with_the_same_seed() {
    let mut runs = Vec::new();
    for _ in 0..2 {
        let (sandbox, api) = clinic().await;
        let error = Fault::Error {
            status: 500,
            code: 20500,
        };
        sandbox
            .add_fault(FaultRule::new(error).share(0.25))
            .unwrap();
        let mut statuses = Vec::new();
        for _ in 0..100 {
            statuses.push(api.get("Balance.json").await.0);
        }
        let failed = statuses.iter().filter(|status| **status == 500).count();
        assert!((10..40).contains(&failed), "{failed} of 100");
        assert_eq!(sandbox.faults()[0].applied, failed as u64);
        runs.push(statuses);
    }
    assert_eq!(runs[0], runs[1]);
}

#[tokio::test]
async fn a_rejected_path_is_a_fault_that_the_next_one_replaces() {
    let (sandbox, api) = clinic().await;
    sandbox.reject_path("/Balance", 403, 20003);
    assert_eq!(api.get("Balance.json").await.0, 403);
    sandbox.reject_path("/Balance", 404, 20404);
    assert_eq!(
        (api.get("Balance.json").await.0, sandbox.faults().len()),
        (404, 1)
    );
    // Without valid credentials, a request is refused before any fault.
    let (status, _) = api
        .send_as("AC00", "wrong", &api.path("Balance.json"))
        .await;
    assert_eq!(status, 401);
}

#[tokio::test]
async fn a_rule_that_contradicts_itself_is_refused() {
    let (sandbox, _) = clinic().await;
    let late = Fault::DelayWebhook(Duration::from_secs(1));
    for rule in [
        FaultRule::new(Fault::LoseWebhook).path("/Messages"),
        FaultRule::new(Fault::LoseWebhook).method("POST"),
        FaultRule::new(Fault::ResetAfter).kind(WebhookKind::Voice),
        FaultRule::new(late).kind(WebhookKind::Voice),
        FaultRule::new(Fault::SwapWebhook).kind(WebhookKind::InboundMessage),
        FaultRule::new(Fault::ResetAfter).nth(0),
        FaultRule::new(Fault::ResetAfter).every(0),
        FaultRule::new(Fault::ResetAfter).nth(3).every(3),
        FaultRule::new(Fault::ResetAfter).share(1.5),
        FaultRule::new(Fault::ResetAfter).share(f64::NAN),
        FaultRule::new(Fault::Slow(Duration::from_secs(86_401))),
        FaultRule::new(Fault::DelayWebhook(Duration::MAX)),
        FaultRule::new(Fault::HtmlPage { status: 99 }),
        FaultRule::new(Fault::Error {
            status: 600,
            code: 20_500,
        }),
    ] {
        let error = sandbox.add_fault(rule.clone()).unwrap_err();
        assert_eq!(error.kind(), SandboxErrorKind::InvalidSetting, "{rule:?}");
    }
    assert!(sandbox.faults().is_empty());
}

/// Sends a text with a status callback. Returns the statuses that the application has received.
async fn reported(sandbox: &Sandbox, server: &Server) -> Vec<String> {
    let status = server.url("/status");
    let fields = [TEXT.as_slice(), &[("StatusCallback", &status)]].concat();
    Api::new(sandbox).create("Messages.json", &fields).await;
    sandbox.wait_idle().await.unwrap();
    statuses(server)
}

fn statuses(server: &Server) -> Vec<String> {
    let field = |body: &str| {
        let fields: Vec<(String, String)> = serde_urlencoded::from_str(body).unwrap();
        let found = fields.into_iter().find(|(name, _)| name == "MessageStatus");
        found.unwrap().1
    };
    server
        .received()
        .iter()
        .map(|request| field(&request.body))
        .collect()
}

#[tokio::test]
async fn status_callbacks_can_be_lost_doubled_late_and_out_of_order() {
    let delay = Duration::from_secs(30);
    let cases: &[(Fault, &[&str], &[&str])] = &[
        (Fault::LoseWebhook, &["delivered"], &["delivered"]),
        (
            Fault::DoubleWebhook,
            &["sent", "sent", "delivered"],
            &["sent", "sent", "delivered"],
        ),
        (
            Fault::DelayWebhook(delay),
            &["delivered"],
            &["delivered", "sent"],
        ),
        (
            Fault::SwapWebhook,
            &["delivered", "sent"],
            &["delivered", "sent"],
        ),
    ];
    for (fault, at_once, later) in cases {
        let (sandbox, _) = clinic().await;
        let server = Server::start(&sandbox, |_| response(204, &[], "")).await;
        let rule = FaultRule::new(*fault)
            .kind(WebhookKind::MessageStatus)
            .nth(1);
        sandbox.add_fault(rule).unwrap();
        assert_eq!(reported(&sandbox, &server).await, *at_once, "{fault:?}");
        sandbox.advance(delay).await.unwrap();
        assert_eq!(statuses(&server), *later, "{fault:?}");
        assert!(server.received().iter().all(|request| request.is_signed));
        assert!(sandbox.alerts().is_empty());
        if *fault == Fault::DoubleWebhook {
            let token = "i-twilio-idempotency-token";
            let seen = server.received();
            assert_eq!(seen[0].header(token), seen[1].header(token));
        }
    }
}

#[tokio::test]
async fn the_last_status_callback_out_of_order_is_sent_after_a_minute() {
    let (sandbox, _) = clinic().await;
    let server = Server::start(&sandbox, |_| response(204, &[], "")).await;
    sandbox
        .add_fault(FaultRule::new(Fault::SwapWebhook).nth(2))
        .unwrap();
    assert_eq!(reported(&sandbox, &server).await, ["sent"]);
    sandbox.advance(Duration::from_secs(59)).await.unwrap();
    assert_eq!(statuses(&server), ["sent"]);
    sandbox.advance(Duration::from_secs(1)).await.unwrap();
    assert_eq!(statuses(&server), ["sent", "delivered"]);
}

#[tokio::test]
async fn a_forged_webhook_has_an_invalid_signature() {
    let (sandbox, _) = clinic().await;
    let number = sandbox.numbers()[0].sid;
    let server = Server::start(&sandbox, |request| {
        if request.is_signed {
            twiml("<Message>genuine</Message>")
        } else {
            response(403, &[], "")
        }
    })
    .await;
    sandbox
        .configure_number(number, &[("SmsUrl", &server.url("/sms"))])
        .unwrap();
    let rule = FaultRule::new(Fault::ForgeSignature)
        .kind(WebhookKind::InboundMessage)
        .times(1);
    sandbox.add_fault(rule).unwrap();
    let phone = sandbox.phone(e164(VOLUNTEER));
    assert!(phone.text(e164(CLINIC), "hi").await.unwrap().is_empty());
    assert!(!server.received()[0].is_signed);
    assert_eq!(
        server.received()[0]
            .header("x-twilio-signature")
            .unwrap()
            .len(),
        28
    );
    assert_eq!(codes(&sandbox), [11200]);
    assert_eq!(phone.text(e164(CLINIC), "hi").await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_webhook_for_instructions_can_be_lost_or_doubled() {
    let (sandbox, _) = clinic().await;
    let number = sandbox.numbers()[0].sid;
    let server = Server::start(&sandbox, |_| twiml("<Message>hello</Message>")).await;
    let (url, fallback) = (server.url("/sms"), server.url("/fallback"));
    let settings = [("SmsUrl", &*url), ("SmsFallbackUrl", &fallback)];
    sandbox.configure_number(number, &settings).unwrap();
    let phone = sandbox.phone(e164(VOLUNTEER));
    // Both are for status callbacks only, so they affect no inbound text.
    sandbox
        .add_fault(FaultRule::new(Fault::SwapWebhook))
        .unwrap();
    for fault in [Fault::LoseWebhook, Fault::DoubleWebhook] {
        let rule = FaultRule::new(fault)
            .kind(WebhookKind::InboundMessage)
            .times(1);
        sandbox.add_fault(rule).unwrap();
        assert_eq!(phone.text(e164(CLINIC), "hi").await.unwrap().len(), 1);
    }
    assert_eq!(server.targets(), ["/fallback", "/sms", "/sms"]);
    assert_eq!(codes(&sandbox), [11205]);
    let token = "i-twilio-idempotency-token";
    let seen = server.received();
    assert_eq!(seen[1].header(token), seen[2].header(token));
}
