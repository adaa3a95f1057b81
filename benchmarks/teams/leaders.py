"""Leaders in the middle of an enquiry, each school in its own organisation, and what they are about to press.

So nobody hits Teams' rate limits for a conversation or organisation: what is measured is the bot.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from string import ascii_lowercase
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import Connection, insert, select, update

from benchmarks.partnership import lay_down
from bot.inbound import buttons
from bot.inbound.button_codec import encode
from bot.inbound.events import Incoming, Pressed
from core.framework_file import default_framework
from core.storage import tables
from core.storage.database import Database
from tests.teams import activities
from tests.teams.playing_teams import Member

SCHOOLS: Final = tuple(ascii_lowercase)
LEADERS: Final = len(SCHOOLS) * 3
_FIRST: Final = 2
"""Presses that finish each leader's first card."""
_OF_A_CARD: Final = 4
"""Presses on the next card: two questions, from two perspectives. The last one finishes it; another card follows."""
_CARD: Final = "1795000000001"


@dataclass(frozen=True, slots=True)
class Stage:
    database: Path
    taps: Sequence[Incoming]
    """Everybody's next press, then the one after."""

    def first_presses(self, service_url: str) -> list[dict[str, Any]]:
        """The presses after which everybody's next card is posted."""
        return [_pressed(each, _CARD, service_url) for each in self.taps[: _FIRST * LEADERS]]

    def presses(self, service_url: str, cards: Mapping[str, str]) -> list[dict[str, Any]]:
        """The presses on that card, which is this message in each conversation."""
        taps = self.taps[_FIRST * LEADERS :]
        return [_pressed(each, cards[activities.talk_with(_member_of(each))], service_url) for each in taps]


def laid_down(folder: Path) -> Stage:
    folder.mkdir()
    file = folder / "teams.db"
    with closing(Database(f"sqlite:///{file}")) as database:
        database.upgrade()
        taps = database.write_now(_lay_down)
    return Stage(file, taps)


def tenants() -> str:
    return ",".join(_tenant(f"leader-{school}") for school in SCHOOLS)


def _lay_down(connection: Connection) -> tuple[Incoming, ...]:
    taps = lay_down(connection, SCHOOLS)[: LEADERS * (_FIRST + _OF_A_CARD)]
    account = tables.Account.__table__
    for person in connection.scalars(select(account.c.user).where(account.c.user.startswith("leader-"))).all():
        user, tenant = _member(person).directory_id, _tenant(person)
        there = {"platform": "teams", "tenant": tenant, "user": user, "conversation": user}
        connection.execute(update(account).where(account.c.user == person).values(there))
    for tap in taps[:LEADERS]:
        _show_card(connection, tap)
    return taps


def _show_card(connection: Connection, tap: Incoming) -> None:
    """Show the leader the card of their next question."""
    person, score = tap.account.user, _score(tap)
    connection.execute(
        insert(tables.Posted).values(
            platform="teams", tenant=_tenant(person), conversation=_member(person).directory_id, message_id=_CARD,
            key=f"card:{score.response}:{default_framework().subtheme_of[score.criterion].id}",
        )
    )  # fmt: skip


def _score(tap: Incoming) -> buttons.Score:
    assert isinstance(tap.body, Pressed)
    assert isinstance(tap.body.press, buttons.Score)
    return tap.body.press


def _pressed(tap: Incoming, card: str, service_url: str) -> dict[str, Any]:
    return activities.executed(_member_of(tap), {"action": encode(_score(tap))}, card, tap.at, service_url)


def _member_of(tap: Incoming) -> Member:
    return _member(tap.account.user)


def _member(person: str) -> Member:
    return Member(str(uuid5(NAMESPACE_URL, person)), person, tenant=_tenant(person))


def _tenant(person: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"school-{person.removeprefix('leader-')[0]}"))
