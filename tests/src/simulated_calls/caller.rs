//! What a simulated caller says next, from what the receptionist has said. Pure: the plan and the words decide.
//!
//! A caller hears what is read back as people do who look at a slip of paper: what is wrong is corrected, the name letter by letter.

use jiff::civil::{Date, DateTime};
use rand::SeedableRng as _;
use rand::rngs::StdRng;

use super::phrases::Chooser;
use super::plan::{Manner, Part, Plan, Twist, Wanted};
use super::question::{Question, ReadBack};

/// How often one thing is corrected or asked for in vain before the caller hangs up.
const PATIENCE: usize = 5;

/// Somebody on the line.
pub struct Caller {
    plan: Plan,
    today: Date,
    random: StdRng,
    /// What they believe to have told.
    told: Wanted,
    /// What they want, once they know: the start may be one that was offered.
    pub goal: Wanted,
    /// The first words were said.
    opened: bool,
    /// They asked for the price, and the wish comes next.
    priced: bool,
    booked: bool,
    last: String,
    setbacks: usize,
}

impl Caller {
    /// A caller who has said nothing yet. `today` is the date of the call.
    #[must_use]
    pub fn new(plan: &Plan, today: Date) -> Self {
        Self {
            plan: plan.clone(),
            today,
            random: StdRng::seed_from_u64(plan.seed),
            told: plan.told.clone(),
            goal: plan.goal.clone(),
            opened: false,
            priced: false,
            booked: false,
            last: String::new(),
            setbacks: 0,
        }
    }

    /// Their answer; none when they hang up.
    pub fn answer(&mut self, reply: &str) -> Option<String> {
        if self.setbacks > PATIENCE {
            return None;
        }
        let said = match (self.opened, self.priced) {
            (false, _) => self.open(),
            (true, true) => self.wish("Okay,"),
            (true, false) => self.react(&Question::of(reply, self.today))?,
        };
        self.last.clone_from(&said);
        Some(said)
    }

