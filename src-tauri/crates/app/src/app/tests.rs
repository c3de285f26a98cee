//! The application with a keychain that answers when the test says so, or not at all. No server is reached, and a device at most asked for.

use std::path::PathBuf;
use std::sync::mpsc;
use std::time::Duration;

use frontdesk_call::CallId;
use frontdesk_call::problem::ProblemAction;
use frontdesk_call::tool::ToolProvider as _;
use frontdesk_realtime::Endpoint;
use tempfile::TempDir;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::*;
use crate::backends::Backend;
use crate::models::Bundle;
use crate::session_plan::Answerer;
use crate::settings::{BackendKind, BackendSettings, SupervisorKind, SupervisorSettings};

/// Longest wait for anything that must happen.
const PATIENCE: Duration = Duration::from_secs(30);

/// An application with settings and database of its own.
struct Desk {
    app: App,
    place: TempDir,
}

/// A keychain that hangs, as one that shows a dialog. It goes on, and then is not there, when this is dropped.
struct Dialog {
    _answer: mpsc::Sender<()>,
    shown: tokio::sync::mpsc::UnboundedReceiver<()>,
}

fn no_keychain() -> Secrets {
    Secrets::in_store(|| Err(keyring_core::Error::NoDefaultStore)).unwrap()
}

fn empty_keychain() -> Secrets {
    let store = keyring_core::mock::Store::new().unwrap();
    Secrets::in_store(move || Ok(store.clone())).unwrap()
}

fn hanging_keychain() -> (Secrets, Dialog) {
    let (answer, answered) = mpsc::channel::<()>();
    let (show, shown) = tokio::sync::mpsc::unbounded_channel();
    let secrets = Secrets::in_store(move || {
        let _ = show.send(());
        let _ = answered.recv();
        Err(keyring_core::Error::NoDefaultStore)
    });
    let dialog = Dialog { _answer: answer, shown };
    (secrets.unwrap(), dialog)
}

/// A call that is being made: it waits for the keychain.
async fn being_made(app: &App, dialog: &mut Dialog) -> JoinHandle<Result<Option<CallId>, Problem>> {
    let app = app.clone();
    let making = tokio::spawn(async move { app.connect().await });
    timeout(PATIENCE, dialog.shown.recv()).await.unwrap().unwrap();
    making
}

impl Desk {
    fn with(kind: BackendKind, secrets: Secrets, provider_key: Option<GivenKey>) -> Self {
        let place = tempfile::tempdir().unwrap();
        let options = StartOptions {
            locations: Locations::find(Some(place.path()), Some(place.path())).unwrap(),
            company_file: None,
            provider_key,
        };
        let settings = Settings {
            backend: BackendSettings {
                kind,
                ..BackendSettings::default()
            },
            ..Settings::default()
        };
        settings_file::save(&options.locations.settings, &settings).unwrap();
        let app = App::open(options, secrets).unwrap();
        Self { app, place }
    }

    /// A call from a file, recorded to this file of the place.
    fn file_call(&self, record: &str) -> FileCall {
        let caller = "../../../tests/fixtures/callers/1-opening-hours.wav";
        FileCall {
            inputs: vec![PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(caller)],
            record: Some(self.place.path().join(record)),
            backend: BackendChoice::Settings,
            dialogue: None,
        }
    }
}

#[tokio::test]
async fn a_call_that_is_cancelled_while_the_keychain_asks_does_not_begin() {
    let (secrets, mut dialog) = hanging_keychain();
    let Desk { app, place: _place } = Desk::with(BackendKind::OpenAi, secrets, None);
    let making = being_made(&app, &mut dialog).await;
    let second = app.connect().await.unwrap_err();
    assert!(second.sentence.contains("in progress"), "{second}");
    app.end_call().unwrap();
    assert_eq!(timeout(PATIENCE, making).await.unwrap().unwrap(), Ok(None));
    assert_eq!(app.current_call_id(), None);
    // The line is free again: what stops the next call is the keychain that cannot be used.
    drop(dialog);
    assert_eq!(app.connect().await.unwrap_err().kind, ProblemKind::KeychainUnavailable);
}

