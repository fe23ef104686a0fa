//! Start, waits with their timeouts, and stop.

use std::time::Duration;

use clinspark_twilio::phone::E164;
use clinspark_twilio::sandbox::{Phone, PhoneCall, Sandbox, SandboxError, SandboxErrorKind};
use clinspark_twilio::types::CallStatus;

use crate::app::{Api, App, CLINIC, VOLUNTEER, e164};

#[tokio::test]
async fn several_sandboxes_are_independent() {
    let (one, two) = (
        Sandbox::start().await.unwrap(),
        Sandbox::start().await.unwrap(),
    );
    assert_ne!(one.base_url(), two.base_url());
    assert_ne!(one.account_sid(), two.account_sid());
    assert_ne!(one.auth_token(), two.auth_token());
    one.add_number(e164(CLINIC));
    let (at_one, at_two) = (Api::new(&one), Api::new(&two));
    let numbers = "IncomingPhoneNumbers.json";
    let count = |list: &serde_json::Value| list["incoming_phone_numbers"].as_array().unwrap().len();
    assert_eq!(count(&at_one.get(numbers).await.1), 1);
    assert_eq!(count(&at_two.get(numbers).await.1), 0);
    // The credentials of one are not valid in the other.
    let (user, password) = (one.account_sid().to_string(), one.auth_token().expose());
    assert_eq!(
        at_two
            .send_as(&user, password, &at_two.path(numbers))
            .await
            .0,
        401
    );
}

#[tokio::test]
async fn dropping_the_sandbox_stops_its_server_and_background_work() {
    let sandbox = Sandbox::start().await.unwrap();
    let address = sandbox
        .base_url()
        .strip_prefix("http://")
        .unwrap()
        .to_owned();
    sandbox.add_number(e164(CLINIC));
    let phone = sandbox.phone(e164(VOLUNTEER));
    sandbox.set_timeout(Duration::from_millis(30));
    tokio::net::TcpStream::connect(&address).await.unwrap();
    drop(sandbox);
    // The listener closes in a background task, so this connects until it is refused.
    let refused = async {
        while tokio::net::TcpStream::connect(&address).await.is_ok() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), refused)
        .await
        .unwrap();
    // A phone that outlives its sandbox gets a timeout.
    let error = phone.text(e164(CLINIC), "hello").await.unwrap_err();
    assert_eq!(error.kind(), SandboxErrorKind::Timeout);
}

#[test]
fn handles_and_futures_can_be_sent_between_tasks() {
    fn shared<T: Send + Sync>() {}
    fn sent<T: Send>(_: T) {}
    shared::<Sandbox>();
    shared::<Phone>();
    shared::<PhoneCall>();
    shared::<SandboxError>();
    sent(Sandbox::start());
    // Never called: it compiles only if the futures are `Send`.
    let _ = |sandbox: Sandbox, phone: Phone, call: PhoneCall, us: E164| {
        sent(sandbox.wait_idle());
        sent((
            phone.text(us, ""),
            phone.call(us),
            phone.answer(),
            phone.next_text(),
        ));
        sent((
            call.hear(),
            call.press(""),
            call.say(""),
            call.stay_silent(),
            call.hang_up(),
        ));
    };
}

#[tokio::test]
async fn debug_output_contains_no_number_text_or_secret() {
    let sandbox = Sandbox::start().await.unwrap();
    let number = sandbox.add_number(e164(CLINIC));
    let (app, api) = (App::start(&sandbox).await, Api::new(&sandbox));
    app.twiml(
        "/any",
        "<Gather numDigits=\"8\" action=\"/next\"><Say>biopsy</Say></Gather>",
    );
    let (any, status) = (app.url("/any?who=biopsy"), app.url("/status?who=biopsy"));
    let settings = [
        ("SmsUrl", any.as_str()),
        ("VoiceUrl", &any),
        ("StatusCallback", &status),
    ];
    sandbox.configure_number(number, &settings).unwrap();
    api.create("Applications.json", &settings).await;
    let (key, secret) = sandbox.add_api_key();
    let phone = sandbox.phone(e164(VOLUNTEER));
    let texts = phone.text(e164(CLINIC), "biopsy").await.unwrap();
    let call = phone.call(e164(CLINIC)).await.unwrap();
    call.press("86428642").await.unwrap();
    let error = phone.text(e164(VOLUNTEER), "biopsy").await.unwrap_err();
    let refused = sandbox
        .configure_number(number, &[("SmsUrl", "biopsy")])
        .unwrap_err();
    let shown = format!(
        "{sandbox:?} {phone:?} {call:?} {texts:?} {key:?} {secret:?} {error:?} {error} {refused:?} \
         {:?} {:?} {:?} {:?} {:?} {:?} {:?}",
        sandbox.messages(),
        sandbox.calls(),
        sandbox.numbers(),
        sandbox.applications(),
        sandbox.webhooks(),
        sandbox.alerts(),
        phone.inbox(),
    );
    let token = sandbox.auth_token().expose();
    for hidden in [
        "5550100",
        "5550123",
        "biopsy",
        "86428642",
        token,
        secret.expose(),
    ] {
        assert!(!shown.contains(hidden), "{hidden} in {shown}");
    }
    assert!(shown.contains("+*********23"), "{shown}");
}

#[tokio::test]
async fn wait_idle_does_not_wait_for_people() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.add_number(e164(CLINIC));
    let phone = sandbox.phone(e164(VOLUNTEER));
    let api = Api::new(&sandbox);
    let twiml = "<Response><Gather action=\"http://127.0.0.1/\"/></Response>";
    let fields = [("To", VOLUNTEER), ("From", CLINIC), ("Twiml", twiml)];
    api.create("Calls.json", &fields).await;
    let call = phone.answer().await.unwrap();
    sandbox.wait_idle().await.unwrap();
    assert_eq!(call.status(), CallStatus::InProgress);
    assert_eq!(call.hang_up().await.unwrap(), CallStatus::Completed);
    sandbox.wait_idle().await.unwrap();
}

