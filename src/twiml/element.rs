//! Nesting by type, and the way out for what is newer than this crate.

use std::fmt;

use super::node::Tag;
use super::pool::Pooled;
use super::read;
use super::table::ElementRow;
use super::text::Text;

/// A typed element of a document. Every row implements it; nothing else can.
#[expect(private_bounds, reason = "sealed: only rows are elements")]
pub trait Element: Content {
    /// The element's row.
    const ROW: &'static ElementRow;
}

/// What may stand inside a `Parent`: the compiler's proof that Twilio allows the nesting.
///
/// Rows implement it from their list of parents; nothing else can.
///
/// ```compile_fail,E0277
/// use clinspark_twilio::twiml::{Dial, Gather};
///
/// Dial::new().append(Gather::new()); // `<Gather>` may not appear inside `<Dial>`
/// ```
#[diagnostic::on_unimplemented(
    message = "`<{Self}>` may not appear inside `<{Parent}>`",
    label = "Twilio does not take this here",
    note = "the documentation of each element says what it may stand in"
)]
#[expect(
    private_bounds,
    reason = "sealed: only rows, text and `Custom` have a place"
)]
pub trait ChildOf<Parent>: Content {}

/// The seal of [`Element`] and [`ChildOf`].
pub(super) trait Content {
    fn append_to(self, parent: &mut Pooled);
}

/// An element that is newer than this crate, by its name.
///
/// It may stand anywhere and hold anything: nothing is known about it. Its values are escaped
/// like all others.
///
/// ```
/// use clinspark_twilio::twiml::{Custom, Say, VoiceResponse};
///
/// let document = VoiceResponse::new().append(
///     Custom::new("Brand-New")?
///         .attribute("level", "7")?
///         .append(Say::new("Hello")),
/// );
/// assert!(document.to_xml().contains(r#"<Brand-New level="7"><Say>Hello</Say></Brand-New>"#));
/// assert!(Custom::new("Say><Hangup/").is_err());
/// # Ok::<(), clinspark_twilio::twiml::NameError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
#[must_use = "an element says nothing until it is appended"]
pub struct Custom {
    opening: String,
    closing: String,
    draft: Pooled,
}

impl Custom {
    /// An empty element of this name.
    ///
    /// # Errors
    ///
    /// [`NameError`] when the name cannot stand in a document.
    pub fn new(tag: &str) -> Result<Self, NameError> {
        check_name(tag)?;
        Ok(Self {
            opening: format!("><{tag}>"),
            closing: format!("</{tag}>"),
            draft: Pooled::new(),
        })
    }

    /// Sets an attribute; setting it again replaces its value.
    ///
    /// # Errors
    ///
    /// [`NameError`] when the name cannot stand in a document.
    pub fn attribute<'a>(
        mut self,
        name: &str,
        value: impl Into<Text<'a>>,
    ) -> Result<Self, NameError> {
        check_name(name)?;
        self.draft.set_named(name, 0, value.into().as_str());
        Ok(self)
    }

    /// Appends any element, or text.
    pub fn append(mut self, child: impl ChildOf<Self>) -> Self {
        child.append_to(&mut self.draft);
        self
    }

    fn tag(&self) -> Tag<'_> {
        Tag {
            opening: &self.opening,
            closing: &self.closing,
        }
    }
}

impl Content for Custom {
    fn append_to(mut self, parent: &mut Pooled) {
        let mut draft = std::mem::take(&mut self.draft);
        parent.push_element(self.tag(), &mut draft);
    }
}

impl fmt::Debug for Custom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug(&self.draft, self.tag(), f)
    }
}

impl<Parent> ChildOf<Parent> for Custom {}
impl<Child: Element> ChildOf<Custom> for Child {}

/// A name that cannot stand in a document.
///
/// Twilio's names are ASCII: a letter, then letters, digits, `-`, `_` and `.`. What begins with
/// `xml` is reserved, `xml:lang` and `xml:space` excepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a name for an element or attribute: {fault}")]
#[non_exhaustive]
pub struct NameError {
    fault: Fault,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    Empty,
    Start,
    Character(usize),
    Reserved,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("it is empty"),
            Self::Start => f.write_str("it does not begin with an ASCII letter or `_`"),
            Self::Character(at) => write!(
                f,
                "character {at} is none of ASCII letter, digit, `-`, `_` and `.`"
            ),
            Self::Reserved => f.write_str("names that begin with `xml` are reserved"),
        }
    }
}

/// Lets a name through that cannot close a tag or open another.
pub(super) fn check_name(name: &str) -> Result<(), NameError> {
    match fault(name) {
        None => Ok(()),
        Some(fault) => Err(NameError { fault }),
    }
}

/// Shows an element's structure without its values and text.
pub(super) fn debug(draft: &Pooled, tag: Tag<'_>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match read(&draft.document(tag)) {
        Ok(node) => fmt::Debug::fmt(&node, f),
        // Too deep or too long for the reader.
        Err(_) => write!(f, "{}>..{}", tag.name(), tag.closing),
    }
}

fn fault(name: &str) -> Option<Fault> {
    if matches!(name, "xml:lang" | "xml:space") {
        return None;
    }
    let first = name.chars().next();
    if !first.is_some_and(|c| c.is_ascii_alphabetic() || c == '_') {
        return Some(first.map_or(Fault::Empty, |_| Fault::Start));
    }
    if name
        .get(..3)
        .is_some_and(|start| start.eq_ignore_ascii_case("xml"))
    {
        return Some(Fault::Reserved);
    }
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let at = name.chars().position(|c| !allowed(c))?;
    Some(Fault::Character(at + 1))
}

macro_rules! text_is_content {
    ($($text:ty),+) => {$(
        impl Content for $text {
            fn append_to(self, parent: &mut Pooled) {
                parent.push_text(Text::from(self).as_str());
            }
        }

        impl ChildOf<Custom> for $text {}
    )+};
}

text_is_content!(&str, String, Text<'_>);
