//! Nesting checked by types: `append` accepts only elements that Twilio permits there.

use std::fmt;

use super::read::read;
use super::schema::ElementSchema;
use super::values::TextValue;
use super::write::{PooledBuffer, Tag};

/// Typed element of a document, implemented by all elements of this module and by no other type.
#[expect(
    private_bounds,
    reason = "sealed: only the elements of this crate implement it"
)]
pub trait Element: AppendTo {
    /// Names, parents, constructors and attributes of the element.
    const SCHEMA: &'static ElementSchema;
}

/// Type that may be nested in a `Parent`.
///
/// Elements implement it for each of their parents, and nothing else can implement it. The compiler
/// therefore rejects nestings that Twilio does not permit.
///
/// ```compile_fail,E0277
/// use clinspark_twilio::twiml::{Dial, Gather};
///
/// Dial::new().append(Gather::new()); // `<Gather>` may not appear inside `<Dial>`
/// ```
#[diagnostic::on_unimplemented(
    message = "`<{Self}>` may not appear inside `<{Parent}>`",
    label = "Twilio does not permit this element here",
    note = "the documentation of each element lists its parents"
)]
#[expect(
    private_bounds,
    reason = "sealed: only elements, text and `CustomElement` can be appended"
)]
pub trait ChildOf<Parent>: AppendTo {}

/// Seals [`Element`] and [`ChildOf`].
pub(super) trait AppendTo {
    fn append_to(self, parent: &mut PooledBuffer);
}

macro_rules! append_text {
    ($($text:ty),+) => {$(
        impl AppendTo for $text {
            fn append_to(self, parent: &mut PooledBuffer) {
                parent.push_text(TextValue::from(self).as_str());
            }
        }
    )+};
}

append_text!(&str, String, TextValue<'_>);

/// Writes an element's structure without its values and text.
pub(super) fn fmt_structure(
    buffer: &PooledBuffer,
    tag: Tag<'_>,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    match read(&buffer.document(tag)) {
        Ok(node) => fmt::Debug::fmt(&node, f),
        // The element is too deep or too long for the reader.
        Err(_) => write!(f, "{}>..{}", tag.opening, tag.closing),
    }
}
