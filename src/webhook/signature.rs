//! The signature itself: what is signed, with which key, and the one place where it is compared.
//!
//! The message is the URL and then, for each distinct name in byte order, each distinct value of
//! that name in byte order: name, value, nothing between them.
//!
//! Source: <https://www.twilio.com/docs/usage/security#validating-requests>

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};

use super::form::{self, Decoder, Pair, Piece};
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
    /// The primitive under every signature of this room, for tests against published vectors and
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
    // Room for the estimate of the decoder, which counts the padding.
    let mut room = [0; 33];
    let length = STANDARD.decode_slice(text, &mut room).ok()?;
    room.get(..length)?.try_into().ok()
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

/// The parameters in the order of the message, repeated values left out.
pub(crate) struct Sorted<'a> {
    few: [Keyed<'a>; FEW],
    /// Empty unless there are more than [`FEW`].
    many: Vec<Keyed<'a>>,
    length: usize,
}

/// As many parameters as are sorted without allocating. Twilio's requests have about 20.
const FEW: usize = 32;

/// A pair with the first bytes of its name as a number, on which nearly all comparisons end.
#[derive(Clone, Copy)]
struct Keyed<'a> {
    prefix: u128,
    pair: Pair<'a>,
}

impl<'a> Sorted<'a> {
    pub(crate) const NONE: Self = Self {
        few: [Keyed::EMPTY; FEW],
        many: Vec::new(),
        length: 0,
    };

    pub(crate) fn new(form: &'a [u8]) -> Self {
        let mut sorted = Self::NONE;
        for pair in form::pairs(form) {
            sorted.push(Keyed {
                prefix: prefix(pair.name),
                pair,
            });
        }
        sorted.as_mut_slice().sort_unstable_by(Keyed::compare);
        sorted
    }

    /// Tells whether the first name begins as a word does, and not as the end of a URL: nothing
    /// separates the two in the message.
    pub(crate) fn begins_with_word(&self) -> bool {
        let first = self.as_slice().first();
        let byte = first.and_then(|keyed| Decoder(keyed.pair.name.bytes).next());
        byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    }

    fn push(&mut self, keyed: Keyed<'a>) {
        if let Some(slot) = self.few.get_mut(self.length) {
            *slot = keyed;
        } else {
            if self.many.is_empty() {
                self.many.extend_from_slice(&self.few);
            }
            self.many.push(keyed);
        }
        self.length += 1;
    }

    fn as_slice(&self) -> &[Keyed<'a>] {
        self.few.get(..self.length).unwrap_or(&self.many)
    }

    fn as_mut_slice(&mut self) -> &mut [Keyed<'a>] {
        self.few.get_mut(..self.length).unwrap_or(&mut self.many)
    }
}

impl Keyed<'_> {
    const EMPTY: Self = {
        let piece = Piece {
            bytes: &[],
            is_plain: true,
        };
        Self {
            prefix: 0,
            pair: Pair {
                name: piece,
                value: piece,
            },
        }
    };

    fn compare(&self, other: &Self) -> std::cmp::Ordering {
        self.prefix
            .cmp(&other.prefix)
            .then_with(|| self.pair.name.compare(&other.pair.name))
            .then_with(|| self.pair.value.compare(&other.pair.value))
    }
}

/// The first sixteen bytes of a decoded name, so that numbers order as the names do.
fn prefix(name: Piece<'_>) -> u128 {
    let mut first = [0; 16];
    if let (true, Some(chunk)) = (name.is_plain, name.bytes.first_chunk()) {
        first = *chunk;
    } else if name.is_plain {
        first
            .iter_mut()
            .zip(name.bytes)
            .for_each(|(to, from)| *to = *from);
    } else if name.is_ascii() {
        first
            .iter_mut()
            .zip(Decoder(name.bytes))
            .for_each(|(to, from)| *to = from);
    } else {
        first
            .iter_mut()
            .zip(name.decode().bytes())
            .for_each(|(to, from)| *to = from);
    }
    u128::from_be_bytes(first)
}

/// The MAC of the message.
fn mac<M: Mac + Clone>(key: &M, url: &SignedUrl<'_>, parameters: &Sorted<'_>) -> M {
    let mut message = Message::new(key.clone());
    for piece in url.pieces() {
        message.push(piece.as_bytes());
    }
    let mut previous: Option<&Keyed<'_>> = None;
    for keyed in parameters.as_slice() {
        if previous.is_none_or(|previous| previous.compare(keyed).is_ne()) {
            message.push_piece(&keyed.pair.name);
            message.push_piece(&keyed.pair.value);
        }
        previous = Some(keyed);
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
        let room = self.block.get_mut(self.filled..).unwrap_or_default();
        if let Some(room) = room.get_mut(..bytes.len()) {
            room.copy_from_slice(bytes);
            self.filled += bytes.len();
        } else {
            self.flush();
            self.mac.update(bytes);
        }
    }

    fn flush(&mut self) {
        self.mac
            .update(self.block.get(..self.filled).unwrap_or_default());
        self.filled = 0;
    }

    fn push_piece(&mut self, piece: &Piece<'_>) {
        if piece.is_plain {
            self.push(piece.bytes);
        } else if !self.push_ascii(piece.bytes) {
            self.push_lossy(piece.bytes);
        }
    }

    /// Decodes straight into the block; `false`, and nothing pushed, when the text is not ASCII or
    /// the block has no room for it.
    fn push_ascii(&mut self, encoded: &[u8]) -> bool {
        if self.filled + encoded.len() > BLOCK {
            self.flush();
        }
        let room = self.block.get_mut(self.filled..).unwrap_or_default();
        if encoded.len() > room.len() {
            return false;
        }
        let (mut length, mut all) = (0, 0);
        for (to, byte) in room.iter_mut().zip(Decoder(encoded)) {
            *to = byte;
            all |= byte;
            length += 1;
        }
        let is_ascii = all.is_ascii();
        if is_ascii {
            self.filled += length;
        }
        is_ascii
    }

    /// Decodes through a window on the stack; a character that the window cuts waits for the rest.
    fn push_lossy(&mut self, encoded: &[u8]) {
        let mut decoder = Decoder(encoded).peekable();
        let mut window = [0; BLOCK];
        let mut carried = 0;
        while decoder.peek().is_some() {
            let room = window.iter_mut().skip(carried);
            let filled = carried + room.zip(&mut decoder).map(|(to, from)| *to = from).count();
            let is_last = decoder.peek().is_none();
            let (mut read, mut cut) = (0, 0);
            for chunk in window.get(..filled).unwrap_or_default().utf8_chunks() {
                self.push(chunk.valid().as_bytes());
                let broken = chunk.invalid();
                read += chunk.valid().len() + broken.len();
                let is_cut = std::str::from_utf8(broken).is_err_and(|e| e.error_len().is_none());
                if is_cut && read == filled && !is_last {
                    cut = broken.len();
                } else if !broken.is_empty() {
                    self.push("\u{FFFD}".as_bytes());
                }
            }
            window.copy_within(filled - cut..filled, 0);
            carried = cut;
        }
    }

    fn finish(mut self) -> M {
        self.flush();
        self.mac
    }
}
