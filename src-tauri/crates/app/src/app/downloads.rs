//! The local engine's files as the window sees them: state, download with progress, cancel, check, remove.

use std::sync::PoisonError;

use frontdesk_call::problem::{Problem, ProblemKind};
use tokio::task::AbortHandle;

use super::App;
use super::line::call_in_the_way;
use crate::models::{self, Bundle};
use crate::view::{AppMessage, DownloadView, ModelsView};

/// Smallest step of progress that is told, in bytes: about 100 messages for all files.
const PROGRESS_STEP_BYTES: u64 = 1_000_000;

/// The download of this process, if any, and how the last one ended.
#[derive(Default)]
pub(super) struct Download {
    running: Option<AbortHandle>,
    progress: Option<DownloadView>,
    problem: Option<Problem>,
}

impl App {
    /// State of the files by presence and size, with the download in progress.
    #[must_use]
    pub fn models_view(&self) -> ModelsView {
        let mut view = self.inner.models.quick_view();
        let download = self.inner.download.lock().unwrap_or_else(PoisonError::into_inner);
        view.download = download.progress.clone();
        view.problem = download.problem.clone();
        view
    }

    /// Why the local engine cannot answer for want of files; nothing when it can.
    #[must_use]
    pub fn models_problem(&self) -> Option<Problem> {
        self.inner.models.problem()
    }

    /// Checks every file by its checksum and tells the windows.
    ///
    /// # Errors
    /// Only when the program ends meanwhile.
    pub async fn verify_models(&self) -> Result<(), Problem> {
        let models = models::verify(&self.inner.models).await?;
        self.announce(AppMessage::ModelsChanged { models });
        Ok(())
    }

    /// Fetches what is missing of a bundle in the background; better voices are then measured, unless a call is in progress: then they stay
    /// unmeasured, which is no fault of the download. Does nothing while a download runs.
    pub fn fetch_models(&self, bundle: Bundle) {
        let mut download = self.inner.download.lock().unwrap_or_else(PoisonError::into_inner);
        if download.running.is_some() {
            return;
        }
        let app = self.clone();
        let task = tokio::spawn(async move {
            let mut result = app.fetch_models_now(bundle, |_| {}).await;
            if result.is_ok() && bundle == Bundle::BetterVoices {
                result = app.measure_voices_if_free().await.map(drop);
            }
            app.download_ended(result.err());
        });
        *download = Download {
            running: Some(task.abort_handle()),
            ..Download::default()
        };
    }

    /// Fetches what is missing of a bundle and reports on the way.
    ///
    /// # Errors
    /// A [`Problem`] that names the file and what can be done.
    pub async fn fetch_models_now(
        &self,
        bundle: Bundle,
        mut report: impl FnMut(&DownloadView) + Send,
    ) -> Result<(), Problem> {
        let mirror = self.settings().models.mirror;
        let mut told = None;
        models::fetch(&self.inner.models, bundle, &mirror, |progress| {
            let step = (progress.file.clone(), progress.done_bytes / PROGRESS_STEP_BYTES);
            if told.as_ref() != Some(&step) {
                told = Some(step);
                let view = DownloadView {
                    file: progress.file,
                    done_bytes: progress.done_bytes,
                    total_bytes: progress.total_bytes,
                };
                report(&view);
                self.inner
                    .download
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .progress = Some(view);
                self.announce_models();
            }
        })
        .await
    }

    /// Stops the download. What is here stays and is gone on with later.
    pub fn cancel_fetch_models(&self) {
        let running = self
            .inner
            .download
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .running
            .take();
        if let Some(running) = running {
            running.abort();
            self.download_ended(None);
        }
    }

    /// Deletes the fetched files of a bundle.
    ///
    /// # Errors
    /// A [`Problem`] when a call is in progress, or a file is in use or may not be deleted.
    pub async fn remove_models(&self, bundle: Bundle) -> Result<(), Problem> {
        if !self.inner.line.is_free() {
            return Err(call_in_the_way("It may be spoken with these files."));
        }
        let models = self.inner.models.clone();
        let removed = tokio::task::spawn_blocking(move || models.remove(bundle))
            .await
            .map_err(|_| Problem::new(ProblemKind::Internal, "The files could not be removed."))?;
        self.announce_models();
        removed
    }

    fn download_ended(&self, problem: Option<Problem>) {
        *self.inner.download.lock().unwrap_or_else(PoisonError::into_inner) = Download {
            problem,
            ..Download::default()
        };
        self.announce_models();
    }

    pub(super) fn announce_models(&self) {
        self.announce(AppMessage::ModelsChanged {
            models: self.models_view(),
        });
    }
}
