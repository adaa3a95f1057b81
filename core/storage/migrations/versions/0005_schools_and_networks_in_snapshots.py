"""What a snapshot holds for single schools and for networks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "network_snapshot",
        sa.Column("network_id", sa.Text(), nullable=False),
        sa.Column("framework_id", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("network_id", "framework_id", "since", name=op.f("pk_network_snapshot")),
    )
    op.create_table(
        "snapshot_figures",
        sa.Column("snapshot_id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Text(), nullable=False),
        sa.Column("framework_id", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["partnership_id"], ["partnership.id"], name=op.f("fk_snapshot_figures_partnership_id")
        ),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshot.id"], name=op.f("fk_snapshot_figures_snapshot_id")),
        sa.PrimaryKeyConstraint("snapshot_id", name=op.f("pk_snapshot_figures")),
    )
    with op.batch_alter_table("snapshot_figures", schema=None) as batch_op:
        batch_op.create_index("ix_snapshot_figures_made", ["framework_id", "made_at"], unique=False)

    op.create_table(
        "snapshot_school",
        sa.Column("snapshot_id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Text(), nullable=False),
        sa.Column("others", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_snapshot_school_school_id")),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshot.id"], name=op.f("fk_snapshot_school_snapshot_id")),
        sa.PrimaryKeyConstraint("snapshot_id", "school_id", name=op.f("pk_snapshot_school")),
    )


def downgrade() -> None:
    raise NotImplementedError("Going back would lose answers: restore a copy of the database from before instead.")
