//! The overview and what changes it.

use frontdesk_app::app::App;
use frontdesk_app::view::{AppMessage, Overview};
use frontdesk_call::problem::Problem;
use tauri::State;
use tauri::ipc::Channel;
use tokio::sync::broadcast::error::RecvError;

use crate::streams::{Stream, Streams};

/// All that the window needs to draw itself the first time.
#[tauri::command]
pub async fn get_overview(app: State<'_, App>) -> Result<Overview, Problem> {
    Ok(app.overview().await)
}

/// Changes of devices, models and overview.
#[tauri::command]
pub async fn subscribe_app(
    app: State<'_, App>,
    streams: State<'_, Streams>,
    channel: Channel<AppMessage>,
) -> Result<(), Problem> {
    let app = app.inner().clone();
    let mut messages = app.messages();
    streams.start(Stream::App, async move {
        // Lives as long as someone looks: listing devices costs a few milliseconds every two seconds.
        let _watched = app.watch_devices();
        loop {
            let message = match messages.recv().await {
                Ok(message) => message,
                // Too many at once: one overview stands for all that was missed.
                Err(RecvError::Lagged(_)) => AppMessage::OverviewChanged {
                    overview: Box::new(app.overview().await),
                },
                Err(RecvError::Closed) => return,
            };
            if channel.send(message).is_err() {
                return;
            }
        }
    });
    Ok(())
}
