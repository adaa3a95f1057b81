"""Post a report in every channel of a partnership, once, and its pictures in the thread of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypeAlias

from sqlalchemy import Connection

from bot import said
from bot.changes import PostReport, Say
from bot.events import Conversation, Kind
from bot.said import Said
from core.enquiry import Known
from core.services import audit, cycles, people, reporting
from core.storage import outbox
from core.storage.frameworks import FrameworkShelf
from core.storage.outbox import Manner

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
class Post:
    """Something that is to be posted in a channel."""

    channel: Conversation
    key: str
    what: Said
    thread: str | None = None
    """The key of the message in whose thread it goes."""
    manner: Manner = "once"


@dataclass(frozen=True, slots=True)
class Posted:
    answer: Say
    """What the lead who asked is told."""
    posts: tuple[Post, ...] = ()
    """To be put after the answer, or that would be told only once the report has been drawn and is there."""


def post_report(connection: Connection, shelf: FrameworkShelf, change: PostReport, by: Known, now: datetime) -> Posted:
    """A report's key is its snapshot, so asking twice posts it once; ``again`` was asked for by its own button."""
    cycle = cycles.cycle_by_id(connection, change.cycle)
    if cycle is None or not people.is_lead(connection, by.id, cycle.partnership):
        return Posted(_line("only-leads"))
    channels = people.channels_of(connection, cycle.partnership)
    if not channels:
        return Posted(_line("no-channel"))
    snapshot = reporting.freeze(connection, shelf, cycle.id, now).id
    attempts = outbox.of_once(connection, _key(snapshot))
    there = {key for key, _ in attempts}
    reports = [_report(snapshot, channel, change.again) for channel in channels]
    new = [each for each in reports if each.key not in there]
    if new:
        audit.record(connection, now, by.id, "report posted", {"cycle": cycle.id, "snapshot": snapshot})
    known = [*attempts, *((each.key, "waiting") for each in new)]
    answer = Say(_became(snapshot, known), below=True)
    return Posted(answer, tuple(post for each in new for post in (each, *_pictures(each))))


def _report(snapshot: int, channel: people.Channel, again: int | None) -> Post:
    key = f"{_key(snapshot)}{channel.platform}:{channel.tenant}:{channel.conversation}"
    return Post(
        Conversation(channel.platform, channel.tenant, channel.conversation, Kind.CHANNEL),
        key if again is None else f"{key}{_AGAIN}{again}",
        said.Report(snapshot, channel.language),
    )


def _pictures(report: Post) -> Iterable[Post]:
    assert isinstance(report.what, said.Report)
    for name in said.PICTURES:
        what = said.ReportPicture(report.what.snapshot, report.what.language, name)
        yield Post(report.channel, f"picture:{name}:{report.key}", what, thread=report.key)


def put(connection: Connection, posts: Iterable[Post], now: datetime) -> frozenset[Conversation]:
    """Put them into the outbox, in order; returns where they wait."""
    return frozenset(_put(connection, post, now) for post in posts)


def _put(connection: Connection, post: Post, now: datetime) -> Conversation:
    outbox.put(
        connection,
        platform=post.channel.platform,
        tenant=post.channel.tenant,
        conversation=post.channel.id,
        kind=post.channel.kind.value,
        key=post.key,
        prompt=said.to_json(post.what),
        manner=post.manner,
        thread=post.thread,
        now=now,
    )
    return post.channel


def _key(snapshot: int) -> str:
    return f"report:{snapshot}:"


def _became(snapshot: int, attempts: list[tuple[str, str]]) -> said.ReportPosted:
    """What became of the last attempt in each channel, as one answer."""
    last = {key.partition(_AGAIN)[0]: _BECAME[state] for key, state in attempts}
    state = next(each for each in _MOST_TELLING if each in last.values())
    return said.ReportPosted(snapshot, state, len(attempts))


def _line(name: str) -> Say:
    return Say(said.Line(name), below=True)
