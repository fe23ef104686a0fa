//! Error codes: table, meaning, class and advice.

use clinspark_twilio::codes::ErrorClass::{
    Account, ApplicationFault, Filtered, GeoPermission, InvalidRecipient, OptedOut, RateLimit,
    Registration, TwilioFault, Unclassified, Unreachable,
};
use clinspark_twilio::codes::RetryAdvice::{Later, Never, Soon};
use clinspark_twilio::codes::{Certainty, ErrorClass, ErrorCode, ErrorLevel, RetryAdvice};

fn code(code: u32) -> ErrorCode {
    ErrorCode::from(code)
}

#[test]
fn table_is_in_ascending_order() {
    let known: Vec<u32> = ErrorCode::known().map(ErrorCode::get).collect();
    // Lookups are by bisection, so the order is a condition.
    assert_eq!(known.len(), 1258);
    assert!(known.is_sorted_by(|a, b| a < b));
    assert_eq!((known[0], known[1257]), (400, 575_001));
}

#[test]
fn every_row_is_found_and_complete() {
    let known: Vec<u32> = ErrorCode::known().map(ErrorCode::get).collect();
    for &number in &known {
        let found = code(number);
        // A row with an unknown class, retry advice or certainty counts as missing.
        assert_ne!(found.certainty(), Certainty::Unknown, "{found}");
        assert_ne!(found.class(), Unclassified, "{found}");
        assert!(found.is_known() && found.advice().is_some(), "{found}");
        for neighbor in [number - 1, number + 1] {
            let is_listed = known.binary_search(&neighbor).is_ok();
            assert_eq!(code(neighbor).is_known(), is_listed, "{neighbor}");
        }
    }
    for absent in [0, 399, 575_002, 214_748_364, u32::MAX] {
        assert!(!code(absent).is_known(), "{absent}");
    }
}

#[test]
fn columns_hold_known_values() {
    let table = include_str!("../../src/codes/table.tsv");
    assert!(table.is_ascii() && table.ends_with('\n') && !table.contains('\r'));
    for line in table.lines() {
        let columns: Vec<&str> = line.split('\t').collect();
        assert_eq!(columns.len(), 8, "{line}");
        let row = code(columns[0].parse().unwrap());
        assert_eq!(row.class().as_str(), columns[1], "{line}");
        assert_eq!(row.retry_advice().as_str(), columns[2], "{line}");
        assert_eq!(row.level().map_or("-", ErrorLevel::as_str), columns[3]);
        assert_eq!(row.certainty().to_string(), columns[4], "{line}");
        assert_eq!(row.product().unwrap_or("-"), columns[5], "{line}");
        assert_eq!(row.meaning(), columns[6], "{line}");
        assert_eq!(row.advice(), Some(columns[7]), "{line}");
    }
}

#[test]
fn explanations_are_short_sentences_in_lower_case() {
    for code in ErrorCode::known() {
        let (meaning, advice) = (code.meaning(), code.advice().unwrap());
        let text = code.explanation().to_string();
        assert_eq!(text, format!("Twilio error {code}: {meaning}; {advice}"));
        assert!(text.len() < 200, "{} characters: {text}", text.len());
        for part in [meaning, advice] {
            // The consequence of a request stands between both in `client::Error`.
            assert!(!part.ends_with(['.', ';', ' ', '!']), "{text}");
            assert_eq!(part.trim(), part, "{text}");
            assert!(part.len() > 5 && !part.contains("  "), "{text}");
            assert!(part.split_whitespace().count() <= 25, "{text}");
            assert_eq!(part.matches('(').count(), part.matches(')').count());
        }
        let first = advice.chars().next().unwrap();
        assert!(
            first.is_ascii_lowercase() || advice.starts_with("Twilio"),
            "{text}"
        );
    }
}

/// After a warning, the message or call often went through.
#[test]
fn no_warning_is_a_reason_to_send_again() {
    for code in ErrorCode::known() {
        let advice = code.advice().unwrap();
        let demanded = advice
            .replace("do not resend", "")
            .replace("do not retry", "");
        let sends_again = ["send again", "send it again", "send it once", "resend"]
            .iter()
            .any(|words| demanded.contains(words));
        let is_notice = code.meaning().starts_with("notice");
        if code.level() == Some(ErrorLevel::Warning) || is_notice {
            assert!(!sends_again, "{code}: {advice}");
        }
        if code.meaning().contains("nothing failed") {
            assert_eq!(code.retry_advice(), Never, "{code}");
            assert_eq!(code.level(), Some(ErrorLevel::Warning), "{code}");
        }
        if code.retry_advice() == Never {
            assert!(!demanded.contains("retry"), "{code}: {advice}");
        }
    }
    for number in [30018, 30025, 30026, 60239, 63037] {
        let advice = code(number).advice().unwrap();
        assert!(advice.contains("do not resend"), "{number}: {advice}");
        assert_eq!(code(number).retry_advice(), Never, "{number}");
    }
}

