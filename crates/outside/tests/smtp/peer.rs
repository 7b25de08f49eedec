//! Starts `tests/peers/smtp.py` and stops it again.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

/// The user the server knows.
pub const USER: &str = "yakkan";
/// And the password; not its default, so that passing it on is tested.
pub const PASSWORD: &str = "pass wörd";

/// A running server; it ends when this is dropped.
pub struct Peer {
    /// Where it listens on 127.0.0.1.
    pub port: u16,
    folder: TempDir,
    server: Child,
}

impl Peer {
    /// Starts a server on a free port.
    ///
    /// # Panics
    /// When Python or a package is missing: a test that cannot run has failed.
    pub fn start() -> Peer {
        Peer::start_with(&[])
    }

    /// Starts a server with more arguments.
    ///
    /// # Panics
    /// As [`Peer::start`].
    pub fn start_with(arguments: &[&str]) -> Peer {
        let folder = TempDir::new().expect("a folder for the server");
        let mut server = spawn(folder.path(), arguments);
        let mut first = String::new();
        let out = server.stdout.take().expect("its output is piped");
        BufReader::new(out).read_line(&mut first).expect("its output can be read");
        let port =
            first.trim().strip_prefix("listening on 127.0.0.1:").and_then(|port| port.parse().ok());
        let Some(port) = port else {
            let mut why = String::new();
            let _ = server.kill();
            let _ = server.wait();
            if let Some(mut err) = server.stderr.take() {
                let _ = err.read_to_string(&mut why);
            }
            panic!("the mail server for tests did not start: run `./x setup`\n{why}");
        };
        Peer { port, folder, server }
    }

    /// A file in the server's folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// How many messages it has accepted.
    pub fn messages(&self) -> usize {
        let files = std::fs::read_dir(self.folder.path()).expect("the folder exists");
        files
            .filter(|f| f.as_ref().is_ok_and(|f| f.path().extension().is_some_and(|e| e == "eml")))
            .count()
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

fn spawn(folder: &Path, arguments: &[&str]) -> Child {
    let python = std::env::var_os("YAKKAN_PYTHON").unwrap_or_else(|| "python3".into());
    // Asked at run time: a target folder shared by two clones keeps the other's path.
    let here = std::env::var_os("CARGO_MANIFEST_DIR").expect("run the tests with cargo");
    let program = Path::new(&here).join("../../tests/peers/smtp.py");
    let mut command = Command::new(&python);
    command
        .arg(program)
        .arg("--folder")
        .arg(folder)
        .args(["--user", USER, "--password", PASSWORD])
        .args(arguments);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|why| panic!("{python:?} cannot be started: run `./x setup` ({why})"))
}
