//! Files of strangers are read beside the work of the server, not in it.

use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

/// As many files are read at once: each may take memory and a processor for some
/// seconds. Others wait for their turn.
static TURNS: Semaphore = Semaphore::const_new(3);

/// Reads a file on a thread that serves nobody else. The turn ends with the reading,
/// also when whoever asked for it has gone.
pub async fn read_apart<T: Send + 'static>(
    read: fn(&str, &[u8]) -> T,
    file: &str,
    bytes: &[u8],
) -> T {
    let turn = TURNS.acquire().await.expect("the turns are never closed");
    let (file, bytes) = (file.to_owned(), bytes.to_vec());
    let reading = spawn_blocking(move || {
        let content = read(&file, &bytes);
        drop(turn);
        content
    });
    match reading.await {
        Ok(content) => content,
        // A reading is never called off: this is a panic, which goes on here.
        Err(failure) => std::panic::resume_unwind(failure.into_panic()),
    }
}
