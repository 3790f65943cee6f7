"""Passkeys: keys in a device or a password manager, with which a person signs in (WebAuthn).

A challenge is signed, and ends after some minutes. It is stored when it was answered, so that the
same answer opens nothing again.
"""

import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address
from urllib.parse import urlsplit

from playout.core.accounts import people_queries as queries
from playout.core.accounts.challenges import TRY_AGAIN, spend
from playout.core.accounts.model import Passkey, User
from playout.core.accounts.people import own_user
from playout.core.accounts.sessions import is_personal
from playout.core.unit import ReadUnit, WriteUnit
from playout.kit.errors import Conflict, Forbidden, Invalid, NotFound
from playout.kit.signing import Signer

PURPOSE = "passkey"
CHALLENGE_SECONDS = 600
MOST = 20
"""Passkeys that a person may have."""
UNKNOWN = "Nobody here has this passkey."


@dataclass(frozen=True, slots=True)
class Site:
    """The site for which passkeys are made: they work nowhere else."""

    signer: Signer
    base_url: str
    name: str

    @property
    def origin(self) -> str:
        parts = urlsplit(self.base_url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def host(self) -> str:
        return urlsplit(self.base_url).hostname or ""

    @property
    def can_have_passkeys(self) -> bool:
        """Return whether browsers make passkeys for it: for names by HTTPS, and `localhost`."""
        try:
            ip_address(self.host)
        except ValueError:
            return self.base_url.startswith("https:") or self.host == "localhost"
        return False

    def new_challenge(self, bound_to: str) -> str:
        """Return a challenge that only whoever has that text can answer, for some minutes."""
        text = f"{secrets.token_urlsafe(24)}.{int(time.time()) + CHALLENGE_SECONDS}"
        return f"{text}.{self._signature(text, bound_to)}"

    def check_challenge(self, challenge: str, bound_to: str) -> datetime:
        """Return when a challenge expires. Raise `Invalid` unless it is of the last minutes."""
        text, _, signature = challenge.rpartition(".")
        end = text.rpartition(".")[2]
        is_ours = self.signer.verify(PURPOSE, f"{bound_to}.{text}", signature)
        if not is_ours or not end.isdecimal() or int(end) < time.time():
            raise Invalid(TRY_AGAIN)
        return datetime.fromtimestamp(int(end), UTC)

    def _signature(self, text: str, bound_to: str) -> str:
        return self.signer.signature(PURPOSE, f"{bound_to}.{text}")


@dataclass(frozen=True, slots=True)
class Answer:
    """A passkey that a browser made for a challenge, as JSON, and what its owner calls it."""

    challenge: str
    credential: str
    name: str


def creation_options(unit: ReadUnit, site: Site, user: User, challenge: str) -> str:
    """Return the JSON with which a browser makes a passkey for a person."""
    from webauthn import (  # noqa: PLC0415  it takes long to import
        generate_registration_options,
        options_to_json,
    )
    from webauthn.helpers.structs import (  # noqa: PLC0415
        AuthenticatorSelectionCriteria,
        PublicKeyCredentialDescriptor,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    known = [
        PublicKeyCredentialDescriptor(id=each.credential_id)
        for each in queries.passkeys(unit, user.id)
    ]
    options = generate_registration_options(
        rp_id=site.host,
        rp_name=site.name,
        user_name=user.email,
        # Not the id that events name: a passkey may be synchronized to others.
        user_id=site.signer.digest(PURPOSE, f"user.{user.id}"),
        challenge=challenge.encode(),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=known,
    )
    return str(options_to_json(options))


def request_options(site: Site, challenge: str) -> str:
    """Return the JSON with which a browser asks for any passkey of this site."""
    from webauthn import (  # noqa: PLC0415
        generate_authentication_options,
        options_to_json,
    )
    from webauthn.helpers.structs import UserVerificationRequirement  # noqa: PLC0415

    options = generate_authentication_options(
        rp_id=site.host,
        challenge=challenge.encode(),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return str(options_to_json(options))


def add(unit: WriteUnit, site: Site, cookie: str, made: Answer) -> None:
    """Store a passkey that the caller's browser made. Raise `Invalid` if it is not one.

    The caller must have signed in as a person: whoever has a token only could stay for ever.
    """
    from webauthn import verify_registration_response  # noqa: PLC0415
    from webauthn.helpers.exceptions import WebAuthnException  # noqa: PLC0415

    user = own_user(unit)
    if not is_personal(unit, site.signer, cookie):
        raise Forbidden("Sign in with your password to add a passkey.")
    expires_at = site.check_challenge(made.challenge, cookie)
    if len(queries.passkeys(unit, user.id)) >= MOST:
        raise Conflict(f"A person may have {MOST} passkeys.")
    try:
        verified = verify_registration_response(
            credential=made.credential,
            expected_challenge=made.challenge.encode(),
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except WebAuthnException:
        raise Invalid(TRY_AGAIN) from None
    if queries.passkey(unit, verified.credential_id) is not None:
        raise Conflict("This passkey is there already.")
    spend(unit, site.signer, made.challenge, expires_at)
    passkey = Passkey(
        user_id=user.id,
        credential_id=verified.credential_id,
        public_key=verified.credential_public_key,
        sign_count=verified.sign_count,
        name=made.name,
        created_at=unit.now,
    )
    unit.session.add(passkey)
    unit.session.flush()


def remove(unit: WriteUnit, passkey_id: int) -> None:
    """Remove a passkey of the caller, which opens nothing any more. Raise `NotFound`."""
    user = own_user(unit)
    found = [each for each in queries.passkeys(unit, user.id) if each.id == passkey_id]
    if not found:
        raise NotFound("There is no such passkey.")
    unit.session.delete(found[0])


def person_of(unit: WriteUnit, site: Site, challenge: str, answer: str) -> User:
    """Return the person whose passkey answered a challenge of `request_options`.

    Raise `Invalid` for anything else.
    """
    from webauthn import (  # noqa: PLC0415
        verify_authentication_response,
    )
    from webauthn.helpers import parse_authentication_credential_json  # noqa: PLC0415
    from webauthn.helpers.exceptions import WebAuthnException  # noqa: PLC0415

    expires_at = site.check_challenge(challenge, "")
    try:
        credential = parse_authentication_credential_json(answer)
        passkey = queries.passkey(unit, credential.raw_id, for_update=True)
        if passkey is None:
            raise Invalid(UNKNOWN)
        used = verify_authentication_response(
            credential=credential,
            expected_challenge=challenge.encode(),
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except WebAuthnException:
        raise Invalid(TRY_AGAIN) from None
    spend(unit, site.signer, challenge, expires_at)
    passkey.sign_count, passkey.last_used_at = used.new_sign_count, unit.now
    user = unit.session.get(User, passkey.user_id)
    if user is None:
        raise Invalid(UNKNOWN)
    return user
