//! Cookies of the application, kept for each call and each text conversation.
//!
//! Source: <https://www.twilio.com/docs/messaging/tutorials/how-to-create-sms-conversations/csharp>

use std::collections::VecDeque;
use std::time::{Duration, SystemTime};

use reqwest::Url;

/// Time without a request after which the cookies of a conversation are dropped. A call ends
/// earlier.
const LIFETIME: Duration = Duration::from_secs(4 * 60 * 60);
/// Number of conversations, of cookies in one, and of bytes in a cookie. Browsers have such limits
/// too.
const MAX_CONVERSATIONS: usize = 1000;
const MAX_COOKIES: usize = 50;
const MAX_BYTES: usize = 4096;

/// Cookies by conversation, the one used last at the end.
#[derive(Default)]
pub(crate) struct Cookies(VecDeque<Conversation>);

struct Conversation {
    key: String,
    used: SystemTime,
    cookies: Vec<Cookie>,
}

#[derive(PartialEq)]
struct Cookie {
    name: String,
    value: String,
    host: String,
    path: String,
    is_secure: bool,
    expires: Option<SystemTime>,
}

impl Cookies {
    /// Returns the value of `Cookie` for a request, or `None` without a cookie.
    pub(crate) fn header(&mut self, key: &str, url: &Url, now: SystemTime) -> Option<String> {
        let conversation = self.0.iter_mut().find(|found| found.key == key)?;
        if now.duration_since(conversation.used).unwrap_or_default() > LIFETIME {
            conversation.cookies.clear();
        }
        conversation.used = now;
        let cookies = conversation.cookies.iter();
        let mut sent: Vec<_> = cookies.filter(|cookie| cookie.is_for(url, now)).collect();
        // A cookie with a longer path is sent first (RFC 6265, section 5.4).
        sent.sort_by_key(|cookie| std::cmp::Reverse(cookie.path.len()));
        let pairs = sent
            .iter()
            .map(|cookie| format!("{}={}", cookie.name, cookie.value));
        let header = pairs.collect::<Vec<_>>().join("; ");
        (!header.is_empty()).then_some(header)
    }

    /// Stores a cookie from a value of `Set-Cookie`. A malformed one is ignored.
    pub(crate) fn store(&mut self, key: &str, url: &Url, header: &str, now: SystemTime) {
        let Some(cookie) = Cookie::parse(header, url, now) else {
            return;
        };
        let found = self.0.iter().position(|found| found.key == key);
        let mut conversation = found
            .and_then(|index| self.0.remove(index))
            .unwrap_or_else(|| Conversation {
                key: key.to_owned(),
                used: now,
                cookies: Vec::new(),
            });
        let cookies = &mut conversation.cookies;
        cookies.retain(|old| {
            (&old.name, &old.host, &old.path) != (&cookie.name, &cookie.host, &cookie.path)
        });
        if cookie.expires.is_none_or(|expires| expires > now) && cookies.len() < MAX_COOKIES {
            cookies.push(cookie);
        }
        conversation.used = now;
        if self.0.len() >= MAX_CONVERSATIONS {
            self.0.pop_front();
        }
        self.0.push_back(conversation);
    }
}

impl Cookie {
    fn parse(header: &str, url: &Url, now: SystemTime) -> Option<Self> {
        let mut parts = header.split(';');
        let (name, value) = parts.next()?.split_once('=')?;
        let (name, value) = (name.trim(), value.trim());
        if name.is_empty() || header.len() > MAX_BYTES {
            return None;
        }
        // The default path is the folder of the URL (RFC 6265, section 5.1.4).
        let folder = url.path().rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut cookie = Self {
            name: name.to_owned(),
            value: value.to_owned(),
            host: url.host_str()?.to_owned(),
            path: if folder.is_empty() { "/" } else { folder }.to_owned(),
            is_secure: false,
            expires: None,
        };
        let mut max_age = None;
        for part in parts {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let value = value.trim();
            match name.trim().to_ascii_lowercase().as_str() {
                "path" if value.starts_with('/') => value.clone_into(&mut cookie.path),
                "secure" => cookie.is_secure = true,
                "max-age" => max_age = value.parse::<i64>().ok(),
                "expires" => {
                    let date = jiff::fmt::rfc2822::parse(value).ok();
                    cookie.expires = date.and_then(|date| date.timestamp().try_into().ok());
                }
                _ => {}
            }
        }
        // `Max-Age` outranks `Expires`.
        if let Some(seconds) = max_age {
            let age = Duration::from_secs(u64::try_from(seconds).unwrap_or(0));
            cookie.expires = now.checked_add(age);
        }
        Some(cookie)
    }

    fn is_for(&self, url: &Url, now: SystemTime) -> bool {
        let is_below = url
            .path()
            .strip_prefix(self.path.as_str())
            .is_some_and(|rest| {
                rest.is_empty() || rest.starts_with('/') || self.path.ends_with('/')
            });
        is_below
            && url.host_str() == Some(self.host.as_str())
            && (!self.is_secure || url.scheme() == "https")
            && self.expires.is_none_or(|expires| expires > now)
    }
}
