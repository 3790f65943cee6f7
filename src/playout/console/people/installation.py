"""The installation, for its Owner: health, and the settings in force."""

from typing import Any
from urllib.parse import urlsplit

from pydantic import SecretStr

from playout import health
from playout.console.texts import marked, translated
from playout.console.visit import Outcome, Shown, Visit
from playout.core.permissions import Permission
from playout.core.projects import service as projects
from playout.settings import Settings

HIDDEN = marked("(set, and hidden)")


def index(visit: Visit) -> Outcome:
    """Show what runs, and how it is set up. Secrets stay hidden."""
    visit.principal.require(Permission.ORGANIZATIONS_WRITE)
    with visit.read() as unit:
        organization = projects.get_organization(unit, None)
    report = health.examine(visit.runtime)
    values = {
        "tab": "installation",
        "organization": organization,
        "status": report["status"],
        "health_parts": [
            (name, bool(facts["ok"]), {key: each for key, each in facts.items() if key != "ok"})
            for name, facts in report["parts"].items()
        ],
        "settings": settings_in_force(visit.runtime.settings),
        "problem": None,
    }
    return Shown("installation.html", values)


def settings_in_force(settings: Settings) -> list[tuple[str, str, str]]:
    """Return the variable of each setting, its value without secrets, and what has set it."""
    return [
        (
            f"PLAYOUT_{name.upper()}",
            _shown(getattr(settings, name)),
            settings.source_of(name),
        )
        for name in type(settings).model_fields
    ]


def _shown(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, SecretStr):
        return translated(HIDDEN)
    if isinstance(value, tuple) and value and isinstance(value[0], tuple):
        return ", ".join("=".join(map(_shown, each)) for each in value)
    if isinstance(value, tuple):
        return ", ".join(_shown(each) for each in value) or "–"
    text = str(value)
    return _without_secrets(text) if "://" in text else text


def _without_secrets(url: str) -> str:
    """Return a URL without its user, password, query and fragment."""
    parts = urlsplit(url)
    netloc = parts.netloc.rpartition("@")[2]
    shown = parts._replace(netloc=netloc, query="", fragment="").geturl()
    return shown if shown == url else f"{shown} {translated(HIDDEN)}"
