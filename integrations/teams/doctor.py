"""Check whether the bot can work in Teams, and list each problem in one sentence. Changes nothing there.

What is stored is always looked at; Microsoft only where it is to be asked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple

import httpx
from sqlalchemy import Connection as Transaction

from bot.platform import OutcomeUnknown, RateLimited, SendFailed, Unreachable
from core.services import conversation_addresses, linking, people
from core.services.people import Channel
from core.settings import Settings, SettingsMistakes, TeamsSettings
from core.storage.database import Database
from core.storage.outbox import Place
from integrations.registration import Checked
from integrations.side_by_side import side_by_side
from integrations.teams.connector import Service
from integrations.teams.parse import PLATFORM
from integrations.teams.setup import Teams, teams_of


class _Roster(NamedTuple):
    """The people of a team, or of a channel whose team isn't known."""

    tenant: str
    service_url: str
    team: str


async def check_up(
    settings: Settings,
    database: Database,
    clock: Callable[[], datetime],
    login: httpx.Client | None = None,
    *,
    ask: bool,
) -> list[Checked]:
    """Raises only the database's own errors: whatever can't be found out is reported."""
    if settings.teams.playground:
        return [Checked(True, "Teams: for the playground on this computer alone, where anybody can be anybody.")]
    found = list(_in_settings(settings.teams, settings.public_url))
    try:
        teams = teams_of(settings, database, clock, login=login)
    except SettingsMistakes as mistakes:
        return [*found, *(_no(line.removeprefix("Teams: ")) for line in mistakes.lines)]
    if teams is None:
        return found
    try:
        if ask:
            found.append(await _keys(teams))
            found.append(token := await _token(teams))
            if not token.well:
                return found
        return [*found, *await _channels(teams, settings.teams, ask)]
    finally:
        await teams.close()


def _in_settings(teams: TeamsSettings, public_url: str | None) -> Iterator[Checked]:
    if public_url is None:
        yield _no("no file can be fetched. Set PARTNERSHIP_PUBLIC_URL to where Teams reaches this bot.")
    if teams.tenant_id and teams.tenants and teams.tenant_id.lower() not in teams.tenants:
        yield _no("PARTNERSHIP_TEAMS__ALLOWED_TENANTS leaves out the app's own organisation. Is that meant?")


def _no(words: str) -> Checked:
    return Checked(False, f"Teams: {words}")


async def _keys(teams: Teams) -> Checked:
    """Whether incoming requests can be verified."""
    if teams.ring is not None:
        await teams.ring.fetch()
    if teams.ring is None or not teams.ring.has_keys:
        return _no("the Bot Connector's keys can't be fetched, so nothing can come in. Can this machine reach it?")
    return Checked(True, "Teams: the Bot Connector's keys are at hand.")


async def _token(teams: Teams) -> Checked:
    try:
        await teams.connector.tokens.get()
    except SendFailed as trouble:
        return _no(trouble.reason)
    return Checked(True, "Teams: Microsoft gives the bot its token.")


async def _channels(teams: Teams, settings: TeamsSettings, ask: bool) -> list[Checked]:
    channels = await teams.database.read(partial(people.channels_on, platform=PLATFORM))
    if not channels:
        return [Checked(True, "Teams: no partnership has a channel there yet. Add it to its file.")]
    wrong, rosters = await teams.database.read(partial(_stored, channels=channels, settings=settings))
    if ask:
        told = await side_by_side(_of_team(teams, roster, those) for roster, those in rosters.items())
        wrong += [each for those in told for each in those]
    tenants = sorted({each.tenant for each in channels})
    return [*wrong, *await teams.database.read(partial(_people, tenants=tenants))]


def _stored(
    reading: Transaction, channels: Sequence[Channel], settings: TeamsSettings
) -> tuple[list[Checked], dict[_Roster, list[Channel]]]:
    """What is wrong with channels, and by whose roster each of the others can be asked about."""
    wrong, rosters = list[Checked](), defaultdict[_Roster, list[Channel]](list)
    for each in channels:
        found = conversation_addresses.find(reading, Place(PLATFORM, each.tenant, each.conversation))
        if each.tenant not in settings.tenants:
            words = f"{_name(each)} is in the organisation {each.tenant}, which is not allowed in. "
            wrong.append(_no(f"{words}Add it to PARTNERSHIP_TEAMS__ALLOWED_TENANTS, or check it in the file."))
        elif found is None:
            wrong.append(_no(f"nothing has come from {_name(each)} or its organisation yet. Add the app to its team."))
        else:
            rosters[_Roster(each.tenant, found.service_url, found.team or each.conversation)].append(each)
    return wrong, dict(rosters)


def _name(channel: Channel) -> str:
    return f"the channel {channel.conversation}"


async def _of_team(teams: Teams, roster: _Roster, channels: Sequence[Channel]) -> list[Checked]:
    """One page of the team's roster, which Teams shows to a bot that is in there."""
    try:
        await teams.members.page_of_team(Service(roster.tenant, roster.service_url), roster.team)
    except RateLimited:
        return [_no(f"{_name(each)}: Teams asks for a pause; try again in a minute.") for each in channels]
    except (SendFailed, OutcomeUnknown, Unreachable) as trouble:
        return [_no(f"{_name(each)}: {trouble.reason}") for each in channels]
    return [Checked(True, f"Teams: the bot is in {_name(each)}.") for each in channels]


def _people(reading: Transaction, tenants: Sequence[str]) -> list[Checked]:
    """For each organisation with a channel, how many people the bot can't write to yet."""
    told = []
    for each in tenants:
        if unjoined := linking.how_many_unjoined(reading, PLATFORM, each):
            words = f"{unjoined} who take part have no account in {each} yet. Look them up with:"
            told.append(Checked(True, f"Teams: {words} partnership-bot find-people"))
    return told
