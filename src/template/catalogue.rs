//! Merge tags of a service.

use std::collections::BTreeMap;

use super::error::{TemplateError, TemplateErrorKind};
use crate::types::{has_whole_escapes, is_ignorable, parse_port};

/// Sensitivity of the value of a [`Tag`].
///
/// A text is not encrypted, and a locked phone shows it to whoever holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Sensitivity {
    /// Public, such as the address of a clinic.
    Public,
    /// About a person, such as a first name or the time of a visit.
    Personal,
    /// About a person's health, such as a diagnosis or the name of a study. A template of texts with such
    /// a tag is refused.
    Health,
}

/// Merge tag: a name, and the values that it accepts.
///
/// A value is one line that a recipient can see, without control characters and braces. A value with a
/// brace is mostly a tag that another system did not fill. Default length: up to 100 characters.
///
/// ```
/// use clinspark_twilio::template::{Sensitivity, Tag};
///
/// let name = Tag::text("first_name", Sensitivity::Personal)?.max_chars(40);
/// let map = Tag::url("map", Sensitivity::Public)?; // the value is an https URL
/// assert_eq!((name.name(), map.name()), ("first_name", "map"));
/// assert!(Tag::text("first name", Sensitivity::Personal).is_err());
/// # Ok::<(), clinspark_twilio::template::TemplateError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    name: Box<str>,
    sensitivity: Sensitivity,
    is_url: bool,
    max_chars: usize,
}

/// Default of [`Tag::max_chars`].
const MAX_CHARS: usize = 100;

/// Longest name of a tag, a template or a requirement.
const MAX_NAME: usize = 64;

/// Words that the engine reads as a constant or an operator. It would send `none` instead of a value.
const RESERVED: [&str; 10] = [
    "true", "True", "false", "False", "none", "None", "not", "loop", "self", "super",
];

impl Tag {
    /// Creates a tag whose value is a line of text.
    ///
    /// # Errors
    ///
    /// [`Name`](TemplateErrorKind::Name) if the name is not a letter followed by up to 63 ASCII letters,
    /// digits and underscores, or is reserved, such as `true` or `none`.
    pub fn text(name: &str, sensitivity: Sensitivity) -> Result<Self, TemplateError> {
        if !is_tag_name(name) || RESERVED.contains(&name) {
            return Err(TemplateErrorKind::Name.into());
        }
        Ok(Self {
            name: name.into(),
            sensitivity,
            is_url: false,
            max_chars: MAX_CHARS,
        })
    }

    /// Creates a tag whose value is an `https` URL: a host name in ASCII, without user name. Other
    /// characters than those of RFC 3986 must be percent-encoded.
    ///
    /// # Errors
    ///
    /// The same as [`text`](Self::text).
    pub fn url(name: &str, sensitivity: Sensitivity) -> Result<Self, TemplateError> {
        Ok(Self {
            is_url: true,
            ..Self::text(name, sensitivity)?
        })
    }

    /// Sets the longest value, in characters. Default 100.
    #[must_use]
    pub const fn max_chars(mut self, max_chars: usize) -> Self {
        self.max_chars = max_chars;
        self
    }

    /// Returns the name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the sensitivity.
    #[must_use]
    pub const fn sensitivity(&self) -> Sensitivity {
        self.sensitivity
    }

    /// Returns `true` if the tag accepts a value.
    #[must_use]
    pub fn accepts(&self, value: &str) -> bool {
        // The length first: no more of a value is read than the tag accepts.
        value.chars().nth(self.max_chars).is_none()
            && value.chars().any(is_visible)
            && !value.chars().any(is_forbidden)
            && (!self.is_url || is_https_url(value))
    }
}

/// Returns `true` for control characters, line breaks, braces, byte order marks, and characters that
/// reverse the text after them.
fn is_forbidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '{' | '}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Returns `true` for a character that a recipient can see. A value of other characters only is blank.
fn is_visible(c: char) -> bool {
    const BRAILLE_BLANK: char = '\u{2800}';
    !c.is_whitespace() && !c.is_control() && !is_ignorable(c) && c != BRAILLE_BLANK
}

/// Returns `true` for an absolute URL that every telephone opens at the host that a reader sees.
///
/// A browser reads a backslash as a slash, and takes what precedes an `@` for a user name.
///
/// Source: <https://www.rfc-editor.org/rfc/rfc3986#section-2>
fn is_https_url(value: &str) -> bool {
    let is_permitted = |b: u8| b.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&b);
    let Some(after_scheme) = value.strip_prefix("https://") else {
        return false;
    };
    let authority = after_scheme.split(['/', '?', '#']).next();
    let (host, port) = match authority.unwrap_or_default().split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (authority.unwrap_or_default(), None),
    };
    let is_label = |label: &str| {
        let is_part = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
        (1..=63).contains(&label.len()) && label.bytes().all(is_part)
    };
    value.bytes().all(is_permitted)
        && has_whole_escapes(value)
        && host.split('.').all(is_label)
        && port.is_none_or(|port| parse_port(port).is_some_and(|port| port > 0))
}

/// Returns `true` for a name that a template can contain.
pub(super) fn is_tag_name(name: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.len() <= MAX_NAME
        && name.bytes().all(is_part)
}

/// Returns `true` for a name of a template or requirement, which may also contain hyphens.
pub(super) fn is_name(name: &str) -> bool {
    is_tag_name(&name.replace('-', "_"))
}

/// Merge tags of a service. One catalogue serves every template.
///
/// The [module](super) shows an example.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Catalogue {
    tags: BTreeMap<Box<str>, Tag>,
}

impl Catalogue {
    /// Creates a catalogue.
    ///
    /// # Errors
    ///
    /// [`DuplicateTag`](TemplateErrorKind::DuplicateTag) if two tags have one name.
    pub fn new(tags: impl IntoIterator<Item = Tag>) -> Result<Self, TemplateError> {
        let mut catalogue = Self::default();
        for tag in tags {
            if catalogue.tags.contains_key(&tag.name) {
                return Err(TemplateError::of_tag(
                    TemplateErrorKind::DuplicateTag,
                    &tag.name,
                ));
            }
            catalogue.tags.insert(tag.name.clone(), tag);
        }
        Ok(catalogue)
    }

    /// Returns the tag with a name.
    #[must_use]
    pub fn tag(&self, name: &str) -> Option<&Tag> {
        self.tags.get(name)
    }

    /// Returns all tags, ordered by name.
    pub fn tags(&self) -> impl Iterator<Item = &Tag> {
        self.tags.values()
    }
}
