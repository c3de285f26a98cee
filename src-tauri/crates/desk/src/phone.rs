//! The one form of a phone number by which contacts are found: E.164 (`+15551234567`). Pure, on Google's numbering data.

use frontdesk_company::CompanyProfile;
use phonenumber::{Mode, country};

use crate::refusal::Refusal;

/// Fewest and most digits of a number whose country is not known.
const DIGITS: std::ops::RangeInclusive<usize> = 5..=15;

/// The number in international form. A number without a country code belongs to the company's country; a company that names none gets the
/// digits as they are.
///
/// Numbers that no one can have, such as those of films (555), are accepted: a receptionist that argues about a number is worse than one
/// wrong contact.
///
/// # Errors
/// [`Refusal::NoPhoneNumber`] for what has no number in it, or one of a length that does not exist.
pub fn normalise(company: &CompanyProfile, given: &str) -> Result<String, Refusal> {
    let refused = || Refusal::NoPhoneNumber {
        given: given.trim().to_owned(),
    };
    let country: Option<country::Id> = company
        .contact
        .country
        .as_deref()
        .and_then(|country| country.parse().ok());
    if country.is_some() || given.trim_start().starts_with('+') {
        let number = phonenumber::parse(country, given).map_err(|_| refused())?;
        let text = number.format().mode(Mode::E164).to_string();
        let digits = text.chars().filter(char::is_ascii_digit).count();
        return DIGITS.contains(&digits).then_some(text).ok_or_else(refused);
    }
    let digits: String = given.chars().filter(char::is_ascii_digit).collect();
    let plausible = DIGITS.contains(&digits.len()) && !given.chars().any(char::is_alphabetic);
    plausible.then_some(digits).ok_or_else(refused)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn company(country: Option<&str>) -> CompanyProfile {
        let mut company = frontdesk_company::sample().unwrap();
        company.contact.country = country.map(str::to_owned);
        company
    }

    #[test]
    fn one_number_has_one_form_however_it_is_given() {
        for given in [
            "(555) 123-4567",
            "555 123 4567",
            "5551234567",
            "1-555-123-4567",
            "+1 555 123 4567",
            " 555.123.4567 ",
        ] {
            assert_eq!(
                normalise(&company(Some("US")), given).unwrap(),
                "+15551234567",
                "{given}"
            );
        }
        assert_eq!(
            normalise(&company(Some("US")), "+44 20 7946 0958").unwrap(),
            "+442079460958"
        );
        assert_eq!(
            normalise(&company(Some("GB")), "020 7946 0958").unwrap(),
            "+442079460958"
        );
        assert_eq!(normalise(&company(None), "+44 20 7946 0958").unwrap(), "+442079460958");
        assert_eq!(normalise(&company(None), "020 7946 0958").unwrap(), "02079460958");
        assert_eq!(normalise(&company(Some("XX")), "020 7946 0958").unwrap(), "02079460958");
    }

    #[test]
    fn every_country_that_a_company_file_may_name_has_its_numbering() {
        for code in frontdesk_company::COUNTRY_CODES.split_whitespace() {
            assert!(code.parse::<country::Id>().is_ok(), "{code}");
        }
    }

    #[test]
    fn what_is_no_number_is_refused_with_its_words() {
        for (country, given) in [
            (Some("US"), ""),
            (Some("US"), "call me"),
            (Some("US"), "12"),
            (None, "123"),
            (None, "1234567890123456"),
            (None, "room 12345"),
        ] {
            let refused = normalise(&company(country), given).unwrap_err();
            assert_eq!(
                refused,
                Refusal::NoPhoneNumber {
                    given: given.to_owned()
                }
            );
        }
    }
}
