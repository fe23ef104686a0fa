//! Domain of an instance.

use crate::webhook::PublicOrigin;

/// Parent domain of instances that are set only by their name.
pub(in crate::clinspark) const CLINSPARK_DOMAIN: &str = "clinspark.com";

/// Returns `true` if a host is a subdomain of ClinSpark's domain.
pub(in crate::clinspark) fn is_below_clinspark(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    let below = host.strip_suffix(CLINSPARK_DOMAIN);
    below.is_some_and(|name| name.ends_with('.'))
}

/// Parses a domain. A name means the subdomain of `clinspark.com`, and a host name means its https
/// origin. http is permitted only for loopback, where tests run.
pub(super) fn parse_domain(text: &str) -> Result<PublicOrigin, String> {
    let whole = if text.contains("://") {
        text.to_owned()
    } else if text.contains('.') {
        format!("https://{text}")
    } else {
        is_name(text)?;
        format!("https://{text}.{CLINSPARK_DOMAIN}")
    };
    let origin = PublicOrigin::parse(&whole).map_err(|error| error.to_string())?;
    let host = origin.host();
    if host.contains('_') || host.split('.').any(str::is_empty) {
        return Err("Twilio accepts no host with an underscore or an empty label".to_owned());
    }
    if let Some(other) = foreign_domain(host) {
        return Err(format!(
            "{other} is not an instance of ClinSpark; write the instance's own domain"
        ));
    }
    if origin.is_https() || origin.is_loopback() {
        Ok(origin)
    } else {
        Err("write the domain with https, or without a scheme".to_owned())
    }
}

/// Checks the instance's name, which precedes `.clinspark.com`.
fn is_name(text: &str) -> Result<(), &'static str> {
    if text.eq_ignore_ascii_case("YOUR_CLINSPARK_DOMAIN") {
        return Err("put the instance's own name in place of YOUR_CLINSPARK_DOMAIN");
    }
    let letters = text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let ends = text.starts_with('-') || text.ends_with('-');
    let is_label = (1..=63).contains(&text.len()) && letters && !ends;
    if !is_label || text.eq_ignore_ascii_case("localhost") {
        return Err("write the instance's name, such as demo, or its full domain");
    }
    Ok(())
}

/// Returns the description of a domain that is often pasted by mistake and is not an instance.
fn foreign_domain(host: &str) -> Option<&'static str> {
    let host = host.to_ascii_lowercase();
    let is_below = |domain: &str| {
        host.strip_suffix(domain)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    if is_below("twilio.com") {
        return Some("twilio.com");
    }
    let bare = host.strip_prefix("www.").unwrap_or(&host);
    (bare == CLINSPARK_DOMAIN).then_some("the bare clinspark.com")
}
