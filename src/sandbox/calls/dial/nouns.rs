//! Nouns of `<Dial>`: the addresses to ring, each with its options.

use reqwest::Url;

use crate::phone::{Address, SipUri};
use crate::sandbox::calls::active_call::ActiveCall;
use crate::sandbox::calls::machine_detection::MachineDetection;
use crate::sandbox::calls::send_digits::is_digits;
use crate::sandbox::calls::status_callback::{CallProgressEvent, StatusCallback};
use crate::sandbox::numbers::{is_possible, read_number, region_of};
use crate::sandbox::state::WebhookTarget;
use crate::twiml::Node;
use crate::types::Method;

/// Twilio's limit for the nouns of one `<Dial>`.
const NOUN_LIMIT: usize = 10;

/// Address that a `<Dial>` rings.
pub(super) struct Callee {
    pub(super) to: Address,
    /// Caller ID.
    pub(super) from: Address,
    pub(super) status_callback: Option<StatusCallback>,
    /// URL whose TwiML the phone runs before it is connected.
    pub(super) screening: Option<WebhookTarget>,
    pub(super) send_digits: Option<String>,
    pub(super) machine_detection: Option<MachineDetection>,
    /// Custom parameters for the endpoint.
    pub(super) parameters: Vec<(String, String)>,
}

impl ActiveCall {
    /// Returns the addresses of a `<Dial>`. An address that cannot be called is an alert.
    pub(super) fn callees(&self, verb: &Node, base: Option<&Url>) -> Vec<Callee> {
        let mut callees = Vec::new();
        let text = verb.text();
        let text = text.trim();
        if !text.is_empty()
            && let Some((to, from)) = self.number(text, verb)
        {
            callees.push(Callee {
                to,
                from,
                status_callback: None,
                screening: None,
                send_digits: None,
                machine_detection: None,
                parameters: Vec::new(),
            });
        }
        for noun in verb.children() {
            callees.extend(self.callee(noun, verb, base));
        }
        if callees.len() > NOUN_LIMIT {
            self.alert(
                12200,
                "a <Dial> rings at most 10 addresses; the others were skipped",
            );
            callees.truncate(NOUN_LIMIT);
        }
        callees
    }

    fn callee(&self, noun: &Node, verb: &Node, base: Option<&Url>) -> Option<Callee> {
        let (to, from, parameters) = match noun.name() {
            "Number" => {
                let (to, from) = self.number(noun.text().trim(), verb)?;
                (to, from, Vec::new())
            }
            "WhatsApp" => {
                let (to, from) = self.whatsapp(noun.text().trim(), verb)?;
                (to, from, Vec::new())
            }
            "Client" => self.client(noun, verb)?,
            "Sip" => self.sip(noun, verb)?,
            "Application" | "Sim" => {
                let message = "the sandbox does not ring this noun of a <Dial> and skipped it";
                self.alert(12200, message);
                return None;
            }
            // The lint of the document warns of it.
            _ => return None,
        };
        let send_digits = noun
            .attribute("sendDigits")
            .filter(|digits| is_digits(digits));
        Some(Callee {
            to,
            from,
            status_callback: self.status_callback_of(noun, base),
            screening: self.noun_target(noun, base, "url", "method"),
            send_digits: send_digits.map(str::to_owned),
            machine_detection: self.machine_detection(noun, base),
            parameters,
        })
    }

    /// Returns the number to ring, and the caller ID for it.
    fn number(&self, text: &str, verb: &Node) -> Option<(Address, Address)> {
        let Some(to) = read_number(text) else {
            self.alert(13223, "the <Dial> names no number in E.164");
            return None;
        };
        if !is_possible(to) {
            self.alert(13224, "the <Dial> names a number that does not exist");
            return None;
        }
        let is_permitted = region_of(to).is_none_or(|region| {
            let context = &self.context;
            context.read(|state| !state.account.dialing_disabled.contains(&region))
        });
        if !is_permitted {
            let message = "the account has no permission to call the country of the <Dial>";
            self.alert(13227, message);
            return None;
        }
        let Some(from) = self.caller_id_for_number(verb) else {
            self.alert(
                13214,
                "the callerId of the <Dial> is neither a number of the account nor of this call",
            );
            return None;
        };
        Some((to.into(), from))
    }

    /// Returns the caller ID for a number: a number of the account, or of this call. Returns `None`
    /// for any other, and for a caller without a number.
    fn caller_id_for_number(&self, verb: &Node) -> Option<Address> {
        let call = self.stored()?;
        let Some(wanted) = verb.attribute("callerId") else {
            let has_number = !matches!(call.from, Address::Client(_) | Address::Sip(_));
            return has_number.then_some(call.from);
        };
        let wanted = Address::Phone(read_number(wanted)?);
        let ours = self
            .context
            .read(|state| state.number_at(&wanted).is_some());
        (ours || wanted == call.from || wanted == call.to).then_some(wanted)
    }

