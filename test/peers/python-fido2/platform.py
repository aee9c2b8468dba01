"""python-fido2 as the platform of an authenticator that the test holds: CTAP2 goes out and comes back as lines of JSON.

In: one operation a line. Out: any number of {"ctap": hex}, each answered by {"ctap": hex} or {"ctap": null}, and then
{"result": …} or {"error": …}.
"""

import json
import sys
from base64 import urlsafe_b64encode
from collections.abc import Mapping

from fido2.client import ClientError, DefaultClientDataCollector, Fido2Client, UserInteraction
from fido2.ctap import CtapDevice, CtapError
from fido2.ctap2 import ClientPin, Ctap2
from fido2.ctap2.extensions import (
    CredPropsExtension,
    CredProtectExtension,
    HmacSecretExtension,
    LargeBlobExtension,
)
from fido2.ctap2.pin import PinProtocolV1, PinProtocolV2
from fido2.hid import CAPABILITY
from fido2.webauthn import AuthenticatorData

PROTOCOLS = {1: PinProtocolV1, 2: PinProtocolV2}
EXTENSIONS = [CredPropsExtension(), CredProtectExtension(), HmacSecretExtension(), LargeBlobExtension()]


def as_json(value):
    if isinstance(value, bytes):
        return urlsafe_b64encode(value).rstrip(b"=").decode()
    if isinstance(value, Mapping):
        return dict(value)
    return str(value)


def tell(value):
    print(json.dumps(value, default=as_json), flush=True)


class PipedDevice(CtapDevice):
    """An authenticator at the other end of stdin and stdout."""

    capabilities = CAPABILITY.CBOR

    def call(self, cmd, data=b"", event=None, on_keepalive=None):
        tell({"ctap": data.hex()})
        answer = json.loads(sys.stdin.readline())["ctap"]
        if answer is None:
            raise OSError("the authenticator hung up")
        return bytes.fromhex(answer)

    @classmethod
    def list_devices(cls):
        return iter([])


class Owner(UserInteraction):
    """Verifies by the authenticator’s own means, and has no PIN."""

    def request_uv(self, permissions, rp_id):
        return True


def client(operation):
    collector = DefaultClientDataCollector(operation["origin"])
    return Fido2Client(PipedDevice(), collector, Owner(), EXTENSIONS)


def register(operation):
    return client(operation).make_credential(operation["options"])


def sign_in(operation):
    selection = client(operation).get_assertion(operation["options"])
    return [selection.get_response(index) for index in range(len(selection.get_assertions()))]


def info(operation):
    told = Ctap2(PipedDevice()).info
    names = ("versions", "extensions", "options", "max_msg_size", "transports", "algorithms", "pin_uv_protocols")
    return {"aaguid": bytes(told.aaguid), **{name: getattr(told, name) for name in names}}


def select(operation):
    Ctap2(PipedDevice()).selection()


def extended(operation):
    """A sign-in with extension inputs as they are, and what the authenticator answers to them."""
    ctap = Ctap2(PipedDevice())
    answer = sign_in_raw(ctap, operation, from_hex(operation["extensions"]))
    return {"signed": AuthenticatorData(answer[2]).extensions, "unsigned": answer.get(8)}


def sign_in_raw(ctap, operation, extensions):
    allowed = [{"type": "public-key", "id": bytes.fromhex(operation["id"])}]
    request = {1: operation["rpId"], 2: bytes(32), 3: allowed, 4: extensions, 5: {"uv": True}}
    return ctap.send_cbor(Ctap2.CMD.GET_ASSERTION, request)


def from_hex(value):
    """Bytes are {"hex": …} in the operations."""
    if isinstance(value, Mapping):
        return bytes.fromhex(value["hex"]) if "hex" in value else {key: from_hex(each) for key, each in value.items()}
    return value


def key_agreement(operation):
    return key_of(Ctap2(PipedDevice()), operation["protocol"])


def key_of(ctap, protocol):
    return ctap.client_pin(protocol, ClientPin.CMD.GET_KEY_AGREEMENT)[ClientPin.RESULT.KEY_AGREEMENT]


def hmac_secret(operation):
    """hmac-secret by hand, so that one thing in it can be wrong."""
    ctap = Ctap2(PipedDevice())
    protocol = PROTOCOLS[operation["protocol"]]()
    key, secret = protocol.encapsulate(key_of(ctap, operation["protocol"]))
    salt = protocol.encrypt(secret, bytes(operation["saltBytes"]))
    proof = bytearray(protocol.authenticate(secret, salt))
    proof[-1] ^= operation["proofBit"]
    inputs = {1: key, 2: salt, 3: bytes(proof), 4: operation["claimed"]}
    answer = sign_in_raw(ctap, operation, {"hmac-secret": inputs})
    return protocol.decrypt(secret, AuthenticatorData(answer[2]).extensions["hmac-secret"])


OPERATIONS = {
    each.__name__: each for each in (register, sign_in, info, select, extended, key_agreement, hmac_secret)
}


def reason_of(error):
    if isinstance(error, CtapError):
        return error.code.name
    if isinstance(error, ClientError):
        return error.code.name + (f": {reason_of(error.cause)}" if error.cause else "")
    return f"{type(error).__name__}: {error}"


for line in sys.stdin:
    operation = json.loads(line)
    try:
        tell({"result": OPERATIONS[operation["do"]](operation)})
    except Exception as error:  # Whatever the library raises is what the test is told.
        tell({"error": reason_of(error)})
