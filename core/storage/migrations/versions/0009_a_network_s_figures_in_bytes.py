"""The figures that a network adds up: a byte for each, because there are tens of thousands of them.

What was kept is made again from the snapshots when it is first wanted.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.drop_table("snapshot_figures")
    op.create_table(
        "snapshot_figures",
        sa.Column("snapshot_id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Text(), nullable=False),
        sa.Column("framework_id", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted", sa.Integer(), nullable=False),
        sa.Column("roster", sa.Integer(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("figures", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["partnership_id"], ["partnership.id"], name=op.f("fk_snapshot_figures_partnership_id")
        ),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshot.id"], name=op.f("fk_snapshot_figures_snapshot_id")),
        sa.PrimaryKeyConstraint("snapshot_id", name=op.f("pk_snapshot_figures")),
    )
    op.create_index("ix_snapshot_figures_made", "snapshot_figures", ["framework_id", "made_at"])
    op.create_index("ix_snapshot_made_at", "snapshot", ["made_at"])


def downgrade() -> None:
    raise NotImplementedError("Going back would lose answers: restore a copy of the database from before instead.")
