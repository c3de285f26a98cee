//! A whole call of the application with real devices and the local engine, without a window: what the microphone hears is said by the
//! test, what the speaker plays is recorded by the test, and the test waits on the call's events.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use frontdesk_app::app::{App, StartOptions};
use frontdesk_app::locations::Locations;
use frontdesk_app::settings::AudioSettings;
use frontdesk_call::event::{CallEventBody, CallState, EndReason};
use frontdesk_call::{CallEvent, CallEvents, Command};
use tempfile::TempDir;

/// Longest wait for any one event.
const PATIENCE: Duration = Duration::from_secs(60);

/// A call in progress.
pub struct NativeCall {
    app: App,
    events: CallEvents,
    /// Settings and database of this call.
    _data: TempDir,
}

impl NativeCall {
    /// Starts the application with these sound settings, connects, and waits until the greeting was played.
    ///
    /// # Errors
    /// In people's words, from the application; or no greeting came.
    pub async fn connect(audio: AudioSettings) -> Result<Self> {
        let mut call = Self::start(audio).await?;
        call.until_listening().await?;
        Ok(call)
    }

    /// Starts the application with these sound settings and connects. The greeting is still to come.
    ///
    /// # Errors
    /// In people's words, from the application.
    pub async fn start(audio: AudioSettings) -> Result<Self> {
        let data = tempfile::tempdir()?;
        let options = StartOptions {
            locations: Locations::find(Some(data.path()), Some(&crate::model_cache()?))?,
            company_file: None,
            provider_key: None,
        };
        let app = App::start(options).await?;
        let mut settings = app.settings();
        settings.audio = audio;
        app.save_settings(settings).await?;
        let id = app.connect().await?.context("the call was cancelled")?;
        // Devices and the greeting take longer than this: what the snapshot took is of no interest here.
        let (_, events) = app.subscribe_call(&id)?;
        Ok(Self {
            app,
            events,
            _data: data,
        })
    }

    /// Reads events until one answers the question. A call that ends meanwhile is an error.
    ///
    /// # Errors
    /// `what` did not happen.
    pub async fn until<T>(&mut self, what: &str, mut wanted: impl FnMut(&CallEventBody) -> Option<T>) -> Result<T> {
        tokio::time::timeout(PATIENCE, async {
            loop {
                let event: Arc<CallEvent> = self.events.next().await.context("the call ended")?;
                if let Some(found) = wanted(&event.body) {
                    return Ok(found);
                }
            }
        })
        .await
        .with_context(|| format!("{what} did not happen"))?
    }

    /// Waits until the receptionist has finished and listens.
    ///
    /// # Errors
    /// It did not happen.
    pub async fn until_listening(&mut self) -> Result<()> {
        self.until("listening", |body| {
            let listens = CallEventBody::StateChanged {
                state: CallState::Listening,
            };
            (*body == listens).then_some(())
        })
        .await
    }

    /// Types a sentence for the caller.
    ///
    /// # Errors
    /// The call is over.
    pub fn type_text(&self, text: &str) -> Result<()> {
        Ok(self.app.command(Command::SendText(text.to_owned()))?)
    }

    /// Hangs up and waits for the end.
    ///
    /// # Errors
    /// The call ended in another way.
    pub async fn hang_up(mut self) -> Result<()> {
        self.app.command(Command::EndCall)?;
        let reason = self
            .until("the end of the call", |body| match body {
                CallEventBody::CallEnded { reason, .. } => Some(*reason),
                _ => None,
            })
            .await?;
        ensure!(reason == EndReason::HungUp, "{reason:?}");
        self.app.shut_down().await;
        Ok(())
    }
}
