//! The phones that the laptop remembers, for as long as the process lives.

use libwebauthn::transport::hybrid::known_devices::{
    ClientPayloadHint, EphemeralDeviceInfoStore, PxpKnownDevice,
};
use std::sync::Arc;

use crate::asked::Operation;

#[derive(Default)]
pub struct KnownPhones {
    pub store: Arc<EphemeralDeviceInfoStore>,
}

impl KnownPhones {
    pub async fn names(&self) -> Vec<String> {
        let all = self.store.list_all().await;
        all.into_iter().map(|(_, phone)| phone.name).collect()
    }

    /// One of them, made ready to be called.
    pub async fn any(&self, operation: Operation) -> Option<PxpKnownDevice> {
        let all = self.store.list_all().await;
        let (_, phone) = all.first()?;
        let hint = match operation {
            Operation::Register => ClientPayloadHint::MakeCredential,
            Operation::SignIn => ClientPayloadHint::GetAssertion,
        };
        PxpKnownDevice::new(hint, phone, self.store.clone()).await.ok()
    }
}
