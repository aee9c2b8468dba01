//! What the laptop can be asked for.

use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
#[serde(tag = "ask", rename_all = "kebab-case")]
pub enum Asked {
    Ceremony(Wanted),
    /// Drops the ceremony that runs, as a program does whose user has closed it.
    Cancel,
    /// Which phones it remembers.
    Known,
}

#[derive(Deserialize)]
pub struct Wanted {
    pub operation: Operation,
    pub by: By,
    pub origin: String,
    /// The options of WebAuthn in JSON.
    pub options: Value,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Operation {
    Register,
    SignIn,
}

/// How the phone is met.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum By {
    /// A code that any phone may answer once.
    Code,
    /// The same, and the phone may be remembered.
    CodeToRemember,
    /// A code whose key 6 offers L2CAP, too.
    CodeWithL2cap,
    /// The phone that is remembered.
    Link,
}
