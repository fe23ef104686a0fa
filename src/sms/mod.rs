//! What a text costs and what forces the price up, before it is sent; and whether a reply says
//! STOP.
//!
//! ```
//! use clinspark_twilio::sms::{MessageSize, OptOut, non_gsm7_characters};
//!
//! let body = "We\u{2019}ll see you tomorrow at 9:00 in building B. Bring your diary.";
//! assert_eq!(MessageSize::of(body).encoding().as_str(), "UCS-2");
//! let apostrophe = non_gsm7_characters(body).next().unwrap();
//! assert_eq!(apostrophe.replacement(), Some("'"));
//!
//! assert_eq!(OptOut::classify(" stop "), Some(OptOut::Stop));
//! assert_eq!(OptOut::classify("Please stop texting me"), Some(OptOut::MaybeStop));
//! assert_eq!(OptOut::classify("See you at 9:00"), None);
//! ```
//!
//! | Item | What it is |
//! |---|---|
//! | [`MessageSize`] | encoding, segments, units left, the limit of 1,600 characters |
//! | [`body_length`], [`MAX_BODY_LENGTH`] | the length that Twilio limits, and the limit |
//! | [`Encoding`] | GSM-7 or UCS-2 |
//! | [`non_gsm7_characters`] | which characters make a text UCS-2, and what could stand for them |
//! | [`smart_encode`] | the text as Smart Encoding changes it |
//! | [`BatchPreview`] | segments and cost of a batch |
//! | [`OptOut`] | STOP, START, HELP, or text that may be an opt-out |
//! | [`OptOutKeywords`] | the same, with a clinic's own keywords |

mod batch;
mod cluster;
mod encoding;
mod opt_out;
mod segments;
mod smart_encoding;

pub use batch::BatchPreview;
pub use encoding::Encoding;
pub use opt_out::{OptOut, OptOutKeywords};
pub use segments::{MAX_BODY_LENGTH, MessageSize, SizeError, body_length};
pub use smart_encoding::{NonGsm7Character, non_gsm7_characters, smart_encode};
