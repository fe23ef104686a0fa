//! Text messages: segments and cost of a text before it is sent, and opt-outs in replies.
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
//! | Item | Description |
//! |---|---|
//! | [`MessageSize`] | encoding, segments and units left of a text, checked against the limit of 1,600 characters |
//! | [`body_length`], [`MAX_BODY_LENGTH`] | length that Twilio limits, and the limit |
//! | [`Encoding`] | GSM-7 or UCS-2 |
//! | [`non_gsm7_characters`] | characters that make a text UCS-2, with their replacements |
//! | [`smart_encode`] | text after Twilio's Smart Encoding |
//! | [`BatchPreview`] | segments and cost of a batch |
//! | [`OptOut`] | STOP, START, HELP, or text that may be an opt-out |
//! | [`OptOutKeywords`] | opt-out keywords of a clinic, in addition to the built-in ones |

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
