"""The demo as played in Teams: who can be played, and the people and channels around them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import Connection, select, update

from bot.inbound.events import Conversation, Kind
from core.storage import tables
from integrations.demo.samples import CHANNEL as IN_BROWSER
from integrations.demo.samples import PARTNERSHIP

PLAYERS: Final[Mapping[str, str]] = {
    "priya": "headteacher of Lanternfield Primary School",
    "ruth": "lead of the partnership",
}
"""The playable people, and their roles."""
_PEOPLE: Final = ("priya", "ruth", "sian", "tom", "amina", "gareth")
"""A Playground has exactly six people."""
_TENANT: Final = "5c000000-0000-4000-8000-0000000000a1"
CHANNEL: Final = Conversation("teams", _TENANT, "19:willow-valley@thread.tacv2", Kind.CHANNEL)


def move_to_teams(connection: Connection) -> None:
    """Move every account in the demo's database to Teams, and give the partnership its channel there."""
    account, channel = tables.Account.__table__, tables.Channel.__table__
    in_browser = {"platform": IN_BROWSER.platform, "tenant": IN_BROWSER.tenant}
    for person in connection.scalars(select(tables.Account.person_id).filter_by(**in_browser)).all():
        there = {"platform": CHANNEL.platform, "tenant": _TENANT, "user": directory_id(person), "conversation": None}
        connection.execute(update(account).where(account.c.person_id == person).values(there))
    there = {"platform": CHANNEL.platform, "tenant": _TENANT, "conversation": CHANNEL.id}
    connection.execute(update(channel).where(channel.c.conversation == IN_BROWSER.id).values(there))


def directory_id(person: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"https://willow-valley.example/{person}"))


def people_for(player: str, connection: Connection) -> dict[str, object]:
    """What a Playground needs to know for this person to be played in it."""
    names: dict[str, str] = dict(connection.execute(select(tables.Person.id, tables.Person.name)).tuples().all())
    return {
        "version": "0.1.1",
        "tenantId": _TENANT,
        "bot": {"id": "28:partnership-bot", "name": "Partnership bot"},
        "currentUser": _person(player, names[player]),
        "users": [_person(each, names[each]) for each in _PEOPLE if each != player],
        "personalChat": {"id": f"a:{directory_id(player)}"},
        "groupChat": {"id": "19:staff-room@thread.v2", "name": "Staff room"},
        "team": {
            "id": CHANNEL.id,
            "name": PARTNERSHIP,
            "aadGroupId": directory_id("everybody"),
            "channels": [],
        },
    }


def _person(person: str, name: str) -> dict[str, str]:
    given, _, surname = name.partition(" ")
    address = f"{person}@willow-valley.example"
    return {
        "id": f"29:{person}", "name": name, "givenName": given, "surname": surname, "email": address,
        "userPrincipleName": address, "aadObjectId": directory_id(person),
    }  # fmt: skip
