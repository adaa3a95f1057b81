"""Enquiries: what a person has said so far, and what they are being asked. This is the hot path for reads.

Every statement is built only once, so that a turn spends its time in the database.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from core.enquiry import Account, Answer, AskedFor, Audience, Enquiry, Known, Note, NoteKind, OpenEnquiry
from core.framework import Framework, Perspective, Row
from core.services import cycles, handover
from core.storage import tables
from core.storage.frameworks import FrameworkShelf
from core.storage.prepared import Prepared, Read, Stored
from core.values import value


@value
class ByResponse:
    response: int
    with_notes: bool = True
    """Whether the notes and priorities are loaded too; a score depends on none of them."""


@value
class BySchool:
    cycle: int
    school: str


Wanted: TypeAlias = ByResponse | BySchool | None
"""Which of a person's responses is meant; None for the one they are working on."""


@value
class Talk:
    """A person and the state of the conversation with them."""

    person: Known
    conversation: str | None
    """Their conversation with the bot on the requested platform, if known."""
    last_used_at: datetime | None
    """The day they last used that account; None if they never did."""
    active: int | None
    """The response they are working on; not always the requested one."""
    awaiting: str | None
    enquiry: Enquiry | None


account, person, talk = tables.Account.__table__, tables.Person.__table__, tables.Talk.__table__
response, answer = tables.Response.__table__, tables.Answer.__table__
note, vote = tables.Note.__table__, tables.PriorityVote.__table__
cycle, cycle_school = tables.Cycle.__table__, tables.CycleSchool.__table__
stand_in = tables.StandIn.__table__
school, partnership, leader = tables.School.__table__, tables.Partnership.__table__, tables.Leader.__table__

_OF_ACCOUNT = and_(
    account.c.platform == bindparam("platform"),
    account.c.tenant == bindparam("tenant"),
    account.c.user == bindparam("user"),
)


def _talk(
    which: ColumnElement[bool], whose: ColumnElement[bool] = response.c.person_id == person.c.id
) -> Select[tuple[object, ...]]:
    """The person behind an account, with the response that ``which`` names, as long as they still lead its school."""
    return (
        select(
            person.c.id.label("person_id"),
            person.c.name.label("person_name"),
            person.c.language,
            person.c.reminder_time,
            account.c.conversation,
            account.c.last_used_at,
            talk.c.response_id.label("active"),
            talk.c.awaiting,
            func.coalesce(leader.c.person_id, stand_in.c.person_id).label("still_leads"),
            response.c.id.label("response_id"),
            response.c.cycle_id,
            response.c.school_id,
            response.c.previous_id,
            response.c.submitted_at,
            response.c.asked_for,
            response.c.priorities_done,
            cycle.c.title,
            cycle.c.partnership_id,
            cycle.c.framework_id,
            cycle.c.framework_version,
            cycle.c.scope,
            cycle.c.visibility,
            cycle.c.opens_at,
            cycle.c.closes_at,
            cycle.c.closed_at,
            cycle.c.meeting_on,
            partnership.c.name.label("partnership_name"),
            school.c.name.label("school_name"),
        )
        .select_from(account)
        .join(person, person.c.id == account.c.person_id)
        .outerjoin(talk, talk.c.person_id == person.c.id)
        .outerjoin(response, and_(whose, which))
        .outerjoin(cycle, cycle.c.id == response.c.cycle_id)
        .outerjoin(partnership, partnership.c.id == cycle.c.partnership_id)
        .outerjoin(school, school.c.id == response.c.school_id)
        .outerjoin(leader, and_(leader.c.person_id == person.c.id, leader.c.school_id == response.c.school_id))
        .outerjoin(
            stand_in,
            and_(
                stand_in.c.cycle_id == response.c.cycle_id,
                stand_in.c.school_id == response.c.school_id,
                stand_in.c.person_id == person.c.id,
                cycle.c.closed_at.is_(None),
            ),
        )
    )


