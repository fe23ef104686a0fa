//! `extra_param`, and further checks of parameters before a request is sent.

use std::time::{Duration, SystemTime};

use clinspark_twilio::client::applications::UpdateApplication;
use clinspark_twilio::client::calls::{InlineTwiml, PlaceCall};
use clinspark_twilio::client::messages::{Media, SendMessage, Sender};
use clinspark_twilio::client::services::CreateService;
use clinspark_twilio::client::{Delivery, ErrorKind, Request};
use clinspark_twilio::types::{ApplicationSid, MessagingServiceSid};

use crate::support::{FROM, FixedClock, Recorder, TO, assert_debug_clean, number, send};

/// Returns the form that the client sends, or the error message of its refusal.
async fn form(request: impl Request) -> Result<String, String> {
    form_at(SystemTime::now(), request).await
}

async fn form_at(now: SystemTime, request: impl Request) -> Result<String, String> {
    let recorder = Recorder::refusing();
    let client = recorder
        .builder(Delivery::Live)
        .clock(FixedClock::at(now))
        .build()
        .unwrap();
    let error = client.execute(request).await.err().unwrap();
    assert_debug_clean(&error);
    if error.kind() == ErrorKind::Connect {
        let [seen] = recorder.take().try_into().ok().unwrap();
        return Ok(seen.body);
    }
    assert_eq!(error.kind(), ErrorKind::Invalid);
    assert!(recorder.take().is_empty());
    let text = error.to_string();
    Err(text.strip_suffix("; nothing was sent").unwrap().to_owned())
}

