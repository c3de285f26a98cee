//! Loading, in a process of its own: the inference library can be loaded only once per process, so the order of the
//! attempts is the test.

#![allow(
    clippy::unwrap_used,
    reason = "the lint spares test functions only, and the helpers beside them are tests too"
)]

#[path = "support/files.rs"]
mod files;

use std::path::Path;

use files::model_files;
use frontdesk_engine::speech::{ModelFile, ModelFiles, Speech, SpeechError};

/// A cache whose files are links to the real ones.
fn linked(cache: &Path, real: &ModelFiles) -> ModelFiles {
    let files = ModelFiles::in_cache(cache);
    for file in ModelFile::NEEDED {
        let path = files.path(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::hard_link(real.path(file), &path)
            .or_else(|_| std::fs::copy(real.path(file), &path).map(drop))
            .unwrap();
    }
    files
}

/// Replaces one file of the cache by other content.
fn replace(files: &ModelFiles, file: ModelFile, content: &[u8]) {
    let path = files.path(file);
    std::fs::remove_file(&path).unwrap();
    std::fs::write(&path, content).unwrap();
}

fn failure(files: &ModelFiles, what: &str) -> SpeechError {
    match Speech::load(files) {
        Ok(_) => panic!("loaded in spite of {what}"),
        Err(error) => error,
    }
}

fn is_damaged(error: &SpeechError, expected: ModelFile) -> bool {
    matches!(error, SpeechError::Damaged { file, .. } if *file == expected)
}

#[test]
fn every_missing_or_damaged_file_is_named_and_the_same_process_loads_afterwards() {
    let real = model_files();
    let cache = tempfile::tempdir().unwrap();

    // First start, nothing downloaded: must not spoil the attempts that follow.
    let empty = ModelFiles::in_cache(cache.path());
    let error = failure(&empty, "an empty cache");
    assert!(
        matches!(
            error,
            SpeechError::Missing {
                file: ModelFile::InferenceRuntime,
                ..
            }
        ),
        "{error}"
    );

    let files = linked(cache.path(), &real);
    let library = std::fs::read(real.path(ModelFile::InferenceRuntime)).unwrap();
    for content in [
        &b""[..],
        b"no library",
        &library[..library.len() / 2],
        &library[..library.len() - 1],
    ] {
        replace(&files, ModelFile::InferenceRuntime, content);
        let error = failure(&files, "a damaged library");
        let is_runtime =
            is_damaged(&error, ModelFile::InferenceRuntime) || matches!(error, SpeechError::Runtime { .. });
        assert!(is_runtime && error.is_cured_by_download(), "{error}");
    }
    replace(&files, ModelFile::InferenceRuntime, &library);

    for file in ModelFile::NEEDED {
        if file == ModelFile::InferenceRuntime {
            continue;
        }
        let whole = std::fs::read(real.path(file)).unwrap();
        // Not just the last byte: some formats end in padding that nobody misses.
        for content in [
            &b""[..],
            b"<html>404</html>",
            &whole[..whole.len() / 2],
            &whole[..whole.len() - whole.len() / 100],
        ] {
            replace(&files, file, content);
            let error = failure(&files, &format!("{} of {} bytes of {file}", content.len(), whole.len()));
            assert!(is_damaged(&error, file), "{file}, {} bytes: {error}", content.len());
            assert!(
                error.to_string().contains(&files.path(file).display().to_string()),
                "{error}"
            );
        }
        std::fs::remove_file(files.path(file)).unwrap();
        let error = failure(&files, &format!("the absence of {file}"));
        assert!(
            matches!(error, SpeechError::Missing { file: missing, .. } if missing == file),
            "{error}"
        );
        std::fs::write(files.path(file), &whole).unwrap();
    }

    // A whole model in the wrong place is as unusable as half of one.
    let silero = std::fs::read(real.path(ModelFile::SileroVad)).unwrap();
    let voice = std::fs::read(real.path(ModelFile::PiperVoice)).unwrap();
    replace(&files, ModelFile::PiperVoice, &silero);
    assert!(is_damaged(&failure(&files, "another model"), ModelFile::PiperVoice));
    replace(&files, ModelFile::PiperVoice, &voice);

    if let Err(error) = Speech::load(&files) {
        panic!("{error}");
    }
}
