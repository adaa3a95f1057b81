"""Networks and practice sharing."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "network",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_network")),
    )
    op.create_table(
        "network_partnership",
        sa.Column("network_id", sa.Text(), nullable=False),
        sa.Column("partnership_id", sa.Text(), nullable=False),
        sa.Column("joined", sa.Boolean(), nullable=True),
        sa.Column("said_in_chat", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["network_id"], ["network.id"], name=op.f("fk_network_partnership_network_id")),
        sa.ForeignKeyConstraint(
            ["partnership_id"], ["partnership.id"], name=op.f("fk_network_partnership_partnership_id")
        ),
        sa.PrimaryKeyConstraint("network_id", "partnership_id", name=op.f("pk_network_partnership")),
    )
    with op.batch_alter_table("network_partnership", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_network_partnership_partnership_id"), ["partnership_id"], unique=False)

    op.create_table(
        "practice_match",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("subtheme", sa.Text(), nullable=False),
        sa.Column("giver_id", sa.Text(), nullable=False),
        sa.Column("giver_partnership_id", sa.Text(), nullable=False),
        sa.Column("giver_person_id", sa.Text(), nullable=True),
        sa.Column("giver_says", sa.Boolean(), nullable=True),
        sa.Column("receiver_id", sa.Text(), nullable=False),
        sa.Column("receiver_partnership_id", sa.Text(), nullable=False),
        sa.Column("receiver_person_id", sa.Text(), nullable=True),
        sa.Column("receiver_says", sa.Boolean(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_practice_match_cycle_id")),
        sa.ForeignKeyConstraint(["giver_id"], ["school.id"], name=op.f("fk_practice_match_giver_id")),
        sa.ForeignKeyConstraint(
            ["giver_partnership_id"], ["partnership.id"], name=op.f("fk_practice_match_giver_partnership_id")
        ),
        sa.ForeignKeyConstraint(["giver_person_id"], ["person.id"], name=op.f("fk_practice_match_giver_person_id")),
        sa.ForeignKeyConstraint(["receiver_id"], ["school.id"], name=op.f("fk_practice_match_receiver_id")),
        sa.ForeignKeyConstraint(
            ["receiver_partnership_id"], ["partnership.id"], name=op.f("fk_practice_match_receiver_partnership_id")
        ),
        sa.ForeignKeyConstraint(
            ["receiver_person_id"], ["person.id"], name=op.f("fk_practice_match_receiver_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice_match")),
        sa.UniqueConstraint(
            "cycle_id",
            "receiver_id",
            "subtheme",
            "giver_id",
            name=op.f("uq_practice_match_cycle_id_receiver_id_subtheme_giver_id"),
        ),
    )
    with op.batch_alter_table("practice_match", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_practice_match_giver_person_id"), ["giver_person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_practice_match_receiver_person_id"), ["receiver_person_id"], unique=False)


def downgrade() -> None:
    raise NotImplementedError("Going back would lose answers: restore a copy of the database from before instead.")
