//! Numbers that the sandbox sells: a hundred for each area code of North America, and for each type
//! in some other countries.
//!
//! The numbers of North America are those reserved for fiction, 555-0100 to 555-0199.

use crate::phone::{E164, NumberKind, PhoneNumber};
use crate::sandbox::context::Context;
use crate::sandbox::state::NumberType;

/// A country in which numbers are for sale.
pub(super) struct Country {
    pub(super) code: &'static str,
    pub(super) name: &'static str,
    /// Each type of number, with the numbers for sale without their last two digits.
    pub(super) blocks: &'static [(NumberType, &'static [&'static str])],
}

/// Place of an area code.
pub(super) struct Place {
    pub(super) area_code: &'static str,
    pub(super) locality: &'static str,
    pub(super) region: &'static str,
    pub(super) postal_code: &'static str,
    pub(super) rate_center: &'static str,
    pub(super) lata: &'static str,
    pub(super) latitude: f64,
    pub(super) longitude: f64,
}

const TOLL_FREE: &[&str] = &[
    "+180055501",
    "+183355501",
    "+184455501",
    "+185555501",
    "+186655501",
    "+187755501",
    "+188855501",
];

pub(super) const COUNTRIES: &[Country] = &[
    country(
        "US",
        "United States",
        &[
            (
                NumberType::Local,
                &[
                    "+120255501",
                    "+121255501",
                    "+131255501",
                    "+141555501",
                    "+151255501",
                    "+161755501",
                ],
            ),
            (NumberType::TollFree, TOLL_FREE),
        ],
    ),
    country(
        "CA",
        "Canada",
        &[
            (
                NumberType::Local,
                &["+141655501", "+151455501", "+160455501"],
            ),
            (NumberType::TollFree, TOLL_FREE),
        ],
    ),
    country(
        "AU",
        "Australia",
        &[
            (NumberType::Local, &["+612701000"]),
            (NumberType::Mobile, &["+614800120"]),
            (NumberType::TollFree, &["+6118001604"]),
        ],
    ),
    country(
        "BE",
        "Belgium",
        &[
            (NumberType::Local, &["+32278900"]),
            (NumberType::Mobile, &["+324600120"]),
        ],
    ),
    country(
        "CH",
        "Switzerland",
        &[
            (NumberType::Local, &["+414466810"]),
            (NumberType::Mobile, &["+417812340"]),
        ],
    ),
    country(
        "DE",
        "Germany",
        &[
            (NumberType::Local, &["+49301234560"]),
            (NumberType::Mobile, &["+49151234560"]),
            (NumberType::TollFree, &["+4980012340"]),
        ],
    ),
    country(
        "ES",
        "Spain",
        &[
            (NumberType::Local, &["+349123450"]),
            (NumberType::Mobile, &["+346123450"]),
        ],
    ),
    country(
        "FR",
        "France",
        &[
            (NumberType::Local, &["+331234560"]),
            (NumberType::Mobile, &["+336123450"]),
            (NumberType::TollFree, &["+338012340"]),
        ],
    ),
    country(
        "GB",
        "United Kingdom",
        &[
            (NumberType::Local, &["+4420794600"]),
            (NumberType::Mobile, &["+4474001230"]),
            (NumberType::TollFree, &["+4480815700"]),
        ],
    ),
    country(
        "IE",
        "Ireland",
        &[
            (NumberType::Local, &["+353145670"]),
            (NumberType::Mobile, &["+3538501230"]),
        ],
    ),
    country(
        "NL",
        "Netherlands",
        &[
            (NumberType::Local, &["+311012340"]),
            (NumberType::Mobile, &["+316123450"]),
        ],
    ),
    country(
        "SE",
        "Sweden",
        &[
            (NumberType::Local, &["+468123450"]),
            (NumberType::Mobile, &["+467012340"]),
        ],
    ),
];

const fn country(
    code: &'static str,
    name: &'static str,
    blocks: &'static [(NumberType, &'static [&'static str])],
) -> Country {
    Country { code, name, blocks }
}

const PLACES: &[Place] = &[
    place(
        "202",
        ["Washington", "DC", "20001", "WSHNGTNZN1", "236"],
        38.9,
        -77.03,
    ),
    place(
        "212",
        ["New York", "NY", "10010", "NWYRCYZN01", "132"],
        40.71,
        -74.0,
    ),
    place(
        "312",
        ["Chicago", "IL", "60601", "CHICAGO", "358"],
        41.88,
        -87.63,
    ),
    place(
        "415",
        ["San Francisco", "CA", "94108", "SNFC CNTRL", "722"],
        37.77,
        -122.42,
    ),
    place(
        "512",
        ["Austin", "TX", "78701", "AUSTIN", "558"],
        30.27,
        -97.74,
    ),
    place(
        "617",
        ["Boston", "MA", "02108", "BOSTON", "128"],
        42.36,
        -71.06,
    ),
    place(
        "416",
        ["Toronto", "ON", "M5H", "TORONTO", "888"],
        43.65,
        -79.38,
    ),
    place(
        "514",
        ["Montreal", "QC", "H2Y", "MONTREAL", "888"],
        45.5,
        -73.57,
    ),
    place(
        "604",
        ["Vancouver", "BC", "V5K", "VANCOUVER", "888"],
        49.28,
        -123.12,
    ),
];

const fn place(
    area_code: &'static str,
    [locality, region, postal_code, rate_center, lata]: [&'static str; 5],
    latitude: f64,
    longitude: f64,
) -> Place {
    Place {
        area_code,
        locality,
        region,
        postal_code,
        rate_center,
        lata,
        latitude,
        longitude,
    }
}

impl Country {
    /// Returns the country with this code of two letters.
    pub(super) fn of(code: &str) -> Option<&'static Self> {
        COUNTRIES.iter().find(|country| country.code == code)
    }

    /// Reports whether numbers of the country begin with an area code of North America.
    pub(super) fn has_area_codes(&self) -> bool {
        matches!(self.code, "US" | "CA")
    }

    /// Returns the numbers of a type that the account does not own yet, in random order. `None` if
    /// the country has no numbers of this type.
    ///
    /// With an area code, only its numbers are returned. Local numbers can have any area code of
    /// the country.
    pub(super) fn available(
        &self,
        context: &Context,
        number_type: NumberType,
        area_code: Option<&str>,
    ) -> Option<Vec<E164>> {
        let found = self.blocks.iter().find(|(sold, _)| *sold == number_type);
        let blocks = match (found?.1, area_code) {
            (blocks, None) => blocks.iter().map(|&block| block.to_owned()).collect(),
            (_, Some(area_code)) => vec![format!("+1{area_code}55501")],
        };
        let mut numbers: Vec<E164> = blocks
            .iter()
            .flat_map(|block| (0..100).map(move |last| format!("{block}{last:02}")))
            .filter_map(|text| E164::parse(&text).ok())
            .filter(|number| self.has(*number, number_type))
            .collect();
        context.read(|state| numbers.retain(|number| state.number(*number).is_none()));
        numbers.sort_by_cached_key(|number| context.ids.place_of(number.as_str()));
        Some(numbers)
    }

    /// Reports whether a number is one of this type in the country's numbering plan.
    fn has(&self, number: E164, number_type: NumberType) -> bool {
        let Ok(found) = PhoneNumber::try_from(number) else {
            return false;
        };
        let is_here = found
            .region()
            .is_some_and(|region| region.as_str() == self.code);
        match number_type {
            // The toll-free numbers of North America belong to no country of it.
            NumberType::TollFree => found.kind() == NumberKind::TollFree,
            NumberType::Mobile => is_here && found.kind() == NumberKind::Mobile,
            NumberType::Local => {
                let is_line = matches!(
                    found.kind(),
                    NumberKind::FixedLine | NumberKind::FixedLineOrMobile
                );
                is_here && is_line
            }
        }
    }
}

/// Returns the place of a number of North America, if it is known.
pub(super) fn place_of(number: E164) -> Option<&'static Place> {
    let area_code = area_code_of(number)?;
    PLACES.iter().find(|place| place.area_code == area_code)
}

/// Returns the area code of a number of North America.
pub(super) fn area_code_of(number: E164) -> Option<String> {
    let national = number.as_str().strip_prefix("+1")?;
    national.get(..3).map(str::to_owned)
}

impl Place {
    /// Returns the distance to a point in miles.
    pub(super) fn miles_to(&self, latitude: f64, longitude: f64) -> f64 {
        let (here, there) = (self.latitude.to_radians(), latitude.to_radians());
        let half = |degrees: f64| (degrees.to_radians() / 2.0).sin().powi(2);
        let chord = half(latitude - self.latitude)
            + here.cos() * there.cos() * half(longitude - self.longitude);
        2.0 * 3958.8 * chord.sqrt().min(1.0).asin()
    }
}
