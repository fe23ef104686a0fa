//! Mistakes in the URL: each part is tried in other spellings, the fewest changes first.

use std::collections::HashSet;

use http::HeaderMap;

use super::super::check::{Received, RequestKind};
use super::super::form;
use super::budget::{Budget, MAX_BYTES};
use super::cause::Cause;
use super::encoding::encode;

/// Usual ports of servers behind a proxy, and the default ports of the schemes.
const PORTS: [&str; 9] = [
    "443", "80", "8443", "8080", "3000", "5000", "8000", "8888", "4040",
];
/// Headers in which ingress-nginx, IIS, Envoy, Traefik and Kong pass on the path before they
/// rewrote it, with or without the query.
const ORIGINAL_TARGET: [&str; 7] = [
    "x-original-uri",
    "x-original-url",
    "x-rewrite-url",
    "x-envoy-original-path",
    "x-forwarded-uri",
    "x-forwarded-path",
    "x-replaced-path",
];
/// Headers in which proxies pass on the prefix that they removed from the path.
const PREFIX: [&str; 2] = ["x-forwarded-prefix", "x-script-name"];
/// Longest header value that is tried, in bytes.
const MAX_HEADER: usize = 2048;

/// Largest number of parameters of which all orders are tried. A longer query is tried sorted and
/// reversed.
const MAX_PERMUTED: usize = 5;
/// Largest query, in bytes, that is tried in another order and another encoding at once.
const MAX_REWRITTEN: usize = 1024;

/// Largest number of mistakes at once. More are not usual.
const MAX_MISTAKES: usize = 3;

/// Spelling of a part of the URL, and the mistakes that explain it. The received spelling has none.
type Spelling = (&'static [Cause], String);
type Spellings = Vec<Spelling>;

const RECEIVED: &[Cause] = &[];

/// Returns the fewest mistakes that turn a signed URL into the received one.
pub(super) fn explain(
    received: &Received<'_>,
    kind: RequestKind,
    budget: &Budget,
    fits: impl Fn(&str) -> bool,
) -> Option<Vec<Cause>> {
    let url = match kind {
        RequestKind::Webhook => received.url,
        RequestKind::WebSocket => received.url.to_websocket(),
    };
    let (path, query) = split_query(url.path_and_query);
    let origin = [
        schemes(url.scheme),
        hosts(received, url.host),
        ports(received, url.port),
    ];
    let with_origin = |target: [Spellings; 2]| origin.iter().cloned().chain(target).collect();
    let targets: Vec<Vec<Spellings>> = std::iter::once([paths(path), queries(query)])
        .chain(named_targets(received.headers, path, query))
        .map(with_origin)
        .collect();
    let is_large = received.body.len() + url.path_and_query.len() > MAX_BYTES;
    let most = if is_large { 1 } else { MAX_MISTAKES };
    (1..=most).find_map(|mistakes| {
        let mut targets = targets.iter();
        targets.find_map(|parts| choose(parts, mistakes, "", budget, &fits))
    })
}

/// Returns exactly this number of mistakes that lead to a URL with a matching signature.
fn choose(
    parts: &[Spellings],
    mistakes: usize,
    so_far: &str,
    budget: &Budget,
    fits: &impl Fn(&str) -> bool,
) -> Option<Vec<Cause>> {
    let Some((part, rest)) = parts.split_first() else {
        return (mistakes == 0 && fits(so_far)).then(Vec::new);
    };
    // Mistakes in the first parts are tried first. They have fewer combinations, and the budget may
    // be spent before the end.
    let (wrong, right): (Vec<_>, Vec<_>) = part.iter().partition(|(causes, _)| !causes.is_empty());
    wrong.into_iter().chain(right).find_map(|(causes, text)| {
        let left = mistakes.checked_sub(causes.len())?;
        if budget.is_spent() {
            return None;
        }
        let mut found = choose(rest, left, &[so_far, text].concat(), budget, fits)?;
        found.splice(..0, causes.iter().copied());
        Some(found)
    })
}

/// Returns the targets that headers name after a proxy rewrote the path or removed a prefix.
///
/// Any sender can write these headers, so they explain a refusal and prove nothing.
fn named_targets<'a>(
    headers: &'a HeaderMap,
    path: &'a str,
    query: Option<&str>,
) -> impl Iterator<Item = [Spellings; 2]> + use<'a> {
    let value = |name: &&'static str| {
        let value = headers.get(*name)?.to_str().ok()?.trim();
        (value.len() <= MAX_HEADER).then_some(value)
    };
    let whole = ORIGINAL_TARGET.iter().filter_map(value).map(|value| {
        // Of a whole URL, only the part from the path on is used.
        let target = match value.split_once("://") {
            Some((_, rest)) => rest.find('/').and_then(|at| rest.get(at..)),
            None => Some(value),
        };
        target.unwrap_or("/").to_owned()
    });
    let prefixed = PREFIX.iter().filter_map(value).map(move |value| {
        // Several proxies that each removed a prefix send a list.
        let mut target = String::new();
        for prefix in value
            .split(',')
            .map(|prefix| prefix.trim().trim_matches('/'))
        {
            target.extend(["/", prefix]);
        }
        target + path
    });
    let received = query.map(|query| format!("?{query}"));
    whole.chain(prefixed).map(move |target: String| {
        let (path, named) = split_query(&target);
        let queries = match (named, &received) {
            (Some(query), _) => vec![(RECEIVED, format!("?{query}"))],
            (None, Some(query)) => vec![(RECEIVED, query.clone()), (RECEIVED, String::new())],
            (None, None) => vec![(RECEIVED, String::new())],
        };
        [vec![(&[Cause::Path][..], path.to_owned())], queries]
    })
}

