//! Responses that are about another request.

use clinspark_twilio::client::calls::{FetchCall, HangUpCall, InlineTwiml, ListCalls, PlaceCall};
use clinspark_twilio::client::lookups::LookupPhoneNumber;
use clinspark_twilio::client::messages::{
    FetchMessage, ListMessages, Media, RedactMessage, SendMessage, Sender,
};
use clinspark_twilio::client::numbers::{FetchIncomingPhoneNumber, UpdateIncomingPhoneNumber};
use clinspark_twilio::client::{
    Client, Delivery, Error, ErrorKind, Outcome, Reconciled, Request, testing,
};
use clinspark_twilio::phone::{Callee, ClientIdentity, MessengerId, Recipient};
use clinspark_twilio::types::AccountSid;
use serde_json::{Value, json};

use crate::support::{
    ACCOUNT, BODY, FROM, MESSAGE, Recorder, TO, assert_clean, number, printed, send,
};

const OTHER: &str = "AC00000000000000000000000000000099";
const DIGITS: &str = "00000000000000000000000000000001";
const STRANGER: &str = "+14155550188";

async fn answered_by<R: Request>(client: &Client, request: R) -> Result<R::Output, Error> {
    let result = client.execute(request).await;
    if let Err(error) = &result {
        assert_eq!(error.kind(), ErrorKind::Decode);
        // The SID belongs to another request: it must not be recorded for this one.
        assert_eq!(*error.outcome(), unknown());
        assert!(!error.is_retryable());
        assert_clean(&printed(error));
    }
    result
}

async fn answered<R: Request>(request: R, json: Value) -> Result<R::Output, Error> {
    let client = Recorder::answering([json.to_string()]).client(Delivery::Live);
    answered_by(&client, request).await
}

fn unknown() -> Outcome {
    testing::unknown().outcome().clone()
}

fn text(to: impl Into<Recipient>) -> SendMessage {
    SendMessage::new(to, Sender::Number(number(FROM)), BODY)
}

fn call(to: impl Into<Callee>) -> PlaceCall {
    PlaceCall::new(to, number(FROM), InlineTwiml::from_xml("<Response/>"))
}

#[tokio::test]
async fn a_response_about_another_recipient_is_an_error() {
    let sent = |to: Value| json!({"sid": MESSAGE, "account_sid": ACCOUNT, "to": to});
    let phone = || Recipient::Phone(number(TO));
    let messenger = || Recipient::Messenger(MessengerId::parse("123").unwrap());
    for (asked, to, same) in [
        (phone(), json!(TO), true),
        (phone(), json!(STRANGER), false),
        (phone(), json!(format!("whatsapp:{TO}")), true),
        (phone(), json!(format!("rcs:{TO}")), true),
        (phone(), json!(format!("rcs:{STRANGER}")), false),
        (phone(), json!(format!("whatsapp:{STRANGER}")), false),
        (phone(), json!("messenger:123"), false),
        (phone(), json!("client:ann"), false),
        (
            Recipient::WhatsApp(number(TO)),
            json!(format!("whatsapp:{TO}")),
            true,
        ),
        (
            Recipient::WhatsApp(number(TO)),
            json!(format!("whatsapp:{STRANGER}")),
            false,
        ),
        (Recipient::Rcs(number(TO)), json!(TO), true),
        (messenger(), json!("messenger:123"), true),
        (messenger(), json!("messenger:124"), false),
        (messenger(), json!(TO), false),
        // Spellings of one mobile number.
        (
            Recipient::Phone(number("+5215512345678")),
            json!("+525512345678"),
            true,
        ),
        (
            Recipient::Phone(number("+5491123456789")),
            json!("+541123456789"),
            true,
        ),
        (
            Recipient::WhatsApp(number("+5511961234567")),
            json!("whatsapp:+551161234567"),
            true,
        ),
        // A missing, redacted or unreadable value is not a difference.
        (phone(), json!(null), true),
        (phone(), json!(""), true),
        (phone(), json!("+1415555XXXX"), true),
        (phone(), json!(5), true),
        (phone(), json!({}), true),
    ] {
        let result = answered(text(asked.clone()), sent(to.clone())).await;
        assert_eq!(result.is_ok(), same, "{asked:?}: {to}");
    }
    answered(send(), json!({ "sid": MESSAGE })).await.unwrap();
    let error = answered(send(), sent(json!(STRANGER))).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "SendMessage: status 200, but the response is about another person; it may have been done: \
         check before sending it again"
    );
}

#[tokio::test]
async fn a_response_about_another_callee_is_an_error() {
    let placed = |to: &str| json!({"sid": format!("CA{DIGITS}"), "to": to});
    let ann = || Callee::Client(ClientIdentity::parse("ann").unwrap());
    for (asked, to, same) in [
        (Callee::Phone(number(TO)), TO, true),
        (Callee::Phone(number(TO)), STRANGER, false),
        (Callee::Phone(number(TO)), "client:ann", false),
        (ann(), "client:ann", true),
        (ann(), "client:bob", false),
        (ann(), TO, false),
    ] {
        let result = answered(call(asked.clone()), placed(to)).await;
        assert_eq!(result.is_ok(), same, "{asked:?}: {to}");
    }
}

