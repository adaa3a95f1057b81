"""Which event caused a message: the id under which the log has the two of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("outbox", sa.Column("turn", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("outbox", "turn")  # Nothing is lost but what helps to read the log.
