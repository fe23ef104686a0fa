//! Checks of the TwiML App: it must send webhooks only to the instance, by POST and https.

use super::check::Check;
use super::run::Run;
use crate::client::WebhookUrl;
use crate::client::applications::{Application, FetchApplication, ListApplications};
use crate::clinspark::settings::Setting;
use crate::messenger::connection_overrides;
use crate::types::redacted_url;
use crate::types::{ApplicationSid, Method};
use crate::webhook::{PathKind, WebhookPaths};

const APPLICATION_CHECKS: &[Check] = &[
    Check::ApplicationMissing,
    Check::ApplicationNotHttps,
    Check::ApplicationVoiceUrl,
    Check::ApplicationMessageUrl,
    Check::ApplicationCallStatusUrl,
    Check::ApplicationMessageStatusUrl,
    Check::ApplicationMethod,
    Check::ApplicationFallback,
    Check::WebhookRetries,
    Check::ApplicationPublic,
    Check::WebhookPathsNotSet,
];
const PROVISION: &str =
    "run `clinspark-twilio apply`, or correct the TwiML App in Twilio's console";
const PATH_SETTINGS: &str = "the webhook paths in the instance's settings";

pub(super) async fn check(run: &mut Run<'_>) {
    if let Some(sid) = run.settings.application_sid() {
        match run
            .read_optional(FetchApplication::new(sid), APPLICATION_CHECKS)
            .await
        {
            Some(Some(app)) => check_app(run, &app),
            Some(None) => run.add(
                Check::ApplicationMissing,
                format!("the account has no TwiML App {sid}"),
                "a TwiML App of this account",
                "set the TwiML Application SID to that of the app in Twilio's console; without \
                 one, `clinspark-twilio apply` creates an app",
            ),
            None => {}
        }
    }
    check_others(run).await;
    if run.settings.application_sid().is_none() {
        check_paths(run);
    }
}

/// Finds paths that the settings do not have. Without an app they are defined nowhere else.
fn check_paths(run: &mut Run<'_>) {
    let missing = run.settings.missing_paths();
    let missing: Vec<&str> = missing.into_iter().map(Setting::name).collect();
    if !missing.is_empty() {
        run.add(
            Check::WebhookPathsNotSet,
            format!("the settings do not have {}", missing.join(", ")),
            PATH_SETTINGS,
            "set the paths at which the instance answers; `clinspark-twilio apply` needs all of them",
        );
    }
}

/// Returns the webhook paths of the settings. A missing path is taken from the app.
pub(super) async fn webhook_paths(run: &mut Run<'_>) -> WebhookPaths {
    let checks = &[Check::WebhookPathsNotSet];
    let complete = run.settings.missing_paths().is_empty();
    if let Some(sid) = run.settings.application_sid().filter(|_| !complete)
        && let Some(app) = run.read(FetchApplication::new(sid), checks).await
    {
        for webhook in webhooks(run.settings.webhook_paths(), &app) {
            if let PathComparison::FromApp(path) = compare_path(run, &webhook) {
                *run.report.paths.get_mut(webhook.kind) = Some(path);
            }
        }
    }
    run.report.paths.clone()
}

/// Finds other apps of the account that send webhooks to the instance: a second one, or one that the
/// settings do not have.
async fn check_others(run: &mut Run<'_>) {
    let apps = run.client.list(ListApplications::new().page_size(1_000));
    let ours = run.settings.application_sid();
    let check = match ours {
        Some(_) => Check::ApplicationDuplicate,
        None => Check::ApplicationNotSet,
    };
    let apps = run.read_all(apps, std::slice::from_ref(&check)).await;
    let pointing: Option<Vec<ApplicationSid>> = apps.map(|apps| {
        let others = apps.iter().filter(|app| Some(app.sid) != ours);
        let pointing = others.filter(|app| points_at_instance(run, app));
        pointing.map(|app| app.sid).collect()
    });
    let list = |sids: &[ApplicationSid]| {
        let sids: Vec<&str> = sids.iter().map(ApplicationSid::as_str).collect();
        sids.join(", ")
    };
    match (ours, pointing.as_deref()) {
        (Some(_), None | Some([])) => {}
        (Some(ours), Some(others)) => run.add(
            Check::ApplicationDuplicate,
            format!("{} also sends webhooks to the instance", list(others)),
            format!("only {ours}"),
            "delete the app that no number uses, or change its URLs",
        ),
        // The settings have no Application SID, whether or not the account has an app.
        (None, pointing) => {
            run.report
                .inconclusive
                .retain(|unknown| unknown.check != check);
            let (found, remedy) = match pointing {
                None | Some([]) => (
                    "the settings have no TwiML App".to_owned(),
                    "run `clinspark-twilio apply` and set the SID that it prints, or set that of an existing app"
                        .to_owned(),
                ),
                Some(apps) => (
                    format!(
                        "the settings have no TwiML App; {} sends webhooks to the instance",
                        list(apps)
                    ),
                    format!(
                        "set the Application SID {} in ClinSpark, and as {} for this program",
                        list(apps),
                        Setting::ApplicationSid.variable()
                    ),
                ),
            };
            run.add(
                Check::ApplicationNotSet,
                found,
                "the TwiML Application SID in the instance's settings",
                remedy,
            );
        }
    }
}

