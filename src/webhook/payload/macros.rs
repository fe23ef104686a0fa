//! The macro that declares a payload.

/// Declares a payload: its name in errors, the parameters that only other kinds carry, and a row
/// for each field: documentation, name, type, and the expression that reads it.
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
            /// Twilio never sends these with it; a webhook that carries one is refused as of
            /// [another kind](crate::webhook::PayloadErrorKind::OtherKind):
            #[doc = concat!($("`", $other, "` "),+)]
        )?
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub struct $name {
            $( $(#[$field_doc])* pub $field: $type, )+
            extra: $crate::webhook::ExtraParameters,
        }

        impl $name {
            /// First value of a parameter that has no field, as Twilio sent it: a new one of
            /// Twilio's, or a custom one of the application.
            #[must_use]
            pub fn extra(&self, name: &str) -> Option<&str> {
                self.extra.value(name)
            }

            /// All parameters that have no field.
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
