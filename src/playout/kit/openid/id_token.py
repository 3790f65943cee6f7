"""The check of ID tokens (OpenID Connect Core, 3.1.3.7)."""

from collections.abc import Mapping
from typing import Any

from playout.kit.openid.model import Attempt, NotBelieved, ProviderAway, Registration

ALGORITHMS = (
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512", "EdDSA", "Ed25519"),
)
"""The algorithms of signatures that are believed: those with a public key. The client secret, which
others may know, signs nothing, and no token goes without a signature."""
PUBLIC_KEYS = ("RSA", "EC", "OKP")
LEEWAY_SECONDS = 60
"""Seconds by which the clocks of a provider and of this machine may differ."""


class UnknownKey(NotBelieved):
    """A token that is signed with a key that is not among the known ones."""


def checked_claims(
    token: str, keys: Mapping[str, Any], registration: Registration, issuer: str, attempt: Attempt
) -> dict[str, Any]:
    """Return the claims of an ID token for this installation, and for that attempt.

    Raise `UnknownKey` if none of the keys has the id that the token names, and `NotBelieved` for a
    token that is not from the issuer, not for us, not for now, or not for this attempt.
    """
    # They take long to import, and most installations do not use them.
    from authlib.oidc.core import CodeIDToken  # noqa: PLC0415
    from joserfc import jwt  # noqa: PLC0415
    from joserfc.errors import InvalidKeyIdError, JoseError  # noqa: PLC0415
    from joserfc.jws import JWSRegistry  # noqa: PLC0415

    registry = JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False)
    try:
        decoded = jwt.decode(token, _key_set(keys), registry=registry)
        claims = CodeIDToken(
            decoded.claims,
            decoded.header,
            {
                "iss": {"essential": True, "value": issuer},
                "aud": {"essential": True, "value": registration.client_id},
                "sub": {"essential": True},
            },
            {"nonce": attempt.nonce, "client_id": registration.client_id},
        )
        claims.validate(leeway=LEEWAY_SECONDS)
    except InvalidKeyIdError as error:
        raise UnknownKey("The ID token is signed with an unknown key.") from error
    except (JoseError, ValueError, TypeError) as error:
        raise NotBelieved(f"The ID token is not valid: {type(error).__name__}.") from error
    if not isinstance(claims["sub"], str) or not 0 < len(claims["sub"]) <= 255:
        raise NotBelieved("The ID token names nobody.")
    return dict(claims)


def _key_set(keys: Mapping[str, Any]) -> Any:
    """Return the public keys of a set that may sign."""
    from joserfc.errors import JoseError  # noqa: PLC0415
    from joserfc.jwk import KeySet  # noqa: PLC0415

    listed = keys.get("keys")
    usable = [
        key
        for key in (listed if isinstance(listed, list) else [])
        if isinstance(key, dict) and key.get("kty") in PUBLIC_KEYS and key.get("use") != "enc"
    ]
    try:
        return KeySet.import_key_set({"keys": usable})
    except (JoseError, ValueError, TypeError) as error:
        raise ProviderAway("The provider publishes no key that can be used.") from error
