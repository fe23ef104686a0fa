//! Writes a voice menu: the first document of a call, and a document for each key.
//!
//! ```text
//! cargo run --no-default-features --example voice_menu
//! ```
#![allow(clippy::print_stdout, reason = "a program for people to read")]

use std::time::Duration;

use clinspark_twilio::phone::E164;
use clinspark_twilio::twiml::{Dial, Gather, Number, Redirect, Say, VoiceResponse};
use clinspark_twilio::types::BoxError;

const WELCOME: &str = "/twilio/welcome";

/// Answers the call. If the caller presses no key, the menu starts again.
pub(crate) fn welcome() -> VoiceResponse {
    let menu = Gather::new()
        .num_digits(1)
        .timeout(Duration::from_secs(6))
        .action("/twilio/menu")
        .append(Say::new(
            "Press one to confirm your visit, two to speak to us.",
        ));
    VoiceResponse::new()
        .append(menu)
        .append(Redirect::new(WELCOME))
}

/// Answers a pressed key: the `digits` of a `GatherResult`.
pub(crate) fn pressed(digits: &str, clinic: E164) -> VoiceResponse {
    match digits {
        "1" => VoiceResponse::new().append(Say::new("Thank you. We look forward to seeing you.")),
        "2" => {
            // The caller hears ringing, not silence, until the clinic answers.
            let dial = Dial::new()
                .timeout(Duration::from_secs(20))
                .answer_on_bridge(true);
            VoiceResponse::new().append(dial.append(Number::new(clinic)))
        }
        _ => VoiceResponse::new()
            .append(Say::new("Sorry, there is nothing on that key."))
            .append(Redirect::new(WELCOME)),
    }
}

pub(crate) fn main() -> Result<(), BoxError> {
    let clinic = E164::parse("+14155550123")?;
    let keys = ["1", "2", "9"].map(|digits| pressed(digits, clinic));
    for document in [welcome()].into_iter().chain(keys) {
        // `Debug` prints the structure only. A webhook returns `document.into_response()`.
        println!("{document:?}");
        for finding in document.lint() {
            println!("  {finding}");
        }
    }
    Ok(())
}
