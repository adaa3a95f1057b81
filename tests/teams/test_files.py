"""Pictures and files are at addresses that nobody guesses, for a while, and not for an erased person."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from pathlib import Path
from shutil import copy
from urllib.parse import urlsplit

import httpx
import pytest
from sqlalchemy import func, select

from bot.inbound.events import Conversation, Kind
from bot.messages.blocks import File, Message, Paragraph, Picture
from core.services import privacy
from core.storage import tables
from integrations.teams.client import TeamsChat
from integrations.words import NO_PICTURE, PERHAPS_NO_PICTURE
from tests.support.faults import ACCEPTED_THEN_DROPPED, HANGS, Fault
from tests.teams.activities import CHANNEL
from tests.teams.adaptive_cards import elements
from tests.teams.playing_teams import RATE_LIMITED, Posted, refused
from tests.teams.signing import TENANT
from tests.teams.teams_world import TeamsWorld, member, teams_world

RIVER = Conversation("teams", TENANT, CHANNEL, Kind.CHANNEL)
PNG = b"\x89PNG\r\n\x1a\n and so on"
PICTURE = Message("report:1", (Picture("report-1-en.png", PNG, "Trust is strong."),), "en")
TABLE = Message("report:1", (Paragraph("Here."),), "cy", (File("adroddiad é.csv", "text/csv", b"a,b"),))


async def posted(world: TeamsWorld, message: Message, conversation: Conversation = RIVER) -> Posted:
    await world.types(member("priya"), "hello")  # The bot knows now where Teams is reached.
    await world.bot.chat.post(conversation, message)
    return world.channel[-1] if conversation is RIVER else world.own(member("priya"))[-1]


def address(shown: Posted) -> str:
    """Where the picture, or the file, of a message is, without the host."""
    image = next((each["url"] for each in elements(shown.card or {}) if each["type"] == "Image"), None)
    link = image or (shown.card or {})["body"][-1]["text"].partition("](")[2].rstrip(")")
    host, _, path = str(link).partition(".org")
    assert host == "https://bot.example"
    return path


async def fetch(world: TeamsWorld, path: str) -> httpx.Response:
    return await world.http.get(path)


async def test_a_picture_is_shown_from_its_address(world: TeamsWorld) -> None:
    response = await fetch(world, address(await posted(world, PICTURE)))
    assert (response.status_code, response.content, response.headers["content-type"]) == (200, PNG, "image/png")
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["x-content-type-options"] == "nosniff"


async def test_a_file_is_kept_under_its_name(world: TeamsWorld) -> None:
    response = await fetch(world, address(await posted(world, TABLE)))
    assert response.content == b"a,b"
    assert response.headers["content-disposition"] == "attachment; filename*=UTF-8''adroddiad%20%C3%A9.csv"


async def test_an_address_has_more_in_it_than_anybody_guesses(world: TeamsWorld) -> None:
    first, second = address(await posted(world, PICTURE)), address(await posted(world, TABLE))
    keys = [urlsplit(each).query.removeprefix("key=") for each in (first, second)]
    assert keys[0] != keys[1]
    assert all(len(each) == 43 for each in keys), "32 bytes"


async def test_the_same_picture_said_again_keeps_its_address(world: TeamsWorld) -> None:
    assert address(await posted(world, PICTURE)) == address(await posted(world, PICTURE))


async def test_a_picture_is_over_after_ninety_days(world: TeamsWorld) -> None:
    path = address(await posted(world, PICTURE))
    world.clock.later(timedelta(days=89))
    assert (await fetch(world, path)).status_code == 200
    world.clock.later(timedelta(days=1))
    response = await fetch(world, path)
    assert response.status_code == 404
    assert "Ask the partnership bot for it again" in response.text


@pytest.mark.parametrize("change", ["key=wrong", "", "key=", "key=%00", "key=" + "x" * 5000])
async def test_without_its_key_nobody_gets_it(world: TeamsWorld, change: str) -> None:
    path = address(await posted(world, PICTURE)).partition("?")[0]
    assert (await fetch(world, f"{path}?{change}")).status_code == 404


async def test_a_key_is_for_one_name_only(world: TeamsWorld) -> None:
    path = address(await posted(world, PICTURE)).replace("report-1-en.png", "x.html")
    assert (await fetch(world, path)).status_code == 404


async def test_what_was_for_an_erased_person_is_gone_at_once(world: TeamsWorld) -> None:
    await world.types(member("priya"), "my data")
    path = address(world.own(member("priya"))[-1])
    response = await fetch(world, path)
    assert response.json()["you"]["id"] == "priya"
    await world.database.write(lambda writing: privacy.erase(writing, "priya", world.now))
    assert (await fetch(world, path)).status_code == 404
    count = select(func.count()).select_from(tables.SharedFile)
    assert await world.database.read(lambda reading: reading.scalar(count)) == 0


async def test_a_copy_of_ones_data_is_over_after_a_day(world: TeamsWorld) -> None:
    await world.types(member("priya"), "my data")
    path = address(world.own(member("priya"))[-1])
    world.clock.later(timedelta(days=1))
    assert (await fetch(world, path)).status_code == 404


async def test_the_picture_of_a_schools_own_report_is_still_there_when_its_leader_comes_to_it(
    world: TeamsWorld,
) -> None:
    alone = Conversation("teams", TENANT, member("priya").directory_id, Kind.DIRECT)
    path = address(await posted(world, PICTURE, alone))
    world.clock.later(timedelta(days=89))
    assert (await fetch(world, path)).status_code == 200
    await world.database.write(lambda writing: privacy.erase(writing, "priya", world.now))
    assert (await fetch(world, path)).status_code == 404


async def test_no_key_is_logged(world: TeamsWorld, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    path = address(await posted(world, PICTURE))
    logging.getLogger("httpx").setLevel(logging.WARNING)  # That is the one who asks here.
    await fetch(world, path)
    assert path.partition("key=")[2] not in caplog.text


# Sent along instead


async def test_pictures_may_be_sent_along(stage: Path, tmp_path: Path) -> None:
    async with teams_world(Path(copy(stage, tmp_path)), pictures="attachment") as world:
        await posted(world, PICTURE)
        told, picture = world.channel[-2:]
        assert told.text == "report-1-en.png: Trust is strong."
        (attachment,) = picture.activity["attachments"]
        assert (attachment["contentType"], attachment["name"]) == ("image/png", "report-1-en.png")
        assert attachment["contentUrl"] == "data:image/png;base64,iVBORw0KGgogYW5kIHNvIG9u"
        assert picture.activity["summary"] == "Trust is strong."
        assert picture.replies_to == told.id, "in the thread of what it belongs to"


@pytest.mark.parametrize(
    ("faults", "shown"),
    [
        pytest.param([RATE_LIMITED, refused(412)], [""], id="refused for certain, so tried again"),
        pytest.param([refused(503)] * 3, [NO_PICTURE["en"]], id="refused for good, so told in words"),
        pytest.param([ACCEPTED_THEN_DROPPED], ["", PERHAPS_NO_PICTURE["en"]], id="in doubt, so not sent twice"),
        pytest.param([refused(403, "BotDisabledByAdmin")] * 2, [], id="not wanted there any more"),
    ],
)
async def test_a_picture_is_sent_along_once(stage: Path, tmp_path: Path, faults: list[Fault], shown: list[str]) -> None:
    async with teams_world(Path(copy(stage, tmp_path)), pictures="attachment") as world:
        await world.types(member("priya"), "hello")
        world.teams.next_calls("send", None, *faults)
        await world.bot.chat.post(RIVER, PICTURE)
        assert [each.activity.get("text", "") for each in world.channel[1:]] == shown


async def test_a_message_does_not_wait_for_ever_for_the_picture_after_it(stage: Path, tmp_path: Path) -> None:
    """Or it would be taken for one that may not have been sent, though it stands there."""
    async with teams_world(Path(copy(stage, tmp_path)), pictures="attachment") as world:
        await world.types(member("priya"), "hello")
        chat = world.bot.chat
        hasty = TeamsChat(
            chat._connector, world.database, world.clock, chat._bot_id, None, pictures_along=True, patience=0.2
        )
        world.teams.next_calls("send", None, HANGS)
        async with asyncio.timeout(5):  # The web client alone would wait for ten.
            assert await hasty.post(RIVER, PICTURE) == world.channel[0].id
        assert world.channel[1].text == PERHAPS_NO_PICTURE["en"]


async def test_a_picture_that_is_too_large_is_told_in_words_alone(stage: Path, tmp_path: Path) -> None:
    large = Message("report:1", (Picture("x.png", b"x" * 1_000_001, "Trust is strong."),), "en")
    async with teams_world(Path(copy(stage, tmp_path)), pictures="attachment") as world:
        await posted(world, large)
        assert [each.text for each in world.channel] == ["x.png: Trust is strong."]


async def test_where_teams_cannot_fetch_anything_that_is_said(stage: Path, tmp_path: Path) -> None:
    async with teams_world(Path(copy(stage, tmp_path))) as world:
        object.__setattr__(world.bot.chat, "_files", None)
        shown = await posted(world, TABLE)
        assert "Ni allwn ychwanegu'r ffeil yma." in shown.text
