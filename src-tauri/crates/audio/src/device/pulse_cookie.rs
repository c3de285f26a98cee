//! The file that sound servers of the PulseAudio protocol want to see before they talk. Called on the device thread and on stream threads,
//! before a connection; never on a callback.
//!
//! PulseAudio itself and every client that uses its C library make this file where it is missing. cpal's client does not: it then sends
//! nothing, and both PulseAudio and PipeWire refuse that, although PipeWire never reads the content and PulseAudio knows the person by the
//! socket. On a fresh PipeWire desktop nobody may have made it yet.

use std::io::{Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Once;

/// Bytes that the protocol demands.
const LENGTH: usize = 256;

/// Looked for once: all threads that connect wait for the first one.
static LOOKED: Once = Once::new();

/// Makes the file in the home folder unless this account has one. Without it only this sound system is missing, so a fault is logged.
pub(super) fn ensure() {
    LOOKED.call_once(look);
}

fn look() {
    let named = std::env::var_os("PULSE_COOKIE").map(PathBuf::from);
    if named.is_some_and(|path| path.exists()) {
        return;
    }
    if let Some(home) = std::env::home_dir()
        && let Err(error) = ensure_in(&home)
    {
        tracing::warn!(%error, "the sound server's cookie cannot be made");
    }
}

/// Looks where cpal's client looks, and uses the place that PulseAudio uses.
fn ensure_in(home: &Path) -> std::io::Result<()> {
    let place = home.join(".config/pulse/cookie");
    if place.exists() || home.join(".pulse-cookie").exists() {
        return Ok(());
    }
    // A PulseAudio server that starts later will take this one for connections from elsewhere: it has to be a secret.
    let mut cookie = [0; LENGTH];
    std::fs::File::open("/dev/urandom")?.read_exact(&mut cookie)?;
    if let Some(folder) = place.parent() {
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(place)?;
    file.write_all(&cookie)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_home_without_a_cookie_gets_a_secret_one_that_stays() {
        let home = tempfile::tempdir().unwrap();
        let place = home.path().join(".config/pulse/cookie");
        ensure_in(home.path()).unwrap();
        let cookie = std::fs::read(&place).unwrap();
        assert_eq!(cookie.len(), LENGTH);
        assert!(cookie.iter().any(|byte| *byte != cookie[0]), "no secret");
        let mode = std::fs::metadata(&place).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        ensure_in(home.path()).unwrap();
        assert_eq!(std::fs::read(&place).unwrap(), cookie);
    }

    #[test]
    fn a_cookie_of_the_old_place_is_enough() {
        let home = tempfile::tempdir().unwrap();
        std::fs::write(home.path().join(".pulse-cookie"), [7; LENGTH]).unwrap();
        ensure_in(home.path()).unwrap();
        assert!(!home.path().join(".config").exists());
    }
}
