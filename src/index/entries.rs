//! Serialization of the files of a folder in the manifest: column by column, which compresses well.

use std::collections::BTreeMap;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::manifest::{FileEntry, FileState};

/// Files by path.
type Files = BTreeMap<Vec<u8>, FileEntry>;

/// Each file is an entry in every column, in the order of paths.
#[derive(Serialize, Deserialize)]
struct Columns<State> {
    /// Number of leading bytes that the path shares with the path before it, number of bytes after them, and those
    /// bytes.
    shared: Vec<u32>,
    lengths: Vec<u32>,
    paths: Vec<u8>,
    /// Differences to the numbers, times and inodes of the file before; a change to the file's own time of modification,
    /// which it is often equal to.
    numbers: Vec<i64>,
    times: Vec<i64>,
    changes: Vec<i64>,
    inodes: Vec<i64>,
    bytes: Vec<u64>,
    /// Fixed-width: hashes are random.
    hashes: Vec<[u8; 8]>,
    states: Vec<State>,
}

impl<State> Columns<State> {
    fn new() -> Columns<State> {
        Columns {
            shared: Vec::new(),
            lengths: Vec::new(),
            paths: Vec::new(),
            numbers: Vec::new(),
            times: Vec::new(),
            changes: Vec::new(),
            inodes: Vec::new(),
            bytes: Vec::new(),
            hashes: Vec::new(),
            states: Vec::new(),
        }
    }
}

pub(super) fn serialize<S: Serializer>(files: &Files, serializer: S) -> Result<S::Ok, S::Error> {
    let mut columns: Columns<&FileState> = Columns::new();
    let mut before: (&[u8], u64, i64, u64) = (&[], 0, 0, 0);
    for (path, entry) in files {
        let shared = before.0.iter().zip(path).take_while(|(a, b)| a == b).count();
        columns.shared.push(shared as u32);
        columns.lengths.push((path.len() - shared) as u32);
        columns.paths.extend_from_slice(&path[shared..]);
        columns.numbers.push(entry.number.wrapping_sub(before.1).cast_signed());
        columns.times.push(entry.modified_ns.wrapping_sub(before.2));
        columns.changes.push(entry.changed_ns.wrapping_sub(entry.modified_ns));
        columns.inodes.push(entry.inode.wrapping_sub(before.3).cast_signed());
        columns.bytes.push(entry.bytes);
        columns.hashes.push(entry.hash.to_le_bytes());
        columns.states.push(&entry.state);
        before = (path, entry.number, entry.modified_ns, entry.inode);
    }
    columns.serialize(serializer)
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Files, D::Error> {
    let columns: Columns<FileState> = Columns::deserialize(deserializer)?;
    let damaged = || D::Error::custom("a column is too short");
    let count = columns.states.len();
    let lengths = [columns.shared.len(), columns.lengths.len(), columns.bytes.len(), columns.hashes.len()];
    let differences = [&columns.numbers, &columns.times, &columns.changes, &columns.inodes].map(Vec::len);
    if lengths.iter().chain(&differences).any(|&length| length != count) {
        return Err(damaged());
    }
    let mut rest = &columns.paths[..];
    let mut entries: Vec<(Vec<u8>, FileEntry)> = Vec::with_capacity(count);
    let (mut number, mut modified_ns, mut inode) = (0u64, 0i64, 0u64);
    for (i, state) in columns.states.into_iter().enumerate() {
        let before = entries.last().map_or(&[][..], |(path, _)| path);
        let shared = before.get(..columns.shared[i] as usize).ok_or_else(damaged)?;
        let (own, others) = rest.split_at_checked(columns.lengths[i] as usize).ok_or_else(damaged)?;
        rest = others;
        let path = [shared, own].concat();
        number = number.wrapping_add_signed(columns.numbers[i]);
        modified_ns = modified_ns.wrapping_add(columns.times[i]);
        let changed_ns = modified_ns.wrapping_add(columns.changes[i]);
        inode = inode.wrapping_add_signed(columns.inodes[i]);
        let (bytes, hash) = (columns.bytes[i], u64::from_le_bytes(columns.hashes[i]));
        entries.push((path, FileEntry { number, bytes, modified_ns, changed_ns, inode, hash, state }));
    }
    // Collecting a sorted list is faster than inserting entries one by one.
    Ok(entries.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::SkipReason;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Serialized(#[serde(with = "super")] Files);

    #[test]
    fn files_round_trip() {
        let entry = |number, modified_ns, hash| FileEntry {
            number,
            bytes: number / 3,
            modified_ns,
            changed_ns: modified_ns / 2,
            inode: hash / 5,
            hash,
            state: FileState::Skipped(SkipReason::Empty),
        };
        let files: Files = [
            ("", entry(u64::MAX, super::super::manifest::UNSURE, u64::MAX)),
            ("a/b.txt", entry(0, i64::MAX, 0)),
            ("a/bc.txt", entry(7, 1_700_000_000_000_000_000, 9)),
            ("\u{10ffff}", entry(1, -1, 1 << 63)),
        ]
        .into_iter()
        .map(|(path, entry)| (path.as_bytes().to_vec(), entry))
        .collect();
        for files in [Files::new(), files] {
            let files = Serialized(files);
            let bytes = postcard::to_stdvec(&files).expect("serialized");
            assert_eq!(postcard::from_bytes::<Serialized>(&bytes).expect("deserialized"), files);
            for cut in 0..bytes.len() {
                assert!(postcard::from_bytes::<Serialized>(&bytes[..cut]).is_err());
            }
        }
    }
}
