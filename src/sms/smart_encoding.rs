//! Characters that make a text UCS-2, and their replacements in Smart Encoding.

use std::borrow::Cow;
use std::fmt;

use super::encoding::septets;

/// Character that makes the whole message UCS-2.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct NonGsm7Character {
    character: char,
    offset: usize,
}

impl NonGsm7Character {
    /// Returns the character.
    #[must_use]
    pub const fn character(&self) -> char {
        self.character
    }

    /// Returns the position of the character in the text, in bytes.
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.offset
    }

    /// Returns the text that Smart Encoding puts in place of the character. `None` if it keeps the
    /// character, empty text if it drops it.
    #[must_use]
    pub fn replacement(&self) -> Option<&'static str> {
        replacement(self.character)
    }
}

impl fmt::Debug for NonGsm7Character {
    /// Omits the character, because in many scripts a list of these is the message.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NonGsm7Character")
            .field("offset", &self.offset)
            .field("is_replaceable", &self.replacement().is_some())
            .finish_non_exhaustive()
    }
}

/// Returns the characters outside GSM-7, in the order of the text. Without them the text would be
/// GSM-7.
///
/// ```
/// use clinspark_twilio::sms::non_gsm7_characters;
///
/// let body = "We\u{2019}ll see you at 9, Zoë \u{1F642}";
/// let forcing: Vec<_> = non_gsm7_characters(body).map(|found| found.character()).collect();
/// assert_eq!(forcing, ['\u{2019}', 'ë', '\u{1F642}']);
///
/// let first = non_gsm7_characters(body).next().unwrap();
/// assert_eq!(first.replacement(), Some("'"));
/// ```
pub fn non_gsm7_characters(text: &str) -> impl Iterator<Item = NonGsm7Character> {
    text.char_indices()
        .filter(|(_, character)| septets(*character).is_none())
        .map(|(offset, character)| NonGsm7Character { character, offset })
}

/// Returns the text as a recipient gets it from a service with Smart Encoding.
///
/// Twilio replaces characters if Smart Encoding is set on the Messaging Service, or on the message
/// with `SmartEncoded`. A character without a replacement stays, and the message stays UCS-2. In
/// controlled wording, as in consent texts, fix the template instead.
///
/// ```
/// use clinspark_twilio::sms::smart_encode;
///
/// assert_eq!(smart_encode("We\u{2019}ll see you\u{2026}"), "We'll see you...");
/// ```
///
/// Source: <https://www.twilio.com/docs/messaging/features/smart-encoding-character-list>
#[must_use]
pub fn smart_encode(text: &str) -> Cow<'_, str> {
    let Some(first) = text.find(|c| replacement(c).is_some()) else {
        return Cow::Borrowed(text);
    };
    let (head, tail) = text.split_at_checked(first).unwrap_or((text, ""));
    let mut encoded = String::with_capacity(text.len());
    encoded.push_str(head);
    for c in tail.chars() {
        match replacement(c) {
            Some(text) => encoded.push_str(text),
            None => encoded.push(c),
        }
    }
    Cow::Owned(encoded)
}

fn replacement(c: char) -> Option<&'static str> {
    let at = REPLACEMENTS
        .binary_search_by_key(&c, |(from, _)| *from)
        .ok()?;
    REPLACEMENTS.get(at).map(|(_, to)| *to)
}

