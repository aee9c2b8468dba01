//! Codes of every kind that libwebauthn shows.

use libwebauthn::transport::hybrid::error::PxpError;
use libwebauthn::transport::hybrid::qr_code_device::{
    PxpQrCodeDevice, PxpTransports, QrCodeOperationHint,
};

use crate::asked::{By, Operation};
use crate::known::KnownPhones;

pub fn new_code(by: By, operation: Operation, phones: &KnownPhones) -> Result<PxpQrCodeDevice, PxpError> {
    let hint = match operation {
        Operation::Register => QrCodeOperationHint::MakeCredential,
        Operation::SignIn => QrCodeOperationHint::GetAssertionRequest,
    };
    let tunnel = PxpTransports::CloudAssistedOnly;
    match by {
        By::CodeToRemember => PxpQrCodeDevice::new_persistent(hint, phones.store.clone(), tunnel),
        By::CodeWithL2cap => {
            PxpQrCodeDevice::new_transient(hint, PxpTransports::CloudAssistedOrLocal)
        }
        By::Code | By::Link => PxpQrCodeDevice::new_transient(hint, tunnel),
    }
}
