"""A request to the console, and what it is answered with."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from playout.console.texts import sentence
from playout.core.principal import Principal
from playout.core.unit import Origin, ReadUnit, WriteUnit
from playout.kit.errors import PlayoutError, Unavailable
from playout.kit.ids import parse_id
from playout.pages.views import Rendered
from playout.runtime import Runtime

ORIGIN = Origin("console")


class Note(StrEnum):
    """A sentence that says what was done. The next page shows it once."""

    ADDED = "Added."
    SAVED = "Saved."
    PUBLISHED = "Published."
    OPENED = "Everybody can watch it from now on."
    UNPUBLISHED = "Unpublished. Nobody can open its page any more."
    DELETED = "Deleted."
    MOVED = "Moved. The new times apply from now on."
    BEGUN = "It runs from now on."
    ENDED = "Ended. It plays for nobody any more."
    DONE = "Done."
    UNDONE = "Undone."
    NOTHING_CHANGED = "Nothing changed: the videos were like that already."
    POSTER_CHOSEN = "The poster is being drawn."
    POSTER_STORED = "The poster is in use."
    POSTER_REMOVED = "The poster is the one that Playout chose."
    CAPTIONS_STORED = "The captions are in use."
    CAPTIONS_REMOVED = "Removed. Players find the captions no more."
    SITES_SAVED = "Saved. It holds for all videos of the project."
    LINK_ADDED = "The link is ready to be copied."
    LINK_REVOKED = "Revoked. The link opens nothing any more."
    BRAND_SAVED = "Saved. All landing pages of the project show it."
    ASSEMBLING = "The sections are being joined. Viewers see the present film until then."
    EXPERIMENT_BEGUN = "It runs from now on."
    EXPERIMENT_DECIDED = "Decided. The page keeps the winner."
    EXPERIMENT_STOPPED = "Stopped. The page is as before."
    TEMPLATE_ADDED = "Added. It plays nowhere until a channel gets it."
    RECIPIENTS_IMPORTED = "Imported. Their links are ready."
    RECIPIENT_REVOKED = "Revoked. The link opens nothing any more."
    RECIPIENT_DELETED = "Deleted, with the data of that person."
    RECIPIENTS_DELETED = "Deleted, with their data. None of their links opens anything any more."
    DISABLED = "Disabled. The page rests, and keeps its address."
    RESTORED = "Restored, at the same address."
    PASSWORD_CHANGED = "Changed. All other browsers are signed out."  # noqa: S105
    PASSKEY_ADDED = "Added. You can sign in with it from now on."
    PASSKEY_REMOVED = "Removed. It opens nothing any more."
    IDENTITY_REMOVED = "Removed. It opens nothing any more."
    SESSION_ENDED = "Signed out."
    SESSIONS_ENDED = "All other browsers are signed out."
    ORGANIZATION_CHANGED = "You are in another organization now."
    ARCHIVED = "Archived. Its landing pages rest."
    REACTIVATED = "The project is in use again."
    MEMBER_REMOVED = "Removed. The sessions and tokens of this member here have ended."
    INVITATION_WITHDRAWN = "Withdrawn. The link opens nothing any more."
    KEY_REVOKED = "Revoked. Every process refuses the key within a second."
    PAUSED = "Paused. Deliveries wait until you resume it."
    RESUMED = "Resumed. What waited is sent first."
    TEST_SENT = "The event webhook.test is on its way."
    RESENT_FAILED = "The failed deliveries are sent again."
    NONE_FAILED = "Since then, none has failed."
    RESENT = "It is sent again, under the same id."
    RETRIED = "It runs again as soon as a worker is free."
    ROTATED = "The page has a new address. The old one opens nothing any more."


@dataclass(frozen=True, slots=True)
class Visit:
    """A request of a member who is signed in, outside the loop of the server."""

    runtime: Runtime
    principal: Principal
    path: Mapping[str, str]
    """The parameters of the path."""
    query: Mapping[str, str]
    form: Mapping[str, str] = field(default_factory=dict)
    """The fields of the form that was sent; an empty one is ""."""
    cookie: str = ""
    """The text of the session; "" for a principal that came with a credential."""
    file: bytes | None = None
    """The file of the form; None if it has none."""

    @contextmanager
    def read(self) -> Iterator[ReadUnit]:
        with self.runtime.work.read(self.principal) as unit:
            yield unit

    @contextmanager
    def write(self) -> Iterator[WriteUnit]:
        """Open a unit that checks the ETag in the form, if it has one."""
        etag = self.form.get("etag") or None
        with self.runtime.work.write(self.principal, ORIGIN, etag) as unit:
            yield unit

    def number(self, name: str) -> int:
        """Return the id in the path; 0, which nothing has, for a text that is no id."""
        return parse_id(self.path[name])


@dataclass(frozen=True, slots=True)
class Shown:
    """A page: a template, and the values in it."""

    template: str
    values: Mapping[str, Any]
    status: int = 200


@dataclass(frozen=True, slots=True)
class GoTo:
    """Another page of the console, which a form leads to. `path` is below the console's own."""

    path: str
    note: "Note"
    deed: str = ""
    """The packed deed, if many videos were changed, so that the page can offer to undo it."""


@dataclass(frozen=True, slots=True)
class Download:
    """A file that the browser saves under that name."""

    name: str
    media_type: str
    text: str | Iterator[str]
    """The whole of it, or its pieces, which are sent while they are made."""


@dataclass(frozen=True, slots=True)
class Told:
    """Values for a script of the console, as JSON."""

    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Framed:
    """A page of the public, for a frame of the console."""

    page: Rendered


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture as PNG."""

    content: bytes


Outcome = Shown | GoTo | Told | Framed | Drawn | Download


@dataclass(frozen=True, slots=True)
class Problem:
    """The reason why a form was not carried out, for the page that shows the form again."""

    message: str
    fields: Mapping[str, Any]
    status: int

    @classmethod
    def of(cls, error: PlayoutError) -> "Problem":
        """Return what to show. A database that is away is not a problem of the form."""
        if isinstance(error, Unavailable):
            raise error
        status = {"invalid": 400, "forbidden": 403, "precondition_failed": 412}
        fields = {name: _in_language(each) for name, each in error.details.items()}
        return cls(sentence(error.message), fields, status.get(error.code, 409))


def _in_language(said: Any) -> Any:
    """Return what is wrong with a field in the reader's language: a sentence or several."""
    if isinstance(said, str):
        return sentence(said)
    return [_in_language(each) for each in said] if isinstance(said, list) else said
