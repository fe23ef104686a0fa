//! Parsers of settings. An error is a sentence that says what to write.

use std::collections::BTreeMap;
use std::fmt;

use zeroize::Zeroizing;

use super::error::SettingError;
use super::setting::Setting;
use super::variables::Variables;
use crate::client::messages::Sender;
use crate::client::{Delivery, Edge, ProcessingRegion, loopback_base_url};
use crate::phone::{
    CountryPrefix, E164, Normalizer, NumberKind, NumberKinds, PhoneErrorKind, Region,
};
use crate::types::{ApiKeySecret, ApiKeySid, MessagingServiceSid, stray_character};

/// Parses settings one by one and collects the errors.
pub(super) struct Reader<'b> {
    raw: &'b BTreeMap<Setting, Option<Zeroizing<String>>>,
    variables: &'b Variables,
    errors: Vec<SettingError>,
}

impl<'b> Reader<'b> {
    pub(super) const fn new(
        raw: &'b BTreeMap<Setting, Option<Zeroizing<String>>>,
        variables: &'b Variables,
    ) -> Self {
        Self {
            raw,
            variables,
            errors: Vec::new(),
        }
    }

    /// Returns all errors. Those of optional settings with a misspelt variable are last.
    pub(super) fn errors(mut self) -> Vec<SettingError> {
        for (setting, name) in self.variables.misspelt() {
            let is_reported = self.errors.iter().any(|error| error.setting == setting);
            if !is_reported && !self.is_set(setting) {
                let variable = self.variables.of(setting);
                self.add_error(
                    setting,
                    format!("is not set, but {name} is: rename it to {variable}"),
                );
            }
        }
        self.errors
    }

    fn add_error(&mut self, setting: Setting, problem: impl Into<String>) {
        self.errors.push(SettingError {
            setting,
            variable: self.variables.of(setting),
            problem: problem.into(),
        });
    }

    fn is_set(&self, setting: Setting) -> bool {
        self.raw.contains_key(&setting)
    }

    pub(super) fn optional<T, E: fmt::Display>(
        &mut self,
        setting: Setting,
        parse: impl FnOnce(&'b str) -> Result<T, E>,
    ) -> Option<T> {
        let Some(text) = self.raw.get(&setting)? else {
            self.add_error(setting, "is not UTF-8");
            return None;
        };
        match parse(text) {
            Ok(value) => Some(value),
            Err(error) => {
                let problem = match surrounding_characters(text) {
                    Some(fault) => format!("cannot be used: it {fault}"),
                    None => format!("cannot be used: {error}"),
                };
                self.add_error(setting, problem);
                None
            }
        }
    }

    pub(super) fn required<T, E: fmt::Display>(
        &mut self,
        setting: Setting,
        parse: impl FnOnce(&'b str) -> Result<T, E>,
    ) -> Option<T> {
        if !self.is_set(setting) {
            let problem = match (self.variables.aliased(setting), setting) {
                (Some(name), _) => {
                    let variable = self.variables.of(setting);
                    format!("is missing, but {name} is set: rename it to {variable}")
                }
                (None, Setting::Delivery) => format!("is missing: {DELIVERY_FORMS}"),
                (None, _) => "is missing".to_owned(),
            };
            self.add_error(setting, problem);
        }
        self.optional(setting, parse)
    }

    /// Refuses a path that another setting has already.
    pub(super) fn duplicate_path(&mut self, first: Setting, second: Setting) {
        let other = self.variables.of(first);
        self.add_error(
            second,
            format!(
                "is the same as {} ({other}): give each a path of its own, because the path tells \
                 the kind of a webhook",
                first.name()
            ),
        );
    }

    /// Parses an API key, whose SID and secret must both be set or both be absent.
    pub(super) fn api_key(&mut self) -> Option<(ApiKeySid, ApiKeySecret)> {
        if !self.is_set(Setting::ApiKeySid) && !self.is_set(Setting::ApiKeySecret) {
            return None;
        }
        let key = self.required(Setting::ApiKeySid, ApiKeySid::parse);
        let secret = self.required(Setting::ApiKeySecret, ApiKeySecret::new);
        key.zip(secret)
    }

    pub(super) fn sender(&mut self) -> Option<Sender> {
        let service = self.optional(Setting::MessagingServiceSid, MessagingServiceSid::parse);
        if !self.is_set(Setting::Number) && self.is_set(Setting::MessagingServiceSid) {
            return service.map(Sender::Service);
        }
        let number = self.required(Setting::Number, parse_number)?;
        Some(match service {
            Some(service) => Sender::NumberInService { number, service },
            None => Sender::Number(number),
        })
    }

    /// Parses region and edge. A region whose edge is not known needs one.
    pub(super) fn location(&mut self) -> (Option<ProcessingRegion>, Option<Edge>) {
        let region = self.optional(Setting::Region, ProcessingRegion::parse);
        let edge = self.optional(Setting::Edge, Edge::parse);
        let is_incomplete = region.as_ref().is_some_and(|r| r.nearest_edge().is_none());
        if is_incomplete && !self.is_set(Setting::Edge) {
            self.add_error(
                Setting::Edge,
                "is missing: the edge of this region is not known",
            );
        }
        (region, edge)
    }

    pub(super) fn normalizer(&mut self) -> Normalizer {
        let prefix = self.optional(Setting::DefaultCountryPrefix, CountryPrefix::parse);
        let region = self.optional(Setting::DefaultPhoneRegion, Region::parse);
        Normalizer::from_defaults(prefix, region).unwrap_or_else(|error| {
            self.add_error(
                Setting::DefaultPhoneRegion,
                format!("cannot be used: {error}"),
            );
            Normalizer::international()
        })
    }
}

const INCOMPLETE_NUMBER: &str = "its country has no numbers of this length; write + and the complete number, \
                     country code and area code included, such as +14155550123";

/// Describes characters around an invalid value that tools and editors often add.
fn surrounding_characters(text: &str) -> Option<&'static str> {
    let is_padded = text.trim().len() != text.len();
    is_padded
        .then_some("has blanks or a newline around it; write only the value")
        .or_else(|| stray_character(text))
}

/// Parses a complete number. A number in no numbering plan is accepted, because countries open new
/// ranges often. It is refused if it is the beginning of a number in a plan.
fn parse_number(text: &str) -> Result<E164, &'static str> {
    let number = E164::parse(text)
        .map_err(|_| "write it as + and digits without blanks, such as +14155550123")?;
    let read = |text: &str| Normalizer::international().normalize(text);
    let is_truncated = || {
        let ends = ["12345", "55555", "00000"].into_iter();
        let mut ends = ends.flat_map(|end| (1..=end.len()).filter_map(|length| end.get(..length)));
        ends.any(|end| read(&[text, end].concat()).is_ok())
    };
    match read(text).err().map(|error| error.kind()) {
        Some(PhoneErrorKind::UnknownCallingCode) => Err(
            "no country has its calling code; write + and the complete number, such as +14155550123",
        ),
        Some(
            PhoneErrorKind::TooShort
            | PhoneErrorKind::TooLong
            | PhoneErrorKind::InvalidLength
            | PhoneErrorKind::LocalOnly
            | PhoneErrorKind::ShortCode,
        ) => Err(INCOMPLETE_NUMBER),
        Some(PhoneErrorKind::NotInNumberingPlan) if is_truncated() => Err(INCOMPLETE_NUMBER),
        _ => Ok(number),
    }
}

