//! Rotation of the auth token, with a second token that is valid meanwhile.
//!
//! The auth token is also the key of webhook signatures. Let the service accept both tokens before
//! you promote the second one.
//!
//! ```no_run
//! use clinspark_twilio::client::auth_tokens::{CreateSecondaryAuthToken, PromoteAuthToken};
//! # use clinspark_twilio::client::{Client, Error};
//! # fn store(_: &clinspark_twilio::types::AuthToken) {}
//! # async fn example(client: &Client) -> Result<(), Error> {
//! let created = client.execute(CreateSecondaryAuthToken::new()).await?;
//! if let Some(token) = &created.secondary_auth_token {
//!     store(token);
//! }
//! // After every service has loaded the second token:
//! client.execute(PromoteAuthToken::new()).await?;
//! # Ok(())
//! # }
//! ```
//!
//! | Item | What it is |
//! |---|---|
//! | [`CreateSecondaryAuthToken`], [`DeleteSecondaryAuthToken`], [`SecondaryAuthToken`] | create and delete a second token |
//! | [`PromoteAuthToken`], [`PromotedAuthToken`] | make the second token the only one |
//!
//! These requests need a client of your own with the auth token as credentials. The client that a
//! messenger hands out refuses them.
//!
//! Source: <https://www.twilio.com/docs/iam/api/authtoken>

use crate::client::engine::read::{Field, part};
use crate::client::engine::request::request;
use crate::types::{AccountSid, AuthToken, Timestamp};

request! {
    /// Creates a second auth token. Both tokens are valid for requests.
    ///
    /// Source: <https://www.twilio.com/docs/iam/api/authtoken#create-a-secondary-auth-token>
    CreateSecondaryAuthToken => SecondaryAuthToken {
        POST Accounts "/AuthTokens/Secondary" Create;
        reserved true;
    }
}

request! {
    /// Deletes the second auth token, which is not valid any more at once.
    ///
    /// Source: <https://www.twilio.com/docs/iam/api/authtoken#delete-a-secondary-auth-token>
    DeleteSecondaryAuthToken => () {
        DELETE Accounts "/AuthTokens/Secondary" Update;
        reserved true;
    }
}

request! {
    /// Promotes the second auth token. The first one is not valid any more at once.
    ///
    /// Clients with the first token fail with status 401 from then on, and webhooks are signed
    /// with the promoted token.
    ///
    /// Source: <https://www.twilio.com/docs/iam/api/authtoken#promote-a-secondary-auth-token>
    PromoteAuthToken => PromotedAuthToken {
        POST Accounts "/AuthTokens/Promote" Create;
        reserved true;
    }
}

impl Field for AuthToken {
    fn read(text: &str) -> Option<Self> {
        Self::new(text).ok()
    }
}

part! {
    /// Second auth token.
    ///
    /// Source: <https://www.twilio.com/docs/iam/api/authtoken#secondaryauthtoken-properties>
    SecondaryAuthToken {
        /// SID of the account.
        account_sid: AccountSid,
        /// Second token. Twilio shows it this once.
        secondary_auth_token: AuthToken,
        /// Time at which the token was created.
        date_created: Timestamp,
        /// Time of the last update of the token.
        date_updated: Timestamp,
        /// URL of this resource.
        url: String,
    }
}

part! {
    /// Promoted auth token.
    ///
    /// Source: <https://www.twilio.com/docs/iam/api/authtoken#authtokenpromotion-properties>
    PromotedAuthToken {
        /// SID of the account.
        account_sid: AccountSid,
        /// Promoted token, now the only one.
        auth_token: AuthToken,
        /// Time at which the token was created.
        date_created: Timestamp,
        /// Time of the last update of the token.
        date_updated: Timestamp,
        /// URL of this resource.
        url: String,
    }
}
