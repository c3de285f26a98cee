//! The built-in dialogue and the calendar's functions, at the dialogue's public face: conversations, changes, and that nothing is claimed
//! that was not done.

#![allow(
    clippy::unwrap_used,
    reason = "the lint spares test functions only, and the helpers beside them are tests too"
)]

#[path = "dialogue_booking/changes.rs"]
mod changes;
#[path = "dialogue_booking/claims.rs"]
mod claims;
#[path = "dialogue_booking/conversations.rs"]
mod conversations;
#[path = "dialogue_booking/desk_double.rs"]
mod desk_double;
#[path = "dialogue_booking/expectations.rs"]
mod expectations;
#[path = "dialogue_booking/lookups.rs"]
mod lookups;
#[path = "dialogue_booking/prices.rs"]
mod prices;
#[path = "dialogue_booking/several.rs"]
mod several;
