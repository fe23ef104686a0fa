//! The page of the sandbox at `/`: files of the binary, and the headers that keep them harmless.
//!
//! The page shows message bodies, URLs and names that anyone can send. It writes them as text alone,
//! and the policy makes the browser refuse everything else: scripts from elsewhere or in the
//! document, markup from text, forms, frames, and requests to other servers.

use axum::body::Body;
use axum::response::Response;
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HeaderValue, IF_NONE_MATCH,
    REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use http::request::Parts;
use http::{HeaderName, Method, StatusCode};
use sha2::{Digest as _, Sha256};

/// Path of the files that the document names.
const FOLDER: &str = "/_sandbox/page/";

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'; require-trusted-types-for 'script'; \
                      trusted-types 'none'";

const SCRIPT: &str = "text/javascript; charset=utf-8";

/// A file of the page.
struct File {
    /// Path below [`FOLDER`]; the document has none.
    name: &'static str,
    media_type: &'static str,
    content: &'static str,
}

const DOCUMENT: File = File {
    name: "",
    media_type: "text/html; charset=utf-8",
    content: include_str!("index.html"),
};

macro_rules! script {
    ($name:literal) => {
        File {
            name: concat!("js/", $name),
            media_type: SCRIPT,
            content: include_str!(concat!("js/", $name)),
        }
    };
}

const FILES: &[File] = &[
    File {
        name: "page.css",
        media_type: "text/css; charset=utf-8",
        content: include_str!("page.css"),
    },
    File {
        name: "icon.svg",
        media_type: "image/svg+xml",
        content: include_str!("icon.svg"),
    },
    script!("actions.js"),
    script!("alerts.js"),
    script!("api.js"),
    script!("call.js"),
    script!("composer.js"),
    script!("connection.js"),
    script!("curl.js"),
    script!("dialogs.js"),
    script!("dom.js"),
    script!("faults.js"),
    script!("feedback.js"),
    script!("first.js"),
    script!("format.js"),
    script!("keyboard.js"),
    script!("languages.js"),
    script!("middle.js"),
    script!("numbers.js"),
    script!("page.js"),
    script!("phones.js"),
    script!("route.js"),
    script!("segments.js"),
    script!("snippets.js"),
    script!("store.js"),
    script!("thread.js"),
    script!("timeline.js"),
    script!("top.js"),
    script!("twiml.js"),
];

/// Answers a request for the page. `None` means that the path is not of the page.
pub(in crate::sandbox) fn serve_page(request: &Parts) -> Option<Response> {
    let path = request.uri.path();
    if path != "/" && !path.starts_with(FOLDER) {
        return None;
    }
    let name = path.strip_prefix(FOLDER);
    let file = match name {
        None => Some(&DOCUMENT),
        Some(name) => FILES.iter().find(|file| file.name == name),
    };
    Some(match file {
        _ if !matches!(request.method, Method::GET | Method::HEAD) => not_allowed(),
        Some(file) => respond(request, file),
        None => with_status(StatusCode::NOT_FOUND),
    })
}

fn respond(request: &Parts, file: &File) -> Response {
    let tag = entity_tag(file.content);
    let tag = HeaderValue::from_str(&tag).ok();
    let known = request.headers.get(IF_NONE_MATCH);
    let is_known = tag.is_some() && tag.as_ref() == known;
    let mut response = if is_known {
        with_status(StatusCode::NOT_MODIFIED)
    } else {
        Response::new(Body::from(file.content))
    };
    let headers = response.headers_mut();
    if let Some(tag) = tag {
        headers.insert(ETAG, tag);
    }
    let fixed = [
        (CONTENT_TYPE, file.media_type),
        // Asked again each time, so that a new version of the program is never mixed with an old.
        (CACHE_CONTROL, "no-cache"),
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (REFERRER_POLICY, "no-referrer"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Returns the hash of the content.
fn entity_tag(content: &str) -> String {
    let hash = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(content));
    format!("\"{hash}\"")
}

fn with_status(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

fn not_allowed() -> Response {
    let mut response = with_status(StatusCode::METHOD_NOT_ALLOWED);
    let headers = response.headers_mut();
    headers.insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
    response
}
