//! The macro that turns rows into a payload.

/// Declares a payload: a row is the field's documentation, its name and type, and how it is read.
macro_rules! payload {
    (
        $(#[$doc:meta])*
        pub struct $name:ident = $called:literal, |$p:ident| {
            $( $(#[$field_doc:meta])* $field:ident: $type:ty = $read:expr, )+
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub struct $name {
            $( $(#[$field_doc])* pub $field: $type, )+
            extra: $crate::webhook::Extra,
        }

        impl $name {
            /// A parameter that has no field, as Twilio sent it: one that is newer than this
            /// version, or one of your own.
            #[must_use]
            pub fn extra(&self, name: &str) -> Option<&str> {
                self.extra.value(name)
            }

            /// All parameters that have no field.
            #[must_use]
            pub const fn extras(&self) -> &$crate::webhook::Extra {
                &self.extra
            }
        }

        impl super::parameters::Read for $name {
            const NAME: &'static str = $called;

            fn read_fields(
                $p: &mut super::parameters::Parameters,
            ) -> Result<Self, $crate::webhook::PayloadErrorKind> {
                Ok(Self {
                    $( $field: $read, )+
                    extra: $p.extra(),
                })
            }
        }
    };
}

pub(crate) use payload;
