//! Checks one value against its type and range.

use crate::twiml::schema::ValueType;
use crate::types::Method;

/// The longest `<break>` that SSML allows, in milliseconds.
const MAX_BREAK_MILLISECONDS: u64 = 10_000;

/// Says what is wrong with a value, if anything.
pub(super) fn value_problem(
    value_type: ValueType,
    range: Option<(u32, u32)>,
    value: &str,
) -> Option<String> {
    let problem = match value_type {
        ValueType::Url | ValueType::WebSocketUrl | ValueType::SipUrl if !is_url(value) => {
            "holds a character that cannot stand in a URL"
        }
        ValueType::WebSocketUrl if !has_scheme(value, &["wss://"]) => "is no absolute `wss` URL",
        ValueType::SipUrl if !has_scheme(value, &["sip:", "sips:"]) => "is no `sip:` address",
        ValueType::DtmfTones if !has_only(value, "0123456789*#wW") => {
            "holds more than the keys `0` to `9`, `*`, `#` and `w`"
        }
        ValueType::DtmfKeys if !has_only(value, DTMF_KEYS) => {
            "holds more than the keys `0` to `9`, `*` and `#`"
        }
        ValueType::DtmfKey if !has_only(value, DTMF_KEYS) || value.len() > 1 => {
            "is not one of the keys `0` to `9`, `*` and `#`"
        }
        ValueType::Method if value != Method::Get.as_str() && value != Method::Post.as_str() => {
            "is neither `GET` nor `POST`"
        }
        ValueType::Boolean if !matches!(value, "true" | "false") => "is neither `true` nor `false`",
        ValueType::Integer | ValueType::Seconds | ValueType::Milliseconds => {
            return number_problem(range, value);
        }
        ValueType::AutoOrSeconds if value != "auto" => return number_problem(range, value),
        ValueType::IntegerList if value.split(' ').any(|n| n.parse::<u32>().is_err()) => {
            "is no list of whole numbers"
        }
        ValueType::SsmlDuration if !is_ssml_duration(value) => "is no time of at most ten seconds",
        ValueType::Enum(allowed) if !allowed.contains(&value) => {
            return Some(format!("is none of {}", allowed.join(", ")));
        }
        ValueType::EnumList(allowed) if value.split(' ').any(|item| !allowed.contains(&item)) => {
            return Some(format!("is no list of {}", allowed.join(", ")));
        }
        _ => return None,
    };
    Some(problem.to_owned())
}

fn number_problem(range: Option<(u32, u32)>, value: &str) -> Option<String> {
    let Ok(number) = value.parse::<u32>() else {
        return Some("is no whole number, or too large a one".to_owned());
    };
    match range {
        Some((low, u32::MAX)) if number < low => Some(format!("is below {low}")),
        Some((low, high)) if !(low..=high).contains(&number) => {
            Some(format!("is outside {low} to {high}"))
        }
        _ => None,
    }
}

/// Whether every character can stand in a URL, absolute or relative.
///
/// Source: <https://www.rfc-editor.org/rfc/rfc3986#appendix-A>
fn is_url(text: &str) -> bool {
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let is_allowed = match byte {
            b'%' => {
                let mut digit = || rest.next().is_some_and(|b| b.is_ascii_hexdigit());
                digit() && digit()
            }
            byte => byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=".contains(&byte),
        };
        if !is_allowed {
            return false;
        }
    }
    true
}

/// The URL begins with one of these schemes, in any case, and goes on.
fn has_scheme(url: &str, schemes: &[&str]) -> bool {
    schemes.iter().any(|scheme| {
        url.split_at_checked(scheme.len())
            .is_some_and(|(start, rest)| start.eq_ignore_ascii_case(scheme) && !rest.is_empty())
    })
}

const DTMF_KEYS: &str = "0123456789*#";

fn has_only(value: &str, keys: &str) -> bool {
    value.chars().all(|key| keys.contains(key))
}

fn is_ssml_duration(value: &str) -> bool {
    let (number, scale) = match value.strip_suffix("ms") {
        Some(number) => (number, 1),
        None => (value.strip_suffix('s').unwrap_or_default(), 1_000),
    };
    number
        .parse::<u64>()
        .is_ok_and(|number| number.saturating_mul(scale) <= MAX_BREAK_MILLISECONDS)
}
