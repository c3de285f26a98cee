//! Loading ONNX Runtime and opening sessions on it.
//!
//! The library is loaded by absolute path, once per process, and stays loaded: ONNX Runtime allows one environment per
//! process and cannot be unloaded safely. A failed attempt leaves nothing behind, so the same process can load after the
//! download without a restart. Call from a worker thread: opening a session reads tens of megabytes.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ort::environment::Environment;
use ort::logging::LogLevel;
use ort::session::Session;
use ort::session::builder::GraphOptimizationLevel;

use super::error::SpeechError;
use super::files::{ModelFile, ModelFiles};

/// The variable that makes ONNX Runtime collect nothing, when it is `1` before the library is loaded. Since 1.29 its builds for Linux and
/// macOS otherwise write an identity of the computer into the user's cache and send events to their maker; the call of its interface that
/// ends this comes after the first event. See <https://github.com/microsoft/onnxruntime/blob/v1.31.0/docs/Privacy.md>.
pub const TELEMETRY_SWITCH: &str = "ORT_DISABLE_TELEMETRY";

/// The one environment of the process. Kept until exit: sessions point into it, and dropping it would make every later
/// attempt to create one fail.
static ENVIRONMENT: Mutex<Option<Environment>> = Mutex::new(None);

/// Loads the inference library if this process has not loaded it yet.
///
/// # Errors
/// [`SpeechError::Missing`], [`SpeechError::Damaged`] or [`SpeechError::Runtime`]; a later call may succeed.
pub fn environment(files: &ModelFiles) -> Result<Environment, SpeechError> {
    // Two attempts at once are serialised here: `ort` would accept the first and report the second as an error.
    let mut slot = lock(&ENVIRONMENT);
    if let Some(environment) = slot.as_ref() {
        return Ok(environment.clone());
    }
    let path = absolute(files.require(ModelFile::InferenceRuntime)?)?;
    // A program that forgets the switch does not work at all, rather than work and tell.
    if std::env::var_os(TELEMETRY_SWITCH).is_none_or(|value| value != "1") {
        return Err(SpeechError::Runtime {
            path,
            reason: format!(
                "the program has not set {TELEMETRY_SWITCH}, without which the library reports to its maker"
            ),
        });
    }
    if let Some(reason) = truncation(&path)? {
        return Err(files.damaged(ModelFile::InferenceRuntime, reason));
    }
    let unusable = |reason: String| SpeechError::Runtime {
        path: path.clone(),
        reason,
    };
    let environment = ort::init_from(&path)
        .map_err(|error| unusable(error.to_string()))?
        .with_name("frontdesk")
        // Windows, where the switch has no meaning.
        .with_telemetry(false)
        .with_logger(Arc::new(forward_log))
        .build()
        .map_err(|error| unusable(error.to_string()))?;
    environment.set_log_level(LogLevel::Warning);
    *slot = Some(environment.clone());
    Ok(environment)
}

/// Opens the network in `file` with one thread.
///
/// One thread per session, because on two cores a second one gave no steady gain and starves the audio threads.
///
/// # Errors
/// As [`environment`]; [`SpeechError::Damaged`] when the file is not a readable model.
pub(crate) fn open_session(files: &ModelFiles, file: ModelFile) -> Result<Session, SpeechError> {
    let environment = environment(files)?;
    let path = files.require(file)?;
    let prepare = || {
        let mut builder = Session::builder(&environment)?
            .with_optimization_level(GraphOptimizationLevel::All)?
            .with_intra_threads(1)?
            .with_inter_threads(1)?
            // Input lengths differ on every run; the pattern cache would only grow.
            .with_memory_pattern(false)?;
        builder.commit_from_file(&path)
    };
    prepare().map_err(|error: ort::Error| files.damaged(file, error.message()))
}

/// Checks that a session has the inputs and outputs that the code is about to use by name.
///
/// # Errors
/// [`SpeechError::Damaged`] naming the first absent one: the file is another model than the catalogue promises.
pub(crate) fn expect_ports(
    files: &ModelFiles,
    file: ModelFile,
    session: &Session,
    inputs: &[&str],
    outputs: &[&str],
) -> Result<(), SpeechError> {
    let absent = |wanted: &[&str], found: &[ort::value::Outlet]| {
        wanted
            .iter()
            .find(|name| !found.iter().any(|port| port.name() == **name))
            .map(|name| (*name).to_owned())
    };
    match absent(inputs, session.inputs()).or_else(|| absent(outputs, session.outputs())) {
        Some(name) => Err(files.damaged(file, format_args!("it has no port named {name}"))),
        None => Ok(()),
    }
}

/// Locks, also after a panic on another thread: what these locks guard has no state that a panic could leave half done.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A relative path would make the system loader search its own folders, where an older copy may lie.
fn absolute(path: PathBuf) -> Result<PathBuf, SpeechError> {
    std::path::absolute(&path).map_err(|source| SpeechError::Unreadable {
        file: ModelFile::InferenceRuntime,
        path,
        source,
    })
}

/// Says what is wrong with a cut-off library file.
///
/// Linux maps a shared object without comparing it with the file's length, and the process dies with SIGBUS on the first
/// page that is not there. The section table stands at the very end, so a file that holds it is whole. The loaders of
/// macOS and Windows make this check themselves.
fn truncation(path: &Path) -> Result<Option<String>, SpeechError> {
    use std::io::Read;
    const ELF64_HEADER_BYTES: usize = 64;
    let unreadable = |source| SpeechError::Unreadable {
        file: ModelFile::InferenceRuntime,
        path: path.to_owned(),
        source,
    };
    if !cfg!(target_os = "linux") {
        return Ok(None);
    }
    let mut file = std::fs::File::open(path).map_err(unreadable)?;
    let length = file.metadata().map_err(unreadable)?.len();
    let mut header = [0_u8; ELF64_HEADER_BYTES];
    if file.read_exact(&mut header).is_err() || !header.starts_with(b"\x7fELF") {
        return Ok(Some(format!("its {length} bytes are not a shared library")));
    }
    let section_table = u64::from_le_bytes([
        header[40], header[41], header[42], header[43], header[44], header[45], header[46], header[47],
    ]);
    let entry_bytes = u64::from(u16::from_le_bytes([header[58], header[59]]));
    let entries = u64::from(u16::from_le_bytes([header[60], header[61]]));
    let expected = section_table.saturating_add(entry_bytes * entries);
    Ok((length < expected).then(|| format!("{length} of {expected} bytes are there")))
}

fn forward_log(level: LogLevel, category: &str, _id: &str, place: &str, message: &str) {
    match level {
        LogLevel::Fatal | LogLevel::Error => tracing::error!(category, place, "{message}"),
        LogLevel::Warning => tracing::warn!(category, place, "{message}"),
        LogLevel::Info | LogLevel::Verbose => tracing::debug!(category, place, "{message}"),
    }
}
