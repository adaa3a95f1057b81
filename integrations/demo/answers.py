"""What the demo's leaders answered, read from a file."""

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
    """Whether the school would share the strength, or welcome help with the development."""


@dataclass(frozen=True)
class Wrote:
    """Something a person typed."""

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
    """When the answers were given in chat, by one of the playable people."""

    def rows(self, framework: Framework) -> Iterator[tuple[Row, int | None]]:
        """Each answered row with its level (None for "can't say yet"), in the order in which it was asked."""
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
    """Said in the partnership's channel."""
    typed: tuple[Wrote, ...] = ()
    """Said to the bot directly."""
    looks: tuple[datetime, ...] = ()
    """Times before it opens at which something other than a nudge falls due."""


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
    """A partnership in the same network as the demo's own."""

    id: str
    name: str
    visibility: Visibility
    lead: str
    schools: tuple[NeighbourSchool, ...]
    cycles: tuple[PlayedCycle, ...]


def played_cycles() -> tuple[PlayedCycle, ...]:
    """The demo's cycles, the earliest first; the last one is open."""
    return TypeAdapter(tuple[PlayedCycle, ...]).validate_python(_read("answers.yaml"))


def neighbours() -> tuple[Neighbour, ...]:
    """The other partnerships of the network."""
    return TypeAdapter(tuple[Neighbour, ...]).validate_python(_read("neighbours.yaml"))


def _read(name: str) -> object:
    return yaml.safe_load(files("integrations.demo").joinpath(name).read_bytes())
