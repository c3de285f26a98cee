//! Where the engine's files lie on disk.
//!
//! The layout below the cache directory is a contract with the model catalogue, which fetches and verifies the files.
//! This module only names paths and looks whether they exist; it never downloads and never writes.

use std::path::{Path, PathBuf};

use super::error::SpeechError;
use super::voices::LocalVoice;

/// Name of the inference library on this platform.
#[cfg(target_os = "windows")]
pub const RUNTIME_LIBRARY: &str = "onnxruntime.dll";
/// Name of the inference library on this platform.
#[cfg(target_os = "macos")]
pub const RUNTIME_LIBRARY: &str = "libonnxruntime.dylib";
/// Name of the inference library on this platform.
#[cfg(not(any(target_os = "windows", target_os = "macos")))]
pub const RUNTIME_LIBRARY: &str = "libonnxruntime.so";

/// One file that the engine needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ModelFile {
    /// Silero VAD v6.
    SileroVad,
    /// Moonshine tiny-en, audio encoder.
    MoonshineEncoder,
    /// Moonshine tiny-en, text decoder.
    MoonshineDecoder,
    /// Moonshine tiny-en, table of text pieces.
    MoonshineTokenizer,
    /// Piper voice, network.
    PiperVoice,
    /// Piper voice, description.
    PiperVoiceDescription,
    /// The CMU pronouncing dictionary.
    PronouncingDictionary,
    /// ONNX Runtime, the library that runs the networks.
    InferenceRuntime,
    /// Kokoro, the network of the better voices.
    KokoroNetwork,
    /// Kokoro, how the voice Heart sounds.
    KokoroHeart,
    /// Kokoro, how the voice Michael sounds.
    KokoroMichael,
    /// Kokoro, how the voice Bella sounds.
    KokoroBella,
    /// Kokoro, how the voice Fenrir sounds.
    KokoroFenrir,
}

impl ModelFile {
    /// Every file without which the engine cannot start, in the order in which loading needs them.
    pub const NEEDED: [Self; 8] = [
        Self::InferenceRuntime,
        Self::SileroVad,
        Self::MoonshineEncoder,
        Self::MoonshineDecoder,
        Self::MoonshineTokenizer,
        Self::PiperVoice,
        Self::PiperVoiceDescription,
        Self::PronouncingDictionary,
    ];

    /// The files of the better voices, which the engine can do without.
    pub const BETTER_VOICES: [Self; 5] = [
        Self::KokoroNetwork,
        Self::KokoroHeart,
        Self::KokoroMichael,
        Self::KokoroBella,
        Self::KokoroFenrir,
    ];

    /// Path below the `models` directory, with `/` between the parts.
    #[must_use]
    pub fn relative_path(self) -> String {
        let (directory, name) = match self {
            Self::SileroVad => ("silero-vad", "silero_vad.onnx"),
            Self::MoonshineEncoder => ("moonshine-tiny-en", "encoder_model.ort"),
            Self::MoonshineDecoder => ("moonshine-tiny-en", "decoder_model_merged.ort"),
            Self::MoonshineTokenizer => ("moonshine-tiny-en", "tokenizer.bin"),
            Self::PiperVoice => ("piper-joe", "en_US-joe-medium.onnx"),
            Self::PiperVoiceDescription => ("piper-joe", "en_US-joe-medium.onnx.json"),
            Self::PronouncingDictionary => ("cmudict", "cmudict.dict"),
            Self::InferenceRuntime => ("onnxruntime", RUNTIME_LIBRARY),
            Self::KokoroNetwork => ("kokoro", "kokoro-v1.0.int8.onnx"),
            Self::KokoroHeart => ("kokoro", "af_heart.bin"),
            Self::KokoroMichael => ("kokoro", "am_michael.bin"),
            Self::KokoroBella => ("kokoro", "af_bella.bin"),
            Self::KokoroFenrir => ("kokoro", "am_fenrir.bin"),
        };
        format!("{directory}/{name}")
    }
}

impl std::fmt::Display for ModelFile {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::SileroVad => "the speech detection model (Silero VAD)",
            Self::MoonshineEncoder => "the speech recognition model (Moonshine encoder)",
            Self::MoonshineDecoder => "the speech recognition model (Moonshine decoder)",
            Self::MoonshineTokenizer => "the speech recognition vocabulary (Moonshine)",
            Self::PiperVoice => "the voice (Piper)",
            Self::PiperVoiceDescription => "the voice description (Piper)",
            Self::PronouncingDictionary => "the pronouncing dictionary (CMUdict)",
            Self::InferenceRuntime => "the inference library (ONNX Runtime)",
            Self::KokoroNetwork => "the better voices (Kokoro)",
            Self::KokoroHeart => "the voice Heart (Kokoro)",
            Self::KokoroMichael => "the voice Michael (Kokoro)",
            Self::KokoroBella => "the voice Bella (Kokoro)",
            Self::KokoroFenrir => "the voice Fenrir (Kokoro)",
        })
    }
}

