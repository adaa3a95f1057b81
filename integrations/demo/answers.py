"""What the demo's leaders have answered, from its file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from importlib.resources import files
from typing import Final

import yaml
from pydantic import TypeAdapter
from pydantic.dataclasses import dataclass

from core.enquiry import NoteKind
from core.framework import Framework, Perspective, Row

CANNOT_SAY: Final = "cannot_say"


@dataclass(frozen=True)
class GivenNote:
    subtheme: str
    kind: NoteKind
    text: str


@dataclass(frozen=True)
class SaidToAll:
    """What somebody wrote in the partnership's channel."""

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
    said: tuple[SaidToAll, ...] = ()


def _figures(written: str) -> str:
    return written.replace(" ", "")


def played_cycles() -> tuple[PlayedCycle, ...]:
    """The cycles of the demo, the earliest first; the last one is open."""
    source = files("integrations.demo").joinpath("answers.yaml").read_bytes()
    return TypeAdapter(tuple[PlayedCycle, ...]).validate_python(yaml.safe_load(source))
