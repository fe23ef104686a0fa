//! Full scan, for texts that are more than digits and separators: labels, extensions, `tel:`
//! addresses, letters, two numbers in one field, decimals from a spreadsheet.
//!
//! The rules are those of Google's libphonenumber. Where it would drop or guess, this scan refuses.

use std::borrow::Cow;

use super::characters::{DECORATION, Folded, KANA_DASH, NUMERAL, SEPARATOR, is_letter};
use super::extension;
use super::typed::{MAX_ENDING, TypedNumber, separators};
use crate::phone::error::PhoneErrorKind;

/// Fewest digits before an optional ending. Some countries have numbers of four digits, which is
/// half the length of others.
const MIN_BEFORE_ENDING: usize = 5;

/// Scans a text in full. `keypad` reads three letters or more as the digits of their telephone
/// keys.
pub(super) fn scan(original: &str, keypad: bool) -> Result<TypedNumber, PhoneErrorKind> {
    let folded = Folded::new(original)?;
    let text = folded.as_bytes();
    if !text.iter().any(u8::is_ascii_digit) {
        return Err(without_digits(text));
    }
    let number = number_part(text, original)?;
    let number = without_subaddress(&number);
    let number = number.as_ref();
    if contains_second_number(number) {
        return Err(PhoneErrorKind::MultipleNumbers);
    }
    if is_spreadsheet_decimal(number) {
        return Err(PhoneErrorKind::NotANumber);
    }
    if !is_viable(number) {
        return Err(refusal(number));
    }
    let (number, found) = match extension::find(number) {
        // Google's condition: the text before an extension is a number by itself.
        Some((at, found)) => match number.get(..at).filter(|number| is_viable(number)) {
            Some(number) => (number, Some(found)),
            None => (number, None),
        },
        None => (number, None),
    };
    let second = found.as_ref().is_some_and(extension::Found::may_be_number);
    if second || count_numbers(number, |byte| *byte == b'/') > 1 {
        return Err(PhoneErrorKind::MultipleNumbers);
    }
    let letters = number.iter().filter(|byte| is_letter(**byte)).count();
    // Three is Google's limit as well: fewer letters are a typing error.
    if letters > 0 && !(keypad && letters >= 3) {
        return Err(refusal(number));
    }
    let plus = number.first() == Some(&b'+');
    let mut typed = TypedNumber::new(plus, number.iter().filter_map(|byte| digit(*byte)))?;
    if typed.begins_with_double_zero() {
        typed.separators = separators(number);
    }
    typed.extension = found.map(|found| found.extension);
    typed.keypad_letters = letters > 0;
    typed.list_marker = digits_of_list_marker(text);
    typed.before_ending = digits_before_ending(number);
    typed.bracketed_zero = digits_before_bracketed_zero(number);
    Ok(typed)
}

/// Returns the part of a text that contains the number: everything from the first digit or `+`. Of
/// a `tel:` address with a context, it is the context's digits and the number before it.
fn number_part<'t>(text: &'t [u8], original: &str) -> Result<Cow<'t, [u8]>, PhoneErrorKind> {
    const CONTEXT: &str = ";phone-context=";
    let Some(head) = before(text, CONTEXT.as_bytes()) else {
        let start = text
            .iter()
            .position(|byte| *byte == b'+' || byte.is_ascii_digit());
        let (label, number) = text.split_at(start.unwrap_or(text.len()));
        refuse_label(label, number.first() == Some(&b'+'))?;
        return trim_end(number).map(Cow::Borrowed);
    };
    let context = text.get(head.len() + CONTEXT.len()..).unwrap_or_default();
    let context = before(context, b";").unwrap_or(context);
    // The text before folding is checked too: programs write a context in ASCII. Any other has no
    // known meaning.
    let is_plain = |(_, context): (_, &str)| context.is_ascii() && !context.contains(CONTEXT);
    if !original.split_once(CONTEXT).is_some_and(is_plain) || !is_context(context) {
        return Err(PhoneErrorKind::NotANumber);
    }
    let (label, local) = match find(head, b"tel:") {
        Some(at) => head.split_at(at + b"tel:".len()),
        // Parsers disagree on the meaning of `tel:` after a context.
        None if find(text, b"tel:").is_some() => return Err(PhoneErrorKind::NotANumber),
        None => head.split_at(0),
    };
    refuse_label(label, false)?;
    let code = if context.starts_with(b"+") {
        context
    } else {
        &[]
    };
    Ok(Cow::Owned([code, local].concat()))
}

