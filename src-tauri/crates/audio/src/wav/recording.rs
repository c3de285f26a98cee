//! Recording of a call as a stereo WAV file: the caller left, the receptionist as heard right, 24 kHz, 16 bits, counted in samples.
//!
//! A thread of its own writes, because a slow disk may not slow the clock of the call. The header is brought up to date every second, so
//! that the file is whole up to the last second even when the program is killed, and finally when the call ends in any way.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use frontdesk_call::frame::{FRAME_MS, Frame, SAMPLE_RATE};
use hound::{SampleFormat, WavSpec, WavWriter};
use tokio::sync::{mpsc, oneshot};

use crate::error::AudioError;

/// Pairs of frames that may wait for the disk: 10 s. When it is full the call's clock waits, for a recording without gaps is asked for.
const WAITING_PAIRS: usize = 10_000 / FRAME_MS as usize;

/// Pairs between two updates of the header: one second.
const PAIRS_PER_UPDATE: u64 = 1_000 / FRAME_MS;

/// What both sides said in the same 20 ms.
pub(super) struct Pair {
    pub caller: Frame,
    pub receptionist: Frame,
}

/// A finished recording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordingSummary {
    /// Where it is.
    pub path: PathBuf,
    /// Samples on each side.
    pub samples: u64,
}

/// A recording that is being written.
pub struct Recording {
    finished: oneshot::Receiver<Result<RecordingSummary, AudioError>>,
    path: PathBuf,
}

impl Recording {
    /// Waits until the file is complete, after the end of the call.
    ///
    /// # Errors
    /// [`AudioError::RecordingFailed`] when it could not be written to its end.
    pub async fn finished(self) -> Result<RecordingSummary, AudioError> {
        let stopped = |_| AudioError::RecordingFailed {
            path: self.path,
            reason: "its thread stopped".to_owned(),
        };
        self.finished.await.map_err(stopped)?
    }

    /// Creates the file and starts the thread.
    pub(super) fn create(path: &Path) -> Result<(Self, mpsc::Sender<Pair>), AudioError> {
        let spec = WavSpec {
            channels: 2,
            sample_rate: SAMPLE_RATE,
            bits_per_sample: 16,
            sample_format: SampleFormat::Int,
        };
        let writer = WavWriter::create(path, spec).map_err(|error| failed(path, &error))?;
        let (sender, pairs) = mpsc::channel(WAITING_PAIRS);
        let (done, finished) = oneshot::channel();
        let thread_path = path.to_owned();
        std::thread::Builder::new()
            .name("frontdesk-recording".to_owned())
            .spawn(move || {
                let outcome = write(writer, pairs).map_err(|error| failed(&thread_path, &error));
                // Nobody has to wait for it.
                done.send(outcome.map(|samples| RecordingSummary {
                    path: thread_path,
                    samples,
                }))
                .ok();
            })
            .map_err(|error| AudioError::Internal {
                detail: error.to_string(),
            })?;
        Ok((
            Self {
                finished,
                path: path.to_owned(),
            },
            sender,
        ))
    }
}

fn write(mut writer: WavWriter<BufWriter<File>>, mut pairs: mpsc::Receiver<Pair>) -> Result<u64, hound::Error> {
    let mut written = 0;
    while let Some(pair) = pairs.blocking_recv() {
        for (caller, receptionist) in pair.caller.0.iter().zip(pair.receptionist.0) {
            writer.write_sample(*caller)?;
            writer.write_sample(receptionist)?;
        }
        written += 1;
        if written % PAIRS_PER_UPDATE == 0 {
            writer.flush()?;
        }
    }
    let samples = u64::from(writer.duration());
    writer.finalize()?;
    Ok(samples)
}

fn failed(path: &Path, error: &hound::Error) -> AudioError {
    let reason = match error {
        hound::Error::IoError(error) => error.kind().to_string(),
        _ => "the file became too long".to_owned(),
    };
    AudioError::RecordingFailed {
        path: path.to_owned(),
        reason,
    }
}
