"""The outbox: messages to send, kept until a platform has accepted them.

A row is enqueued in the transaction that makes it true, and put into words when it is sent. A conversation's rows are
sent one at a time: first the answers to what somebody did there, then what the clock has to say, each in the order of
their ids. A row that has to be tried again later lets the others pass. A sender claims a row for a few seconds (a
lease) and renews that while it works; an expired claim belonged to a process that stopped, and is taken over.

Nothing is superseded on enqueueing, so that a turn costs one INSERT. Where several rows in succession would edit the
same message, ``claim`` sends only the last of them: the others have nothing to add.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Final, Literal, NamedTuple, TypeAlias

from sqlalchemy import (
    Connection,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    text,
    tuple_,
    update,
)

from core.storage import tables
from core.storage.prepared import Prepared
from core.storage.upsert import insert_or_ignore, upsert

Manner: TypeAlias = Literal["refresh", "below", "once"]
"""``refresh`` edits the message with this key if there is one, ``below`` posts it again, ``once`` posts it once."""

MOST_ATTEMPTS: Final = 12
FIRST_WAIT: Final = timedelta(seconds=5)
LONGEST_WAIT: Final = timedelta(minutes=30)
KEPT_FOR: Final = timedelta(days=90)
POSTED_KEPT_FOR: Final = timedelta(days=2 * 365)
"""How long a posted message can be replaced by a later version of it; after that, the later one is posted anew."""
_LOOK_AHEAD: Final = 50


class Place(NamedTuple):
    """A conversation, as the outbox identifies it."""

    platform: str
    tenant: str
    conversation: str


class _Waiting(NamedTuple):
    """A row to send, and the message already posted under its key."""

    id: int
    platform: str
    tenant: str
    conversation: str
    kind: str
    private_to: str | None
    person_id: str | None
    key: str
    prompt: str
    thread: str | None
    turn: str | None
    manner: Manner
    state: str
    attempts: int
    due_at: datetime
    claimed_until: datetime | None
    calling_at: datetime | None

    def is_being_sent(self, now: datetime) -> bool:
        return self.state == "claimed" and self.claimed_until is not None and self.claimed_until > now

    def can_go(self, now: datetime) -> bool:
        return self.state == "claimed" or self.due_at <= now


@dataclass(frozen=True, slots=True)
class OutboxItem:
    """A row that has been claimed."""

    id: int
    platform: str
    tenant: str
    conversation: str
    kind: str
    private_to: str | None
    person: str | None
    key: str
    prompt: str
    manner: Manner
    attempts: int
    """How often it has been claimed, including this time."""
    posted: str | None = None
    """The message already posted in the conversation under this key."""
    thread_key: str | None = None
    """The key of the message in whose thread it goes; None for the conversation itself."""
    thread: str | None = None
    """That message; None, too, if it was not sent."""
    interrupted: bool = False
    """A process that stopped had called the platform with it, so it may have been sent."""
    turn: str | None = None
    """The id of the event that caused it, as in the log."""

    @property
    def place(self) -> Place:
        return Place(self.platform, self.tenant, self.conversation)

    @property
    def is_answer(self) -> bool:
        """Whether somebody is waiting for it."""
        return self.turn is not None

    @property
    def for_stranger(self) -> bool:
        """It is for somebody unknown, such as the goodbye to a person just erased: no record of it is kept."""
        return self.person is None and (self.kind == "direct" or self.private_to is not None)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A row that has been claimed, and when its turn with the platform comes."""

    item: OutboxItem
    goes_at: float
    """In seconds since 1970."""


outbox = tables.Outbox.__table__
posted = tables.Posted.__table__
hold = tables.Hold.__table__
account = tables.Account.__table__

# Written out, because SQLite uses a partial index only where the query repeats its condition word for word.
_TO_DO = text("outbox.state IN ('waiting', 'claimed')")
_NOW = bindparam("now", type_=outbox.c.due_at.type)


