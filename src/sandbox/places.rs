//! Places of phone numbers, which Twilio adds to the webhooks of calls and texts.
//!
//! Source: <https://www.twilio.com/docs/messaging/guides/webhook-request>

use super::numbers::region_of;
use super::webhooks::FormFields;
use crate::phone::Address;

/// State or province, city, postal code and area codes of a place in the USA or Canada.
type Place = (&'static str, &'static str, &'static str, &'static str);

/// Main city of each area code.
#[rustfmt::skip]
const PLACES: &[Place] = &[
    ("AB", "CALGARY", "T2P", "403 587 825 368"), ("AB", "EDMONTON", "T5J", "780"),
    ("AK", "ANCHORAGE", "99501", "907"),
    ("AL", "BIRMINGHAM", "35203", "205 659"), ("AL", "HUNTSVILLE", "35801", "256 938"),
    ("AL", "MOBILE", "36602", "251"), ("AL", "MONTGOMERY", "36104", "334"),
    ("AR", "FAYETTEVILLE", "72701", "479"), ("AR", "JONESBORO", "72401", "870 327"),
    ("AR", "LITTLE ROCK", "72201", "501"),
    ("AZ", "FLAGSTAFF", "86001", "928"), ("AZ", "GLENDALE", "85301", "623"),
    ("AZ", "MESA", "85201", "480"), ("AZ", "PHOENIX", "85003", "602"),
    ("AZ", "TUCSON", "85701", "520"),
    ("BC", "VANCOUVER", "V5K", "604 778 236 672 257"), ("BC", "VICTORIA", "V8W", "250"),
    ("CA", "ANAHEIM", "92805", "714 657"), ("CA", "BAKERSFIELD", "93301", "661"),
    ("CA", "BURBANK", "91502", "818 747"), ("CA", "CONCORD", "94520", "925"),
    ("CA", "FRESNO", "93721", "559 357"), ("CA", "IRVINE", "92612", "949"),
    ("CA", "LONG BEACH", "90802", "562"), ("CA", "LOS ANGELES", "90012", "213 323 738"),
    ("CA", "MONTEREY", "93940", "831"), ("CA", "OAKLAND", "94607", "510 341"),
    ("CA", "OCEANSIDE", "92054", "760 442"), ("CA", "OXNARD", "93030", "805 820"),
    ("CA", "PASADENA", "91101", "626"), ("CA", "REDDING", "96001", "530 837"),
    ("CA", "RIVERSIDE", "92501", "951"), ("CA", "SACRAMENTO", "95814", "916 279"),
    ("CA", "SAN BERNARDINO", "92401", "909 840"), ("CA", "SAN DIEGO", "92101", "619 858"),
    ("CA", "SAN FRANCISCO", "94108", "415 628"), ("CA", "SAN JOSE", "95113", "408 669"),
    ("CA", "SAN MATEO", "94401", "650"), ("CA", "SANTA MONICA", "90401", "310 424"),
    ("CA", "SANTA ROSA", "95404", "707 369"), ("CA", "STOCKTON", "95202", "209 350"),
    ("CO", "COLORADO SPRINGS", "80903", "719"), ("CO", "DENVER", "80202", "303 720 983"),
    ("CO", "FORT COLLINS", "80521", "970 748"),
    ("CT", "BRIDGEPORT", "06604", "203 475"), ("CT", "HARTFORD", "06103", "860 959"),
    ("DC", "WASHINGTON", "20001", "202 771"),
    ("DE", "WILMINGTON", "19801", "302"),
    ("FL", "DAYTONA BEACH", "32114", "386"), ("FL", "FORT LAUDERDALE", "33301", "954 754"),
    ("FL", "FORT MYERS", "33901", "239"), ("FL", "GAINESVILLE", "32601", "352"),
    ("FL", "JACKSONVILLE", "32202", "904 324"), ("FL", "LAKELAND", "33801", "863"),
    ("FL", "MELBOURNE", "32901", "321"), ("FL", "MIAMI", "33130", "305 786 645"),
    ("FL", "ORLANDO", "32801", "407 689"), ("FL", "PORT ST LUCIE", "34952", "772"),
    ("FL", "SARASOTA", "34236", "941"), ("FL", "ST PETERSBURG", "33701", "727"),
    ("FL", "TALLAHASSEE", "32301", "850 448"), ("FL", "TAMPA", "33602", "813 656"),
    ("FL", "WEST PALM BEACH", "33401", "561 728"),
    ("GA", "ALBANY", "31701", "229"), ("GA", "ATLANTA", "30303", "404 470 678 770 943"),
    ("GA", "AUGUSTA", "30901", "706 762"), ("GA", "MACON", "31201", "478"),
    ("GA", "SAVANNAH", "31401", "912"),
    ("HI", "HONOLULU", "96813", "808"),
    ("IA", "CEDAR RAPIDS", "52401", "319"), ("IA", "DAVENPORT", "52801", "563"),
    ("IA", "DES MOINES", "50309", "515"), ("IA", "MASON CITY", "50401", "641"),
    ("IA", "SIOUX CITY", "51101", "712"),
    ("ID", "BOISE", "83702", "208 986"),
    ("IL", "AURORA", "60505", "630 331"), ("IL", "BELLEVILLE", "62220", "618 730"),
    ("IL", "CHICAGO", "60601", "312 773 872"), ("IL", "CICERO", "60804", "708 464"),
    ("IL", "ELGIN", "60120", "847 224"), ("IL", "PEORIA", "61602", "309 861"),
    ("IL", "ROCKFORD", "61101", "815 779"), ("IL", "SPRINGFIELD", "62701", "217 447"),
    ("IN", "EVANSVILLE", "47708", "812 930"), ("IN", "FORT WAYNE", "46802", "260"),
    ("IN", "GARY", "46402", "219"), ("IN", "INDIANAPOLIS", "46204", "317 463"),
    ("IN", "LAFAYETTE", "47901", "765"), ("IN", "SOUTH BEND", "46601", "574"),
    ("KS", "DODGE CITY", "67801", "620"), ("KS", "KANSAS CITY", "66101", "913"),
    ("KS", "TOPEKA", "66603", "785"), ("KS", "WICHITA", "67202", "316"),
    ("KY", "ASHLAND", "41101", "606"), ("KY", "BOWLING GREEN", "42101", "270 364"),
    ("KY", "LEXINGTON", "40507", "859"), ("KY", "LOUISVILLE", "40202", "502"),
    ("LA", "BATON ROUGE", "70801", "225"), ("LA", "HOUMA", "70360", "985"),
    ("LA", "LAFAYETTE", "70501", "337"), ("LA", "NEW ORLEANS", "70112", "504"),
    ("LA", "SHREVEPORT", "71101", "318 457"),
    ("MA", "BOSTON", "02108", "617 857"), ("MA", "LOWELL", "01852", "978 351"),
    ("MA", "SPRINGFIELD", "01103", "413"), ("MA", "WALTHAM", "02451", "781 339"),
    ("MA", "WORCESTER", "01608", "508 774"),
    ("MB", "WINNIPEG", "R3C", "204 431 584"),
    ("MD", "BALTIMORE", "21202", "410 443 667"), ("MD", "ROCKVILLE", "20850", "301 240 227"),
    ("ME", "PORTLAND", "04101", "207"),
    ("MI", "ANN ARBOR", "48104", "734"), ("MI", "DETROIT", "48226", "313 679"),
    ("MI", "FLINT", "48502", "810"), ("MI", "GRAND RAPIDS", "49503", "616"),
    ("MI", "KALAMAZOO", "49007", "269"), ("MI", "LANSING", "48933", "517"),
    ("MI", "MARQUETTE", "49855", "906"), ("MI", "SAGINAW", "48607", "989"),
    ("MI", "TRAVERSE CITY", "49684", "231"), ("MI", "TROY", "48084", "248 947"),
    ("MI", "WARREN", "48089", "586"),
    ("MN", "BLOOMINGTON", "55420", "952"), ("MN", "BROOKLYN PARK", "55443", "763"),
    ("MN", "DULUTH", "55802", "218"), ("MN", "MINNEAPOLIS", "55401", "612"),
    ("MN", "ROCHESTER", "55902", "507 924"), ("MN", "ST CLOUD", "56301", "320"),
    ("MN", "ST PAUL", "55101", "651"),
    ("MO", "COLUMBIA", "65201", "573 235"), ("MO", "KANSAS CITY", "64106", "816 975"),
    ("MO", "O FALLON", "63366", "636"), ("MO", "SEDALIA", "65301", "660"),
    ("MO", "SPRINGFIELD", "65806", "417"), ("MO", "ST LOUIS", "63101", "314 557"),
    ("MS", "GULFPORT", "39501", "228"), ("MS", "JACKSON", "39201", "601 769"),
    ("MS", "TUPELO", "38801", "662 471"),
    ("MT", "BILLINGS", "59101", "406"),
    ("NB", "MONCTON", "E1C", "506 428"),
    ("NC", "ASHEVILLE", "28801", "828"), ("NC", "CHARLOTTE", "28202", "704 980"),
    ("NC", "GREENSBORO", "27401", "336 743"), ("NC", "GREENVILLE", "27834", "252"),
    ("NC", "RALEIGH", "27601", "919 984"), ("NC", "WILMINGTON", "28401", "910 472"),
    ("ND", "FARGO", "58102", "701"),
    ("NE", "GRAND ISLAND", "68801", "308"), ("NE", "OMAHA", "68102", "402 531"),
    ("NH", "MANCHESTER", "03101", "603"),
    ("NJ", "CAMDEN", "08102", "856"), ("NJ", "ELIZABETH", "07201", "908"),
    ("NJ", "JERSEY CITY", "07302", "201 551"), ("NJ", "NEW BRUNSWICK", "08901", "732 848"),
    ("NJ", "NEWARK", "07102", "973 862"), ("NJ", "TRENTON", "08608", "609 640"),
    ("NL", "ST JOHNS", "A1C", "709 879"),
    ("NM", "ALBUQUERQUE", "87102", "505"), ("NM", "LAS CRUCES", "88001", "575"),
    ("NS", "HALIFAX", "B3J", "902 782"),
    ("NV", "LAS VEGAS", "89101", "702 725"), ("NV", "RENO", "89501", "775"),
    ("NY", "ALBANY", "12207", "518 838"), ("NY", "BINGHAMTON", "13901", "607"),
    ("NY", "BROOKLYN", "11201", "718 347 929 917"), ("NY", "BUFFALO", "14202", "716 624"),
    ("NY", "HEMPSTEAD", "11550", "516 363"), ("NY", "HUNTINGTON", "11743", "631 934"),
    ("NY", "NEW YORK", "10010", "212 646 332"), ("NY", "POUGHKEEPSIE", "12601", "845 329"),
    ("NY", "ROCHESTER", "14604", "585"), ("NY", "SYRACUSE", "13202", "315 680"),
    ("NY", "YONKERS", "10701", "914"),
    ("OH", "AKRON", "44308", "330 234"), ("OH", "CINCINNATI", "45202", "513 283"),
    ("OH", "CLEVELAND", "44113", "216"), ("OH", "COLUMBUS", "43215", "614 380"),
    ("OH", "DAYTON", "45402", "937 326"), ("OH", "LORAIN", "44052", "440 436"),
    ("OH", "NEWARK", "43055", "740 220"), ("OH", "TOLEDO", "43604", "419 567"),
    ("OK", "LAWTON", "73501", "580"), ("OK", "OKLAHOMA CITY", "73102", "405 572"),
    ("OK", "TULSA", "74103", "918 539"),
    ("ON", "HAMILTON", "L8P", "905 289 365 742"), ("ON", "LONDON", "N6A", "519 226 548 382"),
    ("ON", "OTTAWA", "K1P", "613 343 753"), ("ON", "SUDBURY", "P3E", "705 249 683"),
    ("ON", "THUNDER BAY", "P7B", "807"), ("ON", "TORONTO", "M5H", "416 647 437 387 942"),
    ("OR", "EUGENE", "97401", "541 458"), ("OR", "PORTLAND", "97204", "503 971"),
    ("PA", "ALLENTOWN", "18101", "610 484 835"), ("PA", "ERIE", "16501", "814 582"),
    ("PA", "GREENSBURG", "15601", "724 878"), ("PA", "HARRISBURG", "17101", "717 223"),
    ("PA", "PHILADELPHIA", "19107", "215 267 445"), ("PA", "PITTSBURGH", "15222", "412"),
    ("PA", "SCRANTON", "18503", "570 272"),
    ("QC", "MONTREAL", "H2Y", "514 438 263"), ("QC", "LAVAL", "H7N", "450 579 354"),
    ("QC", "QUEBEC", "G1R", "418 581 367"), ("QC", "SHERBROOKE", "J1H", "819 873 468"),
    ("RI", "PROVIDENCE", "02903", "401"),
    ("SC", "CHARLESTON", "29401", "843 854"), ("SC", "COLUMBIA", "29201", "803 839"),
    ("SC", "GREENVILLE", "29601", "864 821"),
    ("SD", "SIOUX FALLS", "57104", "605"),
    ("SK", "SASKATOON", "S7K", "306 639 474"),
    ("TN", "CHATTANOOGA", "37402", "423"), ("TN", "CLARKSVILLE", "37040", "931"),
    ("TN", "JACKSON", "38301", "731"), ("TN", "KNOXVILLE", "37902", "865"),
    ("TN", "MEMPHIS", "38103", "901"), ("TN", "NASHVILLE", "37201", "615 629"),
    ("TX", "AMARILLO", "79101", "806"), ("TX", "AUSTIN", "78701", "512 737"),
    ("TX", "BEAUMONT", "77701", "409"), ("TX", "BRYAN", "77803", "979"),
    ("TX", "CONROE", "77301", "936"), ("TX", "CORPUS CHRISTI", "78401", "361"),
    ("TX", "DALLAS", "75201", "214 469 972 945"), ("TX", "EL PASO", "79901", "915"),
    ("TX", "FORT WORTH", "76102", "817 682"), ("TX", "HOUSTON", "77002", "713 281 346 832"),
    ("TX", "LAREDO", "78040", "956"), ("TX", "MIDLAND", "79701", "432"),
    ("TX", "NEW BRAUNFELS", "78130", "830"), ("TX", "SAN ANGELO", "76903", "325"),
    ("TX", "SAN ANTONIO", "78205", "210 726"), ("TX", "TYLER", "75702", "903 430"),
    ("TX", "WACO", "76701", "254"), ("TX", "WICHITA FALLS", "76301", "940"),
    ("UT", "PROVO", "84601", "385"), ("UT", "SALT LAKE CITY", "84101", "801"),
    ("UT", "ST GEORGE", "84770", "435"),
    ("VA", "ARLINGTON", "22201", "703 571"), ("VA", "BRISTOL", "24201", "276"),
    ("VA", "LYNCHBURG", "24504", "434"), ("VA", "RICHMOND", "23219", "804 686"),
    ("VA", "ROANOKE", "24011", "540 826"), ("VA", "VIRGINIA BEACH", "23451", "757 948"),
    ("VT", "BURLINGTON", "05401", "802"),
    ("WA", "BELLEVUE", "98004", "425"), ("WA", "SEATTLE", "98101", "206"),
    ("WA", "SPOKANE", "99201", "509"), ("WA", "TACOMA", "98402", "253"),
    ("WA", "VANCOUVER", "98660", "360 564"),
    ("WI", "EAU CLAIRE", "54701", "715 534"), ("WI", "GREEN BAY", "54301", "920 274"),
    ("WI", "MADISON", "53703", "608 353"), ("WI", "MILWAUKEE", "53202", "414"),
    ("WI", "RACINE", "53403", "262"),
    ("WV", "CHARLESTON", "25301", "304 681"),
    ("WY", "CHEYENNE", "82001", "307"),
];

