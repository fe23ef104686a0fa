//! Undoing the changes of set-up.

use clinspark_twilio::client::applications::CreateApplication;
use clinspark_twilio::client::numbers::UpdateIncomingPhoneNumber;
use clinspark_twilio::clinspark::Undo;
use clinspark_twilio::phone::E164;

use super::{Fixture, with_foreign_app};

#[tokio::test]
async fn undo_deletes_a_created_app_unless_a_number_uses_it() {
    let fixture = Fixture::new().await;
    let before = fixture.state();
    let done = fixture.provision().await.unwrap();
    fixture.undo(&done.undo).await.unwrap();
    assert_eq!(fixture.state(), before);
    // Undone twice, nothing happens.
    fixture.undo(&done.undo).await.unwrap();
    assert_eq!(fixture.state(), before);

    let done = fixture.provision().await.unwrap();
    let second = fixture
        .twilio
        .add_number(E164::parse("+61255509999").unwrap());
    let bind = UpdateIncomingPhoneNumber::new(second).voice_application_sid(done.application);
    fixture.client().execute(bind).await.unwrap();
    let error = fixture.undo(&done.undo).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "a number is bound to the TwiML App, so it was not deleted; unbind the number first"
    );
    assert_eq!(fixture.twilio.applications().len(), 1);
}

#[tokio::test]
async fn an_undo_record_serializes_and_displays_no_secret() {
    let (fixture, old) = with_foreign_app().await;
    let before = fixture.state();
    let plan = fixture.plan().await.unwrap();
    let done = fixture.apply(&plan).await.unwrap();
    for shown in [
        format!("{plan}"),
        format!("{plan:?}"),
        format!("{}", done.undo),
        format!("{done:?}"),
    ] {
        assert!(!shown.contains("hush"), "{shown}");
        assert!(!shown.contains("255501234"), "{shown}");
    }
    let (account, service) = (fixture.twilio.account_sid(), fixture.service());
    let number = done.number;
    let said = done.undo.to_string();
    assert_eq!(
        said.lines().take(2).collect::<Vec<_>>(),
        [
            format!("to revert in account {account}:"),
            format!(
                "  1. let the Messaging Service {service} send replies to its own URL instead of deferring"
            )
        ]
    );
    assert!(said.contains(&format!(
        "  2. bind the number {number} to voice by {old}, messaging by no app\n  3. change the \
         TwiML App {old}\n       VoiceUrl: https://acme.clinspark.com/hooks/voice#rc=2&rp=5xx,ct,rt -> \
         https://old.example.com/voice?[redacted]\n"
    )));

    let stored = serde_json::to_string(&done.undo).unwrap();
    let read: Undo = serde_json::from_str(&stored).unwrap();
    assert_eq!(read, done.undo);
    fixture.undo(&read).await.unwrap();
    assert_eq!(fixture.state(), before);

    let other = Fixture::new().await;
    let error = other.undo(&read).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the record is of another account; use the settings and the client of that account"
    );
}

#[tokio::test]
async fn a_number_that_another_user_rebound_is_not_reverted() {
    let (fixture, old) = with_foreign_app().await;
    let done = fixture.provision().await.unwrap();
    let other = fixture
        .client()
        .execute(CreateApplication::new())
        .await
        .unwrap()
        .sid;
    let bind = UpdateIncomingPhoneNumber::new(done.number).voice_application_sid(other);
    fixture.client().execute(bind).await.unwrap();
    let error = fixture.undo(&done.undo).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "a resource has been changed since set-up, so it was not reverted; check it in Twilio's console"
    );
    let number = fixture.twilio.number(done.number).unwrap();
    assert_eq!(number.voice_application_sid(), Some(other));
    assert_eq!(number.sms_application_sid(), Some(old));
}

#[tokio::test]
async fn a_created_app_that_another_user_changed_is_not_deleted() {
    let fixture = Fixture::new().await;
    let done = fixture.provision().await.unwrap();
    let change = [("VoiceUrl", "https://other.example.com/voice")];
    let application = done.application;
    fixture
        .twilio
        .configure_application(application, &change)
        .unwrap();
    let error = fixture.undo(&done.undo).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the TwiML App has been changed since set-up, so it was not deleted; delete it in Twilio's console if it is not needed"
    );
    assert_eq!(fixture.twilio.applications().len(), 1);
}

/// What is gone altogether does not keep the rest from being put back.
#[tokio::test]
async fn undo_skips_deleted_resources() {
    let fixture = Fixture::new().await;
    let done = fixture.provision().await.unwrap();
    let twilio = &fixture.twilio;
    twilio.remove_service(fixture.service());
    twilio.remove_number(twilio.numbers()[0].sid);
    fixture.undo(&done.undo).await.unwrap();
    assert!(twilio.applications().is_empty());

    let (fixture, old) = with_foreign_app().await;
    let done = fixture.provision().await.unwrap();
    fixture.twilio.remove_application(old);
    let number = fixture.twilio.numbers()[0].sid;
    fixture.twilio.remove_number(number);
    fixture.undo(&done.undo).await.unwrap();
}

/// A record that was stored by an earlier version of the library decodes for ever.
#[test]
fn a_stored_record_of_version_1_decodes() {
    let stored = include_str!("../../data/undo_v1.json");
    let undo: Undo = serde_json::from_str(stored).unwrap();
    assert_eq!(
        undo.to_string(),
        "\
to revert in account AC00000000000000000000000000000001:
  1. let the Messaging Service MG00000000000000000000000000000005 send replies to its own URL instead of deferring
  2. bind the number PN00000000000000000000000000000004 to voice by no app, messaging by AP00000000000000000000000000000003
  3. change the TwiML App AP00000000000000000000000000000003
       SmsUrl: https://acme.clinspark.com/hooks/message -> https://old.example.com/sms
  4. delete the TwiML App AP00000000000000000000000000000002"
    );
    let stored: serde_json::Value = serde_json::from_str(stored).unwrap();
    assert_eq!(serde_json::to_value(&undo).unwrap(), stored);
}

#[test]
fn a_record_of_another_version_is_refused_by_its_number() {
    let stored = include_str!("../../data/undo_v1.json");
    let newer = stored.replace("\"version\": 1", "\"version\": 2");
    let error = serde_json::from_str::<Undo>(&newer).unwrap_err();
    assert!(error.to_string().contains("version 2"), "{error}");
    let without = stored.replace("\"version\": 1,", "");
    assert!(serde_json::from_str::<Undo>(&without).is_err());
}
