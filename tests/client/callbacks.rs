//! URLs that Twilio requests, checked before anything is sent.

use clinspark_twilio::client::applications::UpdateApplication;
use clinspark_twilio::client::calls::{PlaceCall, TwimlUrl};
use clinspark_twilio::client::messages::{Media, SendMessage, Sender};
use clinspark_twilio::client::{ClientBuilder, Delivery, ErrorKind, Request};
use clinspark_twilio::phone::Recipient;

use crate::support::{FROM, Recorder, TO, assert_clean, number, send};

const HERE: &str = "names a host that Twilio cannot reach";
const ESCAPE: &str = "has a % without two hexadecimal digits";
const HOST: &str = "has an invalid host name";
const PORT: &str = "has an invalid port";
const OWN: &str = "must not contain the recipient's number";
const PHONE: &str = "must not contain a phone number";

/// Returns the refusal of a request, or `None` if it was sent.
async fn refusal<R: Request>(request: R) -> Option<String> {
    refusal_by(|client| client, request).await
}

async fn refusal_by<R: Request>(
    tune: impl Fn(ClientBuilder) -> ClientBuilder,
    request: R,
) -> Option<String> {
    let recorder = Recorder::refusing();
    let error = tune(recorder.builder(Delivery::Live))
        .build()
        .unwrap()
        .execute(request)
        .await
        .map(drop)
        .unwrap_err();
    assert_eq!(
        error.kind() == ErrorKind::Invalid,
        recorder.take().is_empty()
    );
    let text = error.to_string();
    assert_clean(&text);
    (error.kind() == ErrorKind::Invalid).then_some(text)
}

#[tokio::test]
async fn a_callback_that_twilio_cannot_request_is_refused() {
    for (url, fault) in [
        ("https://hooks.example/cb?room=Blue%ROOM%Two", ESCAPE),
        ("https://hooks.example/cb?a=100%", ESCAPE),
        ("https://hooks.example/%4", ESCAPE),
        ("https://hooks.example/cb#rc=%zz", ESCAPE),
        ("http://localhost:8080/cb", HERE),
        ("http://LOCALHOST/cb", HERE),
        ("http://127.0.0.1/cb", HERE),
        ("http://user:PLANTED@127.0.0.1/cb", HERE),
        ("https://[::1]/cb", HERE),
        ("https://10.0.0.7/cb", HERE),
        ("https://169.254.169.254/cb", HERE),
        ("http://app:3000/cb", HERE),
        ("https://hooks.example:99999/cb", PORT),
        ("https://hooks.example:0/cb", PORT),
        ("https://hooks.example:+443/cb", PORT),
        ("https://[2606:4700::1111]:+443/cb", PORT),
        ("https://hooks..example/cb", HOST),
        ("https://-hooks.example/cb", HOST),
        ("https://.example/cb", HOST),
        ("https://300.1.1.1/cb", HOST),
        ("https://1.2.3/cb", HOST),
        ("https://hooks.example/cb?to=14155550123", OWN),
        ("https://hooks.example/cb?to=4155550123", OWN),
        ("https://hooks.example/4155550123/cb", OWN),
        ("https://hooks.example/cb?to=(415)%20555-0123", OWN),
        ("https://hooks.example/cb?to=415.555.0123#rc=2", OWN),
        ("https://hooks.example/cb?to=0014155550123", OWN),
        (
            "https://hooks.example/cb?to=%34%31%35%35%35%35%30%31%32%33",
            OWN,
        ),
        ("https://hooks.example/cb?to=%2B14155550123", PHONE),
    ] {
        let text = refusal(send().status_callback(url)).await;
        let text = text.unwrap_or_else(|| panic!("sent: {url}"));
        assert!(text.contains(fault), "{url}: {text}");
    }
    for url in [
        "https://hooks.example/cb?room=Blue%20ROOM",
        "https://hooks.example:8443/cb",
        "https://hooks.example./cb",
        "https://user:word@hooks.example/cb",
        "https://8.8.8.8/cb",
        "https://[2606:4700::1111]:8443/cb",
        "https://localhost.example/cb?id=visit-4711",
        "https://hooks.example/cb?id=1415555012",
        "https://hooks.example/cb?id=6fa459ea-ee8a-3ca4-894e-db77e160355e",
    ] {
        assert_eq!(refusal(send().status_callback(url)).await, None, "{url}");
    }
}

#[tokio::test]
async fn every_url_of_every_request_is_checked_alike() {
    let local = "http://localhost:8080/x";
    let call = |url| PlaceCall::new(number(TO), number(FROM), url);
    assert!(refusal(call(TwimlUrl::new(local))).await.is_some());
    let fallback = TwimlUrl::new("https://clinic.example/x").fallback_url(local);
    assert!(refusal(call(fallback)).await.is_some());
    let own = TwimlUrl::new("https://clinic.example/4155550123");
    assert!(refusal(call(own)).await.unwrap().contains(OWN));
    let recorded = call(TwimlUrl::new("https://clinic.example/x")).recording_status_callback(local);
    assert!(refusal(recorded).await.is_some());
    let application = UpdateApplication::new("AP00000000000000000000000000000001".parse().unwrap());
    assert!(
        refusal(application.clone().voice_url(local))
            .await
            .is_some()
    );
    assert_eq!(refusal(application.voice_url("")).await, None);
    let media =
        |url: &str| SendMessage::new(number(TO), Sender::Number(number(FROM)), Media::new(url));
    assert!(refusal(media(local)).await.is_some());
    assert_eq!(refusal(media("https://clinic.example/x.png")).await, None);
    let whatsapp = Recipient::WhatsApp(number(TO));
    let text = SendMessage::new(whatsapp, Sender::Number(number(FROM)), "Hello")
        .status_callback("https://clinic.example/14155550123");
    assert!(refusal(text).await.unwrap().contains(OWN));
}

#[tokio::test]
async fn a_sandbox_on_loopback_accepts_loopback_urls() {
    let local = || send().status_callback("http://127.0.0.1:8080/cb");
    for (base, sent) in [
        ("http://127.0.0.1:1", true),
        ("http://localhost:1", true),
        ("https://[::1]:1", true),
        ("https://gateway.clinic.example", false),
    ] {
        let tune = |client: ClientBuilder| client.base_url(base);
        assert_eq!(refusal_by(tune, local()).await.is_none(), sent, "{base}");
    }
}

/// Twilio's connection overrides are in the fragment.
#[tokio::test]
async fn connection_overrides_are_sent() {
    let url = "https://hooks.example/cb?id=visit-4711#rc=2&rp=5xx,ct,rt";
    let recorder = Recorder::refusing();
    let client = recorder.client(Delivery::Live);
    client
        .execute(send().status_callback(url))
        .await
        .unwrap_err();
    let [sent] = recorder.take().try_into().ok().unwrap();
    let callback = "StatusCallback=https%3A%2F%2Fhooks.example%2Fcb%3Fid%3Dvisit-4711\
                    %23rc%3D2%26rp%3D5xx%2Cct%2Crt";
    assert!(sent.body.contains(callback), "{}", sent.body);
}
