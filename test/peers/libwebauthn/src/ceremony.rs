//! One registration or sign-in, from the options to the response.

use libwebauthn::ops::webauthn::{
    GetAssertionRequest, MakeCredentialRequest, OriginValidation, PublicSuffixList, RelatedOrigins,
    RequestOrigin, RequestSettings, WebAuthnIDLResponse,
};
use libwebauthn::transport::hybrid::channel::HybridChannel;
use libwebauthn::transport::{Channel, ChannelSettings, Device};
use libwebauthn::webauthn::WebAuthn;
use serde_json::Value;

use crate::asked::{By, Operation, Wanted};
use crate::code::new_code;
use crate::known::KnownPhones;
use crate::told::Told;

type Responses = Result<Vec<Value>, Told>;

/// Whatever happens ends as a line.
pub async fn perform(wanted: &Wanted, phones: &KnownPhones) -> Told {
    match tried(wanted, phones).await {
        Ok(responses) => Told::Done { responses },
        Err(failed) => failed,
    }
}

async fn tried(wanted: &Wanted, phones: &KnownPhones) -> Responses {
    let mut channel = open(wanted, phones).await?;
    tell_steps(&channel);
    let responses = match wanted.operation {
        Operation::Register => register(&mut channel, wanted).await,
        Operation::SignIn => sign_in(&mut channel, wanted).await,
    };
    // It says goodbye also when something went wrong, as browsers do.
    channel.close().await;
    responses
}

async fn open(wanted: &Wanted, phones: &KnownPhones) -> Result<HybridChannel, Told> {
    let settings = ChannelSettings::default();
    if let By::Link = wanted.by {
        let phone = phones.any(wanted.operation).await;
        let mut phone = phone.ok_or(Told::failed("no phone is remembered"))?;
        return phone.channel(settings).await.map_err(Told::failed);
    }
    let mut code = new_code(wanted.by, wanted.operation, phones).map_err(Told::failed)?;
    let channel = code.channel(settings).await.map_err(Told::failed)?;
    Told::Qr { url: code.qr_code.to_string() }.tell();
    Ok(channel)
}

fn tell_steps(channel: &HybridChannel) {
    let mut steps = channel.get_ux_update_receiver();
    tokio::spawn(async move {
        while let Ok(step) = steps.recv().await {
            Told::step(step).tell();
        }
    });
}

async fn register(channel: &mut HybridChannel, wanted: &Wanted) -> Responses {
    let (origin, options) = (origin_of(wanted)?, wanted.options.to_string());
    let prepared = MakeCredentialRequest::prepare(&origin, &options, &settings()).await;
    let request = prepared.map_err(Told::failed)?;
    let response = channel.webauthn_make_credential(&request).await.map_err(Told::failed)?;
    Ok(vec![response.to_json_value(&request).map_err(Told::failed)?])
}

async fn sign_in(channel: &mut HybridChannel, wanted: &Wanted) -> Responses {
    let (origin, options) = (origin_of(wanted)?, wanted.options.to_string());
    let prepared = GetAssertionRequest::prepare(&origin, &options, &settings()).await;
    let request = prepared.map_err(Told::failed)?;
    let response = channel.webauthn_get_assertion(&request).await.map_err(Told::failed)?;
    let all = response.assertions.iter();
    all.map(|one| one.to_json_value(&request).map_err(Told::failed)).collect()
}

fn origin_of(wanted: &Wanted) -> Result<RequestOrigin, Told> {
    RequestOrigin::try_from(wanted.origin.as_str()).map_err(Told::failed)
}

fn settings() -> RequestSettings<'static> {
    let origin = OriginValidation::Validate {
        public_suffix_list: &LastLabel,
        related_origins: RelatedOrigins::Disabled,
    };
    RequestSettings { origin }
}

/// A list of public suffixes that knows the top-level domains alone.
struct LastLabel;

impl PublicSuffixList for LastLabel {
    fn public_suffix(&self, host: &str) -> Option<String> {
        host.rsplit('.').next().map(String::from)
    }
}