_TALK_ACTIVE = Prepared(_talk(response.c.id == talk.c.response_id).where(_OF_ACCOUNT))
_TALK_BY_RESPONSE = Prepared(_talk(response.c.id == bindparam("response")).where(_OF_ACCOUNT))
_BY_SCHOOL = and_(response.c.cycle_id == bindparam("cycle"), response.c.school_id == bindparam("school"))
_TALK_BY_SCHOOL = Prepared(_talk(_BY_SCHOOL).where(_OF_ACCOUNT))
_membership, _theirs, _namesake = tables.Membership.__table__, leader.alias("theirs"), school.alias("namesake")
_SEVERAL = (
    select(_theirs.c.school_id)
    .join(_namesake, _namesake.c.id == _theirs.c.school_id)
    .join(_membership, and_(_membership.c.school_id == _namesake.c.id, _membership.c.left_on.is_(None)))
    .where(
        _theirs.c.person_id == person.c.id, _namesake.c.id != response.c.school_id, _namesake.c.name == school.c.name
    )
    .exists()
)
_before = response.alias("before")
_MAY_COMPARE = (
    exists()
    .where(
        _before.c.id == response.c.previous_id,
        or_(_before.c.person_id == person.c.id, handover.left_to(person.c.id, _before)),
    )
    .correlate_except(_before)
)
_TO_BE_READ = or_(response.c.person_id == person.c.id, handover.left_to(person.c.id, response))
_ENQUIRY = Prepared(
    _talk(response.c.id == bindparam("response"), _TO_BE_READ)
    .add_columns(partnership.c.calendar["timezone"].as_string().label("timezone"), _SEVERAL.label("several"))
    .add_columns((response.c.person_id != person.c.id).label("left_behind"), _MAY_COMPARE.label("may_compare"))
    .where(person.c.id == bindparam("person"))
    .limit(1)
)

_ANSWERS = Prepared(
    select(
        answer.c.criterion,
        answer.c.perspective,
        answer.c.level,
        answer.c.reason,
        answer.c.revision,
        answer.c.answered_at,
    ).where(answer.c.response_id == bindparam("response"))
)

_NOTES_AND_VOTES = Prepared(
    union_all(
        select(note.c.id, note.c.subtheme, note.c.kind, note.c.text, note.c.audience, note.c.offered).where(
            note.c.response_id == bindparam("response"),
            or_(note.c.audience != "school", note.c.author_id == bindparam("reader")),
        ),
        select(literal(0), vote.c.subtheme, null(), null(), null(), null()).where(
            vote.c.response_id == bindparam("response")
        ),
    )
)


_TAKE_TURN = Prepared(
    select(person.c.id)
    .join(account, account.c.person_id == person.c.id)
    .where(_OF_ACCOUNT)
    .with_for_update(key_share=True, of=person)
)
_HOLD_OPEN = Prepared(select(cycle.c.closed_at).where(cycle.c.id == bindparam("cycle")).with_for_update(read=True))


