//! A fault, and the requests that it affects.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::sandbox::faults::{ActiveFault, Fault, FaultRule};
use crate::sandbox::state::WebhookKind;

#[derive(Serialize)]
pub(in crate::sandbox::control) struct FaultView {
    id: String,
    /// Fault and requests in one line for people.
    title: String,
    rule: RuleView,
    matched: u64,
    applied: u64,
}

/// A rule, as a client adds it and as it is listed.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox::control) struct RuleView {
    fault: FaultKindView,
    #[serde(rename = "match", default)]
    matches: MatchView,
}

/// Requests or webhooks that a rule affects: by default every one.
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct MatchView {
    method: Option<String>,
    path: Option<String>,
    kind: Option<String>,
    nth: Option<u64>,
    every: Option<u64>,
    times: Option<u64>,
    share: Option<f64>,
}

/// Fault, by the name of its variant in snake case.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum FaultKindView {
    TooManyRequests { retry_after: Option<u32> },
    Error { status: u16, code: u32 },
    HtmlPage { status: u16 },
    Slow { seconds: f64 },
    ResetBefore,
    ResetAfter,
    HalfResponse,
    LoseWebhook,
    DoubleWebhook,
    DelayWebhook { seconds: f64 },
    SwapWebhook,
    ForgeSignature,
}

impl RuleView {
    /// Reads the rule. The error says what is wrong.
    pub(in crate::sandbox::control) fn read(self) -> Result<FaultRule, String> {
        let mut rule = FaultRule::new(self.fault.read()?);
        let MatchView {
            method,
            path,
            kind,
            nth,
            every,
            times,
            share,
        } = self.matches;
        if let Some(method) = method {
            rule = rule.method(&method);
        }
        if let Some(path) = path {
            rule = rule.path(&path);
        }
        if let Some(name) = kind {
            let kind = WebhookKind::parse(&name).ok_or_else(|| {
                format!("`match.kind` is no kind of webhook: {name}; an example is message_status")
            })?;
            rule = rule.kind(kind);
        }
        rule = nth.map_or(rule.clone(), |nth| rule.clone().nth(nth));
        rule = every.map_or(rule.clone(), |n| rule.clone().every(n));
        rule = times.map_or(rule.clone(), |times| rule.clone().times(times));
        rule = share.map_or(rule.clone(), |share| rule.clone().share(share));
        match rule.problem() {
            Some(problem) => Err(format!("the rule cannot be used: {problem}")),
            None => Ok(rule),
        }
    }

    fn new(rule: &FaultRule) -> Self {
        Self {
            fault: FaultKindView::new(rule.fault()),
            matches: MatchView {
                method: rule.method.clone(),
                path: rule.path.clone(),
                kind: rule.kind.map(|kind| kind.as_str().to_owned()),
                nth: rule.nth,
                every: rule.every,
                times: rule.times,
                share: rule.share,
            },
        }
    }

    fn title(&self) -> String {
        let MatchView {
            method,
            path,
            kind,
            nth,
            every,
            times,
            share,
        } = &self.matches;
        let mut title = self.fault.title();
        let wanted = [method, path, kind].into_iter().flatten();
        let wanted: Vec<&str> = wanted.map(String::as_str).collect();
        if !wanted.is_empty() {
            title = format!("{title} on {}", wanted.join(" "));
        }
        let limits = [
            nth.map(|nth| format!("request {nth}")),
            every.map(|n| format!("every {n}{}", ordinal_suffix(n))),
            times.map(|times| format!("{times} times")),
            share.map(|share| format!("{} % of them", share * 100.0)),
        ];
        let limits: Vec<_> = limits.into_iter().flatten().collect();
        if limits.is_empty() {
            return title;
        }
        format!("{title} ({})", limits.join(", "))
    }
}

impl FaultKindView {
    fn read(self) -> Result<Fault, String> {
        Ok(match self {
            Self::TooManyRequests { retry_after } => Fault::TooManyRequests { retry_after },
            Self::Error { status, code } => Fault::Error { status, code },
            Self::HtmlPage { status } => Fault::HtmlPage { status },
            Self::Slow { seconds } => Fault::Slow(delay(seconds)?),
            Self::ResetBefore => Fault::ResetBefore,
            Self::ResetAfter => Fault::ResetAfter,
            Self::HalfResponse => Fault::HalfResponse,
            Self::LoseWebhook => Fault::LoseWebhook,
            Self::DoubleWebhook => Fault::DoubleWebhook,
            Self::DelayWebhook { seconds } => Fault::DelayWebhook(delay(seconds)?),
            Self::SwapWebhook => Fault::SwapWebhook,
            Self::ForgeSignature => Fault::ForgeSignature,
        })
    }

    fn new(fault: Fault) -> Self {
        match fault {
            Fault::TooManyRequests { retry_after } => Self::TooManyRequests { retry_after },
            Fault::Error { status, code } => Self::Error { status, code },
            Fault::HtmlPage { status } => Self::HtmlPage { status },
            Fault::Slow(delay) => Self::Slow {
                seconds: delay.as_secs_f64(),
            },
            Fault::ResetBefore => Self::ResetBefore,
            Fault::ResetAfter => Self::ResetAfter,
            Fault::HalfResponse => Self::HalfResponse,
            Fault::LoseWebhook => Self::LoseWebhook,
            Fault::DoubleWebhook => Self::DoubleWebhook,
            Fault::DelayWebhook(delay) => Self::DelayWebhook {
                seconds: delay.as_secs_f64(),
            },
            Fault::SwapWebhook => Self::SwapWebhook,
            Fault::ForgeSignature => Self::ForgeSignature,
        }
    }

    fn title(&self) -> String {
        match self {
            Self::TooManyRequests { .. } => "429".to_owned(),
            Self::Error { status, code } => format!("{status} ({code})"),
            Self::HtmlPage { status } => format!("{status} as an HTML page"),
            Self::Slow { seconds } => format!("response after {seconds} s"),
            Self::ResetBefore => "reset before the work".to_owned(),
            Self::ResetAfter => "reset after the work".to_owned(),
            Self::HalfResponse => "half a response".to_owned(),
            Self::LoseWebhook => "webhook lost".to_owned(),
            Self::DoubleWebhook => "webhook sent twice".to_owned(),
            Self::DelayWebhook { seconds } => format!("webhook {seconds} s late"),
            Self::SwapWebhook => "webhook after the next one".to_owned(),
            Self::ForgeSignature => "forged signature".to_owned(),
        }
    }
}

/// Returns the ending of an ordinal number in English, such as `rd` for 3.
const fn ordinal_suffix(n: u64) -> &'static str {
    match (n % 10, n % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    }
}

fn delay(seconds: f64) -> Result<Duration, String> {
    Duration::try_from_secs_f64(seconds)
        .map_err(|_| format!("`seconds` is {seconds}; it is a number from 0 to 86400"))
}

impl FaultView {
    pub(in crate::sandbox::control) fn new(active: &ActiveFault) -> Self {
        let rule = RuleView::new(&active.rule);
        Self {
            id: active.id.0.to_string(),
            title: rule.title(),
            rule,
            matched: active.matched,
            applied: active.applied,
        }
    }
}
