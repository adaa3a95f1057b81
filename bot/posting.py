"""Post a report in every channel of a partnership, once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypeAlias

from sqlalchemy import Connection

from bot import said
from bot.changes import PostReport, Say
from bot.events import Conversation, Kind
from core.enquiry import Known
from core.services import audit, cycles, people, reporting
from core.storage import outbox
from core.storage.frameworks import FrameworkShelf

State: TypeAlias = Literal["on-its-way", "there", "doubtful", "failed"]

_AGAIN: Final = ":again:"
_BECAME: Final[Mapping[str, State]] = {
    "waiting": "on-its-way",
    "claimed": "on-its-way",
    "sent": "there",
    "unknown": "doubtful",
    "dead": "failed",
    "superseded": "failed",
}
_MOST_TELLING: Final[tuple[State, ...]] = ("on-its-way", "doubtful", "failed", "there")
"""Which state is told where several channels differ."""


@dataclass(frozen=True, slots=True)
class Posted:
    answer: Say
    """What the lead who asked is told."""
    conversations: frozenset[Conversation] = frozenset()


def post_report(connection: Connection, shelf: FrameworkShelf, change: PostReport, by: Known, now: datetime) -> Posted:
    """A report's key is its snapshot, so asking twice posts it once; ``again`` was asked for by its own button."""
    cycle = cycles.cycle_by_id(connection, change.cycle)
    if cycle is None or not people.is_lead(connection, by.id, cycle.partnership):
        return Posted(_line("only-leads"))
    channels = people.channels_of(connection, cycle.partnership)
    if not channels:
        return Posted(_line("no-channel"))
    snapshot = reporting.freeze(connection, shelf, cycle.id, now).id
    put = [_put(connection, snapshot, channel, change.again, now) for channel in channels]
    if any(put):
        audit.record(connection, now, by.id, "report posted", {"cycle": cycle.id, "snapshot": snapshot})
    where = (Conversation(each.platform, each.tenant, each.conversation, Kind.CHANNEL) for each in channels)
    return Posted(Say(_became(connection, snapshot), below=True), frozenset(where))


def _put(connection: Connection, snapshot: int, channel: people.Channel, again: int | None, now: datetime) -> bool:
    key = f"{_key(snapshot)}{channel.platform}:{channel.tenant}:{channel.conversation}"
    row = outbox.put(
        connection,
        platform=channel.platform,
        tenant=channel.tenant,
        conversation=channel.conversation,
        kind=Kind.CHANNEL.value,
        key=key if again is None else f"{key}{_AGAIN}{again}",
        prompt=said.to_json(said.Report(snapshot, channel.language)),
        manner="once",
        now=now,
    )
    return row is not None


def _key(snapshot: int) -> str:
    return f"report:{snapshot}:"


def _became(connection: Connection, snapshot: int) -> said.ReportPosted:
    """What became of the last attempt in each channel, as one answer."""
    attempts = outbox.of_once(connection, _key(snapshot))
    last = {key.partition(_AGAIN)[0]: _BECAME[state] for key, state in attempts}
    state = next(each for each in _MOST_TELLING if each in last.values())
    return said.ReportPosted(snapshot, state, len(attempts))


def _line(name: str) -> Say:
    return Say(said.Line(name), below=True)
