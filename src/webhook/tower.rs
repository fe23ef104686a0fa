//! Signature verification as a `tower` layer, for axum and other frameworks built on tower.

use std::fmt;
use std::future::{Future, poll_fn};
use std::net::IpAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use http::{Extensions, HeaderMap, Request, Response, StatusCode, header};
use http_body::Body;
use tower_layer::Layer;
use tower_service::Service;

use super::check::{RequestKind, is_handshake};
use super::error::{SignatureError, SignatureErrorKind as Kind};
use super::key::{KeySource, Keys};
use super::proxy::TrustedProxies;
use super::validator::Validator;
use super::verified::Verified;

/// Layer that passes on only requests that Twilio signed.
///
/// This layer has no consent gate: alone, it does not record a STOP. A service with a `Messenger`
/// must give the request to `Messenger::receive`, or the [`Verified`] request to
/// `Messenger::admit`.
///
/// The headers are checked first. The body is not read if the signature is missing or malformed, if
/// the method is not permitted, or if `Content-Length` is over the limit. Then the layer reads the
/// body up to the limit and verifies the request. A WebSocket handshake is verified as a handshake.
/// The handler gets the same body, and a [`Verified<Bytes>`](Verified) in the request's extensions.
/// Every other request is answered with a bare 403, or with 413 if it is too large.
/// [`on_refusal`](Self::on_refusal) receives the reason.
///
/// The check runs on the task that serves the request. With the default limit it takes less than a
/// millisecond for any body. With a limit of 1 MiB it takes up to 8 ms, in which the thread
/// serves no other request. Use a separate validator for such an endpoint.
///
/// The layer must see the path that Twilio requested. Put it around a nested router, not inside,
/// because `Router::nest` removes the prefix of the path.
///
/// ```
/// use axum::Extension;
/// use axum::body::{Body, Bytes};
/// use axum::routing::post;
/// use clinspark_twilio::types::AuthToken;
/// use clinspark_twilio::webhook::{
///     InboundMessage, PublicOrigin, SIGNATURE_HEADER, Validator, Verified, VerifyLayer,
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
/// let layer = VerifyLayer::new(validator.clone()).on_refusal(|refusal| eprintln!("{refusal}"));
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
pub struct VerifyLayer<K = Keys> {
    verifier: Arc<Verifier<K>>,
}

/// Validator and options, shared by the services of one layer.
struct Verifier<K> {
    validator: Validator<K>,
    proxies: Option<(TrustedProxies, PeerOf)>,
    on_refusal: Option<OnRefusal>,
}

type PeerOf = Arc<dyn Fn(&Extensions) -> Option<IpAddr> + Send + Sync>;
type OnRefusal = Arc<dyn Fn(&SignatureError) + Send + Sync>;

impl<K: KeySource> VerifyLayer<K> {
    /// Creates a layer from a validator.
    #[must_use]
    pub fn new(validator: Validator<K>) -> Self {
        Self::of(Verifier {
            validator,
            proxies: None,
            on_refusal: None,
        })
    }

    /// Reads the public origin from the headers of trusted proxies, as
    /// [`verify_via_proxy`](Validator::verify_via_proxy) does.
    ///
    /// `peer` returns the address of the connection's other end from the extensions; with axum that
    /// is `ConnectInfo<SocketAddr>`. Without an address, the forwarded headers are ignored.
    #[must_use]
    pub fn via_proxy(
        self,
        proxies: TrustedProxies,
        peer: impl Fn(&Extensions) -> Option<IpAddr> + Send + Sync + 'static,
    ) -> Self
    where
        K: Clone,
    {
        let verifier = Arc::unwrap_or_clone(self.verifier);
        Self::of(Verifier {
            proxies: Some((proxies, Arc::new(peer))),
            ..verifier
        })
    }