HERE = and_(
    outbox.c.platform == bindparam("platform"),
    outbox.c.tenant == bindparam("tenant"),
    outbox.c.conversation == bindparam("conversation"),
)
_HELD = exists().where(
    hold.c.platform == outbox.c.platform,
    hold.c.tenant == outbox.c.tenant,
    hold.c.conversation.in_((outbox.c.conversation, "")),
    hold.c.until > _NOW,
)
FOR_STRANGER = and_(outbox.c.person_id.is_(None), or_(outbox.c.kind == "direct", outbox.c.private_to.is_not(None)))
"""``OutboxItem.for_stranger``"""
_CAN_GO = or_(
    and_(outbox.c.state == "waiting", outbox.c.due_at <= _NOW),
    and_(outbox.c.state == "claimed", outbox.c.claimed_until <= _NOW),
)
COULD_GO = and_(_TO_DO, _CAN_GO, ~_HELD)
"""It can be sent as far as is known here: it is due, nobody is sending it, and the platform asked for no pause."""

_PUT = Prepared(insert(outbox))
_PUT_ONCE = insert_or_ignore(outbox)
# Not SKIP LOCKED: that would skip the first row of a conversation while another process has it, and take the second.
_NEXT = Prepared(
    select(*(outbox.c[name] for name in _Waiting._fields))
    .where(HERE, _TO_DO, ~_HELD)
    .order_by(outbox.c.state, outbox.c.turn.is_(None), outbox.c.id)  # "claimed" comes before "waiting".
    .limit(_LOOK_AHEAD)
    .with_for_update(of=outbox)
)
_CLAIM = Prepared(
    update(outbox)
    .where(outbox.c.id == bindparam("row"))
    .values(state="claimed", claimed_until=bindparam("until"), attempts=outbox.c.attempts + 1)
)
_SUPERSEDE = Prepared(update(outbox).where(outbox.c.id == bindparam("row")).values(state="superseded"))
_POSTPONE = Prepared(update(outbox).where(outbox.c.id == bindparam("row")).values(due_at=bindparam("until")))
_BEING_SENT = Prepared(
    select(outbox.c.id)
    .where(HERE, _TO_DO, outbox.c.key == bindparam("key"), outbox.c.state == "claimed", outbox.c.claimed_until > _NOW)
    .limit(1)
)
_PLACES = (
    select(
        outbox.c.platform,
        outbox.c.tenant,
        outbox.c.conversation,
        outbox.c.kind,
        func.max(case((outbox.c.turn.is_not(None), 1), else_=0)),
    )
    .where(COULD_GO, outbox.c.platform.in_(bindparam("platforms", expanding=True)))
    .where(
        or_(
            outbox.c.turn.is_not(None),
            tuple_(outbox.c.platform, outbox.c.tenant).not_in(bindparam("served", expanding=True)),
        )
    )
    .group_by(outbox.c.platform, outbox.c.tenant, outbox.c.conversation, outbox.c.kind)
    .order_by(func.min(outbox.c.id))
)


_STANDING = Prepared(
    select(posted.c.message_id).where(
        posted.c.platform == bindparam("platform"),
        posted.c.tenant == bindparam("tenant"),
        posted.c.conversation == bindparam("conversation"),
        posted.c.key == bindparam("key"),
    )
)


def put(  # noqa: PLR0913 - the fields of the row
    connection: Connection,
    *,
    platform: str,
    tenant: str,
    conversation: str,
    kind: str,
    key: str,
    prompt: str,
    manner: Manner,
    now: datetime,
    person: str | None = None,
    private_to: str | None = None,
    thread: str | None = None,
    turn: str | None = None,
) -> bool:
    """Enqueue a message. False if it is a ``once`` whose key has been used already.

    ``prompt`` is ``bot.messages.references`` as JSON; ``private_to`` is the one user of a channel who may see it;
    ``thread`` is the key of an earlier message in this conversation, in whose thread it goes; ``turn`` is the id of the
    event that caused it, as in the log.
    """
    values = {
        "platform": platform,
        "tenant": tenant,
        "conversation": conversation,
        "kind": kind,
        "private_to": private_to,
        "person_id": person,
        "key": key,
        "prompt": prompt,
        "thread": thread,
        "turn": turn,
        "manner": manner,
        "state": "waiting",
        "attempts": 0,
        "due_at": now,
    }
    return (_PUT_ONCE if manner == "once" else _PUT).run(connection, values) == 1


