//! The rows as data: what the tests compare with Twilio's inventory, and what `lint` goes by.

/// An element as its row describes it.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct ElementRow {
    /// Name of the Rust type, such as `SayAs`.
    pub name: &'static str,
    /// Name in the document, such as `say-as`.
    pub tag: &'static str,
    /// Names of the Rust types that it may stand in.
    pub parents: &'static [&'static str],
    /// Whether text may stand between its children.
    pub mixed: bool,
    /// The ways of making one: a document must fit one of them.
    pub constructors: &'static [ConstructorRow],
    /// Its attributes, in the order of the rows.
    pub attributes: &'static [AttributeRow],
}

impl ElementRow {
    /// A bit of its own for each attribute, the last for any beyond 63; 0 for a name that the
    /// row does not have.
    pub(super) const fn bit(&self, name: &str) -> u64 {
        let mut rest = self.attributes;
        let mut bit = 1;
        while let [attribute, others @ ..] = rest {
            if same(attribute.name, name) {
                return bit;
            }
            if bit != 1 << 63 {
                bit <<= 1;
            }
            rest = others;
        }
        0
    }
}

/// `==` of strings, for constants.
const fn same(one: &str, other: &str) -> bool {
    let (mut one, mut other) = (one.as_bytes(), other.as_bytes());
    while let ([a, more @ ..], [b, others @ ..]) = (one, other) {
        if *a != *b {
            return false;
        }
        (one, other) = (more, others);
    }
    one.is_empty() && other.is_empty()
}

/// What a constructor asks for.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct ConstructorRow {
    /// What the text of the element is, if the constructor takes one.
    pub text: Option<Kind>,
    /// The attributes that the constructor sets.
    pub required: &'static [AttributeRow],
}

/// An attribute as its row describes it.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct AttributeRow {
    /// Name in the document, such as `numDigits`.
    pub name: &'static str,
    /// What its value is.
    pub kind: Kind,
    /// Lowest and highest number that Twilio documents; `u32::MAX` where it names no highest.
    pub range: Option<(u32, u32)>,
}

/// What the value of an attribute, or the text of an element, is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// Any text.
    Text,
    /// An absolute URL, or a path relative to the document's.
    Url,
    /// An absolute `wss` URL.
    WebSocketUrl,
    /// A SIP address: `sip:` or `sips:`, then a host, with or without a user.
    SipUrl,
    /// A telephone number or another address.
    Phone,
    /// Keys to press: `0` to `9`, `*`, `#`; `w` for half a second of silence, `W` for a second.
    Tones,
    /// One key, `0` to `9`, `*` or `#`; or none.
    Key,
    /// Any of the keys `0` to `9`, `*` and `#`; or none.
    Keys,
    /// `GET` or `POST`.
    Method,
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Integer,
    /// A whole number of seconds.
    Seconds,
    /// A whole number of milliseconds.
    Milliseconds,
    /// `auto`, or a whole number of seconds.
    AutoOrSeconds,
    /// A time as SSML writes it: `2s` or `300ms`.
    SsmlTime,
    /// One of these words.
    Word(&'static [&'static str]),
    /// Some of these words, separated by blanks.
    Words(&'static [&'static str]),
    /// Whole numbers, separated by blanks.
    Integers,
    /// Any words or phrases, separated by commas.
    Phrases,
    /// A word of a vocabulary that grows: any text, these in common use.
    Open(&'static [&'static str]),
}
