"""Answers to requests with an `Idempotency-Key`, stored in the transaction of the work."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import LargeBinary, delete, text
from sqlalchemy.orm import Mapped, Session, mapped_column
from starlette.responses import Response

from playout.kit.database.engine import Model
from playout.kit.errors import Conflict, PlayoutError

LIFETIME = timedelta(hours=24)
LOCK = text("SELECT pg_try_advisory_xact_lock(:number)")


class KeyReused(PlayoutError):
    """An `Idempotency-Key` that was used for another request."""

    code = "idempotency_key_reused"


@dataclass(frozen=True, slots=True)
class IdempotentRequest:
    """A request with an `Idempotency-Key`.

    `digest` identifies the key among those of all principals, and `fingerprint` the request.
    """

    digest: bytes
    fingerprint: bytes

    @classmethod
    def of(cls, principal: str, key: str, request: bytes) -> "IdempotentRequest":
        """Return the request of a principal with a key; `request` is all that it asked for."""
        return cls(sha256(f"{principal}\n{key}".encode()).digest(), sha256(request).digest())


class StoredAnswer(Model):
    """An answer as it was sent."""

    __tablename__ = "kept_answers"

    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)
    status: Mapped[int]
    headers: Mapped[dict[str, Any]]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime] = mapped_column(index=True)


def find_answer(session: Session, request: IdempotentRequest, now: datetime) -> StoredAnswer | None:
    """Return the answer to the first request with this key; None if this is the first.

    Locks the key until the transaction ends. Raises `Conflict` while the first request is still
    running, and `KeyReused` if the key was used for another request.
    """
    number = int.from_bytes(request.digest[:8], "big", signed=True)
    if not session.scalar(LOCK, {"number": number}):
        raise Conflict("The first request with this Idempotency-Key is still running.")
    stored = session.get(StoredAnswer, request.digest)
    if stored is None:
        return None
    if stored.at < now - LIFETIME:
        session.delete(stored)
        session.flush()
        return None
    if stored.fingerprint != request.fingerprint:
        raise KeyReused("This Idempotency-Key was used for another request.")
    return stored


def store_answer(
    session: Session, request: IdempotentRequest, answer: Response, now: datetime
) -> None:
    """Store the answer to the first request, in the transaction of the work."""
    headers = {name: value for name, value in answer.headers.items() if name != "content-length"}
    session.add(
        StoredAnswer(
            digest=request.digest,
            fingerprint=request.fingerprint,
            status=answer.status_code,
            headers=headers,
            body=bytes(answer.body),
            at=now,
        )
    )


def delete_expired_answers(session: Session, now: datetime) -> None:
    """Delete the answers that are older than a day."""
    session.execute(delete(StoredAnswer).where(StoredAnswer.at < now - LIFETIME))
