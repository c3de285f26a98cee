//! Settings and company: reading, changing, saving. Saving is blocking file work and runs on a blocking thread.

use std::path::PathBuf;
use std::sync::{Arc, PoisonError};

use frontdesk_call::problem::{Problem, ProblemKind};
use frontdesk_company::CompanyProfile;

use super::App;
use crate::settings::Settings;
use crate::settings_file;

impl App {
    /// The settings in force.
    #[must_use]
    pub fn settings(&self) -> Settings {
        self.inner
            .settings
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Saves settings and puts them in force. A call in progress keeps its backend and company; devices switch at once.
    ///
    /// # Errors
    /// A [`Problem`] when a value is out of range, the company file is refused, or the file cannot be written; the settings in force
    /// stay.
    pub async fn save_settings(&self, settings: Settings) -> Result<(), Problem> {
        let before = self.settings();
        if settings.company_file != before.company_file {
            self.load_company(settings.company_file.clone()).await?;
        }
        self.write_settings(settings.clone()).await?;
        if settings.audio != before.audio {
            self.apply_audio_settings(&settings.audio);
        }
        self.settle(&[ProblemKind::SettingsInvalid, ProblemKind::CompanyInvalid]);
        if settings.backend != before.backend || settings.supervisor != before.supervisor {
            self.settle(&[ProblemKind::ModelGone]);
        }
        self.announce_overview().await;
        Ok(())
    }

    /// Remembers one change of the settings without the checks of a company file.
    pub(super) async fn change_settings(&self, change: impl FnOnce(&mut Settings)) -> Result<(), Problem> {
        let mut settings = self.settings();
        change(&mut settings);
        self.write_settings(settings).await?;
        self.announce_overview().await;
        Ok(())
    }

    /// Remembers that the introduction was seen.
    ///
    /// # Errors
    /// A [`Problem`] when the settings cannot be written.
    pub async fn close_introduction(&self) -> Result<(), Problem> {
        self.change_settings(|settings| settings.introduction_seen = true).await
    }

    /// The company that answers.
    #[must_use]
    pub fn company(&self) -> Arc<CompanyProfile> {
        self.inner.company.profile()
    }

    /// Reads the company file again before a call: it may have been edited. A broken one is told, and the last good profile answers.
    pub(super) async fn reload_company(&self) {
        let (app, before) = (self.clone(), self.company());
        let reloaded = tokio::task::spawn_blocking(move || app.inner.company.reload()).await;
        let Ok(outcome) = reloaded else { return };
        let problem = outcome.err();
        let told = self.standing_of(ProblemKind::CompanyInvalid);
        if problem == told && *before == *self.company() {
            return;
        }
        self.settle(&[ProblemKind::CompanyInvalid]);
        let mut standing = self.inner.standing.lock().unwrap_or_else(PoisonError::into_inner);
        standing.extend(problem);
        drop(standing);
        self.announce_known_overview();
    }

    async fn load_company(&self, file: String) -> Result<(), Problem> {
        let app = self.clone();
        let file = Some(file).filter(|file| !file.is_empty()).map(PathBuf::from);
        tokio::task::spawn_blocking(move || app.inner.company.load(file.as_deref()).map(|_| ()))
            .await
            .map_err(|_| Problem::new(ProblemKind::Internal, "The company file could not be read."))?
    }

    async fn write_settings(&self, settings: Settings) -> Result<(), Problem> {
        let path = self.inner.locations.settings.clone();
        let written = settings.clone();
        tokio::task::spawn_blocking(move || settings_file::save(&path, &written))
            .await
            .map_err(|_| Problem::new(ProblemKind::Internal, "The settings could not be saved."))??;
        *self.inner.settings.write().unwrap_or_else(PoisonError::into_inner) = settings;
        Ok(())
    }

    /// Puts these problems in the place of the standing ones of their kind, and tells the windows where that changes something.
    pub(super) fn replace_standing(&self, kind: ProblemKind, problems: Vec<Problem>) {
        let mut standing = self.inner.standing.lock().unwrap_or_else(PoisonError::into_inner);
        let before = standing.clone();
        standing.retain(|problem| problem.kind != kind);
        standing.extend(problems);
        let changed = *standing != before;
        drop(standing);
        if changed {
            self.announce_known_overview();
        }
    }

    fn standing_of(&self, kind: ProblemKind) -> Option<Problem> {
        let standing = self.inner.standing.lock().unwrap_or_else(PoisonError::into_inner);
        standing.iter().find(|problem| problem.kind == kind).cloned()
    }

    /// Takes problems of these kinds off the standing list: what they were about was just done right.
    fn settle(&self, kinds: &[ProblemKind]) {
        let mut standing = self.inner.standing.lock().unwrap_or_else(PoisonError::into_inner);
        standing.retain(|problem| !kinds.contains(&problem.kind));
    }
}
