//! [`Template`]: the texts of one template, and rendering.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt::{self, Write as _};

use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value};
use sha2::{Digest as _, Sha256};

use super::catalogue::{Catalogue, Sensitivity, Tag, is_name};
use super::data::{MergeData, RenderedText};
use super::error::{MergeError, MergeErrorKind, TemplateError, TemplateErrorKind};
use super::locale::Locale;
use super::source;
use crate::sms::{MAX_BODY_LENGTH, body_length};
use crate::types::Redacted;

/// Template of a text, with a variant for each locale.
///
/// The [module](super) shows an example. `Debug` leaves the texts out.
#[derive(Clone)]
pub struct Template {
    name: Box<str>,
    version: u32,
    requirements: BTreeSet<Box<str>>,
    /// Text for recipients whose language has none.
    default: Variant,
    others: BTreeMap<Locale, Variant>,
    tags: BTreeMap<Box<str>, Tag>,
    engine: Environment<'static>,
}

/// Text in one language, under the name of its locale in the engine.
#[derive(Clone, PartialEq, Eq)]
struct Variant {
    locale: Locale,
    text: Box<str>,
    tags: BTreeSet<Box<str>>,
}

/// Configuration of a [`Template`]. Created by [`Template::builder`].
#[derive(Clone)]
#[must_use = "nothing is checked until `build`"]
pub struct TemplateBuilder {
    name: String,
    version: u32,
    requirements: Vec<String>,
    texts: Vec<(Locale, String)>,
}

impl TemplateBuilder {
    /// Adds what a recipient must have, such as `appointment`. A recipient whose
    /// [`MergeData`] has no such [`fact`](MergeData::fact) gets no text.
    pub fn requires(mut self, requirement: impl Into<String>) -> Self {
        self.requirements.push(requirement.into());
        self
    }

    /// Adds the text for a locale. The first one is for recipients whose language has no text.
    ///
    /// A line break `\r\n` becomes `\n`, so that a file has the same [digest](Template::digest) on every
    /// system.
    pub fn variant(mut self, locale: Locale, text: impl Into<String>) -> Self {
        self.texts.push((locale, text.into()));
        self
    }

    /// Checks every text against the catalogue.
    ///
    /// # Errors
    ///
    /// [`TemplateError`] for the first fault; see [`TemplateErrorKind`].
    pub fn build(self, catalogue: &Catalogue) -> Result<Template, TemplateError> {
        if !is_name(&self.name) || !self.requirements.iter().all(|name| is_name(name)) {
            return Err(TemplateErrorKind::Name.into());
        }
        let mut texts = Texts {
            catalogue,
            tags: BTreeMap::new(),
            engine: engine(),
        };
        let mut variants: Vec<Variant> = Vec::new();
        for (locale, text) in self.texts {
            if variants.iter().any(|variant| variant.locale == locale) {
                let error = TemplateError::from(TemplateErrorKind::DuplicateVariant);
                return Err(error.in_text(&locale));
            }
            let variant = texts.check(&locale, &text);
            variants.push(variant.map_err(|error| error.in_text(&locale))?);
        }
        let mut variants = variants.into_iter();
        Ok(Template {
            name: self.name.into(),
            version: self.version,
            requirements: self.requirements.into_iter().map(Into::into).collect(),
            default: variants.next().ok_or(TemplateErrorKind::NoVariant)?,
            others: variants.map(|it| (it.locale.clone(), it)).collect(),
            tags: texts.tags,
            engine: texts.engine,
        })
    }
}

/// Texts of a template that were checked.
struct Texts<'c> {
    catalogue: &'c Catalogue,
    tags: BTreeMap<Box<str>, Tag>,
    engine: Environment<'static>,
}

impl Texts<'_> {
    fn check(&mut self, locale: &Locale, text: &str) -> Result<Variant, TemplateError> {
        let text = source::clean(text)?;
        if text.trim().is_empty() || body_length(&text) > MAX_BODY_LENGTH {
            return Err(TemplateErrorKind::Length.into());
        }
        let mut tags = BTreeSet::new();
        for found in source::merge_tags(&text)? {
            let name = found.name;
            let fault = |kind| TemplateError::of_tag(kind, name).on_line(found.line);
            let tag = self.catalogue.tag(name);
            let tag = tag.ok_or_else(|| fault(TemplateErrorKind::UnknownTag))?;
            if tag.sensitivity() == Sensitivity::Health {
                return Err(fault(TemplateErrorKind::HealthTag));
            }
            self.tags.insert(name.into(), tag.clone());
            tags.insert(name.into());
        }
        self.compile(locale, &text, &tags)?;
        Ok(Variant {
            locale: locale.clone(),
            text: text.into(),
            tags,
        })
    }

    /// Gives a text to the engine, which must read the same tags in it.
    fn compile(
        &mut self,
        locale: &Locale,
        text: &str,
        tags: &BTreeSet<Box<str>>,
    ) -> Result<(), TemplateError> {
        // The engine's own errors quote the text.
        let code = |_| TemplateError::from(TemplateErrorKind::Code);
        let name = locale.as_str();
        self.engine
            .add_template_owned(name.to_owned(), text.to_owned())
            .map_err(code)?;
        let read = self.engine.get_template(name).map_err(code)?;
        let read = read.undeclared_variables(true);
        if read == tags.iter().map(ToString::to_string).collect::<HashSet<_>>() {
            Ok(())
        } else {
            Err(TemplateErrorKind::Code.into())
        }
    }
}

