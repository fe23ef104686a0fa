//! Reading answers without stumbling: an odd field costs that field, never the answer.
//!
//! Twilio writes counts as numbers or as text, unset SIDs and URLs as `null` or as empty text,
//! and adds words and fields without notice. An answer that cannot be read leaves a message's
//! fate unknown, so nothing but a missing SID may make one unreadable.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserializer;
use serde::de::{self, DeserializeOwned, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::phone::Address;
use crate::types::{
    AccountSid, AnsweredBy, ApplicationSid, CallDirection, CallSid, CallStatus, MessageDirection,
    MessageSid, MessageStatus, MessagingServiceSid, Method, PhoneNumberSid, Redacted, Timestamp,
};

/// A value that is read from text, or from a number or truth value written out as text.
pub(super) trait Field: Sized {
    /// `None` when the text is no such value.
    fn read(text: &str) -> Option<Self>;

    /// Reads an object; by default it is no such value.
    fn read_object<'de, A: MapAccess<'de>>(mut object: A) -> Result<Option<Self>, A::Error> {
        while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(None)
    }
}

/// Reads an object. An array is refused: serde would take its items for the fields in order.
pub(super) fn object<T: DeserializeOwned>(body: &[u8]) -> Result<T, serde_json::Error> {
    if body.trim_ascii_start().starts_with(b"[") {
        return Err(de::Error::custom("an array"));
    }
    serde_json::from_slice(body)
}

/// For `#[serde(default, deserialize_with = "optional")]`: whatever stands there, it never fails.
pub(super) fn optional<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
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

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
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

macro_rules! parsed {
    ($($name:ty),+ $(,)?) => {$(
        impl Field for $name {
            fn read(text: &str) -> Option<Self> {
                text.parse().ok()
            }
        }
    )+};
}

macro_rules! words {
    ($($name:ty),+ $(,)?) => {$(
        impl Field for $name {
            fn read(text: &str) -> Option<Self> {
                (!text.is_empty()).then(|| Self::from(text))
            }
        }
    )+};
}

parsed!(
    u32,
    AccountSid,
    ApplicationSid,
    CallSid,
    MessageSid,
    MessagingServiceSid,
    PhoneNumberSid,
);
words!(
    AnsweredBy,
    CallDirection,
    CallStatus,
    MessageDirection,
    MessageStatus
);

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
                #[serde(default, deserialize_with = "crate::client::read::optional")]
                pub $field: Option<$type>,
            )+
        }

        impl crate::client::request::sealed::Answer for $name {
            const PREFIXES: &'static [&'static str] = <$sid>::PREFIXES;
        }
    };
}

pub(super) use model;
