"""The first answer to an `Idempotency-Key`, kept with the work that it tells of."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import LargeBinary, delete, text
from sqlalchemy.orm import Mapped, Session, mapped_column
from starlette.responses import Response

from playout.kit.db import Model
from playout.kit.errors import Conflict, PlayoutError

KEPT = timedelta(hours=24)
LOCK = text("SELECT pg_try_advisory_xact_lock(:number)")


class KeyReused(PlayoutError):
    """The key was used for another request."""

    code = "idempotency_key_reused"


@dataclass(frozen=True, slots=True)
class Attempt:
    """A request that carries a key: whose key it is, and what exactly was asked for."""

    digest: bytes
    fingerprint: bytes

    @classmethod
    def of(cls, caller: str, key: str, request: bytes) -> "Attempt":
        return cls(sha256(f"{caller}\n{key}".encode()).digest(), sha256(request).digest())


class KeptAnswer(Model):
    """An answer as it went out."""

    __tablename__ = "kept_answers"

    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)
    status: Mapped[int]
    headers: Mapped[dict[str, Any]]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime] = mapped_column(index=True)


def earlier_answer(session: Session, attempt: Attempt, now: datetime) -> KeptAnswer | None:
    """What was answered the first time; None when this is the first.

    Holds the key until the transaction ends. Raises `Conflict` while the first request is still
    running, and `KeyReused` when the key came with another request.
    """
    number = int.from_bytes(attempt.digest[:8], "big", signed=True)
    if not session.scalar(LOCK, {"number": number}):
        raise Conflict("The first request with this Idempotency-Key is still running.")
    kept = session.get(KeptAnswer, attempt.digest)
    if kept is None:
        return None
    if kept.at < now - KEPT:
        session.delete(kept)
        session.flush()
        return None
    if kept.fingerprint != attempt.fingerprint:
        raise KeyReused("This Idempotency-Key was used for another request.")
    return kept


def keep(session: Session, attempt: Attempt, answer: Response, now: datetime) -> None:
    """Keep the first answer, in the transaction of the work."""
    headers = {name: value for name, value in answer.headers.items() if name != "content-length"}
    session.add(
        KeptAnswer(
            digest=attempt.digest,
            fingerprint=attempt.fingerprint,
            status=answer.status_code,
            headers=headers,
            body=bytes(answer.body),
            at=now,
        )
    )


def forget_old(session: Session, now: datetime) -> None:
    """Drop answers that are kept no longer."""
    session.execute(delete(KeptAnswer).where(KeptAnswer.at < now - KEPT))
