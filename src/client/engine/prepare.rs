//! Turns a request into an HTTP request: checks it, builds the URL, signs in.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Method, StatusCode, header};

use super::base_url::BaseUrl;
use super::bearer::{self, Tokens};
use super::client::{Client, USER_AGENT};
use super::credentials::SignIn;
use super::error::Error;
use super::exchange::OperationInfo;
use super::outcome::ErrorKind;
use super::page;
use super::request::sealed::Operation;
use super::request::{Product, Target};
use crate::types::BearerToken;

impl Client {
    /// Checks a request and returns the HTTP request for it, without credentials.
    pub(in crate::client) fn prepare(
        &self,
        request: &impl Operation,
        info: OperationInfo,
    ) -> Result<http::Request<Bytes>, Error> {
        let refuse =
            |kind, what: String| Error::new(info.operation, info.effect, kind).with_message(what);
        // Delivery first: a blocked request is reported as blocked even if it is invalid too.
        if let Some(refusal) = self.config.delivery.refusal(|| request.reaches()) {
            let reason = request.unknown_people().unwrap_or(refusal);
            let refusal = self.config.delivery_refusal.unwrap_or(reason);
            return Err(refuse(ErrorKind::Blocked, refusal.to_owned()));
        }
        // An update with `AccountSid` transfers a number to another account.
        let is_reserved =
            || request.is_reserved() || request.form().has_extra_in_any_case("AccountSid");
        if self.config.delivery_refusal.is_some() && is_reserved() {
            let what = "this request needs a client of your own: a messenger's client neither buys \
                        nor releases numbers, and changes no auth token or API key";
            return Err(refuse(ErrorKind::Blocked, what.to_owned()));
        }
        let product = request.product();
        if self.config.borrowed && product.signs_in() && !product.names_account() {
            let what = "the request needs credentials of the sub-account itself: build a client \
                        with them";
            return Err(refuse(ErrorKind::Invalid, what.to_owned()));
        }
        let form = request.form();
        let base = self.config.base_urls.of(product.host());
        let is_local = base.is_some_and(BaseUrl::is_loopback);
        if let Some(fault) = form.first_fault(self.clock.now(), is_local) {
            return Err(refuse(ErrorKind::Invalid, fault));
        }
        let mut url = self
            .url(request)
            .map_err(|what| refuse(ErrorKind::Invalid, what.to_owned()))?;
        let method = request.method();
        let has_body = method == Method::POST || method == Method::PATCH;
        let (mut body, content_type) = (form.encode(), "application/x-www-form-urlencoded");
        let json = form.json().map(str::to_owned);
        if (!has_body || json.is_some()) && !body.is_empty() {
            url.push('?');
            url.push_str(&body);
            body.clear();
        }
        let (body, content_type) = match json {
            Some(json) => (json, "application/json"),
            None => (body, content_type),
        };
        let outgoing = http::Request::builder()
            .method(&method)
            .uri(url)
            .header(header::ACCEPT, "application/json")
            .header(header::USER_AGENT, USER_AGENT);
        let outgoing = if has_body {
            outgoing.header(header::CONTENT_TYPE, content_type)
        } else {
            outgoing
        };
        outgoing.body(Bytes::from(body)).map_err(|_| {
            // The cause would quote the URL.
            refuse(
                ErrorKind::Invalid,
                "the URL of the request is too long, or the link to the next page is malformed"
                    .to_owned(),
            )
        })
    }

    /// Returns the base URL of a product.
    pub(in crate::client) fn base(&self, product: Product) -> String {
        let host = product.host();
        match self.config.base_urls.of(host) {
            Some(base) => base.as_str().to_owned(),
            None => self.config.location.address(host.address()),
        }
    }

    /// Returns the URL of a request, or the reason for which there is none.
    fn url(&self, request: &impl Operation) -> Result<String, &'static str> {
        let product = request.product();
        let base = self.base(product);
        let path = match request.target() {
            Target::Path(path) => {
                let prefix = product.prefix(self.config.account_sid);
                return Ok(format!("{base}{prefix}{path}"));
            }
            Target::Raw(path) => path.resolved(&request.method(), self.config.account_sid)?,
            Target::Link(link) => {
                let config = &self.config;
                let replaced = config.base_urls.of(product.host()).is_some();
                let region = (!replaced).then_some(&config.location.region);
                page::below(&link, &base, region, config.account_sid).ok_or(
                    "the link to the next page is not a URL, or leads to another host, region or \
                     account",
                )?
            }
        };
        Ok(format!("{base}{path}"))
    }

    /// Returns the `Authorization` header of a request, and the bearer token in it.
    pub(in crate::client) async fn sign_in(
        &self,
        info: OperationInfo,
        timeout: Duration,
    ) -> Result<(HeaderValue, Option<BearerToken>), Error> {
        match &self.config.sign_in {
            SignIn::Basic(header) => Ok((header.clone(), None)),
            // Boxed, so that the future of a request without tokens stays small.
            SignIn::Bearer(tokens) => Box::pin(tokens.sign_in(info, timeout)).await,
            SignIn::None => {
                let what = "the client has no credentials, and the request needs them: use another \
                            constructor of `Credentials`";
                let error = Error::new(info.operation, info.effect, ErrorKind::Invalid);
                Err(error.with_message(what))
            }
        }
    }

    /// Notifies the token source if Twilio refused the token.
    pub(in crate::client) fn report_refusal(&self, error: &Error, token: Option<&BearerToken>) {
        let refused = error.status() == Some(StatusCode::UNAUTHORIZED);
        if let (true, SignIn::Bearer(tokens), Some(token)) = (refused, &self.config.sign_in, token)
        {
            tokens.0.refused(token);
        }
    }
}

impl Tokens {
    async fn sign_in(
        &self,
        info: OperationInfo,
        timeout: Duration,
    ) -> Result<(HeaderValue, Option<BearerToken>), Error> {
        let refuse = |what: &'static str| {
            Error::new(info.operation, info.effect, ErrorKind::Token).with_message(what)
        };
        let token = match tokio::time::timeout(timeout, self.0.token()).await {
            Ok(Ok(token)) => token,
            Ok(Err(cause)) => {
                let what = "the source of bearer tokens returned an error";
                return Err(refuse(what).with_source(Some(cause)));
            }
            Err(_) => return Err(refuse("the source of bearer tokens took too long")),
        };
        let header = bearer::header(&token)
            .ok_or_else(|| refuse("the bearer token has characters other than printable ASCII"))?;
        Ok((header, Some(token)))
    }
}
