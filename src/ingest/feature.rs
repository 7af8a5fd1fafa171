//! Groups of formats that a build may leave out, each a cargo feature of the same name.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A group of formats. Stored by its position: new ones are added at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Feature {
    /// Web pages.
    Pages,
    /// Mail messages and mailboxes.
    Mail,
    /// DOCX, ODT and EPUB.
    Office,
    /// Packed files and archives of files.
    Archives,
    /// PDF.
    Pdf,
}

impl Feature {
    /// All of them.
    pub const ALL: [Feature; 5] = [Feature::Pages, Feature::Mail, Feature::Office, Feature::Archives, Feature::Pdf];

    /// Name of the cargo feature.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Feature::Pages => "pages",
            Feature::Mail => "mail",
            Feature::Office => "office",
            Feature::Archives => "archives",
            Feature::Pdf => "pdf",
        }
    }

    /// Is it part of this program?
    #[must_use]
    pub fn is_built(self) -> bool {
        match self {
            Feature::Pages => cfg!(feature = "pages"),
            Feature::Mail => cfg!(feature = "mail"),
            Feature::Office => cfg!(feature = "office"),
            Feature::Archives => cfg!(feature = "archives"),
            Feature::Pdf => cfg!(feature = "pdf"),
        }
    }
}

impl fmt::Display for Feature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let formats = match self {
            Feature::Pages => "web pages",
            Feature::Mail => "mail",
            Feature::Office => "DOCX, ODT and EPUB",
            Feature::Archives => "packed files and archives",
            Feature::Pdf => "PDF",
        };
        write!(f, "{formats} (feature `{}`)", self.name())
    }
}
