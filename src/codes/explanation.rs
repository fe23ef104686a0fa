//! Sentence about an error code.

use std::fmt;

use super::ErrorCode;

/// Meaning of an error code with advice, to show or log.
///
/// It contains no phone number, message body or secret. Created by [`ErrorCode::explanation`].
///
/// ```
/// use clinspark_twilio::codes::ErrorCode;
///
/// assert_eq!(
///     ErrorCode::LANDLINE.explanation().to_string(),
///     "Twilio error 30006: the recipient is a landline, or the carrier accepts no SMS; \
///      ask for a mobile number, or call instead"
/// );
/// assert_eq!(
///     ErrorCode::from(30_199).explanation().to_string(),
///     "Twilio error 30199: unknown error of the delivery of a message; \
///      see https://www.twilio.com/docs/api/errors/30199"
/// );
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Explanation(pub(super) ErrorCode);

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(code) = self;
        write!(f, "Twilio error {code}: {}; ", code.meaning())?;
        match code.advice() {
            Some(advice) => f.write_str(advice),
            None => write!(f, "see {}", code.url()),
        }
    }
}
