"""Exports everything stored about a person, and erases them; explained in ``docs/privacy.md``."""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Row,
    Select,
    Table,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    true,
    tuple_,
    union,
    update,
)

from core.calendar import DEFAULT_REMINDER_TIME
from core.enquiry import Account
from core.services import audit, deputies, handover
from core.services.deactivated_accounts import told_by
from core.storage import erasures, inbox, outbox_record, tables

_person = tables.Person.__table__
_account = tables.Account.__table__
_listed = tables.ListedPerson.__table__
_leader = tables.Leader.__table__
_deputy = tables.Deputy.__table__
_role = tables.PartnershipRole.__table__
_school = tables.School.__table__
_partnership = tables.Partnership.__table__
_cycle = tables.Cycle.__table__
_response = tables.Response.__table__
_answer = tables.Answer.__table__
_note = tables.Note.__table__
_vote = tables.PriorityVote.__table__
_talk = tables.Talk.__table__
_nudge = tables.Nudge.__table__
_nudge_choice = tables.NudgeChoice.__table__
_outbox = tables.Outbox.__table__
_posted = tables.Posted.__table__
_hold = tables.Hold.__table__
_audit = tables.Audit.__table__
_code = tables.LinkCode.__table__
_notice = tables.Notice.__table__
_attempt = tables.LinkAttempt.__table__
_reader = tables.SnapshotReader.__table__
_match = tables.PracticeMatch.__table__
_consent = tables.VisibilityConsent.__table__
_reference = tables.ConversationReference.__table__
_file = tables.SharedFile.__table__
_browser = tables.BrowserMessage.__table__

_WHO: BindParameter[str] = bindparam("person")
_OWN = _response.c.person_id == _WHO
_OWN_RESPONSES = select(_response.c.id).where(_OWN)

_OWN_SCHOOLS = select(_leader.c.school_id).where(_leader.c.person_id == _WHO)
_OWN_USERS = select(_account.c.platform, _account.c.tenant, _account.c.user).where(_account.c.person_id == _WHO)
"""In another workspace somebody else may have the same id."""

# The browser chat's own copy of a conversation, such as a platform would have.
_BROWSER: Final = "web"
_BROWSER_ACCOUNT = and_(_account.c.person_id == _WHO, _account.c.platform == _BROWSER)
_BROWSER_USERS = select(_account.c.user).where(_BROWSER_ACCOUNT)
_BROWSER_CONVERSATIONS = select(_account.c.conversation).where(_BROWSER_ACCOUNT, _account.c.conversation.is_not(None))
_BROWSER_OWN = or_(
    _browser.c.conversation.in_(_BROWSER_CONVERSATIONS),
    _browser.c.author.in_(_BROWSER_USERS),
    _browser.c.visible_to.in_(_BROWSER_USERS),
)

