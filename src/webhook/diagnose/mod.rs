//! Why does the signature fail? The usual mistakes, tried one after the other.
//!
//! For the operator, with a request at hand. [`Validator::verify`](super::Validator::verify) never
//! comes here: what is tried here is not what may be believed.

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
use super::signature::{Signature, Sorted};
use super::url::{SignedUrl, Url};

/// Judges a request as [`Validator::verify`](super::Validator::verify) does, and says which of
/// the usual mistakes would explain a refusal.
///
/// `url` is the whole URL as the server believes Twilio has it.
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
    };
    let causes = case.explain(error.kind());
    Err(Diagnosis { error, causes })
}

/// A refusal, and what would explain it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnosis {
    error: SignatureError,
    causes: Vec<Cause>,
}

impl Diagnosis {
    /// The refusal itself.
    #[must_use]
    pub const fn error(&self) -> &SignatureError {
        &self.error
    }

    /// The mistakes that together explain it: as few as possible, none if the refusal speaks for
    /// itself.
    #[must_use]
    pub fn causes(&self) -> &[Cause] {
        &self.causes
    }
}

/// The mistakes in sentences, or the refusal where it speaks for itself.
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

/// Above so many bytes of URL and body, mistakes are tried one at a time, and values not at all:
/// Twilio's requests are smaller, and what is tried here is hashed each time.
const MAX_BYTES: usize = 16 * 1024;

/// What may still be tried: whoever wrote the request must not decide how long this takes.
struct Work(Cell<usize>);

impl Work {
    /// Hashing so many bytes of URLs and bodies takes under a second.
    const URLS: usize = 32 << 20;
    /// Writing, sorting and hashing a form costs several times as much as hashing it.
    const FORMS: usize = 2 << 20;

    const fn new(bytes: usize) -> Self {
        Self(Cell::new(bytes))
    }

    /// Whether one more attempt of so many bytes may be made.
    fn take(&self, bytes: usize) -> bool {
        let left = self.0.get().checked_sub(bytes);
        self.0.set(left.unwrap_or_default());
        left.is_some()
    }
}

/// A refused request.
struct Case<'a> {
    keys: &'a Keys,
    entry: Entry,
    url: &'a str,
    received: Received<'a>,
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
        let work = Work::new(Work::URLS);
        if let Some(causes) = target::explain(&self.received, self.entry, |url| {
            work.take(url.len() + self.received.body.len())
                && self.fits(&signature, url, &parameters)
        }) {
            return causes;
        }
        let urls = self.received.url.candidates();
        let fitting = body::explain(&self.received, |form| {
            let parameters = Sorted::new(form);
            urls.iter()
                .any(|url| self.fits_url(&signature, url, &parameters))
        });
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

    /// Whether any token signs this URL, given as text.
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
            .any(|key| key.verify(signature, url, parameters))
    }

    /// Whether the text of the URL was signed with what Twilio drops.
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

    /// Whether the parameters were sent by the other method when they were signed.
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
