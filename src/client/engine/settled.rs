//! Tells when a refusal says that an earlier attempt has done what was asked.
//!
//! The answer to a first attempt is lost, the second meets "no such resource" or "already ended":
//! the first was carried out. Without a lost answer before it, the same refusal is an error.

use http::{Method, StatusCode};

use super::audit::Entries;
use super::client::Client;
use super::error::{Effect, Error};
use super::exchange::Asked;
use super::execute::About;
use super::form::Form;
use super::request::sealed::{Answer, Operation};
use super::request::{Product, Request, Target};

/// Twilio's code for a resource that does not exist.
const NOT_FOUND: u32 = 20404;

/// How the present state of a resource shows that an update has been carried out.
#[expect(unnameable_types, reason = "part of the sealed `Request` only")]
#[derive(Debug)]
#[non_exhaustive]
pub struct Settles {
    /// Twilio's code for a state in which the update is not possible.
    pub(in crate::client) code: u32,
    /// Name of the request that reads the resource, such as `FetchCall`.
    pub(in crate::client) fetch: &'static str,
}

/// Reads the resource that an update is about.
struct Fetch<'a, R>(&'a R, &'static str);

impl<R: Request> Request for Fetch<'_, R> {
    type Output = R::Output;
}

impl<R: Operation> Operation for Fetch<'_, R> {
    type Reads = R::Reads;

    fn name(&self) -> &'static str {
        self.1
    }

    fn product(&self) -> Product {
        self.0.product()
    }

    fn method(&self) -> Method {
        Method::GET
    }

    fn effect(&self) -> Effect {
        Effect::Read
    }

    fn target(&self) -> Target {
        self.0.target()
    }

    fn form(&self) -> Form {
        Form::default()
    }
}

impl Client {
    /// The answer to a request that an earlier attempt has carried out, where `error` and, for an
    /// update, the resource itself show it. `None` where they do not: then `error` stands.
    pub(in crate::client) async fn settled<R: Request>(
        &self,
        request: &R,
        about: &About<'_>,
        attempt: u32,
        error: &Error,
    ) -> Option<R::Output> {
        let code = error.code()?.get();
        if request.method() == Method::DELETE {
            let gone = code == NOT_FOUND && error.status() == Some(StatusCode::NOT_FOUND);
            return gone.then(R::Output::deleted)?;
        }
        let Settles { fetch, .. } = request.settles().filter(|settles| settles.code == code)?;
        let asked = Asked {
            operation: fetch,
            effect: Effect::Read,
            ..about.asked
        };
        let about = About {
            asked,
            sid: about.sid,
            entries: Entries::of(self, asked, about.sid, Form::default),
            start: about.start,
        };
        let found = self
            .attempt(&Fetch(request, fetch), &about, attempt)
            .await
            .ok()?;
        request.is_done(&found).then_some(found)
    }
}
