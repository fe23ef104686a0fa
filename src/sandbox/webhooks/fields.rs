//! Form fields of a webhook.

/// Form fields in the order in which they are sent.
#[derive(Clone, Default)]
pub(crate) struct FormFields(Vec<(String, String)>);

impl FormFields {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Appends a field.
    pub(crate) fn push(&mut self, name: &str, value: impl Into<String>) {
        self.0.push((name.to_owned(), value.into()));
    }

    /// Replaces the value of an existing field.
    pub(crate) fn replace(&mut self, name: &str, value: &str) {
        for (key, old) in &mut self.0 {
            if key == name {
                value.clone_into(old);
            }
        }
    }

    pub(crate) fn extend(&mut self, more: Self) {
        self.0.extend(more.0);
    }

    pub(super) fn encode(&self) -> Result<String, serde_urlencoded::ser::Error> {
        serde_urlencoded::to_string(&self.0)
    }

    pub(super) fn into_inner(self) -> Vec<(String, String)> {
        self.0
    }
}