    /// Returns the `WhatsApp` user to ring, and the sender that calls.
    fn whatsapp(&self, text: &str, verb: &Node) -> Option<(Address, Address)> {
        let Some(to) = read_number(text).filter(|to| is_possible(*to)) else {
            self.alert(13223, "the <WhatsApp> of a <Dial> names no number in E.164");
            return None;
        };
        let from = verb.attribute("callerId").map(Address::parse);
        let is_sender = |sender| {
            let number = Address::Phone(sender);
            let context = &self.context;
            context.read(|state| state.number_at(&number).is_some())
        };
        match from {
            Some(Address::WhatsApp(sender)) if is_sender(sender) => {
                Some((Address::WhatsApp(to), Address::WhatsApp(sender)))
            }
            _ => {
                let message = "the callerId of a <WhatsApp> call must be whatsapp: and a sender of \
                               the account";
                self.alert(37008, message);
                None
            }
        }
    }

    fn client(&self, noun: &Node, verb: &Node) -> Option<NounParts> {
        let identity = match noun.find("Identity") {
            Some(identity) => identity.text(),
            None => noun.text(),
        };
        let to = Address::parse(&format!("client:{}", identity.trim()));
        if !matches!(to, Address::Client(_)) {
            // The lint of the document warns of it.
            return None;
        }
        let parameters = noun
            .children()
            .filter(|child| child.name() == "Parameter")
            .filter_map(|parameter| {
                let name = parameter.attribute("name")?.to_owned();
                Some((name, parameter.attribute("value")?.to_owned()))
            });
        let from = self.free_caller_id(verb)?;
        Some((to, from, parameters.collect()))
    }

    fn sip(&self, noun: &Node, verb: &Node) -> Option<NounParts> {
        let text = match noun.find("Uri") {
            Some(uri) => uri.text(),
            None => noun.text(),
        };
        let Some((uri, headers)) = sip_address(text.trim()) else {
            self.alert(13243, "the <Sip> of a <Dial> names no SIP URI");
            return None;
        };
        if uri.expose().ends_with(".sip.twilio.com") || uri.expose().ends_with("@sip.twilio.com") {
            self.alert(13255, "addresses at sip.twilio.com cannot be dialed");
            return None;
        }
        Some((Address::Sip(uri), self.free_caller_id(verb)?, headers))
    }

    /// Returns the caller ID for a client or a SIP endpoint, which may be any.
    fn free_caller_id(&self, verb: &Node) -> Option<Address> {
        match verb.attribute("callerId") {
            Some(wanted) => Some(Address::parse(wanted)),
            None => Some(self.stored()?.from),
        }
    }

    fn status_callback_of(&self, noun: &Node, base: Option<&Url>) -> Option<StatusCallback> {
        let target = self.noun_target(noun, base, "statusCallback", "statusCallbackMethod")?;
        let words = noun.attribute("statusCallbackEvent").unwrap_or("completed");
        let events = words
            .split_whitespace()
            .filter_map(CallProgressEvent::parse)
            .collect();
        Some(StatusCallback {
            target,
            events,
            is_of_number: false,
        })
    }

    fn machine_detection(&self, noun: &Node, base: Option<&Url>) -> Option<MachineDetection> {
        let mut alerts = Vec::new();
        let get = |suffix: &str| noun.attribute(&format!("machineDetection{suffix}"));
        let detection = MachineDetection::read(get, &mut alerts);
        let detection = detection.map(|detection| {
            let callback =
                self.noun_target(noun, base, "amdStatusCallback", "amdStatusCallbackMethod");
            detection.with_callback(callback, &mut alerts)
        });
        for alert in alerts {
            self.alert(alert.code, alert.message);
        }
        detection
    }

    /// Returns the conference or queue of a `<Dial>`, which is its only noun.
    pub(super) fn party_noun<'a>(&self, verb: &'a Node) -> Option<&'a Node> {
        let is_party = |noun: &&Node| matches!(noun.name(), "Conference" | "Queue");
        let party = verb.children().find(is_party)?;
        if verb.children().nth(1).is_some() {
            let message =
                "a <Conference> or <Queue> cannot stand beside other nouns, which were skipped";
            self.alert(13000, message);
        }
        Some(party)
    }

    /// Returns a URL and its HTTP method in the attributes of a noun.
    pub(super) fn noun_target(
        &self,
        noun: &Node,
        base: Option<&Url>,
        url: &str,
        method: &str,
    ) -> Option<WebhookTarget> {
        let text = noun.attribute(url)?.trim();
        let url = base.map_or_else(|| Url::parse(text), |base| base.join(text));
        let Ok(url) = url else {
            self.alert(11100, "a noun of a <Dial> contains an invalid URL");
            return None;
        };
        let method = match noun.attribute(method) {
            Some("GET") => Method::Get,
            _ => Method::Post,
        };
        Some(WebhookTarget::new(url.as_str(), method))
    }
}

/// Address, caller ID and parameters of a noun.
type NounParts = (Address, Address, Vec<(String, String)>);

/// Returns a SIP address without URI parameters, and the headers after its `?`.
fn sip_address(text: &str) -> Option<(SipUri, Vec<(String, String)>)> {
    let (uri, headers) = text.split_once('?').unwrap_or((text, ""));
    let uri = uri.split(';').next().unwrap_or_default();
    // A SIP URI separates its headers as a form does.
    let headers = serde_urlencoded::from_str(headers).unwrap_or_default();
    Some((SipUri::parse(uri).ok()?, headers))
}
