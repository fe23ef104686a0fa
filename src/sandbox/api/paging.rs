//! Pages of a list.

use serde_json::{Map, Value, json};

use super::error::ApiError;
use super::request::ApiRequest;
use super::response::{ApiResponse, ApiResult};
use crate::sandbox::context::Context;

/// Paging parameters, which every list has.
const PAGING: [&str; 3] = ["PageSize", "Page", "PageToken"];

/// Rejects parameters of a list other than its filters and the paging parameters.
pub(super) fn check_filters(request: &ApiRequest<'_>, filters: &[&str]) -> Result<(), ApiError> {
    let mut known = filters.to_vec();
    known.extend(PAGING);
    request.query.allow_only(&known)
}

/// Returns one page of a list, in the format of the 2010 API. Each item has a `sid`.
///
/// Source: <https://www.twilio.com/docs/usage/twilios-response#response-formats-list-paging-information>
pub(super) fn page(request: &ApiRequest<'_>, name: &str, items: Vec<Value>) -> ApiResult {
    Ok(ApiResponse::ok(envelope(request, name, items)?))
}

fn envelope(request: &ApiRequest<'_>, name: &str, items: Vec<Value>) -> Result<Value, ApiError> {
    let size = request
        .query
        .number("PageSize", 1..=1000, 20007)?
        .unwrap_or(50);
    let number = request
        .query
        .number("Page", 0..=u64::from(u32::MAX), 20422)?
        .unwrap_or(0);
    let to_usize = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
    let start = match request.query.one("PageToken") {
        None => to_usize(size.saturating_mul(number)),
        // The token contains the SID of the last item on the previous page. An item that is
        // created in between therefore moves no other item onto a second page.
        Some(token) => token
            .strip_prefix("PA")
            .and_then(|sid| items.iter().position(|item| sid_of(item) == sid))
            .map(|position| position + 1)
            .ok_or_else(|| ApiError::bad_request(21481, "Invalid PageToken"))?,
    };
    let total = items.len();
    let shown: Vec<Value> = items.into_iter().skip(start).take(to_usize(size)).collect();
    let end = start + shown.len();
    let uri = |page: u64, token: Option<&str>| Value::from(uri(request, size, page, token));
    let next = shown.last().filter(|_| end < total);
    let next = next.map_or(Value::Null, |last| uri(number + 1, Some(sid_of(last))));
    let previous = number.checked_sub(1);
    let mut envelope = Map::new();
    envelope.insert("first_page_uri".to_owned(), uri(0, None));
    envelope.insert("next_page_uri".to_owned(), next);
    envelope.insert(
        "previous_page_uri".to_owned(),
        previous.map_or(Value::Null, |page| uri(page, None)),
    );
    envelope.insert("uri".to_owned(), uri(number, None));
    envelope.insert("page".to_owned(), number.into());
    envelope.insert("page_size".to_owned(), size.into());
    envelope.insert("start".to_owned(), start.into());
    envelope.insert("end".to_owned(), end.saturating_sub(1).max(start).into());
    envelope.insert(name.to_owned(), shown.into());
    Ok(envelope.into())
}

/// Returns one page in the format of the newer APIs, whose links are absolute URLs.
///
/// Source: <https://www.twilio.com/docs/usage/twilios-response#response-formats-list-paging-information>
pub(super) fn page_v1(
    context: &Context,
    request: &ApiRequest<'_>,
    name: &str,
    items: Vec<Value>,
) -> ApiResult {
    let mut found = envelope(request, name, items)?;
    let link = |name: &str| {
        let path = found.get(name).and_then(Value::as_str)?;
        Some(format!("{}{path}", context.base_url))
    };
    let meta = json!({
        "key": name,
        "page": found.get("page"),
        "page_size": found.get("page_size"),
        "first_page_url": link("first_page_uri"),
        "previous_page_url": link("previous_page_uri"),
        "next_page_url": link("next_page_uri"),
        "url": link("uri"),
    });
    let items = found.get_mut(name).map(Value::take);
    Ok(ApiResponse::ok(json!({ name: items, "meta": meta })))
}

fn sid_of(item: &Value) -> &str {
    item.get("sid").and_then(Value::as_str).unwrap_or_default()
}

fn uri(request: &ApiRequest<'_>, size: u64, page: u64, token: Option<&str>) -> String {
    let fields = request.query.fields().iter();
    let mut fields: Vec<(&str, String)> = fields
        .filter(|(key, _)| !PAGING.contains(&key.as_str()))
        .map(|(key, value)| (key.as_str(), value.clone()))
        .collect();
    fields.push(("PageSize", size.to_string()));
    fields.push(("Page", page.to_string()));
    if let Some(sid) = token {
        fields.push(("PageToken", format!("PA{sid}")));
    }
    // Pairs of text can always be encoded.
    let query = serde_urlencoded::to_string(fields).unwrap_or_default();
    format!("{}?{query}", request.path)
}
