//! Parameters of a request, and Twilio's errors for invalid values.

use std::time::SystemTime;

use super::error::ApiError;
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
        let method = self.method(method)?;
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

    /// Rejects values of these parameters other than `true` and `false`.
    pub(super) fn check_flags(&self, names: &[&str]) -> Result<(), ApiError> {
        for name in names {
            if !matches!(self.one(name), None | Some("true" | "false")) {
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

    /// Reports whether a time matches the date filters `name`, `name<` and `name>`. All bounds are
    /// inclusive. A date without a time means that day in GMT.
    pub(super) fn matches_date(
        &self,
        name: &str,
        time: Option<SystemTime>,
    ) -> Result<bool, ApiError> {
        let stamp = time.and_then(|time| jiff::Timestamp::try_from(time).ok());
        let mut matches = true;
        for sign in ["", "<", ">"] {
            let key = format!("{name}{sign}");
            let Some(text) = self.one(&key) else { continue };
            let order = if let Ok(bound) = text.parse::<jiff::Timestamp>() {
                stamp.map(|stamp| stamp.as_second().cmp(&bound.as_second()))
            } else if let Ok(bound) = text.parse::<jiff::civil::Date>() {
                let day = |stamp: jiff::Timestamp| {
                    stamp.to_zoned_datetime(jiff::tz::TimeZone::UTC).date()
                };
                stamp.map(|stamp| day(stamp).cmp(&bound))
            } else {
                return Err(ApiError::bad_request(20422, format!("{key} is not a date")));
            };
            matches &= match sign {
                "<" => order.is_some_and(std::cmp::Ordering::is_le),
                ">" => order.is_some_and(std::cmp::Ordering::is_ge),
                _ => order.is_some_and(std::cmp::Ordering::is_eq),
            };
        }
        Ok(matches)
    }
}
