//! Text and call people through Twilio.
//!
//! Not affiliated with Twilio or IQVIA.

#![forbid(unsafe_code)]
#![cfg_attr(clinspark_twilio_docs, feature(doc_cfg))]

#[cfg(feature = "client")]
pub mod client;
pub mod phone;
pub mod twiml;
pub mod types;
pub mod webhook;
