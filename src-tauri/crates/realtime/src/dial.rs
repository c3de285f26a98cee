//! From an endpoint to a connected byte stream: name, TCP, TLS.
//!
//! Runs on the tokio runtime; the caller limits the time of all steps together. It never sends anything of its own.

use std::net::SocketAddr;
use std::time::Duration;

use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use crate::endpoint::Endpoint;
use crate::failure::ConnectFailure;
use crate::tls::system_config;

/// Longest wait for one of several addresses. Where IPv6 leads nowhere, IPv4 must still get its turn within the whole time.
const ADDRESS_TIMEOUT: Duration = Duration::from_secs(3);

/// A connected stream, encrypted or not.
pub(crate) trait ByteStream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> ByteStream for S {}

/// Connects, and encrypts where the endpoint says so.
///
/// # Errors
/// [`ConnectFailure`] with the step that failed.
pub(crate) async fn dial(endpoint: &Endpoint) -> Result<Box<dyn ByteStream>, ConnectFailure> {
    let addresses = resolve(endpoint).await?;
    let socket = connect(&addresses).await?;
    // A 20 ms frame must not wait for the acknowledgement of the one before it.
    if let Err(error) = socket.set_nodelay(true) {
        tracing::debug!(kind = ?error.kind(), "nodelay_refused");
    }
    if !endpoint.is_encrypted() {
        return Ok(Box::new(socket));
    }
    let name = ServerName::try_from(endpoint.host()).map_err(|_| ConnectFailure::NameUnknown)?;
    let connector = TlsConnector::from(system_config().await?);
    let encrypted = connector
        .connect(name, socket)
        .await
        .map_err(|error| ConnectFailure::from_tls(&error))?;
    Ok(Box::new(encrypted))
}

/// An unencrypted endpoint that counts as this computer by its name must also be it by its address: a name server may say otherwise.
async fn resolve(endpoint: &Endpoint) -> Result<Vec<SocketAddr>, ConnectFailure> {
    let found = lookup_host((endpoint.host(), endpoint.port()))
        .await
        .map_err(|_| ConnectFailure::NameUnknown)?;
    let must_be_local = !endpoint.is_encrypted() && endpoint.is_loopback();
    let (usable, foreign): (Vec<_>, Vec<_>) =
        found.partition(|address| !must_be_local || address.ip().to_canonical().is_loopback());
    if !usable.is_empty() {
        Ok(usable)
    } else if foreign.is_empty() {
        Err(ConnectFailure::NameUnknown)
    } else {
        Err(ConnectFailure::NotLoopback)
    }
}

async fn connect(addresses: &[SocketAddr]) -> Result<TcpStream, ConnectFailure> {
    let mut failure = ConnectFailure::NameUnknown;
    for (index, address) in addresses.iter().enumerate() {
        let connecting = TcpStream::connect(address);
        let is_last = index + 1 == addresses.len();
        let outcome = if is_last {
            Ok(connecting.await)
        } else {
            timeout(ADDRESS_TIMEOUT, connecting).await
        };
        failure = match outcome {
            Ok(Ok(socket)) => return Ok(socket),
            Ok(Err(error)) => ConnectFailure::Unreachable(error.kind()),
            Err(_) => ConnectFailure::TimedOut,
        };
    }
    Err(failure)
}
