"""What makes the processes of one installation belong together."""

from sqlalchemy import text

from playout.kit.db import Database
from playout.kit.errors import Conflict
from playout.kit.signing import Signer

ENTER = text(
    "INSERT INTO installation (id, secret_check) VALUES (1, :check) ON CONFLICT (id) DO NOTHING"
)
READ = text("SELECT secret_check FROM installation")


def check_secret(database: Database, signer: Signer) -> None:
    """See that the database was set up with this secret key.

    With another key every API key would be refused and every address be void, without a word.
    Raises `Conflict`.
    """
    check = signer.signature("installation", "secret")
    with database.writing() as session:
        session.execute(ENTER, {"check": check})
        if session.scalar(READ) != check:
            raise Conflict(
                "This database belongs to an installation with another secret key:"
                " set PLAYOUT_SECRET_KEY, or bring its data folder."
            )
