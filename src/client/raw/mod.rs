//! Requests to any endpoint of Twilio, as typed as the caller makes them.

mod reach;
mod request;
mod response;

pub use request::RawRequest;
pub use response::{RawResponse, UnfitResponse};
