//! A simulated caller's voice on the wire: wide band, or an 8 kHz telephone with G.711. Blocks on synthesis.

use anyhow::Result;
use audio_codec_algorithms::encode_ulaw;
use frontdesk_engine::speech::{LocalVoice, Speech, WIRE_RATE, resample_clip, to_pcm16};
use frontdesk_protocol::AudioBytes;
use serde_json::{Value, json};

/// Samples per second of a telephone.
const TELEPHONE_RATE: u32 = 8_000;
/// Audio in one append, in ms.
const PIECE_MS: u32 = 100;

/// What the caller calls with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// PCM16 at 24 kHz.
    Wide,
    /// G.711 µ-law at 8 kHz.
    Telephone,
}

impl Line {
    /// The format by its name in a session, for both directions.
    #[must_use]
    pub fn format(self) -> Value {
        match self {
            Self::Wide => json!({ "type": "audio/pcm", "rate": WIRE_RATE }),
            Self::Telephone => json!({ "type": "audio/pcmu" }),
        }
    }

    fn rate(self) -> u32 {
        match self {
            Self::Wide => WIRE_RATE,
            Self::Telephone => TELEPHONE_RATE,
        }
    }

    /// How long so many bytes sound, in ms.
    #[must_use]
    pub fn milliseconds(self, bytes: usize) -> u64 {
        let samples = match self {
            Self::Wide => bytes / 2,
            Self::Telephone => bytes,
        };
        samples as u64 * 1_000 / u64::from(self.rate())
    }

    /// The words as they arrive, in pieces of [`PIECE_MS`].
    ///
    /// # Errors
    /// When the voice cannot speak.
    pub fn spoken(self, voices: &Speech, voice: LocalVoice, text: &str) -> Result<Vec<AudioBytes>> {
        let mut sound: Vec<f32> = Vec::new();
        for clause in voices.say(text, 1.0).in_voice(voice) {
            sound.extend(clause?.samples.iter().map(|sample| f32::from(*sample) / 32_768.0));
        }
        let samples = match self {
            Self::Wide => to_pcm16(&sound),
            Self::Telephone => to_pcm16(&resample_clip(&sound, WIRE_RATE, TELEPHONE_RATE)?),
        };
        Ok(self.pieces(&samples))
    }

    /// Nothing, for so long.
    #[must_use]
    pub fn silence(self, milliseconds: u64) -> Vec<AudioBytes> {
        let samples = milliseconds * u64::from(self.rate()) / 1_000;
        self.pieces(&vec![0; usize::try_from(samples).unwrap_or(0)])
    }

    fn pieces(self, samples: &[i16]) -> Vec<AudioBytes> {
        let length = (self.rate() * PIECE_MS / 1_000) as usize;
        let coded = |piece: &[i16]| match self {
            Self::Wide => AudioBytes::from_pcm16(piece),
            Self::Telephone => AudioBytes::new(piece.iter().copied().map(encode_ulaw).collect()),
        };
        samples.chunks(length).map(coded).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_is_a_second_on_every_line() {
        for line in [Line::Wide, Line::Telephone] {
            let pieces = line.silence(1_000);
            let bytes: usize = pieces.iter().map(AudioBytes::len).sum();
            assert_eq!((pieces.len(), line.milliseconds(bytes)), (10, 1_000), "{line:?}");
        }
    }
}