_COPIED: dict[str, Select[Any]] = {
    "accounts": select(
        _account.c.platform,
        _account.c.tenant,
        _account.c.user,
        _account.c.conversation,
        _account.c.address,
        _account.c.last_used_at,
        _account.c.deactivated_at,
    ).where(_account.c.person_id == _WHO),
    "where you are reached": select(
        _reference.c.platform, _reference.c.service_url, _reference.c.address, _reference.c.member, _reference.c.seen_at
    ).where(tuple_(_reference.c.platform, _reference.c.tenant, _reference.c.conversation).in_(_OWN_USERS)),
    "files of messages to you": select(_file.c.platform, _file.c.name, _file.c.expires_at).where(
        tuple_(_file.c.platform, _file.c.tenant, _file.c.conversation).in_(_OWN_USERS)
    ),
    "codes to join an account": select(_code.c.made_at, _code.c.valid_until, _code.c.used_at).where(
        _code.c.person_id == _WHO
    ),
    "your ids in partnerships' files": select(
        _listed.c.partnership_id.label("partnership"), _listed.c.file_id.label("id")
    )
    .where(_listed.c.person_id == _WHO)
    .order_by(_listed.c.partnership_id, _listed.c.file_id),
    "schools whose deputy you are": select(_school.c.name)
    .join(_deputy, _deputy.c.school_id == _school.c.id)
    .where(_deputy.c.person_id == _WHO),
    "schools you lead": select(_school.c.name)
    .join(_leader, _leader.c.school_id == _school.c.id)
    .where(_leader.c.person_id == _WHO),
    "roles in partnerships": select(_partnership.c.name.label("partnership"), _role.c.role)
    .join(_role, _role.c.partnership_id == _partnership.c.id)
    .where(_role.c.person_id == _WHO),
    "enquiries": select(
        _partnership.c.name.label("partnership"),
        _cycle.c.title.label("cycle"),
        _school.c.name.label("school"),
        _response.c.started_at,
        _response.c.submitted_at,
        _response.c.id.label("number"),
    )
    .select_from(_response)
    .join(_cycle, _cycle.c.id == _response.c.cycle_id)
    .join(_partnership, _partnership.c.id == _cycle.c.partnership_id)
    .join(_school, _school.c.id == _response.c.school_id)
    .where(_OWN)
    .order_by(_response.c.id),
    "answers": select(
        _answer.c.response_id.label("enquiry"),
        _answer.c.criterion,
        _answer.c.perspective,
        _answer.c.level,
        _answer.c.reason,
        _answer.c.answered_at,
    )
    .where(_answer.c.response_id.in_(_OWN_RESPONSES))
    .order_by(_answer.c.response_id, _answer.c.criterion, _answer.c.perspective),
    "notes": select(
        _note.c.response_id.label("enquiry"),
        _note.c.subtheme,
        _note.c.kind,
        _note.c.text,
        _note.c.audience.label("who may see it"),
        _note.c.offered,
        _note.c.written_at,
    )
    .where(_note.c.author_id == _WHO)
    .order_by(_note.c.written_at, _note.c.id),
    "priorities you chose": select(_vote.c.response_id.label("enquiry"), _vote.c.subtheme)
    .where(_vote.c.response_id.in_(_OWN_RESPONSES))
    .order_by(_vote.c.response_id, _vote.c.subtheme),
    "what you said for a school about being seen": select(
        _consent.c.partnership_id.label("partnership"),
        _consent.c.school_id.label("school"),
        _consent.c.visibility,
        _consent.c.agreed,
        _consent.c.said_at,
    )
    .where(_consent.c.person_id == _WHO)
    .order_by(_consent.c.partnership_id, _consent.c.school_id, _consent.c.visibility),
    "proposals to share practice": select(
        _match.c.subtheme,
        case((_match.c.giver_person_id == _WHO, "shares"), else_="is helped").label("side"),
        case((_match.c.giver_person_id == _WHO, _match.c.giver_says), else_=_match.c.receiver_says).label("answer"),
        _match.c.proposed_at,
    )
    .where(or_(_match.c.giver_person_id == _WHO, _match.c.receiver_person_id == _WHO))
    .order_by(_match.c.id),
    "where the conversation stands": select(_talk.c.response_id.label("enquiry"), _talk.c.awaiting).where(
        _talk.c.person_id == _WHO
    ),
    "reminders": select(_nudge.c.cycle_id.label("cycle"), _nudge.c.slot, _nudge.c.planned_at)
    .where(_nudge.c.person_id == _WHO)
    .order_by(_nudge.c.planned_at, _nudge.c.slot),
    "what you asked of reminders": select(
        _nudge_choice.c.cycle_id.label("cycle"), _nudge_choice.c.snoozed_until, _nudge_choice.c.stopped_at
    ).where(_nudge_choice.c.person_id == _WHO),
    "schools whose answers you knew when a report was made": select(
        _reader.c.snapshot_id.label("report"), _school.c.name.label("school")
    )
    .join(_school, _school.c.id == _reader.c.school_id)
    .where(_reader.c.person_id == _WHO)
    .order_by(_reader.c.snapshot_id, _school.c.name),
    "what you are still to be told": select(_notice.c.what, _notice.c.about, _notice.c.made_at).where(
        _notice.c.person_id == _WHO
    ),
    "messages to you": select(_outbox.c.platform, _outbox.c.key.label("message"), _outbox.c.state, _outbox.c.sent_at)
    .where(_outbox.c.person_id == _WHO)
    .order_by(_outbox.c.id),
    "messages of yours that can be edited": select(
        _posted.c.platform, _posted.c.key.label("message"), _posted.c.posted_at
    )
    .where(_posted.c.person_id == _WHO)
    .order_by(_posted.c.platform, _posted.c.key),
    "browser chat": select(_browser.c.author, _browser.c.body, _browser.c.sent_at)
    .where(_BROWSER_OWN)
    .order_by(_browser.c.id),
    "what you did that others rely on": select(_audit.c.at, _audit.c.act, _audit.c.about)
    .where(_audit.c.person_id == _WHO)
    .order_by(_audit.c.id),
}  # fmt: skip
_SELF = select(
    _person.c.name, _person.c.email, _person.c.language, _person.c.reminder_time, _person.c.away_until
).where(_person.c.id == _WHO)
# Wait for anyone currently writing rows that refer to this person, so that none is missed.
_ALONE = select(_person.c.id).where(_person.c.id == _WHO).with_for_update()


