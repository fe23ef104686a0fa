//! The receiver as a `tower` layer, for axum and other frameworks built on tower.

use std::fmt;
use std::future::poll_fn;
use std::net::IpAddr;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use http::request::Parts;
use http::{Extensions, HeaderMap, Request, Response, StatusCode, header};
use http_body::Body;
use tower_layer::Layer;
use tower_service::Service;

use super::receiver::{Begun, Pending, Receiver, hide_secrets, request_kind};
use super::refusal::{Refusal, RefusalKind};
use super::refusal_log;
use super::target::requested_host;
use crate::types::{BoxError, BoxFuture};
use crate::webhook::{KeySource, Keys, PublicOrigin, SignatureErrorKind, TrustedProxies};

/// Layer that takes each webhook through every step of a [`Receiver`] before the handler.
///
/// The headers are checked first. The body is not read if the signature is missing or malformed, if
/// the method is not permitted, or if `Content-Length` is over the limit. Then the layer reads the
/// body up to the limit. The handler gets the same body, and a
/// [`Verified<Bytes>`](crate::webhook::Verified) in the request's extensions. Every other request
/// is answered with its status and an empty body, and reported to [`Receiver::on_refusal`]. A request
/// whose body breaks off is answered with 400 and not reported.
///
/// The check runs on the task that serves the request. With the default limit it takes less than a
/// millisecond for any body. With a limit of 1 MiB it takes up to 8 ms, in which the thread
/// serves no other request. Use a separate receiver for such an endpoint.
///
/// The layer sets no time limit for a slow body. Set one in the server, or in a layer around this one.
///
/// A second layer of the same receiver, or of a clone, passes on what the first one admitted. A layer
/// of another receiver takes the request through its own steps. With the
/// [`ReplayGuard`](crate::webhook::ReplayGuard) of the first, it finds the request claimed for itself.
///
/// The layer must see the path that Twilio requested. Put it around a nested router, or set
/// [`PublicOrigin::public_prefix`](crate::webhook::PublicOrigin::public_prefix), because
/// `Router::nest` removes the prefix of the path.
///
/// ```
/// use axum::Extension;
/// use axum::body::{Body, Bytes};
/// use axum::routing::post;
/// use clinspark_twilio::types::AuthToken;
/// use clinspark_twilio::webhook::{
///     InboundMessage, PublicOrigin, Receiver, SIGNATURE_HEADER, Validator, Verified, WebhookLayer,
/// };
/// # use tower_service::Service as _;
///
/// async fn sms(Extension(verified): Extension<Verified<Bytes>>) -> &'static str {
///     match verified.parse::<InboundMessage>() {
///         Ok(_) => "<Response/>",
///         Err(_) => "not a message",
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let origin = PublicOrigin::parse("https://acme.example.com")?;
/// let validator = Validator::new(AuthToken::new("12345")?, origin);
/// let receiver = Receiver::new(validator.clone(), |event| async move {
///     println!("consent event: {:?}", event.signal); // record it in your own table
///     Ok(())
/// });
/// let layer = WebhookLayer::new(receiver);
/// let mut app = axum::Router::<()>::new().route("/twilio/sms", post(sms)).layer(layer);
///
/// # let form = "MessageSid=SM00000000000000000000000000000001&From=%2B14155550123&Body=Yes\
/// #             &AccountSid=AC00000000000000000000000000000001&To=%2B14155550199";
/// # let request = || http::Request::post("/twilio/sms")
/// #     .header("content-type", "application/x-www-form-urlencoded");
/// # let signature = validator.sign(&request().body(form)?);
/// # let unsigned = request().body(Body::from(form))?;
/// # let signed = request().header(SIGNATURE_HEADER, signature).body(Body::from(form))?;
/// assert_eq!(app.call(unsigned).await?.status(), 403);
/// assert_eq!(app.call(signed).await?.status(), 200);
/// # Ok(())
/// # }
/// ```
pub struct WebhookLayer<K = Keys> {
    source: Arc<dyn ReceiverSource<K>>,
    proxies: Option<(TrustedProxies, PeerOf)>,
}

type PeerOf = Arc<dyn Fn(&Extensions) -> Option<IpAddr> + Send + Sync>;

/// The receivers of a layer, from which each request gets one.
pub(crate) trait ReceiverSource<K>: Send + Sync {
    /// Returns the receiver that judges the head of a request, before its body is read.
    fn by_head(&self, host: Option<&str>) -> Option<&Receiver<K>>;

    /// Returns the receiver of a request. A forwarded origin replaces the configured one.
    fn by_request(
        &self,
        host: Option<&str>,
        forwarded: Option<&PublicOrigin>,
        request: &Request<Bytes>,
    ) -> Option<&Receiver<K>>;

