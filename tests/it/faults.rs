//! Faults: killed runs, full disks, damaged files of the index, changes of folders, readers beside a writer.
//! `CROSSHEAD_FAULTS=COUNT` sets the number of faults, `CROSSHEAD_SEED` the seed of their choice.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant, SystemTime};

use crate::util::{Numbers, TestDir, package, paragraph, setting};

/// The articles found in the index: path, and the edition that the text names.
fn answers(dir: &TestDir) -> BTreeSet<(String, String)> {
    let run = dir.run(&["search", "--json", "-n", "1000000", "--strict", "--ungroup", "edition"]);
    assert!(run.code <= 1, "{}", run.told());
    let word = |text: &str| text.split(' ').find(|word| word.starts_with("ed")).unwrap_or_default().to_string();
    run.lines()
        .iter()
        .map(|hit| (hit["path"].as_str().unwrap_or_default().into(), word(hit["text"].as_str().unwrap_or_default())))
        .collect()
}

/// Runs are killed at random moments while articles are added, changed and removed: the index is then as before the run
/// or as after it, and the next run succeeds.
#[test]
#[allow(clippy::print_stderr, reason = "when the runs were killed, for runs with --nocapture")]
fn killed_runs_lose_nothing() {
    let kills = setting("CROSSHEAD_FAULTS").unwrap_or(50);
    let articles = if kills > 100 { 5_000 } else { 150 };
    let mut numbers = Numbers::seeded();
    let dir = TestDir::new();
    let mut folder = BTreeSet::new();
    let write = |folder: &mut BTreeSet<(String, String)>, number: u64, edition: u64| {
        let path = format!("news/{}/{number}.txt", number % 7);
        folder.retain(|(other, _)| *other != path);
        let word = format!("ed{edition}");
        dir.write(&path, story(number, edition));
        folder.insert((path, word));
    };
    for number in 0..articles {
        write(&mut folder, number, 0);
    }
    dir.run(&["index", "news"]).ends(0);
    assert_eq!(answers(&dir), folder);
    let mut committed = folder.clone();
    let (mut before, mut after) = (0, 0);
    for edition in 1..=kills {
        for _ in 0..=numbers.below(20) {
            let number = numbers.below(articles + articles / 10);
            let path = format!("news/{}/{number}.txt", number % 7);
            if numbers.below(4) == 0 {
                let _ = fs::remove_file(dir.path(&path));
                folder.retain(|(other, _)| *other != path);
            } else {
                write(&mut folder, number, edition);
            }
        }
        // Some runs are rebuilds.
        let args: &[&str] = if edition % 10 == 0 { &["index", "-q", "--rebuild"] } else { &["index", "-q"] };
        let mut run = dir.command(args).spawn().expect("started");
        std::thread::sleep(Duration::from_micros(numbers.below(if articles > 1_000 { 900_000 } else { 90_000 })));
        let _ = run.kill();
        run.wait().expect("ended");
        let now = answers(&dir);
        if now == folder {
            committed.clone_from(&folder);
            after += 1;
        } else {
            assert_eq!(now, committed, "kill {edition}: neither as before the run nor as after it");
            before += 1;
        }
    }
    eprintln!("{kills} kills: {before} before the commit, {after} after it");
    dir.run(&["index"]).ends(0);
    assert_eq!(answers(&dir), folder);
    dir.run(&["check"]).ends(0);
}

