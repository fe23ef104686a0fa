//! Numbers that the benches read, the same for this crate and the peers.

/// Results of Google's library for typed inputs. The accepted ones are typical of a clinic.
const GOOGLE: &str = include_str!("../../tests/data/phone_google.tsv");

/// A thousand inputs from all over the world with their default region, as people type them.
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
        // This crate refuses a `+` at the end; it is valid only at the start.
        let digits = text.strip_prefix('+').unwrap_or(text);
        let plain = digits
            .bytes()
            .all(|b| b.is_ascii_digit() || b" -()".contains(&b));
        (typed && plain && region != "-" && !answer.starts_with('!')).then_some((region, text))
    });
    let cases: Vec<_> = cases.collect();
    let step = cases.len() / 1_000;
    cases.into_iter().step_by(step).take(1_000).collect()
}

/// A thousand US numbers, in the formats in which people type them there.
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
