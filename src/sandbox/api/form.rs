//! Parameters of a request, and Twilio's errors for invalid values.

use std::cmp::Ordering;
use std::time::SystemTime;

use super::error::ApiError;
use crate::phone::Address;
use crate::sandbox::state::WebhookTarget;
use crate::sandbox::webhooks;
use crate::types::Method;

/// Form fields or query parameters, in the order sent and with repeated names.
pub(super) struct Form(Vec<(String, String)>);

impl Form {
    pub(super) fn read(bytes: &[u8]) -> Self {
        Self(serde_urlencoded::from_bytes(bytes).unwrap_or_default())
    }

    pub(super) fn from_pairs(fields: &[(&str, &str)]) -> Self {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Self(fields.iter().map(owned).collect())
    }

    pub(super) fn fields(&self) -> &[(String, String)] {
        &self.0
    }

    /// Returns the value of a parameter, even if it is empty.
    pub(super) fn given(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Returns the value of a parameter that is not empty.
    pub(super) fn one(&self, name: &str) -> Option<&str> {
        self.given(name).filter(|value| !value.is_empty())
    }

    /// Returns every value of a list parameter, which is sent as a repeated name.
    pub(super) fn all(&self, name: &str) -> Vec<&str> {
        let values = self.0.iter().filter(|(key, _)| key == name);
        values.map(|(_, value)| value.as_str()).collect()
    }

    /// Rejects parameters that the operation does not have, so that a test finds a misspelt one.
    /// Twilio ignores many of them.
    pub(super) fn allow_only(&self, known: &[&str]) -> Result<(), ApiError> {
        match self
            .0
            .iter()
            .find(|(key, _)| !known.contains(&key.as_str()))
        {
            None => Ok(()),
            Some((key, _)) => Err(ApiError::bad_request(
                20001,
                format!("Unknown parameter: {key}"),
            )),
        }
    }

    /// Returns the name of a resource, at most 64 characters.
    pub(super) fn friendly_name(&self) -> Result<Option<&str>, ApiError> {
        match self.one("FriendlyName") {
            Some(name) if name.chars().count() > 64 => {
                Err(ApiError::bad_request(20002, "FriendlyName is invalid"))
            }
            name => Ok(name),
        }
    }

    /// Returns an HTTP method: `GET` or `POST`. Default `POST`.
    fn method(&self, name: &str) -> Result<Method, ApiError> {
        match self.one(name) {
            None | Some("POST") => Ok(Method::Post),
            Some("GET") => Ok(Method::Get),
            Some(_) => Err(ApiError::bad_request(
                21209,
                format!("{name} must be GET or POST"),
            )),
        }
    }

    /// Returns a URL and its HTTP method. `code` is Twilio's error for an invalid URL.
    pub(super) fn webhook(
        &self,
        url: &str,
        method: &str,
        code: u32,
    ) -> Result<Option<WebhookTarget>, ApiError> {
        self.webhook_or(url, method, code, Method::Post)
    }

    /// Returns a URL and its HTTP method, which has another default than `POST`.
    pub(super) fn webhook_or(
        &self,
        url: &str,
        method: &str,
        code: u32,
        default: Method,
    ) -> Result<Option<WebhookTarget>, ApiError> {
        let method = match self.one(method) {
            None => default,
            Some(_) => self.method(method)?,
        };
        let Some(text) = self.one(url) else {
            return Ok(None);
        };
        match webhooks::parse_url(text) {
            Some(_) => Ok(Some(WebhookTarget::new(text, method))),
            None => Err(ApiError::bad_request(
                code,
                format!("{url} is not a valid URL"),
            )),
        }
    }

    /// Returns a whole number within `bounds`. `code` is Twilio's error for any other value.
    pub(super) fn number(
        &self,
        name: &str,
        bounds: std::ops::RangeInclusive<u64>,
        code: u32,
    ) -> Result<Option<u64>, ApiError> {
        let Some(text) = self.one(name) else {
            return Ok(None);
        };
        match text.parse() {
            Ok(number) if bounds.contains(&number) => Ok(Some(number)),
            _ => Err(ApiError::bad_request(
                code,
                format!("{name} is out of range"),
            )),
        }
    }

    /// Returns a flag. Older versions of the official client for Python write `True` and `False`.
    pub(super) fn flag(&self, name: &str) -> Option<bool> {
        match self.one(name)? {
            text if text.eq_ignore_ascii_case("true") => Some(true),
            text if text.eq_ignore_ascii_case("false") => Some(false),
            _ => None,
        }
    }

    /// Rejects values of these parameters other than `true` and `false`.
    pub(super) fn check_flags(&self, names: &[&str]) -> Result<(), ApiError> {
        for name in names {
            if self.one(name).is_some() && self.flag(name).is_none() {
                let message = format!("{name} must be true or false");
                return Err(ApiError::bad_request(20422, message));
            }
        }
        Ok(())
    }

    /// Reports whether a list filter is absent or equal to `value`.
    pub(super) fn matches(&self, name: &str, value: &str) -> bool {
        self.one(name).is_none_or(|wanted| wanted == value)
    }

    /// Reports whether a list filter is absent or equal to an address.
    pub(super) fn matches_address(&self, name: &str, address: Option<&Address>) -> bool {
        // `whatsapp: 1415` and other spellings of one address are not equal at Twilio either.
        self.one(name)
            .is_none_or(|wanted| address.is_some_and(|address| address.expose() == wanted))
    }

    /// Reads the date filters `name`, `name<` and `name>`.
    pub(super) fn date_filter(&self, name: &str) -> Result<DateFilter, ApiError> {
        let day = |sign: &str| {
            let key = format!("{name}{sign}");
            let text = self.one(&key);
            text.map(|text| {
                DateBound::parse(text)
                    .ok_or_else(|| ApiError::bad_request(20422, format!("{key} is not a date")))
            })
            .transpose()
        };
        Ok(DateFilter {
            on: day("")?,
            until: day("<")?,
            since: day(">")?,
        })
    }
}

/// Date filters of a list. All bounds are inclusive.
pub(super) struct DateFilter {
    on: Option<DateBound>,
    until: Option<DateBound>,
    since: Option<DateBound>,
}

/// Bound of a date filter: a time, or a day in GMT.
#[derive(Clone, Copy)]
enum DateBound {
    Time(jiff::Timestamp),
    Day(jiff::civil::Date),
}

impl DateFilter {
    /// Reports whether a time matches. Without filters, an absent time does too.
    pub(super) fn admits(&self, time: Option<SystemTime>) -> bool {
        let stamp = time.and_then(|time| jiff::Timestamp::try_from(time).ok());
        let admits = |bound: Option<DateBound>, order: fn(Ordering) -> bool| {
            bound.is_none_or(|bound| stamp.is_some_and(|stamp| order(bound.compare(stamp))))
        };
        // The official clients write midnight for a date, and Twilio reads an exact filter as a day.
        let on = self.on.map(|bound| DateBound::Day(bound.day()));
        admits(on, Ordering::is_eq)
            && admits(self.until, Ordering::is_le)
            && admits(self.since, Ordering::is_ge)
    }
}

impl DateBound {
    fn parse(text: &str) -> Option<Self> {
        let time = text.parse().map(Self::Time);
        time.or_else(|_| text.parse().map(Self::Day)).ok()
    }

    fn day(self) -> jiff::civil::Date {
        match self {
            Self::Time(time) => day(time),
            Self::Day(day) => day,
        }
    }

    /// Compares a time with the bound, to the second or to the day.
    fn compare(self, time: jiff::Timestamp) -> Ordering {
        match self {
            Self::Time(bound) => time.as_second().cmp(&bound.as_second()),
            Self::Day(bound) => day(time).cmp(&bound),
        }
    }
}

fn day(time: jiff::Timestamp) -> jiff::civil::Date {
    time.to_zoned_datetime(jiff::tz::TimeZone::UTC).date()
}
