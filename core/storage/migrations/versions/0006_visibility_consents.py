"""Visibility consents."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "visibility_consent",
        sa.Column("partnership_id", sa.Text(), nullable=False),
        sa.Column("school_id", sa.Text(), nullable=False),
        sa.Column("visibility", sa.Text(), nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=True),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("visibility IN ('open', 'lead-only')", name=op.f("ck_visibility_consent_visibility")),
        sa.ForeignKeyConstraint(
            ["partnership_id"], ["partnership.id"], name=op.f("fk_visibility_consent_partnership_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_visibility_consent_person_id")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_visibility_consent_school_id")),
        sa.PrimaryKeyConstraint("partnership_id", "school_id", "visibility", name=op.f("pk_visibility_consent")),
    )
    with op.batch_alter_table("visibility_consent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_visibility_consent_person_id"), ["person_id"], unique=False)

    with op.batch_alter_table("cycle", schema=None) as batch_op:
        batch_op.add_column(sa.Column("wished", sa.Text(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("Going back would lose answers: restore a copy of the database from before instead.")
