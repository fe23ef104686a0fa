//! A voice menu: the first document of a call, and a document for each key.
//!
//! ```text
//! cargo run --no-default-features --example voice_menu
//! ```

use std::io::{self, Write};
use std::time::Duration;

use clinspark_twilio::phone::E164;
use clinspark_twilio::twiml::{
    Dial, Gather, Hangup, Number, Redirect, Say, Voice, VoiceResponse, ssml,
};

const VOICE: Voice = Voice::POLLY_AMY;

fn welcome() -> VoiceResponse {
    VoiceResponse::new()
        .append(
            Gather::new()
                .num_digits(1)
                .timeout(Duration::from_secs(6))
                .action("/twilio/menu")
                .append(
                    Say::new("Press one to confirm your visit, two to speak to us.").voice(VOICE),
                ),
        )
        // Runs if the caller presses nothing: the menu starts again.
        .append(Redirect::new("/twilio/welcome"))
}

fn pressed(digits: &str, clinic: E164) -> VoiceResponse {
    match digits {
        "1" => VoiceResponse::new()
            .append(
                Say::new("Thank you.")
                    .voice(VOICE)
                    .append(ssml::Break::new().time(Duration::from_millis(300)))
                    .append("We look forward to seeing you."),
            )
            .append(Hangup::new()),
        "2" => VoiceResponse::new().append(
            Dial::new()
                .timeout(Duration::from_secs(20))
                // The caller hears ringing, not silence, until the clinic answers.
                .answer_on_bridge(true)
                .append(Number::new(clinic)),
        ),
        _ => VoiceResponse::new()
            .append(Say::new("Sorry, there is nothing on that key.").voice(VOICE))
            .append(Redirect::new("/twilio/welcome")),
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let clinic = E164::parse("+14155550123")?;
    let mut out = io::stdout().lock();
    for document in [
        welcome(),
        pressed("1", clinic),
        pressed("2", clinic),
        pressed("9", clinic),
    ] {
        // A service returns `Ok(document.into_response())`.
        writeln!(out, "{document}\n")?;
        for finding in document.lint() {
            writeln!(out, "  {finding}")?;
        }
    }
    Ok(())
}
