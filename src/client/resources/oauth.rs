//! Access tokens of OAuth apps, which authenticate requests for a limited time.
//!
//! These requests are sent without the client's credentials: the grant identifies the app. A
//! client without any has [`Credentials::none`](crate::client::Credentials::none).
//!
//! ```
//! use clinspark_twilio::client::oauth::{CreateOauth2Token, Grant};
//! use clinspark_twilio::client::{Client, Credentials, Delivery};
//! use clinspark_twilio::types::{AccountSid, ClientSecret, OauthAppSid};
//! # use clinspark_twilio::client::testing::{FakeTransport, Reply};
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let token = r#"{"access_token": "token", "token_type": "Bearer", "expires_in": 3600}"#;
//! # let transport = FakeTransport::new().reply(Reply::json(200, token));
//!
//! let account = AccountSid::parse("AC00000000000000000000000000000001")?;
//! let client = Client::builder(Credentials::none(account), Delivery::Off)
//! #    .with_transport(transport.clone())
//!     .build()?;
//! let app = OauthAppSid::parse("OQ00000000000000000000000000000001")?;
//! let secret = ClientSecret::new("the-secret-that-Twilio-showed-once")?;
//! let grant = Grant::client_credentials(app, secret);
//! let token = client.execute(CreateOauth2Token::new(grant)).await?;
//! assert_eq!(token.lifetime().unwrap().as_secs(), 3_600);
//! assert!(token.access_token.is_some());
//! # assert!(!transport.requests()[0].headers().contains_key("authorization"));
//! # Ok(())
//! # }
//! ```
//!
//! | Item | What it is |
//! |---|---|
//! | [`CreateOauth2Token`] | exchanges a grant for an access token |
//! | [`CreateToken`] | the same, by version 1 of the API |
//! | [`Grant`], [`GrantV1`], [`GrantV2`] | client credentials, authorization code or refresh token |
//! | [`OauthToken`] | access token, and its lifetime |
//!
//! [`TokenSource`](crate::client::TokenSource) shows a client whose requests use such tokens.
//!
//! Source: <https://www.twilio.com/docs/iam/oauth-apps/oauth-access-token>

use std::time::Duration;

use crate::client::engine::form::Form;
use crate::client::engine::read::{Field, part};
use crate::client::engine::request::{Argument, request};
use crate::types::{BearerToken, ClientSecret, OauthAppSid, Redacted, RefreshToken};

request! {
    /// Exchanges a grant for an access token.
    ///
    /// After a lost response it is not retried, because Twilio accepts an authorization code once
    /// only.
    ///
    /// Source: <https://www.twilio.com/docs/iam/oauth-apps/oauth-access-token>
    CreateOauth2Token => OauthToken {
        POST Oauth "/v2/token" Create;
        needs {
            /// client credentials, authorization code or refresh token
            grant: GrantV2,
        }

        takes {
            /// URI of the service that the token is for.
            audience = "audience": text,
            /// Scope of the token.
            scope = "scope": text,
        }
    }
}

request! {
    /// Exchanges a grant for an access token, by version 1 of the API. Twilio's guide describes
    /// version 2: prefer [`CreateOauth2Token`].
    ///
    /// Source: <https://github.com/twilio/twilio-oai/blob/main/spec/json/twilio_oauth_v1.json>
    CreateToken => OauthToken {
        POST Oauth "/v1/token" Create;
        needs {
            /// client credentials, authorization code or refresh token
            grant: GrantV1,
        }

        takes {
            /// URI of the service that the token is for.
            audience = "Audience": text,
            /// Scope of the token.
            scope = "Scope": text,
        }
    }
}

