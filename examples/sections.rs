//! Shows how files are read and split, without an index: `cargo run --example sections -- FILE...`.

#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::path::Path;

use crosshead::{ReadLimits, outlines};

fn main() {
    for file in std::env::args().skip(1) {
        let read = outlines(Path::new(&file), ReadLimits::default(), false, &mut |outline| match outline {
            Ok(outline) => {
                println!("{}", outline.facts.title.as_deref().unwrap_or(&outline.path));
                for section in &outline.sections {
                    let indent = "  ".repeat(section.trail.len() + 1);
                    println!("{indent}{} ({} words)", section.heading.as_deref().unwrap_or("-"), section.words);
                }
            }
            // A record that cannot be read; the others of its file can.
            Err(bad) => eprintln!("{file}: {}", bad.reason),
        });
        if let Err(reason) = read {
            eprintln!("{file}: {reason}");
        }
    }
}
