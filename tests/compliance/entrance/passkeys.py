"""A passkey as the database keeps it, made without a browser."""

from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData


def credential(of: str) -> dict[str, Any]:
    """What a browser answers when a passkey is made; `of` makes it somebody's own."""
    key = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    attested = AttestedCredentialData.create(b"\0" * 16, of.encode(), key)
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV | AuthenticatorData.FLAG.AT
    answered = AuthenticatorData.create(b"\0" * 32, flags, 0, attested)
    client = CollectedClientData.create("webauthn.create", b"challenge", "http://localhost")
    name = websafe_encode(of.encode())
    return {
        "id": name,
        "rawId": name,
        "type": "public-key",
        "response": {
            "clientDataJSON": websafe_encode(client),
            "attestationObject": websafe_encode(AttestationObject.create("none", answered, {})),
        },
        "clientExtensionResults": {"credProps": {"rk": True}},
    }
