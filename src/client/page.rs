//! Lists come in pages.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{self, DeserializeOwned, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::error::Effect;
use super::form::Form;
use super::request::sealed::{Answer, Operation};
use super::request::{Product, Request, Target};

/// One page of a list: 50 items unless the request's `page_size` says otherwise.
///
/// [`Client::list`](super::Client::list) follows the pages by itself. By hand:
///
/// ```no_run
/// # use clinspark_twilio::client::{Client, Error};
/// use clinspark_twilio::client::numbers::ListPhoneNumbers;
///
/// # async fn example(client: &Client) -> Result<(), Error> {
/// let mut page = client.execute(ListPhoneNumbers::new()).await?;
/// loop {
///     for number in &page.items {
///         println!("{}", number.sid);
///     }
///     let Some(next) = page.next else { break };
///     page = client.execute(next).await?;
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Page<T> {
    /// The items, in Twilio's order.
    pub items: Vec<T>,
    /// The request for the next page; `None` on the last one.
    pub next: Option<NextPage<T>>,
}

/// The request for the next page of a list.
///
/// It follows the link that Twilio gave, on the client's own host only: a link that leads
/// elsewhere is refused, because the request carries the account's credentials.
#[must_use = "a request does nothing until `Client::execute` runs it"]
pub struct NextPage<T> {
    pub(super) link: String,
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
        // The link repeats the filters of the list: numbers.
        f.write_str("NextPage([redacted])")
    }
}

/// A resource that Twilio lists.
#[expect(unnameable_types, reason = "part of the sealed `Request` only")]
pub trait Listed: DeserializeOwned + fmt::Debug {
    /// The name of the list in the JSON, such as `messages`.
    const KEY: &'static str;
    /// Where it is listed.
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

/// The path and query of a link, if it stays on the host that was asked. Newer hosts write the
/// whole URL, mostly with Twilio's name even where another host was asked; the 2010 API only the
/// path.
pub(super) fn below<'a>(link: &'a str, product: Product, base: &str) -> Option<&'a str> {
    let path = link
        .strip_prefix(product.host().address())
        .or_else(|| link.strip_prefix(base))
        .unwrap_or(link);
    // `//host` and `/\host` are other hosts to a URL parser.
    let plain = path.starts_with('/') && !path.starts_with("//") && !path.contains('\\');
    plain.then_some(path)
}

impl<T: Listed> Answer for Page<T> {}

impl<'de, T: Listed> Deserialize<'de> for Page<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(PageVisitor(PhantomData))
    }
}

struct PageVisitor<T>(PhantomData<T>);

/// Where the newer hosts keep their links.
#[derive(Deserialize)]
struct Meta {
    next_page_url: Option<String>,
}

impl<'de, T: Listed> Visitor<'de> for PageVisitor<T> {
    type Value = Page<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a page of {}", T::KEY)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Page<T>, A::Error> {
        let mut items = None;
        let mut link: Option<String> = None;
        while let Some(key) = object.next_key::<String>()? {
            match key.as_str() {
                "next_page_uri" => link = object.next_value()?,
                "meta" => {
                    let meta: Option<Meta> = object.next_value()?;
                    link = meta.and_then(|meta| meta.next_page_url);
                }
                key if key == T::KEY => items = Some(object.next_value()?),
                _ => {
                    object.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(Page {
            items: items.ok_or_else(|| de::Error::missing_field(T::KEY))?,
            next: link.filter(|link| !link.is_empty()).map(|link| NextPage {
                link,
                item: PhantomData,
            }),
        })
    }
}
