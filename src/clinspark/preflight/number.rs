//! Checks of the number: owner, capabilities, country, and binding to the TwiML App.

use super::check::Check;
use super::run::Run;
use crate::client::WebhookUrl;
use crate::client::numbers::{IncomingPhoneNumber, ListIncomingPhoneNumbers};
use crate::phone::{Address, E164, Normalizer, PhoneNumber};
use crate::types::redacted_url;
use crate::types::{ApplicationSid, PhoneNumberSid};

/// Origin of the demo URLs that Twilio sets for every new number.
const DEMO_URL: &str = "https://demo.twilio.com/";

const NUMBER_CHECKS: &[Check] = &[
    Check::NumberNotOwned,
    Check::NumberCannotText,
    Check::NumberCannotCall,
    Check::NumberReceivesFaxes,
    Check::NumberTrunk,
    Check::NumberVoiceBinding,
    Check::NumberMessagingBinding,
    Check::NumberOwnUrls,
];

/// Ownership of the instance's number, as far as Twilio returned it.
#[derive(Clone, Copy)]
pub(super) enum Ownership {
    /// The account owns the number.
    Owned(E164, PhoneNumberSid),
    /// The account does not own the number, or the settings have none. A finding reports it.
    Absent,
    /// Twilio did not return it.
    Inconclusive,
}

/// Returns a number with its numbering plan. `None` if it is not in the plan of this version.
pub(super) fn in_numbering_plan(number: E164) -> Option<PhoneNumber> {
    Normalizer::international().normalize(number.as_str()).ok()
}

pub(super) async fn check(run: &mut Run<'_>) -> Ownership {
    let Some(number) = run.settings.number() else {
        run.add(
            Check::NumberNotSet,
            "the settings have no number",
            "one number for the instance",
            "reserve a number in the account, and set it in the settings",
        );
        return Ownership::Absent;
    };
    check_region(run, number);
    let listed = ListIncomingPhoneNumbers::new().phone_number(number);
    let Some(listed) = run.read(listed, NUMBER_CHECKS).await else {
        return Ownership::Inconclusive;
    };
    // The filter also matches parts of numbers.
    let mut listed = listed.items.into_iter();
    let Some(owned) = listed.find(|owned| owned.phone_number == Some(Address::from(number))) else {
        run.add(
            Check::NumberNotOwned,
            format!("the account owns no number {}", number.masked()),
            "a number of the customer's own account",
            "reserve a number in Twilio's console, or set the number that the account owns; a \
             number of another account cannot be used",
        );
        return Ownership::Absent;
    };
    check_capabilities(run, &owned);
    check_binding(run, &owned);
    Ownership::Owned(number, owned.sid)
}

fn check_region(run: &mut Run<'_>, number: E164) {
    let Some(default_region) = run.settings.normalizer().default_region() else {
        return;
    };
    let Some(plan) = in_numbering_plan(number) else {
        let why = "this version does not know the country of the number";
        return run.inconclusive(&[Check::NumberRegion], why);
    };
    let Some(region) = plan.region() else {
        return;
    };
    if region.calling_code() != default_region.calling_code() {
        run.add(
            Check::NumberRegion,
            format!(
                "the number {} belongs to {region}, but the default country is {default_region}",
                number.masked()
            ),
            format!("a number of {default_region}"),
            "reserve a number in the country of the volunteers, or set the default country \
             prefix to that of the number",
        );
    }
}

fn check_capabilities(run: &mut Run<'_>, owned: &IncomingPhoneNumber) {
    let capabilities = owned.capabilities.unwrap_or_default();
    for (is_capable, check, what) in [
        (capabilities.sms, Check::NumberCannotText, "text"),
        (capabilities.voice, Check::NumberCannotCall, "call"),
    ] {
        match is_capable {
            Some(true) => {}
            Some(false) => run.add(
                check,
                format!("the number cannot {what}"),
                "a number that can text and call",
                "reserve another number with both capabilities",
            ),
            None => run.inconclusive(
                &[check],
                "Twilio does not return the capabilities of the number",
            ),
        }
    }
    if owned.voice_receive_mode.as_deref() == Some("fax") {
        run.add(
            Check::NumberReceivesFaxes,
            "the number receives calls as faxes",
            "a number that receives calls as voice",
            "set the number to accept incoming voice calls in Twilio's console",
        );
    }
}

fn check_binding(run: &mut Run<'_>, owned: &IncomingPhoneNumber) {
    let trunk = owned.trunk_sid.as_deref();
    let has_trunk = trunk.is_some_and(|sid| !sid.is_empty());
    if has_trunk {
        run.add(
            Check::NumberTrunk,
            "an Elastic SIP trunk receives the number's calls: Twilio ignores its app and URLs",
            "a number without a trunk",
            "remove the number from the trunk in Twilio's console",
        );
    }
    let sections = [
        Section {
            name: "voice",
            check: Check::NumberVoiceBinding,
            app: owned.voice_application_sid,
            urls: [&owned.voice_url, &owned.voice_fallback_url],
        },
        Section {
            name: "messaging",
            check: Check::NumberMessagingBinding,
            app: owned.sms_application_sid,
            urls: [&owned.sms_url, &owned.sms_fallback_url],
        },
    ];
    for section in sections {
        // Twilio deletes the app for calls when a trunk is set, so its absence is no second finding.
        if !(has_trunk && section.check == Check::NumberVoiceBinding) {
            check_section(run, section);
        }
    }
}

/// Section of a number's configuration: voice or messaging.
struct Section<'n> {
    name: &'static str,
    check: Check,
    app: Option<ApplicationSid>,
    urls: [&'n Option<WebhookUrl>; 2],
}

fn check_section(run: &mut Run<'_>, section: Section<'_>) {
    let Section {
        name,
        check,
        app,
        urls,
    } = section;
    let wanted = run.settings.application_sid();
    let urls = urls.into_iter().flatten();
    let foreign: Vec<String> = urls
        .filter(|url| !run.is_at_instance(url) && !url.as_str().starts_with(DEMO_URL))
        .map(|url| redacted_url(url.as_str()))
        .collect();
    let found = match (app, wanted) {
        (Some(app), Some(wanted)) if app == wanted => {
            if !foreign.is_empty() {
                run.add(
                    Check::NumberOwnUrls,
                    format!(
                        "in addition to the app, the {name} section has {}: Twilio uses these URLs \
                         as soon as the app is unbound",
                        foreign.join(" and ")
                    ),
                    "no URL of the number's own, or a URL on the instance's domain",
                    "clear the number's own URLs in Twilio's console",
                );
            }
            return;
        }
        // Without an Application SID there is nothing to compare. Another finding reports that.
        (Some(_), None) => return,
        (Some(app), Some(_)) => format!("the {name} section is configured with {app}"),
        (None, _) if foreign.is_empty() => format!("the {name} section has no TwiML App"),
        (None, _) => format!(
            "the {name} section has no TwiML App, and uses {}",
            foreign.join(" and ")
        ),
    };
    let expected = wanted.map_or_else(
        || "the instance's TwiML App".to_owned(),
        |wanted| format!("TwiML App {wanted}"),
    );
    let remedy = "run `clinspark-twilio apply`, or choose \"TwiML App\" in both sections of the number's \
               configuration in Twilio's console";
    run.add(check, found, expected, remedy);
}
