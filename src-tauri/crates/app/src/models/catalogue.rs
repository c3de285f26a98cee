//! The catalogue: every file of the local engine with its size, checksum, licence and upstream source. Data only.

use frontdesk_engine::speech::ModelFile;

/// One file of the local engine.
#[derive(Clone, Copy, Debug)]
pub struct CatalogueEntry {
    /// Which file.
    pub file: ModelFile,
    /// What it is for, in plain words.
    pub purpose: &'static str,
    /// Licence, as an SPDX expression where there is one.
    pub licence: &'static str,
    /// Size and SHA-256; absent for the runtime library of systems whose build is not pinned here.
    pub checksum: Option<Checksum>,
    /// Upstream addresses in the order in which they are tried; none where the file comes only with a package.
    pub sources: &'static [&'static str],
}

/// What a file must be, byte for byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checksum {
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256 in lower-case hexadecimal digits.
    pub sha256: &'static str,
}

impl CatalogueEntry {
    /// Size in bytes, where it is known.
    #[must_use]
    pub fn bytes(&self) -> Option<u64> {
        self.checksum.map(|checksum| checksum.bytes)
    }
}

/// ONNX Runtime 1.31.1 as the packaging step takes it for this system. The library is part of the signed packages and has no upstream
/// address: macOS refuses a library that another team signed.
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
const RUNTIME_CHECKSUM: Option<Checksum> = Some(Checksum {
    bytes: 29_352_200,
    sha256: "fc44112fbe06d7d689c57e11d3862031f64711007e4ee020f8eed5185fd2c1d3",
});
#[cfg(not(all(target_os = "linux", target_arch = "x86_64")))]
const RUNTIME_CHECKSUM: Option<Checksum> = None;

/// A set of files that is fetched and removed as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bundle {
    /// What the local engine cannot do without.
    Engine,
    /// Voices that sound better and need a faster processor.
    BetterVoices,
}

impl Bundle {
    /// The better voices where they are asked for, else the engine.
    #[must_use]
    pub const fn from_flag(better_voices: bool) -> Self {
        if better_voices {
            Self::BetterVoices
        } else {
            Self::Engine
        }
    }

    /// Its files, in the order in which they are fetched.
    #[must_use]
    pub const fn entries(self) -> &'static [CatalogueEntry] {
        match self {
            Self::Engine => CATALOGUE,
            Self::BetterVoices => BETTER_VOICES,
        }
    }
}

/// Every file of the engine, in the order in which they are fetched: small ones first, so that a wrong address shows early.
pub const CATALOGUE: &[CatalogueEntry] = &[
    CatalogueEntry {
        file: ModelFile::InferenceRuntime,
        purpose: "Runs the models (ONNX Runtime)",
        licence: "MIT",
        checksum: RUNTIME_CHECKSUM,
        sources: &[],
    },
    CatalogueEntry {
        file: ModelFile::PiperVoiceDescription,
        purpose: "Describes the voice",
        licence: "CC0-1.0",
        checksum: Some(Checksum {
            bytes: 4_794,
            sha256: "3d6d5410b3795cb1950595247ef8f06190719e6fdbfa3a2356d8ec368e1aad33",
        }),
        sources: &[
            "https://huggingface.co/rhasspy/piper-voices/resolve/v1.0.0/en/en_US/joe/medium/en_US-joe-medium.onnx.json",
        ],
    },
    CatalogueEntry {
        file: ModelFile::MoonshineTokenizer,
        purpose: "Vocabulary of the speech recogniser",
        licence: "MIT",
        checksum: Some(Checksum {
            bytes: 249_974,
            sha256: "6884b35fd6377d4c4d32336a0bc152f36b64d1e45b6503683cdc238250a8472d",
        }),
        sources: &["https://download.moonshine.ai/model/tiny-en/quantized/tiny-en/tokenizer.bin"],
    },
    CatalogueEntry {
        file: ModelFile::SileroVad,
        purpose: "Notices when someone speaks (Silero VAD)",
        licence: "MIT",
        checksum: Some(Checksum {
            bytes: 2_327_524,
            sha256: "1a153a22f4509e292a94e67d6f9b85e8deb25b4988682b7e174c65279d8788e3",
        }),
        sources: &["https://github.com/snakers4/silero-vad/raw/v6.2/src/silero_vad/data/silero_vad.onnx"],
    },
    CatalogueEntry {
        file: ModelFile::PronouncingDictionary,
        purpose: "How words are pronounced (CMUdict)",
        licence: "BSD-2-Clause",
        checksum: Some(Checksum {
            bytes: 3_618_488,
            sha256: "81917843c7f44ce2b094ac63873c2c7a4cf802040792c455ba3ca406891c3d22",
        }),
        sources: &["https://github.com/cmusphinx/cmudict/raw/74790861f652b15e4ac49015a90074ad62a27690/cmudict.dict"],
    },
    CatalogueEntry {
        file: ModelFile::MoonshineEncoder,
        purpose: "Understands speech (Moonshine tiny, encoder)",
        licence: "MIT",
        checksum: Some(Checksum {
            bytes: 13_281_600,
            sha256: "94e90a4654fc45cdfedb77c4c08e1739f48862998e58fada384b25118134f221",
        }),
        sources: &["https://download.moonshine.ai/model/tiny-en/quantized/tiny-en/encoder_model.ort"],
    },
    CatalogueEntry {
        file: ModelFile::MoonshineDecoder,
        purpose: "Understands speech (Moonshine tiny, decoder)",
        licence: "MIT",
        checksum: Some(Checksum {
            bytes: 30_412_256,
            sha256: "cf524c4862d36e9e5ab032eddc73637efd822d70e868ac575cf1a46e1e4708a0",
        }),
        sources: &["https://download.moonshine.ai/model/tiny-en/quantized/tiny-en/decoder_model_merged.ort"],
    },
    CatalogueEntry {
        file: ModelFile::PiperVoice,
        purpose: "Speaks (Piper voice joe)",
        licence: "CC0-1.0",
        checksum: Some(Checksum {
            bytes: 63_201_294,
            sha256: "58afce0321b8d9c46d7cdf9c16500cc55a793b4220212dba6b70fb788b3baf06",
        }),
        sources: &[
            "https://huggingface.co/rhasspy/piper-voices/resolve/v1.0.0/en/en_US/joe/medium/en_US-joe-medium.onnx",
        ],
    },
];

