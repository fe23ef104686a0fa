//! Text of a template: literal text and merge tags, in order.

use super::catalogue::is_tag_name;
use super::error::{TemplateError, TemplateErrorKind};

/// Returns the names of the merge tags of a text, and refuses every other use of braces.
///
/// The engine that renders the text knows conditions, loops, filters and comments. A single brace is
/// refused because `{first_name}` would be sent as it stands.
pub(super) fn merge_tags(text: &str) -> Result<Vec<&str>, TemplateError> {
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
        tags.push(name);
        rest = after;
    }
    Ok(tags)
}
