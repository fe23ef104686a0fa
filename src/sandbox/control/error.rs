//! Error responses of the control API.

use http::StatusCode;
use serde::Serialize;

/// An error response: what is wrong, where, and what to do.
#[derive(Debug)]
pub(super) struct ControlError {
    pub(super) status: StatusCode,
    code: &'static str,
    message: String,
}

/// Body of an error response.
#[derive(Serialize)]
pub(super) struct ErrorBody {
    error: ErrorDetails,
}

#[derive(Serialize)]
struct ErrorDetails {
    code: &'static str,
    message: String,
}

impl ControlError {
    pub(super) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
        }
    }

    /// Creates the error for a request that cannot be read.
    pub(super) fn bad_request(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message)
    }

    /// Creates the error for a path or an entity that does not exist.
    pub(super) fn not_found(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, code, message)
    }

    /// Creates the error for a request that the current state does not permit.
    pub(super) fn conflict(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, code, message)
    }

    /// Creates the error for a value that was read, but that is not valid.
    pub(super) fn invalid(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, message)
    }

    /// Creates the error for a request above the limit of requests at once.
    pub(super) fn busy(message: impl Into<String>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", message)
    }

    pub(super) fn into_body(self) -> ErrorBody {
        ErrorBody {
            error: ErrorDetails {
                code: self.code,
                message: self.message,
            },
        }
    }
}
