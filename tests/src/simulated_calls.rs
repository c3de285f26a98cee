//! Callers who are not there, and who want an appointment: each with a wish, a name, a number and a way of talking, all drawn from a seed.
//!
//! They speak with voices that are not the receptionist's, over the engine's own protocol and faster than real time, to the real engine with
//! the product's own tools and a calendar of their own. They listen to what the receptionist says and answer that, correct what was
//! misheard, and change their minds. What counts in the end is the row in the database. Async; synthesis runs on blocking threads.
//!
//! - [`plan`]: what a caller wants · [`phrases`]: how they put it · [`question`]: what the receptionist asks · [`caller`]: what they answer
//! - [`line`]: their voice on the wire · [`call`]: one call from the greeting to the grade

pub mod call;
pub mod caller;
pub mod line;
pub mod phrases;
pub mod plan;
pub mod question;

use std::sync::Arc;

use anyhow::{Context as _, Result};
use frontdesk_engine::server::{Access, EngineConfig, EngineServer, SESSION_LIMIT};
use frontdesk_engine::speech::{ModelFiles, Speech};
use jiff::Timestamp;

use call::{Outcome, Place};
use plan::Plan;

/// The moment of every call: Tuesday, November 24, 2026, 10:00 where the sample company is.
pub const NOW: &str = "2026-11-24T16:00:00Z";

/// The calls of the tests: the name of the last change to the dialogue before they were drawn.
pub const SEED: u64 = 0xc5a6_80b8;

/// Makes the calls one after the other and tells each outcome as it comes.
///
/// # Errors
/// When the engine or its models are not there. A call that goes wrong is an outcome and no error.
pub async fn make(plans: &[Plan], mut told: impl FnMut(&Plan, &Outcome)) -> Result<()> {
    let files = ModelFiles::in_cache(&crate::model_cache()?);
    let company = Arc::new(frontdesk_company::sample()?);
    let now: Timestamp = NOW.parse()?;
    let engine = EngineServer::start(EngineConfig {
        companies: vec![(*company).clone()],
        speech: Arc::new(Speech::load(&files)?),
        chat: None,
        listen: "127.0.0.1:0".parse()?,
        access: Access::OwnBearer,
        session_limit: SESSION_LIMIT,
        clock: Arc::new(move || now),
    })
    .await?;
    // Models of their own: the callers' voices do not wait for the receptionist's.
    let voices = Arc::new(Speech::load(&files)?);
    for plan in plans {
        let place = Place::open(&company, now).context("a calendar for one call")?;
        let outcome = place.call(&engine, &voices, plan).await?;
        told(plan, &outcome);
    }
    engine.shut_down().await;
    Ok(())
}
