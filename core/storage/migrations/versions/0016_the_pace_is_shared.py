"""The pace of calls, shared by all processes; when a message was last on its way; a sign that a message was put."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.add_column("outbox", sa.Column("calling_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE outbox SET calling_at = due_at WHERE state = 'claimed'")
    op.create_table(
        "pace",
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("empty_at", sa.Double(), nullable=False),
        sa.Column("slower", sa.Double(), nullable=False),
        sa.Column("refused_at", sa.Double(), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("platform", "tenant", "line", name=op.f("pk_pace")),
        sqlite_with_rowid=False,
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_WAKE)
        op.execute(_TRIGGER)


# Only for what no event caused: whoever receives an event sends its answers, and a notification would make its commit
# wait for all others.
_WAKE = """
CREATE FUNCTION outbox_was_put() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('outbox', '');
    RETURN NULL;
END $$
"""
_TRIGGER = """
CREATE TRIGGER outbox_was_put AFTER INSERT ON outbox
FOR EACH ROW WHEN (NEW.turn IS NULL) EXECUTE FUNCTION outbox_was_put()
"""


def downgrade() -> None:
    raise NotImplementedError("Going back would lose answers: restore a copy of the database from before instead.")
