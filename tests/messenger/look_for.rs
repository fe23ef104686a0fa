//! After a crash: whether a text or call was sent, found by the same text or call.

use clinspark_twilio::client::testing::{FakeTransport, Reply};
use clinspark_twilio::client::{Reconciled, UnclearReason};
use clinspark_twilio::messenger::ErrorKind;

use crate::{BODY, NOON, TYPED, VOLUNTEER, at, messenger, settings, twiml};

fn listed(sid: &str, key: &str) -> String {
    format!(
        r#"{{"{key}": [{{"sid": "{sid}", "to": "{VOLUNTEER}", "from": "+61255501234",
            "body": "{BODY}", "direction": "outbound-api",
            "date_created": "Thu, 01 Jan 2026 01:00:05 +0000"}}]}}"#
    )
}

#[tokio::test]
async fn a_text_is_found_as_it_would_be_sent() {
    let (sid, nothing) = ("SM00000000000000000000000000000004", r#"{"messages": []}"#);
    for (page, known, found) in [
        (listed(sid, "messages"), false, Some(sid)),
        (listed(sid, "messages"), true, None),
        (nothing.to_owned(), false, None),
    ] {
        let transport = FakeTransport::new().reply(Reply::json(200, page));
        let clinic = messenger(settings(), &transport);
        let text = clinic.text(TYPED, BODY);
        let result = clinic.look_for(&text, at(NOON), |_| known).await.unwrap();
        match (result, found) {
            (Reconciled::Sent(message), Some(sid)) => assert_eq!(message.sid.as_str(), sid),
            (Reconciled::NotFound, None) => {}
            (other, _) => panic!("{other:?}"),
        }
        let [list] = &transport.requests()[..] else {
            panic!("one list")
        };
        assert_eq!(list.method(), "GET");
        assert_eq!(list.parameter("To").as_deref(), Some(VOLUNTEER));
    }
}

/// The retention of the settings decides whether Twilio's list can show the number.
#[tokio::test]
async fn the_settings_count_as_they_do_when_a_text_is_sent() {
    let transport = FakeTransport::new().reply(Reply::json(200, r#"{"messages": []}"#));
    let clinic = messenger(settings().address_retention("obfuscate"), &transport);
    let text = clinic.text(TYPED, BODY);
    let result = clinic.look_for(&text, at(NOON), |_| false).await.unwrap();
    let Reconciled::Unclear { reasons, .. } = result else {
        panic!("{result:?}");
    };
    assert_eq!(reasons, [UnclearReason::NotListed]);
}

#[tokio::test]
async fn a_call_is_found_by_its_people_and_time() {
    let page = listed("CA00000000000000000000000000000005", "calls");
    let transport = FakeTransport::new().reply(Reply::json(200, page));
    let clinic = messenger(settings(), &transport);
    let call = clinic.call(TYPED, &twiml());
    let result = clinic.look_for(&call, at(NOON), |_| false).await.unwrap();
    let Reconciled::Unclear { reasons, .. } = result else {
        panic!("{result:?}");
    };
    assert_eq!(reasons, [UnclearReason::NoContentOfCall]);
}

#[tokio::test]
async fn a_number_that_could_not_be_texted_is_not_looked_for() {
    let transport = FakeTransport::new();
    let clinic = messenger(settings(), &transport);
    let text = clinic.text("0491", BODY);
    let error = clinic.look_for(&text, at(NOON), |_| false).await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::Number);
    assert!(transport.requests().is_empty());
}
