"""Mails to members. A worker sends them after the commit, and tries again for some hours."""

from typing import NamedTuple, Protocol

import structlog
from procrastinate import RetryStrategy

from playout.core.accounts.people import LANGUAGES
from playout.core.unit import WriteUnit
from playout.kit.encryption import SecretCipher
from playout.kit.jobs import job
from playout.kit.mail import send_mail
from playout.settings import Settings


class Text(NamedTuple):
    """The texts of a mail in one language."""

    subject: str
    body: str


INVITED = {
    "en": Text(
        "Join {organization}",
        """Hello,

{organization} invites you to its videos, as {role}. Open this link within 7 days to join:

{link}

The link works once. If you do not know why you got this, ignore it.
""",
    ),
    "de": Text(
        "Einladung zu {organization}",
        """Guten Tag,

{organization} lädt Sie zu ihren Videos ein, mit der Rolle {role}. Öffnen Sie diesen Link innerhalb
von 7 Tagen, um beizutreten:

{link}

Der Link gilt einmal. Wenn Sie nicht wissen, warum Sie ihn bekommen, ignorieren Sie ihn.
""",
    ),
}
NEW_WAY_IN = {
    "en": Text(
        "A new password",
        """Hello,

an administrator of {organization} made a link with which you set a new password. It works once,
within a day:

{link}

If you did not ask for it, ignore it: your password stays as it is.
""",
    ),
    "de": Text(
        "Ein neues Passwort",
        """Guten Tag,

die Administration von {organization} hat einen Link für ein neues Passwort erstellt.
Er gilt einmal, innerhalb eines Tages:

{link}

Wenn Sie nicht darum gebeten haben, ignorieren Sie ihn: Ihr Passwort bleibt, wie es ist.
""",
    ),
}

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
    language: str = LANGUAGES[0]


def mail_invitation(unit: WriteUnit, resources: Resources, letter: Letter, role: str) -> bool:
    """Mail an invitation when this commits. Return False if the installation sends no mails.

    `role` is the name of the role in the language of the letter.
    """
    return _mail(unit, resources, letter, INVITED[letter.language], role)


def mail_password_link(unit: WriteUnit, resources: Resources, letter: Letter) -> bool:
    """Mail a link that sets a password, as `mail_invitation` does."""
    return _mail(unit, resources, letter, NEW_WAY_IN[letter.language])


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


def _mail(
    unit: WriteUnit, resources: Resources, letter: Letter, text: Text, role: str = ""
) -> bool:
    if resources.settings.smtp_url is None:
        return False
    values = {**letter._asdict(), "role": role}
    subject, body = text.subject.format_map(values), text.body.format_map(values)
    # The text waits encrypted: it has a link that opens an account.
    sealed = resources.cipher.encrypt(body).decode()
    unit.defer(deliver, to=letter.to, subject=" ".join(subject.split()), sealed=sealed)
    return True
