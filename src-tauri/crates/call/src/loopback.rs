//! Which hosts are this computer: the one rule for where a key may go unencrypted, at rest (`frontdesk-store`) and on the wire
//! (`frontdesk-realtime`). Pure, any thread.

use std::net::IpAddr;

/// True for a URL's host that is this computer by its name or number: `localhost`, 127.0.0.0/8, ::1, or an IPv4 one of these written as
/// IPv6. An IPv6 number may stand in brackets, as in a URL, or without. No name is resolved: others than `localhost` are elsewhere.
#[must_use]
pub fn is_this_computer(host: &str) -> bool {
    let unbracketed = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
        .unwrap_or(host);
    host.eq_ignore_ascii_case("localhost")
        || unbracketed
            .parse::<IpAddr>()
            .is_ok_and(|address| address.to_canonical().is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_name_and_the_numbers_of_this_computer_are_this_computer() {
        for host in [
            "localhost",
            "LOCALHOST",
            "127.0.0.1",
            "127.9.9.9",
            "::1",
            "[::1]",
            "[::ffff:127.0.0.1]",
        ] {
            assert!(is_this_computer(host), "{host}");
        }
        for host in [
            "",
            "voice.example",
            "localhost.example",
            "localhost.",
            "127.0.0.1.example",
            "192.168.1.2",
            "0.0.0.0",
            "::2",
            "[::1",
            "[localhost]",
            "[::ffff:192.168.1.2]",
        ] {
            assert!(!is_this_computer(host), "{host}");
        }
    }
}
