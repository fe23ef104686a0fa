//! Diagnosis of a failed signature: the usual mistakes are tried one after the other.
//!
//! This is a tool for the operator. [`Validator::verify`](super::Validator::verify) never calls it.
//! Attempts use headers that anyone can write, so a match explains a refusal and never makes a
//! request trusted.

mod body;
mod budget;
mod cause;
mod encoding;
mod target;

use std::fmt;

use budget::Budget;

pub use cause::Cause;
use http::{HeaderValue, Method, Request};

use super::check::{Received, RequestKind, SIGNATURE_HEADER};
use super::error::{SignatureError, SignatureErrorKind as Kind};
use super::form;
use super::key::{Keys, SignedBy};
use super::signature::{Signature, message};
use super::sorted::{DecodedText, SortedParameters};
use super::url::{SignedUrl, Url};

/// Checks a request as [`Validator::verify`](super::Validator::verify) does, and returns the key
/// that signed it. For a refusal, names the usual mistakes that would explain it.
///
/// `url` is the whole URL that the server assumes is configured at Twilio. Pass the headers as the
/// server received them, because proxies record their changes there: `X-Forwarded-Host`,
/// `X-Forwarded-Port`, `X-Forwarded-Prefix`, `X-Original-URI` and similar ones. Such a header
/// explains a refusal but is not trusted. Fix the cause; do not verify by the header.
///
/// ```
/// use clinspark_twilio::types::AuthToken;
/// use clinspark_twilio::webhook::{Cause, RequestKind, Keys, PublicOrigin, Validator, diagnose};
///
/// let token = AuthToken::new("12345")?;
/// let twilio = Validator::new(token.clone(), PublicOrigin::parse("https://acme.example.com")?);
/// let mut request = http::Request::get("/twilio/sms?MessageSid=SM1").body("")?;
/// let signature = twilio.sign(&request).parse()?;
/// request.headers_mut().insert("x-twilio-signature", signature);
///
/// // The proxy ends TLS, so the server sees an http URL.
/// let url = "http://acme.example.com/twilio/sms?MessageSid=SM1";
/// let diagnosis = diagnose(&Keys::new(token), RequestKind::Webhook, url, &request).unwrap_err();
/// assert_eq!(diagnosis.causes(), [Cause::Scheme]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// Returns [`Diagnosis`] if the request is refused.
pub fn diagnose<B: AsRef<[u8]>>(
    keys: &Keys,
    kind: RequestKind,
    url: &str,
    request: &Request<B>,
) -> Result<SignedBy, Diagnosis> {
    let Ok(parsed) = Url::parse(url) else {
        return Err(Diagnosis {
            error: Kind::BadUrl.into(),
            causes: Vec::new(),
            attempts: 0,
        });
    };
    let received = Received::new(parsed, request);
    let error = match received.check(kind, keys) {
        Ok(proof) => return Ok(proof.signed_by),
        Err(error) => error,
    };
    let search = Search {
        keys,
        kind,
        url,
        received,
        budget: Budget::new(Budget::OTHERS / 2, usize::MAX),
    };
    let causes = search.explain(error.kind());
    Err(Diagnosis {
        error,
        causes,
        attempts: search.budget.attempts.get(),
    })
}

/// Refusal of a request, and the mistakes that would explain it.
///
/// `Display` prints the advice of each mistake. [`diagnose`] shows an example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnosis {
    error: SignatureError,
    causes: Vec<Cause>,
    attempts: usize,
}

impl Diagnosis {
    /// Returns the number of signatures computed in addition to those of the check itself.
    ///
    /// At most 37,120, whatever the request holds.
    #[must_use]
    pub const fn attempts(&self) -> usize {
        self.attempts
    }

    /// Returns the refusal.
    #[must_use]
    pub const fn error(&self) -> &SignatureError {
        &self.error
    }

    /// Returns the smallest set of mistakes that explains the refusal.
    ///
    /// The set is empty if the refusal itself names the fault.
    #[must_use]
    pub fn causes(&self) -> &[Cause] {
        &self.causes
    }
}

/// Writes the mistakes in sentences, or the refusal if it names the fault itself.
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

/// Search for the mistakes in one refused request.
struct Search<'a> {
    keys: &'a Keys,
    kind: RequestKind,
    url: &'a str,
    received: Received<'a>,
    budget: Budget,
}

