//! The domain of an instance.

use crate::types::is_loopback;
use crate::webhook::PublicOrigin;

/// Domain of instances that are given by their name alone.
pub(in crate::clinspark) const CLINSPARK_DOMAIN: &str = "clinspark.com";

/// Returns whether a host is below ClinSpark's domain.
pub(in crate::clinspark) fn is_below_clinspark(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    let below = host.strip_suffix(CLINSPARK_DOMAIN);
    below.is_some_and(|name| name.ends_with('.'))
}

/// A name stands for its domain below `clinspark.com`, a host name for its https origin; http is
/// for loopback only, where tests run.
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
        return Err("twilio takes no host with an underscore or an empty part".to_owned());
    }
    if let Some(other) = foreign_domain(host) {
        return Err(format!("{other} is no instance of ClinSpark"));
    }
    if origin.is_https() || is_loopback(host) {
        Ok(origin)
    } else {
        Err("webhooks must be reached by https".to_owned())
    }
}

/// Checks the instance's name, as it stands before `.clinspark.com`.
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

/// Returns the name of a domain that is no instance, and that is pasted by mistake.
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
