"""A conversation knows the ingested document that it is about."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Conversations of before are about none."""
    op.add_column("conversation", sa.Column("document", sa.String, nullable=False, server_default=""))
