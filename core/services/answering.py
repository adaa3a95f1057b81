"""Answering: load one leader's enquiry, and keep what they say. The hot path of the bot.

Every statement is built once, here, so that a turn spends its time in the database.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import (
    Connection,
    Select,
    Table,
    and_,
    bindparam,
    delete,
    func,
    insert,
    literal,
    null,
    select,
    union_all,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from core.enquiry import (
    Account,
    Answer,
    AskedFor,
    Audience,
    Cycle,
    Enquiry,
    Known,
    Note,
    NoteKind,
    OpenEnquiry,
    Visibility,
)
from core.framework import Perspective, Row
from core.storage import tables
from core.storage.frameworks import FrameworkShelf
from core.storage.outbox import Place
from core.storage.prepared import Prepared


@dataclass(frozen=True, slots=True)
class ByResponse:
    response: int


@dataclass(frozen=True, slots=True)
class BySchool:
    cycle: int
    school: str


Wanted: TypeAlias = ByResponse | BySchool | None
"""Which of a person's responses is spoken of; None for the one they are working on."""


@dataclass(frozen=True, slots=True)
class Talk:
    """A person and where the conversation with them stands."""

    person: Known
    conversation: str | None
    """Where the bot talks to them on the platform that was asked about, as far as is known."""
    active: int | None
    """The response they are working on; not always the one that was asked for."""
    awaiting: str | None
    enquiry: Enquiry | None


def _table(model: type[tables.Base]) -> Table:
    return model.__table__


account, person, talk = _table(tables.Account), _table(tables.Person), _table(tables.Talk)
response, answer, note, vote = (
    _table(tables.Response),
    _table(tables.Answer),
    _table(tables.Note),
    _table(tables.PriorityVote),
)
cycle, cycle_school = _table(tables.Cycle), _table(tables.CycleSchool)
school, partnership, leader = _table(tables.School), _table(tables.Partnership), _table(tables.Leader)

_OF_ACCOUNT = and_(
    account.c.platform == bindparam("platform"),
    account.c.tenant == bindparam("tenant"),
    account.c.user == bindparam("user"),
)


def _talk(which: object) -> Select[tuple[object, ...]]:
    """The person of an account, with the response that ``which`` names, as long as they still lead its school."""
    return (
        select(
            person.c.id.label("person_id"),
            person.c.name.label("person_name"),
            person.c.language,
            person.c.reminder_time,
            account.c.conversation,
            talk.c.response_id.label("active"),
            talk.c.awaiting,
            leader.c.person_id.label("still_leads"),
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
        .outerjoin(response, and_(response.c.person_id == person.c.id, which))  # type: ignore[arg-type]
        .outerjoin(cycle, cycle.c.id == response.c.cycle_id)
        .outerjoin(partnership, partnership.c.id == cycle.c.partnership_id)
        .outerjoin(school, school.c.id == response.c.school_id)
        .outerjoin(leader, and_(leader.c.person_id == person.c.id, leader.c.school_id == response.c.school_id))
    )


_TALK_ACTIVE = Prepared(_talk(response.c.id == talk.c.response_id).where(_OF_ACCOUNT))
_TALK_BY_RESPONSE = Prepared(_talk(response.c.id == bindparam("response")).where(_OF_ACCOUNT))
_BY_SCHOOL = and_(response.c.cycle_id == bindparam("cycle"), response.c.school_id == bindparam("school"))
_TALK_BY_SCHOOL = Prepared(_talk(_BY_SCHOOL).where(_OF_ACCOUNT))
_ENQUIRY = Prepared(_talk(response.c.id == bindparam("response")).where(person.c.id == bindparam("person")).limit(1))

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
            note.c.response_id == bindparam("response")
        ),
        select(literal(0), vote.c.subtheme, null(), null(), null(), null()).where(
            vote.c.response_id == bindparam("response")
        ),
    )
)


_TAKE_TURN = (
    select(person.c.id)
    .join(account, account.c.person_id == person.c.id)
    .where(_OF_ACCOUNT)
    .with_for_update(key_share=True, of=person)
)
_HOLD_OPEN = select(cycle.c.closed_at).where(cycle.c.id == bindparam("cycle")).with_for_update(read=True)


