//! Documents in a short notation, as `lint` judges them.

use clinspark_twilio::twiml::{CustomElement, LintFinding, MessagingResponse, VoiceResponse};

/// Findings of the document that a text describes. It is a messaging document if the text begins
/// with `Message`.
pub(super) fn lint(sketch: &str) -> Vec<LintFinding> {
    let elements = build(sketch);
    if sketch.starts_with("Message") {
        let append = |document: MessagingResponse, element| document.append(element);
        return elements
            .into_iter()
            .fold(MessagingResponse::new(), append)
            .lint();
    }
    let append = |document: VoiceResponse, element| document.append(element);
    elements
        .into_iter()
        .fold(VoiceResponse::new(), append)
        .lint()
}

/// Notation of documents: `Dial/Number url=x|text` is an element inside another, with an attribute
/// and text. `x*3` repeats the last character. `;` separates siblings of the last element, and `+`
/// repeats it.
fn build(sketch: &str) -> Vec<CustomElement> {
    let (before, last) = split_path(sketch);
    let mut siblings = Vec::new();
    let mut previous = "";
    for part in last.split(';') {
        previous = if part == "+" { previous } else { part };
        siblings.push(element(previous));
    }
    let Some(before) = before else {
        return siblings;
    };
    let mut inner = siblings;
    for part in split_all(before).into_iter().rev() {
        inner = vec![inner.into_iter().fold(element(part), CustomElement::append)];
    }
    inner
}

/// Splits at the last `/` that separates elements: one followed by a name, outside values.
fn split_path(sketch: &str) -> (Option<&str>, &str) {
    let ends = |at: usize| {
        let before = sketch.get(..at).unwrap_or_default();
        let word = before.rsplit(['/', ' ']).next().unwrap_or_default();
        let after = sketch.get(at + 1..).unwrap_or_default();
        !before.contains('|')
            && !word.contains(':')
            && !before.ends_with([':', '/'])
            && after.starts_with(|c: char| c.is_ascii_alphabetic())
            && !before
                .rsplit(' ')
                .next()
                .unwrap_or_default()
                .contains("://")
    };
    let slashes = sketch.match_indices('/').map(|(at, _)| at);
    let at = slashes.filter(|at| ends(*at)).max();
    match at {
        Some(at) => (sketch.get(..at), sketch.get(at + 1..).unwrap_or_default()),
        None => (None, sketch),
    }
}

fn split_all(path: &str) -> Vec<&str> {
    path.split('/').collect()
}

fn element(sketch: &str) -> CustomElement {
    let (head, text) = sketch.split_once('|').unwrap_or((sketch, ""));
    let mut words = head.split(' ');
    let mut element = custom(words.next().unwrap());
    for word in words {
        let (name, value) = word.split_once('=').unwrap();
        element = element.attribute(name, repeated(value)).unwrap();
    }
    let text = repeated(text);
    if text.is_empty() {
        element
    } else {
        element.append(text)
    }
}

fn repeated(text: &str) -> String {
    let Some((text, count)) = text.rsplit_once('*') else {
        return text.to_owned();
    };
    match count.parse() {
        Ok(count) => {
            let last = text.chars().next_back().unwrap_or('x').to_string();
            text.to_owned() + &last.repeat(count)
        }
        Err(_) => format!("{text}*{count}"),
    }
}

/// Element with any name.
pub(super) fn custom(name: &str) -> CustomElement {
    CustomElement::new(name).unwrap()
}
