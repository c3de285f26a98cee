//! Devices, levels, test tone, microphone preview. The sound system is connected to at first use, on the audio crate's own threads.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use frontdesk_audio::{
    AudioSystem, DeviceChoice, DeviceId, DeviceList, Devices, HostChoice, InputDeviceId, Levels, MicrophonePreview,
    OutputDeviceId, ProcessingSettings,
};
use frontdesk_call::problem::{Problem, ProblemAction, ProblemKind};
use tokio::sync::watch;
use tokio::task::AbortHandle;

use super::App;
use crate::settings::AudioSettings;
use crate::view::{AppMessage, DeviceView, DevicesView, LevelsView, SoundDiagnosticsView};

/// The sound system, and what is open outside of a call.
#[derive(Default)]
pub(super) struct Sound {
    system: OnceLock<AudioSystem>,
    preview: Mutex<Option<MicrophonePreview>>,
}

/// Levels of whatever is open: the call in progress, else the preview. While it lives, levels are computed.
pub struct LevelReader {
    app: App,
    source: Option<watch::Receiver<Levels>>,
    /// Told when a call or preview begins or ends.
    changes: watch::Receiver<u64>,
}

/// Keeps the device menus fresh; dropping it stops the looking.
pub struct DeviceWatch(AbortHandle);

impl Drop for DeviceWatch {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl LevelReader {
    /// The next reading, 15 times a second while something is open.
    pub async fn next(&mut self) -> Option<LevelsView> {
        loop {
            let Some(source) = &mut self.source else {
                self.changes.changed().await.ok()?;
                self.source = self.app.level_source();
                continue;
            };
            tokio::select! {
                biased;
                changed = self.changes.changed() => {
                    changed.ok()?;
                    self.source = self.app.level_source();
                    if self.source.is_none() {
                        // One last reading, so that the meters fall when a call ends.
                        return Some(view(Levels::SILENT));
                    }
                }
                reading = source.changed() => match reading {
                    Ok(()) => return Some(view(*source.borrow_and_update())),
                    Err(_) => self.source = None,
                },
            }
        }
    }
}

impl App {
    /// Both device menus, freshly listed.
    pub async fn devices(&self) -> DevicesView {
        match self.audio() {
            Ok(system) => devices_view(&*system.refresh_devices().await),
            Err(problem) => DevicesView {
                problem: Some(problem),
                ..DevicesView::default()
            },
        }
    }

    /// Tells every window when devices come or go, for as long as the result is kept.
    #[must_use]
    pub fn watch_devices(&self) -> DeviceWatch {
        let app = self.clone();
        let task = tokio::spawn(async move {
            let Ok(system) = app.audio() else { return };
            let mut lists = system.devices();
            let mut told: Option<Arc<DeviceList>> = None;
            while lists.changed().await.is_ok() {
                let list = Arc::clone(&lists.borrow_and_update());
                if told.as_ref().is_none_or(|before| !before.same_devices(&list)) {
                    app.announce(AppMessage::DevicesChanged {
                        devices: devices_view(&list),
                    });
                    told = Some(list);
                }
            }
        });
        DeviceWatch(task.abort_handle())
    }

    /// Takes a microphone, now and for later calls; nothing is the system default.
    ///
    /// # Errors
    /// A [`Problem`] when the choice cannot be written down; it is in force all the same.
    pub async fn choose_input(&self, id: Option<String>) -> Result<(), Problem> {
        let setting = id.unwrap_or_default();
        let choice = DeviceChoice::from_setting(&setting);
        if let Some(preview) = &*self.inner.sound.preview.lock().unwrap_or_else(PoisonError::into_inner) {
            preview.switch(DeviceChoice::clone(&choice));
        }
        if let Some(control) = self.leg_control() {
            control.switch_input(choice);
        }
        self.change_settings(|settings| settings.audio.input_device = setting)
            .await
    }

    /// Takes a speaker, now and for later calls; nothing is the system default.
    ///
    /// # Errors
    /// As [`App::choose_input`].
    pub async fn choose_output(&self, id: Option<String>) -> Result<(), Problem> {
        let setting = id.unwrap_or_default();
        if let Some(control) = self.leg_control() {
            control.switch_output(DeviceChoice::from_setting(&setting));
        }
        self.change_settings(|settings| settings.audio.output_device = setting)
            .await
    }

    /// Levels of both sides. Drop the reader while nobody looks.
    #[must_use]
    pub fn levels(&self) -> LevelReader {
        LevelReader {
            app: self.clone(),
            source: self.level_source(),
            changes: self.inner.sounding.subscribe(),
        }
    }

