//! The one TOML file of the installation; a few values can come from the
//! environment, so that secrets need not stand in a file.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use anyhow::Context;
use outside::{Secret, SmtpConfig};
use serde::Deserialize;

use crate::access::Settings;
use crate::web::{Front, Limits, PublicSite};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Folder of the database, the keys and the usage segments.
    pub data: PathBuf,
    /// Where the main database is when it is not in the data folder:
    /// `postgres://user@host/database`. `YAKKAN_DATABASE` says so too, and a password
    /// comes better from `PGPASSWORD` or `~/.pgpass`.
    pub database: Option<Secret>,
    /// The operator's file: company, people, prices, readings.
    pub operator: PathBuf,
    #[serde(default = "loopback")]
    pub listen: SocketAddr,
    /// The https address under which people reach the proxy before this program.
    pub public_url: Option<String>,
    /// Network addresses of that proxy: its `X-Forwarded-…` headers are believed.
    #[serde(default)]
    pub trusted_proxies: Vec<IpAddr>,
    /// How strict the door is.
    #[serde(default)]
    pub access: Settings,
    /// How much one visitor, and all together, may take up.
    #[serde(default)]
    pub connections: Limits,
    /// The public site at an address of its own.
    pub site: Option<SiteConfig>,
    #[serde(default)]
    pub clock: ClockKind,
    /// The outgoing mail server; the password comes from `YAKKAN_SMTP_PASSWORD`.
    pub smtp: Option<SmtpConfig>,
    /// Where `yakkan backup` writes.
    pub backup: Option<BackupConfig>,
    #[serde(default)]
    pub log: LogConfig,
    #[serde(default)]
    pub monitoring: MonitoringConfig,
}

/// Where the public site is heard, apart from console and portal.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SiteConfig {
    pub listen: SocketAddr,
    /// The https address under which people reach the proxy before it.
    pub public_url: Option<String>,
}

/// Backups and keys go to two places, so that whoever finds one has not both.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BackupConfig {
    pub folder: PathBuf,
    /// The file that each backup replaces with the keys of the day.
    pub keys: PathBuf,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LogConfig {
    pub format: LogFormat,
    /// `warn`, `info`, `debug`, or as `YAKKAN_LOG` has it: `info,yakkan=debug`.
    pub level: Option<String>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// Who may ask for `/ready` and `/metrics` besides this machine itself.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MonitoringConfig {
    /// Bearer token; also from `YAKKAN_MONITORING_TOKEN`.
    pub token: Option<Secret>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum ClockKind {
    #[default]
    System,
    /// Stands still until the API moves it: for tests of integrators.
    Manual,
}

fn loopback() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 8080))
}

fn address(public_url: Option<&str>, listen: SocketAddr) -> String {
    match public_url {
        Some(url) => url.trim_end_matches('/').to_owned(),
        None => format!("http://{listen}"),
    }
}

impl Config {
    /// # Errors
    /// When `public_url` is no https address.
    pub fn front(&self) -> anyhow::Result<Front> {
        self.front_of(self.public_url.as_deref())
    }

    fn front_of(&self, public_url: Option<&str>) -> anyhow::Result<Front> {
        match public_url {
            Some(url) => Front::behind(url, self.trusted_proxies.clone()),
            None => Ok(Front::default()),
        }
    }

    /// What addresses that are given to people begin with.
    pub fn address(&self) -> String {
        address(self.public_url.as_deref(), self.listen)
    }

    /// Where people find the public site.
    ///
    /// # Errors
    /// When its `public_url` is no https address.
    pub fn public_site(&self) -> anyhow::Result<PublicSite> {
        let Some(SiteConfig { listen, public_url }) = &self.site else {
            return Ok(PublicSite { address: self.address(), apart: None, logo: None });
        };
        let public_url = public_url.as_deref();
        let front = self.front_of(public_url).context("[site] in the configuration")?;
        let address = address(public_url, *listen);
        let apart = Some((*listen, front.listening_on(listen.ip())));
        Ok(PublicSite { address, apart, logo: None })
    }

    /// Reads the file; paths in it are relative to its folder.
    pub fn read(path: &Path) -> anyhow::Result<Config> {
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("the configuration {} cannot be read", path.display()))?;
        let mut config: Config = toml::from_str(&text)
            .with_context(|| format!("the configuration {} is wrong", path.display()))?;
        let folder = path.parent().unwrap_or(Path::new("."));
        config.data = folder.join(&config.data);
        config.operator = folder.join(&config.operator);
        if let Some(backup) = &mut config.backup {
            backup.folder = folder.join(&backup.folder);
            backup.keys = folder.join(&backup.keys);
        }
        if let Ok(token) = std::env::var("YAKKAN_MONITORING_TOKEN") {
            config.monitoring.token = Some(Secret::new(token));
        }
        if let (Some(smtp), Ok(password)) =
            (&mut config.smtp, std::env::var("YAKKAN_SMTP_PASSWORD"))
        {
            smtp.password = Some(Secret::new(password));
        }
        Ok(config)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(more: &str) -> Config {
        toml::from_str(&format!("data = \"d\"\noperator = \"o\"\n{more}")).unwrap()
    }

    #[test]
    fn the_public_site_is_where_the_desk_is_unless_it_has_an_address_of_its_own() {
        let site = config("listen = \"127.0.0.1:1\"").public_site().unwrap();
        assert_eq!((site.address.as_str(), site.apart), ("http://127.0.0.1:1", None));
        let apart = config("[site]\nlisten = \"127.0.0.1:2\"").public_site().unwrap();
        assert_eq!(apart.address, "http://127.0.0.1:2");
        assert_eq!(apart.apart.unwrap().0, "127.0.0.1:2".parse().unwrap());
        let named = "[site]\nlisten = \"127.0.0.1:2\"\npublic_url = \"https://www.example.jp/\"";
        assert_eq!(config(named).public_site().unwrap().address, "https://www.example.jp");
        assert!(config(&named.replace("https", "http")).public_site().is_err());
    }
}
