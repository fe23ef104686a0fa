//! Requests: the trait that they implement, and the macro that declares them.

use std::fmt;

pub(in crate::client) use super::product::Product;
use super::raw_path::RawPath;
use super::read::ResponseBody;
use crate::phone::E164;
use crate::types::is_sid;

/// A request that [`Client::execute`](crate::client::Client::execute) can run.
///
/// This trait is sealed. Its implementations are in the modules of [`client`](crate::client).
///
/// ```
/// use clinspark_twilio::client::accounts::FetchBalance;
/// use clinspark_twilio::client::{Client, Error, Request};
/// # use clinspark_twilio::client::{Credentials, Delivery};
///
/// /// Runs any request, and logs its error.
/// async fn run<R: Request>(client: &Client, request: R) -> Result<R::Output, Error> {
///     client.execute(request).await.inspect_err(|error| eprintln!("{error}"))
/// }
///
/// # use clinspark_twilio::client::testing::{FakeTransport, Reply};
/// # use clinspark_twilio::types::{AccountSid, AuthToken};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let account = AccountSid::parse("AC00000000000000000000000000000001")?;
/// # let credentials = Credentials::auth_token(account, AuthToken::new("token")?);
/// # let transport = FakeTransport::new().reply(Reply::json(200, r#"{"balance": "8.50"}"#));
/// # let client = Client::builder(credentials, Delivery::Off)
/// #     .with_transport(transport.clone())
/// #     .build()?;
/// let balance = run(&client, FetchBalance::new()).await?;
/// assert_eq!(balance.balance.as_deref(), Some("8.50"));
/// # Ok(())
/// # }
/// ```
pub trait Request: sealed::Operation<Reads = <Self as Request>::Output> {
    /// Response to the request.
    type Output: ResponseBody;
}

impl<R: Request> Request for &R {
    type Output = R::Output;
}

/// An argument of `new` that writes its own parameters, such as a sender.
pub(in crate::client) trait Argument {
    /// Names of all parameters that it may write.
    const NAMES: &'static [&'static str];

    fn write(&self, form: &mut super::form::Form);
}

/// Check of a resource's current state, which shows whether an update has been carried out.
#[expect(unnameable_types, reason = "part of the sealed `Request` only")]
#[derive(Debug)]
#[non_exhaustive]
pub struct CompletionCheck {
    /// Twilio's code for a state in which the update is not possible.
    pub(in crate::client) code: u32,
    /// Name of the request that reads the resource, such as `FetchCall`.
    pub(in crate::client) fetch: &'static str,
}

/// Target of a request: a path below the product's prefix, or a link that Twilio returned.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
#[expect(unnameable_types, reason = "part of the sealed `Request` only")]
pub enum Target {
    /// A path below the product's prefix, such as `/2010-04-01/Accounts/{AccountSid}`.
    Path(String),
    /// A link that Twilio returned. Followed if it stays on the same host.
    Link(String),
    /// A complete path of a raw request.
    Raw(RawPath),
}

impl Target {
    /// Returns the SID of the resource: the last SID in the path.
    pub(in crate::client) fn sid(&self) -> Option<&str> {
        match self {
            Self::Path(path) => path.split(['/', '.']).rev().find(|part| is_sid(part)),
            Self::Raw(path) => path.sid(),
            Self::Link(_) => None,
        }
    }

    /// Returns the last segment of the path without `.json`, such as the SID of the resource.
    pub(in crate::client) fn last_segment(&self) -> Option<&str> {
        match self {
            Self::Path(path) => {
                let last = path.rsplit('/').next()?;
                Some(last.strip_suffix(".json").unwrap_or(last))
            }
            Self::Raw(path) => path.last_segment(),
            Self::Link(_) => None,
        }
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Paths of lookups, and links with the filters of a list, contain phone numbers.
        f.write_str("Target([redacted])")
    }
}

/// A value in a path.
pub(in crate::client) trait Segment {
    fn segment(&self) -> String;
}

/// SIDs and other values that need no encoding.
impl<T: fmt::Display> Segment for T {
    fn segment(&self) -> String {
        self.to_string()
    }
}

