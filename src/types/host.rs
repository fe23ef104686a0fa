//! Checks for hosts that only this machine, or only its network, can reach.

use std::net::IpAddr;
#[cfg(feature = "client")]
use std::net::Ipv6Addr;

/// Returns `true` if the host is this machine: `localhost`, `127.0.0.0/8` or `::1`, in brackets or
/// not.
pub(crate) fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || address(host).is_some_and(|address| address.is_loopback())
}

/// Returns `true` if the host can be reached from the internet.
///
/// Returns `false` for loopback, private and link-local addresses, and for names without a dot. The
/// same holds for names that RFC 6761 and RFC 6762 keep out of the public DNS.
#[cfg(feature = "client")]
pub(crate) fn is_public(host: &str) -> bool {
    if let Some(address) = address(host) {
        // `[::ffff:127.0.0.1]` is an IPv4 address and must not pass as a public IPv6 one.
        return match address.to_canonical() {
            IpAddr::V4(address) => {
                let [first, second, ..] = address.octets();
                // 100.64.0.0/10 is shared by the customers of one carrier (RFC 6598).
                let shared = first == 100 && (64..128).contains(&second);
                !(first == 0
                    || address.is_loopback()
                    || address.is_private()
                    || address.is_link_local()
                    || address.is_multicast()
                    || address.is_broadcast()
                    || shared)
            }
            IpAddr::V6(address) => {
                !(address.is_loopback()
                    || address == Ipv6Addr::UNSPECIFIED
                    || address.is_unique_local()
                    || address.is_unicast_link_local()
                    || address.is_multicast())
            }
        };
    }
    // A fully qualified name may end with a dot.
    let name = host.trim_end_matches('.').to_ascii_lowercase();
    match name.rsplit_once('.') {
        Some((_, last)) => !matches!(
            last,
            "localhost" | "local" | "invalid" | "test" | "internal"
        ),
        None => false,
    }
}

fn address(host: &str) -> Option<IpAddr> {
    let host = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
        .unwrap_or(host);
    host.parse().ok()
}

#[cfg(all(test, feature = "client"))]
mod tests {
    use super::*;

    #[test]
    fn hosts_of_this_machine_or_its_network_are_not_public() {
        for host in [
            "localhost",
            "LOCALHOST",
            "127.0.0.1",
            "127.8.9.10",
            "[::1]",
            "::1",
        ] {
            assert!(is_loopback(host) && !is_public(host), "{host}");
        }
        for host in [
            "0.0.0.0",
            "[::]",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "[fe80::1]",
            "[fd00::1]",
            "[::ffff:127.0.0.1]",
            "app",
            "app.",
            "a.localhost",
            "printer.local",
            "x.test",
        ] {
            assert!(!is_loopback(host) && !is_public(host), "{host}");
        }
        for host in [
            "hooks.example",
            "hooks.example.",
            "localhost.example",
            "127.0.0.1.example",
            "8.8.8.8",
            "100.128.0.1",
            "[2606:4700::1111]",
        ] {
            assert!(!is_loopback(host) && is_public(host), "{host}");
        }
    }
}