#[tokio::test]
async fn a_call_from_files_is_counted_and_cancelled_like_any_other() {
    let (secrets, mut dialog) = hanging_keychain();
    let desk = Desk::with(BackendKind::OpenAi, secrets, None);
    let (app, call) = (desk.app.clone(), desk.file_call("call.wav"));
    let making = tokio::spawn(async move { app.call_files(call).await.map(|_| ()) });
    timeout(PATIENCE, dialog.shown.recv()).await.unwrap().unwrap();
    assert!(desk.app.connect().await.unwrap_err().sentence.contains("in progress"));
    desk.app.end_call().unwrap();
    let cancelled = timeout(PATIENCE, making).await.unwrap().unwrap().unwrap_err();
    assert!(cancelled.sentence.contains("cancelled"), "{cancelled}");
    assert!(!desk.place.path().join("call.wav").exists());
}

#[tokio::test]
async fn voices_are_not_measured_heard_or_removed_while_a_call_is_made_or_in_progress() {
    let (secrets, mut dialog) = hanging_keychain();
    let Desk { app, place: _place } = Desk::with(BackendKind::OpenAi, secrets, None);
    let making = being_made(&app, &mut dialog).await;
    let refused = app.measure_voices().await.unwrap_err();
    assert!(refused.sentence.starts_with("A call is in progress."), "{refused}");
    assert_eq!(refused.action, Some(ProblemAction::TryAgain));
    for refused in [
        app.preview_voice("joe").await,
        app.remove_models(Bundle::BetterVoices).await,
    ] {
        let refused = refused.unwrap_err();
        assert!(refused.sentence.starts_with("A call is in progress."), "{refused}");
    }
    app.end_call().unwrap();
    timeout(PATIENCE, making).await.unwrap().unwrap().unwrap();
    // The line is free again: what is in the way now is that there are no files.
    assert_eq!(app.measure_voices().await.unwrap_err().kind, ProblemKind::ModelsMissing);
}

#[tokio::test]
async fn to_end_a_call_where_there_is_none_does_nothing() {
    let desk = Desk::with(BackendKind::Local, no_keychain(), None);
    assert_eq!(desk.app.end_call(), Ok(()));
}

#[tokio::test]
async fn an_overview_does_not_wait_for_a_keychain_that_hangs_and_the_truth_follows() {
    let (secrets, dialog) = hanging_keychain();
    let desk = Desk::with(BackendKind::OpenAi, secrets, None);
    let mut messages = desk.app.messages();
    let overview = timeout(PATIENCE, desk.app.overview()).await.unwrap();
    assert_eq!(overview.key, KeyView::Asking);
    drop(dialog);
    let message = timeout(PATIENCE, messages.recv()).await.unwrap().unwrap();
    let AppMessage::OverviewChanged { overview } = message else {
        panic!("{message:?}")
    };
    assert_eq!(overview.key, KeyView::KeychainUnavailable);
}

#[tokio::test]
async fn a_key_can_be_kept_while_the_keychain_hangs() {
    let (secrets, _dialog) = hanging_keychain();
    let desk = Desk::with(BackendKind::OpenAi, secrets, None);
    assert_eq!(desk.app.overview().await.key, KeyView::Asking);
    timeout(PATIENCE, desk.app.set_key("sk-memory", true))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(desk.app.overview().await.key, KeyView::SetForThisRun);
}

#[tokio::test]
async fn a_compatible_server_needs_neither_key_nor_keychain() {
    let desk = Desk::with(BackendKind::Compatible, no_keychain(), None);
    for address in ["ws://localhost:9", "wss://voice.example"] {
        let endpoint = frontdesk_realtime::Endpoint::compatible(address, "m").unwrap();
        assert!(desk.app.server_model(endpoint).await.is_ok(), "{address}");
    }
    let openai = frontdesk_realtime::Endpoint::open_ai("m").unwrap();
    let problem = desk.app.server_model(openai).await.unwrap_err();
    assert_eq!(problem.kind, ProblemKind::KeychainUnavailable);
}

#[tokio::test]
async fn a_given_key_goes_to_the_server_that_was_named_with_it_and_to_no_other() {
    let compatible = |address| frontdesk_realtime::Endpoint::compatible(address, "m").unwrap();
    let openai = || frontdesk_realtime::Endpoint::open_ai("m").unwrap();
    let named = BackendChoice::Url("wss://voice.example".into());
    for (backend, own, other) in [
        (named, compatible("wss://voice.example/v1"), openai()),
        (BackendChoice::Settings, openai(), compatible("wss://voice.example")),
    ] {
        let given = GivenKey {
            key: SecretString::from("sk-given"),
            backend,
        };
        let desk = Desk::with(BackendKind::OpenAi, empty_keychain(), Some(given));
        assert!(desk.app.key_for(&own).await.unwrap().is_some(), "{own:?}");
        assert!(desk.app.key_for(&other).await.unwrap().is_none(), "{other:?}");
    }
}

