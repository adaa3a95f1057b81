"""The scenarios in a played Teams: every press and text is a signed activity, and what its cards show is seen."""

from __future__ import annotations

from asyncio import Runner
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from tests.teams.adaptive_cards import Cell, cells, elements, pressable
from tests.teams.playing_teams import Posted
from tests.teams.signing import TENANT as TENANT
from tests.teams.teams_world import TeamsWorld, member, renamed, teams_world

Json: TypeAlias = dict[str, Any]


@contextmanager
def opened(database: Path) -> Iterator[TeamsDriver]:
    renamed(f"sqlite:///{database}")
    with Runner() as runner:
        playing = teams_world(database)
        world = runner.run(playing.__aenter__())
        try:
            yield TeamsDriver(world, runner)
        finally:
            runner.run(playing.__aexit__(None, None, None))


@dataclass
class TeamsDriver:
    world: TeamsWorld
    runner: Runner
    read: dict[str, dict[str, str]] = field(default_factory=dict)
    """What each person could read before they last did something."""

    def types(self, person: str, text: str) -> None:
        self._remember(person)
        self.runner.run(self.world.types(member(person), _as_sent(text)))

    def presses(self, person: str, label: str) -> None:
        shown = [(each, posted) for posted in self._own(person) for each in pressable(posted.card or {})]
        fitting = [each for each in shown if each[0]["title"].removeprefix("✓ ") == label]
        assert fitting, f"{person} sees no {label}, only {[each[0]['title'] for each in shown]}"
        self._press(person, *fitting[-1])

    def chooses(self, person: str, legend: str, label: str) -> None:
        for posted in reversed(self._own(person)):
            found = [each for each in cells(posted.card or {"body": []}) if _fits(each, legend, label)]
            if found:
                self._press(person, found[0].action, posted)
                return
        raise AssertionError(f"{person} sees no {label} under {legend}")

    def writes(self, person: str, text: str) -> None:
        posted, box, send = next(found for each in reversed(self._own(person)) if (found := _box(each)) is not None)
        self._press(person, send, posted, {box["id"]: text})

    def says_in_channel(self, person: str, text: str) -> None:
        self._remember(person)
        self.runner.run(self.world.mentions(member(person), text))

    def sees(self, person: str) -> str:
        read = self.read[person]
        return "\n".join(text for each, text in self._readable(person).items() if read.get(each) != text)

    def sees_in_channel(self, person: str) -> str:  # noqa: ARG002 - everybody there sees the same
        return "\n".join(each.text for each in self.world.channel if each.replies_to is None)

    def sees_in_thread(self, person: str) -> str:  # noqa: ARG002
        own = {each.id for each in self.world.channel}
        return "\n".join(each.text for each in self.world.channel if each.replies_to in own)

    def _own(self, person: str) -> list[Posted]:
        return self.world.own(member(person))

    def _press(self, person: str, action: Json, posted: Posted, inputs: Json | None = None) -> None:
        self._remember(person)
        self.runner.run(self.world.executes(member(person), posted, action["data"] | (inputs or {})))

    def _remember(self, person: str) -> None:
        self.read[person] = self._readable(person)

    def _readable(self, person: str) -> dict[str, str]:
        return {each.id: each.text for each in self._own(person)}


def _as_sent(text: str) -> str:
    """Teams sends what is typed as HTML would write it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _fits(cell: Cell, legend: str, label: str) -> bool:
    return cell.legend.startswith(legend) and cell.name == label


def _box(posted: Posted) -> tuple[Posted, Json, Json] | None:
    """The box to write in, and the button that sends it."""
    parts = list(elements(posted.card or {"body": []}))
    place = next((number for number, each in enumerate(parts) if each["type"] == "Input.Text"), None)
    return None if place is None else (posted, parts[place], parts[place + 1]["actions"][0])