/// After an internal error of Twilio, the message or call may have been sent.
#[test]
fn internal_errors_of_messages_and_calls_require_a_check() {
    for number in [
        503, 15000, 15009, 20500, 20503, 20504, 30020, 30021, 30103, 30410, 30500,
    ] {
        let advice = code(number).advice().unwrap();
        let checks = [
            "check whether",
            "check the message's status",
            "fetch the call",
        ];
        assert!(
            checks.iter().any(|check| advice.contains(check)),
            "{number}: {advice}"
        );
    }
    for code in ErrorCode::known().filter(|code| code.retry_advice() == Soon) {
        assert!(
            ![TwilioFault, OptedOut, Unreachable, Filtered].contains(&code.class()),
            "{code}"
        );
    }
}

/// Rows that were chosen by hand over all classes, with a phrase of the explanation.
#[test]
fn class_advice_and_explanation_of_frequent_codes() {
    #[rustfmt::skip]
    let expected: &[(u32, ErrorClass, RetryAdvice, &str)] = &[
        (21610, OptedOut, Never, "the recipient has opted out; do not text them until they text START"),
        (30630, OptedOut, Never, "the recipient has opted out; do not text them"),
        (63014, OptedOut, Never, "do not message them again on this channel"),
        (63033, OptedOut, Never, "no more marketing templates"),
        (21211, InvalidRecipient, Never, "ask the recipient for the right number"),
        (21612, InvalidRecipient, Never, "no route from this sender to this recipient exists"),
        (21614, InvalidRecipient, Never, "ask for a mobile number, or call instead"),
        (21635, InvalidRecipient, Never, "the recipient is a landline"),
        (30005, InvalidRecipient, Never, "ask the recipient for a new number"),
        (30006, InvalidRecipient, Never, "ask for a mobile number, or call instead"),
        (30011, InvalidRecipient, Never, "send SMS instead"),
        (60205, InvalidRecipient, Never, "use the call channel"),
        (13223, InvalidRecipient, Never, "give the number in E.164"),
        (63024, InvalidRecipient, Never, "send SMS"),
        (30003, Unreachable, Later, "the phone is off, out of coverage or not in service"),
        (30008, Unreachable, Later, "retry once later with a short plain text"),
        (30036, Unreachable, Later, "the validity period ended before the message was sent"),
        (21214, Unreachable, Later, "retry later"),
        (31486, Unreachable, Later, "the callee is busy"),
        (30004, Filtered, Never, "the recipient may have blocked the sender"),
        (30007, Filtered, Never, "change the text, and check registration and consent"),
        (30038, Filtered, Never, "one-time password"),
        (30450, Filtered, Later, "SMS pumping protection"),
        (30453, Filtered, Later, "SMS pumping protection"),
        (21216, Filtered, Never, "Twilio blocked the call"),
        (32017, Filtered, Never, "use another caller ID"),
        (60410, Filtered, Later, "looks fraudulent"),
        (30610, Filtered, Later, "send at an allowed hour of the recipient's day"),
        (30032, Registration, Never, "the toll-free number is not verified"),
        (30033, Registration, Never, "the campaign is suspended"),
        (30034, Registration, Never, "add the number to the campaign's Messaging Service"),
        (30035, Registration, Later, "wait until the number is configured"),
        (30441, Registration, Never, "do not resubmit this forbidden use case"),
        (30883, Registration, Never, "correct the campaign and resubmit it"),
        (21717, Registration, Never, "the brand for the A2P campaign is not registered"),
        (21649, Registration, Never, "add an approved bundle"),
        (18003, Registration, Never, "document expired or invalid"),
        (30701, Registration, Never, "correct the brand's data"),
        (10001, Account, Never, "the account is not active"),
        (20003, Account, Never, "the credentials are wrong"),
        (20005, Account, Never, "the account is not active"),
        (21608, Account, Never, "the recipient is not verified"),
        (30002, Account, Never, "the account was suspended before the message was sent"),
        (70051, Account, Never, "the key lacks the permission"),
        (572_002, Account, Never, "send from the trial number that the Console shows"),
        (10004, RateLimit, Later, "place fewer calls at a time"),
        (20429, RateLimit, Soon, "Twilio did not process this one; retry with increasing random waits"),
        (21611, RateLimit, Later, "wait until the queue has drained"),
        (30001, RateLimit, Later, "the text was not sent"),
        (30022, RateLimit, Later, "slow down to the campaign's rate"),
        (30025, RateLimit, Never, "nothing failed; do not resend"),
        (30026, RateLimit, Never, "nothing failed; do not resend"),
        (30027, RateLimit, Later, "wait for midnight Pacific time"),
        (63018, RateLimit, Later, "wait 24 hours"),
        (21215, GeoPermission, Never, "enable the country in voice geo permissions"),
        (21408, GeoPermission, Never, "enable the country in messaging geo permissions"),
        (13227, GeoPermission, Never, "enable the country in voice geo permissions"),
        (32205, GeoPermission, Never, "enable the country in trunking geo permissions"),
        (11200, ApplicationFault, Later, "could not fetch the webhook URL"),
        (11236, ApplicationFault, Never, "renew the certificate"),
        (11770, ApplicationFault, Never, "answer with TwiML, or with 204"),
        (12100, ApplicationFault, Never, "the TwiML is not well-formed XML"),
        (12200, ApplicationFault, Never, "Twilio continues without it"),
        (12300, ApplicationFault, Never, "send text/xml"),
        (13212, ApplicationFault, Never, "the timeout attribute is invalid in <Dial>"),
        (20104, ApplicationFault, Soon, "create a new token, then retry"),
        (20404, ApplicationFault, Never, "check SID, account, region and path"),
        (21220, ApplicationFault, Never, "it has ended or not begun"),
        (21606, ApplicationFault, Never, "use a number of the account that can text this country"),
        (21617, ApplicationFault, Never, "longer than 1600 characters; shorten the text"),
        (35114, ApplicationFault, Never, "15 minutes to 35 days ahead"),
        (35134, ApplicationFault, Never, "each would be a second text"),
        (216_602, ApplicationFault, Never, "does not fit the channel"),
        (20500, TwilioFault, Later, "a message or call may have been created"),
        (30021, TwilioFault, Later, "check the message's status before you send it again"),
        (30500, TwilioFault, Later, "check the message's status before you send it again"),
        (12400, TwilioFault, Later, "Twilio's status page"),
    ];
    assert!(expected.is_sorted_by_key(|(_, class, ..)| {
        let position = expected.iter().position(|row| row.1 == *class);
        position.unwrap()
    }));
    for &(number, class, retry, phrase) in expected {
        let code = code(number);
        let text = code.explanation().to_string();
        assert!(text.contains(phrase), "{text}");
        assert_eq!(
            (code.class(), code.retry_advice()),
            (class, retry),
            "{text}"
        );
    }
}

