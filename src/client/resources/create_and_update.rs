//! Macro that declares the requests to create and to update a resource.

// One request per step of a recursion: a macro cannot repeat one list of rows inside another.
/// Declares requests that share the optional parameters in `options`.
///
/// The rows are written as in [`request!`](crate::client::engine::request). A request can have
/// further optional parameters of its own in `takes`.
macro_rules! create_and_update {
    (options { $($options:tt)+ }) => {};
    (
        options { $($options:tt)+ }

        $(#[$doc:meta])*
        $name:ident => $answer:ty {
            $method:ident $product:ident $path:literal $effect:ident;
            $( path $segments:tt )?
            $( needs $arguments:tt )?
            $( reserved $reserved:literal; )?
            $( takes { $($own:tt)+ } )?
        }
        $($rest:tt)*
    ) => {
        $crate::client::engine::request::request! {
            $(#[$doc])*
            $name => $answer {
                $method $product $path $effect;
                $( path $segments )?
                $( needs $arguments )?
                $( reserved $reserved; )?
                takes {
                    $( $($own)+ )?
                    $($options)+
                }
            }
        }

        $crate::client::resources::create_and_update::create_and_update! {
            options { $($options)+ }
            $($rest)*
        }
    };
}

pub(super) use create_and_update;
