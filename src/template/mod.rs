//! Templates of texts: merge tags, and nothing else.
//!
//! A [`Catalogue`] lists the merge tags of a service. A [`Template`] has a text for each locale, and is
//! checked when it is built: an unknown tag, a condition or a loop is an error then. A value that is
//! missing is an error before anything is sent.
//!
//! ```
//! use clinspark_twilio::template::{Catalogue, Locale, MergeData, Sensitivity, Tag, Template};
//!
//! let catalogue = Catalogue::new([
//!     Tag::text("first_name", Sensitivity::Personal)?,
//!     Tag::text("visit_time", Sensitivity::Personal)?,
//!     Tag::text("study_name", Sensitivity::Health)?, // for other channels than text messages
//! ])?;
//! let template = Template::builder("visit-reminder", 1)
//!     .requires("appointment")
//!     .variant(Locale::parse("en")?, "Hi {{ first_name }}, your visit is at {{ visit_time }}.")
//!     .variant(Locale::parse("es")?, "Hola {{ first_name }}: su visita es a las {{ visit_time }}.")
//!     .build(&catalogue)?;
//!
//! let data = MergeData::new()
//!     .locale(Locale::parse("es-MX")?)
//!     .value("first_name", "Ana")
//!     .value("visit_time", "9:00")
//!     .fact("appointment");
//! let text = template.render(&data)?;
//! assert_eq!(text.body().expose(), "Hola Ana: su visita es a las 9:00.");
//! assert_eq!(text.size().segments(), 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! `Messenger::text_template` (feature `client`) renders and sends: it takes the typed number, the template
//! and the data, and every gate checks the text.
//!
//! | Type | Purpose |
//! |---|---|
//! | [`Catalogue`], [`Tag`], [`Sensitivity`] | merge tags of a service, with the values that each accepts |
//! | [`Template`], [`TemplateBuilder`] | texts of one template, checked against the catalogue |
//! | [`Locale`] | language of a text and of a recipient |
//! | [`MergeData`], [`RenderedText`] | values of one recipient, and the text that they make |
//! | [`TemplateError`], [`MergeError`] | fault of a template; fault of one recipient's data |

mod catalogue;
mod data;
mod error;
mod locale;
mod source;
#[expect(
    clippy::module_inception,
    reason = "the file holds the type `Template`"
)]
mod template;

pub use self::catalogue::{Catalogue, Sensitivity, Tag};
pub use self::data::{MergeData, RenderedText};
pub use self::error::{MergeError, MergeErrorKind, TemplateError, TemplateErrorKind};
pub use self::locale::{Locale, LocaleError};
pub use self::template::{Template, TemplateBuilder};
