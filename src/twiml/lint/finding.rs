//! Finding of `lint`: kind, path and message.

use std::fmt;

/// Fault in a document that Twilio would refuse or warn about.
///
/// The message names elements and attributes but quotes no value, because a document may hold
/// personal data.
///
/// ```
/// use clinspark_twilio::twiml::{Dial, LintFindingKind, VoiceResponse};
///
/// let document = VoiceResponse::new()
///     .append(Dial::number("+14155550123").action("/after dial"));
/// let findings = document.lint();
/// assert_eq!(findings[0].kind(), LintFindingKind::InvalidValue);
/// assert_eq!(findings[0].attribute(), Some("action"));
/// assert_eq!(
///     findings[0].to_string(),
///     "Response > Dial: `action` holds a character that is not valid in a URL; percent-encode it",
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LintFinding {
    pub(super) kind: LintFindingKind,
    pub(super) path: String,
    pub(super) attribute: Option<String>,
    pub(super) message: String,
}

/// Kind of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LintFindingKind {
    /// The element is unknown to this version. Twilio may ignore or refuse it.
    UnknownElement,
    /// The attribute is unknown on this element to this version. Names are case-sensitive.
    UnknownAttribute,
    /// The element or text appears where Twilio does not accept it.
    Misplaced,
    /// The value is outside its range, has the wrong format, or is not one of the permitted values.
    InvalidValue,
    /// A required attribute, or the text of an element, is missing.
    Missing,
    /// The document is above 64 KB.
    TooLong,
}

impl LintFinding {
    /// Returns the kind of fault, for matching.
    #[must_use]
    pub const fn kind(&self) -> LintFindingKind {
        self.kind
    }

    /// Returns the path of the element, such as `Response > Dial > Number`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns the name of the attribute at fault, or `None` if the fault is in the element.
    #[must_use]
    pub fn attribute(&self) -> Option<&str> {
        self.attribute.as_deref()
    }
}

impl fmt::Display for LintFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.message)
    }
}
