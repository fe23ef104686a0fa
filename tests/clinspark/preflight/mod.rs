//! What preflight finds in accounts that are broken in one way each, and that it is silent where
//! nothing is wrong.

mod checks;
mod clinic;
mod findings;
mod inconclusive;
mod paths;
mod probe;
mod report;
mod setup;