/// A bit of a file of the index is flipped, or a file is truncated: `check` reports it, and searches end with an error
/// or results, never with a panic.
#[test]
fn damage_is_found_and_never_panics() {
    let faults = setting("CROSSHEAD_FAULTS").unwrap_or(200);
    let mut numbers = Numbers::seeded();
    let dir = TestDir::new();
    for number in 0..60 {
        let text = format!("Story {number}\n{}\nThe dispute\n{}\n", paragraph("Herring"), paragraph("Lobster"));
        dir.write(&format!("news/{number}.txt"), text);
    }
    dir.run(&["index", "news"]).ends(0);
    std::thread::sleep(Duration::from_millis(10));
    let files: Vec<_> = walkdir::WalkDir::new(dir.path("index"))
        .sort_by_file_name()
        .into_iter()
        .flatten()
        .filter(|entry| entry.file_type().is_file() && entry.metadata().is_ok_and(|metadata| metadata.len() > 0))
        .map(walkdir::DirEntry::into_path)
        .collect();
    let queries = ["herring lobster", "\"talk of the town\"", "title:story =Monday", "her* w/5 town"];
    let expected: Vec<String> = queries.iter().map(|query| dir.run(&["search", "--json", query]).stdout).collect();
    let mut missed = Vec::new();
    for fault in 0..faults {
        let path = &files[numbers.below(files.len() as u64) as usize];
        let whole = fs::read(path).expect("a file of the index");
        let mut damaged = whole.clone();
        let at = numbers.below(whole.len() as u64) as usize;
        let what = if fault % 2 == 0 {
            damaged[at] ^= 1 << numbers.below(8);
            format!("{} with a flipped bit at {at}", path.display())
        } else {
            damaged.truncate(at);
            format!("{} cut at {at}", path.display())
        };
        fs::write(path, &damaged).expect("damaged");
        let checked = dir.run(&["check"]);
        assert!((0..=2).contains(&checked.code) && !checked.stderr.contains("panicked"), "{what}: {}", checked.told());
        for (query, expected) in queries.iter().zip(&expected) {
            let run = dir.run(&["search", "--json", query]);
            assert!((0..=2).contains(&run.code) && !run.stderr.contains("panicked"), "{what}: {}", run.told());
            if checked.code == 0 && run.stdout != *expected {
                missed.push(format!("{what}, {query}: {}", run.told()));
            }
        }
        fs::write(path, &whole).expect("mended");
    }
    assert!(missed.is_empty(), "{} not found by check: {}", missed.len(), missed.join("\n"));
    dir.run(&["check"]).ends(0);
}

/// An article that names its edition and resembles no other.
fn story(number: u64, edition: u64) -> String {
    let mut numbers = Numbers(number << 20 | edition << 1 | 1);
    let words: Vec<String> = (0..60).map(|_| format!("w{}", numbers.below(5_000))).collect();
    format!("ed{edition} edition of article {number}, Herring {}.\n", words.join(" "))
}

/// Writes a folder of articles that all name one edition.
fn write_edition(dir: &TestDir, articles: u64, edition: u64) {
    for number in 0..articles {
        dir.write(&format!("news/{number}.txt"), story(number, edition));
    }
}

fn copy_folder(from: &Path, to: &Path) {
    let _ = fs::remove_dir_all(to);
    for entry in walkdir::WalkDir::new(from).into_iter().flatten() {
        let path = to.join(entry.path().strip_prefix(from).expect("below"));
        if entry.file_type().is_dir() {
            fs::create_dir_all(path).expect("made");
        } else {
            fs::copy(entry.path(), path).expect("copied");
        }
    }
}

/// Under different limits of the size of files, a run reports a full disk and leaves the index unchanged.
#[cfg(unix)]
#[test]
fn a_run_that_cannot_write_leaves_the_index_unchanged() {
    let dir = TestDir::new();
    write_edition(&dir, 120, 0);
    dir.run(&["index", "news"]).ends(0);
    copy_folder(&dir.path("index"), &dir.path("kept"));
    let before = answers(&dir);
    write_edition(&dir, 150, 1);
    let mut failed = 0;
    for blocks in (0..40).map(|i| i * 2) {
        copy_folder(&dir.path("kept"), &dir.path("index"));
        let limited = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" index");
        let run = dir.run_shell(&limited);
        if run.code == 0 {
            continue;
        }
        failed += 1;
        let run = run.ends(2).says(&["is full", " MB", "--index", "before is kept"]);
        assert_eq!(answers(&dir), before, "{}", run.told());
        dir.run(&["check"]).ends(1);
    }
    assert!(failed > 3, "{failed} failed");
    dir.run(&["index"]).ends(0);
    assert_eq!(answers(&dir).len(), 150);
    dir.run(&["check"]).ends(0);
}

