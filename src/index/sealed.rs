//! Small files of the index: written whole beside their place, synced, then renamed into it; a sum tells damage.
//!
//! Eight bytes say what a file is, eight are the xxh3-64 of the rest.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use xxhash_rust::xxh3::xxh3_64;

/// What the name of a file ends with until it is whole.
const UNFINISHED: &str = "new";

/// Writes `body` as the file at `path`, in one step that outlives a power cut.
///
/// # Errors
///
/// What the operating system says; the file is then as it was.
pub(super) fn write(path: &Path, magic: [u8; 8], body: &[u8]) -> io::Result<()> {
    replace(path, &[&magic, &xxh3_64(body).to_le_bytes(), body])
}

/// Puts a file of these parts into place.
///
/// # Errors
///
/// What the operating system says; the file is then as it was.
pub(super) fn replace(path: &Path, parts: &[&[u8]]) -> io::Result<()> {
    let mut name = path.as_os_str().to_os_string();
    name.push(".");
    name.push(UNFINISHED);
    let unfinished = Path::new(&name);
    let written = (|| {
        let mut file = File::create(unfinished)?;
        for part in parts {
            file.write_all(part)?;
        }
        file.sync_all()?;
        drop(file);
        fs::rename(unfinished, path)
    })();
    if written.is_err() {
        // What was written of it would keep a full disk full.
        let _ = fs::remove_file(unfinished);
    }
    written?;
    sync_folder(path.parent().unwrap_or(Path::new(".")))
}

/// Makes a rename in `folder` outlive a power cut, where the system can.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// Reads what [`write`] wrote.
///
/// # Errors
///
/// What the operating system says, or `InvalidData` if the file is damaged.
pub(super) fn read(path: &Path, magic: [u8; 8]) -> io::Result<Vec<u8>> {
    let mut bytes = fs::read(path)?;
    let damaged = || io::Error::new(io::ErrorKind::InvalidData, "it is damaged");
    let rest = bytes.strip_prefix(&magic).ok_or_else(damaged)?;
    let (sum, body) = rest.split_first_chunk::<8>().ok_or_else(damaged)?;
    if xxh3_64(body) != u64::from_le_bytes(*sum) {
        return Err(damaged());
    }
    bytes.drain(..magic.len() + 8);
    Ok(bytes)
}

/// What is kept in tantivy's own list of files, which has no sum: one stands before it.
pub(super) fn with_sum(body: &str) -> String {
    format!("{:016x}{body}", xxh3_64(body.as_bytes()))
}

/// The same without its sum, if that is right.
pub(super) fn without_sum(text: &str) -> Option<&str> {
    let (_, body) = text.split_at_checked(16)?;
    (with_sum(body) == text).then_some(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_tells_damage() {
        for body in ["", "{}", "Čtyři"] {
            let text = with_sum(body);
            assert_eq!(without_sum(&text), Some(body));
            for at in 0..text.len() {
                let mut bytes = text.clone().into_bytes();
                bytes[at] ^= 1;
                assert!(String::from_utf8(bytes).is_ok_and(|text| without_sum(&text).is_none()) || !text.is_ascii());
            }
        }
        assert_eq!(without_sum("short"), None);
    }
}
