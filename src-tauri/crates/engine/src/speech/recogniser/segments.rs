//! Cutting long audio into pieces that the recogniser can take.
//!
//! Pure. Moonshine was trained on up to about 30 s; a longer turn is cut where it is quietest, so that no word is split.

use std::ops::Range;

use crate::speech::vad::HEARING_RATE;

/// Longest piece, in samples: 30 s.
pub(super) const LONGEST: usize = 30 * HEARING_RATE as usize;
/// A cut is looked for from here on, in samples: 20 s.
const EARLIEST_CUT: usize = 20 * HEARING_RATE as usize;
/// Stretch over which loudness is compared, in samples: 100 ms.
const WINDOW: usize = HEARING_RATE as usize / 10;

/// Pieces that together are the whole audio, none longer than [`LONGEST`].
pub(super) fn segments(samples: &[f32]) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    let mut start = 0;
    while samples.len() - start > LONGEST {
        let cut = start + EARLIEST_CUT + quietest(&samples[start + EARLIEST_CUT..start + LONGEST]);
        pieces.push(start..cut);
        start = cut;
    }
    pieces.push(start..samples.len());
    pieces
}

/// Middle of the quietest window.
fn quietest(samples: &[f32]) -> usize {
    let energy = |window: &[f32]| window.iter().map(|sample| f64::from(*sample).powi(2)).sum::<f64>();
    samples
        .chunks_exact(WINDOW)
        .enumerate()
        .min_by(|(_, left), (_, right)| energy(left).total_cmp(&energy(right)))
        .map_or(samples.len(), |(index, _)| index * WINDOW + WINDOW / 2)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_long_turn_is_cut_in_its_pause() {
        let rate = HEARING_RATE as usize;
        let mut samples = vec![0.3; 40 * rate];
        samples[25 * rate..25 * rate + rate / 2].fill(0.0);
        let pieces = segments(&samples);
        assert_eq!(pieces.len(), 2);
        assert!((25 * rate..25 * rate + rate / 2).contains(&pieces[0].end), "{pieces:?}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20))]
        #[test]
        fn the_pieces_are_the_whole_audio_in_order(seconds in 0_usize..150, offset in 0_usize..16_000) {
            let samples = vec![0.1; seconds * HEARING_RATE as usize + offset];
            let pieces = segments(&samples);
            let mut end = 0;
            for piece in &pieces {
                prop_assert_eq!(piece.start, end);
                prop_assert!(piece.len() <= LONGEST);
                end = piece.end;
            }
            prop_assert_eq!(end, samples.len());
        }
    }
}