#[tokio::test]
async fn a_response_about_another_account_is_an_error() {
    let whose = |sid: &str| json!({"sid": MESSAGE, "account_sid": sid, "to": TO});
    answered(send(), whose(ACCOUNT)).await.unwrap();
    answered(send(), whose("")).await.unwrap();
    answered(send(), whose(OTHER)).await.unwrap_err();
    let fetch = || FetchMessage::new(MESSAGE.parse().unwrap());
    answered(fetch(), whose(OTHER)).await.unwrap_err();
    // A response to a client for a sub-account names the sub-account.
    for (sid, same) in [(OTHER, true), (ACCOUNT, false)] {
        let main = Recorder::answering([whose(sid).to_string()]).client(Delivery::Live);
        let sub = main.for_account(AccountSid::parse(OTHER).unwrap());
        assert_eq!(answered_by(&sub, send()).await.is_ok(), same, "{sid}");
    }
    // A number is transferred to another account.
    let number = json!({"sid": format!("PN{DIGITS}"), "account_sid": OTHER});
    let update = || UpdateIncomingPhoneNumber::new(format!("PN{DIGITS}").parse().unwrap());
    answered(update(), number.clone()).await.unwrap_err();
    let handed = update().extra_param("AccountSid", OTHER);
    answered(handed, number).await.unwrap();
}

#[tokio::test]
async fn a_response_about_another_sid_is_an_error() {
    let other = "00000000000000000000000000000002";
    let message = || FetchMessage::new(MESSAGE.parse().unwrap());
    answered(message(), json!({"sid": format!("SM{other}")}))
        .await
        .unwrap_err();
    // Twilio finds an MMS by both SID prefixes.
    answered(message(), json!({"sid": format!("MM{DIGITS}")}))
        .await
        .unwrap();
    let redact = RedactMessage::new(MESSAGE.parse().unwrap());
    answered(redact, json!({"sid": format!("SM{other}")}))
        .await
        .unwrap_err();
    let call = || format!("CA{DIGITS}").parse().unwrap();
    let over = json!({"sid": format!("CA{other}"), "status": "completed"});
    answered(FetchCall::new(call()), over.clone())
        .await
        .unwrap_err();
    answered(HangUpCall::new(call()), over).await.unwrap_err();
    let fetch = FetchIncomingPhoneNumber::new(format!("PN{DIGITS}").parse().unwrap());
    answered(fetch, json!({"sid": format!("PN{other}")}))
        .await
        .unwrap_err();
    let picture = Media::new("https://clinic.example/a.png");
    let sent = SendMessage::new(number(TO), Sender::Number(number(FROM)), picture);
    answered(sent, json!({"sid": format!("MM{other}"), "to": TO}))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_lookup_of_another_number_is_an_error() {
    let lookup = || LookupPhoneNumber::new(number(TO));
    answered(lookup(), json!({"phone_number": TO, "valid": true}))
        .await
        .unwrap();
    answered(lookup(), json!({"phone_number": STRANGER, "valid": true}))
        .await
        .unwrap_err();
}

#[tokio::test]
async fn a_list_of_another_person_is_an_error() {
    let page = |to: &str, account: &str| {
        let items = json!([{"sid": MESSAGE, "to": to, "account_sid": account}]);
        json!({"messages": items, "calls": [], "next_page_uri": null})
    };
    let list = || ListMessages::new().to(number(TO));
    answered(list(), page(TO, ACCOUNT)).await.unwrap();
    answered(list(), page(STRANGER, ACCOUNT)).await.unwrap_err();
    answered(list(), page(TO, OTHER)).await.unwrap_err();
    answered(ListMessages::new(), page(STRANGER, ACCOUNT))
        .await
        .unwrap();
    answered(ListCalls::new(), page(TO, ACCOUNT)).await.unwrap();
}

/// By the list of another person, nothing was sent, and the text would be sent twice.
#[tokio::test]
async fn a_reconcile_on_the_list_of_another_person_fails() {
    let entry =
        json!({"sid": MESSAGE, "to": STRANGER, "body": "Hello", "direction": "outbound-api"});
    let page = json!({"messages": [entry], "next_page_uri": null}).to_string();
    let client = Recorder::answering([page]).client(Delivery::Live);
    let now = std::time::SystemTime::now();
    let found: Result<Reconciled<_>, Error> = client
        .reconcile(&send(), &testing::unknown(), now, |_| false)
        .await;
    assert_eq!(found.unwrap_err().kind(), ErrorKind::Decode);
}
