//! A company file with facts that no code can know: another one for every case of a property test, and for every seed.

use frontdesk_company::CompanyProfile;
use proptest::prelude::*;

/// The random facts of a company. Prices in dollars, lowest and highest; hours on the 24-hour clock.
#[derive(Clone, Debug)]
pub struct RandomFacts {
    pub name: String,
    pub prices: Vec<(u32, u32)>,
    pub minutes: Vec<u32>,
    /// Monday to Friday.
    pub opens: u8,
    pub closes: u8,
    pub saturday: (u8, u8),
    /// Hours before an appointment in which it can be cancelled.
    pub notice: u32,
}

/// Services of a generated company, at most.
const SERVICES: usize = 6;

prop_compose! {
    /// Facts with a name of this regular expression.
    pub fn random_facts(names: &'static str)(
        name in names,
        prices in proptest::collection::vec((11_u32..400, 1_u32..300), SERVICES),
        minutes in proptest::collection::vec(11_u32..59, SERVICES),
        opens in 6_u8..11,
        closes in 14_u8..22,
        saturday in (6_u8..11, 13_u8..22),
        notice in 3_u32..90,
    ) -> RandomFacts {
        let prices = prices.into_iter().map(|(low, more)| (low, low + more)).collect();
        RandomFacts { name, prices, minutes, opens, closes, saturday, notice }
    }
}

impl RandomFacts {
    /// The company of these facts, through the text of its file.
    pub fn company(&self, trade: &str, services: &[&str]) -> CompanyProfile {
        let file = self.file(trade, services);
        CompanyProfile::parse(&file).unwrap_or_else(|error| panic!("the generated file is refused: {error}\n{file}"))
    }

    fn file(&self, trade: &str, services: &[&str]) -> String {
        let mut file = format!(
            "name = \"{}\"\ntrade = \"{trade}\"\ntime_zone = \"America/Chicago\"\ncurrency = \"USD\"\n\
             [contact]\nphone = \"(555) 014-2367\"\n[hours]\n",
            self.name
        );
        for day in ["monday", "tuesday", "wednesday", "thursday", "friday"] {
            file.push_str(&format!("{day} = \"{}:00-{}:00\"\n", self.opens, self.closes));
        }
        file.push_str(&format!(
            "saturday = \"{}:00-{}:00\"\n",
            self.saturday.0, self.saturday.1
        ));
        for ((service, (low, high)), minutes) in services.iter().zip(&self.prices).zip(&self.minutes) {
            file.push_str(&format!(
                "[[services]]\nname = \"{service}\"\nminutes = {minutes}\nprice = \"{low}-{high}\"\n"
            ));
        }
        file.push_str(&format!(
            "[[policies]]\ntopic = \"Cancellation\"\nkeywords = [\"cancel\"]\ntext = \"Please cancel {} hours ahead.\"\n",
            self.notice
        ));
        file
    }
}
