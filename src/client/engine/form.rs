//! Parameters of a request, with Twilio's names. Values are checked when they are set.
//!
//! Values that depend on the time, such as a scheduled time, are checked when the request is run.

use std::borrow::Cow;
use std::fmt;
use std::ops::RangeInclusive;
use std::time::{Duration, SystemTime};

use super::schedule;
use super::url::{self, is_out_of_reach, shows_number, url_fault};

/// Parameters in the order in which they were set. `Debug` shows their names only, because their
/// values contain personal data.
#[derive(Clone, Default, PartialEq, Eq)]
#[expect(unnameable_types, reason = "part of the sealed `Request` only")]
pub struct Form {
    pairs: Vec<(&'static str, String)>,
    /// Parameters that the crate does not know. `Debug` hides their names too, because the caller
    /// chooses them.
    extras: Vec<(String, String)>,
    faults: Vec<(&'static str, Fault)>,
    scheduled: Option<(&'static str, SystemTime)>,
    /// Body of a JSON request. Its parameters are in the query.
    json: Option<String>,
    /// Maximum number of retries of the request.
    retries: Option<u32>,
}

/// Description of an invalid parameter, without its value: errors are logged.
pub(in crate::client) type Fault = Cow<'static, str>;

impl Form {
    /// Sets a parameter; setting it again replaces it.
    pub(in crate::client) fn set(&mut self, name: &'static str, value: impl Into<String>) {
        self.pairs.retain(|(other, _)| *other != name);
        self.faults.retain(|(other, _)| *other != name);
        self.pairs.push((name, value.into()));
    }

    /// Adds one more value of a list parameter.
    pub(in crate::client) fn add(&mut self, name: &'static str, value: impl Into<String>) {
        self.pairs.push((name, value.into()));
    }

    /// Records that a parameter is invalid.
    pub(in crate::client) fn fault(&mut self, name: &'static str, fault: impl Into<Fault>) {
        self.faults.push((name, fault.into()));
    }

    /// Adds a value to a parameter with comma-separated values.
    pub(in crate::client) fn join(&mut self, name: &'static str, word: &str) {
        match self.pairs.iter_mut().find(|(other, _)| *other == name) {
            Some((_, words)) => {
                words.push(',');
                words.push_str(word);
            }
            None => self.set(name, word),
        }
    }

    /// Adds a parameter that the crate does not know.
    pub(in crate::client) fn add_extra(&mut self, name: String, value: String) {
        self.extras.push((name, value));
    }

    /// Sets the body of a JSON request.
    pub(in crate::client) fn set_json(&mut self, json: String) {
        self.json = Some(json);
    }

    pub(in crate::client) fn json(&self) -> Option<&str> {
        self.json.as_deref()
    }

    /// Returns `true` if there are parameters that the crate does not know.
    pub(in crate::client) const fn has_extras(&self) -> bool {
        !self.extras.is_empty()
    }

    /// Lowers the maximum number of retries. It cannot be raised again.
    pub(in crate::client) fn narrow_retries(&mut self, at_most: u32) {
        self.retries = Some(self.retries.map_or(at_most, |other| other.min(at_most)));
    }

    pub(in crate::client) const fn retries(&self) -> Option<u32> {
        self.retries
    }

    /// Refuses extra parameters that the request has itself: they would bypass its checks and
    /// [`Delivery`](crate::client::Delivery).
    pub(in crate::client) fn check_extras(&mut self, own: &[&[&'static str]]) {
        self.check_extras_of("extra_param", own);
    }

    /// Does the same for a setter of this name.
    pub(in crate::client) fn check_extras_of(
        &mut self,
        setter: &'static str,
        own: &[&[&'static str]],
    ) {
        let taken = |name: &str| {
            own.iter()
                .flat_map(|group| group.iter())
                .chain(self.pairs.iter().map(|(other, _)| other))
                .any(|other| other.eq_ignore_ascii_case(name))
        };
        // Twilio does not document which of the two counts.
        let has_other_case = |name: &str| {
            let mut others = self.extras.iter().map(|(other, _)| other.as_str());
            others.any(|other| other != name && other.eq_ignore_ascii_case(name))
        };
        let fault = self.extras.iter().find_map(|(name, _)| {
            if !is_parameter_name(name) {
                Some("has an invalid name: Twilio's names consist of letters and digits")
            } else if taken(name) {
                Some("names a parameter that the request already has: use its setter")
            } else if has_other_case(name) {
                Some("names a parameter twice, in different case")
            } else {
                None
            }
        });
        if let Some(fault) = fault {
            self.fault(setter, fault);
        }
    }

    /// Sets a friendly name, which everyone with access to the account can read.
    pub(in crate::client) fn set_name(&mut self, name: &'static str, value: String) {
        // Also finds a number that is written in groups.
        let joined = value.replace([' ', '-', '.', '(', ')', '/'], "");
        let fault = if shows_number(&value) || shows_number(&joined) {
            Some("must not contain a phone number: everyone in the account can read it")
        } else if value.chars().count() > LONGEST_NAME {
            Some("must have at most 64 characters")
        } else {
            None
        };
        self.set(name, value);
        self.faults.extend(fault.map(|fault| (name, fault.into())));
    }

    /// Sets an amount of money.
    pub(in crate::client) fn set_decimal(&mut self, name: &'static str, value: String) {
        let (whole, part) = value.split_once('.').unwrap_or((&value, "0"));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let fits = digits(whole) && digits(part);
        self.set(name, value);
        if !fits {
            self.fault(name, "must be a decimal number such as 0.05");
        }
    }

    /// Sets a URL that Twilio requests.
    pub(in crate::client) fn set_url(&mut self, name: &'static str, url: String) {
        let fault = callback_fault(&url);
        self.set(name, url);
        self.faults.extend(fault.map(|fault| (name, fault.into())));
    }

    /// Sets a URL that Twilio requests, or clears it if the text is empty.
    pub(in crate::client) fn set_link(&mut self, name: &'static str, url: String) {
        if url.is_empty() {
            self.set(name, url);
        } else {
            self.set_url(name, url);
        }
    }

    /// Adds one more URL to a list parameter.
    pub(in crate::client) fn add_url(&mut self, name: &'static str, url: String) {
        let fault = url_fault(&url);
        self.add(name, url);
        self.faults.extend(fault.map(|fault| (name, fault.into())));
    }

    /// Adds a value to a parameter of a raw request, with the check of its name: URLs end in `Url`
    /// or `Callback`.
    pub(in crate::client) fn add_checked(&mut self, name: &'static str, value: String) {
        let is_callback =
            (name.ends_with("Url") || name.ends_with("Callback")) && name != "MediaUrl";
        let fault = (is_callback && !value.is_empty()).then(|| callback_fault(&value));
        self.add(name, value);
        let fault = fault.flatten();
        self.faults.extend(fault.map(|fault| (name, fault.into())));
    }

    pub(in crate::client) fn set_number(
        &mut self,
        name: &'static str,
        n: u32,
        range: &RangeInclusive<u32>,
    ) {
        self.set(name, n.to_string());
        if !range.contains(&n) {
            let (low, high) = (range.start(), range.end());
            self.fault(name, format!("must be {low} to {high}"));
        }
    }

    pub(in crate::client) fn set_seconds(
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

    pub(in crate::client) fn set_millis(
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

    /// Sets a time in whole seconds, in the format of Twilio's newer APIs.
    pub(in crate::client) fn set_time(&mut self, name: &'static str, time: SystemTime) {
        match jiff::Timestamp::try_from(time) {
            Ok(time) => self.set(name, time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()),
            Err(_) => self.fault(name, "is outside the supported date range"),
        }
    }

    /// Sets a date, in UTC.
    pub(in crate::client) fn set_day(&mut self, name: &'static str, time: SystemTime) {
        match jiff::Timestamp::try_from(time) {
            Ok(time) => self.set(name, time.strftime("%Y-%m-%d").to_string()),
            Err(_) => self.fault(name, "is outside the supported date range"),
        }
    }

    /// Sets the time at which Twilio is to act. Twilio's window for it is checked when the request
    /// is sent.
    pub(in crate::client) fn set_schedule(&mut self, name: &'static str, time: SystemTime) {
        self.set_time(name, time);
        self.scheduled = Some((name, time));
    }

    pub(in crate::client) fn append(&mut self, other: &Self) {
        self.pairs.extend(other.pairs.iter().cloned());
        self.extras.extend(other.extras.iter().cloned());
        self.faults.extend(other.faults.iter().cloned());
        self.scheduled = self.scheduled.or(other.scheduled);
        self.json = self.json.take().or_else(|| other.json.clone());
    }

    /// Returns the time at which Twilio is to act, if it was set.
    pub(in crate::client) const fn scheduled(&self) -> Option<SystemTime> {
        match self.scheduled {
            Some((_, time)) => Some(time),
            None => None,
        }
    }

    pub(in crate::client) fn has(&self, name: &str) -> bool {
        self.pairs.iter().any(|(other, _)| *other == name)
    }

    pub(in crate::client) fn has_extra(&self, name: &str) -> bool {
        self.extras.iter().any(|(other, _)| other == name)
    }

    pub(in crate::client) fn has_extra_in_any_case(&self, name: &str) -> bool {
        let mut extras = self.extras.iter();
        extras.any(|(other, _)| other.eq_ignore_ascii_case(name))
    }

    pub(in crate::client) fn value(&self, name: &str) -> Option<&str> {
        let pair = self.pairs.iter().find(|(other, _)| *other == name);
        pair.map(|(_, value)| value.as_str())
    }

    /// Returns the names of the parameters that the crate knows.
    pub(in crate::client) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.pairs.iter().map(|(name, _)| *name)
    }

    /// Returns all values of a list parameter.
    pub(in crate::client) fn values(&self, name: &str) -> impl Iterator<Item = &str> {
        let pairs = self.pairs.iter().filter(move |(other, _)| *other == name);
        pairs.map(|(_, value)| value.as_str())
    }

    pub(in crate::client) fn count(&self, name: &str) -> usize {
        self.pairs.iter().filter(|(n, _)| *n == name).count()
    }

    /// Returns the first fault, such as `Timeout must be 1 to 600 whole seconds`. `is_local` is
    /// `true` for a server on this machine, which can request URLs on loopback addresses.
    pub(in crate::client) fn first_fault(&self, now: SystemTime, is_local: bool) -> Option<String> {
        let scheduled = || {
            let (name, time) = self.scheduled?;
            Some((name, schedule::fault(now, time)?.into()))
        };
        let first = self.faults.first().cloned();
        first
            .or_else(scheduled)
            .or_else(|| self.callback_fault(is_local))
            .map(|(name, fault)| format!("{name} {fault}"))
    }

    /// Returns the first fault of the URLs that Twilio requests. The names of their parameters end
    /// in `Url` or `Callback`.
    fn callback_fault(&self, is_local: bool) -> Option<(&'static str, Fault)> {
        let is_url = |name: &str| name.ends_with("Url") || name.ends_with("Callback");
        let urls = self.pairs.iter().filter(|(name, _)| is_url(name));
        let to = self.value("To");
        urls.into_iter().find_map(|(name, url)| {
            let fault = if !is_local && is_out_of_reach(url) {
                "names a host that Twilio cannot reach: use a public host"
            } else if *name != "MediaUrl" && to.is_some_and(|to| url::shows_digits_of(url, to)) {
                "must not contain the recipient's number: use an id of your own"
            } else {
                return None;
            };
            Some((*name, fault.into()))
        })
    }

    /// Returns the form in Twilio's encoding: percent-encoded, list parameters as repeated names.
    pub(in crate::client) fn encode(&self) -> String {
        let pairs = self.pairs.iter().map(|(name, value)| (*name, value));
        let extras = self
            .extras
            .iter()
            .map(|(name, value)| (name.as_str(), value));
        let all: Vec<(&str, &String)> = pairs.chain(extras).collect();
        // Pairs of strings always encode, so the fallback is never used.
        serde_urlencoded::to_string(all).unwrap_or_default()
    }
}

/// Returns the fault of a URL that Twilio requests.
fn callback_fault(url: &str) -> Option<&'static str> {
    url_fault(url).or_else(|| {
        // Access logs of every server on the way would contain the number.
        shows_number(url).then_some("must not contain a phone number: use an id of your own")
    })
}

/// Maximum number of characters of a friendly name.
const LONGEST_NAME: usize = 64;

/// Returns `true` for a name in Twilio's form: `PascalCase`, with `<` or `>` at the end of a date
/// filter.
fn is_parameter_name(name: &str) -> bool {
    let letters = name.strip_suffix(['<', '>']).unwrap_or(name);
    letters.starts_with(|c: char| c.is_ascii_alphabetic())
        && letters
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'.')
}

impl fmt::Debug for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set()
            .entries(self.pairs.iter().map(|(name, _)| name))
            .finish()
    }
}