#[tokio::test]
async fn a_recording_in_the_way_is_not_lost_to_a_call_that_cannot_start() {
    let desk = Desk::with(BackendKind::OpenAi, empty_keychain(), None);
    let before = desk.place.path().join("call.wav");
    std::fs::write(&before, "an earlier call").unwrap();
    let problem = desk.app.call_files(desk.file_call("call.wav")).await.err().unwrap();
    assert_eq!(problem.kind, ProblemKind::NoKey);
    assert_eq!(std::fs::read_to_string(&before).unwrap(), "an earlier call");
}

#[tokio::test]
async fn a_place_that_takes_no_recording_is_said_first_and_a_good_one_is_left_empty() {
    let desk = Desk::with(BackendKind::OpenAi, empty_keychain(), None);
    let nowhere = desk
        .app
        .call_files(desk.file_call("no-folder/call.wav"))
        .await
        .err()
        .unwrap();
    assert_eq!(nowhere.kind, ProblemKind::StorageFailed);
    let no_key = desk.app.call_files(desk.file_call("new.wav")).await.err().unwrap();
    assert_eq!(no_key.kind, ProblemKind::NoKey);
    assert!(!desk.place.path().join("new.wav").exists());
}

#[tokio::test]
async fn the_sound_of_the_last_call_can_be_looked_at_after_its_end() {
    let desk = Desk::with(BackendKind::Compatible, no_keychain(), None);
    assert_eq!(desk.app.sound_diagnostics(), None, "no call was made");

    let mut settings = desk.app.settings();
    // Nobody listens on the port of the discard service, so the call fails at its start.
    settings.backend.base_url = "ws://127.0.0.1:9".into();
    desk.app.save_settings(settings).await.unwrap();
    let id = desk.app.connect().await.unwrap().unwrap();
    let (_, mut events) = desk.app.subscribe_call(&id).unwrap();
    timeout(PATIENCE, async { while events.next().await.is_some() {} })
        .await
        .unwrap();

    // The audio thread leaves its last figures when it has ended, a moment after the call.
    let shown = timeout(PATIENCE, async {
        loop {
            let shown = desk.app.sound_diagnostics().unwrap();
            if !shown.figures.queues.is_empty() {
                return shown;
            }
            tokio::task::yield_now().await;
        }
    })
    .await
    .unwrap();
    assert_eq!((shown.call_id, shown.in_progress), (id, false));
    for queue in &shown.figures.queues {
        assert!(!queue.name.is_empty() && !queue.overflow.is_empty(), "{queue:?}");
    }
    let lost: u64 = shown.figures.queues.iter().map(|queue| queue.dropped).sum();
    assert_eq!(lost, 0, "{:?}", shown.figures.queues);
}

#[tokio::test]
async fn the_supervisor_has_the_work_where_it_can_be_asked_and_else_the_voice_model() {
    // Refused only where another test of this process was first.
    let _installed_before = rustls::crypto::ring::default_provider().install_default();
    let Desk { app, place: _place } = Desk::with(BackendKind::OpenAi, empty_keychain(), None);
    let voice = Backend::Server(Endpoint::open_ai("voice-1").unwrap());
    let offered = async |backend: &Backend, kind, base_url: &str| {
        let supervisor = SupervisorSettings {
            kind,
            base_url: base_url.into(),
            ..SupervisorSettings::default()
        };
        app.change_settings(|settings| settings.supervisor = supervisor)
            .await
            .unwrap();
        let tools = app.call_tools(backend, &app.company()).await.unwrap();
        let names: Vec<String> = tools.registry.tools().into_iter().map(|tool| tool.name).collect();
        let books = names.iter().any(|name| name == "bookAppointment");
        let asks = names.iter().any(|name| name == "getNextResponseFromSupervisor");
        (tools.answerer, books, asks)
    };
    let here = "http://127.0.0.1:9/v1";
    let itself = (Answerer::Provider, true, false);
    // There is no key for OpenAI; a server of this computer needs none.
    assert_eq!(offered(&voice, SupervisorKind::Automatic, "").await, itself);
    assert_eq!(offered(&voice, SupervisorKind::Off, here).await, itself);
    assert_eq!(
        offered(&voice, SupervisorKind::Compatible, here).await,
        (Answerer::SupervisedProvider, false, true)
    );
    assert_eq!(
        offered(&Backend::Local, SupervisorKind::Compatible, here).await,
        (Answerer::LocalEngine, true, false)
    );
}
