//! From what a receptionist typed to the one number it can mean, or to a sentence saying why not.
//!
//! ```
//! use clinspark_twilio::phone::{CountryPrefix, Normalizer, PhoneErrorKind};
//!
//! let clinic = Normalizer::for_prefix(CountryPrefix::parse("+61")?);
//! let typed = clinic.normalize("0491 570 156")?;
//! assert_eq!(typed.e164().as_str(), "+61491570156");
//!
//! // A number typed with its country code never meets the clinic's default.
//! let abroad = clinic.normalize("+44 20 7946 0018")?;
//! assert_eq!(abroad.e164().as_str(), "+442079460018");
//!
//! let refused = clinic.normalize("1231231234").unwrap_err();
//! assert_eq!(refused.kind(), PhoneErrorKind::NotInNumberingPlan);
//! # Ok::<(), clinspark_twilio::phone::PhoneError>(())
//! ```
//!
//! | Type | What it is |
//! |---|---|
//! | [`Normalizer`] | reads typed numbers under a clinic's default country |
//! | [`CountryPrefix`], [`Region`] | the two ways to name that country |
//! | [`PhoneNumber`] | a number found in the numbering plan: E.164, region, kind, how it was read |
//! | [`E164`] | a number in the one form that may be stored, compared and sent to |
//! | [`UniquenessKey`] | what tells volunteers apart, however their number is written |
//! | [`Recipient`], [`Callee`] | whom we may text, whom we may call |
//! | [`Address`] | whatever a webhook brings in `From` and `To` |
//! | [`PhoneError`] | why a number was refused, without the number |
//! | [`PLAN_VERSION`] | the version of Google's numbering plan that all of this stands on |

mod address;
mod country;
mod e164;
mod endpoint;
mod error;
mod extension;
#[cfg(feature = "phonenumber")]
#[cfg_attr(clinspark_twilio_docs, doc(cfg(feature = "phonenumber")))]
mod interop;
mod number;
mod number_kind;
mod parse;
mod plan;
mod uniqueness_key;
mod withheld;

pub use address::{Address, Callee, OtherAddress, Recipient};
pub use country::{CountryPrefix, Region};
pub use e164::{E164, Masked, exposed_number};
pub use endpoint::{
    AddressError, AlphanumericSender, ClientIdentity, MessengerId, RcsSender, ShortCode, SipUri,
};
pub use error::{PhoneError, PhoneErrorKind};
pub use extension::Extension;
pub use number::{CountryCodeSource, NumberWarning, PhoneNumber};
pub use number_kind::{NumberKind, NumberKinds};
pub use parse::Normalizer;
pub use plan::PLAN_VERSION;
pub use uniqueness_key::UniquenessKey;
pub use withheld::WithheldReason;
