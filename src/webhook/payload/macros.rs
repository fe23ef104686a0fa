//! Macros that declare a payload and its required parameters.

/// Returns required parameters as a list for documentation. Alternatives are separated by `|`.
macro_rules! required_list {
    ($($name:literal $(| $other:literal)*),*) => {
        concat!($("- `", $name, "`", $(" or `", $other, "`",)* "\n",)*)
    };
}

/// Returns required parameters, each with its alternatives.
macro_rules! required_parameters {
    ($($name:literal $(| $other:literal)*),*) => {
        &[$(&[$name $(, $other)*]),*]
    };
}

/// Declares a payload.
///
/// The arguments are its name in errors, its required parameters, and the parameters that only other
/// kinds carry. Each field has a row: documentation, name, type, and the expression that reads it.
macro_rules! payload {
    (
        $(#[$doc:meta])*
        pub struct $name:ident = $called:literal,
        requires [$($required:tt)*] $(and $part:ident)?, $(without [$($other:literal),+],)? |$p:ident| {
            $( $(#[$field_doc:meta])* $field:ident: $type:ty = $read:expr, )+
        }
    ) => {
        $(#[$doc])*
        ///
        /// Required parameters, without which
        /// [`parse`](crate::webhook::Verified::parse) returns a
        /// [`PayloadError`](crate::webhook::PayloadError):
        ///
        #[doc = $crate::webhook::payload::macros::required_list!($($required)*)]
        $(
            #[doc = concat!("- the required parameters of [`", stringify!($part), "`](crate::webhook::", stringify!($part), ")\n")]
        )?
        $(
            ///
            /// Twilio never sends these parameters with this kind. A webhook that carries one is
            /// refused as [another kind](crate::webhook::PayloadErrorKind::OtherKind):
            #[doc = concat!($("`", $other, "` "),+)]
        )?
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub struct $name {
            $( $(#[$field_doc])* pub $field: $type, )+
            extra: $crate::webhook::ExtraParameters,
        }

        impl $name {
            /// Returns the first value of a parameter that has no field, as Twilio sent it.
            ///
            /// Such a parameter is a new one of Twilio, or a custom one of the application.
            #[must_use]
            pub fn extra(&self, name: &str) -> Option<&str> {
                self.extra.value(name)
            }

            /// Returns all parameters that have no field.
            #[must_use]
            pub const fn extras(&self) -> &$crate::webhook::ExtraParameters {
                &self.extra
            }
        }

        impl super::parameters::Read for $name {
            const NAME: &'static str = $called;
            const REQUIRED: super::parameters::Required =
                $crate::webhook::payload::macros::required_parameters!($($required)*);
            $( const REQUIRED_OF_PART: super::parameters::Required = $part::REQUIRED; )?

            fn read_fields(
                $p: &mut super::parameters::Parameters<'_>,
            ) -> Result<Self, $crate::webhook::PayloadErrorKind> {
                $( $p.without(&[$($other),+])?; )?
                Ok(Self {
                    $( $field: $read, )+
                    extra: $p.extra(),
                })
            }
        }
    };
}

pub(crate) use {payload, required_list, required_parameters};
