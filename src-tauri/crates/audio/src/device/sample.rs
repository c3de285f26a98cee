//! Every sample format of cpal, by one implementation. Runs in the callbacks; conversions are arithmetic only.

use cpal::{FromSample, SizedSample};

use crate::callback::DeviceSample;

impl<T> DeviceSample for T
where
    T: SizedSample + FromSample<f32>,
    f32: FromSample<T>,
{
    fn to_float(self) -> f32 {
        self.to_sample()
    }

    fn from_float(sample: f32) -> Self {
        Self::from_sample(sample)
    }
}