def take_turn(connection: Connection, who: Account) -> None:
    """One turn of a person at a time, on whichever device or replica; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(_TAKE_TURN, {"platform": who.platform, "tenant": who.tenant, "user": who.user})


def hold_open(connection: Connection, enquiry: Enquiry, now: datetime) -> Enquiry:
    """The same enquiry; if its cycle is open, nobody can close it before this turn has ended.

    Not for a turn that may close a cycle itself: two of them would wait for each other.
    """
    if connection.dialect.name != "postgresql" or not enquiry.cycle.is_open(now):
        return enquiry
    closed_at = connection.execute(_HOLD_OPEN, {"cycle": enquiry.cycle.id}).scalar()
    return replace(enquiry, cycle=replace(enquiry.cycle, closed_at=closed_at))


def load_talk(connection: Connection, shelf: FrameworkShelf, who: Account, wanted: Wanted = None) -> Talk | None:
    """The person behind an account and the response spoken of, or None for an account nobody has.

    A response is only ever found for the person it belongs to, and only while they lead its school. It comes without
    the answers of the cycle before: those are there to be shown, and nothing a person does depends on them.
    """
    bound: dict[str, object] = {"platform": who.platform, "tenant": who.tenant, "user": who.user}
    if isinstance(wanted, ByResponse):
        row = _TALK_BY_RESPONSE.first(connection, {**bound, "response": wanted.response})
    elif isinstance(wanted, BySchool):
        row = _TALK_BY_SCHOOL.first(connection, {**bound, "cycle": wanted.cycle, "school": wanted.school})
    else:
        row = _TALK_ACTIVE.first(connection, bound)
    return None if row is None else _as_talk(connection, shelf, row)


def load_enquiry(connection: Connection, shelf: FrameworkShelf, person_id: str, response_id: int) -> Talk | None:
    """The same, found by the person's own id and with the answers before: for making a message of theirs."""
    row = _ENQUIRY.first(connection, {"person": person_id, "response": response_id})
    return None if row is None else _as_talk(connection, shelf, row, row["previous_id"])


def _as_talk(
    connection: Connection, shelf: FrameworkShelf, row: Mapping[str, Any], previous: int | None = None
) -> Talk:
    known = Known(row["person_id"], row["person_name"], row["language"], row["reminder_time"])
    found = row["response_id"] is not None and row["still_leads"] is not None
    return Talk(
        known,
        row["conversation"],
        row["active"],
        row["awaiting"],
        _as_enquiry(connection, shelf, row, previous) if found else None,
    )


def _as_enquiry(connection: Connection, shelf: FrameworkShelf, row: Mapping[str, Any], previous: int | None) -> Enquiry:
    notes, priorities = _notes_and_priorities(connection, row["response_id"])
    return Enquiry(
        response=row["response_id"],
        cycle=_as_cycle(row),
        partnership_name=row["partnership_name"],
        school=row["school_id"],
        school_name=row["school_name"],
        framework=shelf.scoped(connection, row["framework_id"], row["framework_version"], row["scope"]),
        answers=_answers(connection, row["response_id"]),
        previous={} if previous is None else _answers(connection, previous),
        notes=notes,
        priorities=priorities,
        priorities_done=row["priorities_done"],
        asked_for=_read_asked_for(row["asked_for"]),
        submitted_at=row["submitted_at"],
    )


def _as_cycle(row: Mapping[str, Any]) -> Cycle:
    return Cycle(
        id=row["cycle_id"],
        partnership=row["partnership_id"],
        title=row["title"],
        visibility=Visibility(row["visibility"]),
        opens_at=row["opens_at"],
        closes_at=row["closes_at"],
        closed_at=row["closed_at"],
        meeting_on=row["meeting_on"],
    )


_PERSPECTIVES: Mapping[str, Perspective] = {each.value: each for each in Perspective}


def _answers(connection: Connection, response_id: int) -> Mapping[Row, Answer]:
    return {
        Row(criterion, _PERSPECTIVES[perspective]): Answer(level, reason, revision, at)
        for criterion, perspective, level, reason, revision, at in _ANSWERS.all(connection, {"response": response_id})
    }


