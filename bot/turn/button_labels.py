"""Typing the words on a button is the same as pressing it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from sqlalchemy import Connection

from bot.compose.personal import tell
from bot.decide.replies import question, show_place
from bot.decide.turn_state import TurnState
from bot.inbound.events import Pressed, pressed
from bot.inbound.typed_text import Free, Scored
from bot.inbound.understanding import Wrote
from bot.messages.blocks import Block, Button, Buttons, Choice, Option
from bot.messages.references import Card, MessageReference
from bot.turn.recent_messages import Recalled
from core.as_typed import simplified
from core.storage.frameworks import FrameworkShelf

LOOKED_AT = 6
"""How many of the latest messages may be answered by typing the words on their buttons."""

_LONGEST_LABEL = 150
"""Characters. No button has longer text, so longer text need not be looked up."""

_Labelled: TypeAlias = Button | Option


def pressed_by_typing(
    connection: Connection, shelf: FrameworkShelf, state: TurnState, recalled: Recalled, wrote: Wrote
) -> Pressed | None:
    """The button whose words were typed; None if the text matches none.

    For the latest message, anything that may be typed for a button counts, and comes before any other meaning of the
    text: it is what the person is looking at. For slightly earlier messages only the labels count.
    """
    last = recalled.standing
    if len(wrote.text) > _LONGEST_LABEL or (isinstance(wrote.meaning, Scored) and _is_asked_now(state, last)):
        return None
    wanted = simplified(wrote.text)
    buttons = _buttons(connection, shelf, state, () if last is None else (last,))
    found = _first(buttons, lambda each: wanted in _ways_to_type(each))
    if found is None and isinstance(wrote.meaning, Free):
        earlier = _buttons(connection, shelf, state, recalled.lately[:LOOKED_AT])
        found = _first(earlier, lambda each: wanted == simplified(each.label))
    return None if found is None else pressed(found.action)


def _is_asked_now(state: TurnState, last: MessageReference | None) -> bool:
    """Whether it is the current enquiry's question, for which scores are read without looking at its buttons."""
    if state.enquiry is None or last is None:
        return False
    return isinstance(last, Card) and question(last) == show_place(state.enquiry).reference


def _ways_to_type(button: _Labelled) -> tuple[str, ...]:
    """``No, carry on`` may also be answered with ``no``."""
    label = simplified(button.label)
    return simplified(button.typed), label, label.partition(",")[0]


def _first(buttons: Iterable[_Labelled], fits: Callable[[_Labelled], bool]) -> _Labelled | None:
    return next((each for each in buttons if fits(each)), None)


def _buttons(
    connection: Connection, shelf: FrameworkShelf, state: TurnState, whats: Iterable[MessageReference]
) -> Iterator[_Labelled]:
    for what in whats:
        for block in tell(connection, shelf, what, state.person, state.now) or ():
            yield from _on(block)


def _on(block: Block) -> tuple[_Labelled, ...]:
    if isinstance(block, Choice):
        return block.options
    return block.buttons if isinstance(block, Buttons) else ()
