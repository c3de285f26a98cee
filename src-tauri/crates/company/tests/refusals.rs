//! Broken company files: every problem is named with its line, column, field and a plain reason.

use frontdesk_company::{CompanyProfile, FILE_LIMIT_BYTES, ProfileError};

/// The text of the refusal of a file.
fn refusal(text: &str) -> String {
    match CompanyProfile::parse(text) {
        Ok(profile) => panic!("this file was accepted: {profile:?}"),
        Err(error) => error.to_string(),
    }
}

/// A valid file with further lines at its end; they begin on line 5.
fn with(lines: &str) -> String {
    format!(
        "name = \"Corner Shop\"\ntrade = \"grocery\"\ntime_zone = \"Europe/Paris\"\nhours.monday = \"8:00-18:00\"\n{lines}\n"
    )
}

#[test]
fn the_shortest_file_is_accepted() {
    let company = CompanyProfile::parse(&with("")).unwrap();
    assert_eq!(company.id.as_str(), "corner-shop");
}

#[test]
fn all_problems_of_a_file_are_named_at_once_in_its_order() {
    insta::assert_snapshot!(refusal(
        r#"id = "Corner Shop"
name = "  "
trade = 7
time_zone = "America/Chcago"
currency = "dollars"
greting = "Hi"

[contact]
phone = "call us"
email = "nobody"
fax = "1"

[hours]
monday = "8:00-25:00"
tuesday = ["8:00-12:00", "11:30-18:00"]
wednesday = "8:00-6:00"
thursday = "8-18"
friday = "9:00-9:00"
saturday = ["8:61-9:00", "24:00-2:00"]
someday = "closed"

[[holidays]]
name = "Christmas"
date = "2026-12-32"

[[holidays]]
name = "Summer"
date = 2027-07-10
until = 2027-07-01

[[services]]
name = "Delivery"
minutes = 0
price = "-5 EUR"

[[services]]
name = "Wrapping"
aliases = ["gift wrap", ""]
minutes = "45-30"
price = "80-50 EUR"

[[services]]
price = 5.999
minutes = true

[[policies]]
topic = "Returns"

[[questions]]
ask = []
answer = "Yes."

[[resources]]
name = "till"
count = 0
"#
    ));
}

