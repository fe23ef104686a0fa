//! The parser: from typed text to a number of the numbering plan.
//!
//! ```text
//! "tel:+44 (0)20 7946 0018 ext. 12"
//!   │ scan         characters, labels, extension; no country's rules yet
//!   ▼
//! TypedNumber      + 4402079460018, extension 12, a zero in brackets
//!   │ interpret    every reading that the digits have under the default country, each by
//!   │   candidate    international prefix, country code, national prefix, in Google's order:
//!   │                Candidate 44, 2079460018
//!   │   lookup       the numbering plan; two numbers that differ are ambiguous
//!   ▼
//! PhoneNumber      +442079460018, GB, landline
//!   │ normalizer   the caller's options: kinds, extensions, letters, test numbers
//!   ▼
//! PhoneNumber or PhoneError
//! ```
//!
//! [`normalizer`] runs the stages. [`double_zero`] reads numbers that begin with `00`. [`stored`]
//! parses numbers that are already in E.164 form, without these stages.

mod candidate;
mod double_zero;
mod interpret;
mod lookup;
mod normalizer;
mod scan;
mod stored;

pub use normalizer::Normalizer;
