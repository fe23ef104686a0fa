//! Pages of a list.

use serde_json::{Map, Value, json};

use super::error::ApiError;
use super::request::ApiRequest;
use super::response::{ApiResponse, ApiResult};

/// Paging parameters, which every list has.
const PAGING: [&str; 3] = ["PageSize", "Page", "PageToken"];

/// Rejects parameters of a list other than its filters and the paging parameters.
pub(super) fn check_filters(request: &ApiRequest<'_>, filters: &[&str]) -> Result<(), ApiError> {
    let mut known = filters.to_vec();
    known.extend(PAGING);
    request.query.allow_only(&known)
}

/// Page of a list that a request asks for.
pub(super) struct PageRequest<'a> {
    request: &'a ApiRequest<'a>,
    size: u64,
    number: u64,
    /// SID of the last item on the previous page. An item that is created in between therefore
    /// moves no other item onto a second page.
    after: Option<&'a str>,
}

/// Rows of one page.
pub(super) struct Page<'a, R> {
    asked: PageRequest<'a>,
    rows: Vec<R>,
    /// SID of the last row, if there is a next page.
    last: Option<String>,
}

impl<'a> PageRequest<'a> {
    /// Reads the paging parameters.
    pub(super) fn read(request: &'a ApiRequest<'_>) -> Result<Self, ApiError> {
        let query = &request.query;
        let token = query.one("PageToken");
        let after = token.map(|token| token.strip_prefix("PA").ok_or_else(invalid_token));
        Ok(Self {
            request,
            size: query.number("PageSize", 1..=1000, 20007)?.unwrap_or(50),
            number: query
                .number("Page", 0..=u64::from(u32::MAX), 20422)?
                .unwrap_or(0),
            after: after.transpose()?,
        })
    }

    /// Copies the rows of the page. `sid` returns the SID of a row, or an empty text.
    pub(super) fn select<'r, R: Clone + 'r>(
        self,
        rows: impl Iterator<Item = &'r R>,
        sid: impl Fn(&R) -> &str,
    ) -> Result<Page<'a, R>, ApiError> {
        let mut rows = rows;
        if let Some(after) = self.after {
            let last = rows.find(|row| sid(row) == after);
            last.ok_or_else(invalid_token)?;
        } else if let Some(last_skipped) = self.start().checked_sub(1) {
            rows.nth(usize::try_from(last_skipped).unwrap_or(usize::MAX));
        }
        let size = usize::try_from(self.size).unwrap_or(usize::MAX);
        let found: Vec<R> = rows.by_ref().take(size).cloned().collect();
        let last = found.last().map(|row| sid(row).to_owned());
        Ok(Page {
            last: last.filter(|_| rows.next().is_some()),
            rows: found,
            asked: self,
        })
    }

    const fn start(&self) -> u64 {
        self.size.saturating_mul(self.number)
    }
}

impl<R> Page<'_, R> {
    /// Returns the page in the format of the 2010 API.
    ///
    /// Source: <https://www.twilio.com/docs/usage/twilios-response#response-formats-list-paging-information>
    pub(super) fn render(self, name: &str, render: impl FnMut(&R) -> Value) -> ApiResponse {
        ApiResponse::ok(self.envelope(name, render).into())
    }

    fn envelope(self, name: &str, render: impl FnMut(&R) -> Value) -> Map<String, Value> {
        let Self { asked, rows, last } = self;
        let PageRequest {
            request,
            size,
            number,
            ..
        } = asked;
        let shown: Vec<Value> = rows.iter().map(render).collect();
        let start = asked.start();
        let end = start + shown.len() as u64;
        let uri = |page: u64, token: Option<&str>| Value::from(uri(request, size, page, token));
        // Rows without a SID, such as usage records, are counted instead.
        let token = last
            .as_deref()
            .map(|sid| Some(sid).filter(|sid| !sid.is_empty()));
        let next = token.map_or(Value::Null, |token| uri(number + 1, token));
        let previous = number.checked_sub(1);
        let fields = [
            ("first_page_uri", uri(0, None)),
            ("next_page_uri", next),
            (
                "previous_page_uri",
                previous.map_or(Value::Null, |page| uri(page, None)),
            ),
            ("uri", uri(number, None)),
            ("page", number.into()),
            ("page_size", size.into()),
            ("start", start.into()),
            ("end", end.saturating_sub(1).max(start).into()),
            (name, shown.into()),
        ];
        let fields = fields.map(|(field, value)| (field.to_owned(), value));
        fields.into_iter().collect()
    }

    /// Returns the page in the format of the newer APIs, whose links are absolute URLs.
    ///
    /// Source: <https://www.twilio.com/docs/usage/twilios-response#response-formats-list-paging-information>
    pub(super) fn render_v1(self, name: &str, render: impl FnMut(&R) -> Value) -> ApiResponse {
        let base_url = self.asked.request.base_url;
        let mut found = self.envelope(name, render);
        let link = |name: &str| {
            let path = found.get(name).and_then(Value::as_str)?;
            Some(format!("{base_url}{path}"))
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
        ApiResponse::ok(json!({ name: items, "meta": meta }))
    }
}

/// Returns one page of a short list, whose items are all rendered, in the format of the 2010 API.
pub(super) fn page(request: &ApiRequest<'_>, name: &str, items: &[Value]) -> ApiResult {
    let page = PageRequest::read(request)?.select(items.iter(), sid_of)?;
    Ok(page.render(name, Value::clone))
}

/// Returns one page of a short list, whose items are all rendered, in the format of the newer APIs.
pub(super) fn page_v1(request: &ApiRequest<'_>, name: &str, items: &[Value]) -> ApiResult {
    let page = PageRequest::read(request)?.select(items.iter(), sid_of)?;
    Ok(page.render_v1(name, Value::clone))
}

fn invalid_token() -> ApiError {
    ApiError::bad_request(21481, "Invalid PageToken")
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
