//! Countries that permissions can be set for: names, continents and country codes.

use crate::phone::Region;

/// Names of the countries of each continent, in Twilio's words for the continents.
const CONTINENTS: [(&str, &str); 6] = [
    (
        "AFRICA",
        "AO Angola, BF Burkina Faso, BI Burundi, BJ Benin, BW Botswana, CD Democratic Republic \
         of the Congo, CF Central African Republic, CG Congo, CI Ivory Coast, CM Cameroon, CV \
         Cape Verde, DJ Djibouti, DZ Algeria, EG Egypt, EH Western Sahara, ER Eritrea, ET \
         Ethiopia, GA Gabon, GH Ghana, GM Gambia, GN Guinea, GQ Equatorial Guinea, GW \
         Guinea-Bissau, KE Kenya, KM Comoros, LR Liberia, LS Lesotho, LY Libya, MA Morocco, MG \
         Madagascar, ML Mali, MR Mauritania, MU Mauritius, MW Malawi, MZ Mozambique, NA \
         Namibia, NE Niger, NG Nigeria, RE Reunion, RW Rwanda, SC Seychelles, SD Sudan, SH \
         Saint Helena, AC Ascension Island, TA Tristan da Cunha, SL Sierra Leone, SN Senegal, \
         SO Somalia, SS South Sudan, ST Sao Tome and Principe, SZ Eswatini, TD Chad, TG Togo, \
         TN Tunisia, TZ Tanzania, UG Uganda, YT Mayotte, ZA South Africa, ZM Zambia, ZW \
         Zimbabwe",
    ),
    (
        "ASIA",
        "AE United Arab Emirates, AF Afghanistan, AM Armenia, AZ Azerbaijan, BD Bangladesh, BH \
         Bahrain, BN Brunei, BT Bhutan, CC Cocos Islands, CN China, CX Christmas Island, CY \
         Cyprus, GE Georgia, HK Hong Kong, ID Indonesia, IL Israel, IN India, IO British Indian \
         Ocean Territory, IQ Iraq, IR Iran, JO Jordan, JP Japan, KG Kyrgyzstan, KH Cambodia, KP \
         North Korea, KR South Korea, KW Kuwait, KZ Kazakhstan, LA Laos, LB Lebanon, LK Sri \
         Lanka, MM Myanmar, MN Mongolia, MO Macau, MV Maldives, MY Malaysia, NP Nepal, OM Oman, \
         PH Philippines, PK Pakistan, PS Palestinian Territories, QA Qatar, SA Saudi Arabia, SG \
         Singapore, SY Syria, TH Thailand, TJ Tajikistan, TL East Timor, TM Turkmenistan, TR \
         Turkey, TW Taiwan, UZ Uzbekistan, VN Vietnam, YE Yemen",
    ),
    (
        "EUROPE",
        "AD Andorra, AL Albania, AT Austria, AX Aland Islands, BA Bosnia and Herzegovina, BE \
         Belgium, BG Bulgaria, BY Belarus, CH Switzerland, CZ Czech Republic, DE Germany, DK \
         Denmark, EE Estonia, ES Spain, FI Finland, FO Faroe Islands, FR France, GB United \
         Kingdom, GG Guernsey, GI Gibraltar, GR Greece, HR Croatia, HU Hungary, IE Ireland, IM \
         Isle of Man, IS Iceland, IT Italy, JE Jersey, LI Liechtenstein, LT Lithuania, LU \
         Luxembourg, LV Latvia, MC Monaco, MD Moldova, ME Montenegro, MK North Macedonia, MT \
         Malta, NL Netherlands, NO Norway, PL Poland, PT Portugal, RO Romania, RS Serbia, RU \
         Russia, SE Sweden, SI Slovenia, SJ Svalbard and Jan Mayen, SK Slovakia, SM San Marino, \
         UA Ukraine, VA Vatican City, XK Kosovo",
    ),
    (
        "NORTH_AMERICA",
        "AG Antigua and Barbuda, AI Anguilla, AW Aruba, BB Barbados, BL Saint Barthelemy, BM \
         Bermuda, BQ Caribbean Netherlands, BS Bahamas, BZ Belize, CA Canada, CR Costa Rica, CU \
         Cuba, CW Curacao, DM Dominica, DO Dominican Republic, GD Grenada, GL Greenland, GP \
         Guadeloupe, GT Guatemala, HN Honduras, HT Haiti, JM Jamaica, KN Saint Kitts and Nevis, \
         KY Cayman Islands, LC Saint Lucia, MF Saint Martin, MQ Martinique, MS Montserrat, MX \
         Mexico, NI Nicaragua, PA Panama, PM Saint Pierre and Miquelon, PR Puerto Rico, SV El \
         Salvador, SX Sint Maarten, TC Turks and Caicos Islands, TT Trinidad and Tobago, US \
         United States/Canada, VC Saint Vincent and the Grenadines, VG British Virgin Islands, \
         VI United States Virgin Islands",
    ),
    (
        "OCEANIA",
        "AS American Samoa, AU Australia, CK Cook Islands, FJ Fiji, FM Micronesia, GU Guam, KI \
         Kiribati, MH Marshall Islands, MP Northern Mariana Islands, NC New Caledonia, NF \
         Norfolk Island, NR Nauru, NU Niue, NZ New Zealand, PF French Polynesia, PG Papua New \
         Guinea, PW Palau, SB Solomon Islands, TK Tokelau, TO Tonga, TV Tuvalu, VU Vanuatu, WF \
         Wallis and Futuna, WS Samoa",
    ),
    (
        "SOUTH_AMERICA",
        "AR Argentina, BO Bolivia, BR Brazil, CL Chile, CO Colombia, EC Ecuador, FK Falkland \
         Islands, GF French Guiana, GY Guyana, PE Peru, PY Paraguay, SR Suriname, UY Uruguay, \
         VE Venezuela",
    ),
];

