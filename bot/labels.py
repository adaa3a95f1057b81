"""Typing the words on a button is the same as pressing it, for the buttons that were shown last."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection

from bot import said, typed
from bot.events import Chose, Incoming, Kind, Typed
from bot.messages import Actions, Block, Choice
from bot.snapshot import Snapshot
from bot.tell import tell
from core.services import answering
from core.storage.frameworks import FrameworkShelf


def pressed_by_typing(
    connection: Connection, shelf: FrameworkShelf, snapshot: Snapshot, incoming: Incoming
) -> Chose | None:
    """The button whose words were typed, or None where the text is a command, a score, or on no button."""
    body = incoming.body
    if not isinstance(body, Typed) or snapshot.person is None or incoming.conversation.kind is Kind.CHANNEL:
        return None
    framework = snapshot.enquiry.framework if snapshot.enquiry else None
    if not isinstance(typed.read(body.text, framework), typed.Free):
        return None
    wanted = typed.simplified(body.text)
    place = incoming.conversation
    shown = answering.last_said(connection, place.platform, place.tenant, place.id)
    blocks = (
        block
        for stored in shown
        for block in tell(connection, shelf, said.from_json(stored), snapshot.person, snapshot.now) or ()
    )
    return next((Chose(action) for label, action in _labels(blocks) if typed.simplified(label) == wanted), None)


def _labels(blocks: Iterator[Block]) -> Iterator[tuple[str, str]]:
    for block in blocks:
        if isinstance(block, Choice):
            yield from ((option.label, option.action) for option in block.options)
        elif isinstance(block, Actions):
            yield from ((button.label, button.action) for button in block.buttons)
