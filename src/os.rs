//! Errors of the operating system: a message for people, a kind for code. Messages are never compared, because they differ
//! between systems and languages.

use std::borrow::Cow;
use std::io::{self, ErrorKind};
use std::path::Path;

/// The system's message, without the number at its end.
#[must_use]
pub(crate) fn sentence(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().expect("`split` yields at least one part").to_string()
}

/// The path with these bytes of the operating system. Where a path cannot have any bytes, others are replaced.
#[must_use]
pub(crate) fn path_of(bytes: &[u8]) -> Cow<'_, Path> {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        Cow::Borrowed(Path::new(std::ffi::OsStr::from_bytes(bytes)))
    }
    #[cfg(not(unix))]
    {
        Cow::Owned(String::from_utf8_lossy(bytes).into_owned().into())
    }
}

/// Is there no room to write: a full disk, a quota, a limit on the size of a file?
#[must_use]
pub(crate) fn is_full(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge)
}

/// Is writing not permitted?
#[must_use]
pub(crate) fn is_refused(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem)
}