def take_turn(connection: Connection, who: Account) -> None:
    """Serialise a person's turns, across devices and replicas; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        _TAKE_TURN.first(connection, {"platform": who.platform, "tenant": who.tenant, "user": who.user})


def hold_open(connection: Connection, enquiry: Enquiry, now: datetime) -> Enquiry:
    """The same enquiry, with its cycle, if open, locked against closing until this turn ends.

    Not for a turn that may close a cycle itself: two of them would deadlock.
    """
    if connection.dialect.name != "postgresql" or not enquiry.cycle.is_open(now):
        return enquiry
    held = _HOLD_OPEN.first(connection, {"cycle": enquiry.cycle.id})
    closed_at = None if held is None else held["closed_at"]
    return enquiry if closed_at is None else replace(enquiry, cycle=replace(enquiry.cycle, closed_at=closed_at))


def load_talk(connection: Connection, shelf: FrameworkShelf, who: Account, wanted: Wanted = None) -> Talk | None:
    """The person behind an account and the response meant, or None for an unknown account.

    A response is only ever found for its own author, and only while they lead its school. It comes without the previous
    cycle's answers: those are only for display.
    """
    bound: dict[str, object] = {"platform": who.platform, "tenant": who.tenant, "user": who.user}
    if isinstance(wanted, ByResponse):
        row = _TALK_BY_RESPONSE.first(connection, {**bound, "response": wanted.response})
    elif isinstance(wanted, BySchool):
        row = _TALK_BY_SCHOOL.first(connection, {**bound, "cycle": wanted.cycle, "school": wanted.school})
    else:
        row = _TALK_ACTIVE.first(connection, bound)
    with_notes = not isinstance(wanted, ByResponse) or wanted.with_notes
    return None if row is None else _as_talk(row, _as_enquiry(connection, shelf, row, None, with_notes))


def load_enquiry(connection: Connection, shelf: FrameworkShelf, person_id: str, response_id: int) -> Talk | None:
    """The same by the person's own id, including the previous answers: for composing a message to them.

    It also finds what a predecessor left to them in a closed cycle, to be read. The previous answers are left out
    where they are neither their own nor left to them: a response may have passed to them with its whole past.
    """
    row = _ENQUIRY.first(connection, {"person": person_id, "response": response_id})
    if row is None:
        return None
    return _as_talk(row, _as_enquiry(connection, shelf, row, row["previous_id"] if row["may_compare"] else None))


def _as_talk(row: Mapping[str, Any], enquiry: Enquiry | None) -> Talk:
    known = Known(row["person_id"], row["person_name"], row["language"], row["reminder_time"])
    return Talk(known, row["conversation"], row["last_used_at"], row["active"], row["awaiting"], enquiry)


def _as_enquiry(
    connection: Connection,
    shelf: FrameworkShelf,
    row: Mapping[str, Any],
    previous: int | None,
    with_notes: bool = True,
) -> Enquiry | None:
    if row["response_id"] is None or row["still_leads"] is None:
        return None
    reader: str = row["person_id"]
    notes, priorities = _notes_and_priorities(connection, row["response_id"], reader) if with_notes else ((), ())
    framework = shelf.scoped(connection, row["framework_id"], row["framework_version"], row["scope"])
    return Enquiry(
        response=row["response_id"],
        cycle=cycles.as_cycle(row["cycle_id"], row),
        partnership_name=row["partnership_name"],
        school=row["school_id"],
        school_name=row["school_name"],
        framework=framework,
        answers=_answers(connection, framework, row["response_id"]),
        previous={} if previous is None else _answers(connection, framework, previous),
        notes=notes,
        priorities=priorities,
        priorities_done=row["priorities_done"],
        asked_for=read_asked_for(row["asked_for"]),
        submitted_at=row["submitted_at"],
        left_behind=bool(row.get("left_behind")),
        asked_by_several=bool(row.get("several")),
    )


class _Kept(Mapping[Row, Answer]):
    """Answers as stored, each decoded on access: most of a turn only asks which rows have one."""

    __slots__ = ("_read", "_stored")

    def __init__(self, stored: Mapping[Row, Stored], read: Read) -> None:
        self._stored, self._read = stored, read

    def __contains__(self, row: object) -> bool:
        return row in self._stored

    def __getitem__(self, row: Row) -> Answer:
        _, _, level, reason, revision, at = self._read(self._stored[row])
        return Answer(level, reason, revision, at)

    def __iter__(self) -> Iterator[Row]:
        return iter(self._stored)

    def __len__(self) -> int:
        return len(self._stored)


def _answers(connection: Connection, framework: Framework, response_id: int) -> Mapping[Row, Answer]:
    """The answers to what this framework asks: an earlier cycle may have asked more."""
    stored, read = _ANSWERS.unread(connection, {"response": response_id})
    row_of = framework.row_of
    return _Kept({row: each for each in stored if (row := row_of.get((each[0], each[1]))) is not None}, read)


def _notes_and_priorities(
    connection: Connection, response_id: int, reader: str
) -> tuple[tuple[Note, ...], tuple[str, ...]]:
    notes: list[Note] = []
    priorities: list[str] = []
    bound = {"response": response_id, "reader": reader}
    for note_id, subtheme, kind, text, audience, offered in _NOTES_AND_VOTES.all(connection, bound):
        if kind is None:
            priorities.append(subtheme)
        else:
            offer = None if offered is None else bool(offered)
            notes.append(Note(note_id, subtheme, NoteKind(kind), text, Audience(audience), offer))
    return tuple(notes), tuple(sorted(priorities))


def read_asked_for(stored: str | None) -> AskedFor | None:
    if stored is None:
        return None
    if stored == "priorities":
        return "priorities"
    if stored == "review":
        return "review"
    criterion, _, perspective = stored.partition("|")
    return Row(criterion, Perspective(perspective))


def write_asked_for(asked_for: AskedFor | None) -> str | None:
    return f"{asked_for.criterion}|{asked_for.perspective}" if isinstance(asked_for, Row) else asked_for


_asked = (
    select(leader.c.school_id, null().label("cycle_id"))
    .where(leader.c.person_id == bindparam("person"))
    .union(select(stand_in.c.school_id, stand_in.c.cycle_id).where(stand_in.c.person_id == bindparam("person")))
    .subquery()
)
_OPEN = (
    select(
        cycle.c.id,
        cycle.c.title,
        partnership.c.name.label("partnership_name"),
        school.c.id.label("school_id"),
        school.c.name.label("school_name"),
        cycle.c.closes_at,
        response.c.id.label("response_id"),
        response.c.submitted_at,
    )
    .select_from(_asked)
    .join(
        cycle_school,
        and_(
            cycle_school.c.school_id == _asked.c.school_id,
            or_(_asked.c.cycle_id.is_(None), cycle_school.c.cycle_id == _asked.c.cycle_id),
        ),
    )
    .join(cycle, cycle.c.id == cycle_school.c.cycle_id)
    .join(partnership, partnership.c.id == cycle.c.partnership_id)
    .join(school, school.c.id == _asked.c.school_id)
    .outerjoin(
        response,
        and_(
            response.c.cycle_id == cycle.c.id,
            response.c.school_id == school.c.id,
            response.c.person_id == bindparam("person"),
        ),
    )
    .where(
        cycle.c.closed_at.is_(None),
        cycle.c.opens_at <= bindparam("now"),
        cycle.c.closes_at > bindparam("now"),
    )
    .order_by(cycle.c.closes_at, cycle.c.id, school.c.name)
)


def open_enquiries(connection: Connection, person_id: str, now: datetime) -> tuple[OpenEnquiry, ...]:
    """Everything this person is being asked as a leader or instead of one, earliest closing date first."""
    return tuple(
        OpenEnquiry(
            cycle=row.id,
            cycle_title=row.title,
            partnership_name=row.partnership_name,
            school=row.school_id,
            school_name=row.school_name,
            closes_at=row.closes_at,
            response=row.response_id,
            submitted=row.submitted_at is not None,
        )
        for row in connection.execute(_OPEN, {"person": person_id, "now": now})
    )


_CLOSED = (
    select(response.c.id, cycle.c.id.label("cycle"))
    .join(cycle, cycle.c.id == response.c.cycle_id)
    .join(leader, and_(leader.c.person_id == bindparam("person"), leader.c.school_id == response.c.school_id))
    .where(
        or_(response.c.person_id == bindparam("person"), handover.left_to(bindparam("person"), response)),
        or_(cycle.c.closed_at.is_not(None), cycle.c.closes_at <= bindparam("now", type_=cycle.c.closes_at.type)),
    )
    .order_by(func.coalesce(cycle.c.closed_at, cycle.c.closes_at).desc(), cycle.c.id.desc(), response.c.id)
)


def last_closed(connection: Connection, person_id: str, now: datetime) -> tuple[int, ...]:
    """The responses in their latest cycle that is over for the schools they lead: their own, or left to them."""
    rows = connection.execute(_CLOSED, {"person": person_id, "now": now}).all()
    return tuple(row.id for row in rows if row.cycle == rows[0].cycle)


_RESPONSE_OF_NOTE = select(note.c.response_id).where(note.c.id == bindparam("note"))


def response_of_note(connection: Connection, note_id: int) -> int | None:
    """The response a note belongs to; ``load_talk`` checks whose it is."""
    return connection.execute(_RESPONSE_OF_NOTE, {"note": note_id}).scalar()