/// Grant of an OAuth app, which Twilio exchanges for an access token.
///
/// Source: <https://www.rfc-editor.org/rfc/rfc6749#section-1.3>
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Grant {
    client_id: OauthAppSid,
    client_secret: Option<ClientSecret>,
    credential: Credential,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Credential {
    Client,
    Code(Redacted<String>, String),
    RefreshToken(RefreshToken),
}

impl Grant {
    /// Creates a grant for the app itself, which acts for the account. For services.
    pub const fn client_credentials(client_id: OauthAppSid, client_secret: ClientSecret) -> Self {
        Self {
            client_id,
            client_secret: Some(client_secret),
            credential: Credential::Client,
        }
    }

    /// Creates a grant from an authorization code and the redirect URI to which Twilio sent it.
    pub fn authorization_code(
        client_id: OauthAppSid,
        code: impl Into<String>,
        redirect_uri: impl Into<String>,
    ) -> Self {
        Self {
            client_id,
            client_secret: None,
            credential: Credential::Code(Redacted::new(code.into()), redirect_uri.into()),
        }
    }

    /// Creates a grant from the refresh token of an earlier response.
    pub const fn refresh_token(client_id: OauthAppSid, token: RefreshToken) -> Self {
        Self {
            client_id,
            client_secret: None,
            credential: Credential::RefreshToken(token),
        }
    }

    /// Sets the app's secret. Default: none, except for client credentials.
    pub fn client_secret(mut self, secret: ClientSecret) -> Self {
        self.client_secret = Some(secret);
        self
    }

    fn write(&self, names: &'static [&'static str; 6], form: &mut Form) {
        let [
            grant_type,
            client_id,
            client_secret,
            code,
            redirect_uri,
            refresh_token,
        ] = *names;
        form.set(
            grant_type,
            match &self.credential {
                Credential::Client => "client_credentials",
                Credential::Code(..) => "authorization_code",
                Credential::RefreshToken(_) => "refresh_token",
            },
        );
        form.set(client_id, self.client_id.as_str());
        if let Some(secret) = &self.client_secret {
            form.set(client_secret, secret.expose());
        }
        match &self.credential {
            Credential::Client => {}
            Credential::Code(value, uri) => {
                form.set(code, value.expose());
                form.set(redirect_uri, uri);
            }
            Credential::RefreshToken(token) => form.set(refresh_token, token.expose()),
        }
    }
}

macro_rules! grants {
    ($( $(#[$doc:meta])* $name:ident = $names:expr; )+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name(Grant);

        impl From<Grant> for $name {
            fn from(grant: Grant) -> Self {
                Self(grant)
            }
        }

        impl $name {
            const ALL: [&'static str; 6] = $names;
        }

        impl Argument for $name {
            const NAMES: &'static [&'static str] = &Self::ALL;

            fn write(&self, form: &mut Form) {
                self.0.write(&Self::ALL, form);
            }
        }
    )+};
}

grants! {
    /// A [`Grant`] in the spelling of version 1. A `Grant` converts into it.
    GrantV1 = ["GrantType", "ClientId", "ClientSecret", "Code", "RedirectUri", "RefreshToken"];
    /// A [`Grant`] in the spelling of version 2. A `Grant` converts into it.
    GrantV2 = ["grant_type", "client_id", "client_secret", "code", "redirect_uri", "refresh_token"];
}

impl Field for BearerToken {
    fn read(text: &str) -> Option<Self> {
        Self::new(text).ok()
    }
}

impl Field for RefreshToken {
    fn read(text: &str) -> Option<Self> {
        Self::new(text).ok()
    }
}

part! {
    /// Access token of an OAuth app.
    ///
    /// Source: <https://www.twilio.com/docs/iam/oauth-apps/oauth-access-token>
    OauthToken {
        /// Access token, for [`Credentials::bearer`](crate::client::Credentials::bearer).
        access_token: BearerToken,
        /// Refresh token, which is exchanged for the next access token.
        refresh_token: RefreshToken,
        /// ID token of the user, which contains personal data.
        id_token: Redacted<String>,
        /// Type of the token: `Bearer`, in any case.
        token_type: String,
        /// Lifetime of the token in seconds.
        expires_in: u64,
    }
}

impl OauthToken {
    /// Returns the lifetime of the token, counted from the response. By default an hour; 1 minute to
    /// 30 days by the app's configuration.
    #[must_use]
    pub fn lifetime(&self) -> Option<Duration> {
        self.expires_in.map(Duration::from_secs)
    }
}
