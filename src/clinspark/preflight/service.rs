//! Checks of Messaging Services. The number's service must send replies to the instance.

use super::check::Check;
use super::number::Ownership;
use super::report::Finding;
use super::run::Run;
use super::severity::Owner;
use crate::client::services::{
    FetchService, FetchServicePhoneNumber, ListServicePhoneNumbers, ListServiceShortCodes,
    ListServices, Service,
};
use crate::client::short_codes::FetchShortCode;
use crate::messenger::connection_overrides;
use crate::types::redacted_url;
use crate::types::{MessagingServiceSid, Method, PhoneNumberSid};

const CHOOSE_DEFER: &str = "choose \"Defer to sender's webhook\" under Integration of the \
                           Messaging Service in Twilio's console";
const SERVICE_CHECKS: &[Check] = &[
    Check::ServiceInboundUrl,
    Check::ServiceInboundMethod,
    Check::ServiceForeignUrl,
    Check::ShortCodeElsewhere,
];

/// Service whose sender pool contains the number, as far as Twilio returned it.
pub(super) enum Membership {
    None,
    In(MessagingServiceSid),
    /// Twilio did not return it.
    Inconclusive,
}

/// Checks the services. Returns the service of the number.
pub(super) async fn check(run: &mut Run<'_>, owned: Ownership) -> Membership {
    let named = run.settings.messaging_service_sid();
    let membership = match owned {
        Ownership::Owned(_, sid) => find_service(run, sid).await,
        Ownership::Absent => None,
        Ownership::Inconclusive => {
            run.inconclusive(SERVICE_CHECKS, "Twilio does not return the number");
            None
        }
    };
    if let Some(named) = named {
        check_named(run, named, owned, membership.as_ref()).await;
    }
    // The number's service receives its replies. The service of the settings is checked only if no
    // number is set.
    let service = match (&membership, named, run.settings.number()) {
        (Some(Some(service)), ..) => Some(service.clone()),
        (None, Some(named), None) => run
            .read_optional(FetchService::new(named), SERVICE_CHECKS)
            .await
            .flatten(),
        _ => None,
    };
    if let Some(service) = &service {
        check_service(run, service).await;
    }
    match membership {
        Some(Some(service)) => Membership::In(service.sid),
        Some(None) => Membership::None,
        None => Membership::Inconclusive,
    }
}

/// Returns the service whose sender pool contains the number; there is at most one. `None` if Twilio
/// does not return it.
async fn find_service(run: &mut Run<'_>, number: PhoneNumberSid) -> Option<Option<Service>> {
    let services = run.client.list(ListServices::new().page_size(1_000));
    let services = run.read_all(services, SERVICE_CHECKS).await?;
    for service in services {
        let member = FetchServicePhoneNumber::new(service.sid, number);
        if run.read_optional(member, SERVICE_CHECKS).await?.is_some() {
            return Some(Some(service));
        }
    }
    Some(None)
}

/// Checks the service of the settings.
async fn check_named(
    run: &mut Run<'_>,
    named: MessagingServiceSid,
    owned: Ownership,
    membership: Option<&Option<Service>>,
) {
    let checks = &[Check::ServiceMissing, Check::ServiceWithoutNumber];
    let Some(service) = run.read_optional(FetchService::new(named), checks).await else {
        return;
    };
    if service.is_none() {
        run.add(
            Check::ServiceMissing,
            format!("the account has no Messaging Service {named}"),
            "a Messaging Service of this account, or none in the settings",
            "set messaging_service_sid to that of the service in Twilio's console",
        );
        return;
    }
    let checks = &[Check::ServiceWithoutNumber];
    let found = match (owned, membership) {
        (Ownership::Owned(number, _), Some(found)) => match found {
            Some(service) if service.sid == named => return,
            Some(service) => format!(
                "the number {} is in Messaging Service {}",
                number.masked(),
                service.sid
            ),
            None => format!("the number {} is in no Messaging Service", number.masked()),
        },
        (Ownership::Owned(..), None) | (Ownership::Inconclusive, _) => {
            let why = "Twilio does not return the number's Messaging Service";
            return run.inconclusive(checks, why);
        }
        (Ownership::Absent, _) if run.settings.number().is_some() => return,
        (Ownership::Absent, _) => match run.read(ListServicePhoneNumbers::new(named), checks).await
        {
            Some(pool) if pool.items.is_empty() => "its sender pool has no number".to_owned(),
            _ => return,
        },
    };
    run.add(
        Check::ServiceWithoutNumber,
        found,
        format!("the instance's number in {named}"),
        "add the number to the Messaging Service, or remove the service from the settings",
    );
}

