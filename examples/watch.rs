//! Follows a folder and prints new hits of a query as they arrive: `cargo run --example watch -- FOLDER QUERY`.

#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::path::{Path, PathBuf};

use crosshead::{Alert, FollowOptions, Followed, Follower, Searcher};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(folder), Some(query)) = (arguments.next(), arguments.next()) else {
        return Err("usage: watch FOLDER QUERY".into());
    };
    let index = Path::new("index");
    let (mut follower, report) = Follower::begin(index, &[PathBuf::from(folder)], FollowOptions::default())?;
    eprintln!("{} articles", report.articles);

    let searcher = Searcher::open(index)?;
    let mut alert = Alert::new(&searcher, query)?;
    while let Some(followed) = follower.wait() {
        match followed {
            Followed::Changed(changes) => {
                searcher.reopen()?;
                for hit in alert.new_hits(&searcher, &changes)?.hits {
                    println!("{}", serde_json::to_string(&hit)?);
                }
            }
            Followed::Unwatched { folder, reason } => eprintln!("{}: {reason}", folder.display()),
            Followed::Kept(failure) => eprintln!("{}: {}", failure.path, failure.reason),
            Followed::Failed(error) => eprintln!("{error}; trying again"),
            _ => {}
        }
    }
    Ok(())
}
