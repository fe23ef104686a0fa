//! Reads responses leniently: an unexpected value makes its field `None`, never the response an
//! error.
//!
//! Twilio writes counts as numbers or as text, unset SIDs and URLs as `null` or as empty text, and
//! adds values and fields without notice. After an unreadable response, the outcome of a message is
//! unknown. Therefore only a missing SID makes a response unreadable.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{self, DeserializeOwned, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::repair::repaired;
use crate::codes::ErrorCode;
use crate::phone::Address;
use crate::types::{
    AccountSid, AnsweredBy, ApplicationSid, BrandSid, CallDirection, CallSid, CallStatus,
    ConferenceSid, MessageDirection, MessageSid, MessageStatus, MessagingServiceSid, Method,
    PhoneNumberSid, QueueSid, RecordingSid, Redacted, Timestamp,
};

/// Key under which `serde_json` passes a number as an object. It does so if another crate of the
/// program enables its feature `arbitrary_precision`.
const NUMBER: &str = "$serde_json::private::Number";

/// A value that is read from text, or from the text of a number or boolean.
pub(in crate::client) trait Field: Sized {
    /// Reads a text. `None` if it is not such a value.
    fn read(text: &str) -> Option<Self>;

    /// Reads an object. By default an object is not such a value, unless it is a number.
    fn read_object<'de, A: MapAccess<'de>>(mut object: A) -> Result<Option<Self>, A::Error> {
        let mut number = None;
        while let Some(key) = object.next_key::<String>()? {
            let Item::<String>(value) = object.next_value()?;
            if key == NUMBER {
                number = value;
            }
        }
        Ok(number.and_then(|number| Self::read(&number)))
    }

    /// Reads a list. By default a list is not such a value.
    fn read_list<'de, A: SeqAccess<'de>>(mut list: A) -> Result<Option<Self>, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }
}

/// One item of a list, or `None` if it is not such a value.
struct Item<T>(Option<T>);

impl<'de, T: Field> Deserialize<'de> for Item<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        optional(deserializer).map(Self)
    }
}

/// A list of the items that can be read. The others are skipped.
impl<T: Field> Field for Vec<T> {
    fn read(_: &str) -> Option<Self> {
        None
    }

    fn read_list<'de, A: SeqAccess<'de>>(mut list: A) -> Result<Option<Self>, A::Error> {
        let mut items = Self::new();
        while let Some(Item(item)) = list.next_element()? {
            items.extend(item);
        }
        Ok(Some(items))
    }
}

/// An object of the values that can be read. The others are skipped.
impl<T: Field> Field for BTreeMap<String, T> {
    fn read(_: &str) -> Option<Self> {
        None
    }

    fn read_object<'de, A: MapAccess<'de>>(mut object: A) -> Result<Option<Self>, A::Error> {
        let mut values = Self::new();
        while let Some((key, Item(value))) = object.next_entry()? {
            values.extend(value.map(|value| (key, value)));
        }
        Ok(Some(values))
    }
}

/// Reads an object. An array is refused, because serde would read its items as the fields in order.
///
/// A text that is almost JSON is repaired first; of a duplicate key the last value counts, as in
/// other JSON parsers. The error is that of the original text.
pub(in crate::client) fn object<T: DeserializeOwned>(body: &[u8]) -> Result<T, serde_json::Error> {
    let text = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let text = text.trim_ascii_start();
    if text.starts_with(b"[") {
        return Err(de::Error::custom("an array"));
    }
    serde_json::from_slice(body).or_else(|error| {
        // A gateway's HTML page is not worth a repair.
        if !text.starts_with(b"{") {
            return Err(error);
        }
        let Ok(fields) = serde_json::from_str::<Value>(&repaired(text)) else {
            return Err(error);
        };
        // The original error has the position in the text that arrived.
        T::deserialize(fields).map_err(|_| error)
    })
}

/// Reads any value without failing, for `#[serde(default, deserialize_with = "optional")]`.
pub(in crate::client) fn optional<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Field,
{
    deserializer.deserialize_any(FieldVisitor(PhantomData))
}

struct FieldVisitor<T>(PhantomData<T>);

