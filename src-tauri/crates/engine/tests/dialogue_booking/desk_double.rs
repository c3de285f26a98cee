//! A calendar behind the five functions of the product, by their schemas and results alone, and a call to the dialogue that uses it.

use std::sync::Arc;

use frontdesk_company::{CompanyProfile, WallClock};
use frontdesk_engine::dialogue::{
    CallWish, CompanyKnowledge, Dialogue, FunctionOutcome, FunctionRequest, Prompt, Purpose, Receptionist, Reply,
    ToolOffer,
};
use jiff::civil::DateTime;
use jiff::{Timestamp, ToSpan};
use serde_json::{Value, json};

/// Monday, November 23, 2026, 9:00 in Chicago.
pub const NOW: &str = "2026-11-23T15:00:00Z";

/// Minutes between two starts.
const GRID: i32 = 30;
/// Most free times in one answer.
const TIMES_NAMED: usize = 24;

/// A booked appointment.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub start: DateTime,
    pub service: String,
    pub name: String,
    pub phone: String,
    pub notes: String,
    pub number: String,
}

/// The calendar of a company with one place.
pub struct DeskDouble {
    company: CompanyProfile,
    now: Timestamp,
    pub rows: Vec<Row>,
    /// Answers instead of the calendar, for the functions that change it.
    pub broken: Option<String>,
    /// Every call, in order.
    pub called: Vec<(String, Value)>,
}

impl DeskDouble {
    pub fn new() -> Self {
        Self {
            company: frontdesk_company::sample().unwrap(),
            now: NOW.parse().unwrap(),
            rows: Vec::new(),
            broken: None,
            called: Vec::new(),
        }
    }

