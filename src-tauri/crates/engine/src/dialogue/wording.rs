//! How the receptionist says what is not a fact: several wordings for each occasion, taken in turn so that a call does not sound like a
//! tape. No company, price, time or promise stands here.
//!
//! Pure: the counter lives in the dialogue's state, so that the same call always gives the same words.

use std::collections::BTreeMap;

/// An occasion to speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Occasion {
    /// The profile does not hold what was asked.
    Unknown,
    /// The service is not on the list.
    UnknownService,
    /// Only something near is on the list.
    NearService,
    /// The topic is known, the particular question is not.
    NearTopic,
    /// Something was said and not heard well enough.
    NotHeard,
    /// Words were heard and not understood.
    NotUnderstood,
    /// Words were not understood again and again.
    StillNotUnderstood,
    /// Typing is a way around a bad line.
    MayType,
    /// Offer to take a message.
    OfferMessage,
    /// Price or time of what?
    WhichService,
    /// Booking is not possible.
    CannotBook,
    /// Changing an appointment is not possible.
    CannotChangeBooking,
    CannotLookUp,
    OutOfScope,
    TakeYourTime,
    StayPolite,
    /// A person cannot be put on the line.
    CannotConnect,
    /// A call back is welcome.
    CallBack,
    /// Ask for the name.
    AskName,
    /// Ask for the number.
    AskPhone,
    /// Ask for the rest of the number.
    AskRestOfPhone,
    /// The number was no number.
    AskPhoneAgain,
    /// The name was no name.
    AskNameAgain,
    /// Ask for the reason.
    AskReason,
    /// Ask what is wrong in the read-back.
    AskCorrection,
    /// There is no way to save.
    CannotSave,
    /// Saving failed.
    SaveFailed,
    /// The form was dropped.
    Dropped,
    /// Answer to thanks.
    Welcome,
    /// Anything else?
    AnythingElse,
    /// Goodbye.
    Goodbye,
    /// How are you.
    Wellbeing,
    /// Invites to ask.
    HowCanIHelp,
    /// Hello during a call.
    Hello,
    /// Robot.
    Robot,
    /// What the assistant can do.
    Abilities,
    /// Nothing was said yet that could be repeated.
    NothingToRepeat,
    /// Nobody speaks.
    StillThere,
    /// An appointment begins.
    Gladly,
    /// Ask for the service.
    AskService,
    /// Ask which of several services.
    WhichOfServices,
    /// The services that can be chosen.
    ServicesToBook,
    /// Ask for the day.
    AskDay,
    /// Ask for the day that an appointment moves to.
    AskNewDay,
    /// Ask for the time.
    AskTime,
    /// One free time.
    OfferOne,
    /// Several free times.
    OfferSome,
    /// One of the offered times is taken.
    TimeNoted,
    /// The time that was asked for is free.
    TimeIsFree,
    /// It is not.
    TimeIsTaken,
    /// It is in the past.
    TimeIsPast,
    /// The company is closed then.
    ClosedThen,
    /// Nothing is free then.
    NothingFree,
    /// Read back a new appointment.
    ConfirmBooking,
    /// Read back a change.
    ConfirmMove,
    /// Read back a cancellation.
    ConfirmCancel,
    /// Ask what to change in an appointment.
    AskChange,
    /// Ask for the confirmation number.
    AskConfirmation,
    /// Without the confirmation number nothing can be changed.
    NeedsConfirmation,
    /// The calendar did not take the number.
    NumberRefused,
    /// The confirmation number is not at hand: the appointment is looked up.
    LookInstead,
    /// Nobody has the phone number.
    NothingUnder,
    /// The name does not belong to the phone number.
    NameDoesNotFit,
    /// Appointments cannot be looked up at the moment.
    LookUpFailed,
    /// What to do with the appointment that was told.
    OfferChange,
    /// The same with one of several.
    OfferChangeOfOne,
    /// Several errands were named.
    OneAfterTheOther,
    /// The next of them.
    NowTheNext,
    /// Another errand was named on the way.
    NotedForLater,
    /// The calendar did not take the phone number.
    PhoneRefused,
    /// The calendar has not done what was asked.
    CalendarFailed,
    /// The calendar has not answered yet.
    StillChecking,
    /// The appointment is left.
    AppointmentDropped,
    /// Words were not understood in the middle of an appointment.
    NotCaught,
}

