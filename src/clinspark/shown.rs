//! URLs of the account, fit to be printed and logged.

/// A URL without what may be secret in it: user name, password, query, fragment, and what looks
/// like a number among the parts of its path.
pub(super) fn shown(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return "[redacted]".to_owned();
    };
    let (place, tail) = match rest.find(['?', '#']) {
        Some(at) => (rest.get(..at).unwrap_or_default(), "?[redacted]"),
        None => (rest, ""),
    };
    let place = place.rsplit_once('@').map_or(place, |(_, place)| place);
    let parts: Vec<&str> = place.split('/').map(fit).collect();
    format!("{scheme}://{}{tail}", parts.join("/"))
}

fn fit(part: &str) -> &str {
    let digits = part.bytes().filter(u8::is_ascii_digit).count();
    // Of an encoded plus sign the letter remains; SIDs and words have more.
    let bare = part.replace("%2B", "");
    let letters = bare.bytes().any(|b| b.is_ascii_alphabetic());
    if digits >= 7 && !letters {
        "[redacted]"
    } else {
        part
    }
}
