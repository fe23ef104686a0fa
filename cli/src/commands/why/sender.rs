//! The sender: its number, its Messaging Service and its registration.

use clinspark_twilio::client::a2p::{CampaignStatus, ListCampaigns};
use clinspark_twilio::client::numbers::{IncomingPhoneNumber, ListIncomingPhoneNumbers};
use clinspark_twilio::client::services::{
    FetchService, FetchServicePhoneNumber, ListServices, Service,
};
use clinspark_twilio::client::toll_free::{ListTollfreeVerifications, TollfreeVerificationStatus};
use clinspark_twilio::phone::{E164, NumberKind, PhoneNumber};
use clinspark_twilio::types::{MessagingServiceSid, PhoneNumberSid};

use super::investigation::Investigation;

const REGISTRATION: &str = "registration";
const SERVICE: &str = "service";

/// Checks the sender of a message.
pub(super) async fn of_message(
    run: &mut Investigation<'_>,
    from: Option<E164>,
    service: Option<MessagingServiceSid>,
) {
    let number = match from {
        Some(from) => owned(run, from).await,
        None => None,
    };
    let service = match (service, &number) {
        (Some(service), _) => run.read_optional(SERVICE, FetchService::new(service)).await,
        (None, Some(number)) => of_number(run, number.sid).await,
        (None, None) => None,
    };
    if let Some(Some(service)) = &service {
        replies(run, service);
    }
    if let Some(from) = from {
        let sid = number.map(|number| number.sid);
        registration(run, from, sid, service.flatten().as_ref()).await;
    }
}

/// Checks a number of the account.
pub(super) async fn of_owned(run: &mut Investigation<'_>, number: E164, sid: PhoneNumberSid) {
    let service = of_number(run, sid).await;
    match &service {
        Some(Some(service)) => replies(run, service),
        Some(None) => run.note(SERVICE, "the number is in no Messaging Service"),
        None => {}
    }
    if let Some(service) = service {
        registration(run, number, Some(sid), service.as_ref()).await;
    }
}

async fn owned(run: &mut Investigation<'_>, number: E164) -> Option<IncomingPhoneNumber> {
    let request = ListIncomingPhoneNumbers::new().phone_number(number);
    let page = run.read("sender", request).await?;
    let found = page.items.into_iter().next();
    if found.is_none() {
        run.problem(
            "sender",
            format!("the account does not own {}", number.masked()),
            "send from a number of this account, or use the account that owns the number",
        );
    }
    found
}

/// Returns the service whose sender pool holds the number; there is at most one.
async fn of_number(run: &mut Investigation<'_>, number: PhoneNumberSid) -> Option<Option<Service>> {
    let mut services = run.client.list(ListServices::new().page_size(1_000));
    while let Some(service) = services.next().await {
        let service = match service {
            Ok(service) => service,
            Err(error) => {
                run.unknown(SERVICE, error.to_string());
                return None;
            }
        };
        let member = FetchServicePhoneNumber::new(service.sid, number);
        if run.read_optional(SERVICE, member).await?.is_some() {
            return Some(Some(service));
        }
    }
    Some(None)
}

/// Reports the destination of replies to a service.
fn replies(run: &mut Investigation<'_>, service: &Service) {
    let sid = service.sid;
    let own_url = service.inbound_request_url.as_ref();
    let has_own_url = own_url.is_some_and(|url| !url.as_str().is_empty());
    match (service.use_inbound_webhook_on_number, has_own_url) {
        (Some(true), _) => run.ok(
            SERVICE,
            format!("{sid} defers to the sender's webhook: replies reach the number's TwiML App"),
        ),
        (_, true) => run.note(
            SERVICE,
            format!("{sid} sends replies to its own URL, not to the number's TwiML App"),
        ),
        (Some(false), false) => run.problem(
            SERVICE,
            format!("{sid} drops replies: it has no URL and does not defer to the sender's webhook"),
            "run `clinspark-twilio apply`, or choose \"Defer to sender's webhook\" under Integration \
             of the Messaging Service in Twilio's console",
        ),
        (None, false) => run.unknown(SERVICE, format!("Twilio does not tell where {sid} sends replies")),
    }
}

async fn registration(
    run: &mut Investigation<'_>,
    number: E164,
    sid: Option<PhoneNumberSid>,
    service: Option<&Service>,
) {
    let Ok(plan) = PhoneNumber::try_from(number) else {
        return run.unknown(REGISTRATION, "the sender is in no numbering plan");
    };
    let is_american = number.as_str().starts_with("+1");
    if is_american && plan.kind() == NumberKind::TollFree {
        return match sid {
            Some(sid) => toll_free(run, sid).await,
            None => run.unknown(REGISTRATION, "the toll-free number is not the account's"),
        };
    }
    if plan.region().is_none_or(|region| region.as_str() != "US") {
        let text = "not checked: brands and campaigns are for numbers of the USA";
        return run.note(REGISTRATION, text);
    }
    match service {
        Some(service) => campaign(run, service.sid).await,
        None => run.problem(
            REGISTRATION,
            "the sender is in no Messaging Service, so no campaign covers it: carriers block its \
             texts (30034)",
            "register brand and campaign in Twilio's console, and add the number to the campaign's \
             Messaging Service",
        ),
    }
}

async fn campaign(run: &mut Investigation<'_>, service: MessagingServiceSid) {
    let Some(page) = run.read(REGISTRATION, ListCampaigns::new(service)).await else {
        return;
    };
    let Some(campaign) = page.items.first() else {
        return run.problem(
            REGISTRATION,
            format!("{service} has no campaign: carriers block its texts (30034)"),
            "register brand and campaign in Twilio's console; it takes days",
        );
    };
    let sid = campaign.sid;
    match &campaign.campaign_status {
        Some(CampaignStatus::Verified) => {
            run.ok(REGISTRATION, format!("campaign {sid} is verified"));
        }
        Some(status) => run.problem(
            REGISTRATION,
            format!("campaign {sid} is {status}: carriers may block its texts"),
            "wait until it is verified; if it failed, correct what Twilio's console names",
        ),
        None => run.unknown(REGISTRATION, format!("campaign {sid} has no status")),
    }
}

async fn toll_free(run: &mut Investigation<'_>, number: PhoneNumberSid) {
    let request = ListTollfreeVerifications::new().tollfree_phone_number_sid(number);
    let Some(page) = run.read(REGISTRATION, request).await else {
        return;
    };
    let statuses = page.items.iter().map(|item| item.status.as_ref());
    let approved = Some(&TollfreeVerificationStatus::Approved);
    if statuses.clone().any(|status| status == approved) {
        return run.ok(REGISTRATION, "the toll-free number is verified");
    }
    let status = statuses.flatten().next().map(ToString::to_string);
    run.problem(
        REGISTRATION,
        format!(
            "the toll-free verification is {}: Twilio blocks texts (30032)",
            status.as_deref().unwrap_or("missing")
        ),
        "submit the verification in Twilio's console, and wait until it is approved",
    );
}
