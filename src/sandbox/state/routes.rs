//! Routes of a number: the URLs that may receive its texts, calls and status callbacks, and which of
//! them does.

use super::State;
use super::resources::StoredNumber;
use super::settings::{ResourceSettings, WebhookTarget};
use crate::types::{ApplicationSid, MessagingServiceSid};

/// Owner of a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RouteSource {
    Service(MessagingServiceSid),
    Application(ApplicationSid),
    Number,
}

/// A URL that may receive the webhooks of a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RouteCandidate {
    pub(crate) source: RouteSource,
    /// `None` if the owner has no such URL.
    pub(crate) target: Option<WebhookTarget>,
    /// URL that is requested if `target` fails.
    pub(crate) fallback: Option<WebhookTarget>,
    /// Reason for which this URL receives nothing; `None` if it receives the webhooks.
    pub(crate) reason: Option<&'static str>,
}

impl RouteCandidate {
    /// Returns the candidate that receives the webhooks.
    pub(crate) fn winner(candidates: Vec<Self>) -> Option<Self> {
        let mut candidates = candidates.into_iter();
        candidates.find(|candidate| candidate.reason.is_none())
    }
}

const MISSING_URL: &str = "it has no URL, so nothing is sent";
const MISSING_APPLICATION: &str = "the account has no such TwiML App, so nothing is sent";
const REPLACED_BY_APPLICATION: &str = "the number has a TwiML App, which replaces its own URLs";
const TAKEN_BY_SERVICE: &str = "the number is in the sender pool of a Messaging Service";
const TAKEN_BY_TRUNK: &str = "the number has a SIP trunk, which takes its calls";
const NEVER_ANSWERED: &str = "there is no voice URL, so no call is answered and reported";

/// Parameters of a URL, its method, its fallback and the fallback's method.
struct Parameters {
    target: (&'static str, &'static str),
    fallback: Option<(&'static str, &'static str)>,
}

const TEXTS: Parameters = Parameters {
    target: ("SmsUrl", "SmsMethod"),
    fallback: Some(("SmsFallbackUrl", "SmsFallbackMethod")),
};
const TEXTS_OF_SERVICE: Parameters = Parameters {
    target: ("InboundRequestUrl", "InboundMethod"),
    fallback: Some(("FallbackUrl", "FallbackMethod")),
};
const CALLS: Parameters = Parameters {
    target: ("VoiceUrl", "VoiceMethod"),
    fallback: Some(("VoiceFallbackUrl", "VoiceFallbackMethod")),
};
const STATUS: Parameters = Parameters {
    target: ("StatusCallback", "StatusCallbackMethod"),
    fallback: None,
};

impl State {
    /// Returns the URLs that may receive the texts to a number, in Twilio's order of precedence: of
    /// the Messaging Service whose sender pool contains the number, unless it uses the number's own
    /// URL; of the TwiML App in the number's `SmsApplicationSid`; of the number.
    pub(crate) fn text_routes(&self, number: &StoredNumber) -> Vec<RouteCandidate> {
        let mut candidates = Vec::new();
        let mut taken = None;
        if let Some(service) = self.service_of(number.sid) {
            let uses_number = service.setting("UseInboundWebhookOnNumber") == Some("true");
            let reason = uses_number
                .then_some("its UseInboundWebhookOnNumber leaves the texts to the number's URL");
            // A service without an inbound URL drops messages, even if the number has a URL.
            taken = (!uses_number).then_some(TAKEN_BY_SERVICE);
            let source = RouteSource::Service(service.sid);
            let settings = Some(&service.settings);
            candidates.push(candidate(source, settings, &TEXTS_OF_SERVICE, reason));
        }
        let application = number.sms_application_sid();
        candidates.extend(self.own_routes(number, application, &TEXTS, taken));
        candidates
    }

    /// Returns the URLs that may receive the calls to a number, in Twilio's order of precedence: of
    /// the TwiML App in the number's `VoiceApplicationSid`; of the number.
    pub(crate) fn call_routes(&self, number: &StoredNumber) -> Vec<RouteCandidate> {
        let application = number.voice_application_sid();
        self.own_routes(number, application, &CALLS, taken_by_trunk(number))
    }

    /// Returns the URLs that may receive the status callbacks of the calls to a number, in Twilio's
    /// order of precedence.
    pub(crate) fn status_routes(&self, number: &StoredNumber) -> Vec<RouteCandidate> {
        let application = number.voice_application_sid();
        let is_answered = RouteCandidate::winner(self.call_routes(number)).is_some();
        let unanswered = (!is_answered).then_some(NEVER_ANSWERED);
        let taken = taken_by_trunk(number).or(unanswered);
        self.own_routes(number, application, &STATUS, taken)
    }

    /// Returns the routes of a number's TwiML App and of the number. `taken` is the reason for which
    /// neither receives anything.
    fn own_routes(
        &self,
        number: &StoredNumber,
        application: Option<ApplicationSid>,
        parameters: &Parameters,
        taken: Option<&'static str>,
    ) -> Vec<RouteCandidate> {
        let of_application = application.map(|sid| {
            let found = self.application(sid);
            let reason = taken.or(found.is_none().then_some(MISSING_APPLICATION));
            let settings = found.map(|application| &application.settings);
            candidate(RouteSource::Application(sid), settings, parameters, reason)
        });
        let replaced = application.map(|_| REPLACED_BY_APPLICATION);
        let settings = Some(&number.settings);
        let own = candidate(
            RouteSource::Number,
            settings,
            parameters,
            taken.or(replaced),
        );
        of_application.into_iter().chain([own]).collect()
    }
}

fn taken_by_trunk(number: &StoredNumber) -> Option<&'static str> {
    number.setting("TrunkSid").map(|_| TAKEN_BY_TRUNK)
}

fn candidate(
    source: RouteSource,
    settings: Option<&ResourceSettings>,
    parameters: &Parameters,
    reason: Option<&'static str>,
) -> RouteCandidate {
    let read = |(url, method)| settings.and_then(|settings| settings.webhook(url, method));
    let target = read(parameters.target);
    let missing = target.is_none().then_some(MISSING_URL);
    RouteCandidate {
        source,
        fallback: parameters.fallback.and_then(read),
        reason: reason.or(missing),
        target,
    }
}
