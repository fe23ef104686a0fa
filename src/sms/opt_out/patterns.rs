//! Sentences that request an end of messages, as sequences of word classes.

use super::lexicon::{Class, PHRASES};

/// Word in the class, after at most `gap` words in the class `across`.
struct Step {
    class: Class,
    gap: usize,
    across: Class,
}

/// Steps in sequence, within one clause.
struct Pattern {
    steps: &'static [Step],
    /// Class that negates the pattern if it is among the last `look_back` words before it.
    negated_by: Class,
    look_back: usize,
}

/// Words that may stand between two steps and change nothing.
const FILLING: Class = Class::FILLER.or(Class::ARTICLE);
/// Any words except those that reverse the meaning.
const OPEN: Class = Class::WORD.or(Class::FILLER);
const NEITHER: Class = Class::NOT.or(Class::NO);
const MESSAGES: Class = Class::MESSAGES.or(Class::TEXT);

const fn at(class: Class) -> Step {
    behind(class, 0, Class::NONE)
}

const fn behind(class: Class, gap: usize, across: Class) -> Step {
    Step { class, gap, across }
}

const fn always(steps: &'static [Step]) -> Pattern {
    unless(Class::NONE, 0, steps)
}

const fn unless(negated_by: Class, look_back: usize, steps: &'static [Step]) -> Pattern {
    Pattern {
        steps,
        negated_by,
        look_back,
    }
}

#[rustfmt::skip]
static PATTERNS: &[Pattern] = &[
    // "stop sending me these", "cancel all text messages", but not "don't stop the reminders".
    unless(Class::NOT.or(Class::UNABLE), 1, &[at(Class::END),
        behind(Class::SENDING.or(Class::MESSAGES), 4, FILLING.or(Class::TEXT).or(Class::SELF).or(Class::NUMBER).or(Class::MORE).or(Class::RECEIVING))]),
    // "how do I make these texts stop", "stop it or else".
    unless(Class::NOT, 1, &[at(Class::MESSAGES), behind(Class::STOP, 2, FILLING.or(Class::NEED)), at(Class::BREAK)]),
    always(&[at(Class::BREAK), behind(Class::STOP, 2, Class::FILLER), at(Class::ARTICLE), at(Class::COUNT.or(Class::FILLER).or(Class::BESIDE_STOP))]),
    unless(Class::NOT, 1, &[at(Class::STOP), behind(Class::TEXT, 2, FILLING)]),
    // "do not ever message me", "ne m'écrivez plus", but not "I did not text you".
    unless(Class::SUBJECT, 3, &[at(Class::NOT), behind(Class::TEXT, 2, Class::EVER)]),
    unless(Class::SUBJECT, 3, &[at(NEITHER), behind(Class::CONTACT, 3, FILLING)]),
    unless(Class::SUBJECT, 3, &[at(Class::NOT), behind(Class::CALL, 1, Class::EVER), at(Class::SELF),
        behind(Class::BREAK.or(Class::MORE), 0, Class::NONE)]),
    // "don't send me any more messages", "no me envíen mensajes".
    unless(Class::SUBJECT, 3, &[at(NEITHER), behind(Class::SEND, 3, FILLING), behind(MESSAGES, 5, FILLING.or(Class::MORE).or(Class::SELF))]),
    unless(Class::SUBJECT, 3, &[at(NEITHER), behind(Class::SEND, 3, FILLING), behind(Class::MORE.or(Class::NOTHING), 3, FILLING), behind(Class::BREAK, 3, FILLING.or(Class::MORE).or(Class::NOTHING))]),
    // "ne plus m'envoyer de messages", "nicht mehr schreiben".
    unless(Class::SUBJECT, 3, &[at(Class::NOT), at(Class::MORE), behind(Class::SENDING.or(Class::CONTACT), 2, FILLING)]),
    // "schreiben Sie mir nicht mehr".
    always(&[at(Class::CONTACT.or(Class::SEND).or(Class::TEXT)), behind(NEITHER, 4, Class::WORD), at(Class::MORE)]),
    // "no more texts", "keine SMS mehr"; "no more" as a whole clause.
    always(&[at(NEITHER), at(Class::MORE), behind(MESSAGES, 2, FILLING)]),
    unless(Class::SUBJECT, 3, &[at(Class::NO), behind(Class::MESSAGES, 1, FILLING), behind(Class::MORE, 1, FILLING)]),
    always(&[at(Class::BREAK), at(Class::NO), at(Class::MORE), behind(Class::BREAK, 3, Class::FILLER)]),
    always(&[at(Class::BREAK), at(Class::NO), at(Class::MESSAGES.or(Class::SENDING)), behind(Class::BREAK, 2, Class::FILLER)]),
    // "I don't want these texts", "I no longer want to participate", "ich will diese Nachrichten nicht".
    always(&[at(NEITHER), behind(Class::WANT, 2, FILLING.or(Class::MORE)),
        behind(MESSAGES.or(Class::SENDING).or(Class::CONTACT).or(Class::TAKE_PART), 5, OPEN)]),
    always(&[at(NEITHER), behind(Class::WANT, 2, FILLING.or(Class::MORE)), behind(Class::STUDY, 5, OPEN), at(Class::BREAK.or(Class::MORE))]),
    always(&[at(Class::RATHER), at(NEITHER), behind(Class::MESSAGES, 4, OPEN)]),
    always(&[at(NEITHER), behind(Class::INTERESTED, 2, FILLING.or(Class::MORE).or(Class::IS)), behind(Class::BREAK, 2, FILLING.or(Class::MORE))]),
    always(&[at(Class::NOT), at(Class::NEED), behind(Class::MESSAGES, 2, FILLING.or(Class::MORE))]),
    always(&[at(Class::WANT), behind(Class::NO, 2, FILLING), behind(Class::MESSAGES, 1, FILLING.or(Class::MORE))]),
    always(&[at(Class::WANT), behind(MESSAGES, 2, FILLING), at(Class::NOT)]),
    always(&[at(Class::WANT), behind(Class::NOT, 1, FILLING), behind(Class::TAKE_PART, 1, FILLING.or(Class::MORE))]),
    // "remove my phone number", "take me off your list".
    unless(Class::NOT, 1, &[at(Class::REMOVE), behind(Class::SELF.or(Class::NUMBER), 3, FILLING)]),
    unless(Class::NOT, 1, &[at(Class::TAKE), behind(Class::SELF.or(Class::NUMBER), 1, FILLING), behind(Class::OFF.or(Class::LIST), 4, FILLING)]),
    always(&[at(Class::TAKE_ME), behind(Class::LIST, 4, FILLING.or(Class::SELF))]),
    always(&[at(Class::REMOVE), behind(Class::LIST, 2, FILLING)]),
    always(&[at(Class::TAKE), at(Class::OFF), behind(Class::LIST, 2, FILLING)]),
    unless(Class::NOT, 1, &[at(Class::REMOVE), behind(Class::MY, 3, FILLING), at(Class::DATA)]),
    always(&[at(Class::MY), at(Class::DIGITS), behind(Class::REMOVE, 2, FILLING)]),
    always(&[at(Class::LIST), behind(Class::TAKE.or(Class::REMOVE), 2, FILLING)]),
    // "this is not her number".
    always(&[at(NEITHER), behind(Class::ARTICLE.or(Class::MY), 2, Class::IS), behind(Class::DIGITS, 1, Class::RIGHT)]),
    // "wrong number", but not "the wrong number of tablets".
    always(&[at(Class::WRONG), behind(Class::NUMBER, 1, FILLING), at(Class::BREAK.or(Class::WORD))]),
    always(&[at(Class::NUMBER), behind(Class::WRONG, 1, FILLING)]),
    // "I want out of the study", "I withdraw my consent".
    always(&[at(Class::WANT), behind(Class::LEAVE, 3, FILLING.or(Class::BESIDE_STOP)), behind(Class::STUDY, 3, FILLING)]),
    always(&[at(Class::WITHDRAW), behind(Class::STUDY.or(Class::CONSENT).or(Class::PARTICIPATION).or(Class::MESSAGES), 3, FILLING)]),
    unless(Class::NOT, 1, &[at(Class::END), behind(Class::PARTICIPATION, 2, FILLING)]),
    always(&[at(Class::WANT), behind(Class::WITHDRAW, 2, FILLING.or(Class::BESIDE_STOP)), at(Class::BREAK)]),
    // "I said stop", "hello please stop", "turn off these notifications".
    always(&[at(Class::SAID), behind(Class::STOP, 1, Class::FILLER), at(Class::BREAK.or(Class::COUNT))]),
    always(&[at(Class::PLEASE), at(Class::STOP), behind(Class::BREAK, 3, FILLING)]),
    always(&[at(Class::TURN), at(Class::OFF), behind(MESSAGES, 3, FILLING)]),
    always(&[at(Class::TURN), behind(MESSAGES, 3, FILLING), at(Class::OFF)]),
    // "unsubscribe" in any sentence, but not "I did not unsubscribe".
    unless(Class::DENYING, 4, &[at(Class::ANYWHERE)]),
];

