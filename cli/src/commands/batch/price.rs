//! Price of a segment, as a decimal number in any currency.

use std::fmt;

/// Units of one: Twilio's prices have four decimals.
const ONE: u64 = 1_000_000;

/// Decimals of a unit.
const DECIMALS: usize = 6;

/// Amount of money in millionths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Price(pub(super) u64);

impl Price {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let fault =
            "the price is not a decimal number above 0, such as 0.0079, with six decimals at most";
        let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
        let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
        if !is_digits(whole) || !is_digits(decimals) || decimals.len() > DECIMALS {
            return Err(fault.to_owned());
        }
        let whole = whole.parse::<u64>().ok();
        let decimals = format!("{decimals:0<DECIMALS$}").parse::<u64>().ok();
        let whole = whole.and_then(|whole| whole.checked_mul(ONE));
        let price = whole.zip(decimals);
        let price = price.and_then(|(whole, decimals)| whole.checked_add(decimals));
        let price = price.filter(|price| *price > 0);
        price.map(Self).ok_or_else(|| fault.to_owned())
    }
}

/// With two decimals at least.
impl fmt::Display for Price {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let decimals = format!("{:0DECIMALS$}", self.0 % ONE);
        let decimals = decimals.trim_end_matches('0');
        write!(f, "{}.{decimals:0<2}", self.0 / ONE)
    }
}

#[cfg(test)]
mod tests {
    use super::Price;

    #[test]
    fn a_price_is_read_and_written_without_rounding() {
        for (text, millionths, shown) in [
            ("0.0079", 7_900, "0.0079"),
            ("12", 12_000_000, "12.00"),
            ("1.5", 1_500_000, "1.50"),
            ("0.000001", 1, "0.000001"),
            ("0.050000", 50_000, "0.05"),
        ] {
            let price = Price::parse(text).unwrap();
            assert_eq!((price.0, price.to_string().as_str()), (millionths, shown));
        }
        for text in [
            "",
            "0",
            "0.0",
            ".5",
            "5.",
            "-1",
            "+1",
            "0,0079",
            "1e-3",
            "0.0000001",
            "99999999999999999999",
            "18446744073709.6",
        ] {
            assert!(Price::parse(text).is_err(), "{text}");
        }
    }
}
