//! A process that uses the system's keychain as the product does, for tests that give it an environment of its own.
//!
//! Reads one request a line, `status URL`, `read URL`, `delete URL`, `set URL KEY` or `keep URL KEY`, and answers each with one line.
//! Keys are read from the input, never from an argument.

use std::io::{BufRead, Write};

use frontdesk_store::Secrets;
use frontdesk_store::secrets::{ProviderKey, ProviderOrigin, SecretsError};
use secrecy::ExposeSecret;

fn main() -> anyhow::Result<()> {
    let secrets = Secrets::in_system_keychain()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let words: Vec<&str> = line.split(' ').collect();
        let answer = runtime.block_on(answer(&secrets, &words))?;
        writeln!(std::io::stdout(), "{answer}")?;
    }
    Ok(())
}

async fn answer(secrets: &Secrets, words: &[&str]) -> anyhow::Result<String> {
    let (request, url) = match words {
        [request, url, ..] => (*request, ProviderOrigin::parse(url)?),
        _ => anyhow::bail!("a request has a verb and a URL"),
    };
    let key = words.get(2).map(|key| ProviderKey::parse(key)).transpose()?;
    Ok(match (request, key) {
        ("status", None) => word(&secrets.status(&url).await)?,
        ("read", None) => outcome(secrets.read(&url).await, |key| match key {
            Some(key) => format!("key {}", key.expose_secret()),
            None => "no key".to_owned(),
        }),
        ("delete", None) => outcome(secrets.delete(&url).await, |was| format!("deleted {was}")),
        ("set", Some(key)) => outcome(secrets.set(&url, key).await, |()| "set".to_owned()),
        ("keep", Some(key)) => outcome(secrets.keep_for_this_run(&url, key), |()| "kept".to_owned()),
        _ => anyhow::bail!("unknown request"),
    })
}

fn outcome<T>(result: Result<T, SecretsError>, say: impl FnOnce(T) -> String) -> String {
    match result {
        Ok(value) => say(value),
        Err(error) => {
            let problem = error.problem();
            let kind = word(&problem.kind).unwrap_or_default();
            let action = problem
                .action
                .map(|action| word(&action).unwrap_or_default())
                .unwrap_or_default();
            format!("problem {kind} {action}")
        }
    }
}

/// The word that a plain enum has on the wire.
fn word(value: &impl serde::Serialize) -> anyhow::Result<String> {
    Ok(serde_json::to_value(value)?.as_str().unwrap_or_default().to_owned())
}
