"""Answering: store what a leader says where the next turn finds it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import chain

from sqlalchemy import Connection, bindparam, case, delete, func, insert, or_, select, update

from core.enquiry import AskedFor, Audience, Note
from core.framework import Row
from core.services import deputies, handover
from core.services.enquiries import write_asked_for
from core.storage import tables
from core.storage.upsert import insert_or_ignore, upsert

talk, response, answer = tables.Talk.__table__, tables.Response.__table__, tables.Answer.__table__
note, vote, cycle = tables.Note.__table__, tables.PriorityVote.__table__, tables.Cycle.__table__

_other = response.alias("other")
_earlier, _this = cycle.alias("earlier"), cycle.alias("this")
_EARLIER = (
    select(_other.c.id, _earlier.c.scope, _this.c.scope.label("scope_now"))
    .join(_earlier, _earlier.c.id == _other.c.cycle_id)
    .join(_this, _this.c.id == bindparam("cycle"))
    .where(
        _other.c.school_id == bindparam("school"),
        or_(_other.c.person_id == bindparam("person"), handover.left_to(bindparam("person"), _other)),
        _other.c.submitted_at.is_not(None),
        _earlier.c.partnership_id == _this.c.partnership_id,
        _earlier.c.framework_id == _this.c.framework_id,
        _earlier.c.framework_version == _this.c.framework_version,
        _earlier.c.opens_at < _this.c.opens_at,
    )
    .order_by(_earlier.c.opens_at.desc(), case((_other.c.person_id == bindparam("person"), 0), else_=1), _other.c.id)
)
_BEGIN = insert_or_ignore(response)
_SAVE_ANSWER = upsert(
    answer,
    lambda new: {
        "level": new.level,
        "reason": new.reason,
        "revision": answer.c.revision + 1,
        "answered_at": new.answered_at,
    },
)
_SET_TALK = upsert(talk)


def begin_response(connection: Connection, person_id: str, cycle_id: int, school_id: str, now: datetime) -> None:
    """Begin this leader's response, unless it has already begun.

    The caller has checked that the cycle is open and that the person leads the school or stands in for its leader.
    Whoever answers with the same voice leaves it to them.
    """
    if deputies.take_over(connection, person_id, cycle_id, school_id):
        return
    previous = _previous(connection, person_id, cycle_id, school_id)
    _BEGIN.run(
        connection,
        {
            "cycle_id": cycle_id,
            "school_id": school_id,
            "person_id": person_id,
            "begun_by_id": None,
            "previous_id": previous,
            "started_at": now,
            "submitted_at": None,
            "asked_for": None,
            "priorities_done": False,
        },
    )


def _previous(connection: Connection, person_id: str, cycle_id: int, school_id: str) -> int | None:
    """Last time's response, their own or a predecessor's: the latest that covered everything asked now, else some.

    So a focus cycle, which asks only a few sub-themes, does not hide the answers to all others.
    """
    bound = {"cycle": cycle_id, "school": school_id, "person": person_id}
    earlier = connection.execute(_EARLIER, bound).all()
    asked_all = (row.id for row in earlier if set(row.scope_now) <= set(row.scope))
    asked_some = (row.id for row in earlier if not set(row.scope_now).isdisjoint(row.scope))
    return next(chain(asked_all, asked_some), None)


def save_answer(
    connection: Connection, response_id: int, row: Row, level: int | None, reason: str | None, at: datetime
) -> None:
    """Store a score, or the reason why there is none, replacing any earlier answer."""
    _SAVE_ANSWER.run(
        connection,
        {
            "response_id": response_id,
            "criterion": row.criterion,
            "perspective": row.perspective.value,
            "level": level,
            "reason": reason,
            "revision": 1,
            "answered_at": at,
        },
    )


_ASK_FOR = update(response).where(response.c.id == bindparam("id_")).values(asked_for=bindparam("asked"))


def ask_for(connection: Connection, response_id: int, asked_for: AskedFor | None) -> None:
    connection.execute(_ASK_FOR, {"id_": response_id, "asked": write_asked_for(asked_for)})


def submit(connection: Connection, response_id: int, now: datetime) -> None:
    """Submit a response; if submitted before, the first time stays.

    It speaks for the school from now on, instead of what a former leader left behind.
    """
    connection.execute(
        update(response)
        .where(response.c.id == response_id)
        .values(
            submitted_at=func.coalesce(response.c.submitted_at, bindparam("now", now, response.c.submitted_at.type))
        )
    )
    school = connection.execute(select(response.c.school_id).where(response.c.id == response_id)).scalar_one()
    handover.speak_with_one_voice(connection, (school,))


def set_priorities(connection: Connection, response_id: int, subthemes: Sequence[str], done: bool) -> None:
    connection.execute(delete(vote).where(vote.c.response_id == response_id))
    if subthemes:
        connection.execute(insert(vote), [{"response_id": response_id, "subtheme": each} for each in subthemes])
    connection.execute(update(response).where(response.c.id == response_id).values(priorities_done=done))


def keep_note(connection: Connection, response_id: int, kept: Note, now: datetime) -> None:
    connection.execute(
        insert(note).values(
            {
                "id": kept.id,
                "response_id": response_id,
                "author_id": select(response.c.person_id).where(response.c.id == response_id).scalar_subquery(),
                "subtheme": kept.subtheme,
                "kind": kept.kind.value,
                "text": kept.text,
                "audience": kept.audience.value,
                "offered": kept.offered,
                "written_at": now,
            }
        )
    )


def offer_note(connection: Connection, note_id: int, yes: bool) -> None:
    connection.execute(update(note).where(note.c.id == note_id).values(offered=yes))


def show_note_to(connection: Connection, note_id: int, audience: Audience) -> None:
    connection.execute(update(note).where(note.c.id == note_id).values(audience=audience.value))


def remove_note(connection: Connection, note_id: int) -> None:
    connection.execute(delete(note).where(note.c.id == note_id))


def set_talk(connection: Connection, person_id: str, active: int | None, awaiting: str | None) -> None:
    """Store which response a person is working on, and what they were asked last."""
    _SET_TALK.run(connection, {"person_id": person_id, "response_id": active, "awaiting": awaiting})