    /// Sets a function that is called for every refused request, for logs and metrics.
    #[must_use]
    pub fn on_refusal(self, tell: impl Fn(&SignatureError) + Send + Sync + 'static) -> Self
    where
        K: Clone,
    {
        let verifier = Arc::unwrap_or_clone(self.verifier);
        Self::of(Verifier {
            on_refusal: Some(Arc::new(tell)),
            ..verifier
        })
    }

    fn of(verifier: Verifier<K>) -> Self {
        Self {
            verifier: Arc::new(verifier),
        }
    }
}

impl<K: Clone> Clone for Verifier<K> {
    fn clone(&self) -> Self {
        Self {
            validator: self.validator.clone(),
            proxies: self.proxies.clone(),
            on_refusal: self.on_refusal.clone(),
        }
    }
}

impl<K> Clone for VerifyLayer<K> {
    fn clone(&self) -> Self {
        Self {
            verifier: Arc::clone(&self.verifier),
        }
    }
}

impl<K> fmt::Debug for VerifyLayer<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("VerifyLayer")
    }
}

impl<S, K> Layer<S> for VerifyLayer<K> {
    type Service = Verify<S, K>;

    fn layer(&self, inner: S) -> Verify<S, K> {
        Verify {
            inner,
            verifier: Arc::clone(&self.verifier),
        }
    }
}

/// Service created by [`VerifyLayer`].
pub struct Verify<S, K = Keys> {
    inner: S,
    verifier: Arc<Verifier<K>>,
}

impl<S: Clone, K> Clone for Verify<S, K> {
    fn clone(&self) -> Self {
        Self {
            inner: self.inner.clone(),
            verifier: Arc::clone(&self.verifier),
        }
    }
}

impl<S, K> fmt::Debug for Verify<S, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Verify")
    }
}

impl<S, K, B, A> Service<Request<B>> for Verify<S, K>
where
    S: Service<Request<B>, Response = Response<A>> + Clone + Send + 'static,
    S::Future: Send,
    K: KeySource + Send + Sync + 'static,
    B: Body + From<Bytes> + Send + 'static,
    B::Data: Send,
    A: Default,
{
    type Response = Response<A>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<A>, S::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        // `poll_ready` prepared this service and not its clone, so this one must be called.
        let next = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, next);
        let verifier = Arc::clone(&self.verifier);
        Box::pin(async move {
            match verifier.verify_body(request).await {
                Ok(request) => inner.call(request).await,
                Err(status) => {
                    let mut refusal = Response::new(A::default());
                    *refusal.status_mut() = status;
                    Ok(refusal)
                }
            }
        })
    }
}

impl<K: KeySource + Send + Sync> Verifier<K> {
    /// Returns the request with its body and the proof in its extensions, or the status of the
    /// refusal.
    async fn verify_body<B: Body<Data: Send> + From<Bytes> + Send>(
        &self,
        request: Request<B>,
    ) -> Result<Request<B>, StatusCode> {
        let (parts, body) = request.into_parts();
        let kind = if is_handshake(&parts.method, &parts.headers) {
            RequestKind::WebSocket
        } else {
            RequestKind::Webhook
        };
        let announced = announced_length(&parts.headers, &body);
        self.validator
            .check_head(kind, &parts.method, &parts.headers, announced)
            .map_err(|refusal| self.refuse(&refusal))?;
        let body = match read(body, self.validator.max_body_bytes()).await {
            Ok(body) => body,
            Err(ReadError::TooLarge) => return Err(self.refuse(&Kind::TooLarge.into())),
            // The sender closed the connection, so no one reads this response.
            Err(ReadError::Body) => return Err(StatusCode::BAD_REQUEST),
        };
        // `Bytes` is reference-counted, so the handler's body is not copied.
        let verified = self
            .verify(kind, Request::from_parts(parts.clone(), body.clone()))
            .map_err(|refusal| self.refuse(&refusal))?;
        let mut request = Request::from_parts(parts, B::from(body));
        request.extensions_mut().insert(verified);
        Ok(request)
    }

    fn verify(
        &self,
        kind: RequestKind,
        request: Request<Bytes>,
    ) -> Result<Verified<Bytes>, SignatureError> {
        let forwarded = self.proxies.as_ref().and_then(|(proxies, peer_of)| {
            proxies.origin(peer_of(request.extensions())?, &request)
        });
        self.validator
            .verify_kind(kind, forwarded.as_ref(), request)
    }

    fn refuse(&self, refusal: &SignatureError) -> StatusCode {
        if let Some(tell) = &self.on_refusal {
            tell(refusal);
        }
        refusal.status()
    }
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