    fn chooser(&mut self) -> Chooser<'_> {
        Chooser(&mut self.random)
    }

    /// The first words.
    fn open(&mut self) -> String {
        let (told, today, manner) = (self.told.clone(), self.today, self.plan.manner);
        self.opened = true;
        self.priced = manner == Manner::PriceFirst;
        let mut say = self.chooser();
        let service = say.service(told.service);
        let moment = say.moment(told.start, today);
        match manner {
            Manner::AtOnce => {
                let wish = say.one(&[
                    "I'd like to book",
                    "I need",
                    "Can I get",
                    "I want to schedule",
                    "Could you book me",
                ]);
                let end = if wish.starts_with('C') { "?" } else { ", please." };
                format!("Hi, {wish} {service} for {moment}{end}")
            }
            Manner::StepByStep => say.one(&[
                "Hello, I'd like to make an appointment.",
                "Hi, can I book an appointment?",
                "Good morning, I want to schedule an appointment, please.",
            ]),
            Manner::Symptom => {
                let symptom = say.symptom(told.service);
                let wish = say.one(&["Can I bring it in", "Could I come in", "Can I come by"]);
                format!("Hi, {symptom}. {wish} {moment}?")
            }
            Manner::PriceFirst => format!("Hi, how much is {service}?"),
            Manner::Everything => {
                let person = say.person(&told);
                format!("Hello, I'd like to book {service} for {moment}. {person}")
            }
        }
    }

    fn react(&mut self, question: &Question) -> Option<String> {
        let told = self.told.clone();
        match question {
            Question::Booked => {
                self.booked = true;
                None
            }
            Question::ReadBack(read) => Some(self.judge(read)),
            Question::Offer(times) => Some(self.choose(times)),
            Question::Name => Some(match self.noticed_slip() {
                Some(correction) => correction,
                None => self.chooser().name(&told.name),
            }),
            Question::Phone => Some(self.chooser().phone(&told.phone)),
            Question::RestOfPhone(heard) => Some(match told.phone.strip_prefix(heard.as_str()) {
                Some(rest) if !rest.is_empty() => self.chooser().phone(rest),
                _ => self.numbered("No, the number is"),
            }),
            Question::Day | Question::Time | Question::Service => Some(self.tell(question)),
            // Said when the read-back was refused without a reason, which these callers never do: something was misheard.
            Question::Change => self.again(),
            Question::Else => {
                self.setbacks += 1;
                Some(self.wish("Yes,"))
            }
            Question::Message => {
                self.setbacks += 2;
                Some(self.wish("No thanks,"))
            }
            Question::Again => self.again(),
        }
    }

    /// Whether the receptionist has said that it is booked.
    #[must_use]
    pub fn is_booked(&self) -> bool {
        self.booked
    }

    fn again(&mut self) -> Option<String> {
        self.setbacks += 1;
        Some(self.last.clone())
    }

    fn tell(&mut self, asked: &Question) -> String {
        let (told, today) = (self.told.clone(), self.today);
        let mut say = self.chooser();
        match asked {
            Question::Day => format!("{}.", capital(&say.moment(told.start, today))),
            Question::Time => format!("At {}.", say.time(told.start.time()).trim_end_matches('.')),
            _ => format!("{}, please.", capital(&say.service(told.service))),
        }
    }

    /// What they call for, in one sentence.
    fn wish(&mut self, lead: &str) -> String {
        self.priced = false;
        let (told, today) = (self.told.clone(), self.today);
        let mut say = self.chooser();
        let (service, moment) = (say.service(told.service), say.moment(told.start, today));
        format!("{lead} I'd like to book {service} for {moment}.")
    }

    /// The number after some words.
    fn numbered(&mut self, lead: &str) -> String {
        let phone = self.told.phone.clone();
        self.setbacks += 1;
        format!("{lead} {}.", self.chooser().phone(&phone))
    }

    /// A mistake of their own that they notice before everything is read back.
    fn noticed_slip(&mut self) -> Option<String> {
        let (part, true) = self.plan.slip? else {
            return None;
        };
        if self.told == self.goal {
            return None;
        }
        self.told = self.goal.clone();
        let lead = self
            .chooser()
            .one(&["Oh wait, actually", "Sorry, actually", "No wait,"]);
        Some(self.correction(&lead, part))
    }

    /// What is right in place of what was read back or told.
    fn correction(&mut self, lead: &str, part: Part) -> String {
        let (goal, today) = (self.goal.clone(), self.today);
        let mut say = self.chooser();
        match part {
            Part::Service => format!("{lead} I need {}.", say.service(goal.service)),
            Part::Day => format!("{lead} make it {}.", say.day(goal.start.date(), today)),
            Part::Time => format!("{lead} at {}.", say.time(goal.start.time()).trim_end_matches('.')),
            Part::Name => format!("{lead} the name is {}", say.spelled_name(&goal.name)),
            Part::Phone => format!("{lead} the number is {}.", say.phone(&goal.phone)),
        }
    }

    /// A time that was offered: the one they want, or another where it is not to be had.
    fn choose(&mut self, times: &[DateTime]) -> String {
        let wanted = self.told.start;
        let today = self.today;
        let is_to_be_had = matches!(self.plan.twist, Twist::None | Twist::Correction);
        if times.contains(&wanted) {
            return match times {
                [_] => self
                    .chooser()
                    .one(&["Yes, that works.", "Yes, please.", "That's fine."]),
                _ => self.picked(wanted, times),
            };
        }
        if is_to_be_had {
            self.setbacks += 1;
            let moment = self.chooser().moment(wanted, today);
            return format!("No, {moment}.");
        }
        let picked = match times {
            [] => return self.again().unwrap_or_default(),
            [only] => {
                self.take(*only);
                return self
                    .chooser()
                    .one(&["Yes, that works.", "Yes, that's fine.", "Okay, that's good."]);
            }
            several => several[several.len() / 2],
        };
        self.take(picked);
        self.picked(picked, times)
    }

    /// This is what they want from now on.
    fn take(&mut self, start: DateTime) {
        self.told.start = start;
        self.goal.start = start;
    }

    fn picked(&mut self, start: DateTime, times: &[DateTime]) -> String {
        let today = self.today;
        let one_day = times.iter().all(|time| time.date() == start.date());
        let place = times.iter().position(|time| *time == start);
        let mut say = self.chooser();
        let by_time = match one_day {
            true => format!("{}, please.", capital(&say.time(start.time()))),
            false => format!("{}, please.", capital(&say.moment(start, today))),
        };
        let by_place = match place {
            Some(0) => "The first one, please.",
            Some(1) => "The second one, please.",
            _ => "The last one, please.",
        };
        say.one(&[by_time.as_str(), by_time.as_str(), by_place])
    }

    /// Yes to what was read back, or what is wrong with it: one thing at a time, as people do.
    fn judge(&mut self, read: &ReadBack) -> String {
        let goal = self.goal.clone();
        self.told = goal.clone();
        let name = format!("{} {}", goal.name.first, goal.name.last);
        let is_service = read.text.contains(&goal.service.replace('-', " "));
        let wrong = [
            (Part::Service, !is_service),
            (
                Part::Day,
                read.start.is_none_or(|start| start.date() != goal.start.date()),
            ),
            (
                Part::Time,
                read.start.is_none_or(|start| start.time() != goal.start.time()),
            ),
            (Part::Name, !read.name.eq_ignore_ascii_case(&name)),
            (Part::Phone, read.phone != goal.phone),
        ];
        match wrong.into_iter().find(|(_, wrong)| *wrong) {
            None => self.chooser().one(&[
                "Yes, that's right.",
                "Yes, please.",
                "Yes.",
                "That's correct.",
                "Yes, book it, please.",
            ]),
            Some((part, _)) => {
                self.setbacks += 1;
                let lead = self.chooser().one(&["No,", "No, sorry,", "No, actually"]);
                self.correction(&lead, part)
            }
        }
    }
}