/// The files of the better voices: Kokoro 82M v1.0, whose weights are free to use.
pub const BETTER_VOICES: &[CatalogueEntry] = &[
    CatalogueEntry {
        file: ModelFile::KokoroHeart,
        purpose: "How the voice Heart sounds (Kokoro)",
        licence: "Apache-2.0",
        checksum: Some(Checksum {
            bytes: 522_240,
            sha256: "d583ccff3cdca2f7fae535cb998ac07e9fcb90f09737b9a41fa2734ec44a8f0b",
        }),
        sources: &[
            "https://cdn.jsdelivr.net/npm/kokoro-js@1.2.1/voices/af_heart.bin",
            "https://unpkg.com/kokoro-js@1.2.1/voices/af_heart.bin",
        ],
    },
    CatalogueEntry {
        file: ModelFile::KokoroBella,
        purpose: "How the voice Bella sounds (Kokoro)",
        licence: "Apache-2.0",
        checksum: Some(Checksum {
            bytes: 522_240,
            sha256: "f69d836209b78eb8c66e75e3cda491e26ea838a3674257e9d4e5703cbaf55c8b",
        }),
        sources: &[
            "https://cdn.jsdelivr.net/npm/kokoro-js@1.2.1/voices/af_bella.bin",
            "https://unpkg.com/kokoro-js@1.2.1/voices/af_bella.bin",
        ],
    },
    CatalogueEntry {
        file: ModelFile::KokoroMichael,
        purpose: "How the voice Michael sounds (Kokoro)",
        licence: "Apache-2.0",
        checksum: Some(Checksum {
            bytes: 522_240,
            sha256: "1d1f21dd8da39c30705cd4c75d039d265e9bc4a2a93ed09bc9e1b1225eb95ba1",
        }),
        sources: &[
            "https://cdn.jsdelivr.net/npm/kokoro-js@1.2.1/voices/am_michael.bin",
            "https://unpkg.com/kokoro-js@1.2.1/voices/am_michael.bin",
        ],
    },
    CatalogueEntry {
        file: ModelFile::KokoroFenrir,
        purpose: "How the voice Fenrir sounds (Kokoro)",
        licence: "Apache-2.0",
        checksum: Some(Checksum {
            bytes: 522_240,
            sha256: "c27989f741f7ee34d273a39d8a595cc0837d35f5ced9a29b7cc162614616df43",
        }),
        sources: &[
            "https://cdn.jsdelivr.net/npm/kokoro-js@1.2.1/voices/am_fenrir.bin",
            "https://unpkg.com/kokoro-js@1.2.1/voices/am_fenrir.bin",
        ],
    },
    CatalogueEntry {
        file: ModelFile::KokoroNetwork,
        purpose: "Speaks with the better voices (Kokoro)",
        licence: "Apache-2.0",
        checksum: Some(Checksum {
            bytes: 92_361_271,
            sha256: "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb",
        }),
        sources: &[
            "https://github.com/thewh1teagle/kokoro-onnx/releases/download/model-files-v1.0/kokoro-v1.0.int8.onnx",
        ],
    },
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn all() -> impl Iterator<Item = &'static CatalogueEntry> {
        [Bundle::Engine, Bundle::BetterVoices]
            .into_iter()
            .flat_map(Bundle::entries)
    }

    #[test]
    fn every_file_of_the_engine_is_in_its_bundle_once() {
        for (bundle, files) in [
            (Bundle::Engine, &ModelFile::NEEDED[..]),
            (Bundle::BetterVoices, &ModelFile::BETTER_VOICES[..]),
        ] {
            let listed: BTreeSet<ModelFile> = bundle.entries().iter().map(|entry| entry.file).collect();
            assert_eq!(listed, files.iter().copied().collect());
            assert_eq!(bundle.entries().len(), files.len());
        }
    }

    #[test]
    fn sources_are_encrypted_and_come_with_a_checksum() {
        for entry in all().filter(|entry| !entry.sources.is_empty()) {
            let are_encrypted = entry.sources.iter().all(|source| source.starts_with("https://"));
            assert!(are_encrypted, "{}", entry.file);
            assert!(
                entry.checksum.is_some_and(|checksum| checksum.sha256.len() == 64),
                "{}",
                entry.file
            );
        }
    }

    #[test]
    fn no_source_follows_a_branch_that_may_change_under_its_checksum() {
        for source in all().flat_map(|entry| entry.sources) {
            let follows = ["/master/", "/main/"].iter().any(|branch| source.contains(branch));
            assert!(!follows, "{source}");
        }
    }
}
