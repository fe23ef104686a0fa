//! URLs that Twilio accepts, and the servers on this machine that they are sent to.

use reqwest::Url;

use crate::sandbox::context::Context;
use crate::sandbox::state::AlertCause;

/// Parses a URL that Twilio accepts: absolute, `http` or `https`, and no underscore in the host.
pub(crate) fn parse_url(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let host = url.host_str()?;
    (matches!(url.scheme(), "http" | "https") && !host.contains('_')).then_some(url)
}

/// Returns the URL on this machine to which a webhook is sent.
pub(super) fn loopback_url(context: &Context, url: &Url) -> Result<Url, AlertCause> {
    const REFUSED: AlertCause = AlertCause::new(
        11210,
        "the sandbox sends webhooks to this machine only; map the origin with `Sandbox::map_origin`",
    );
    let origin = url.origin().ascii_serialization();
    match context.read(|state| state.mapped_origins.get(&origin).cloned()) {
        Some(server) => {
            Url::parse(&format!("{server}{}", path_and_query(url))).map_err(|_| REFUSED)
        }
        None if is_loopback(url) => Ok(url.clone()),
        None => Err(REFUSED),
    }
}

fn is_loopback(url: &Url) -> bool {
    url.host_str().is_some_and(crate::types::is_loopback)
}

pub(super) fn path_and_query(url: &Url) -> String {
    match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    }
}
