"""A new encryption key: what older keys encrypted is encrypted again, and the old ones can go."""

import pytest
from sqlalchemy import select

from playout.core.permissions import Role
from playout.core.principal import OPERATOR, Principal
from playout.core.recipients import service
from playout.core.recipients.model import Recipient
from playout.core.recipients.private import decrypted
from playout.core.unit import Origin
from playout.kit.encryption import SecretCipher
from playout.kit.errors import Conflict, Forbidden
from playout.kit.signing import Signer
from tests.api.helpers.recipients import recipients_of

NOBODY = Signer("of another installation")


@pytest.fixture
def recipients(web, tenant, make_video):
    return recipients_of(web, tenant, make_video())


def renew(runtime, cipher, principal=OPERATOR) -> int:
    """Encrypt all recipients again; return how many there are."""
    count, after = 0, None
    while True:
        with runtime.work.write(principal, Origin("tests")) as unit:
            done = service.reencrypt(unit, cipher, after)
        if not done:
            return count
        count, after = count + len(done), done[-1]


def test_the_data_of_recipients_reads_with_the_new_key_alone(runtime, recipients, monkeypatch):
    monkeypatch.setattr(service, "RECIPIENTS_AT_ONCE", 2)
    names = ["Ana", "Bea", "Cid"]
    rows = [{"personalizationData": {"name": name}} for name in names]
    mine = Recipient.import_id == recipients.import_rows(rows)["id"]
    new = SecretCipher(runtime.signer, ["new"])
    alone = SecretCipher(NOBODY, ["new"])

    def read(cipher):
        with runtime.database.read_session() as session:
            rows = session.scalars(select(Recipient).where(mine).order_by(Recipient.id))
            return [decrypted(cipher, row.secret).data["name"] for row in rows]

    with pytest.raises(Conflict):
        read(alone)
    assert renew(runtime, new) >= len(names)
    assert read(alone) == names
    assert read(new) == names


def test_nobody_but_the_operator_may(runtime, tenant):
    admin = Principal("key", "1", "K", Role.ORGANIZATION_ADMIN, tenant.organization.id)
    with pytest.raises(Forbidden):
        renew(runtime, runtime.cipher, admin)
