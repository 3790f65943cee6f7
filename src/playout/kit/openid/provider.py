"""A provider of OpenID Connect, found by its issuer (authorization code flow with PKCE)."""

import base64
import threading
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote_plus, urlencode, urlsplit

import structlog

from playout.kit.errors import Invalid, PlayoutError
from playout.kit.openid.id_token import UnknownKey, checked_claims
from playout.kit.openid.model import (
    Attempt,
    Declined,
    Identity,
    NotBelieved,
    ProviderAway,
    Registration,
)
from playout.kit.outbound.client import OutboundClient, OutboundRequest, OutboundResponse
from playout.kit.strict_json import parse

ANSWER_BYTES = 256 * 1024
ANSWER_SECONDS = 8.0
FRESH_SECONDS = 3600.0
"""Seconds for which what a provider says of itself, and its keys, are used again."""
KEYS_AGAIN_SECONDS = 10.0
"""Seconds until the keys are read again for a token with an unknown one: anybody can send those."""
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
FORM = {"Content-Type": "application/x-www-form-urlencoded"}

log = structlog.get_logger(__name__)


class Provider:
    """A provider, and what this process remembers of it."""

    def __init__(self, registration: Registration, outbound: OutboundClient) -> None:
        self._registration = registration
        self._outbound = outbound
        self._lock = threading.Lock()
        self._metadata: tuple[float, dict[str, Any]] | None = None
        self._keys: tuple[float, dict[str, Any]] | None = None
        self._renewed_at = float("-inf")

    def address(self, attempt: Attempt) -> str:
        """Return the address at which a person signs in. Raise `ProviderAway`."""
        from authlib.oauth2.rfc6749.parameters import prepare_grant_uri  # noqa: PLC0415
        from authlib.oauth2.rfc7636 import create_s256_code_challenge  # noqa: PLC0415

        return str(
            prepare_grant_uri(
                self.metadata()["authorization_endpoint"],
                client_id=self._registration.client_id,
                response_type="code",
                redirect_uri=self._registration.redirect_uri,
                scope=list(self._registration.scopes),
                state=attempt.state,
                nonce=attempt.nonce,
                code_challenge=create_s256_code_challenge(attempt.verifier),
                code_challenge_method="S256",
            )
        )

    def identity(self, attempt: Attempt, answer: Mapping[str, str]) -> Identity:
        """Return who signed in, by what the provider sent back with the browser.

        The caller has checked that the answer is to this attempt. Raise `Declined`, `NotBelieved`
        or `ProviderAway`.
        """
        metadata = self.metadata()
        _check_sender(metadata, answer)
        if "error" in answer:
            raise Declined("The provider did not sign you in.")
        tokens = self._tokens(metadata, attempt, answer.get("code", ""))
        claims = self._claims(metadata, attempt, str(tokens.get("id_token", "")))
        claims = {**self._user_info(metadata, tokens, claims["sub"]), **claims}
        return Identity(metadata["issuer"], claims["sub"], claims)

    def sign_out_address(self, back: str) -> str | None:
        """Return where a person signs out of the provider, too; None if it has no such page."""
        endpoint = self.metadata().get("end_session_endpoint")
        if not isinstance(endpoint, str) or not self._is_safe(endpoint):
            return None
        fields = {"client_id": self._registration.client_id, "post_logout_redirect_uri": back}
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(fields)}"

    def check(self) -> None:
        """Raise `ProviderAway` unless the provider says who it is, and has keys."""
        self._metadata = None
        self._read_keys(self.metadata())

    def metadata(self) -> dict[str, Any]:
        """Return what the provider says of itself (OpenID Connect Discovery)."""
        known = self._metadata
        if known is not None and time.monotonic() - known[0] < FRESH_SECONDS:
            return known[1]
        from authlib.oidc.discovery import get_well_known_url  # noqa: PLC0415

        metadata = self._public(get_well_known_url(self._registration.issuer, external=True))
        named = metadata.get("issuer")
        if not isinstance(named, str) or named.rstrip("/") != self._registration.issuer.rstrip("/"):
            raise ProviderAway("The provider says that it is another one than PLAYOUT_OIDC_ISSUER.")
        for name in ENDPOINTS:
            if not isinstance(metadata.get(name), str) or not self._is_safe(metadata[name]):
                raise ProviderAway(f"The provider has no {name} that can be used.")
        self._metadata = (time.monotonic(), metadata)
        return metadata

    def _is_safe(self, url: str) -> bool:
        """Return whether an address has https, or, like the issuer's, is on this machine."""
        return url.startswith("https://") or (
            url.startswith("http://")
            and urlsplit(url).netloc == urlsplit(self._registration.issuer).netloc
        )

    def _claims(self, metadata: dict[str, Any], attempt: Attempt, token: str) -> dict[str, Any]:
        known = (self._registration, metadata["issuer"], attempt)
        try:
            return checked_claims(token, self._known_keys(metadata), *known)
        except UnknownKey:  # the provider may have new ones
            return checked_claims(token, self._newer_keys(metadata), *known)

    def _known_keys(self, metadata: dict[str, Any]) -> dict[str, Any]:
        known = self._keys
        if known is not None and time.monotonic() - known[0] < FRESH_SECONDS:
            return known[1]
        return self._read_keys(metadata)

    def _newer_keys(self, metadata: dict[str, Any]) -> dict[str, Any]:
        with self._lock:
            if time.monotonic() - self._renewed_at >= KEYS_AGAIN_SECONDS:
                self._renewed_at = time.monotonic()
                self._read_keys(metadata)
            return self._known_keys(metadata)

    def _read_keys(self, metadata: dict[str, Any]) -> dict[str, Any]:
        keys = self._public(metadata["jwks_uri"])
        self._keys = (time.monotonic(), keys)
        return keys

    def _tokens(self, metadata: dict[str, Any], attempt: Attempt, code: str) -> dict[str, Any]:
        """Return the tokens for a code."""
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._registration.redirect_uri,
            "code_verifier": attempt.verifier,
        }
        headers = dict(FORM)
        secret, client_id = self._registration.client_secret, self._registration.client_id
        methods = metadata.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        if secret is None:
            fields["client_id"] = client_id
        elif "client_secret_basic" in methods:
            headers["Authorization"] = _basic(client_id, secret)
        else:
            fields |= {"client_id": client_id, "client_secret": secret}
        return self._json("POST", metadata["token_endpoint"], headers, urlencode(fields).encode())

    def _user_info(
        self, metadata: dict[str, Any], tokens: Mapping[str, Any], subject: str
    ) -> dict[str, Any]:
        """Return the claims that the provider says when it is asked; those of somebody else never.

        Many providers put nothing but the subject into the ID token.
        """
        endpoint, token = metadata.get("userinfo_endpoint"), tokens.get("access_token")
        if not isinstance(endpoint, str) or not isinstance(token, str):
            return {}
        if not self._is_safe(endpoint):
            return {}
        claims = self._json("GET", endpoint, {"Authorization": f"Bearer {token}"})
        if claims.get("sub") != subject:
            raise NotBelieved("The provider tells of somebody else.")
        return claims

    def _public(self, url: str) -> dict[str, Any]:
        """Return what the provider tells everybody. If it refuses that, it cannot be used."""
        try:
            return self._json("GET", url)
        except NotBelieved as error:
            raise ProviderAway("The provider refuses what it should tell everybody.") from error

    def _json(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
    ) -> dict[str, Any]:
        """Return the JSON object of an answer. No log has what was sent, or came."""
        request = OutboundRequest(method, url, headers or {}, content)
        path = urlsplit(url).path
        try:
            answer = self._outbound.exchange(request, ANSWER_BYTES, ANSWER_SECONDS)
        except PlayoutError as error:
            log.warning("openid.no_answer", path=path, error=error.message)
            raise ProviderAway(f"The provider does not answer: {error.message}") from error
        return _object(answer, path)


