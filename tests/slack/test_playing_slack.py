"""The played Slack is as strict and as unreliable as the real one: seen through the SDK, without the bot."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, TypeAlias

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from integrations.slack.connection import Connection
from tests.slack.block_kit import SHARED, schema_complaints
from tests.slack.conftest import Time
from tests.slack.playing_slack import ACCEPTED_THEN_DROPPED, RATE_LIMITED, TOKEN, Channel, PlayedSlack

Json: TypeAlias = dict[str, Any]


@pytest.fixture
async def web(slack: PlayedSlack) -> AsyncIterator[AsyncWebClient]:
    connection = Connection(f"{slack.base}/api/")
    yield connection.client(TOKEN)
    await connection.close()


@pytest.fixture
def river(slack: PlayedSlack) -> Channel:
    return slack.has_channel("C0RIVER")


def section(text: str = "Hello", **more: object) -> Json:
    return {"type": "section", "text": {"type": "plain_text", "text": text}, **more}


def button(label: str = "Yes", action: str = "press-1", value: str = "v") -> Json:
    text = {"type": "plain_text", "text": label}
    return {"type": "actions", "elements": [{"type": "button", "text": text, "action_id": action, "value": value}]}


async def refusal(web: AsyncWebClient, blocks: list[Json], channel: str = "C0RIVER") -> Json:
    """What it says to a message that it does not take."""
    with pytest.raises(SlackApiError) as refused:
        await web.chat_postMessage(channel=channel, text="Hello", blocks=blocks, parse="none")
    answer: Json = refused.value.response.data
    return answer


# Its limits


@pytest.mark.parametrize(
    ("blocks", "complaint"),
    [
        pytest.param([section()] * 51, "no more than 50 items", id="51 blocks"),
        pytest.param([section("x" * 3001)], "plain_text must be 1 to 3000 characters", id="long text"),
        pytest.param([section("🎉" * 1501)], "plain_text must be 1 to 3000 characters", id="long in UTF-16"),
        pytest.param([section("")], "plain_text must be 1 to 3000 characters", id="no text"),
        pytest.param([button(), button()], "action_id press-1 already exists", id="duplicate action ids"),
        pytest.param([button("x" * 76)], "plain_text must be 1 to 75 characters", id="long label"),
        pytest.param([button(value="x" * 2001)], "value must be 1 to 2000 characters", id="long value"),
        pytest.param([button(action="x" * 256)], "action_id must be 1 to 255 characters", id="long action id"),
        pytest.param([section(block_id="a"), section(block_id="a")], "block_id a already exists", id="block ids"),
        pytest.param(
            [{"type": "image", "slack_file": {"id": "F0NONE"}, "alt_text": "A chart"}], "invalid slack file", id="file"
        ),
    ],
)
async def test_a_message_beyond_its_limits_is_refused(
    web: AsyncWebClient, river: Channel, blocks: list[Json], complaint: str
) -> None:
    refused = await refusal(web, blocks)
    assert (refused["error"], complaint in str(refused["errors"])) == ("invalid_blocks", True)
    assert river.messages == []


async def test_at_its_limits_a_message_is_taken(web: AsyncWebClient, river: Channel) -> None:
    blocks = [section("x" * 3000), button("x" * 75, "x" * 255, "x" * 2000), *[section()] * 48]
    await web.chat_postMessage(channel="C0RIVER", text="Hello", blocks=blocks, parse="none")
    assert len(river.messages) == 1


# Where it can't be sent


async def test_an_unknown_channel(web: AsyncWebClient, river: Channel) -> None:
    assert (await refusal(web, [section()], "C0OTHER"))["error"] == "channel_not_found"


async def test_a_channel_that_the_bot_is_not_in(web: AsyncWebClient, river: Channel) -> None:
    river.bot_is_in = False
    assert (await refusal(web, [section()]))["error"] == "not_in_channel"


async def test_a_missing_scope_is_named(web: AsyncWebClient, river: Channel, slack: PlayedSlack) -> None:
    slack.scopes.remove("chat:write")
    refused = await refusal(web, [section()])
    assert (refused["error"], refused["needed"]) == ("missing_scope", "chat:write")


# Its moods


async def test_a_pause_says_how_long(web: AsyncWebClient, river: Channel, slack: PlayedSlack) -> None:
    slack.next_calls("chat.postMessage", RATE_LIMITED)
    with pytest.raises(SlackApiError) as refused:
        await web.chat_postMessage(channel="C0RIVER", text="Hello")
    assert (refused.value.response.status_code, refused.value.response.headers["Retry-After"]) == (429, "7")
    assert river.messages == []


async def test_who_posts_too_fast_is_asked_for_a_pause(web: AsyncWebClient, river: Channel, time: Time) -> None:
    for _ in range(8):
        await web.chat_postMessage(channel="C0RIVER", text="Hello", parse="none")
    assert (await refusal(web, [section()]))["error"] == "ratelimited"
    await time.pause(5)
    await web.chat_postMessage(channel="C0RIVER", text="Hello", parse="none")


async def test_what_it_takes_before_it_hangs_up_stands_there(
    web: AsyncWebClient, river: Channel, slack: PlayedSlack
) -> None:
    slack.next_calls("chat.postMessage", ACCEPTED_THEN_DROPPED)
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await web.chat_postMessage(channel="C0RIVER", text="Hello", parse="none")
    assert [each.text for each in river.messages] == ["Hello"]


async def test_a_file_takes_its_time(web: AsyncWebClient, river: Channel, slack: PlayedSlack) -> None:
    slack.looks_until_ready = 2
    place = await web.files_getUploadURLExternal(filename="chart.png", length=9)
    file, picture = place["file_id"], {"type": "image", "slack_file": {"id": place["file_id"]}, "alt_text": "A chart"}
    assert web.session is not None
    async with web.session.post(place["upload_url"], data=b"a picture") as taken:
        assert taken.status == 200
    await web.files_completeUploadExternal(files=[{"id": file, "title": "chart.png"}])

    assert (await refusal(web, [picture]))["error"] == "invalid_blocks"
    assert [(await web.files_info(file=file))["file"]["mimetype"] for _ in range(2)] == ["", "image/png"]
    await web.chat_postMessage(channel="C0RIVER", text="Hello", blocks=[picture], parse="none")
    assert len(river.messages) == 1


# What it keeps a list of


@pytest.mark.skipif(not (SHARED / "schemas").exists(), reason="Slack's description does not lie beside the project.")
def test_its_own_description_of_blocks_knows_a_mistake() -> None:
    assert schema_complaints([section()], "blocks") == []
    assert schema_complaints([section(expanded=True)], "blocks") != []


async def test_it_takes_what_would_come_alive_and_complains(
    web: AsyncWebClient, river: Channel, slack: PlayedSlack
) -> None:
    await web.chat_postMessage(channel="C0RIVER", text="<!channel> <https://x.example|y>", link_names=True)
    found, slack.wrong = slack.wrong, []
    assert found == [
        "comes alive: <!channel>",
        "comes alive: <https://x.example|y>",
        "names and addresses in the text become links",
    ]