impl Occasion {
    fn wordings(self) -> &'static [&'static str] {
        match self {
            Self::Unknown => &[
                "I'm sorry, I don't have that information.",
                "I don't have anything on that, I'm afraid.",
                "That is something I don't know.",
            ],
            Self::UnknownService => &[
                "I'm sorry, I don't see that on our list of services.",
                "I don't have that on our list of services, I'm afraid.",
            ],
            Self::NearService => &[
                "I don't have exactly that on our list. The nearest I have is this.",
                "That itself is not on our list. What comes nearest is this.",
            ],
            Self::NearTopic => &[
                "I don't have that in detail. What I can tell you is this.",
                "I'm not sure about that part. What I know is this.",
            ],
            Self::NotHeard => &[
                "Sorry, I did not catch that. Could you say it again?",
                "I'm sorry, I could not hear that clearly. Could you repeat it, please?",
                "Sorry, that did not come through. Would you say it once more?",
            ],
            Self::NotUnderstood => &[
                "I'm sorry, I did not understand that. Could you put it another way?",
                "I'm not sure what you mean. Could you say it in other words?",
                "Sorry, I did not follow that. How do you mean it?",
            ],
            Self::StillNotUnderstood => &[
                "I'm sorry, I still did not catch that.",
                "I'm afraid I did not get that this time either.",
            ],
            Self::MayType => &[
                "If you have a keyboard at hand, you can also type it.",
                "Where you can type, that works as well.",
            ],
            Self::OfferMessage => &[
                "Would you like me to take a message for the team?",
                "Shall I take your name and number for the team?",
                "Would you like to leave your details for the team?",
            ],
            Self::WhichService => &[
                "Which service do you mean?",
                "For which service would you like to know that?",
            ],
            Self::CannotBook => &["I can't book appointments myself yet, but I can take your details for the team."],
            Self::CannotLookUp => {
                &["I can't look up appointments from here, but I can take your details for the team."]
            }
            Self::OutOfScope => &[
                "I'm sorry, that is something I don't know about: I answer for this company only.",
                "I'm afraid I don't know that. I can only help with what this company does.",
            ],
            Self::TakeYourTime => &[
                "Of course, take your time.",
                "No problem, I'll wait.",
                "Sure, I'm here.",
            ],
            Self::StayPolite => &[
                "I'm sorry that you are upset. I would still like to help.",
                "I understand that this is annoying. I'll do what I can.",
            ],
            Self::CannotChangeBooking => {
                &["I can't see or change appointments myself yet, but I can take your details for the team."]
            }
            Self::CannotConnect => &["I can't put you through from here, but I can take your details for the team."],
            Self::CallBack => &["Certainly, I can take your details for the team."],
            Self::AskName => &["May I have your name, please?", "What is your name, please?"],
            Self::AskPhone => &[
                "What is your phone number?",
                "And which phone number can the team reach you on?",
            ],
            Self::AskRestOfPhone => &[
                "So far I have %. What is the rest of the number?",
                "I have % up to now. How does it go on?",
            ],
            Self::AskPhoneAgain => &[
                "I did not get a full phone number. Could you say it again, digit by digit?",
                "Could you give me the phone number once more, please?",
            ],
            Self::AskNameAgain => &[
                "I did not get the name. Could you say it again, or spell it?",
                "Could you say your name once more, please?",
            ],
            Self::AskReason => &[
                "And what is it about?",
                "What should I note as the reason for your call?",
            ],
            Self::AskCorrection => &[
                "What should I change: the name, the number or the reason?",
                "Which part is wrong: the name, the number or the reason?",
            ],
            Self::CannotSave => &[
                "Thank you. I have no way to pass these details on from here, so please also contact the team directly.",
            ],
            Self::SaveFailed => {
                &["I'm sorry, I could not save your details just now. Please contact the team directly."]
            }
            Self::Dropped => &["All right, we leave that.", "No problem, I won't take anything down."],
            Self::Welcome => &["You're welcome.", "My pleasure.", "Glad to help."],
            Self::AnythingElse => &[
                "Is there anything else I can do for you?",
                "What else can I do for you?",
                "Can I help with anything else?",
            ],
            Self::Goodbye => &[
                "Thank you for calling %. Goodbye!",
                "Thanks for calling %, and goodbye!",
            ],
            Self::Wellbeing => &["I'm doing well, thank you.", "Very well, thank you."],
            Self::HowCanIHelp => &["How can I help you?", "What can I do for you?"],
            Self::Hello => &["Hello! How can I help you?", "Hello, what can I do for you?"],
            Self::Robot => &[
                "I'm an automated assistant, not a person.",
                "You are talking to an automated assistant, I'm not a human.",
            ],
            Self::Abilities => &[
                "I can tell you about our services, prices and opening hours, how to find us and our policies, and I can take a message.",
            ],
            Self::NothingToRepeat => &["I have not said anything yet. How can I help you?"],
            Self::StillThere => &["Are you still there?", "Hello, can you still hear me?"],
            Self::Gladly => &["Certainly.", "Gladly.", "Of course."],
            Self::AskService => &["Which service would you like?", "What would you like to have done?"],
            Self::WhichOfServices => &["Which do you mean: %?", "Would that be %?"],
            Self::ServicesToBook => &[
                "We offer %. Which would you like?",
                "You can choose from %. Which is it?",
            ],
            Self::AskDay => &["Which day would suit you?", "What day and time would you like?"],
            Self::AskNewDay => &["To which day and time should it move?", "What is the new day and time?"],
            Self::AskTime => &["What time would you like?", "At what time?"],
            Self::OfferOne => &[
                "I could offer you %. Would that suit you?",
                "There is %. Does that work for you?",
            ],
            Self::OfferSome => &[
                "I could offer you %. Which would you like?",
                "There is %. Which suits you best?",
            ],
            Self::TimeNoted => &["%, then.", "Good, %."],
            Self::TimeIsFree => &["% is free.", "% is available."],
            Self::TimeIsTaken => &["I'm sorry, % is not available.", "Unfortunately % is not free."],
            Self::TimeIsPast => &[
                "I'm sorry, that time has already passed.",
                "That time is over already, I'm afraid.",
            ],
            Self::ClosedThen => &["I'm sorry, we are closed on %.", "Unfortunately we are closed on %."],
            Self::NothingFree => &[
                "I'm sorry, nothing is free on %.",
                "Unfortunately there is nothing free on %.",
            ],
            Self::ConfirmBooking => &[
                "Let me read that back: %. Shall I book it?",
                "So that is %. Shall I book it like that?",
            ],
            Self::ConfirmMove => &[
                "So I move %. Is that right?",
                "To be sure: you want to move %. Shall I do that?",
            ],
            Self::ConfirmCancel => &[
                "So I cancel %. Is that right?",
                "To be sure: you want to cancel %. Shall I do that?",
            ],
            Self::AskChange => &[
                "What should I change?",
                "Which part should I change: the service, the day, the time, the name or the number?",
            ],
            Self::AskConfirmation => &[
                "What is your confirmation number, please?",
                "Could you tell me the confirmation number of the appointment?",
            ],
            Self::NeedsConfirmation => &["I'm sorry, I can change an appointment only with its confirmation number."],
            Self::NumberRefused => &["I'm sorry, that did not work with the number %."],
            Self::LookInstead => &[
                "Then let me look it up by your name and phone number.",
                "No problem, I can look for it by your name and phone number.",
            ],
            Self::NothingUnder => &[
                "I'm sorry, I find nothing under the phone number %.",
                "There is nothing under the phone number %, I'm afraid.",
            ],
            Self::NameDoesNotFit => &[
                "I'm sorry, that name and that phone number do not go together in our calendar.",
                "Our calendar does not have that name with that phone number, I'm afraid.",
            ],
            Self::LookUpFailed => &[
                "I'm sorry, I cannot look up appointments just now.",
                "I'm sorry, our calendar does not tell me that at the moment.",
            ],
            Self::OfferChange => &[
                "Would you like to move it or to cancel it?",
                "Shall I move or cancel it for you?",
            ],
            Self::OfferChangeOfOne => &[
                "Would you like to move or cancel one of them?",
                "Shall I move or cancel one of them for you?",
            ],
            Self::OneAfterTheOther => &["Certainly, one after the other.", "Gladly, let us take one at a time."],
            Self::NowTheNext => &["Now to the other one.", "Then to your other wish."],
            Self::NotedForLater => &["I'll come to that next.", "Gladly, that comes right after this."],
            Self::PhoneRefused => {
                &["I'm sorry, the calendar does not take that phone number; it needs the area code too."]
            }
            Self::CalendarFailed => &[
                "I'm sorry, the calendar has not confirmed that, so please do not count on it.",
                "I'm sorry, I cannot get that from our calendar just now.",
            ],
            Self::StillChecking => &["One moment please, the calendar has not answered yet."],
            Self::AppointmentDropped => &[
                "All right, we leave that.",
                "No problem, I leave the calendar as it is.",
            ],
            Self::NotCaught => &["Sorry, I did not catch that.", "I'm sorry, I did not get that."],
        }
    }
}

/// Which wording comes next on each occasion.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wording {
    used: BTreeMap<Occasion, usize>,
    lists: BTreeMap<&'static [&'static str], usize>,
}

impl Wording {
    /// The next wording.
    pub fn next(&mut self, occasion: Occasion) -> String {
        let wordings = occasion.wordings();
        let turn = self.used.entry(occasion).or_default();
        let text = wordings.get(*turn % wordings.len().max(1)).copied().unwrap_or_default();
        *turn += 1;
        text.to_owned()
    }

    /// The next of sentences that stand elsewhere.
    pub fn one_of(&mut self, list: &'static [&'static str]) -> &'static str {
        let turn = self.lists.entry(list).or_default();
        let text = list.get(*turn % list.len().max(1)).copied().unwrap_or_default();
        *turn += 1;
        text
    }

    /// The next wording with its gap filled.
    pub fn filled(&mut self, occasion: Occasion, gap: &str) -> String {
        self.next(occasion).replace('%', gap)
    }
}
