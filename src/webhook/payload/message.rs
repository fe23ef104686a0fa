//! Inbound messages.

use super::super::error::PayloadErrorKind as Kind;
use super::macros::payload;
use super::parameters::Parameters;
use crate::phone::Address;
use crate::types::{AccountSid, MessageSid, MessagingServiceSid, Redacted, open_enum};

open_enum! {
    /// Keyword that Twilio itself processed, if Advanced Opt-Out is enabled.
    ///
    /// Source: <https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out>
    pub enum OptOutType {
        /// The person opted out. Twilio refuses further messages to them.
        Stop = "STOP",
        /// The person opted in again.
        Start = "START",
        /// The person asked for help.
        Help = "HELP",
    }
}

payload! {
    /// Inbound message: SMS, MMS, `WhatsApp` or RCS.
    ///
    /// Twilio expects `TwiML` in the response. An empty `<Response/>` sends no reply.
    ///
    /// ```
    /// # use clinspark_twilio::types::AuthToken;
    /// # use clinspark_twilio::webhook::{PublicOrigin, SIGNATURE_HEADER, Validator};
    /// use clinspark_twilio::sms::OptOut;
    /// use clinspark_twilio::webhook::InboundMessage;
    ///
    /// # let origin = PublicOrigin::parse("https://acme.example.com")?;
    /// # let validator = Validator::new(AuthToken::new("12345")?, origin);
    /// # let mut request = http::Request::post("/twilio")
    /// #     .header("content-type", "application/x-www-form-urlencoded")
    /// #     .body(
    /// #         "MessageSid=SM00000000000000000000000000000001&From=%2B14155550123&Body=Stop%20please\
    /// #          &AccountSid=AC00000000000000000000000000000001&To=%2B14155550199",
    /// #     )?;
    /// # let signature = validator.sign(&request);
    /// # request.headers_mut().insert(SIGNATURE_HEADER, signature.parse()?);
    /// let message: InboundMessage = validator.verify(request)?.parse()?;
    /// assert_eq!(message.from.phone().unwrap().as_str(), "+14155550123");
    /// // Check for an opt-out first; `Messenger::receive` does this for you.
    /// assert_eq!(message.opt_out(), Some(OptOut::MaybeStop));
    /// assert_eq!(message.body.expose(), "Stop please");
    /// assert!(!format!("{message:?}").contains("please")); // `Debug` may be logged
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// Source: <https://www.twilio.com/docs/messaging/guides/webhook-request>
    pub struct InboundMessage = "inbound message",
        requires ["AccountSid", "Body", "From", "MessageSid", "To"],
        without ["CallSid", "MessageStatus"], |p| {
        /// SID of the message.
        message_sid: MessageSid = message_sid(p)?,
        /// Account or subaccount that received the message.
        account_sid: AccountSid = p.required("AccountSid")?,
        /// Messaging Service of the receiving number.
        messaging_service_sid: Option<MessagingServiceSid> = p.value("MessagingServiceSid"),
        /// Sender.
        from: Address = p.required_address("From")?,
        /// Receiving number or address.
        to: Address = p.required_address("To")?,
        /// Message body, up to 1600 characters. Empty for a message of media only.
        ///
        /// Twilio always sends the parameter, so it is required. Otherwise a captured request could
        /// be replayed with `Body` and `STOP` joined to one name without a value: the signature
        /// would still match.
        ///
        /// Not every such change can be detected: `Body=CANCEL` has the same signature as `Body=`
        /// with a parameter `CANCEL`. A [`ReplayGuard`](crate::webhook::ReplayGuard) drops it,
        /// because its [`ReplayKey`](crate::webhook::ReplayKey) is that of the first delivery.
        body: Redacted<String> = Redacted::new(p.raw("Body").ok_or(Kind::Missing("Body"))?),
        /// Number of segments: 1 or more for SMS, 1 for other channels.
        num_segments: u32 = p.value("NumSegments").unwrap_or(1),
        /// Attached media files, up to 10.
        media: Vec<InboundMedia> = media(p),
        /// Keyword that Twilio processed. It takes precedence over the message body.
        opt_out_type: Option<OptOutType> = p.enum_value("OptOutType"),
        /// Place where the sender's number is registered.
        from_place: Place = Place::read(p, ["FromCity", "FromState", "FromZip", "FromCountry"]),
        /// Place where the receiving number is registered.
        to_place: Place = Place::read(p, ["ToCity", "ToState", "ToZip", "ToCountry"]),
        /// Sender's name on `WhatsApp`.
        profile_name: Option<Redacted<String>> = p.hidden("ProfileName"),
        /// Sender's `WhatsApp` ID: digits without `+`.
        wa_id: Option<Redacted<String>> = p.hidden("WaId"),
        /// Sender's ID for this business if no number is shared (`WhatsApp`).
        external_user_id: Option<Redacted<String>> = p.hidden("ExternalUserId"),
        /// Type of the message: `text`, `image`, `button`, and others (`WhatsApp`).
        message_type: Option<String> = p.text("MessageType"),
        /// `true` if the message was forwarded (`WhatsApp`).
        forwarded: Option<bool> = p.flag("Forwarded"),
        /// `true` if the message was forwarded many times (`WhatsApp`).
        frequently_forwarded: Option<bool> = p.flag("FrequentlyForwarded"),
        /// Tapped button.
        button: Option<Button> = Button::read(p),
        /// ID of the chosen list row.
        list_id: Option<Redacted<String>> = p.hidden("ListId"),
        /// Title of the chosen list row.
        list_title: Option<Redacted<String>> = p.hidden("ListTitle"),
        /// Location shared by the person.
        location: Option<Location> = Location::read(p),
        /// Message to which this one replies, if it was sent in the last 7 days (`WhatsApp`).
        original_replied_message_sid: Option<MessageSid> = p.value("OriginalRepliedMessageSid"),
        /// Sender of the message to which this one replies.
        original_replied_message_sender: Option<Address> = p.address("OriginalRepliedMessageSender"),
        /// Advertisement that led the person to this business (`WhatsApp`).
        referral: Option<Referral> = Referral::read(p),
        /// Choice in an interactive message, as JSON.
        interactive_data: Option<Redacted<String>> = p.hidden("InteractiveData"),
        /// Input of a flow, as JSON.
        flow_data: Option<Redacted<String>> = p.hidden("FlowData"),
        /// Metadata of the channel, as JSON.
        channel_metadata: Option<Redacted<String>> = p.hidden("ChannelMetadata"),
        /// Results of add-ons, as JSON.
        add_ons: Option<Redacted<String>> = p.hidden("AddOns"),
    }
}

