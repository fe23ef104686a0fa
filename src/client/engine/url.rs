//! Checks of URLs that Twilio requests, before they are sent.

use std::iter;

use crate::types::{has_whole_escapes, is_public, parse_port};

/// Returns the reason for which Twilio cannot request a URL, if its text shows one.
pub(in crate::client) fn url_fault(url: &str) -> Option<&'static str> {
    let scheme = url.split_once("://").map(|(scheme, _)| scheme);
    if !matches!(scheme, Some("http" | "https")) {
        return Some("must be an absolute http or https URL");
    }
    let uri = url.parse::<http::Uri>().ok().filter(|_| url.is_ascii());
    let Some(authority) = uri.as_ref().and_then(http::Uri::authority) else {
        return Some("must be a valid URL in ASCII: percent-encode other characters");
    };
    if !has_whole_escapes(url) {
        // Twilio accepts such a URL and never requests it.
        return Some("has a % without two hexadecimal digits: write %25 for a percent sign");
    }
    let host = authority.host();
    if host.contains('_') {
        // Error 21609.
        return Some("must not have an underscore in its host name: Twilio rejects it");
    }
    if !is_host(host) {
        return Some("has an invalid host name, such as one with two dots in a row");
    }
    let after_host = authority.as_str().rsplit(host).next().unwrap_or_default();
    match after_host.strip_prefix(':').map(parse_port) {
        None | Some(Some(1..)) => None,
        Some(Some(0) | None) => Some("has an invalid port: use 1 to 65535"),
    }
}

/// Returns `true` if Twilio cannot reach the host of a URL.
///
/// Source: <https://www.twilio.com/docs/api/errors/21609>
pub(in crate::client) fn is_out_of_reach(url: &str) -> bool {
    let uri = url.parse::<http::Uri>();
    uri.is_ok_and(|uri| uri.host().is_some_and(|host| !is_public(host)))
}

/// Returns `true` if a host is an IP address or a valid DNS name.
///
/// Source: <https://www.rfc-editor.org/rfc/rfc1123#page-13>
fn is_host(host: &str) -> bool {
    if host.starts_with('[') {
        let address = host
            .strip_prefix('[')
            .and_then(|host| host.strip_suffix(']'));
        return address.is_some_and(|address| address.parse::<std::net::Ipv6Addr>().is_ok());
    }
    let name = host.strip_suffix('.').unwrap_or(host);
    // URL parsers read a name whose last label is a number as an IPv4 address.
    let last = name.rsplit('.').next().unwrap_or_default();
    let is_address = last.bytes().all(|b| b.is_ascii_digit());
    name.len() <= 253
        && name.split('.').all(is_label)
        && (!is_address || name.parse::<std::net::Ipv4Addr>().is_ok())
}

/// Returns `true` if a text is one label of a host name.
pub(in crate::client) fn is_label(text: &str) -> bool {
    let edge = text.starts_with('-') || text.ends_with('-');
    let plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    (1..=63).contains(&text.len()) && plain && !edge
}

/// Returns `true` if a text contains a number in E.164: a plus sign, plain or encoded, and 8 to 15
/// digits.
pub(in crate::client) fn shows_number(text: &str) -> bool {
    let after_plus = text
        .match_indices(['+', '%'])
        .filter_map(|(at, _)| {
            let rest = text.get(at..)?;
            rest.strip_prefix('+')
                .or_else(|| rest.strip_prefix("%2B"))
                .or_else(|| rest.strip_prefix("%2b"))
        })
        .map(|rest| rest.bytes().take_while(u8::is_ascii_digit).count());
    after_plus
        .into_iter()
        .any(|digits| (8..=15).contains(&digits))
}

/// Minimum number of digits, from the end of a number, that identify it. People omit the country
/// code, which has at most three digits.
const TELLING_DIGITS: usize = 7;

/// Returns `true` if a URL contains the digits of an address, such as `+14155550123` or
/// `whatsapp:+14155550123`. It finds them with or without the country code, grouped or not.
pub(in crate::client) fn shows_digits_of(url: &str, address: &str) -> bool {
    let Some((_, number)) = address.split_once('+') else {
        return false;
    };
    if number.len() < TELLING_DIGITS || !number.bytes().all(|b| b.is_ascii_digit()) {
        return false;
    }
    let kept = TELLING_DIGITS.max(number.len().saturating_sub(3));
    let national = number.get(number.len() - kept..).unwrap_or_default();
    let groups: String = decoded(url)
        .filter(|c| !matches!(c, ' ' | '-' | '.' | '(' | ')'))
        .collect();
    groups.contains(national)
}

/// Returns the characters of a URL, with percent-encoding decoded.
fn decoded(url: &str) -> impl Iterator<Item = char> {
    let mut rest = url;
    iter::from_fn(move || {
        let first = rest.chars().next()?;
        let escape = (first == '%').then(|| rest.get(1..3)).flatten();
        let digits = escape.filter(|two| two.bytes().all(|b| b.is_ascii_hexdigit()));
        let byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        let length = if byte.is_some() { 3 } else { first.len_utf8() };
        rest = rest.get(length..).unwrap_or_default();
        Some(byte.map_or(first, char::from))
    })
}
