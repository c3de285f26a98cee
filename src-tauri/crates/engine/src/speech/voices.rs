//! The voices of the local engine by name.
//!
//! Pure data. One voice is small and fast on every computer and belongs to the engine's files; the better ones share one larger network,
//! are fetched only where somebody wants them, and need a faster processor.

use super::files::ModelFile;

/// One voice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum LocalVoice {
    /// The light voice: Piper, American.
    #[default]
    Joe,
    /// Kokoro, American, a woman's.
    Heart,
    /// Kokoro, American, a man's.
    Michael,
    /// Kokoro, American, another woman's.
    Bella,
    /// Kokoro, American, another man's.
    Fenrir,
}

impl LocalVoice {
    /// Every voice, the light one first.
    pub const ALL: [Self; 5] = [Self::Joe, Self::Heart, Self::Michael, Self::Bella, Self::Fenrir];

    /// Name, as the makers of the voices write it. Settings, company files and the protocol use it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Joe => "en_US-joe-medium",
            Self::Heart => "af_heart",
            Self::Michael => "am_michael",
            Self::Bella => "af_bella",
            Self::Fenrir => "am_fenrir",
        }
    }

    /// What it is like, for people.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Joe => "Joe, American, light",
            Self::Heart => "Heart, American",
            Self::Michael => "Michael, American",
            Self::Bella => "Bella, American",
            Self::Fenrir => "Fenrir, American",
        }
    }

    /// The voice of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|voice| voice.name() == name)
    }

    /// The files that it needs beside the engine's own.
    #[must_use]
    pub const fn files(self) -> &'static [ModelFile] {
        match self {
            Self::Joe => &[],
            Self::Heart => &[ModelFile::KokoroNetwork, ModelFile::KokoroHeart],
            Self::Michael => &[ModelFile::KokoroNetwork, ModelFile::KokoroMichael],
            Self::Bella => &[ModelFile::KokoroNetwork, ModelFile::KokoroBella],
            Self::Fenrir => &[ModelFile::KokoroNetwork, ModelFile::KokoroFenrir],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_voice_is_found_by_its_name_and_no_other() {
        for voice in LocalVoice::ALL {
            assert_eq!(LocalVoice::named(voice.name()), Some(voice));
        }
        assert_eq!(LocalVoice::named("marin"), None);
    }

    #[test]
    fn the_voice_that_nobody_chose_needs_no_further_file() {
        assert!(LocalVoice::default().files().is_empty());
    }
}
