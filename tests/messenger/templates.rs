//! Texts from a template pass every gate, and none leaves with a value that is missing.
#![cfg(feature = "templates")]

use clinspark_twilio::client::testing::{FakeTransport, Reply};
use clinspark_twilio::messenger::ErrorKind;
use clinspark_twilio::template::{
    Catalogue, Locale, MergeData, MergeErrorKind, Sensitivity, Tag, Template,
};

use crate::{MESSAGE_JSON, TYPED, messenger, settings};

fn reminder() -> Template {
    let name = Tag::text("first_name", Sensitivity::Personal).unwrap();
    Template::builder("reminder", 1)
        .requires("appointment")
        .variant(Locale::parse("en").unwrap(), "Hi {{ first_name }}")
        .build(&Catalogue::new([name]).unwrap())
        .unwrap()
}

/// Returns a template, and data that fill it.
pub(crate) fn reminder_for_ann() -> (Template, MergeData) {
    let data = MergeData::new()
        .value("first_name", "Ann")
        .fact("appointment");
    (reminder(), data)
}

#[tokio::test]
async fn a_text_of_a_template_is_sent_as_it_was_rendered() {
    let transport = FakeTransport::new().reply(Reply::json(201, MESSAGE_JSON));
    let clinic = messenger(settings(), &transport);
    let (template, data) = reminder_for_ann();
    clinic.text_template(TYPED, &template, &data).await.unwrap();
    let [request] = &transport.requests()[..] else {
        panic!()
    };
    assert_eq!(request.parameter("Body").as_deref(), Some("Hi Ann"));
}

#[tokio::test]
async fn a_recipient_without_a_value_gets_no_text() {
    let transport = FakeTransport::new();
    let clinic = messenger(settings(), &transport);
    for (data, kind) in [
        (
            MergeData::new().fact("appointment"),
            MergeErrorKind::MissingValue,
        ),
        (
            MergeData::new().value("first_name", "Ann"),
            MergeErrorKind::MissingRequirement,
        ),
        // Another system did not fill it.
        (
            MergeData::new()
                .value("first_name", "{{ x }}")
                .fact("appointment"),
            MergeErrorKind::InvalidValue,
        ),
    ] {
        let error = clinic
            .text_template(TYPED, &reminder(), &data)
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Template);
        assert_eq!(
            error
                .merge()
                .map(clinspark_twilio::template::MergeError::kind),
            Some(kind)
        );
        assert!(!error.is_retryable() && !format!("{error:?}").contains("Ann"));
    }
    let whole = MergeData::new()
        .value("first_name", "Ann")
        .fact("appointment");
    let error = clinic
        .text_template("12", &reminder(), &whole)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Number);
    assert!(transport.requests().is_empty());
}
