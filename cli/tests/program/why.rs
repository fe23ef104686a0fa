//! `why`, `alerts`, `campaigns` and `short-codes`.

use clinspark_twilio::client::calls::{InlineTwiml, PlaceCall};
use clinspark_twilio::client::messages::{SendMessage, Sender};
use clinspark_twilio::phone::E164;
use clinspark_twilio::sandbox::{AnswerBehavior, DeliveryBehavior};
use clinspark_twilio::twiml::{Say, VoiceResponse};
use clinspark_twilio::types::{CallSid, MessageSid};

use crate::support::{Account, CLINIC, VOLUNTEER, clinic};

async fn text(account: &Account) -> MessageSid {
    let to = E164::parse(VOLUNTEER).unwrap();
    let request = SendMessage::new(to, Sender::Number(clinic()), "A private text");
    let message = account.client().execute(request).await.unwrap();
    account.twilio.wait_idle().await.unwrap();
    message.sid
}

async fn call(account: &Account) -> CallSid {
    let to = E164::parse(VOLUNTEER).unwrap();
    let twiml = VoiceResponse::new().append(Say::new("A private text"));
    let request = PlaceCall::new(to, clinic(), InlineTwiml::new(&twiml));
    let call = account.client().execute(request).await.unwrap();
    account.twilio.wait_idle().await.unwrap();
    call.sid
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_text_is_explained() {
    let account = Account::start().await;
    let phone = account.twilio.phone(E164::parse(VOLUNTEER).unwrap());
    phone.set_delivery_behavior(DeliveryBehavior::Undelivered(30003));
    let sid = text(&account).await;
    let ran = account.program(&["why", sid.as_str()]).secret("private");
    ran.run().await.expect(1).shows(&[
        "from +*********34 to +*********56",
        "problem  error          30003: ",
        "advice: ",
        "no STOP in the texts of the person (0 read)",
        "1 problem found",
    ]);
    let facts = account
        .run(&["why", sid.as_str(), "--json"])
        .await
        .expect(1)
        .json();
    let facts = facts["facts"].as_array().unwrap();
    let error = facts.iter().find(|fact| fact["topic"] == "error").unwrap();
    assert_eq!(error["state"], "problem");
    assert!(error["advice"].is_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_opt_out_and_a_dropping_service_are_found() {
    let account = Account::start().await;
    let sid = text(&account).await;
    account
        .run(&["why", sid.as_str()])
        .await
        .expect(0)
        .shows(&["no problem found"]);

    let service = account.twilio.add_service(&[
        ("FriendlyName", "Clinic"),
        ("UseInboundWebhookOnNumber", "false"),
    ]);
    let service = service.unwrap();
    account
        .twilio
        .add_number_to_service(service, account.number)
        .unwrap();
    let phone = account.twilio.phone(E164::parse(VOLUNTEER).unwrap());
    phone.text(clinic(), "STOP").await.unwrap();
    let ran = account.run(&["why", sid.as_str()]).await.expect(1);
    ran.shows(&[
        "note     opt-out        the person texted STOP",
        &format!("{service} drops replies"),
    ]);
    phone.text(clinic(), "START").await.unwrap();
    let ran = account.run(&["why", sid.as_str()]).await.expect(1);
    ran.shows(&["the person texted START or YES last"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unanswered_call_is_explained() {
    let account = Account::start().await;
    let phone = account.twilio.phone(E164::parse(VOLUNTEER).unwrap());
    phone.set_answer_behavior(AnswerBehavior::Busy);
    let sid = call(&account).await;
    let ran = account.program(&["why", sid.as_str()]).secret("private");
    ran.run()
        .await
        .expect(1)
        .shows(&["the line was busy", "advice: call again later"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_newest_contact_with_a_person_is_explained() {
    let account = Account::start().await;
    let unknown = ["why", "--to", "0491 570 156"];
    let ran = account.program(&unknown).secret("491570156").run().await;
    ran.expect(1).shows(&["no text and no call to this person"]);

    let sent = text(&account).await;
    account
        .twilio
        .advance(std::time::Duration::from_secs(60))
        .await
        .unwrap();
    let phone = account.twilio.phone(E164::parse(VOLUNTEER).unwrap());
    phone.set_answer_behavior(AnswerBehavior::Busy);
    let called = call(&account).await;
    let ran = account
        .program(&["why", "--to", VOLUNTEER])
        .secret(VOLUNTEER);
    ran.run().await.expect(1).shows(&[
        &format!("call {called} is busy"),
        &format!("text {sent} is delivered"),
        "the line was busy",
    ]);
    // Of two texts in one second, Twilio lists the newer one first.
    account
        .twilio
        .advance(std::time::Duration::from_secs(60))
        .await
        .unwrap();
    let (older, newer) = (text(&account).await, text(&account).await);
    let ran = account.program(&["why", "--to", VOLUNTEER]).run().await;
    let at = |sid: &str| ran.out.find(sid).unwrap();
    assert!(at(newer.as_str()) < at(older.as_str()), "{}", ran.out);
    let ran = account.program(&["why", "--to", "12"]).run().await;
    assert!(ran.err.contains("digits"), "{}", ran.err);
    ran.expect(2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_shows_its_bindings_and_registration() {
    let account = Account::start().await;
    let ours = account
        .run(&["why", account.number.as_str()])
        .await
        .expect(1);
    ours.shows(&["no TwiML App is bound", "not checked: brands and campaigns"]);

    let american = account
        .twilio
        .add_number(E164::parse("+14155550100").unwrap());
    let ran = account
        .program(&["why", american.as_str()])
        .secret("4155550100");
    ran.run()
        .await
        .expect(1)
        .shows(&["in no Messaging Service", "(30034)"]);
    let service = account
        .twilio
        .add_service(&[("FriendlyName", "Clinic")])
        .unwrap();
    account
        .twilio
        .add_number_to_service(service, american)
        .unwrap();
    account.twilio.set_campaign_status(service, "IN_PROGRESS");
    account.twilio.add_alert(11200, "error");
    let ran = account.run(&["why", american.as_str()]).await.expect(1);
    ran.shows(&["is IN_PROGRESS: carriers may block", "1 of 11200"]);
    // Restricted credentials make it unknown, not fine.
    account.twilio.reject_path("/Alerts", 403, 20003);
    let ran = account.run(&["why", american.as_str()]).await.expect(1);
    ran.shows(&["unknown  alerts"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_absent_or_invalid_sid_is_told() {
    let account = Account::start().await;
    let absent = "SM00000000000000000000000000000009";
    let ran = account.run(&["why", absent]).await.expect(1);
    assert!(
        ran.err.contains("the account has no message SM"),
        "{}",
        ran.err
    );
    let ran = account.run(&["why", CLINIC]).await;
    assert_eq!(ran.code, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn alerts_are_listed_with_advice() {
    let account = Account::start().await;
    account
        .run(&["alerts"])
        .await
        .expect(0)
        .shows(&["no alerts"]);
    account.twilio.add_alert(11200, "error");
    account.twilio.add_alert(12200, "warning");
    let ran = account.run(&["alerts"]).await.expect(1);
    ran.shows(&["error", "11200", "advice for 12200: "]);
    let warnings = account
        .run(&["alerts", "--level", "warning", "--json"])
        .await;
    let warnings = warnings.expect(0).json();
    assert_eq!(warnings["alerts"][0]["code"], 12200);
    let one = account
        .run(&["alerts", "--limit", "1", "--json"])
        .await
        .expect(0)
        .json();
    assert_eq!(
        (one["alerts"].as_array().unwrap().len(), &one["more"]),
        (1, &true.into())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn campaigns_and_short_codes_are_listed() {
    let account = Account::start().await;
    let ran = account.run(&["campaigns"]).await.expect(0);
    ran.shows(&["no brand", "no Messaging Service"]);
    let service = account
        .twilio
        .add_service(&[("FriendlyName", "Clinic")])
        .unwrap();
    account.twilio.set_campaign_status(service, "FAILED");
    let ran = account.run(&["campaigns"]).await.expect(1);
    ran.shows(&[service.as_str(), "FAILED"]);
    account.twilio.set_campaign_status(service, "VERIFIED");
    let listed = account.run(&["campaigns", "--json"]).await.expect(0).json();
    assert_eq!(listed["services"][0]["status"], "VERIFIED");

    account
        .run(&["short-codes"])
        .await
        .expect(0)
        .shows(&["no short code"]);
    let url = [(
        "SmsUrl",
        "https://demo.clinspark.com/hooks/message?key=hidden-key",
    )];
    let code = account
        .twilio
        .add_short_code(service, "894546", &url)
        .unwrap();
    let ran = account
        .program(&["short-codes"])
        .secret("hidden-key")
        .run()
        .await;
    ran.expect(0)
        .shows(&[code.as_str(), "894546", "demo.clinspark.com"]);
}
