//! The pages of a METS file: their text by areas.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::map::{Area, Mets, PageFile};
use crate::ingest::decode::decode;
use crate::ingest::format::Format;
use crate::ingest::format::scan::{self, Region, Scanned};
use crate::ingest::{BadRecord, ReadLimits, SkipReason};
use crate::text::tidy;

/// The pages that were read.
pub(super) struct Pages<'p, 'e> {
    pub(super) mets: &'p Mets<'e>,
    pub(super) ids: &'p HashSet<&'e str>,
    pub(super) limits: ReadLimits,
    pub(super) read: HashMap<&'e str, Option<Scanned>>,
    pub(super) bad: Vec<BadRecord>,
}

impl<'e> Pages<'_, 'e> {
    fn page(&mut self, id: &'e str) -> Option<&Scanned> {
        if !self.read.contains_key(id) {
            let file = self.mets.files.iter().find(|file| file.id == id)?;
            let read = match &file.path {
                Some(path) => scanned(path, self.ids, self.limits),
                None => Err(SkipReason::Unreadable("no such file".into())),
            };
            if let Err(reason) = &read {
                self.bad.push(BadRecord { position: format!("page {}", tidy(file.href)), reason: reason.clone() });
            }
            self.read.insert(id, read.ok());
        }
        self.read.get(id).and_then(Option::as_ref)
    }

    /// The text of some areas. Which lines it takes is noted in `used`.
    pub(super) fn regions(&mut self, areas: &[Area<'e>], used: &mut HashSet<(&'e str, usize, usize)>) -> Vec<Region> {
        let mut out: Vec<(usize, Region)> = Vec::new();
        for area in areas {
            let Some(page) = self.page(area.file) else { continue };
            let lines = |id: Option<&str>| id.and_then(|id| page.lines.get(id)).copied();
            let Some(begin) = lines(area.begin) else { continue };
            let end = lines(area.end).unwrap_or(begin);
            // The blocks of one area are paragraphs; areas may be parts of one.
            let mut may_continue = true;
            for (number, region) in page.regions.iter().enumerate().take(end.last.0 + 1).skip(begin.first.0) {
                let first = if number == begin.first.0 { begin.first.1 } else { 0 };
                let last = if number == end.last.0 { end.last.1.min(region.lines.len()) } else { region.lines.len() };
                let taken: Vec<String> = (first..=last)
                    .filter(|line| *line < region.lines.len() && used.insert((area.file, number, *line)))
                    .map(|line| region.lines[line].clone())
                    .collect();
                if taken.is_empty() {
                    continue;
                }
                let continues = std::mem::replace(&mut may_continue, false);
                match out.last_mut().filter(|(paragraph, last)| {
                    continues
                        && *paragraph == area.paragraph
                        && last.page == region.page
                        && last.is_heading == area.is_heading
                }) {
                    Some((_, last)) => last.lines.extend(taken),
                    None => out.push((
                        area.paragraph,
                        Region { lines: taken, is_heading: area.is_heading, is_margin: false, ..region.clone() },
                    )),
                }
            }
        }
        out.into_iter().map(|(_, region)| region).collect()
    }

    /// The text of `files` that no article took.
    pub(super) fn rest(&mut self, files: Vec<&PageFile<'e>>, used: &HashSet<(&'e str, usize, usize)>) -> Vec<Region> {
        let mut out = Vec::new();
        for (i, file) in files.into_iter().enumerate() {
            let Some(page) = self.page(file.id) else { continue };
            for (number, region) in page.regions.iter().enumerate() {
                let is_left = |line: &usize| !used.contains(&(file.id, number, *line));
                let lines: Vec<String> =
                    (0..region.lines.len()).filter(is_left).map(|line| region.lines[line].clone()).collect();
                if !lines.is_empty() {
                    // A file of one page calls it the first, unless it states its number.
                    let page = if region.page <= 1 { i as u32 + 1 } else { region.page };
                    out.push(Region { lines, page, ..region.clone() });
                }
            }
        }
        out
    }

    pub(super) fn language(&self, areas: &[Area<'e>]) -> Option<&str> {
        areas.iter().find_map(|area| self.read.get(area.file)?.as_ref()?.language.as_deref())
    }

    pub(super) fn any_language(&self) -> Option<&str> {
        self.mets.files.iter().find_map(|file| self.read.get(file.id)?.as_ref()?.language.as_deref())
    }
}

/// Reads a page.
fn scanned(path: &Path, ids: &HashSet<&str>, limits: ReadLimits) -> Result<Scanned, SkipReason> {
    let refused = |error: std::io::Error| SkipReason::Unreadable(crate::os::sentence(&error));
    let mut bytes = Vec::new();
    File::open(path).map_err(refused)?.take(limits.max_bytes + 1).read_to_end(&mut bytes).map_err(refused)?;
    if bytes.len() as u64 > limits.max_bytes {
        let bytes = path.metadata().map_or(bytes.len() as u64, |metadata| metadata.len());
        return Err(SkipReason::TooLong { bytes, limit: limits.max_bytes });
    }
    if Format::detect(&path.to_string_lossy(), &bytes)? != Format::Scan {
        return Err(SkipReason::Unsupported("a page of another format than ALTO, hOCR and PAGE XML".into()));
    }
    scan::scanned(&decode(&bytes, true)?.text, ids)
}
