//! Diagnosis of a signature that fails: the usual mistakes, tried one after the other.
//!
//! For the operator with a request at hand. [`Validator::verify`](super::Validator::verify) never
//! comes here. Attempts use headers that anyone can write, so a match explains a refusal and never
//! makes a request trusted.

mod body;
mod cause;
mod target;

use std::cell::Cell;
use std::fmt;

pub use cause::Cause;
use http::{HeaderValue, Method, Request};

use super::check::{Entry, Received, SIGNATURE_HEADER};
use super::error::{SignatureError, SignatureErrorKind as Kind};
use super::form;
use super::key::Keys;
use super::signature::Signature;
use super::sorted::Sorted;
use super::url::{SignedUrl, Url};

/// Checks a request as [`Validator::verify`](super::Validator::verify) does, and names the usual
/// mistakes that would explain a refusal.
///
/// `url` is the whole URL that the server takes for the one configured at Twilio. The headers
/// of the request should be those of the server, because proxies name there what they changed:
/// `X-Forwarded-Host`, `X-Forwarded-Port`, `X-Forwarded-Prefix`, `X-Original-URI` and the like.
/// Such a header explains a refusal. It is not trusted: fix the cause, do not verify by it.
///
/// ```
/// use clinspark_twilio::types::AuthToken;
/// use clinspark_twilio::webhook::{Cause, Entry, Keys, PublicOrigin, Validator, diagnose};
///
/// let token = AuthToken::new("12345")?;
/// let twilio = Validator::new(token.clone(), PublicOrigin::parse("https://acme.example.com")?);
/// let mut request = http::Request::get("/twilio/sms?MessageSid=SM1").body("")?;
/// let signature = twilio.sign(&request).parse()?;
/// request.headers_mut().insert("x-twilio-signature", signature);
///
/// // The proxy ends TLS, so the server takes its URL for http.
/// let url = "http://acme.example.com/twilio/sms?MessageSid=SM1";
/// let diagnosis = diagnose(&Keys::new(token), Entry::Http, url, &request).unwrap_err();
/// assert_eq!(diagnosis.causes(), [Cause::Scheme]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// [`Diagnosis`] when the request is refused.
pub fn diagnose<B: AsRef<[u8]>>(
    keys: &Keys,
    entry: Entry,
    url: &str,
    request: &Request<B>,
) -> Result<(), Diagnosis> {
    let Ok(parsed) = Url::parse(url) else {
        return Err(Diagnosis {
            error: Kind::BadUrl.into(),
            causes: Vec::new(),
            attempts: 0,
        });
    };
    let received = Received::new(parsed, request);
    let Err(error) = received.check(entry, keys) else {
        return Ok(());
    };
    let case = Case {
        keys,
        entry,
        url,
        received,
        work: Work::new(Work::OTHERS / 2, usize::MAX),
    };
    let causes = case.explain(error.kind());
    Err(Diagnosis {
        error,
        causes,
        attempts: case.work.attempts.get(),
    })
}

/// A refusal, and the mistakes that would explain it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnosis {
    error: SignatureError,
    causes: Vec<Cause>,
    attempts: usize,
}

impl Diagnosis {
    /// Largest number of signatures that one diagnosis computes beside those of the check itself,
    /// whatever the request holds: 37,120.
    pub const MAX_ATTEMPTS: usize = Work::URLS + Work::FORMS + Work::OTHERS;

    /// Number of signatures that were computed beside those of the check itself.
    #[must_use]
    pub const fn attempts(&self) -> usize {
        self.attempts
    }

    /// The refusal itself.
    #[must_use]
    pub const fn error(&self) -> &SignatureError {
        &self.error
    }

    /// Mistakes that together explain the refusal, as few as possible; none where the refusal
    /// itself says what is wrong.
    #[must_use]
    pub fn causes(&self) -> &[Cause] {
        &self.causes
    }
}

/// The mistakes in sentences, or the refusal where it says itself what is wrong.
impl fmt::Display for Diagnosis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [first, more @ ..] = self.causes.as_slice() else {
            return write!(f, "{}: {}", self.error.kind().as_str(), self.error);
        };
        write!(f, "{first}")?;
        more.iter().try_for_each(|cause| write!(f, "; and {cause}"))
    }
}

