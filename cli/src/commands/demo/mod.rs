//! `demo`: a complete conversation without a Twilio account and without a network.
//!
//! Three parts talk over real HTTP on loopback:
//!
//! - The sandbox simulates Twilio and the volunteer's phone.
//! - `service.rs` is the clinic's webhook server.
//! - The messenger is the clinic's client.
//!
//! The output shows masked numbers, and no message body, as the log of a service should.

mod service;

use std::error::Error;
use std::fmt;
use std::time::Duration;

use clap::Args;
use clinspark_twilio::clinspark::Setup;
use clinspark_twilio::messenger::{MemoryConsentGate, Messenger};
use clinspark_twilio::phone::E164;
use clinspark_twilio::sandbox::{Phone, Sandbox, WebhookKind};
use clinspark_twilio::twiml::{Gather, Say, VoiceResponse};
use clinspark_twilio::types::{CallStatus, MessageStatus};
use clinspark_twilio::webhook::{RefusalKind, SIGNATURE_HEADER};
use serde::Serialize;
use service::{Event, Service};
use tokio::net::TcpListener;

use crate::failure::{Exit, Failure};
use crate::output::Output;

/// The volunteer's number as a receptionist types it. The clinic's default country is Australia.
const TYPED: &str = "0491 570 156";
const REMINDER: &str = "Your visit is tomorrow at 9:00. Reply YES to confirm.";

/// Runs a whole conversation on a simulated Twilio, without an account and without a network
#[derive(Args, Debug)]
#[command(after_help = "\
The last line counts what happened, and begins with `quickstart: ok` if each part happened once.

Example:
  clinspark-twilio demo")]
pub(crate) struct Options {}

/// Counts of events. Each is 1 after a successful run.
#[derive(Debug, Default, Serialize)]
struct Counts {
    texts: usize,
    delivered: usize,
    replies: usize,
    answered: usize,
    calls: usize,
    pressed: usize,
    forged_refused: usize,
    provisioned: usize,
}

impl Counts {
    const fn named(&self) -> [(&'static str, usize); 8] {
        [
            ("texts", self.texts),
            ("delivered", self.delivered),
            ("replies", self.replies),
            ("answered", self.answered),
            ("calls", self.calls),
            ("pressed", self.pressed),
            ("forged_refused", self.forged_refused),
            ("provisioned", self.provisioned),
        ]
    }

    fn are_as_expected(&self) -> bool {
        self.named().iter().all(|(_, count)| *count == 1)
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = if self.are_as_expected() {
            "ok"
        } else {
            "differs"
        };
        write!(f, "quickstart: {verdict}")?;
        let mut named = self.named().into_iter();
        named.try_for_each(|(name, count)| write!(f, " {name}={count}"))
    }
}

pub(crate) async fn run(_: Options, output: Output) -> Result<Exit, Failure> {
    let counts = converse(output)
        .await
        .map_err(|error| Failure::of(Exit::Twilio, &*error))?;
    output.print(&counts)?;
    Ok(Exit::fine_if(counts.are_as_expected()))
}

async fn converse(output: Output) -> Result<Counts, Box<dyn Error>> {
    let mut counts = Counts::default();

    // The sandbox: an account with one number, and the phone of a volunteer.
    let twilio = Sandbox::start().await?;
    let clinic_number = E164::parse("+61255501234")?;
    let owned = twilio.add_number(clinic_number);
    let volunteer = twilio.phone(E164::parse("+61491570156")?);

    // The clinic: its settings, its client, its webhook server.
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let domain = format!("http://{}", listener.local_addr()?);
    let settings = twilio
        .settings()
        .domain(&domain)
        .voice_path("/hooks/voice")
        .call_status_path("/hooks/call-status")
        .message_path("/hooks/message")
        .message_status_path("/hooks/message-status")
        // Refuses texts and calls to any other number.
        .delivery(format!("only:{}", volunteer.number().as_str()))
        .build()?;
    let messenger = settings.messenger(MemoryConsentGate::new())?;
    let service = Service::new(messenger.clone());
    service.serve(listener);

    output.progress("1. Set up the account")?;
    let done = Setup::new(&settings, messenger.client())
        .provision()
        .await?;
    let bound = twilio
        .number(owned)
        .ok_or("the account no longer has the number")?;
    let both = [bound.voice_application_sid(), bound.sms_application_sid()];
    if done.created && both == [Some(done.application); 2] {
        counts.provisioned += 1;
    }
    output.progress(&format!(
        "   TwiML App {} answers voice and messaging",
        done.application
    ))?;

    let mut story = Story {
        twilio: &twilio,
        messenger: &messenger,
        service: &service,
        volunteer: &volunteer,
        counts,
        output,
    };
    story.text().await?;
    story.reply(clinic_number).await?;
    story.call().await?;
    story.forge().await?;
    let counts = story.counts;

    if let Some(alert) = twilio.alerts().first() {
        return Err(format!(
            "Twilio's debugger has alert {}: {}",
            alert.code, alert.message
        )
        .into());
    }
    Ok(counts)
}

/// The parts of the conversation, and the counts of its events.
struct Story<'a> {
    twilio: &'a Sandbox,
    messenger: &'a Messenger,
    service: &'a Service,
    volunteer: &'a Phone,
    counts: Counts,
    output: Output,
}

