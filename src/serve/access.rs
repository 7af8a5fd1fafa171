//! Who may ask: the hosts that name this server, the sites that requests come from, and the token.
//!
//! A server on this machine is reached by every page that the user's browser shows: by its address, and by any name that is
//! made to resolve to it (DNS rebinding). The name in `Host` is therefore checked before anything else, on every route; what
//! the browser says of a request's origin (Fetch Metadata) next; and last the token, which other users of the machine lack.

use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use axum::http::{HeaderMap, Method, StatusCode, Uri, header};

use super::problem::Problem;

/// Bytes of a token.
const TOKEN_BYTES: usize = 32;

/// The names of a server and its token: which requests are answered.
#[derive(Debug)]
pub(crate) struct Access {
    /// The port that it listens on.
    port: u16,
    /// The address that it is bound to, besides those of this machine.
    bound: Option<IpAddr>,
    /// Other names of it.
    hosts: Vec<String>,
    /// The token, if one is asked for.
    token: Option<String>,
    /// The token of the address that was printed last, which can be used once.
    one_time: Mutex<Option<String>>,
    /// Was that address used?
    is_used: AtomicBool,
}

/// Random letters and digits.
///
/// # Errors
///
/// An error of the system.
pub(crate) fn random_token() -> std::io::Result<String> {
    let mut bytes = [0; TOKEN_BYTES];
    getrandom::fill(&mut bytes).map_err(|error| std::io::Error::other(error.to_string()))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Are they equal? Takes the same time wherever they differ.
fn is_equal(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
}

impl Access {
    pub(crate) fn new(port: u16, bound: Option<IpAddr>, hosts: Vec<String>, token: Option<String>) -> Access {
        Access { port, bound, hosts, token, one_time: Mutex::new(None), is_used: AtomicBool::new(false) }
    }

    /// The address of the server, with a slash at its end.
    pub(crate) fn base(&self) -> String {
        let host = match self.bound {
            Some(IpAddr::V6(address)) if !address.is_unspecified() => format!("[{address}]"),
            Some(IpAddr::V4(address)) if !address.is_unspecified() => address.to_string(),
            _ => "127.0.0.1".into(),
        };
        format!("http://{host}:{}/", self.port)
    }

    /// An address that lets a browser in, once.
    ///
    /// # Errors
    ///
    /// An error of the system's random numbers.
    pub(crate) fn new_address(&self) -> std::io::Result<String> {
        let base = self.base();
        if self.token.is_none() {
            return Ok(base);
        }
        let token = random_token()?;
        let address = format!("{base}?t={token}");
        *self.one_time.lock().unwrap_or_else(PoisonError::into_inner) = Some(token);
        Ok(address)
    }

    /// The value of the header that lets a browser in from now on, if this token is that of the address that was printed
    /// last. It is used up then.
    pub(crate) fn exchange(&self, token: &str) -> Option<String> {
        let mut one_time = self.one_time.lock().unwrap_or_else(PoisonError::into_inner);
        if !one_time.as_deref().is_some_and(|known| is_equal(known, token)) {
            return None;
        }
        *one_time = None;
        self.is_used.store(true, Ordering::Relaxed);
        let token = self.token.as_deref()?;
        Some(format!("{}={token}; HttpOnly; SameSite=Strict; Path=/", self.cookie()))
    }

    /// Was the last address used since this was asked before?
    pub(crate) fn take_used(&self) -> bool {
        self.is_used.swap(false, Ordering::Relaxed)
    }

    /// The name of the cookie: cookies are the same for all ports of a host.
    fn cookie(&self) -> String {
        format!("crosshead-{}", self.port)
    }

    /// Is a token asked for?
    pub(crate) fn has_token(&self) -> bool {
        self.token.is_some()
    }

    /// Checks that the request names this server.
    ///
    /// # Errors
    ///
    /// 400 for a request that names none, or two; 421 for another's name.
    pub(crate) fn check_host(&self, uri: &Uri, headers: &HeaderMap) -> Result<(), Problem> {
        let bad = |detail: &str| Problem::new(StatusCode::BAD_REQUEST, "host", "The request names no server", detail);
        let mut hosts = headers.get_all(header::HOST).iter();
        let host = match (hosts.next(), hosts.next()) {
            (Some(host), None) => host.to_str().map_err(|_| bad("the header Host is no text"))?,
            (None, _) => return Err(bad("there is no header Host")),
            _ => return Err(bad("there are several headers Host")),
        };
        let of_target = uri.authority().map(|authority| authority.as_str());
        if std::iter::once(host).chain(of_target).all(|name| self.is_own(name)) {
            return Ok(());
        }
        let detail = format!(
            "'{}' is no name of this server; to reach it by another name, start it with --allow-host NAME",
            host.chars().filter(|c| !c.is_control()).take(80).collect::<String>()
        );
        Err(Problem::new(StatusCode::MISDIRECTED_REQUEST, "host", "This server has another name", detail))
    }

    /// Is it a name of this server, with its port?
    fn is_own(&self, authority: &str) -> bool {
        // A name with a user before it is no name of a server.
        if authority.contains(['@', '/', '\\', ' ']) {
            return false;
        }
        let (name, port) = match authority.rsplit_once(':') {
            Some((name, port)) if !port.contains(']') => (name, Some(port)),
            _ => (authority, None),
        };
        let has_port = match port {
            None => self.port == 80,
            // As digits alone, so that each port is written in one way.
            Some(port) => port == self.port.to_string(),
        };
        let is_local = ["localhost", "127.0.0.1", "[::1]"].iter().any(|local| local.eq_ignore_ascii_case(name));
        let is_bound = self.bound.is_some_and(|address| match address {
            IpAddr::V4(address) => !address.is_unspecified() && name == address.to_string(),
            IpAddr::V6(address) => !address.is_unspecified() && name == format!("[{address}]"),
        });
        has_port && (is_local || is_bound) || self.hosts.iter().any(|allowed| allowed.eq_ignore_ascii_case(name))
    }

    /// Checks where the browser says that the request comes from.
    ///
    /// # Errors
    ///
    /// 403 for a request that another site made.
    pub(crate) fn check_site(&self, method: &Method, headers: &HeaderMap) -> Result<(), Problem> {
        let value = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
        let refused = || {
            let detail = "another page asked for this; open the address of the server itself";
            Err(Problem::new(StatusCode::FORBIDDEN, "cross-site", "Other sites are not answered", detail))
        };
        let is_safe = method == Method::GET || method == Method::HEAD;
        if let Some(origin) = value("origin")
            && !origin.strip_prefix("http://").is_some_and(|authority| self.is_own(authority))
        {
            return refused();
        }
        match value("sec-fetch-site") {
            None | Some("same-origin" | "none") => Ok(()),
            // A link on another page may lead here, in a window of its own.
            Some("cross-site" | "same-site")
                if is_safe
                    && value("sec-fetch-mode") == Some("navigate")
                    && matches!(value("sec-fetch-dest"), None | Some("document")) =>
            {
                Ok(())
            }
            Some(_) => refused(),
        }
    }

    /// Checks the token.
    ///
    /// # Errors
    ///
    /// 401 without it.
    pub(crate) fn check_token(&self, headers: &HeaderMap) -> Result<(), Problem> {
        let Some(token) = &self.token else { return Ok(()) };
        let bearer =
            headers.get_all(header::AUTHORIZATION).iter().filter_map(|value| value.to_str().ok()?.split_once(' '));
        let bearer = bearer.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).map(|(_, value)| value.trim());
        let name = self.cookie();
        let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let cookies = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let of_cookie = cookies.filter(|(cookie, _)| *cookie == name).map(|(_, value)| value);
        let mut is_known = false;
        for one in bearer.chain(of_cookie) {
            is_known |= is_equal(one, token);
        }
        if is_known {
            return Ok(());
        }
        let detail = "open the address that the server printed, or send its token as `Authorization: Bearer TOKEN`";
        Err(Problem::new(StatusCode::UNAUTHORIZED, "token", "The token is missing", detail))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            let name: header::HeaderName = name.parse().expect("a name");
            headers.append(name, value.parse().expect("a value"));
        }
        headers
    }

    #[test]
    fn hosts_are_checked() {
        let access = Access::new(7777, None, vec!["archive.example".into()], None);
        for host in [
            "localhost:7777",
            "LOCALHOST:7777",
            "127.0.0.1:7777",
            "[::1]:7777",
            "archive.example",
            "archive.example:443",
        ] {
            assert_eq!(
                access.check_host(&"/".parse().expect("a target"), &headers(&[("host", host)])),
                Ok(()),
                "{host}"
            );
        }
        for host in [
            "localhost",
            "localhost:7778",
            "localhost:07777",
            "localhost.:7777",
            "localhost.evil.example:7777",
            "127.0.0.1.nip.io:7777",
            "evil.example:7777",
            "evil.example",
            "127.0.0.2:7777",
            "127.1:7777",
            "0.0.0.0:7777",
            "2130706433:7777",
            "[::]:7777",
            "[::ffff:127.0.0.1]:7777",
            "localhost:7777@evil.example",
            "evil.example@localhost:7777",
            "localhost:7777:7777",
            "::1:7777",
            "",
            "archive.example.evil.example",
            "xarchive.example",
            "localhost:",
            "local host:7777",
        ] {
            let problem =
                access.check_host(&"/".parse().expect("a target"), &headers(&[("host", host)])).expect_err(host);
            assert_eq!(problem.status, StatusCode::MISDIRECTED_REQUEST, "{host}");
        }
        for hosts in [&[][..], &[("host", "localhost:7777"), ("host", "localhost:7777")]] {
            let problem = access.check_host(&"/".parse().expect("a target"), &headers(hosts)).expect_err("not one");
            assert_eq!(problem.status, StatusCode::BAD_REQUEST);
        }
        let target = "http://evil.example/search".parse().expect("a target");
        assert!(access.check_host(&target, &headers(&[("host", "localhost:7777")])).is_err());
    }

    #[test]
    fn other_sites_are_refused() {
        let access = Access::new(7777, None, Vec::new(), None);
        let check = |method: Method, pairs: &[(&str, &str)]| access.check_site(&method, &headers(pairs)).is_ok();
        let (site, mode, dest) = ("sec-fetch-site", "sec-fetch-mode", "sec-fetch-dest");
        for (method, pairs, is_answered) in [
            (Method::GET, &[][..], true),
            (Method::GET, &[(site, "none"), (mode, "navigate")], true),
            (Method::GET, &[(site, "same-origin"), (mode, "cors")], true),
            (Method::GET, &[(site, "cross-site"), (mode, "navigate"), (dest, "document")], true),
            (Method::GET, &[(site, "cross-site"), (mode, "navigate"), (dest, "iframe")], false),
            (Method::GET, &[(site, "cross-site"), (mode, "no-cors")], false),
            (Method::GET, &[(site, "cross-site"), (mode, "cors"), ("origin", "http://evil.example")], false),
            (Method::GET, &[(site, "same-site"), (mode, "cors"), ("origin", "http://localhost:1")], false),
            (Method::GET, &[(site, "cross-site")], false),
            (Method::GET, &[("origin", "http://evil.example")], false),
            (Method::GET, &[("origin", "null")], false),
            (Method::POST, &[], true),
            (Method::POST, &[("origin", "http://localhost:7777")], true),
            (Method::POST, &[("origin", "https://localhost:7777")], false),
            (Method::POST, &[("origin", "null")], false),
            (Method::POST, &[(site, "cross-site"), (mode, "navigate"), (dest, "document")], false),
            (Method::POST, &[(site, "same-origin"), ("origin", "http://localhost:7777")], true),
            (Method::POST, &[(site, "same-origin"), ("origin", "http://evil.example")], false),
        ] {
            assert_eq!(check(method.clone(), pairs), is_answered, "{method} {pairs:?}");
        }
    }

    #[test]
    fn a_token_is_asked_for_and_its_address_works_once() {
        let access = Access::new(7777, None, Vec::new(), Some("secret".into()));
        for (pairs, is_answered) in [
            (&[][..], false),
            (&[("authorization", "Bearer secret")], true),
            (&[("authorization", "bearer  secret")], true),
            (&[("authorization", "Bearer secre")], false),
            (&[("authorization", "Basic secret")], false),
            (&[("cookie", "a=b; crosshead-7777=secret")], true),
            (&[("cookie", "crosshead-7778=secret")], false),
            (&[("cookie", "crosshead-7777=")], false),
        ] {
            assert_eq!(access.check_token(&headers(pairs)).is_ok(), is_answered, "{pairs:?}");
        }
        let address = access.new_address().expect("random bytes");
        let token = address.strip_prefix("http://127.0.0.1:7777/?t=").expect("the address of the server");
        assert_eq!(access.exchange("other"), None);
        assert_eq!(access.exchange(token).as_deref(), Some("crosshead-7777=secret; HttpOnly; SameSite=Strict; Path=/"));
        assert_eq!(access.exchange(token), None);
    }
}
