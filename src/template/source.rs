//! Text of a template: literal text and merge tags, in order.

use super::catalogue::is_tag_name;
use super::error::{TemplateError, TemplateErrorKind};

/// Merge tag of a text.
pub(super) struct Found<'t> {
    pub(super) name: &'t str,
    /// Line of the text, from 1.
    pub(super) line: usize,
}

/// Returns the merge tags of a text, and refuses every other use of braces.
///
/// The engine that renders the text knows conditions, loops, filters and comments. A single brace is
/// refused because `{first_name}` would be sent as it stands.
pub(super) fn merge_tags(text: &str) -> Result<Vec<Found<'_>>, TemplateError> {
    let mut tags = Vec::new();
    let mut line = 1;
    let mut rest = text;
    while let Some((literal, tail)) = rest
        .find(['{', '}'])
        .and_then(|at| rest.split_at_checked(at))
    {
        line += literal.matches('\n').count();
        let fault = |kind| Err(TemplateError::of_line(kind, line));
        if tail.starts_with("{%") || tail.starts_with("{#") {
            return fault(TemplateErrorKind::Code);
        }
        let inside = tail
            .strip_prefix("{{")
            .and_then(|tail| tail.split_once("}}"));
        let Some((inside, after)) = inside else {
            return fault(TemplateErrorKind::LoneBrace);
        };
        let name = inside.trim_matches(' ');
        if !is_tag_name(name) {
            return fault(TemplateErrorKind::Code);
        }
        tags.push(Found { name, line });
        rest = after;
    }
    Ok(tags)
}

/// Returns a text with `\n` as its line breaks, or the first line with a character that no text needs.
///
/// A file that was checked out on Windows has `\r\n`, and each would cost a character more. A byte order
/// mark or a tab would send the whole text in UCS-2, in up to twice as many segments.
pub(super) fn clean(text: &str) -> Result<String, TemplateError> {
    let text = text.replace("\r\n", "\n");
    let is_wrong = |c: char| {
        (c.is_control() && c != '\n') || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}')
    };
    match text.lines().position(|line| line.contains(is_wrong)) {
        Some(at) => Err(TemplateError::of_line(TemplateErrorKind::Control, at + 1)),
        None => Ok(text),
    }
}
