//! Reading answers without stumbling: an odd field costs that field, never the answer.
//!
//! Twilio writes counts as numbers or as text, unset SIDs and URLs as `null` or as empty text,
//! and adds words and fields without notice. An answer that cannot be read leaves a message's
//! fate unknown, so nothing but a missing SID may make one unreadable.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{self, DeserializeOwned, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::repair::repaired;
use crate::phone::Address;
use crate::types::{
    AccountSid, AnsweredBy, ApplicationSid, BrandSid, CallDirection, CallSid, CallStatus,
    ConferenceSid, MessageDirection, MessageSid, MessageStatus, MessagingServiceSid, Method,
    PhoneNumberSid, Redacted, Timestamp,
};

/// Key of the object as which `serde_json` hands over a number where another crate of the program
/// turned its feature `arbitrary_precision` on.
const NUMBER: &str = "$serde_json::private::Number";

/// A value that is read from text, or from a number or truth value written out as text.
pub(in crate::client) trait Field: Sized {
    /// `None` when the text is no such value.
    fn read(text: &str) -> Option<Self>;

    /// Reads an object; by default it is no such value, unless it is a number.
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

    /// Reads a list; by default it is no such value.
    fn read_list<'de, A: SeqAccess<'de>>(mut list: A) -> Result<Option<Self>, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }
}

/// One item of a list, or nothing where it is no such value.
struct Item<T>(Option<T>);

impl<'de, T: Field> Deserialize<'de> for Item<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        optional(deserializer).map(Self)
    }
}

/// The items that can be read; one that cannot costs itself, not the list.
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

/// Reads an object. An array is refused: serde would take its items for the fields in order.
///
/// Text that is almost JSON is repaired first. Of a doubled key the last value counts, as in other
/// JSON readers. The error is that of the text as it came.
pub(in crate::client) fn object<T: DeserializeOwned>(body: &[u8]) -> Result<T, serde_json::Error> {
    let text = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let text = text.trim_ascii_start();
    if text.starts_with(b"[") {
        return Err(de::Error::custom("an array"));
    }
    serde_json::from_slice(body).or_else(|error| {
        // No page of a gateway is worth the work.
        if !text.starts_with(b"{") {
            return Err(error);
        }
        let Ok(fields) = serde_json::from_str::<Value>(&repaired(text)) else {
            return Err(error);
        };
        T::deserialize(fields).map_err(|_| error)
    })
}

/// For `#[serde(default, deserialize_with = "optional")]`: whatever stands there, it never fails.
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
        // Empty stands for "not chosen yet", not for a withheld caller.
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
/// field is no difference.
#[derive(Clone, Copy, Debug, Default)]
#[expect(unnameable_types, reason = "part of the sealed `Request` only")]
#[non_exhaustive]
pub struct EchoedFields<'a> {
    pub(in crate::client) sid: Option<&'a str>,
    pub(in crate::client) account_sid: Option<AccountSid>,
    /// The recipient, the callee, or the number that was looked up.
    pub(in crate::client) to: Option<&'a Address>,
}

/// A type that the body of a successful response is read into.
#[expect(unnameable_types, reason = "part of the sealed `Request` only")]
pub trait ResponseBody: DeserializeOwned + fmt::Debug {
    /// The SID prefixes under which an unreadable answer is searched for its SID.
    const PREFIXES: &'static [&'static str] = &[];

    fn read(body: &[u8]) -> Result<Self, serde_json::Error> {
        object(body)
    }

    /// Its SID, where it has one.
    fn sid(&self) -> Option<&str> {
        None
    }

    /// The most bytes of an answer that are read.
    const LARGEST: usize = 4 * 1024 * 1024;

    /// Whether it is a page, whose items are other resources than the one in the path.
    const IS_PAGE: bool = false;

    /// What it says about the request; for a page, what each item says.
    fn echoes(&self) -> Vec<EchoedFields<'_>> {
        Vec::new()
    }

    /// The answer to a deletion that an earlier attempt has carried out.
    fn deleted() -> Option<Self> {
        None
    }
}

/// What a deletion answers with: nothing.
impl ResponseBody for () {
    fn read(body: &[u8]) -> Result<Self, serde_json::Error> {
        if body.trim_ascii().is_empty() {
            Ok(())
        } else {
            // A gateway's page is no deletion.
            Err(de::Error::custom("not empty"))
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
    AccountSid,
    ApplicationSid,
    BrandSid,
    CallSid,
    ConferenceSid,
    MessageSid,
    MessagingServiceSid,
    PhoneNumberSid,
);
vocabulary_fields!(
    AnsweredBy,
    CallDirection,
    CallStatus,
    MessageDirection,
    MessageStatus
);

pub(in crate::client) use vocabulary_fields;

/// The object of a field, for the parts that `part!` declares.
pub(in crate::client) fn read_part<'de, T, A>(object: A) -> Result<Option<T>, A::Error>
where
    T: Deserialize<'de>,
    A: MapAccess<'de>,
{
    T::deserialize(MapAccessDeserializer::new(object)).map(Some)
}

/// Lets a type be the object of a field.
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

/// Declares a resource: its SID, without which it cannot be read, and fields that may all be
/// missing. A row is the field's documentation, its name in the JSON and its type.
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
        /// Only the SID is certain: Twilio leaves out, empties and adds fields without notice.
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
            /// The fields that are read, which are named as Twilio names them.
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

/// Takes down a field that can be compared with the request.
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

/// Declares what has no SID of its own: an answer, or a part of one. Every field may be missing.
macro_rules! part {
    (
        $(#[$doc:meta])*
        $name:ident {
            $( $(#[$field_doc:meta])* $field:ident: $type:ty, )+
        }
    ) => {
        $(#[$doc])*
        ///
        /// Nothing in it is certain: Twilio leaves out, empties and adds fields without notice.
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
            /// The fields that are read, which are named as Twilio names them.
            pub const FIELDS: &'static [&'static str] = &[$( stringify!($field) ),+];
        }

        impl crate::client::engine::read::ResponseBody for $name {
            #[allow(unused_mut, reason = "not every answer has a field to compare")]
            fn echoes(&self) -> Vec<crate::client::engine::read::EchoedFields<'_>> {
                let mut echo = crate::client::engine::read::EchoedFields::default();
                $( crate::client::engine::read::echo!(echo, self, $field); )+
                vec![echo]
            }
        }

        crate::client::engine::read::object_fields!($name);
    };
}

pub(in crate::client) use {echo, model, object_fields, part};
