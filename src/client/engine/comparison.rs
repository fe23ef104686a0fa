//! Compares a response with its request.
//!
//! A gateway, or a connection that was reused too early, can deliver the response to another
//! request. Its SID would be recorded for the wrong person. Such a response is therefore an error
//! whose outcome is unknown.

use http::StatusCode;

use super::error::Error;
use super::exchange::OperationInfo;
use super::outcome::{ErrorKind, Outcome};
use super::read::{EchoedFields, ResponseBody};
use super::request::Product;
use super::request::sealed::Operation;
use crate::phone::Address;
use crate::types::{AccountSid, is_sid};

/// Values that the response must repeat, where it has them.
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
        // An update with `AccountSid` transfers a number: the response names the new account.
        let named =
            product != Product::ApiRoot && product.names_account() && !form.has_extra("AccountSid");
        Self {
            sid: last.filter(|last| is_sid(last)).map(str::to_owned),
            account_sid: named.then_some(account_sid),
            to: form.value("To").or(looked_up).map(Address::parse),
        }
    }

    /// Returns a description of the difference, if any. It quotes nothing of the response, because
    /// errors are logged.
    fn difference(&self, echo: &EchoedFields<'_>, is_item: bool) -> Option<&'static str> {
        let differs = |expected: &str, actual: &str| !same_sid(expected, actual);
        let sid = self.sid.as_deref().zip(echo.sid);
        let account_sid = self.account_sid.as_ref().zip(echo.account_sid.as_ref());
        let to = self.to.as_ref().zip(echo.to);
        // An item of a page has another SID than the resource in the path.
        if !is_item && sid.is_some_and(|(expected, actual)| differs(expected, actual)) {
            Some("the response is about another SID")
        } else if account_sid
            .is_some_and(|(expected, actual)| differs(expected.as_str(), actual.as_str()))
        {
            Some("the response is about another account")
        } else if to.is_some_and(|(expected, actual)| is_another_person(expected, actual)) {
            Some("the response is about another person")
        } else {
            None
        }
    }
}

/// Compares only the digits of two SIDs, because Twilio finds an MMS by `SM` and by `MM`.
fn same_sid(expected: &str, actual: &str) -> bool {
    let digits = |sid: &str| sid.get(2..).unwrap_or_default().to_ascii_lowercase();
    digits(expected) == digits(actual)
}

/// Returns `true` if two addresses certainly belong to two people. Spelling and channel do not
/// count: Twilio rewrites numbers of some countries, and a Messaging Service may send by RCS.
fn is_another_person(expected: &Address, actual: &Address) -> bool {
    use Address::{Client, Messenger};
    match (expected.phone(), actual.phone()) {
        (Some(expected), Some(actual)) => expected.uniqueness_key() != actual.uniqueness_key(),
        (Some(_), None) => matches!(actual, Messenger(_) | Client(_)),
        (None, Some(_)) => matches!(expected, Messenger(_) | Client(_)),
        (None, None) => match (expected, actual) {
            (Messenger(expected), Messenger(actual)) => expected != actual,
            (Client(expected), Client(actual)) => expected != actual,
            (Messenger(_), Client(_)) | (Client(_), Messenger(_)) => true,
            // Twilio returns SIP addresses in other spellings. The remaining kinds do not identify
            // a person.
            _ => false,
        },
    }
}

/// Returns the response, or an error if it belongs to another request.
pub(in crate::client) fn check_response<R: Operation>(
    request: &R,
    account_sid: AccountSid,
    info: OperationInfo,
    status: StatusCode,
    response: R::Reads,
) -> Result<R::Reads, Error> {
    let expected = Expected::of(request, account_sid);
    let is_page = <R::Reads as ResponseBody>::IS_PAGE;
    let echoes = response.echoes();
    let difference = echoes
        .iter()
        .find_map(|echo| expected.difference(echo, is_page));
    match difference {
        None => Ok(response),
        Some(what) => Err(Error::new(info.operation, info.effect, ErrorKind::Decode)
            .with_status(Some(status))
            .with_outcome(Outcome::Unknown { sid: None })
            .with_message(format!("status {}, but {what}", status.as_u16()))),
    }
}
