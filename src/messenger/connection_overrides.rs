//! Connection overrides in the fragment of a webhook URL: timeouts, retries and edges.
//!
//! By default Twilio retries a webhook once, and only after a TCP or TLS failure. An answer of 503
//! to a STOP is then final. So the URLs that are written for an instance ask for two retries,
//! also after a 5xx answer and after a read timeout.
//!
//! Source: <https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides>

use std::ops::RangeInclusive;

use crate::types::redacted_url;

/// Fragment of a URL that has no overrides of its own, as it is told in findings.
pub(crate) const RETRIES: &str = "#rc=2&rp=5xx,ct,rt";

/// Overrides that a URL gets unless it has its own of the same key.
const DEFAULTS: [(&str, &str); 2] = [("rc", "2"), ("rp", "5xx,ct,rt")];

/// Retries where `rc` is not set.
const TWILIOS_RETRIES: u8 = 1;

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

/// URL or path before the fragment, and the fragment.
pub(crate) fn split(url: &str) -> (&str, Option<&str>) {
    match url.split_once('#') {
        Some((base, fragment)) => (base, Some(fragment)),
        None => (url, None),
    }
}

/// URL or path without its fragment.
pub(crate) fn without(url: &str) -> &str {
    split(url).0
}

/// Reads a fragment as keys and values.
///
/// # Errors
///
/// A sentence that says what to write.
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
    let within = |range: RangeInclusive<u32>| {
        let digits = !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit());
        digits && value.parse().is_ok_and(|number| range.contains(&number))
    };
    let each = |is_one: fn(&str) -> bool| value.split(',').all(is_one);
    match key {
        "ct" => within(100..=10_000),
        "rt" | "tt" => within(100..=15_000),
        "rc" => within(0..=5),
        "rp" => each(|policy| matches!(policy, "4xx" | "5xx" | "ct" | "rt" | "all")),
        "sni" => matches!(value, "y" | "n"),
        "e" => each(|edge| EDGES.contains(&edge.strip_suffix("-ix").unwrap_or(edge))),
        _ => false,
    }
}

/// URL with its own overrides, and the default ones for keys that it does not set.
pub(crate) fn complete(url: &str) -> String {
    let (base, fragment) = split(url);
    let own = fragment.map(parse).and_then(Result::ok).unwrap_or_default();
    let missing = DEFAULTS.into_iter();
    let missing = missing.filter(|(key, _)| own.iter().all(|(other, _)| other != key));
    let all: Vec<String> = own
        .iter()
        .copied()
        .chain(missing)
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    format!("{base}#{}", all.join("&"))
}

/// Tells whether `current` is the webhook of `wanted`, with at least its overrides. Both may set more.
pub(crate) fn meets(current: &str, wanted: &str) -> bool {
    let (base, now) = split(current);
    let (wanted_base, wanted) = split(wanted);
    // A comma may come back encoded.
    let now = now
        .unwrap_or_default()
        .replace("%2C", ",")
        .replace("%2c", ",");
    let now = parse(&now).unwrap_or_default();
    let wanted = wanted.map(parse).and_then(Result::ok).unwrap_or_default();
    let is_met = |(key, value): &(&str, &str)| {
        let mut found = now.iter().filter(|(other, _)| other == key);
        is_covered(key, found.next().map(|(_, value)| *value), value)
    };
    base == wanted_base && wanted.iter().all(is_met)
}

/// A default is met by more retries and by more policies. An own override is met by itself alone.
fn is_covered(key: &str, now: Option<&str>, wanted: &str) -> bool {
    if !DEFAULTS.contains(&(key, wanted)) {
        return now == Some(wanted);
    }
    if key == "rc" {
        let retries = now.map_or(Some(TWILIOS_RETRIES), |now| now.parse().ok());
        return retries >= wanted.parse().ok();
    }
    let now: Vec<&str> = now.unwrap_or_default().split(',').collect();
    now.contains(&"all") || wanted.split(',').all(|policy| now.contains(&policy))
}

/// Tells whether a URL requests retries after a 5xx answer, a failed connection and a timeout.
pub(crate) fn is_retried(url: &str) -> bool {
    meets(url, &complete(without(url)))
}

/// URL fit to be printed, with the overrides that it holds: they are no secret.
pub(crate) fn printed(url: &str) -> String {
    match split(url) {
        (base, Some(fragment)) if parse(fragment).is_ok() => {
            format!("{}#{fragment}", redacted_url(base))
        }
        _ => redacted_url(url),
    }
}