def _notes_and_priorities(connection: Connection, response_id: int) -> tuple[tuple[Note, ...], tuple[str, ...]]:
    notes: list[Note] = []
    priorities: list[str] = []
    for note_id, subtheme, kind, text, audience, offered in _NOTES_AND_VOTES.all(connection, {"response": response_id}):
        if kind is None:
            priorities.append(subtheme)
        else:
            offer = None if offered is None else bool(offered)
            notes.append(Note(note_id, subtheme, NoteKind(kind), text, Audience(audience), offer))
    return tuple(notes), tuple(sorted(priorities))


def _read_asked_for(stored: str | None) -> AskedFor | None:
    if stored is None:
        return None
    if stored == "priorities":
        return "priorities"
    if stored == "review":
        return "review"
    criterion, _, perspective = stored.partition("|")
    return Row(criterion, Perspective(perspective))


def _write_asked_for(asked_for: AskedFor | None) -> str | None:
    return f"{asked_for.criterion}|{asked_for.perspective}" if isinstance(asked_for, Row) else asked_for


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
    .select_from(leader)
    .join(cycle_school, cycle_school.c.school_id == leader.c.school_id)
    .join(cycle, cycle.c.id == cycle_school.c.cycle_id)
    .join(partnership, partnership.c.id == cycle.c.partnership_id)
    .join(school, school.c.id == leader.c.school_id)
    .outerjoin(
        response,
        and_(
            response.c.cycle_id == cycle.c.id,
            response.c.school_id == school.c.id,
            response.c.person_id == leader.c.person_id,
        ),
    )
    .where(
        leader.c.person_id == bindparam("person"),
        cycle.c.closed_at.is_(None),
        cycle.c.opens_at <= bindparam("now"),
        cycle.c.closes_at > bindparam("now"),
    )
    .order_by(cycle.c.closes_at, cycle.c.id, school.c.name)
)


def open_enquiries(connection: Connection, person_id: str, now: datetime) -> tuple[OpenEnquiry, ...]:
    """Everything this person is being asked, soonest close first."""
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


_other = response.alias("other")
_earlier, _this = cycle.alias("earlier"), cycle.alias("this")
_PREVIOUS = (
    select(_other.c.id)
    .join(_earlier, _earlier.c.id == _other.c.cycle_id)
    .join(_this, _this.c.id == bindparam("cycle"))
    .where(
        _other.c.school_id == bindparam("school"),
        _other.c.person_id == bindparam("person"),
        _other.c.submitted_at.is_not(None),
        _earlier.c.partnership_id == _this.c.partnership_id,
        _earlier.c.framework_id == _this.c.framework_id,
        _earlier.c.framework_version == _this.c.framework_version,
        _earlier.c.opens_at < _this.c.opens_at,
    )
    .order_by(_earlier.c.opens_at.desc())
    .limit(1)
)


def begin_response(connection: Connection, person_id: str, cycle_id: int, school_id: str, now: datetime) -> None:
    """Begin this leader's response; nothing changes where it has begun already.

    The caller has made sure that the cycle is open and that the person leads the school.
    """
    previous = connection.execute(_PREVIOUS, {"cycle": cycle_id, "school": school_id, "person": person_id}).scalar()
    connection.execute(
        _insert(connection, response).on_conflict_do_nothing(),
        {
            "cycle_id": cycle_id,
            "school_id": school_id,
            "person_id": person_id,
            "previous_id": previous,
            "started_at": now,
            "submitted_at": None,
            "asked_for": None,
            "priorities_done": False,
        },
    )


def _insert(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)


def _upsert_answer(dialect_insert: sqlite.Insert | postgresql.Insert) -> sqlite.Insert | postgresql.Insert:
    new = dialect_insert.excluded
    return dialect_insert.on_conflict_do_update(
        index_elements=["response_id", "criterion", "perspective"],
        set_={
            "level": new.level,
            "reason": new.reason,
            "revision": answer.c.revision + 1,
            "answered_at": new.answered_at,
        },
    )


_SAVE_ANSWER = Prepared(_upsert_answer(sqlite.insert(answer)), postgresql=_upsert_answer(postgresql.insert(answer)))


