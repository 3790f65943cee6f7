"""The check that all processes of an installation use the same secret key."""

from sqlalchemy import text

from playout.kit.database.engine import Database
from playout.kit.errors import Conflict
from playout.kit.signing import Signer

INSERT = text(
    "INSERT INTO installation (id, secret_check) VALUES (1, :check) ON CONFLICT (id) DO NOTHING"
)
SELECT = text("SELECT secret_check FROM installation")


def check_secret(database: Database, signer: Signer) -> None:
    """Raise `Conflict` unless the database was set up with this secret key.

    With another secret key all API keys would be refused and all playback addresses be void, and
    nothing would say why.
    """
    check = signer.signature("installation", "secret")
    with database.write_session() as session:
        session.execute(INSERT, {"check": check})
        if session.scalar(SELECT) != check:
            raise Conflict(
                "This database belongs to an installation with another secret key:"
                " set PLAYOUT_SECRET_KEY to that key, or copy that installation's data folder."
            )