def claim(
    connection: Connection, place: Place, *, now: datetime, lease: timedelta, once: bool = True
) -> OutboxItem | None:
    """Claim the next row of a conversation for the length of the lease; None if there is none or it has to wait.

    It has to wait while another row of the conversation is being sent, while it is not due, and while the platform
    has asked for a pause. A row whose lease ran out during the call is returned as ``interrupted``: if it is sent at
    most once, it is to be looked up and never sent again. Without ``once`` such rows are left where they are.
    """
    rows = _next(connection, place, now)
    if any(row.is_being_sent(now) for row in rows):
        return None
    taken = _next_of(rows, now)
    if taken is None or (taken.manner == "once" and not once):
        return None
    for row in rows:
        if row.id < taken.id and row.manner == taken.manner == "refresh" and _same_message(row, taken):
            _SUPERSEDE.run(connection, {"row": row.id})
    _CLAIM.run(connection, {"row": taken.id, "until": now + lease})
    # Looked up only now. On PostgreSQL we may have waited for the row while another process sent the message before
    # it, and what that process has recorded since is not in what was read together with the row.
    return _item(taken, _standing(connection, place, taken.key), _standing(connection, place, taken.thread))


def postpone(connection: Connection, place: Place, key: str, *, now: datetime, until: datetime) -> bool:
    """Put off the edits of a message, of which only the last is kept; returns whether the message is being sent now."""
    rows = [row for row in _next(connection, place, now) if row.key == key]
    edits = [row for row in rows if row.manner == "refresh" and row.state == "waiting"]
    last = {row.private_to: row.id for row in edits}
    for row in edits:
        if row.id == last[row.private_to]:
            _POSTPONE.run(connection, {"row": row.id, "until": until})
        else:
            _SUPERSEDE.run(connection, {"row": row.id})
    return any(row.is_being_sent(now) for row in rows)


def is_being_sent(connection: Connection, place: Place, key: str, now: datetime) -> bool:
    """Whether the message with this key is being sent, or edited."""
    return _BEING_SENT.first(connection, {**place._asdict(), "key": key, "now": now}) is not None


def _next(connection: Connection, place: Place, now: datetime) -> list[_Waiting]:
    return [_Waiting(*row) for row in _NEXT.all(connection, {**place._asdict(), "now": now})]


def _standing(connection: Connection, place: Place, key: str | None) -> str | None:
    """The message posted in a conversation under this key."""
    if key is None:
        return None
    found = _STANDING.first(connection, {**place._asdict(), "key": key})
    return None if found is None else found["message_id"]


def _next_of(rows: Sequence[_Waiting], now: datetime) -> _Waiting | None:
    """The row to send next: the first, or the last of the edits of one message that follow one another."""
    waiting = {row.key for row in rows}
    can_go = [row for row in rows if row.can_go(now) and row.thread not in waiting]
    if not can_go:
        return None
    in_order = sorted(can_go, key=lambda row: (row.turn is None, row.id))
    first = in_order[0]
    edits = list(takewhile(lambda row: row.manner == "refresh" and _same_message(row, first), in_order))
    return edits[-1] if edits else first


def _same_message(one: _Waiting, other: _Waiting) -> bool:
    return one.key == other.key and one.private_to == other.private_to


def _item(row: _Waiting, standing: str | None, thread: str | None) -> OutboxItem:
    return OutboxItem(
        id=row.id,
        platform=row.platform,
        tenant=row.tenant,
        conversation=row.conversation,
        kind=row.kind,
        private_to=row.private_to,
        person=row.person_id,
        key=row.key,
        prompt=row.prompt,
        manner=row.manner,
        attempts=row.attempts + 1,
        posted=standing,
        interrupted=row.calling_at is not None,
        thread_key=row.thread,
        thread=thread,
        turn=row.turn,
    )


class DueConversation(NamedTuple):
    """A conversation in which something can be sent."""

    place: Place
    kind: str
    is_awaited: bool
    """Whether somebody is waiting for some of it."""


