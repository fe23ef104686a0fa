//! Signed text, keys and the comparison of MACs.
//!
//! All MACs are compared here, in constant time.
//!
//! Source: <https://www.twilio.com/docs/usage/security#validating-requests>

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};

use super::sorted::SortedParameters;
use super::url::SignedUrl;

/// Algorithm of a signature.
///
/// Source: <https://www.twilio.com/docs/usage/security>
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Algorithm {
    /// HMAC with SHA-1, used by every auth token. The weaknesses of SHA-1 do not affect HMAC.
    HmacSha1,
    /// HMAC with SHA-256, for shared keys only.
    HmacSha256,
}

impl Algorithm {
    /// Returns Twilio's name of the algorithm.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::HmacSha1 => "HMAC_SHA1",
            Self::HmacSha256 => "HMAC_SHA256",
        }
    }

    /// Returns the MAC of a message, in the canonical base64 of the signature header.
    ///
    /// Use this primitive for tests against published vectors and for servers that imitate Twilio.
    /// To sign a request, use [`Validator::sign`](super::Validator::sign).
    #[must_use]
    pub fn sign(self, key: &[u8], message: &[u8]) -> String {
        Key::new(self, key).sign(std::iter::once(message))
    }
}

/// Key with its algorithm, which a request cannot choose.
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

    /// Returns the MAC of a message, in the base64 of the signature header.
    pub(crate) fn sign<'a>(&self, message: impl Iterator<Item = &'a [u8]>) -> String {
        match self {
            Self::Sha1(key) => STANDARD.encode(mac(key, message).finalize().into_bytes()),
            Self::Sha256(key) => STANDARD.encode(mac(key, message).finalize().into_bytes()),
        }
    }

    /// Returns `true` if this key signed the message. The comparison takes constant time.
    pub(crate) fn verify<'a>(
        &self,
        signature: &Signature,
        message: impl Iterator<Item = &'a [u8]>,
    ) -> bool {
        match (self, signature) {
            (Self::Sha1(key), Signature::Sha1(tag)) => mac(key, message).verify_slice(tag).is_ok(),
            (Self::Sha256(key), Signature::Sha256(tag)) => {
                mac(key, message).verify_slice(tag).is_ok()
            }
            // A SHA-1 signature never matches a SHA-256 key, whichever algorithm the request names.
            _ => false,
        }
    }
}

/// Signature of the header, decoded from canonical base64.
#[derive(Clone, Copy)]
pub(crate) enum Signature {
    Sha1([u8; 20]),
    Sha256([u8; 32]),
}

impl Signature {
    /// Parses the header. Exactly one text is accepted for each MAC: padding is required, unused
    /// bits are zero, the alphabet is the standard one.
    pub(crate) fn parse(header: &[u8]) -> Option<Self> {
        match header.len() {
            28 => decode_exactly(header).map(Self::Sha1),
            44 => decode_exactly(header).map(Self::Sha256),
            _ => None,
        }
    }
}

fn decode_exactly<const N: usize>(text: &[u8]) -> Option<[u8; N]> {
    // The decoder requires space for its estimate, which includes the padding.
    let mut bytes = [0; 33];
    let length = STANDARD.decode_slice(text, &mut bytes).ok()?;
    bytes.get(..length)?.try_into().ok()
}

/// Returns the SHA-256 of a body in lower-case hexadecimal, the format of `bodySHA256`.
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

/// Returns the signed text in pieces: the URL and then the parameters, without separators.
pub(crate) fn message<'a>(
    url: &'a SignedUrl<'_>,
    parameters: &'a SortedParameters<'_>,
) -> impl Iterator<Item = &'a [u8]> {
    let url = url.pieces().into_iter().map(str::as_bytes);
    url.chain(parameters.iter().flat_map(|(name, value)| [name, value]))
}

fn mac<'a, M: Mac + Clone>(key: &M, message: impl Iterator<Item = &'a [u8]>) -> M {
    let mut mac = key.clone();
    // Short pieces are joined, because each update costs more than hashing them.
    let (mut block, mut filled) = ([0; 256], 0);
    message.for_each(|piece| {
        if filled + piece.len() > block.len() {
            mac.update(block.get(..filled).unwrap_or_default());
            filled = 0;
        }
        match block.get_mut(filled..filled + piece.len()) {
            Some(space) => {
                space.copy_from_slice(piece);
                filled += piece.len();
            }
            None => mac.update(piece),
        }
    });
    mac.update(block.get(..filled).unwrap_or_default());
    mac
}
