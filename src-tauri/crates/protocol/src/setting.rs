//! A session member with three states: untouched, cleared, set.
//!
//! `session.update` changes only the members that are present, and turns a feature off with an explicit `null`; a plain `Option` cannot say
//! both. Pure data, usable on any thread.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Absent from the message, present as `null`, or present with a value.
///
/// Use it with `#[serde(default, skip_serializing_if = "Setting::is_absent")]`: serde asks the struct, not the value, about absence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Setting<T> {
    /// Not in the message: leave it as it is.
    #[default]
    Absent,
    /// `null` in the message: off.
    Off,
    /// In the message: set to this.
    Set(T),
}

impl<T> Setting<T> {
    /// True when the member is left out of the message.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// The value, if one is set.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Set(value) => Some(value),
            Self::Absent | Self::Off => None,
        }
    }

    /// Applies an update to this stored setting: an absent update changes nothing.
    pub fn update(&mut self, update: Self) {
        if !update.is_absent() {
            *self = update;
        }
    }
}

impl<T> From<T> for Setting<T> {
    fn from(value: T) -> Self {
        Self::Set(value)
    }
}

impl<T: Serialize> Serialize for Setting<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Set(value) => serializer.serialize_some(value),
            Self::Absent | Self::Off => serializer.serialize_none(),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Setting<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::<T>::deserialize(deserializer)?.map_or(Self::Off, Self::Set))
    }
}
