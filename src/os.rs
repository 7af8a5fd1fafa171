//! What the operating system says of an error: a sentence for people, a kind for code. Nothing here compares words, which
//! differ between systems and languages.

use std::io::{self, ErrorKind};

/// The system's sentence, without the number at its end.
#[must_use]
pub fn sentence(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_string()
}

/// Is it that nothing more can be written: a full disk, a quota, a file at its largest?
#[must_use]
pub fn is_full(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge)
}

/// Is it that this user may not write there?
#[must_use]
pub fn is_refused(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem)
}
