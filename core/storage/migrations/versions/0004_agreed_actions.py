"""Agreed actions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "agreed_action",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("partnership_id", sa.Text(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=True),
        sa.Column("framework_id", sa.Text(), nullable=False),
        sa.Column("framework_version", sa.Text(), nullable=False),
        sa.Column("subtheme", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("posted_with", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("state IN ('open', 'carried-on', 'done')", name=op.f("ck_agreed_action_state")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_agreed_action_cycle_id")),
        sa.ForeignKeyConstraint(
            ["framework_id", "framework_version"],
            ["framework.id", "framework.version"],
            name=op.f("fk_agreed_action_framework_id_framework_version"),
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["school.id"], name=op.f("fk_agreed_action_owner_id")),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnership.id"], name=op.f("fk_agreed_action_partnership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreed_action")),
    )
    with op.batch_alter_table("agreed_action", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agreed_action_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_agreed_action_partnership_id"), ["partnership_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_agreed_action_posted_with"), ["posted_with"], unique=False)


def downgrade() -> None:
    raise NotImplementedError("Going back would lose answers: restore a copy of the database from before instead.")
