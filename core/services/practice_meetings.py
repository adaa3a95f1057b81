"""Where one school's offer meets another's request: shown to everybody as sub-themes, never as names."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import Connection, bindparam, select

from core.storage import tables

_note = tables.Note.__table__
_response = tables.Response.__table__

_WISHES = (
    select(_note.c.subtheme, _note.c.kind, _response.c.school_id)
    .join(_response, _response.c.id == _note.c.response_id)
    .where(
        _response.c.cycle_id == bindparam("cycle"),
        _response.c.submitted_at.is_not(None),
        _note.c.offered,
        _note.c.kind.in_(("strength", "development")),
    )
)


def meeting_subthemes(connection: Connection, cycle: int) -> frozenset[str]:
    """The sub-themes in which one school would share a strength and another would welcome help."""
    wishes: dict[str, dict[str, set[str]]] = defaultdict(lambda: {"strength": set(), "development": set()})
    for subtheme, kind, school in connection.execute(_WISHES, {"cycle": cycle}):
        wishes[subtheme][kind].add(school)
    return frozenset(
        subtheme
        for subtheme, by_kind in wishes.items()
        if any(giver != receiver for giver in by_kind["strength"] for receiver in by_kind["development"])
    )