async fn check_service(run: &mut Run<'_>, service: &Service) {
    let sid = service.sid;
    let defers = service.use_inbound_webhook_on_number;
    match defers {
        Some(true) => check_short_codes(run, sid).await,
        Some(false) => check_inbound(run, service),
        None => run.inconclusive(
            &[Check::ServiceInboundUrl],
            "Twilio does not return whether the Messaging Service defers to the sender's webhook",
        ),
    }
    let foreign_urls = [
        service.status_callback.as_ref(),
        service
            .fallback_url
            .as_ref()
            .filter(|_| defers != Some(true)),
    ];
    let foreign_urls = foreign_urls
        .into_iter()
        .flatten()
        .filter(|url| !run.is_at_instance(url));
    let foreign_urls: Vec<String> = foreign_urls.map(|url| redacted_url(url.as_str())).collect();
    if !foreign_urls.is_empty() {
        run.add(
            Check::ServiceForeignUrl,
            format!(
                "Messaging Service {sid} also sends webhooks to {}",
                foreign_urls.join(" and ")
            ),
            "only the instance receives webhooks about its texts",
            "clear the URLs under Integration of the Messaging Service in Twilio's console",
        );
    }
}

/// Checks the URL of a service that does not defer. Replies go to this URL, or are dropped if there
/// is none.
fn check_inbound(run: &mut Run<'_>, service: &Service) {
    let sid = service.sid;
    let wanted = run.report.paths.message.clone();
    let wanted = wanted.map(|path| run.settings.origin().url(&path));
    let url = service.inbound_request_url.as_ref();
    let is_at_message_path = url.is_some_and(|url| match &wanted {
        Some(wanted) => {
            connection_overrides::without(wanted) == connection_overrides::without(url.as_str())
        }
        None => run.is_at_instance(url),
    });
    if !is_at_message_path {
        let found = match url {
            None => format!("Messaging Service {sid} drops the replies of volunteers"),
            Some(url) => format!(
                "Messaging Service {sid} sends the replies of volunteers to {}",
                redacted_url(url.as_str())
            ),
        };
        let expected =
            "a service that defers to the sender's webhook, so that the instance receives replies";
        add_not_deferring(run, Check::ServiceInboundUrl, sid, found, expected);
    } else if service.inbound_method.is_some_and(|m| m != Method::Post) {
        let found =
            format!("Messaging Service {sid} sends webhooks by GET, which the instance refuses");
        add_not_deferring(run, Check::ServiceInboundMethod, sid, found, "POST");
    } else if url.is_some_and(|url| !connection_overrides::requests_retries(url.as_str())) {
        add_missing_retries(
            run,
            &format!("Messaging Service {sid}"),
            "inbound request URL",
        );
    }
}

/// Adds a finding for a URL without retries, which set-up does not change.
fn add_missing_retries(run: &mut Run<'_>, place: &str, url: &str) {
    let check = Check::WebhookRetries;
    let (severity, _, source) = check.metadata();
    run.add_finding(Finding {
        check,
        severity,
        actual: format!(
            "{place} does not retry after a 5xx answer or a timeout: a STOP that arrives during \
             an outage is lost"
        ),
        expected: format!(
            "{} at the end of its {url}",
            connection_overrides::DEFAULT_FRAGMENT
        ),
        owner: Owner::Support,
        remedy: format!(
            "add {} to its {url} in Twilio's console",
            connection_overrides::DEFAULT_FRAGMENT
        ),
        source: source.into(),
    });
}

/// Adds a finding for a service that does not defer. set-up fixes only the service of the
/// settings.
fn add_not_deferring(
    run: &mut Run<'_>,
    check: Check,
    service: MessagingServiceSid,
    actual: String,
    expected: &str,
) {
    let (severity, default_owner, source) = check.metadata();
    let (owner, remedy) = if run.settings.messaging_service_sid() == Some(service) {
        (
            default_owner,
            format!("run `clinspark-twilio apply`, or {CHOOSE_DEFER}"),
        )
    } else {
        let name = "set messaging_service_sid to its SID and run `clinspark-twilio apply`";
        (Owner::Support, format!("{name}, or {CHOOSE_DEFER}"))
    };
    run.add_finding(Finding {
        check,
        severity,
        actual,
        expected: expected.to_owned(),
        owner,
        remedy,
        source: source.into(),
    });
}

/// Checks the short codes of a service that defers. Replies to a short code go to its own URL.
async fn check_short_codes(run: &mut Run<'_>, service: MessagingServiceSid) {
    let checks = &[Check::ShortCodeElsewhere];
    let pooled = run.client.list(ListServiceShortCodes::new(service));
    let Some(pooled) = run.read_all(pooled, checks).await else {
        return;
    };
    for code in pooled {
        let Some(code) = run.read(FetchShortCode::new(code.sid), checks).await else {
            return;
        };
        let found = match &code.sms_url {
            Some(url) if !run.is_at_instance(url) => {
                format!("go to {}", redacted_url(url.as_str()))
            }
            Some(_) if code.sms_method.is_some_and(|m| m != Method::Post) => {
                "are sent by GET, which the instance refuses".to_owned()
            }
            Some(url) => {
                if !connection_overrides::requests_retries(url.as_str()) {
                    add_missing_retries(run, &format!("short code {}", code.sid), "messaging URL");
                }
                continue;
            }
            None => "are dropped".to_owned(),
        };
        run.add(
            Check::ShortCodeElsewhere,
            format!("replies to short code {} {found}", code.sid),
            "the instance's messaging URL, by POST",
            "set the short code's messaging URL in Twilio's console, or remove the short code from \
             the Messaging Service",
        );
    }
}