/// Refuses text before the number that may be part of it.
///
/// Google drops all text before a number. Words there may be part of the meaning. A sign may be the
/// rest of a `+`, as in `?44`, `%2B44` or `\u{2795}44`, unless the number has a `+`.
fn refuse_label(label: &[u8], plus: bool) -> Result<(), PhoneErrorKind> {
    let rest = find(label, b"tel:").and_then(|at| {
        let (head, tail) = label.split_at_checked(at)?;
        Some([head, tail.strip_prefix(b"tel:")?].concat())
    });
    let rest = rest.as_deref().unwrap_or(label);
    if rest.iter().any(|byte| is_letter(*byte)) {
        return Err(PhoneErrorKind::Letters);
    }
    if !plus && !rest.iter().all(|byte| is_decoration(*byte)) {
        return Err(PhoneErrorKind::NotANumber);
    }
    Ok(())
}

/// Returns the number of digits before a closing bracket without an opening one: `2) 030 1234567`
/// is the second entry of a list. Zero without such a bracket.
fn digits_of_list_marker(text: &[u8]) -> usize {
    let bracket = text.iter().position(|byte| b"()[]".contains(byte));
    let Some((marker, bracket)) = bracket.and_then(|at| text.split_at_checked(at)) else {
        return 0;
    };
    match bracket.first() {
        Some(b')' | b']') if digits(marker) <= 2 => digits(marker),
        _ => 0,
    }
}

/// Returns a `tel:` address without `;isub=`, the subaddress that only ISDN uses.
fn without_subaddress(number: &[u8]) -> Cow<'_, [u8]> {
    const SUBADDRESS: &[u8] = b";isub=";
    let Some(head) = before(number, SUBADDRESS) else {
        return Cow::Borrowed(number);
    };
    let rest = number.get(head.len() + SUBADDRESS.len()..);
    let rest = rest.unwrap_or_default().iter();
    Cow::Owned(
        head.iter()
            .chain(rest.skip_while(|b| **b != b';'))
            .copied()
            .collect(),
    )
}

/// Returns `true` for the context of a `tel:` address (RFC 3966): `+` and digits, or a domain name.
fn is_context(context: &[u8]) -> bool {
    if let Some(digits) = context.strip_prefix(b"+") {
        let visual = |byte: &u8| byte.is_ascii_digit() || b"-.()".contains(byte);
        return digits.iter().all(visual) && digits.iter().any(u8::is_ascii_digit);
    }
    let domain = context.strip_suffix(b".").unwrap_or(context);
    let labels: Vec<&[u8]> = domain.split(|byte| *byte == b'.').collect();
    let Some((top, _)) = labels.split_last() else {
        return false;
    };
    let is_label = |label: &&[u8]| {
        let ends = [label.first(), label.last()];
        ends.iter()
            .all(|end| end.is_some_and(u8::is_ascii_alphanumeric))
            && label
                .iter()
                .all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
    };
    labels.iter().all(is_label) && top.first().is_some_and(u8::is_ascii_alphabetic)
}

/// Returns `true` if the text contains a slash followed by an x. Google takes them for the start of
/// a second number, and drops it.
fn contains_second_number(number: &[u8]) -> bool {
    (0..number.len()).any(|at| {
        let rest = number.get(at + 1..).unwrap_or_default();
        let next = rest.iter().find(|byte| **byte != b' ');
        matches!(number.get(at), Some(b'/' | b'\\')) && next == Some(&b'x')
    })
}

/// Returns the number of parts that have enough digits for a whole number.
fn count_numbers(text: &[u8], between: impl FnMut(&u8) -> bool) -> usize {
    text.split(between).filter(|part| digits(part) >= 7).count()
}

/// Drops text after the number, and refuses text that may change its meaning.
///
/// A `+` may: in text written from right to left, the country code is at the other end. So may
/// signs of missing digits: `020 7946...`, `020 794?`, `020 79**`.
fn trim_end(number: &[u8]) -> Result<&[u8], PhoneErrorKind> {
    let ends = |byte: &u8| {
        byte.is_ascii_digit() || is_letter(*byte) || matches!(*byte, b'#' | NUMERAL | KANA_DASH)
    };
    let end = number.iter().rposition(ends).map_or(0, |last| last + 1);
    let (number, trailing) = number.split_at(end);
    let means_nothing = |byte: &u8| is_decoration(*byte) && !b"*_".contains(byte);
    let is_cut_off = trailing.windows(2).any(|two| matches!(two, b".." | b"--"));
    if is_cut_off || !trailing.iter().all(means_nothing) {
        return Err(PhoneErrorKind::NotANumber);
    }
    Ok(number)
}