/// The paths of all files of the engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelFiles {
    /// `models` directories in the order in which they are searched; never empty.
    directories: Vec<PathBuf>,
    runtime: Option<PathBuf>,
}

impl ModelFiles {
    /// The files below `cache_directory/models`, the layout that the catalogue writes.
    #[must_use]
    pub fn in_cache(cache_directory: &Path) -> Self {
        Self::in_directories([cache_directory.to_path_buf()])
    }

    /// The files below `models` of several directories: each file from the first that has it, so that fetched files go before
    /// packaged ones. A file that none has belongs to the first.
    #[must_use]
    pub fn in_directories(directories: impl IntoIterator<Item = PathBuf>) -> Self {
        Self {
            directories: directories
                .into_iter()
                .map(|directory| directory.join("models"))
                .collect(),
            runtime: None,
        }
    }

    /// The same files with the inference library taken from `path`, as packages ship it beside the program.
    #[must_use]
    pub fn with_runtime(self, path: PathBuf) -> Self {
        Self {
            runtime: Some(path),
            ..self
        }
    }

    /// Where `file` lies, whether or not it exists.
    #[must_use]
    pub fn path(&self, file: ModelFile) -> PathBuf {
        match (file, &self.runtime) {
            (ModelFile::InferenceRuntime, Some(path)) => path.clone(),
            _ => {
                let name = file.relative_path();
                let candidates = || self.directories.iter().map(|directory| directory.join(&name));
                candidates()
                    .find(|path| path.is_file())
                    .or_else(|| candidates().next())
                    .unwrap_or_else(|| name.into())
            }
        }
    }

    /// The needed files that are not on disk, in load order; empty when the engine can be loaded.
    #[must_use]
    pub fn missing(&self) -> Vec<ModelFile> {
        ModelFile::NEEDED
            .into_iter()
            .filter(|file| !self.path(*file).is_file())
            .collect()
    }

    /// The voices whose files are on disk.
    #[must_use]
    pub fn voices(&self) -> Vec<LocalVoice> {
        let is_here = |voice: &LocalVoice| voice.files().iter().all(|file| self.path(*file).is_file());
        LocalVoice::ALL.into_iter().filter(is_here).collect()
    }

    /// The path of `file` when it exists.
    ///
    /// # Errors
    /// [`SpeechError::Missing`] when there is no such file.
    pub fn require(&self, file: ModelFile) -> Result<PathBuf, SpeechError> {
        let path = self.path(file);
        if path.is_file() {
            Ok(path)
        } else {
            Err(SpeechError::Missing { file, path })
        }
    }

    /// The bytes of `file`.
    ///
    /// # Errors
    /// [`SpeechError::Missing`] or [`SpeechError::Unreadable`].
    pub(crate) fn read(&self, file: ModelFile) -> Result<Vec<u8>, SpeechError> {
        let path = self.require(file)?;
        std::fs::read(&path).map_err(|source| SpeechError::Unreadable { file, path, source })
    }

    /// The error that says `file` is there and is not usable.
    pub(crate) fn damaged(&self, file: ModelFile, reason: impl std::fmt::Display) -> SpeechError {
        SpeechError::Damaged {
            file,
            path: self.path(file),
            reason: reason.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_cache_lists_every_file_and_names_the_first_in_the_error() {
        let directory = tempfile::tempdir().unwrap();
        let files = ModelFiles::in_cache(directory.path());
        assert_eq!(files.missing(), ModelFile::NEEDED);
        let error = files.require(ModelFile::SileroVad).unwrap_err();
        assert!(error.to_string().contains("silero_vad.onnx"), "{error}");
        assert!(error.is_cured_by_download());
    }

    #[test]
    fn a_file_that_is_there_is_not_listed_as_missing() {
        let directory = tempfile::tempdir().unwrap();
        let files = ModelFiles::in_cache(directory.path());
        let path = files.path(ModelFile::PronouncingDictionary);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, "a").unwrap();
        assert!(!files.missing().contains(&ModelFile::PronouncingDictionary));
    }

    #[test]
    fn a_packaged_runtime_replaces_the_one_of_the_cache() {
        let files = ModelFiles::in_cache(Path::new("/cache")).with_runtime(PathBuf::from("/opt/frontdesk/library"));
        assert_eq!(
            files.path(ModelFile::InferenceRuntime),
            Path::new("/opt/frontdesk/library")
        );
        assert_eq!(
            files.path(ModelFile::SileroVad),
            Path::new("/cache/models/silero-vad/silero_vad.onnx")
        );
    }
}
