//! What a text message asks of us before anybody reads it.
//!
//! ```
//! use clinspark_twilio::sms::OptOut;
//!
//! assert_eq!(OptOut::of_text(" stop "), Some(OptOut::Stop));
//! assert_eq!(OptOut::of_text("Please stop texting me"), Some(OptOut::MaybeStop));
//! assert_eq!(OptOut::of_text("See you at 9:00"), None);
//! ```
//!
//! | Type | What it is |
//! |---|---|
//! | [`OptOut`] | STOP, START, HELP, or words that may mean STOP |

mod keywords;

pub use keywords::OptOut;
