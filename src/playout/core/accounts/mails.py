"""Mails to members. A worker sends them after the commit, and tries again for some hours."""

from typing import NamedTuple, Protocol

import structlog
from procrastinate import RetryStrategy

from playout.core.permissions import Role
from playout.core.unit import WriteUnit
from playout.kit.encryption import SecretCipher
from playout.kit.jobs import job
from playout.kit.mail import send_mail
from playout.settings import Settings

INVITED = """Hello,

{organization} invites you to its videos, as {role}. Open this link within 7 days to join:

{link}

The link works once. If you do not know why you got this, ignore it.
"""
NEW_WAY_IN = """Hello,

an administrator of {organization} made a link with which you set a new password. It works once,
within a day:

{link}

If you did not ask for it, ignore it: your password stays as it is.
"""

log = structlog.get_logger(__name__)


class Resources(Protocol):
    """The parts of the runtime that mails need."""

    @property
    def settings(self) -> Settings: ...

    @property
    def cipher(self) -> SecretCipher: ...


class Letter(NamedTuple):
    """A link to mail, to a person, from an organization."""

    to: str
    link: str
    organization: str


def mail_invitation(unit: WriteUnit, resources: Resources, letter: Letter, role: Role) -> bool:
    """Mail an invitation when this commits. Return False if the installation sends no mails."""
    text = INVITED.format(organization=letter.organization, role=role, link=letter.link)
    return _mail(unit, resources, letter.to, f"Join {letter.organization}", text)


def mail_password_link(unit: WriteUnit, resources: Resources, letter: Letter) -> bool:
    """Mail a link that sets a password, as `mail_invitation` does."""
    text = NEW_WAY_IN.format(organization=letter.organization, link=letter.link)
    return _mail(unit, resources, letter.to, "A new password", text)


@job(
    name="accounts.deliver_mail",
    queue="upkeep",
    retry=RetryStrategy(max_attempts=6, exponential_wait=5),
)
def deliver(resources: Resources, to: str, subject: str, sealed: str) -> None:
    """Send a mail."""
    settings = resources.settings
    if settings.smtp_url is None:
        return
    text = resources.cipher.decrypt(sealed.encode())
    send_mail(settings.smtp_url.get_secret_value(), settings.mail_sender, to, subject, text)
    log.info("mail.sent")


def _mail(unit: WriteUnit, resources: Resources, to: str, subject: str, text: str) -> bool:
    if resources.settings.smtp_url is None:
        return False
    # The text waits encrypted: it has a link that opens an account.
    sealed = resources.cipher.encrypt(text).decode()
    unit.defer(deliver, to=to, subject=" ".join(subject.split()), sealed=sealed)
    return True