/// Returns an engine without filters, functions or globals. A tag without a value is an error.
fn engine() -> Environment<'static> {
    let mut engine = Environment::empty();
    engine.set_undefined_behavior(UndefinedBehavior::Strict);
    engine.set_auto_escape_callback(|_| AutoEscape::None);
    // Otherwise the last line break of a text is cut.
    let syntax = SyntaxConfig::builder().keep_trailing_newline(true).build();
    if let Ok(syntax) = syntax {
        engine.set_syntax(syntax);
    }
    engine
}

impl Template {
    /// Starts a template.
    ///
    /// - `name`: a letter followed by up to 63 letters, digits, underscores and hyphens.
    /// - `version`: raise it with each change. A batch that was queued for another version stops.
    pub fn builder(name: impl Into<String>, version: u32) -> TemplateBuilder {
        TemplateBuilder {
            name: name.into(),
            version,
            requirements: Vec::new(),
            texts: Vec::new(),
        }
    }

    /// Returns the name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the version.
    #[must_use]
    pub const fn version(&self) -> u32 {
        self.version
    }

    /// Returns what a recipient must have, ordered by name.
    pub fn requirements(&self) -> impl Iterator<Item = &str> {
        self.requirements.iter().map(|name| &**name)
    }

    /// Returns the merge tags of all texts, ordered by name.
    pub fn tags(&self) -> impl Iterator<Item = &Tag> {
        self.tags.values()
    }

    /// Returns the locales, the default first and the others in order.
    pub fn locales(&self) -> impl Iterator<Item = &Locale> {
        self.variants().map(|variant| &variant.locale)
    }

    /// Returns the SHA-256 of name, version, requirements and texts, in lower-case hexadecimal.
    ///
    /// A stored digest shows that a text was changed without a new version. It is the same on every
    /// system and in every release of this crate. The order of the requirements, and of the texts after
    /// the first, does not change it. The catalogue is no part of it.
    #[must_use]
    pub fn digest(&self) -> String {
        let mut hash = Sha256::new();
        // Digests are stored: a change of these bytes stops every batch that is queued. Each part stands
        // after its length, so that no two templates have the same bytes.
        let mut add = |part: &str| {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        };
        add(&self.name);
        add(&self.version.to_string());
        add(&self.requirements.len().to_string());
        self.requirements.iter().for_each(|name| add(name));
        for variant in self.variants() {
            add(variant.locale.as_str());
            add(&variant.text);
        }
        let mut hex = String::with_capacity(64);
        for byte in hash.finalize() {
            let _ = write!(hex, "{byte:02x}");
        }
        hex
    }

    /// Makes the text for one recipient.
    ///
    /// The text is that of the recipient's locale, else of the locale without its last part, and so on,
    /// else the first one. A recipient with `es-MX` gets the text for `es`, but one with `es` does not get
    /// the text for `es-MX`.
    ///
    /// # Errors
    ///
    /// [`MergeError`] if a value is missing or not accepted, the text with its values is too long, or the
    /// recipient does not have what the template requires.
    pub fn render(&self, data: &MergeData) -> Result<RenderedText, MergeError> {
        let missing = self.requirements.iter().find(|name| !data.has(name));
        if let Some(name) = missing {
            return Err(MergeError::new(MergeErrorKind::MissingRequirement, name));
        }
        let variant = self.variant(data.chosen_locale());
        let mut values = Vec::with_capacity(variant.tags.len());
        for name in &variant.tags {
            let value = data
                .get(name)
                .ok_or_else(|| MergeError::new(MergeErrorKind::MissingValue, name))?;
            if !self.tags.get(name).is_some_and(|tag| tag.accepts(value)) {
                return Err(MergeError::new(MergeErrorKind::InvalidValue, name));
            }
            values.push((&**name, value));
        }
        let text = self.engine.get_template(variant.locale.as_str());
        let body = text.and_then(|text| text.render(Value::from_pairs(values)));
        // The engine's own errors may quote a value. Here it can only lack one: it read the same tags.
        let body = body.map_err(|_| MergeError::new(MergeErrorKind::MissingValue, &self.name))?;
        if body_length(&body) > MAX_BODY_LENGTH {
            return Err(MergeError::new(MergeErrorKind::TooLong, &self.name));
        }
        Ok(RenderedText {
            body: Redacted::new(body),
            locale: variant.locale.clone(),
        })
    }

    fn variant(&self, locale: Option<&Locale>) -> &Variant {
        let mut wanted = locale.cloned();
        while let Some(locale) = wanted {
            if locale == self.default.locale {
                break;
            }
            if let Some(found) = self.others.get(&locale) {
                return found;
            }
            wanted = locale.parent();
        }
        &self.default
    }

    fn variants(&self) -> impl Iterator<Item = &Variant> {
        std::iter::once(&self.default).chain(self.others.values())
    }
}

impl PartialEq for Template {
    fn eq(&self, other: &Self) -> bool {
        // The engine holds the same texts once more.
        self.name == other.name
            && self.version == other.version
            && self.requirements == other.requirements
            && self.default == other.default
            && self.others == other.others
            && self.tags == other.tags
    }
}

impl Eq for Template {}

impl fmt::Debug for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Template")
            .field("name", &self.name)
            .field("version", &self.version)
            .field("locales", &self.locales().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for TemplateBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TemplateBuilder")
            .field("name", &self.name)
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}
