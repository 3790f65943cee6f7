"""A device with a passkey that does not count its signatures, like those that are synchronized."""

import json
from hashlib import sha256
from secrets import token_bytes

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import bytes_to_base64url

PRESENT_AND_VERIFIED = b"\x05"
NO_COUNT = bytes(4)


class Authenticator:
    def __init__(self) -> None:
        self.credential_id = token_bytes(16)
        self._key = ec.generate_private_key(ec.SECP256R1())

    @property
    def public_key(self) -> bytes:
        """The key as CBOR (COSE): an elliptic curve, ES256, P-256, and its point."""
        point = self._key.public_key().public_numbers()
        x, y = (each.to_bytes(32, "big") for each in (point.x, point.y))
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})

    def answer(self, challenge: str, origin: str, host: str) -> str:
        """What a browser sends for a challenge."""
        asked = {
            "type": "webauthn.get",
            "challenge": bytes_to_base64url(challenge.encode()),
            "origin": origin,
        }
        client = json.dumps(asked).encode()
        data = sha256(host.encode()).digest() + PRESENT_AND_VERIFIED + NO_COUNT
        signature = self._key.sign(data + sha256(client).digest(), ec.ECDSA(SHA256()))
        named = bytes_to_base64url(self.credential_id)
        response = {
            "clientDataJSON": bytes_to_base64url(client),
            "authenticatorData": bytes_to_base64url(data),
            "signature": bytes_to_base64url(signature),
        }
        return json.dumps({"id": named, "rawId": named, "type": "public-key", "response": response})