impl Segment for E164 {
    fn segment(&self) -> String {
        // Unlike in a query, a plus sign in a path needs no encoding.
        self.as_str().to_owned()
    }
}

#[expect(unnameable_types, reason = "part of the sealed `Request` only")]
pub(in crate::client) mod sealed {
    use super::super::form::Form;
    use super::super::outcome::Effect;
    use super::super::read::ResponseBody;
    use super::{CompletionCheck, Product, Target};
    use crate::phone::E164;

    /// Data by which the engine runs a request. Not for use outside the crate.
    pub trait Operation: Send + Sync {
        type Reads: ResponseBody;
        fn name(&self) -> &'static str;
        fn product(&self) -> Product;
        fn method(&self) -> http::Method;
        fn effect(&self) -> Effect;
        fn target(&self) -> Target;
        /// Returns the parameters, and their faults.
        fn form(&self) -> Form;
        /// Returns the people whom the request reaches: the telephone number of each, `None` for
        /// each without one.
        fn reaches(&self) -> Vec<Option<E164>> {
            Vec::new()
        }
        /// Returns the reason why the request may reach a person whom the guard cannot name, if it
        /// may.
        fn unknown_people(&self) -> Option<&'static str> {
            None
        }
        /// Returns `true` for a request that gives away what the account owns, or changes its auth
        /// token. The client that a messenger hands out refuses it.
        fn is_reserved(&self) -> bool {
            false
        }
        /// Returns the request's own limit on retries, if it was set.
        fn retries(&self) -> Option<u32> {
            None
        }
        /// Returns the error code after which the resource is fetched, to see whether an earlier
        /// attempt has carried out the request.
        fn completion_check(&self) -> Option<CompletionCheck> {
            None
        }
        /// Returns `true` if the resource is in the state that the request sets.
        fn is_complete(&self, _: &Self::Reads) -> bool {
            false
        }
    }

    impl<R: Operation> Operation for &R {
        type Reads = R::Reads;
        fn name(&self) -> &'static str {
            (**self).name()
        }
        fn product(&self) -> Product {
            (**self).product()
        }
        fn method(&self) -> http::Method {
            (**self).method()
        }
        fn effect(&self) -> Effect {
            (**self).effect()
        }
        fn target(&self) -> Target {
            (**self).target()
        }
        fn form(&self) -> Form {
            (**self).form()
        }
        fn reaches(&self) -> Vec<Option<E164>> {
            (**self).reaches()
        }
        fn unknown_people(&self) -> Option<&'static str> {
            (**self).unknown_people()
        }
        fn is_reserved(&self) -> bool {
            (**self).is_reserved()
        }
        fn retries(&self) -> Option<u32> {
            (**self).retries()
        }
        fn completion_check(&self) -> Option<CompletionCheck> {
            (**self).completion_check()
        }
        fn is_complete(&self, answer: &Self::Reads) -> bool {
            (**self).is_complete(answer)
        }
    }
}

