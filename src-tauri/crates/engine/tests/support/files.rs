//! Where the tests find the models.

use std::path::PathBuf;

use frontdesk_engine::speech::ModelFiles;

/// The files that `cargo xtask test` fetches. Nothing is skipped without them: the test fails and names them.
pub fn model_files() -> ModelFiles {
    let files = ModelFiles::in_cache(&cache_directory());
    let missing: Vec<String> = files
        .missing()
        .into_iter()
        .map(|file| files.path(file).display().to_string())
        .collect();
    assert!(
        missing.is_empty(),
        "these tests need the local models; `cargo xtask test` fetches them. Missing: {}",
        missing.join(", ")
    );
    files
}

fn cache_directory() -> PathBuf {
    let from_environment = std::env::var_os("FRONTDESK_CACHE_DIR").map(PathBuf::from);
    from_environment
        .or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache/frontdesk")))
        .unwrap_or_else(|| panic!("set FRONTDESK_CACHE_DIR to the directory that contains `models`"))
}
