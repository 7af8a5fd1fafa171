//! What the dependencies may be used under: nothing that keeps the whole from being MIT OR Apache-2.0.

use std::process::Command;

use serde_json::Value;

use crate::util::package;

/// Licences that ask for no more than their text and a notice, or (MPL) for changes to their own files.
const ALLOWED: &[&str] = &[
    "MIT",
    "MIT-0",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "0BSD",
    "ISC",
    "Zlib",
    "zlib-acknowledgement",
    "Unlicense",
    "CC0-1.0",
    "Unicode-3.0",
    "MPL-2.0",
    "bzip2-1.0.6",
    // Of data: the certificates that are trusted, as Mozilla lists them.
    "CDLA-Permissive-2.0",
];

#[test]
fn dependencies_may_be_used() {
    let host = Command::new("rustc").args(["--print", "host-tuple"]).output().expect("rustc");
    let host = String::from_utf8(host.stdout).expect("text");
    let asked = Command::new(env!("CARGO"))
        .current_dir(package())
        .args(["metadata", "--format-version", "1", "--filter-platform", host.trim()])
        .output()
        .expect("cargo");
    let metadata: Value = serde_json::from_slice(&asked.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&asked.stderr)));
    let packages = metadata["packages"].as_array().expect("packages");
    assert!(packages.len() > 100);
    for package in packages {
        let (name, licence) = (&package["name"], package["license"].as_str().unwrap_or_default());
        let licence = licence.replace(['(', ')'], "").replace(" / ", " OR ").replace('/', " OR ");
        // All that are joined, each by one of its alternatives.
        let allowed = licence.split(" AND ").all(|all| all.split(" OR ").any(|one| ALLOWED.contains(&one.trim())));
        assert!(allowed, "{name}: {licence}");
        let from_registry = package["source"].as_str().is_none_or(|source| source.starts_with("registry+"));
        assert!(from_registry, "{name}: {}", package["source"]);
    }
}
