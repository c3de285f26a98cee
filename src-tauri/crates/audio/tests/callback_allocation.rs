//! The first law of the callbacks, proven: not one allocation or release over thousands of buffers of every size and content. Its own test
//! binary, because the counting allocator serves the whole process.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use frontdesk_audio::callback::DeviceSample;
use frontdesk_audio::callback::capture::{CaptureCallback, CaptureShared};
use frontdesk_audio::callback::playback::{PlaybackCallback, PlaybackShared};
use ringbuf::HeapRb;
use ringbuf::traits::{Consumer, Observer, Producer, Split};

/// Counts what the current thread asks of the system's allocator while it is told to.
struct Counting;

thread_local! {
    static COUNTED: Cell<Option<u64>> = const { Cell::new(None) };
}

fn count() {
    // The thread's storage is gone while the thread ends; nothing is counted then.
    COUNTED
        .try_with(|counted| counted.set(counted.get().map(|calls| calls + 1)))
        .ok();
}

#[allow(unsafe_code)]
// SAFETY: every call is passed on unchanged to the system's allocator, which keeps the contract; counting does not allocate.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        // SAFETY: the caller's contract is the system's contract.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count();
        // SAFETY: as above.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        count();
        // SAFETY: as above.
        unsafe { System.realloc(pointer, layout, new_size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Calls of the allocator while `work` runs on this thread.
fn allocator_calls(work: impl FnOnce()) -> u64 {
    COUNTED.set(Some(0));
    work();
    COUNTED.take().unwrap_or(0)
}

/// The same numbers in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }
}

const BUFFERS: usize = 5_000;
const LARGEST: usize = 9_000;

/// Drives a microphone callback of one sample type with buffers of every size, odd ones and empty ones included.
fn drive_capture<T: DeviceSample>(content: &[T], channels: u16) -> u64 {
    let (producer, mut consumer) = HeapRb::new(48_000).split();
    let mut callback = CaptureCallback::new(producer, Arc::new(CaptureShared::default()), channels);
    let mut numbers = Numbers(1);
    let mut calls = 0;
    for _ in 0..BUFFERS {
        let size = numbers.below(LARGEST);
        calls += allocator_calls(|| callback.process(&content[..size], 480));
        // Sometimes nobody reads and the ring is full.
        if numbers.below(3) > 0 {
            consumer.clear();
        }
    }
    calls
}

/// Drives a speaker callback: full ring, empty ring, flushes, underruns.
fn drive_playback<T: DeviceSample>(channels: u16) -> u64 {
    let (mut producer, consumer) = HeapRb::new(48_000).split();
    let shared = Arc::new(PlaybackShared::default());
    let mut callback = PlaybackCallback::new(consumer, Arc::clone(&shared), channels, 48_000);
    let mut buffer = [T::from_float(0.0); LARGEST];
    let mut numbers = Numbers(2);
    let mut calls = 0;
    for _ in 0..BUFFERS {
        for _ in 0..numbers.below(producer.vacant_len() + 1).min(3_000) {
            producer.try_push(0.3).ok();
        }
        if numbers.below(10) == 0 {
            shared.generation.fetch_add(1, Ordering::AcqRel);
        }
        shared.playing.store(numbers.below(2) == 0, Ordering::Relaxed);
        let size = numbers.below(LARGEST);
        calls += allocator_calls(|| callback.process(&mut buffer[..size], 480));
    }
    calls
}

#[test]
fn no_callback_ever_allocates_or_releases() {
    let mut floats: Vec<f32> = (0..LARGEST).map(|index| index as f32 / LARGEST as f32).collect();
    for (index, bad) in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, f32::MAX, f32::MIN_POSITIVE]
        .iter()
        .enumerate()
    {
        floats[index * 17] = *bad;
    }
    for channels in [1, 2, 8] {
        assert_eq!(drive_capture(&floats, channels), 0, "f32 microphone");
        assert_eq!(drive_capture(&vec![f64::NAN; LARGEST], channels), 0, "f64 microphone");
        assert_eq!(drive_capture(&vec![i16::MIN; LARGEST], channels), 0, "i16 microphone");
        assert_eq!(drive_capture(&vec![0u8; LARGEST], channels), 0, "u8 microphone");
        assert_eq!(drive_playback::<f32>(channels), 0, "f32 speaker");
        assert_eq!(drive_playback::<i32>(channels), 0, "i32 speaker");
        assert_eq!(drive_playback::<u16>(channels), 0, "u16 speaker");
    }
}

#[test]
fn the_counter_notices_a_callback_that_allocates() {
    let (producer, _consumer) = HeapRb::new(480).split();
    let mut callback = CaptureCallback::new(producer, Arc::new(CaptureShared::default()), 1);
    let calls = allocator_calls(|| {
        let converted: Vec<f32> = [1i16, 2, 3].iter().map(|sample| f32::from(*sample)).collect();
        callback.process(&converted, 0);
    });
    assert_eq!(calls, 2, "one allocation and its release");
}
