"""E-mail: plain texts, sent through the SMTP server of the installation."""

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from urllib.parse import unquote, urlsplit

SECONDS = 20.0
"""Seconds that the server has for each of its answers."""
PORTS = {"smtp": 587, "smtps": 465}


class MailNotSent(Exception):
    """A message that the server did not accept. The reason names no address."""


def send_mail(server: str, sender: str, to: str, subject: str, text: str) -> None:
    """Send a message. `server` is `smtp://user:password@host:port`, or `smtps://…` for TLS.

    With `smtp`, TLS is used where the server offers it, and a password is never sent without.
    Raise `MailNotSent`.
    """
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain="playout.invalid")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    try:
        with _connected(server) as smtp:
            smtp.send_message(message)
    except (smtplib.SMTPException, OSError) as error:
        # Its text may name the address.
        raise MailNotSent(type(error).__name__) from None


def _connected(server: str) -> smtplib.SMTP:
    parts = urlsplit(server)
    host, port = parts.hostname or "localhost", parts.port or PORTS[parts.scheme]
    if parts.scheme == "smtps":
        context = ssl.create_default_context()
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=context)
    else:
        smtp = smtplib.SMTP(host, port, timeout=SECONDS)
    try:
        if parts.scheme == "smtp":
            _protect(smtp, has_password=bool(parts.username))
        if parts.username:
            smtp.login(unquote(parts.username), unquote(parts.password or ""))
    except BaseException:
        smtp.close()
        raise
    return smtp


def _protect(smtp: smtplib.SMTP, *, has_password: bool) -> None:
    """Use TLS if the server offers it."""
    smtp.ehlo()
    if smtp.has_extn("starttls"):
        smtp.starttls(context=ssl.create_default_context())
    elif has_password:
        raise MailNotSent("The mail server offers no TLS for the password.")