#[test]
fn certainty_level_and_product() {
    let of = |number| {
        let code = code(number);
        (code.certainty(), code.level(), code.product())
    };
    let (error, warning) = (Some(ErrorLevel::Error), Some(ErrorLevel::Warning));
    assert_eq!(of(30007), (Certainty::Documented, error, Some("messaging")));
    assert_eq!(
        of(30025),
        (Certainty::Documented, warning, Some("messaging"))
    );
    assert_eq!(of(13210), (Certainty::TitleOnly, warning, None));
    assert_eq!(of(30560).0, Certainty::Referenced);
    assert_eq!(of(99_999), (Certainty::Unknown, None, None));
}

#[test]
fn unknown_codes_take_class_and_meaning_of_their_range() {
    for (number, class, meaning) in [
        (10_999, Account, "unknown error of the account"),
        (
            11_999,
            ApplicationFault,
            "unknown error of a webhook request",
        ),
        (13_999, ApplicationFault, "unknown error in TwiML"),
        (20_599, TwilioFault, "unknown internal error of Twilio"),
        (
            21_999,
            ApplicationFault,
            "unknown error of a request for calls, messages or numbers",
        ),
        (30_999, Registration, "unknown error of an A2P registration"),
        (
            30_199,
            Filtered,
            "unknown error of the delivery of a message",
        ),
        (
            63_999,
            Unclassified,
            "unknown error of a channel such as WhatsApp or RCS",
        ),
        (99_999, Unclassified, "unknown error"),
        (u32::MAX, Unclassified, "unknown error"),
    ] {
        let code = code(number);
        assert!(!code.is_known(), "{code} is known by now");
        assert_eq!(
            (code.class(), code.retry_advice()),
            (class, Never),
            "{code}"
        );
        assert_eq!((code.meaning(), code.advice()), (meaning, None), "{code}");
        let url = format!("https://www.twilio.com/docs/api/errors/{number}");
        assert_eq!(code.url(), url);
        assert_eq!(
            code.explanation().to_string(),
            format!("Twilio error {number}: {meaning}; see {url}")
        );
    }
    // Recordings that succeeded have the code 0.
    assert_eq!(
        code(0).explanation().to_string(),
        "Twilio error 0: no error; nothing to do"
    );
}

#[test]
fn a_code_is_written_and_read_as_a_number() {
    assert_eq!(ErrorCode::OPTED_OUT.to_string(), "21610");
    assert_eq!("21610".parse(), Ok(ErrorCode::OPTED_OUT));
    for text in ["", "21610a", "-1", "4294967296", "none"] {
        assert!(text.parse::<ErrorCode>().is_err(), "{text}");
    }
}

#[test]
fn a_lookup_allocates_nothing() {
    let codes: Vec<ErrorCode> = ErrorCode::known().collect();
    let counted = allocation_counter::measure(|| {
        for code in &codes {
            std::hint::black_box((code.meaning(), code.advice(), code.class(), code.level()));
        }
    });
    assert_eq!(counted.count_total, 0);
    let counted = allocation_counter::measure(|| drop(std::hint::black_box(codes[0].url())));
    assert!(counted.count_total > 0, "the test can count");
}
