//! Default connection overrides of webhook URLs, and their comparison with those of an account.
//!
//! By default Twilio retries a webhook once, and only after a TCP or TLS failure. A STOP that is
//! answered with 503 would then be lost. The URLs that this library writes therefore request two
//! retries, also after a 5xx answer and after a read timeout.
//!
//! Source: <https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides>

use crate::types::redacted_url;
pub(crate) use crate::webhook::connection_overrides::{parse, split, without};

/// Default overrides as a fragment.
pub(crate) const DEFAULT_FRAGMENT: &str = "#rc=2&rp=5xx,ct,rt";

/// Default overrides by key. An override in the URL itself takes precedence over the same key.
const DEFAULTS: [(&str, &str); 2] = [("rc", "2"), ("rp", "5xx,ct,rt")];

/// Number of retries that Twilio makes if `rc` is not set.
const TWILIO_DEFAULT_RETRIES: u8 = 1;

/// Returns a URL with its own overrides, and the default ones for keys that it does not set.
pub(crate) fn with_default_retries(url: &str) -> String {
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

/// Returns `true` if `current` is the webhook of `wanted`, with at least its overrides.
pub(crate) fn satisfies(current: &str, wanted: &str) -> bool {
    let (base, current) = split(current);
    let (wanted_base, wanted) = split(wanted);
    // Twilio may return a comma encoded.
    let current = current
        .unwrap_or_default()
        .replace("%2C", ",")
        .replace("%2c", ",");
    let current = parse(&current).unwrap_or_default();
    let wanted = wanted.map(parse).and_then(Result::ok).unwrap_or_default();
    let is_satisfied = |(key, value): &(&str, &str)| {
        let mut found = current.iter().filter(|(other, _)| other == key);
        is_covered(key, found.next().map(|(_, value)| *value), value)
    };
    base == wanted_base && wanted.iter().all(is_satisfied)
}

/// Compares one override. More retries and more policies satisfy a default. Any other override must
/// be equal.
fn is_covered(key: &str, current: Option<&str>, wanted: &str) -> bool {
    if !DEFAULTS.contains(&(key, wanted)) {
        return current == Some(wanted);
    }
    if key == "rc" {
        let retries = current.map_or(Some(TWILIO_DEFAULT_RETRIES), |value| value.parse().ok());
        return retries >= wanted.parse().ok();
    }
    let policies: Vec<&str> = current.unwrap_or_default().split(',').collect();
    policies.contains(&"all") || wanted.split(',').all(|policy| policies.contains(&policy))
}

/// Returns `true` if a URL requests retries after a 5xx answer, a failed connection and a timeout.
pub(crate) fn requests_retries(url: &str) -> bool {
    satisfies(url, &with_default_retries(without(url)))
}

/// Redacts a URL for logs. Its overrides are not secret and stay.
pub(crate) fn redacted(url: &str) -> String {
    match split(url) {
        (base, Some(fragment)) if parse(fragment).is_ok() => {
            format!("{}#{fragment}", redacted_url(base))
        }
        _ => redacted_url(url),
    }
}