    /// Returns the function that gets refusals of requests for none of the receivers. Default: the log.
    fn on_refusal(&self) -> &(dyn Fn(&Parts, &Refusal) + Send + Sync) {
        &refusal_log::log
    }

    /// Returns `true` if an outer layer took the request through every step of one of the receivers.
    fn has_admitted(&self, extensions: &Extensions) -> bool;
}

impl<K: KeySource + Send + Sync> ReceiverSource<K> for Receiver<K> {
    fn by_head(&self, _: Option<&str>) -> Option<&Self> {
        Some(self)
    }

    fn by_request(
        &self,
        _: Option<&str>,
        _: Option<&PublicOrigin>,
        _: &Request<Bytes>,
    ) -> Option<&Self> {
        Some(self)
    }

    fn has_admitted(&self, extensions: &Extensions) -> bool {
        Self::has_admitted(self, extensions)
    }
}

impl<K: KeySource + Send + Sync + 'static> WebhookLayer<K> {
    /// Creates a layer from a receiver.
    #[must_use]
    pub fn new(receiver: Receiver<K>) -> Self {
        Self::from_source(receiver)
    }

    pub(crate) fn from_source(source: impl ReceiverSource<K> + 'static) -> Self {
        Self {
            source: Arc::new(source),
            proxies: None,
        }
    }

    /// Reads the public origin from the headers of trusted proxies, as
    /// [`verify_via_proxy`](crate::webhook::Validator::verify_via_proxy) does.
    ///
    /// `peer` returns the address of the connection's other end from the extensions; with axum that
    /// is `ConnectInfo<SocketAddr>`. Without an address, the forwarded headers are ignored.
    #[must_use]
    pub fn via_proxy(
        mut self,
        proxies: TrustedProxies,
        peer: impl Fn(&Extensions) -> Option<IpAddr> + Send + Sync + 'static,
    ) -> Self {
        self.proxies = Some((proxies, Arc::new(peer)));
        self
    }
}

impl<K> Clone for WebhookLayer<K> {
    fn clone(&self) -> Self {
        Self {
            source: Arc::clone(&self.source),
            proxies: self.proxies.clone(),
        }
    }
}

impl<K> fmt::Debug for WebhookLayer<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebhookLayer")
    }
}

impl<S, K> Layer<S> for WebhookLayer<K> {
    type Service = WebhookService<S, K>;

    fn layer(&self, inner: S) -> WebhookService<S, K> {
        WebhookService {
            inner,
            layer: self.clone(),
        }
    }
}

/// Service created by [`WebhookLayer`].
pub struct WebhookService<S, K = Keys> {
    inner: S,
    layer: WebhookLayer<K>,
}

impl<S: Clone, K> Clone for WebhookService<S, K> {
    fn clone(&self) -> Self {
        Self {
            inner: self.inner.clone(),
            layer: self.layer.clone(),
        }
    }
}

impl<S, K> fmt::Debug for WebhookService<S, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebhookService")
    }
}

impl<S, K, B, A> Service<Request<B>> for WebhookService<S, K>
where
    S: Service<Request<B>, Response = Response<A>> + Clone + Send + 'static,
    S::Future: Send,
    S::Error: Send,
    K: KeySource + Send + Sync + 'static,
    B: Body + From<Bytes> + Send + 'static,
    B::Data: Send,
    A: Body + Default + From<Bytes> + Send,
    A::Data: Send,
    A::Error: Into<BoxError>,
{
    type Response = Response<A>;
    type Error = S::Error;
    type Future = BoxFuture<'static, Result<Response<A>, S::Error>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        // `poll_ready` prepared this service and not its clone, so this one must be called.
        let next = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, next);
        let layer = self.layer.clone();
        Box::pin(async move {
            match layer.begin(request).await {
                Begin::Handle(request, pending) => match inner.call(request).await {
                    Ok(response) => Ok(settle(pending, response).await),
                    Err(error) => {
                        pending.release().await;
                        Err(error)
                    }
                },
                Begin::Answer(response) => Ok(response.map(A::from)),
            }
        })
    }
}

/// Next step for a request.
enum Begin<B> {
    Handle(Request<B>, Pending),
    Answer(Response<Bytes>),
}

