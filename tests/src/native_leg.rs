//! The leg of real devices, driven like a session drives it: what is heard, played and told, each waited for by event.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use frontdesk_audio::{AudioSettings, DeviceChoice, DeviceId, InputDeviceId, OutputDeviceId, ProcessingSettings};
use frontdesk_call::event::{AudioDirection, DeviceChangeReason};
use frontdesk_call::frame::SAMPLE_RATE;
use frontdesk_call::identity::ItemId;
use frontdesk_call::leg::{Leg, LegEvent};

use crate::virtual_audio::sound::sine;
use crate::virtual_audio::{VirtualAudio, with_virtual_audio};

/// Longest wait for anything that a sound system does.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// The virtual microphone of this name as a choice.
#[must_use]
pub fn microphone(name: &str) -> DeviceChoice<InputDeviceId> {
    DeviceChoice::Device(InputDeviceId::from_recorded(&format!("pulseaudio:{name}")))
}

/// The virtual speaker of this name as a choice.
#[must_use]
pub fn speaker(name: &str) -> DeviceChoice<OutputDeviceId> {
    DeviceChoice::Device(OutputDeviceId::from_recorded(&format!("pulseaudio:{name}")))
}

/// The chosen devices without any processing, so that a sine stays a sine.
#[must_use]
pub fn plain(input: DeviceChoice<InputDeviceId>, output: DeviceChoice<OutputDeviceId>) -> AudioSettings {
    AudioSettings {
        input,
        output,
        processing: ProcessingSettings::NONE,
    }
}

/// Runs an async body on its own runtime in a process of its own.
///
/// # Errors
/// What went wrong in the body, or what is missing on this machine.
pub fn test<F>(name: &str, body: impl FnOnce(VirtualAudio) -> F) -> Result<()>
where
    F: Future<Output = Result<()>>,
{
    with_virtual_audio(name, |audio| {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()?;
        runtime.block_on(body(audio))
    })
}

/// Reads events until one answers the question.
///
/// # Errors
/// It did not happen in time, or the leg ended.
pub async fn until<T>(leg: &mut Leg, what: &str, mut wanted: impl FnMut(&LegEvent) -> Option<T>) -> Result<T> {
    tokio::time::timeout(PATIENCE, async {
        loop {
            let event = leg.events.recv().await.context("the leg ended")?;
            if let Some(found) = wanted(&event) {
                return Ok(found);
            }
        }
    })
    .await
    .with_context(|| format!("{what} did not happen"))?
}

/// Reads events until a device of one direction came or went for this reason, and answers its name.
///
/// # Errors
/// It did not happen in time.
pub async fn until_device(leg: &mut Leg, direction: AudioDirection, reason: DeviceChangeReason) -> Result<String> {
    until(leg, &format!("{reason:?} of the {direction:?}"), |event| match event {
        LegEvent::Device {
            direction: side,
            name,
            reason: why,
        } if (*side, *why) == (direction, reason) => Some(name.clone()),
        _ => None,
    })
    .await
}

/// The next `count` frames as samples, and the longest time between two of them.
///
/// # Errors
/// No frame came.
pub async fn hear(leg: &mut Leg, count: usize) -> Result<(Vec<i16>, Duration)> {
    let mut samples = Vec::new();
    let mut longest = Duration::ZERO;
    let mut last: Option<Instant> = None;
    while samples.len() < count * 480 {
        let frame = until(leg, "a frame", |event| match event {
            LegEvent::Frame(frame) => Some(*frame),
            _ => None,
        })
        .await?;
        let now = Instant::now();
        longest = longest.max(last.map_or(Duration::ZERO, |last| now - last));
        last = Some(now);
        samples.extend_from_slice(&frame.0);
    }
    Ok((samples, longest))
}

/// Sends `seconds` of a sine as a reply in pieces of 100 ms: half a second at once, as servers do, the rest at one and a half times real
/// time. Reads what the leg tells meanwhile, as a session does, and answers the samples that were played to the end.
///
/// # Errors
/// The leg fell silent.
pub async fn speak(leg: &mut Leg, item: &ItemId, hertz: f64, seconds: usize) -> Result<u64> {
    let piece = SAMPLE_RATE as usize / 10;
    let mut clock = tokio::time::interval(Duration::from_micros(66_667));
    let (mut sent, mut played) = (0, 0);
    loop {
        tokio::select! {
            _ = clock.tick(), if sent < seconds * 10 => {
                let next = if sent == 0 { 5 } else { sent + 1 };
                leg.sink.play(item, &sine(hertz, SAMPLE_RATE, sent * piece, (next - sent) * piece));
                sent = next;
                if sent == seconds * 10 {
                    leg.sink.finish(item);
                }
            }
            event = tokio::time::timeout(PATIENCE, leg.events.recv()) => {
                match event.context("the leg says nothing any more")?.context("the leg ended")? {
                    LegEvent::Played { samples, .. } => played = samples,
                    LegEvent::Finished { item: finished } if finished == *item => return Ok(played),
                    _ => {}
                }
            }
        }
    }
}

/// Reads events until a reply was played to its end, and answers the samples that were played.
///
/// # Errors
/// It did not end in time.
pub async fn until_finished(leg: &mut Leg, item: &ItemId) -> Result<u64> {
    let mut played = 0;
    until(leg, "the end of the reply", |event| match event {
        LegEvent::Played { samples, .. } => {
            played = *samples;
            None
        }
        LegEvent::Finished { item: finished } if finished == item => Some(()),
        _ => None,
    })
    .await?;
    Ok(played)
}
