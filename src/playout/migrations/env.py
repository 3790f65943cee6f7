"""Alembic's way in: it works on the connection that `kit.migrate` hands over."""

from alembic import context

from playout.core.accounts import model as accounts  # noqa: F401
from playout.core.catalog import model as catalog  # noqa: F401
from playout.core.distributions import model as distributions  # noqa: F401
from playout.core.media import model as media  # noqa: F401
from playout.core.projects import model as projects  # noqa: F401
from playout.core.publications import model as publications  # noqa: F401
from playout.core.shares import model as shares  # noqa: F401
from playout.core.videos import model as videos  # noqa: F401
from playout.kit.db import Model
from playout.kit.http import idempotency  # noqa: F401

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Model.metadata,
    transaction_per_migration=False,
    compare_type=True,
)
context.run_migrations()
