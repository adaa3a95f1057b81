"""Logging: constant event names, with fields that contain no personal data.

A line contains no score, name, note, token, address or body, and only an error's type and traceback locations. Where
lines go and what they look like is decided by ``integrations.log_setup``.
"""

from __future__ import annotations

import json
import logging
import random
from collections.abc import Iterator, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from itertools import groupby, islice
from traceback import walk_tb
from typing import Final, TypeAlias

Field: TypeAlias = str | int | float | Sequence[str] | None
"""A field that is None is left out."""

ROOMS: Final = ("bot", "core", "integrations", "manifest", "scheduler")
_MOST_CAUSES: Final = 4
_MOST_FRAMES: Final = 30
_PLACES: Final = "places_elsewhere"

_turn: ContextVar[str | None] = ContextVar("turn", default=None)


@dataclass(frozen=True, slots=True)
class Line:
    """The message of one of our log records."""

    event: str
    fields: dict[str, Field]

    def __str__(self) -> str:
        return " ".join((self.event, *(f"{name}={_written(value)}" for name, value in self.fields.items())))


class Log:
    """The log of one module."""

    def __init__(self, name: str) -> None:
        self._logger = logging.getLogger(name)

    def debug(self, event: str, **fields: Field) -> None:
        self._write(logging.DEBUG, event, fields)

    def info(self, event: str, **fields: Field) -> None:
        self._write(logging.INFO, event, fields)

    def warning(self, event: str, **fields: Field) -> None:
        self._write(logging.WARNING, event, fields)

    def error(self, event: str, error: BaseException, **fields: Field) -> None:
        self._write(logging.ERROR, event, {"error": places(error), **fields})

    def _write(self, level: int, event: str, fields: Mapping[str, Field]) -> None:
        if self._logger.isEnabledFor(level):
            line = Line(event, {name: value for name, value in _with_turn(fields).items() if value is not None})
            # Bypass the logger's own methods: finding the calling line takes as long as everything else.
            self._logger.handle(logging.LogRecord(self._logger.name, level, "", 0, line, (), None))


def new_turn() -> str:
    """A new id for an event and everything it causes. It needn't be hard to guess."""
    return f"{random.getrandbits(40):010x}"


def begin_turn(turn: str) -> None:
    """Tag every line logged from here on, in this task and those it starts, with this turn."""
    _turn.set(turn)


def _with_turn(fields: Mapping[str, Field]) -> Mapping[str, Field]:
    return {"turn": _turn.get(), **fields}


def _written(value: Field) -> str:
    if isinstance(value, str):
        return value if value.isascii() and value.isprintable() and " " not in value else json.dumps(value)
    return str(value) if isinstance(value, int | float) else ",".join(value or ())


def places(error: BaseException) -> str:
    """An error's type and location: ``KeyError at bot.decide.scores:41 < bot.decide.step:120``, innermost first.

    Names each of our frames and the last one in a library, and those of what it was raised ``from``. Never an error's
    message, which may contain what people wrote.
    """
    return " from ".join(islice(map(_places_of, _with_causes(error)), _MOST_CAUSES))


def keep_places(error: BaseException) -> None:
    """Attach its places to an error that is sent to another process, since its frames are lost."""
    error.__dict__[_PLACES] = places(error)


def _with_causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = _cause(cause)


def _cause(error: BaseException) -> BaseException | None:
    if isinstance(error, BaseExceptionGroup):
        return error.exceptions[0]
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return None if cause is None or cause.__traceback__ is None else cause


def _places_of(error: BaseException) -> str:
    frames = [(str(frame.f_globals.get("__name__")), line) for frame, line in walk_tb(error.__traceback__)]
    last = max((number for number, (module, _) in enumerate(frames) if not _is_ours(module)), default=None)
    kept = [frame for number, frame in enumerate(frames) if number == last or _is_ours(frame[0])]
    named = [f"{module}:{line}" for (module, line), _ in groupby(reversed(kept))]
    if len(named) > _MOST_FRAMES:
        named[_MOST_FRAMES // 2 : -_MOST_FRAMES // 2] = ["…"]
    elsewhere: str | None = error.__dict__.get(_PLACES)
    kind = elsewhere or type(error).__qualname__
    return f"{kind}{' < ' if elsewhere else ' at '}{' < '.join(named)}" if named else kind


def _is_ours(module: str) -> bool:
    return module.partition(".")[0] in ROOMS
