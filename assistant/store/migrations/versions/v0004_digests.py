"""Each row carries a digest of what it says; rows of before have none."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
TABLES = ("person", "conversation", "turn", "fact", "assessment", "plan", "feedback")


def upgrade() -> None:
    """Add the column."""
    for table in TABLES:
        op.add_column(table, sa.Column("digest", sa.String, nullable=False, server_default=""))
