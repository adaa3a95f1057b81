"""Who sees Alder School's scores, notes and people: everybody tries every command, every button and every file.

``tests.support.canaries`` has the story and what is tried. Whoever isn't in a table below sees nothing, and changes
nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final, TypeAlias

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from bot.inbound.events import Conversation, Kind
from bot.messages.blocks import File, Message, Paragraph
from core.enquiry import Visibility
from core.rights import ROUTES, Door
from core.storage import tables
from core.storage.frameworks import FrameworkShelf
from integrations.health import health
from integrations.teams.files import Files, file_routes
from integrations.teams.pages import page_routes
from integrations.web.app import routes
from integrations.web.chat import Chat, Sample
from integrations.web.client import BrowserChat
from integrations.web.pages import pages
from tests.support.canaries import (
    CHANNEL,
    NAMES,
    NOTES,
    OUTSIDER,
    PEOPLE,
    ROLES,
    Everything,
    OnConnection,
    Others,
    Seen,
    Stage,
    Tried,
    everything,
)
from tests.support.days import NOW as TODAY
from tests.support.world import memory

Where: TypeAlias = dict[str, set[str] | None]
"""Who sees something, and in which kinds of message; ANYWHERE if that doesn't matter."""
ANYWHERE: Final = None

OPEN, OWN_AND_GROUP, LEAD_ONLY = Visibility.OPEN, Visibility.OWN_AND_GROUP, Visibility.LEAD_ONLY
STAGES: Final[tuple[Stage, ...]] = ("open", "closed")
SCENES: Final = [(stage, seen) for stage in STAGES for seen in (OWN_AND_GROUP, LEAD_ONLY, OPEN)]

# Scores. The lead's own "report" is the preview; what is posted, everybody who reads the channel sees.

OF_THEIR_SCHOOL: Final[Where] = {"alder-head": ANYWHERE}
WHILE_OPEN: Final[Where] = OF_THEIR_SCHOOL | {"deputy": ANYWHERE}
NOW: Final[Mapping[tuple[Stage, Visibility], Where]] = {
    ("open", OWN_AND_GROUP): WHILE_OPEN,
    ("open", LEAD_ONLY): WHILE_OPEN,
    ("open", OPEN): WHILE_OPEN,
    ("closed", OWN_AND_GROUP): OF_THEIR_SCHOOL,
    ("closed", LEAD_ONLY): OF_THEIR_SCHOOL | {"lead": {"report", "report-picture", "responses"}},
    ("closed", OPEN): OF_THEIR_SCHOOL
    | {"lead": {"report", "report-picture", "responses", "meeting-pack"}, CHANNEL: {"report", "report-picture"}},
}
"""Of the current cycle, by how it was pinned."""
BEFORE: Final[Where] = OF_THEIR_SCHOOL | {"gone-before": {"my-data"}}
"""Of the cycle before, when each school saw its own beside the group's. Whoever gave them has a copy of their data."""

TOLD_APART: Final[Mapping[bool, Sequence[Others]]] = {
    False: [frozenset({"now", "before"})],
    True: [frozenset({"now"}), frozenset({"before"})],
}
"""Where all may see the scores of now, they must not be taken for those of then."""

# Notes

NOTES_SEEN: Final[Mapping[Stage, Mapping[str, Where]]] = {
    "open": {
        "private before": {"gone-before": {"my-data"}},
        "lead before": {"gone-before": {"my-data"}, "alder-head": ANYWHERE, "lead": {"shared-notes"}},
        "private of who left": {"gone-during": {"my-data"}},
        "private": {"alder-head": ANYWHERE},
        "lead": WHILE_OPEN,
        "meeting": WHILE_OPEN,
    },
    "closed": {
        "private before": {"gone-before": {"my-data"}},
        "lead before": {"gone-before": {"my-data"}, "alder-head": ANYWHERE},
        "private of who left": {"gone-during": {"my-data"}},
        "private": {"alder-head": ANYWHERE},
        "lead": {"alder-head": ANYWHERE, "lead": {"shared-notes"}},
        "meeting": {"alder-head": ANYWHERE, "lead": {"shared-notes"}},
    },
}
"""The lead reads what was shared in the cycle that closed last, never in one that is open."""


# What is changed

CHANGED: Final[Mapping[Stage, Mapping[str, set[str]]]] = {
    "open": {
        "deputy": {"responses", "answers", "notes"},
        "alder-head": {"responses", "who stands in", "actions", "agreement to be seen"},
        "lead": {"actions"},
    },
    "closed": {
        "alder-head": {"practice", "actions", "agreement to be seen"},
        "fir-head": {"actions", "agreement to be seen"},
        "lead": {"actions"},
    },
}
"""Apart from what goes with those who erase themselves."""


