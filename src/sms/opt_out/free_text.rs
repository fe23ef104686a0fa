//! Finds possible opt-outs in free text.

use super::fold::{fold, words};
use super::lexicon::{CJK_DO_NOT, CJK_FILLERS, CJK_ILLNESS, CJK_PHRASES, Class, class_of};
use super::patterns::{ask_to_stop, begins_with};
use super::reaction::without_our_text;
use super::spelling::is_misspelt_keyword;

/// Word limit for a keyword with courtesies. A message with more words is a sentence.
const MAX_WORDS_BESIDE: usize = 8;

/// Returns a keyword of the clinic as folded words, separated by one blank.
pub(super) fn keyword(text: &str) -> String {
    let words = words(&fold(text)).join(" ");
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns `true` if the text may ask for no more messages. `own_keywords` are in the form of [`keyword`].
pub(super) fn may_mean_stop(text: &str, own_keywords: &[String]) -> bool {
    let own_words = without_our_text(text);
    let text = own_words.as_deref().unwrap_or(text);

    let folded = fold(text);
    // A clause ends before the first word, too.
    let mut words = words(&folded);
    words.insert(0, String::new());
    let classes: Vec<Class> = words.iter().map(|word| class_of(word)).collect();
    let spoken: Vec<String> = words
        .iter()
        .filter(|word| !word.is_empty())
        .cloned()
        .collect();

    is_keyword(&spoken, own_keywords)
        || classes
            .split(|class| class.has(Class::BREAK))
            .any(is_clause_of_stop)
        || ask_to_stop(&words, &classes)
        || has_stop_in_capitals(text)
        || (!folded.is_ascii() && asks_in_cjk(&folded))
        // The stop sign as the whole message.
        || (spoken.is_empty() && folded.contains('🛑'))
}

/// Returns `true` if the whole message is a keyword: with courtesies, in pieces ("S.T.O.P."), or
/// misspelt.
fn is_keyword(spoken: &[String], own_keywords: &[String]) -> bool {
    if spoken.len() > MAX_WORDS_BESIDE {
        return false;
    }
    let together = spoken.concat();
    let keyword = Class::STOP.or(Class::ALONE).or(Class::ANYWHERE);
    if class_of(&together).has(keyword) && !spoken.is_empty() || own_keywords.contains(&together) {
        return true;
    }
    if let [word] = spoken {
        return is_misspelt_keyword(word);
    }
    let classes: Vec<Class> = spoken.iter().map(|word| class_of(word)).collect();
    is_keyword_with_courtesies(&classes)
        || (0..spoken.len()).any(|start| {
            own_keywords.iter().any(|own| {
                let length = own.split(' ').count();
                let behind = classes.get(start + length..).unwrap_or_default();
                let before = classes.get(..start).unwrap_or_default();
                begins_with(spoken.get(start..).unwrap_or_default(), own)
                    && before.iter().chain(behind).all(|class| class.has(COURTESY))
            })
        })
}

const COURTESY: Class = Class::FILLER
    .or(Class::MESSAGES)
    .or(Class::TEXT)
    .or(Class::SENDING)
    .or(Class::MORE);

fn is_keyword_with_courtesies(classes: &[Class]) -> bool {
    let any = |class: Class| classes.iter().any(|word| word.has(class));
    // "the end" and "remove it" are no opt-outs; "end the texts" is one.
    let articles = if any(Class::MESSAGES.or(Class::TEXT).or(Class::SENDING)) {
        Class::ARTICLE
    } else {
        Class::NONE
    };
    let keywords = Class::STOP.or(Class::ALONE);
    any(keywords)
        && classes
            .iter()
            .all(|word| word.has(keywords.or(COURTESY).or(articles)))
}

/// Returns `true` for a clause of STOP and fillers: "Who are you? Stop.", "I want to stop".
fn is_clause_of_stop(clause: &[Class]) -> bool {
    clause.len() <= MAX_WORDS_BESIDE
        && clause.iter().any(|word| word.has(Class::STOP))
        && clause.iter().all(|word| {
            word.has(
                Class::STOP
                    .or(Class::ARTICLE)
                    .or(Class::BESIDE_STOP)
                    .or(COURTESY),
            )
        })
}

/// Returns `true` for STOP in capitals among small letters, as our instructions write it.
fn has_stop_in_capitals(text: &str) -> bool {
    /// Words before a STOP that is no opt-out: "bus STOP", "can't STOP".
    const OTHERWISE: [&str; 14] = [
        "bus", "tram", "train", "metro", "next", "last", "full", "pit", "non", "not", "never",
        "one", "t", "dont",
    ];
    if !text.chars().any(char::is_lowercase) {
        return false;
    }
    let mut before = String::new();
    text.split(|c: char| !c.is_alphanumeric()).any(|word| {
        let is_stop = word == "STOP" && !OTHERWISE.contains(&before.as_str());
        if !word.is_empty() {
            before = word.to_lowercase();
        }
        is_stop
    })
}

fn asks_in_cjk(folded: &str) -> bool {
    let text: String = folded.chars().filter(|c| c.is_alphanumeric()).collect();
    let word = text.trim_matches(CJK_FILLERS);
    let alone = class_of(word).has(Class::STOP.or(Class::ALONE)) && !word.is_empty();
    let asks_not_to_send = CJK_DO_NOT.iter().any(|not| {
        text.match_indices(not).any(|(at, _)| {
            let behind = text.get(at + not.len()..).unwrap_or_default();
            behind
                .strip_prefix("发")
                .is_some_and(|sent| !sent.starts_with(CJK_ILLNESS))
        })
    });
    alone
        || asks_not_to_send
        || CJK_PHRASES
            .iter()
            .any(|phrase| text.contains(phrase) || folded.contains(phrase))
}
