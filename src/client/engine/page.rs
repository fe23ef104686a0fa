//! Pages of a list, and the links between them.

use std::fmt::{self, Write as _};
use std::marker::PhantomData;

use serde::de::{self, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::form::Form;
use super::outcome::Effect;
use super::read::{EchoedFields, ResponseBody, object, optional};
use super::region::{ProcessingRegion, is_region};
use super::request::sealed::Operation;
use super::request::{Product, Request, Target};
use crate::types::{AccountSid, is_sid};

/// One page of a list: 50 items, unless `page_size` of the request is set.
///
/// [`Client::list`](crate::client::Client::list) fetches the pages automatically. To fetch them
/// yourself:
///
/// ```
/// use clinspark_twilio::client::messages::ListMessages;
/// # use clinspark_twilio::client::testing::{FakeTransport, Reply};
/// # use clinspark_twilio::client::{Client, Credentials, Delivery};
/// # use clinspark_twilio::types::{AccountSid, AuthToken};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let account = AccountSid::parse("AC00000000000000000000000000000001")?;
/// # let credentials = Credentials::auth_token(account, AuthToken::new("token")?);
/// # let next = format!("/2010-04-01/Accounts/{account}/Messages.json?Page=1");
/// # let message = r#"{"sid": "SM00000000000000000000000000000001"}"#;
/// # let first = format!(r#"{{"messages": [{message}], "next_page_uri": "{next}"}}"#);
/// # let last = format!(r#"{{"messages": [{message}], "next_page_uri": null}}"#);
/// # let transport = FakeTransport::new()
/// #     .reply(Reply::json(200, first))
/// #     .reply(Reply::json(200, last));
/// # let client = Client::builder(credentials, Delivery::Off)
/// #     .with_transport(transport.clone())
/// #     .build()?;
///
/// let mut page = client.execute(ListMessages::new()).await?;
/// let mut listed = page.items.len();
/// while let Some(next) = page.next {
///     page = client.execute(next).await?;
///     listed += page.items.len();
/// }
/// assert_eq!(listed, 2);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Page<T> {
    /// Items in Twilio's order.
    pub items: Vec<T>,
    /// Items that cannot be read, such as one without a SID. They are missing from `items`: such a
    /// page is incomplete.
    pub unreadable: Vec<UnreadableItem>,
    /// Request for the next page; `None` on the last page.
    pub next: Option<NextPage<T>>,
}

/// An item of a list that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnreadableItem {
    /// Position in the list, counted from 0: in [`Page::unreadable`] from the start of the page,
    /// in [`List::unreadable`](crate::client::List::unreadable) from the start of the list.
    pub index: usize,
    /// SID of the item, if it has one, such as one of another kind than the list.
    pub sid: Option<String>,
}

/// Request for the next page of a list.
///
/// It sends path and query of Twilio's link to the client's own host, because the request carries
/// the account's credentials. Three kinds of link are refused as
/// [`ErrorKind::Invalid`](crate::client::ErrorKind::Invalid):
///
/// - a link to a host that is neither the client's nor Twilio's;
/// - a link to another region or account;
/// - a link that is not a text in the JSON.
#[must_use = "a request does nothing until `Client::execute` runs it"]
pub struct NextPage<T> {
    pub(in crate::client) link: String,
    item: PhantomData<fn() -> T>,
}

impl<T> Clone for NextPage<T> {
    fn clone(&self) -> Self {
        Self {
            link: self.link.clone(),
            item: PhantomData,
        }
    }
}

impl<T> PartialEq for NextPage<T> {
    fn eq(&self, other: &Self) -> bool {
        self.link == other.link
    }
}

impl<T> Eq for NextPage<T> {}

impl<T> fmt::Debug for NextPage<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The link contains the filters of the list, such as phone numbers.
        f.write_str("NextPage([redacted])")
    }
}

/// A resource that Twilio lists.
#[expect(unnameable_types, reason = "part of the sealed `Request` only")]
pub trait Listed: ResponseBody {
    /// Key of the list in the JSON, such as `messages`.
    const KEY: &'static str;
    /// Product whose API lists the resource.
    const PRODUCT: Product;
}