    /// The functions, and `endCall`.
    pub fn offers() -> Vec<ToolOffer> {
        let tool = |name: &str, members: &[&str], required: &[&str]| {
            let properties: serde_json::Map<String, Value> = members
                .iter()
                .map(|member| ((*member).to_owned(), json!({ "type": "string" })))
                .collect();
            ToolOffer {
                name: name.to_owned(),
                description: String::new(),
                parameters: json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false }),
            }
        };
        let book = ["date", "time", "customerName", "customerPhone", "serviceType"];
        vec![
            tool(
                "checkAvailability",
                &["start", "end", "serviceType", "timeZone"],
                &["start", "end", "serviceType"],
            ),
            tool("bookAppointment", &[&book[..], &["notes"]].concat(), &book),
            tool(
                "rescheduleAppointment",
                &["confirmationNumber", "customerName", "date", "time"],
                &["confirmationNumber", "customerName", "date", "time"],
            ),
            tool(
                "cancelAppointment",
                &["confirmationNumber", "customerName"],
                &["confirmationNumber", "customerName"],
            ),
            tool("lookupCustomer", &["phone", "name"], &["phone", "name"]),
            tool("endCall", &[], &[]),
            tool("saveCallerDetails", &["name", "phone", "reason"], &[]),
        ]
    }

    pub fn occupy(&mut self, start: DateTime) {
        self.rows.push(Row {
            start,
            service: "Oil change".to_owned(),
            name: "Somebody".to_owned(),
            phone: String::new(),
            notes: String::new(),
            number: format!("{}", 900_000 + self.rows.len()),
        });
    }

    fn local(&self, text: &str) -> Option<DateTime> {
        let moment: Timestamp = text.parse().ok()?;
        Some(self.company.time_zone.rules().to_datetime(moment))
    }

    fn is_free(&self, start: DateTime) -> bool {
        let WallClock::At(moment) = self.company.moment_of(start.date(), start.time()) else {
            return false;
        };
        let begins = moment >= self.now && self.company.is_open(moment);
        begins && self.rows.iter().all(|row| row.start != start)
    }

    fn free_between(&self, from: DateTime, until: DateTime) -> Vec<DateTime> {
        let midnight = from.date().at(0, 0, 0, 0);
        midnight
            .series(GRID.minutes())
            .skip_while(|start| *start < from)
            .take_while(|start| *start < until)
            .filter(|start| self.is_free(*start))
            .collect()
    }

    fn moment(&self, start: DateTime) -> Value {
        let zoned = self
            .company
            .time_zone
            .rules()
            .to_ambiguous_zoned(start)
            .compatible()
            .unwrap();
        json!({
            "start": zoned.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
            "spoken": self.company.describe_moment(zoned.timestamp(), self.now),
        })
    }

    fn appointment(&self, row: &Row) -> Value {
        let mut told = self.moment(row.start);
        let apart: Vec<String> = row.number.chars().map(|digit| digit.to_string()).collect();
        told["confirmationNumber"] = row.number.clone().into();
        told["spokenConfirmationNumber"] = format!("{}, {}", apart[..3].join(" "), apart[3..].join(" ")).into();
        told
    }

    fn refused(&self, sentence: &str, wanted: DateTime) -> Value {
        let mut free = self.free_between(self.local(NOW).unwrap(), wanted.saturating_add(3.days()));
        free.sort_by_key(|start| start.duration_since(wanted).abs());
        free.truncate(3);
        let times: Vec<Value> = free.into_iter().map(|start| self.moment(start)).collect();
        json!({ "error": sentence, "alternatives": times })
    }

    pub fn call(&mut self, request: &FunctionRequest) -> String {
        let arguments: Value = serde_json::from_str(&request.arguments).unwrap();
        self.called.push((request.name.clone(), arguments.clone()));
        let text = |member: &str| arguments[member].as_str().unwrap_or_default().to_owned();
        let wanted = || -> DateTime { format!("{}T{}:00", text("date"), text("time")).parse().unwrap() };
        if let Some(broken) = self.broken.clone().filter(|_| request.name != "checkAvailability") {
            return broken;
        }
        let answer = match request.name.as_str() {
            "checkAvailability" => {
                let (from, until) = (self.local(&text("start")).unwrap(), self.local(&text("end")).unwrap());
                let free = self.free_between(from, until);
                let times: Vec<Value> = free.iter().take(TIMES_NAMED).map(|start| self.moment(*start)).collect();
                let mut answer = json!({ "available": times, "moreAvailable": free.len() > TIMES_NAMED });
                if free.is_empty() {
                    let closed = self.free_between_ignoring_rows(from, until);
                    answer["reason"] = if closed { "closed" } else { "nothing free" }.into();
                    let next = self
                        .free_between(from, until.saturating_add(14.days()))
                        .first()
                        .copied();
                    answer["nextAvailable"] = next.map(|start| self.moment(start)).unwrap_or_default();
                }
                answer
            }
            "bookAppointment" if self.is_free(wanted()) => {
                let row = Row {
                    start: wanted(),
                    service: text("serviceType"),
                    name: text("customerName"),
                    phone: text("customerPhone"),
                    notes: text("notes"),
                    number: format!("{}", 482_193 + self.rows.len()),
                };
                let answer = json!({ "booked": true, "appointment": self.appointment(&row) });
                self.rows.push(row);
                answer
            }
            "bookAppointment" => self.refused("That time is already taken.", wanted()),
            "rescheduleAppointment" | "cancelAppointment" => {
                let same = |row: &&Row| row.number == text("confirmationNumber") && row.name == text("customerName");
                let Some(at) = self.rows.iter().position(|row| same(&row)) else {
                    return json!({ "error": "There is no such appointment." }).to_string();
                };
                if request.name == "cancelAppointment" {
                    let row = self.rows.remove(at);
                    json!({ "cancelled": true, "appointment": self.appointment(&row) })
                } else if self.is_free(wanted()) {
                    self.rows[at].start = wanted();
                    json!({ "moved": true, "appointment": self.appointment(&self.rows[at]) })
                } else {
                    self.refused("That time is already taken.", wanted())
                }
            }
            "lookupCustomer" => self.customer(&text("phone"), &text("name")),
            _ => json!({}),
        };
        answer.to_string()
    }

    /// By the desk's rules: the name must belong to the number, and confirmation numbers are not told.
    fn customer(&self, phone: &str, name: &str) -> Value {
        let of_phone: Vec<&Row> = self.rows.iter().filter(|row| row.phone == phone).collect();
        if of_phone.is_empty() {
            return json!({ "known": false });
        }
        let own: Vec<Value> = of_phone
            .iter()
            .filter(|row| row.name == name)
            .map(|row| {
                let mut told = self.moment(row.start);
                told["service"] = row.service.clone().into();
                told["customerName"] = row.name.clone().into();
                told
            })
            .collect();
        match own.is_empty() {
            true => json!({ "known": true, "matches": false }),
            false => json!({ "known": true, "matches": true, "name": name, "phone": phone, "appointments": own }),
        }
    }

    /// An appointment of Anna Carter's that was made before this call.
    pub fn keep(&mut self, service: &str, start: DateTime) {
        self.rows.push(Row {
            start,
            service: service.to_owned(),
            name: "Anna Carter".to_owned(),
            phone: "312-555-0142".to_owned(),
            notes: String::new(),
            number: format!("{}", 700_100 + self.rows.len()),
        });
    }

    fn free_between_ignoring_rows(&self, from: DateTime, until: DateTime) -> bool {
        let empty = Self {
            company: self.company.clone(),
            now: self.now,
            rows: Vec::new(),
            broken: None,
            called: Vec::new(),
        };
        empty.free_between(from, until).is_empty()
    }
}

