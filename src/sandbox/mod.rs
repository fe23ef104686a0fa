//! Local simulation of Twilio for tests and examples: no account, no network, no one is texted.
//!
//! [`Sandbox::start`] starts an HTTP server on 127.0.0.1 that behaves like Twilio's REST API. The
//! sandbox sends signed webhooks to the URLs that are configured in it and runs the TwiML of the
//! responses. It also simulates the phones that your numbers text and call.
//!
//! Enable the feature `sandbox` in `[dev-dependencies]`; no running service needs it.
//!
//! ```
//! use clinspark_twilio::phone::E164;
//! use clinspark_twilio::sandbox::Sandbox;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let sandbox = Sandbox::start().await?;
//! sandbox.add_number(E164::parse("+14155550100")?);
//! let volunteer = sandbox.phone(E164::parse("+14155550123")?);
//!
//! // Any client of Twilio's API works with `base_url`. This example uses plain HTTP.
//! let account = sandbox.account_sid();
//! let url = format!("{}/2010-04-01/Accounts/{account}/Calls.json", sandbox.base_url());
//! let answer = reqwest::Client::builder()
//!     .no_proxy()
//!     .build()?
//!     .post(url)
//!     .basic_auth(account, Some(sandbox.auth_token().expose()))
//!     .header("content-type", "application/x-www-form-urlencoded")
//!     .body(
//!         "To=%2B14155550123&From=%2B14155550100\
//!          &Twiml=<Response><Say>Your visit is tomorrow.</Say></Response>",
//!     )
//!     .send()
//!     .await?;
//! assert_eq!(answer.status(), 201);
//!
//! let call = volunteer.answer().await?;
//! assert_eq!(call.hear().await?, "Your visit is tomorrow.");
//! sandbox.wait_idle().await?;
//! assert!(sandbox.alerts().is_empty());
//! # Ok(())
//! # }
//! ```
//!
//! | Type | Purpose |
//! |---|---|
//! | [`Sandbox`] | an account: its server, its resources, and the log of its webhooks and alerts |
//! | [`Phone`] | a simulated phone: `text`, `call`, `answer`, `inbox` |
//! | [`CallEndpoint`] | a client of the Voice SDK or a SIP endpoint: `call`, `answer`, `decline` |
//! | [`PhoneCall`] | a call of a phone: `hear`, `press`, `say`, `stay_silent`, `hang_up` |
//! | [`DeliveryBehavior`], [`AnswerBehavior`] | outcome of texts to a phone; reaction of a phone to calls |
//! | [`StoredMessage`], [`StoredCall`], [`StoredRecording`], [`StoredNumber`], [`StoredCallerId`], [`StoredApplication`], [`StoredService`], [`StoredShortCode`] | resources of the account |
//! | [`TextMessage`] | a text in a phone's inbox |
//! | [`TranscriptEntry`] | a sentence, file, key or pause of a call, kept after the call |
//! | [`SentWebhook`], [`Alert`] | a request to the application; an entry of Twilio's debugger |
//! | [`FaultRule`], [`Fault`] | a fault of the API or of webhooks, and the requests that it affects |
//! | [`SandboxError`] | error of the sandbox or of a phone |
//!
//! # States of the account
//!
//! A test sets each state in one line. Statuses, types and parameters are Twilio's own words.
//!
//! | State | Methods |
//! |---|---|
//! | suspended, closed or trial account | [`set_account_status`](Sandbox::set_account_status), [`set_account_type`](Sandbox::set_account_type) |
//! | low or no balance | [`set_balance`](Sandbox::set_balance) |
//! | several numbers, caller IDs, apps, services, short codes | [`add_number`](Sandbox::add_number), [`add_caller_id`](Sandbox::add_caller_id), [`add_application`](Sandbox::add_application), [`add_service`](Sandbox::add_service), [`add_short_code`](Sandbox::add_short_code) |
//! | changed settings | [`configure_number`](Sandbox::configure_number), [`configure_application`](Sandbox::configure_application), [`configure_service`](Sandbox::configure_service), [`configure_short_code`](Sandbox::configure_short_code) |
//! | deleted resources | [`remove_number`](Sandbox::remove_number), [`remove_application`](Sandbox::remove_application), [`remove_service`](Sandbox::remove_service) |
//! | a number that cannot text, in a pool | [`remove_capability`](Sandbox::remove_capability), [`add_number_to_service`](Sandbox::add_number_to_service) |
//! | numbers of the USA without registration | [`set_registration_required`](Sandbox::set_registration_required) |
//! | a pending or rejected registration | [`set_brand_status`](Sandbox::set_brand_status), [`set_vetting_status`](Sandbox::set_vetting_status), [`set_campaign_status`](Sandbox::set_campaign_status), [`set_toll_free_verification_status`](Sandbox::set_toll_free_verification_status) |
//! | a landline, a carrier | [`Phone::set_line_type`], [`Phone::set_carrier`] |
//! | a number that its owner gave up | [`add_deactivated_number`](Sandbox::add_deactivated_number) |
//! | a country that is not enabled | [`set_messaging_permission`](Sandbox::set_messaging_permission), [`set_dialing_permission`](Sandbox::set_dialing_permission) |
//! | alerts in the debugger | [`add_alert`](Sandbox::add_alert), [`add_alert_with_age`](Sandbox::add_alert_with_age) |
//! | keys with limited permissions, rejected requests | [`add_api_key`](Sandbox::add_api_key), [`add_restricted_key`](Sandbox::add_restricted_key), [`reject_path`](Sandbox::reject_path) |
//! | an OAuth app | [`add_oauth_app`](Sandbox::add_oauth_app), [`add_restricted_oauth_app`](Sandbox::add_restricted_oauth_app) |
//! | 429, 5xx, lost responses, late or forged webhooks | [`add_fault`](Sandbox::add_fault), [`faults`](Sandbox::faults), [`remove_fault`](Sandbox::remove_fault) |
//! | webhooks to other hosts, a server in a container | [`SandboxBuilder::webhook_host`], [`SandboxBuilder::bind`], [`SandboxBuilder::allow_host`] |
//! | rotation of the auth token | [`add_secondary_auth_token`](Sandbox::add_secondary_auth_token), [`promote_auth_token`](Sandbox::promote_auth_token), [`remove_secondary_auth_token`](Sandbox::remove_secondary_auth_token) |
//! | a later time, without waiting | [`advance`](Sandbox::advance), [`SandboxBuilder::clock`] |
//! | a `Date` header that is ahead or behind | [`set_clock_offset`](Sandbox::set_clock_offset) |
//!
//! # Supported features
//!
//! - **Resources of the 2010 API**: `Messages`, `Calls`, `IncomingPhoneNumbers`, `Applications` and
//!   `SMS/ShortCodes`, with Twilio's parameters, JSON, paging, error codes and magic numbers.
//! - **Numbers for sale** in twelve countries, by area code, place and digits: `AvailablePhoneNumbers`.
//! - **Verified caller IDs**: `OutgoingCallerIds`. The sandbox calls the phone, which presses the
//!   `validation_code`; [`add_caller_id`](Sandbox::add_caller_id) needs no call.
//! - **The account**: its name, its subaccounts, its API keys (`Keys`, `SigningKeys`, `v1/Keys`), its
//!   usage by category, its credentials for STUN and TURN (`Tokens`), and the rotation of its auth
//!   token (`v1/AuthTokens`).
//! - **Messaging Services** and their sender pools: numbers, short codes, and an alphanumeric sender.
//! - **Registrations**: brands with their vettings, campaigns, toll-free verifications, and reports of
//!   deactivated numbers.
//! - **Lookups** of a number's validity and line type, versions 1 and 2.
//! - **Permissions and consent**: geographic permissions, uploads of consent, the safe list, and access
//!   tokens of OAuth apps.
//! - **Read-only resources**: the account's balance, the alerts of its debugger, and the audit-log
//!   events about auth tokens.
//! - **Messages** go from `queued` to `sent` to `delivered`; **calls** go from `queued` to
//!   `ringing` to `in-progress` to `completed`. Each step is reported to the status callback.
//! - **Webhooks over HTTP**: redirects, cookies for each call and each text conversation, Basic
//!   credentials after a challenge, connection overrides such as `#rc=2&rp=5xx`, timeouts in real
//!   time, the fallback URL. The status callbacks of a message are sent in order, and its delivery
//!   does not wait for them.
//! - **Files of `<Play>`** are fetched with a signed `GET`. One that cannot be fetched (11200) or played
//!   (13420, in a `<Gather>` 13325) leads to the fallback URL, or to the end of the call.
//! - **Responses**: TwiML, plain text, and audio, which is played before the call ends.
//! - **`/health`** answers 200 without credentials, for a container.
//! - **A page** at `/`: open [`base_url`](Sandbox::base_url) in a browser to text, call and answer as
//!   the phones, and to see each request with what it caused. Also in a test that waits.
//! - **Alerts** as in Twilio's debugger. Each document is checked, and an attribute or nesting that
//!   Twilio does not accept becomes a warning, such as 13326; the default is then used.
//! - **Opt-out keywords**: Twilio's default keywords, and no others.
//! - **TwiML in response to a text**: `<Message>` with `<Body>` and `<Media>`, `<Redirect>`.
//! - **TwiML in response to a call**: `<Say>`, `<Play>`, `<Pause>`, `<Gather>`, `<Record>`,
//!   `<Dial>` with `<Number>`, `<Client>`, `<Sip>`, `<WhatsApp>`, `<Conference>` and `<Queue>`,
//!   `<Enqueue>`, `<Leave>`, `<Refer>`, `<Sms>`, `<Echo>`, `<Redirect>`, `<Reject>`, `<Hangup>`,
//!   `<Connect>` with `<Stream>` and `<ConversationRelay>`, `<Start>` and `<Stop>` with
//!   `<Recording>`, `<Transcription>` and `<Stream>`.
//! - **Media streams** over a WebSocket with a signed handshake: speech and keys of the phone, sound,
//!   marks and `clear` of the application, the status callback, and the resource `Streams` of a call.
//! - **`ConversationRelay` sessions**: `setup`, `prompt`, `dtmf`, `interrupt` and `error` to the
//!   application; `text`, `play`, `sendDigits`, `language` and `end` from it; the request to the `action`.
//! - **`<Dial>`** rings up to ten nouns at once, or one after the other with `sequential`. A noun's
//!   `url` runs TwiML on the called phone before it is connected.
//! - **Conferences**: music, beeps, labels, coaching, recordings, their status callback, and the
//!   resources `Conferences` and `Participants`, which mute, hold, announce, call and remove.
//! - **Queues**: their music, the results of an `<Enqueue>`, the greeting of a `<Queue>`, and the
//!   resources `Queues` and `Members`.
//! - **Answering-machine detection**, by [`AnswerBehavior`]: `AnsweredBy` in the request for
//!   instructions, or an asynchronous callback.
//! - **Recordings** of `<Record>`, `<Dial record>`, `<Conference record>`, `<Start><Recording>`,
//!   `Record=true`, `Calls/{Sid}/Recordings` and `Conferences/{Sid}/Recordings`, with their status callbacks, their files as WAV and MP3, and the
//!   transcription of a `<Record>`: what the phone said.
//! - **Real-time transcriptions** of `<Start><Transcription>` and `Calls/{Sid}/Transcriptions`.
//! - **Calls** to numbers, clients of the Voice SDK and SIP endpoints, with `Timeout`, `TimeLimit`
//!   and `SendDigits`. A call to another number of the account is an inbound call there.
//!
//! # Differences from Twilio
//!
//! - **Nothing is sent beyond this machine.** Webhooks go to `localhost`, `127.0.0.1` and `[::1]`,
//!   to public origins that [`Sandbox::map_origin`] maps to this machine, and to hosts of the
//!   private network that [`SandboxBuilder::webhook_host`] permits. A webhook to any other host, or
//!   a redirect to it, is not sent; it becomes alert 11210. There is no TLS, and the server is no HTTP
//!   proxy, so that a client whose base URL is fixed to `https` cannot use it. The same
//!   rules hold for a WebSocket: `ws` is accepted for this machine, and `wss` for an origin that is mapped.
//! - **Only programs on this machine have access.** The `Host` of a request must be 127.0.0.1,
//!   `localhost`, `[::1]` or a product below `localhost` with the sandbox's own port, or a host that
//!   [`SandboxBuilder::allow_host`] permits. Any other `Host` is answered with 403, as is a
//!   request from a web page of another origin, based on its `Origin` or `Sec-Fetch-Site` header. The sandbox therefore does not work behind a proxy or tunnel. A
//!   tunnel to the application's own webhooks is safe: SID and token are random, so no one else can
//!   sign requests for them. Those of the program `clinspark-twilio sandbox` are public by default.
//! - **The control API needs no credentials.** Under `/_sandbox/` it plays the phones and shows what
//!   happened, for tests in other languages; `/_sandbox/openapi.json` describes it. The checks of `Host`
//!   and `Origin` protect it.
//! - **Time passes as the test decides** ([`ClockMode`]). By default pauses and speech are added to
//!   the call's duration without waiting, and timeouts and scheduled times come with
//!   [`Sandbox::advance`], as does each repetition of a sound with `loop="0"`. A test simulates a
//!   person who does nothing with [`PhoneCall::stay_silent`].
//! - **Unknown parameters are rejected** (error 20001), so that a test finds a misspelt one. Twilio
//!   ignores many of them.
//! - **An account that is suspended or has no money** answers a text or call with 403 and 20005;
//!   Twilio's answer is not known. Alert 20005 or 10003 reports a text or call to it.
//! - **A trial account** adds no sentence to its texts, and has no limits but verified recipients.
//! - **A phone that no test has requested** receives texts, unless its number is a landline (30006).
//! - **Places in webhooks** are the main cities of the area codes of the USA and Canada.
//! - **The `action` of a `<Message>`** receives the status callbacks. Twilio's documents also say
//!   that the TwiML of its response is run, which the sandbox does not do.
//! - **Channels** such as `WhatsApp` and RCS have no sender (63007). Of all countries, only those of
//!   North America reject alphanumeric senders.
//! - **Lookups know the numbering plan and the test.** A carrier is `null` until
//!   [`Phone::set_carrier`], and a line type that digits do not show is `mobile` until
//!   [`Phone::set_line_type`]. `national_format` is `null` outside North America. Canadian numbers
//!   have error 60601, and other packages 60606.
//! - **No registration is decided.** It stays pending until the test sets its status. Bundles are not
//!   checked, and one-time passwords are not sent.
//! - **Other products are refused**, such as Verify, Conversations and Pricing: error 20404
//!   names the product. `v1/Services` and other paths that several products have belong to the simulated
//!   one, unless the `Host` begins with a product, as in `conversations.localhost`, or the path does,
//!   as in `/conversations/v1/Services` or `/conversations.twilio.com/v1/Services`.
//! - **JSON only.** A path that does not end with `.json` is answered with error 20404.
//! - **OAuth apps have client credentials only**, and their permissions are parts of paths. The safe
//!   list lifts error 30450 only. Permissions for special numbers decide about calls of the API, not
//!   of a `<Dial>`; those for numbers known for toll fraud have no effect.
//! - **A subaccount has no resources of its own**: requests for them are answered with error 20404.
//!   The main account's `Status` cannot be changed through the API.
//! - **Numbers for sale are invented.** Those of the USA and Canada end with 555-0100 to 555-0199, which
//!   are reserved for fiction. Any other number of the numbering plan can also be bought, none costs
//!   money, and none requires an address.
//! - **Usage is counted, not charged.** Each price is 0; lists by day, month and year have no records
//!   without usage; usage triggers are not supported.
//! - **Credentials of `Tokens` lead to this machine**, where no STUN or TURN server listens.
//! - **Addresses, add-ons, SIP domains, credential lists and Connect apps** cannot be created, so
//!   their lists are empty. A number with an address, a bundle or emergency calls is rejected with
//!   20404, as is its transfer to another account. Callers have no name (`VoiceCallerIdLookup`).
//! - **Dialing and messaging permissions** are enabled for each country until a test changes them.
//!   `HighRiskSpecialPrefixes` is not supported.
//! - **Some parameters have no effect yet**: address retention and risk
//!   checks are accepted and ignored. The account has no content templates, so a `ContentSid` is
//!   rejected.
//! - **Sound is simplified.** Voices, languages and SSML make no difference to the words that
//!   [`PhoneCall::hear`] returns, except for the alias of `<sub>`. Every file of a `<Play>` lasts one
//!   second; a file on another machine is not fetched and counts as playable.
//! - **Speech is recognized word for word** in every language, with a confidence of 0.9, and `hints`,
//!   `speechModel` and `profanityFilter` make no difference. A `partialResultCallback` is sent with
//!   each word, or with each of ten parts of a long speech.
//! - **Keys pressed before a `<Gather>`** are kept for it, also from one document to the next. Twilio
//!   may lose them.
//! - **Recordings have no speech.** A file is a tone, or silence if nothing was said; MP3 is always
//!   silent, and a file ends after one hour. It requires credentials, which Twilio does only if the
//!   account demands it. Recordings are ready at once, and only those of `<Record>` and
//!   of conferences are trimmed.
//! - **Transcriptions are what is said**: each `<Say>`, and what the phones say, with a confidence of
//!   0.9. A file that is played has no text. No Intelligence service analyzes it (alert 32655).
//! - **`<Siprec>` is refused** with alert 31942 and `siprec-error`. `Calls/{Sid}/Siprec`,
//!   `UserDefinedMessages` and `UserDefinedMessageSubscriptions` are answered with error 20404.
//! - **Verbs and nouns outside the list above** are skipped, and alert 12200 names the verb and the
//!   call.
//! - **Of several phones that answer at once**, the first noun of a `<Dial>` wins. If none is
//!   reached, `DialCallStatus` is the first of `no-answer`, `busy`, `canceled` and `failed` that a
//!   leg has. The others ring on while one phone runs the TwiML of its noun, and a phone that hangs
//!   up there counts as `no-answer`. A call whose caller hangs up requests no `action`.
//! - **Conferences are simplified.** A conference is `init` until it starts, its default music is
//!   silence, a beep is the audio `beep`, and with [`ClockMode::Instant`] both speaker events
//!   follow one another at once. A participant whose phone rings sends no early media. The first participant that asks for a
//!   recording before the conference starts decides about it.
//! - **Queues are simplified.** Their default music is silence, there is no `TaskRouter`, and a
//!   `<Queue>` that does not exist makes `DialCallStatus` `failed`.
//! - **Music is requested again by the clock.** With [`ClockMode::Instant`] a document of music plays
//!   at once, and its next request comes after its length, with [`Sandbox::advance`].
//! - **SIP is simplified.** Credentials are not checked, and a SIP domain is a TwiML App. A `<Refer>` is
//!   always accepted, and the [`AnswerBehavior`] of its target decides about the transfer.
//! - **Each number of the account is a sender of `WhatsApp` calls**, and each person has permitted them.
//! - **Speech in a media stream is text.** The bytes of a text in UTF-8 stand in its messages, and
//!   silence (0xFF) fills the time that the speech lasts. [`PhoneCall::send_audio`] sends real sound.
//!   Sound of the application that is such text is heard as the text, any other
//!   as `audio of 160 bytes`. A file and keys are their description, as [`PhoneCall::hear`] returns it.
//! - **Media streams follow the clock.** Messages come without a gap, 50 a second for each track. With
//!   [`ClockMode::Instant`] only sound takes time: its messages come at once, and none between sounds.
//! - **What Twilio does with a media stream is not always known.** After a hang-up the `action` of a
//!   `<Connect>` is not requested. A name that is in use, and a `<Stop>` without its stream, are alert
//!   12200. A message is limited to 8 MiB, and marks that wait to 16 MiB with the sound (31931).
//!   `audioFormat` and `sampleRate` are alert 12200. [`Sandbox::wait_idle`] does not wait for the
//!   application to send.
//! - **`ConversationRelay` sessions are simplified.** A text is heard when its last token arrives, so
//!   speech interrupts it only while time is held or real. There are no `info`
//!   messages, no reconnects and no `config`: alert 12200 or 64107 names them. Attributes of voice and
//!   recognition have no effect. An application that closes first fails the session (64105), and one
//!   that the REST API redirects requests no `action`; what Twilio does then is not known.
//! - **A call between two numbers of the account** connects no sound: each side hears its own TwiML.
//! - **A ringing phone rings for the time given.** Twilio adds about five seconds to a timeout.
//! - **Webhooks are simplified.** The edge location and SNI of connection overrides are checked but
//!   have no effect, responses are not cached, and Digest credentials are not sent. A call waits
//!   for the response to each of its status callbacks. After 100 documents without input of the person,
//!   the next ones come at intervals of at least five seconds, so that the time limit of the call ends a
//!   loop of `<Redirect>`s. URLs in responses begin with the `Host` of
//!   the request. Those in webhooks, such as `RecordingUrl`, begin with the `Host` of the last request
//!   with credentials, and before the first one with [`Sandbox::base_url`].
//! - **Twilio's own texts**, such as its reply to STOP and its error messages, are paraphrased.

