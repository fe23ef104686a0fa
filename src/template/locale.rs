//! Language of a text.

use std::fmt;
use std::str::FromStr;

/// Language of a template's text or of a recipient, such as `en`, `es-MX` or `zh-Hant`.
///
/// A language of two or three letters, then an optional script of four letters and an optional region of
/// two letters or three digits. The case of the input does not matter.
///
/// ```
/// use clinspark_twilio::template::Locale;
///
/// let locale = Locale::parse("ES_mx")?;
/// assert_eq!(locale.as_str(), "es-MX");
/// assert_eq!(locale.parent(), Some(Locale::parse("es")?));
/// assert!(Locale::parse("Spanish").is_err());
/// # Ok::<(), clinspark_twilio::template::LocaleError>(())
/// ```
///
/// Source: <https://www.rfc-editor.org/rfc/rfc5646>
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Locale(Box<str>);

/// Error returned when a text is not a locale. It does not repeat the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "not a locale; write a language such as en, with a script or region if needed: es-MX, zh-Hant"
)]
pub struct LocaleError(());

impl Locale {
    /// Parses a locale. The parts are separated by `-` or `_`.
    ///
    /// # Errors
    ///
    /// Returns [`LocaleError`] for any other text.
    pub fn parse(text: &str) -> Result<Self, LocaleError> {
        let mut parts = text.split(['-', '_']).peekable();
        let language = parts.next().unwrap_or_default();
        if !(2..=3).contains(&language.len()) || !is_letters(language) {
            return Err(LocaleError(()));
        }
        let mut locale = language.to_ascii_lowercase();
        if let Some(script) = parts.next_if(|part| part.len() == 4 && is_letters(part)) {
            let (first, rest) = script.split_at(1);
            locale.push('-');
            locale.push_str(&first.to_ascii_uppercase());
            locale.push_str(&rest.to_ascii_lowercase());
        }
        if let Some(region) = parts.next_if(|part| is_region(part)) {
            locale.push('-');
            locale.push_str(&region.to_ascii_uppercase());
        }
        match parts.next() {
            None => Ok(Self(locale.into())),
            Some(_) => Err(LocaleError(())),
        }
    }

    /// Returns the locale, such as `es-MX`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the locale without its last part. `None` if it is a language only.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        let (parent, _) = self.0.rsplit_once('-')?;
        Some(Self(parent.into()))
    }
}

fn is_letters(part: &str) -> bool {
    part.bytes().all(|byte| byte.is_ascii_alphabetic())
}

fn is_region(part: &str) -> bool {
    (part.len() == 2 && is_letters(part))
        || (part.len() == 3 && part.bytes().all(|byte| byte.is_ascii_digit()))
}

impl fmt::Display for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromStr for Locale {
    type Err = LocaleError;

    fn from_str(text: &str) -> Result<Self, LocaleError> {
        Self::parse(text)
    }
}