#[test]
fn an_empty_file_names_every_required_field() {
    insta::assert_snapshot!(refusal(""), @r"
    line 1, column 1: name: this field is missing
    line 1, column 1: trade: this field is missing
    line 1, column 1: time_zone: this field is missing
    line 1, column 1: hours: this field is missing
    ");
}

#[test]
fn broken_toml_is_named_by_line_and_column() {
    insta::assert_snapshot!(refusal("name = \"Corner Shop\ntrade = \"grocery\"\n\n[hours\n"));
}

#[test]
fn a_repeated_field_is_refused() {
    insta::assert_snapshot!(refusal(&with("name = \"Other\"")));
}

#[test]
fn a_week_without_any_hours_is_refused() {
    let text = "name = \"A\"\ntrade = \"b\"\ntime_zone = \"UTC\"\n[hours]\nmonday = \"closed\"\n";
    insta::assert_snapshot!(refusal(text));
}

#[test]
fn a_night_that_runs_into_the_next_morning_is_refused_also_from_sunday_to_monday() {
    insta::assert_snapshot!(refusal(&with("hours.sunday = \"20:00-8:30 next day\"")));
}

#[test]
fn a_day_longer_than_a_day_is_refused() {
    insta::assert_snapshot!(refusal(&with("hours.sunday = \"8:00-18:00 next day\"")));
}

#[test]
fn two_holidays_on_one_day_are_refused() {
    insta::assert_snapshot!(refusal(&with(
        "[[holidays]]\nname = \"Break\"\ndate = \"2026-12-20\"\nuntil = \"2026-12-31\"\n\
         [[holidays]]\nname = \"Christmas\"\ndate = \"2026-12-25\"\n\
         [[holidays]]\nname = \"Christmas\"\ndate = \"12-25\"\n\
         [[holidays]]\nname = \"Noel\"\ndate = \"12-25\"\nuntil = \"2026-12-26\""
    )));
}

#[test]
fn a_word_that_leads_to_two_services_is_refused() {
    insta::assert_snapshot!(refusal(&with(
        "[[services]]\nname = \"Brakes\"\naliases = [\"stop\", \"brakes\"]\n\
         [[services]]\nid = \"brakes\"\nname = \"Brake pads\"\naliases = [\"Stop\"]"
    )));
}

#[test]
fn a_price_needs_a_currency_from_somewhere() {
    insta::assert_snapshot!(refusal(&with("[[services]]\nname = \"Delivery\"\nprice = 5")));
}

#[test]
fn amounts_are_plain_numbers_with_the_digits_of_their_currency() {
    for (price, part) in [
        ("\"$50\"", "without a currency sign"),
        ("\"1,200\"", "without a currency sign or thousands separator"),
        ("\"49.\"", "write a price as 50"),
        ("1e3", "write a price as 50"),
        ("nan", "write a price as 50"),
        ("\"5.50 JPY\"", "JPY has 0 digits after the point"),
        ("99999999999999999999.0", "at most 100000000"),
        ("\"50 euro\"", "three capital letters"),
        ("[5]", "not a list"),
    ] {
        let text = format!(
            "currency = \"USD\"\n{}",
            with(&format!("[[services]]\nname = \"Delivery\"\nprice = {price}"))
        );
        let refused = refusal(&text);
        assert!(
            refused.contains(part) && refused.starts_with("line 8, column 9: services[1].price: "),
            "{price}: {refused}"
        );
    }
}

#[test]
fn sections_of_the_wrong_shape_are_explained() {
    insta::assert_snapshot!(refusal(
        "name = \"A\"\ntrade = \"b\"\ntime_zone = \"UTC\"\ncontact = \"phone\"\nquestions = [\"why?\"]\n[[hours]]\nmonday = \"closed\"\n[services]\nname = \"X\"\n"
    ));
}

#[test]
fn columns_count_characters_and_windows_line_ends_and_a_byte_order_mark_do_no_harm() {
    let text = with("contact = { address = \"Straße 1\", fax = \"1\" }").replace('\n', "\r\n");
    assert_eq!(
        refusal(&format!("\u{feff}{text}")),
        "line 5, column 35: contact.fax: there is no such field; known here are phone, email, address, country"
    );
    assert!(CompanyProfile::parse(&format!("\u{feff}{}", with("").replace('\n', "\r\n"))).is_ok());
    assert!(refusal("\u{feff}nam = 1").contains("line 1, column 1: nam: "));
}

#[test]
fn control_characters_and_endless_names_are_refused() {
    assert!(
        refusal(&with("greeting = \"a\\u0007b\""))
            .contains("line 5, column 12: greeting: the text holds a control character")
    );
    assert!(refusal(&with("id = \"a b\"")).contains("line 5, column 6: id: 'a b' — an id holds only"));
    assert!(refusal(&with(&format!("contact.phone = \"{}\"", "1".repeat(201)))).contains("at most 200 are allowed"));
    assert!(refusal(&with(&format!("greeting = \"{}\"", "a".repeat(801)))).contains("at most 800 are allowed"));
}

#[test]
fn a_name_that_makes_no_id_asks_for_one() {
    let text = with("").replace("Corner Shop", "寿司");
    assert!(refusal(&text).starts_with("line 1, column 8: name: '寿司' — no id can be made"));
    assert!(CompanyProfile::parse(&format!("id = \"sushi\"\n{text}")).is_ok());
}

#[test]
fn a_file_that_is_too_large_is_not_read() {
    let text = "#".repeat(FILE_LIMIT_BYTES + 1);
    assert_eq!(
        CompanyProfile::parse(&text),
        Err(ProfileError::TooLarge {
            size: FILE_LIMIT_BYTES + 1,
            limit: FILE_LIMIT_BYTES
        })
    );
    assert!(CompanyProfile::parse(&format!("{}{}", with(""), "#".repeat(FILE_LIMIT_BYTES - 200))).is_ok());
}

#[test]
fn a_flood_of_problems_is_cut_short() {
    let text = with(&"[[services]]\n".repeat(200));
    let Err(ProfileError::Invalid { problems, omitted }) = CompanyProfile::parse(&text) else {
        panic!("the file was accepted");
    };
    assert_eq!((problems.len(), omitted), (ProfileError::REPORTED_PROBLEMS, 150));
    assert!(refusal(&text).ends_with("and 150 more"));
}

#[test]
fn the_worst_files_of_the_largest_size_are_refused_with_few_words() {
    for unit in [
        "]", "[", "\"", "a", "a.", "=", "[[a]]\n", "a=1\n", "\u{e9}", "'", "{", "#\r",
    ] {
        let text = unit.repeat(FILE_LIMIT_BYTES / unit.len());
        assert!(refusal(&text).len() < 40_000, "{unit}");
    }
    let services = format!("services = [{}]", "{n=1},".repeat(40_000));
    assert!(refusal(&services).len() < 40_000);
}

#[test]
fn a_country_that_has_no_such_code_is_refused_with_its_line_and_the_right_one() {
    let country = |code: &str| refusal(&with(&format!("[contact]\ncountry = \"{code}\"\n")));
    for (written, meant) in [("UK", "GB"), ("uk", "GB"), ("us", "US"), ("USA", "US")] {
        assert_eq!(
            country(written),
            format!(
                "line 6, column 11: contact.country: '{written}' — there is no such country code; did you mean {meant}?"
            )
        );
    }
    assert!(country("Utopia").contains("a country is two capital letters of ISO 3166, such as US or GB"));
}

#[test]
fn a_resource_that_is_not_there_and_rules_out_of_bounds_are_named() {
    let text = with(
        "[booking]\nenabled = \"no\"\nstart_every_minutes = 1\nlead_days = 2\n\n[[services]]\nname = \"Cut\"\nresource = \"chairs\"\nbuffer_minutes = 999\n\n\
         [[resources]]\nname = \"chair\"\ncount = 2\n\n[[resources]]\nname = \"chair\"\ncount = 1\n",
    );
    insta::assert_snapshot!(refusal(&text));
}