fn split_query(target: &str) -> (&str, Option<&str>) {
    match target.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (target, None),
    }
}

fn schemes(scheme: &str) -> Spellings {
    let other = match scheme.to_ascii_lowercase().as_str() {
        "http" => "https",
        "https" => "http",
        "ws" => "wss",
        _ => "ws",
    };
    vec![
        (RECEIVED, format!("{scheme}://")),
        (&[Cause::Scheme], format!("{other}://")),
    ]
}

fn hosts(received: &Received<'_>, host: &str) -> Spellings {
    let mut spellings = vec![(RECEIVED, host.to_owned())];
    let lower_case = host.to_ascii_lowercase();
    let named = ["x-forwarded-host", "x-original-host", "host"]
        .into_iter()
        .filter_map(|name| {
            let value = received.headers.get(name)?.to_str().ok()?;
            let (bare, _) = value.rsplit_once(':').unwrap_or((value, ""));
            Some(bare.to_owned())
        });
    for other in named.chain([lower_case]) {
        if spellings.iter().all(|(_, known)| *known != other) {
            spellings.push((&[Cause::Host], other));
        }
    }
    spellings
}

/// Returns the received port and no port, then the port of a header and the usual ones.
fn ports(received: &Received<'_>, port: Option<&str>) -> Spellings {
    let as_written = port.map(|port| format!(":{port}")).unwrap_or_default();
    let mut spellings = vec![(RECEIVED, as_written)];
    if port.is_some() {
        spellings.push((RECEIVED, String::new()));
    }
    let named = received
        .headers
        .get("x-forwarded-port")
        .and_then(|value| value.to_str().ok());
    for other in named.into_iter().chain(PORTS) {
        let other = format!(":{other}");
        if spellings.iter().all(|(_, known)| *known != other) {
            spellings.push((&[Cause::Port], other));
        }
    }
    spellings
}

fn paths(path: &str) -> Spellings {
    let slash = match path.strip_suffix('/') {
        Some(bare) => bare.to_owned(),
        None => format!("{path}/"),
    };
    let mut spellings = vec![
        (RECEIVED, path.to_owned()),
        (&[Cause::TrailingSlash][..], slash),
    ];
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
        if spellings.iter().all(|(_, known)| *known != other) {
            spellings.push((&[Cause::Path], other));
        }
    }
    spellings
}

fn queries(query: Option<&str>) -> Spellings {
    let Some(query) = query else {
        return vec![(RECEIVED, String::new())];
    };
    let mut spellings = vec![(RECEIVED, format!("?{query}"))];
    let mut known = HashSet::from([query.to_owned()]);
    let mut push = |causes: &'static [Cause], other: String| {
        if !known.contains(&other) {
            spellings.push((causes, format!("?{other}")));
            known.insert(other);
        }
    };
    let orders = orders(query);
    for other in encodings(query) {
        push(&[Cause::QueryEncoding], other);
    }
    for other in &orders {
        push(&[Cause::QueryOrder], other.clone());
    }
    if query.len() <= MAX_REWRITTEN {
        for other in orders.iter().flat_map(|order| encodings(order)) {
            push(&[Cause::QueryOrder, Cause::QueryEncoding], other);
        }
    }
    spellings.push((&[Cause::QueryAdded], String::new()));
    spellings
}

/// Returns the query in other encodings, and decoded.
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
    let lower_case: Vec<String> = found
        .iter()
        .map(|text| change_escapes(text, false))
        .collect();
    found.extend([change_escapes(query, true), change_escapes(query, false)]);
    found.extend(lower_case);
    // Twilio never signs a URL with a blank.
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

/// Decodes percent escapes. A `+` stays.
fn decode_escapes(encoded: &str) -> String {
    text(&encoded.replace('+', "%2B"))
}

/// Writes the hexadecimal digits of percent escapes in upper or lower case.
fn change_escapes(encoded: &str, is_upper: bool) -> String {
    let mut parts = encoded.split('%');
    let mut changed = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        changed.push('%');
        match part.split_at_checked(2) {
            Some((digits, rest)) if is_upper => {
                changed.push_str(&(digits.to_ascii_uppercase() + rest));
            }
            Some((digits, rest)) => changed.push_str(&(digits.to_ascii_lowercase() + rest)),
            None => changed.push_str(part),
        }
    }
    changed
}
