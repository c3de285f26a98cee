//! What differs between the systems' windows. Runs on the main thread.

use tauri::{AppHandle, Manager as _};

/// Before any other thread exists: call it first in `main`.
#[allow(
    unsafe_code,
    reason = "what the libraries below read from the environment only is set there, and changing that is unsafe"
)]
pub fn prepare() {
    // SAFETY: `main` calls this before anything else, so this is the only thread.
    unsafe { frontdesk_app::process::prepare() };
    #[cfg(target_os = "linux")]
    set_up_web_view();
}

/// Settings of WebKitGTK that it reads from the environment only. A person who set one themselves keeps theirs.
///
/// Its DMA-BUF renderer leaves the window blank on many drivers. Its compiler for scripts costs 9 MB of memory (measured with `cargo xtask
/// bench window`), and memory that is both writable and executable, to speed up pages far heavier than this window. Its processes give
/// freed memory back to the system from 64 KiB on, which is 3 MB of a resting window, and share two heaps among their threads, which is one
/// more. GTK asks the X server's drawing library for its abilities, which loads it, though nothing here is drawn with it: 1 MB.
#[cfg(target_os = "linux")]
#[allow(
    unsafe_code,
    reason = "the web view reads these settings from the environment only, and changing that is unsafe"
)]
fn set_up_web_view() {
    for (variable, value) in [
        ("WEBKIT_DISABLE_DMABUF_RENDERER", "1"),
        ("JSC_useJIT", "false"),
        ("MALLOC_TRIM_THRESHOLD_", "65536"),
        ("MALLOC_ARENA_MAX", "2"),
        ("GDK_GL", "disable"),
    ] {
        if std::env::var_os(variable).is_none() {
            // SAFETY: `main` calls this before anything else, so no other thread is there that could read the environment meanwhile.
            unsafe { std::env::set_var(variable, value) };
        }
    }
}

/// Shows the window to a person who started the program a second time.
pub fn bring_forward(app: &AppHandle) {
    let Some(window) = app.get_webview_window("main") else {
        return;
    };
    for (what, result) in [
        ("show", window.show()),
        ("unminimize", window.unminimize()),
        ("focus", window.set_focus()),
    ] {
        if let Err(error) = result {
            tracing::warn!(%error, what, "window_not_brought_forward");
        }
    }
}
