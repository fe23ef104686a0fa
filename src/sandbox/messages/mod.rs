//! Messages: creation, delivery to a phone, receipt from a phone, replies in TwiML.

pub(crate) mod checks;
mod create;
mod deliver;
mod exchange;
mod outcome;
mod receive;
mod reply;
mod sender;

pub(crate) use create::{MEDIA_LIMIT, NewMessage, create};
pub(crate) use exchange::{start, text};
pub(crate) use receive::{InboundMedia, InboundText};
