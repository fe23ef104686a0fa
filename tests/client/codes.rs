//! Error codes in the errors of requests.

use clinspark_twilio::client::testing::{self, Reply};
use clinspark_twilio::client::{Delivery, Outcome};
use clinspark_twilio::codes::ErrorCode;

use crate::testing::real;

#[test]
fn errors_carry_their_code() {
    assert_eq!(
        testing::rejected(400, 21610).code(),
        Some(ErrorCode::OPTED_OUT)
    );
    assert_eq!(testing::not_sent().code(), None);
}

#[tokio::test]
async fn the_message_states_meaning_consequence_and_advice() {
    for (status, code, text) in [
        (
            400,
            21610,
            "SendMessage: status 400, Twilio error 21610: the recipient has opted out; \
             nothing was done; do not text them until they text START",
        ),
        (
            429,
            20429,
            "SendMessage: status 429, Twilio error 20429: too many concurrent requests; \
             Twilio did not process this one; nothing was done; \
             retry with increasing random waits",
        ),
        (
            400,
            21999,
            "SendMessage: status 400, Twilio error 21999: unknown error of a request for calls, \
             messages or numbers; nothing was done; \
             see https://www.twilio.com/docs/api/errors/21999",
        ),
    ] {
        let error = real(Delivery::Live, Reply::error(status, code)).await;
        assert_eq!(error.outcome(), &Outcome::Rejected);
        assert_eq!(error.to_string(), text);
    }
}

/// The advice of a code could lead to a second message where the first may have been sent.
#[tokio::test]
async fn advice_is_left_out_if_the_message_may_have_been_sent() {
    for code in ErrorCode::known() {
        let error = real(Delivery::Live, Reply::error(500, code.get())).await;
        assert!(matches!(error.outcome(), Outcome::Unknown { .. }));
        assert_eq!(
            error.to_string(),
            format!(
                "SendMessage: status 500, Twilio error {code}: {}; it may have been done: \
                 check before sending it again",
                code.meaning()
            )
        );
    }
}
