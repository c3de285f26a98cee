//! What a simulated caller wants, what goes wrong, and over which line they call. Pure; the seed decides everything.

use frontdesk_engine::speech::LocalVoice;
use jiff::ToSpan as _;
use jiff::civil::{Date, DateTime, Weekday};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};

/// A Tuesday: the day of every call.
const TODAY: Date = jiff::civil::date(2026, 11, 24);

/// The callers' voices: none of them is the receptionist's.
const VOICES: [LocalVoice; 4] = [
    LocalVoice::Heart,
    LocalVoice::Michael,
    LocalVoice::Bella,
    LocalVoice::Fenrir,
];

/// One call of ten: what happens in it.
const TWISTS: [Twist; 10] = [
    Twist::Correction,
    Twist::ClosedDay,
    Twist::None,
    Twist::Correction,
    Twist::FullSlot,
    Twist::Correction,
    Twist::None,
    Twist::ClosedDay,
    Twist::Correction,
    Twist::None,
];
/// Which of ten come over a telephone, moved on by [`TELEPHONE_STEP`] with every ten, so that all twists are heard over both lines.
const ON_TELEPHONE: [usize; 3] = [1, 4, 8];
const TELEPHONE_STEP: usize = 3;

/// What makes a call more than a wish and a yes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Twist {
    /// Nothing.
    None,
    /// The caller tells something else than they want, and corrects it.
    Correction,
    /// The company is closed on the day that they ask for.
    ClosedDay,
    /// The time that they ask for is taken.
    FullSlot,
}

/// A part of the appointment that is told wrong at first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// What is to be done.
    Service,
    /// The date.
    Day,
    /// The clock time.
    Time,
    /// The caller's name.
    Name,
    /// Their phone number.
    Phone,
}

/// How a caller goes about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// Service, day and time in the first sentence.
    AtOnce,
    /// One thing after the other.
    StepByStep,
    /// What the car does, and when they could come.
    Symptom,
    /// A question about the price before the wish.
    PriceFirst,
    /// Everything in one breath, name and number too.
    Everything,
}

/// A name in two words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// First name.
    pub first: String,
    /// Last name.
    pub last: String,
    /// The caller spells the last name unasked.
    pub spelled: bool,
}

/// Everything that is told or wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Id of the service.
    pub service: &'static str,
    /// When it shall begin, on the company's clocks.
    pub start: DateTime,
    /// Whom it is for.
    pub name: Name,
    /// Ten digits.
    pub phone: String,
}

/// One call.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Which of the calls it is, from 0.
    pub number: usize,
    /// For everything that the caller chooses while they talk.
    pub seed: u64,
    /// What happens in it.
    pub twist: Twist,
    /// How the caller goes about it.
    pub manner: Manner,
    /// What they tell until they correct it.
    pub told: Wanted,
    /// What they want. Where the time is not to be had, they take another one that is offered.
    pub goal: Wanted,
    /// What differs between the two, and whether they notice before everything is read back.
    pub slip: Option<(Part, bool)>,
    /// Who speaks.
    pub voice: LocalVoice,
    /// 8 kHz, G.711.
    pub telephone: bool,
}

const SERVICES: [&str; 7] = [
    "oil-change",
    "brake-repair",
    "tire-service",
    "engine-diagnostics",
    "battery-replacement",
    "air-conditioning-service",
    "general-maintenance",
];

const FIRST_NAMES: [&str; 24] = [
    "Anna", "David", "Laura", "Michael", "Emily", "James", "Karen", "Robert", "Linda", "Thomas", "Susan", "Daniel",
    "Maria", "Peter", "Julia", "Richard", "Olivia", "Kevin", "Nancy", "Andrew", "Helen", "Brian", "Sandra", "George",
];

const LAST_NAMES: [&str; 30] = [
    "Carter", "Miller", "Johnson", "Bennett", "Wilson", "Parker", "Cooper", "Foster", "Turner", "Collins", "Morgan",
    "Hughes", "Russell", "Griffin", "Hayes", "Wallace", "Sullivan", "Jordan", "Ellis", "Harrison", "Garcia",
    "Martinez", "Lopez", "Patel", "Kim", "Schmidt", "Novak", "Romano", "Larsen", "Fischer",
];

const AREA_CODES: [&str; 12] = [
    "312", "773", "630", "847", "202", "415", "206", "512", "617", "303", "614", "919",
];

/// `count` calls.
#[must_use]
pub fn plans(seed: u64, count: usize) -> Vec<Plan> {
    (0..count).map(|number| plan(seed, number)).collect()
}

/// One of them; which others are made does not matter.
fn plan(seed: u64, number: usize) -> Plan {
    let seed = seed.wrapping_mul(1_000_003).wrapping_add(number as u64);
    let mut random = StdRng::seed_from_u64(seed);
    let (deck, card) = (number / TWISTS.len(), number % TWISTS.len());
    let twist = TWISTS[card];
    let telephone = ON_TELEPHONE
        .iter()
        .any(|at| (at + deck * TELEPHONE_STEP) % TWISTS.len() == card);
    let goal = Wanted {
        service: one_of(&SERVICES, &mut random),
        start: start(&mut random),
        name: name(&mut random),
        phone: phone(&mut random),
    };
    let (mut told, mut slip) = (goal.clone(), None);
    match twist {
        Twist::Correction => {
            let part = one_of(
                &[
                    Part::Service,
                    Part::Day,
                    Part::Time,
                    Part::Time,
                    Part::Day,
                    Part::Name,
                    Part::Phone,
                ],
                &mut random,
            );
            told = slipped(&goal, part, &mut random);
            // Names and numbers are told last: there is nothing before the read-back.
            let early = !matches!(part, Part::Name | Part::Phone) && random.random_bool(0.5);
            slip = Some((part, early));
        }
        Twist::ClosedDay => told.start = closed(&mut random),
        Twist::None | Twist::FullSlot => {}
    }
    let manners = [
        Manner::AtOnce,
        Manner::AtOnce,
        Manner::StepByStep,
        Manner::StepByStep,
        Manner::Symptom,
        Manner::PriceFirst,
        Manner::Everything,
    ];
    Plan {
        number,
        seed,
        twist,
        manner: one_of(&manners, &mut random),
        told,
        goal,
        slip,
        voice: one_of(&VOICES, &mut random),
        telephone,
    }
}

