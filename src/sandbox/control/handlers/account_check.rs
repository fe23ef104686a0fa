//! `account-check`: findings of the check that the program supplies.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::task::JoinSet;

use super::numbers::not_owned;
use crate::sandbox::account_check::{AccountFinding, CheckedAccount};
use crate::sandbox::control::error::ControlError;
use crate::sandbox::control::reply::{Handled, Reply};
use crate::sandbox::control::request::{ControlRequest, check_length, number_of};
use crate::sandbox::state::StoredNumber;
use crate::types::ApplicationSid;

/// Longest domain name, in characters.
const LONGEST_DOMAIN: usize = 255;

/// Time in which a check must end, in real time.
const CHECK_TIME: Duration = Duration::from_secs(30);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CheckInput {
    number: String,
    domain: String,
}

#[derive(Serialize)]
struct FindingsView {
    findings: Vec<AccountFinding>,
}

pub(in crate::sandbox::control) async fn run(request: &ControlRequest) -> Handled {
    request.no_query()?;
    let input: CheckInput = request.json()?;
    let number = number_of("number", &input.number)?;
    check_length("domain", &input.domain, LONGEST_DOMAIN)?;
    let context = request.context();
    let Some(check) = &context.account_check else {
        let message = "this sandbox has no check of the account; the program \
                       `clinspark-twilio sandbox` has one";
        return Err(ControlError::conflict("no_account_check", message));
    };
    let account = context.read(|state| {
        let owned = state.number(number)?;
        Some(CheckedAccount {
            base_url: context.base_url.clone(),
            account_sid: context.account_sid,
            auth_token: context.auth_token().clone(),
            number,
            application_sid: application_of(owned),
            messaging_service_sid: state.service_of(owned.sid).map(|service| service.sid),
            domain: input.domain,
        })
    });
    let account = account.ok_or_else(|| not_owned(number))?;
    // In a task of its own, which ends with the request: a check that panics must not end the server's
    // connection.
    let mut task = JoinSet::new();
    task.spawn(check.run(account));
    let checked = match tokio::time::timeout(CHECK_TIME, task.join_next()).await {
        Ok(Some(Ok(checked))) => checked,
        Ok(_) => Err("the check panicked; please report it".to_owned()),
        Err(_) => Err("the check did not end within 30 seconds; try again".to_owned()),
    };
    let findings = checked.map_err(|reason| ControlError::invalid("not_checked", reason))?;
    Reply::ok(&FindingsView { findings })
}

fn application_of(number: &StoredNumber) -> Option<ApplicationSid> {
    let names = ["VoiceApplicationSid", "SmsApplicationSid"];
    let mut sids = names.iter().filter_map(|name| number.setting(name));
    sids.find_map(|sid| ApplicationSid::parse(sid).ok())
}