/// Replacements of Twilio's calculator, sorted by character. Spaces have the widths that it gives
/// them.
#[rustfmt::skip]
static REPLACEMENTS: [(char, &str); 271] = [
    ('\u{0}', ""), ('\u{3}', ""), ('\u{4}', ""), ('\u{9}', "       "), ('\u{10}', ""),
    ('\u{11}', ""), ('\u{12}', ""), ('\u{13}', ""), ('\u{14}', ""), ('\u{17}', ""), ('\u{19}', ""),
    ('\u{60}', "'"), ('\u{80}', "  "), ('\u{8D}', "  "), ('\u{90}', "  "), ('\u{9B}', "  "),
    ('\u{9F}', "  "), ('\u{A0}', "  "), ('\u{AB}', "\""), ('\u{B4}', "'"), ('\u{BB}', "\""),
    ('\u{BC}', "1/4"), ('\u{BD}', "1/2"), ('\u{BE}', "3/4"), ('\u{F7}', "/"), ('\u{1C3}', "!"),
    ('\u{262}', "G"), ('\u{26A}', "I"), ('\u{274}', "N"), ('\u{280}', "R"), ('\u{28F}', "Y"),
    ('\u{299}', "B"), ('\u{29C}', "H"), ('\u{29F}', "L"), ('\u{2B9}', "'"), ('\u{2BA}', "\""),
    ('\u{2BB}', "'"), ('\u{2BC}', "'"), ('\u{2BD}', "'"), ('\u{2C6}', "^"), ('\u{2C8}', "'"),
    ('\u{2CA}', "'"), ('\u{2CB}', "'"), ('\u{2D0}', ":"), ('\u{2D6}', "+"), ('\u{2DC}', "~"),
    ('\u{2EE}', "\""), ('\u{2F7}', "~"), ('\u{2F8}', ":"), ('\u{302}', "^"), ('\u{303}', "~"),
    ('\u{313}', "'"), ('\u{314}', "'"), ('\u{326}', ","), ('\u{330}', "~"), ('\u{332}', "_"),
    ('\u{334}', "~"), ('\u{337}', "/"), ('\u{338}', "/"), ('\u{347}', "="), ('\u{1D00}', "A"),
    ('\u{1D04}', "C"), ('\u{1D05}', "D"), ('\u{1D07}', "E"), ('\u{1D0A}', "J"), ('\u{1D0B}', "K"),
    ('\u{1D0D}', "M"), ('\u{1D0F}', "O"), ('\u{1D18}', "P"), ('\u{1D1B}', "T"), ('\u{1D1C}', "U"),
    ('\u{1D20}', "V"), ('\u{1D21}', "W"), ('\u{1D22}', "Z"), ('\u{1DCD}', "^"), ('\u{2000}', "  "),
    ('\u{2001}', " "), ('\u{2002}', "  "), ('\u{2003}', "  "), ('\u{2004}', "  "),
    ('\u{2005}', "  "), ('\u{2006}', "  "), ('\u{2007}', "  "), ('\u{2008}', "  "),
    ('\u{2009}', "  "), ('\u{200A}', "  "), ('\u{200B}', ""), ('\u{200C}', ""), ('\u{2010}', "-"),
    ('\u{2013}', "-"), ('\u{2014}', "-"), ('\u{2015}', "-"), ('\u{2017}', "_"), ('\u{2018}', "'"),
    ('\u{2019}', "'"), ('\u{201A}', ","), ('\u{201B}', "'"), ('\u{201C}', "\""), ('\u{201D}', "\""),
    ('\u{201E}', "\""), ('\u{201F}', "\""), ('\u{2022}', "-"), ('\u{2026}', "..."),
    ('\u{2028}', " "), ('\u{2029}', " "), ('\u{202F}', "  "), ('\u{2039}', "<"), ('\u{203A}', ">"),
    ('\u{203C}', "!!"), ('\u{2043}', "-"), ('\u{2044}', "/"), ('\u{204E}', "*"), ('\u{204F}', ";"),
    ('\u{205F}', "  "), ('\u{2060}', ""), ('\u{20D2}', "|"), ('\u{20D3}', "|"), ('\u{20E5}', "\\"),
    ('\u{2215}', "/"), ('\u{2217}', "*"), ('\u{2223}', "|"), ('\u{223C}', "~"), ('\u{229B}', "*"),
    ('\u{239C}', "|"), ('\u{239F}', "|"), ('\u{23B8}', "|"), ('\u{23B9}', "|"), ('\u{23BC}', "-"),
    ('\u{23BD}', "-"), ('\u{23D0}', "|"), ('\u{2722}', "*"), ('\u{2723}', "*"), ('\u{2724}', "*"),
    ('\u{2725}', "*"), ('\u{2731}', "*"), ('\u{2732}', "*"), ('\u{2733}', "*"), ('\u{273A}', "*"),
    ('\u{273B}', "*"), ('\u{273C}', "*"), ('\u{273D}', "*"), ('\u{2743}', "*"), ('\u{2749}', "*"),
    ('\u{274A}', "*"), ('\u{274B}', "*"), ('\u{275B}', "'"), ('\u{275C}', "'"), ('\u{275D}', "\""),
    ('\u{275E}', "\""), ('\u{2768}', "("), ('\u{2769}', ")"), ('\u{276A}', "("), ('\u{276B}', ")"),
    ('\u{2774}', "{"), ('\u{2775}', "}"), ('\u{27EE}', "("), ('\u{27EF}', ")"), ('\u{2982}', ":"),
    ('\u{2985}', "("), ('\u{2986}', ")"), ('\u{29C6}', "*"), ('\u{29F5}', "\\"), ('\u{29F8}', "/"),
    ('\u{29F9}', "\\"), ('\u{3000}', "  "), ('\u{3001}', ","), ('\u{3002}', "."),
    ('\u{301D}', "\""), ('\u{301E}', "\""), ('\u{A730}', "F"), ('\u{A731}', "S"), ('\u{A789}', ":"),
    ('\u{A78A}', "="), ('\u{FE10}', "'"), ('\u{FE11}', "'"), ('\u{FE13}', ":"), ('\u{FE14}', ";"),
    ('\u{FE15}', "!"), ('\u{FE16}', "?"), ('\u{FE50}', ","), ('\u{FE51}', ","), ('\u{FE52}', "."),
    ('\u{FE54}', ";"), ('\u{FE56}', "?"), ('\u{FE57}', "!"), ('\u{FE59}', "("), ('\u{FE5A}', ")"),
    ('\u{FE5B}', "{"), ('\u{FE5C}', "}"), ('\u{FE5F}', "#"), ('\u{FE60}', "&"), ('\u{FE61}', "*"),
    ('\u{FE62}', "+"), ('\u{FE63}', "-"), ('\u{FE64}', "<"), ('\u{FE65}', ">"), ('\u{FE66}', "="),
    ('\u{FE68}', "\\"), ('\u{FE69}', "$"), ('\u{FE6A}', "%"), ('\u{FE6B}', "@"), ('\u{FEFF}', ""),
    ('\u{FF01}', "!"), ('\u{FF02}', "\""), ('\u{FF03}', "#"), ('\u{FF04}', "$"), ('\u{FF05}', "%"),
    ('\u{FF06}', "&"), ('\u{FF07}', "'"), ('\u{FF08}', "("), ('\u{FF09}', ")"), ('\u{FF0A}', "*"),
    ('\u{FF0B}', "+"), ('\u{FF0C}', ","), ('\u{FF0D}', "-"), ('\u{FF0E}', "."), ('\u{FF0F}', "/"),
    ('\u{FF10}', "0"), ('\u{FF11}', "1"), ('\u{FF12}', "2"), ('\u{FF13}', "3"), ('\u{FF14}', "4"),
    ('\u{FF15}', "5"), ('\u{FF16}', "6"), ('\u{FF17}', "7"), ('\u{FF18}', "8"), ('\u{FF19}', "9"),
    ('\u{FF1A}', ":"), ('\u{FF1B}', ";"), ('\u{FF1C}', "<"), ('\u{FF1D}', "="), ('\u{FF1E}', ">"),
    ('\u{FF1F}', "?"), ('\u{FF20}', "@"), ('\u{FF21}', "A"), ('\u{FF22}', "B"), ('\u{FF23}', "C"),
    ('\u{FF24}', "D"), ('\u{FF25}', "E"), ('\u{FF26}', "F"), ('\u{FF27}', "G"), ('\u{FF28}', "H"),
    ('\u{FF29}', "I"), ('\u{FF2A}', "J"), ('\u{FF2B}', "K"), ('\u{FF2C}', "L"), ('\u{FF2D}', "M"),
    ('\u{FF2E}', "N"), ('\u{FF2F}', "O"), ('\u{FF30}', "P"), ('\u{FF31}', "Q"), ('\u{FF32}', "R"),
    ('\u{FF33}', "S"), ('\u{FF34}', "T"), ('\u{FF35}', "U"), ('\u{FF36}', "V"), ('\u{FF37}', "W"),
    ('\u{FF38}', "X"), ('\u{FF39}', "Y"), ('\u{FF3A}', "Z"), ('\u{FF3B}', "["), ('\u{FF3C}', "\\"),
    ('\u{FF3D}', "]"), ('\u{FF3E}', "^"), ('\u{FF3F}', "_"), ('\u{FF5B}', "{"), ('\u{FF5C}', "|"),
    ('\u{FF5D}', "}"), ('\u{FF5E}', "~"), ('\u{FF61}', "."), ('\u{FF64}', ","),
];
