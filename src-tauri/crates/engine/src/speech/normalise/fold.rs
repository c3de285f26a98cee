//! Brings text into the few signs that the matchers know.
//!
//! Pure. Afterwards the text is ASCII, so that the matchers may cut it at any byte: accents are taken off, typographic
//! quotes and dashes are plain, white space is blanks and line feeds. Two control codes stand for pound and euro.

/// Stands for the pound sign; written text cannot bring it in.
pub(super) const POUND: char = '\u{1}';
/// Stands for the euro sign; written text cannot bring it in.
pub(super) const EURO: char = '\u{2}';

/// The folded text.
pub(super) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len() + 8);
    for sign in text.chars() {
        match sign {
            '\r' => {}
            '\n' => folded.push(sign),
            '£' => folded.push(POUND),
            '€' => folded.push(EURO),
            '\u{2019}' | '\u{2018}' | '\u{02bc}' | '`' | '´' => folded.push('\''),
            '\u{2010}'..='\u{2013}' | '\u{2212}' => folded.push('-'),
            '\u{2014}' | '\u{2015}' => folded.push_str(" - "),
            '\u{2026}' => folded.push_str(". "),
            '°' => folded.push_str(" degrees "),
            '½' => folded.push_str(" 1/2"),
            '¼' => folded.push_str(" 1/4"),
            '¾' => folded.push_str(" 3/4"),
            '×' => folded.push_str(" by "),
            '•' | '·' => folded.push_str(" - "),
            '*' | '~' | '|' | '"' | '<' | '>' | '{' | '}' | '\\' | '^' => folded.push(' '),
            _ if sign.is_whitespace() => folded.push(' '),
            ' '..='~' => folded.push(sign),
            _ => folded.push_str(without_accent(sign)),
        }
    }
    // "70 degrees F": the blank that the sign of degree brought would part it from its scale.
    folded
        .replace(" degrees F", " degrees fahrenheit")
        .replace(" degrees C", " degrees celsius")
}

/// Latin letters without their marks; other scripts and pictures have no sound here.
fn without_accent(sign: char) -> &'static str {
    match sign {
        'À'..='Å' | 'Ā' | 'Ă' | 'Ą' => "A",
        'à'..='å' | 'ā' | 'ă' | 'ą' => "a",
        'Æ' => "Ae",
        'æ' => "ae",
        'Ç' | 'Ć' | 'Č' => "C",
        'ç' | 'ć' | 'č' => "c",
        'Ď' | 'Ð' | 'Đ' => "D",
        'ď' | 'ð' | 'đ' => "d",
        'È'..='Ë' | 'Ē' | 'Ė' | 'Ę' | 'Ě' => "E",
        'è'..='ë' | 'ē' | 'ė' | 'ę' | 'ě' => "e",
        'Ğ' | 'Ģ' => "G",
        'ğ' | 'ģ' => "g",
        'Ì'..='Ï' | 'Ī' | 'Į' | 'İ' => "I",
        'ì'..='ï' | 'ī' | 'į' | 'ı' => "i",
        'Ķ' => "K",
        'ķ' => "k",
        'Ł' | 'Ļ' | 'Ľ' => "L",
        'ł' | 'ļ' | 'ľ' => "l",
        'Ñ' | 'Ń' | 'Ň' | 'Ņ' => "N",
        'ñ' | 'ń' | 'ň' | 'ņ' => "n",
        'Ò'..='Ö' | 'Ø' | 'Ō' | 'Ő' => "O",
        'ò'..='ö' | 'ø' | 'ō' | 'ő' => "o",
        'Œ' => "Oe",
        'œ' => "oe",
        'Ř' => "R",
        'ř' => "r",
        'Ś' | 'Š' | 'Ş' | 'Ș' => "S",
        'ś' | 'š' | 'ş' | 'ș' => "s",
        'ß' => "ss",
        'Ť' | 'Ţ' | 'Ț' => "T",
        'ť' | 'ţ' | 'ț' => "t",
        'Ù'..='Ü' | 'Ū' | 'Ů' | 'Ű' => "U",
        'ù'..='ü' | 'ū' | 'ů' | 'ű' => "u",
        'Ý' => "Y",
        'ý' | 'ÿ' => "y",
        'Ź' | 'Ż' | 'Ž' => "Z",
        'ź' | 'ż' | 'ž' => "z",
        'Þ' => "Th",
        'þ' => "th",
        _ => " ",
    }
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn accents_quotes_and_dashes_become_plain() {
        assert_eq!(fold("Zoë’s café – Łódź"), "Zoe's cafe - Lodz");
        assert_eq!(fold("70°F"), "70 degrees fahrenheit");
        assert_eq!(fold("日本 😀 ok"), "     ok");
    }
}
