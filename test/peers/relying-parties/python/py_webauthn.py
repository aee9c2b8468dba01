"""py_webauthn as a relying party."""

from lines import answer_questions, decode, encode
from webauthn import verify_authentication_response, verify_registration_response
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.structs import AttestationFormat, CredentialDeviceType


def register(question):
    options = question["options"]
    verified = verify_registration_response(
        credential=question["response"],
        expected_challenge=decode(options["challenge"]),
        expected_origin=question["origin"],
        expected_rp_id=options["rp"]["id"],
        require_user_verification=question["userVerified"],
        supported_pub_key_algs=[COSEAlgorithmIdentifier(each["alg"]) for each in options["pubKeyCredParams"]],
        pem_root_certs_bytes_by_fmt={AttestationFormat.PACKED: [root.encode() for root in question["roots"]]},
    )
    return {
        "format": verified.fmt,
        "record": {
            "id": encode(verified.credential_id),
            "publicKey": encode(verified.credential_public_key),
            "counter": verified.sign_count,
            "backupEligible": verified.credential_device_type == CredentialDeviceType.MULTI_DEVICE,
            "backedUp": verified.credential_backed_up,
        },
    }


def sign_in(question):
    options, record = question["options"], question["record"]
    verified = verify_authentication_response(
        credential=question["response"],
        expected_challenge=decode(options["challenge"]),
        expected_origin=question["origin"],
        expected_rp_id=options["rpId"],
        require_user_verification=question["userVerified"],
        credential_public_key=decode(record["publicKey"]),
        credential_current_sign_count=record["counter"],
    )
    return {"id": encode(verified.credential_id), "counter": verified.new_sign_count}


answer_questions(lambda question: sign_in(question) if "record" in question else register(question))