/// Declares a request.
///
/// The head consists of HTTP method, product, path and [`Effect`](crate::client::Effect). The
/// sections are all optional:
///
/// - `path`: fields in the path.
/// - `sets`: parameters with a fixed value.
/// - `needs`: arguments that write their own parameters.
/// - `reaches`: arguments through which the request reaches people, for `Delivery`.
/// - `reserved`: marks a request that a messenger's client refuses.
/// - `closed`: omits `extra_param`. For a request that reaches no one or may be retried, at a path
///   where another parameter reaches a person.
/// - `check`: a function that checks parameters against each other.
/// - `settled`: the error code after which the resource is fetched, to see whether a lost attempt
///   was carried out.
/// - `takes`: a row for each optional parameter: documentation, setter, Twilio's name, form (see
///   `parameter_setter!`).
macro_rules! request {
    (
        $(#[$doc:meta])*
        $name:ident => $answer:ty {
            $method:ident $product:ident $path:literal $effect:ident;
            $( path { $( $(#[doc = $seg_doc:literal])+ $seg:ident: $seg_ty:ty, )+ } )?
            $( sets { $( $set:literal = $to:expr, )+ } )?
            $( needs { $( $(#[doc = $arg_doc:literal])+ $arg:ident: $arg_ty:ty, )+ } )?
            $( reaches($($person:ident),+); )?
            $( reserved $reserved:literal; )?
            $( closed $closed:literal; )?
            $( check $check:path; )?
            $( settled $code:literal by $fetch:literal if $is_done:expr; )?
            $( takes {
                $( $(#[$opt_doc:meta])* $opt:ident = $param:literal: $form:ident $(($($of:tt)+))?, )+
            } )?
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[must_use = "a request does nothing until `Client::execute` runs it"]
        pub struct $name {
            $( $( $seg: $seg_ty, )+ )?
            $( $( $arg: $arg_ty, )+ )?
            options: $crate::client::engine::form::Form,
        }

        $crate::client::engine::request::request_constructor! {
            $name;
            $( $( $(#[doc = $seg_doc])+ $seg: $seg_ty, )+ )?
            $( $( $(#[doc = $arg_doc])+ $arg: impl Into<$arg_ty>, )+ )?
        }

        impl $name {
            /// HTTP method of the request.
            pub const METHOD: &'static str = stringify!($method);

            /// Path below the product's prefix.
            pub const PATH: &'static str = $path;

            /// Twilio's names of all parameters of the request. Each argument of `new` has a
            /// group, followed by the parameters with a fixed value and the optional ones.
            pub const PARAMETERS: &'static [&'static [&'static str]] = &[
                $( $( <$arg_ty as $crate::client::engine::request::Argument>::NAMES, )+ )?
                $( &[$( $set ),+], )?
                $( &[$( $param ),+], )?
            ];

            $( $(
                $crate::client::engine::request::parameter_setter! {
                    $(#[$opt_doc])* $opt = $param: $form $(($($of)+))?
                }
            )+ )?

            /// Sets the maximum number of retries; 0 for none. It lowers the limit of the client's
            /// [`RetryPolicy`](crate::client::RetryPolicy) and cannot raise it.
            pub fn retries(mut self, at_most: u32) -> Self {
                self.options.narrow_retries(at_most);
                self
            }
        }

        $crate::client::engine::request::extra_param! { $name $( closed $closed )? }

        impl $crate::client::engine::request::Request for $name {
            type Output = $answer;
        }

        impl $crate::client::engine::request::sealed::Operation for $name {
            type Reads = $answer;

            fn name(&self) -> &'static str {
                stringify!($name)
            }

            fn product(&self) -> $crate::client::engine::request::Product {
                $crate::client::engine::request::Product::$product
            }

            fn method(&self) -> http::Method {
                http::Method::$method
            }

            fn effect(&self) -> $crate::client::Effect {
                $crate::client::Effect::$effect
            }

            fn target(&self) -> $crate::client::engine::request::Target {
                $crate::client::engine::request::Target::Path(
                    format!(
                        $path
                        $( $(, $seg = $crate::client::engine::request::Segment::segment(&self.$seg))+ )?
                    )
                )
            }

            fn retries(&self) -> Option<u32> {
                self.options.retries()
            }

            fn form(&self) -> $crate::client::engine::form::Form {
                let mut form = $crate::client::engine::form::Form::default();
                $( $( $crate::client::engine::request::Argument::write(&self.$arg, &mut form); )+ )?
                $( $( form.set($set, $to); )+ )?
                form.append(&self.options);
                $( $check(self, &mut form); )?
                form.check_extras(Self::PARAMETERS);
                form
            }

            $(
                fn completion_check(
                    &self,
                ) -> Option<$crate::client::engine::request::CompletionCheck> {
                    let (code, fetch) = ($code, $fetch);
                    Some($crate::client::engine::request::CompletionCheck { code, fetch })
                }

                fn is_complete(&self, answer: &Self::Reads) -> bool {
                    let is_done: fn(&Self, &Self::Reads) -> bool = $is_done;
                    is_done(self, answer)
                }
            )?

            $(
                fn is_reserved(&self) -> bool {
                    $reserved
                }
            )?

            $(
                fn reaches(&self) -> Vec<Option<$crate::phone::E164>> {
                    let mut people = Vec::new();
                    $( people.extend($crate::client::engine::guard::Reaches::people(&self.$person)); )+
                    people
                }
            )?
        }
    };
}

/// Declares `new`, with the documentation of its arguments as a list.
macro_rules! request_constructor {
    ($name:ident;) => {
        impl $name {
            /// Creates the request without optional parameters.
            pub fn new() -> Self {
                Self {
                    options: $crate::client::engine::form::Form::default(),
                }
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::new()
            }
        }
    };
    ($name:ident; $( $(#[doc = $doc:literal])+ $arg:ident: $given:ty, )+ ) => {
        impl $name {
            /// Creates the request from its required arguments.
            ///
            $(
                #[doc = concat!("- `", stringify!($arg), "`:", $($doc),+)]
            )+
            pub fn new($( $arg: $given ),+) -> Self {
                Self {
                    $( $arg: $arg.into(), )+
                    options: $crate::client::engine::form::Form::default(),
                }
            }
        }
    };
}

/// Declares `extra_param`, unless the request is closed.
macro_rules! extra_param {
    ($name:ident closed $closed:literal) => {};
    ($name:ident) => {
        impl $name {
            /// Adds a parameter that this version of the crate does not know, in Twilio's
            /// spelling. Its value is not checked before it is sent.
            ///
            /// The name of a parameter that the request already has, such as `To`, is refused when
            /// the request is run.
            pub fn extra_param(
                mut self,
                name: impl Into<String>,
                value: impl Into<String>,
            ) -> Self {
                self.options.add_extra(name.into(), value.into());
                self
            }
        }
    };
}

/// Declares a setter. Its forms, and their values:
///
/// - texts: `text`, `each_text` (called once for each value), `name` (a friendly name), `decimal`;
/// - URLs: `url`, `link` (a URL, or empty to clear);
/// - numbers: `flag`, `number(range)`, `seconds(range)` and `millis(range)` (a `Duration`);
/// - times: `time` (a `SystemTime`), `day` (only its date is sent), `schedule` (within Twilio's
///   window);
/// - values of a vocabulary: `word(Type)`, `each_word(Type)` (called once for each value),
///   `joined_word(Type)` (several in one parameter);
/// - resources and people: `sid(Type)`, `binding(Type)` (a SID, or `None` to clear), `e164`,
///   `address`.
macro_rules! parameter_setter {
    (@ $(#[$doc:meta])* $opt:ident($value:ident: $ty:ty) $options:ident => $body:expr) => {
        $(#[$doc])*
        pub fn $opt(mut self, $value: $ty) -> Self {
            let $options = &mut self.options;
            $body;
            self
        }
    };
    ($(#[$doc:meta])* $opt:ident = $param:literal: text) => {
        $crate::client::engine::request::parameter_setter! { @ $(#[$doc])* $opt(value: impl Into<String>)
            o => o.set($param, value) }
    };
    ($(#[$doc:meta])* $opt:ident = $param:literal: url) => {
        $crate::client::engine::request::parameter_setter! { @ $(#[$doc])* $opt(url: impl Into<String>)
            o => o.set_url($param, url.into()) }
    };
    ($(#[$doc:meta])* $opt:ident = $param:literal: link) => {
        $crate::client::engine::request::parameter_setter! { @ $(#[$doc])* $opt(url: impl Into<String>)
            o => o.set_link($param, url.into()) }
    };
    ($(#[$doc:meta])* $opt:ident = $param:literal: each_text) => {
        $crate::client::engine::request::parameter_setter! { @ $(#[$doc])* $opt(value: impl Into<String>)
            o => o.add($param, value) }
    };
    ($(#[$doc:meta])* $opt:ident = $param:literal: each_word($ty:ty)) => {
        $crate::client::engine::request::parameter_setter! { @ $(#[$doc])* $opt(value: $ty)
            o => o.add($param, value.as_str()) }
    };
    ($(#[$doc:meta])* $opt:ident = $param:literal: flag) => {
        $crate::client::engine::request::parameter_setter! { @ $(#[$doc])* $opt(yes: bool)
            o => o.set($param, if yes { "true" } else { "false" }) }
    };
    ($(#[$doc:meta])* $opt:ident = $param:literal: number($range:expr)) => {
        $crate::client::engine::request::parameter_setter! { @ $(#[$doc])* $opt(number: u32)
            o => o.set_number($param, number, &$range) }
    };
    ($(#[$doc:meta])* $opt:ident = $param:literal: seconds($range:expr)) => {
        $crate::client::engine::request::parameter_setter! { @ $(#[$doc])* $opt(time: std::time::Duration)
            o => o.set_seconds($param, time, &$range) }
    };
    ($(#[$doc:meta])* $opt:ident = $param:literal: millis($range:expr)) => {
        $crate::client::engine::request::parameter_setter! { @ $(#[$doc])* $opt(time: std::time::Duration)
            o => o.set_millis($param, time, &$range) }
    };
    ($(#[$doc:meta])* $opt:ident = $param:literal: name) => {
        $crate::client::engine::request::parameter_setter! { @ $(#[$doc])* $opt(name: impl Into<String>)
            o => o.set_name($param, name.into()) }
    };
    ($(#[$doc:meta])* $opt:ident = $param:literal: decimal) => {
        $crate::client::engine::request::parameter_setter! { @ $(#[$doc])* $opt(amount: impl Into<String>)
            o => o.set_decimal($param, amount.into()) }
    };
    ($(#[$doc:meta])* $opt:ident = $param:literal: day) => {
        $crate::client::engine::request::parameter_setter! { @ $(#[$doc])* $opt(time: std::time::SystemTime)
            o => o.set_day($param, time) }
    };
    ($(#[$doc:meta])* $opt:ident = $param:literal: schedule) => {
        $crate::client::engine::request::parameter_setter! { @ $(#[$doc])* $opt(time: std::time::SystemTime)
            o => o.set_schedule($param, time) }
    };
    ($(#[$doc:meta])* $opt:ident = $param:literal: joined_word($ty:ty)) => {
        $crate::client::engine::request::parameter_setter! { @ $(#[$doc])* $opt(value: $ty)
            o => o.join($param, value.as_str()) }
    };
    ($(#[$doc:meta])* $opt:ident = $param:literal: address) => {
        $crate::client::engine::request::parameter_setter! { @ $(#[$doc])* $opt(address: impl Into<$crate::phone::Address>)
            o => o.set($param, address.into().expose()) }
    };
    ($(#[$doc:meta])* $opt:ident = $param:literal: time) => {
        $crate::client::engine::request::parameter_setter! { @ $(#[$doc])* $opt(time: std::time::SystemTime)
            o => o.set_time($param, time) }
    };
    ($(#[$doc:meta])* $opt:ident = $param:literal: word($ty:ty)) => {
        $crate::client::engine::request::parameter_setter! { @ $(#[$doc])* $opt(value: $ty)
            o => o.set($param, value.as_str()) }
    };
    ($(#[$doc:meta])* $opt:ident = $param:literal: sid($ty:ty)) => {
        $crate::client::engine::request::parameter_setter! { @ $(#[$doc])* $opt(sid: $ty)
            o => o.set($param, sid.as_str()) }
    };
    ($(#[$doc:meta])* $opt:ident = $param:literal: e164) => {
        $crate::client::engine::request::parameter_setter! { @ $(#[$doc])* $opt(number: $crate::phone::E164)
            o => o.set($param, number.as_str()) }
    };
    ($(#[$doc:meta])* $opt:ident = $param:literal: binding($ty:ty)) => {
        $crate::client::engine::request::parameter_setter! { @ $(#[$doc])* $opt(sid: impl Into<Option<$ty>>)
            o => o.set($param, sid.into().as_ref().map_or("", <$ty>::as_str)) }
    };
}

pub(in crate::client) use extra_param;
pub(in crate::client) use parameter_setter;
pub(in crate::client) use request;
pub(in crate::client) use request_constructor;
