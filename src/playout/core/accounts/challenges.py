"""Challenges that work once: whoever overhears an answer cannot give it again."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from playout.core.accounts.model import SpentChallenge
from playout.core.unit import WriteUnit
from playout.kit.errors import Invalid
from playout.kit.signing import Signer

PURPOSE = "challenge"
TRY_AGAIN = "That took too long, or was not answered here: try again."


def spend(unit: WriteUnit, signer: Signer, challenge: str, expires_at: datetime) -> None:
    """Use a challenge up. Raise `Invalid` for one that was answered before.

    The caller has made sure that it is one of ours, which nobody accepts after `expires_at`.
    """
    unit.session.execute(delete(SpentChallenge).where(SpentChallenge.expires_at <= unit.now))
    row = {"digest": signer.digest(PURPOSE, challenge), "expires_at": expires_at}
    query = insert(SpentChallenge).values(row).on_conflict_do_nothing()
    # Of two that come at once, the second one waits for the first, and finds its row.
    if unit.session.execute(query.returning(SpentChallenge.digest)).one_or_none() is None:
        raise Invalid(TRY_AGAIN)
