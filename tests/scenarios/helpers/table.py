"""One thing done through one API, and what every other says of it then."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.scenarios.helpers.acts import productions, publications, shares, videos
from tests.scenarios.helpers.readers import ANOTHER, GONE
from tests.scenarios.helpers.stage import FIRST, SECOND, Scene
from tests.scenarios.helpers.states import (
    CREATED,
    DELETED,
    DRAFT,
    ENTERED,
    OUT,
    PUBLISHED,
    REMOVED,
    RENAMED,
    RETITLED,
    UNPUBLISHED,
    UNPUBLISHED_AND_REMOVED,
    UPDATED,
    WITHDRAWN,
    WITHHELD,
    Seen,
)

Act = Callable[[Scene], None]

drafted: Sequence[Act] = (videos.create_and_upload,)
out: Sequence[Act] = (*drafted, publications.publish)
withheld: Sequence[Act] = (*drafted, videos.publish)


@dataclass(frozen=True)
class Row:
    """What was done before, the act, what is seen then, and the rows that it leaves."""

    name: str
    before: Sequence[Act]
    act: Act
    seen: Seen
    left: str = GONE

    @property
    def expected(self) -> Seen:
        return self.seen | {"ledger": self.left}


ROWS = (
    # Creating
    Row("create through Videos", (), videos.create, ENTERED, CREATED("videos")),
    Row(
        "create a batch through Productions",
        (),
        productions.create_in_a_batch,
        ENTERED,
        CREATED("productions"),
    ),
    Row(
        "upload through Videos what Productions made",
        (productions.create_in_a_batch,),
        videos.upload,
        DRAFT,
        "video.status_changed (videos)",
    ),
    # Publishing
    Row(
        "publish through Publications",
        drafted,
        publications.publish,
        OUT,
        PUBLISHED("publications"),
    ),
    Row(
        "publish through Publications by its address",
        drafted,
        publications.publish_by_address,
        OUT,
        PUBLISHED("publications"),
    ),
    Row("publish through Videos, private", drafted, videos.publish, WITHHELD, PUBLISHED("videos")),
    Row(
        "publish through Videos for everybody",
        drafted,
        videos.publish_for_everybody,
        OUT,
        "video.updated (videos), video.published (videos)",
    ),
    Row("publish twice, through both", out, videos.publish, OUT),
    Row(
        "publish through Publications what is out for members",
        withheld,
        publications.publish,
        OUT,
        UPDATED("publications"),
    ),
    Row(
        "publish through Publications with a title",
        drafted,
        publications.publish_with_title,
        OUT | RETITLED,
        PUBLISHED("publications"),
    ),
    # Editing
    Row(
        "edit the title through Publications",
        out,
        publications.edit_title,
        OUT | RETITLED,
        UPDATED("publications"),
    ),
    Row("edit nothing through Publications", out, publications.edit_nothing, OUT),
    Row(
        "edit through Publications what is out for members",
        withheld,
        publications.edit_title,
        WITHHELD | {"publication": SECOND},
        UPDATED("publications"),
    ),
    Row("edit the title through Videos", out, videos.edit_title, OUT | RENAMED, UPDATED("videos")),
    Row(
        "edit the name through Productions",
        out,
        productions.edit_title,
        OUT | RENAMED,
        UPDATED("productions"),
    ),
    Row(
        "edit the name in a batch through Productions",
        out,
        productions.edit_title_in_a_batch,
        OUT | RENAMED,
        UPDATED("productions"),
    ),
    Row("fail a batch through Productions", out, productions.fail_a_batch, OUT),
    # Who may see it
    Row(
        "make it private through Videos",
        out,
        videos.make_private,
        WITHHELD | {"link": "closed"},
        UPDATED("videos"),
    ),
    Row(
        "show it to the organization through Videos",
        out,
        videos.show_the_organization,
        WITHHELD | {"videos": f"completed, out, org: {FIRST}", "link": "closed"},
        UPDATED("videos"),
    ),
    Row("make it public through Videos", withheld, videos.make_public, OUT, UPDATED("videos")),
    # Taking it out
    Row(
        "revoke through Publications",
        out,
        publications.revoke,
        WITHDRAWN,
        UNPUBLISHED("publications"),
    ),
    Row(
        "revoke through Publications by its address",
        out,
        publications.revoke_by_address,
        WITHDRAWN,
        UNPUBLISHED("publications"),
    ),
    Row("unpublish through Videos", out, videos.unpublish, WITHDRAWN, UNPUBLISHED("videos")),
    Row(
        "revoke through Publications what Videos published",
        withheld,
        publications.revoke,
        DRAFT | {"link": "closed"},
        UNPUBLISHED("publications"),
    ),
    Row(
        "publish again after revoking",
        (*out, publications.revoke),
        videos.publish,
        OUT,
        PUBLISHED("videos"),
    ),
    # Deleting
    Row("delete a draft through Videos", drafted, videos.delete, DELETED, REMOVED("videos")),
    Row("delete through Videos", out, videos.delete, DELETED, UNPUBLISHED_AND_REMOVED("videos")),
    Row(
        "delete through Productions",
        out,
        productions.delete,
        DELETED,
        UNPUBLISHED_AND_REMOVED("productions"),
    ),
    Row(
        "delete in a batch through Productions",
        out,
        productions.delete_in_a_batch,
        DELETED,
        UNPUBLISHED_AND_REMOVED("productions"),
    ),
    # Landing pages
    Row(
        "create a newer one through Videos",
        out,
        videos.create_a_newer_one,
        OUT | {"dev": ANOTHER, "staging": ANOTHER},
    ),
    Row(
        "publish a newer one through Publications",
        out,
        publications.publish_a_newer_one,
        OUT | {"dev": ANOTHER, "staging": ANOTHER, "prod": ANOTHER, "first_prod": ANOTHER},
    ),
    Row(
        "pin it through Shares where there is a newer one",
        (*out, publications.publish_a_newer_one),
        shares.pin_it,
        OUT,
    ),
    Row("rotate the slug through Shares", out, shares.rotate, OUT | {"first_prod": GONE}),
    Row(
        "disable the page of PROD through Shares",
        out,
        shares.disable,
        OUT | {"prod": GONE, "first_prod": GONE},
    ),
    Row("disable and restore it", out, shares.disable_and_restore, OUT),
    Row(
        "revoke the credential of PROD through Shares",
        out,
        shares.revoke_its_credential,
        OUT | {"prod": GONE, "first_prod": GONE},
    ),
    Row(
        "archive the project through Shares",
        out,
        shares.archive_the_project,
        OUT | {"dev": GONE, "staging": GONE, "prod": GONE, "first_prod": GONE},
    ),
)
