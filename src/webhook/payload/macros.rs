//! Macro that declares a payload.

/// Declares a payload.
///
/// The arguments are its name in errors and the parameters that only other kinds carry. Each field
/// has a row: documentation, name, type, and the expression that reads it.
macro_rules! payload {
    (
        $(#[$doc:meta])*
        pub struct $name:ident = $called:literal, $(without [$($other:literal),+],)? |$p:ident| {
            $( $(#[$field_doc:meta])* $field:ident: $type:ty = $read:expr, )+
        }
    ) => {
        $(#[$doc])*
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

pub(crate) use payload;