impl std::error::Error for Diagnosis {}

/// Above this number of bytes of URL and body, mistakes are tried one at a time, and values not at
/// all. Twilio's requests are smaller, and each attempt hashes all of it.
const MAX_BYTES: usize = 16 * 1024;

/// The work that may still be done: the sender of a request must not decide how long a diagnosis
/// takes.
struct Work {
    /// Signatures that were computed.
    attempts: Cell<usize>,
    attempts_left: Cell<usize>,
    bytes_left: Cell<usize>,
}

impl Work {
    /// Signatures computed for spellings of the URL.
    const URLS: usize = 32 * 1024;
    /// Signatures computed for earlier states of the form.
    const FORMS: usize = 4 * 1024;
    /// Signatures computed for everything else.
    const OTHERS: usize = 256;
    /// Bytes hashed for spellings of the URL, which takes less than a second.
    const URL_BYTES: usize = 32 << 20;
    /// Bytes of forms, which cost several times as much: each is written and sorted as well.
    const FORM_BYTES: usize = 2 << 20;

    const fn new(attempts: usize, bytes: usize) -> Self {
        Self {
            attempts: Cell::new(0),
            attempts_left: Cell::new(attempts),
            bytes_left: Cell::new(bytes),
        }
    }

    /// Begins a part of the search that has work of its own.
    fn allow(&self, attempts: usize, bytes: usize) {
        self.attempts_left.set(attempts);
        self.bytes_left.set(bytes);
    }

    /// Takes so many bytes; `false` when they are not left.
    fn take_bytes(&self, bytes: usize) -> bool {
        let left = self.bytes_left.get().checked_sub(bytes);
        self.bytes_left.set(left.unwrap_or_default());
        left.is_some()
    }

    /// Takes one signature; `false` when none is left.
    fn take_attempt(&self) -> bool {
        let left = self.attempts_left.get().checked_sub(1);
        self.attempts_left.set(left.unwrap_or_default());
        self.attempts
            .set(self.attempts.get() + usize::from(left.is_some()));
        left.is_some()
    }

    fn is_spent(&self) -> bool {
        self.attempts_left.get() == 0 || self.bytes_left.get() == 0
    }
}

/// A refused request.
struct Case<'a> {
    keys: &'a Keys,
    entry: Entry,
    url: &'a str,
    received: Received<'a>,
    work: Work,
}

