//! Folds texts that read alike to one form: Unicode form, letter case, accents, invisible
//! characters.

use unicode_normalization::UnicodeNormalization;

use crate::types::is_ignorable;

/// Most characters of a folded text. One character can decompose into eighteen.
const MAX_FOLDED: usize = 8_192;

/// Returns the text in small letters, without accents and invisible characters, in compatibility
/// form: "ARRÊT", "arre\u{302}t" and letters of full width become "arret".
pub(super) fn fold(text: &str) -> String {
    // Marks are dropped first, so that no run of them has to be put into order.
    let letters = text
        .chars()
        .filter(|c| !is_mark(*c) && !is_ignorable(*c))
        .nfkd()
        .take(MAX_FOLDED)
        .filter(|c| !is_mark(*c))
        .nfc()
        .flat_map(char::to_lowercase)
        .filter(|c| !is_mark(*c));
    let mut folded = String::with_capacity(text.len());
    for letter in letters {
        match undecomposed(letter) {
            Some(letters) => folded.push_str(letters),
            None => folded.push(letter),
        }
    }
    folded
}

/// Returns `true` for combining accents. Vowel signs of Indic scripts are not accents and stay.
const fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}')
}

/// Returns the plain form of Latin letters that Unicode does not decompose, and that people write
/// without their stroke.
const fn undecomposed(c: char) -> Option<&'static str> {
    Some(match c {
        'ł' => "l",
        'ø' => "o",
        'đ' | 'ð' => "d",
        'ı' => "i",
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        _ => return None,
    })
}

/// Splits a folded text into words. An empty word marks the end of a clause.
pub(super) fn words(folded: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = folded.chars().peekable();
    let mut word = String::new();
    while let Some(c) = rest.next() {
        if c.is_alphanumeric() {
            word.push(c);
            continue;
        }
        // "don't" is one word, "m'envoyez" two: in one word, at most "ll", "re" or "ve" follow the
        // apostrophe.
        if is_apostrophe(c) && !word.is_empty() {
            let ahead: String = rest
                .clone()
                .take(3)
                .take_while(|next| next.is_alphanumeric())
                .collect();
            if matches!(ahead.as_str(), "t" | "s" | "m" | "d" | "ll" | "re" | "ve") {
                continue;
            }
        }
        finish(&mut word, &mut words);
        if ends_clause(c) {
            words.push(String::new());
        }
    }
    finish(&mut word, &mut words);
    words.push(String::new());
    words
}

fn finish(word: &mut String, words: &mut Vec<String>) {
    if !word.is_empty() {
        words.push(std::mem::take(word));
    }
}

const fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2018}' | '\u{2019}' | '\u{2BC}' | '`')
}

const fn ends_clause(c: char) -> bool {
    matches!(
        c,
        '.' | ','
            | ';'
            | ':'
            | '!'
            | '?'
            | '¡'
            | '¿'
            | '\n'
            | '\r'
            | '('
            | ')'
            | '。'
            | '、'
            | '\u{2013}'
            | '\u{2014}'
            | '،'
            | '؟'
    )
}
