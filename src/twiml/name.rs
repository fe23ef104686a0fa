//! Names of elements and attributes that may be newer than this crate.

use std::fmt;

/// Error returned when a name is not valid for an element or attribute.
///
/// Twilio's names are ASCII: a letter, then letters, digits, `-`, `_` and `.`. Names that begin
/// with `xml` are reserved, except `xml:lang` and `xml:space`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invalid name of an element or attribute: {problem}")]
#[non_exhaustive]
pub struct NameError {
    problem: NameProblem,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NameProblem {
    Empty,
    InvalidStart,
    InvalidCharacter(usize),
    Reserved,
}

impl fmt::Display for NameProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("it is empty"),
            Self::InvalidStart => f.write_str("it does not begin with an ASCII letter or `_`"),
            Self::InvalidCharacter(at) => write!(
                f,
                "character {at} is not an ASCII letter, digit, `-`, `_` or `.`"
            ),
            Self::Reserved => f.write_str("names that begin with `xml` are reserved"),
        }
    }
}

/// Rejects a name that could close a tag or open another.
pub(super) fn check_name(name: &str) -> Result<(), NameError> {
    match name_problem(name) {
        None => Ok(()),
        Some(problem) => Err(NameError { problem }),
    }
}

fn name_problem(name: &str) -> Option<NameProblem> {
    // The only names with a colon, and the only exceptions to the reserved prefix.
    if matches!(name, "xml:lang" | "xml:space") {
        return None;
    }
    let first = name.chars().next();
    if !first.is_some_and(|c| c.is_ascii_alphabetic() || c == '_') {
        return Some(first.map_or(NameProblem::Empty, |_| NameProblem::InvalidStart));
    }
    if name
        .get(..3)
        .is_some_and(|start| start.eq_ignore_ascii_case("xml"))
    {
        return Some(NameProblem::Reserved);
    }
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let at = name.chars().position(|c| !allowed(c))?;
    Some(NameProblem::InvalidCharacter(at + 1))
}
