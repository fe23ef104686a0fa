//! Declares the requests that create and update a resource.

/// Declares requests that take the same optional parameters: those of `options`, which are written
/// as in [`request!`](crate::client::engine::request). A request may take further ones of its own.
macro_rules! create_and_update {
    (options { $($options:tt)+ }) => {};
    (
        options { $($options:tt)+ }

        $(#[$doc:meta])*
        $name:ident => $answer:ty {
            $method:ident $product:ident $path:literal $effect:ident;
            $( path $segments:tt )?
            $( needs $arguments:tt )?
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
