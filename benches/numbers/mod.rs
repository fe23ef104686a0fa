//! Phone numbers for the benches, the same for this crate and for its peers.

/// Answers of Google's library to typed inputs. The inputs that it accepts are realistic ones.
const GOOGLE: &str = include_str!("../../tests/data/phone_google.tsv");

/// Returns a thousand typed inputs from many countries, each with its default region.
pub(crate) fn mixed() -> Vec<(&'static str, &'static str)> {
    let mut region = "-";
    let mut typed = false;
    let cases = GOOGLE.lines().filter_map(|line| {
        if let Some(head) = line.strip_prefix('@') {
            let (home, what) = head.split_once(' ')?;
            (region, typed) = (home, what == "typed");
            return None;
        }
        let (text, answer) = line.split_once('\t')?;
        // A `+` is allowed only at the start, because this crate refuses it elsewhere.
        let digits = text.strip_prefix('+').unwrap_or(text);
        let plain = digits
            .bytes()
            .all(|b| b.is_ascii_digit() || b" -()".contains(&b));
        (typed && plain && region != "-" && !answer.starts_with('!')).then_some((region, text))
    });
    let cases: Vec<_> = cases.collect();
    // Evenly spaced, so that every region is represented.
    let step = cases.len() / 1_000;
    cases.into_iter().step_by(step).take(1_000).collect()
}

/// Returns a thousand US numbers in five common formats.
pub(crate) fn us() -> Vec<(&'static str, String)> {
    const AREAS: [u32; 10] = [212, 305, 312, 415, 503, 602, 617, 713, 808, 914];
    let numbers = AREAS.into_iter().cycle().zip(0..1_000);
    numbers
        .map(|(area, n)| {
            let (exchange, line) = (200 + (n * 7) % 700, (n * 37) % 10_000);
            let text = match n % 5 {
                0 => format!("({area}) {exchange}-{line:04}"),
                1 => format!("{area}-{exchange}-{line:04}"),
                2 => format!("{area}{exchange}{line:04}"),
                3 => format!("+1 {area} {exchange} {line:04}"),
                _ => format!("1-{area}-{exchange}-{line:04}"),
            };
            ("US", text)
        })
        .collect()
}