def save_answer(
    connection: Connection, response_id: int, row: Row, level: int | None, reason: str | None, at: datetime
) -> None:
    """Keep a score, or the reason why there is none, in place of what was answered before."""
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
    connection.execute(_ASK_FOR, {"id_": response_id, "asked": _write_asked_for(asked_for)})


def submit(connection: Connection, response_id: int, now: datetime) -> None:
    """Submit a response; the first moment stays where it has been submitted before."""
    connection.execute(
        update(response)
        .where(response.c.id == response_id)
        .values(
            submitted_at=func.coalesce(response.c.submitted_at, bindparam("now", now, response.c.submitted_at.type))
        )
    )


def set_priorities(connection: Connection, response_id: int, subthemes: Sequence[str], done: bool) -> None:
    connection.execute(delete(vote).where(vote.c.response_id == response_id))
    if subthemes:
        connection.execute(insert(vote), [{"response_id": response_id, "subtheme": each} for each in subthemes])
    connection.execute(update(response).where(response.c.id == response_id).values(priorities_done=done))


def keep_note(connection: Connection, response_id: int, kept: Note, now: datetime) -> None:
    connection.execute(
        insert(note),
        {
            "id": kept.id,
            "response_id": response_id,
            "subtheme": kept.subtheme,
            "kind": kept.kind.value,
            "text": kept.text,
            "audience": kept.audience.value,
            "offered": kept.offered,
            "written_at": now,
        },
    )


def offer_note(connection: Connection, note_id: int, yes: bool) -> None:
    connection.execute(update(note).where(note.c.id == note_id).values(offered=yes))


def show_note_to(connection: Connection, note_id: int, audience: Audience) -> None:
    connection.execute(update(note).where(note.c.id == note_id).values(audience=audience.value))


def remove_note(connection: Connection, note_id: int) -> None:
    connection.execute(delete(note).where(note.c.id == note_id))


_RESPONSE_OF_NOTE = select(note.c.response_id).where(note.c.id == bindparam("note"))


def response_of_note(connection: Connection, note_id: int) -> int | None:
    """The response a note belongs to; whose response that is, ``load_talk`` finds out."""
    return connection.execute(_RESPONSE_OF_NOTE, {"note": note_id}).scalar()


def set_talk(connection: Connection, person_id: str, active: int | None, awaiting: str | None) -> None:
    """Keep which response a person is working on, and what was asked of them last."""
    statement = _insert(connection, talk)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["person_id"],
            set_={"response_id": statement.excluded.response_id, "awaiting": statement.excluded.awaiting},
        ),
        {"person_id": person_id, "response_id": active, "awaiting": awaiting},
    )


_INBOX = Prepared(
    sqlite.insert(_table(tables.Inbox)).on_conflict_do_nothing(),
    postgresql=postgresql.insert(_table(tables.Inbox)).on_conflict_do_nothing(),
)


def is_new(connection: Connection, event_key: str, now: datetime) -> bool:
    """Write an event down; False where it had been written down before."""
    return _INBOX.run(connection, {"event_key": event_key, "received_at": now}) == 1


_outbox = _table(tables.Outbox)
_LAST_SAID = (
    select(_outbox.c.platform, _outbox.c.tenant, _outbox.c.conversation, _outbox.c.prompt, _outbox.c.manner)
    .where(_outbox.c.person_id == bindparam("person"), _outbox.c.state != "dead")
    .order_by(_outbox.c.id.desc())
    .limit(bindparam("most"))
)


def last_said(connection: Connection, person_id: str, most: int) -> list[tuple[Place, str, str]]:
    """What was said last to this person in all their conversations, the latest first: where, the prompt, its manner."""
    rows = connection.execute(_LAST_SAID, {"person": person_id, "most": most})
    return [(Place(*where), prompt, manner) for *where, prompt, manner in rows]


_DIRECT = select(account.c.conversation).where(_OF_ACCOUNT)


def direct_conversation(connection: Connection, of: Account) -> str | None:
    """Where the bot talks to the person of this account alone, if it ever has."""
    return connection.execute(_DIRECT, {"platform": of.platform, "tenant": of.tenant, "user": of.user}).scalar()
