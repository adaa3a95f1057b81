"""Messages in the thread of another."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("outbox", sa.Column("thread", sa.Text(), nullable=True))
    op.add_column("browser_message", sa.Column("thread", sa.Integer(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("Going back would lose answers: restore a copy of the database from before instead.")
