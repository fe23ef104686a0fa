//! Rules for the paths of webhooks, and the paths that an app is configured with.

use super::connection_overrides;
use crate::client::WebhookUrl;
use crate::client::applications::Application;
use crate::types::has_whole_escapes;
use crate::webhook::{PathKind, PublicOrigin, WebhookPaths};

/// Checks each path that is set.
///
/// # Errors
///
/// The first path that cannot be used, and a sentence that says what to write.
pub(super) fn check(paths: &WebhookPaths) -> Result<(), (PathKind, &'static str)> {
    PathKind::all().try_for_each(|kind| match paths.get(kind).map(parse_path) {
        Some(Err(problem)) => Err((kind, problem)),
        _ => Ok(()),
    })
}

/// Returns each kind whose path is that of an earlier kind, which comes first in the pair. Such a
/// path could not tell the kind of a webhook. Connection overrides and slashes at the end make no
/// difference.
pub(crate) fn duplicates(paths: &WebhookPaths) -> Vec<(PathKind, PathKind)> {
    let mut seen: Vec<(PathKind, &str)> = Vec::new();
    let mut duplicates = Vec::new();
    for kind in PathKind::all() {
        let Some(path) = paths.get(kind) else {
            continue;
        };
        let path = connection_overrides::without(path).trim_end_matches('/');
        match seen.iter().find(|(_, other)| *other == path) {
            Some((first, _)) => duplicates.push((*first, kind)),
            None => seen.push((kind, path)),
        }
    }
    duplicates
}

/// Checks a path, with its connection overrides.
///
/// # Errors
///
/// A sentence that says what to write.
pub(crate) fn parse_path(text: &str) -> Result<String, &'static str> {
    if !text.starts_with('/') {
        return Err("begin the path with /");
    }
    let (path, fragment) = connection_overrides::split(text);
    if path.starts_with("//") || path.contains(['?', '\\']) {
        return Err("write only a path, without host or query");
    }
    if !path.bytes().all(|b| b.is_ascii_graphic()) {
        return Err("write the path without blanks and with ASCII characters only");
    }
    if !has_whole_escapes(path) {
        return Err("write % in a path as %25, or followed by two hexadecimal digits");
    }
    fragment.map(connection_overrides::parse).transpose()?;
    Ok(text.to_owned())
}

impl Application {
    /// Returns the paths that this app sends webhooks to, as far as they are at this origin. URLs of
    /// another origin, URLs with a query, and connection overrides are left out.
    #[must_use]
    pub fn webhook_paths(&self, origin: &PublicOrigin) -> WebhookPaths {
        let path = |url: &Option<WebhookUrl>| {
            let path = origin.path_of(url.as_ref()?.as_str())?;
            parse_path(connection_overrides::without(path)).ok()
        };
        let mut paths = WebhookPaths::new();
        paths.voice = path(&self.voice_url);
        paths.call_status = path(&self.status_callback);
        paths.message = path(&self.sms_url);
        paths.message_status = path(&self.message_status_callback);
        paths
    }
}
