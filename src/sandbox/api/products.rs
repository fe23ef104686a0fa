//! Products of Twilio: those that the sandbox simulates, and errors for all others.
//!
//! Twilio has a host for each product. The sandbox serves all from one port, so the host tells them
//! apart only if it begins with a product, as in `verify.localhost`. A client that has one base URL
//! for all names the product at the start of the path, as in `/messaging/v1/Services` or
//! `/messaging.twilio.com/v1/Services`. Otherwise the rest of the path tells.

use super::error::ApiError;

/// Products whose APIs the sandbox simulates, by the first label of their hosts.
const SIMULATED: [&str; 9] = [
    "accounts",
    "api",
    "content",
    "iam",
    "lookups",
    "messaging",
    "monitor",
    "oauth",
    "voice",
];

/// Products that the sandbox does not simulate: the first label of their hosts, and the first
/// segments of those paths that no simulated product has, each with its version.
const OTHERS: &[(&str, &[&str])] = &[
    ("assistants", &["v1/Assistants", "v1/Sessions", "v1/Tools"]),
    ("bulkexports", &["v1/Exports"]),
    ("chat", &["v3/Services"]),
    (
        "conversations",
        &[
            "v1/Configuration",
            "v1/ConversationWithParticipants",
            "v1/Conversations",
            "v1/ParticipantConversations",
            "v1/Roles",
            "v1/Users",
        ],
    ),
    (
        "events",
        &["v1/Schemas", "v1/Sinks", "v1/Subscriptions", "v1/Types"],
    ),
    (
        "flex-api",
        &[
            "v1/FlexFlows",
            "v1/Interactions",
            "v1/WebChannels",
            "v2/WebChats",
        ],
    ),
    ("frontline-api", &[]),
    ("insights", &["v1/Conferences", "v1/Video"]),
    ("intelligence", &["v2/Operators", "v2/Transcripts"]),
    ("knowledge", &["v1/Knowledge"]),
    (
        "marketplace",
        &["v1/AvailableAddOns", "v1/InstalledAddOns", "v1/Listings"],
    ),
    ("notify", &[]),
    (
        "numbers",
        &[
            "v1/HostedNumber",
            "v1/Porting",
            "v2/HostedNumber",
            "v2/RegulatoryCompliance",
        ],
    ),
    ("preview", &["HostedNumbers", "marketplace", "wireless"]),
    (
        "pricing",
        &[
            "v1/Messaging/Countries",
            "v1/PhoneNumbers/Countries",
            "v1/Voice",
            "v2/Trunking",
            "v2/Voice",
        ],
    ),
    ("proxy", &[]),
    ("routes", &["v2/SipDomains", "v2/Trunks"]),
    ("serverless", &[]),
    ("studio", &["v1/Flows", "v2/Flows"]),
    ("supersim", &["v1/ESimProfiles", "v1/Fleets", "v1/Networks"]),
    ("sync", &[]),
    ("taskrouter", &["v1/Workspaces"]),
    ("trunking", &["v1/Trunks"]),
    (
        "trusthub",
        &[
            "v1/CustomerProfiles",
            "v1/EndUsers",
            "v1/EndUserTypes",
            "v1/Policies",
            "v1/TrustProducts",
        ],
    ),
    (
        "verify",
        &[
            "v2/Attempts",
            "v2/Forms",
            "v2/SafeList",
            "v2/Services",
            "v2/Templates",
        ],
    ),
    ("video", &["v1/Compositions", "v1/Recordings"]),
    ("webhooks", &[]),
    ("wireless", &["v1/Commands", "v1/RatePlans", "v1/Sims"]),
];

/// Returns the first labels of all hosts.
pub(crate) fn hosts() -> impl Iterator<Item = &'static str> {
    let others = OTHERS.iter().map(|(host, _)| *host);
    SIMULATED.into_iter().chain(others)
}

/// Product and path of a request.
pub(super) struct Target<'a> {
    /// Product that the host or the path names.
    pub(super) product: Option<&'static str>,
    /// Start of the path that names the product, such as `/messaging`. Often empty.
    pub(super) prefix: &'a str,
    /// Path on the host of the product.
    pub(super) path: &'a str,
}

