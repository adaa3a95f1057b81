"""Everything that is stored of one partnership, so that a test can tell whether any of it changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

from sqlalchemy import Connection, RowMapping, select

from core.storage.tables import Base

Row: TypeAlias = Mapping[str, Any] | RowMapping

NOBODYS: Final = frozenset(
    {
        "framework", "network", "network_snapshot", "inbox", "hold", "pace", "sign_of_life", "link_attempt",
        "browser_message", "browser_file", "demo_clock", "installation_key", "erasure",
        "slack_installation", "slack_state",
    }
)  # fmt: skip
"""Tables that hold nothing of one partnership alone, or that no test of two partnerships fills."""

_ABOUT: Final = {
    "partnership_id": "partnership", "giver_partnership_id": "partnership", "receiver_partnership_id": "partnership",
    "school_id": "school", "cycle_id": "cycle", "response_id": "response", "snapshot_id": "snapshot",
}  # fmt: skip


def belongings(connection: Connection, partnership: str) -> dict[str, list[str]]:
    """The rows of this partnership, of its schools, cycles and people, and of the conversations with them, by table.

    A row about a person of two partnerships belongs to both, unless it says of which cycle or school it is.
    """
    stored: dict[str, Sequence[Row]] = {
        table.name: connection.execute(select(table)).mappings().all()
        for table in Base.metadata.sorted_tables
        if table.name not in NOBODYS
    }
    owners = _Owners(stored)
    found = {
        table: sorted(str(dict(row)) for row in rows if partnership in owners.of(table, row))
        for table, rows in stored.items()
    }
    return {table: rows for table, rows in found.items() if rows}


class _Owners:
    def __init__(self, stored: Mapping[str, Sequence[Row]]) -> None:
        cycles = {row["id"]: row["partnership_id"] for row in stored["cycle"]}
        self._of: dict[str, dict[Any, str]] = {
            "partnership": {row["id"]: row["id"] for row in stored["partnership"]},
            "school": {row["school_id"]: row["partnership_id"] for row in stored["membership"]},
            "cycle": cycles,
            "response": {row["id"]: cycles[row["cycle_id"]] for row in stored["response"]},
            "snapshot": {row["id"]: cycles[row["cycle_id"]] for row in stored["snapshot"]},
        }
        self._people: dict[str | None, set[str]] = defaultdict(set)
        for row in stored["listed_person"]:
            self._people[row["person_id"]].add(row["partnership_id"])
        self._places: dict[tuple[str, ...], set[str]] = defaultdict(set)
        for row in stored["account"]:
            for conversation in {row["conversation"], row["user"]} - {None}:
                self._places[row["platform"], row["tenant"], conversation] |= self._people[row["person_id"]]
        for row in stored["channel"]:
            self._places[row["platform"], row["tenant"], row["conversation"]].add(row["partnership_id"])

    def of(self, table: str, row: Row) -> set[str]:
        """The partnerships that a row belongs to."""
        if table in self._of:
            return {self._of[table][row["id"]]}
        if about := set(self._about(row)):
            return about
        if table == "person":
            return self._people[row["id"]]
        if row.get("person_id") is not None:
            return self._people[row["person_id"]]
        if "conversation" in row:
            return self._places[row["platform"], row["tenant"], row["conversation"]]
        if table == "audit":
            return {row["about"].get("partnership")}
        if "person_id" in row or "owner_id" in row:
            return set()
        raise AssertionError(f"Say in tests/support/belongings.py whose the rows of {table} are.")

    def _about(self, row: Row) -> Iterator[str]:
        for column, what in _ABOUT.items():
            if row.get(column) is not None:
                yield self._of[what][row[column]]
