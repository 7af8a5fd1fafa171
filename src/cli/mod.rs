//! The program: arguments, commands, messages, and the hints that say which option helps with which error.

pub mod args;
pub mod commands;
pub mod message;

pub use args::*;
