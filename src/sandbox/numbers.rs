//! Phone numbers in requests: spellings that Twilio accepts, and numbers that exist.

use crate::phone::{E164, Normalizer, NumberKind, NumberKinds, PhoneError, PhoneNumber, Region};

/// Sender of Twilio's test credentials whose texts and calls succeed.
///
/// Source: <https://www.twilio.com/docs/iam/test-credentials>
pub(crate) const VALID_MAGIC_SENDER: &str = "+15005550006";

/// Reads a number in E.164, or in a spelling of the USA such as `(415) 555-0123`, which Twilio
/// accepts too.
///
/// Source: <https://www.twilio.com/docs/voice/twiml/number>
pub(crate) fn read_number(text: &str) -> Option<E164> {
    if let Ok(number) = E164::parse(text) {
        return Some(number);
    }
    let is_separator = |c: char| matches!(c, ' ' | '-' | '.' | '(' | ')');
    let digits: String = text.chars().filter(|c| !is_separator(*c)).collect();
    if !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    match digits.len() {
        10 => E164::parse(&format!("+1{digits}")).ok(),
        11 if digits.starts_with('1') => E164::parse(&format!("+{digits}")).ok(),
        _ => None,
    }
}

/// Reports whether a number can exist, by the numbering plan. Fictitious numbers and the magic
/// numbers of Twilio's test credentials count as existing.
pub(crate) fn is_possible(number: E164) -> bool {
    number.as_str().starts_with("+1500555") || plan(number).is_some()
}

/// Returns the region of a number; `None` for a number of no region.
pub(crate) fn region_of(number: E164) -> Option<Region> {
    plan(number)?.region()
}

/// Reports whether a number is a landline, which receives no texts.
pub(crate) fn is_landline(number: E164) -> bool {
    plan(number).is_some_and(|number| number.kind() == NumberKind::FixedLine)
}

/// Reads a number in E.164 or in the national format of a region, by the numbering plan.
pub(crate) fn read_typed(text: &str, region: Region) -> Result<PhoneNumber, PhoneError> {
    Normalizer::for_region(region)
        .kinds(NumberKinds::ALL)
        .keypad_letters(true)
        .test_numbers(true)
        .normalize(text)
}

/// Returns the line type of a kind of number, in Twilio's word. A number that can be a landline or a
/// mobile is a mobile, because the simulated phones receive texts.
pub(crate) const fn line_type(kind: NumberKind) -> &'static str {
    match kind {
        NumberKind::FixedLine => "landline",
        NumberKind::Mobile | NumberKind::FixedLineOrMobile => "mobile",
        NumberKind::TollFree => "tollFree",
        NumberKind::PremiumRate => "premium",
        NumberKind::SharedCost => "sharedCost",
        NumberKind::Personal => "personal",
        NumberKind::Pager => "pager",
        NumberKind::Uan => "uan",
        NumberKind::Voicemail => "voicemail",
        // Fixed and non-fixed VoIP lines have the same numbers.
        NumberKind::Voip | NumberKind::Satellite => "unknown",
    }
}

/// Reports whether calls to a number need the permission for special numbers of high risk: premium
/// numbers, those of shared cost, and others.
///
/// Source: <https://www.twilio.com/docs/voice/api/dialingpermissions-country-resource>
pub(crate) fn is_special(number: E164) -> bool {
    use NumberKind::{Pager, Personal, PremiumRate, Satellite, SharedCost};
    plan(number).is_some_and(|number| {
        matches!(
            number.kind(),
            Pager | Personal | PremiumRate | Satellite | SharedCost
        )
    })
}

/// Reports whether a number has the country code 1.
pub(crate) fn is_north_american(number: E164) -> bool {
    number.as_str().starts_with("+1")
}

/// Reports whether a number can receive texts from an alphanumeric sender. North America accepts
/// none; other countries that do not are not known to the sandbox.
pub(crate) fn accepts_alphanumeric_senders(number: E164) -> bool {
    !is_north_american(number)
}

/// Reports whether a number is toll-free.
pub(crate) fn is_toll_free(number: E164) -> bool {
    plan(number).is_some_and(|number| number.kind() == NumberKind::TollFree)
}

fn plan(number: E164) -> Option<PhoneNumber> {
    let normalizer = Normalizer::international().test_numbers(true);
    normalizer.normalize(number.as_str()).ok()
}
