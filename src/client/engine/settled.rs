//! Detects that an earlier attempt has already carried out the request.
//!
//! After a lost response, the retry of a deletion or a hang-up can be refused with "not found" or
//! "already ended". The first attempt was then carried out, and the request succeeded. Without a
//! lost response before it, the same refusal is an error.

use http::{Method, StatusCode};

use super::attempt::RequestContext;
use super::client::Client;
use super::error::Error;
use super::exchange::OperationInfo;
use super::form::Form;
use super::outcome::Effect;
use super::read::ResponseBody;
use super::request::sealed::Operation;
use super::request::{CompletionCheck, Product, Request, Target};
use super::trail::Entries;

/// Twilio's code for a resource that does not exist.
const NOT_FOUND: u32 = 20404;

/// Fetches the resource that the request updates.
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
    /// Returns the output of a request that an earlier attempt has carried out. `error` must show
    /// it and, for an update, the resource itself. Otherwise returns `None`, and `error` remains.
    pub(in crate::client) async fn settled<R: Request>(
        &self,
        request: &R,
        context: &RequestContext<'_>,
        attempt: u32,
        error: &Error,
    ) -> Option<R::Output> {
        let code = error.code()?.get();
        if request.method() == Method::DELETE {
            let gone = code == NOT_FOUND && error.status() == Some(StatusCode::NOT_FOUND);
            return gone.then(R::Output::deleted)?;
        }
        let check = request.completion_check();
        let CompletionCheck { fetch, .. } = check.filter(|check| check.code == code)?;
        let info = OperationInfo {
            operation: fetch,
            effect: Effect::Read,
            ..context.info
        };
        let context = RequestContext {
            info,
            sid: context.sid,
            entries: Entries::of(self, info, context.sid, Form::default),
            start: context.start,
        };
        // A failed fetch proves nothing: the caller returns the original error.
        let found = self
            .attempt(&Fetch(request, fetch), &context, attempt)
            .await
            .ok()?;
        request.is_complete(&found).then_some(found)
    }
}