pub(super) fn parse_flag(text: &str) -> Result<bool, &'static str> {
    match text {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err("write true or false"),
    }
}

/// Parses one of two values.
pub(super) fn parse_choice<'t, T: From<&'t str>>(
    text: &'t str,
    [one, other]: [&str; 2],
) -> Result<T, String> {
    if text == one || text == other {
        Ok(T::from(text))
    } else {
        Err(format!("write {one} or {other}"))
    }
}

pub(super) fn parse_kinds(text: &str) -> Result<NumberKinds, String> {
    text.split(',').try_fold(NumberKinds::NONE, |kinds, name| {
        let name = name.trim();
        if name == "mobiles" {
            return Ok([NumberKind::Mobile, NumberKind::FixedLineOrMobile]
                .into_iter()
                .fold(kinds, NumberKinds::with));
        }
        let mut all = NumberKind::all();
        let found = all.find(|kind| kind.as_str() == name);
        found.map(|kind| kinds.with(kind)).ok_or_else(|| {
            let names: Vec<_> = NumberKind::all().map(NumberKind::as_str).collect();
            let names = names.join(", ");
            format!("write mobiles, or a comma-separated list of: {names}")
        })
    })
}

pub(super) fn parse_base_url(text: &str) -> Result<String, &'static str> {
    loopback_base_url(text).ok_or(
        "it is not on this machine; write a URL such as http://127.0.0.1:4010, or remove it to \
         reach Twilio",
    )
}

const DELIVERY_FORMS: &str =
    "write live, off, or only: followed by numbers, such as only:+14155550123";

pub(super) fn parse_delivery(text: &str) -> Result<Delivery, String> {
    match text {
        "live" => Ok(Delivery::Live),
        "off" => Ok(Delivery::Off),
        _ => {
            let numbers = text.strip_prefix("only:").ok_or(DELIVERY_FORMS)?;
            let numbers: Result<Vec<E164>, _> = numbers
                .split(',')
                .map(|number| parse_number(number.trim()))
                .collect();
            Ok(numbers.map(Delivery::only)?)
        }
    }
}
