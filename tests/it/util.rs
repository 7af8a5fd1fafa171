//! `TestDir`: a fresh folder, and the binary run in it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A fresh folder that is removed at the end.
pub struct TestDir {
    dir: TempDir,
}

/// What a run of the binary gave.
pub struct Run {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
    what: String,
}

impl TestDir {
    pub fn new() -> TestDir {
        TestDir { dir: tempfile::tempdir().expect("a temporary folder") }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn write(&self, name: &str, contents: impl AsRef<[u8]>) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap_or(Path::new("."))).expect("folders");
        std::fs::write(path, contents).expect("written");
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_crosshead"));
        command.current_dir(self.dir.path()).args(args).env_clear().stdin(Stdio::null());
        command
    }

    pub fn run(&self, args: &[&str]) -> Run {
        self.end(self.command(args), &format!("{args:?}"))
    }

    /// Runs a line of the shell, in which `"$0"` is the binary.
    pub fn run_shell(&self, line: &str) -> Run {
        let mut command = Command::new("sh");
        command.current_dir(self.dir.path()).args(["-c", line, env!("CARGO_BIN_EXE_crosshead")]);
        command.env_clear().env("PATH", "/usr/bin:/bin").stdin(Stdio::null());
        self.end(command, line)
    }

    fn end(&self, mut command: Command, what: &str) -> Run {
        let Output { status, stdout, stderr } = command.output().expect("the binary runs");
        Run {
            code: status.code().unwrap_or(-1),
            stdout: String::from_utf8(stdout).expect("UTF-8 on stdout"),
            stderr: String::from_utf8(stderr).expect("UTF-8 on stderr"),
            what: format!("crosshead {what} in {}", self.dir.path().display()),
        }
    }

    /// Hits of a query, as JSON.
    pub fn hits(&self, args: &[&str]) -> Vec<Value> {
        let all: Vec<&str> = ["search", "--json", "-n", "1000", "--per-article", "1000", "--strict", "--ungroup"]
            .iter()
            .chain(args)
            .copied()
            .collect();
        let run = self.run(&all);
        assert!(run.code <= 1, "{}", run.told());
        run.lines()
    }

    /// `path passage` of the hits of a query, sorted.
    pub fn found(&self, query: &str) -> Vec<String> {
        let mut out: Vec<String> = self
            .hits(&[query])
            .iter()
            .map(|hit| format!("{} {}", hit["path"].as_str().unwrap_or_default(), hit["passage"]))
            .collect();
        out.sort();
        out
    }
}

impl Run {
    /// Asserts the exit code.
    pub fn ends(self, code: i32) -> Run {
        assert_eq!(self.code, code, "{}", self.told());
        self
    }

    /// Asserts that stderr holds all of `parts`.
    pub fn says(self, parts: &[&str]) -> Run {
        for part in parts {
            assert!(self.stderr.contains(part), "no {part:?}: {}", self.told());
        }
        self
    }

    pub fn lines(&self) -> Vec<Value> {
        self.stdout
            .lines()
            .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {}", self.told())))
            .collect()
    }

    pub fn what(&self) -> &str {
        &self.what
    }

    pub fn told(&self) -> String {
        format!("{}\ncode {}\nstdout: {}\nstderr: {}", self.what, self.code, self.stdout, self.stderr)
    }
}

/// A paragraph of running text about `subject`.
pub fn paragraph(subject: &str) -> String {
    format!(
        "{subject} was the talk of the town on Monday, when the council met for the second time, and nobody in the hall could say how it would end."
    )
}

/// Numbers by a seed (Marsaglia's xorshift).
pub struct Numbers(pub u64);

impl Numbers {
    /// By `CROSSHEAD_SEED`.
    pub fn seeded() -> Numbers {
        Numbers(setting("CROSSHEAD_SEED").unwrap_or(2_026) << 1 | 1)
    }

    pub fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end.max(1)
    }

    /// A place in a list of `length`.
    pub fn place(&mut self, length: usize) -> usize {
        self.below(length as u64) as usize
    }
}

/// A number from the environment.
pub fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|value| value.parse().ok())
}
