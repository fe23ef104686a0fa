//! First lines of `sandbox`: what a client needs, and the first step.

use std::fmt;

use clinspark_twilio::sandbox::Sandbox;
use clinspark_twilio::types::Redacted;
use serde::Serialize;

/// Address and credentials of a running sandbox. All of it is invented.
#[derive(Serialize)]
pub(super) struct Announcement {
    base_url: String,
    account_sid: String,
    auth_token: String,
    numbers: Vec<String>,
    /// Set if other machines can connect.
    #[serde(skip)]
    is_open: bool,
}

impl Announcement {
    pub(super) fn new(sandbox: &Sandbox, is_open: bool) -> Self {
        let numbers = sandbox.numbers().into_iter();
        Self {
            base_url: sandbox.base_url().to_owned(),
            account_sid: sandbox.account_sid().to_string(),
            auth_token: sandbox.auth_token().expose().to_owned(),
            numbers: numbers
                .map(|number| number.number.as_str().to_owned())
                .collect(),
            is_open,
        }
    }
}

impl fmt::Debug for Announcement {
    /// Without the auth token: a sandbox may be open to other machines.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Announcement")
            .field("base_url", &self.base_url)
            .field("account_sid", &self.account_sid)
            .field("auth_token", &Redacted::new(&self.auth_token))
            .finish_non_exhaustive()
    }
}

impl fmt::Display for Announcement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            base_url,
            account_sid,
            auth_token,
            numbers,
            is_open,
        } = self;
        writeln!(
            f,
            "The sandbox runs; Ctrl-C stops it. No one is texted or called."
        )?;
        if *is_open {
            writeln!(
                f,
                "Other machines can connect, and control it without credentials."
            )?;
        }
        writeln!(f)?;
        writeln!(f, "  URL          {base_url}")?;
        writeln!(f, "  account SID  {account_sid}")?;
        writeln!(f, "  auth token   {auth_token}")?;
        writeln!(f, "  number       {}", numbers.join(", "))?;
        writeln!(f)?;
        writeln!(
            f,
            "First step: use the URL in place of https://api.twilio.com, as here:"
        )?;
        writeln!(f)?;
        writeln!(
            f,
            "  curl -u {} {} \\",
            shell_word(&format!("{account_sid}:{auth_token}")),
            shell_word(&format!(
                "{base_url}/2010-04-01/Accounts/{account_sid}/Messages.json"
            ))
        )?;
        let from = numbers.first().map_or("NUMBER", String::as_str);
        writeln!(
            f,
            "    --data-urlencode To=+14155550123 --data-urlencode From={from} -d Body=Hello"
        )?;
        writeln!(f)?;
        write!(
            f,
            "Second step: open {base_url} in a browser, and play the phones."
        )
    }
}

/// Returns text as one word of a shell. A token may contain quotes, and brackets of IPv6 are a pattern.
fn shell_word(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "@%+=:,./_-".contains(c);
    if text.chars().all(is_plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn debug_shows_no_auth_token() {
        let sandbox = Sandbox::start().await.unwrap();
        let announcement = Announcement::new(&sandbox, false);
        let shown = format!("{announcement:?}");
        assert!(shown.contains("[redacted]"), "{shown}");
        assert!(!shown.contains(sandbox.auth_token().expose()), "{shown}");
    }
}
