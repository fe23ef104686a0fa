//! Extensions, in the forms in which they are written after a number.

use super::characters::{ACUTE, B_CYRILLIC, D_CYRILLIC, O_ACUTE, O_CYRILLIC};
use crate::phone::extension::Extension;

/// Extension found in a text.
pub(super) struct Found {
    pub(super) extension: Extension,
    /// Set if a word for "extension" precedes it, not just a comma or a semicolon.
    pub(super) has_word: bool,
}

impl Found {
    /// Returns `true` if the digits may be another number: seven or more, after a mere separator.
    pub(super) fn may_be_number(&self) -> bool {
        !self.has_word && self.extension.digits() >= 7
    }
}

/// Returns the extension at the end of a folded text, and its position. As in Google's search, it
/// is the first one from the left that reaches the end.
pub(super) fn find(text: &[u8]) -> Option<(usize, Found)> {
    (0..text.len()).find_map(|at| Some((at, starting(text.get(at..)?)?)))
}

/// Returns the extension that reaches from the start of a folded text to its end.
pub(super) fn starting(text: &[u8]) -> Option<Found> {
    if !may_start(*text.first()?) {
        return None;
    }
    let (digits, has_word) = by_parameter(text)
        .or_else(|| by_word(text))
        .map(|digits| (digits, true))
        .or_else(|| by_separator(text).map(|digits| (digits, false)))?;
    let extension = Extension::new(digits);
    Some(Found {
        extension,
        has_word,
    })
}

const fn may_start(byte: u8) -> bool {
    matches!(
        byte,
        b';' | b' ' | b'\t' | b',' | b'e' | b'x' | b'a' | b'#' | b'~' | b'i' | b'-' | D_CYRILLIC
    )
}

/// Reads `;ext=`, as URLs write it.
fn by_parameter(text: &[u8]) -> Option<&[u8]> {
    digits(text.strip_prefix(b";ext=")?, 20, End::Plain)
}

/// Reads `ext`, `extn`, `xtn`, `extension`, `extensión`, `доб`, `anexo`, `int`, `x`.
fn by_word(text: &[u8]) -> Option<&[u8]> {
    let text = skip(text, |b| matches!(b, b' ' | b'\t' | b','));
    let ext = text.strip_prefix(b"e").unwrap_or(text).strip_prefix(b"xt");
    let ensi = ext.and_then(|rest| rest.strip_prefix(b"ensi"));
    let long = ensi.and_then(|rest| match rest {
        [b'o', ACUTE, rest @ ..] | [b'o' | O_ACUTE, rest @ ..] => Some(rest),
        _ => None,
    });
    let cyrillic = text.strip_prefix(&[D_CYRILLIC, O_CYRILLIC, B_CYRILLIC]);
    // Google's limits: the less certain the label, the fewer digits.
    let words = [
        (long, 20),
        (ext, 20),
        (cyrillic, 20),
        (text.strip_prefix(b"anexo"), 20),
        (text.strip_prefix(b"int"), 9),
        (text.strip_prefix(b"x"), 9),
    ];
    words.into_iter().find_map(|(rest, most)| {
        let rest = rest?;
        let plural = rest.strip_prefix(b"n");
        let plural = plural
            .filter(|_| ext.is_some())
            .and_then(|rest| labelled(rest, most));
        plural.or_else(|| labelled(rest, most))
    })
}

/// Reads `#5`, `~5`, ` -5#`, `,,5`, `;5`, `,5`.
fn by_separator(text: &[u8]) -> Option<&[u8]> {
    let blank = |b| matches!(b, b' ' | b'\t');
    let sign = match skip(text, |b| blank(b) || b == b',') {
        [b'#' | b'~', rest @ ..] => labelled(rest, 9),
        _ => None,
    };
    let american = || {
        let rest = skip(text, |b| matches!(b, b'-' | b' '));
        (rest.len() < text.len()).then(|| digits(rest, 6, End::Hash))?
    };
    let dialled = || {
        let text = skip(text, blank);
        let rest = text
            .strip_prefix(b",,")
            .or_else(|| text.strip_prefix(b";"))?;
        labelled(rest, 15)
    };
    let comma = || {
        let text = skip(text, blank);
        let rest = skip(text, |b| b == b',');
        (rest.len() < text.len()).then(|| labelled(rest, 9))?
    };
    sign.or_else(american).or_else(dialled).or_else(comma)
}

/// Reads digits after a label. A colon or full stop may precede them, then blanks and dashes.
fn labelled(text: &[u8], most: usize) -> Option<&[u8]> {
    let text = match text {
        [b':' | b'.', rest @ ..] => rest,
        text => text,
    };
    let text = skip(text, |b| matches!(b, b' ' | b'\t' | b',' | b'-'));
    digits(text, most, End::PlainOrHash)
}

#[derive(Clone, Copy, PartialEq)]
enum End {
    Plain,
    Hash,
    PlainOrHash,
}

/// Returns the digits of a text that is nothing else, at most `most`, with or without `#` at the
/// end.
fn digits(text: &[u8], most: usize, end: End) -> Option<&[u8]> {
    let rest = skip(text, |b| b.is_ascii_digit());
    let ends = match rest {
        [] => end != End::Hash,
        [b'#'] => end != End::Plain,
        _ => false,
    };
    let found = text.get(..text.len() - rest.len())?;
    (ends && (1..=most).contains(&found.len())).then_some(found)
}

fn skip(text: &[u8], drop: impl Fn(u8) -> bool) -> &[u8] {
    let kept = text.iter().position(|byte| !drop(*byte));
    text.get(kept.unwrap_or(text.len())..).unwrap_or_default()
}