impl<'de, T: Field> Visitor<'de> for FieldVisitor<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(T::read(text))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(T::read(if value { "true" } else { "false" }))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(T::read(&number.to_string()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(T::read(&number.to_string()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
        Ok(T::read(&number.to_string()))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
        T::read_list(list)
    }

    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<Self::Value, A::Error> {
        T::read_object(object)
    }
}

impl Field for String {
    fn read(text: &str) -> Option<Self> {
        Some(text.to_owned())
    }
}

impl<T: Field> Field for Redacted<T> {
    fn read(text: &str) -> Option<Self> {
        T::read(text).map(Self::new)
    }

    fn read_object<'de, A: MapAccess<'de>>(object: A) -> Result<Option<Self>, A::Error> {
        Ok(T::read_object(object)?.map(Self::new))
    }

    fn read_list<'de, A: SeqAccess<'de>>(list: A) -> Result<Option<Self>, A::Error> {
        Ok(T::read_list(list)?.map(Self::new))
    }
}

impl Field for bool {
    fn read(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

impl Field for Timestamp {
    fn read(text: &str) -> Option<Self> {
        (!text.is_empty()).then(|| Self::parse(text))
    }
}

impl Field for Address {
    fn read(text: &str) -> Option<Self> {
        // Empty means "not chosen yet", not a withheld caller.
        (!text.is_empty()).then(|| Self::parse(text))
    }
}

impl Field for Method {
    fn read(text: &str) -> Option<Self> {
        match text {
            "GET" => Some(Self::Get),
            "POST" => Some(Self::Post),
            _ => None,
        }
    }
}

/// Fields of a response, or of an item of a page, that repeat the request. A missing or unreadable
/// field does not count as a difference.
#[derive(Clone, Copy, Debug, Default)]
#[expect(unnameable_types, reason = "part of the sealed `Request` only")]
#[non_exhaustive]
pub struct EchoedFields<'a> {
    pub(in crate::client) sid: Option<&'a str>,
    pub(in crate::client) account_sid: Option<AccountSid>,
    /// Recipient, callee, or number that was looked up.
    pub(in crate::client) to: Option<&'a Address>,
}

/// Reason why a body could not be read. Opaque, because `Request` leads to it and the JSON library
/// is an implementation detail.
#[derive(Debug)]
#[expect(unnameable_types, reason = "part of the sealed `Request` only")]
pub struct UnreadableBody(pub(in crate::client) serde_json::Error);

/// A type that the body of a successful response is read into.
#[expect(unnameable_types, reason = "part of the sealed `Request` only")]
pub trait ResponseBody: DeserializeOwned + fmt::Debug {
    /// SID prefixes for which an unreadable response is searched.
    const PREFIXES: &'static [&'static str] = &[];

    fn read(body: &[u8]) -> Result<Self, UnreadableBody> {
        object(body).map_err(UnreadableBody)
    }

    /// Returns the SID of the resource, if it has one.
    fn sid(&self) -> Option<&str> {
        None
    }

    /// Maximum number of bytes read of a response.
    const LARGEST: usize = 4 * 1024 * 1024;

    /// `true` for a resource that Twilio returns in the body of a redirect.
    const IS_REDIRECT: bool = false;

    /// `true` for a page, whose items are other resources than the one in the path.
    const IS_PAGE: bool = false;

    /// Returns the fields that repeat the request; for a page, those of each item.
    fn echoes(&self) -> Vec<EchoedFields<'_>> {
        Vec::new()
    }

    /// Returns the response to a deletion that an earlier attempt has carried out.
    fn deleted() -> Option<Self> {
        None
    }
}

/// The response to a deletion, which has no body.
impl ResponseBody for () {
    fn read(body: &[u8]) -> Result<Self, UnreadableBody> {
        if body.trim_ascii().is_empty() {
            Ok(())
        } else {
            // A gateway's page does not prove the deletion.
            Err(UnreadableBody(de::Error::custom("not empty")))
        }
    }

    fn deleted() -> Option<Self> {
        Some(())
    }
}

macro_rules! parsed_fields {
    ($($name:ty),+ $(,)?) => {$(
        impl Field for $name {
            fn read(text: &str) -> Option<Self> {
                text.parse().ok()
            }
        }
    )+};
}

macro_rules! vocabulary_fields {
    ($($name:ty),+ $(,)?) => {$(
        impl $crate::client::engine::read::Field for $name {
            fn read(text: &str) -> Option<Self> {
                (!text.is_empty()).then(|| Self::from(text))
            }
        }
    )+};
}

parsed_fields!(
    u32,
    u64,
    ErrorCode,
    AccountSid,
    ApplicationSid,
    BrandSid,
    CallSid,
    ConferenceSid,
    MessageSid,
    MessagingServiceSid,
    PhoneNumberSid,
    QueueSid,
    RecordingSid,
);
vocabulary_fields!(
    AnsweredBy,
    CallDirection,
    CallStatus,
    MessageDirection,
    MessageStatus
);

pub(in crate::client) use vocabulary_fields;

/// Reads the object of a field, for the types that `part!` declares.
pub(in crate::client) fn read_part<'de, T, A>(object: A) -> Result<Option<T>, A::Error>
where
    T: Deserialize<'de>,
    A: MapAccess<'de>,
{
    T::deserialize(MapAccessDeserializer::new(object)).map(Some)
}

/// Implements `Field` for types that are read from an object.
macro_rules! object_fields {
    ($($name:ident),+) => {$(
        impl crate::client::engine::read::Field for $name {
            fn read(_: &str) -> Option<Self> {
                None
            }

            fn read_object<'de, A: serde::de::MapAccess<'de>>(
                object: A,
            ) -> Result<Option<Self>, A::Error> {
                crate::client::engine::read::read_part(object)
            }
        }
    )+};
}

/// Declares a resource: its SID, which is required, and optional fields. A row consists of a
/// field's documentation, its name in the JSON and its type.
macro_rules! model {
    (
        $(#[$doc:meta])*
        $name:ident {
            $(#[$sid_doc:meta])*
            sid: $sid:ty,
            $( $(#[$field_doc:meta])* $field:ident: $type:ty, )+
        }
    ) => {
        $(#[$doc])*
        ///
        /// Only the SID is always present: Twilio omits, empties and adds fields without notice.
        #[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
        #[non_exhaustive]
        pub struct $name {
            $(#[$sid_doc])*
            pub sid: $sid,
            $(
                $(#[$field_doc])*
                #[serde(default, deserialize_with = "crate::client::engine::read::optional")]
                pub $field: Option<$type>,
            )+
        }

        impl $name {
            /// Names of the fields that are read, in Twilio's spelling.
            pub const FIELDS: &'static [&'static str] = &["sid", $( stringify!($field) ),+];
        }

        impl crate::client::engine::read::ResponseBody for $name {
            const PREFIXES: &'static [&'static str] = <$sid>::PREFIXES;

            fn sid(&self) -> Option<&str> {
                Some(self.sid.as_str())
            }

            fn echoes(&self) -> Vec<crate::client::engine::read::EchoedFields<'_>> {
                let mut echo = crate::client::engine::read::EchoedFields::default();
                echo.sid = Some(self.sid.as_str());
                $( crate::client::engine::read::echo!(echo, self, $field); )+
                vec![echo]
            }
        }
    };
}

/// Stores a field that is compared with the request, and skips any other field.
macro_rules! echo {
    ($echo:ident, $answer:ident, account_sid) => {
        $echo.account_sid = $answer.account_sid;
    };
    ($echo:ident, $answer:ident, to) => {
        $echo.to = $answer.to.as_ref();
    };
    ($echo:ident, $answer:ident, phone_number) => {
        $echo.to = $answer.phone_number.as_ref();
    };
    ($echo:ident, $answer:ident, $other:ident) => {};
}

/// Takes the SID of a call, for a response whose resource is the call of a person.
macro_rules! call_sid {
    ($sid:ident, $answer:ident, call_sid) => {
        $sid = $sid.or_else(|| $answer.call_sid.as_ref().map(|sid| sid.as_str()));
    };
    ($sid:ident, $answer:ident, $other:ident) => {};
}

/// Declares a response, or a part of one, without a SID of its own. Every field is optional.
macro_rules! part {
    (
        $(#[$doc:meta])*
        $name:ident {
            $( $(#[$field_doc:meta])* $field:ident: $type:ty, )+
        }
    ) => {
        $(#[$doc])*
        ///
        /// Any field can be missing: Twilio omits, empties and adds fields without notice.
        #[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize)]
        #[non_exhaustive]
        pub struct $name {
            $(
                $(#[$field_doc])*
                #[serde(default, deserialize_with = "crate::client::engine::read::optional")]
                pub $field: Option<$type>,
            )+
        }

        impl $name {
            /// Names of the fields that are read, in Twilio's spelling.
            pub const FIELDS: &'static [&'static str] = &[$( stringify!($field) ),+];
        }

        impl crate::client::engine::read::ResponseBody for $name {
            #[allow(unused_mut, reason = "not every response names a call")]
            fn sid(&self) -> Option<&str> {
                let mut sid: Option<&str> = None;
                $( crate::client::engine::read::call_sid!(sid, self, $field); )+
                sid
            }

            #[allow(unused_mut, reason = "not every response has a field to compare")]
            fn echoes(&self) -> Vec<crate::client::engine::read::EchoedFields<'_>> {
                let mut echo = crate::client::engine::read::EchoedFields::default();
                $( crate::client::engine::read::echo!(echo, self, $field); )+
                vec![echo]
            }
        }

        crate::client::engine::read::object_fields!($name);
    };
}

pub(in crate::client) use {call_sid, echo, model, object_fields, part};
