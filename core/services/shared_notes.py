"""Notes that their authors chose to show beyond their own school, once the cycle has closed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select

from core.enquiry import Audience, NoteKind
from core.framework import Text
from core.services import cycles
from core.storage import tables
from core.storage.frameworks import FrameworkShelf
from core.values import value

_note = tables.Note.__table__
_response = tables.Response.__table__
_school = tables.School.__table__
_cycle = tables.Cycle.__table__

_SHARED: Select[Any] = (
    select(
        _note.c.subtheme,
        _note.c.kind,
        _note.c.text,
        _note.c.audience,
        _school.c.name,
        _cycle.c.framework_id,
        _cycle.c.framework_version,
    )
    .join(_response, _response.c.id == _note.c.response_id)
    .join(_cycle, _cycle.c.id == _response.c.cycle_id)
    .join(_school, _school.c.id == _response.c.school_id)
    .where(_response.c.cycle_id == bindparam("cycle"), _note.c.audience.in_(bindparam("audiences", expanding=True)))
    .order_by(_note.c.subtheme, _note.c.kind, _school.c.name, _note.c.id)
)


@value
class SharedNote:
    school_name: str
    subtheme: str
    title: Text
    """The sub-theme's."""
    kind: NoteKind
    text: str
    audience: Audience


def notes_for_meeting(
    connection: Connection, shelf: FrameworkShelf, cycle: int, now: datetime
) -> tuple[SharedNote, ...]:
    """The notes that only people at the meeting may read: for the meeting pack, never for a channel.

    Empty before the cycle is over: until then their authors may withdraw them.
    """
    return _shared(connection, shelf, cycle, now, {Audience.MEETING})


def notes_for_lead(connection: Connection, shelf: FrameworkShelf, cycle: int, now: datetime) -> tuple[SharedNote, ...]:
    """The notes that the partnership's lead may read, including those for the meeting."""
    return _shared(connection, shelf, cycle, now, {Audience.LEAD, Audience.MEETING})


def _shared(
    connection: Connection, shelf: FrameworkShelf, cycle: int, now: datetime, audiences: Collection[Audience]
) -> tuple[SharedNote, ...]:
    found = cycles.cycle_by_id(connection, cycle)
    if found is None or not found.is_over(now):
        return ()
    values = {"cycle": cycle, "audiences": sorted(each.value for each in audiences)}
    return tuple(
        SharedNote(
            school_name=row.name,
            subtheme=row.subtheme,
            title=shelf.get(connection, row.framework_id, row.framework_version).subtheme_by_id[row.subtheme].title,
            kind=NoteKind(row.kind),
            text=row.text,
            audience=Audience(row.audience),
        )
        for row in connection.execute(_SHARED, values)
    )
