//! What a person typed, read as the one number it can mean.

use phonenumber::metadata::DATABASE;
use phonenumber::{Metadata, Type};

use super::country::{CountryPrefix, Region};
use super::e164::E164;
use super::error::{PhoneError, PhoneErrorKind};

/// Google's own limit on the text of a number, in characters.
const MAX_INPUT: usize = 250;
/// No number of more digits exists, whatever prefixes are typed before it: 15 and `0011` and `0`.
const MAX_DIGITS: usize = 20;

/// Reads typed numbers under a clinic's default country.
///
/// The default is used only when no country code is typed. What cannot be read as exactly one
/// number of its country's numbering plan is refused: a refused number costs a question, a
/// misread one reaches a stranger.
///
/// ```
/// use clinspark_twilio::phone::{Normalizer, Region};
///
/// let clinic = Normalizer::for_region(Region::parse("US")?);
/// assert_eq!(clinic.normalize("(415) 555-0123")?.e164().as_str(), "+14155550123");
/// assert_eq!(clinic.normalize("+8613123456789")?.e164().as_str(), "+8613123456789");
/// assert!(clinic.normalize("1231231234").is_err()); // there is no area code 123
/// # Ok::<(), clinspark_twilio::phone::PhoneError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Normalizer {
    region: Option<Region>,
    /// A default calling code that belongs to no region, or whose region is not the default.
    prefix: Option<CountryPrefix>,
}

impl Normalizer {
    /// No default: every number must be typed with its country code.
    #[must_use]
    pub const fn international() -> Self {
        Self {
            region: None,
            prefix: None,
        }
    }

    /// Numbers typed without a country code belong to the main country of this calling code.
    #[must_use]
    pub const fn for_prefix(prefix: CountryPrefix) -> Self {
        Self {
            region: prefix.region(),
            prefix: Some(prefix),
        }
    }

    /// Numbers typed without a country code belong to this region.
    #[must_use]
    pub const fn for_region(region: Region) -> Self {
        Self {
            region: Some(region),
            prefix: None,
        }
    }

    /// From settings where either, both or neither may be given.
    ///
    /// # Errors
    ///
    /// [`PhoneErrorKind::ConflictingDefaults`] when the region does not use the calling code.
    pub fn from_defaults(
        prefix: Option<CountryPrefix>,
        region: Option<Region>,
    ) -> Result<Self, PhoneError> {
        match (prefix, region) {
            (Some(prefix), Some(region)) if region.calling_code() != prefix.code() => {
                Err(PhoneErrorKind::ConflictingDefaults.into())
            }
            (_, Some(region)) => Ok(Self::for_region(region)),
            (Some(prefix), None) => Ok(Self::for_prefix(prefix)),
            (None, None) => Ok(Self::international()),
        }
    }

    /// Reads one number.
    ///
    /// # Errors
    ///
    /// [`PhoneError`], whose kind and message say what to mend; it never holds the number.
    pub fn normalize(&self, text: &str) -> Result<PhoneNumber, PhoneError> {
        let digits = fold(text)?;
        if let Some(international) = digits.strip_prefix('+') {
            return read_international(international);
        }
        if let Some(international) = self.strip_international_prefix(&digits) {
            return read_international(international);
        }
        let Some(region) = self.region else {
            return Err(if self.prefix.is_some() {
                // A code without a country (800, 881 ...): only `+` can be meant.
                PhoneErrorKind::NotInNumberingPlan.into()
            } else {
                PhoneErrorKind::MissingCountry.into()
            });
        };
        read_national(region, &digits)
    }

    /// Dialling `00` (or what the default region dials) in front of the country code.
    fn strip_international_prefix<'d>(&self, digits: &'d str) -> Option<&'d str> {
        let meta = DATABASE.by_id(self.region?.as_str())?;
        let prefix = meta.international_prefix()?.as_str();
        // Regions with several prefixes have a pattern here; those are not read.
        let literal = prefix.bytes().all(|b| b.is_ascii_digit());
        literal.then(|| digits.strip_prefix(prefix)).flatten()
    }
}

/// A number found in the numbering plan of its country.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PhoneNumber {
    e164: E164,
    region: Option<Region>,
    kind: NumberKind,
}

impl PhoneNumber {
    /// The number in the form to store, compare and send to.
    #[must_use]
    pub const fn e164(&self) -> E164 {
        self.e164
    }

    /// The country or territory it belongs to; `None` for numbers that belong to none, such as
    /// international freephone.
    #[must_use]
    pub const fn region(&self) -> Option<Region> {
        self.region
    }

    /// What the number is for, as far as its digits tell.
    #[must_use]
    pub const fn kind(&self) -> NumberKind {
        self.kind
    }
}

/// What a number is for, as far as its digits tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NumberKind {
    /// A landline: most cannot be texted.
    FixedLine,
    /// A mobile.
    Mobile,
    /// One or the other: in the US and Canada the digits do not tell.
    FixedLineOrMobile,
    /// Free to the caller.
    TollFree,
    /// Charged at a premium.
    PremiumRate,
    /// Charged to both sides.
    SharedCost,
    /// Follows a person between lines.
    Personal,
    /// Voice over IP.
    Voip,
    /// A pager.
    Pager,
    /// A company's number for a whole country.
    Uan,
    /// A voicemail box.
    Voicemail,
}