/// Country codes of those territories of North America that have area codes of their own.
const AREA_CODES: [(&str, &[&str]); 23] = [
    ("AG", &["+1268"]),
    ("AI", &["+1264"]),
    ("AS", &["+1684"]),
    ("BB", &["+1246"]),
    ("BM", &["+1441"]),
    ("BS", &["+1242"]),
    ("DM", &["+1767"]),
    ("DO", &["+1809", "+1829", "+1849"]),
    ("GD", &["+1473"]),
    ("GU", &["+1671"]),
    ("JM", &["+1658", "+1876"]),
    ("KN", &["+1869"]),
    ("KY", &["+1345"]),
    ("LC", &["+1758"]),
    ("MP", &["+1670"]),
    ("MS", &["+1664"]),
    ("PR", &["+1787", "+1939"]),
    ("SX", &["+1721"]),
    ("TC", &["+1649"]),
    ("TT", &["+1868"]),
    ("VC", &["+1784"]),
    ("VG", &["+1284"]),
    ("VI", &["+1340"]),
];

/// A country of the numbering plan.
pub(crate) struct Country {
    pub(crate) region: Region,
    pub(crate) name: &'static str,
    pub(crate) continent: &'static str,
}

impl Country {
    /// Returns all countries, by their two letters.
    pub(crate) fn all() -> Vec<Self> {
        let mut found: Vec<Self> = CONTINENTS.iter().flat_map(of_continent).collect();
        found.sort_by_key(|country| country.region);
        found
    }

    /// Returns the country with these two letters, in either case.
    pub(crate) fn find(letters: &str) -> Option<Self> {
        let region = Region::parse(letters).ok()?;
        let mut countries = CONTINENTS.iter().flat_map(of_continent);
        countries.find(|country| country.region == region)
    }

    /// Returns the country codes, each with a plus sign.
    pub(crate) fn codes(&self) -> Vec<String> {
        let own = AREA_CODES
            .iter()
            .find(|(letters, _)| *letters == self.region.as_str());
        own.map_or_else(
            || vec![format!("+{}", self.region.calling_code())],
            |(_, codes)| codes.iter().map(|code| (*code).to_owned()).collect(),
        )
    }
}

fn of_continent((continent, countries): &'static (&str, &str)) -> impl Iterator<Item = Country> {
    countries.split(", ").filter_map(|country| {
        let (letters, name) = country.split_once(' ')?;
        Some(Country {
            region: Region::parse(letters).ok()?,
            name,
            continent,
        })
    })
}