fn one_of<T: Copy>(list: &[T], random: &mut StdRng) -> T {
    *list.choose(random).unwrap_or(&list[0])
}

/// A half hour on a day within three weeks on which the company works, early enough for every service.
fn start(random: &mut StdRng) -> DateTime {
    loop {
        let date = TODAY.saturating_add(random.random_range(1..=20).days());
        let (opens, last) = match date.weekday() {
            Weekday::Sunday => continue,
            Weekday::Saturday => (9 * 2, 13 * 2),
            _ => (8 * 2, 15 * 2),
        };
        let half: i8 = random.random_range(opens..=last);
        return date.at(half / 2, half % 2 * 30, 0, 0);
    }
}

/// A time on a Sunday.
fn closed(random: &mut StdRng) -> DateTime {
    let sunday = TODAY.saturating_add((5 + 7 * random.random_range(0..2)).days());
    sunday.at(random.random_range(9..16), 0, 0, 0)
}

fn name(random: &mut StdRng) -> Name {
    Name {
        first: one_of(&FIRST_NAMES, random).to_owned(),
        last: one_of(&LAST_NAMES, random).to_owned(),
        spelled: random.random_bool(0.25),
    }
}

fn phone(random: &mut StdRng) -> String {
    let area = one_of(&AREA_CODES, random);
    let exchange = random.random_range(220..990);
    let line = random.random_range(0..10_000);
    format!("{area}{exchange}{line:04}")
}

/// The goal with one part told wrong.
fn slipped(goal: &Wanted, part: Part, random: &mut StdRng) -> Wanted {
    let mut told = goal.clone();
    while told == *goal {
        match part {
            Part::Service => told.service = one_of(&SERVICES, random),
            Part::Day => told.start = start(random).date().to_datetime(goal.start.time()),
            Part::Time => told.start = goal.start.date().to_datetime(start(random).time()),
            Part::Name => told.name.last = one_of(&LAST_NAMES, random).to_owned(),
            // One digit of the last four, as people mix them up.
            Part::Phone => {
                let at = random.random_range(6..10);
                let digit = random.random_range(0..10).to_string();
                told.phone.replace_range(at..=at, &digit);
            }
        }
        // Saturday closes early, and a time moved there may lie behind it.
        if told.start.date().weekday() == Weekday::Saturday && !(9..=13).contains(&told.start.hour()) {
            told.start = goal.start;
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hundred_calls_have_the_twists_that_they_must_have() {
        let plans = plans(1, 100);
        let count = |holds: &dyn Fn(&&Plan) -> bool| plans.iter().filter(|plan| holds(plan)).count();
        assert!(count(&|plan| plan.twist == Twist::Correction) >= 30);
        assert!(count(&|plan| matches!(plan.twist, Twist::ClosedDay | Twist::FullSlot)) >= 20);
        assert!(count(&|plan| plan.telephone) >= 20);
        let lines = |twist: Twist| count(&|plan| plan.twist == twist && plan.telephone);
        assert!(
            [Twist::None, Twist::Correction, Twist::ClosedDay, Twist::FullSlot]
                .iter()
                .all(|twist| lines(*twist) > 0)
        );
    }

    #[test]
    fn a_call_is_the_same_however_many_are_made() {
        assert_eq!(plans(7, 3)[2].goal, plans(7, 100)[2].goal);
        assert_ne!(plans(7, 3)[2].goal, plans(8, 3)[2].goal);
    }

    #[test]
    fn what_is_told_wrong_differs_in_that_part_alone() {
        for plan in plans(3, 100) {
            let Some((part, _)) = plan.slip else { continue };
            let (told, goal) = (&plan.told, &plan.goal);
            let differs = [
                (Part::Service, told.service != goal.service),
                (Part::Day, told.start.date() != goal.start.date()),
                (Part::Time, told.start.time() != goal.start.time()),
                (Part::Name, told.name != goal.name),
                (Part::Phone, told.phone != goal.phone),
            ];
            for (other, differs) in differs {
                assert_eq!(differs, other == part, "{plan:?}");
            }
        }
    }

    #[test]
    fn every_goal_is_a_time_at_which_the_company_is_open() {
        let company = frontdesk_company::sample().unwrap();
        let open = |time: DateTime| match company.moment_of(time.date(), time.time()) {
            frontdesk_company::WallClock::At(at) => company.is_open(at),
            _ => false,
        };
        for plan in plans(5, 100) {
            assert!(open(plan.goal.start), "{plan:?}");
            assert_eq!(open(plan.told.start), plan.twist != Twist::ClosedDay, "{plan:?}");
        }
    }
}
