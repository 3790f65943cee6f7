"""The command `reencrypt`: everything that is encrypted, under the newest key."""

from collections.abc import Callable
from uuid import UUID

import typer

from playout.cli.bootstrap import Bootstrap
from playout.cli.options import DataDir, Json
from playout.cli.output import print_result
from playout.core.principal import OPERATOR
from playout.core.recipients import service as recipients
from playout.core.renders import service as renders
from playout.core.unit import Origin, WriteUnit
from playout.core.webhooks import service as webhooks
from playout.kit.encryption import SecretCipher
from playout.runtime import Runtime

Reencrypt = Callable[[WriteUnit, SecretCipher, UUID | None], list[UUID]]
"""Encrypts the next rows after an id again; returns their ids, none at the end."""


def reencrypt(context: typer.Context, data_dir: DataDir = None, as_json: Json = False) -> None:
    """Encrypt all secrets and data of viewers again, with the first of PLAYOUT_ENCRYPTION_KEYS."""
    bootstrap: Bootstrap = context.obj()
    with bootstrap.open_runtime(bootstrap.load_settings(data_dir=data_dir)) as runtime:
        with runtime.work.write(OPERATOR, Origin("cli")) as unit:
            count = webhooks.reencrypt_secrets(unit, runtime.cipher)
        counts = {
            "webhooks": count,
            "renders": _all(runtime, renders.reencrypt),
            "recipients": _all(runtime, recipients.reencrypt),
        }
    told = ", ".join(f"{count} {name}" for name, count in counts.items())
    print_result(counts, as_json, f"Encrypted again: {told}.")


def _all(runtime: Runtime, some: Reencrypt) -> int:
    """Encrypt all rows, in transactions of some; return how many there are."""
    count, after = 0, None
    while True:
        with runtime.work.write(OPERATOR, Origin("cli")) as unit:
            done = some(unit, runtime.cipher, after)
        if not done:
            return count
        count, after = count + len(done), done[-1]
