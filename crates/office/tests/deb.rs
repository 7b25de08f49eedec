//! The Debian package: what is in it, with which rights, and that its program and
//! its configuration work from where the package puts them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

fn run(command: &mut Command) -> String {
    let output: Output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{command:?}: {}", text(&output.stderr));
    text(&output.stdout)
}

/// Packs the binary of this build, without compression.
fn package(out: &Path) -> PathBuf {
    let mut build = Command::new(format!("{ROOT}/packaging/build-deb"));
    build.arg(env!("CARGO_BIN_EXE_yakkan")).arg(out).env("YAKKAN_DEB_COMPRESSION", "none");
    PathBuf::from(run(&mut build).trim())
}

fn dpkg_deb(arguments: &[&str], package: &Path) -> String {
    run(Command::new("dpkg-deb").args(arguments).arg(package))
}

#[test]
fn the_package_holds_what_an_installation_needs() {
    let folder = tempfile::tempdir().unwrap();
    let package = package(folder.path());
    let version = env!("CARGO_PKG_VERSION");
    assert!(package.file_name().unwrap().to_str().unwrap().contains(version));
    assert_eq!(
        dpkg_deb(&["--show", "--showformat=${Package} ${Version}"], &package),
        format!("yakkan {version}")
    );
    let depends = run(Command::new("dpkg-deb").arg("--field").arg(&package).arg("Depends"));
    for needed in ["libc6", "adduser", "fonts-morisawa-bizud-gothic", "fonts-noto-cjk"] {
        assert!(depends.contains(needed), "{depends}");
    }
    let listed = dpkg_deb(&["--contents"], &package);
    for (rights, file) in [
        ("-rwxr-xr-x root/root", "./usr/bin/yakkan"),
        ("-rw-r----- root/root", "./etc/yakkan/yakkan.toml"),
        ("drwxr-x--- root/root", "./etc/yakkan/"),
        ("-rw-r--r-- root/root", "./usr/lib/systemd/system/yakkan.service"),
        ("-rw-r--r-- root/root", "./usr/lib/systemd/system/yakkan-backup.service"),
        ("-rw-r--r-- root/root", "./usr/lib/systemd/system/yakkan-backup.timer"),
        ("-rw-r--r-- root/root", "./usr/share/doc/yakkan/README.md"),
        ("-rw-r--r-- root/root", "./usr/share/doc/yakkan/keeping.md"),
        ("-rw-r--r-- root/root", "./usr/share/doc/yakkan/copyright"),
        ("-rw-r--r-- root/root", "./usr/share/doc/yakkan/changelog.gz"),
        ("-rw-r--r-- root/root", "./usr/share/doc/yakkan/examples/operator.toml"),
    ] {
        let found = listed.lines().find(|line| line.ends_with(&format!(" {file}")));
        let found = found.unwrap_or_else(|| panic!("{file} is not in {listed}"));
        assert!(found.starts_with(rights), "{found}");
    }
    // An installation's own files and data are no part of it.
    for not in ["./var/", "operator.toml\n./etc", ".db"] {
        assert!(!listed.contains(not), "{listed}");
    }
    control(&package, folder.path());
    from_its_place(&package, &folder.path().join("root"));
}

/// The control files: the configuration is kept, the scripts are sound.
fn control(package: &Path, folder: &Path) {
    let control = folder.join("control");
    run(Command::new("dpkg-deb").arg("--control").arg(package).arg(&control));
    let conffiles = fs::read_to_string(control.join("conffiles")).unwrap();
    assert_eq!(conffiles.trim(), "/etc/yakkan/yakkan.toml");
    for script in ["postinst", "prerm", "postrm"] {
        run(Command::new("sh").arg("-n").arg(control.join(script)));
    }
    let removal = fs::read_to_string(control.join("postrm")).unwrap();
    assert!(!removal.contains("rm -r"), "data are never removed with the program");
}

/// Unpacked below another root, program, configuration and unit fit together.
fn from_its_place(package: &Path, root: &Path) {
    run(Command::new("dpkg-deb").arg("--extract").arg(package).arg(root));
    let sums = root.join("sums");
    run(Command::new("dpkg-deb").arg("--control").arg(package).arg(&sums));
    run(Command::new("md5sum")
        .arg("--check")
        .arg("--quiet")
        .arg(sums.join("md5sums"))
        .current_dir(root));
    let program = root.join("usr/bin/yakkan");
    let told = run(Command::new(&program).arg("--version"));
    assert_eq!(told.trim(), format!("yakkan {}", env!("CARGO_PKG_VERSION")));
    let unit = fs::read_to_string(root.join("usr/lib/systemd/system/yakkan.service")).unwrap();
    let started = unit.lines().find_map(|line| line.strip_prefix("ExecStart=")).unwrap();
    let words: Vec<_> = started.split(' ').collect();
    assert_eq!(words[..2], ["/usr/bin/yakkan", "serve"]);
    for path in words.iter().filter(|word| word.starts_with('/')) {
        assert!(root.join(path.trim_start_matches('/')).exists(), "{path}");
    }
    for kept in ["NoNewPrivileges=yes", "ProtectSystem=strict", "User=yakkan", "UMask=0077"] {
        assert!(unit.contains(kept), "{kept}");
    }
    // A database on PostgreSQL is backed up too, with the secrets of the service.
    let units = root.join("usr/lib/systemd/system");
    let backup = fs::read_to_string(units.join("yakkan-backup.service")).unwrap();
    for kept in ["ConditionPathExists=/var/lib/yakkan/keys.db", "EnvironmentFile=-/etc/yakkan/"] {
        assert!(backup.contains(kept), "{kept}");
    }
    played_from_there(root, &program);
}

/// The configuration as it is shipped, moved below the root, serves a life: it is
/// backed up and visited by the packaged program.
fn played_from_there(root: &Path, program: &Path) {
    let text = fs::read_to_string(root.join("etc/yakkan/yakkan.toml")).unwrap();
    let below = |path: &str| format!("\"{}{path}", root.display());
    let text = text.replace("\"/var", &below("/var")).replace("\"/etc", &below("/etc"));
    let config = root.join("etc/yakkan/yakkan.toml");
    fs::write(&config, text).unwrap();
    let operator = root.join("etc/yakkan/operator.toml");
    fs::copy(root.join("usr/share/doc/yakkan/examples/operator.toml"), operator).unwrap();
    let scenario = format!("{ROOT}/docs/scenarios/mail-trouble.toml");
    let data = root.join("var/lib/yakkan");
    run(Command::new(program).args(["scenario", "run", &scenario, "--quiet", "--data"]).arg(&data));
    let made = run(Command::new(program).args(["backup", "--prune", "--config"]).arg(&config));
    assert!(made.contains("verified"), "{made}");
    assert!(root.join("var/lib/yakkan-keys/keys.db").exists());
    let visit = Command::new(program).args(["doctor", "--config"]).arg(&config).output().unwrap();
    let told = String::from_utf8_lossy(&visit.stdout).into_owned();
    assert!(told.contains("OK    configuration") && told.contains("OK    backup"), "{told}");
}
