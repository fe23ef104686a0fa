//! Requests are values: the rows that declare them, and the trait that runs them.

use std::fmt;

use super::base_url::Host;
use super::read::ResponseBody;
use crate::phone::E164;
use crate::types::{AccountSid, is_sid};

/// A request that [`Client::execute`](crate::client::Client::execute) can run.
///
/// Sealed: the types in the modules of [`client`](crate::client) are all there are.
pub trait Request: sealed::Operation<Reads = <Self as Request>::Output> {
    /// What Twilio answers with.
    type Output: ResponseBody;
}

impl<R: Request> Request for &R {
    type Output = R::Output;
}

/// An argument of `new` that writes its own parameters, such as a sender.
pub(in crate::client) trait Argument {
    /// Every parameter that it may write.
    const NAMES: &'static [&'static str];

    fn write(&self, form: &mut super::form::Form);
}

/// What an operation belongs to: a host, and how its paths begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[expect(unnameable_types, reason = "part of the sealed `Request` only")]
pub enum Product {
    /// The 2010 API: paths begin with the account.
    Api,
    /// The 2010 API beside the account, for requests about accounts.
    ApiRoot,
    /// Messaging Services and registrations.
    Messaging,
    /// What is known about a number.
    Lookups,
    /// Settings of the account.
    Accounts,
    /// The debugger.
    Monitor,
    /// Settings of calls.
    Voice,
}

impl Product {
    pub(in crate::client) const fn host(self) -> Host {
        match self {
            Self::Api | Self::ApiRoot => Host::Api,
            Self::Messaging => Host::Messaging,
            Self::Lookups => Host::Lookups,
            Self::Accounts => Host::Accounts,
            Self::Monitor => Host::Monitor,
            Self::Voice => Host::Voice,
        }
    }

    /// Whether its paths say for which account a request is.
    pub(in crate::client) const fn names_account(self) -> bool {
        matches!(self, Self::Api | Self::ApiRoot)
    }

    /// What stands before the paths of the product's operations.
    pub(in crate::client) fn prefix(self, account_sid: AccountSid) -> String {
        match self {
            Self::Api => format!("/2010-04-01/Accounts/{account_sid}"),
            Self::ApiRoot => "/2010-04-01".to_owned(),
            Self::Lookups => "/v2".to_owned(),
            Self::Messaging | Self::Accounts | Self::Monitor | Self::Voice => "/v1".to_owned(),
        }
    }
}

/// How the present state of a resource shows that an update has been carried out.
#[expect(unnameable_types, reason = "part of the sealed `Request` only")]
#[derive(Debug)]
#[non_exhaustive]
pub struct CompletionCheck {
    /// Twilio's code for a state in which the update is not possible.
    pub(in crate::client) code: u32,
    /// Name of the request that reads the resource, such as `FetchCall`.
    pub(in crate::client) fetch: &'static str,
}

/// A path below the product's prefix, or a link that Twilio gave.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
#[expect(unnameable_types, reason = "part of the sealed `Request` only")]
pub enum Target {
    /// Below the product's prefix, such as `/2010-04-01/Accounts/{AccountSid}`.
    Path(String),
    /// A link that Twilio gave: followed verbatim where it stays on the host that was asked.
    Link(String),
}

impl Target {
    /// The SID of what a path is about: the last in it.
    pub(in crate::client) fn sid(&self) -> Option<&str> {
        match self {
            Self::Path(path) => path.split(['/', '.']).rev().find(|part| is_sid(part)),
            Self::Link(_) => None,
        }
    }

    /// The last part of a path, such as the SID of what is fetched.
    pub(in crate::client) fn last_segment(&self) -> Option<&str> {
        match self {
            Self::Path(path) => {
                let last = path.rsplit('/').next()?;
                Some(last.strip_suffix(".json").unwrap_or(last))
            }
            Self::Link(_) => None,
        }
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Paths of lookups, and links with the filters of a list, hold numbers.
        f.write_str("Target([redacted])")
    }
}

/// What stands in a path.
pub(in crate::client) trait Segment {
    fn segment(&self) -> String;
}

/// SIDs and other words that need no encoding.
impl<T: fmt::Display> Segment for T {
    fn segment(&self) -> String {
        self.to_string()
    }
}

