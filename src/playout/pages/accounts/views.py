"""Views of the pages of accounts."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from playout.pages.messages import Messages
from playout.pages.messages import messages as messages_in


def _english() -> Messages:
    return messages_in(None)


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstStartView:
    """The form of the first start. `values` are what was typed."""

    site_name: str
    prefix: str
    code: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    problem: str | None = None
    shortest: int = 0
    messages: Messages = field(default_factory=_english)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInView:
    """The sign-in page.

    `next` is a path on this site, `viewer` the name of a member who is signed in already, and
    `problem` the reason why signing in failed. While nobody has a password, it asks for tokens
    only.
    """

    site_name: str
    next: str = "/"
    viewer: str | None = None
    has_passwords: bool = False
    email: str = ""
    by_token: bool = False
    by_provider: bool = False
    """True if the problem is with the provider of OpenID Connect."""
    provider_label: str = ""
    """The text of the button that signs in by the provider; "" if there is none."""
    challenge: str = ""
    passkey_options: str = ""
    """The JSON with which a browser asks for a passkey; "" if nobody has one."""
    problem: str | None = None
    messages: Messages = field(default_factory=_english)
    prefix: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedOutView:
    """The page after signing out, for who came by a provider of OpenID Connect.

    `sign_out_url` is where to sign out of the provider, too; None if it has no such page.
    """

    site_name: str
    prefix: str
    sign_out_url: str | None
    messages: Messages = field(default_factory=_english)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLinkView:
    """The form behind an account link. `values` are what was typed."""

    site_name: str
    prefix: str
    code: str
    organization: str
    email: str
    is_invitation: bool
    role: str = ""
    viewer: str | None = None
    """The name of the person who was invited, if that person is signed in."""
    values: Mapping[str, str] = field(default_factory=dict)
    problem: str | None = None
    shortest: int = 0
    messages: Messages = field(default_factory=_english)
