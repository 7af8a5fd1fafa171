//! `TestDir` runs the binary in a fresh folder; `Run` holds its output.

use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// The folder of this package, as the runner of tests names it: compiled in it would be wrong in another checkout that
/// shares the folder of builds.
pub(crate) fn package() -> PathBuf {
    std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from("."), PathBuf::from)
}

/// A fresh folder, removed on drop.
pub(crate) struct TestDir {
    dir: TempDir,
}

/// The code of a run that a signal ended.
const KILLED: i32 = -1;

/// Exit code and output of a run of the binary.
pub(crate) struct Run {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
    /// The command and the folder, for failure messages.
    what: String,
}

impl TestDir {
    pub(crate) fn new() -> TestDir {
        TestDir { dir: tempfile::tempdir().expect("a temporary folder") }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, contents: impl AsRef<[u8]>) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().expect("a path inside the folder")).expect("folders");
        std::fs::write(path, contents).expect("written");
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_crosshead"));
        command.current_dir(self.dir.path()).args(args).env_clear().stdin(Stdio::null());
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> Run {
        self.end(self.command(args), &format!("{args:?}"))
    }

    /// Runs a shell command, in which `"$0"` is the binary.
    pub(crate) fn run_shell(&self, line: &str) -> Run {
        let mut command = Command::new("sh");
        command.current_dir(self.dir.path()).args(["-c", line, env!("CARGO_BIN_EXE_crosshead")]);
        command.env_clear().env("PATH", "/usr/bin:/bin").stdin(Stdio::null());
        self.end(command, line)
    }

    fn end(&self, mut command: Command, what: &str) -> Run {
        let Output { status, stdout, stderr } = command.output().expect("the binary runs");
        Run {
            code: status.code().unwrap_or(KILLED),
            stdout: String::from_utf8(stdout).expect("UTF-8 on stdout"),
            stderr: String::from_utf8(stderr).expect("UTF-8 on stderr"),
            what: format!("crosshead {what} in {}", self.dir.path().display()),
        }
    }

    /// All hits of a query, as JSON.
    pub(crate) fn hits(&self, args: &[&str]) -> Vec<Value> {
        let all: Vec<&str> = ["search", "--json", "-n", "1000", "--per-article", "1000", "--strict", "--ungroup"]
            .iter()
            .chain(args)
            .copied()
            .collect();
        let run = self.run(&all);
        assert!(run.code <= 1, "{}", run.told());
        run.lines()
    }

    /// The hits of a query as `path passage`, sorted.
    pub(crate) fn found(&self, query: &str) -> Vec<String> {
        let mut out: Vec<String> = self
            .hits(&[query])
            .iter()
            .map(|hit| format!("{} {}", hit["path"].as_str().expect("a path"), hit["passage"]))
            .collect();
        out.sort();
        out
    }
}

impl Run {
    /// Asserts the exit code.
    pub(crate) fn ends(self, code: i32) -> Run {
        assert_eq!(self.code, code, "{}", self.told());
        self
    }

    /// Asserts that stderr contains all of `parts`.
    pub(crate) fn says(self, parts: &[&str]) -> Run {
        for part in parts {
            assert!(self.stderr.contains(part), "no {part:?}: {}", self.told());
        }
        self
    }

    /// The lines of stdout, as JSON.
    pub(crate) fn lines(&self) -> Vec<Value> {
        self.stdout
            .lines()
            .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {}", self.told())))
            .collect()
    }

    /// The command and the folder.
    pub(crate) fn what(&self) -> &str {
        &self.what
    }

    /// The command and all its output, for failure messages.
    pub(crate) fn told(&self) -> String {
        format!("{}\ncode {}\nstdout: {}\nstderr: {}", self.what, self.code, self.stdout, self.stderr)
    }
}

/// A paragraph of running text about `subject`.
pub(crate) fn paragraph(subject: &str) -> String {
    format!(
        "{subject} was the talk of the town on Monday, when the council met for the second time, and nobody in the hall could say how it would end."
    )
}

/// Pseudo-random numbers (Marsaglia's xorshift).
pub(crate) struct Numbers(pub u64);

impl Numbers {
    /// Numbers from the seed in `CROSSHEAD_SEED`, if it is set.
    pub(crate) fn seeded() -> Numbers {
        Numbers(setting("CROSSHEAD_SEED").unwrap_or(2_026) << 1 | 1)
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end.max(1)
    }

    /// An index into a list of `length` elements.
    pub(crate) fn place(&mut self, length: usize) -> usize {
        self.below(length as u64) as usize
    }
}

/// A number from an environment variable.
pub(crate) fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|value| value.parse().ok())
}
