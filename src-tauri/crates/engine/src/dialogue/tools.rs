//! The functions that the dialogue knows how to use when the session offers them, and their arguments and outputs as JSON.
//!
//! The engine never links the tools themselves: they are reached through function calls on the wire. Pure, any thread.

use serde_json::{Map, Value};

use super::caller::Details;
use super::facts::DayFacts;
use super::spoken_numbers::grouped;
use super::{FunctionRequest, ToolOffer};

/// Tells opening hours: `{date?: ISO date}`.
pub(crate) const CHECK_OPENING_HOURS: &str = "checkOpeningHours";

/// Keeps the caller's details: `{name?, phone?, reason?}`.
pub(crate) const SAVE_CALLER_DETAILS: &str = "saveCallerDetails";

/// Ends the call once the goodbye, which stands in the same reply, was heard: no arguments.
pub(crate) const END_CALL: &str = "endCall";

/// A call of `name` with those of the arguments that its schema has; none when the function is not offered, or asks for more.
pub(crate) fn request(
    offers: &[ToolOffer],
    name: &str,
    arguments: &[(&str, Option<String>)],
) -> Option<FunctionRequest> {
    let offer = offers.iter().find(|offer| offer.name == name)?;
    let properties = offer.parameters.get("properties").and_then(Value::as_object);
    let accepts = |member: &str| {
        properties
            .and_then(|properties| properties.get(member))
            .is_some_and(|schema| match schema.get("type") {
                Some(Value::String(kind)) => kind == "string",
                Some(Value::Array(kinds)) => kinds.iter().any(|kind| kind == "string"),
                _ => true,
            })
    };
    let mut given = Map::new();
    for (member, value) in arguments {
        if let Some(value) = value {
            if !accepts(member) {
                return None;
            }
            given.insert((*member).to_owned(), Value::String(value.clone()));
        }
    }
    let required = offer.parameters.get("required").and_then(Value::as_array);
    let complete = required.is_none_or(|names| {
        names
            .iter()
            .filter_map(Value::as_str)
            .all(|name| given.contains_key(name))
    });
    complete.then(|| FunctionRequest {
        name: name.to_owned(),
        arguments: Value::Object(given).to_string(),
    })
}

/// The members that a function requires.
pub(crate) fn required<'a>(offers: &'a [ToolOffer], name: &str) -> Vec<&'a str> {
    let offer = offers.iter().find(|offer| offer.name == name);
    let list = offer.and_then(|offer| offer.parameters.get("required")?.as_array());
    list.into_iter().flatten().filter_map(Value::as_str).collect()
}

/// A call of `name` with the known values among the members that its schema has; none when it is not offered, or asks for more.
pub(crate) fn fill(offers: &[ToolOffer], name: &str, members: &[(&str, Option<String>)]) -> Option<FunctionRequest> {
    let offer = offers.iter().find(|offer| offer.name == name)?;
    let properties = offer.parameters.get("properties")?.as_object()?;
    let known: Vec<(&str, Option<String>)> = members
        .iter()
        .filter(|(member, _)| properties.contains_key(*member))
        .cloned()
        .collect();
    request(offers, name, &known)
}

/// A call that saves what is known of the caller.
pub(crate) fn save_details(offers: &[ToolOffer], details: &Details) -> Option<FunctionRequest> {
    let phone = details.phone.as_deref().map(grouped);
    let all = [
        ("name", details.name.clone()),
        ("phone", phone),
        ("reason", details.reason.clone()),
    ];
    request(offers, SAVE_CALLER_DETAILS, &all)
}

/// What a function answered, where it did its work: an object with `error`, or text that is no JSON object, is a failure.
pub(crate) fn success(output: &str) -> Option<Value> {
    let value: Value = serde_json::from_str(output).ok()?;
    let failed = value.get("error").is_some_and(|error| !error.is_null());
    (value.is_object() && !failed).then_some(value)
}

/// The sentence on being open now in an answer of [`CHECK_OPENING_HOURS`].
pub(crate) fn status_told(answer: &Value) -> Option<String> {
    answer
        .get("status")
        .and_then(Value::as_str)
        .filter(|status| !status.trim().is_empty())
        .map(str::to_owned)
}

/// The hours of a day in an answer of [`CHECK_OPENING_HOURS`]; none when the answer has another shape.
pub(crate) fn day_told(answer: &Value, label: String) -> Option<DayFacts> {
    let text = |value: &Value, member: &str| value.get(member).and_then(Value::as_str).map(str::to_owned);
    let hours = answer.get("hours")?.as_array()?;
    let ranges: Option<Vec<String>> = hours
        .iter()
        .map(|range| Some(format!("{} to {}", text(range, "opens")?, text(range, "closes")?)))
        .collect();
    Some(DayFacts {
        label,
        hours: ranges?,
        holiday: text(answer, "holiday"),
    })
}

/// Details that a recalled call of [`SAVE_CALLER_DETAILS`] had.
pub(crate) fn recalled_details(arguments: &str) -> Details {
    let value: Value = serde_json::from_str(arguments).unwrap_or_default();
    let text = |member: &str| value.get(member).and_then(Value::as_str).map(str::to_owned);
    Details {
        name: text("name"),
        phone: text("phone").map(|phone| super::caller::kept_digits(&phone)),
        reason: text("reason"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_function_is_called_only_as_its_schema_allows() {
        let offer = |parameters| {
            vec![ToolOffer {
                name: "checkOpeningHours".into(),
                description: String::new(),
                parameters,
            }]
        };
        let date = [("date", Some("2026-12-25".to_owned()))];
        let dated = offer(json!({"type": "object", "properties": {"date": {"type": "string"}}}));
        let called = request(&dated, CHECK_OPENING_HOURS, &date).map(|call| call.arguments);
        assert_eq!(called.as_deref(), Some(r#"{"date":"2026-12-25"}"#));
        let other = offer(json!({"type": "object", "properties": {"day": {"type": "string"}}}));
        assert_eq!(request(&other, CHECK_OPENING_HOURS, &date), None);
        let greedy = offer(
            json!({"type": "object", "properties": {"date": {"type": "string"}}, "required": ["date", "branch"]}),
        );
        assert_eq!(request(&greedy, CHECK_OPENING_HOURS, &date), None);
        assert_eq!(request(&[], CHECK_OPENING_HOURS, &date), None);
    }

    #[test]
    fn errors_are_no_success() {
        assert_eq!(success(r#"{"error": "timeout"}"#), None);
        assert_eq!(success("oops"), None);
        assert!(success(r#"{"saved": {}}"#).is_some());
    }
}
