//! Rust text as tokens, as far as finding paths and declarations needs it.

/// Stands for a string or a character.
pub(super) const TEXT: &str = "\"";

/// Splits code into tokens. Comments are left out, a string becomes [`TEXT`].
///
/// A path that serde takes as a string (`with = "crate::a::b"`) is code, so its tokens stay.
pub(super) fn tokens(mut rest: &str) -> Vec<&str> {
    let mut found: Vec<&str> = Vec::new();
    while !rest.is_empty() {
        let (kind, length) = next(rest);
        let (token, after) = rest.split_at(length);
        rest = after;
        match kind {
            Kind::Blank => {}
            Kind::Code => found.push(token),
            Kind::Text => {
                let path = token.trim_matches('"');
                let is_path = path.contains("::") && path.chars().all(is_path);
                match found.as_slice() {
                    // `with` takes a module and calls a function in it.
                    [.., "with", "="] if is_path => {
                        found.extend(tokens(path));
                        found.extend(["::", "serialize"]);
                    }
                    [.., "default" | "deserialize_with" | "serialize_with", "="] if is_path => {
                        found.extend(tokens(path));
                    }
                    _ => found.push(TEXT),
                }
            }
        }
    }
    found
}

/// Index of the token that closes the group opened at `open`.
pub(super) fn close(tokens: &[&str], open: usize) -> usize {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        match *token {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" if depth == 1 => return at,
            ")" | "]" | "}" => depth -= 1,
            _ => {}
        }
    }
    tokens.len().saturating_sub(1)
}

/// Returns `true` if a token is a name or a keyword.
pub(super) fn is_name(token: &str) -> bool {
    token != "_" && token.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

enum Kind {
    Blank,
    Code,
    Text,
}

/// Kind and length of the first token.
fn next(rest: &str) -> (Kind, usize) {
    let run = |accept: fn(char) -> bool| rest.find(|c| !accept(c)).unwrap_or(rest.len());
    let first = rest.chars().next().unwrap_or_default();
    if let Some(length) = text_length(rest) {
        (Kind::Text, length)
    } else if rest.starts_with("//") {
        (Kind::Blank, rest.find('\n').unwrap_or(rest.len()))
    } else if rest.starts_with("/*") {
        (Kind::Blank, comment_length(rest))
    } else if first.is_whitespace() {
        (Kind::Blank, run(char::is_whitespace))
    } else if rest.starts_with("::") {
        (Kind::Code, 2)
    } else if is_word(first) {
        (Kind::Code, run(is_word))
    } else {
        (Kind::Code, first.len_utf8())
    }
}

/// Length of the string or character that stands at the start, if one does.
fn text_length(rest: &str) -> Option<usize> {
    let body = rest.trim_start_matches(['b', 'c']);
    let prefix = rest.len() - body.len();
    if prefix > 1 {
        return None;
    }
    let raw = body.strip_prefix('r').unwrap_or("");
    let hashes = raw.len() - raw.trim_start_matches('#').len();
    if raw[hashes..].starts_with('"') {
        let end = format!("\"{}", "#".repeat(hashes));
        let inner = &raw[hashes + 1..];
        let length = inner.find(&end).map_or(inner.len(), |at| at + end.len());
        return Some(prefix + 1 + hashes + 1 + length);
    }
    if let Some(inner) = body.strip_prefix('"') {
        return Some(prefix + 1 + quoted_length(inner, '"'));
    }
    // A lifetime has no closing quote.
    let inner = body.strip_prefix('\'')?;
    let mut chars = inner.chars();
    let is_character = chars.next() == Some('\\') || chars.next() == Some('\'');
    is_character.then(|| prefix + 1 + quoted_length(inner, '\''))
}

/// Length up to the closing quote, included.
fn quoted_length(inner: &str, quote: char) -> usize {
    let mut is_escaped = false;
    for (at, c) in inner.char_indices() {
        if is_escaped {
            is_escaped = false;
        } else if c == '\\' {
            is_escaped = true;
        } else if c == quote {
            return at + 1;
        }
    }
    inner.len()
}

/// Length of a block comment, which may hold others.
fn comment_length(rest: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < rest.len() {
        if rest[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += rest[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    rest.len()
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn is_path(c: char) -> bool {
    is_word(c) || c == ':'
}
