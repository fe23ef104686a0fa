//! Merge tags of a template that were not filled, such as `{{name}}`.

/// Longest name of a tag that is quoted.
const MAX_NAME: usize = 40;

/// Merge tag in the text of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct MergeTag {
    /// `None` if the text in the braces may be a value, which must not stand in an error.
    name: Option<Box<str>>,
}

impl MergeTag {
    /// Finds the first merge tag of a text: `{{`, anything, `}}`.
    pub(super) fn find(text: &str) -> Option<Self> {
        let (_, rest) = text.split_once("{{")?;
        let (inside, _) = rest.split_once("}}")?;
        let name = inside.trim();
        Some(Self {
            name: is_name(name).then(|| name.into()),
        })
    }
}

/// Returns `true` for the name of a variable, such as `first_name`, `visit.date` or `1`. A number
/// of four digits or more may be a person's.
fn is_name(text: &str) -> bool {
    let is_part = |b: u8| b.is_ascii_alphanumeric() || b"_.-".contains(&b);
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    (1..=MAX_NAME).contains(&text.len()) && text.bytes().all(is_part) && digits < 4
}

impl std::fmt::Display for MergeTag {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.name {
            Some(name) => write!(f, "the merge tag {{{{{name}}}}}"),
            None => f.write_str("a merge tag {{...}}"),
        }
    }
}
