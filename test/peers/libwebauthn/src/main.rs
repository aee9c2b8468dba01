//! A laptop made of libwebauthn. It reads what it is asked for on stdin and says on stdout what happens, both a line of JSON each.

mod asked;
mod ceremony;
mod code;
mod known;
mod port;
mod told;

use asked::Asked;
use known::KnownPhones;
use tokio::io::{stdin, AsyncBufReadExt, BufReader, Lines, Stdin};
use told::Told;

/// What is asked on stdin.
type Requests = Lines<BufReader<Stdin>>;

// On one thread, a connection that is opened begins only when its steps are listened to.
#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {
    port::forward().await?;
    let phones = KnownPhones::default();
    let mut requests = BufReader::new(stdin()).lines();
    while let Some(asked) = next(&mut requests).await {
        match asked {
            Asked::Known => Told::known(&phones).await.tell(),
            Asked::Cancel => {}
            Asked::Ceremony(wanted) => tokio::select! {
                told = ceremony::perform(&wanted, &phones) => told.tell(),
                _ = cancelled(&mut requests) => Told::Cancelled.tell(),
            },
        }
    }
    Ok(())
}

/// Ends with the next line, whatever it asks, or with stdin.
async fn cancelled(requests: &mut Requests) {
    next(requests).await;
}

/// Nothing when stdin has ended. A line that does not parse is a mistake of the test.
async fn next(requests: &mut Requests) -> Option<Asked> {
    let line = requests.next_line().await.ok().flatten()?;
    Some(serde_json::from_str(&line).expect("a line that can be asked"))
}