def everything_about(connection: Connection, person: str) -> dict[str, object]:
    """Everything stored about a person, as JSON values. Raises ``LookupError`` for an unknown person."""
    found = connection.execute(_SELF, {"person": person}).mappings().first()
    if found is None:
        raise LookupError(f"there is no person {person}")
    parts = {
        name: [_plain(dict(row)) for row in connection.execute(statement, {"person": person}).mappings()]
        for name, statement in _COPIED.items()
    }
    return {"you": {"id": person, **_plain(dict(found))}, **parts}


def everything_as_json(connection: Connection, person: str) -> str:
    """The same as the text of a file."""
    return json.dumps(everything_about(connection, person), ensure_ascii=False, indent=2) + "\n"


def _plain(row: dict[str, object]) -> dict[str, object]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in row.items()}


def erase(connection: Connection, person: str, now: datetime, *, keep_scores: bool = False) -> None:
    """Erase a person for good; does nothing for an unknown person.

    Their submitted answers in closed cycles stay, as anonymous numbers of their school, so that reports made from them
    remain true. Everything else goes, including their answers in open cycles unless their schools are to keep the
    scores (``keep_scores``); whoever leads such a school next goes on with them. After the commit ``erasing.finish``
    does what is left to do.
    """
    if connection.execute(_ALONE, {"person": person}).first() is None:
        return
    accounts = connection.execute(select(_account).where(_account.c.person_id == person)).all()
    erasures.record(connection, person, (Account(row.platform, row.tenant, row.user) for row in accounts))
    remove(connection, person, now, keep_scores=keep_scores)


def remove(connection: Connection, person: str, now: datetime, *, keep_scores: bool = False) -> None:
    """``erase`` without recording who it was."""
    while inbox.hash_plain(connection):
        pass  # An event that an earlier version wrote down may name them.
    _erase_shared_copies(connection, person)
    _erase_conversations(connection, person)
    deputies.dismiss(connection, person)
    schools = list(connection.scalars(_OWN_SCHOOLS, {"person": person}))
    _erase_notes_and_uncounted_responses(connection, person, now, keep_scores)
    _hand_over_counted_responses(connection, person)
    for table in (_listed, _leader, _deputy, _role, _nudge, _nudge_choice, _code, _notice, _reader):
        connection.execute(delete(table).where(table.c.person_id == person))
    connection.execute(update(_consent).where(_consent.c.person_id == person).values(person_id=None))
    for whose, says in ((_match.c.giver_person_id, "giver_says"), (_match.c.receiver_person_id, "receiver_says")):
        connection.execute(update(_match).where(whose == person).values({whose.key: None, says: False}))
    # A separate id, or the audit trail would link them to the answers that stay.
    connection.execute(update(_audit).where(_audit.c.person_id == person).values(person_id=_nobody()))
    connection.execute(delete(_person).where(_person.c.id == person))
    audit.record(connection, now, None, "person erased", {})
    handover.pass_on(connection, schools, now)


def remove_account(connection: Connection, account: Row[Any]) -> None:
    """Erase an account, and what was said there, whoever has it."""
    of_account, user = (account.platform, account.tenant), account.user
    _erase_places(connection, [(*of_account, user), (*of_account, account.conversation or user)])
    connection.execute(delete(_outbox).filter_by(platform=account.platform, tenant=account.tenant, private_to=user))
    if account.platform == _BROWSER:
        connection.execute(delete(_browser).where(or_(_browser.c.author == user, _browser.c.visible_to == user)))
    for table in (_attempt, _account):
        connection.execute(delete(table).filter_by(platform=account.platform, tenant=account.tenant, user=user))


def _erase_places(connection: Connection, places: Collection[tuple[str, str, str]]) -> None:
    for table in (_outbox, _posted, _hold, _reference, _file):
        connection.execute(delete(table).where(_in(table, places)))
    in_browser = [conversation for platform, _, conversation in places if platform == _BROWSER]
    connection.execute(delete(_browser).where(_browser.c.conversation.in_(in_browser)))


