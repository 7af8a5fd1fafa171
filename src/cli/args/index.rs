//! What writes an index or looks at its folders: `index`, `watch`, `check`, `folders`.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::help::{INDEX, OUTPUT, WALKING};
use super::values::parse_size;

/// How folders are walked and files read.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = WALKING)]
pub(crate) struct Walking {
    /// Follow symbolic links, in these folders from now on
    #[arg(long)]
    pub follow: bool,
    /// Include hidden files and folders, in these folders from now on
    #[arg(long)]
    pub hidden: bool,
    /// Skip files and records larger than this, in bytes or with K, M or G
    #[arg(long, value_name = "SIZE", default_value = "64M", value_parser = parse_size)]
    pub max_file: u64,
}

/// Limits on the resources of indexing.
#[derive(Debug, Clone, Copy, Default, Args)]
#[command(next_help_heading = INDEX)]
pub(crate) struct Effort {
    /// Run at low priority
    #[arg(long)]
    pub nice: bool,
    /// Memory for documents not yet written, in bytes or with K, M or G; more makes larger segments
    #[arg(long, value_name = "SIZE", value_parser = parse_size)]
    pub memory: Option<u64>,
}

/// `index`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  crosshead index articles            add a folder, or bring it up to date
  crosshead index                     bring all folders of the index up to date
  crosshead index --rebuild articles  build the index from scratch")]
pub(crate) struct IndexArgs {
    /// Folders or files; by default the folders of the index
    #[arg(value_hint = ValueHint::AnyPath)]
    pub folders: Vec<PathBuf>,
    /// Compare the contents of files even if their size, times and inode are unchanged
    #[arg(long, help_heading = INDEX)]
    pub rehash: bool,
    /// Remove articles whose folder is missing or vanished at once, which are kept otherwise
    #[arg(long, help_heading = INDEX)]
    pub prune: bool,
    /// Build the index from scratch; the old one can be searched until the new one is complete
    #[arg(long, help_heading = INDEX)]
    pub rebuild: bool,
    /// Then merge the index into one segment and drop what was deleted: scores are those of an index built from scratch
    #[arg(long, help_heading = INDEX)]
    pub merge: bool,
    /// Wait while another process writes to the index
    #[arg(long, help_heading = INDEX)]
    pub wait: bool,
    /// With --rebuild, drop articles that a program added, which are in no file
    #[arg(long, help_heading = INDEX)]
    pub discard_added: bool,
    /// Let tantivy write segments, to tell where a fault is
    #[arg(long, hide = true, help_heading = INDEX)]
    pub plain_segments: bool,
    /// Limits on resources.
    #[command(flatten)]
    pub effort: Effort,
    /// Walking.
    #[command(flatten)]
    pub walking: Walking,
    /// Print one JSON object at the end
    #[arg(long, help_heading = OUTPUT)]
    pub json: bool,
}

/// `check`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  crosshead check           list the files that differ; exit status 1 if there are any
  crosshead check --repair  read them again, or rebuild an index that is damaged")]
pub(crate) struct Check {
    /// Repair what is found: read files that differ again, and rebuild an index that is damaged
    #[arg(long, help_heading = INDEX)]
    pub repair: bool,
    /// For scripts: folders are looked at as they were indexed
    #[arg(long, hide = true)]
    pub follow: bool,
    /// For scripts, as `follow`
    #[arg(long, hide = true)]
    pub hidden: bool,
    /// With --repair, skip files and records larger than this, as `index --max-file` did
    #[arg(long, value_name = "SIZE", default_value = "64M", value_parser = parse_size, help_heading = WALKING)]
    pub max_file: u64,
    /// Print JSON Lines, one file a line
    #[arg(long, help_heading = OUTPUT)]
    pub json: bool,
}

/// `watch`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  crosshead watch articles
  crosshead watch --query 'strike OR walkout' --json")]
pub(crate) struct WatchArgs {
    /// Folders; by default those of the index
    #[arg(value_hint = ValueHint::AnyPath)]
    pub folders: Vec<PathBuf>,
    /// Walk all folders every N seconds, to find changes that the system did not report
    #[arg(long, value_name = "SECONDS", default_value_t = 300, value_parser = clap::value_parser!(u64).range(1..), help_heading = INDEX)]
    pub rescan: u64,
    /// Limits on resources.
    #[command(flatten)]
    pub effort: Effort,
    /// Walking.
    #[command(flatten)]
    pub walking: Walking,
    /// Print new hits of this query instead of changed files
    #[arg(long, value_name = "QUERY", allow_hyphen_values = true, help_heading = OUTPUT)]
    pub query: Option<String>,
    /// Print JSON Lines, one change a line, or one hit a line with --query
    #[arg(long, help_heading = OUTPUT)]
    pub json: bool,
}

/// `folders`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  crosshead folders
  crosshead folders --move /mnt/old/articles /mnt/new/articles")]
pub(crate) struct Folders {
    /// Record that the folder OLD is now at NEW; nothing is indexed again
    #[arg(long = "move", num_args = 2, value_names = ["OLD", "NEW"], conflicts_with = "remove", value_hint = ValueHint::DirPath, help_heading = INDEX)]
    pub moved: Option<Vec<PathBuf>>,
    /// Remove a folder and its articles from the index
    #[arg(long, value_name = "FOLDER", value_hint = ValueHint::DirPath, help_heading = INDEX)]
    pub remove: Option<PathBuf>,
    /// Print JSON Lines, one folder a line
    #[arg(long, help_heading = OUTPUT)]
    pub json: bool,
}
