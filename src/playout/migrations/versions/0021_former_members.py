"""Former Owners and former members lose what an earlier version let them keep."""

from alembic import op

revision = "0021"
down_revision = "0020"

DEMOTE_FORMER_OWNERS = """
    UPDATE users SET is_owner = false
    WHERE is_owner AND NOT EXISTS (
        SELECT FROM memberships
        WHERE memberships.user_id = users.id AND memberships.role = 'Owner'
    )
"""
REVOKE_TOKENS_OF_FORMER_MEMBERS = """
    UPDATE keys SET revoked_at = now()
    WHERE kind = 'usr.v1' AND revoked_at IS NULL AND NOT EXISTS (
        SELECT FROM memberships
        WHERE memberships.organization_id = keys.organization_id
        AND memberships.user_id = keys.user_id
    )
"""


def upgrade() -> None:
    op.execute(DEMOTE_FORMER_OWNERS)
    op.execute(REVOKE_TOKENS_OF_FORMER_MEMBERS)
