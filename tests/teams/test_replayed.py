"""What Microsoft's own playground sent, sent again as it was but for the port of its connector: each is answered."""

from __future__ import annotations

import json
from pathlib import Path
from shutil import copy
from typing import Any, TypeAlias

import httpx
import pytest
from sqlalchemy import Connection, update

from core.settings import Settings, TeamsSettings
from core.storage import tables
from core.storage.database import Database
from integrations.app import create_app
from tests.support.days import NOW
from tests.teams.activities import CHANNEL
from tests.teams.playing_teams import PlayedTeams
from tests.teams.teams_world import member

Json: TypeAlias = dict[str, Any]

PAYLOADS = Path(__file__).parent.parent.parent.parent / "shared" / "payloads" / "teams" / "playground-activities.json"
ALONE, CHANNEL_OF_PLAYGROUND, GROUP = "personal-chat-1", "19:chan1@thread.tacv2", "group-chat-1"
ADDED = "installationUpdate-personal-add"
HELP, NOTHING = "You lead Willow Valley Partnership", "no longer does anything"
ELSEWHERE = "I answer you in our own chat."

SEEN: dict[str, dict[str, tuple[str, ...]]] = {
    ADDED: {ALONE: (HELP,)},
    "message-personal": {ALONE: (HELP, HELP)},
    "message-channel-mention": {ALONE: (HELP, "Summer 2027 is still open"), CHANNEL_OF_PLAYGROUND: (ELSEWHERE,)},
    "invoke-adaptiveCard/action-personal": {ALONE: (HELP, NOTHING)},
    "message-personal-submit": {ALONE: (HELP, NOTHING)},
    "conversationUpdate-personal": {ALONE: (HELP,)},
    "conversationUpdate-channel": {ALONE: (HELP,)},
    "installationUpdate-channel-add": {ALONE: (HELP,), CHANNEL_OF_PLAYGROUND: ("Hello. I'm the partnership bot.",)},
    "message-groupChat-mention": {ALONE: (HELP, HELP), GROUP: (ELSEWHERE,)},
}
"""Once the bot has been added: the messages that are seen then in each conversation, by some of their words."""


def sent() -> dict[str, Json]:
    if not PAYLOADS.exists():
        pytest.skip("what the playground sent is not at hand")
    found: dict[str, Json] = json.loads(PAYLOADS.read_text(encoding="utf-8"))
    return found


def taken_by_its_user(stage: Path, file: Path) -> str:
    """Willow Valley, with the playground's user as its lead and the playground's channel as its own."""
    database = Database(f"sqlite:///{copy(stage, file)}")
    a_payload = next(iter(sent().values()))
    tenant, user = a_payload["conversation"]["tenantId"], a_payload["from"]["aadObjectId"]

    def rename(writing: Connection) -> None:
        account, channel = tables.Account, tables.Channel
        hers = update(account).where(account.user == member("ruth").directory_id)
        writing.execute(hers.values(user=user, tenant=tenant))
        there = update(channel).where(channel.conversation == CHANNEL)
        writing.execute(there.values(conversation=CHANNEL_OF_PLAYGROUND, tenant=tenant))

    database.write_now(rename)
    database.close()
    return f"sqlite:///{file}"


async def answered(settings: Settings, activity: Json) -> int:
    """The status of the answer, once the bot has done all it does because of this."""
    app = create_app(settings, lambda: NOW)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bot") as http,
    ):
        return (await http.post("/api/messages", json=activity)).status_code


@pytest.mark.parametrize("name", SEEN)
async def test_it_is_answered(teams: PlayedTeams, stage: Path, tmp_path: Path, name: str) -> None:
    for each in (ALONE, CHANNEL_OF_PLAYGROUND, GROUP):
        teams.has_talk(each)
    teams.tokens.add("")  # The playground wants none.
    settings = Settings(
        database_url=taken_by_its_user(stage, tmp_path / "bot.db"), teams=TeamsSettings(playground=True)
    )
    for each in dict.fromkeys((ADDED, name)):
        assert await answered(settings, sent()[each] | {"serviceUrl": teams.service_url}) == 200
    for place, talk in teams.talks.items():
        expected = SEEN[name].get(place, ())
        assert len(talk.messages) == len(expected)
        assert all(words in posted.text for words, posted in zip(expected, talk.messages, strict=True))


def test_nothing_that_was_sent_is_left_out() -> None:
    assert set(sent()) == set(SEEN)
