//! Faults of a template, and of one recipient's data.

use std::fmt;

use super::locale::Locale;
use crate::sms::MAX_BODY_LENGTH;

/// Fault of a [`Template`](super::Template) or a [`Catalogue`](super::Catalogue). The message names the
/// text, the line and the tag, and quotes nothing else of the text.
///
/// ```
/// use clinspark_twilio::template::{Catalogue, Locale, Template, TemplateErrorKind};
///
/// let error = Template::builder("welcome", 1)
///     .variant(Locale::parse("en")?, "Hi\n{{ name }}")
///     .build(&Catalogue::default())
///     .unwrap_err();
/// assert_eq!(error.kind(), TemplateErrorKind::UnknownTag);
/// assert_eq!(
///     error.to_string(),
///     "text en, line 2: the catalogue has no merge tag {{ name }}; correct the name, or add the tag"
/// );
/// # Ok::<(), clinspark_twilio::template::LocaleError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateError {
    kind: TemplateErrorKind,
    locale: Option<Locale>,
    tag: Option<Box<str>>,
    line: Option<usize>,
}

/// Kind of a [`TemplateError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TemplateErrorKind {
    /// The name of a tag, a template or a requirement contains another character than a letter, digit or
    /// underscore (a template or requirement: or hyphen), does not begin with a letter, or is longer than
    /// 64 characters. Or the name of a tag is reserved, such as `true` or `none`.
    Name,
    /// Two tags of the catalogue have one name.
    DuplicateTag,
    /// The catalogue does not have a merge tag of the text. The recipient would read `{{ name }}`.
    UnknownTag,
    /// A merge tag of the text has [`Sensitivity::Health`](super::Sensitivity::Health).
    HealthTag,
    /// The text has a condition, a loop, a filter, an expression or a comment. Templates have merge tags
    /// only.
    Code,
    /// The text has a brace outside a merge tag, such as `{name}`, which would be sent as it stands.
    LoneBrace,
    /// The text has a control character other than a line break, such as a tab, or a byte order mark.
    Control,
    /// The text is blank, or longer than [`MAX_BODY_LENGTH`](crate::sms::MAX_BODY_LENGTH) as it is
    /// written, before its values are filled in.
    Length,
    /// The template has no text.
    NoVariant,
    /// Two texts of the template have one locale.
    DuplicateVariant,
}

impl TemplateError {
    pub(super) fn of_tag(kind: TemplateErrorKind, tag: &str) -> Self {
        Self {
            tag: Some(tag.into()),
            ..kind.into()
        }
    }

    pub(super) fn of_line(kind: TemplateErrorKind, line: usize) -> Self {
        Self {
            line: Some(line),
            ..kind.into()
        }
    }

    pub(super) fn on_line(self, line: usize) -> Self {
        Self {
            line: Some(line),
            ..self
        }
    }

    pub(super) fn in_text(self, locale: &Locale) -> Self {
        Self {
            locale: Some(locale.clone()),
            ..self
        }
    }

    /// Returns the kind of the fault.
    #[must_use]
    pub const fn kind(&self) -> TemplateErrorKind {
        self.kind
    }

    /// Returns the locale of the text, if one text is at fault.
    #[must_use]
    pub const fn locale(&self) -> Option<&Locale> {
        self.locale.as_ref()
    }

    /// Returns the name of the merge tag, if one is at fault.
    #[must_use]
    pub fn tag(&self) -> Option<&str> {
        self.tag.as_deref()
    }

    /// Returns the line of the text, from 1.
    #[must_use]
    pub const fn line(&self) -> Option<usize> {
        self.line
    }
}

impl From<TemplateErrorKind> for TemplateError {
    fn from(kind: TemplateErrorKind) -> Self {
        Self {
            kind,
            locale: None,
            tag: None,
            line: None,
        }
    }
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use TemplateErrorKind as Kind;
        if let Some(locale) = &self.locale {
            write!(f, "text {locale}")?;
            if let Some(line) = self.line {
                write!(f, ", line {line}")?;
            }
            f.write_str(": ")?;
        }
        let tag = self.tag.as_deref().unwrap_or_default();
        match self.kind {
            Kind::Name => f.write_str(
                "a name begins with a letter, and has up to 64 letters, digits and underscores; a \
                 template and a requirement may also have hyphens; reserved \
                 words such as true and none cannot be tags",
            ),
            Kind::DuplicateTag => write!(f, "the catalogue has the merge tag {{{{ {tag} }}}} twice"),
            Kind::UnknownTag => write!(
                f,
                "the catalogue has no merge tag {{{{ {tag} }}}}; correct the name, or add the tag"
            ),
            Kind::HealthTag => write!(
                f,
                "the merge tag {{{{ {tag} }}}} is about health, and a text is not confidential; remove \
                 the tag"
            ),
            Kind::Code => f.write_str(
                "only merge tags such as {{ first_name }} are permitted; remove the condition, loop, \
                 filter, expression or comment, and write a tag's name in letters, digits and underscores",
            ),
            Kind::LoneBrace => f.write_str(
                "a brace outside a merge tag would be sent as it stands; write {{ first_name }}",
            ),
            Kind::Control => f.write_str(
                "the text has a tab, a byte order mark or another control character; remove it",
            ),
            Kind::Length => {
                write!(f, "the text is blank, or longer than {MAX_BODY_LENGTH} characters")
            }
            Kind::NoVariant => f.write_str("the template has no text; add a variant"),
            Kind::DuplicateVariant => f.write_str("the template has two texts for this locale"),
        }
    }
}

impl std::error::Error for TemplateError {}

/// Fault of one recipient's [`MergeData`](super::MergeData). The message names the tag and never the
/// value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MergeError {
    kind: MergeErrorKind,
    name: Box<str>,
}

/// Kind of a [`MergeError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MergeErrorKind {
    /// The data has no value for a merge tag of the text.
    MissingValue,
    /// The tag does not accept the value: it is blank or too long, has a line break or a brace, or is not
    /// an `https` URL where one is required.
    InvalidValue,
    /// The text with its values is longer than [`MAX_BODY_LENGTH`](crate::sms::MAX_BODY_LENGTH). The
    /// [name](MergeError::name) is that of the template.
    TooLong,
    /// The recipient does not have what the template requires, such as an appointment.
    MissingRequirement,
}

impl MergeError {
    pub(super) fn new(kind: MergeErrorKind, name: &str) -> Self {
        Self {
            kind,
            name: name.into(),
        }
    }

    /// Returns the kind of the fault.
    #[must_use]
    pub const fn kind(&self) -> MergeErrorKind {
        self.kind
    }

    /// Returns the name of the merge tag or requirement; for [`TooLong`](MergeErrorKind::TooLong), of the
    /// template.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl fmt::Display for MergeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = &self.name;
        match self.kind {
            MergeErrorKind::MissingValue => {
                write!(
                    f,
                    "the recipient has no value for the merge tag {{{{ {name} }}}}"
                )
            }
            MergeErrorKind::InvalidValue => write!(
                f,
                "the recipient's value for the merge tag {{{{ {name} }}}} is blank, too long, or of \
                 another form than the catalogue permits"
            ),
            MergeErrorKind::TooLong => write!(
                f,
                "the text of the template {name} with the recipient's values is longer than \
                 {MAX_BODY_LENGTH} characters"
            ),
            MergeErrorKind::MissingRequirement => {
                write!(
                    f,
                    "the recipient does not have what the template requires: {name}"
                )
            }
        }
    }
}

impl std::error::Error for MergeError {}
