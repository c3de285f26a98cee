//! A provider key as a person pastes it: cleaned, checked, and from then on secret. Pure data.

use secrecy::SecretString;
use zeroize::Zeroizing;

/// Longest key in characters: what the Windows credential store holds, and the limit everywhere, so that a key works on each system.
pub const PROVIDER_KEY_LIMIT: usize = 1_280;

/// Why a pasted text cannot be a key. Never holds the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyRefusal {
    /// Nothing but white space.
    #[error("The key is empty. Copy the whole key and paste it again.")]
    Empty,
    /// White space or a line break inside.
    #[error("The key has a blank or a line break in the middle. Copy the key alone and paste it again.")]
    Blank,
    /// A control character inside.
    #[error("The key has an invisible control character in it. Copy it again, or type it.")]
    ControlCharacter,
    /// A letter that no key has, and that could not be sent.
    #[error("The key has a character that keys do not have. Copy the key alone and paste it again.")]
    ForeignCharacter,
    /// Longer than [`PROVIDER_KEY_LIMIT`].
    #[error("The key has {length} characters, and a keychain holds at most {PROVIDER_KEY_LIMIT}. Is it really a key?")]
    TooLong {
        /// Its length in characters.
        length: usize,
    },
}

/// A key that can be stored and sent: 1 to 1,280 visible ASCII characters. Debug shows none of them.
#[derive(Clone, Debug)]
pub struct ProviderKey(SecretString);

impl ProviderKey {
    /// Takes a pasted key. White space and invisible marks around it are cut off: they come along when copying.
    ///
    /// # Errors
    /// [`KeyRefusal`] with what to do.
    pub fn parse(pasted: &str) -> Result<Self, KeyRefusal> {
        let key = pasted.trim_matches(|character: char| character.is_whitespace() || is_invisible_mark(character));
        if key.is_empty() {
            return Err(KeyRefusal::Empty);
        }
        for character in key.chars() {
            if character.is_whitespace() {
                return Err(KeyRefusal::Blank);
            }
            if character.is_control() {
                return Err(KeyRefusal::ControlCharacter);
            }
            if !character.is_ascii_graphic() {
                return Err(KeyRefusal::ForeignCharacter);
            }
        }
        if key.len() > PROVIDER_KEY_LIMIT {
            return Err(KeyRefusal::TooLong { length: key.len() });
        }
        Ok(Self(SecretString::from(key)))
    }

    /// The key, for who stores or sends it.
    #[must_use]
    pub fn into_secret(self) -> SecretString {
        self.0
    }

    /// A key that was stored before, wiping the loose copy.
    pub(super) fn from_stored(stored: String) -> Result<Self, KeyRefusal> {
        Self::parse(&Zeroizing::new(stored))
    }
}

/// Byte order mark, zero-width blanks and direction marks.
fn is_invisible_mark(character: char) -> bool {
    matches!(character, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn what_comes_along_when_copying_is_cut_off() {
        let key = ProviderKey::parse("\u{feff} sk-proj-Ab_9\r\n\u{200b}").unwrap();
        assert_eq!(key.into_secret().expose_secret(), "sk-proj-Ab_9");
    }

    #[test]
    fn each_wrong_text_is_refused_with_its_reason() {
        for (pasted, refusal) in [
            (" \n\t", KeyRefusal::Empty),
            ("sk-one\nsk-two", KeyRefusal::Blank),
            ("sk-\u{7}bell", KeyRefusal::ControlCharacter),
            ("sk-schlüssel", KeyRefusal::ForeignCharacter),
        ] {
            assert_eq!(ProviderKey::parse(pasted).unwrap_err(), refusal, "{pasted:?}");
        }
        assert_eq!(
            ProviderKey::parse(&"k".repeat(1_281)).unwrap_err(),
            KeyRefusal::TooLong { length: 1_281 }
        );
        assert!(ProviderKey::parse(&"k".repeat(1_280)).is_ok());
    }

    #[test]
    fn debug_shows_nothing_of_a_key() {
        let shown = format!("{:?}", ProviderKey::parse("sk-very-secret").unwrap());
        assert!(!shown.contains("secret\"") && !shown.contains("very"), "{shown}");
    }

    proptest! {
        #[test]
        fn an_accepted_key_can_be_sent_in_a_header(pasted in any::<String>()) {
            if let Ok(key) = ProviderKey::parse(&pasted) {
                let secret = key.into_secret();
                prop_assert!(secret.expose_secret().bytes().all(|byte| byte.is_ascii_graphic()));
                prop_assert!(pasted.contains(secret.expose_secret()));
            }
        }
    }
}
