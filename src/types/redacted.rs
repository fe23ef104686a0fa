//! Values that must not reach a log.

use std::fmt;

/// Personal data that prints as `[redacted]`. Read the value with [`expose`](Self::expose).
///
/// Message bodies, names and recognised speech are of this type. There is no `Display` and no
/// `Serialize`, so that a value reaches a log or a queue only on purpose.
///
/// ```
/// use clinspark_twilio::types::Redacted;
///
/// let body = Redacted::new("Your biopsy is tomorrow".to_owned());
/// assert_eq!(format!("{body:?}"), "[redacted]");
/// assert_eq!(body.expose(), "Your biopsy is tomorrow");
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Redacted<T>(T);

impl<T> Redacted<T> {
    /// Wraps a value.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// Returns the value. The caller must keep it out of logs.
    pub const fn expose(&self) -> &T {
        &self.0
    }

    /// Consumes the wrapper and returns the value.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> From<T> for Redacted<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl<T> fmt::Debug for Redacted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

const REDACTED: &str = "[redacted]";

/// Returns a URL in the form that may be logged: scheme, host, port and path.
///
/// Removed are user name and password, query, fragment, and each part of the path with five digits
/// or more, which may be a phone number. So is a part with control or invisible characters, which
/// could forge a line of a log. SIDs and dates stay. Text that is not a URL is replaced as a whole.
///
/// ```
/// use clinspark_twilio::types::redacted_url;
///
/// assert_eq!(
///     redacted_url("https://twilio:secret@acme.example.com/sms/+14155550123?lang=en"),
///     "https://acme.example.com/sms/[redacted]?[redacted]"
/// );
/// ```
#[must_use]
pub fn redacted_url(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://").filter(|(scheme, _)| is_plain(scheme)) else {
        return REDACTED.to_owned();
    };
    let (place, tail) = match rest
        .find(['?', '#'])
        .and_then(|at| rest.split_at_checked(at))
    {
        Some((place, _)) => (place, "?[redacted]"),
        None => (rest, ""),
    };
    let (authority, path) = place.split_once('/').unwrap_or((place, ""));
    let host = authority.rsplit('@').next().unwrap_or_default();
    let host = if is_plain(host) { host } else { REDACTED };
    let mut redacted = format!("{scheme}://{host}");
    // `split` yields one empty part for an empty path, so a slash is written only if there was one.
    if place.len() > authority.len() {
        redacted.push('/');
        redacted.push_str(&redacted_path(path));
    }
    redacted + tail
}

/// Returns a path without each part with five digits or more, which may be a phone number. SIDs and
/// dates stay. Parts that end beyond 512 bytes are left out, because a forger can send 64 KB of path.
pub(crate) fn redacted_path(path: &str) -> String {
    const LONGEST: usize = 512;
    let mut end = 0;
    let parts = path.split('/').map(|part| {
        end += part.len() + 1;
        if end > LONGEST + 1 {
            return None;
        }
        // Digits of any script, because some normalizers turn them into ASCII.
        let digits = part.chars().filter(|c| c.is_numeric()).count();
        let hides = digits >= 5 && !super::is_sid(part) && !is_date(part) || !is_plain(part);
        Some(if hides { REDACTED } else { part })
    });
    let mut shown: Vec<_> = parts.map_while(|part| part).collect();
    if end > LONGEST + 1 {
        shown.push("[cut]");
    }
    shown.join("/")
}

/// Returns `true` for the version of an API, such as `2010-04-01`.
/// Returns `true` for text without control characters and invisible ones, which could forge a line
/// of a log or change its order on the screen.
fn is_plain(text: &str) -> bool {
    let is_hidden =
        |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') || super::is_ignorable(c);
    !text.contains(is_hidden)
}

fn is_date(text: &str) -> bool {
    let is_digit = |at| !matches!(at, 4 | 7);
    text.len() == 10
        && text.starts_with("20")
        && text.bytes().enumerate().all(|(at, b)| {
            if is_digit(at) {
                b.is_ascii_digit()
            } else {
                b == b'-'
            }
        })
}
