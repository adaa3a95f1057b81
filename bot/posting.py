"""Post a report in every channel of a partnership, once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from bot import said
from bot.changes import PostReport, Say
from bot.events import Conversation, Kind
from core.enquiry import Known
from core.services import people, reporting
from core.storage import outbox
from core.storage.frameworks import FrameworkShelf


@dataclass(frozen=True, slots=True)
class Posted:
    answer: Say
    """What the lead who asked is told."""
    conversations: frozenset[Conversation] = frozenset()


def post_report(
    connection: Connection, shelf: FrameworkShelf, change: PostReport, by: Known, event: str, now: datetime
) -> Posted:
    """A report's key is its snapshot, so asking twice posts it once; ``again`` was asked for by its own button."""
    snapshot = reporting.freeze(connection, shelf, change.cycle, now)
    if not people.is_lead(connection, by.id, snapshot.partnership):
        return Posted(_line("only-leads"))
    channels = people.channels_of(connection, snapshot.partnership)
    if not channels:
        return Posted(_line("no-channel"))
    put = {
        Conversation(channel.platform, channel.tenant, channel.conversation, Kind.CHANNEL): outbox.put(
            connection,
            platform=channel.platform,
            tenant=channel.tenant,
            conversation=channel.conversation,
            kind=Kind.CHANNEL.value,
            key=_key(snapshot.id, channel, event if change.again else None),
            prompt=said.to_json(said.Report(snapshot.id, channel.language)),
            manner="once",
            now=now,
        )
        for channel in channels
    }
    already = all(row is None for row in put.values())
    return Posted(Say(said.ReportPosted(snapshot.id, already), below=True), frozenset(put))


def _key(snapshot: int, channel: people.Channel, again: str | None) -> str:
    key = f"report:{snapshot}:{channel.platform}:{channel.tenant}:{channel.conversation}"
    return key if again is None else f"{key}:{again}"


def _line(name: str) -> Say:
    return Say(said.Line(name), below=True)
