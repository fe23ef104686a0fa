//! A message from a person.

use super::super::error::PayloadErrorKind as Kind;
use super::parameters::Parameters;
use super::row::payload;
use crate::phone::Address;
use crate::types::{AccountSid, MessageSid, MessagingServiceSid, Redacted, open_enum};

open_enum! {
    /// What Twilio itself did with an opt-out word, when Advanced Opt-Out is on.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out>
    pub enum OptOutType {
        /// The person opted out: Twilio will refuse further messages to them.
        Stop = "STOP",
        /// The person opted in again.
        Start = "START",
        /// The person asked for help.
        Help = "HELP",
    }
}

payload! {
    /// A message that a person sent us: SMS, MMS, `WhatsApp` or RCS.
    ///
    /// Twilio wants `TwiML` in answer; an empty `<Response/>` answers nothing.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/guides/webhook-request>
    pub struct InboundMessage = "inbound message", without ["CallSid", "MessageStatus"], |p| {
        /// The message.
        message_sid: MessageSid = p
            .aliased("MessageSid", &["SmsSid", "SmsMessageSid"])
            .required("MessageSid")?,
        /// The account, or sub-account, that the message came to.
        account_sid: AccountSid = p.required("AccountSid")?,
        /// The Messaging Service that our number belongs to.
        messaging_service_sid: Option<MessagingServiceSid> = p.value("MessagingServiceSid"),
        /// Who sent it.
        from: Address = p.required_address("From")?,
        /// The number or address of ours that it came to.
        to: Address = p.required_address("To")?,
        /// Message body, up to 1600 characters. Empty for a message of media only.
        ///
        /// Twilio always sends the parameter. It is required, because a captured request verifies
        /// as well when its `Body` and `STOP` become one name without a value.
        body: Redacted<String> = Redacted::new(p.raw("Body").ok_or(Kind::Missing("Body"))?),
        /// In how many segments the text came: 1 or more, 1 for anything but SMS.
        num_segments: u32 = p.value("NumSegments").unwrap_or(1),
        /// Pictures and other files, up to 10.
        media: Vec<InboundMedia> = media(p),
        /// What Twilio did about an opt-out word. Believe it before any reading of the text.
        opt_out_type: Option<OptOutType> = p.word("OptOutType"),
        /// Where the sender's number is registered.
        from_place: Place = Place::read(p, ["FromCity", "FromState", "FromZip", "FromCountry"]),
        /// Where our number is registered.
        to_place: Place = Place::read(p, ["ToCity", "ToState", "ToZip", "ToCountry"]),
        /// The sender's name on `WhatsApp`.
        profile_name: Option<Redacted<String>> = p.hidden("ProfileName"),
        /// The sender's `WhatsApp` id: digits without `+`.
        wa_id: Option<Redacted<String>> = p.hidden("WaId"),
        /// The sender's id towards this business where no number is shared (`WhatsApp`).
        external_user_id: Option<Redacted<String>> = p.hidden("ExternalUserId"),
        /// `text`, `image`, `button` ... (`WhatsApp`).
        message_type: Option<String> = p.text("MessageType"),
        /// The message was forwarded (`WhatsApp`).
        forwarded: Option<bool> = p.flag("Forwarded"),
        /// The message was forwarded many times (`WhatsApp`).
        frequently_forwarded: Option<bool> = p.flag("FrequentlyForwarded"),
        /// The button that was tapped.
        button: Option<Button> = Button::read(p),
        /// The row of a list that was picked: its id and title.
        list_id: Option<Redacted<String>> = p.hidden("ListId"),
        /// The title of that row.
        list_title: Option<Redacted<String>> = p.hidden("ListTitle"),
        /// A place that the person shared.
        location: Option<Location> = Location::read(p),
        /// The message that this one replies to, if it is of the last 7 days (`WhatsApp`).
        original_replied_message_sid: Option<MessageSid> = p.value("OriginalRepliedMessageSid"),
        /// Who sent that message.
        original_replied_message_sender: Option<Address> = p.address("OriginalRepliedMessageSender"),
        /// The advertisement that led the person here (`WhatsApp`).
        referral: Option<Referral> = Referral::read(p),
        /// JSON: what the person chose in an interactive message.
        interactive_data: Option<Redacted<String>> = p.hidden("InteractiveData"),
        /// JSON: what the person entered in a flow.
        flow_data: Option<Redacted<String>> = p.hidden("FlowData"),
        /// JSON: what the channel says besides.
        channel_metadata: Option<Redacted<String>> = p.hidden("ChannelMetadata"),
        /// JSON: the results of add-ons.
        add_ons: Option<Redacted<String>> = p.hidden("AddOns"),
    }
}

