//! `apply --demo`: every step of set-up on a sandbox account, without a network.

use std::error::Error;
use std::fmt;

use clinspark_twilio::clinspark::{Plan, Setup};
use clinspark_twilio::messenger::WithoutConsentGate;
use clinspark_twilio::phone::E164;
use clinspark_twilio::sandbox::Sandbox;
use serde::Serialize;

use crate::failure::{Exit, Failure};
use crate::output::Output;

/// Number of steps of the plan, of a second plan, and of a plan after the changes were undone.
#[derive(Serialize)]
struct Steps {
    planned: usize,
    left: usize,
    after_undo: usize,
    #[serde(rename = "ok")]
    as_expected: bool,
}

impl fmt::Display for Steps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = if self.as_expected { "ok" } else { "differs" };
        let Self {
            planned,
            left,
            after_undo,
            ..
        } = self;
        write!(
            f,
            "apply: {verdict} planned={planned} left={left} after_undo={after_undo}"
        )
    }
}

pub(super) async fn run(output: Output) -> Result<Exit, Failure> {
    let steps = demonstrate(output)
        .await
        .map_err(|error| Failure::of(Exit::Twilio, &*error))?;
    output.print(&steps)?;
    Ok(Exit::fine_if(steps.as_expected))
}

/// Runs every step on a new account, whose number is in a Messaging Service that drops replies.
async fn demonstrate(output: Output) -> Result<Steps, Box<dyn Error>> {
    let twilio = Sandbox::start().await?;
    let owned = twilio.add_number(E164::parse("+61255501234")?);
    let service = twilio.add_service(&[("FriendlyName", "Clinic")])?;
    twilio.add_number_to_service(service, owned)?;
    let settings = twilio
        .settings()
        .domain("demo")
        .messaging_service_sid(service.as_str())
        .voice_path("/hooks/voice")
        .call_status_path("/hooks/call-status")
        .message_path("/hooks/message")
        .message_status_path("/hooks/message-status")
        .delivery("off")
        .build()?;
    // Texts and calls no one.
    let messenger = settings.messenger(WithoutConsentGate)?;
    apply_and_undo(Setup::new(&settings, messenger.client()), output).await
}

async fn apply_and_undo(setup: Setup<'_>, output: Output) -> Result<Steps, Box<dyn Error>> {
    let plan = setup.plan().await?;
    output.progress(&format!("{plan}\n"))?;
    let done = setup.apply(&plan).await?;
    let application = done.application;
    output.progress(&format!("Application SID for ClinSpark: {application}\n"))?;
    let second = setup.plan().await?;
    output.progress(&format!("{second}\n\n{}\n", done.undo))?;
    setup.undo(&done.undo).await?;
    let third = setup.plan().await?;
    let steps = |plan: &Plan| plan.steps().len();
    Ok(Steps {
        planned: steps(&plan),
        left: steps(&second),
        after_undo: steps(&third),
        as_expected: second.is_empty() && third == plan,
    })
}
