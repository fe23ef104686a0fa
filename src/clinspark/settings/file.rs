//! Settings in files. Reading needs no extra step; writing requires an explicit call.

use std::fmt;

use serde::de::{self, MapAccess, Visitor};
use serde::ser::SerializeMap as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::Zeroizing;

use super::builder::SettingsBuilder;
use super::raw_settings::RawSettings;
use super::setting::Setting;
use super::values::Settings;
use super::variables::{Variables, nearest};

/// Settings in a form that can be serialised, with tokens, secrets and numbers.
///
/// Created by [`Settings::expose`]. [`Settings`] itself cannot be serialised, so that no secret is
/// written by accident. [`Settings`] deserialises the serialised form.
///
/// ```
/// use clinspark_twilio::clinspark::Settings;
///
/// let settings = Settings::builder()
///     .domain("demo")
///     .account_sid("AC00000000000000000000000000000001")
///     .auth_token("the-auth-token")
///     .number("+14155550123")
///     .delivery("off")
///     .build()?;
/// let file = serde_json::to_string(&settings.expose())?;
/// let read: Settings = serde_json::from_str(&file)?;
/// assert_eq!(read.origin().as_str(), "https://demo.clinspark.com");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct ExposedSettings<'s>(&'s Settings);

impl Settings {
    /// Returns the settings in a form that can be serialised, including all secrets. The caller is
    /// responsible for storing it safely.
    #[must_use]
    pub const fn expose(&self) -> ExposedSettings<'_> {
        ExposedSettings(self)
    }
}

impl fmt::Debug for ExposedSettings<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ExposedSettings([redacted])")
    }
}

impl Serialize for ExposedSettings<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let raw = &self.0.raw.0;
        let mut map = serializer.serialize_map(Some(raw.len()))?;
        for (setting, value) in raw {
            map.serialize_entry(setting.name(), &value.as_ref().map(|text| text.as_str()))?;
        }
        map.end()
    }
}

/// Deserialises from a map of names ([`Setting::name`]) to values, such as a section of a
/// configuration file. The error lists all faults, and contains no value.
impl<'de> Deserialize<'de> for Settings {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let builder = SettingsBuilder::deserialize(deserializer)?;
        builder.build().map_err(de::Error::custom)
    }
}

impl<'de> Deserialize<'de> for SettingsBuilder {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(SettingsVisitor)
    }
}

struct SettingsVisitor;

impl<'de> Visitor<'de> for SettingsVisitor {
    type Value = SettingsBuilder;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map of settings")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut raw = RawSettings::default();
        while let Some(Name(setting)) = map.next_key()? {
            let Value(value) = map.next_value()?;
            // An empty value counts as absent, as in the environment.
            let Some(value) = value.filter(|value| !value.is_empty()) else {
                continue;
            };
            if raw.0.insert(setting, Some(value)).is_some() {
                return Err(de::Error::duplicate_field(setting.name()));
            }
        }
        Ok(SettingsBuilder {
            raw,
            variables: Variables::default(),
        })
    }
}

/// Name of a setting. A misspelt name is refused, because its value would be ignored silently.
struct Name(Setting);

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NameVisitor;
        impl Visitor<'_> for NameVisitor {
            type Value = Name;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of a setting")
            }

            fn visit_str<E: de::Error>(self, name: &str) -> Result<Name, E> {
                let mut all = Setting::ALL.iter();
                let found = all.find(|setting| setting.name() == name);
                found.map(|setting| Name(*setting)).ok_or_else(|| {
                    // The message does not quote the name, because a secret may have been pasted.
                    let names: Vec<&str> = Setting::ALL.iter().map(|s| s.name()).collect();
                    let suggestion = nearest(name, Setting::name)
                        .map_or(String::new(), |setting| {
                            format!("; the intended name is probably {}", setting.name())
                        });
                    E::custom(format_args!(
                        "the name of a setting is not one of: {}{suggestion}",
                        names.join(", ")
                    ))
                })
            }
        }
        deserializer.deserialize_identifier(NameVisitor)
    }
}

/// Value as text. Numbers and booleans are converted to text. Any other type is refused without
/// showing the value.
struct Value(Option<Zeroizing<String>>);

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ValueVisitor;
        impl Visitor<'_> for ValueVisitor {
            type Value = Value;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text, a whole number, true or false")
            }

            fn visit_str<E>(self, text: &str) -> Result<Value, E> {
                Ok(Value(Some(Zeroizing::new(text.to_owned()))))
            }

            fn visit_string<E>(self, text: String) -> Result<Value, E> {
                Ok(Value(Some(Zeroizing::new(text))))
            }

            fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
                Ok(Value(Some(Zeroizing::new(value.to_string()))))
            }

            fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
                Ok(Value(Some(Zeroizing::new(number.to_string()))))
            }

            fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
                Ok(Value(Some(Zeroizing::new(number.to_string()))))
            }

            fn visit_unit<E>(self) -> Result<Value, E> {
                Ok(Value(None))
            }

            fn visit_none<E>(self) -> Result<Value, E> {
                Ok(Value(None))
            }
        }
        deserializer.deserialize_any(ValueVisitor)
    }
}
