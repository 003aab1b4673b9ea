"""People, their conversations, facts about the firm, assessments, plans, feedback; turns move into conversations."""

import sqlalchemy as sa
from alembic import context, op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables; what was kept before belongs to the person whom the settings name."""
    op.create_table(
        "person",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("keeps_profile", sa.Boolean, nullable=False, server_default="0"),
        sa.Column("profile_version", sa.Integer, nullable=False, server_default="0"),
    )
    op.rename_table("turn", "turn_of_0001")
    op.execute("DROP INDEX turn_session")
    op.create_table(
        "conversation",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("person", sa.String, sa.ForeignKey("person.name", ondelete="CASCADE"), nullable=False),
        sa.Column("session", sa.String, nullable=False),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("started_at", sa.DateTime, nullable=False),
        sa.Column("last_at", sa.DateTime, nullable=False),
        sa.UniqueConstraint("person", "session"),
    )
    op.create_table(
        "turn",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "conversation_id",
            sa.Integer,
            sa.ForeignKey("conversation.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column("asked_at", sa.DateTime, nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("standalone", sa.Text, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("call", sa.JSON),
        sa.Column("refused", sa.Boolean, nullable=False, server_default="0"),
        sa.Column("engine", sa.String, nullable=False, server_default="extractive"),
        sa.Column("citations", sa.JSON, nullable=False, server_default="[]"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "fact",
        sa.Column("person", sa.String, sa.ForeignKey("person.name", ondelete="CASCADE"), primary_key=True),
        sa.Column("field", sa.String, primary_key=True),
        sa.Column("value", sa.JSON, nullable=False),
        sa.Column("origin", sa.String, nullable=False),
        sa.Column("quote", sa.Text, nullable=False, server_default=""),
        sa.Column("at", sa.DateTime, nullable=False),
    )
    op.create_table(
        "assessment",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("person", sa.String, sa.ForeignKey("person.name", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("started_at", sa.DateTime, nullable=False),
        sa.Column("changed_at", sa.DateTime, nullable=False),
        sa.Column("finished", sa.Boolean, nullable=False, server_default="0"),
        sa.Column("version", sa.Integer, nullable=False, server_default="0"),
        sa.Column("arguments", sa.JSON, nullable=False),
        sa.Column("result", sa.JSON),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "plan",
        sa.Column("person", sa.String, sa.ForeignKey("person.name", ondelete="CASCADE"), primary_key=True),
        sa.Column("kind", sa.String, primary_key=True),
        sa.Column("changed_at", sa.DateTime, nullable=False),
        sa.Column("version", sa.Integer, nullable=False, server_default="0"),
        sa.Column("arguments", sa.JSON, nullable=False),
    )
    op.create_table(
        "feedback",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("person", sa.String, sa.ForeignKey("person.name", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("turn_id", sa.Integer, sa.ForeignKey("turn.id", ondelete="CASCADE"), nullable=False, unique=True),
        sa.Column("good", sa.Boolean, nullable=False),
        sa.Column("reason", sa.String, nullable=False, server_default=""),
        sa.Column("note", sa.Text, nullable=False, server_default=""),
        sa.Column("at", sa.DateTime, nullable=False),
    )
    _carry_over(str(context.config.attributes["user"]))


def _carry_over(user: str) -> None:
    db = op.get_bind()
    if db.execute(sa.text("SELECT 1 FROM turn_of_0001 LIMIT 1")).first():
        db.execute(
            sa.text("INSERT INTO person (name, created_at) SELECT :user, min(asked_at) FROM turn_of_0001"),
            {"user": user},
        )
    db.execute(
        sa.text(
            "INSERT INTO conversation (person, session, title, started_at, last_at)"
            " SELECT :user, session, (SELECT substr(question, 1, 60) FROM turn_of_0001 f WHERE f.session = t.session"
            " ORDER BY id LIMIT 1),"
            " min(asked_at), max(asked_at) FROM turn_of_0001 t GROUP BY session ORDER BY min(id)"
        ),
        {"user": user},
    )
    db.execute(
        sa.text(
            "INSERT INTO turn (id, conversation_id, asked_at, question, standalone, answer, call)"
            " SELECT t.id, c.id, t.asked_at, t.question, t.standalone, t.answer, CASE t.tool WHEN '' THEN NULL ELSE t.tool END"
            " FROM turn_of_0001 t JOIN conversation c ON c.session = t.session"
        )
    )
    op.drop_table("turn_of_0001")