impl Search<'_> {
    fn explain(&self, kind: Kind) -> Vec<Cause> {
        match kind {
            Kind::SignatureMismatch => self.explain_mismatch(),
            Kind::NotAHandshake if self.check_as(RequestKind::Webhook) => vec![Cause::RequestKind],
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
        let other_kind = match self.kind {
            RequestKind::Webhook => RequestKind::WebSocket,
            RequestKind::WebSocket => RequestKind::Webhook,
        };
        if self.check_as(other_kind) {
            return vec![Cause::RequestKind];
        }
        if self.fits_whole_url(&signature) {
            return vec![Cause::UserInfoOrFragment];
        }
        let mut text = DecodedText::new();
        let parameters = SortedParameters::of(self.received.form(), &mut text);
        let budget = &self.budget;
        budget.allow(Budget::URLS, Budget::URL_BYTES);
        if let Some(causes) = target::explain(&self.received, self.kind, budget, |url| {
            budget.take_bytes(url.len() + self.received.body.len())
                && self.fits(&signature, url, &parameters)
        }) {
            return causes;
        }
        budget.allow(Budget::FORMS, Budget::FORM_BYTES);
        let urls = self.received.url.candidates();
        let fitting = body::explain(&self.received, budget, |form| {
            self.fits_form(&signature, &urls, form)
        });
        // The check of the whole URL above used the first half of this budget.
        budget.allow(Budget::OTHERS / 2, usize::MAX);
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
        let urls = self.received.url.candidates();
        let fits = |form: &[u8]| self.fits_form(&signature, &urls, form);
        if fits(self.received.body) {
            vec![if self.received.method == Method::GET {
                Cause::Method
            } else {
                Cause::ContentType
            }]
        } else if fits(&[]) {
            vec![Cause::LostBodyHash]
        } else if body::form_of_json(self.received.body).is_some_and(|form| fits(&form)) {
            vec![Cause::BodyReserialised]
        } else {
            Vec::new()
        }
    }

    fn check_as(&self, kind: RequestKind) -> bool {
        self.received.check(kind, self.keys).is_ok()
    }

    fn signature(&self) -> Option<Signature> {
        Signature::parse(self.received.headers.get(SIGNATURE_HEADER)?.as_bytes())
    }

    /// Returns `true` if any key signs this URL, given as text.
    fn fits(&self, signature: &Signature, url: &str, parameters: &SortedParameters<'_>) -> bool {
        Url::parse(url).is_ok_and(|url| {
            let [as_written, _] = url.candidates();
            self.fits_url(signature, &as_written, parameters)
        })
    }

    /// Returns `true` if any key signs one of the URLs with this form.
    fn fits_form(&self, signature: &Signature, urls: &[SignedUrl<'_>], form: &[u8]) -> bool {
        let mut text = DecodedText::new();
        let parameters = SortedParameters::of(form, &mut text);
        urls.iter()
            .any(|url| self.fits_url(signature, url, &parameters))
    }

    fn fits_url(
        &self,
        signature: &Signature,
        url: &SignedUrl<'_>,
        parameters: &SortedParameters<'_>,
    ) -> bool {
        self.keys.all().any(|key| {
            self.budget.take_attempt() && key.verify(signature, message(url, parameters))
        })
    }

    /// Returns `true` if the URL was signed with the user name, password or fragment that Twilio
    /// drops.
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
        self.fits_form(signature, &[whole], self.received.form())
    }

    /// Returns `true` if the parameters were sent by the other method when they were signed.
    fn fits_other_method(&self, signature: &Signature) -> bool {
        let url = &self.received.url;
        if self.received.has_form() {
            let Ok(form) = std::str::from_utf8(self.received.body) else {
                return false;
            };
            let joint = if url.query().is_some() { '&' } else { '?' };
            let [first, _] = url.candidates();
            let by_get = format!("{first}{joint}{form}");
            return self.fits(signature, &by_get, &SortedParameters::default());
        }
        let query = url.query().unwrap_or_default().as_bytes();
        self.fits_form(signature, &url.without_query().candidates(), query)
    }

    fn fits_lenient_header(&self) -> bool {
        let Some(header) = self.received.headers.get(SIGNATURE_HEADER) else {
            return false;
        };
        // A gateway may have decoded the base64: `+` became a blank, or the URL-safe alphabet was
        // used.
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
        received.check(self.kind, self.keys).is_ok()
    }
}
