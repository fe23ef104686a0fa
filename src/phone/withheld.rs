//! Callers who withhold their number.

/// Reason why a caller shows no number, sent as a word, as its keypad digits, or as a SIP address.
///
/// `+266696687` spells ANONYMOUS. Texting it would reach a stranger. In SIP, a host under
/// `.invalid` stands for such a caller, as in `sip:anonymous@anonymous.invalid`. No such host
/// exists.
///
/// ```
/// use clinspark_twilio::phone::{Address, WithheldReason};
///
/// for caller in ["+266696687", "anonymous", "sip:anonymous@anonymous.invalid"] {
///     assert_eq!(Address::parse(caller), Address::Withheld(WithheldReason::Anonymous));
/// }
/// ```
///
/// Source: <https://www.twilio.com/docs/voice/twiml#request-parameters>,
/// <https://www.rfc-editor.org/rfc/rfc3323#section-4.1.1.3>
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WithheldReason {
    /// Empty field.
    Absent,
    /// Word ANONYMOUS, or `+266696687`.
    Anonymous,
    /// Word BLOCKED, or `+2562533`.
    Blocked,
    /// Word RESTRICTED, or `+7378742833`.
    Restricted,
    /// Word UNKNOWN, or `+8656696`.
    Unknown,
    /// Word UNAVAILABLE, or `+86282452253`.
    Unavailable,
}

impl WithheldReason {
    const ALL: [(Self, &'static str, &'static str); 6] = [
        (Self::Absent, "", ""),
        (Self::Anonymous, "anonymous", "+266696687"),
        (Self::Blocked, "blocked", "+2562533"),
        (Self::Restricted, "restricted", "+7378742833"),
        (Self::Unknown, "unknown", "+8656696"),
        (Self::Unavailable, "unavailable", "+86282452253"),
    ];

    /// Parses the word, its digits with or without `+`, or a SIP address of such a caller.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('+').unwrap_or(text);
        Self::from_word(text)
            .or_else(|| Self::from_digits(digits))
            .or_else(|| Self::from_sip(text))
    }

    /// Parses the digits, with `+`.
    pub(crate) fn from_keypad(text: &str) -> Option<Self> {
        Self::from_digits(text.strip_prefix('+')?)
    }

    fn from_word(text: &str) -> Option<Self> {
        Self::find(|word, _| text.eq_ignore_ascii_case(word))
    }

    /// Parses the digits, without `+`.
    ///
    /// Some carriers put the 1 of North America before the word. RESTRICTED has 10 digits, so with
    /// the 1 it is a number that a person in Texas may have, and does not count. The other words
    /// have too few or too many digits for a number there.
    fn from_digits(digits: &str) -> Option<Self> {
        let after_code = digits.strip_prefix('1').filter(|rest| rest.len() != 10);
        let is_keypad = |keypad: &str| {
            let word = keypad.strip_prefix('+').filter(|word| !word.is_empty());
            word.is_some_and(|word| digits == word || after_code == Some(word))
        };
        Self::find(|_, keypad| is_keypad(keypad))
    }

    /// Parses `sip:anonymous@anonymous.invalid` and similar addresses: in any case, with or without
    /// a scheme, a port and parameters.
    pub(crate) fn from_sip(text: &str) -> Option<Self> {
        let text = text.to_ascii_lowercase();
        let address = text
            .strip_prefix("sip:")
            .or_else(|| text.strip_prefix("sips:"));
        let (user, host) = address.unwrap_or(&text).split_once('@')?;
        let host = host.split([':', ';', '?']).next().unwrap_or_default();
        let host = host.strip_suffix('.').unwrap_or(host);
        let is_invalid = host == "invalid" || host.ends_with(".invalid");
        let user = user.split([':', ';']).next().unwrap_or_default();
        is_invalid.then(|| match Self::from_word(user) {
            // The host alone shows that the number is withheld, whatever the user part is.
            Some(Self::Absent) | None => Self::Anonymous,
            Some(withheld) => withheld,
        })
    }

    fn find(matches: impl Fn(&str, &str) -> bool) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find_map(|(withheld, word, keypad)| matches(word, keypad).then_some(withheld))
    }

    /// Returns the digits that spell the word, with `+`; empty for [`Absent`](Self::Absent).
    #[must_use]
    pub fn keypad_digits(self) -> &'static str {
        Self::ALL
            .into_iter()
            .find_map(|(w, _, keypad)| (w == self).then_some(keypad))
            .unwrap_or("")
    }
}
