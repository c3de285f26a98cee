//! The formats of audio on the wire: PCM16 at 24 kHz, and the two telephone codecs of G.711 at 8 kHz. Pure, any thread.

use audio_codec_algorithms::{decode_alaw, decode_ulaw, encode_alaw, encode_ulaw};
use frontdesk_protocol::{AudioBytes, AudioDecodeError, AudioFormat, PCM_RATE};

use crate::speech::{SpeechError, WIRE_RATE, resample_clip, to_pcm16};

/// Samples per second on the telephone.
const TELEPHONE_RATE: u32 = 8_000;

/// Audio deltas of a second of sound: small enough to start early, large enough to not drown the client in events.
const DELTAS_PER_SECOND: u32 = 10;

/// A format that the engine takes and gives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Codec {
    /// PCM16, little-endian, 24 kHz.
    #[default]
    Pcm,
    /// G.711 µ-law, 8 kHz.
    Mulaw,
    /// G.711 A-law, 8 kHz.
    Alaw,
}

impl Codec {
    /// The codec of a format; none for one that the engine does not know.
    #[must_use]
    pub fn of(format: &AudioFormat) -> Option<Self> {
        match format {
            AudioFormat::Pcm { rate: PCM_RATE } => Some(Self::Pcm),
            AudioFormat::Pcmu => Some(Self::Mulaw),
            AudioFormat::Pcma => Some(Self::Alaw),
            AudioFormat::Pcm { .. } | AudioFormat::Other(_) => None,
        }
    }

    /// The format by its name on the wire.
    #[must_use]
    pub fn format(self) -> AudioFormat {
        match self {
            Self::Pcm => AudioFormat::PCM_24K,
            Self::Mulaw => AudioFormat::Pcmu,
            Self::Alaw => AudioFormat::Pcma,
        }
    }

    /// Samples per second.
    #[must_use]
    pub fn rate(self) -> u32 {
        match self {
            Self::Pcm => WIRE_RATE,
            Self::Mulaw | Self::Alaw => TELEPHONE_RATE,
        }
    }

    /// Samples at [`rate`](Self::rate).
    ///
    /// # Errors
    /// [`AudioDecodeError`] for PCM16 of an odd number of bytes.
    pub fn decode(self, audio: &AudioBytes) -> Result<Vec<i16>, AudioDecodeError> {
        match self {
            Self::Pcm => audio.to_pcm16(),
            Self::Mulaw => Ok(audio.as_slice().iter().copied().map(decode_ulaw).collect()),
            Self::Alaw => Ok(audio.as_slice().iter().copied().map(decode_alaw).collect()),
        }
    }

    /// Samples at 24 kHz as the pieces of the deltas that carry them, in order. The clip begins and ends in silence, so that clips need no
    /// common filter.
    ///
    /// # Errors
    /// [`SpeechError::Inference`] when no resampler can be made.
    pub fn deltas(self, samples: &[i16]) -> Result<Vec<AudioBytes>, SpeechError> {
        let pieces = |samples: &[i16], encode: &dyn Fn(&[i16]) -> AudioBytes| {
            let length = (self.rate() / DELTAS_PER_SECOND) as usize;
            samples.chunks(length).map(encode).collect()
        };
        let law = |encode: fn(i16) -> u8| -> Result<Vec<AudioBytes>, SpeechError> {
            let floats: Vec<f32> = samples.iter().map(|sample| f32::from(*sample) / 32_768.0).collect();
            let telephone = to_pcm16(&resample_clip(&floats, WIRE_RATE, TELEPHONE_RATE)?);
            Ok(pieces(&telephone, &|piece| {
                AudioBytes::new(piece.iter().copied().map(encode).collect())
            }))
        };
        match self {
            Self::Pcm => Ok(pieces(samples, &AudioBytes::from_pcm16)),
            Self::Mulaw => law(encode_ulaw),
            Self::Alaw => law(encode_alaw),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sine(samples: usize) -> Vec<i16> {
        let step = std::f32::consts::TAU * 440.0 / WIRE_RATE as f32;
        (0..samples)
            .map(|at| ((at as f32 * step).sin() * 12_000.0) as i16)
            .collect()
    }

    #[test]
    fn a_second_of_sound_is_a_second_in_every_format() {
        for codec in [Codec::Pcm, Codec::Mulaw, Codec::Alaw] {
            let deltas = codec.deltas(&sine(24_000)).unwrap();
            assert_eq!(deltas.len(), 10, "{codec:?}");
            let samples: Vec<i16> = deltas.iter().flat_map(|delta| codec.decode(delta).unwrap()).collect();
            assert_eq!(samples.len(), codec.rate() as usize, "{codec:?}");
            let crossings = samples.windows(2).filter(|pair| pair[0] < 0 && pair[1] >= 0).count();
            assert!((437..=441).contains(&crossings), "{crossings} Hz in {codec:?}");
            assert_eq!(Codec::of(&codec.format()), Some(codec));
        }
    }

    #[test]
    fn telephone_silence_is_silence() {
        assert_eq!(Codec::Mulaw.decode(&AudioBytes::new(vec![0xff; 4])), Ok(vec![0; 4]));
        let quiet = Codec::Alaw.decode(&AudioBytes::new(vec![0xd5; 4])).unwrap();
        assert!(quiet.iter().all(|sample| sample.abs() <= 8));
    }

    proptest! {
        #[test]
        fn telephone_codecs_keep_what_the_ear_hears(sample in any::<i16>()) {
            for codec in [Codec::Mulaw, Codec::Alaw] {
                let byte = match codec { Codec::Mulaw => encode_ulaw(sample), _ => encode_alaw(sample) };
                let back = codec.decode(&AudioBytes::new(vec![byte])).unwrap()[0];
                let error = (i32::from(back) - i32::from(sample)).abs();
                // G.711 quantises to a sixteenth of each octave, and clips at the top.
                prop_assert!(error <= 16 + i32::from(sample).abs() / 16, "{sample} became {back}");
            }
        }
    }
}
