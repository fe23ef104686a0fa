//! Settings of a media stream.

use reqwest::Url;

use crate::sandbox::state::{AlertCause, StreamTrack, WebhookTarget};
use crate::sandbox::webhooks::{parse_url, parse_websocket_url};
use crate::twiml::Node;
use crate::types::Method;
use crate::webhook::websocket::CustomParameters;

/// Settings of a media stream.
#[derive(Clone, Debug)]
pub(crate) struct StreamOptions {
    pub(crate) url: Url,
    pub(crate) name: Option<String>,
    pub(crate) track: StreamTrack,
    pub(crate) status_callback: Option<WebhookTarget>,
    pub(crate) parameters: CustomParameters,
}

impl StreamOptions {
    /// Reads a `<Stream>`. `warn` learns of settings that have no effect.
    pub(in crate::sandbox::calls) fn read(
        element: &Node,
        base: Option<&Url>,
        warn: impl Fn(AlertCause),
    ) -> Result<Self, AlertCause> {
        if element.attribute("connectorName").is_some() {
            let message = "the sandbox has no stream connectors; set `url`";
            return Err(AlertCause::new(31940, message));
        }
        if element.attribute("audioFormat").is_some() || element.attribute("sampleRate").is_some() {
            let message =
                "the sandbox streams mu-law of 8000 Hz only, whatever the <Stream> asks for";
            warn(AlertCause::new(12200, message));
        }
        let url = element.attribute("url").unwrap_or_default();
        if url.contains('?') {
            let message = "Twilio drops the query of a stream's URL; use <Parameter>";
            warn(AlertCause::new(12200, message));
        }
        let track = StreamTrack::parse(element.attribute("track"));
        Ok(Self {
            url: stream_url(url, base)?,
            name: element.attribute("name").map(str::to_owned),
            track: track.ok_or(AlertCause::new(
                31941,
                "the track of the <Stream> is invalid",
            ))?,
            status_callback: status_callback(element)?,
            parameters: parameters(element),
        })
    }
}

/// Parses the URL of a stream. Twilio drops its query.
pub(crate) fn stream_url(text: &str, base: Option<&Url>) -> Result<Url, AlertCause> {
    let mut url = parse_websocket_url(text, base)?;
    url.set_query(None);
    url.set_fragment(None);
    Ok(url)
}

fn status_callback(element: &Node) -> Result<Option<WebhookTarget>, AlertCause> {
    let Some(text) = element.attribute("statusCallback") else {
        return Ok(None);
    };
    let message = "the statusCallback of the <Stream> is no absolute URL";
    parse_url(text).ok_or(AlertCause::new(11100, message))?;
    let method = match element.attribute("statusCallbackMethod") {
        Some("GET") => Method::Get,
        _ => Method::Post,
    };
    Ok(Some(WebhookTarget::new(text, method)))
}

/// Reads the `<Parameter>` elements.
pub(in crate::sandbox::calls) fn parameters(element: &Node) -> CustomParameters {
    let elements = element
        .children()
        .filter(|child| child.name() == "Parameter");
    CustomParameters::new(elements.map(|child| {
        let value = |name| child.attribute(name).unwrap_or_default();
        (value("name"), value("value"))
    }))
}