impl Segment for E164 {
    fn segment(&self) -> String {
        // A plus sign is itself in a path.
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

    /// How a request is carried out. Not for use outside the crate.
    pub trait Operation: Send + Sync {
        type Reads: ResponseBody;
        fn name(&self) -> &'static str;
        fn product(&self) -> Product;
        fn method(&self) -> http::Method;
        fn effect(&self) -> Effect;
        fn target(&self) -> Target;
        /// The parameters, and what cannot be right about them.
        fn form(&self) -> Form;
        /// The people whom it reaches: the telephone number of each, `None` for each without one.
        fn reaches(&self) -> Vec<Option<E164>> {
            Vec::new()
        }
        /// How often it may be repeated at most, where the request says so.
        fn retries(&self) -> Option<u32> {
            None
        }
        /// Which refusal may say that an earlier attempt has carried it out.
        fn completion_check(&self) -> Option<CompletionCheck> {
            None
        }
        /// Whether the resource is in the state that was asked for.
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
/// The head names the HTTP method, the product, the path and the [`Effect`](crate::client::Effect).
/// `path` fields stand in the path, `sets` are parameters that are always the same, `needs` are
/// arguments that write their own parameters, `reaches` names the person for the guard, and what
/// may reach others, `check` a function for what hangs together, `settled` the refusal after which
/// the resource is fetched to see whether a lost attempt was carried out. `takes`
/// has a row for each optional parameter: documentation, setter, Twilio's name, form (see
/// `parameter_setter!`).
macro_rules! request {
    (
        $(#[$doc:meta])*
        $name:ident => $answer:ty {
            $method:ident $product:ident $path:literal $effect:ident;
            $( path { $( $(#[doc = $seg_doc:literal])+ $seg:ident: $seg_ty:ty, )+ } )?
            $( sets { $( $set:literal = $to:expr, )+ } )?
            $( needs { $( $(#[doc = $arg_doc:literal])+ $arg:ident: $arg_ty:ty, )+ } )?
            $( reaches($($person:ident),+); )?
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
            /// Twilio's HTTP method.
            pub const METHOD: &'static str = stringify!($method);

            /// The path, below the product's own prefix.
            pub const PATH: &'static str = $path;

            /// Twilio's names of every parameter that the request can carry: a group for each
            /// argument of `new`, then what is always set, then the options.
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

            /// Adds a parameter that Twilio knows and this version of the crate does not, in
            /// Twilio's spelling. Twilio decides whether it is right.
            ///
            /// A name that the request has itself, such as `To`, is refused when it is run.
            pub fn extra_param(
                mut self,
                name: impl Into<String>,
                value: impl Into<String>,
            ) -> Self {
                self.options.add_extra(name.into(), value.into());
                self
            }

            /// How often the client may repeat it at most; 0 for not at all. It narrows the
            /// client's [`RetryPolicy`](crate::client::RetryPolicy) and never widens it.
            pub fn retries(mut self, at_most: u32) -> Self {
                self.options.narrow_retries(at_most);
                self
            }
        }

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
                fn reaches(&self) -> Vec<Option<$crate::phone::E164>> {
                    let mut people = Vec::new();
                    $( people.extend($crate::client::engine::guard::Reaches::people(&self.$person)); )+
                    people
                }
            )?
        }
    };
}

/// `new`, with the documentation of its arguments as a list.
macro_rules! request_constructor {
    ($name:ident;) => {
        impl $name {
            /// The request, nothing set.
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
            /// The request, with what it needs.
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

/// One setter. The forms, and what each takes:
///
/// `text`, `url`, `link` (a URL, or empty to clear), `each_text`, `each_url` (once for each
/// value), `flag`, `number(range)`, `seconds(range)`, `millis(range)` (a `Duration`), `time`
/// (a `SystemTime`), `day` (the same, of which Twilio takes the date), `schedule` (the same, within
/// Twilio's window), `word(Type)`, `each_word(Type)`, `joined_word(Type)` (several in one value),
/// `sid(Type)`, `binding(Type)` (a SID, or `None` to clear), `e164`, `address`, `name` (a friendly
/// name), `decimal`.
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

pub(in crate::client) use parameter_setter;
pub(in crate::client) use request;
pub(in crate::client) use request_constructor;