def _object(answer: OutboundResponse, path: str) -> dict[str, Any]:
    if answer.status in {400, 401, 403}:
        # It refuses what the browser brought, or our secret: the word is all that tells which.
        log.warning("openid.refused", path=path, status=answer.status, error=_word(answer.body))
        raise NotBelieved("The provider does not accept this attempt.")
    try:
        value = parse(answer.body) if answer.status == 200 else None
    except Invalid:
        value = None
    if not isinstance(value, dict):
        log.warning("openid.no_answer", path=path, status=answer.status)
        raise ProviderAway(f"The provider answered {path} with status {answer.status}.")
    return value


def _word(body: bytes) -> str:
    """Return the code of an error, such as `invalid_grant` (RFC 6749, 5.2); "" for none."""
    try:
        value = parse(body)
    except Invalid:
        return ""
    word = value.get("error") if isinstance(value, dict) else None
    return word[:64] if isinstance(word, str) else ""


def _check_sender(metadata: Mapping[str, Any], answer: Mapping[str, str]) -> None:
    """Raise `NotBelieved` for an answer that another provider sent back (RFC 9207)."""
    says = metadata.get("authorization_response_iss_parameter_supported") is True
    if answer.get("iss", "" if says else metadata["issuer"]) != metadata["issuer"]:
        raise NotBelieved("The answer is of another provider.")


def _basic(client_id: str, secret: str) -> str:
    """Return the header of a client, whose id and secret are encoded as in a form (RFC 6749)."""
    pair = f"{quote_plus(client_id)}:{quote_plus(secret)}"
    return f"Basic {base64.b64encode(pair.encode()).decode()}"
