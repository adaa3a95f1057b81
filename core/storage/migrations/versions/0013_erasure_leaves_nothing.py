"""A key to hash events with, who was erased, and whom a posted message is for.

What was posted to somebody of whom nothing else is known any more, since they were erased, is deleted.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Any, Final

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

_KEY_BYTES: Final = 32
_HERE: Final = "platform = :platform AND tenant = :tenant AND conversation = :conversation"
_MOMENT: Final = sa.DateTime(timezone=True)


def upgrade() -> None:
    key = op.create_table(
        "installation_key",
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("purpose", name=op.f("pk_installation_key")),
    )
    op.execute(sa.insert(key).values(purpose="events", key=secrets.token_bytes(_KEY_BYTES)))
    op.create_table(
        "erasure",
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("scrubbed", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("line", name=op.f("pk_erasure")),
    )
    with op.batch_alter_table("posted", table_kwargs={"sqlite_with_rowid": False}) as posted:
        posted.add_column(sa.Column("person_id", sa.Text(), nullable=True))
        posted.add_column(sa.Column("posted_at", _MOMENT, nullable=True))
        posted.create_foreign_key(op.f("fk_posted_person_id"), "person", ["person_id"], ["id"])
        posted.create_index(op.f("ix_posted_person_id"), ["person_id"])
        posted.create_index(op.f("ix_posted_posted_at"), ["posted_at"])
    _date_what_was_posted()
    _say_whom_it_is_for()
    _delete_what_is_for_nobody()


def downgrade() -> None:
    raise NotImplementedError("Going back would lose answers: restore a copy of the database from before instead.")


def _run(statement: str, **values: object) -> list[dict[str, Any]]:
    result = op.get_bind().execute(sa.text(statement), values)
    return [{**row} for row in result.mappings()] if result.returns_rows else []


def _date_what_was_posted() -> None:
    """Nobody knows when it was; it is kept for two years from now at most."""
    posted = sa.table("posted", sa.column("posted_at", _MOMENT))
    op.execute(sa.update(posted).values(posted_at=datetime.now(UTC)))


def _say_whom_it_is_for() -> None:
    """Whom the outbox says; else whose response a card is about; else whose conversation it is now."""
    direct = _run("SELECT platform, tenant, conversation, key, person_id FROM outbox WHERE kind = 'direct'")
    said_to = {_place(row, row["key"]): row["person_id"] for row in direct}
    responses = {str(row["id"]): row["person_id"] for row in _run("SELECT id, person_id FROM response")}
    accounts = _run('SELECT platform, tenant, "user", conversation, person_id FROM account')
    talks_at = {_place(row): row["person_id"] for row in accounts}
    is_called = {_place(row | {"conversation": row["user"]}): row["person_id"] for row in accounts}
    for row in _run("SELECT platform, tenant, conversation, key FROM posted"):
        here, (kind, _, rest) = _place(row), row["key"].partition(":")
        of_response = responses.get(rest.partition(":")[0]) if kind in {"card", "priorities", "review"} else None
        person = said_to.get((*here, row["key"])) or of_response or talks_at.get(here) or is_called.get(here)
        if person is not None and not person.startswith("erased-"):
            _run(f"UPDATE posted SET person_id = :person WHERE key = :key AND {_HERE}", person=person, **row)


def _place(row: dict[str, Any], *more: str) -> tuple[str, ...]:
    return (row["platform"], row["tenant"], row["conversation"], *more)


def _delete_what_is_for_nobody() -> None:
    _run(
        "DELETE FROM posted WHERE person_id IS NULL AND NOT EXISTS (SELECT 1 FROM channel WHERE"
        " channel.platform = posted.platform AND channel.tenant = posted.tenant"
        " AND channel.conversation = posted.conversation)"
    )
