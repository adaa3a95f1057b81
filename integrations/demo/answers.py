"""What the demo's leaders have answered, from its file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from importlib.resources import files
from typing import Final

import yaml
from pydantic import TypeAdapter
from pydantic.dataclasses import dataclass

from core.enquiry import Audience, NoteKind, Visibility
from core.framework import Framework, Perspective, Row

CANNOT_SAY: Final = "cannot_say"


@dataclass(frozen=True)
class GivenNote:
    subtheme: str
    kind: NoteKind
    text: str
    audience: Audience = Audience.SCHOOL
    offered: bool = False
    """Its school would share the strength, or welcome help with the development."""


@dataclass(frozen=True)
class Wrote:
    """What somebody typed."""

    at: datetime
    person: str
    text: str


@dataclass(frozen=True)
class Answers:
    """One leader's answers for one school."""

    person: str
    school: str
    own: str
    partnership: str
    priorities: tuple[str, ...] = ()
    notes: tuple[GivenNote, ...] = ()
    in_chat: date | None = None
    """When they were given in chat, by somebody one can be."""

    def rows(self, framework: Framework) -> Iterator[tuple[Row, int | None]]:
        """Each row that was answered with its level, None for "can't say yet", in the order in which it was asked."""
        figures = {Perspective.SCHOOL: _figures(self.own), Perspective.PARTNERSHIP: _figures(self.partnership)}
        places = {criterion.id: number for number, criterion in enumerate(framework.criteria)}
        for row in framework.rows:
            given = figures[row.perspective]
            if places[row.criterion] < len(given):
                figure = given[places[row.criterion]]
                yield row, None if figure == "x" else int(figure)


@dataclass(frozen=True)
class PlayedCycle:
    title: str
    opens: date
    closes: date
    meeting: date
    answers: tuple[Answers, ...]
    said: tuple[Wrote, ...] = ()
    """In the partnership's channel."""
    typed: tuple[Wrote, ...] = ()
    """To the bot alone."""
    looks: tuple[datetime, ...] = ()
    """Moments before it opens at which something falls due that is no nudge."""


def _figures(written: str) -> str:
    return written.replace(" ", "")


@dataclass(frozen=True)
class DemoPerson:
    id: str
    name: str


@dataclass(frozen=True)
class NeighbourSchool:
    id: str
    name: str
    phase: str
    leader: DemoPerson


@dataclass(frozen=True)
class Neighbour:
    """A partnership in one network with the demo's own."""

    id: str
    name: str
    visibility: Visibility
    lead: str
    schools: tuple[NeighbourSchool, ...]
    cycles: tuple[PlayedCycle, ...]


def played_cycles() -> tuple[PlayedCycle, ...]:
    """The cycles of the demo, the earliest first; the last one is open."""
    return TypeAdapter(tuple[PlayedCycle, ...]).validate_python(_read("answers.yaml"))


def neighbours() -> tuple[Neighbour, ...]:
    """The other partnerships of the network."""
    return TypeAdapter(tuple[Neighbour, ...]).validate_python(_read("neighbours.yaml"))


def _read(name: str) -> object:
    return yaml.safe_load(files("integrations.demo").joinpath(name).read_bytes())