/// The same on a full disk, with `CROSSHEAD_FAULTS` different sizes of the disk (100).
#[test]
#[ignore = "mounts a small disk, which only root may"]
#[allow(clippy::print_stderr, reason = "how many runs failed, for runs with --nocapture")]
fn a_full_disk_leaves_the_index_unchanged() {
    let points = setting("CROSSHEAD_FAULTS").unwrap_or(100);
    let dir = TestDir::new();
    let shell = |command: String| {
        let done = std::process::Command::new("sh").current_dir(dir.path("")).args(["-c", &command]).status();
        assert!(done.is_ok_and(|status| status.success()), "{command}");
    };
    fs::create_dir(dir.path("disk")).expect("made");
    shell("mount -t tmpfs -o size=64m crosshead-test disk".into());
    let finished = std::panic::catch_unwind(|| {
        write_edition(&dir, 2_000, 0);
        dir.run(&["index", "--index", "disk/index", "news"]).ends(0);
        copy_folder(&dir.path("disk/index"), &dir.path("kept"));
        let used: u64 = walkdir::WalkDir::new(dir.path("kept"))
            .into_iter()
            .flatten()
            .filter(|entry| entry.file_type().is_file())
            .map(|entry| entry.metadata().map_or(0, |metadata| metadata.len().next_multiple_of(4_096)))
            .sum();
        let counts = |dir: &TestDir| {
            let old = dir.run(&["search", "--index", "disk/index", "--count", "ed0"]);
            let new = dir.run(&["search", "--index", "disk/index", "--count", "ed1"]);
            (old.stdout, new.stdout)
        };
        let before = counts(&dir);
        write_edition(&dir, 2_500, 1);
        let mut failed = 0;
        for point in 0..points {
            shell("mount -o remount,size=64m disk".into());
            copy_folder(&dir.path("kept"), &dir.path("disk/index"));
            let size = (used + 64 * 1_024 + point * used / points) / 1_024;
            shell(format!("mount -o remount,size={size}k disk"));
            let run = dir.run(&["index", "--index", "disk/index"]);
            if run.code == 0 {
                assert!(counts(&dir).1.starts_with("2500\t"), "{}", run.told());
                continue;
            }
            failed += 1;
            let run = run.ends(2).says(&["the disk of the index at 'disk/index' is full", " MB", "--index"]);
            let now = counts(&dir);
            assert!(now == before || now.1.starts_with("2500\t"), "point {point}: {now:?} {}", run.told());
            let checked = dir.run(&["check", "--index", "disk/index"]);
            assert!(checked.code <= 1, "point {point}: {}", checked.told());
        }
        eprintln!("{points} points, {failed} failed");
        shell("mount -o remount,size=64m disk".into());
        dir.run(&["index", "--index", "disk/index"]).ends(0);
        dir.run(&["check", "--index", "disk/index"]).ends(0);
        // An index on a read-only disk can be searched and checked.
        shell("mount -o remount,ro disk".into());
        assert!(counts(&dir).1.starts_with("2500\t"));
        dir.run(&["check", "--index", "disk/index"]).ends(0);
        dir.write("news/0.txt", "Another text altogether, about lobsters and nothing else.\n");
        dir.run(&["index", "--index", "disk/index"]).ends(2).says(&["Read-only file system", "--index"]);
    });
    shell("umount disk".into());
    assert!(finished.is_ok());
}

/// Searches during commits, merges and rebuilds see one state or the next, never a mixture.
#[test]
#[allow(clippy::print_stderr, reason = "how many searches there were, for runs with --nocapture")]
fn readers_beside_a_writer_see_one_state() {
    let runs = setting("CROSSHEAD_FAULTS").unwrap_or(12);
    let articles = if runs > 100 { 2_000 } else { 60 };
    let dir = TestDir::new();
    write_edition(&dir, articles, 0);
    dir.run(&["index", "news"]).ends(0);
    let (is_over, searches) = (AtomicBool::new(false), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while !is_over.load(Ordering::Relaxed) {
                    let all = answers(&dir);
                    let editions: BTreeSet<&String> = all.iter().map(|(_, edition)| edition).collect();
                    assert_eq!((all.len() as u64, editions.len()), (articles, 1), "{editions:?}");
                    searches.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        scope.spawn(|| {
            for edition in 1..=runs {
                write_edition(&dir, articles, edition);
                let args: &[&str] = if edition % 4 == 0 { &["index", "--rebuild"] } else { &["index"] };
                dir.run(args).ends(0);
            }
            is_over.store(true, Ordering::Relaxed);
        });
    });
    eprintln!("{runs} runs, {} searches", searches.into_inner());
    dir.run(&["check"]).ends(0);
}

