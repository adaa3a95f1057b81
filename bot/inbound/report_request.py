"""Which report was asked for: ``[preview] [cycle] [area]``, in the words of either language, and never guessed.

A cycle goes by its title, its number or "last", an area by its id or title. If the words have two possible readings,
the person is asked which they meant.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from bot.inbound.typed_text import whole_number
from core.as_typed import simplified
from core.enquiry import LedCycle, LedPartnership
from core.framework import Area
from core.values import value

_PREVIEW: Final = frozenset({"preview", "rhagolwg"})
_HELP: Final = frozenset({"help", "?", "cymorth"})
_LAST: Final = frozenset({"last", "diwethaf", "olaf"})
_CYCLE: Final = frozenset({"cycle", "cylch"})
_AREA: Final = frozenset({"area", "maes"})


@value
class ReportRequest:
    """The words after "report"."""

    which: str
    """The cycle and the area as typed; empty if neither was named."""
    preview: bool = False
    help: bool = False


@value
class ReportWanted:
    """One possible reading."""

    partnership: str
    cycle: int
    area: str = ""
    """Empty for the whole report."""


def read(text: str) -> ReportRequest:
    words = simplified(text).split()
    if len(words) == 1 and words[0] in _HELP:
        return ReportRequest("", help=True)
    preview = bool(words) and (words[0] in _PREVIEW or words[-1] in _PREVIEW)
    rest = words[1:] if preview and words[0] in _PREVIEW else words[:-1] if preview else words
    return ReportRequest(" ".join(rest), preview)


def readings(which: str, leads: Iterable[LedPartnership]) -> tuple[ReportWanted, ...]:
    """Every cycle and area of these partnerships that the words may mean, whole reports first; none if there is no
    match.
    """
    found = dict.fromkeys(each for led in leads for each in _of_partnership(which.split(), led))
    return tuple(sorted(found, key=lambda each: bool(each.area)))


def _of_partnership(words: Sequence[str], led: LedPartnership) -> Iterator[ReportWanted]:
    for cut in range(len(words) + 1):
        yield from _of_parts(" ".join(words[:cut]), " ".join(words[cut:]), led)
        yield from _of_parts(" ".join(words[cut:]), " ".join(words[:cut]), led)


def _of_parts(named_cycle: str, named_area: str, led: LedPartnership) -> Iterator[ReportWanted]:
    for cycle in _cycles(named_cycle, led):
        for area in _areas(named_area, cycle):
            yield ReportWanted(led.id, cycle.id, area)


def _cycles(named: str, led: LedPartnership) -> tuple[LedCycle, ...]:
    if not named:
        return led.begun[:1]
    if named in _LAST:
        return led.closed[:1]
    number = _number_after(_CYCLE, named)
    return tuple(each for each in led.begun if simplified(each.title) == named or each.number == number)


def _areas(named: str, cycle: LedCycle) -> tuple[str, ...]:
    if not named:
        return ("",)
    number = _number_after(_AREA, named)
    ids = (each.id for each in cycle.areas if named in _names(each) or each.id == str(number))
    return tuple(ids)


def _names(area: Area) -> frozenset[str]:
    return frozenset(simplified(name) for name in (area.id, *area.title.values(), *area.short_title.values()))


def _number_after(words: frozenset[str], named: str) -> int | None:
    """``3`` or ``cycle 3``."""
    head, _, rest = named.partition(" ")
    return whole_number(rest if head in words else named)
