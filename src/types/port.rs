//! Ports of URLs.

/// Parses a port: digits only. `u16::from_str` also accepts a plus sign, which no URL has.
pub(crate) fn parse_port(text: &str) -> Option<u16> {
    let is_digits = text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|_| is_digits)
}
