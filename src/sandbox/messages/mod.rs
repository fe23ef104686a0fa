//! Messages: creation, delivery to a phone, receipt from a phone, replies in TwiML.

mod create;
mod deliver;
mod receive;
mod reply;

pub(crate) use create::{MEDIA_LIMIT, NewMessage, create};
pub(crate) use deliver::start;
pub(crate) use receive::receive;
