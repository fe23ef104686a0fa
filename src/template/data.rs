//! Values of one recipient, and the text that they make.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::locale::Locale;
use crate::types::Redacted;

/// Values of the merge tags for one recipient. `Debug` prints the names only.
///
/// ```
/// use clinspark_twilio::template::{Locale, MergeData};
///
/// let data = MergeData::new()
///     .locale(Locale::parse("en-AU")?)
///     .value("first_name", "Ann")
///     .fact("appointment"); // the recipient has an appointment
/// assert!(!format!("{data:?}").contains("Ann"));
/// # Ok::<(), clinspark_twilio::template::LocaleError>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct MergeData {
    locale: Option<Locale>,
    values: BTreeMap<String, String>,
    facts: BTreeSet<String>,
}

impl MergeData {
    /// Creates data without values.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the recipient's language. Default: the first text of the template.
    #[must_use]
    pub fn locale(mut self, locale: impl Into<Option<Locale>>) -> Self {
        self.locale = locale.into();
        self
    }

    /// Sets the value of a tag. Values of tags that a template does not have are ignored.
    #[must_use]
    pub fn value(mut self, tag: impl Into<String>, value: impl Into<String>) -> Self {
        self.values.insert(tag.into(), value.into());
        self
    }

    /// States that the recipient has what a template
    /// [`requires`](super::TemplateBuilder::requires), such as an appointment.
    #[must_use]
    pub fn fact(mut self, requirement: impl Into<String>) -> Self {
        self.facts.insert(requirement.into());
        self
    }

    pub(super) const fn chosen_locale(&self) -> Option<&Locale> {
        self.locale.as_ref()
    }

    pub(super) fn get(&self, tag: &str) -> Option<&str> {
        self.values.get(tag).map(String::as_str)
    }

    pub(super) fn has(&self, requirement: &str) -> bool {
        self.facts.contains(requirement)
    }
}

impl fmt::Debug for MergeData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MergeData")
            .field("locale", &self.locale)
            .field("values", &self.values.keys())
            .field("facts", &self.facts)
            .finish()
    }
}

/// Text of a template for one recipient.
///
/// `Messenger::text_template` makes and sends it in one step. The [module](super) shows an example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenderedText {
    pub(super) body: Redacted<String>,
    pub(super) locale: Locale,
}

impl RenderedText {
    /// Returns the body of the text.
    #[must_use]
    pub const fn body(&self) -> &Redacted<String> {
        &self.body
    }

    /// Returns the language of the chosen text.
    #[must_use]
    pub const fn locale(&self) -> &Locale {
        &self.locale
    }

    /// Returns the body, for sending.
    #[must_use]
    pub fn into_body(self) -> String {
        self.body.into_inner()
    }
}
