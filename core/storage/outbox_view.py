"""The outbox for whoever looks after the bot: what is overdue or in trouble, for whom, and what to do about it.

Nobody reads here what a message says: only what kind it is, for whom it is, and why it wasn't sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple, TypeAlias

from sqlalchemy import ColumnElement, Connection, and_, delete, exists, func, select, update

from core.storage import tables
from core.storage.outbox import COULD_GO, FOR_STRANGER, outbox

OVERDUE_AFTER: Final = timedelta(minutes=2)

_person = tables.Person.__table__
_channel = tables.Channel.__table__
_partnership = tables.Partnership.__table__
_before = outbox.alias("before")


class Overdue(NamedTuple):
    """Messages of one platform that could have been sent for a while, and are still waiting."""

    platform: str
    messages: int
    oldest: datetime


# In thread order: what goes into a thread waits for the message it goes below.
_BELOW_ANOTHER = exists().where(
    _before.c.platform == outbox.c.platform,
    _before.c.tenant == outbox.c.tenant,
    _before.c.conversation == outbox.c.conversation,
    _before.c.key == outbox.c.thread,
    _before.c.state.in_(("waiting", "claimed")),
)
_IS_BULK: Final[ColumnElement[bool]] = outbox.c.turn.is_(None)
# With ``now`` set to ``OVERDUE_AFTER`` ago: what could have been sent since then, and is still there.
_OVERDUE = (
    select(outbox.c.platform, outbox.c.tenant, _IS_BULK, func.count(), func.min(outbox.c.due_at))
    .where(COULD_GO, ~_BELOW_ANOTHER)
    .group_by(outbox.c.platform, outbox.c.tenant, _IS_BULK)
)


def overdue(connection: Connection, now: datetime) -> list[Overdue]:
    """By platform, the longest wait first; without what a platform's pause holds back.

    Reminders and the like may take longer, as long as their workspace's are going out: their turn comes.
    """
    cutoff = now - OVERDUE_AFTER
    rows = connection.execute(_OVERDUE, {"now": cutoff}).all()
    moving = _moving(connection, cutoff) if any(is_bulk for _, _, is_bulk, *_ in rows) else frozenset()
    found: dict[str, Overdue] = {}
    for platform, tenant, is_bulk, count, oldest in rows:
        if is_bulk and (platform, tenant) in moving:
            continue
        so_far = found.get(platform, Overdue(platform, 0, oldest))
        found[platform] = Overdue(platform, so_far.messages + count, min(so_far.oldest, oldest))
    return sorted(found.values(), key=lambda each: each.oldest)


def _moving(connection: Connection, since: datetime) -> frozenset[tuple[str, str]]:
    """The workspaces where something that nobody was waiting for has been sent since."""
    sent = select(outbox.c.platform, outbox.c.tenant).where(outbox.c.sent_at > since, _IS_BULK).distinct()
    return frozenset((platform, tenant) for platform, tenant in connection.execute(sent))


# One by one

State: TypeAlias = Literal["waiting", "being sent", "doubtful", "dead"]
_STATES: Final[dict[str, State]] = {
    "waiting": "waiting", "claimed": "being sent", "unknown": "doubtful", "dead": "dead",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Listed:
    """A message that hasn't been sent for sure. ``doubtful``: it may have arrived, or not."""

    row: int
    state: State
    platform: str
    prompt: str
    """The message reference, as it is stored."""
    person: str | None
    """The name of the one person it is for."""
    partnership: str | None
    """The name of the partnership in whose channel it is to be shown."""
    due_at: datetime
    """Since when it could be sent, or when it is tried next; of one that was tried for the last time: when."""
    attempts: int
    trouble: str | None


class PutAs(NamedTuple):
    manner: str
    key: str
    person: str | None
    prompt: str


_CHANNEL_OF_ROW = and_(
    outbox.c.kind == "channel",
    _channel.c.platform == outbox.c.platform,
    _channel.c.tenant == outbox.c.tenant,
    _channel.c.conversation == outbox.c.conversation,
)
_LISTED = (
    select(
        outbox.c.id,
        outbox.c.state,
        outbox.c.platform,
        outbox.c.prompt,
        _person.c.name,
        _partnership.c.name,
        outbox.c.due_at,
        outbox.c.attempts,
        outbox.c.trouble,
    )
    .select_from(outbox)
    .outerjoin(_person, _person.c.id == outbox.c.person_id)
    .outerjoin(_channel, _CHANNEL_OF_ROW)
    .outerjoin(_partnership, _partnership.c.id == _channel.c.partnership_id)
    .where(outbox.c.state.in_(_STATES))
    .order_by(outbox.c.id)
)


def listed(connection: Connection) -> list[Listed]:
    """Every message that waits, is doubtful or was given up, in the order in which they were put."""
    return [Listed(row, _STATES[state], *others) for row, state, *others in connection.execute(_LISTED)]


def lock(connection: Connection, row: int, now: datetime) -> State | None:
    """The state of a listed message, which no sender can take before the commit; None if it isn't listed.

    A claim that nobody renews any more is none: the message is ``waiting``.
    """
    wanted = select(outbox.c.state, outbox.c.claimed_until).where(outbox.c.id == row, outbox.c.state.in_(_STATES))
    found = connection.execute(wanted.with_for_update()).first()
    if found is None:
        return None
    is_abandoned = found.state == "claimed" and (found.claimed_until is None or found.claimed_until <= now)
    return "waiting" if is_abandoned else _STATES[found.state]


def put_as(connection: Connection, row: int) -> PutAs:
    """How a listed message was put into the outbox."""
    found = select(outbox.c.manner, outbox.c.key, outbox.c.person_id, outbox.c.prompt).where(outbox.c.id == row)
    return PutAs(*connection.execute(found).one())


def send_anew(connection: Connection, row: int, now: datetime) -> None:
    """Let it be sent now, as if for the first time."""
    _set(connection, row, state="waiting", attempts=0, due_at=now, trouble=None)


def give_up(connection: Connection, row: int) -> None:
    """Never send it. Its key stays used where it is sent at most once; of one to a stranger nothing is kept."""
    if not connection.execute(delete(outbox).where(outbox.c.id == row, FOR_STRANGER)).rowcount:
        _set(connection, row, state="superseded")


def _set(connection: Connection, row: int, **values: object) -> None:
    freed = update(outbox).where(outbox.c.id == row).values(claimed_until=None, calling_at=None, **values)
    connection.execute(freed)
