//! Characters that change the order in which others are shown.

use crate::phone::error::PhoneErrorKind;

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