fn points_at_instance(run: &Run<'_>, app: &Application) -> bool {
    let urls = [&app.voice_url, &app.sms_url];
    let origin = run.settings.origin();
    urls.into_iter().flatten().any(|url| {
        // A URL with http is for the same instance.
        let https = over_https(url.as_str());
        run.is_at_instance(url) || https.is_some_and(|url| origin.path_of(&url).is_some())
    })
}

/// Returns a URL with `https` in place of `http`, or `None` for any other scheme.
fn over_https(url: &str) -> Option<String> {
    let rest = url.strip_prefix("http://")?;
    Some(format!("https://{rest}"))
}

fn check_app(run: &mut Run<'_>, app: &Application) {
    let webhooks = webhooks(run.settings.webhook_paths(), app);
    let mut not_https = Vec::new();
    let mut missing_paths = Vec::new();
    for webhook in &webhooks {
        match compare_path(run, webhook) {
            PathComparison::Equal => {}
            PathComparison::FromApp(path) => {
                missing_paths.push(format!("{} to {path}", webhook.setting().name()));
                *run.report.paths.get_mut(webhook.kind) = Some(path);
            }
            PathComparison::NotHttps => not_https.push(webhook.name),
            PathComparison::Different { actual, expected } => {
                let remedy = match webhook.path {
                    Some(_) => PROVISION.to_owned(),
                    None => format!("set {}, then {PROVISION}", webhook.setting().name()),
                };
                run.add(webhook.check.clone(), actual, expected, remedy);
            }
        }
    }
    if !not_https.is_empty() {
        run.add(
            Check::ApplicationNotHttps,
            format!(
                "{} of the app by http, which is not encrypted",
                not_https.join(", ")
            ),
            "https",
            PROVISION,
        );
    }
    if !missing_paths.is_empty() {
        run.add(
            Check::WebhookPathsNotSet,
            "webhook paths of the app are missing in the settings",
            PATH_SETTINGS,
            format!("set {}", missing_paths.join(", ")),
        );
    }
    check_methods(run, &webhooks, app);
    check_foreign_urls(run, app);
    check_retries(run, &webhooks, app);
}

/// Webhook of the app.
struct AppWebhook<'a> {
    name: &'static str,
    check: Check,
    kind: PathKind,
    url: &'a Option<WebhookUrl>,
    method: Option<Method>,
    path: Option<String>,
}

impl AppWebhook<'_> {
    fn setting(&self) -> Setting {
        Setting::from(self.kind)
    }
}

fn webhooks<'a>(paths: &WebhookPaths, app: &'a Application) -> [AppWebhook<'a>; 4] {
    [
        AppWebhook {
            name: "the voice URL",
            check: Check::ApplicationVoiceUrl,
            kind: PathKind::Voice,
            url: &app.voice_url,
            method: app.voice_method,
            path: paths.voice.clone(),
        },
        AppWebhook {
            name: "the call status URL",
            check: Check::ApplicationCallStatusUrl,
            kind: PathKind::CallStatus,
            url: &app.status_callback,
            method: app.status_callback_method,
            path: paths.call_status.clone(),
        },
        AppWebhook {
            name: "the messaging URL",
            check: Check::ApplicationMessageUrl,
            kind: PathKind::Message,
            url: &app.sms_url,
            method: app.sms_method,
            path: paths.message.clone(),
        },
        AppWebhook {
            name: "the message status URL",
            check: Check::ApplicationMessageStatusUrl,
            kind: PathKind::MessageStatus,
            url: &app.message_status_callback,
            // Twilio has no setting for its method, which is always POST.
            method: Some(Method::Post),
            path: paths.message_status.clone(),
        },
    ]
}

/// Result of comparing a URL of the app with the settings.
enum PathComparison {
    Equal,
    /// The settings have no path. The value is the path of the app.
    FromApp(String),
    /// The URLs differ only in the scheme: the app has http.
    NotHttps,
    Different {
        actual: String,
        expected: String,
    },
}

fn compare_path(run: &Run<'_>, webhook: &AppWebhook<'_>) -> PathComparison {
    let origin = run.settings.origin();
    let wanted = webhook.path.as_ref().map(|path| origin.url(path));
    let expected = wanted
        .clone()
        .unwrap_or_else(|| format!("a URL on {}, without a query", origin.as_str()));
    let expected = connection_overrides::without(&expected).to_owned();
    let Some(url) = webhook.url else {
        return PathComparison::Different {
            actual: format!("{} is not set", webhook.name),
            expected,
        };
    };
    let wanted = wanted.as_deref().map(connection_overrides::without);
    let bare = connection_overrides::without(url.as_str());
    if wanted == Some(bare) {
        return PathComparison::Equal;
    }
    if let Some(https) = over_https(bare)
        && origin.is_https()
    {
        let same = match wanted {
            Some(wanted) => wanted == https,
            None => origin.path_of(&https).is_some(),
        };
        if same {
            return PathComparison::NotHttps;
        }
    }
    match (wanted, origin.signed_path_of(url.as_str())) {
        // A setting holds only a path, so a URL with a query cannot be used for it.
        (None, Some(path)) if !path.contains('?') => {
            PathComparison::FromApp(connection_overrides::without(path).to_owned())
        }
        _ => PathComparison::Different {
            actual: format!("{} is {}", webhook.name, redacted_url(url.as_str())),
            expected,
        },
    }
}

