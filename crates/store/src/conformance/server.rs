//! A PostgreSQL server that a test or a bench starts for itself.
//!
//! It stands in a folder of its own, is reached over a socket in that folder and
//! not over the network, and writes nothing through to the disk. It ends with the
//! process that started it, however that ends: its shell waits for the end of a
//! pipe that only this process holds open.

use std::fs;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, Connection};

/// A running server.
#[derive(Debug)]
pub struct Server {
    folder: PathBuf,
    made: AtomicU32,
    /// Its standard input is the pipe.
    _shell: Child,
}

/// Makes the server, runs it until the pipe ends, and clears it away.
const SCRIPT: &str = r#"
cd "$2" || exit 1
"$1/initdb" -D data -A trust -U yakkan -E UTF8 --locale=C --no-sync >log 2>&1 || { touch failed; exit 1; }
"$1/postgres" -D data -k "$2" -h '' -F -c full_page_writes=off -c synchronous_commit=off \
  -c max_connections=200 -c max_wal_size=256MB >>log 2>&1 </dev/null &
cat >/dev/null
kill -INT $!
wait
rm -rf "$2"
"#;

/// Of the one user whose files a server may not run under.
const ROOT: u32 = 0;

/// How long a server may take to start on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

impl Server {
    /// The server of this process, started when it is first asked for.
    ///
    /// # Panics
    /// When it cannot be started: a test that cannot run has failed.
    pub async fn of_this_process() -> &'static Server {
        static SERVER: OnceLock<Server> = OnceLock::new();
        let server = SERVER.get_or_init(Server::start);
        server.wait().await;
        server
    }

    /// The address of a new and empty database.
    ///
    /// # Panics
    /// When the server fails.
    pub async fn database(&self) -> String {
        let name = format!("test_{}", self.made.fetch_add(1, Ordering::Relaxed));
        let mut conn = PgConnection::connect_with(&self.options("postgres")).await.unwrap();
        let sql = AssertSqlSafe(format!("CREATE DATABASE {name}"));
        sqlx::raw_sql(sql).execute(&mut conn).await.unwrap();
        conn.close().await.unwrap();
        self.address(&name)
    }

    fn address(&self, database: &str) -> String {
        format!("postgres://yakkan@localhost/{database}?host={}", self.folder.display())
    }

    fn options(&self, database: &str) -> PgConnectOptions {
        PgConnectOptions::new_without_pgpass()
            .username("yakkan")
            .database(database)
            .socket(&self.folder)
    }

    fn start() -> Server {
        let programs = programs();
        // Short, since the path of a socket has at most 107 bytes.
        let folder = std::env::temp_dir().join(format!("pg-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir(&folder).expect("a folder for the server");
        let mut command = Command::new("sh");
        command.args(["-c", SCRIPT, "sh"]).arg(&programs).arg(&folder);
        if fs::metadata("/proc/self").is_ok_and(|own| owner(&own) == ROOT) {
            let (user, group) = nobody();
            chown(&folder, Some(user), Some(group)).unwrap();
            command.uid(user).gid(group);
        }
        command.current_dir("/").stdin(Stdio::piped()).stdout(Stdio::null());
        let shell = command.stderr(Stdio::null()).spawn().expect("there is a shell");
        Server { folder, made: AtomicU32::new(0), _shell: shell }
    }

    async fn wait(&self) {
        let begun = std::time::Instant::now();
        loop {
            let error = match PgConnection::connect_with(&self.options("postgres")).await {
                Ok(conn) => return conn.close().await.unwrap(),
                Err(error) => error,
            };
            let failed = self.folder.join("failed").exists() || !self.folder.exists();
            if failed || begun.elapsed() > PATIENCE {
                let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
                panic!("the PostgreSQL server for tests did not start: {error}\n{log}");
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

fn owner(of: &fs::Metadata) -> u32 {
    std::os::unix::fs::MetadataExt::uid(of)
}

/// Where `initdb` and `postgres` stand; Debian keeps them off the path, one folder
/// a version.
fn programs() -> PathBuf {
    let debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = debian.map(|version| version.path().join("bin")).collect();
    found.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    found.splice(0..0, std::env::split_paths(&path).collect::<Vec<_>>());
    let complete = |folder: &&PathBuf| folder.join("initdb").exists() && has_server(folder);
    let last = found.iter().rev().find(complete);
    last.expect("PostgreSQL is missing: run `./x setup`").clone()
}

fn has_server(folder: &Path) -> bool {
    folder.join("postgres").exists()
}

/// A user without rights, for whom root starts the server.
fn nobody() -> (u32, u32) {
    let users = fs::read_to_string("/etc/passwd").expect("the list of users can be read");
    let found = users.lines().find_map(|line| {
        let mut fields = line.strip_prefix("nobody:")?.split(':').skip(1);
        Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
    });
    found.expect("there is a user called nobody")
}
