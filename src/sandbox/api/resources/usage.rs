//! `Usage/Records.json`: usage by category.
//!
//! Source: <https://www.twilio.com/docs/usage/api/usage-record>

use std::collections::BTreeMap;
use std::time::SystemTime;

use jiff::Span;
use jiff::civil::Date;
use serde_json::{Map, Value, json};

use crate::sandbox::api::error::ApiError;
use crate::sandbox::api::paging::{check_filters, page};
use crate::sandbox::api::request::ApiRequest;
use crate::sandbox::api::response::ApiResult;
use crate::sandbox::context::Context;
use crate::sandbox::state::State;
use crate::types::{CallDirection, MessageDirection};

/// Categories: name, description, unit of the count, unit of the usage.
const CATEGORIES: &[[&str; 4]] = &[
    ["calls", "Voice Minutes", "calls", "minutes"],
    ["calls-inbound", "Inbound Voice Minutes", "calls", "minutes"],
    [
        "calls-outbound",
        "Outbound Voice Minutes",
        "calls",
        "minutes",
    ],
    ["mms", "MMS", "messages", "messages"],
    ["mms-inbound", "Inbound MMS", "messages", "messages"],
    ["mms-outbound", "Outbound MMS", "messages", "messages"],
    ["phonenumbers", "Phone Numbers", "numbers", "numbers"],
    ["sms", "SMS", "messages", "messages"],
    ["sms-inbound", "Inbound SMS", "messages", "messages"],
    ["sms-outbound", "Outbound SMS", "messages", "messages"],
    ["totalprice", "Total Price", "", "usd"],
];
/// Subresources: field, path, and the period that it sums up.
const PERIODS: &[(&str, &str)] = &[
    ("all_time", "AllTime"),
    ("daily", "Daily"),
    ("last_month", "LastMonth"),
    ("monthly", "Monthly"),
    ("this_month", "ThisMonth"),
    ("today", "Today"),
    ("yearly", "Yearly"),
    ("yesterday", "Yesterday"),
];