impl<'a> Target<'a> {
    /// Reads the product from the path, or else from the host.
    pub(super) fn read(host: &str, path: &'a str) -> Self {
        let named = path.strip_prefix('/').and_then(|rest| {
            let first = rest.split('/').next()?;
            let product = product_of_segment(first, rest.split('/').nth(1)?)?;
            let (prefix, path) = path.split_at_checked(first.len() + 1)?;
            Some((product, prefix, path))
        });
        match named {
            Some((product, prefix, path)) => Self {
                product: Some(product),
                prefix,
                path,
            },
            None => Self {
                product: product_of_host(host),
                prefix: "",
                path,
            },
        }
    }
}

/// Rejects a request to a product that the sandbox does not simulate, or to a path that the product
/// does not have.
pub(super) fn check(product: Option<&str>, segments: &[&str]) -> Result<(), ApiError> {
    let path_has = |prefix: &str| {
        let mut prefix = prefix.split('/').zip(segments);
        prefix.all(|(wanted, segment)| wanted == *segment)
    };
    match product {
        Some(product) if !SIMULATED.contains(&product) => Err(not_simulated(product)),
        Some(product) => match product_of_path(segments) {
            Some(own) if own == product => Ok(()),
            // Files are on hosts of their own.
            None if matches!(segments, ["deactivations", ..]) => Ok(()),
            _ => Err(ApiError::not_supported(&format!(
                "this path of {product}.twilio.com"
            ))),
        },
        None => {
            let is_of = |paths: &[&str]| paths.iter().any(|path| path_has(path));
            match OTHERS.iter().find(|(_, paths)| is_of(paths)) {
                Some((product, _)) => Err(not_simulated(product)),
                None => Ok(()),
            }
        }
    }
}

/// Creates the error for a path of the newer APIs that no simulated product has.
pub(super) fn unknown_path(path: &str) -> ApiError {
    ApiError::not_supported(&format!("{path}, or Twilio does not have it"))
}

fn not_simulated(product: &str) -> ApiError {
    ApiError::not_supported(&format!("the product {product}.twilio.com"))
}

/// Returns the product that the first segment of a path names: a host such as
/// `messaging.twilio.com`, or its first label if a path of Twilio follows.
fn product_of_segment(first: &str, second: &str) -> Option<&'static str> {
    if first.contains('.') {
        return product_of_host(first);
    }
    // `/marketplace/AvailableAddOns` is a path of `preview`, and begins with another product.
    let follows = matches!(
        second,
        "2010-04-01" | "deactivations" | "v1" | "v2" | "v3" | "v4"
    );
    hosts().find(|product| follows && product.eq_ignore_ascii_case(first))
}

/// Returns the product of a host such as `verify.localhost:4600` or `verify.twilio.com`.
fn product_of_host(host: &str) -> Option<&'static str> {
    let host = host.split(':').next()?;
    let (label, rest) = host.split_once('.')?;
    let rest = rest.to_ascii_lowercase();
    let is_twilio = rest == "localhost" || rest == "twilio.com" || rest.ends_with(".twilio.com");
    hosts().find(|product| is_twilio && product.eq_ignore_ascii_case(label))
}

/// Returns the simulated product that has a path.
fn product_of_path(segments: &[&str]) -> Option<&'static str> {
    match segments {
        ["2010-04-01", ..] => Some("api"),
        ["v1" | "v2", "PhoneNumbers", ..] => Some("lookups"),
        ["v1" | "v2", "token"] => Some("oauth"),
        ["v1", first, ..] => match *first {
            "Alerts" | "Events" => Some("monitor"),
            "AuthTokens" | "Consents" | "Messaging" | "SafeList" => Some("accounts"),
            "Content" => Some("content"),
            "Deactivations" | "Services" | "Tollfree" | "a2p" => Some("messaging"),
            "DialingPermissions" | "Settings" => Some("voice"),
            "Keys" => Some("iam"),
            _ => None,
        },
        _ => None,
    }
}
