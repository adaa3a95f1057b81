"""Responses that pass to a successor, notes with their authors, and who knew what when a snapshot was made."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    with op.batch_alter_table("response") as response:
        response.add_column(sa.Column("begun_by_id", sa.Text(), nullable=True))
        response.create_foreign_key(op.f("fk_response_begun_by_id"), "person", ["begun_by_id"], ["id"])
        response.create_index(op.f("ix_response_begun_by_id"), ["begun_by_id"])
    with op.batch_alter_table("note") as note:
        note.add_column(sa.Column("author_id", sa.Text(), nullable=True))
        note.create_foreign_key(op.f("fk_note_author_id"), "person", ["author_id"], ["id"])
        note.create_index(op.f("ix_note_author_id"), ["author_id"])
    op.execute("UPDATE note SET author_id = (SELECT person_id FROM response WHERE response.id = note.response_id)")
    op.create_table(
        "snapshot_reader",
        sa.Column("snapshot_id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshot.id"], name=op.f("fk_snapshot_reader_snapshot_id")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_snapshot_reader_school_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_snapshot_reader_person_id")),
        sa.PrimaryKeyConstraint("snapshot_id", "school_id", "person_id", name=op.f("pk_snapshot_reader")),
    )
    op.create_index(op.f("ix_snapshot_reader_person_id"), "snapshot_reader", ["person_id"])
    # Whoever had answered knew; whoever leads a school now could read its report.
    op.execute(
        "INSERT INTO snapshot_reader (snapshot_id, school_id, person_id)"
        " SELECT s.snapshot_id, s.school_id, r.person_id FROM snapshot_school s"
        " JOIN snapshot t ON t.id = s.snapshot_id"
        " JOIN response r ON r.cycle_id = t.cycle_id AND r.school_id = s.school_id AND r.submitted_at IS NOT NULL"
        " UNION SELECT s.snapshot_id, s.school_id, l.person_id FROM snapshot_school s"
        " JOIN leader l ON l.school_id = s.school_id"
    )


def downgrade() -> None:
    raise NotImplementedError("Going back would lose answers: restore a copy of the database from before instead.")
