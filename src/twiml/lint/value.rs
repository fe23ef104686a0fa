//! Check of one value against its type and range.

use crate::twiml::schema::ValueType;
use crate::types::Method;

/// Longest `<break>` that SSML permits, in milliseconds.
const MAX_BREAK_MILLISECONDS: u64 = 10_000;

/// Describes the fault of a value, if it has one.
pub(super) fn value_problem(
    value_type: ValueType,
    range: Option<(u32, u32)>,
    value: &str,
) -> Option<String> {
    let problem = match value_type {
        ValueType::Url | ValueType::WebSocketUrl | ValueType::SipUrl if !is_url(value) => {
            "holds a character that is not valid in a URL; percent-encode it"
        }
        ValueType::WebSocketUrl if !has_scheme(value, &["wss://"]) => {
            "is not an absolute `wss` URL"
        }
        ValueType::SipUrl if !has_scheme(value, &["sip:", "sips:"]) => "is not a `sip:` address",
        ValueType::DtmfTones if !has_only(value, "0123456789*#wW") => {
            "holds more than the keys `0` to `9`, `*`, `#`, `w` and `W`"
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
            "is not a list of whole numbers"
        }
        ValueType::SsmlDuration if !is_ssml_duration(value) => {
            "is not a duration of at most ten seconds, such as `300ms`"
        }
        ValueType::Enum(allowed) if !allowed.contains(&value) => {
            return Some(format!("is not one of {}", allowed.join(", ")));
        }
        ValueType::EnumList(allowed) if value.split(' ').any(|item| !allowed.contains(&item)) => {
            return Some(format!("is not a list of {}", allowed.join(", ")));
        }
        _ => return None,
    };
    Some(problem.to_owned())
}

fn number_problem(range: Option<(u32, u32)>, value: &str) -> Option<String> {
    let Ok(number) = value.parse::<u32>() else {
        return Some("is not a whole number, or is too large".to_owned());
    };
    match range {
        Some((low, u32::MAX)) if number < low => Some(format!("is below {low}")),
        Some((low, high)) if !(low..=high).contains(&number) => {
            Some(format!("is outside {low} to {high}"))
        }
        _ => None,
    }
}

/// Returns `true` if every character is valid in a URL, absolute or relative.
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

/// Returns `true` if the URL begins with one of these schemes, in any case, and continues.
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
