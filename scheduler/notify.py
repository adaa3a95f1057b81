"""Tells people, once, what happened without their doing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias

from sqlalchemy import Connection

from bot.apply.post_report import became
from bot.apply.tell import tell
from bot.inbound.events import Kind
from bot.messages import references
from bot.messages.references import MessageReference, ReportPosted
from bot.platform import Cause
from core.services import cycles, people, report_snapshots
from core.storage import outbox, outbox_record
from core.storage.outbox import Manner, OutboxItem
from core.storage.outbox_record import Told

Ended: TypeAlias = Literal["arrived", "doubtful", "failed"]

_STILL_LOOKING: Final = timedelta(minutes=1)
"""How long somebody who asked is expected to see that a message changes, which nobody is notified of."""
_SHUT: Final = frozenset({Cause.ARCHIVED, Cause.NOT_IN_CHANNEL, Cause.CHANNEL_NOT_FOUND, Cause.REMOVED})
"""Nobody can be told anything in such a channel."""


def tell_leads_of_silence(connection: Connection, item: OutboxItem, now: datetime) -> None:
    """Tell the leads that a leader can no longer be written to, if it was an invitation or a reminder."""
    match _read(item):
        case references.Invitation(cycle) | references.Nudge(cycle) if (
            item.person is not None and item.manner == "once"
        ):
            found = cycles.cycle_by_id(connection, cycle)
            if found is not None:
                schools = people.schools_asked(connection, item.person, cycle)
                silent = (references.OutOfReach(school) for school in schools)
                leads = [each for each in people.leads_of(connection, found.partnership) if each != item.person]
                _tell(connection, leads, item, silent, now)


def tell_leads_of_report(
    connection: Connection, item: OutboxItem, ended: Ended, now: datetime, cause: Cause = Cause.OTHER
) -> None:
    """Tell the leads how posting it ended, if it was a report: in place of *on its way*, and below where it failed.

    The row has been settled already.
    """
    match _read(item):
        case references.Report(snapshot, _, area) if item.kind == Kind.CHANNEL:
            kept = report_snapshots.snapshot(connection, snapshot)
            outcome = _outcome(connection, item, snapshot, area, ended, cause)
            if kept is None or outcome is None:
                return
            leads = people.leads_of(connection, kept.partnership)
            asked = list(_on_its_way(connection, leads, outcome))
            told = _replace(connection, item, asked, outcome, now)
            if ended != "arrived":
                _tell_in_channel(connection, item, asked, outcome, now)
                _tell(connection, [each for each in leads if each not in told], item, (outcome,), now)


def _outcome(
    connection: Connection, item: OutboxItem, snapshot: int, area: str, ended: Ended, cause: Cause
) -> ReportPosted | None:
    """None while it is still on its way to another channel, or has failed there; and for what nobody asked to post."""
    attempts = outbox_record.of_once(connection, item.key.partition(f"{item.platform}:")[0])
    if not attempts:
        return None
    if ended == "arrived" and became(snapshot, area, attempts).state != "there":
        return None
    return ReportPosted(snapshot, ended, len(attempts), area, cause)


def _on_its_way(connection: Connection, leads: Iterable[str], outcome: ReportPosted) -> Iterator[Told]:
    """The messages that said of this attempt that it was on its way."""
    said = ReportPosted(outcome.snapshot, "on-its-way", outcome.attempt, outcome.area)
    beginning = references.to_json(said).partition(',"area"')[0]
    for each in outbox_record.told(connection, [*leads], beginning):
        if references.from_json(each.prompt) == said:
            yield each


def _replace(
    connection: Connection, item: OutboxItem, asked: Iterable[Told], outcome: ReportPosted, now: datetime
) -> set[str]:
    """Replace these messages where they stand; returns who sees that at once."""
    there = [each for each in asked if each.kind == Kind.DIRECT]
    for each in there:
        _put(connection, each, item, each.key, outcome, "refresh", now)
    return {each.person for each in there if now - each.due_at <= _STILL_LOOKING}


def _tell_in_channel(
    connection: Connection, item: OutboxItem, asked: Iterable[Told], outcome: ReportPosted, now: datetime
) -> None:
    """Tell those who asked in a channel there, each alone: what was shown to them can't be replaced."""
    for each in {told.person: told for told in asked if told.private_to is not None}.values():
        if each.place != item.place or outcome.cause not in _SHUT:
            _put(connection, each, item, f"end:there:{item.id}:{each.person}", outcome, "below", now)


def _put(  # noqa: PLR0913 - where, and what
    connection: Connection, at: Told, item: OutboxItem, key: str, what: MessageReference, manner: Manner, now: datetime
) -> None:
    outbox.put(
        connection,
        **at.place._asdict(),
        kind=at.kind,
        private_to=at.private_to,
        person=at.person,
        key=key,
        prompt=references.to_json(what),
        manner=manner,
        now=now,
        turn=item.turn,
    )


def _read(item: OutboxItem) -> MessageReference | None:
    """Read the message reference; None if it can't be read, which must not stop the row being settled."""
    try:
        return references.from_json(item.prompt)
    except ValueError:
        return None


def _tell(
    connection: Connection, leads: Iterable[str], item: OutboxItem, what: Iterable[MessageReference], now: datetime
) -> None:
    """Told by the row's number, since its key may name somebody who is erased one day; as an answer, if it was one."""
    to = [*leads]
    for number, each in enumerate(what):
        for lead in to:
            tell(connection, lead, f"end:{number}:{item.id}:{lead}", each, now, item.turn)
