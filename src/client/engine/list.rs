//! A list as a stream, page after page.

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

/// The items of a list, fetched page by page as they are asked for.
///
/// It ends after the last item or after the first error, whichever comes first. An error means
/// that the list is not complete: what came before it is right, what comes after it is unknown.
/// An item that cannot be read, such as one without a SID, ends nothing: it is left out and
/// reported by [`unreadable`](Self::unreadable).
///
/// Two kinds of endless list are errors, [`ErrorKind::Decode`]: a link that leads back to a page
/// that was read, and 50 empty pages in a row.
///
/// It is a [`Stream`], for those who use a crate of stream adaptors, and has
/// [`next`](Self::next) for those who do not.
///
/// ```no_run
/// # use clinspark_twilio::client::{Client, Error};
/// use clinspark_twilio::client::messages::ListMessages;
/// # use clinspark_twilio::phone::E164;
///
/// # async fn example(client: &Client, volunteer: E164) -> Result<(), Error> {
/// let mut messages = client.list(ListMessages::new().to(volunteer).page_size(1_000));
/// while let Some(message) = messages.next().await {
///     let message = message?;
///     println!("{} {:?}", message.sid, message.status);
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "a list asks for nothing until it is polled"]
pub struct List<T> {
    client: Client,
    items: VecDeque<T>,
    unreadable: Vec<UnreadableItem>,
    /// Items of the pages that were read.
    listed: usize,
    page: Option<Fetching<T>>,
    followed: HashSet<String>,
    /// Empty pages since the last item.
    empty: usize,
}

/// Filters may leave a page empty; so many in a row are a server that never ends the list.
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

    /// The next item, or `None` after the last one and after an error.
    ///
    /// Dropping the future loses nothing: the next call goes on where it was.
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        std::future::poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }

    /// Items that could not be read, of the pages read so far. They are missing from the list; once
    /// [`next`](Self::next) has returned `None`, all are known.
    #[must_use]
    pub fn unreadable(&self) -> &[UnreadableItem] {
        &self.unreadable
    }

    /// Takes a page in, and starts on the next unless its link was followed before.
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
            return endless("the link to the next page leads back to a page that was read");
        }
        let client = self.client.clone();
        self.page = Some(Box::pin(async move { client.execute(next).await }));
        Ok(())
    }
}

impl Client {
    /// Reads a list to its end, page after page, as its items are asked for.
    ///
    /// Links to further pages are followed on the host that was asked only. The list ends after
    /// the first error; a link that leads back is one.
    pub fn list<R, T>(&self, request: R) -> List<T>
    where
        R: Request<Output = Page<T>> + 'static,
        T: Listed + Send + 'static,
    {
        List::new(self.clone(), request)
    }
}

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
                // The items of a page that leads back are right: they come before the error.
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