@pytest.mark.parametrize(("stage", "seen"), SCENES)
def test_everybody_sees_and_changes_what_is_theirs(stage: Stage, seen: Visibility) -> None:
    found = everything(seen, stage)
    for others in TOLD_APART[CHANNEL in NOW[stage, seen]]:
        otherwise = everything(seen, stage, others)
        may = (NOW[stage, seen] if "now" in others else {}) | (BEFORE if "before" in others else {})
        assert_seen(unlike(found, otherwise), may)
        assert found.log == otherwise.log, "it tells nobody's scores, not even that somebody sees them"
    for note, may in NOTES_SEEN[stage].items():
        assert_seen((each for each in found.seen if NOTES[note] in each.text), may)
    assert names_learnt_elsewhere(found.seen) == set()
    assert words_in("\n".join(found.log)) <= {"lead"}
    assert what_is_changed(found) == CHANGED[stage]
    assert stage == "open" or figures_are_told(found.seen), "or Alder's scores would have been hidden with them"


def unlike(one: Everything, other: Everything) -> list[Seen]:
    """What looks different to somebody."""
    pairs = [*zip(one.seen, other.seen, strict=True)]
    assert all((a.reader, a.tried, a.message) == (b.reader, b.tried, b.message) for a, b in pairs)
    return [a for a, b in pairs if a.text != b.text]


def assert_seen(shown: Iterable[Seen], may: Where) -> None:
    found: dict[str, set[str]] = defaultdict(set)
    how: dict[str, Tried] = {}
    for each in shown:
        found[each.reader].add(each.message)
        how.setdefault(f"{each.reader} in {each.message}", each.tried)
    where: Where = {who: ANYWHERE if may.get(who, set()) is ANYWHERE else kinds for who, kinds in found.items()}
    assert where == may, how


def names_learnt_elsewhere(seen: Iterable[Seen]) -> set[tuple[str, str, Tried]]:
    elsewhere = (each for each in seen if each.reader in {OUTSIDER, "other-lead"} and not concerns(each.tried))
    return {(each.reader, name, each.tried) for each in elsewhere for name in NAMES if name in each.text}


def concerns(tried: Tried) -> bool:
    """Whether it names a school, but waits only for somebody who led it, or leads its partnership."""
    return tried.what.startswith(("is sent OutOfReach", "is sent LeadsNoMore"))


def words_in(log: str) -> set[str]:
    assert '"event": "event"' in log
    return {word for word in (*NAMES, *PEOPLE, *PEOPLE.values(), *NOTES.values()) if word in log}


def what_is_changed(found: Everything) -> Mapping[str, set[str]]:
    changed: dict[str, set[str]] = defaultdict(set)
    for tried, what in found.changed:
        if "EraseMe" not in tried.what:
            changed[tried.by].add(what)
    return changed


def figures_are_told(seen: Iterable[Seen]) -> bool:
    told = "Theme 1.1: our schools 3.5, the partnership 3.0."
    return any(told in each.text for each in seen if (each.reader, each.message) == (CHANNEL, "report"))


# Routes

OWN_REPORT: Final = Message(
    "own-report:1", (Paragraph("Our oxbow: 7.0"),), "en", (File("own-report-1.csv", "text/csv", b"oxbow,7.0\n"),)
)


def readers(who: Collection[str]) -> dict[str, Sample]:
    return {each: Sample(each, each, "", "", in_channel=each not in {OUTSIDER, "other-lead"}) for each in who}


async def unused(*_: object) -> None:
    raise AssertionError("nobody sends or moves anything here")


async def test_no_route_shows_a_schools_report_to_anybody_else() -> None:
    """It was sent in the browser, and a copy is at a link that nobody else has."""
    with memory() as connection:
        database = OnConnection(connection)
        channel = Conversation("web", "demo", CHANNEL, Kind.CHANNEL)
        chat = Chat(
            database, FrameworkShelf(), lambda: TODAY, unused, unused, lambda *_: (), "harbour", channel, readers(ROLES)
        )  # fmt: skip
        await BrowserChat(database, chat.clock).post(chat.direct("alder-head"), OWN_REPORT)
        files = Files(database, "http://bot", chat.clock)
        link = await files.address_of(chat.direct("alder-head"), OWN_REPORT.key, OWN_REPORT.files[0])
        app = FastAPI()
        told = health(database, chat.clock)
        for router in (told, file_routes(database, chat.clock), page_routes(), routes(chat, pages())):
            app.include_router(router)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bot") as http:
            file = connection.execute(select(tables.BrowserFile.id)).scalar_one()
            shown = {path for path in addresses(file) if "oxbow" in (await http.get(path)).text}
            assert shown == {"/as/alder-head/", f"/as/alder-head/files/{file}"}
            assert "oxbow" in (await http.get(link)).text
            for guessed in (link[:-1], link.partition("?")[0], f"{link}0", link.replace("report-1", "report-2")):
                assert (await http.get(guessed)).status_code == 404


def addresses(file: str) -> Iterable[str]:
    """Every route that can be read by whoever finds it, for everybody in turn."""
    for route, door in ROUTES.items():
        method, path = route.split()
        if method == "GET" and door in {Door.OPEN, Door.LINK, Door.DEMO}:
            yield from (path.format(user=who, file_id=file, name=OWN_REPORT.files[0].name) for who in ROLES)
