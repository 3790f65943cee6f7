"""Challenges that work once: whoever overhears an answer cannot give it again."""

from datetime import datetime

from playout.core.accounts import people_queries as queries
from playout.core.unit import WriteUnit
from playout.kit.errors import Invalid
from playout.kit.signing import Signer

PURPOSE = "challenge"
TRY_AGAIN = "That took too long, or was not answered here: try again."


def spend(unit: WriteUnit, signer: Signer, challenge: str, expires_at: datetime) -> None:
    """Use a challenge up. Raise `Invalid` for one that was answered before.

    The caller has made sure that it is one of ours, which nobody accepts after `expires_at`.
    """
    if not queries.insert_spent_challenge(unit, signer.digest(PURPOSE, challenge), expires_at):
        raise Invalid(TRY_AGAIN)