impl<T: Listed> Request for NextPage<T> {
    type Output = Page<T>;
}

impl<T: Listed> Operation for NextPage<T> {
    type Reads = Page<T>;

    fn name(&self) -> &'static str {
        "NextPage"
    }

    fn product(&self) -> Product {
        T::PRODUCT
    }

    fn method(&self) -> http::Method {
        http::Method::GET
    }

    fn effect(&self) -> Effect {
        Effect::Read
    }

    fn target(&self) -> Target {
        Target::Link(self.link.clone())
    }

    fn form(&self) -> Form {
        Form::default()
    }
}

/// Returns path and query of a link, percent-encoded where needed. They are appended to `base`, so
/// that no link can send the credentials to another host.
///
/// Links of the 2010 API are paths. Newer APIs write whole URLs with one of Twilio's hosts, even if
/// the request went to a gateway. Returns `None` for a link to a foreign host, to another region or
/// account, or for a text that is not a link. `region` is `Some` if `base` is Twilio's host.
pub(in crate::client) fn below(
    link: &str,
    base: &str,
    region: Option<&ProcessingRegion>,
    account_sid: AccountSid,
) -> Option<String> {
    let path = match link.split_once("://") {
        // The query of a path may contain `://`, too.
        Some((scheme, rest)) if !link.starts_with('/') => {
            let (authority, path) = rest.split_at_checked(rest.find('/')?)?;
            let ours = base.eq_ignore_ascii_case(&format!("{scheme}://{authority}"));
            let theirs = scheme.eq_ignore_ascii_case("https") && is_twilio(authority, region);
            (ours || theirs).then_some(path)?
        }
        _ => link,
    };
    let path = path.split('#').next().unwrap_or_default();
    // To a URL parser, `//host` and `/\host` name another host.
    let plain = path.starts_with('/') && !path.starts_with("//");
    if !plain || path.contains('\\') || path.contains(|c: char| c.is_control()) {
        return None;
    }
    let segments = path.split('?').next().unwrap_or_default().split('/');
    let is_dots = |segment: &str| {
        let segment = segment.to_ascii_lowercase().replace("%2e", ".");
        segment == "." || segment == ".."
    };
    let is_foreign = |segment: &str| {
        AccountSid::parse(segment.trim_end_matches(".json")).is_ok_and(|sid| sid != account_sid)
    };
    let strays = segments
        .into_iter()
        .any(|segment| is_dots(segment) || is_foreign(segment));
    (!strays).then(|| encoded(path))
}

/// Returns `true` for a host of Twilio's on the port of `https` that is not in another region. Each
/// region has its own resources.
fn is_twilio(authority: &str, region: Option<&ProcessingRegion>) -> bool {
    let host = authority.strip_suffix(":443").unwrap_or(authority);
    let host = host.to_ascii_lowercase();
    let Some(labels) = host.strip_suffix(".twilio.com") else {
        return false;
    };
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    let named = labels.rsplit('.').next().filter(|label| is_region(label));
    let is_ours = |named| region.is_none_or(|region| region.as_str() == named);
    labels.chars().all(is_name) && named.is_none_or(is_ours)
}

/// Percent-encodes the characters that are not allowed in a path and query.
fn encoded(path: &str) -> String {
    let mut encoded = String::with_capacity(path.len());
    let mut buffer = [0; 4];
    for (at, c) in path.char_indices() {
        let is_escape = || {
            let digits = path.get(at + 1..at + 3).unwrap_or_default();
            digits.len() == 2 && digits.bytes().all(|b| b.is_ascii_hexdigit())
        };
        if c.is_ascii_alphanumeric()
            || "-._~:/?[]@!$&'()*+,;=".contains(c)
            || (c == '%' && is_escape())
        {
            encoded.push(c);
        } else {
            for byte in c.encode_utf8(&mut buffer).bytes() {
                // Writing to a `String` cannot fail.
                let _ = write!(encoded, "%{byte:02X}");
            }
        }
    }
    encoded
}

