//! The provision example records how to undo its changes, and never replaces an earlier record.

use clinspark_twilio::clinspark::Setup;
use clinspark_twilio::clinspark::{Settings, Undo};
use clinspark_twilio::phone::E164;
use clinspark_twilio::sandbox::Sandbox;

#[path = "../../examples/provision.rs"]
#[expect(dead_code, reason = "its `main` is not called here")]
mod example;

#[tokio::test]
async fn an_earlier_record_is_never_replaced() {
    let twilio = Sandbox::start().await.unwrap();
    let number = E164::parse("+61255501234").unwrap();
    let owned = twilio.add_number(number);
    let settings = Settings::builder()
        .domain("demo")
        .account_sid(twilio.account_sid().as_str())
        .auth_token(twilio.auth_token().expose())
        .number(number.as_str())
        .voice_path("/hooks/voice")
        .call_status_path("/hooks/call-status")
        .message_path("/hooks/message")
        .message_status_path("/hooks/message-status")
        .delivery("off");
    let settings = settings.build().unwrap();
    let messenger = settings
        .messenger_builder()
        .client(|client| client.base_url(twilio.base_url()))
        .build()
        .unwrap();
    let setup = Setup::new(&settings, messenger.client());
    let file = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join(format!("undo-{}.json", std::process::id()));
    let _ = std::fs::remove_file(&file);
    let name = file.to_str().unwrap();

    example::apply(setup, Some(name)).await.unwrap();
    let record = std::fs::read(&file).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "the record contains the account's URLs");
    }
    // Nothing to change: the record stays unchanged.
    example::apply(setup, Some(name)).await.unwrap();
    assert_eq!(std::fs::read(&file).unwrap(), record);
    // Something to change: without a new file for the record, nothing is changed.
    let unbound = [("SmsApplicationSid", "")];
    twilio.configure_number(owned, &unbound).unwrap();
    let before = twilio.numbers();
    let refused = example::apply(setup, Some(name)).await;
    let refused = refused.unwrap_err().to_string();
    assert!(refused.contains("already exists"), "{refused}");
    assert_eq!(twilio.numbers(), before);
    assert_eq!(std::fs::read(&file).unwrap(), record);

    example::apply(setup, None).await.unwrap();
    let undo: Undo = serde_json::from_slice(&record).unwrap();
    setup.undo(&undo).await.unwrap();
    assert!(twilio.applications().is_empty());
    std::fs::remove_file(&file).unwrap();
}
