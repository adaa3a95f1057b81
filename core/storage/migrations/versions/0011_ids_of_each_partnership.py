"""Ids in a file are its partnership's own: each partnership has its own row for a school, and its own list of people.

A school that several partnerships shared by writing the same id becomes a row for each of them, which are marked as
the same school without proof. Its old id stays with the partnership that asked it most often; old buttons of the others
are understood through ``school.formerly``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "listed_person",
        sa.Column("partnership_id", sa.Text(), nullable=False),
        sa.Column("file_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("proof", sa.Text(), nullable=True),
        sa.Column("with_account", sa.Boolean(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.CheckConstraint("proof IN ('account', 'address', 'code', 'none')", name=op.f("ck_listed_person_proof")),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnership.id"], name=op.f("fk_listed_person_partnership_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_listed_person_person_id")),
        sa.PrimaryKeyConstraint("partnership_id", "file_id", name=op.f("pk_listed_person")),
    )
    op.create_index(op.f("ix_listed_person_person_id"), "listed_person", ["person_id"])
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("about", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_notice_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_notice_person_id"), "notice", ["person_id"])
    op.add_column("account", sa.Column("address", sa.Text(), nullable=True))
    with op.batch_alter_table("school") as table:
        table.add_column(sa.Column("formerly", sa.Text(), nullable=True))
        table.add_column(sa.Column("shared_as", sa.Text(), nullable=True))
        table.add_column(sa.Column("proof", sa.Text(), nullable=True))
        table.create_check_constraint(op.f("ck_school_proof"), "proof IN ('files', 'account', 'none')")
        table.create_check_constraint(op.f("ck_school_shared_with_proof"), "(shared_as IS NULL) = (proof IS NULL)")
        table.create_index(op.f("ix_school_formerly"), ["formerly"])
        table.create_index(op.f("ix_school_shared_as"), ["shared_as"])
    op.add_column("membership", sa.Column("file_id", sa.Text(), nullable=True))
    op.add_column("membership", sa.Column("same_as_partnership", sa.Text(), nullable=True))
    op.add_column("membership", sa.Column("same_as_id", sa.Text(), nullable=True))
    _run("UPDATE membership SET file_id = school_id")
    with op.batch_alter_table("membership") as membership:
        membership.alter_column("file_id", nullable=False)
        membership.create_unique_constraint(op.f("uq_membership_partnership_id_file_id"), ["partnership_id", "file_id"])
    for school in _shared():
        for partnership in _partnerships_of(school)[1:]:
            _give_a_row_of_its_own(school, partnership)
    _list_people()


def downgrade() -> None:
    raise NotImplementedError("Going back would lose answers: restore a copy of the database from before instead.")


def _run(statement: str, **values: object) -> Sequence[Any]:
    result = op.get_bind().execute(sa.text(statement), values)
    return result.all() if result.returns_rows else ()


def _shared() -> list[str]:
    rows = _run("SELECT school_id FROM membership GROUP BY school_id HAVING count(*) > 1 ORDER BY school_id")
    return [row.school_id for row in rows]


def _partnerships_of(school: str) -> list[str]:
    """The one that asked the school most often comes first: the most buttons carry its id."""
    rows = _run(
        "SELECT m.partnership_id, (SELECT count(*) FROM cycle_school s JOIN cycle c ON c.id = s.cycle_id"
        " WHERE s.school_id = m.school_id AND c.partnership_id = m.partnership_id) AS asked"
        " FROM membership m WHERE m.school_id = :school",
        school=school,
    )
    return [row.partnership_id for row in sorted(rows, key=lambda row: (-row.asked, row.partnership_id))]


def _give_a_row_of_its_own(school: str, partnership: str) -> None:
    new = f"{school[:20]}-{sha256(f'{partnership}:{school}'.encode()).hexdigest()[:10]}"
    it = {"old": school, "new": new, "partnership": partnership}
    _run(
        "INSERT INTO school (id, name, details, formerly, shared_as, proof)"
        " SELECT :new, name, details, id, id, 'none' FROM school WHERE id = :old",
        old=school,
        new=new,
    )
    _run("UPDATE school SET shared_as = id, proof = 'none' WHERE id = :old", old=school)
    _run(
        "INSERT INTO leader (school_id, person_id) SELECT :new, person_id FROM leader WHERE school_id = :old",
        old=school,
        new=new,
    )
    for table, column, of_partnership in (
        ("membership", "school_id", "partnership_id"),
        ("visibility_consent", "school_id", "partnership_id"),
        ("agreed_action", "owner_id", "partnership_id"),
        ("practice_match", "giver_id", "giver_partnership_id"),
        ("practice_match", "receiver_id", "receiver_partnership_id"),
    ):
        _run(f"UPDATE {table} SET {column} = :new WHERE {column} = :old AND {of_partnership} = :partnership", **it)
    cycles = "SELECT id FROM cycle WHERE partnership_id = :partnership"
    _run(
        f"INSERT INTO cycle_school (cycle_id, school_id) SELECT cycle_id, :new FROM cycle_school"
        f" WHERE school_id = :old AND cycle_id IN ({cycles})",
        **it,
    )
    _run(f"UPDATE response SET school_id = :new WHERE school_id = :old AND cycle_id IN ({cycles})", **it)
    _run(
        f"DELETE FROM cycle_school WHERE school_id = :old AND cycle_id IN ({cycles})",
        old=school,
        partnership=partnership,
    )
    snapshots = f"SELECT id FROM snapshot WHERE cycle_id IN ({cycles})"
    _run(f"UPDATE snapshot_school SET school_id = :new WHERE school_id = :old AND snapshot_id IN ({snapshots})", **it)
    numbers = {row.id for row in _run(snapshots, partnership=partnership)}
    for row, key, prompt in _messages_about(school, new, partnership, numbers):
        _run("UPDATE outbox SET key = :key, prompt = :prompt WHERE id = :id", id=row.id, key=key, prompt=prompt)
        _run("UPDATE posted SET key = :key WHERE key = :before", before=row.key, key=key)


def _messages_about(old: str, new: str, partnership: str, snapshots: set[int]) -> Iterator[tuple[Any, str, str]]:
    """What was told of a school in one partnership, as it reads with the new id: it is not to be told again."""
    for row in _run("SELECT id, key, prompt FROM outbox WHERE prompt LIKE '%\"school\"%'"):
        told = json.loads(row.prompt)
        if told.get("school") == old and (told.get("partnership") == partnership or told.get("snapshot") in snapshots):
            key = ":".join(new if part == old else part for part in row.key.split(":"))
            yield row, key, json.dumps(told | {"school": new}, separators=(",", ":"), ensure_ascii=False)


def _list_people() -> None:
    _run(
        "INSERT INTO listed_person (partnership_id, file_id, person_id, with_account)"
        " SELECT partnership_id, person_id, person_id, false FROM partnership_role"
        " UNION SELECT m.partnership_id, l.person_id, l.person_id, false FROM leader l"
        " JOIN membership m ON m.school_id = l.school_id"
    )
    _run(
        "UPDATE listed_person SET proof = 'none' WHERE person_id IN"
        " (SELECT person_id FROM listed_person GROUP BY person_id HAVING count(*) > 1)"
    )
    _run(
        "UPDATE listed_person SET name = (SELECT name FROM person WHERE person.id = listed_person.person_id)"
        " WHERE proof IS NULL"
    )
