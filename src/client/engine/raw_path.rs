//! Path of a raw request: validated, and encoded by the client alone.
//!
//! The delivery guard judges the same segments that are sent. No spelling of a path can therefore
//! mean one resource to the guard and another to Twilio.

use std::fmt::{self, Write as _};

use http::Method;

use super::base_url::Host;
use crate::types::{AccountSid, is_sid};

/// Placeholder for the client's account.
pub(in crate::client) const ACCOUNT: &str = "{AccountSid}";

/// A complete path below a host, such as `/2010-04-01/Accounts/{AccountSid}/Balance.json`.
#[derive(Clone, PartialEq, Eq)]
#[expect(unnameable_types, reason = "part of the sealed `Request` only")]
pub struct RawPath {
    host: Host,
    segments: Vec<String>,
    fault: Option<&'static str>,
}

impl RawPath {
    pub(in crate::client) fn new(host: Host, path: &str) -> Self {
        let segments: Vec<String> = path.split('/').skip(1).map(str::to_owned).collect();
        let is_relative = !path.starts_with('/');
        // What servers read in different ways is refused: the guard must judge the path that
        // Twilio sees.
        let fault = if is_relative || segments.iter().any(String::is_empty) {
            Some("must begin with one slash, and have no empty segment or slash at its end")
        } else if segments.iter().any(|segment| is_dots(segment)) {
            Some("must not have a segment of dots only")
        } else if path.contains('?') || path.contains('#') {
            Some("must not have a query or fragment: use `param`")
        } else if path.contains('%') {
            Some("must not be percent-encoded: the client encodes it")
        } else if path.contains(is_unsafe) || segments.iter().any(|segment| has_braces(segment)) {
            Some("has a character that no path of Twilio's has")
        } else if host == Host::Api && path.strip_suffix(".json").is_none() {
            // Without the ending, this API does the work and responds in XML.
            Some("must end in .json on this host")
        } else {
            None
        };
        Self {
            host,
            segments,
            fault,
        }
    }

    pub(in crate::client) const fn host(&self) -> Host {
        self.host
    }

    /// Returns the fault of the path, if it is not valid.
    pub(in crate::client) const fn fault(&self) -> Option<&'static str> {
        self.fault
    }

    /// Returns the decoded segments.
    pub(in crate::client) fn segments(&self) -> &[String] {
        &self.segments
    }

    /// Returns the last SID in the path, except the account of the resource.
    pub(in crate::client) fn sid(&self) -> Option<&str> {
        let is_account = |at| at == 2 && self.segments.len() > 3 && self.names_account();
        let segments = self.segments.iter().enumerate().rev();
        segments
            .filter(|(at, _)| !is_account(*at))
            .map(|(_, segment)| stem(segment))
            .find(|stem| is_sid(stem))
    }

    /// Returns the last segment without `.json`.
    pub(in crate::client) fn last_segment(&self) -> Option<&str> {
        self.segments.last().map(|segment| stem(segment))
    }

    /// Returns `true` if the path belongs to one account.
    pub(in crate::client) fn names_account(&self) -> bool {
        let [version, accounts, account, ..] = self.segments.as_slice() else {
            return false;
        };
        let account = stem(account);
        self.host == Host::Api
            && version == "2010-04-01"
            && accounts == "Accounts"
            && (account == ACCOUNT || AccountSid::parse(account).is_ok())
    }

    /// Returns the encoded path for an account, or the reason for which there is none.
    pub(in crate::client) fn resolved(
        &self,
        method: &Method,
        account_sid: AccountSid,
    ) -> Result<String, &'static str> {
        if let Some(fault) = self.fault {
            return Err(fault);
        }
        let last = self.segments.len().saturating_sub(1);
        let mut path = String::new();
        for (at, segment) in self.segments.iter().enumerate() {
            let stem = stem(segment);
            let is_foreign = AccountSid::parse(stem).is_ok_and(|sid| sid != account_sid);
            // An account may look up its sub-accounts, as `FetchAccount` does.
            if is_foreign && (method != Method::GET || at != last) {
                return Err("the path names another account: use `Client::for_account`");
            }
            path.push('/');
            match segment.strip_prefix(ACCOUNT) {
                Some(ending) => {
                    path.push_str(account_sid.as_str());
                    path.push_str(ending);
                }
                None => encode(segment, &mut path),
            }
        }
        Ok(path)
    }
}

impl fmt::Debug for RawPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A path can contain phone numbers.
        f.write_str("RawPath([redacted])")
    }
}

/// Returns a segment without `.json`.
pub(in crate::client) fn stem(segment: &str) -> &str {
    segment.strip_suffix(".json").unwrap_or(segment)
}

/// Returns `true` for `.`, `..` and the like, which servers resolve in different ways.
fn is_dots(segment: &str) -> bool {
    segment.bytes().all(|b| b == b'.')
}

/// Returns `true` for a character that a server might not read as part of a segment.
fn is_unsafe(c: char) -> bool {
    // Some servers end a segment at a semicolon, some read a backslash as a slash.
    matches!(c, '\\' | ';') || c.is_control()
}

/// Returns `true` for a segment with braces that is not the placeholder of the account.
fn has_braces(segment: &str) -> bool {
    stem(segment) != ACCOUNT && segment.contains(['{', '}'])
}

/// Appends a segment, percent-encoded where needed.
fn encode(segment: &str, path: &mut String) {
    for byte in segment.bytes() {
        match byte {
            // Unlike in a query, a plus sign in a path needs no encoding.
            b'-' | b'.' | b'_' | b'~' | b'+' | b':' | b'@' => path.push(char::from(byte)),
            _ if byte.is_ascii_alphanumeric() => path.push(char::from(byte)),
            _ => {
                // Writing to a `String` cannot fail.
                let _ = write!(path, "%{byte:02X}");
            }
        }
    }
}
