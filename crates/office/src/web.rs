//! placeholder until the pages stand
pub async fn serve(_e: std::sync::Arc<engine::Engine>, _c: Option<std::sync::Arc<engine::ManualClock>>, _l: std::net::SocketAddr) -> anyhow::Result<()> { Ok(()) }
