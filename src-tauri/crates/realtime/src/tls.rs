//! TLS for outgoing connections: rustls with the `ring` provider and the operating system's own list of authorities.
//!
//! Reading that list touches many files, so it is done once, on a blocking thread. No certificate check can be switched off.

use std::sync::{Arc, OnceLock};

use rustls::{ClientConfig, RootCertStore};

use crate::failure::ConnectFailure;

/// Loaded once for the process; authorities added to the system later count after a restart.
static SYSTEM: OnceLock<Arc<ClientConfig>> = OnceLock::new();

/// The client configuration that trusts what the operating system trusts.
pub(crate) async fn system_config() -> Result<Arc<ClientConfig>, ConnectFailure> {
    if let Some(config) = SYSTEM.get() {
        return Ok(Arc::clone(config));
    }
    let loaded = tokio::task::spawn_blocking(load)
        .await
        .map_err(|_| ConnectFailure::NoAuthorities)??;
    Ok(Arc::clone(SYSTEM.get_or_init(|| loaded)))
}

fn load() -> Result<Arc<ClientConfig>, ConnectFailure> {
    let found = rustls_native_certs::load_native_certs();
    for error in &found.errors {
        tracing::warn!(%error, "system_certificate_unreadable");
    }
    let mut roots = RootCertStore::empty();
    let (added, ignored) = roots.add_parsable_certificates(found.certs);
    tracing::debug!(added, ignored, "system_certificates_loaded");
    if roots.is_empty() {
        return Err(ConnectFailure::NoAuthorities);
    }
    client_config(roots)
}

/// A configuration over the given authorities. The provider is named here and not taken from the process, so that another library's choice
/// cannot change ours.
pub(crate) fn client_config(roots: RootCertStore) -> Result<Arc<ClientConfig>, ConnectFailure> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| ConnectFailure::NoAuthorities)?;
    Ok(Arc::new(builder.with_root_certificates(roots).with_no_client_auth()))
}
