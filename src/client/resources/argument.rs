//! Macros that declare arguments of `new`: types that write one parameter of their own.

/// Declares an argument that is a text.
///
/// A row consists of documentation, type, Twilio's name of the parameter, and the method of
/// [`Form`](crate::client::engine::form::Form) that checks and sets it.
macro_rules! text_arguments {
    ($( $(#[$doc:meta])* $name:ident = $param:literal: $set:ident; )+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name(crate::types::Redacted<String>);

        impl<T: Into<String>> From<T> for $name {
            fn from(text: T) -> Self {
                Self(crate::types::Redacted::new(text.into()))
            }
        }

        impl crate::client::engine::request::Argument for $name {
            const NAMES: &'static [&'static str] = &[$param];

            fn write(&self, form: &mut crate::client::engine::form::Form) {
                form.$set($param, self.0.expose().clone());
            }
        }
    )+};
}

/// Declares an argument that is a value of another type, such as a SID or a number.
macro_rules! value_arguments {
    ($( $(#[$doc:meta])* $name:ident($value:ty) = $param:literal; )+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name($value);

        impl From<$value> for $name {
            fn from(value: $value) -> Self {
                Self(value)
            }
        }

        impl crate::client::engine::request::Argument for $name {
            const NAMES: &'static [&'static str] = &[$param];

            fn write(&self, form: &mut crate::client::engine::form::Form) {
                form.set($param, self.0.as_str());
            }
        }
    )+};
}

pub(super) use {text_arguments, value_arguments};
