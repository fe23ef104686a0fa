//! Three documents, in the ways in which a Rust program can write them.
//!
//! Every way gets the same values, of which some need escaping. It writes the same XML, up to the
//! spelling of references.

#![allow(
    dead_code,
    missing_docs,
    clippy::expect_used,
    unreachable_pub,
    reason = "shared by two benches, which both use a part"
)]

pub mod by_hand;
pub mod typed;
pub mod writer;

/// Values that a program fills into the documents.
#[derive(Clone, Copy)]
pub struct Values {
    /// Body of document (a).
    pub body: &'static str,
    /// URL of the next document after (b).
    pub action: &'static str,
    /// Text that (b) speaks.
    pub prompt: &'static str,
    /// Sound that (b) plays.
    pub music: &'static str,
    /// Text that (b) speaks at the end.
    pub farewell: &'static str,
    /// Status callback URL of (c).
    pub callback: &'static str,
    /// URL of the greeting that the parties of (c) receive.
    pub whisper: &'static str,
    /// Numbers that (c) dials.
    pub numbers: [&'static str; 5],
}

pub const VALUES: Values = Values {
    body: "See you & yours at 9:00.",
    action: "https://clinic.example.com/twilio/menu?visit=4711&step=2",
    prompt: "Press one to confirm your visit, two to choose another day & time, three to call us.",
    music: "https://clinic.example.com/audio/menu.mp3",
    farewell: "We did not hear you. Goodbye.",
    callback: "https://clinic.example.com/twilio/status?visit=4711&leg=1",
    whisper: "https://clinic.example.com/twilio/whisper?visit=4711&leg=1",
    numbers: [
        "+14155550123",
        "+14155550124",
        "+14155550125",
        "+442079460018",
        "+61491570156",
    ],
};