impl Story<'_> {
    async fn text(&mut self) -> Result<(), Box<dyn Error>> {
        self.output.progress("2. Text the volunteer")?;
        let sent = self.messenger.text(TYPED, REMINDER).await?;
        self.volunteer.next_text().await?;
        self.output.progress(&format!(
            "   volunteer {} has a text",
            self.volunteer.number().masked()
        ))?;
        self.counts.texts += self
            .volunteer
            .inbox()
            .iter()
            .filter(|text| text.body.expose() == REMINDER)
            .count();
        // Status callbacks arrive in the background.
        self.twilio.wait_idle().await?;
        for event in self.service.events() {
            if let Event::MessageStatus { sid, status } = event
                && sid == sent.sid
            {
                self.output
                    .progress(&format!("   twilio    {sid} is {status}"))?;
                self.counts.delivered += usize::from(status == MessageStatus::Delivered);
            }
        }
        Ok(())
    }

    async fn reply(&mut self, clinic_number: E164) -> Result<(), Box<dyn Error>> {
        self.output
            .progress("3. The volunteer replies and gets an answer")?;
        let answers = self.volunteer.text(clinic_number, "Yes").await?;
        self.twilio.wait_idle().await?;
        for event in self.service.events() {
            if let Event::Reply { body } = event {
                self.output.progress(&format!(
                    "   clinic    {} has a reply",
                    clinic_number.masked()
                ))?;
                self.counts.replies += usize::from(body == "Yes");
            }
        }
        for answer in answers {
            self.output.progress(&format!(
                "   volunteer {} has the answer",
                self.volunteer.number().masked()
            ))?;
            self.counts.answered +=
                usize::from(answer.body.expose() == "Thank you, see you at 9:00.");
        }
        Ok(())
    }

    async fn call(&mut self) -> Result<(), Box<dyn Error>> {
        self.output
            .progress("4. Call the volunteer, who presses a key")?;
        let confirm = self.messenger.origin().url("/hooks/confirm");
        let menu = VoiceResponse::new()
            .append(
                Gather::new()
                    .num_digits(1)
                    .timeout(Duration::from_secs(5))
                    .action(confirm)
                    .append(Say::new("Press one to confirm your visit.")),
            )
            .append(Say::new("We did not hear you. Goodbye."));
        let placed = self.messenger.call(TYPED, &menu).await?;
        let ringing = self.volunteer.answer().await?;
        ringing.hear().await?;
        self.output.progress(&format!(
            "   volunteer {} hears the menu",
            self.volunteer.number().masked()
        ))?;
        ringing.press("1").await?;
        self.output.progress("   volunteer presses a key")?;
        ringing.hear().await?;
        self.output.progress("   volunteer hears the answer")?;
        ringing.wait_ended().await?;
        self.twilio.wait_idle().await?;
        for event in self.service.events() {
            match event {
                Event::Pressed { call, keys } if call == placed.sid => {
                    self.counts.pressed += usize::from(keys == "1");
                }
                Event::CallStatus { sid, status } if sid == placed.sid => {
                    self.output
                        .progress(&format!("   twilio    {sid} is {status}"))?;
                    self.counts.calls += usize::from(status == CallStatus::Completed);
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Sends a forged webhook: a request that Twilio signed, with a changed `Body`. The signature
    /// covers every parameter, so the service must refuse it.
    async fn forge(&mut self) -> Result<(), Box<dyn Error>> {
        self.output
            .progress("5. An attacker sends the volunteer's reply again, with another body")?;
        let genuine = self
            .twilio
            .webhooks()
            .into_iter()
            .find(|webhook| webhook.kind == WebhookKind::InboundMessage)
            .ok_or("the sandbox sent no message webhook")?;
        let mut form = genuine.parameters.into_inner();
        for (name, value) in &mut form {
            if name == "Body" {
                "No".clone_into(value);
            }
        }
        let answer = reqwest::Client::builder()
            // A proxy of the environment cannot reach loopback.
            .no_proxy()
            .build()?
            .post(genuine.url.expose())
            .header(SIGNATURE_HEADER, genuine.signature.expose())
            .header("content-type", "application/x-www-form-urlencoded")
            .body(serde_urlencoded::to_string(&form)?)
            .send()
            .await?;
        let (status, body) = (answer.status(), answer.text().await?);
        let events = self.service.events();
        let believed = events
            .iter()
            .any(|event| matches!(event, Event::Reply { body } if body == "No"));
        for event in events {
            if let Event::Refused { kind, reason } = event {
                self.output.progress(&format!(
                    "   refused   with status {} and {} bytes: {reason}",
                    status.as_u16(),
                    body.len()
                ))?;
                let silent = status == http::StatusCode::FORBIDDEN && body.is_empty();
                let seen_through = kind == RefusalKind::Signature;
                self.counts.forged_refused += usize::from(silent && seen_through && !believed);
            }
        }
        Ok(())
    }
}