/// Every kind with the crate's name for it, in Google's order of precedence.
const KINDS: [(Type, NumberKind); 10] = [
    (Type::PremiumRate, NumberKind::PremiumRate),
    (Type::TollFree, NumberKind::TollFree),
    (Type::SharedCost, NumberKind::SharedCost),
    (Type::Voip, NumberKind::Voip),
    (Type::PersonalNumber, NumberKind::Personal),
    (Type::Pager, NumberKind::Pager),
    (Type::Uan, NumberKind::Uan),
    (Type::Voicemail, NumberKind::Voicemail),
    (Type::FixedLine, NumberKind::FixedLine),
    (Type::Mobile, NumberKind::Mobile),
];

/// Keeps `+` and digits, drops what people put between them, refuses the rest.
fn fold(text: &str) -> Result<String, PhoneError> {
    if text.len() > MAX_INPUT && text.chars().nth(MAX_INPUT).is_some() {
        return Err(PhoneErrorKind::TooLongInput.into());
    }
    let mut folded = String::with_capacity(MAX_DIGITS);
    for c in text.chars() {
        match c {
            '0'..='9' => folded.push(c),
            '+' | '\u{FF0B}' if folded.is_empty() => folded.push('+'),
            c if is_separator(c) => {}
            c if c.is_alphabetic() => return Err(PhoneErrorKind::Letters.into()),
            _ => return Err(PhoneErrorKind::NotANumber.into()),
        }
    }
    if folded.is_empty() {
        return Err(PhoneErrorKind::Empty.into());
    }
    if folded.len() > MAX_DIGITS {
        return Err(PhoneErrorKind::TooLong.into());
    }
    Ok(folded)
}

/// What people put between digits, and the invisible marks that pasted contacts carry.
fn is_separator(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '-' | '(' | ')' | '.' | '/' | '\u{2010}'..='\u{2015}' | '\u{2212}'
        )
        || matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}')
        || matches!(c, '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// Reads country code and national number; no default plays any part.
fn read_international(digits: &str) -> Result<PhoneNumber, PhoneError> {
    let number = format!("+{digits}");
    let parsed = phonenumber::parse(None, &number).map_err(|error| parse_error(&error))?;
    accept(&parsed, |e164| e164 == number)
}

/// Reads a national number of the default region.
fn read_national(region: Region, digits: &str) -> Result<PhoneNumber, PhoneError> {
    let id = region
        .as_str()
        .parse()
        .map_err(|_| PhoneErrorKind::UnknownRegion)?;
    let parsed = phonenumber::parse(Some(id), digits).map_err(|error| parse_error(&error))?;
    if parsed.code().value() != region.calling_code() {
        return Err(PhoneErrorKind::Ambiguous.into());
    }
    // The trunk prefix may go, digits may not come: what was typed must end as the number does.
    let national = parsed.national().to_string();
    if !digits.ends_with(&national) {
        return Err(PhoneErrorKind::NotInNumberingPlan.into());
    }
    accept(&parsed, |_| true)
}

/// Takes the crate's reading if the numbering plan has it and it is the number that was typed.
fn accept(
    parsed: &phonenumber::PhoneNumber,
    is_as_typed: impl FnOnce(&str) -> bool,
) -> Result<PhoneNumber, PhoneError> {
    let code = parsed.code().value();
    let national = parsed.national().to_string();
    let text = format!("+{code}{national}");
    if !is_as_typed(&text) {
        return Err(PhoneErrorKind::NotInNumberingPlan.into());
    }
    let (region, kind) = classify(code, &national).ok_or(PhoneErrorKind::NotInNumberingPlan)?;
    Ok(PhoneNumber {
        e164: E164::parse(&text)?,
        region,
        kind,
    })
}

/// The region and kind of a number: the first region of its code whose plan has it.
fn classify(code: u16, national: &str) -> Option<(Option<Region>, NumberKind)> {
    DATABASE.by_code(&code)?.into_iter().find_map(|meta| {
        if let Some(leading) = meta.leading_digits() {
            // A region that is told by its leading digits has no say in other numbers.
            leading.find(national).filter(|found| found.start() == 0)?;
        }
        Some((Region::parse(meta.id()).ok(), kind(meta, national)?))
    })
}

fn kind(meta: &Metadata, national: &str) -> Option<NumberKind> {
    let plan = meta.descriptors();
    let fits = |kind| plan.get(kind).is_some_and(|d| d.is_match(national));
    if !plan.general().is_match(national) {
        return None;
    }
    let (_, kind) = KINDS.into_iter().find(|(google, _)| fits(*google))?;
    if kind == NumberKind::FixedLine && fits(Type::Mobile) {
        return Some(NumberKind::FixedLineOrMobile);
    }
    Some(kind)
}

fn parse_error(error: &phonenumber::ParseError) -> PhoneError {
    match error {
        phonenumber::ParseError::InvalidCountryCode => PhoneErrorKind::UnknownCallingCode,
        phonenumber::ParseError::TooShortAfterIdd | phonenumber::ParseError::TooShortNsn => {
            PhoneErrorKind::TooShort
        }
        phonenumber::ParseError::TooLong => PhoneErrorKind::TooLong,
        _ => PhoneErrorKind::NotANumber,
    }
    .into()
}