def places_with_work(
    connection: Connection, platforms: Collection[str], now: datetime, served: Collection[tuple[str, str]] = ()
) -> list[DueConversation]:
    """The conversations on these platforms in which something could be sent now, longest wait first.

    Of ``served`` workspaces (platform, tenant) only what somebody is waiting for.
    """
    rows = connection.execute(_PLACES, {"now": now, "platforms": list(platforms), "served": list(served)})
    return [DueConversation(Place(*place), kind, bool(awaited)) for *place, kind, awaited in rows]


def is_calling(connection: Connection, item: OutboxItem, now: datetime) -> bool:
    """The platform is about to be called with it. False if another process has taken the row over."""
    return _CALLING.run(connection, {**_claim_of(item), "now": now}) == 1


def renew(connection: Connection, items: Iterable[OutboxItem], until: datetime) -> None:
    """These rows are still being worked on. In the order in which a turn locks conversations, so that neither waits for
    the other.
    """
    for item in sorted(items, key=lambda each: each.place):
        _RENEW.run(connection, {**_claim_of(item), "until": until})


# Outcomes of a claimed row

_STILL_OURS = and_(outbox.c.id == bindparam("row"), outbox.c.attempts == bindparam("ours"), outbox.c.state == "claimed")
# An unknown outcome may be settled by any process: nobody sends that row again.
_DOUBTED = and_(outbox.c.id == bindparam("row"), outbox.c.state == "unknown")
_SENT = Prepared(
    update(outbox)
    .where(or_(_STILL_OURS, _DOUBTED))
    .values(
        state="sent", message_id=bindparam("message"), sent_at=_NOW, claimed_until=None, calling_at=None, trouble=None
    )
)
_CALLING = Prepared(update(outbox).where(_STILL_OURS).values(calling_at=_NOW))
_RENEW = Prepared(update(outbox).where(_STILL_OURS).values(claimed_until=bindparam("until")))
_POSTED = upsert(posted)
_HOLD = upsert(hold)


def sent(connection: Connection, item: OutboxItem, message_id: str | None, now: datetime) -> bool:
    """It was sent, as this message; ``message_id`` is None for one shown only to one person, which has no id.

    False if another process has taken the row over, or its recipient has been erased.
    """
    values = {**_claim_of(item), "message": message_id, "now": now}
    if item.for_stranger:
        return _forget(connection, item)
    if _SENT.run(connection, values) != 1:
        return False
    if message_id is not None and message_id != item.posted:
        _record(connection, item, message_id, now)
    return True


def found(connection: Connection, item: OutboxItem, message_id: str, now: datetime) -> None:
    """A message that may have been sent, by this row or an earlier one, was found: now edit it."""
    if item.for_stranger:
        _forget(connection, item)
    elif _leave(connection, item, state="waiting", manner="refresh"):
        _record(connection, item, message_id, now)


def _record(connection: Connection, item: OutboxItem, message_id: str, now: datetime) -> None:
    recorded = {"key": item.key, "message_id": message_id, "person_id": item.person, "posted_at": now}
    _POSTED.run(connection, {**item.place._asdict(), **recorded})


def superseded(connection: Connection, item: OutboxItem) -> bool:
    """There is nothing left to say."""
    return _end(connection, item, state="superseded")


def retry(connection: Connection, item: OutboxItem, trouble: str, now: datetime) -> None:
    """It was not sent: try again at once, then at growing intervals."""
    _leave(connection, item, state="waiting", due_at=now + back_off(item.attempts), trouble=trouble)


def back_off(attempts: int) -> timedelta:
    """How long to wait after so many attempts."""
    if attempts < 2:
        return timedelta(0)
    return min(FIRST_WAIT * (1 << (attempts - 2)), LONGEST_WAIT)


def dead(connection: Connection, item: OutboxItem, trouble: str) -> bool:
    """It will not be sent. ``trouble`` tells the operator why, and never contains what was in it.

    False if another process has taken the row over, or its recipient has been erased.
    """
    return _end(connection, item, state="dead", trouble=trouble)


