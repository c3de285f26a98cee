//! The machine under random interleavings of everything that can happen, in orders that no sane peer produces.

mod action;
mod random;
mod watcher;