/// Days of one record, and its category.
type Key = (Date, Date, &'static str);

/// Number of items, and their usage.
type Tally = (u64, u64);

/// Handles a request. `period` is the path after `Usage/Records`. Nothing costs money in the
/// sandbox, so each price is 0.
pub(in crate::sandbox::api) fn records(
    request: &ApiRequest<'_>,
    period: Option<&str>,
) -> ApiResult {
    let context = request.context;
    request.require_get()?;
    let period = period.unwrap_or("AllTime");
    if !PERIODS.iter().any(|(_, name)| *name == period) {
        return Err(request.not_found());
    }
    let filters = ["Category", "StartDate", "EndDate", "IncludeSubaccounts"];
    check_filters(request, &filters)?;
    request.query.check_flags(&["IncludeSubaccounts"])?;
    let category = request.query.one("Category");
    if category.is_some_and(|name| CATEGORIES.iter().all(|row| row[0] != name)) {
        return Err(ApiError::not_supported("this usage category"));
    }
    let range = days(request, period)?;
    let tallies = context.read(|state| tally(state, period, range));
    let items = tallies
        .iter()
        .filter(|((.., name), _)| category.is_none_or(|wanted| wanted == *name))
        .filter_map(|(key, tally)| render(context, key, *tally));
    page(request, "usage_records", &items.collect::<Vec<_>>())
}

/// Returns the first and the last day of a request.
fn days(request: &ApiRequest<'_>, period: &str) -> Result<(Date, Date), ApiError> {
    let context = request.context;
    let (first, today) = (day(context.clock.started()), day(context.now()));
    let day_before = |date: Date| date.yesterday().unwrap_or(date);
    let (start, end) = match period {
        "Today" => (today, today),
        "Yesterday" => (day_before(today), day_before(today)),
        "ThisMonth" => (today.first_of_month(), today),
        "LastMonth" => {
            let last = day_before(today.first_of_month());
            (last.first_of_month(), last)
        }
        _ => (first, today),
    };
    let given = |name: &str, default: Date| match request.query.one(name) {
        None => Ok(default),
        Some(text) => parse_day(text, today)
            .ok_or_else(|| ApiError::bad_request(20422, format!("{name} is not a date"))),
    };
    Ok((given("StartDate", start)?, given("EndDate", end)?))
}

/// Parses a day, or an offset from today, such as `-30days`.
fn parse_day(text: &str, today: Date) -> Option<Date> {
    let Some(days) = text.strip_suffix("days") else {
        return text.parse().ok();
    };
    let days = Span::new().try_days(days.parse::<i32>().ok()?).ok()?;
    today.checked_add(days).ok()
}

fn day(time: SystemTime) -> Date {
    let stamp = jiff::Timestamp::try_from(time).unwrap_or_default();
    stamp.to_zoned_datetime(jiff::tz::TimeZone::UTC).date()
}

/// Counts the messages, calls and numbers of these days.
fn tally(state: &State, period: &str, (first, last): (Date, Date)) -> BTreeMap<Key, Tally> {
    let span = |date: Date| match period {
        "Daily" => (date, date),
        "Monthly" => (date.first_of_month(), date.last_of_month()),
        "Yearly" => (date.first_of_year(), date.last_of_year()),
        _ => (first, last),
    };
    let mut tallies: BTreeMap<Key, Tally> = BTreeMap::new();
    // Lists by day, month and year have no records without usage.
    if !matches!(period, "Daily" | "Monthly" | "Yearly") {
        tallies.extend(CATEGORIES.iter().map(|row| ((first, last, row[0]), (0, 0))));
    }
    let mut add = |time: SystemTime, names: [&'static str; 2], usage: u64| {
        let date = day(time);
        if date < first || date > last {
            return;
        }
        let (start, end) = span(date);
        for name in names.into_iter().filter(|name| !name.is_empty()) {
            let (count, sum) = tallies.entry((start, end, name)).or_default();
            *count += 1;
            *sum += usage;
        }
    };
    for message in state.messages.iter() {
        let is_inbound = message.direction == MessageDirection::Inbound;
        let names = match (!message.is_mms(), is_inbound) {
            (true, true) => ["sms", "sms-inbound"],
            (true, false) => ["sms", "sms-outbound"],
            (false, true) => ["mms", "mms-inbound"],
            (false, false) => ["mms", "mms-outbound"],
        };
        add(message.date_created, names, u64::from(message.num_segments));
    }
    for entry in state.calls.iter() {
        let call = &entry.call;
        let names = match call.direction {
            CallDirection::Inbound => ["calls", "calls-inbound"],
            _ => ["calls", "calls-outbound"],
        };
        add(
            call.date_created,
            names,
            call.duration.unwrap_or_default().div_ceil(60),
        );
    }
    for number in state.numbers.iter() {
        add(number.date_created, ["phonenumbers", ""], 1);
    }
    tallies
}

fn render(context: &Context, (first, last, name): &Key, (count, usage): Tally) -> Option<Value> {
    let account = context.account_sid;
    let row = CATEGORIES.iter().find(|row| row[0] == *name)?;
    let [category, description, count_unit, usage_unit] = *row;
    let path = format!("/2010-04-01/Accounts/{account}/Usage/Records");
    let links = PERIODS.iter().map(|(field, period)| {
        let link = format!("{path}/{period}.json?Category={category}");
        ((*field).to_owned(), json!(link))
    });
    let as_of = jiff::Timestamp::try_from(context.now()).ok()?;
    Some(json!({
        "account_sid": account,
        "api_version": "2010-04-01",
        "as_of": as_of.strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string(),
        "category": category,
        "count": count.to_string(),
        "count_unit": count_unit,
        "description": description,
        "end_date": last.to_string(),
        "price": "0",
        "price_unit": "usd",
        "start_date": first.to_string(),
        "subresource_uris": links.collect::<Map<_, _>>(),
        "uri": format!("{path}.json?Category={category}&StartDate={first}&EndDate={last}"),
        "usage": usage.to_string(),
        "usage_unit": usage_unit,
    }))
}
