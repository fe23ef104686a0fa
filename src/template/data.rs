//! Values of one recipient, and the text that they make.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::locale::Locale;
use crate::sms::MessageSize;
use crate::types::Redacted;

/// Values of the merge tags for one recipient. `Debug` prints the names of the tags, and only the number of
/// facts, because a fact such as `diabetes-cohort` is about a person's health.
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

    /// Sets the recipient's language, `None` if it is unknown. Default: the first text of the template.
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

    /// Sets the values of several tags, such as the columns of a row.
    ///
    /// ```
    /// use std::collections::HashMap;
    ///
    /// use clinspark_twilio::template::MergeData;
    ///
    /// let row = HashMap::from([("first_name", "Ann"), ("visit_time", "9:00")]);
    /// let data = MergeData::new().values(row);
    /// # assert_eq!(data, MergeData::new().value("visit_time", "9:00").value("first_name", "Ann"));
    /// ```
    #[must_use]
    pub fn values<T: Into<String>, V: Into<String>>(
        mut self,
        values: impl IntoIterator<Item = (T, V)>,
    ) -> Self {
        let values = values.into_iter();
        self.values
            .extend(values.map(|(tag, value)| (tag.into(), value.into())));
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
            .field("facts", &self.facts.len())
            .finish()
    }
}

/// Text of a template for one recipient.
///
/// `Messenger::text_template` renders and sends in one step. The [module](super) shows an example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenderedText {
    pub(super) body: Redacted<String>,
    pub(super) locale: Locale,
}

impl RenderedText {
    /// Returns the body of the text, which prints as `[redacted]`. [`expose`](Redacted::expose) returns it,
    /// for a preview.
    #[must_use]
    pub const fn body(&self) -> &Redacted<String> {
        &self.body
    }

    /// Returns the encoding and the number of segments, for a preview.
    ///
    /// ```
    /// use clinspark_twilio::sms::Encoding;
    /// use clinspark_twilio::template::{Catalogue, Locale, MergeData, Sensitivity, Tag, Template};
    ///
    /// let name = Tag::text("first_name", Sensitivity::Personal)?;
    /// let template = Template::builder("welcome", 1)
    ///     .variant(Locale::parse("en")?, "Welcome {{ first_name }}!")
    ///     .build(&Catalogue::new([name])?)?;
    /// let size = |name| template.render(&MergeData::new().value("first_name", name)).map(|it| it.size());
    /// assert_eq!(size("Ann")?.encoding(), Encoding::Gsm7);
    /// assert_eq!(size("Zoë")?.encoding(), Encoding::Ucs2); // one letter decides for the whole text
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn size(&self) -> MessageSize {
        MessageSize::of(self.body.expose())
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
