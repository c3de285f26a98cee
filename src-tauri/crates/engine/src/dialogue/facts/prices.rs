//! Whether a service is to be had for an amount: the company's price held against what the caller named. The price is always told with the
//! verdict, and what the profile leaves open stays open. Pure, any thread.

use frontdesk_company::{CompanyProfile, PriceRange, Service};

use super::{about_service, in_sentence, listed};
use crate::dialogue::values::{Bound, PriceLimit};
use crate::dialogue::wishes::Asked;

/// What is asked for when a price is held against an amount.
const PRICE: Asked = Asked {
    price: true,
    duration: false,
};

/// How a price lies to the side of an amount that was asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    /// Whatever the work comes to.
    Always,
    /// At the lower end of the price, not at the upper one.
    Partly,
    Never,
}

/// The price of a service held against the amount; the price alone where they cannot be compared.
pub(crate) fn compared(service: &Service, limit: PriceLimit) -> String {
    let price = about_service(service, PRICE);
    let Some((verdict, amount)) = judged(service, limit) else {
        return price;
    };
    let side = match limit.bound {
        Bound::Under => format!("less than {amount}"),
        Bound::UpTo => format!("within {amount}"),
        Bound::Over => format!("more than {amount}"),
        Bound::AtLeast => format!("at least {amount}"),
    };
    match verdict {
        Verdict::Always => format!("Yes, that is {side}: {price}"),
        Verdict::Never => format!("No, that is not {side}: {price}"),
        Verdict::Partly => format!("It may be {side}, depending on the work: {price}"),
    }
}

/// What can be had for the amount among all services, with the prices.
pub(crate) fn all_within(profile: &CompanyProfile, limit: PriceLimit) -> Option<String> {
    let of = |wanted: Verdict| -> Vec<String> {
        let fits = |service: &&Service| judged(service, limit).is_some_and(|(verdict, _)| verdict == wanted);
        profile.services.iter().filter(fits).filter_map(priced).collect()
    };
    let (always, partly) = (of(Verdict::Always), of(Verdict::Partly));
    let sure = (!always.is_empty()).then(|| format!("For that there is {}.", listed(&always)));
    let open = (!partly.is_empty()).then(|| format!("Depending on the work also {}.", listed(&partly)));
    match (sure, open) {
        (None, None) if profile.services.iter().all(|service| judged(service, limit).is_none()) => None,
        (None, None) => Some("Nothing on our list is at that price.".to_owned()),
        (None, Some(_)) => Some(format!("Depending on the work there is {}.", listed(&partly))),
        (Some(sure), open) => Some([Some(sure), open].into_iter().flatten().collect::<Vec<_>>().join(" ")),
    }
}

/// "oil change for $50 to $80".
fn priced(service: &Service) -> Option<String> {
    Some(format!(
        "{} for {}",
        in_sentence(&service.name),
        service.price?.readable()
    ))
}

/// How the price lies, and the amount in words; none without a price, or in another currency.
fn judged(service: &Service, limit: PriceLimit) -> Option<(Verdict, String)> {
    let price = service.price?;
    let amount = limit.amount.in_currency(price.lowest().currency)?;
    Some((verdict(price, limit.bound, amount.minor), amount.readable()))
}

fn verdict(price: PriceRange, bound: Bound, amount: u64) -> Verdict {
    let fits = |minor: u64| match bound {
        Bound::Under => minor < amount,
        Bound::UpTo => minor <= amount,
        Bound::Over => minor > amount,
        Bound::AtLeast => minor >= amount,
    };
    match (fits(price.lowest().minor), fits(price.highest().minor)) {
        (true, true) => Verdict::Always,
        (false, false) => Verdict::Never,
        _ => Verdict::Partly,
    }
}

#[cfg(test)]
mod tests {
    use frontdesk_company::Currency;

    use super::*;

    fn judge(bound: Bound, amount: u64) -> Verdict {
        let fifty_to_eighty = PriceRange::new(5_000, 8_000, Currency::USD).unwrap();
        verdict(fifty_to_eighty, bound, amount * 100)
    }

    #[test]
    fn a_price_range_is_judged_at_both_of_its_ends() {
        for (bound, amount, expected) in [
            (Bound::Under, 81, Verdict::Always),
            (Bound::Under, 80, Verdict::Partly),
            (Bound::Under, 50, Verdict::Never),
            (Bound::UpTo, 80, Verdict::Always),
            (Bound::UpTo, 50, Verdict::Partly),
            (Bound::UpTo, 49, Verdict::Never),
            (Bound::Over, 49, Verdict::Always),
            (Bound::Over, 50, Verdict::Partly),
            (Bound::Over, 80, Verdict::Never),
            (Bound::AtLeast, 50, Verdict::Always),
            (Bound::AtLeast, 80, Verdict::Partly),
            (Bound::AtLeast, 81, Verdict::Never),
        ] {
            assert_eq!(judge(bound, amount), expected, "{bound:?} {amount}");
        }
    }
}
