"""The server of python-fido2 as a relying party."""

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from fido2 import cbor
from fido2.attestation import AttestationVerifier, NoneAttestation, PackedAttestation
from fido2.cose import CoseKey
from fido2.server import Fido2Server
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, PublicKeyCredentialRpEntity
from lines import answer_questions, decode, encode


class Roots(AttestationVerifier):
    """Trusts the roots of a question."""

    def __init__(self, roots):
        super().__init__([NoneAttestation(), PackedAttestation()])
        self.roots = [x509.load_pem_x509_certificate(root.encode()) for root in roots]

    def ca_lookup(self, attestation_result, auth_data):
        issuer = x509.load_der_x509_certificate(attestation_result.trust_path[-1]).issuer
        found = (root for root in self.roots if root.subject == issuer)
        return next((root.public_bytes(Encoding.DER) for root in found), None)

    def verify_attestation(self, attestation_object, client_data_hash):
        attestation = next(
            (each for each in self._attestation_types if each.FORMAT == attestation_object.fmt), None
        )
        # A statement without certificates has no chain to look up.
        if attestation is None or "x5c" in attestation_object.att_stmt:
            super().verify_attestation(attestation_object, client_data_hash)
        else:
            attestation.verify(attestation_object.att_stmt, attestation_object.auth_data, client_data_hash)


def server_of(question, rp_id):
    return Fido2Server(
        PublicKeyCredentialRpEntity(name="Example", id=rp_id),
        attestation="direct",
        verify_origin=lambda origin: origin == question["origin"],
        verify_attestation=Roots(question["roots"]),
    )


def requirement(question):
    return "required" if question["userVerified"] else "discouraged"


def register(question):
    options = question["options"]
    server = server_of(question, options["rp"]["id"])
    _, state = server.register_begin(
        {"id": decode(question["user"]), "name": "Ada"},
        user_verification=requirement(question),
        challenge=decode(options["challenge"]),
    )
    auth_data = server.register_complete(state, question["response"])
    credential = auth_data.credential_data
    attestation = AttestationObject(decode(question["response"]["response"]["attestationObject"]))
    return {
        "format": attestation.fmt,
        "record": {
            "id": encode(credential.credential_id),
            "publicKey": encode(cbor.encode(dict(credential.public_key))),
            "counter": auth_data.counter,
            "backupEligible": auth_data.is_backup_eligible(),
            "backedUp": auth_data.is_backed_up(),
        },
    }


def sign_in(question):
    options, record = question["options"], question["record"]
    server = server_of(question, options["rpId"])
    _, state = server.authenticate_begin(
        user_verification=requirement(question), challenge=decode(options["challenge"])
    )
    known = AttestedCredentialData.create(
        Aaguid(bytes(16)), decode(record["id"]), CoseKey.parse(cbor.decode(decode(record["publicKey"])))
    )
    credential = server.authenticate_complete(state, [known], question["response"])
    return {"id": encode(credential.credential_id)}


answer_questions(lambda question: sign_in(question) if "record" in question else register(question))