impl Case<'_> {
    fn explain(&self, kind: Kind) -> Vec<Cause> {
        match kind {
            Kind::SignatureMismatch => self.explain_mismatch(),
            Kind::NotAHandshake if self.check_as(Entry::Http) => vec![Cause::Entry],
            Kind::BodyHashMismatch if body::is_reserialised(&self.received) => {
                vec![Cause::BodyReserialised]
            }
            Kind::UncoveredBody => self.explain_uncovered(),
            Kind::MalformedHeader if self.fits_lenient_header() => vec![Cause::HeaderEncoding],
            _ => Vec::new(),
        }
    }

    fn explain_mismatch(&self) -> Vec<Cause> {
        let Some(signature) = self.signature() else {
            return Vec::new();
        };
        let other_entry = match self.entry {
            Entry::Http => Entry::WebSocket,
            Entry::WebSocket => Entry::Http,
        };
        if self.check_as(other_entry) {
            return vec![Cause::Entry];
        }
        if self.fits_whole_url(&signature) {
            return vec![Cause::UserInfoOrFragment];
        }
        let parameters = self.received.parameters();
        let work = &self.work;
        work.allow(Work::URLS, Work::URL_BYTES);
        if let Some(causes) = target::explain(&self.received, self.entry, work, |url| {
            work.take_bytes(url.len() + self.received.body.len())
                && self.fits(&signature, url, &parameters)
        }) {
            return causes;
        }
        work.allow(Work::FORMS, Work::FORM_BYTES);
        let urls = self.received.url.candidates();
        let fitting = body::explain(&self.received, work, |form| {
            let parameters = Sorted::new(form);
            urls.iter()
                .any(|url| self.fits_url(&signature, url, &parameters))
        });
        // The first check of the whole URL took a part of it.
        work.allow(Work::OTHERS / 2, usize::MAX);
        match fitting {
            Some(cause) => vec![cause],
            None if self.fits_other_method(&signature) => vec![Cause::Method],
            None => vec![Cause::OtherToken],
        }
    }

    fn explain_uncovered(&self) -> Vec<Cause> {
        let Some(signature) = self.signature() else {
            return Vec::new();
        };
        let as_form = Sorted::new(self.received.body);
        let from_json = body::form_of_json(self.received.body).unwrap_or_default();
        let from_json = Sorted::new(&from_json);
        let urls = self.received.url.candidates();
        let fits = |parameters: &Sorted<'_>| {
            urls.iter()
                .any(|url| self.fits_url(&signature, url, parameters))
        };
        if fits(&as_form) {
            vec![if self.received.method == Method::GET {
                Cause::Method
            } else {
                Cause::ContentType
            }]
        } else if fits(&Sorted::NONE) {
            vec![Cause::LostBodyHash]
        } else if fits(&from_json) {
            vec![Cause::BodyReserialised]
        } else {
            Vec::new()
        }
    }

    fn check_as(&self, entry: Entry) -> bool {
        self.received.check(entry, self.keys).is_ok()
    }

    fn signature(&self) -> Option<Signature> {
        Signature::parse(self.received.headers.get(SIGNATURE_HEADER)?.as_bytes())
    }

    /// Tells whether any token signs this URL, given as text.
    fn fits(&self, signature: &Signature, url: &str, parameters: &Sorted<'_>) -> bool {
        Url::parse(url).is_ok_and(|url| {
            let [as_written, _] = url.candidates();
            self.fits_url(signature, &as_written, parameters)
        })
    }

    fn fits_url(
        &self,
        signature: &Signature,
        url: &SignedUrl<'_>,
        parameters: &Sorted<'_>,
    ) -> bool {
        self.keys
            .all()
            .any(|key| self.work.take_attempt() && key.verify(signature, url, parameters))
    }

    /// Tells whether the URL was signed with the user, password or fragment that Twilio drops.
    fn fits_whole_url(&self, signature: &Signature) -> bool {
        let Some((scheme, host)) = self.url.split_once("://") else {
            return false;
        };
        let [url, _] = self.received.url.candidates();
        let whole = SignedUrl {
            scheme,
            host,
            port: None,
            path_and_query: "",
            ..url
        };
        self.fits_url(signature, &whole, &self.received.parameters())
    }

    /// Tells whether the parameters were sent by the other method when they were signed.
    fn fits_other_method(&self, signature: &Signature) -> bool {
        let url = &self.received.url;
        if self.received.has_form() {
            let Ok(form) = std::str::from_utf8(self.received.body) else {
                return false;
            };
            let joint = if url.query().is_some() { '&' } else { '?' };
            let [first, _] = url.candidates();
            return self.fits(signature, &format!("{first}{joint}{form}"), &Sorted::NONE);
        }
        let parameters = Sorted::new(url.query().unwrap_or_default().as_bytes());
        let urls = url.without_query().candidates();
        urls.iter()
            .any(|url| self.fits_url(signature, url, &parameters))
    }

    fn fits_lenient_header(&self) -> bool {
        let Some(header) = self.received.headers.get(SIGNATURE_HEADER) else {
            return false;
        };
        let text = form::decode(header.as_bytes()).replace(' ', "+");
        let first = text.split(',').next().unwrap_or_default();
        let bare = first.trim_matches(['"', '\'']).trim_end_matches('=');
        let padded = format!("{bare}=").replace('-', "+").replace('_', "/");
        let Ok(value) = HeaderValue::from_str(&padded) else {
            return false;
        };
        let mut headers = self.received.headers.clone();
        headers.insert(SIGNATURE_HEADER, value);
        let received = Received {
            headers: &headers,
            ..self.received
        };
        received.check(self.entry, self.keys).is_ok()
    }
}
