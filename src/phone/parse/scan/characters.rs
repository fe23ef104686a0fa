//! Folds the many ways to write a character of a number, to one byte for each character.

use super::direction::DirectionCheck;
use crate::phone::error::PhoneErrorKind;
use crate::types::is_ignorable;

/// Most characters of a text: Google's own limit.
const MAX_CHARS: usize = 250;

/// Letter outside ASCII.
const LETTER: u8 = 0x80;
/// Numeric character that is no decimal digit, such as `½`.
pub(super) const NUMERAL: u8 = 0x81;
/// Any other character outside ASCII.
const OTHER: u8 = 0x82;
/// Letters and marks in the words for "extension" of some countries.
pub(super) const D_CYRILLIC: u8 = 0x83;
pub(super) const O_CYRILLIC: u8 = 0x84;
pub(super) const B_CYRILLIC: u8 = 0x85;
pub(super) const O_ACUTE: u8 = 0x86;
pub(super) const ACUTE: u8 = 0x87;
/// Spaces and dashes outside ASCII. They separate digits and do not belong to the label of an
/// extension.
pub(super) const SEPARATOR: u8 = 0x88;
/// Quotation marks and telephone symbols. They appear beside a number and do not belong to it.
pub(super) const DECORATION: u8 = 0x8A;
/// Long vowel mark of katakana, typed for a dash. In Unicode it is a letter, so it is kept at the
/// end of a text.
pub(super) const KANA_DASH: u8 = 0x89;

/// Text with its digits and letters folded to ASCII in lower case, its rarer separators to one
/// byte, and any other character to one byte. Invisible characters are dropped.
pub(super) struct Folded {
    bytes: [u8; MAX_CHARS],
    length: usize,
}

impl Folded {
    pub(super) fn new(text: &str) -> Result<Self, PhoneErrorKind> {
        // `nth` stops after 250 characters, so that a very long text is refused without reading all
        // of it.
        if text.len() > MAX_CHARS && text.chars().nth(MAX_CHARS).is_some() {
            return Err(PhoneErrorKind::TooLongInput);
        }
        let mut folded = Self {
            bytes: [0; MAX_CHARS],
            length: 0,
        };
        let mut direction = DirectionCheck::default();
        let mut bytes = folded.bytes.iter_mut();
        for c in text.chars() {
            if !c.is_ascii() && is_ignorable(c) {
                direction.ignorable(c)?;
                continue;
            }
            let byte = fold(c);
            if byte == b'+' || byte.is_ascii_digit() {
                direction.part()?;
            }
            if let Some(to) = bytes.next() {
                *to = byte;
                folded.length += 1;
            }
        }
        Ok(folded)
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }
}

pub(super) const fn is_letter(byte: u8) -> bool {
    byte.is_ascii_lowercase() || matches!(byte, LETTER | D_CYRILLIC..=O_ACUTE)
}

fn fold(c: char) -> u8 {
    match c {
        '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => b'\n',
        '\0'..='\x7F' => c.to_ascii_lowercase() as u8,
        '\u{FF0D}' => SEPARATOR,
        '\u{30FC}' => KANA_DASH,
        // Full-width forms are in the order of ASCII: the low byte is 0x20 below the ASCII code.
        '\u{FF01}'..='\u{FF5E}' => (c as u8).wrapping_add(0x20).to_ascii_lowercase(),
        // The one space outside ASCII that Google accepts in the label of an extension.
        '\u{A0}' => b' ',
        _ if is_decoration(c) => DECORATION,
        _ if is_space(c) || is_dash(c) => SEPARATOR,
        'Д' | 'д' => D_CYRILLIC,
        'О' | 'о' => O_CYRILLIC,
        'Б' | 'б' => B_CYRILLIC,
        'Ó' | 'ó' => O_ACUTE,
        '\u{301}' => ACUTE,
        _ => match decimal_digit(c) {
            Some(digit) => b'0' + digit,
            None if c.is_alphabetic() => LETTER,
            None if c.is_numeric() => NUMERAL,
            None => OTHER,
        },
    }
}

/// Returns `true` for quotation marks and telephone symbols.
const fn is_decoration(c: char) -> bool {
    matches!(
        c,
        '\u{AB}' | '\u{BB}' | '\u{2018}'
            ..='\u{201F}'
                | '\u{2039}'
                | '\u{203A}'
                | '\u{260E}'
                | '\u{260F}'
                | '\u{2706}'
                | '\u{1F4DE}'
                | '\u{1F4F1}'
                | '\u{1F4F2}'
    )
}

/// Returns `true` for Unicode's spaces (category Zs) outside ASCII and Latin-1.
const fn is_space(c: char) -> bool {
    matches!(
        c,
        '\u{1680}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}'
    )
}

/// Returns `true` for Unicode's dashes (category Pd) outside ASCII, the minus sign, and other
/// characters that Google reads as a dash.
const fn is_dash(c: char) -> bool {
    matches!(
        c,
        '\u{58A}' | '\u{5BE}' | '\u{1400}' | '\u{1806}' | '\u{2010}'
            ..='\u{2015}'
                | '\u{2053}'
                | '\u{2212}'
                | '\u{223C}'
                | '\u{2E17}'
                | '\u{2E1A}'
                | '\u{2E3A}'
                | '\u{2E3B}'
                | '\u{2E40}'
                | '\u{2E5D}'
                | '\u{301C}'
                | '\u{3030}'
                | '\u{30A0}'
                | '\u{FE31}'
                | '\u{FE32}'
                | '\u{FE58}'
                | '\u{FE63}'
                | '\u{10EAD}'
    )
}

/// First code point of each block of ten decimal digits (category Nd) outside ASCII.
const ZEROS: [u32; 65] = [
    0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xDE6,
    0xE50, 0xED0, 0xF20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50,
    0x1BB0, 0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10,
    0x104A0, 0x10D30, 0x11066, 0x110F0, 0x11136, 0x111D0, 0x112F0, 0x11450, 0x114D0, 0x11650,
    0x116C0, 0x11730, 0x118E0, 0x11950, 0x11C50, 0x11D50, 0x11DA0, 0x16A60, 0x16AC0, 0x16B50,
    0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6, 0x1E140, 0x1E2F0, 0x1E950, 0x1FBF0,
];

fn decimal_digit(c: char) -> Option<u8> {
    let code = u32::from(c);
    let block = ZEROS.partition_point(|zero| *zero <= code).checked_sub(1)?;
    let digit = code - ZEROS.get(block)?;
    u8::try_from(digit).ok().filter(|digit| *digit < 10)
}
