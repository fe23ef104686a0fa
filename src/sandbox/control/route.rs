//! A row of the table of routes: a method and a path, their handler, and their description.

use std::pin::Pin;

use super::reply::Handled;
use super::request::ControlRequest;

/// HTTP method of a route.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

impl Verb {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }

    /// Reports whether a request must have a JSON body.
    pub(super) const fn has_body(self) -> bool {
        matches!(self, Self::Post | Self::Put | Self::Patch)
    }
}

/// Body of a successful response, by the names of schemas in `schemas.json`.
#[derive(Clone, Copy)]
pub(super) enum Answer {
    Nothing,
    One(&'static str),
    List(&'static str),
    /// Stream of server-sent events.
    Events,
}

pub(super) type Handling<'a> = Pin<Box<dyn Future<Output = Handled> + Send + 'a>>;
pub(super) type Handler = for<'a> fn(&'a ControlRequest) -> Handling<'a>;

/// A route.
pub(super) struct Route {
    pub(super) verb: Verb,
    /// Path below `/_sandbox`. A segment in braces is a parameter.
    pub(super) path: &'static str,
    pub(super) handler: Handler,
    /// Sentence of the OpenAPI document.
    pub(super) summary: &'static str,
    /// Names of the parameters in the query, which are described in `schemas.json`.
    pub(super) query: &'static [&'static str],
    /// Schema of the body.
    pub(super) body: Option<&'static str>,
    /// Set if the body may have 8 MiB.
    pub(super) is_large: bool,
    pub(super) status: u16,
    pub(super) answer: Answer,
    /// HTTP statuses of the errors that only some routes have.
    pub(super) errors: &'static [u16],
}

impl Route {
    const fn new(verb: Verb, path: &'static str, handler: Handler, summary: &'static str) -> Self {
        Self {
            verb,
            path,
            handler,
            summary,
            query: &[],
            body: None,
            is_large: false,
            status: 200,
            answer: Answer::Nothing,
            errors: &[],
        }
    }

    pub(super) const fn get(path: &'static str, handler: Handler, summary: &'static str) -> Self {
        Self::new(Verb::Get, path, handler, summary)
    }

    /// Creates a route with a body. `body` is its schema.
    pub(super) const fn post(
        path: &'static str,
        handler: Handler,
        summary: &'static str,
        body: &'static str,
    ) -> Self {
        Self::new(Verb::Post, path, handler, summary).takes(body)
    }

    pub(super) const fn put(
        path: &'static str,
        handler: Handler,
        summary: &'static str,
        body: &'static str,
    ) -> Self {
        Self::new(Verb::Put, path, handler, summary).takes(body)
    }

    pub(super) const fn patch(
        path: &'static str,
        handler: Handler,
        summary: &'static str,
        body: &'static str,
    ) -> Self {
        Self::new(Verb::Patch, path, handler, summary).takes(body)
    }

    /// Creates a route without a body in the request and in the response.
    pub(super) const fn delete(
        path: &'static str,
        handler: Handler,
        summary: &'static str,
    ) -> Self {
        let mut route = Self::new(Verb::Delete, path, handler, summary);
        route.status = 204;
        route
    }

    const fn takes(mut self, schema: &'static str) -> Self {
        self.body = Some(schema);
        self
    }

    pub(super) const fn query(mut self, names: &'static [&'static str]) -> Self {
        self.query = names;
        self
    }

    pub(super) const fn large(mut self) -> Self {
        self.is_large = true;
        self
    }

    pub(super) const fn returns(mut self, status: u16, answer: Answer) -> Self {
        self.status = status;
        self.answer = answer;
        self
    }

    pub(super) const fn fails(mut self, errors: &'static [u16]) -> Self {
        self.errors = errors;
        self
    }

    /// Matches the segments of a path. Returns the values of the parameters.
    pub(super) fn match_path<'a>(&self, segments: &[&'a str]) -> Option<Vec<&'a str>> {
        let pattern = self.path.split('/').skip(1);
        if pattern.clone().count() != segments.len() {
            return None;
        }
        let mut values = Vec::new();
        for (expected, segment) in pattern.zip(segments) {
            if expected.starts_with('{') && !segment.is_empty() {
                values.push(*segment);
            } else if expected != *segment {
                return None;
            }
        }
        Some(values)
    }
}

/// Makes a handler of a function that returns at once.
macro_rules! at_once {
    ($function:path) => {
        |request| Box::pin(std::future::ready($function(request)))
    };
}

/// Makes a handler of an `async` function.
macro_rules! in_time {
    ($function:path) => {
        |request| Box::pin($function(request))
    };
}

pub(super) use {at_once, in_time};
