//! The shape that both vocabularies share: an enum with one variant for each event type, read by type first, written with `type` first.
//!
//! The list of types stands once, in the macro call; parsing, writing and the names come out of it. Pure code, any thread.

use serde::Serialize;

/// An event whose type this version does not know. Normal: count it, note the type once, go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownEvent {
    /// Its type, cut to [`UnknownEvent::MAX_KIND_CHARS`].
    pub kind: String,
    /// Size of the whole message in bytes.
    pub bytes: usize,
}

impl UnknownEvent {
    /// Longest type that is kept, in characters: it comes from outside and goes into logs.
    pub const MAX_KIND_CHARS: usize = 100;

    pub(crate) fn new(kind: &str, bytes: usize) -> Self {
        let kind = kind
            .chars()
            .take(Self::MAX_KIND_CHARS)
            .filter(|character| !character.is_control())
            .collect();
        Self { kind, bytes }
    }
}

/// An event as it is written: `type`, then `event_id`, then its own members.
#[derive(Serialize)]
struct Envelope<'a, T> {
    #[serde(rename = "type")]
    kind: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    event_id: Option<&'a str>,
    #[serde(flatten)]
    members: &'a T,
}

/// Writes one event. Serialising cannot fail for the types of this crate (no map has keys that are not text); should it ever, the peer gets
/// the bare event and answers with an error instead of this side panicking in a call.
pub(crate) fn write<T: Serialize>(kind: &str, event_id: Option<&str>, members: &T) -> String {
    serde_json::to_string(&Envelope {
        kind,
        event_id,
        members,
    })
    .unwrap_or_else(|_| serde_json::json!({ "type": kind }).to_string())
}

/// Defines a vocabulary: each variant with its payload, its type on the wire, and older names that are understood but never written.
macro_rules! vocabulary {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $($(#[$variant_meta:meta])* $variant:ident($payload:ty) = $kind:literal $(| $old:literal)*,)+
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq)]
        pub enum $name {
            $($(#[$variant_meta])* $variant($payload),)+
            /// An event of a type that this version does not know.
            Unknown($crate::event::UnknownEvent),
        }

        impl $name {
            /// Every type that is written, in the order of the documentation.
            pub const KINDS: &'static [&'static str] = &[$($kind),+];

            /// The type as it travels.
            pub fn kind(&self) -> &str {
                match self {
                    $(Self::$variant(_) => $kind,)+
                    Self::Unknown(unknown) => &unknown.kind,
                }
            }

            fn parse_as(kind: &str, text: &str) -> Result<Self, $crate::ParseError> {
                match kind {
                    $($kind $(| $old)* => $crate::parse::payload(text, $kind).map(Self::$variant),)+
                    other => {
                        $crate::parse::well_formed(text)?;
                        Ok(Self::Unknown($crate::event::UnknownEvent::new(other, text.len())))
                    }
                }
            }

            fn write(&self, event_id: Option<&str>) -> String {
                match self {
                    $(Self::$variant(members) => $crate::event::write($kind, event_id, members),)+
                    Self::Unknown(unknown) => $crate::event::write(&unknown.kind, event_id, &serde_json::Map::new()),
                }
            }
        }
    };
}

pub(crate) use vocabulary;