// Modules in the order of their dependencies; each imports only modules before it. `error`, `ids`,
// `state` (data), `context` (the locked state and the background tasks), `webhooks` (signs and
// sends), `messages` and `calls` (delivery and TwiML), `api` (REST over HTTP), `control` (phones over
// HTTP, served by `api::server`), `handles` (for tests).
mod account_check;
mod api;
mod auth_token_history;
mod calls;
mod clock;
mod context;
mod control;
mod countries;
mod error;
mod faults;
#[cfg(test)]
mod follow_tests;
mod handles;
mod ids;
mod messages;
mod numbers;
mod options;
mod page;
mod places;
mod saved;
mod state;
mod tasks;
mod webhooks;

pub use account_check::{AccountFinding, CheckedAccount, FindingSeverity};
pub use clock::ClockMode;
pub use error::{SandboxError, SandboxErrorKind};
pub use faults::{ActiveFault, Fault, FaultRule};
pub use handles::{CallEndpoint, Changes, Phone, PhoneCall, Sandbox, SandboxBuilder};
pub use state::{
    Alert, AlertRequest, AnswerBehavior, DeliveryBehavior, FaultId, ReceivedRequest, SentWebhook,
    StoredApplication, StoredCall, StoredCallerId, StoredMessage, StoredNumber, StoredRecording,
    StoredService, StoredShortCode, TextMessage, TranscriptAction, TranscriptEntry,
    TranscriptParty, WebhookKind,
};
