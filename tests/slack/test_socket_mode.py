"""Events over a socket, for a bot that Slack cannot reach: the same door, the same effects."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from slack_sdk.socket_mode.aiohttp import SocketModeClient

from integrations.slack.socket_mode import listening
from tests.slack.playing_slack import APP_TOKEN
from tests.slack.requests import command, event, message
from tests.slack.school_world import RIVER, SlackWorld, furnished, slack_world, user


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[SlackWorld]:
    async with slack_world(furnished(tmp_path / "stage.db")) as opened:
        opened.slack.direct(user("priya"))
        yield opened


@pytest.fixture
async def socket(world: SlackWorld) -> AsyncIterator[SocketModeClient]:
    async with listening(world.bolt, APP_TOKEN, world.to_slack.client("")) as client:
        assert await asyncio.wait_for(world.slack.acknowledged.get(), 10) == {"connected": True}
        yield client


async def test_what_comes_over_the_socket_is_acknowledged_and_answered(
    world: SlackWorld, socket: SocketModeClient
) -> None:
    typed = event(message(user("priya"), "start", world.now))
    acknowledged = await world.slack.sends_over_the_socket("events_api", typed)
    await world.door.finish()
    assert list(acknowledged) == ["envelope_id"]
    assert "Shared purpose" in world.own("priya")[-1].text
    assert await socket.is_connected()


async def test_an_event_that_comes_again_over_the_socket_has_one_effect(
    world: SlackWorld, socket: SocketModeClient
) -> None:
    typed = event(message(user("priya"), "start", world.now))
    for _ in range(3):
        await world.slack.sends_over_the_socket("events_api", typed)
    await world.door.finish()
    assert len(world.own("priya")) == 1


async def test_a_command_from_elsewhere_is_answered_in_the_acknowledgement(
    world: SlackWorld, socket: SocketModeClient
) -> None:
    told = await world.slack.sends_over_the_socket(
        "slash_commands", command("U0ANN", RIVER, "/partnership", team_id="T0OTHER")
    )
    assert "workspace that I was added to" in told["payload"]["text"]


async def test_slack_renews_the_connection_and_nothing_is_missed(world: SlackWorld, socket: SocketModeClient) -> None:
    await world.slack.renews_the_socket()
    assert await asyncio.wait_for(world.slack.acknowledged.get(), 10) == {"connected": True}
    typed = event(message(user("priya"), "start", world.now))
    await world.slack.sends_over_the_socket("events_api", typed)
    await world.door.finish()
    assert len(world.own("priya")) == 1
    assert await socket.is_connected()


class Listener(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.heard = asyncio.Event()

    def emit(self, _: logging.LogRecord) -> None:
        self.heard.set()


async def test_a_wrong_token_holds_nobody_up_and_is_told_without_its_value(
    world: SlackWorld, caplog: pytest.LogCaptureFixture
) -> None:
    log, listener = logging.getLogger("integrations.slack.socket_mode"), Listener()
    log.addHandler(listener)
    async with listening(world.bolt, "xapp-wrong", world.to_slack.client("")) as client:
        await asyncio.wait_for(listener.heard.wait(), 10)
        assert not await client.is_connected()
    log.removeHandler(listener)
    assert "Is the app token right?" in caplog.text
    assert "xapp" not in caplog.text
