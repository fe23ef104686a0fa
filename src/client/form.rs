//! The parameters of a request: named as Twilio names them, checked as they are set.

use std::borrow::Cow;
use std::fmt;
use std::ops::RangeInclusive;
use std::time::{Duration, SystemTime};

/// Parameters in the order they were set. Their values are about people, so `Debug` shows names
/// only.
#[derive(Clone, Default, PartialEq, Eq)]
#[expect(unnameable_types, reason = "part of the sealed `Request` only")]
pub struct Form {
    pairs: Vec<(&'static str, String)>,
    faults: Vec<(&'static str, Fault)>,
}

/// Why a parameter cannot be right, without its value.
pub(super) type Fault = Cow<'static, str>;

impl Form {
    /// Sets a parameter; setting it again replaces it.
    pub(super) fn set(&mut self, name: &'static str, value: impl Into<String>) {
        self.pairs.retain(|(other, _)| *other != name);
        self.faults.retain(|(other, _)| *other != name);
        self.pairs.push((name, value.into()));
    }

    /// Adds one more value of a list parameter.
    pub(super) fn add(&mut self, name: &'static str, value: impl Into<String>) {
        self.pairs.push((name, value.into()));
    }

    /// Notes that a parameter cannot be right.
    pub(super) fn fault(&mut self, name: &'static str, fault: impl Into<Fault>) {
        self.faults.push((name, fault.into()));
    }

    /// Sets an address that Twilio is to call.
    pub(super) fn set_url(&mut self, name: &'static str, url: String) {
        let fault = url_fault(&url);
        self.set(name, url);
        self.faults.extend(fault.map(|fault| (name, fault.into())));
    }

    /// Sets or, with an empty text, clears an address that Twilio is to call.
    pub(super) fn set_link(&mut self, name: &'static str, url: String) {
        if url.is_empty() {
            self.set(name, url);
        } else {
            self.set_url(name, url);
        }
    }

    /// Adds one more address to a list parameter.
    pub(super) fn add_url(&mut self, name: &'static str, url: String) {
        let fault = url_fault(&url);
        self.add(name, url);
        self.faults.extend(fault.map(|fault| (name, fault.into())));
    }

    pub(super) fn set_number(&mut self, name: &'static str, n: u32, range: &RangeInclusive<u32>) {
        self.set(name, n.to_string());
        if !range.contains(&n) {
            let (low, high) = (range.start(), range.end());
            self.fault(name, format!("must be {low} to {high}"));
        }
    }

    pub(super) fn set_seconds(
        &mut self,
        name: &'static str,
        time: Duration,
        range: &RangeInclusive<u64>,
    ) {
        self.set(name, time.as_secs().to_string());
        if time.subsec_nanos() != 0 || !range.contains(&time.as_secs()) {
            let (low, high) = (range.start(), range.end());
            self.fault(name, format!("must be {low} to {high} whole seconds"));
        }
    }

    pub(super) fn set_millis(
        &mut self,
        name: &'static str,
        time: Duration,
        range: &RangeInclusive<u128>,
    ) {
        self.set(name, time.as_millis().to_string());
        if !range.contains(&time.as_millis()) {
            let (low, high) = (range.start(), range.end());
            self.fault(name, format!("must be {low} to {high} milliseconds"));
        }
    }

    /// Sets an instant, to the second, as Twilio's newer APIs write it.
    pub(super) fn set_time(&mut self, name: &'static str, time: SystemTime) {
        match jiff::Timestamp::try_from(time) {
            Ok(time) => self.set(name, time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()),
            Err(_) => self.fault(name, "is no date of our era"),
        }
    }

    pub(super) fn append(&mut self, other: &Self) {
        self.pairs.extend(other.pairs.iter().cloned());
        self.faults.extend(other.faults.iter().cloned());
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.pairs.iter().any(|(other, _)| *other == name)
    }

    pub(super) fn count(&self, name: &str) -> usize {
        self.pairs.iter().filter(|(n, _)| *n == name).count()
    }

    /// The first thing that cannot be right, such as `Timeout must be 1 to 600 whole seconds`.
    pub(super) fn first_fault(&self) -> Option<String> {
        self.faults
            .first()
            .map(|(name, fault)| format!("{name} {fault}"))
    }

    /// The form as Twilio wants it: percent-encoded, list parameters as repeated names.
    pub(super) fn encode(&self) -> String {
        // Pairs of texts always encode, so the fallback is never taken.
        serde_urlencoded::to_string(&self.pairs).unwrap_or_default()
    }
}

impl fmt::Debug for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set()
            .entries(self.pairs.iter().map(|(name, _)| name))
            .finish()
    }
}

fn url_fault(url: &str) -> Option<&'static str> {
    let scheme = url.split_once("://").map(|(scheme, _)| scheme);
    if !matches!(scheme, Some("http" | "https")) {
        return Some("must be an absolute http or https URL");
    }
    match url.parse::<http::Uri>() {
        Ok(uri) if url.is_ascii() && uri.host().is_some_and(|host| !host.is_empty()) => {
            // Twilio refuses such names with error 21609.
            uri.host()
                .is_some_and(|host| host.contains('_'))
                .then_some("must not have an underscore in its host name: Twilio refuses it")
        }
        _ => Some("must be a URL in ASCII: percent-encode the rest"),
    }
}
