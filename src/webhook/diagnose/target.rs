//! Mistakes about the URL: every part is tried as it may have been, the fewest changes first.

use std::fmt::Write as _;

use super::super::check::{Entry, Received};
use super::super::form;
use super::{Cause, MAX_BYTES};

/// Ports that servers listen on behind a proxy, and those of the schemes.
const PORTS: [&str; 9] = [
    "443", "80", "8443", "8080", "3000", "5000", "8000", "8888", "4040",
];
/// Above so many parameters the orders of a query are not tried through.
const MAX_PERMUTED: usize = 5;

/// More mistakes at once are no usual ones.
const MAX_MISTAKES: usize = 3;

/// A part of the URL as it may have been: what it cost to get there, and the text.
type Options = Vec<(Option<Cause>, String)>;

/// The fewest mistakes that make the URL one that fits.
pub(super) fn explain(
    received: &Received<'_>,
    entry: Entry,
    fits: impl Fn(&str) -> bool,
) -> Option<Vec<Cause>> {
    let url = match entry {
        Entry::Http => received.url,
        Entry::WebSocket => received.url.to_websocket(),
    };
    let (path, query) = match url.path_and_query.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (url.path_and_query, None),
    };
    let parts = [
        schemes(url.scheme),
        hosts(received, url.host),
        ports(received, url.port),
        paths(path),
        queries(query),
    ];
    let is_large = received.body.len() + url.path_and_query.len() > MAX_BYTES;
    let most = if is_large { 1 } else { MAX_MISTAKES };
    (1..=most).find_map(|mistakes| choose(&parts, mistakes, "", &fits))
}

/// The mistakes, exactly so many, that make a URL that fits of one option of each part.
fn choose(
    parts: &[Options],
    mistakes: usize,
    so_far: &str,
    fits: &impl Fn(&str) -> bool,
) -> Option<Vec<Cause>> {
    let Some((part, rest)) = parts.split_first() else {
        return (mistakes == 0 && fits(so_far)).then(Vec::new);
    };
    // What is wrong in front is tried first: there is less to try, and work may run out.
    let (wrong, right): (Vec<_>, Vec<_>) = part.iter().partition(|(cause, _)| cause.is_some());
    wrong.into_iter().chain(right).find_map(|(cause, text)| {
        let left = mistakes.checked_sub(usize::from(cause.is_some()))?;
        let mut causes = choose(rest, left, &[so_far, text].concat(), fits)?;
        causes.splice(..0, *cause);
        Some(causes)
    })
}

fn schemes(scheme: &str) -> Options {
    let other = match scheme.to_ascii_lowercase().as_str() {
        "http" => "https",
        "https" => "http",
        "ws" => "wss",
        _ => "ws",
    };
    vec![
        (None, format!("{scheme}://")),
        (Some(Cause::Scheme), format!("{other}://")),
    ]
}

fn hosts(received: &Received<'_>, host: &str) -> Options {
    let mut options = vec![(None, host.to_owned())];
    let small = host.to_ascii_lowercase();
    let named = ["x-forwarded-host", "x-original-host", "host"]
        .into_iter()
        .filter_map(|name| {
            let value = received.headers.get(name)?.to_str().ok()?;
            let (bare, _) = value.rsplit_once(':').unwrap_or((value, ""));
            Some(bare.to_owned())
        });
    for other in named.chain([small]) {
        if options.iter().all(|(_, known)| *known != other) {
            options.push((Some(Cause::Host), other));
        }
    }
    options
}

/// As written, without; then the port of a header, and the usual ones.
fn ports(received: &Received<'_>, port: Option<&str>) -> Options {
    let as_written = port.map(|port| format!(":{port}")).unwrap_or_default();
    let mut options = vec![(None, as_written)];
    if port.is_some() {
        options.push((None, String::new()));
    }
    let named = received
        .headers
        .get("x-forwarded-port")
        .and_then(|value| value.to_str().ok());
    for other in named.into_iter().chain(PORTS) {
        let other = format!(":{other}");
        if options.iter().all(|(_, known)| *known != other) {
            options.push((Some(Cause::Port), other));
        }
    }
    options
}

