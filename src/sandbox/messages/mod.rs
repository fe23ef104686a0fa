//! Messages: stored, delivered to a phone, received from one, replied to by TwiML.

mod create;
mod deliver;
mod receive;
mod reply;

pub(crate) use create::{MEDIA_LIMIT, NewMessage, create};
pub(crate) use deliver::deliver;
pub(crate) use receive::receive;
