"""``outbox``: what waits to be sent, may not have arrived or was given up, and what to do about it.

It tells for whom a message is and of what kind, never what it says. With ``--json`` it prints one JSON array; later
versions may add fields, and keep those there are.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Final

from sqlalchemy import Connection

from bot.compose.still_wanted import still_wanted
from bot.messages.references import from_json, kind_of
from core.services import outbox_repair
from core.services.outbox_repair import Outcome
from core.storage import outbox_view
from core.storage.outbox_view import Listed, PutAs
from integrations.commands.environment import database_of_settings
from integrations.commands.output import say
from integrations.real_time import real_time

_DOUBTFUL: Final = (
    "it may have arrived already. To send it anyway, at the risk of its being seen twice: --even-if-it-arrived"
)
_REFUSED: Final[dict[Outcome, str]] = {
    "not listed": "no message with this number is waiting, doubtful or dead. See: partnership-bot outbox list",
    "being sent": "it is being sent just now. Look again in a moment.",
    "may have arrived": _DOUBTFUL,
    "not now": (
        "it would not be sent now: what the clock asks or reminds of goes out in school hours, while it still matters. "
        "Retry it then, or drop it."
    ),
}


def list_(*, as_json: bool) -> None:
    with database_of_settings() as database:
        found, now = database.read_now(outbox_view.listed), real_time()
    if as_json:
        say(json.dumps([_fields(each) for each in found], ensure_ascii=False, indent=1))
    else:
        say(*(_line(each, now) for each in found), *([] if found else ["Nothing waits, and nothing is in doubt."]))


def retry(rows: Sequence[int], *, even_if_it_arrived: bool, as_json: bool) -> bool:
    """True if all of these messages are sent anew."""
    does = partial(outbox_repair.retry, is_wanted=_is_wanted, even_if_it_arrived=even_if_it_arrived)
    return _do(rows, does, "it will be sent as soon as a running process picks it up.", as_json)


def drop(rows: Sequence[int], *, as_json: bool) -> bool:
    """True if all of these messages are given up."""
    return _do(rows, outbox_repair.drop, "given up; it will not be sent.", as_json)


def _do(rows: Sequence[int], does: Callable[[Connection, int, datetime], Outcome], done: str, as_json: bool) -> bool:
    with database_of_settings() as database:
        became = {row: database.write_now(partial(_one, does, row)) for row in dict.fromkeys(rows)}
    words = {row: _REFUSED.get(outcome, done) for row, outcome in became.items()}
    if as_json:
        say(json.dumps([{"row": row, "outcome": became[row], "why": words[row]} for row in became], indent=1))
    else:
        say(*(f"{row}: {told}" for row, told in words.items()))
    return all(outcome == "done" for outcome in became.values())


def _one(does: Callable[[Connection, int, datetime], Outcome], row: int, connection: Connection) -> Outcome:
    return does(connection, row, real_time())


def _is_wanted(connection: Connection, put: PutAs) -> bool:
    what = from_json(put.prompt)
    return put.manner != "once" or still_wanted(connection, put.key, put.person, what, real_time())


def _fields(each: Listed) -> dict[str, object]:
    return {
        "row": each.row,
        "state": each.state,
        "platform": each.platform,
        "person": each.person,
        "partnership": each.partnership,
        "kind": kind_of(each.prompt),
        "due_at": each.due_at.astimezone(UTC).isoformat(timespec="seconds"),
        "attempts": each.attempts,
        "why": each.trouble,
    }


def _line(each: Listed, now: datetime) -> str:
    tried = "" if each.attempts == 0 else f", tried {each.attempts} time{'' if each.attempts == 1 else 's'}"
    what = f"{kind_of(each.prompt) or 'message'} for {_whom(each)} on {each.platform}, {_when(each, now)}{tried}"
    why = "" if each.trouble is None else f". {' '.join(each.trouble.split())}"
    return f"{each.row}: {each.state}: {what}{why}"


def _whom(each: Listed) -> str:
    if each.person is not None:
        return each.person
    return "somebody unknown" if each.partnership is None else f"the channel of {each.partnership}"


def _when(each: Listed, now: datetime) -> str:
    at = f"{each.due_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    if each.state in ("doubtful", "dead"):
        return f"due at {at}"
    return f"due since {at}" if each.due_at <= now else f"tried again at {at}"
