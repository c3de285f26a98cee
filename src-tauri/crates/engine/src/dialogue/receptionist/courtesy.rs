//! Wishes that no fact answers: what is said to them, and where the talk goes from there. Pure, any thread.

use crate::dialogue::wishes::Wish;
use crate::dialogue::wording::Occasion;

/// What follows at the end of a reply; of several the last listed holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Next {
    /// Nothing: the caller goes on.
    Nothing,
    /// How can I help?
    Help,
    /// Anything else?
    AnythingElse,
    /// Shall I take a message about what was asked?
    OfferMessage,
    /// A message is taken; its reason is asked for.
    TakeMessage,
    /// A message is taken; what was said is its reason.
    TakeRequest,
}

/// What is said to a wish beside facts, and what follows.
pub(super) fn of(wish: &Wish) -> (Option<Occasion>, Next) {
    match wish {
        Wish::Unknown => (Some(Occasion::Unknown), Next::OfferMessage),
        Wish::OutOfScope => (Some(Occasion::OutOfScope), Next::Help),
        Wish::Wait => (Some(Occasion::TakeYourTime), Next::Nothing),
        Wish::NeverMind => (Some(Occasion::Dropped), Next::AnythingElse),
        Wish::Abuse => (Some(Occasion::StayPolite), Next::Nothing),
        Wish::LookUp => (Some(Occasion::CannotLookUp), Next::TakeRequest),
        Wish::UnknownService(_) => (Some(Occasion::UnknownService), Next::OfferMessage),
        Wish::Booking(_) => (Some(Occasion::CannotBook), Next::TakeRequest),
        Wish::ChangeBooking(_) => (Some(Occasion::CannotChangeBooking), Next::TakeRequest),
        Wish::Human => (Some(Occasion::CannotConnect), Next::TakeMessage),
        Wish::CallBack => (Some(Occasion::CallBack), Next::TakeMessage),
        Wish::Robot => (Some(Occasion::Robot), Next::Nothing),
        Wish::Abilities => (Some(Occasion::Abilities), Next::Nothing),
        Wish::Thanks => (Some(Occasion::Welcome), Next::AnythingElse),
        Wish::Greeting => (Some(Occasion::Hello), Next::Nothing),
        Wish::Wellbeing => (Some(Occasion::Wellbeing), Next::Help),
        _ => (None, Next::Nothing),
    }
}
