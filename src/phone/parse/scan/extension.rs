//! Extensions: how they are written after a number.

use super::characters::{ACUTE, B_CYRILLIC, D_CYRILLIC, O_ACUTE, O_CYRILLIC};
use crate::phone::extension::Extension;

/// An extension found in a text.
pub(super) struct Found {
    pub(super) extension: Extension,
    /// A word for "extension" stood before it, not just a comma or a semicolon.
    pub(super) has_word: bool,
}

impl Found {
    /// So many digits after a mere separator are another number.
    pub(super) fn may_be_number(&self) -> bool {
        !self.has_word && self.extension.digits() >= 7
    }
}

/// The extension at the end of a folded text, and where it begins. As Google's search does, this
/// takes the first place from the left that reaches the end.
pub(super) fn find(text: &[u8]) -> Option<(usize, Found)> {
    (0..text.len()).find_map(|at| Some((at, starting(text.get(at..)?)?)))
}

/// The extension that reaches from the start of a folded text to its end.
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

/// `;ext=`, as URLs write it.
fn by_parameter(text: &[u8]) -> Option<&[u8]> {
    digits(text.strip_prefix(b";ext=")?, 20, End::Plain)
}

/// `ext`, `extn`, `xtn`, `extension`, `extensión`, `доб`, `anexo`, `int`, `x`.
fn by_word(text: &[u8]) -> Option<&[u8]> {
    let text = skip(text, |b| matches!(b, b' ' | b'\t' | b','));
    let ext = text.strip_prefix(b"e").unwrap_or(text).strip_prefix(b"xt");
    let ensi = ext.and_then(|rest| rest.strip_prefix(b"ensi"));
    let long = ensi.and_then(|rest| match rest {
        [b'o', ACUTE, rest @ ..] | [b'o' | O_ACUTE, rest @ ..] => Some(rest),
        _ => None,
    });
    let cyrillic = text.strip_prefix(&[D_CYRILLIC, O_CYRILLIC, B_CYRILLIC]);
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

/// `#5`, `~5`, ` -5#`, `,,5`, `;5`, `,5`.
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

/// Digits after a label: a colon or full stop may stand between, then blanks and dashes.
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

/// The digits that the text is, up to so many, with or without `#` behind them.
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
