//! A message that still holds a merge tag is refused before any gate.

use clinspark_twilio::client::messages::{ContentTemplate, Media, SendMessage};
use clinspark_twilio::client::testing::FakeTransport;
use clinspark_twilio::messenger::ErrorKind;
use clinspark_twilio::phone::E164;
use clinspark_twilio::types::ContentSid;

use crate::{MESSAGE_JSON, TYPED, VOLUNTEER, messenger, settings, transport_replying};

#[tokio::test]
async fn an_unfilled_merge_tag_is_refused_and_named() {
    let transport = FakeTransport::new();
    let clinic = messenger(settings(), &transport);
    for (body, named) in [
        ("Hello {{name}}", "the merge tag {{name}};"),
        (
            "Hello {{ visit.date }}, bye",
            "the merge tag {{visit.date}};",
        ),
        ("{{1}}", "the merge tag {{1}};"),
        // What may be a value is not quoted.
        ("{{Ann Example}}", "a merge tag {{...}};"),
        ("{{14155550123}}", "a merge tag {{...}};"),
        ("{{#if x}}", "a merge tag {{...}};"),
        ("{{}}", "a merge tag {{...}};"),
    ] {
        let error = clinic.text(TYPED, body).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::MergeTag, "{body}");
        assert!(!error.is_retryable(), "{body}");
        let text = format!("{error} {error:?}");
        assert!(error.to_string().contains(named), "{text}");
        assert!(!text.contains("Ann") && !text.contains("0123"), "{text}");
    }
    let sid = ContentSid::parse("HX00000000000000000000000000000001").unwrap();
    let template = ContentTemplate::new(sid).variable("1", "{{name}}");
    let media = Media::new("https://clinic.example/map.png").body("{{name}}");
    let to = E164::parse(VOLUNTEER).unwrap();
    for message in [
        SendMessage::new(to, clinic.sender().clone(), template),
        SendMessage::new(to, clinic.sender().clone(), media),
    ] {
        let error = clinic.send(message).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::MergeTag);
    }
    assert!(transport.requests().is_empty());
}

#[tokio::test]
async fn other_braces_and_permitted_ones_are_sent() {
    for body in ["{name}", "Hello {{name", "}} {{", "{ {name} }"] {
        let transport = transport_replying(MESSAGE_JSON);
        let clinic = messenger(settings(), &transport);
        clinic.text(TYPED, body).await.unwrap();
        assert_eq!(transport.requests().len(), 1, "{body}");
    }
    let transport = transport_replying(MESSAGE_JSON);
    let clinic = messenger(settings(), &transport);
    let text = clinic.text(TYPED, "Type {{help}}.").literal_braces();
    text.await.unwrap();
    let body = transport.requests()[0].parameter("Body");
    assert_eq!(body.as_deref(), Some("Type {{help}}."));
}