#[tokio::test]
async fn a_text_is_processed_even_if_its_future_is_dropped() {
    let sandbox = Sandbox::start().await.unwrap();
    let number = sandbox.add_number(e164(CLINIC));
    let app = App::start(&sandbox).await;
    app.twiml("/sms", "<Message>Thanks</Message>");
    sandbox
        .configure_number(number, &[("SmsUrl", &app.url("/sms"))])
        .unwrap();
    let phone = sandbox.phone(e164(VOLUNTEER));
    tokio::select! {
        biased;
        _ = phone.text(e164(CLINIC), "hello") => panic!("no application answers this fast"),
        () = async {} => {}
    }
    sandbox.wait_idle().await.unwrap();
    assert_eq!((app.seen("/sms").len(), phone.inbox().len()), (1, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_messages_at_once_are_each_reported_once_and_in_order() {
    const COUNT: usize = 60;
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.add_number(e164(CLINIC));
    let app = App::start(&sandbox).await;
    let api = std::sync::Arc::new(Api::new(&sandbox));
    let status = app.url("/status");
    let mut sends = tokio::task::JoinSet::new();
    for number in 0..COUNT {
        let (api, status) = (std::sync::Arc::clone(&api), status.clone());
        sends.spawn(async move {
            let (to, body) = (format!("+1415555{number:04}"), number.to_string());
            let fields = [
                ("To", to.as_str()),
                ("From", CLINIC),
                ("Body", body.as_str()),
            ];
            let fields = [&fields[..], &[("StatusCallback", status.as_str())]].concat();
            api.create("Messages.json", &fields).await["sid"]
                .as_str()
                .unwrap()
                .to_owned()
        });
    }
    let mut sids = sends.join_all().await;
    sandbox.wait_idle().await.unwrap();
    let seen = app.seen("/status");
    for sid in &sids {
        let of_this = seen.iter().filter(|seen| seen.field("MessageSid") == sid);
        let statuses: Vec<_> = of_this.map(|seen| seen.field("MessageStatus")).collect();
        assert_eq!(statuses, ["sent", "delivered"]);
    }
    sids.sort();
    sids.dedup();
    assert_eq!(
        (sids.len(), seen.len(), app.forged()),
        (COUNT, 2 * COUNT, 0)
    );
}

#[tokio::test]
async fn every_wait_ends_with_an_error_that_names_the_missing_event() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.add_number(e164(CLINIC));
    let phone = sandbox.phone(e164(VOLUNTEER));
    let api = Api::new(&sandbox);
    sandbox.set_timeout(Duration::from_millis(30));
    let error = phone.next_text().await.unwrap_err();
    assert_eq!(error.kind(), SandboxErrorKind::Timeout);
    assert!(
        error
            .to_string()
            .starts_with("no text reached the phone within"),
        "{error}"
    );

    let twiml = "<Response><Gather action=\"http://127.0.0.1/\"/></Response>";
    let fields = [("To", VOLUNTEER), ("From", CLINIC), ("Twiml", twiml)];
    api.create("Calls.json", &fields).await;
    sandbox.set_timeout(Duration::from_secs(5));
    let call = phone.answer().await.unwrap();
    sandbox.wait_idle().await.unwrap();
    sandbox.set_timeout(Duration::from_millis(30));
    let error = call.hear().await.unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("nothing was said in the call within"),
        "{error}"
    );
    let error = call.wait_ended().await.unwrap_err();
    assert!(
        error.to_string().starts_with("the call did not end within"),
        "{error}"
    );
}

#[tokio::test]
async fn without_a_response_the_wait_times_out_and_the_message_stays() {
    let sandbox = Sandbox::start().await.unwrap();
    let number = sandbox.add_number(e164(CLINIC));
    let (app, api) = (App::start(&sandbox).await, Api::new(&sandbox));
    // The server accepts the connection and never responds.
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/sms", silent.local_addr().unwrap());
    api.post(
        &format!("IncomingPhoneNumbers/{number}.json"),
        &[("SmsUrl", &url)],
    )
    .await;
    sandbox.set_timeout(Duration::from_millis(30));
    let phone = sandbox.phone(e164(VOLUNTEER));
    let error = phone.text(e164(CLINIC), "hello").await.unwrap_err();
    assert_eq!(error.kind(), SandboxErrorKind::Timeout);
    assert_eq!(
        sandbox.wait_idle().await.unwrap_err().kind(),
        SandboxErrorKind::Timeout
    );
    assert_eq!(sandbox.messages()[0].body.expose(), "hello");
    assert_eq!(app.forged(), 0);
}

/// A request that comes early waits, and then meets the account that was set up.
#[tokio::test]
async fn a_closed_sandbox_answers_once_it_is_open() {
    let sandbox = Sandbox::builder().closed().start().await.unwrap();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let early = http.get(format!("{}/_sandbox/numbers", sandbox.base_url()));
    let mut early = tokio::spawn(early.send());
    let waited = tokio::time::timeout(Duration::from_millis(100), &mut early).await;
    assert!(waited.is_err(), "{waited:?}");
    sandbox.add_number(e164(CLINIC));
    sandbox.open();
    let numbers = early.await.unwrap().unwrap().text().await.unwrap();
    assert!(numbers.contains(CLINIC), "{numbers}");

    let never = Sandbox::builder().closed().start().await.unwrap();
    let health = http.get(format!("{}/health", never.base_url())).send();
    let health = tokio::spawn(health);
    drop(never);
    assert!(health.await.unwrap().is_err());
}
