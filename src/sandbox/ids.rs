//! Random SIDs, tokens and secrets.

use std::fmt::{Debug, Write as _};
use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering};

use sha2::{Digest, Sha256};

use super::error::SandboxError;
use crate::types::{ApiKeySecret, AuthToken, ClientSecret};

/// Generator of identifiers. Each is used once.
pub(crate) struct IdGenerator {
    /// Random key, unless a test has chosen a seed: no web page and no other user of the machine
    /// can compute a token.
    key: [u8; 32],
    next: AtomicU64,
}

impl IdGenerator {
    /// Creates a generator. With a seed, the identifiers are the same in each run.
    pub(crate) fn new(seed: Option<u64>) -> Result<Self, SandboxError> {
        let mut key = [0; 32];
        match seed {
            Some(seed) => key = Sha256::digest(seed.to_be_bytes()).into(),
            None => getrandom::fill(&mut key).map_err(|e| {
                SandboxError::start("the operating system returned no random bytes", e)
            })?,
        }
        Ok(Self {
            key,
            next: AtomicU64::new(0),
        })
    }

    /// Returns the number of identifiers that were drawn.
    pub(crate) fn used(&self) -> u64 {
        self.next.load(Ordering::Relaxed)
    }

    /// Skips identifiers that a former sandbox with the same seed has drawn.
    pub(crate) fn skip_to(&self, used: u64) {
        self.next.fetch_max(used, Ordering::Relaxed);
    }

    /// Draws a number, and reports whether it is within a share from 0 to 1.
    pub(crate) fn chance(&self, share: f64) -> bool {
        // 32 bits of the digits are the fraction of a number below 1.
        let digits = self.hex_digits();
        let drawn = digits
            .get(..8)
            .and_then(|digits| u32::from_str_radix(digits, 16).ok());
        f64::from(drawn.unwrap_or_default()) / (f64::from(u32::MAX) + 1.0) < share
    }

    /// Returns 32 new hexadecimal digits, which cannot be guessed without the key.
    pub(crate) fn hex_digits(&self) -> String {
        let serial = self.next.fetch_add(1, Ordering::Relaxed);
        let hash = Sha256::new()
            .chain_update(self.key)
            .chain_update(serial.to_be_bytes())
            .finalize();
        hash.iter().take(16).fold(String::new(), |mut text, byte| {
            // Writing to a `String` cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
    }

    /// Returns a new number of six digits.
    pub(crate) fn six_digits(&self) -> String {
        let hex = self.hex_digits();
        let number = hex
            .get(..8)
            .and_then(|hex| u32::from_str_radix(hex, 16).ok());
        format!("{:06}", number.unwrap_or_default() % 1_000_000)
    }

    /// Returns the place of an item in a random order, which is always the same for one sandbox.
    pub(crate) fn place_of(&self, item: &str) -> [u8; 32] {
        Sha256::new()
            .chain_update(self.key)
            .chain_update(item)
            .finalize()
            .into()
    }

    /// Returns a new SID. `prefix` is the prefix of its type, such as `CA`.
    #[expect(
        clippy::expect_used,
        reason = "callers pass the prefix of the SID type, and the rest is 32 hexadecimal digits"
    )]
    pub(crate) fn sid<S: FromStr<Err: Debug>>(&self, prefix: &str) -> S {
        format!("{prefix}{}", self.hex_digits())
            .parse()
            .expect("the prefix of the SID type and 32 hexadecimal digits")
    }

    #[expect(clippy::expect_used, reason = "32 hexadecimal digits make a token")]
    pub(crate) fn auth_token(&self) -> AuthToken {
        AuthToken::new(self.hex_digits()).expect("hexadecimal digits are neither empty nor blank")
    }

    #[expect(clippy::expect_used, reason = "32 hexadecimal digits make a secret")]
    pub(crate) fn api_key_secret(&self) -> ApiKeySecret {
        ApiKeySecret::new(self.hex_digits())
            .expect("hexadecimal digits are neither empty nor blank")
    }
    #[expect(clippy::expect_used, reason = "32 hexadecimal digits make a secret")]
    pub(crate) fn client_secret(&self) -> ClientSecret {
        ClientSecret::new(self.hex_digits())
            .expect("hexadecimal digits are neither empty nor blank")
    }
}
