"""The log line for each event, and the turn id bound to all other lines that come of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import assert_never

from bot.inbound.events import Body, Command, Incoming, Installed, Left, Pressed, Typed
from bot.turn.handle import Handled
from core.log import Log, begin_turn, new_turn

_log = Log(__name__)


@dataclass
class EventLine:
    """What became of an event, as far as is known."""

    turn: str
    outcome: str = "handled"
    messages: int = 0

    def take(self, handled: Handled) -> None:
        self.outcome, self.messages = "handled" if handled.fresh else "repeated", handled.messages


@contextmanager
def logged(incoming: Incoming) -> Iterator[EventLine]:
    """Handle an event in this block; everything logged inside is bound to its turn, as is an error that escapes."""
    with logged_as(incoming.account.platform, _kind(incoming.body), incoming.turn) as line:
        yield line


@contextmanager
def logged_as(platform: str, kind: str, turn: str | None = None) -> Iterator[EventLine]:
    """The same for a platform request that isn't a conversation event."""
    line, begun = EventLine(turn or new_turn()), perf_counter()
    begin_turn(line.turn)
    try:
        yield line
    except BaseException:
        line.outcome = "failed"
        raise
    finally:
        ms = round((perf_counter() - begun) * 1000, 1)
        _log.info("event", platform=platform, kind=kind, outcome=line.outcome, ms=ms, messages=line.messages)


def _kind(body: Body) -> str:
    match body:
        case Pressed(press):
            return "press" if press is None else f"press:{type(press).__name__}"
        case Typed():
            return "text"
        case Command():
            return "command"
        case Installed():
            return "installed"
        case Left():
            return "left"
        case _:
            assert_never(body)
