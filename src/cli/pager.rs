//! A pager for long texts, on a terminal.

use std::ffi::OsString;
use std::io::{self, IsTerminal, Write};
use std::process::{Command, Stdio};

/// Arguments of `less`: colours are shown, and a text of one screen is printed without waiting.
const LESS: &str = "less -RFX";

/// Writes `text` to stdout, through a pager if stdout is a terminal and `wanted`.
pub(crate) fn write(text: &[u8], wanted: bool) -> io::Result<()> {
    if wanted
        && io::stdout().is_terminal()
        && let Some(pager) = pager(|name| std::env::var_os(name))
        && let Ok(true) = page(&pager, text)
    {
        return Ok(());
    }
    let mut out = io::stdout().lock();
    out.write_all(text)?;
    out.flush()
}

/// The command of the pager by the environment. An empty one, or `cat`, means none.
fn pager(variable: impl Fn(&str) -> Option<OsString>) -> Option<String> {
    let named = ["CROSSHEAD_PAGER", "PAGER"].iter().find_map(|name| variable(name));
    let command = match named {
        Some(command) => command.into_string().ok()?.trim().to_string(),
        None if variable("TERM").is_some_and(|term| term == "dumb") => return None,
        None => LESS.to_string(),
    };
    match command.as_str() {
        "" | "cat" => None,
        "less" => Some(LESS.to_string()),
        _ => Some(command),
    }
}

/// Gives `text` to a pager and waits for its end; false if it cannot be started.
fn page(command: &str, text: &[u8]) -> io::Result<bool> {
    let mut words = command.split_whitespace();
    let Some(program) = words.next() else { return Ok(false) };
    let Ok(mut child) = Command::new(program).args(words).stdin(Stdio::piped()).spawn() else { return Ok(false) };
    if let Some(mut stdin) = child.stdin.take() {
        // A pager that is closed before the end closes the pipe; that is no error.
        let _ = stdin.write_all(text);
    }
    child.wait()?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pager_by_environment() {
        for (variables, expected) in [
            (&[][..], Some(LESS)),
            (&[("PAGER", "more")], Some("more")),
            (&[("PAGER", "less")], Some(LESS)),
            (&[("PAGER", "less -S")], Some("less -S")),
            (&[("PAGER", "more"), ("CROSSHEAD_PAGER", "bat -p")], Some("bat -p")),
            (&[("PAGER", "more"), ("CROSSHEAD_PAGER", "")], None),
            (&[("PAGER", "cat")], None),
            (&[("TERM", "dumb")], None),
        ] {
            let variable =
                |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| OsString::from(value));
            assert_eq!(pager(variable).as_deref(), expected, "{variables:?}");
        }
    }
}
