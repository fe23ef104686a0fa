//! Log of the requests to the API.

use std::time::Duration;

use clinspark_twilio::sandbox::{Fault, FaultRule, Sandbox};

use crate::app::{Api, CLINIC, VOLUNTEER, e164};

async fn start() -> (Sandbox, Api) {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.add_number(e164(CLINIC));
    let api = Api::new(&sandbox);
    (sandbox, api)
}

#[tokio::test]
async fn a_request_is_logged_with_its_parameters_and_response() {
    let (sandbox, api) = start().await;
    let text = [("To", VOLUNTEER), ("From", CLINIC), ("Body", "Visit at 9")];
    api.create("Messages.json", &text).await;
    api.post("Messages.json?x=1", &[("To", "nobody")]).await;

    let requests = sandbox.requests();
    let [sent, refused] = &requests[..] else {
        panic!("{requests:?}");
    };
    assert_eq!(sent.method, "POST");
    assert!(sent.path.expose().ends_with("/Messages.json"));
    let expected = text.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(sent.parameters.expose()[..], expected);
    assert_eq!(sent.status, Some(201));
    assert!(sent.duration.is_some());
    assert!(
        sent.response_body
            .expose()
            .contains("\"body\":\"Visit at 9\"")
    );
    assert_eq!(refused.status, Some(400));
    assert_eq!(refused.parameters.expose()[0].0, "x");
    // Nothing personal reaches a log by way of `Debug`.
    let debug = format!("{requests:?}");
    for word in [VOLUNTEER, &VOLUNTEER[1..], "Visit"] {
        assert!(!debug.contains(word), "{debug}");
    }
}

/// Each request may have a megabyte, and the history ten thousand requests.
#[tokio::test]
async fn of_huge_parameters_the_log_keeps_the_first() {
    let (sandbox, api) = start().await;
    let long = "é".repeat(100_000);
    let text = [("To", VOLUNTEER), ("From", CLINIC), ("Body", long.as_str())];
    api.refused("Messages.json", &text).await;
    let many = vec![("a", "b"); 100_000];
    api.refused("Messages.json", &many).await;

    let requests = sandbox.requests();
    let [long_one, many_one] = &requests[..] else {
        panic!("{} requests", requests.len());
    };
    let parameters = long_one.parameters.expose();
    assert_eq!(parameters[0], ("To".to_owned(), VOLUNTEER.to_owned()));
    assert!(long.starts_with(&parameters[2].1));
    assert!((30_000..=32 * 1024).contains(&parameters[2].1.len()));
    let parameters = many_one.parameters.expose();
    assert!(
        (500..1_000).contains(&parameters.len()),
        "{}",
        parameters.len()
    );
}

#[tokio::test]
async fn a_fault_is_named_and_a_reset_has_no_status() {
    let (sandbox, api) = start().await;
    let busy = Fault::TooManyRequests { retry_after: None };
    let busy = sandbox.add_fault(FaultRule::new(busy).nth(1)).unwrap();
    let reset = FaultRule::new(Fault::ResetAfter).nth(2);
    let reset = sandbox.add_fault(reset).unwrap();
    let text = [("To", VOLUNTEER), ("From", CLINIC), ("Body", "Visit")];
    let (status, _) = api.post("Messages.json", &text).await;
    assert_eq!(status, 429);
    let url = format!("{}{}", sandbox.base_url(), api.path("Messages.json"));
    let token = sandbox.auth_token().expose();
    let request = api
        .http
        .post(url)
        .basic_auth(sandbox.account_sid(), Some(token));
    let form = serde_urlencoded::to_string(text).unwrap();
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    assert!(request.body(form).send().await.is_err());
    api.create("Messages.json", &text).await;

    let requests = sandbox.requests();
    let logged: Vec<_> = requests.iter().map(|it| (it.status, it.fault)).collect();
    let expected = [
        (Some(429), Some(busy)),
        (None, Some(reset)),
        (Some(201), None),
    ];
    assert_eq!(logged, expected);
    // The refused request is shown with what it would have sent.
    assert_eq!(requests[0].parameters, requests[2].parameters);
}

#[tokio::test]
async fn a_slow_request_counts_its_delay() {
    let (sandbox, api) = start().await;
    let delay = Duration::from_millis(50);
    sandbox
        .add_fault(FaultRule::new(Fault::Slow(delay)))
        .unwrap();
    api.get("Messages.json").await;
    assert!(sandbox.requests()[0].duration.unwrap() >= delay);
}

#[tokio::test]
async fn polling_is_one_entry_and_removes_no_request() {
    let sandbox = Sandbox::builder().history_limit(5).start().await.unwrap();
    sandbox.add_number(e164(CLINIC));
    let api = Api::new(&sandbox);
    let text = [("To", VOLUNTEER), ("From", CLINIC), ("Body", "Visit")];
    api.create("Messages.json", &text).await;
    for _ in 0..4 {
        api.get("Messages.json").await;
    }
    let requests = sandbox.requests();
    assert_eq!(requests.len(), 2);
    assert_eq!((requests[0].times, requests[1].times), (1, 4));
    // Two readings in turn are no repetition, but only other readings make room for them.
    for _ in 0..20 {
        api.get("Messages.json").await;
        api.get("Calls.json").await;
    }
    let requests = sandbox.requests();
    assert_eq!(requests.len(), 6);
    assert_eq!(requests[0].method, "POST");
}

#[tokio::test]
async fn secrets_are_left_out() {
    let (sandbox, api) = start().await;
    api.send("GET", "/2010-04-01/Accounts.json", None).await;
    api.create("Keys.json", &[("FriendlyName", "Key")]).await;
    let token = sandbox.auth_token().expose().to_owned();
    for request in sandbox.requests() {
        let body = request.response_body.expose();
        assert!(!body.contains(&token), "{body}");
        assert!(body.contains("[redacted]"), "{body}");
    }
}

#[tokio::test]
async fn the_health_check_is_no_request() {
    let (sandbox, api) = start().await;
    api.send("GET", "/health", None).await;
    assert_eq!(sandbox.requests(), []);
}
