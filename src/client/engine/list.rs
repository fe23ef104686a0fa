//! A list as a stream of items, fetched page by page.

use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use super::client::Client;
use super::error::Error;
use super::outcome::{Effect, ErrorKind, Outcome};
use super::page::{Listed, Page, UnreadableItem};
use super::request::Request;

/// Items of a list, fetched page by page on demand.
///
/// The list ends after the last item or after the first error. An error means that the list is
/// incomplete: the items before it are valid, the items after it are unknown. An item that cannot
/// be read, such as one without a SID, does not end the list. It is skipped and reported by
/// [`unreadable`](Self::unreadable).
///
/// Two kinds of endless list end with [`ErrorKind::Decode`]: a link back to a page already read,
/// and 50 empty pages in a row.
///
/// `List` is a [`Stream`], for use with stream adaptors. Without them, call [`next`](Self::next).
///
/// ```
/// use clinspark_twilio::client::messages::ListMessages;
/// # use clinspark_twilio::phone::E164;
/// # use clinspark_twilio::client::testing::{FakeTransport, Reply};
/// # use clinspark_twilio::client::{Client, Credentials, Delivery};
/// # use clinspark_twilio::types::{AccountSid, AuthToken};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let account = AccountSid::parse("AC00000000000000000000000000000001")?;
/// # let credentials = Credentials::auth_token(account, AuthToken::new("token")?);
/// # let volunteer = E164::parse("+14155550123")?;
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
/// let mut messages = client.list(ListMessages::new().to(volunteer).page_size(1_000));
/// let mut sids = Vec::new();
/// while let Some(message) = messages.next().await {
///     // After an error, the items so far are valid, but the list is incomplete.
///     sids.push(message?.sid);
/// }
/// assert_eq!(sids.len(), 2);
/// assert!(messages.unreadable().is_empty());
/// # Ok(())
/// # }
/// ```
#[must_use = "a list sends no request until it is polled"]
pub struct List<T> {
    client: Client,
    items: VecDeque<T>,
    unreadable: Vec<UnreadableItem>,
    /// Number of items of the pages read so far.
    listed: usize,
    page: Option<Fetching<T>>,
    followed: HashSet<String>,
    /// Number of empty pages since the last item.
    empty: usize,
}

/// Number of empty pages in a row after which a list counts as endless. Filters can leave single
/// pages empty.
const MOST_EMPTY: usize = 50;

type Fetching<T> = Pin<Box<dyn Future<Output = Result<Page<T>, Error>> + Send>>;

impl<T: Listed + Send + 'static> List<T> {
    pub(in crate::client) fn new<R>(client: Client, request: R) -> Self
    where
        R: Request<Output = Page<T>> + 'static,
    {
        let asking = client.clone();
        Self {
            client,
            items: VecDeque::new(),
            unreadable: Vec::new(),
            listed: 0,
            page: Some(Box::pin(async move { asking.execute(request).await })),
            followed: HashSet::new(),
            empty: 0,
        }
    }

    /// Returns the next item, or `None` after the last one and after an error.
    ///
    /// Cancel-safe: if the future is dropped, no item is lost, and the next call continues.
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        std::future::poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }

    /// Returns the items of the pages read so far that could not be read. They are missing from the
    /// list. All of them are known once [`next`](Self::next) has returned `None`.
    #[must_use]
    pub fn unreadable(&self) -> &[UnreadableItem] {
        &self.unreadable
    }

    /// Adds the items of a page, and requests the next page unless its link was followed before.
    fn accept(&mut self, page: Page<T>) -> Result<(), Error> {
        let endless = |what| {
            Err(Error::new("NextPage", Effect::Read, ErrorKind::Decode)
                .with_outcome(Outcome::Unknown { sid: None })
                .with_message(what))
        };
        let length = page.items.len() + page.unreadable.len();
        self.empty = if length == 0 { self.empty + 1 } else { 0 };
        let first = self.listed;
        self.unreadable
            .extend(page.unreadable.into_iter().map(|mut item| {
                item.index += first;
                item
            }));
        self.listed += length;
        self.items.extend(page.items);
        let Some(next) = page.next else {
            return Ok(());
        };
        if self.empty >= MOST_EMPTY {
            return endless("50 pages in a row are empty, and the list does not end");
        }
        if !self.followed.insert(next.link.clone()) {
            return endless("the link to the next page leads back to a page already read");
        }
        let client = self.client.clone();
        self.page = Some(Box::pin(async move { client.execute(next).await }));
        Ok(())
    }
}

impl Client {
    /// Returns the items of a list as a stream. Pages are fetched on demand, up to the last one.
    ///
    /// Links to further pages are followed on the same host only. The list ends after the first
    /// error. A link back to a page already read is an error.
    pub fn list<R, T>(&self, request: R) -> List<T>
    where
        R: Request<Output = Page<T>> + 'static,
        T: Listed + Send + 'static,
    {
        List::new(self.clone(), request)
    }
}

// No field is pinned in place: the futures are boxed.
impl<T> Unpin for List<T> {}

impl<T: Listed + Send + 'static> Stream for List<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<T, Error>>> {
        loop {
            if let Some(item) = self.items.pop_front() {
                return Poll::Ready(Some(Ok(item)));
            }
            let Some(page) = &mut self.page else {
                return Poll::Ready(None);
            };
            let page = ready!(page.as_mut().poll(cx));
            self.page = None;
            match page.and_then(|page| self.accept(page)) {
                // The items of a page whose link leads back are valid: they precede the error.
                Err(error) if !self.items.is_empty() => {
                    self.page = Some(Box::pin(async move { Err(error) }));
                }
                Err(error) => return Poll::Ready(Some(Err(error))),
                Ok(()) => {}
            }
        }
    }
}

impl<T> fmt::Debug for List<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("List")
            .field("waiting", &self.items.len())
            .field("ended", &self.page.is_none())
            .finish_non_exhaustive()
    }
}
