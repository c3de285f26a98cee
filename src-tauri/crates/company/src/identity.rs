//! Ids of companies and services: short names that are safe in file names, addresses and command lines.
//!
//! Pure values, usable on any thread.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{Malformed, text_in_serde};

/// Longest id, in characters; it becomes a file name and a query parameter.
const ID_LIMIT: usize = 64;

macro_rules! slug {
    ($(#[$documentation:meta])* $name:ident) => {
        $(#[$documentation])*
        ///
        /// Lower-case letters, digits and single hyphens, 1–64 characters, for example `oil-change`.
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The id that a name leads to, for example `Café Müller` to `cafe-muller`.
            ///
            /// # Errors
            /// When the name has no letter or digit that an id can hold; then the file must give an id.
            pub fn from_name(name: &str) -> Result<Self, Malformed> {
                slug_of(name)
                    .map(Self)
                    .ok_or_else(|| Malformed::new(name, "no id can be made from this name; add a line such as id = \"my-company\""))
            }

            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = Malformed;

            fn from_str(text: &str) -> Result<Self, Malformed> {
                check_slug(text).map(|()| Self(text.to_owned()))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }

        text_in_serde!($name);
    };
}

slug! {
    /// Names one company among all files; `frontdeskd` and the local engine select by it.
    CompanyId
}
slug! {
    /// Names one service within a company; bookings and tool calls refer to it.
    ServiceId
}

fn check_slug(text: &str) -> Result<(), Malformed> {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let reason = if text.is_empty() {
        "an id needs at least one letter or digit"
    } else if text.len() > ID_LIMIT {
        "an id has at most 64 characters"
    } else if !text.chars().all(allowed) {
        "an id holds only the letters a–z, digits and hyphens, such as oil-change"
    } else if text.starts_with('-') || text.ends_with('-') || text.contains("--") {
        "an id has hyphens only between words, such as oil-change"
    } else {
        return Ok(());
    };
    Err(Malformed::new(text, reason))
}

fn slug_of(name: &str) -> Option<String> {
    let mut slug = String::new();
    for character in name.chars().flat_map(char::to_lowercase) {
        let plain = match character {
            'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => "a",
            'æ' => "ae",
            'ç' => "c",
            'è' | 'é' | 'ê' | 'ë' => "e",
            'ì' | 'í' | 'î' | 'ï' => "i",
            'ñ' => "n",
            'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' => "o",
            'ù' | 'ú' | 'û' | 'ü' => "u",
            'ý' | 'ÿ' => "y",
            'ß' => "ss",
            // "Joe's" becomes "joes", not "joe-s".
            '\'' | '’' => continue,
            c if c.is_ascii_alphanumeric() => {
                slug.push(c);
                continue;
            }
            _ => {
                if !slug.is_empty() && !slug.ends_with('-') {
                    slug.push('-');
                }
                continue;
            }
        };
        slug.push_str(plain);
    }
    slug.truncate(ID_LIMIT);
    let slug = slug.trim_end_matches('-');
    (!slug.is_empty()).then(|| slug.to_owned())
}