/// The first letter large.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::super::plan::plans;
    use super::*;

    const TODAY: Date = date(2026, 11, 24);

    fn caller(holds: impl Fn(&Plan) -> bool) -> Caller {
        let plan = plans(1, 100).into_iter().find(holds).unwrap();
        let mut caller = Caller::new(&plan, TODAY);
        caller.answer("How can I help you?").unwrap();
        caller
    }

    fn read_back(wanted: &Wanted) -> String {
        format!(
            "So that is {} on {} at {}, for {} {}, phone number {}. Shall I book it like that?",
            wanted.service.replace('-', " "),
            wanted.start.strftime("%A, %B %-d"),
            wanted.start.strftime("%-I:%M %p"),
            wanted.name.first,
            wanted.name.last,
            wanted.phone,
        )
    }

    #[test]
    fn what_is_right_is_agreed_to_and_what_is_wrong_is_not() {
        let mut caller = caller(|plan| plan.twist == Twist::None);
        let right = caller.goal.clone();
        let agrees = |text: &str| text.starts_with("Yes") || text.starts_with("That's");
        assert!(agrees(&caller.answer(&read_back(&right)).unwrap()));
        let mut wrong = right;
        wrong.phone = "3125550000".to_owned();
        let said = caller.answer(&read_back(&wrong)).unwrap();
        assert!(!agrees(&said) && said.contains("the number is"), "{said}");
    }

    #[test]
    fn a_slip_is_corrected_when_it_is_read_back() {
        let mut caller = caller(|plan| plan.slip == Some((Part::Time, false)));
        let told = caller.told.clone();
        assert!(caller.answer(&read_back(&told)).unwrap().contains(" at "));
    }

    #[test]
    fn a_caller_whose_time_is_taken_takes_one_that_is_offered() {
        let mut caller = caller(|plan| plan.twist == Twist::FullSlot);
        caller
            .answer("There is Friday, November 27 at 9:00 AM. Does that work for you?")
            .unwrap();
        assert_eq!(caller.goal.start, date(2026, 11, 27).at(9, 0, 0, 0));
    }

    #[test]
    fn nobody_talks_for_ever() {
        let mut caller = caller(|plan| plan.twist == Twist::None);
        let answers = std::iter::from_fn(|| caller.answer("Sorry, I did not catch that."))
            .take(50)
            .count();
        assert!(answers < 10, "{answers}");
    }
}