fn paths(path: &str) -> Options {
    let slash = match path.strip_suffix('/') {
        Some(bare) => bare.to_owned(),
        None => format!("{path}/"),
    };
    let mut options = vec![(None, path.to_owned()), (Some(Cause::TrailingSlash), slash)];
    let decoded = decode_escapes(path);
    let mut single = path.to_owned();
    while single.contains("//") {
        single = single.replace("//", "/");
    }
    for other in [
        encode(&decoded, "/"),
        decoded,
        single,
        path.to_ascii_lowercase(),
    ] {
        if options.iter().all(|(_, known)| *known != other) {
            options.push((Some(Cause::Path), other));
        }
    }
    options
}

fn queries(query: Option<&str>) -> Options {
    let Some(query) = query else {
        return vec![(None, String::new())];
    };
    let mut options = vec![(None, format!("?{query}"))];
    let mut push = |cause, other: String| {
        if options.iter().all(|(_, known)| *known != other) {
            options.push((Some(cause), other));
        }
    };
    for other in encodings(query) {
        push(Cause::QueryEncoding, format!("?{other}"));
    }
    for other in orders(query) {
        push(Cause::QueryOrder, format!("?{other}"));
    }
    push(Cause::QueryAdded, String::new());
    options
}

/// The query as other encoders write it, and decoded.
fn encodings(query: &str) -> Vec<String> {
    let decoded = decode_escapes(query);
    let pairs: Vec<(String, Option<String>)> = query
        .split('&')
        .map(|pair| match pair.split_once('=') {
            Some((name, value)) => (text(name), Some(text(value))),
            None => (text(pair), None),
        })
        .collect();
    let join = |encode: &dyn Fn(&str) -> String| {
        let pair = |(name, value): &(String, Option<String>)| match value {
            Some(value) => format!("{}={}", encode(name), encode(value)),
            None => encode(name),
        };
        pairs.iter().map(pair).collect::<Vec<_>>().join("&")
    };
    let mut found = vec![
        join(&|text| encode(text, "")),
        join(&|text| encode(text, "").replace("%20", "+")),
        join(&|text| encode(text, "!'()*").replace("%20", "+")),
        join(&|text| encode(text, "!'()*")),
        join(&|text| encode(text, "!'()*:@/?,;$")),
        join(&str::to_owned),
        decoded.clone(),
        decoded.replace('+', " "),
        query.replace('\'', "%27"),
        query.replace("%27", "'"),
        query.replace('+', "%20"),
        query.replace("%20", "+"),
        query.replace("&&", "&"),
    ];
    let small: Vec<String> = found
        .iter()
        .map(|text| change_escapes(text, false))
        .collect();
    found.extend([change_escapes(query, true), change_escapes(query, false)]);
    found.extend(small);
    // A blank in a URL cannot be signed by Twilio, and is not one here.
    found.retain(|text| !text.contains(' '));
    found
}

fn orders(query: &str) -> Vec<String> {
    let mut pairs: Vec<&str> = query.split('&').collect();
    if pairs.len() > MAX_PERMUTED {
        let reversed = pairs.iter().rev().copied().collect::<Vec<_>>().join("&");
        pairs.sort_unstable();
        return vec![pairs.join("&"), reversed];
    }
    let mut found = vec![Vec::new()];
    for pair in pairs {
        found = found
            .into_iter()
            .flat_map(|order: Vec<&str>| {
                (0..=order.len()).map(move |at| {
                    let mut longer = order.clone();
                    longer.insert(at, pair);
                    longer
                })
            })
            .collect();
    }
    found.into_iter().map(|order| order.join("&")).collect()
}

fn text(encoded: &str) -> String {
    form::decode(encoded.as_bytes()).into_owned()
}

/// Decodes percent escapes and leaves `+` alone.
fn decode_escapes(encoded: &str) -> String {
    text(&encoded.replace('+', "%2B"))
}

/// Encodes all but the unreserved characters and those to keep.
pub(super) fn encode(text: &str, keep: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        let c = char::from(byte);
        if c.is_ascii_alphanumeric() || "-._~".contains(c) || (c.is_ascii() && keep.contains(c)) {
            encoded.push(c);
        } else {
            // Writing to a `String` never fails.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// Writes the letters of percent escapes large or small.
fn change_escapes(encoded: &str, large: bool) -> String {
    let mut parts = encoded.split('%');
    let mut changed = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        changed.push('%');
        match part.split_at_checked(2) {
            Some((digits, rest)) if large => {
                changed.push_str(&(digits.to_ascii_uppercase() + rest));
            }
            Some((digits, rest)) => changed.push_str(&(digits.to_ascii_lowercase() + rest)),
            None => changed.push_str(part),
        }
    }
    changed
}
