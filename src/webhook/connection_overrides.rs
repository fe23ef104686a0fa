//! Connection overrides in the fragment of a webhook URL: timeouts, retries and edges.
//!
//! Source: <https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides>

use std::ops::RangeInclusive;

const EDGES: [&str; 8] = [
    "ashburn",
    "dublin",
    "frankfurt",
    "sao-paulo",
    "singapore",
    "sydney",
    "tokyo",
    "umatilla",
];

/// Splits a URL or path into the part before its fragment, and the fragment.
pub(crate) fn split(url: &str) -> (&str, Option<&str>) {
    match url.split_once('#') {
        Some((base, fragment)) => (base, Some(fragment)),
        None => (url, None),
    }
}

/// Returns a URL or path without its fragment.
pub(crate) fn without(url: &str) -> &str {
    split(url).0
}

/// Parses a fragment into keys and values.
///
/// # Errors
///
/// Returns a sentence that says what to write.
pub(crate) fn parse(fragment: &str) -> Result<Vec<(&str, &str)>, &'static str> {
    let mut read: Vec<(&str, &str)> = Vec::new();
    for part in fragment.split('&') {
        let pair = part
            .split_once('=')
            .filter(|(key, value)| is_valid(key, value));
        let (key, value) = pair.ok_or(
            "after # write only Twilio's connection overrides, such as #rc=2&rp=5xx,ct,rt",
        )?;
        if read.iter().any(|(other, _)| *other == key) {
            return Err("write each connection override once");
        }
        read.push((key, value));
    }
    Ok(read)
}

fn is_valid(key: &str, value: &str) -> bool {
    let is_in = |range: RangeInclusive<u32>| {
        let digits = !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit());
        digits && value.parse().is_ok_and(|number| range.contains(&number))
    };
    let all_items = |is_one: fn(&str) -> bool| value.split(',').all(is_one);
    match key {
        "ct" => is_in(100..=10_000),
        "rt" | "tt" => is_in(100..=15_000),
        "rc" => is_in(0..=5),
        "rp" => all_items(|policy| matches!(policy, "4xx" | "5xx" | "ct" | "rt" | "all")),
        "sni" => matches!(value, "y" | "n"),
        "e" => all_items(|edge| EDGES.contains(&edge.strip_suffix("-ix").unwrap_or(edge))),
        _ => false,
    }
}