#[tokio::test]
async fn an_extra_parameter_is_sent_unchanged() {
    let request = send()
        .extra_param("Tags", r#"{"PLANTED": "a&b"}"#)
        // Twice, because Twilio takes lists as repeated parameters.
        .extra_param("Tags", "2");
    assert_debug_clean(&request);
    let sent = form(request).await.unwrap();
    assert!(
        sent.ends_with("&Tags=%7B%22PLANTED%22%3A+%22a%26b%22%7D&Tags=2"),
        "{sent}"
    );
}

#[tokio::test]
async fn an_extra_parameter_cannot_replace_a_parameter_of_the_request() {
    for name in [
        "To",
        "From",
        "to",
        "TO",
        "MessagingServiceSid",
        "Body",
        "MediaUrl",
        "ContentSid",
        "ContentVariables",
        "StatusCallback",
        "ApplicationSid",
        "ScheduleType",
        "SendAt",
        "ForceDelivery",
    ] {
        let service: MessagingServiceSid = "MG00000000000000000000000000000001".parse().unwrap();
        let soon = SystemTime::now() + Duration::from_secs(3600);
        let request = SendMessage::new(number(TO), service, "Hello")
            .send_at(soon)
            .extra_param(name, "+14155550199");
        assert_debug_clean(&request);
        assert_eq!(
            form(request).await.unwrap_err(),
            "SendMessage: extra_param names a parameter that the request already has: use its setter",
            "{name}"
        );
    }
    for name in [
        "Twiml",
        "Url",
        "ApplicationSid",
        "StatusCallbackEvent",
        "Method",
    ] {
        let request = PlaceCall::new(
            number(TO),
            number(FROM),
            InlineTwiml::from_xml("<Response/>"),
        );
        assert!(
            form(request.extra_param(name, "x")).await.is_err(),
            "{name}"
        );
    }
}

#[tokio::test]
async fn extra_parameters_with_malformed_names_are_refused() {
    for name in [
        "",
        " To",
        "To ",
        "To[]",
        "To\0",
        "a=b",
        "caf\u{e9}",
        "1st",
        "<",
        "+14155550123",
    ] {
        let refusal = form(send().extra_param(name, "x")).await.unwrap_err();
        assert_eq!(
            refusal,
            "SendMessage: extra_param has an invalid name: Twilio's names consist of letters and digits"
        );
    }
    // Twilio's names can have a dot, and date filters end with `<` or `>`.
    for name in ["NewThing", "Parameter1.Value", "DateNew>"] {
        assert!(form(send().extra_param(name, "x")).await.is_ok(), "{name}");
    }
}

#[tokio::test]
async fn schedules_outside_of_twilios_window_are_refused() {
    let now = SystemTime::UNIX_EPOCH + Duration::from_millis(1_796_070_987_250);
    let service: MessagingServiceSid = "MG00000000000000000000000000000001".parse().unwrap();
    let day = 24 * 60 * 60;
    for (ahead, what) in [
        (Some(301), None),
        (Some(35 * day), None),
        (None, Some("more than 5 minutes ahead")),
        (Some(0), Some("more than 5 minutes ahead")),
        (Some(300), Some("more than 5 minutes ahead")),
        (Some(35 * day + 1), Some("at most 35 days ahead")),
    ] {
        let time = match ahead {
            Some(seconds) => now + Duration::from_secs(seconds),
            None => now - Duration::from_secs(1),
        };
        let request = SendMessage::new(number(TO), service, "Hello").send_at(time);
        let sent = form_at(now, request).await;
        let expected = what.map(|what| format!("SendMessage: SendAt must be {what}"));
        assert_eq!(sent.err(), expected, "{ahead:?}");
    }
}

#[tokio::test]
async fn phone_numbers_in_callbacks_and_friendly_names_are_refused() {
    let app: ApplicationSid = "AP00000000000000000000000000000001".parse().unwrap();
    for url in [
        "https://clinic.example/?to=+14155550123",
        "https://clinic.example/?to=%2B14155550123&x=1",
        "https://clinic.example/%2b61491570156/x",
    ] {
        let what = "must not contain a phone number: use an id of your own";
        assert_eq!(
            form(send().status_callback(url)).await.unwrap_err(),
            format!("SendMessage: StatusCallback {what}")
        );
        assert_eq!(
            form(UpdateApplication::new(app).sms_url(url))
                .await
                .unwrap_err(),
            format!("UpdateApplication: SmsUrl {what}")
        );
    }
    for url in [
        "https://clinic.example/?m=61491570156",
        "https://clinic.example/?m=1+2+3",
        "https://clinic.example/?m=%2B1234567",
        "https://clinic.example/?m=%2B1234567890123456",
        "https://clinic.example/?m=%E2%82%AC+",
    ] {
        assert!(form(send().status_callback(url)).await.is_ok(), "{url}");
    }
    for name in [
        "Ann +14155550123",
        "Ann +1 (415) 555-0123",
        "+61 491.570.156",
    ] {
        assert_eq!(
            form(CreateService::new(name)).await.unwrap_err(),
            "CreateService: FriendlyName must not contain a phone number: everyone in the account can read it"
        );
    }
    // Digits without a plus sign can be an ID, so they are accepted.
    for name in ["Study 14155550123", "A+ 2026", "+1-2-3"] {
        assert!(form(CreateService::new(name)).await.is_ok(), "{name}");
    }
    assert_eq!(
        form(CreateService::new("x".repeat(65))).await.unwrap_err(),
        "CreateService: FriendlyName must have at most 64 characters"
    );
    let media = Media::new("https://clinic.example/%2B14155550123.png");
    let request = SendMessage::new(number(TO), Sender::Number(number(FROM)), media);
    assert!(form(request).await.is_ok(), "media are not callbacks");
}

#[tokio::test]
async fn amounts_that_are_not_decimal_numbers_are_refused() {
    for (amount, fits) in [
        ("0.05", true),
        ("1", true),
        ("", false),
        (".5", false),
        ("1.", false),
        ("-1", false),
        ("1e3", false),
        ("1,5", false),
    ] {
        assert_eq!(
            form(send().max_price(amount)).await.is_ok(),
            fits,
            "{amount}"
        );
    }
}

#[tokio::test]
async fn async_amd_needs_a_status_callback() {
    let call = || {
        PlaceCall::new(
            number(TO),
            number(FROM),
            InlineTwiml::from_xml("<Response/>"),
        )
    };
    assert_eq!(
        form(call().async_amd(true)).await.unwrap_err(),
        "PlaceCall: AsyncAmd needs AsyncAmdStatusCallback, which receives the detection result"
    );
    let with_callback = call()
        .async_amd(true)
        .async_amd_status_callback("https://clinic.example/");
    assert!(form(with_callback).await.is_ok());
}
