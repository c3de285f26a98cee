//! What a person sees when nothing else can be shown: why the program cannot start, in a dialog of the system. Somebody who starts it from
//! a menu never sees standard error. Called on the main thread; ends the program, and does nothing more.

use std::io::Write as _;

use frontdesk_call::problem::Problem;
use tauri::{AppHandle, Manager as _};
use tauri_plugin_dialog::{DialogExt as _, MessageDialogKind};

/// Title of the dialog.
const TITLE: &str = "Frontdesk cannot start";

/// Exit code of a program that could not start.
const FAILED: i32 = 1;

/// Says what is wrong, on standard error and in a dialog, and ends the program once the dialog is closed.
pub fn tell(app: &AppHandle, problem: &Problem) {
    // Nobody may be reading; the dialog says it too.
    let _unread = writeln!(std::io::stderr(), "{}", problem.sentence);
    for window in app.webview_windows().values() {
        // An empty window behind the dialog would look as if something still worked.
        if let Err(error) = window.hide() {
            tracing::warn!(%error, "window_not_hidden");
        }
    }
    let ending = app.clone();
    app.dialog()
        .message(&problem.sentence)
        .title(TITLE)
        .kind(MessageDialogKind::Error)
        .show(move |_closed| ending.exit(FAILED));
}