/// A call by text.
pub struct Call {
    pub desk: DeskDouble,
    pub receptionist: Receptionist,
    /// What was said so far, by whom.
    pub transcript: Vec<String>,
}

impl Call {
    pub fn new() -> Self {
        Self::with(DeskDouble::offers())
    }

    pub fn with(offers: Vec<ToolOffer>) -> Self {
        let company = CompanyKnowledge::new(Arc::new(frontdesk_company::sample().unwrap()));
        let mut receptionist = Receptionist::new(&company);
        receptionist.offer_tools(offers, CallWish::AsNeeded);
        let greeting = Prompt::Unprompted {
            purpose: Purpose::Greeting,
            instructions: None,
        };
        receptionist.respond(greeting, NOW.parse().unwrap());
        Self {
            desk: DeskDouble::new(),
            receptionist,
            transcript: Vec::new(),
        }
    }

    /// What is answered to these words, with all functions called.
    pub fn say(&mut self, text: &str) -> String {
        let now = NOW.parse().unwrap();
        self.transcript.push(format!("caller: {text}"));
        let mut reply: Reply = self.receptionist.respond(Prompt::Caller { text, confidence: 0.9 }, now);
        let mut told = reply.text.clone();
        for _ in 0..4 {
            let calls = std::mem::take(&mut reply.calls);
            if calls.is_empty() {
                break;
            }
            let outputs: Vec<String> = calls.iter().map(|call| self.desk.call(call)).collect();
            let outcomes: Vec<FunctionOutcome<'_>> = calls
                .iter()
                .zip(&outputs)
                .map(|(call, output)| FunctionOutcome {
                    name: &call.name,
                    arguments: &call.arguments,
                    output,
                })
                .collect();
            reply = self.receptionist.respond(Prompt::Outcomes(&outcomes), now);
            told = format!("{told} {}", reply.text).trim().to_owned();
        }
        self.transcript.push(format!("receptionist: {told}"));
        told
    }

    /// Says all lines; the last answer.
    pub fn script(&mut self, lines: &[&str]) -> String {
        lines.iter().map(|line| self.say(line)).last().unwrap_or_default()
    }

    /// The appointments that this call made, as `service, start, name, phone`.
    pub fn booked(&self) -> Vec<String> {
        let own = self.desk.rows.iter().filter(|row| row.name != "Somebody");
        own.map(|row| format!("{}, {}, {}, {}", row.service, row.start, row.name, row.phone))
            .collect()
    }
}

/// The caller of most conversations.
const ANNA: &str = "Anna Carter, 312-555-0142";

/// The calendar holds this one appointment of the caller.
pub fn assert_booked(call: &Call, service: &str, start: &str) {
    let expected = vec![format!("{service}, {start}, {ANNA}")];
    assert_eq!(call.booked(), expected, "{}", call.transcript.join("\n"));
}

/// Says the lines, then who is calling, and agrees.
pub fn book(lines: &[&str]) -> Call {
    let mut call = Call::new();
    call.script(lines);
    call.script(&["Anna Carter", "312 555 0142"]);
    let told = call.say("Yes, please.");
    assert!(
        told.contains("booked") && told.contains("4 8 2"),
        "{}",
        call.transcript.join("\n")
    );
    call
}

/// The answer to the line holds all of the parts.
pub fn expect(call: &mut Call, line: &str, parts: &[&str]) {
    let told = call.say(line);
    for part in parts {
        assert!(
            told.contains(part),
            "{part:?} is missing\n{}",
            call.transcript.join("\n")
        );
    }
}
