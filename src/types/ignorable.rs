//! Invisible characters.

/// First and last character of each range of the property `Default_Ignorable_Code_Point` in Unicode
/// 16.0. `tests/phone/ignorable.rs` compares it with an independent copy of Unicode's data.
///
/// Source: <https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point>
const RANGES: [(char, char); 17] = [
    ('\u{AD}', '\u{AD}'),
    ('\u{34F}', '\u{34F}'),
    ('\u{61C}', '\u{61C}'),
    ('\u{115F}', '\u{1160}'),
    ('\u{17B4}', '\u{17B5}'),
    ('\u{180B}', '\u{180F}'),
    ('\u{200B}', '\u{200F}'),
    ('\u{202A}', '\u{202E}'),
    ('\u{2060}', '\u{206F}'),
    ('\u{3164}', '\u{3164}'),
    ('\u{FE00}', '\u{FE0F}'),
    ('\u{FEFF}', '\u{FEFF}'),
    ('\u{FFA0}', '\u{FFA0}'),
    ('\u{FFF0}', '\u{FFF8}'),
    ('\u{1BCA0}', '\u{1BCA3}'),
    ('\u{1D173}', '\u{1D17A}'),
    ('\u{E0000}', '\u{E0FFF}'),
];

/// Returns `true` for an invisible character. Text copied from documents and contacts contains
/// many.
pub(crate) fn is_ignorable(c: char) -> bool {
    let after = RANGES.partition_point(|(first, _)| *first <= c);
    let range = after.checked_sub(1).and_then(|at| RANGES.get(at));
    range.is_some_and(|(_, last)| c <= *last)
}
