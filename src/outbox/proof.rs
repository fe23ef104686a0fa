//! Proof of a text: recognizes it in Twilio's list without storing it.

use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::phone::E164;
use crate::sms::smart_encode;

/// Secret of the proofs: 32 random bytes of the service's own.
///
/// Not the auth token, which is rotated: proofs must outlive it. All workers of an outbox have the
/// same key. With another key, messages in doubt cannot be found in Twilio's list, and are held.
///
/// Keep it apart from the database and its backups. Whoever has both can try all numbers, and find those
/// that were texted.
///
/// ```
/// use clinspark_twilio::outbox::ProofKey;
///
/// # let secret_from_the_vault = [7; 32];
/// let key = ProofKey::new(secret_from_the_vault);
/// assert_eq!(format!("{key:?}"), "ProofKey(..)");
/// ```
#[derive(Clone)]
pub struct ProofKey(Zeroizing<[u8; 32]>);

impl fmt::Debug for ProofKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ProofKey(..)")
    }
}

/// MAC over the number and the text of a message: 16 bytes over the number, 16 over both, each the
/// first half of an HMAC-SHA256.
///
/// The text counts in its smart-encoded form, so that a text matches whether or not Twilio's smart
/// encoding has changed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proof([u8; 32]);

impl Proof {
    /// Entry of [`Outbox::reconcile`](super::Outbox::reconcile) for a claim that has none. A worker
    /// that comes back late cannot begin it any more, so nothing was sent and nothing will be.
    pub(super) const FENCE: Self = Self([0; 32]);

    /// Reads a proof from a store. `None` unless it has 32 bytes.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// Returns the bytes that stores persist.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Returns `true` if both are of the same number, whatever the text.
    #[must_use]
    pub fn has_same_number(&self, other: &Self) -> bool {
        self.0.first_chunk::<16>() == other.0.first_chunk::<16>()
    }
}

impl ProofKey {
    /// Creates a key from 32 random bytes.
    #[must_use]
    pub fn new(secret: [u8; 32]) -> Self {
        Self(Zeroizing::new(secret))
    }

    /// Makes the proof of a text to a number.
    #[must_use]
    pub fn proof(&self, to: E164, body: &str) -> Proof {
        let mut proof = [0; 32];
        let parts = [
            self.mac(b"number", to, ""),
            self.mac(b"text", to, &smart_encode(body)),
        ];
        for (half, part) in proof.chunks_exact_mut(16).zip(&parts) {
            for (to, from) in half.iter_mut().zip(part) {
                *to = *from;
            }
        }
        Proof(proof)
    }

    fn mac(&self, domain: &[u8], to: E164, body: &str) -> [u8; 32] {
        // A key of any length is accepted.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&*self.0) else {
            return [0; 32];
        };
        mac.update(domain);
        mac.update(&[0]);
        mac.update(to.as_str().as_bytes());
        mac.update(&[0]);
        mac.update(body.as_bytes());
        mac.finalize().into_bytes().into()
    }
}
