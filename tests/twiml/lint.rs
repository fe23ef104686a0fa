//! Faults that Twilio would refuse or warn about are found, and nothing else.

use std::time::Duration;

use clinspark_twilio::twiml::{
    Conference, Connect, CustomElement, Dial, Gather, LintFinding, LintFindingKind, Message,
    MessagingResponse, Parameter, Pay, Play, Prompt, Record, Redirect, Say, Stream, Voice,
    VoiceResponse, ssml,
};

#[track_caller]
fn voice(document: &VoiceResponse, expected: &[(LintFindingKind, &str)]) {
    check(&document.lint(), expected);
}

#[track_caller]
fn check(findings: &[LintFinding], expected: &[(LintFindingKind, &str)]) {
    let texts: Vec<_> = findings.iter().map(ToString::to_string).collect();
    let found: Vec<_> = findings
        .iter()
        .map(LintFinding::kind)
        .zip(texts.iter().map(|t| &**t))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn a_document_without_faults_has_no_findings() {
    let document = VoiceResponse::new()
        .append(
            Gather::new()
                .timeout(Duration::from_secs(5))
                .action("https://example.com/a?b=%20c#d")
                .append(Say::new("Hi").append(ssml::Break::new().time(Duration::from_secs(10)))),
        )
        .append(Play::dtmf("12"))
        .append(Dial::new().append(Conference::new("room").wait_url("")))
        .append(Redirect::new("../next?x=1&y=2"));
    voice(&document, &[]);
    check(
        &MessagingResponse::new().append(Message::text("Hi")).lint(),
        &[],
    );
    voice(&VoiceResponse::new(), &[]);
}

#[test]
fn values_outside_their_range_are_found() {
    let document = VoiceResponse::new()
        .append(Dial::number("+14155550123").timeout(Duration::from_secs(601)))
        .append(
            Gather::new()
                .num_digits(0)
                .timeout(Duration::from_secs(1 << 40)),
        )
        .append(Record::new().max_length(Duration::from_secs(14_401)))
        .append(Say::new("Hi").append(ssml::Break::new().time(Duration::from_millis(10_001))));
    voice(
        &document,
        &[
            (
                LintFindingKind::InvalidValue,
                "Response > Dial: `timeout` is outside 5 to 600",
            ),
            (
                LintFindingKind::InvalidValue,
                "Response > Gather: `numDigits` is below 1",
            ),
            (
                LintFindingKind::InvalidValue,
                "Response > Gather: `timeout` is not a whole number, or is too large",
            ),
            (
                LintFindingKind::InvalidValue,
                "Response > Record: `maxLength` is outside 1 to 14400",
            ),
            (
                LintFindingKind::InvalidValue,
                "Response > Say > break: `time` is not a duration of at most ten seconds, such as `300ms`",
            ),
        ],
    );
}

#[test]
fn text_that_is_not_a_url_is_found() {
    for url in [
        "/a b",
        "/ü",
        "/a%2",
        "/a%zz",
        "/{id}",
        "http://a\\b",
        "/<a>",
        "/a\nb",
    ] {
        let document = VoiceResponse::new()
            .append(Redirect::new(url))
            .append(Gather::new().action(url));
        voice(
            &document,
            &[
                (
                    LintFindingKind::InvalidValue,
                    "Response > Redirect: the text holds a character that is not valid in a URL; percent-encode it",
                ),
                (
                    LintFindingKind::InvalidValue,
                    "Response > Gather: `action` holds a character that is not valid in a URL; percent-encode it",
                ),
            ],
        );
    }
}

#[test]
fn attributes_by_name_are_checked_by_the_schemas() {
    let dial = |name: &str, value: &str| {
        VoiceResponse::new().append(Dial::number("+14155550123").attribute(name, value).unwrap())
    };
    let value = LintFindingKind::InvalidValue;
    let cases = [
        (
            "method",
            "post",
            value,
            "`method` is neither `GET` nor `POST`",
        ),
        (
            "sequential",
            "yes",
            value,
            "`sequential` is neither `true` nor `false`",
        ),
        (
            "timeout",
            "-5",
            value,
            "`timeout` is not a whole number, or is too large",
        ),
        (
            "trim",
            "trim",
            value,
            "`trim` is not one of trim-silence, do-not-trim",
        ),
        (
            "recordingStatusCallbackEvent",
            "completed,absent",
            value,
            "`recordingStatusCallbackEvent` is not a list of in-progress, completed, absent",
        ),
        (
            "callerID",
            "+14155550123",
            LintFindingKind::UnknownAttribute,
            "this version does not know the attribute `callerID` here; check the \
             spelling and case of its name",
        ),
    ];
    for (name, given, kind, what) in cases {
        voice(
            &dial(name, given),
            &[(kind, &format!("Response > Dial: {what}"))],
        );
    }
    voice(&dial("trim", "do-not-trim"), &[]);
}

#[test]
fn numbers_by_name_are_checked_too() {
    let pay = |name: &str, value: &str| {
        let prompt = Prompt::new().attribute(name, value).unwrap();
        let prompt = prompt.append(Say::new("Hi"));
        VoiceResponse::new().append(Pay::new().append(prompt))
    };
    let gather = |value: &str| {
        VoiceResponse::new().append(Gather::new().attribute("speechTimeout", value).unwrap())
    };
    voice(&pay("attempt", "1 2"), &[]);
    voice(
        &pay("attempt", "1,2"),
        &[(
            LintFindingKind::InvalidValue,
            "Response > Pay > Prompt: `attempt` is not a list of whole numbers",
        )],
    );
    voice(&gather("auto"), &[]);
    voice(&gather("3"), &[]);
    voice(
        &gather("soon"),
        &[(
            LintFindingKind::InvalidValue,
            "Response > Gather: `speechTimeout` is not a whole number, or is too large",
        )],
    );
}

#[test]
fn elements_by_name_are_checked_by_the_schemas() {
    let custom = |tag: &str| CustomElement::new(tag).unwrap();
    let document = VoiceResponse::new()
        .append(custom("Brand-New").append(Say::new("Hi")))
        .append(custom("Message").append("Hi"))
        .append(custom("Gather").append("text").append(custom("Gather")))
        .append(custom("Redirect"))
        .append(custom("Play"))
        .append(custom("Connect").append(custom("Stream").append(custom("Parameter"))));
    voice(
        &document,
        &[
            (
                LintFindingKind::UnknownElement,
                "Response > Brand-New: this version does not know the element; check the spelling and case of its name",
            ),
            (
                LintFindingKind::Misplaced,
                "Response > Message: `<Message>` may not appear inside `<VoiceResponse>`",
            ),
            (
                LintFindingKind::Misplaced,
                "Response > Gather: text is not permitted here",
            ),
            (
                LintFindingKind::Misplaced,
                "Response > Gather > Gather: `<Gather>` may not appear inside `<Gather>`",
            ),
            (
                LintFindingKind::Missing,
                "Response > Redirect: requires its text",
            ),
            (
                LintFindingKind::Missing,
                "Response > Play: requires its text or `digits`",
            ),
            (
                LintFindingKind::Missing,
                "Response > Connect > Stream: requires `url` or `connectorName`",
            ),
            (
                LintFindingKind::Missing,
                "Response > Connect > Stream > Parameter: requires `name` and `value`",
            ),
        ],
    );
    check(
        &MessagingResponse::new()
            .append(custom("Say").append("Hi"))
            .lint(),
        &[(
            LintFindingKind::Misplaced,
            "Response > Say: `<Say>` may not appear inside `<MessagingResponse>`",
        )],
    );
}

#[test]
fn documents_that_are_too_long_are_found() {
    let custom = |text: String| CustomElement::new("Brand-New").unwrap().append(text);
    let unknown = (
        LintFindingKind::UnknownElement,
        "Response > Brand-New: this version does not know the element; check the spelling and case of its name",
    );
    let document = VoiceResponse::new().append(custom("x".repeat(64 * 1024)));
    voice(
        &document,
        &[
            (
                LintFindingKind::TooLong,
                "Response: the document is above 64 KB, which Twilio refuses",
            ),
            unknown,
        ],
    );
    let around = VoiceResponse::new().append(custom("x".to_owned()));
    let around = around.to_xml().len() - 1;
    let longest = VoiceResponse::new().append(custom("x".repeat(64 * 1024 - around)));
    voice(&longest, &[unknown]);
    let deep = (0..200).fold(CustomElement::new("a").unwrap(), |inner, _| {
        CustomElement::new("a").unwrap().append(inner)
    });
    let findings = VoiceResponse::new().append(deep).lint();
    assert_eq!(
        findings[0].to_string(),
        "Response: the document is deeper than 100 levels"
    );
}

#[test]
fn no_value_is_quoted() {
    let document = VoiceResponse::new()
        .append(Redirect::new("/Ann Smith"))
        .append(Say::new("Ann Smith").voice(Voice::from("Ann Smith".to_owned())))
        .append(
            Connect::new().append(
                Stream::new()
                    .url("wss://Ann Smith")
                    .append(Parameter::new("Ann Smith", "Ann Smith")),
            ),
        );
    assert!(!format!("{:?}", document.lint()).contains("Ann"));
}