/// `check` reports each difference between index and folder once, and nothing else; `--repair` removes them.
#[test]
fn differences_are_reported_and_repaired() {
    let mut numbers = Numbers::seeded();
    let dir = TestDir::new();
    let articles = 60;
    for round in 0..setting("CROSSHEAD_FAULTS").unwrap_or(6) {
        write_edition(&dir, articles, round);
        for number in 0..articles {
            // Long enough ago that a run trusts the time.
            let file = fs::File::options().write(true).open(dir.path(&format!("news/{number}.txt"))).expect("opened");
            file.set_modified(SystemTime::now() - Duration::from_secs(3_600)).expect("set");
        }
        dir.run(&["index", "news"]).ends(0);
        dir.run(&["check"]).ends(0);
        let mut expected = BTreeSet::new();
        for number in 0..articles {
            let name = format!("news/{number}.txt");
            let path = dir.path(&name);
            match numbers.below(30) {
                0 => {
                    fs::remove_file(&path).expect("removed");
                    expected.insert(format!("gone\t{name}"));
                }
                1 => {
                    dir.write(&name, format!("Another text altogether, and a shorter one: {number}.\n"));
                    expected.insert(format!("changed\t{name}"));
                }
                2 => {
                    // The same size and time.
                    let times = fs::metadata(&path).and_then(|metadata| metadata.modified()).expect("a time");
                    let text = fs::read_to_string(&path).expect("text").replace("Herring", "Lobster");
                    fs::write(&path, text).expect("written");
                    let file = fs::File::options().write(true).open(&path).expect("opened");
                    file.set_modified(times).expect("set");
                    let how = "same size and time, other contents";
                    expected.insert(format!("changed\t{name}: {how}"));
                }
                3 => {
                    fs::remove_file(&path).expect("removed");
                    dir.write(&format!("{name}/inner.txt"), format!("A folder now: {number}. {}\n", paragraph("Cod")));
                    expected.insert(format!("gone\t{name}"));
                    expected.insert(format!("new\t{name}/inner.txt"));
                }
                4 => {
                    fs::rename(&path, dir.path(&format!("news/{number}-moved.txt"))).expect("renamed");
                    expected.insert(format!("gone\t{name}"));
                    expected.insert(format!("new\tnews/{number}-moved.txt"));
                }
                _ => {}
            }
        }
        let checked = dir.run(&["check"]);
        let reported: BTreeSet<String> = checked.stdout.lines().map(str::to_string).collect();
        assert_eq!(reported, expected, "{}", checked.told());
        assert_eq!(checked.code, i32::from(!expected.is_empty()));
        dir.run(&["check", "--repair"]).ends(0);
        let checked = dir.run(&["check"]).ends(0);
        assert_eq!(checked.stdout, "");
        fs::remove_dir_all(dir.path("news")).expect("removed");
        fs::create_dir(dir.path("news")).expect("made");
    }
}

/// Articles that are in the manifest but not in the index, and the reverse, are reported and repaired.
#[test]
fn disagreement_of_index_and_manifest_is_reported_and_repaired() {
    let dir = TestDir::new();
    for number in 0..3 {
        dir.write(&format!("news/{number}.txt"), format!("Story {number}. {}\n", paragraph("Herring")));
    }
    dir.run(&["index", "news"]).ends(0);
    let manifest = |generation: u64| dir.path(&format!("index/state-1/files-{generation}.bin"));
    let first = fs::read(manifest(1)).expect("a manifest");
    fs::remove_file(dir.path("news/0.txt")).expect("removed");
    dir.run(&["index"]).ends(0);
    let second = fs::read(manifest(2)).expect("a manifest");
    // The manifest of the commit before has one more article.
    fs::write(manifest(2), &first).expect("written");
    dir.run(&["check"]).ends(1);
    dir.write("news/0.txt", format!("Story 0. {}\n", paragraph("Herring")));
    let checked = dir.run(&["check"]).ends(2);
    assert!(checked.stdout.contains("lost\tnews/0.txt: 0 of its 1 article in the index"), "{}", checked.told());
    fs::remove_file(dir.path("news/0.txt")).expect("removed");
    fs::write(manifest(2), &second).expect("written");
    // A file that is in the index and not in the manifest.
    dir.write("news/3.txt", format!("Story 3. {}\n", paragraph("Herring")));
    dir.run(&["index"]).ends(0);
    fs::write(manifest(3), &second).expect("written");
    let checked = dir.run(&["check"]).ends(2);
    assert!(checked.stdout.contains("stray\tfile number"), "{}", checked.told());
    dir.run(&["check", "--repair"]).ends(0).says(&["built anew"]);
    dir.run(&["check"]).ends(0);
    // An index that cannot be read is rebuilt too: the manifest tells its folders.
    fs::write(dir.path("index/state-2/meta.json"), "{").expect("written");
    dir.run(&["check"]).ends(2);
    dir.run(&["check", "--repair"]).ends(0).says(&["built anew"]);
    assert_eq!(dir.found("herring").len(), 3);
}

