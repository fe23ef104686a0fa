//! Error codes: meaning, class and advice.

use clinspark_twilio::client::codes::{Advice, ErrorClass, ErrorCode};
use clinspark_twilio::client::testing;

#[test]
fn table_is_complete_and_in_ascending_order() {
    let known: Vec<u32> = ErrorCode::known().map(ErrorCode::get).collect();
    // `ErrorCode::row` searches by bisection, so the order is a condition.
    assert_eq!(known.len(), 346);
    assert!(known.is_sorted_by(|a, b| a < b));
    for code in ErrorCode::known() {
        let meaning = code.meaning().unwrap();
        assert!(
            // `Error` writes more text after the meaning, so it must not end a sentence.
            meaning.len() > 5 && !meaning.ends_with('.'),
            "{code}: {meaning}"
        );
        assert_ne!(code.class(), ErrorClass::Unclassified, "{code}");
    }
}

#[test]
fn an_error_states_the_meaning_of_its_code() {
    for (code, text) in [
        (
            21614,
            "Twilio error 21614: message: To is not a mobile number (or cannot receive SMS)",
        ),
        // A code newer than this version of the crate.
        (30999, "Twilio error 30999"),
    ] {
        assert_eq!(
            testing::rejected(400, code).to_string(),
            format!("Scripted: status 400, {text}; nothing was done")
        );
    }
}

#[test]
fn class_and_advice_of_frequent_codes() {
    for (code, class, advice) in [
        (ErrorCode::OPTED_OUT, ErrorClass::OptedOut, Advice::Fix),
        (
            ErrorCode::INVALID_TO,
            ErrorClass::InvalidRecipient,
            Advice::Fix,
        ),
        (
            ErrorCode::NOT_MOBILE,
            ErrorClass::InvalidRecipient,
            Advice::Fix,
        ),
        (
            ErrorCode::UNREACHABLE,
            ErrorClass::Unreachable,
            Advice::RetryLater,
        ),
        (ErrorCode::FILTERED, ErrorClass::Filtered, Advice::Fix),
        (
            ErrorCode::UNREGISTERED_NUMBER,
            ErrorClass::Registration,
            Advice::Fix,
        ),
        (
            ErrorCode::AUTHENTICATION_FAILED,
            ErrorClass::Account,
            Advice::Fix,
        ),
        (
            ErrorCode::RECIPIENT_NOT_VERIFIED,
            ErrorClass::Account,
            Advice::Fix,
        ),
        (
            ErrorCode::TOO_MANY_REQUESTS,
            ErrorClass::RateLimit,
            Advice::RetrySoon,
        ),
        (
            ErrorCode::QUEUE_FULL,
            ErrorClass::RateLimit,
            Advice::RetryLater,
        ),
        (
            ErrorCode::MESSAGE_GEO_PERMISSION_DENIED,
            ErrorClass::GeoPermission,
            Advice::Fix,
        ),
        (
            ErrorCode::CALL_GEO_PERMISSION_DENIED,
            ErrorClass::GeoPermission,
            Advice::Fix,
        ),
        (
            ErrorCode::BODY_TOO_LONG,
            ErrorClass::ApplicationFault,
            Advice::Fix,
        ),
        (
            ErrorCode::INTERNAL_SERVER_ERROR,
            ErrorClass::TwilioFault,
            Advice::RetryLater,
        ),
    ] {
        assert_eq!((code.class(), code.advice()), (class, advice), "{code}");
    }
}

/// After an internal error of Twilio, the message or call may have been sent.
#[test]
fn only_requests_not_carried_out_are_retried_soon() {
    for code in ErrorCode::known().filter(|code| code.advice() == Advice::RetrySoon) {
        let class = code.class();
        assert_ne!(class, ErrorClass::TwilioFault, "{code}");
        assert_ne!(class, ErrorClass::OptedOut, "{code}");
    }
}

#[test]
fn unknown_codes_take_the_class_of_their_range() {
    for (code, class) in [
        (10_999, ErrorClass::Account),
        (20_599, ErrorClass::TwilioFault),
        (21_999, ErrorClass::ApplicationFault),
        (30_999, ErrorClass::Registration),
        (30_199, ErrorClass::Filtered),
        (99_999, ErrorClass::Unclassified),
        (0, ErrorClass::Unclassified),
        (u32::MAX, ErrorClass::Unclassified),
    ] {
        let code = ErrorCode::from(code);
        assert_eq!(code.meaning(), None, "{code} is known by now");
        assert_eq!(
            (code.class(), code.advice()),
            (class, Advice::Fix),
            "{code}"
        );
    }
}

#[test]
fn errors_carry_their_code() {
    assert_eq!(
        testing::rejected(400, 21610).code(),
        Some(ErrorCode::OPTED_OUT)
    );
    assert_eq!(testing::not_sent().code(), None);
    assert_eq!(ErrorCode::OPTED_OUT.to_string(), "21610");
}
