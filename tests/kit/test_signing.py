"""Tokens and signatures."""

import stat

import pytest

from playout.kit.signing import Signer, is_well_formed, load_or_create_secret, mint

JUNK = (
    *("", ".", "app.v1", "app.v1.", "app.v1." + "A" * 32, "x" * 10_000, "app.v1.é", "\x00"),
    *("app.v1.=", "app.v1." + "=" * 32, "app.v1.\ud800", "....", "app.v1." + "+/" * 16),
)


class TestMint:
    def test_a_key_has_160_random_bits_and_a_checksum(self):
        prefix, _, text = mint("app.v1").rpartition(".")
        assert (prefix, len(text)) == ("app.v1", 32)

    def test_tokens_are_unique(self):
        assert len({mint("app.v1") for _ in range(1000)}) == 1000

    def test_new_tokens_are_well_formed(self):
        assert all(is_well_formed(mint(prefix)) for prefix in ("app.v1", "sub.v1", "usr.v1", ""))


class TestIsWellFormed:
    def test_one_wrong_character_is_noticed(self):
        token = mint("app.v1")
        for place, letter in enumerate(token):
            wrong = "A" if letter != "A" else "B"
            assert not is_well_formed(token[:place] + wrong + token[place + 1 :]), place

    def test_the_checksum_includes_the_prefix(self):
        assert not is_well_formed(mint("app.v1").replace("app", "sub"))

    @pytest.mark.parametrize("junk", JUNK)
    def test_junk_is_not_well_formed(self, junk):
        assert not is_well_formed(junk)

    @pytest.mark.parametrize("change", [str.upper, lambda t: t + "\n", lambda t: f" {t}"])
    def test_another_spelling_of_a_token_is_not_well_formed(self, change):
        assert not is_well_formed(change(mint("app.v1")))


class TestSigner:
    def test_a_signature_depends_on_message_purpose_and_secret(self):
        signer = Signer("secret")
        signature = signer.signature("playback", "message")
        assert signer.verify("playback", "message", signature)
        assert not signer.verify("playback", "messag", signature)
        assert not signer.verify("key", "message", signature)
        assert not Signer("other").verify("playback", "message", signature)

    @pytest.mark.parametrize("signature", ["", "x", "é", "=" * 43, "\x00"])
    def test_junk_is_no_signature(self, signature):
        assert not Signer("secret").verify("playback", "message", signature)

    def test_purpose_and_message_do_not_run_together(self):
        signer = Signer("secret")
        assert signer.signature("a", "bc") != signer.signature("ab", "c")


class TestLoadOrCreateSecret:
    def test_it_is_created_once_and_readable_by_its_owner_only(self, tmp_path):
        path = tmp_path / "secret.key"
        secret = load_or_create_secret(path)
        assert load_or_create_secret(path) == secret
        assert len(secret) >= 43
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert list(tmp_path.iterdir()) == [path]

    def test_an_existing_secret_is_kept(self, tmp_path):
        path = tmp_path / "secret.key"
        path.write_text("mine\n")
        assert load_or_create_secret(path) == "mine"
