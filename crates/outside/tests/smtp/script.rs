//! A mail server that says its lines in order and hangs up after the last.

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// Instead of a line: say nothing more, until the client leaves.
pub const SILENCE: &str = "(silence)";

/// One connection's worth of server.
pub struct Script {
    /// Where it listens on 127.0.0.1.
    pub port: u16,
    play: JoinHandle<Vec<String>>,
}

impl Script {
    /// Greets with the first line and answers each command with the next one.
    pub async fn play(lines: &[&'static str]) -> Script {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("it is bound").port();
        let lines = lines.to_vec();
        let play = tokio::spawn(async move {
            let (stream, _) = listener.accept().await.expect("a client");
            converse(stream, &lines).await
        });
        Script { port, play }
    }

    /// The commands that came, when the conversation is over.
    pub async fn heard(self) -> Vec<String> {
        self.play.await.expect("the script ran to its end")
    }
}

async fn converse(stream: TcpStream, lines: &[&str]) -> Vec<String> {
    let mut stream = BufReader::new(stream);
    let mut heard = Vec::new();
    for (turn, line) in lines.iter().enumerate() {
        if *line == SILENCE {
            while hear(&mut stream).await.is_some() {}
            return heard;
        }
        // A client that hung up early is no fault of the script.
        if stream.write_all(format!("{line}\r\n").as_bytes()).await.is_err() {
            return heard;
        }
        let Some(command) = hear(&mut stream).await else {
            return heard;
        };
        heard.push(command);
        if line.starts_with("354") && turn + 1 < lines.len() {
            while hear(&mut stream).await.is_some_and(|text| text != ".") {}
        }
    }
    heard
}

async fn hear(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let mut line = Vec::new();
    match stream.read_until(b'\n', &mut line).await {
        Ok(0) | Err(_) => None,
        Ok(_) => Some(String::from_utf8_lossy(&line).trim_end().to_owned()),
    }
}
