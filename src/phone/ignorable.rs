//! Characters that show nothing, and those that change the order in which others are shown.

use super::error::PhoneErrorKind;

/// Unicode 16.0, property `Default_Ignorable_Code_Point`: first and last of each range.
/// `tests/phone_ignorable.rs` compares it with an independent copy of Unicode's data.
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

/// Whether a character shows nothing. Numbers copied from documents and contacts carry many.
pub(super) fn is_ignorable(c: char) -> bool {
    let after = RANGES.partition_point(|(first, _)| *first <= c);
    let range = after.checked_sub(1).and_then(|at| RANGES.get(at));
    range.is_some_and(|(_, last)| c <= *last)
}

/// Refuses direction controls that make a number look different from what is stored.
///
/// Contacts on phones put a left-to-right embedding, isolate or override around a whole number:
/// `U+202A ... U+202C`. That changes nothing on the screen and is permitted. Between digits a
/// control can move them, and right-to-left swaps the groups: `020 7946` is shown as `7946 020`.
///
/// Source: <https://www.unicode.org/reports/tr9/#Explicit_Directional_Embeddings>
#[derive(Default)]
pub(super) struct DirectionCheck {
    number_began: bool,
    control_behind: bool,
}

impl DirectionCheck {
    /// Looks at a character that shows nothing.
    pub(super) fn ignorable(&mut self, c: char) -> Result<(), PhoneErrorKind> {
        match c {
            '\u{202B}' | '\u{202E}' | '\u{2067}' => return Err(PhoneErrorKind::DirectionControls),
            '\u{202A}' | '\u{202C}' | '\u{202D}' | '\u{2066}' | '\u{2068}' | '\u{2069}' => {
                self.control_behind |= self.number_began;
            }
            _ => {}
        }
        Ok(())
    }

    /// Looks at a digit or a `+`.
    pub(super) fn part(&mut self) -> Result<(), PhoneErrorKind> {
        self.number_began = true;
        if self.control_behind {
            return Err(PhoneErrorKind::DirectionControls);
        }
        Ok(())
    }
}
