//! Scan of the usual text in one pass: one `+` at most, three ASCII digits or more, common
//! separators.

use super::typed::{MAX_ENDING, TypedNumber, separators};

/// Most bytes of a text for this scan. Longer texts are scanned in full.
const MAX_LENGTH: usize = 64;

/// Scans a text; `None` when it must be scanned in full.
#[inline]
pub(super) fn scan(text: &[u8]) -> Option<TypedNumber> {
    if text.len() > MAX_LENGTH {
        return None;
    }
    let first = text
        .iter()
        .position(|byte| class(*byte) < SEPARATOR || *byte == b'+')?;
    let (before, text) = text.split_at_checked(first)?;
    let (plus, text) = match text {
        [b'+', rest @ ..] => (true, rest),
        text => (false, text),
    };
    let mut typed = TypedNumber::empty(plus);
    // The classes of all bytes are collected and tested once, after the loop.
    let mut met = before.iter().fold(0, |met, byte| met | class(*byte));
    for byte in text {
        let class = class(*byte);
        met |= class;
        typed.push(class, class < SEPARATOR)?;
    }
    let digits = typed.digits().len();
    let ends = text.trim_ascii_end().last();
    if met & UNUSUAL != 0
        // Text after the last digit may change the meaning.
        || !ends.is_some_and(u8::is_ascii_digit)
        || digits < 3
        || met & AMBIGUOUS != 0 && needs_full_scan(before, text, digits)
    {
        return None;
    }
    if typed.begins_with_double_zero() {
        typed.separators = separators(text);
    }
    Some(typed)
}

/// Returns `true` for text that only the full scan can judge.
///
/// Such text has two numbers with a slash between them, a number with two endings, or `(0)`. It may
/// also have a closing bracket without an opening one, or a decimal from a spreadsheet.
fn needs_full_scan(before: &[u8], text: &[u8], digits: usize) -> bool {
    let opens = |byte: &u8| matches!(byte, b'(' | b'[');
    let closes = |byte: &u8| matches!(byte, b')' | b']');
    let mut endings = text.rsplit(|byte| *byte == b'/' || opens(byte));
    let ending = endings.next().unwrap_or_default();
    let bracket = text.iter().find(|byte| opens(byte) || closes(byte));
    ending.iter().filter(|byte| byte.is_ascii_digit()).count() <= MAX_ENDING
        || bracket.is_some_and(closes) && !before.iter().any(opens)
        || text.windows(3).any(|three| three == b"(0)")
        || digits >= 14 && text.contains(&b'/')
        || text.ends_with(b"0") && text.iter().rev().take(4).any(|byte| *byte == b'.')
}

/// Lowest class that is not the value of a digit.
const SEPARATOR: u8 = 0x10;
/// Bytes that only the full scan reads.
const UNUSUAL: u8 = 0x20;
/// Separators that may mean more than a gap.
const AMBIGUOUS: u8 = 0x40;

static CLASSES: [u8; 256] = {
    let mut classes = [UNUSUAL; 256];
    let mut byte: u8 = 0;
    while byte < 128 {
        let class = match byte {
            b'0'..=b'9' => byte - b'0',
            b' ' | b'-' => SEPARATOR,
            b'.' | b'/' | b'(' | b')' | b'[' | b']' => SEPARATOR | AMBIGUOUS,
            _ => UNUSUAL,
        };
        #[expect(clippy::indexing_slicing, reason = "evaluated at compile time")]
        {
            classes[byte as usize] = class;
        }
        byte += 1;
    }
    classes
};

#[inline]
fn class(byte: u8) -> u8 {
    CLASSES.get(usize::from(byte)).copied().unwrap_or(UNUSUAL)
}
