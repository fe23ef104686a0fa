//! Reactions to our texts. Without RCS, phones send them as a text that quotes ours.

use super::fold::{fold, words};
use super::lexicon::{CJK_INSTRUCTIONS, Class, REACTIONS, class_of};

/// Returns the text without its quotations of our own messages, if it has any. A quotation is ours
/// in a reaction ("Loved “…”"), or if it contains an instruction (what does “… Reply STOP to end”
/// mean?).
///
/// Everything else in quotation marks is the sender's own, such as “STOP”.
pub(super) fn without_our_text(text: &str) -> Option<String> {
    let parts = Parts::of(text)?;
    let own = words(&fold(&parts.own)).join(" ");
    let own: Vec<&str> = own.split_whitespace().collect();
    let reacts = REACTIONS.contains(&own.join(" ").as_str());
    // For languages missing from the list: an emoji and few words ("👍 to “…”"), but not "🙏 please
    // “stop”".
    let shows_emoji = parts.own.chars().any(is_emoji)
        && (1..=4).contains(&own.len())
        && !own.iter().any(|word| class_of(word).has(Class::PLEASE))
        && parts
            .quoted
            .iter()
            .any(|part| part.split_whitespace().count() >= 4);
    let quotes_instruction =
        !own.is_empty() && parts.quoted.iter().any(|part| is_instruction(part));
    (reacts || shows_emoji || quotes_instruction).then_some(parts.own)
}

/// Text, cut at its outer quotation marks.
struct Parts<'a> {
    /// Text outside of the quotation marks.
    own: String,
    quoted: Vec<&'a str>,
}

impl<'a> Parts<'a> {
    /// Cuts a text; `None` without a closed pair of marks. A text that was cut short may end with
    /// an ellipsis instead of the closing mark.
    fn of(text: &'a str) -> Option<Self> {
        let mut own = String::new();
        let mut quoted = Vec::new();
        // Open mark, its depth, and the start of the quotation.
        let mut open: Option<(char, u32, usize)> = None;
        let mut before = ' ';
        let mut rest = text.char_indices().peekable();
        while let Some((at, c)) = rest.next() {
            let next = rest.peek().map_or(' ', |(_, next)| *next);
            open = match open {
                None if opens(before, c, next) => Some((c, 1, at + c.len_utf8())),
                None => {
                    own.push(c);
                    None
                }
                Some((mark, 1, start)) if closes(mark, before, c, next) => {
                    quoted.push(text.get(start..at)?);
                    own.push(' ');
                    None
                }
                Some((mark, depth, start)) if closes(mark, before, c, next) => {
                    Some((mark, depth - 1, start))
                }
                Some((mark, depth, start)) if c == mark => Some((mark, depth + 1, start)),
                open => open,
            };
            before = c;
        }
        if let Some((_, _, start)) = open {
            let cut = text.get(start..)?.trim_end();
            if !cut.ends_with('…') && !cut.ends_with("...") {
                return None;
            }
            quoted.push(cut);
        }
        (!quoted.is_empty()).then_some(Self { own, quoted })
    }
}

fn opens(before: char, c: char, next: char) -> bool {
    match c {
        '“' | '„' | '«' | '»' | '”' | '「' | '『' => true,
        // Inches and apostrophes follow a letter or a digit.
        '"' | '‘' => !before.is_alphanumeric() && (c == '"' || next.is_alphanumeric()),
        _ => false,
    }
}

/// Returns `true` if `c` closes the quotation that `mark` opened. If opening and closing marks look
/// alike, the neighbouring characters decide, so that nested pairs are found.
fn closes(mark: char, before: char, c: char, next: char) -> bool {
    let behind = !next.is_alphanumeric();
    match mark {
        '“' => c == '”',
        '„' => matches!(c, '“' | '”'),
        '«' => c == '»',
        '»' => c == '«' || (c == '»' && behind),
        '「' => c == '」',
        '『' => c == '』',
        '‘' => c == '’' && behind,
        _ => c == mark && (behind || !before.is_whitespace()),
    }
}

const fn is_emoji(c: char) -> bool {
    matches!(c, '\u{203C}' | '\u{2049}' | '\u{2190}'..='\u{2BFF}' | '\u{1F000}'..='\u{1FAFF}')
}

/// Returns `true` for an instruction of ours: "Reply STOP to end", "Envíe ALTO para cancelar".
fn is_instruction(quoted: &str) -> bool {
    let quoted = fold(quoted);
    if CJK_INSTRUCTIONS.iter().any(|sign| quoted.contains(sign)) {
        return true;
    }
    let words: Vec<String> = words(&quoted);
    let classes: Vec<Class> = words.iter().map(|word| class_of(word)).collect();
    let asks = classes.windows(3).any(|near| {
        matches!(near, [first, rest @ ..]
            if first.has(Class::REPLY) && rest.iter().any(|word| word.has(Class::STOP.or(Class::ALONE))))
    });
    // A bare "text STOP" may be the sender's own.
    asks && words.iter().filter(|word| !word.is_empty()).count() >= 4
}
