//! A finding of `lint`: its kind, where it is, and a sentence about it.

use std::fmt;

/// Something in a document that Twilio would refuse or warn about.
///
/// It names elements and attributes, and quotes no value: a document says things about a person.
///
/// ```
/// use clinspark_twilio::twiml::{Dial, LintFindingKind, VoiceResponse};
///
/// let document = VoiceResponse::new()
///     .append(Dial::number("+14155550123").action("/after dial"));
/// let findings = document.lint();
/// assert_eq!(findings[0].kind(), LintFindingKind::InvalidValue);
/// assert_eq!(
///     findings[0].to_string(),
///     "Response > Dial: `action` holds a character that cannot stand in a URL",
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LintFinding {
    pub(super) kind: LintFindingKind,
    pub(super) path: String,
    pub(super) message: String,
}

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LintFindingKind {
    /// An element that this version does not know.
    UnknownElement,
    /// An attribute that this version does not know on this element. Names are case-sensitive.
    UnknownAttribute,
    /// An element, or text, where Twilio does not take it.
    Misplaced,
    /// A value outside its range, of the wrong form, or none of the words that stand there.
    InvalidValue,
    /// A required attribute, or the text of an element, that is not there.
    Missing,
    /// A document above 64 KB.
    TooLong,
}

impl LintFinding {
    /// What is wrong, as something to match on.
    #[must_use]
    pub const fn kind(&self) -> LintFindingKind {
        self.kind
    }

    /// Where, such as `Response > Dial > Number`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }
}

impl fmt::Display for LintFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.message)
    }
}
