"""What every reader says of a video in each state that it can be in."""

from tests.scenarios.helpers.readers import GONE
from tests.scenarios.helpers.stage import FIRST, SECOND

Seen = dict[str, str]
"""What each reader says, by the reader's name."""

ENTERED: Seen = {
    "videos": f"not_started, draft, private: {FIRST}",
    "productions": f"draft: {FIRST}",
    "sessions": GONE,
    "publication": GONE,
    "dev": GONE,
    "staging": GONE,
    "prod": GONE,
    "first_prod": GONE,
    "feed": GONE,
    "page": GONE,
    "file": GONE,
    "link": GONE,
}
DRAFT = ENTERED | {
    "videos": f"completed, draft, private: {FIRST}",
    "productions": f"ready: {FIRST}",
    "sessions": FIRST,
    "dev": "plays",
    "staging": "plays",
    "file": "closed",
    "link": "open",
}
OUT = DRAFT | {
    "videos": f"completed, out, public: {FIRST}",
    "productions": f"published: {FIRST}",
    "publication": FIRST,
    "prod": "plays",
    "first_prod": "plays",
    "feed": FIRST,
    "page": FIRST,
    "file": "open",
}
WITHHELD = OUT | {
    "videos": f"completed, out, private: {FIRST}",
    "prod": GONE,
    "first_prod": GONE,
    "feed": GONE,
    "page": GONE,
    "file": "closed",
}
"""Published for members only: a landing page shows what is public, unless it is pinned."""
WITHDRAWN = DRAFT | {"videos": f"completed, draft, public: {FIRST}", "link": "closed"}
DELETED = dict.fromkeys(ENTERED, GONE) | {"file": "closed", "link": "closed"}
RETITLED = {"publication": SECOND, "feed": SECOND, "page": SECOND}
"""A publication that was given a title of its own."""
RENAMED = RETITLED | {
    "videos": f"completed, out, public: {SECOND}",
    "productions": f"published: {SECOND}",
    "sessions": SECOND,
}
"""A video: a publication without a title of its own goes by the video's."""

CREATED = "video.created ({})".format
PUBLISHED = "video.published ({})".format
UPDATED = "video.updated ({})".format
UNPUBLISHED = "video.unpublished ({})".format
REMOVED = "video.deleted ({})".format
UNPUBLISHED_AND_REMOVED = "video.unpublished ({0}), video.deleted ({0})".format
