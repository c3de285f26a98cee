//! The names of everything that a caller may want. Pure data, any thread.

/// What a caller wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Intent {
    /// When the company is open.
    Hours,
    /// What something costs.
    Price,
    /// How long something takes.
    Duration,
    /// What is offered.
    Services,
    /// Where the company is.
    Location,
    /// Its telephone number or e-mail address.
    Contact,
    /// Anything else about the company.
    Policy,
    /// A new appointment.
    Book,
    /// Which times are free.
    Availability,
    /// Another time for an appointment.
    Move,
    /// An appointment is not needed any more.
    Cancel,
    /// When an appointment is.
    Lookup,
    /// A message, or a call back.
    Message,
    /// A person.
    Person,
    /// Whether a machine speaks.
    Robot,
    /// What was asked for.
    Give,
    /// Something else instead of what was told.
    Correct,
    /// Consent.
    Yes,
    /// Refusal.
    No,
    /// A moment, please.
    Wait,
    /// Stop this.
    NeverMind,
    /// Say it again.
    Repeat,
    /// Hello.
    Greet,
    /// Thanks.
    Thanks,
    /// Leave.
    Goodbye,
    /// Insults.
    Abuse,
    /// Nothing that a company of this kind knows about.
    OutOfScope,
}

impl Intent {
    /// Every intent.
    pub const ALL: [Self; 27] = [
        Self::Hours,
        Self::Price,
        Self::Duration,
        Self::Services,
        Self::Location,
        Self::Contact,
        Self::Policy,
        Self::Book,
        Self::Availability,
        Self::Move,
        Self::Cancel,
        Self::Lookup,
        Self::Message,
        Self::Person,
        Self::Robot,
        Self::Give,
        Self::Correct,
        Self::Yes,
        Self::No,
        Self::Wait,
        Self::NeverMind,
        Self::Repeat,
        Self::Greet,
        Self::Thanks,
        Self::Goodbye,
        Self::Abuse,
        Self::OutOfScope,
    ];

    /// Its name in the labels, such as `never_mind`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Hours => "hours",
            Self::Price => "price",
            Self::Duration => "duration",
            Self::Services => "services",
            Self::Location => "location",
            Self::Contact => "contact",
            Self::Policy => "policy",
            Self::Book => "book",
            Self::Availability => "availability",
            Self::Move => "move",
            Self::Cancel => "cancel",
            Self::Lookup => "lookup",
            Self::Message => "message",
            Self::Person => "person",
            Self::Robot => "robot",
            Self::Give => "give",
            Self::Correct => "correct",
            Self::Yes => "yes",
            Self::No => "no",
            Self::Wait => "wait",
            Self::NeverMind => "never_mind",
            Self::Repeat => "repeat",
            Self::Greet => "greet",
            Self::Thanks => "thanks",
            Self::Goodbye => "goodbye",
            Self::Abuse => "abuse",
            Self::OutOfScope => "out_of_scope",
        }
    }

    /// Said beside something else, it is politeness and no wish.
    #[must_use]
    pub fn is_courtesy(self) -> bool {
        matches!(self, Self::Greet | Self::Thanks | Self::Goodbye)
    }
}
