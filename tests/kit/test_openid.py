"""ID tokens that are believed, and those that are not."""

import base64
import hmac
import json
import time
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_network
from threading import Thread

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

from playout.kit.openid.id_token import UnknownKey, checked_claims
from playout.kit.openid.model import Attempt, Identity, NotBelieved, ProviderAway, Registration
from playout.kit.openid.provider import Provider
from playout.kit.outbound.client import OutboundClient

ISSUER, CLIENT = "https://id.example", "playout"
OURS = Registration(ISSUER, CLIENT, "secret", ("openid",), "https://video.example/callback")
ATTEMPT = Attempt("state", "nonce", "verifier")
KEY = RSAKey.generate_key(2048, {"kid": "first", "use": "sig"})
FORGED = RSAKey.generate_key(2048, {"kid": "first", "use": "sig"})
CURVE = ECKey.generate_key("P-256", {"kid": "curve"})
PUBLISHED = {"keys": [KEY.as_dict(private=False), CURVE.as_dict(private=False)]}


def claims(**changed):
    now = int(time.time())
    known = {"iss": ISSUER, "aud": CLIENT, "sub": "ada", "nonce": "nonce"}
    all_ = {**known, "iat": now, "exp": now + 300, **changed}
    return {name: value for name, value in all_.items() if value is not None}


def token(key=KEY, algorithm="RS256", kid="first", **changed) -> str:
    header = {"alg": algorithm, "kid": kid}
    return jwt.encode(header, claims(**changed), key, algorithms=[algorithm])


def coded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def unsigned(algorithm: str = "none") -> str:
    parts = ({"alg": algorithm, "kid": "first"}, claims())
    return ".".join(coded(json.dumps(each).encode()) for each in parts) + "."


def keyed(public: bytes) -> str:
    """Signed with the public key, which everybody knows, as if it were a shared secret."""
    text = unsigned("HS256")
    return text + coded(hmac.digest(public, text[:-1].encode(), "sha256"))


def check(text: str, keys=PUBLISHED):
    return checked_claims(text, keys, OURS, ISSUER, ATTEMPT)


class TestIdTokens:
    def test_a_token_for_this_attempt_names_the_person(self):
        assert check(token())["sub"] == "ada"
        assert check(token(CURVE, "ES256", "curve", aud=[CLIENT]))["sub"] == "ada"

    @pytest.mark.parametrize(
        "changed",
        [
            {"iss": "https://other.example"},
            {"iss": None},
            {"aud": "another client"},
            {"aud": ["another client"]},
            {"aud": [CLIENT, "another client"], "azp": "another client"},
            {"exp": 1},
            {"exp": None},
            {"nbf": 4_000_000_000},
            {"nonce": "of another attempt"},
            {"nonce": None},
            {"sub": None},
            {"sub": ""},
            {"sub": 7},
        ],
    )
    def test_one_that_is_not_for_us_here_and_now_is_refused(self, changed):
        with pytest.raises(NotBelieved):
            check(token(**changed))

    def test_one_that_somebody_else_signed_is_refused(self):
        secret = OctKey.import_key("secret-secret-secret-secret-secret-secret")
        shared = {"keys": [*PUBLISHED["keys"], {**secret.as_dict(), "kid": "shared"}]}
        for text, keys in (
            (token(FORGED), PUBLISHED),
            (unsigned(), PUBLISHED),
            (keyed(KEY.as_pem(private=False)), PUBLISHED),
            (token(secret, "HS256", "shared"), shared),
            (token()[:-4] + "AAAA", PUBLISHED),
            ("no token", PUBLISHED),
            ("", PUBLISHED),
        ):
            with pytest.raises(NotBelieved):
                check(text, keys)

    def test_a_key_that_is_not_published_yet_is_told_from_a_wrong_one(self):
        with pytest.raises(UnknownKey):
            check(token(kid="second"))
        for useless in ({"keys": []}, {}, {"keys": [{"kty": "RSA"}]}, {"keys": ["x"]}):
            with pytest.raises(ProviderAway):
                check(token(), useless)


class Refusing(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_error(403)


def test_a_provider_that_refuses_what_everybody_may_read_is_away():
    with HTTPServer(("127.0.0.1", 0), Refusing) as server:
        Thread(target=server.handle_request, daemon=True).start()
        ours = replace(OURS, issuer=f"http://127.0.0.1:{server.server_port}")
        provider = Provider(ours, OutboundClient([ip_network("127.0.0.0/8")]))
        with pytest.raises(ProviderAway):
            provider.address(ATTEMPT)


class TestClaims:
    def test_a_claim_is_a_text_or_a_list_and_may_be_inside_of_another(self):
        who = Identity(
            ISSUER,
            "ada",
            {
                "hd": "films.example",
                "groups": ["a", "b", 3],
                "realm_access": {"roles": ["c"]},
                "https://films.example/roles": ["d"],
                "email_verified": "true",
            },
        )
        assert who.values("hd") == {"films.example"}
        assert who.values("groups") == {"a", "b"}
        assert who.values("realm_access.roles") == {"c"}
        assert who.values("https://films.example/roles") == {"d"}
        assert who.values("missing.too") == frozenset()
        assert who.has_verified_email
        assert not Identity(ISSUER, "ada", {"email_verified": 1.5}).has_verified_email
