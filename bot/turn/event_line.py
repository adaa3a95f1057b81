"""The log line for each event, and the turn id bound to all other lines that come of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from time import perf_counter
from typing import Self, assert_never

from bot.inbound.events import Body, Command, Edited, Incoming, Installed, Left, Pressed, Typed
from bot.turn.handle import Handled
from core.log import Log, begin_turn, new_turn

_log = Log(__name__)


@dataclass(slots=True)
class EventLine:
    """What is told of an event; it is handled in here.

    Whatever is logged from its beginning on is of its turn, an error that leaves it included.
    """

    platform: str
    kind: str
    turn: str = field(default_factory=new_turn)
    outcome: str = "handled"
    messages: int = 0
    begun: float = field(default_factory=perf_counter)

    def take(self, handled: Handled) -> None:
        self.outcome, self.messages = "handled" if handled.fresh else "repeated", handled.messages

    def __enter__(self) -> Self:
        begin_turn(self.turn)
        return self

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        outcome = self.outcome if error is None else "failed"
        ms = round((perf_counter() - self.begun) * 1000, 1)
        _log.info("event", platform=self.platform, kind=self.kind, outcome=outcome, ms=ms, messages=self.messages)


def logged(incoming: Incoming) -> EventLine:
    return EventLine(incoming.account.platform, _kind(incoming.body), incoming.turn)


def _kind(body: Body) -> str:
    match body:
        case Pressed(press):
            return "press" if press is None else f"press:{type(press).__name__}"
        case Typed():
            return "text"
        case Edited():
            return "edit"
        case Command():
            return "command"
        case Installed():
            return "installed"
        case Left():
            return "left"
        case _:
            assert_never(body)