/// Media file attached to a message.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InboundMedia {
    /// URL at Twilio. Downloads require the account's credentials: see `DownloadMedia::from_url`
    /// (feature `client`).
    pub url: Redacted<String>,
    /// MIME type, such as `image/jpeg`.
    pub content_type: Option<String>,
}

/// Place where a number is registered. It is not the person's location.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Place {
    /// City.
    pub city: Option<Redacted<String>>,
    /// State or province.
    pub state: Option<Redacted<String>>,
    /// Postal code.
    pub zip: Option<Redacted<String>>,
    /// Country code, two letters of ISO 3166-1.
    pub country: Option<String>,
}

/// Tapped button (`WhatsApp`, RCS).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Button {
    /// Label of the button.
    pub text: Redacted<String>,
    /// Payload that the template gave the button.
    pub payload: Option<Redacted<String>>,
    /// `REPLY` or `ACTION`.
    pub kind: Option<String>,
}

/// Shared location.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Location {
    /// Latitude in degrees north, as Twilio sent it.
    pub latitude: Redacted<String>,
    /// Longitude in degrees east, as Twilio sent it.
    pub longitude: Redacted<String>,
    /// Street address.
    pub address: Option<Redacted<String>>,
    /// Name of the location.
    pub label: Option<Redacted<String>>,
}

/// Advertisement that led a person to this business (`WhatsApp`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Referral {
    /// Text of the advertisement.
    pub body: Option<Redacted<String>>,
    /// Headline.
    pub headline: Option<Redacted<String>>,
    /// ID of the advertisement.
    pub source_id: Option<String>,
    /// Type of the advertisement.
    pub source_type: Option<String>,
    /// URL of the advertisement.
    pub source_url: Option<Redacted<String>>,
    /// ID of the image or video in the advertisement.
    pub media_id: Option<String>,
    /// MIME type of the image or video.
    pub media_content_type: Option<String>,
    /// URL of the image or video.
    pub media_url: Option<Redacted<String>>,
    /// Number of media files.
    pub num_media: Option<u32>,
    /// ID of the click.
    pub ctwa_clid: Option<Redacted<String>>,
}

/// Takes the SID of a message, unless the form hides another one.
///
/// The signed text has no separators. The SID of a reply can therefore be moved into a name or value
/// without meaning, and that of the message replied to takes its place. The same message would then
/// be handled a second time, with another [`ReplayKey`](crate::webhook::ReplayKey).
fn message_sid(p: &mut Parameters<'_>) -> Result<MessageSid, Kind> {
    // A body may hold any text. It hides no SID: the sender, which is required, is signed between.
    if p.pairs()
        .any(|(name, value)| name != "Body" && hides_sid(name, value))
    {
        return Err(Kind::Repeated("MessageSid"));
    }
    p.aliased("MessageSid", &["SmsSid", "SmsMessageSid"])
        .required("MessageSid")
}

/// Returns `true` if a parameter holds the signed text of a `MessageSid` without being one.
fn hides_sid(name: &str, value: &str) -> bool {
    const NAME: &str = "MessageSid";
    const SID_LENGTH: usize = 34;
    let is_sid_at = |text: &str, at: usize| {
        let sid = text.get(at..at + SID_LENGTH);
        sid.is_some_and(|sid| MessageSid::parse(sid).is_ok())
    };
    if name.len() + value.len() < NAME.len() + SID_LENGTH {
        return false;
    }
    let signed = [name, value].concat();
    signed.match_indices(NAME).any(|(at, _)| {
        let value_at = at + NAME.len();
        let is_own = value_at == name.len() && value.len() == SID_LENGTH;
        !is_own && is_sid_at(&signed, value_at)
    })
}

/// Names of the media parameters, in order. Twilio sends at most ten files.
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