    /// What the audio path counts: of the call in progress, or of the last one as it was at its end. Nothing before the first call of this
    /// run. Costs a copy, and changes nothing.
    #[must_use]
    pub fn sound_diagnostics(&self) -> Option<SoundDiagnosticsView> {
        let call = self.inner.line.latest()?;
        Some(SoundDiagnosticsView {
            call_id: call.handle.id().clone(),
            in_progress: !call.handle.is_over(),
            figures: call.control.diagnostics(),
        })
    }

    /// Plays a tone of one second on the chosen speaker and waits for its end.
    ///
    /// # Errors
    /// A [`Problem`] that says why the speaker does not work.
    pub async fn play_test_tone(&self) -> Result<(), Problem> {
        let output = DeviceChoice::<OutputDeviceId>::from_setting(&self.settings().audio.output_device);
        let tone = self.audio()?.play_test_tone(output).map_err(Problem::from)?;
        tone.played().await.map(|_speaker| ())
    }

    /// Opens the chosen microphone for its level only. A call in progress has a level of its own.
    ///
    /// # Errors
    /// A [`Problem`] when the system gives no thread.
    pub async fn start_microphone_preview(&self) -> Result<(), Problem> {
        let input = DeviceChoice::<InputDeviceId>::from_setting(&self.settings().audio.input_device);
        let preview = self.audio()?.preview_microphone(input).map_err(Problem::from)?;
        *self.inner.sound.preview.lock().unwrap_or_else(PoisonError::into_inner) = Some(preview);
        self.sounding_changed();
        Ok(())
    }

    /// Closes the preview.
    pub fn stop_microphone_preview(&self) {
        self.inner
            .sound
            .preview
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        self.sounding_changed();
    }

    /// The sound system, connected to at first use.
    pub(super) fn audio(&self) -> Result<&AudioSystem, Problem> {
        let sound = &self.inner.sound;
        if let Some(system) = sound.system.get() {
            return Ok(system);
        }
        let system = AudioSystem::start(HostChoice::from_environment_or("")).map_err(Problem::from)?;
        Ok(sound.system.get_or_init(|| system))
    }

    /// Puts changed devices and processing in force in the call in progress.
    pub(super) fn apply_audio_settings(&self, settings: &AudioSettings) {
        if let Some(control) = self.leg_control() {
            control.switch_input(DeviceChoice::from_setting(&settings.input_device));
            control.switch_output(DeviceChoice::from_setting(&settings.output_device));
            control.set_processing(processing(settings));
        }
    }

    fn level_source(&self) -> Option<watch::Receiver<Levels>> {
        if let Some(control) = self.leg_control() {
            return Some(control.levels());
        }
        self.inner
            .sound
            .preview
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .as_ref()
            .map(MicrophonePreview::levels)
    }

    /// Wakes the level readers: what is open has changed.
    pub(super) fn sounding_changed(&self) {
        self.inner.sounding.send_modify(|count| *count += 1);
    }
}

/// What the audio crate makes of the settings.
pub(super) fn audio_settings(settings: &AudioSettings) -> frontdesk_audio::AudioSettings {
    frontdesk_audio::AudioSettings {
        input: DeviceChoice::from_setting(&settings.input_device),
        output: DeviceChoice::from_setting(&settings.output_device),
        processing: processing(settings),
    }
}

fn processing(settings: &AudioSettings) -> ProcessingSettings {
    ProcessingSettings {
        echo_cancellation: settings.echo_cancellation,
        noise_suppression: settings.noise_suppression,
        gain_control: settings.gain_control,
    }
}

fn devices_view(list: &DeviceList) -> DevicesView {
    let view = DevicesView {
        inputs: menu(&list.inputs),
        outputs: menu(&list.outputs),
        problem: None,
    };
    let problem = match &list.problem {
        Some(error) => Some(Problem::from(error.clone())),
        None if view.inputs.is_empty() => Some(no_device("microphone")),
        None if view.outputs.is_empty() => Some(no_device("speaker")),
        None => None,
    };
    DevicesView { problem, ..view }
}

fn menu<Id: DeviceId>(devices: &Devices<Id>) -> Vec<DeviceView> {
    let entry_view = |entry: frontdesk_audio::MenuEntry<Id>| DeviceView {
        id: Some(entry.choice.as_setting().to_owned()).filter(|id| !id.is_empty()),
        name: entry.name,
    };
    devices.menu().into_iter().map(entry_view).collect()
}

fn no_device(noun: &str) -> Problem {
    Problem::new(
        ProblemKind::NoDevice,
        format!("This computer has no {noun}. Plug one in; it appears by itself."),
    )
    .with_action(ProblemAction::TryAgain)
}

fn view(levels: Levels) -> LevelsView {
    LevelsView {
        input_peak_db: levels.input.peak_db,
        input_rms_db: levels.input.rms_db,
        output_peak_db: levels.output.peak_db,
        output_rms_db: levels.output.rms_db,
        microphone: levels.microphone,
    }
}
