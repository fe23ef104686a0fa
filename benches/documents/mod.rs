//! Three documents (a), (b) and (c), each written in several ways. Every way uses the same values,
//! some of which need escaping, and writes the same XML, except for the spelling of references.

#![allow(
    dead_code,
    missing_docs,
    clippy::expect_used,
    unreachable_pub,
    reason = "shared by two benches, each of which uses only a part"
)]

pub mod by_hand;
pub mod typed;
pub mod writer;

/// Values in the documents.
#[derive(Clone, Copy)]
pub struct Values {
    /// Message body of (a).
    pub body: &'static str,
    /// `action` of (b).
    pub action: &'static str,
    /// Prompt that (b) says.
    pub prompt: &'static str,
    /// URL that (b) plays.
    pub music: &'static str,
    /// Last text that (b) says.
    pub farewell: &'static str,
    /// Status and recording callbacks of (c).
    pub callback: &'static str,
    /// URL of the TwiML that each called party of (c) hears first.
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