/// Every command refuses an index of an earlier format with one error, and it can be rebuilt.
#[test]
fn indexes_of_earlier_formats_are_refused() {
    let archives = package().join("tests/it/data/versions");
    let mut versions = 0;
    for entry in fs::read_dir(archives).expect("versions").flatten() {
        versions += 1;
        let name = entry.file_name().to_string_lossy().into_owned();
        let number = name.trim_start_matches("format-").trim_end_matches(".tar.gz");
        let dir = TestDir::new();
        dir.write("news/a.txt", paragraph("Herring"));
        let packed = fs::File::open(entry.path()).expect("opened");
        tar::Archive::new(flate2::read::GzDecoder::new(packed)).unpack(dir.path("index")).expect("unpacked");
        for args in [
            &["search", "union"][..],
            &["index"],
            &["index", "news"],
            &["check"],
            &["stats"],
            &["folders"],
            &["headings"],
            &["show", "ddfkqcgwg65db"],
            &["search", "herring", "news"],
        ] {
            let run = dir.run(args).ends(2).says(&[&format!("format {number},"), "crosshead index --rebuild"]);
            assert_eq!(run.stderr.lines().count(), 2, "an error and a hint: {}", run.told());
        }
        dir.run(&["index", "--rebuild", "news"]).ends(0);
        assert_eq!(dir.found("herring"), ["news/a.txt 0"]);
        assert!(!dir.path("index/segments").exists() && !dir.path("index/files-1.bin").exists());
        dir.run(&["check"]).ends(0);
    }
    assert!(versions > 0);
}

/// An index can be copied, and a folder of articles moved, without reading any file again.
#[test]
fn folders_move() {
    let dir = TestDir::new();
    dir.write("news/2023/a.txt", format!("Story one. {}\n", paragraph("Herring")));
    dir.write("news/2024/b.txt", format!("Story two. {}\n", paragraph("Herring")));
    dir.write("other/c.txt", format!("Story three. {}\n", paragraph("Herring")));
    dir.run(&["index", "news", "other"]).ends(0);
    let id = dir.hits(&["one"])[0]["id"].clone();
    copy_folder(&dir.path("index"), &dir.path("elsewhere"));
    assert_eq!(dir.run(&["search", "--index", "elsewhere", "--count", "herring"]).stdout, "3\t3\t3\n");
    fs::create_dir(dir.path("archive")).expect("made");
    fs::rename(dir.path("news"), dir.path("archive/papers")).expect("moved");
    let run = dir.run(&["index"]).ends(2).says(&[
        "news: the folder is not there",
        "--move 'news' NEW",
        "--remove 'news'",
        "index --prune",
    ]);
    assert!(run.stderr.contains("nothing changed"), "{}", run.told());
    for (old, new, code, says) in [
        ("nowhere", "archive/papers", 2, "follows no folder 'nowhere'; it follows 'news', 'other'"),
        ("news", "gone", 2, "no folder or file 'gone'"),
        ("news", "other", 2, "overlap"),
        ("news", "archive/papers", 0, "'news' is now 'archive/papers'"),
    ] {
        dir.run(&["folders", "--move", old, new]).ends(code).says(&[says]);
    }
    dir.run(&["index"]).ends(0).says(&["nothing changed"]);
    assert_eq!(dir.found("herring"), ["archive/papers/2023/a.txt 0", "archive/papers/2024/b.txt 0", "other/c.txt 0"]);
    assert_eq!(dir.hits(&["one"])[0]["id"], id);
    assert_eq!(
        dir.run(&["search", "--format", "paths", "herring", "archive/papers/2023"]).stdout,
        "archive/papers/2023/a.txt\n"
    );
    dir.run(&["check"]).ends(0);
    // Changes in the moved folder are found, and the new paths stay.
    dir.write("archive/papers/2023/a.txt", format!("Story four. {}\n", paragraph("Herring")));
    dir.run(&["index"]).ends(0).says(&["1 changed"]);
    assert_eq!(dir.found("four"), ["archive/papers/2023/a.txt 0"]);
    let listed: Vec<_> = dir.run(&["folders", "--json"]).lines().iter().map(|line| line["name"].clone()).collect();
    assert_eq!(listed, ["archive/papers", "other"]);
    dir.run(&["folders", "--remove", "other"]).ends(0).says(&["1 article left"]);
    assert_eq!(dir.found("herring").len(), 2);
    dir.run(&["check"]).ends(0);
    dir.run(&["index", "--rebuild"]).ends(0);
    assert_eq!(dir.found("four"), ["archive/papers/2023/a.txt 0"]);
}

