//! Settings and messenger that start on the sandbox.

use clinspark_twilio::client::Delivery;
use clinspark_twilio::messenger::Messenger;
use clinspark_twilio::phone::E164;
use clinspark_twilio::sandbox::{Sandbox, SandboxErrorKind};

#[tokio::test]
async fn settings_of_a_sandbox_are_its_own() {
    let sandbox = Sandbox::start().await.unwrap();
    let settings = sandbox.settings().build().unwrap();
    assert_eq!(settings.account_sid(), sandbox.account_sid());
    assert_eq!(settings.auth_token(), sandbox.auth_token());
    assert_eq!(settings.base_url(), Some(sandbox.base_url()));
    assert_eq!(*settings.delivery(), Delivery::Live);
    // An account without a number gets one, once.
    let owned: Vec<_> = sandbox.numbers().iter().map(|owned| owned.number).collect();
    assert_eq!(settings.number(), Some(owned[0]));
    assert_eq!(owned, [E164::parse("+14155550100").unwrap()]);
    let region = settings.normalizer().default_region().unwrap();
    assert_eq!(region.as_str(), "US");
    sandbox.settings().build().unwrap();
    assert_eq!(sandbox.numbers().len(), 1);

    // The first number of an account, and its country.
    let sandbox = Sandbox::start().await.unwrap();
    for number in ["+61255501234", "+14155550100"] {
        sandbox.add_number(E164::parse(number).unwrap());
    }
    let settings = sandbox.settings().build().unwrap();
    assert_eq!(settings.number().unwrap().as_str(), "+61255501234");
    let region = settings.normalizer().default_region().unwrap();
    assert_eq!(region.as_str(), "AU");
}

#[tokio::test]
async fn a_messenger_and_its_sandbox_start_in_one_line() {
    let clinic = E164::parse("+61255501234").unwrap();
    let (messenger, sandbox) = Messenger::in_sandbox(clinic).await.unwrap();
    let volunteer = sandbox.phone(E164::parse("+61491570156").unwrap());
    messenger
        .text("0491 570 156", "See you at 9:00.")
        .await
        .unwrap();
    let text = volunteer.next_text().await.unwrap();
    assert_eq!(
        (text.from, text.body.expose().as_str()),
        (clinic.into(), "See you at 9:00.")
    );
    sandbox.wait_idle().await.unwrap();
    assert!(sandbox.alerts().is_empty());

    // Each has an account of its own.
    let (_, other) = Messenger::in_sandbox(clinic).await.unwrap();
    assert_ne!(other.account_sid(), sandbox.account_sid());
    // The beginning of an Australian number.
    let part = E164::parse("+612555012").unwrap();
    let error = Messenger::in_sandbox(part).await.unwrap_err();
    assert_eq!(error.kind(), SandboxErrorKind::InvalidSetting);
}
