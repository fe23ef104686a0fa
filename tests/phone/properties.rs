//! Properties of every input, tested on many. The generator is seeded, so that a failure is
//! repeatable.

use clinspark_twilio::phone::{
    Address, CountryCodeSource, CountryPrefix, E164, Normalizer, PhoneErrorKind, PhoneNumber,
    Recipient, Region,
};

const GOOGLE: &str = include_str!("../data/phone_google.tsv");

/// Returns a parser for each possible default, and one without.
fn clinics() -> Vec<Normalizer> {
    let letters = b'A'..=b'Z';
    let pairs = letters
        .clone()
        .flat_map(|a| letters.clone().map(move |b| [a, b]));
    let regions = pairs.filter_map(|pair| Region::parse(std::str::from_utf8(&pair).unwrap()).ok());
    let prefixes = ["800", "808", "870", "881", "882", "883", "888", "979"];
    let prefixes = prefixes.map(|text| Normalizer::for_prefix(CountryPrefix::parse(text).unwrap()));
    let clinics: Vec<Normalizer> = regions
        .map(Normalizer::for_region)
        .chain(prefixes)
        .chain([Normalizer::international()])
        .collect();
    assert_eq!(clinics.len(), 245 + 8 + 1);
    clinics
}

/// Returns the typed inputs of the fixtures.
fn typed() -> impl Iterator<Item = &'static str> {
    let cases = GOOGLE.lines().filter(|line| !line.starts_with('@'));
    cases.map(|line| line.split('\t').next().unwrap())
}

#[test]
fn a_default_does_not_matter_once_a_country_code_is_typed() {
    let clinics = clinics();
    let mut dice = Dice(1);
    let mut accepted = 0;
    // Texts with a `+` that is not followed by 0: no country code begins with 0.
    let with_code = typed().filter(|text| {
        let after = text.trim_start_matches(|c: char| !c.is_numeric() && c != '+');
        after.starts_with('+') && !after.trim_start_matches('+').trim_start().starts_with('0')
    });
    let random: Vec<String> = (0..20_000)
        .map(|_| format!("+{}{}", dice.below(9) + 1, dice.digits(14)))
        .collect();
    let texts: Vec<String> = with_code.map(str::to_owned).chain(random).collect();
    for text in &texts {
        let alone = Normalizer::international().normalize(text);
        accepted += usize::from(alone.is_ok());
        for _ in 0..12 {
            let clinic = clinics[dice.below(clinics.len())];
            assert_eq!(clinic.normalize(text), alone, "{text:?} under {clinic:?}");
        }
    }
    assert!(accepted > 5_000, "{accepted} accepted");
}

#[test]
fn invisible_characters_do_not_change_the_number() {
    let clinics = clinics();
    let mut dice = Dice(6);
    // A context is accepted only in the form in which programs write it.
    for text in typed().filter(|text| !text.contains("context")) {
        let clinic = clinics[dice.below(clinics.len())];
        // Most texts are scanned in one pass. With a mark they are scanned in full.
        for marked in [format!("{text}\u{200B}"), format!("\u{2068}{text}\u{2069}")] {
            assert_eq!(
                clinic.normalize(&marked),
                clinic.normalize(text),
                "{text:?} under {clinic:?}"
            );
        }
    }
}

#[test]
fn a_plus_before_00_reaches_no_other_number() {
    let clinics = clinics();
    let mut read = 0;
    for text in typed().filter(|text| text.starts_with("+00")).take(300) {
        let international = text.replacen("+00", "+", 1);
        let Ok(meant) = Normalizer::international().normalize(&international) else {
            continue;
        };
        for clinic in &clinics {
            if let Ok(number) = clinic.normalize(text) {
                assert_eq!(number.e164(), meant.e164(), "{text} under {clinic:?}");
                read += 1;
            }
        }
    }
    assert!(read > 5_000, "{read} read");
}

#[test]
fn returned_numbers_are_e164_and_parse_to_themselves() {
    let clinics = clinics();
    let mut dice = Dice(2);
    let mut accepted = 0;
    for text in typed() {
        for clinic in [
            clinics[dice.below(clinics.len())],
            Normalizer::international(),
        ] {
            let Ok(number) = clinic.extensions(true).normalize(text) else {
                continue;
            };
            accepted += 1;
            let e164 = number.e164();
            is_e164(e164.as_str());
            assert_eq!(E164::parse(e164.as_str()).unwrap(), e164);
            let stored = PhoneNumber::try_from(e164).unwrap();
            assert_eq!(
                (stored.e164(), stored.region(), stored.kind()),
                (e164, number.region(), number.kind())
            );
            assert_eq!(Address::parse(e164.as_str()), Address::Phone(e164));
            assert_eq!(
                Recipient::try_from(Address::Phone(e164)).unwrap(),
                Recipient::from(e164)
            );
            let key = e164.uniqueness_key();
            is_e164(key.as_str());
            assert_eq!(E164::parse(key.as_str()).unwrap().uniqueness_key(), key);
            let spellings: Vec<E164> = key.spellings().collect();
            assert!(spellings.contains(&e164), "{}", e164.as_str());
            assert!(spellings.iter().all(|it| it.uniqueness_key() == key));
        }
    }
    assert!(accepted > 5_000, "{accepted} accepted");
}

