//! What the laptop says.

use crate::known::KnownPhones;
use serde::Serialize;
use serde_json::{json, Value};

#[derive(Serialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Told {
    Qr { url: String },
    /// In the words of libwebauthn.
    Step { step: String },
    /// One response, or one for each account that the phone left the choice of.
    Done { responses: Vec<Value> },
    /// In the words of libwebauthn.
    Failed { error: String },
    Cancelled,
    /// The names of the phones that are remembered.
    Known { names: Vec<String> },
}

impl Told {
    pub fn step(step: impl std::fmt::Debug) -> Self {
        Told::Step { step: format!("{step:?}") }
    }

    pub fn failed(error: impl std::fmt::Debug) -> Self {
        Told::Failed { error: format!("{error:?}") }
    }

    pub async fn known(phones: &KnownPhones) -> Self {
        Told::Known { names: phones.names().await }
    }

    pub fn tell(&self) {
        println!("{}", json!(self));
    }
}
