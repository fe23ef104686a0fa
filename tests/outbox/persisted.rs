//! Persisted forms: samples of each version are read for ever.

use std::fmt::Write as _;

use clinspark_twilio::outbox::{
    Batch, BatchId, BatchState, MessageState, Proof, ProofKey, SenderKey,
};
use clinspark_twilio::phone::E164;

use super::support::{batch, template, template_with};

const VERSION_1: &str = concat!(
    r#"{"v":"1","template":"reminder","version":1,"digest":"DIGEST","#,
    r#""purpose":"visit reminder"}"#
);

fn read(definition: &str) -> Option<Batch> {
    let id = BatchId::parse("reminders").unwrap();
    Batch::from_persisted(id, SenderKey::parse("clinic-12").unwrap(), definition)
}

#[test]
fn a_definition_of_version_1_is_read_for_ever() {
    let stored = VERSION_1.replace("DIGEST", &template().digest());
    assert_eq!(batch().to_persisted(), stored);
    let read = read(&stored).unwrap();
    assert_eq!(read, batch());
    assert_eq!((read.template(), read.template_version()), ("reminder", 1));
    assert_eq!(read.purpose(), "visit reminder");
    assert!(read.is_of(&template()));
    assert!(!read.is_of(&template_with("Hi {{ first_name }}, your visit is today.")));
}

#[test]
fn a_newer_or_damaged_definition_is_refused() {
    let stored = batch().to_persisted();
    for damaged in [
        stored.replace(r#""v":"1""#, r#""v":"2""#),
        stored.replace(r#""v":"1","#, ""),
        stored.replace(r#""version":1"#, r#""version":"one""#),
        stored.replace(r#""purpose":"#, r#""why":"#),
        String::new(),
        "null".to_owned(),
    ] {
        assert_eq!(read(&damaged), None, "{damaged}");
    }
}

#[test]
fn states_have_the_names_that_stores_hold() {
    let names = MessageState::ALL.map(MessageState::as_str);
    let expected = [
        "queued",
        "paused",
        "sending",
        "sent",
        "refused",
        "expired",
        "cancelled",
        "held",
    ];
    assert_eq!(names, expected);
    assert_eq!(
        names.map(|name| MessageState::parse(name).unwrap()),
        MessageState::ALL
    );
    for name in ["open", "paused", "stopped", "cancelled"] {
        assert_eq!(BatchState::parse(name).unwrap().as_str(), name);
    }
    assert_eq!(
        (MessageState::parse("Sent"), BatchState::parse("")),
        (None, None)
    );
}

/// Computed by Python's hmac: the first 16 bytes of `HMAC-SHA256(key, b"number\0" + to + b"\0")`,
/// then those of `HMAC-SHA256(key, b"text\0" + to + b"\0" + body)`.
#[test]
fn a_proof_has_the_bytes_that_stores_hold() {
    let key = ProofKey::new(std::array::from_fn(|at| u8::try_from(at).unwrap()));
    let to = E164::parse("+14155550123").unwrap();
    let proof = key.proof(to, "Hi Ann, it's tomorrow.");
    let mut hex = String::new();
    for byte in proof.as_bytes() {
        write!(hex, "{byte:02x}").unwrap();
    }
    assert_eq!(
        hex,
        "26fab5917ab5581628ae05544c08cd560697d9b93e5e66402645e79fc7d8cc6b"
    );
    assert_eq!(Proof::from_bytes(proof.as_bytes()), Some(proof));
    assert_eq!(Proof::from_bytes(&[0; 31]), None);
    // Twilio's smart encoding changes the apostrophe, and the text stays the same.
    assert_eq!(key.proof(to, "Hi Ann, it\u{2019}s tomorrow."), proof);
    let other = key.proof(to, "Hi Bob, it's tomorrow.");
    assert!(other != proof && other.has_same_number(&proof));
    let elsewhere = key.proof(
        E164::parse("+14155550124").unwrap(),
        "Hi Ann, it's tomorrow.",
    );
    assert!(!elsewhere.has_same_number(&proof));
    assert!(
        !ProofKey::new([1; 32])
            .proof(to, "Hi Ann, it's tomorrow.")
            .has_same_number(&proof)
    );
}
