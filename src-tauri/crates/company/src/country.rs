//! The countries that a company file may name: those whose numbering is known, by their two letters of ISO 3166. Pure.

use crate::error::Malformed;
use crate::wording::closest;

/// In alphabetical order. The desk's tests hold this list against the numbering data.
pub const COUNTRY_CODES: &str = "\
    AC AD AE AF AG AI AL AM AO AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BW BY BZ CA CC CD CF \
    CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG \
    GH GI GL GM GN GP GQ GR GT GU GW GY HK HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW \
    KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF \
    NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM \
    SN SO SR SS ST SV SX SY SZ TA TC TD TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE VG VI VN VU WF WS XK \
    YE YT ZA ZM ZW";

/// What people write where the code is another one.
const OTHER_NAMES: [(&str, &str); 12] = [
    ("UK", "GB"),
    ("EN", "GB"),
    ("ENG", "GB"),
    ("ENGLAND", "GB"),
    ("SCOTLAND", "GB"),
    ("WALES", "GB"),
    ("GREAT BRITAIN", "GB"),
    ("UNITED KINGDOM", "GB"),
    ("USA", "US"),
    ("UNITED STATES", "US"),
    ("EL", "GR"),
    ("SF", "FI"),
];

/// Whether `text` is one of [`COUNTRY_CODES`].
pub(crate) fn check(text: &str) -> Result<(), Malformed> {
    let codes = || COUNTRY_CODES.split_whitespace();
    if codes().any(|code| code == text) {
        return Ok(());
    }
    let capitals = text.to_uppercase();
    let other = OTHER_NAMES.iter().find(|(name, _)| *name == capitals);
    let meant = other
        .map(|(_, code)| *code)
        .or_else(|| codes().find(|code| *code == capitals))
        .or_else(|| closest(text, codes()).filter(|_| text.len() == 3));
    let advice = match meant {
        Some(code) => format!("there is no such country code; did you mean {code}?"),
        None => "a country is two capital letters of ISO 3166, such as US or GB".to_owned(),
    };
    Err(Malformed::new(text, &advice))
}
