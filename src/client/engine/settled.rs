//! Tells when a refusal says that an earlier attempt has done what was requested.
//!
//! The answer to a first attempt is lost, the second meets "no such resource" or "already ended":
//! the first was carried out. Without a lost answer before it, the same refusal is an error.

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

/// Reads the resource that is updated.
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
        let found = self
            .attempt(&Fetch(request, fetch), &context, attempt)
            .await
            .ok()?;
        request.is_complete(&found).then_some(found)
    }
}
