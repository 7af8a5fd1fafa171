//! Processes that parse documents: the program for them, and both sides of the exchange.

use std::ffi::OsString;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::parse::{Document, parse};
use crate::ingest::SkipReason;
use crate::os;

/// Time after which a process is ended.
const MOST_SECONDS: u64 = 20;
/// Address space of a process.
const MOST_MEMORY_BYTES: u64 = 2 << 30;

/// The argument that asks a program to parse a document: see [`serve`].
pub const READ_PDF: &str = "--read-pdf";
/// The environment variable with the path of a program that parses documents, such as `crosshead`.
pub const READER_VARIABLE: &str = "CROSSHEAD_PDF_READER";

/// The answer of a process: the contents of a document, or why it cannot be parsed.
type Parsed = Result<Document, String>;

/// The parser of documents.
#[derive(Debug, Clone, PartialEq)]
enum Reader {
    /// Processes of a program that answers [`READ_PDF`].
    Program(PathBuf),
    /// This process.
    ThisProcess,
}

/// The reader that the caller has set.
static EXPLICIT: OnceLock<Reader> = OnceLock::new();
/// Does the running program answer [`READ_PDF`]?
static IS_DECLARED: AtomicBool = AtomicBool::new(false);

/// Has documents parsed by processes of `program`, which must call [`serve`] if its first argument is [`READ_PDF`], as
/// `crosshead` does. The first call counts.
pub fn isolate(program: PathBuf) {
    let _ = EXPLICIT.set(Reader::Program(program));
}

/// Declares that the running program calls [`serve`] if its first argument is [`READ_PDF`], so that documents can be
/// parsed by processes of it.
pub fn declare_reader() {
    IS_DECLARED.store(true, Ordering::Relaxed);
}

/// Has documents parsed by this process, which a damaged one can abort. For tests of the parser.
#[doc(hidden)]
pub fn read_in_process() {
    let _ = EXPLICIT.set(Reader::ThisProcess);
}

/// Parses the document on stdin and writes its contents to stdout, bounded in memory.
///
/// # Errors
///
/// The error of the operating system on reading or writing.
pub fn serve() -> std::io::Result<()> {
    // If the limit cannot be set, the process is still bounded in time.
    #[cfg(unix)]
    let _ = rlimit::setrlimit(rlimit::Resource::AS, MOST_MEMORY_BYTES, MOST_MEMORY_BYTES);
    let mut bytes = Vec::new();
    std::io::stdin().lock().read_to_end(&mut bytes)?;
    let answer = parse(&bytes);
    std::io::stdout().lock().write_all(&serde_json::to_vec(&answer)?)
}

/// The contents of a document, or why it cannot be parsed.
///
/// # Errors
///
/// [`SkipReason::NoPdfReader`] if there is no program to parse it.
pub(super) fn document(bytes: &[u8]) -> Result<Parsed, SkipReason> {
    let reader = EXPLICIT.get().cloned().or_else(|| {
        let running = std::env::current_exe().ok();
        program(std::env::var_os(READER_VARIABLE), IS_DECLARED.load(Ordering::Relaxed), running).map(Reader::Program)
    });
    match reader {
        Some(Reader::Program(program)) => parse_with(&program, bytes),
        Some(Reader::ThisProcess) => Ok(parse(bytes)),
        None => Err(SkipReason::NoPdfReader(format!(
            "no program for it was found: put `crosshead` beside this program, or its path into {READER_VARIABLE}"
        ))),
    }
}

/// The program that parses documents, if the caller has set none: the value of the variable, the running program if it is
/// declared, or a `crosshead` beside it.
fn program(variable: Option<OsString>, is_declared: bool, running: Option<PathBuf>) -> Option<PathBuf> {
    if let Some(stated) = variable.filter(|stated| !stated.is_empty()) {
        return Some(PathBuf::from(stated));
    }
    let running = running?;
    if is_declared {
        return Some(running);
    }
    let beside = running.with_file_name(format!("crosshead{}", std::env::consts::EXE_SUFFIX));
    // A program of the same name that is not declared would not answer.
    (beside != running && beside.is_file()).then_some(beside)
}

/// Has a document parsed by a process of `program`. Fails if it cannot be started.
fn parse_with(program: &Path, bytes: &[u8]) -> Result<Parsed, SkipReason> {
    let mut child = Command::new(program)
        .arg(READ_PDF)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| {
            let reason = os::sentence(&error);
            SkipReason::NoPdfReader(format!("'{}' cannot be started: {reason}", program.display()))
        })?;
    let (input, output) = (child.stdin.take(), child.stdout.take());
    let (done, answer) = std::sync::mpsc::channel();
    let answer = std::thread::scope(|scope| {
        scope.spawn(move || {
            // The process may end before it has read everything.
            if let Some(mut input) = input {
                let _ = input.write_all(bytes);
            }
        });
        scope.spawn(move || {
            let mut text = Vec::new();
            let read = output.map(|mut output| output.read_to_end(&mut text));
            // After the timeout nothing is received.
            let _ = done.send(read.and_then(Result::ok).map(|_| text));
        });
        let answer = answer.recv_timeout(Duration::from_secs(MOST_SECONDS));
        // Ends the threads after a timeout. Killing a process that has ended is not an error.
        let _ = child.kill();
        let _ = child.wait();
        answer
    });
    Ok(match answer {
        Ok(Some(text)) => serde_json::from_slice::<Parsed>(&text)
            .unwrap_or_else(|_| Err("its reader failed, perhaps for want of memory".into())),
        Ok(None) => Err("its reader failed".into()),
        Err(_) => Err(format!("it takes longer than {MOST_SECONDS} seconds")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_in_order_of_precedence() {
        let folder = tempfile::tempdir().expect("a folder");
        let beside = folder.path().join(format!("crosshead{}", std::env::consts::EXE_SUFFIX));
        let (caller, stated) = (folder.path().join("caller"), PathBuf::from("/opt/crosshead"));
        let found = |stated: Option<&Path>, is_declared, running: Option<&Path>| {
            program(stated.map(|path| path.as_os_str().to_owned()), is_declared, running.map(Path::to_path_buf))
        };
        assert_eq!(found(None, false, Some(&caller)), None);
        assert_eq!(found(None, false, None), None);
        std::fs::write(&beside, "").expect("it has room");
        for (variable, is_declared, running, expected) in [
            (Some(stated.as_path()), true, Some(caller.as_path()), Some(stated.as_path())),
            (Some(stated.as_path()), false, None, Some(&stated)),
            (Some(Path::new("")), true, Some(&caller), Some(&caller)),
            (None, true, Some(&caller), Some(&caller)),
            (None, false, Some(&caller), Some(&beside)),
            // A program of that name which does not answer.
            (None, false, Some(&beside), None),
        ] {
            assert_eq!(found(variable, is_declared, running).as_deref(), expected, "{variable:?} {running:?}");
        }
    }

    #[test]
    fn programs_that_cannot_be_started_are_a_reason() {
        let reason = parse_with(Path::new("/no/such/crosshead"), b"%PDF-1.4").expect_err("there is none");
        assert!(reason.to_string().contains("'/no/such/crosshead' cannot be started"), "{reason}");
        assert!(reason.is_passing());
    }
}
