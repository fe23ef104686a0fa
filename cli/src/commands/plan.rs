//! `plan`: lists the changes that set-up would make, and the TwiML Apps that nothing uses.

use std::collections::BTreeSet;
use std::fmt;

use clap::Args;
use clinspark_twilio::Client;
use clinspark_twilio::client::WebhookUrl;
use clinspark_twilio::client::applications::{Application, ListApplications};
use clinspark_twilio::client::numbers::ListIncomingPhoneNumbers;
use clinspark_twilio::clinspark::{Plan, Setup};
use clinspark_twilio::types::redacted_url;
use serde::Serialize;

use crate::failure::{Exit, Failure};
use crate::output::{Output, Table};
use crate::settings::SettingsSource;

/// Lists the changes that `apply` would make, and changes nothing
#[derive(Args, Debug)]
#[command(after_help = "\
Also lists each TwiML App that no number uses. To re-purpose one, set TWILIO_APPLICATION_SID to its
SID and plan again. Exit code 0 with and without changes, 1 if the account prevents set-up.

Example:
  clinspark-twilio plan")]
pub(crate) struct Options {
    #[command(flatten)]
    source: SettingsSource,
}

pub(crate) async fn run(options: Options, output: Output) -> Result<Exit, Failure> {
    let (settings, messenger) = options.source.connect_for_setup().await?;
    let client = messenger.client();
    let plan = Setup::new(&settings, client).plan().await?;
    let unused = unused_applications(client, &plan).await;
    output.print(&Answer { plan, unused })?;
    Ok(Exit::Fine)
}

#[derive(Serialize)]
struct Answer {
    #[serde(flatten)]
    plan: Plan,
    #[serde(flatten)]
    unused: Unused,
}

/// TwiML Apps that no number uses.
#[derive(Serialize)]
struct Unused {
    unused_applications: Vec<UnusedApplication>,
    /// Reason why they are unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    unused_applications_unknown: Option<String>,
}

#[derive(Serialize)]
struct UnusedApplication {
    sid: String,
    updated: Option<String>,
    voice_url: Option<String>,
    message_url: Option<String>,
}

/// Lists the apps that no number uses. A failure to read them does not fail the plan.
async fn unused_applications(client: &Client, plan: &Plan) -> Unused {
    match read_unused(client, plan).await {
        Ok(unused_applications) => Unused {
            unused_applications,
            unused_applications_unknown: None,
        },
        Err(error) => Unused {
            unused_applications: Vec::new(),
            unused_applications_unknown: Some(error.to_string()),
        },
    }
}

async fn read_unused(
    client: &Client,
    plan: &Plan,
) -> Result<Vec<UnusedApplication>, clinspark_twilio::client::Error> {
    let mut used: BTreeSet<String> = BTreeSet::new();
    used.extend(plan.application().map(|sid| sid.to_string()));
    let mut numbers = client.list(ListIncomingPhoneNumbers::new().page_size(1_000));
    while let Some(number) = numbers.next().await {
        let number = number?;
        let bound = [number.voice_application_sid, number.sms_application_sid];
        used.extend(bound.iter().flatten().map(ToString::to_string));
    }
    let mut unused = Vec::new();
    let mut apps = client.list(ListApplications::new().page_size(1_000));
    while let Some(app) = apps.next().await {
        let app = app?;
        if !used.contains(app.sid.as_str()) {
            unused.push(UnusedApplication::of(&app));
        }
    }
    Ok(unused)
}

impl UnusedApplication {
    fn of(app: &Application) -> Self {
        Self {
            sid: app.sid.to_string(),
            updated: app.date_updated.as_ref().map(ToString::to_string),
            voice_url: redacted(app.voice_url.as_ref()),
            message_url: redacted(app.sms_url.as_ref()),
        }
    }
}

/// Returns a URL without the parts that may hold a secret.
pub(crate) fn redacted(url: Option<&WebhookUrl>) -> Option<String> {
    url.map(|url| redacted_url(url.as_str()))
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.plan.fmt(f)?;
        let Unused {
            unused_applications,
            unused_applications_unknown,
        } = &self.unused;
        if let Some(reason) = unused_applications_unknown {
            return write!(f, "\n\nTwiML Apps without a number are unknown: {reason}");
        }
        if unused_applications.is_empty() {
            return Ok(());
        }
        let mut table = Table::new(&["TWIML APP", "VOICE URL", "MESSAGE URL", "UPDATED"]);
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        for app in unused_applications {
            let (voice, message) = (text(&app.voice_url), text(&app.message_url));
            table.row([&app.sid, &voice, &message, &text(&app.updated)]);
        }
        write!(
            f,
            "\n\nTwiML Apps that no number uses. Before you re-purpose one, check that no Voice SDK \
             and no <Application> names it:\n{table}"
        )
    }
}