#[track_caller]
fn is_e164(text: &str) {
    let digits = text.strip_prefix('+').unwrap();
    assert!((2..=15).contains(&digits.len()), "{} digits", digits.len());
    assert!(digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0'));
}

#[test]
fn both_readings_of_an_ambiguous_text_exist_and_differ() {
    let germany = Normalizer::for_region(Region::parse("DE").unwrap());
    let mut dice = Dice(3);
    let mut ambiguous = 0;
    for _ in 0..20_000 {
        let text = format!("49{}", dice.digits(11));
        let Err(error) = germany.normalize(&text) else {
            continue;
        };
        if error.kind() == PhoneErrorKind::Ambiguous {
            ambiguous += 1;
            let [national, international] = error.candidates().unwrap();
            assert_eq!(national.e164().as_str(), format!("+49{text}"));
            assert_ne!(national.e164(), international.e164());
            let with_plus = germany.normalize(&format!("+{text}")).unwrap();
            assert_eq!(international.e164(), with_plus.e164());
        } else {
            assert_eq!(error.candidates(), None);
        }
    }
    assert!(ambiguous > 1_000, "{ambiguous} ambiguous");
}

#[test]
fn no_text_panics_and_no_message_contains_a_digit() {
    const PIECES: &[&str] = &[
        "+",
        "0",
        "1",
        "44",
        "49",
        "415",
        "555",
        "0123",
        " ",
        "-",
        "(",
        ")",
        ".",
        "/",
        "x",
        "ext",
        ";ext=",
        ";phone-context=",
        "tel:",
        ";isub=",
        "#",
        "~",
        ",",
        ";",
        "*",
        "\u{200B}",
        "\u{FF0B}",
        "\u{0661}",
        "доб",
        "ó",
        "\n",
        "\t",
        "E+11",
        ".0",
        "a",
        "é",
        "😀",
        "½",
        "\0",
        "Ｘ",
        "example.com",
        "O",
        "²",
    ];
    let clinics = clinics();
    let mut dice = Dice(4);
    for _ in 0..200_000 {
        let length = 1 + dice.below(12);
        let text: String = (0..length)
            .map(|_| PIECES[dice.below(PIECES.len())])
            .collect();
        let clinic = clinics[dice.below(clinics.len())]
            .extensions(true)
            .keypad_letters(true);
        match clinic.normalize(&text) {
            Ok(number) => is_e164(number.e164().as_str()),
            Err(error) => {
                let shown = format!("{error} {error:?}");
                assert!(!shown.contains(|c: char| c.is_numeric()), "{shown}");
            }
        }
    }
}

#[test]
fn bytes_of_any_kind_and_length_are_parsed_or_refused() {
    let clinics = clinics();
    let mut dice = Dice(5);
    for length in [0, 1, 2, 3, 39, 40, 41, 63, 64, 65, 249, 250, 251, 10_000] {
        for fill in [
            "1", "+", "0", " ", "x", "é", "😀", "\u{200B}", ";", "ext1", "1 ",
        ] {
            let text: String = fill.chars().cycle().take(length).collect();
            let clinic = clinics[dice.below(clinics.len())];
            let refused = clinic.normalize(&text).unwrap_err().kind();
            if length > 250 {
                assert_eq!(refused, PhoneErrorKind::TooLongInput);
            }
        }
    }
    for _ in 0..20_000 {
        let bytes: Vec<u8> = (0..dice.below(40)).map(|_| dice.below(256) as u8).collect();
        let text = String::from_utf8_lossy(&bytes);
        if let Ok(number) = clinics[dice.below(clinics.len())].normalize(&text) {
            is_e164(number.e164().as_str());
        }
    }
}

#[test]
fn a_code_without_a_country_accepts_only_its_own_numbers() {
    let freephone = Normalizer::for_prefix(CountryPrefix::parse("800").unwrap());
    let read = |text| {
        freephone
            .normalize(text)
            .map(|n| (n.e164(), n.country_code_source()))
    };
    let number = E164::parse("+80012345678").unwrap();
    assert_eq!(read("1234 5678"), Ok((number, CountryCodeSource::National)));
    assert_eq!(
        read("800 1234 5678"),
        Ok((number, CountryCodeSource::CodeWithoutPlus))
    );
    assert_eq!(
        read("+800 1234 5678"),
        Ok((number, CountryCodeSource::Plus))
    );
    assert!(freephone.normalize("415 555 0123").is_err());
}

/// A small generator of random numbers (Marsaglia's xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33).unwrap() % end
    }

    /// Returns at most `most` digits.
    fn digits(&mut self, most: usize) -> String {
        let count = 1 + self.below(most);
        (0..count)
            .map(|_| (b'0' + self.below(10) as u8) as char)
            .collect()
    }
}
