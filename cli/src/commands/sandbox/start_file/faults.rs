//! `[[faults]]` of a start file.

use std::time::Duration;

use clinspark_twilio::sandbox::{Fault, FaultRule, WebhookKind};

use super::table::{Line, Problems, Table};

const KNOWN: &str =
    "fault, retry_after, status, code, seconds, method, path, kind, nth, every, times, share";

/// Reads a fault and the requests that it affects.
pub(super) fn read(mut table: Table, problems: &mut Problems) -> Option<Line<FaultRule>> {
    let line = table.line;
    let fault = read_fault(&mut table, problems);
    let method = table.take_text("method", problems);
    let path = table.take_text("path", problems);
    let kind = table.take_text("kind", problems).and_then(|kind| {
        let found = WebhookKind::parse(&kind.value);
        if found.is_none() {
            let names: Vec<_> = WebhookKind::ALL.iter().map(|kind| kind.as_str()).collect();
            let names = names.join(", ");
            problems.add(kind.line, format!("`kind` is none of {names}"));
        }
        found
    });
    let nth = table.take_integer("nth", problems);
    let every = table.take_integer("every", problems);
    let times = table.take_integer("times", problems);
    let share = table.take_fraction("share", problems);
    table.refuse_rest(KNOWN, problems);

    let mut rule = FaultRule::new(fault?);
    if let Some(method) = method {
        rule = rule.method(&method.value);
    }
    if let Some(path) = path {
        rule = rule.path(&path.value);
    }
    if let Some(kind) = kind {
        rule = rule.kind(kind);
    }
    if let Some(nth) = nth {
        rule = rule.nth(nth.value);
    }
    if let Some(every) = every {
        rule = rule.every(every.value);
    }
    if let Some(times) = times {
        rule = rule.times(times.value);
    }
    if let Some(share) = share {
        rule = rule.share(share);
    }
    Some(Line { line, value: rule })
}

/// Reads the fault with the keys that it needs.
fn read_fault(table: &mut Table, problems: &mut Problems) -> Option<Fault> {
    let name = table.require_text("fault", problems)?;
    Some(match name.value.as_str() {
        "too_many_requests" => Fault::TooManyRequests {
            retry_after: small(table, "retry_after", problems),
        },
        "error" => {
            let status = require(table, "status", problems);
            let code = require(table, "code", problems);
            Fault::Error {
                status: status?,
                code: code?,
            }
        }
        "html_page" => Fault::HtmlPage {
            status: require(table, "status", problems)?,
        },
        "slow" => Fault::Slow(seconds(table, problems)?),
        "reset_before" => Fault::ResetBefore,
        "reset_after" => Fault::ResetAfter,
        "half_response" => Fault::HalfResponse,
        "lose_webhook" => Fault::LoseWebhook,
        "double_webhook" => Fault::DoubleWebhook,
        "delay_webhook" => Fault::DelayWebhook(seconds(table, problems)?),
        "swap_webhook" => Fault::SwapWebhook,
        "forge_signature" => Fault::ForgeSignature,
        _ => {
            let known = "too_many_requests, error, html_page, slow, reset_before, reset_after, \
                         half_response, lose_webhook, double_webhook, delay_webhook, swap_webhook, \
                         forge_signature";
            problems.add(name.line, format!("`fault` is none of {known}"));
            return None;
        }
    })
}

fn seconds(table: &mut Table, problems: &mut Problems) -> Option<Duration> {
    require(table, "seconds", problems).map(|seconds: u32| Duration::from_secs(seconds.into()))
}

/// Takes a whole number that must be there.
fn require<N: TryFrom<u64>>(table: &mut Table, key: &str, problems: &mut Problems) -> Option<N> {
    if !table.has(key) {
        problems.add(
            table.line,
            format!("`{key}` is missing; this fault needs it"),
        );
    }
    small(table, key, problems)
}

fn small<N: TryFrom<u64>>(table: &mut Table, key: &str, problems: &mut Problems) -> Option<N> {
    let number = table.take_integer(key, problems)?;
    let small = N::try_from(number.value).ok();
    if small.is_none() {
        problems.add(number.line, format!("`{key}` is too large"));
    }
    small
}
