//! Checks of the instance's own settings.

use super::check::Check;
use super::run::Run;
use crate::client::Delivery;
use crate::clinspark::settings::{CLINSPARK_DOMAIN, is_below_clinspark};

pub(super) fn check(run: &mut Run<'_>) {
    let settings = run.settings;
    if !settings.enabled() {
        run.add(
            Check::TwilioDisabled,
            "Twilio support is disabled: the instance refuses to send",
            "Twilio support enabled",
            "enable Twilio support in the instance's settings",
        );
    }
    let guard = match settings.delivery() {
        Delivery::Live => None,
        Delivery::Off => Some("no recipient is permitted: nothing is sent"),
        Delivery::Only(_) => Some("only the numbers in the delivery setting may be reached"),
    };
    if let Some(guard) = guard {
        run.add(
            Check::DeliveryGuarded,
            guard,
            "live delivery, on a production instance",
            "set delivery to live on a production instance; leave it as it is on a copy",
        );
    }
    let host = settings.origin().host();
    if settings.origin().is_https() {
        check_domain(run, host);
    } else {
        run.add(
            Check::DomainNotPublic,
            format!("the domain {host} is this machine"),
            "a public domain that Twilio reaches by https",
            "set the instance's own domain",
        );
    }
    if settings.normalizer().default_region().is_none() {
        run.add(
            Check::DefaultCountryNotSet,
            "no default country: numbers typed without their country code are refused",
            "the default country prefix, from the list of country calling codes",
            "set the default country prefix in the instance's settings",
        );
    }
}

/// Adds a note on a domain outside ClinSpark's. It may be correct, but often the wrong line was
/// pasted.
fn check_domain(run: &mut Run<'_>, host: &str) {
    if !is_below_clinspark(host) {
        run.add(
            Check::DomainNotClinspark,
            format!("the domain {host} is not below {CLINSPARK_DOMAIN}"),
            "the instance's own domain, such as demo.clinspark.com",
            "compare the domain with the address at which the instance is used",
        );
    }
}