/// A file that came with a message.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InboundMedia {
    /// Where Twilio keeps it. Fetch it with the account's credentials.
    pub url: Redacted<String>,
    /// Its MIME type, such as `image/jpeg`.
    pub content_type: Option<String>,
}

/// Where a number is registered: not where the person is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Place {
    /// The city.
    pub city: Option<Redacted<String>>,
    /// The state or province.
    pub state: Option<Redacted<String>>,
    /// The postal code.
    pub zip: Option<Redacted<String>>,
    /// The country, two letters of ISO 3166-1.
    pub country: Option<String>,
}

/// A button that was tapped (`WhatsApp`, RCS).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Button {
    /// What stood on it.
    pub text: Redacted<String>,
    /// What the template gave it to say.
    pub payload: Option<Redacted<String>>,
    /// `REPLY` or `ACTION`.
    pub kind: Option<String>,
}

/// A place that a person shared.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Location {
    /// Degrees north, as Twilio wrote them.
    pub latitude: Redacted<String>,
    /// Degrees east, as Twilio wrote them.
    pub longitude: Redacted<String>,
    /// The street address.
    pub address: Option<Redacted<String>>,
    /// The name of the place.
    pub label: Option<Redacted<String>>,
}

/// The advertisement that led a person here (`WhatsApp`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Referral {
    /// Its text.
    pub body: Option<Redacted<String>>,
    /// Its headline.
    pub headline: Option<Redacted<String>>,
    /// Its id.
    pub source_id: Option<String>,
    /// Its kind.
    pub source_type: Option<String>,
    /// Where it stands.
    pub source_url: Option<Redacted<String>>,
    /// The id of its picture or film.
    pub media_id: Option<String>,
    /// The MIME type of that.
    pub media_content_type: Option<String>,
    /// Where that is.
    pub media_url: Option<Redacted<String>>,
    /// How many there are.
    pub num_media: Option<u32>,
    /// The id of the click.
    pub ctwa_clid: Option<Redacted<String>>,
}

/// The names of the media parameters, in order: Twilio sends at most ten.
const MEDIA: [(&str, &str); 10] = [
    ("MediaUrl0", "MediaContentType0"),
    ("MediaUrl1", "MediaContentType1"),
    ("MediaUrl2", "MediaContentType2"),
    ("MediaUrl3", "MediaContentType3"),
    ("MediaUrl4", "MediaContentType4"),
    ("MediaUrl5", "MediaContentType5"),
    ("MediaUrl6", "MediaContentType6"),
    ("MediaUrl7", "MediaContentType7"),
    ("MediaUrl8", "MediaContentType8"),
    ("MediaUrl9", "MediaContentType9"),
];

fn media(p: &mut Parameters<'_>) -> Vec<InboundMedia> {
    if p.value::<u32>("NumMedia") == Some(0) {
        return Vec::new();
    }
    let read = |(url, content_type)| {
        let url = p.hidden(url)?;
        Some(InboundMedia {
            url,
            content_type: p.text(content_type),
        })
    };
    MEDIA.into_iter().map_while(read).collect()
}

impl Place {
    pub(super) fn read(p: &mut Parameters<'_>, names: [&'static str; 4]) -> Self {
        let [city, state, zip, country] = names;
        Self {
            city: p.hidden(city),
            state: p.hidden(state),
            zip: p.hidden(zip),
            country: p.text(country),
        }
    }
}

impl Button {
    fn read(p: &mut Parameters<'_>) -> Option<Self> {
        let text = p.hidden("ButtonText")?;
        Some(Self {
            text,
            payload: p.hidden("ButtonPayload"),
            kind: p.text("ButtonType"),
        })
    }
}

impl Location {
    fn read(p: &mut Parameters<'_>) -> Option<Self> {
        if !p.has("Latitude") || !p.has("Longitude") {
            return None;
        }
        Some(Self {
            latitude: p.hidden("Latitude")?,
            longitude: p.hidden("Longitude")?,
            address: p.hidden("Address"),
            label: p.hidden("Label"),
        })
    }
}

impl Referral {
    fn read(p: &mut Parameters<'_>) -> Option<Self> {
        let referral = Self {
            body: p.hidden("ReferralBody"),
            headline: p.hidden("ReferralHeadline"),
            source_id: p.text("ReferralSourceId"),
            source_type: p.text("ReferralSourceType"),
            source_url: p.hidden("ReferralSourceUrl"),
            media_id: p.text("ReferralMediaId"),
            media_content_type: p.text("ReferralMediaContentType"),
            media_url: p.hidden("ReferralMediaUrl"),
            num_media: p.value("ReferralNumMedia"),
            ctwa_clid: p.hidden("ReferralCtwaClid"),
        };
        (referral != Self::default()).then_some(referral)
    }
}
