//! Elements and attributes as data, against which `lint` checks documents.

/// Schema of an element: its names, parents, constructors and attributes.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct ElementSchema {
    /// Name of the Rust type, such as `SayAs`.
    pub type_name: &'static str,
    /// Name in the document, such as `say-as`.
    pub tag: &'static str,
    /// Names of the Rust types in which the element may be nested.
    pub parents: &'static [&'static str],
    /// Set if text may appear between the element's children.
    pub mixed_content: bool,
    /// Constructors. A document must satisfy one of them.
    pub constructors: &'static [ConstructorSchema],
    /// Attributes, in the order of their declaration.
    pub attributes: &'static [AttributeSchema],
}

impl ElementSchema {
    /// Returns the bit of an attribute.
    ///
    /// Each attribute has its own bit, except that all beyond 63 share the last one. Returns 0 for
    /// a name that the schema does not have.
    pub(super) const fn attribute_bit(&self, name: &str) -> u64 {
        let mut rest = self.attributes;
        let mut bit = 1;
        while let [attribute, others @ ..] = rest {
            if strings_equal(attribute.name, name) {
                return bit;
            }
            // Sharing a bit is safe: the setter then searches for the attribute by name.
            if bit != 1 << 63 {
                bit <<= 1;
            }
            rest = others;
        }
        0
    }
}

/// Compares strings in constants, where `==` is not available.
const fn strings_equal(one: &str, other: &str) -> bool {
    let (mut one, mut other) = (one.as_bytes(), other.as_bytes());
    while let ([a, more @ ..], [b, others @ ..]) = (one, other) {
        if *a != *b {
            return false;
        }
        (one, other) = (more, others);
    }
    one.is_empty() && other.is_empty()
}

/// Schema of a constructor: the text and attributes that it requires.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct ConstructorSchema {
    /// Type of the element's text, if the constructor takes one.
    pub text: Option<ValueType>,
    /// Attributes that the constructor sets.
    pub required_attributes: &'static [AttributeSchema],
}

/// Schema of an attribute: its name, value type and range.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct AttributeSchema {
    /// Name in the document, such as `numDigits`.
    pub name: &'static str,
    /// Type of the attribute's value.
    pub value_type: ValueType,
    /// Lowest and highest number that Twilio documents. `u32::MAX` if no highest number is
    /// documented.
    pub range: Option<(u32, u32)>,
}

/// Type of an attribute's value, or of an element's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ValueType {
    /// Any text.
    Text,
    /// An absolute URL, or a path relative to the document's.
    Url,
    /// An absolute `wss` URL.
    WebSocketUrl,
    /// A SIP address: `sip:` or `sips:`, then a host, with or without a user.
    SipUrl,
    /// A telephone number or another address.
    PhoneNumber,
    /// Keys to press: `0` to `9`, `*`, `#`; `w` for half a second of silence, `W` for a second.
    DtmfTones,
    /// At most one key: `0` to `9`, `*` or `#`.
    DtmfKey,
    /// Any number of the keys `0` to `9`, `*` and `#`, or none.
    DtmfKeys,
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
    /// Duration in SSML notation: `2s` or `300ms`.
    SsmlDuration,
    /// Exactly one of these values.
    Enum(&'static [&'static str]),
    /// One or more of these values, separated by blanks.
    EnumList(&'static [&'static str]),
    /// List of whole numbers, separated by blanks.
    IntegerList,
    /// List of words or phrases, separated by commas.
    PhraseList,
    /// Any text. Twilio adds values without notice; these are in common use.
    OpenEnum(&'static [&'static str]),
}
