//! Port 443 of the laptop’s own network, where the domain of the tunnel service leads: it is passed on to a socket of the test. Without
//! such a socket the laptop has no way to a tunnel service.

use std::io::Result;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream, UnixStream};

const SOCKET: &str = "TUNNEL_SOCKET";

pub async fn forward() -> Result<()> {
    let Ok(path) = std::env::var(SOCKET) else { return Ok(()) };
    let listener = TcpListener::bind("127.0.0.1:443").await?;
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            tokio::spawn(pass_on(client, path.clone()));
        }
    });
    Ok(())
}

async fn pass_on(mut client: TcpStream, path: String) -> Result<()> {
    let mut service = UnixStream::connect(path).await?;
    copy_bidirectional(&mut client, &mut service).await?;
    Ok(())
}