/// Returns the number of digits before an ending that may belong to another number or to none:
/// `030 1234567/8`, `030 1234567 (2)`. Zero when there is no such ending. Three slashes or more
/// only group the digits.
fn digits_before_ending(number: &[u8]) -> usize {
    let starts = |byte: &u8| matches!(byte, b'/' | b'(' | b'[' | b'*');
    let start = number.iter().rposition(starts).unwrap_or(0);
    let (before, ending) = number.split_at(start);
    let parts = number.split(|byte| *byte == b'/').count();
    let (before, ending) = (digits(before), digits(ending));
    if before >= MIN_BEFORE_ENDING && (1..=MAX_ENDING).contains(&ending) && parts <= 3 {
        before
    } else {
        0
    }
}

/// Returns the position of `(0)` among the digits, if there is one.
fn digits_before_bracketed_zero(number: &[u8]) -> Option<usize> {
    before(number, b"(0)").map(digits)
}

fn digits(text: &[u8]) -> usize {
    text.iter().filter(|byte| byte.is_ascii_digit()).count()
}

/// Returns `true` for a number that a spreadsheet turned into a decimal: `447911123456.0`.
fn is_spreadsheet_decimal(number: &[u8]) -> bool {
    let point = number.iter().rposition(|byte| matches!(byte, b'.' | b','));
    let Some((whole, decimals)) = point.and_then(|point| number.split_at_checked(point)) else {
        return false;
    };
    let whole = whole.strip_prefix(b"+").unwrap_or(whole);
    matches!(decimals, [_, b'0'] | [_, b'0', b'0'])
        && whole.len() >= 7
        && whole.iter().all(u8::is_ascii_digit)
}

/// Applies Google's test of the form: three digits, then digits, separators, letters, an extension.
fn is_viable(number: &[u8]) -> bool {
    // Google accepts two digits alone as well: an extension may follow them.
    if matches!(number, [b'0'..=b'9', b'0'..=b'9']) {
        return true;
    }
    let separates = |byte| is_separator(byte) || b"x/~*".contains(&byte);
    let plus = number.iter().take_while(|byte| **byte == b'+').count();
    let mut digits = 0;
    for (at, byte) in number.iter().enumerate().skip(plus) {
        if digits < 3 {
            match byte {
                b'0'..=b'9' => digits += 1,
                byte if separates(*byte) => {}
                _ => return false,
            }
            continue;
        }
        if number
            .get(at..)
            .is_some_and(|rest| extension::starting(rest).is_some())
        {
            return true;
        }
        if !(byte.is_ascii_alphanumeric() || separates(*byte)) {
            return false;
        }
    }
    digits == 3
}

/// Returns `true` for a sign beside a number that does not change its meaning.
fn is_decoration(byte: u8) -> bool {
    is_separator(byte) || byte == DECORATION || b"\t\n\"'`#*<>{}|:;,=/_~!".contains(&byte)
}

/// Returns the reason for refusing a text that has digits.
fn refusal(number: &[u8]) -> PhoneErrorKind {
    let within = |byte: &u8| byte.is_ascii_digit() || is_separator(*byte);
    if count_numbers(number, |byte| !within(byte)) > 1 {
        PhoneErrorKind::MultipleNumbers
    } else if number.iter().any(|byte| is_letter(*byte)) {
        PhoneErrorKind::Letters
    } else if digits(number) < 3 {
        PhoneErrorKind::TooShort
    } else {
        PhoneErrorKind::NotANumber
    }
}

/// Returns `true` for a character that people put between the digits of one number.
fn is_separator(byte: u8) -> bool {
    matches!(byte, SEPARATOR | KANA_DASH) || b"- .()[]".contains(&byte)
}

fn without_digits(text: &[u8]) -> PhoneErrorKind {
    if text.iter().any(|byte| is_letter(*byte)) {
        PhoneErrorKind::Letters
    } else if text
        .iter()
        .all(|byte| is_separator(*byte) || b"\t\n/".contains(byte))
    {
        PhoneErrorKind::Empty
    } else {
        PhoneErrorKind::NotANumber
    }
}

/// Returns the value of a digit, or of a letter by its telephone key.
fn digit(byte: u8) -> Option<u8> {
    const KEYS: &[u8; 26] = b"22233344455566677778889999";
    let letter = byte.wrapping_sub(b'a');
    let digit = KEYS.get(usize::from(letter)).copied().unwrap_or(byte);
    digit.is_ascii_digit().then(|| digit - b'0')
}

fn before<'t>(text: &'t [u8], word: &[u8]) -> Option<&'t [u8]> {
    text.get(..find(text, word)?)
}

fn find(text: &[u8], word: &[u8]) -> Option<usize> {
    text.windows(word.len()).position(|window| window == word)
}