/// Returns `true` if a sentence of the text requests an end of messages. Clauses end with an empty
/// word.
pub(super) fn ask_to_stop(words: &[String], classes: &[Class]) -> bool {
    let patterns = (0..classes.len()).any(|start| {
        let (before, from) = classes.split_at(start);
        PATTERNS.iter().any(|pattern| pattern.matches(before, from))
    });
    patterns
        || (0..words.len()).any(|start| {
            let from = words.get(start..).unwrap_or_default();
            PHRASES.iter().any(|phrase| begins_with(from, phrase))
                && !is_negated(classes.get(..start).unwrap_or_default(), Class::DENYING, 4)
        })
}

impl Pattern {
    fn matches(&self, before: &[Class], from: &[Class]) -> bool {
        let Some((first, rest)) = self.steps.split_first() else {
            return false;
        };
        from.split_first()
            .is_some_and(|(class, behind)| class.has(first.class) && follow(behind, rest))
            && !is_negated(before, self.negated_by, self.look_back)
    }
}

fn follow(words: &[Class], steps: &[Step]) -> bool {
    let Some((step, rest)) = steps.split_first() else {
        return true;
    };
    let mut words = words;
    for _ in 0..=step.gap {
        let Some((class, behind)) = words.split_first() else {
            return false;
        };
        if class.has(step.class) && follow(behind, rest) {
            return true;
        }
        if !class.has(step.across) {
            return false;
        }
        words = behind;
    }
    false
}

/// Returns `true` if a word before the pattern negates it. In "I did not text you" the subject
/// does, but not in "I said don't text me".
fn is_negated(before: &[Class], by: Class, look_back: usize) -> bool {
    before
        .iter()
        .rev()
        .take(look_back)
        .take_while(|class| !class.has(Class::BREAK.or(Class::SAID)))
        .any(|class| class.has(by))
}

pub(super) fn begins_with(words: &[String], phrase: &str) -> bool {
    let mut words = words.iter();
    phrase
        .split(' ')
        .all(|wanted| words.next().is_some_and(|word| word == wanted))
}
