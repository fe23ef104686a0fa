//! Lists in the tests that must be complete, compared with the source.
//!
//! - Every request is in the catalogue in `operations`.
//! - Every model is tested with damaged fields.
//! - Every open enum is tested with unknown values.
//! - Every module page of the client has an example.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use clinspark_twilio::client::Request;
use proptest::prelude::*;

use crate::operations::{Operation, Visit};

pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Returns the names that a macro declares in a folder of the source, each with its module.
///
/// Of `model! { Message {` the name is `Message`.
fn declared(folder: &Path, call: &str) -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    for file in files(folder) {
        let text = fs::read_to_string(&file).unwrap();
        let below = file.strip_prefix(source()).unwrap();
        let module = below.iter().next().unwrap().to_string_lossy().into_owned();
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            if line != call {
                continue;
            }
            let is_name = |line: &&str| !line.starts_with("    ///") && !line.starts_with("    #");
            let name = lines.find(is_name).unwrap().trim_start();
            let name = name.strip_prefix("pub enum ").unwrap_or(name);
            let name = name.split(|c: char| !c.is_alphanumeric()).next().unwrap();
            found.insert((module.clone(), name.to_owned()));
        }
    }
    assert!(
        !found.is_empty(),
        "no file contains {call}: was the macro renamed?"
    );
    found
}

fn declared_in_client(call: &str) -> BTreeSet<String> {
    let found = declared(&source().join("client"), call);
    found.into_iter().map(|(_, name)| name).collect()
}

/// Returns the names of the requests in `request!` and `create_and_update!`.
///
/// Of `    SendMessage => Message {` the name is `SendMessage`.
fn declared_requests() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for file in files(&source().join("client/resources")) {
        let text = fs::read_to_string(&file).unwrap();
        let heads = text.lines().filter(|line| line.ends_with(" {"));
        let names = heads.filter_map(|head| head.strip_prefix("    ")?.split_once(" => "));
        found.extend(
            names
                .map(|(name, _)| name.to_owned())
                .filter(|name| name.starts_with(char::is_uppercase)),
        );
    }
    found
}

#[derive(Default)]
struct Names(BTreeSet<String>);

impl Visit for Names {
    async fn operation<R: Request>(&mut self, operation: Operation, _: R) {
        self.0.insert(operation.name.to_owned());
    }
}

#[tokio::test]
async fn every_request_is_in_the_catalogue() {
    let mut catalogue = Names::default();
    crate::operations::every(&mut catalogue).await;
    assert_eq!(catalogue.0, declared_requests());
}

#[test]
fn every_model_is_read_with_damaged_fields() {
    let tests = [
        include_str!("../client/resources.rs"),
        include_str!("../client/resource_models.rs"),
    ]
    .concat();
    let models = declared_in_client("model! {");
    let parts = declared_in_client("part! {");
    for name in models.iter().chain(&parts) {
        let call = format!("reads_damaged_fields::<{name}>(");
        assert!(
            tests.contains(&call),
            "no file of tests/client contains {call}"
        );
    }
}

#[test]
fn every_module_page_of_the_client_has_an_example() {
    let client = source().join("client");
    for file in files(&client) {
        let text = fs::read_to_string(&file).unwrap();
        let is_page = file.parent().unwrap() == client || file.ends_with("mod.rs");
        if is_page && text.lines().any(|line| line == "request! {") {
            assert!(
                text.contains("\n//! ```"),
                "{} has no example",
                file.display()
            );
        }
    }
}

/// Reads a value. Returns its text, and `true` if the open enum knows the value.
type Reader = fn(&str) -> (String, bool);

macro_rules! vocabularies {
    ($($($part:ident)::+),+ $(,)?) => {
        /// Open enums, each with its module and name.
        const VOCABULARIES: &[(&str, Reader)] = &[$(
            (stringify!($($part)::+), |text| {
                let word = clinspark_twilio::$($part)::+::from(text);
                let json = serde_json::to_string(&word).unwrap();
                assert_eq!(serde_json::from_str::<String>(&json).unwrap(), word.as_str());
                let back: clinspark_twilio::$($part)::+ = serde_json::from_str(&json).unwrap();
                assert_eq!(back, word);
                let known = clinspark_twilio::$($part)::+::KNOWN.contains(&word);
                (word.to_string(), known)
            }),
        )+];
    };
}

vocabularies![
    client::a2p::BrandStatus,
    client::a2p::CampaignStatus,
    client::a2p::IdentityStatus,
    client::a2p::VettingProvider,
    client::accounts::AccountStatus,
    client::accounts::AccountType,
    client::alerts::LogLevel,
    client::calls::MachineDetection,
    client::conferences::ConferenceStatus,
    client::conferences::ParticipantStatus,
    client::consents::ConsentSource,
    client::consents::ConsentStatus,
    client::lookups::LineType,
    client::lookups::LookupPackage,
    client::lookups::ValidationError,
    client::messages::AddressRetention,
    client::messages::ContentRetention,
    client::messages::FeedbackOutcome,
    client::messages::RiskCheck,
    client::messages::TrafficType,
    client::recordings::PauseBehavior,
    client::recordings::RecordingCommand,
    client::services::ScanMessageContent,
    client::toll_free::TollfreeVerificationStatus,
    client::transcriptions::RecordingTranscriptionStatus,
    types::AnsweredBy,
    types::CallDirection,
    types::CallStatus,
    types::MessageDirection,
    types::MessageStatus,
    types::RecordingChannels,
    types::RecordingTrack,
    webhook::ConferenceEndReason,
    webhook::ConferenceStatusEvent,
    webhook::DebuggerLevel,
    webhook::DialCallStatus,
    webhook::OptOutType,
    webhook::ParticipantLeaveReason,
    webhook::PaymentErrorType,
    webhook::UsedPaymentMethod,
    webhook::PaymentResult,
    webhook::PaymentStep,
    webhook::QueueResult,
    types::RecordingSource,
    types::RecordingStatus,
    webhook::SessionStatus,
    webhook::SiprecEvent,
    webhook::StirVerstat,
    webhook::StreamEvent,
    webhook::TranscriptionStatus,
    webhook::TranscriptionTrack,
    webhook::VirtualAgentStatus,
    webhook::websocket::relay::CallType,
    webhook::websocket::relay::InfoName,
    webhook::websocket::stream::MediaTrack,
];

#[test]
fn every_vocabulary_is_listed() {
    let listed: BTreeSet<(String, String)> = VOCABULARIES
        .iter()
        .map(|(path, _)| {
            // `stringify!` may write spaces around `::`.
            let mut parts = path.split("::").map(|part| part.trim().to_owned());
            (parts.next().unwrap(), parts.last().unwrap())
        })
        .collect();
    assert_eq!(listed, declared(&source(), "open_enum! {"));
}

proptest! {
    #[test]
    fn every_vocabulary_keeps_unknown_values(text in "\\PC{0,40}") {
        for (path, read) in VOCABULARIES {
            prop_assert_eq!(read(&text).0, text.clone(), "{}", path);
            let newer = format!("~{text}");
            prop_assert_eq!(read(&newer), (newer, false), "{}", path);
        }
    }
}