/// Finds webhooks by GET. The instance accepts only POST, because the parameters of a POST can be
/// replayed as a GET with the same signature.
fn check_methods(run: &mut Run<'_>, webhooks: &[AppWebhook<'_>], app: &Application) {
    let all = webhooks
        .iter()
        .map(|webhook| (webhook.name, webhook.url, webhook.method));
    let fallbacks = [
        (
            "the voice fallback URL",
            &app.voice_fallback_url,
            app.voice_fallback_method,
        ),
        (
            "the messaging fallback URL",
            &app.sms_fallback_url,
            app.sms_fallback_method,
        ),
    ];
    let fallbacks = fallbacks.into_iter();
    let fallbacks =
        fallbacks.filter(|(_, url, _)| url.as_ref().is_some_and(|url| run.is_at_instance(url)));
    let by_get = all.chain(fallbacks).filter(|(_, url, method)| {
        url.is_some() && method.is_some_and(|method| method != Method::Post)
    });
    let by_get: Vec<&str> = by_get.map(|(name, ..)| name).collect();
    if !by_get.is_empty() {
        run.add(
            Check::ApplicationMethod,
            format!("{} by GET, which the instance refuses", by_get.join(", ")),
            "POST",
            PROVISION,
        );
    }
}

/// Finds webhooks of the instance without retries or without a fallback URL.
fn check_retries(run: &mut Run<'_>, webhooks: &[AppWebhook<'_>], app: &Application) {
    let (mut not_retried, mut without_fallback) = (Vec::new(), Vec::new());
    for webhook in webhooks {
        let Some(url) = webhook.url.as_ref() else {
            continue;
        };
        let url = url.as_str();
        let wanted = match compare_path(run, webhook) {
            PathComparison::Equal => {
                let path = webhook.path.as_deref().unwrap_or_default();
                connection_overrides::with_default_retries(&run.settings.origin().url(path))
            }
            PathComparison::FromApp(_) => {
                connection_overrides::with_default_retries(connection_overrides::without(url))
            }
            PathComparison::NotHttps | PathComparison::Different { .. } => continue,
        };
        let fallback = match webhook.kind {
            PathKind::Voice => Some(&app.voice_fallback_url),
            PathKind::Message => Some(&app.sms_fallback_url),
            _ => None,
        };
        if fallback.is_some_and(Option::is_none) {
            without_fallback.push(webhook.name);
        }
        let fallback = fallback.and_then(Option::as_ref).map(WebhookUrl::as_str);
        let is_same = |other: &&str| {
            connection_overrides::without(other) == connection_overrides::without(url)
        };
        let mut asked = [Some(url), fallback.filter(is_same)].into_iter().flatten();
        if !asked.all(|url| connection_overrides::satisfies(url, &wanted)) {
            not_retried.push(webhook.name);
        }
    }
    let list = |names: &[&str], fault| match names {
        [] => None,
        names => Some(format!("{} {fault}", names.join(", "))),
    };
    let faults = [
        list(
            &not_retried,
            "without retries after a 5xx answer or a timeout",
        ),
        list(&without_fallback, "without a fallback URL"),
    ];
    let faults: Vec<String> = faults.into_iter().flatten().collect();
    if !faults.is_empty() {
        run.add(
            Check::WebhookRetries,
            format!(
                "{}: webhooks during an outage are lost, such as a STOP",
                faults.join("; ")
            ),
            format!(
                "{} or the settings' own connection overrides at the end of each URL, and the \
                 webhook's own URL as its fallback",
                connection_overrides::DEFAULT_FRAGMENT
            ),
            PROVISION,
        );
    }
}

/// Finds URLs of another owner in the app, and an app that other accounts may call.
fn check_foreign_urls(run: &mut Run<'_>, app: &Application) {
    let fallbacks = [
        &app.voice_fallback_url,
        &app.sms_fallback_url,
        &app.sms_status_callback,
    ];
    let fallbacks = fallbacks.into_iter().flatten();
    let foreign: Vec<String> = fallbacks
        .filter(|url| !run.is_at_instance(url))
        .map(|url| redacted_url(url.as_str()))
        .collect();
    if !foreign.is_empty() {
        run.add(
            Check::ApplicationFallback,
            format!(
                "the app also sends webhooks to {}: message bodies of volunteers may go there",
                foreign.join(" and ")
            ),
            "the webhook's own URL as fallback, or another URL on the instance's domain",
            PROVISION,
        );
    }
    if app.public_application_connect_enabled == Some(true) {
        run.add(
            Check::ApplicationPublic,
            "other Twilio accounts may call the app",
            "an app that only this account may call",
            PROVISION,
        );
    }
}