/// `watch` follows all changes of files and folders: soon after the last, the index equals one built from scratch.
#[test]
#[allow(clippy::print_stderr, reason = "how long it took, for runs with --nocapture")]
fn watch_follows() {
    let operations = setting("CROSSHEAD_FAULTS").unwrap_or(120);
    let mut numbers = Numbers::seeded();
    let dir = TestDir::new();
    for folder in ["news/a", "news/b/c", "apart"] {
        fs::create_dir_all(dir.path(folder)).expect("made");
    }
    dir.write("news/a/first.txt", format!("ed0 edition. {}\n", paragraph("Herring")));
    let mut watch =
        dir.command(&["watch", "news"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("started");
    std::thread::sleep(Duration::from_millis(500));
    let paths = |below: &str, files: bool| -> Vec<PathBuf> {
        let all = walkdir::WalkDir::new(dir.path(below)).min_depth(1).sort_by_file_name().into_iter().flatten();
        all.filter(|entry| entry.file_type().is_file() == files).map(walkdir::DirEntry::into_path).collect()
    };
    for operation in 1..=operations {
        let files = paths("news", true);
        let mut folders = paths("news", false);
        folders.push(dir.path("news"));
        let folder = folders[numbers.below(folders.len() as u64) as usize].clone();
        let file = files.get(numbers.below(files.len() as u64) as usize).cloned();
        let text = story(operation, operation);
        let new = folder.join(format!("{operation}.txt"));
        // Operations that fail (moving a folder into itself) are left out.
        let _ = match (numbers.below(12), file) {
            (0..=3, _) | (_, None) => fs::write(new, text),
            (4 | 5, Some(file)) => fs::write(file, text),
            (6, Some(file)) => fs::remove_file(file),
            (7, Some(file)) => fs::rename(file, new),
            (8, _) => fs::create_dir(folder.join(format!("d{operation}"))),
            (9, _) if folder != dir.path("news") && numbers.below(3) == 0 => {
                fs::rename(folder, dir.path(&format!("apart/{operation}")))
            }
            (10, _) => match paths("apart", false).first() {
                Some(back) => fs::rename(back, folder.join(format!("back{operation}"))),
                None => Ok(()),
            },
            (11, Some(file)) if files.len() > 50 && numbers.below(30) == 0 => {
                fs::remove_dir_all(file.parent().expect("a folder"))
            }
            _ => Ok(()),
        };
        fs::create_dir_all(dir.path("news")).expect("made");
        if numbers.below(4) == 0 {
            std::thread::sleep(Duration::from_millis(numbers.below(30)));
        }
    }
    let last = Instant::now();
    let root = dir.path("");
    let in_the_folder: BTreeSet<(String, String)> = paths("news", true)
        .iter()
        .map(|path| {
            let text = fs::read_to_string(path).expect("text");
            let path = path.strip_prefix(&root).expect("below").to_string_lossy().into_owned();
            (path, text.split(' ').next().unwrap_or_default().to_string())
        })
        .collect();
    let mut took = None;
    while took.is_none() && last.elapsed() < Duration::from_secs(if operations > 1_000 { 3 } else { 20 }) {
        took = (answers(&dir) == in_the_folder).then(|| last.elapsed());
        std::thread::sleep(Duration::from_millis(50));
    }
    let _ = watch.kill();
    let _ = watch.wait();
    assert!(took.is_some(), "{}", dir.run(&["check"]).told());
    eprintln!("{operations} operations, {} articles, as the folder after {took:?}", in_the_folder.len());
    dir.run(&["check"]).ends(0);
    dir.run(&["index", "--index", "fresh", "news"]).ends(0);
    let hits = |index: &str| {
        let all = ["search", "--index", index, "--json", "-n", "100000", "--strict", "--ungroup", "edition"];
        sorted(&dir.run(&all).stdout)
    };
    assert_eq!(hits("index"), hits("fresh"));
}

/// Paths and texts of hits, without order and scores.
fn sorted(hits: &str) -> BTreeSet<(String, String)> {
    let field = |hit: &serde_json::Value, name: &str| hit[name].as_str().unwrap_or_default().to_string();
    let hits = hits.lines().filter_map(|line| serde_json::from_str(line).ok());
    hits.map(|hit: serde_json::Value| (field(&hit, "path"), field(&hit, "text"))).collect()
}

/// `watch --query` prints each new article that matches once; `watch --json` prints the changes of files.
#[cfg(unix)]
#[test]
fn watch_prints_hits_and_changes() {
    let dir = TestDir::new();
    dir.write("news/old.txt", format!("Old. {}\n", paragraph("Herring")));
    dir.run(&["index", "news"]).ends(0);
    let to_file = |name: &str| Stdio::from(fs::File::create(dir.path(name)).expect("made"));
    let start = |args: &[&str], out: &str| {
        dir.command(args).stdout(to_file(out)).stderr(Stdio::null()).spawn().expect("started")
    };
    let mut watches =
        [start(&["watch", "--json", "--query", "herring -cod"], "hits"), start(&["watch", "--json"], "changes")];
    std::thread::sleep(Duration::from_millis(700));
    dir.write("news/new/b.txt", format!("New. {}\n", paragraph("Herring")));
    dir.write("news/new/c.txt", format!("Cod. {}\n", paragraph("Herring")));
    dir.write("news/new/d.txt", "");
    let field = |name: &str, field: &str| -> Vec<String> {
        let text = fs::read_to_string(dir.path(name)).unwrap_or_default();
        let lines = text.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
        lines.map(|line| line[field].as_str().unwrap_or("-").to_string()).collect()
    };
    let until = |done: &dyn Fn() -> bool| {
        let started = Instant::now();
        while !done() && started.elapsed() < Duration::from_secs(20) {
            std::thread::sleep(Duration::from_millis(50));
        }
    };
    until(&|| field("hits", "path").len() == 1 && field("changes", "path").len() == 3);
    fs::rename(dir.path("news/new/b.txt"), dir.path("news/z.txt")).expect("renamed");
    until(&|| field("changes", "path").len() == 5);
    for watch in &mut watches {
        let _ = std::process::Command::new("kill").arg(watch.id().to_string()).status();
        assert!(watch.wait().expect("ended").success(), "it exits successfully on SIGTERM");
    }
    assert_eq!(field("hits", "path"), ["news/new/b.txt"]);
    assert_eq!(field("changes", "change"), ["added", "added", "added", "removed", "added"]);
    assert_eq!(
        field("changes", "path"),
        ["news/new/b.txt", "news/new/c.txt", "news/new/d.txt", "news/new/b.txt", "news/z.txt"]
    );
    assert_eq!(field("changes", "skipped"), ["-", "-", "empty", "-", "-"]);
    dir.run(&["watch", "--query", "(("]).ends(2);
    dir.run(&["watch", "nowhere"]).ends(2).says(&["no folder"]);
}

/// An empty mount point keeps its articles until they are pruned; deletions of some files go through.
#[test]
fn a_folder_that_is_suddenly_empty_keeps_its_articles() {
    let dir = TestDir::new();
    for (name, subject) in [("a", "Herring"), ("b/c", "Тюлени"), ("b/d", "Laternen"), ("e", "Herring")] {
        dir.write(&format!("news/{name}.txt"), format!("Story of {name}. {}\n", paragraph(subject)));
    }
    dir.run(&["index", "news"]).ends(0);
    fs::remove_file(dir.path("news/e.txt")).expect("removed");
    dir.run(&["index"]).ends(0).says(&["1 removed"]);
    fs::rename(dir.path("news"), dir.path("away")).expect("moved");
    fs::create_dir(dir.path("news")).expect("made");
    for (args, code) in [(&["index"][..], 2), (&["index", "news"], 2), (&["search", "herring", "news"], 0)] {
        dir.run(args).ends(code).says(&["news: most or all", "3 articles kept", "crosshead index --prune"]);
    }
    let says = ["3 kept", "3 articles kept of files that vanished", "index --prune"];
    let run = dir.run(&["check"]).ends(1).says(&says);
    assert!(run.stdout.contains("kept\tnews/b/d.txt: most or all files of news are gone"), "{}", run.told());
    assert!(!run.stdout.contains("gone\t") && !run.stderr.contains("--repair"), "{}", run.told());
    let run = dir.run(&["stats"]).ends(0);
    assert!(run.stdout.contains("articles  3 (3 kept, of files that are not there)"), "{}", run.told());
    assert_eq!(dir.found("Laternen"), ["news/b/d.txt 0"]);
    fs::remove_dir(dir.path("news")).expect("removed");
    dir.run(&["index"]).ends(2).says(&["news: the folder is not there", "kept (3)", "crosshead index --prune"]);
    let run = dir.run(&["check"]).ends(1).says(&says);
    assert!(run.stdout.contains("kept\tnews/a.txt: the folder is not there"), "{}", run.told());
    assert_eq!(dir.run(&["stats", "--json"]).ends(0).lines()[0]["missing"], 3);
    fs::rename(dir.path("away"), dir.path("news")).expect("moved");
    let run = dir.run(&["index"]).ends(0).says(&["nothing changed"]);
    assert!(!run.stderr.contains("kept"), "{}", run.told());
    assert_eq!(dir.run(&["stats", "--json"]).ends(0).lines()[0]["missing"], 0);
    dir.run(&["check"]).ends(0);
    fs::remove_dir_all(dir.path("news")).expect("removed");
    fs::create_dir(dir.path("news")).expect("made");
    let lines = dir.run(&["index", "--json"]).ends(2).lines();
    assert_eq!((&lines[0]["kept"], &lines[0]["removed"]), (&3.into(), &0.into()));
    let lines = dir.run(&["index", "--prune", "--json"]).ends(0).lines();
    assert_eq!((&lines[0]["kept"], &lines[0]["removed"]), (&0.into(), &3.into()));
    assert!(dir.found("herring").is_empty());
}

/// Runs that are killed while most of a folder is away remove nothing of it, and the run after its return removes nothing
/// either.
#[test]
fn killed_runs_keep_what_vanished() {
    let mut numbers = Numbers::seeded();
    let dir = TestDir::new();
    for number in 0..60 {
        dir.write(&format!("news/archive/{number}.txt"), story(number, 0));
    }
    dir.run(&["index", "news"]).ends(0);
    let before = answers(&dir);
    assert_eq!(before.len(), 60);
    fs::rename(dir.path("news/archive"), dir.path("away")).expect("moved");
    for number in 100..106 {
        dir.write(&format!("news/{number}.txt"), story(number, 1));
        let mut run = dir.command(&["index", "-q"]).spawn().expect("started");
        std::thread::sleep(Duration::from_micros(numbers.below(60_000)));
        let _ = run.kill();
        run.wait().expect("ended");
        assert!(answers(&dir).is_superset(&before), "{number}");
    }
    dir.run(&["index"]).ends(2).says(&["60 articles kept"]);
    fs::rename(dir.path("away"), dir.path("news/archive")).expect("moved");
    let lines = dir.run(&["index", "--json"]).ends(0).lines();
    assert_eq!((&lines[0]["kept"], &lines[0]["removed"], &lines[0]["articles"]), (&0.into(), &0.into(), &66.into()));
    dir.run(&["check"]).ends(0);
}

/// A search that names a folder reads an index that cannot be written to as it is, and says so.
#[cfg(unix)]
#[test]
fn a_search_with_a_folder_reads_a_read_only_index() {
    use std::os::unix::fs::PermissionsExt;
    let dir = TestDir::new();
    dir.write("news/a.txt", format!("Story. {}\n", paragraph("Herring")));
    dir.run(&["index", "news"]).ends(0);
    dir.write("news/b.txt", format!("Story. {}\n", paragraph("Lobster")));
    let set = |files: u32, folders: u32| {
        for entry in walkdir::WalkDir::new(dir.path("index")).contents_first(true).into_iter().flatten() {
            let mode = if entry.file_type().is_dir() { folders } else { files };
            fs::set_permissions(entry.path(), fs::Permissions::from_mode(mode)).expect("set");
        }
    };
    set(0o444, 0o555);
    // Permissions do not bind root.
    let is_bound = fs::write(dir.path("index/probe"), "").is_err();
    if is_bound {
        let run = dir.run(&["search", "--format", "paths", "herring", "news"]).ends(0);
        let run = run.says(&["searching the index as it is, not brought up to date"]);
        assert_eq!(run.stdout, "news/a.txt\n");
        dir.run(&["search", "lobster", "news"]).ends(1).says(&["as it is"]);
        dir.run(&["index"]).ends(2).says(&["Permission denied", "--index"]);
    }
    set(0o644, 0o755);
}

/// A file whose bytes the system does not give keeps its article, and is read again by the next run.
#[cfg(target_os = "linux")]
#[test]
fn a_file_that_cannot_be_read_keeps_its_article() {
    let dir = TestDir::new();
    dir.write("news/a.txt", format!("Story. {}\n", paragraph("Herring")));
    dir.write("news/b.txt", format!("Story. {}\n", paragraph("Тюлени")));
    dir.run(&["index", "news"]).ends(0);
    fs::remove_file(dir.path("news/a.txt")).expect("removed");
    // A regular file that can be opened, and whose first bytes are an I/O error for every user.
    std::os::unix::fs::symlink("/proc/self/mem", dir.path("news/a.txt")).expect("linked");
    for _ in 0..2 {
        dir.run(&["index", "--follow"]).ends(0).says(&["news/a.txt: cannot be read", "its articles are kept (1)"]);
        assert_eq!(dir.found("herring"), ["news/a.txt 0"]);
    }
    fs::remove_file(dir.path("news/a.txt")).expect("removed");
    dir.write("news/a.txt", format!("Story. {}\n", paragraph("Lobster")));
    dir.run(&["index"]).ends(0).says(&["1 changed"]);
    assert_eq!((dir.found("herring").len(), dir.found("lobster").len()), (0, 1));
}
