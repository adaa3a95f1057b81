"""Post a report once in each of a partnership's channels, with its pictures in the thread."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypeAlias

from sqlalchemy import Connection

from bot.decide.changes import PostReport, PreviewReport, Reply, SendPack
from bot.inbound.events import Conversation, Kind
from bot.messages import references
from bot.messages.references import MessageReference
from core.enquiry import Known
from core.services import audit, cycles, people, report_snapshots
from core.storage import outbox, outbox_record
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
"""Which state to report when channels differ: the first of these."""


@dataclass(frozen=True, slots=True)
class Post:
    """A message sent in addition to the answer, usually in a channel."""

    channel: Conversation
    key: str
    what: MessageReference
    thread: str | None = None
    """The key of the message whose thread this goes in."""
    manner: Manner = "once"
    person: str | None = None
    """The only person who may see it; None for everybody in the channel."""


@dataclass(frozen=True, slots=True)
class Posted:
    answer: Reply
    """What to tell the lead who asked."""
    posts: tuple[Post, ...] = ()
    """Put after the answer; otherwise the answer would wait until the report had been drawn and posted."""


def post_report(connection: Connection, shelf: FrameworkShelf, change: PostReport, by: Known, now: datetime) -> Posted:
    """Post a report under its snapshot's key, so that asking twice posts it once; ``again`` comes from a button of its
    own.
    """
    cycle = cycles.cycle_by_id(connection, change.cycle)
    if cycle is None or not people.is_lead(connection, by.id, cycle.partnership):
        return Posted(_line("only-leads"))
    channels = people.channels_of(connection, cycle.partnership)
    if not channels:
        return Posted(_line("no-channel"))
    snapshot, area = report_snapshots.freeze(connection, shelf, cycle.id, now).id, change.area
    attempts = outbox_record.of_once(connection, _key(snapshot, area))
    there = {key for key, _ in attempts}
    reports = [_report(references.Report(snapshot, each.language, area), each, change.again) for each in channels]
    new = [each for each in reports if each.key not in there]
    if new:
        audit.record(connection, now, by.id, "report posted", _about(cycle.id, snapshot, area))
    known = [*attempts, *((each.key, "waiting") for each in new)]
    answer = Reply(became(snapshot, area, known), below=True)
    return Posted(answer, tuple(post for each in new for post in (each, *_pictures(each))))


def preview_report(
    connection: Connection, shelf: FrameworkShelf, change: PreviewReport, by: Known, now: datetime
) -> tuple[Reply, ...]:
    """Show the same report and pictures to the lead who asked."""
    cycle = cycles.cycle_by_id(connection, change.cycle)
    if cycle is None or not people.is_lead(connection, by.id, cycle.partnership):
        return (_line("only-leads"),)
    snapshot = report_snapshots.freeze(connection, shelf, cycle.id, now).id
    report = references.Report(snapshot, by.language, change.area, preview=True)
    # The report comes last, so that its button is at the bottom.
    return (*(Reply(each, below=True) for each in references.pictures_of(report)), Reply(report, below=True))


def send_pack(
    connection: Connection, shelf: FrameworkShelf, change: SendPack, by: Known, now: datetime
) -> tuple[Reply, ...]:
    """Send the meeting pack to the lead who asked."""
    cycle = cycles.cycle_by_id(connection, change.cycle)
    if cycle is None or not people.is_lead(connection, by.id, cycle.partnership):
        return (_line("only-leads-pack"),)
    return (
        Reply(references.MeetingPackFiles(report_snapshots.freeze(connection, shelf, cycle.id, now).id), below=True),
    )


def _about(cycle: int, snapshot: int, area: str) -> dict[str, object]:
    return {"cycle": cycle, "snapshot": snapshot} | ({"area": area} if area else {})


def _report(report: references.Report, channel: people.Channel, again: int | None) -> Post:
    key = f"{_key(report.snapshot, report.area)}{channel.platform}:{channel.tenant}:{channel.conversation}"
    return Post(
        Conversation(channel.platform, channel.tenant, channel.conversation, Kind.CHANNEL),
        key if again is None else f"{key}{_AGAIN}{again}",
        report,
    )


def _pictures(report: Post) -> Iterable[Post]:
    assert isinstance(report.what, references.Report)
    for picture in references.pictures_of(report.what):
        yield Post(report.channel, f"picture:{picture.name}:{report.key}", picture, thread=report.key)


def put(connection: Connection, posts: Iterable[Post], now: datetime, turn: str | None = None) -> list[Conversation]:
    """Put the posts into the outbox in order; returns the conversations they wait in. ``turn``: the turn that caused
    them.
    """
    return [_put(connection, post, now, turn) for post in posts]


def _put(connection: Connection, post: Post, now: datetime, turn: str | None) -> Conversation:
    outbox.put(
        connection,
        platform=post.channel.platform,
        tenant=post.channel.tenant,
        conversation=post.channel.id,
        kind=post.channel.kind.value,
        key=post.key,
        prompt=references.to_json(post.what),
        person=post.person,
        manner=post.manner,
        thread=post.thread,
        now=now,
        turn=turn,
    )
    return post.channel


def _key(snapshot: int, area: str) -> str:
    """The prefix of a report's keys; a report on one area has a different prefix from the whole report."""
    return f"report-on-area:{snapshot}:{area}:" if area else f"report:{snapshot}:"


def became(snapshot: int, area: str, attempts: list[tuple[str, str]]) -> references.ReportPosted:
    """What became of the last attempt in each channel, summed up as one state."""
    last = {key.partition(_AGAIN)[0]: _BECAME[state] for key, state in attempts}
    state = next(each for each in _MOST_TELLING if each in last.values())
    return references.ReportPosted(snapshot, state, len(attempts), area)


def _line(name: str) -> Reply:
    return Reply(references.ShortReply(name), below=True)
