"""The file as the first versions wrote it: turns by session."""

from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the table where it is missing; a file of an older version already has it."""
    op.execute(
        "CREATE TABLE IF NOT EXISTS turn ("
        "id INTEGER PRIMARY KEY AUTOINCREMENT, session TEXT NOT NULL, asked_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,"
        " question TEXT NOT NULL, standalone TEXT NOT NULL, answer TEXT NOT NULL, tool TEXT NOT NULL)"
    )
    op.execute("CREATE INDEX IF NOT EXISTS turn_session ON turn (session, id)")
