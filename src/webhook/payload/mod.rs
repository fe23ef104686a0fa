//! What Twilio says, typed: one struct per kind of webhook.
//!
//! Every struct keeps the parameters that it has no field for (`extra`), because Twilio adds
//! parameters without notice; words it does not know stay as they came; empty text is absence.
//! What is about a person is [`Redacted`](crate::types::Redacted) or masks itself, so `Debug` may
//! be logged; none of them is `Serialize`.

mod call;
mod message;
mod parameters;
mod status;

pub use call::{CallParameters, GatherResult, InboundCall, Sip, StirVerstat};
pub use message::{Button, InboundMedia, InboundMessage, Location, OptOutType, Place, Referral};
pub(crate) use parameters::Parameters;
pub use parameters::{Extra, Payload};
pub use status::{CallStatusCallback, MessageStatusCallback};
