//! Phone numbers: parses typed text into E.164, or explains in one sentence why it is refused.
//!
//! ```
//! use clinspark_twilio::phone::{CountryPrefix, Normalizer, PhoneErrorKind};
//!
//! let clinic = Normalizer::for_prefix(CountryPrefix::parse("+61")?);
//! let typed = clinic.normalize("0491 570 156")?;
//! assert_eq!(typed.e164().as_str(), "+61491570156");
//!
//! // A number typed with its country code ignores the clinic's default.
//! let abroad = clinic.normalize("+44 20 7946 0018")?;
//! assert_eq!(abroad.e164().as_str(), "+442079460018");
//!
//! let refused = clinic.normalize("1231231234").unwrap_err();
//! assert_eq!(refused.kind(), PhoneErrorKind::NotInNumberingPlan);
//! # Ok::<(), clinspark_twilio::phone::PhoneError>(())
//! ```
//!
//! | Type | Description |
//! |---|---|
//! | [`Normalizer`] | parser of typed numbers, with a clinic's default country |
//! | [`CountryPrefix`], [`Region`] | default country, as a calling code or as two letters |
//! | [`PhoneNumber`] | number found in the numbering plan: E.164, region, kind, source of the country code |
//! | [`E164`] | number in the form to store, to compare and to send to |
//! | [`UniquenessKey`] | key to tell volunteers apart, equal for every spelling of one mobile |
//! | [`Recipient`], [`Callee`] | address that can be texted, address that can be called |
//! | [`Address`] | any value of `From` and `To` in a webhook |
//! | [`PhoneError`] | reason for refusing a number, without the number |
//! | [`PLAN_VERSION`] | version of Google's numbering plan, on which all lookups are based |

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
