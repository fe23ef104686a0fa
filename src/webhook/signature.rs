//! The signature itself: what is signed, with which key, and the one place where it is compared.
//!
//! The message is the URL and then the parameters, [`Sorted`]: name, value, nothing between them.
//!
//! Source: <https://www.twilio.com/docs/usage/security#validating-requests>

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};

use super::sorted::Sorted;
use super::url::SignedUrl;

/// How a signature is computed.
///
/// Source: <https://www.twilio.com/docs/usage/security>
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Algorithm {
    /// HMAC with SHA-1, as every auth token signs. The weakness of SHA-1 does not reach HMAC.
    HmacSha1,
    /// HMAC with SHA-256, for shared keys only.
    HmacSha256,
}

impl Algorithm {
    /// Twilio's spelling.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::HmacSha1 => "HMAC_SHA1",
            Self::HmacSha256 => "HMAC_SHA256",
        }
    }

    /// The MAC of a message, in the canonical base64 that the signature header carries.
    ///
    /// The primitive under every signature of this module, for tests against published vectors and
    /// for stand-ins of Twilio. A request is signed by [`Validator::sign`](super::Validator::sign).
    #[must_use]
    pub fn sign(self, key: &[u8], message: &[u8]) -> String {
        Key::new(self, key).sign_bytes(message)
    }
}

/// A key that is ready to sign: its algorithm is part of it and cannot be chosen by a request.
#[derive(Clone)]
pub(crate) enum Key {
    Sha1(Hmac<Sha1>),
    Sha256(Hmac<Sha256>),
}

impl Key {
    #[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
    pub(crate) fn new(algorithm: Algorithm, secret: &[u8]) -> Self {
        match algorithm {
            Algorithm::HmacSha1 => Self::Sha1(Hmac::new_from_slice(secret).expect("any length")),
            Algorithm::HmacSha256 => {
                Self::Sha256(Hmac::new_from_slice(secret).expect("any length"))
            }
        }
    }

    pub(crate) const fn algorithm(&self) -> Algorithm {
        match self {
            Self::Sha1(_) => Algorithm::HmacSha1,
            Self::Sha256(_) => Algorithm::HmacSha256,
        }
    }

    /// The header's text for this URL and these parameters.
    pub(crate) fn sign(&self, url: &SignedUrl<'_>, parameters: &Sorted<'_>) -> String {
        match self {
            Self::Sha1(key) => STANDARD.encode(mac(key, url, parameters).finalize().into_bytes()),
            Self::Sha256(key) => STANDARD.encode(mac(key, url, parameters).finalize().into_bytes()),
        }
    }

    /// The MAC of any bytes, as the header would carry it.
    pub(crate) fn sign_bytes(&self, message: &[u8]) -> String {
        match self {
            Self::Sha1(key) => {
                STANDARD.encode(key.clone().chain_update(message).finalize().into_bytes())
            }
            Self::Sha256(key) => {
                STANDARD.encode(key.clone().chain_update(message).finalize().into_bytes())
            }
        }
    }

    /// Whether the signature is of this key, this URL and these parameters. In constant time.
    pub(crate) fn verify(
        &self,
        signature: &Signature,
        url: &SignedUrl<'_>,
        parameters: &Sorted<'_>,
    ) -> bool {
        match (self, signature) {
            (Self::Sha1(key), Signature::Sha1(tag)) => {
                mac(key, url, parameters).verify_slice(tag).is_ok()
            }
            (Self::Sha256(key), Signature::Sha256(tag)) => {
                mac(key, url, parameters).verify_slice(tag).is_ok()
            }
            _ => false,
        }
    }
}

/// A signature as the header carries it: canonical base64 of as many bytes as a hash has.
#[derive(Clone, Copy)]
pub(crate) enum Signature {
    Sha1([u8; 20]),
    Sha256([u8; 32]),
}

impl Signature {
    /// Reads the header. Exactly one text stands for each MAC: padding is wanted, unused bits are
    /// zero, the alphabet is the standard one.
    pub(crate) fn parse(header: &[u8]) -> Option<Self> {
        match header.len() {
            28 => decode_exactly(header).map(Self::Sha1),
            44 => decode_exactly(header).map(Self::Sha256),
            _ => None,
        }
    }
}

fn decode_exactly<const N: usize>(text: &[u8]) -> Option<[u8; N]> {
    // The decoder wants space for its estimate, which counts the padding.
    let mut bytes = [0; 33];
    let length = STANDARD.decode_slice(text, &mut bytes).ok()?;
    bytes.get(..length)?.try_into().ok()
}

/// The SHA-256 of a body in lower-case hexadecimal, as `bodySHA256` carries it.
pub(crate) fn sha256_hex(body: &[u8]) -> String {
    use std::fmt::Write as _;

    Sha256::digest(body)
        .iter()
        .fold(String::with_capacity(64), |mut text, byte| {
            // Writing to a `String` never fails.
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// The MAC of the message.
fn mac<M: Mac + Clone>(key: &M, url: &SignedUrl<'_>, parameters: &Sorted<'_>) -> M {
    let mut message = Message::new(key.clone());
    for piece in url.pieces() {
        message.push(piece.as_bytes());
    }
    for (name, value) in parameters.iter() {
        message.push(name);
        message.push(value);
    }
    message.finish()
}

/// Bytes of the message that wait for the MAC: feeding it piece by piece costs more than hashing.
struct Message<M> {
    mac: M,
    block: [u8; BLOCK],
    filled: usize,
}

const BLOCK: usize = 256;

impl<M: Mac> Message<M> {
    fn new(mac: M) -> Self {
        Self {
            mac,
            block: [0; BLOCK],
            filled: 0,
        }
    }

    fn push(&mut self, bytes: &[u8]) {
        if self.filled + bytes.len() > BLOCK {
            self.flush();
        }
        let rest = self.block.get_mut(self.filled..).unwrap_or_default();
        if let Some(space) = rest.get_mut(..bytes.len()) {
            space.copy_from_slice(bytes);
            self.filled += bytes.len();
        } else {
            self.mac.update(bytes);
        }
    }

    fn flush(&mut self) {
        self.mac
            .update(self.block.get(..self.filled).unwrap_or_default());
        self.filled = 0;
    }

    fn finish(mut self) -> M {
        self.flush();
        self.mac
    }
}