impl<K: KeySource + Send + Sync> WebhookLayer<K> {
    /// Takes a request through the steps before the handler.
    async fn begin<B: Body<Data: Send> + From<Bytes> + Send>(
        &self,
        request: Request<B>,
    ) -> Begin<B> {
        if self.source.has_admitted(request.extensions()) {
            return Begin::Handle(request, Pending::of_outer_layer());
        }
        let (mut head, body) = request.into_parts();
        hide_secrets(&mut head.headers);
        let forwarded = self.proxies.as_ref().and_then(|(proxies, peer_of)| {
            let peer = peer_of(&head.extensions)?;
            proxies.origin(peer, &Request::from_parts(head.clone(), ()))
        });
        let host = forwarded
            .as_ref()
            .map(|origin| origin.host().to_owned())
            .or_else(|| requested_host(&head.uri, &head.headers));
        let Some(receiver) = self.source.by_head(host.as_deref()) else {
            let refusal = Refusal::new(RefusalKind::Host);
            self.source.on_refusal()(&head, &refusal);
            return Begin::Answer(empty(refusal.status()));
        };
        let refuse = |receiver: &Receiver<K>, refusal: Refusal| {
            receiver.refuse(&head, &refusal);
            Begin::Answer(empty(refusal.status()))
        };
        // The body of a request that is refused by its head is not read: it costs a forger more
        // than us.
        let announced = announced_length(&head.headers, &body);
        let kind = request_kind(&head.method, &head.headers);
        let validator = receiver.validator();
        if let Err(error) = validator.check_head(kind, &head.method, &head.headers, announced) {
            return refuse(receiver, error.into());
        }
        let body = match read(body, validator.max_body_bytes()).await {
            Ok(body) => body,
            Err(ReadError::TooLarge) => {
                return refuse(receiver, SignatureErrorKind::TooLarge.into());
            }
            // The sender closed the connection, so no one reads this response.
            Err(ReadError::Body) => return Begin::Answer(empty(StatusCode::BAD_REQUEST)),
        };
        // `Bytes` is reference-counted, so the handler's body is not copied.
        let request = Request::from_parts(head.clone(), body.clone());
        // The account stands in the body, so only now can one of several receivers at a host be
        // chosen.
        let chosen = self
            .source
            .by_request(host.as_deref(), forwarded.as_ref(), &request);
        let Some(receiver) = chosen else {
            return refuse(receiver, Refusal::new(RefusalKind::Account));
        };
        let verified = match receiver.verify(forwarded.as_ref(), request) {
            Ok(verified) => verified,
            Err(refusal) => return refuse(receiver, refusal),
        };
        match receiver.begin(verified).await {
            Ok(Begun::Handle(verified, pending)) => {
                let mut head = head;
                head.extensions
                    .extend(verified.request().extensions().clone());
                head.extensions.insert(verified);
                Begin::Handle(Request::from_parts(head, B::from(body)), pending)
            }
            Ok(Begun::Answered(answer)) => Begin::Answer(answer.into_response()),
            Err(refusal) => refuse(receiver, refusal),
        }
    }
}

/// Stores the answer of a handler where a retry may need it; streams every other answer through.
async fn settle<A>(pending: Pending, response: Response<A>) -> Response<A>
where
    A: Body + Default + From<Bytes> + Send,
    A::Data: Send,
    A::Error: Into<BoxError>,
{
    if !pending.stores_answer() {
        return response;
    }
    let (head, body) = response.into_parts();
    let Ok(body) = read(body, usize::MAX).await else {
        // The handler's own body broke off: the retry is handled again.
        pending.release().await;
        return empty(StatusCode::INTERNAL_SERVER_ERROR).map(A::from);
    };
    let response = Response::from_parts(head, body);
    pending.settle(response).await.map(A::from)
}

fn empty(status: StatusCode) -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = status;
    response
}

enum ReadError {
    TooLarge,
    Body,
}

/// Returns the smallest possible length of the body, as far as it is known before reading.
fn announced_length<B: Body>(headers: &HeaderMap, body: &B) -> usize {
    let header = headers.get(header::CONTENT_LENGTH);
    let length = header.and_then(|value| value.to_str().ok()?.parse().ok());
    let at_least = body.size_hint().lower().max(length.unwrap_or(0));
    usize::try_from(at_least).unwrap_or(usize::MAX)
}

/// Reads a body up to a limit.
async fn read<B: Body>(body: B, limit: usize) -> Result<Bytes, ReadError> {
    let mut body = pin!(body);
    let mut read = BytesMut::new();
    while let Some(frame) = poll_fn(|cx| body.as_mut().poll_frame(cx)).await {
        // A `Content-Length` may be wrong or missing, so the limit is also enforced while reading.
        let frame = frame.map_err(|_| ReadError::Body)?;
        let Ok(mut data) = frame.into_data() else {
            continue;
        };
        if bytes::Buf::remaining(&data) > limit - read.len() {
            return Err(ReadError::TooLarge);
        }
        bytes::BufMut::put(&mut read, &mut data);
    }
    Ok(read.freeze())
}
