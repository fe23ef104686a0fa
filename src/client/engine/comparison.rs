//! Compares an answer with the request that it answers.
//!
//! A gateway, or a connection that was reused too early, can hand over the answer to another
//! request. Its SID would be filed under the wrong person, so such an answer is an error whose
//! outcome is unknown.

use http::StatusCode;

use super::client::Client;
use super::error::{Error, ErrorKind, Outcome};
use super::exchange::Asked;
use super::request::Product;
use super::request::sealed::{Answer, Operation};
use crate::phone::Address;
use crate::types::{AccountSid, is_sid};

/// What an answer, or an item of a page, says about the request. A missing or unreadable field is
/// no difference.
#[derive(Clone, Copy, Debug, Default)]
#[expect(unnameable_types, reason = "part of the sealed `Request` only")]
#[non_exhaustive]
pub struct Echo<'a> {
    pub(in crate::client) sid: Option<&'a str>,
    pub(in crate::client) account_sid: Option<AccountSid>,
    /// The recipient, the callee, or the number that was looked up.
    pub(in crate::client) to: Option<&'a Address>,
}

/// What a request says about its answer.
struct Expected {
    sid: Option<String>,
    account_sid: Option<AccountSid>,
    to: Option<Address>,
}

impl Expected {
    fn of(request: &impl Operation, account_sid: AccountSid) -> Self {
        let form = request.form();
        let target = request.target();
        let last = target.last_segment();
        let product = request.product();
        let looked_up = last.filter(|_| product == Product::Lookups);
        // A number can be handed over to another account.
        let named = product == Product::Api && !form.has_extra("AccountSid");
        Self {
            sid: last.filter(|last| is_sid(last)).map(str::to_owned),
            account_sid: named.then_some(account_sid),
            to: form.value("To").or(looked_up).map(Address::parse),
        }
    }

    /// How an answer differs, in words that quote nothing of it.
    fn difference(&self, echo: &Echo<'_>, is_item: bool) -> Option<&'static str> {
        let differs = |asked: &str, answered: &str| !same_sid(asked, answered);
        let sid = self.sid.as_deref().zip(echo.sid);
        let account_sid = self.account_sid.as_ref().zip(echo.account_sid.as_ref());
        let to = self.to.as_ref().zip(echo.to);
        if !is_item && sid.is_some_and(|(asked, answered)| differs(asked, answered)) {
            Some("the answer is about another SID")
        } else if account_sid
            .is_some_and(|(asked, answered)| differs(asked.as_str(), answered.as_str()))
        {
            Some("the answer is about another account")
        } else if to.is_some_and(|(asked, answered)| is_another_person(asked, answered)) {
            Some("the answer is about another person")
        } else {
            None
        }
    }
}

/// Compares the digits only: Twilio finds an MMS by `SM` and by `MM`.
fn same_sid(asked: &str, answered: &str) -> bool {
    let digits = |sid: &str| sid.get(2..).unwrap_or_default().to_ascii_lowercase();
    digits(asked) == digits(answered)
}

/// Whether two addresses are two people for certain. Spelling and channel do not count: Twilio
/// rewrites numbers of some countries, and a Messaging Service may send by RCS.
fn is_another_person(asked: &Address, answered: &Address) -> bool {
    use Address::{Client, Messenger};
    match (asked.phone(), answered.phone()) {
        (Some(asked), Some(answered)) => asked.uniqueness_key() != answered.uniqueness_key(),
        (Some(_), None) => matches!(answered, Messenger(_) | Client(_)),
        (None, Some(_)) => matches!(asked, Messenger(_) | Client(_)),
        (None, None) => match (asked, answered) {
            (Messenger(asked), Messenger(answered)) => asked != answered,
            (Client(asked), Client(answered)) => asked != answered,
            (Messenger(_), Client(_)) | (Client(_), Messenger(_)) => true,
            // SIP addresses come back in other spellings; the rest is no address of a person.
            _ => false,
        },
    }
}

impl Client {
    /// Gives back an answer that is about what was asked.
    pub(in crate::client) fn compared<R: Operation>(
        &self,
        request: &R,
        asked: Asked,
        status: StatusCode,
        answer: R::Reads,
    ) -> Result<R::Reads, Error> {
        let expected = Expected::of(request, self.config.account_sid);
        let is_page = <R::Reads as Answer>::IS_PAGE;
        let echoes = answer.echoes();
        let difference = echoes
            .iter()
            .find_map(|echo| expected.difference(echo, is_page));
        match difference {
            None => Ok(answer),
            Some(what) => Err(Error::new(asked.operation, asked.effect, ErrorKind::Decode)
                .answered(Some(status))
                .ended(Outcome::Unknown { sid: None })
                .what(format!("status {}, but {what}", status.as_u16()))),
        }
    }
}
