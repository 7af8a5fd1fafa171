//! Small files of the index: written to a temporary file, synced and renamed; a checksum reveals damage.
//!
//! The first eight bytes (magic) tell the kind of the file, the next eight are the xxh3-64 of the rest.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use xxhash_rust::xxh3::xxh3_64;

/// Extension of temporary files.
const TEMPORARY: &str = "new";

/// Writes `body` to the file at `path`, atomically and durably.
///
/// # Errors
///
/// The error of the operating system; the file is then unchanged.
pub(super) fn write(path: &Path, magic: [u8; 8], body: &[u8]) -> io::Result<()> {
    replace(path, &[&magic, &xxh3_64(body).to_le_bytes(), body])
}

/// Replaces the file at `path` by one of these parts, atomically and durably.
///
/// # Errors
///
/// The error of the operating system; the file is then unchanged.
pub(super) fn replace(path: &Path, parts: &[&[u8]]) -> io::Result<()> {
    let mut name = path.as_os_str().to_os_string();
    name.push(".");
    name.push(TEMPORARY);
    let temporary = Path::new(&name);
    let written = (|| {
        let mut file = File::create(temporary)?;
        for part in parts {
            file.write_all(part)?;
        }
        file.sync_all()?;
        drop(file);
        fs::rename(temporary, path)
    })();
    if written.is_err() {
        // Its part would keep a full disk full.
        let _ = fs::remove_file(temporary);
    }
    written?;
    sync_folder(path.parent().expect("the path of a file has a parent"))
}

/// Makes a rename in `folder` durable, where the system can.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// Reads what [`write`] wrote.
///
/// # Errors
///
/// The error of the operating system, or `InvalidData` if the file is damaged.
pub(super) fn read(path: &Path, magic: [u8; 8]) -> io::Result<Vec<u8>> {
    let mut bytes = fs::read(path)?;
    let damaged = || io::Error::new(io::ErrorKind::InvalidData, "it is damaged");
    let rest = bytes.strip_prefix(&magic).ok_or_else(damaged)?;
    let (checksum, body) = rest.split_first_chunk::<8>().ok_or_else(damaged)?;
    if xxh3_64(body) != u64::from_le_bytes(*checksum) {
        return Err(damaged());
    }
    bytes.drain(..magic.len() + 8);
    Ok(bytes)
}

/// Prefixes `body` with its checksum, for the payload of a commit: tantivy's list of files has none.
pub(super) fn with_checksum(body: &str) -> String {
    format!("{:016x}{body}", xxh3_64(body.as_bytes()))
}

/// Removes the checksum that [`with_checksum`] added. `None` if it is wrong.
pub(super) fn without_checksum(text: &str) -> Option<&str> {
    let (_, body) = text.split_at_checked(16)?;
    (with_checksum(body) == text).then_some(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_reveal_damage() {
        for body in ["", "{}", "Čtyři"] {
            let text = with_checksum(body);
            assert_eq!(without_checksum(&text), Some(body));
            for at in 0..text.len() {
                let mut bytes = text.clone().into_bytes();
                bytes[at] ^= 1;
                assert!(
                    String::from_utf8(bytes).is_ok_and(|text| without_checksum(&text).is_none()) || !text.is_ascii()
                );
            }
        }
        assert_eq!(without_checksum("short"), None);
    }
}
