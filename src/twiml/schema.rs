//! Elements and attributes as data: `lint` checks documents against them.

/// Schema of an element: its names, parents, constructors and attributes.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct ElementSchema {
    /// Name of the Rust type, such as `SayAs`.
    pub type_name: &'static str,
    /// Name in the document, such as `say-as`.
    pub tag: &'static str,
    /// Names of the Rust types that it may stand in.
    pub parents: &'static [&'static str],
    /// Whether text may stand between its children.
    pub mixed_content: bool,
    /// The ways of making one: a document must fit one of them.
    pub constructors: &'static [ConstructorSchema],
    /// Attributes, in the order of their declaration.
    pub attributes: &'static [AttributeSchema],
}

impl ElementSchema {
    /// A bit of its own for each attribute, the last for any beyond 63; 0 for a name that the
    /// schema does not have.
    pub(super) const fn attribute_bit(&self, name: &str) -> u64 {
        let mut rest = self.attributes;
        let mut bit = 1;
        while let [attribute, others @ ..] = rest {
            if strings_equal(attribute.name, name) {
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
    /// Type of its value.
    pub value_type: ValueType,
    /// Lowest and highest number that Twilio documents; `u32::MAX` where it names no highest.
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
    /// One key, `0` to `9`, `*` or `#`; or none.
    DtmfKey,
    /// Any of the keys `0` to `9`, `*` and `#`; or none.
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
    /// A time as SSML writes it: `2s` or `300ms`.
    SsmlDuration,
    /// One of these values.
    Enum(&'static [&'static str]),
    /// Some of these values, separated by blanks.
    EnumList(&'static [&'static str]),
    /// Whole numbers, separated by blanks.
    IntegerList,
    /// Any words or phrases, separated by commas.
    PhraseList,
    /// A value that Twilio adds to without notice: any text; these are in common use.
    OpenEnum(&'static [&'static str]),
}