/// Maximum number of items on a page.
const MOST_ITEMS: usize = 1_000;

/// Upper bound of the bytes of an item. A message of 1,600 characters with two `\\uXXXX` escapes
/// each takes 19,200 bytes, and its other fields take 2,000.
const LARGEST_ITEM: usize = 24 * 1024;

impl<T: Listed> ResponseBody for Page<T> {
    const LARGEST: usize = (MOST_ITEMS * LARGEST_ITEM).next_multiple_of(1 << 20);
    const IS_PAGE: bool = true;

    fn echoes(&self) -> Vec<EchoedFields<'_>> {
        self.items.iter().flat_map(ResponseBody::echoes).collect()
    }
}

impl<'de, T: Listed> Deserialize<'de> for Page<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(PageVisitor(PhantomData))
    }
}

struct PageVisitor<T>(PhantomData<T>);

/// A link to the next page, as read from a response.
enum Link {
    Absent,
    To(String),
    /// Neither a text nor `null`. There may be more pages.
    Unreadable,
}

impl Link {
    fn read(json: &RawValue) -> Self {
        match serde_json::from_str::<Option<String>>(json.get()) {
            Ok(None) => Self::Absent,
            Ok(Some(link)) if link.is_empty() => Self::Absent,
            Ok(Some(link)) => Self::To(link),
            Err(_) => Self::Unreadable,
        }
    }

    /// Reads the field `meta` of newer APIs, which contains the links.
    fn read_meta(json: &RawValue) -> Self {
        match serde_json::from_str::<Option<Meta>>(json.get()) {
            Ok(Some(Meta {
                next_page_url: Some(link),
            })) => Self::read(&link),
            Ok(_) => Self::Absent,
            Err(_) => Self::Unreadable,
        }
    }

    fn request<T>(self) -> Option<NextPage<T>> {
        let link = match self {
            Self::Absent => return None,
            Self::To(link) => link,
            // An empty link fails when it is followed, so that the list does not seem complete.
            Self::Unreadable => String::new(),
        };
        let item = PhantomData;
        Some(NextPage { link, item })
    }
}

#[derive(Deserialize)]
struct Meta {
    next_page_url: Option<Box<RawValue>>,
}

impl<T: Listed> Page<T> {
    fn read_items(json: Vec<Box<RawValue>>, next: Link) -> Self {
        let mut page = Self {
            items: Vec::with_capacity(json.len()),
            unreadable: Vec::new(),
            next: next.request(),
        };
        for (index, item) in json.into_iter().enumerate() {
            match object(item.get().as_bytes()) {
                Ok(item) => page.items.push(item),
                Err(_) => page.unreadable.push(UnreadableItem {
                    index,
                    sid: sid_of(item.get()),
                }),
            }
        }
        page
    }
}

/// Returns the SID of an item of any kind.
fn sid_of(item: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Item {
        #[serde(default, deserialize_with = "optional")]
        sid: Option<String>,
    }
    let item: Item = object(item.as_bytes()).ok()?;
    item.sid.filter(|sid| is_sid(sid))
}

impl<'de, T: Listed> Visitor<'de> for PageVisitor<T> {
    type Value = Page<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a page of {}", T::KEY)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Page<T>, A::Error> {
        let (mut items, mut next) = (None, Link::Absent);
        while let Some(key) = object.next_key::<String>()? {
            match key.as_str() {
                "next_page_uri" => next = Link::read(&object.next_value::<Box<RawValue>>()?),
                "meta" => next = Link::read_meta(&object.next_value::<Box<RawValue>>()?),
                key if key == T::KEY => items = Some(object.next_value()?),
                _ => {
                    object.next_value::<IgnoredAny>()?;
                }
            }
        }
        let items = items.ok_or_else(|| de::Error::missing_field(T::KEY))?;
        Ok(Page::read_items(items, next))
    }
}
