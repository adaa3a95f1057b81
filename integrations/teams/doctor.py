"""Check whether the bot can work in Teams, and list each problem in one sentence. Changes nothing there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial

import httpx

from bot.platform import OutcomeUnknown, RateLimited, SendFailed, Unreachable
from core.services import conversation_addresses, linking, people
from core.services.people import Channel
from core.settings import Settings, SettingsMistakes, TeamsSettings
from core.storage.database import Database
from core.storage.outbox import Place
from integrations.registration import Checked
from integrations.teams.connector import Service
from integrations.teams.parse import PLATFORM
from integrations.teams.setup import Teams, teams_of


async def check_up(
    settings: Settings, database: Database, clock: Callable[[], datetime], login: httpx.Client | None = None
) -> list[Checked]:
    """Ask Teams. Raises only the database's own errors: whatever can't be found out is reported."""
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
        return [*found, *await _in_teams(teams, settings.teams)]
    finally:
        await teams.close()


def _in_settings(teams: TeamsSettings, public_url: str | None) -> Iterator[Checked]:
    if public_url is None:
        yield _no("no file can be fetched. Set PARTNERSHIP_PUBLIC_URL to where Teams reaches this bot.")
    if teams.tenant_id and teams.tenants and teams.tenant_id.lower() not in teams.tenants:
        yield _no("PARTNERSHIP_TEAMS__ALLOWED_TENANTS leaves out the app's own organisation. Is that meant?")


def _no(words: str) -> Checked:
    return Checked(False, f"Teams: {words}")


async def _in_teams(teams: Teams, settings: TeamsSettings) -> list[Checked]:
    found = [await _keys(teams)]
    try:
        await teams.connector.tokens.get()
    except SendFailed as trouble:
        return [*found, _no(trouble.reason)]
    found.append(Checked(True, "Teams: Microsoft gives the bot its token."))
    channels = await teams.database.read(partial(people.channels_on, platform=PLATFORM))
    if not channels:
        return [*found, Checked(True, "Teams: no partnership has a channel there yet. Add it to its file.")]
    told = [await _of_channel(teams, settings, each) for each in channels]
    return [*found, *told, *await _people(teams, sorted({each.tenant for each in channels}))]


async def _keys(teams: Teams) -> Checked:
    """Whether incoming requests can be verified."""
    if teams.ring is not None:
        await teams.ring.fetch()
    if teams.ring is None or not teams.ring.has_keys:
        return _no("the Bot Connector's keys can't be fetched, so nothing can come in. Can this machine reach it?")
    return Checked(True, "Teams: the Bot Connector's keys are at hand.")


async def _of_channel(teams: Teams, settings: TeamsSettings, channel: Channel) -> Checked:
    name = f"the channel {channel.conversation}"
    if channel.tenant not in settings.tenants:
        return _no(
            f"{name} is in the organisation {channel.tenant}, which is not allowed in. "
            "Add it to PARTNERSHIP_TEAMS__ALLOWED_TENANTS, or check it in the file."
        )
    place = Place(PLATFORM, channel.tenant, channel.conversation)
    reference = await teams.database.read(partial(conversation_addresses.find, place=place))
    if reference is None:
        return _no(f"nothing has come from {name} or its organisation yet. Add the app to its team.")
    try:
        service = Service(channel.tenant, reference.service_url)
        await teams.members.of_team(service, reference.team or channel.conversation)
    except RateLimited:
        return _no(f"{name}: Teams asks for a pause; try again in a minute.")
    except (SendFailed, OutcomeUnknown, Unreachable) as trouble:
        return _no(f"{name}: {trouble.reason}")
    return Checked(True, f"Teams: the bot is in {name}.")


async def _people(teams: Teams, tenants: Sequence[str]) -> list[Checked]:
    """For each organisation with a channel, how many people the bot can't write to yet."""
    told = []
    for each in tenants:
        unjoined = await teams.database.read(partial(linking.unjoined, platform=PLATFORM, tenant=each))
        if unjoined:
            words = f"{len(unjoined)} who take part have no account in {each} yet. Look them up with:"
            told.append(Checked(True, f"Teams: {words} partnership-bot find-people"))
    return told
