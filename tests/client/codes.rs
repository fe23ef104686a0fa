//! What error codes mean.

use clinspark_twilio::client::codes::{Advice, ErrorClass, ErrorCode};
use clinspark_twilio::client::testing;

#[test]
fn the_table_is_whole_and_in_order() {
    let known: Vec<u32> = ErrorCode::known().map(ErrorCode::get).collect();
    assert_eq!(known.len(), 346);
    assert!(known.is_sorted_by(|a, b| a < b));
    for code in ErrorCode::known() {
        let meaning = code.meaning().unwrap();
        assert!(
            meaning.len() > 5 && !meaning.ends_with('.'),
            "{code}: {meaning}"
        );
        assert_ne!(code.class(), ErrorClass::Unclassified, "{code}");
    }
    for code in ErrorCode::NAMED {
        assert!(code.meaning().is_some(), "{code} has a name and no row");
    }
}

#[test]
fn what_a_service_decides_by() {
    for (code, class, advice) in [
        (ErrorCode::OPTED_OUT, ErrorClass::OptedOut, Advice::Mend),
        (
            ErrorCode::INVALID_TO,
            ErrorClass::BadRecipient,
            Advice::Mend,
        ),
        (
            ErrorCode::NOT_MOBILE,
            ErrorClass::BadRecipient,
            Advice::Mend,
        ),
        (
            ErrorCode::UNREACHABLE,
            ErrorClass::Unreachable,
            Advice::Later,
        ),
        (
            ErrorCode::FILTERED,
            ErrorClass::CarrierFiltered,
            Advice::Mend,
        ),
        (
            ErrorCode::UNREGISTERED_NUMBER,
            ErrorClass::Registration,
            Advice::Mend,
        ),
        (ErrorCode::AUTHENTICATION, ErrorClass::Account, Advice::Mend),
        (
            ErrorCode::TRIAL_RECIPIENT,
            ErrorClass::Account,
            Advice::Mend,
        ),
        (
            ErrorCode::TOO_MANY_REQUESTS,
            ErrorClass::RateLimit,
            Advice::Again,
        ),
        (ErrorCode::QUEUE_FULL, ErrorClass::RateLimit, Advice::Later),
        (
            ErrorCode::MESSAGE_GEO_PERMISSION,
            ErrorClass::GeoPermission,
            Advice::Mend,
        ),
        (
            ErrorCode::CALL_GEO_PERMISSION,
            ErrorClass::GeoPermission,
            Advice::Mend,
        ),
        (
            ErrorCode::BODY_TOO_LONG,
            ErrorClass::CallerBug,
            Advice::Mend,
        ),
        (
            ErrorCode::INTERNAL_ERROR,
            ErrorClass::TwilioFault,
            Advice::Later,
        ),
    ] {
        assert_eq!((code.class(), code.advice()), (class, advice), "{code}");
    }
}

/// Nothing that texts or rings a person is advised to be done again after a doubt.
#[test]
fn only_what_was_not_done_is_advised_again() {
    for code in ErrorCode::known().filter(|code| code.advice() == Advice::Again) {
        let class = code.class();
        assert_ne!(class, ErrorClass::TwilioFault, "{code}");
        assert_ne!(class, ErrorClass::OptedOut, "{code}");
    }
}

#[test]
fn codes_to_come_are_classed_by_their_range() {
    for (code, class) in [
        (10_999, ErrorClass::Account),
        (20_599, ErrorClass::TwilioFault),
        (21_999, ErrorClass::CallerBug),
        (30_999, ErrorClass::Registration),
        (30_199, ErrorClass::CarrierFiltered),
        (99_999, ErrorClass::Unclassified),
        (0, ErrorClass::Unclassified),
        (u32::MAX, ErrorClass::Unclassified),
    ] {
        let code = ErrorCode::from(code);
        assert_eq!(code.meaning(), None, "{code} is known by now");
        assert_eq!(
            (code.class(), code.advice()),
            (class, Advice::Mend),
            "{code}"
        );
    }
}

#[test]
fn an_error_knows_its_code() {
    assert_eq!(
        testing::rejected(400, 21610).code(),
        Some(ErrorCode::OPTED_OUT)
    );
    assert_eq!(testing::not_sent().code(), None);
    assert_eq!(ErrorCode::OPTED_OUT.to_string(), "21610");
}
