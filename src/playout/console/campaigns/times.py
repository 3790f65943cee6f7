"""Times inside the sentences of a preview."""

from datetime import datetime

from markupsafe import Markup

from playout.console.formats import human_moment
from playout.pages.formats import iso_time

TIME = Markup('<time class="num" datetime="{}">{}</time>')


def time_within(at: datetime) -> Markup:
    """Return a time as a part of a sentence, in the reader's language and zone."""
    return TIME.format(iso_time(at), human_moment(at))
