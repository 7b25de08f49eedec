//! Logs on standard error: text, or one JSON object a line. They hold ids, kinds
//! and outcomes, never a person's data.

use tracing_subscriber::EnvFilter;

use crate::config::{LogConfig, LogFormat};

/// Starts the log. `YAKKAN_LOG` and `YAKKAN_LOG_FORMAT` come before the
/// configuration; without either only warnings are told.
pub fn start(config: &LogConfig) {
    let filter = EnvFilter::try_from_env("YAKKAN_LOG").unwrap_or_else(|_| {
        let level = config.level.as_deref().unwrap_or("warn");
        // A wrong level must not keep the service from starting.
        EnvFilter::try_new(level).unwrap_or_else(|_| EnvFilter::new("info"))
    });
    let json = match std::env::var("YAKKAN_LOG_FORMAT").as_deref() {
        Ok("json") => true,
        Ok(_) => false,
        Err(_) => config.format == LogFormat::Json,
    };
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if json {
        log.json().flatten_event(true).with_current_span(false).init();
    } else {
        log.init();
    }
}