/// Appends the country, state, city and postal code of an address. `side` begins each name, such
/// as `From`. A value that is not known is empty, as at Twilio.
pub(super) fn push_place(fields: &mut FormFields, side: &str, address: &Address) {
    let (state, city, zip, _) = place(address).unwrap_or_default();
    for (name, value) in [
        ("Country", &*country(address)),
        ("State", state),
        ("City", city),
        ("Zip", zip),
    ] {
        fields.push(&format!("{side}{name}"), value);
    }
}

fn place(address: &Address) -> Option<Place> {
    let number = address.phone()?;
    let area_code = number.as_str().strip_prefix("+1")?.get(..3)?;
    let mut places = PLACES.iter();
    let found = places.find(|(.., codes)| codes.split(' ').any(|code| code == area_code));
    found.copied()
}

/// Returns the country of an address: two letters, or nothing if the address has no country.
fn country(address: &Address) -> String {
    let Some(number) = address.phone() else {
        return String::new();
    };
    match region_of(number) {
        Some(region) => region.as_str().to_owned(),
        // The toll-free numbers of North America belong to no country of it.
        None if number.as_str().starts_with("+1") => "US".to_owned(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::PLACES;

    #[test]
    fn each_area_code_has_one_place() {
        let codes = PLACES.iter().flat_map(|(.., codes)| codes.split(' '));
        let codes: Vec<_> = codes.collect();
        let unique: BTreeSet<_> = codes.iter().collect();
        assert_eq!(unique.len(), codes.len());
        assert!(codes.iter().all(|code| code.len() == 3));
    }
}
