//! SIDs, open vocabularies, secrets and dates, through the public API only.

use std::time::{Duration, SystemTime};

use clinspark_twilio::types::{
    AccountSid, ApiKeySecret, AuthToken, CallSid, CallStatus, MessageSid, MessageStatus, Redacted,
    Timestamp,
};

#[test]
fn sids_check_their_prefix_and_digits() {
    let text = "AC0123456789abcdef0123456789ABCDEF";
    let sid = AccountSid::parse(text).unwrap();
    assert_eq!((sid.as_str(), sid.to_string().as_str()), (text, text));
    assert_eq!(format!("{sid:?}"), format!("AccountSid({text})"));
    assert_eq!(
        MessageSid::parse("MM0123456789abcdef0123456789abcdef")
            .unwrap()
            .as_str()
            .len(),
        34
    );

    let refused = |text: &str, message: &str| {
        assert_eq!(CallSid::parse(text).unwrap_err().to_string(), message);
    };
    let want = "not a SID: expected CA followed by 32 hexadecimal digits, ";
    refused("", &format!("{want}found 0 characters"));
    refused("CA1", &format!("{want}found 3 characters"));
    refused(text, &format!("{want}found another prefix"));
    refused(
        &format!("CA{}", "g".repeat(32)),
        &format!("{want}found other characters after the prefix"),
    );
    refused(
        &format!("CA{}", "é".repeat(16)),
        &format!("{want}found other characters after the prefix"),
    );
    refused(&"é".repeat(17), &format!("{want}found another prefix"));
    assert_eq!(
        MessageSid::parse("SM1").unwrap_err().to_string(),
        "not a SID: expected SM or MM followed by 32 hexadecimal digits, found 3 characters"
    );
}

#[test]
fn sids_are_text_in_serde() {
    let text = "\"CA0123456789abcdef0123456789abcdef\"";
    let sid: CallSid = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_string(&sid).unwrap(), text);
    assert!(serde_json::from_str::<CallSid>("\"CA1\"").is_err());
    assert!(serde_json::from_str::<CallSid>("7").is_err());
}

#[test]
fn an_unknown_value_is_kept() {
    let status = MessageStatus::from("teleported");
    assert!(matches!(status, MessageStatus::Unknown(_)));
    assert_eq!(status.as_str(), "teleported");
    assert_eq!(serde_json::to_string(&status).unwrap(), "\"teleported\"");
    assert_eq!(
        serde_json::from_str::<MessageStatus>("\"teleported\"").unwrap(),
        status
    );
    for known in MessageStatus::KNOWN {
        assert_eq!(&MessageStatus::from(known.as_str()), known);
    }
    for known in CallStatus::KNOWN {
        assert_eq!(&CallStatus::from(known.as_str()), known);
    }
}

#[test]
fn secrets_refuse_invalid_values_and_are_never_printed() {
    assert_eq!(
        AuthToken::new("").unwrap_err().to_string(),
        "the auth token is empty"
    );
    for stray in ["token\n", " token", "to ken", "to\0ken"] {
        assert_eq!(
            AuthToken::new(stray).unwrap_err().to_string(),
            "the auth token contains a blank, newline or control character; write the value alone"
        );
    }
    let token = AuthToken::new("hush-hush").unwrap();
    assert_eq!(token.expose(), "hush-hush");
    assert_eq!(format!("{token:?}"), "AuthToken([redacted])");
    let secret = ApiKeySecret::new("hush-hush").unwrap();
    assert_eq!(format!("{secret:#?}"), "ApiKeySecret([redacted])");
    assert_eq!(format!("{:?}", Redacted::new("hush-hush")), "[redacted]");
}

#[test]
fn dates_of_both_forms_are_parsed_and_others_kept() {
    // 1692853305 is the output of `date -u -d '2023-08-24 05:01:45' +%s`.
    let instant = SystemTime::UNIX_EPOCH + Duration::from_secs(1_692_853_305);
    for text in [
        "Thu, 24 Aug 2023 05:01:45 +0000",
        "Thu, 24 Aug 2023 07:01:45 +0200",
        "Thu, 24 Aug 2023 05:01:45 GMT",
        "2023-08-24T05:01:45Z",
        "2023-08-24T05:01:45.000Z",
        "2023-08-24T07:01:45+02:00",
    ] {
        assert_eq!(Timestamp::parse(text).time(), Some(instant), "{text}");
        assert_eq!(Timestamp::parse(text).as_str(), text);
    }
    for text in [
        "",
        "soon",
        "2023-13-01T00:00:00Z",
        "2308240501",
        "Thu, 99 Aug 2023 05:01:45 +0000",
    ] {
        assert_eq!(Timestamp::parse(text).time(), None, "{text}");
        assert_eq!(Timestamp::parse(text).as_str(), text);
    }
}

#[test]
fn five_call_statuses_are_final() {
    let words = [
        "queued",
        "initiated",
        "ringing",
        "in-progress",
        "completed",
        "busy",
        "no-answer",
        "canceled",
        "failed",
        "teleported",
    ];
    let is_final = words.map(|word| CallStatus::from(word).is_final());
    assert_eq!(
        is_final,
        [
            false, false, false, false, true, true, true, true, true, false
        ]
    );
}
