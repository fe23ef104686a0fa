//! Numbers that cost extra, or that no person answers, are neither texted nor called by default.

use clinspark_twilio::client::calls::PlaceCall;
use clinspark_twilio::client::messages::SendMessage;
use clinspark_twilio::client::testing::FakeTransport;
use clinspark_twilio::messenger::{Error, ErrorKind, Messenger};
use clinspark_twilio::phone::{E164, NumberKind, NumberKinds};
use phonenumber::metadata::{DATABASE, Descriptor};

use crate::{
    BODY, CALL_JSON, MESSAGE_JSON, VOLUNTEER, builder, messenger, settings, transport_replying,
    twiml,
};

async fn refusals(clinic: &Messenger, to: E164) -> [Error; 2] {
    let from = clinic.number().unwrap();
    let sender = clinic.sender().clone();
    let texted = clinic.send(SendMessage::new(to, sender, BODY)).await;
    let called = clinic.place(PlaceCall::new(to, from, twiml())).await;
    [texted.unwrap_err(), called.unwrap_err()]
}

/// Google's own example of each costly kind in each country.
fn examples() -> Vec<E164> {
    let mut examples = Vec::new();
    for meta in DATABASE.iter() {
        let all = meta.descriptors();
        let costly = [
            all.premium_rate(),
            all.shared_cost(),
            all.pager(),
            all.voicemail(),
        ];
        let example = |kind: &Descriptor| kind.example().map(str::to_owned);
        for national in costly.into_iter().flatten().filter_map(example) {
            let text = format!("+{}{national}", meta.country_code());
            examples.extend(E164::parse(&text));
        }
    }
    for satellite in [
        "+870773111632",
        "+881612345678",
        "+8823421234",
        "+883510012345",
    ] {
        examples.push(E164::parse(satellite).unwrap());
    }
    examples
}

#[tokio::test]
async fn costly_numbers_of_every_country_are_refused() {
    let transport = FakeTransport::new();
    let clinic = messenger(settings(), &transport);
    let mut counts = std::collections::BTreeMap::new();
    for to in examples() {
        for (error, setting) in refusals(&clinic, to)
            .await
            .into_iter()
            .zip(["text_kinds", "call_kinds"])
        {
            assert_eq!(error.kind(), ErrorKind::NumberKind, "{error}");
            let kind = error.number_kind().unwrap();
            let message = error.to_string();
            assert!(message.contains(kind.as_str()), "{message}");
            assert!(message.ends_with(setting), "{message}");
            let shown = format!("{message} {error:?}");
            assert!(!shown.contains(&to.as_str()[4..]), "{shown}");
            *counts.entry(kind.as_str()).or_insert(0) += 1;
        }
    }
    let kinds: Vec<_> = counts.keys().copied().collect();
    assert_eq!(
        kinds,
        [
            "pager",
            "premium-rate",
            "satellite",
            "shared-cost",
            "voicemail"
        ],
        "{counts:?}"
    );
    assert!(counts.values().sum::<usize>() > 300, "{counts:?}");
    assert!(transport.requests().is_empty());
}

#[tokio::test]
async fn a_number_in_no_plan_is_refused() {
    let transport = FakeTransport::new();
    let clinic = messenger(settings(), &transport);
    for to in ["+61000000000", "+19995550123", "+99912345678"] {
        for error in refusals(&clinic, E164::parse(to).unwrap()).await {
            assert_eq!(error.kind(), ErrorKind::Number, "{to}");
        }
    }
    assert!(transport.requests().is_empty());
}

#[tokio::test]
async fn the_kinds_are_set_for_texts_and_calls_apart() {
    let landline = "+61255501298";
    let premium = "+611900123456";
    let of = |text: &str, call: &str| settings().text_kinds(text).call_kinds(call);
    for (settings, to, texted, called) in [
        (settings(), landline, true, true),
        (of("mobiles", "fixed-line, mobile"), landline, false, true),
        (of("mobiles", "fixed-line, mobile"), VOLUNTEER, true, true),
        (of("mobiles,premium-rate", "mobiles"), premium, true, false),
    ] {
        let to = E164::parse(to).unwrap();
        let clinic = |transport| messenger(settings.clone(), transport);
        let text_transport = transport_replying(MESSAGE_JSON);
        let text_clinic = clinic(&text_transport);
        let sender = text_clinic.sender().clone();
        let text = text_clinic.send(SendMessage::new(to, sender, BODY));
        assert_eq!(text.await.is_ok(), texted);
        let call_transport = transport_replying(CALL_JSON);
        let call_clinic = clinic(&call_transport);
        let from = call_clinic.number().unwrap();
        let call = call_clinic.place(PlaceCall::new(to, from, twiml()));
        assert_eq!(call.await.is_ok(), called);
    }
}

#[tokio::test]
async fn the_messenger_sets_kinds_over_the_settings() {
    let transport = transport_replying(MESSAGE_JSON);
    let clinic = builder(settings(), &transport)
        .text_kinds(NumberKinds::NONE.with(NumberKind::FixedLine))
        .call_kinds(NumberKinds::NONE)
        .build()
        .unwrap();
    let to = E164::parse(VOLUNTEER).unwrap();
    for error in refusals(&clinic, to).await {
        assert_eq!(error.number_kind(), Some(NumberKind::Mobile));
    }
    assert!(transport.requests().is_empty());
}

#[test]
fn kinds_that_do_not_exist_are_refused_without_repeating_them() {
    for text in ["mobile phones", "mobiles;fixed-line", ",", "+61491570156"] {
        let error = settings().text_kinds(text).build().unwrap_err();
        let message = error.to_string();
        assert!(
            message.starts_with(
                "text_kinds (CLINSPARK_TEXT_KINDS) cannot be used: write mobiles, or a \
                 comma-separated list of: fixed-line, mobile,"
            ),
            "{message}"
        );
        assert!(!message.contains("491570156"));
    }
    let read = settings().text_kinds("mobiles").build().unwrap();
    assert_eq!(read.text_kinds(), NumberKinds::MOBILE);
    assert_eq!(read.call_kinds(), NumberKinds::ORDINARY);
}
