//! The call in progress.

use frontdesk_app::app::App;
use frontdesk_app::view::CallMessage;
use frontdesk_call::problem::Problem;
use frontdesk_call::{CallId, Command};
use tauri::State;
use tauri::ipc::Channel;

use crate::streams::{Stream, Streams};

/// Starts a call with microphone and speaker; nothing when it was cancelled meanwhile.
#[tauri::command]
pub async fn connect(app: State<'_, App>) -> Result<Option<CallId>, Problem> {
    app.connect().await
}

/// Hangs up, or cancels a call that is being made.
#[tauri::command]
pub async fn end_call(app: State<'_, App>) -> Result<(), Problem> {
    app.end_call()
}

/// Says something by keyboard.
#[tauri::command]
pub async fn send_text(app: State<'_, App>, text: String) -> Result<(), Problem> {
    app.command(Command::SendText(text))
}

/// Mutes or opens the microphone.
#[tauri::command]
pub async fn set_muted(app: State<'_, App>, muted: bool) -> Result<(), Problem> {
    app.command(Command::SetMuted(muted))
}

/// The push-to-talk key went down or up.
#[tauri::command]
pub async fn push_to_talk(app: State<'_, App>, down: bool) -> Result<(), Problem> {
    app.command(Command::PushToTalk { down })
}

/// Everything of the call so far, then each event as it happens.
#[tauri::command]
pub async fn subscribe_call(
    app: State<'_, App>,
    streams: State<'_, Streams>,
    call_id: CallId,
    channel: Channel<CallMessage>,
) -> Result<(), Problem> {
    let (snapshot, mut events) = app.subscribe_call(&call_id)?;
    streams.start(Stream::Call, async move {
        if channel.send(CallMessage::Snapshot { events: snapshot }).is_err() {
            return;
        }
        while let Some(event) = events.next().await {
            let event = Box::new(event.as_ref().clone());
            if channel.send(CallMessage::Event { event }).is_err() {
                return;
            }
        }
    });
    Ok(())
}
