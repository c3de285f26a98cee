//! Which models a server lists and until when: the app warns before a chosen one is shut down. Runs on the tokio runtime; silent where a
//! server has no list or names no dates.

use std::time::Duration;

use frontdesk_call::problem::{Problem, ProblemAction, ProblemKind};
use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::Value;
use tokio::time::timeout;

use super::http::HttpTransport;

/// Longest list that is read, in bytes. Real ones are below 100 kB.
const LONGEST_LIST: usize = 2 * 1024 * 1024;

/// Longest wait for a list; nothing depends on it.
const LIST_LIMIT: Duration = Duration::from_secs(15);

/// How long before its end a model is warned of, in days: time enough to try another one.
const WARNING_DAYS: i64 = 60;

/// The models of one server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModelList {
    models: Vec<(String, Option<Date>)>,
}

#[derive(Deserialize)]
struct Listed {
    #[serde(default)]
    data: Vec<Value>,
}

impl ModelList {
    /// Asks a server for its list. Empty where there is none.
    pub async fn fetch(server: &HttpTransport) -> Self {
        Self::ask(server).await.unwrap_or_default()
    }

    /// Asks a server for its list; none where nothing answers, or something else than a list of models.
    pub async fn ask(server: &HttpTransport) -> Option<Self> {
        let text = timeout(LIST_LIMIT, server.models(LONGEST_LIST)).await.ok().flatten()?;
        let answer: Value = serde_json::from_str(&text).ok()?;
        answer["data"].is_array().then(|| Self::parse(&text))
    }

    /// The names of the models, in the server's order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.models.iter().map(|(name, _)| name.as_str())
    }

    /// Reads a list; what is no model of it is left out.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let listed: Vec<Value> = serde_json::from_str(text).map_or_else(|_| Vec::new(), |list: Listed| list.data);
        let models = listed.iter().filter_map(|model| {
            let date = model["shutdown_date"]
                .as_str()
                .and_then(|text| text.get(..10)?.parse().ok());
            Some((model["id"].as_str()?.to_owned(), date))
        });
        Self {
            models: models.collect(),
        }
    }

    /// What has to be said of `model` on `today`: that its end is near, or was. `server` is its name for people.
    #[must_use]
    pub fn warning(&self, model: &str, server: &str, today: Date) -> Option<Problem> {
        let (_, date) = self.models.iter().find(|(id, _)| id == model)?;
        let end = (*date)?;
        if end > today.saturating_add(WARNING_DAYS.days()) {
            return None;
        }
        let when = end.strftime("%B %-d, %Y");
        let sentence = if end <= today {
            format!("{server} announced the end of the model {model} for {when}. Choose another one in the settings.")
        } else {
            format!("{server} will shut the model {model} down on {when}. Choose another one in the settings before.")
        };
        Some(Problem::new(ProblemKind::ModelGone, sentence).with_action(ProblemAction::OpenSettings))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = r#"{"object":"list","data":[
        {"id":"words-1","shutdown_date":"2027-01-14"},
        {"id":"words-2","shutdown_date":null},
        {"id":"words-3"},
        {"id":"words-4","shutdown_date":"2026-11-01T00:00:00Z"},
        {"id":7},"words-5",{"id":"words-6","shutdown_date":"soon"}]}"#;

    fn warning(model: &str, today: &str) -> Option<String> {
        ModelList::parse(LIST)
            .warning(model, "OpenAI", today.parse().unwrap())
            .map(|problem| problem.sentence)
    }

    #[test]
    fn the_end_of_a_model_is_told_sixty_days_before() {
        assert_eq!(warning("words-1", "2026-11-14"), None);
        let told = warning("words-1", "2026-11-23").unwrap();
        assert!(told.contains("words-1") && told.contains("January 14, 2027"), "{told}");
        assert!(warning("words-4", "2026-11-23").unwrap().contains("announced the end"));
    }

    #[test]
    fn a_model_without_a_date_and_a_list_of_another_shape_say_nothing() {
        for model in ["words-2", "words-3", "words-5", "words-6", "unheard-of"] {
            assert_eq!(warning(model, "2026-11-23"), None, "{model}");
        }
        for text in ["", "[]", "{\"data\":{}}", "<html>"] {
            assert_eq!(ModelList::parse(text), ModelList::default(), "{text}");
        }
    }
}