def _erase_conversations(connection: Connection, person: str) -> None:
    # An account of theirs may have had another conversation once. One that is somebody else's now is left alone.
    written_to = union(*(_talks_with(person, table) for table in (_posted, _outbox)))
    _erase_places(connection, [(row.platform, row.tenant, row.conversation) for row in connection.execute(written_to)])
    for account in connection.execute(select(_account).where(_account.c.person_id == person)).all():
        remove_account(connection, account)
    for table in (_outbox, _posted):
        # Earlier versions named whoever could not be reached in the key of what they told a lead of it.
        names = table.c.key.like(f"end:%:{outbox_record.literally(person)}:%", escape="/")
        connection.execute(delete(table).where(or_(table.c.person_id == person, names)))
    connection.execute(delete(_talk).where(_talk.c.person_id == person))
    for table in (_outbox, _posted):  # Leads were told of an account of theirs.
        connection.execute(delete(table).where(table.c.key.startswith(told_by(person), autoescape=True)))


def _talks_with(person: str, table: Table) -> Select[str, str, str]:
    theirs = and_(table.c.person_id == person, _outbox.c.kind == "direct" if table is _outbox else true())
    of_another = exists().where(
        _account.c.person_id != person,
        _account.c.platform == table.c.platform,
        _account.c.tenant == table.c.tenant,
        or_(_account.c.user == table.c.conversation, _account.c.conversation == table.c.conversation),
    )
    return select(*_place(table)).where(theirs, ~of_another)


def _place(table: Table) -> tuple[ColumnElement[str], ColumnElement[str], ColumnElement[str]]:
    return table.c.platform, table.c.tenant, table.c.conversation


def _in(table: Table, places: Collection[tuple[str, str, str]]) -> ColumnElement[bool]:
    return tuple_(*_place(table)).in_(places)


def _erase_shared_copies(connection: Connection, person: str) -> None:
    """Files in which others were lately sent the person's notes, to be fetched within a day; they may ask again."""
    responses = select(_note.c.response_id).where(_note.c.author_id == person)
    cycle = select(_response.c.cycle_id).where(_response.c.id.in_(responses))
    partnership = select(_cycle.c.partnership_id).where(_cycle.c.id.in_(cycle))
    school = select(_response.c.school_id).where(_response.c.id.in_(responses))
    readers = or_(
        _account.c.person_id.in_(select(_role.c.person_id).where(_role.c.partnership_id.in_(partnership))),
        _account.c.person_id.in_(select(_leader.c.person_id).where(_leader.c.school_id.in_(school))),
    )
    to_reader = exists().where(
        readers,
        _account.c.platform == _file.c.platform,
        _account.c.tenant == _file.c.tenant,
        or_(_account.c.user == _file.c.conversation, _account.c.conversation == _file.c.conversation),
    )
    connection.execute(delete(_file).where(_file.c.media_type.not_like("image/%"), to_reader))


def _erase_notes_and_uncounted_responses(connection: Connection, person: str, now: datetime, keep: bool) -> None:
    who = {"person": person}
    connection.execute(delete(_note).where(_note.c.author_id == person))
    connection.execute(update(_response).where(_response.c.begun_by_id == person).values(begun_by_id=None))
    over = select(_cycle.c.id).where(or_(_cycle.c.closed_at.is_not(None), _cycle.c.closes_at <= now))
    counted = and_(_response.c.submitted_at.is_not(None), _response.c.cycle_id.in_(over))
    if keep:
        counted = or_(counted, _response.c.cycle_id.not_in(over))
    uncounted = list(connection.scalars(_OWN_RESPONSES.where(~counted), who))
    connection.execute(update(_response).where(_response.c.previous_id.in_(uncounted)).values(previous_id=None))
    for column in (_note.c.response_id, _answer.c.response_id, _vote.c.response_id, _response.c.id):
        connection.execute(delete(column.table).where(column.in_(uncounted)))


def _hand_over_counted_responses(connection: Connection, person: str) -> None:
    """The person's own id may be their name, so what stays is assigned to a new, nameless person."""
    if not connection.scalar(select(func.count()).where(_response.c.person_id == person)):
        return
    nobody = {
        "id": _nobody(), "name": "", "email": None, "language": "en", "reminder_time": DEFAULT_REMINDER_TIME.value
    }  # fmt: skip
    connection.execute(insert(_person), nobody)
    given = update(_response).where(_response.c.person_id == person)
    connection.execute(given.values(person_id=nobody["id"], asked_for=None))


def _nobody() -> str:
    return f"erased-{secrets.token_hex(8)}"
