//! Comparison with Twilio's own calculator. `tests/data/make_sms.js` makes the cases.

use clinspark_twilio::sms::{
    BatchPreview, Encoding, MessageSize, SizeError, non_gsm7_characters, smart_encode,
};
use serde_json::{Value, json};

const CASES: &str = include_str!("../data/sms_segments.jsonl");

#[test]
fn counts_equal_those_of_twilios_calculator() {
    let mut cases = 0;
    for line in CASES.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let body = case["body"].as_str().unwrap();
        let size = MessageSize::of(body);
        let smart = MessageSize::of(&smart_encode(body));
        let ours = json!({
            "body": body,
            "encoding": size.encoding().as_str(),
            "segments": size.segments(),
            "units": size.units(),
            "left": size.units_left(),
            "smart": [smart.encoding().as_str(), smart.segments()],
        });
        assert_eq!(ours, case);
        cases += 1;
    }
    assert!(cases >= 500, "{cases} cases");
}

#[test]
fn exactly_the_characters_of_gsm_7_are_gsm_7() {
    let basic = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?\
        ¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
    let extension = "\u{C}^{}\\[~]|€";
    assert_eq!(
        (basic.chars().count(), extension.chars().count()),
        (127, 10)
    );
    for c in '\0'..='\u{FFFF}' {
        let text = c.to_string();
        let expected = if basic.contains(c) {
            (Encoding::Gsm7, 1)
        } else if extension.contains(c) {
            (Encoding::Gsm7, 2)
        } else {
            (Encoding::Ucs2, c.len_utf16())
        };
        let size = MessageSize::of(&text);
        assert_eq!(
            (size.encoding(), size.units()),
            expected,
            "U+{:04X}",
            u32::from(c)
        );
    }
}

#[test]
fn segments_never_split_a_character() {
    // 152 septets and a euro sign of two: the whole sign moves to the second segment.
    let size = MessageSize::of(&format!("{}€{}", "a".repeat(152), "b".repeat(10)));
    assert_eq!(
        (size.segments(), size.units(), size.units_left()),
        (2, 164, 141)
    );
    // 66 units and an emoji of two.
    let size = MessageSize::of(&format!("{}😀{}", "ж".repeat(66), "ж".repeat(10)));
    assert_eq!(
        (size.segments(), size.units(), size.units_left()),
        (2, 78, 55)
    );
    // A flag, a family.
    let size = MessageSize::of(&format!("{}🇩🇪{}", "ж".repeat(65), "ж".repeat(10)));
    assert_eq!((size.segments(), size.units_left()), (2, 53));
    let size = MessageSize::of(&format!("{}👨‍👩‍👧‍👦{}", "ж".repeat(60), "ж".repeat(10)));
    assert_eq!((size.segments(), size.units_left()), (2, 46));
    // More marks than any segment holds.
    let size = MessageSize::of(&format!("a{}", "\u{301}".repeat(140)));
    assert_eq!(
        (size.segments(), size.units(), size.units_left()),
        (2, 141, 0)
    );
}

#[test]
fn one_curly_apostrophe_costs_two_segments() {
    let body = "Your visit is tomorrow at 9:00 in building B, 2nd floor. Please bring your diary, \
        and don't eat after midnight. Reply YES to confirm or call us.";
    assert_eq!(MessageSize::of(body).segments(), 1);
    let curly = body.replace('\'', "\u{2019}");
    assert_eq!(MessageSize::of(&curly).segments(), 3);
    assert_eq!(smart_encode(&curly), body);
    let forcing: Vec<_> = non_gsm7_characters(&curly).collect();
    assert_eq!(forcing.len(), 1);
    assert_eq!(forcing[0].character(), '\u{2019}');
    assert_eq!(forcing[0].replacement(), Some("'"));
    assert_eq!(curly.find('\u{2019}'), Some(forcing[0].offset()));
    assert_eq!(
        format!("{:?}", forcing[0]),
        "NonGsm7Character { offset: 89, is_replaceable: true, .. }"
    );
}

#[test]
fn the_limit_is_1600_characters() {
    let check = |text: &str| MessageSize::of(text).check();
    assert_eq!(check(&"a".repeat(1_600)), Ok(()));
    assert_eq!(check(&"😀".repeat(800)), Ok(()));
    assert_eq!(check(""), Err(SizeError::Empty));
    let error = check(&"😀".repeat(801)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the message has 1602 characters; at most 1600 can be sent"
    );
    assert_eq!(MessageSize::of(&"a".repeat(1_600)).segments(), 11);
    assert_eq!(MessageSize::of(&"ж".repeat(1_600)).segments(), 24);
}

#[test]
fn a_batch_preview_is_the_sum_of_its_texts() {
    let long = "a".repeat(1_601);
    let preview: BatchPreview = ["See you at 9.", "We\u{2019}ll call", "", &long]
        .into_iter()
        .collect();
    assert_eq!(
        (
            preview.messages,
            preview.segments,
            preview.smart_encoded_segments
        ),
        (4, 14, 14)
    );
    assert_eq!(
        (preview.ucs2_messages, preview.max_segments, preview.refused),
        (1, 11, 2)
    );
    assert_eq!(preview.cost(7_900), 110_600);
    assert_eq!(preview.cost(u64::MAX), u64::MAX);
    assert_eq!(
        [""; 0].into_iter().collect::<BatchPreview>(),
        BatchPreview::default()
    );
}
