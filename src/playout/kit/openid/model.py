"""The registration with a provider, an attempt to sign in, and the identity that comes of it."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from playout.kit.errors import Forbidden, Unavailable

RANDOM_BYTES = 32


class ProviderAway(Unavailable):
    """A provider that gives no answer, or none that can be used."""


class NotBelieved(Forbidden):
    """An answer of somebody who is not the provider, or to another question."""


class Declined(Forbidden):
    """A provider that signs the person in for nobody, such as after a click on Cancel."""


@dataclass(frozen=True, slots=True)
class Registration:
    """This installation, as it is registered with a provider."""

    issuer: str
    client_id: str
    client_secret: str | None
    scopes: tuple[str, ...]
    redirect_uri: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """The secrets of one attempt to sign in: state, nonce, and the verifier of PKCE (RFC 7636)."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def new(cls) -> "Attempt":
        return cls(*(secrets.token_urlsafe(RANDOM_BYTES) for _ in range(3)))


@dataclass(frozen=True, slots=True)
class Identity:
    """A person, as a provider that was believed names them."""

    issuer: str
    subject: str
    claims: Mapping[str, Any]

    def text(self, name: str) -> str:
        """Return a claim that is a line of text; "" for one that is missing or something else."""
        value = self.claims.get(name)
        return value.strip() if isinstance(value, str) and value.isprintable() else ""

    @property
    def has_verified_email(self) -> bool:
        # Some providers write the boolean as a text.
        return self.claims.get("email_verified") in (True, "true")

    def values(self, claim: str) -> frozenset[str]:
        """Return the texts of a claim, which may be one text or a list.

        A claim inside of another is named with a dot: `realm_access.roles`.
        """
        value = _found(self.claims, claim)
        texts = value if isinstance(value, list) else [value]
        return frozenset(each for each in texts if isinstance(each, str))


def _found(claims: Mapping[str, Any], name: str) -> Any:
    if name in claims:
        return claims[name]
    outer, dot, inner = name.partition(".")
    below = claims.get(outer)
    return _found(below, inner) if dot and isinstance(below, Mapping) else None
