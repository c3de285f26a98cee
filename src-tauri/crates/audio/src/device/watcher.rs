//! The device thread: keeps the list of devices up to date. cpal has no notice of hot-plugging, so it asks every two seconds while somebody
//! is interested, and at once when told to. A sound server that hangs blocks this thread and no other.

use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use tokio::sync::{oneshot, watch};

use super::host::HostChoice;
use super::list::DeviceList;
use crate::error::AudioError;

/// Time between two looks at the devices.
pub const POLL_INTERVAL: Duration = Duration::from_secs(2);

/// How long a caller of [`DeviceWatcher::refresh`] waits for the sound system.
const REFRESH_PATIENCE: Duration = Duration::from_secs(5);

/// Refresh requests that may wait; more than one person asking at once is already rare. Overflow: the caller gets the last known list.
const REFRESH_CAPACITY: usize = 16;

/// Handle of the device thread. The thread ends with the last handle.
#[derive(Clone)]
pub struct DeviceWatcher {
    requests: mpsc::SyncSender<oneshot::Sender<()>>,
    lists: watch::Sender<Arc<DeviceList>>,
}

impl DeviceWatcher {
    /// Starts the thread and makes the first list in the background.
    ///
    /// # Errors
    /// [`AudioError::Internal`] when the system gives no thread.
    pub fn start(host: HostChoice) -> Result<Self, AudioError> {
        let (requests, incoming) = mpsc::sync_channel(REFRESH_CAPACITY);
        let unknown = AudioError::HostUnavailable {
            detail: "it has not answered yet".to_owned(),
        };
        let lists = watch::Sender::new(Arc::new(DeviceList::unavailable(unknown, Instant::now())));
        let published = lists.clone();
        std::thread::Builder::new()
            .name("frontdesk-devices".to_owned())
            .spawn(move || watch_devices(&host, &incoming, &published))
            .map_err(|error| AudioError::Internal {
                detail: error.to_string(),
            })?;
        Ok(Self { requests, lists })
    }

    /// The list as it changes. While a receiver lives the devices are looked at every [`POLL_INTERVAL`].
    #[must_use]
    pub fn subscribe(&self) -> watch::Receiver<Arc<DeviceList>> {
        self.lists.subscribe()
    }

    /// A fresh list; the last known one when the sound system does not answer in time.
    pub async fn refresh(&self) -> Arc<DeviceList> {
        let (done, waiting) = oneshot::channel();
        if self.requests.try_send(done).is_ok() {
            // Either way the best list there is follows.
            drop(tokio::time::timeout(REFRESH_PATIENCE, waiting).await);
        }
        self.lists.borrow().clone()
    }
}

fn watch_devices(
    choice: &HostChoice,
    requests: &mpsc::Receiver<oneshot::Sender<()>>,
    lists: &watch::Sender<Arc<DeviceList>>,
) {
    let mut host = None;
    look(choice, &mut host, lists);
    loop {
        match requests.recv_timeout(POLL_INTERVAL) {
            Ok(done) => {
                look(choice, &mut host, lists);
                // The asking side may have given up.
                done.send(()).ok();
            }
            Err(RecvTimeoutError::Timeout) if lists.receiver_count() > 0 => look(choice, &mut host, lists),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

/// Looks once. A host that failed is connected anew the next time: the sound server may have been restarted.
fn look(choice: &HostChoice, host: &mut Option<cpal::Host>, lists: &watch::Sender<Arc<DeviceList>>) {
    let listed_at = Instant::now();
    let query = |connected| Ok((DeviceList::query(&connected, listed_at)?, connected));
    let list = match choice.ask(host.take(), query) {
        Ok((list, connected)) => {
            // Without a device the search begins anew each time: a sound server may start after the program.
            *host = (!list.is_empty()).then_some(connected);
            list
        }
        Err(problem) => DeviceList::unavailable(problem, listed_at),
    };
    lists.send_if_modified(|known| {
        // The time always moves on; readers are woken for devices only.
        let news = !known.same_devices(&list);
        *known = Arc::new(list);
        news
    });
}
