//! Misspelt keywords, as a message of one word.

use crate::types::edit_distance;

/// Keywords that are recognised with any one typo, and with two if they have more than eight
/// letters.
const LONG: [&str; 4] = ["unsubscribe", "optout", "cancel", "revoke"];
/// Ordinary words that are one typo away from one of `LONG`.
const ORDINARY: [&str; 5] = ["cancer", "evoke", "output", "subscribe", "subscribed"];
/// Keywords that people type with a repeated letter: "stoppp".
const HELD: [&str; 6] = ["stop", "stopall", "unsubscribe", "optout", "quit", "revoke"];

/// Returns `true` if the word, in folded form, is a misspelt or composed keyword: "sotp", "stoppp", "unsubscibe",
/// "stop2quit".
pub(super) fn is_misspelt_keyword(word: &str) -> bool {
    let length = word.chars().take(MAX_LETTERS + 1).count();
    if length == 0 || length > MAX_LETTERS || ORDINARY.contains(&word) {
        return false;
    }
    is_stop_with_typo(word)
        || HELD.iter().any(|held| squeezed(word) == squeezed(held))
        || LONG
            .iter()
            .any(|long| edit_distance(word, long) <= if long.len() > 8 { 2 } else { 1 })
        || is_composed(word)
}

/// Most letters of a composed keyword.
const MAX_LETTERS: usize = 40;
/// "stop" with two letters swapped.
const SWAPPED: [&str; 3] = ["tsop", "sotp", "stpo"];
/// Keys beside those of "stop" on a QWERTY keyboard.
const BESIDE_STOP: [(char, &str); 4] = [
    ('s', "adwexz"),
    ('t', "ry56fg"),
    ('o', "ipkl90"),
    ('p', "ol0"),
];

/// Returns `true` for "stop" with two letters swapped, or with one key beside the right one. Other
/// typos do not count, because they are ordinary words (step, shop, top).
fn is_stop_with_typo(word: &str) -> bool {
    let wrong = || {
        word.chars()
            .zip(BESIDE_STOP)
            .filter(|(letter, (right, _))| letter != right)
    };
    let one_key_beside =
        wrong().count() == 1 && wrong().all(|(letter, (_, beside))| beside.contains(letter));
    SWAPPED.contains(&word) || (word.chars().count() == 4 && one_key_beside)
}

/// Returns the word with each run of a letter reduced to one.
fn squeezed(word: &str) -> String {
    let mut squeezed = String::new();
    for c in word.chars() {
        if !squeezed.ends_with(c) {
            squeezed.push(c);
        }
    }
    squeezed
}

/// Returns `true` for keywords, digits and short words that are written together: "stop2quit",
/// "txtstop", "stopstop".
fn is_composed(word: &str) -> bool {
    /// Pieces, and whether each makes the word an opt-out. The longer of two that begin alike comes
    /// first.
    const PIECES: [(&str, bool); 20] = [
        ("unsubscribe", true),
        ("optout", true),
        ("stopall", true),
        ("stop", true),
        ("cancel", false),
        ("quit", false),
        ("end", false),
        ("all", false),
        ("now", false),
        ("please", false),
        ("pls", false),
        ("texts", false),
        ("text", false),
        ("txt", false),
        ("msgs", false),
        ("msg", false),
        ("sms", false),
        ("me", false),
        ("it", false),
        ("to", false),
    ];
    let mut rest = word;
    let mut is_opt_out = false;
    while !rest.is_empty() {
        let digits = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        if digits.len() < rest.len() {
            rest = digits;
            continue;
        }
        let piece = PIECES
            .iter()
            .find_map(|(piece, telling)| rest.strip_prefix(piece).map(|behind| (behind, *telling)));
        let Some((behind, telling)) = piece else {
            return false;
        };
        rest = behind;
        is_opt_out |= telling;
    }
    is_opt_out
}
