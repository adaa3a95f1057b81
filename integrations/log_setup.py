"""Where the log goes and what its lines look like, both ours and those of libraries.

Ours are written in full, since ``core.log`` limits them to constant words and harmless fields. A library may put
anything into its messages (a token, an address, the body of a request), so only its warnings and errors are logged,
whatever the level, with its name, its place and its error's places; its message is included only for libraries whose
messages concern nothing outside this process.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Final, Literal, TextIO, TypeAlias

from pydantic_core import to_json
from structlog.dev import ConsoleRenderer
from structlog.stdlib import ProcessorFormatter
from structlog.typing import EventDict

from core.log import ROOMS, Field, Line, places

Style: TypeAlias = Literal["text", "json"]
Render: TypeAlias = Callable[[logging.LogRecord, Line], str]

_OF_THIS_PROCESS: Final = frozenset({"alembic", "apscheduler", "uvicorn"})
"""Libraries whose messages contain nothing that anybody sent."""


def set_up_log(level: str, style: Style, stream: TextIO | None = None) -> logging.Handler:
    """Log our own lines from this level on, and libraries' warnings, to ``stream`` or standard error."""
    handler = Written(stream or sys.stderr)
    handler.setFormatter(Formatter(_render(style, on_terminal=handler.stream.isatty())))
    root, least = logging.getLogger(), logging.getLevelNamesMapping()[level.upper()]
    root.addHandler(handler)
    root.setLevel(max(least, logging.WARNING))
    for room in ROOMS:
        logging.getLogger(room).setLevel(least)
    return handler


class Formatter(ProcessorFormatter):
    """Formats our lines and libraries' lines alike; ours skip what ``structlog`` must do to understand foreign
    records.
    """

    def __init__(self, render: Render) -> None:
        self._render = render
        super().__init__(processors=[lambda _, __, event: render(event["_record"], _of_library(event))])

    def format(self, record: logging.LogRecord) -> str:
        return self._render(record, record.msg) if isinstance(record.msg, Line) else super().format(record)


class Written(logging.StreamHandler[TextIO]):
    def handleError(self, record: logging.LogRecord) -> None:  # noqa: ARG002, N802 - as the library calls it
        """The library would print the record it couldn't write, with everything in it."""
        error = sys.exc_info()[1]
        with suppress(OSError, ValueError):
            self.stream.write(f"A line of the log could not be written: {error and places(error)}\n")


def _of_library(event: EventDict) -> Line:
    record: logging.LogRecord = event["_record"]
    spoken = record.name.partition(".")[0] in _OF_THIS_PROCESS
    fields: dict[str, Field] = {"logger": record.name, "at": f"{record.filename}:{record.lineno}"}
    if "exc_info" in event and (error := event["exc_info"][1]) is not None:
        fields["error"] = places(error)
    return Line(str(event["event"]).partition("\n")[0] if spoken else "a library warns", fields)


def _render(style: Style, *, on_terminal: bool) -> Render:
    if style == "json":
        return _as_json
    return _in_colours() if on_terminal else _as_text


def _in_colours() -> Render:
    """It takes three times as long, but nobody reads a terminal that fast."""
    console = ConsoleRenderer(sort_keys=False)
    return lambda record, line: console(
        None, "", {"timestamp": _moment(record), "level": record.levelname.lower(), "event": line.event, **line.fields}
    )


def _as_text(record: logging.LogRecord, line: Line) -> str:
    return f"{_moment(record)} {record.levelname.lower():<7} {line}"


def _as_json(record: logging.LogRecord, line: Line) -> str:
    first = {"time": _moment(record), "level": record.levelname.lower(), "logger": record.name, "event": line.event}
    return to_json(first | line.fields).decode()


def _moment(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