def gone(connection: Connection, item: OutboxItem, trouble: str) -> bool:
    """Nothing can be sent there any more: the row is dead, and a person's conversation is deleted.

    False if another process has taken the row over, or its recipient has been erased.
    """
    left = _end(connection, item, state="dead", trouble=trouble)
    if item.kind == "direct":
        connection.execute(update(account).filter_by(**item.place._asdict()).values(conversation=None))
    return left


def unknown(connection: Connection, item: OutboxItem, trouble: str) -> bool:
    """It may or may not have been sent, and is never sent again."""
    return _end(connection, item, state="unknown", trouble=trouble)


def hold_back(connection: Connection, item: OutboxItem, until: datetime, *, whole_tenant: bool) -> None:
    """The platform asks for a pause: the row goes back, and nobody sends there until then. Not an attempt."""
    held = {"platform": item.platform, "tenant": item.tenant, "until": until}
    held["conversation"] = "" if whole_tenant else item.conversation
    _HOLD.run(connection, held)
    _leave(connection, item, state="waiting", attempts=item.attempts - 1)


def put_back(connection: Connection, item: OutboxItem, due_at: datetime | None = None) -> None:
    """Its turn with the platform hasn't come: claim it again, at ``due_at`` or whenever it comes. Not an attempt."""
    due = {} if due_at is None else {"due_at": due_at}
    # A process that stopped may have called the platform with it: that is still to be looked up.
    _leave(connection, item, state="waiting", attempts=item.attempts - 1, calling_at=outbox.c.calling_at, **due)


def readdress(connection: Connection, item: OutboxItem, direct: str) -> None:
    """Send it to the person's own conversation instead, if the platform cannot show it to one person in a channel."""
    _leave(connection, item, state="waiting", conversation=direct, kind="direct", private_to=None)


def _end(connection: Connection, item: OutboxItem, **values: object) -> bool:
    """``_leave`` for good."""
    return _forget(connection, item) if item.for_stranger else _leave(connection, item, **values)


def _forget(connection: Connection, item: OutboxItem) -> bool:
    """``_leave`` for good, with no trace of where it went: neither the row nor a pause for that conversation."""
    if item.kind == "direct":
        connection.execute(delete(hold).filter_by(**item.place._asdict()))
    return connection.execute(delete(outbox).where(_STILL_OURS), _claim_of(item)).rowcount == 1


def _leave(connection: Connection, item: OutboxItem, **values: object) -> bool:
    """Give the row up; False if another process has taken it over meanwhile, or its recipient has been erased."""
    given_up = update(outbox).where(_STILL_OURS).values({"claimed_until": None, "calling_at": None} | values)
    return connection.execute(given_up, _claim_of(item)).rowcount == 1


def _claim_of(item: OutboxItem) -> dict[str, object]:
    return {"row": item.id, "ours": item.attempts}


def strangers_wait(connection: Connection, since: datetime) -> bool:
    """Whether a message to somebody unknown that was due since this moment is still to be sent."""
    waiting = select(outbox.c.id).where(_TO_DO, FOR_STRANGER, outbox.c.due_at >= since).limit(1)
    return connection.scalar(waiting) is not None


def purge(connection: Connection, now: datetime) -> int:
    """Delete old messages. A ``once`` is kept, since its row prevents it from being sent again."""
    over = outbox.c.state.in_(("sent", "superseded", "dead"))
    old = func.coalesce(outbox.c.sent_at, outbox.c.due_at) < now - KEPT_FOR
    rows = connection.execute(delete(outbox).where(over, old, outbox.c.manner != "once"))
    strangers = connection.execute(delete(outbox).where(outbox.c.state.not_in(("waiting", "claimed")), FOR_STRANGER))
    pauses = connection.execute(delete(hold).where(hold.c.until < now))
    connection.execute(update(posted).where(posted.c.posted_at.is_(None)).values(posted_at=now))
    replaceable = connection.execute(delete(posted).where(posted.c.posted_at < now - POSTED_KEPT_FOR))
    return rows.rowcount + strangers.rowcount + pauses.rowcount + replaceable.rowcount
