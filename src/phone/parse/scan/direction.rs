//! Invisible characters that change the order in which others are displayed.

use crate::phone::error::PhoneErrorKind;

/// Check that refuses direction controls which make a number look different from the stored one.
///
/// Contacts on phones put a left-to-right embedding, isolate or override around a whole number:
/// `U+202A ... U+202C`. Such a pair changes nothing on the screen and is permitted. A control
/// between digits can move them, and a right-to-left one swaps the groups: `020 7946` is displayed
/// as `7946 020`. A right-to-left mark between digits (`U+200F`, `U+061C`) does the same to the
/// groups after it. A left-to-right mark (`U+200E`) changes nothing on a left-to-right page.
///
/// Source: <https://www.unicode.org/reports/tr9/#Explicit_Directional_Embeddings>,
/// <https://www.unicode.org/reports/tr9/#Implicit_Directional_Marks>
#[derive(Default)]
pub(super) struct DirectionCheck {
    number_began: bool,
    control_behind: bool,
}

impl DirectionCheck {
    /// Checks an invisible character.
    pub(super) fn ignorable(&mut self, c: char) -> Result<(), PhoneErrorKind> {
        match c {
            '\u{202B}' | '\u{202E}' | '\u{2067}' => return Err(PhoneErrorKind::DirectionControls),
            '\u{200F}' | '\u{61C}' | '\u{202A}' | '\u{202C}' | '\u{202D}' | '\u{2066}'
            | '\u{2068}' | '\u{2069}' => {
                self.control_behind |= self.number_began;
            }
            _ => {}
        }
        Ok(())
    }

    /// Checks a digit or a `+`.
    pub(super) fn part(&mut self) -> Result<(), PhoneErrorKind> {
        self.number_began = true;
        if self.control_behind {
            return Err(PhoneErrorKind::DirectionControls);
        }
        Ok(())
    }
}
