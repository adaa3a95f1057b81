"""The bot's own tab in Slack: shown when it is opened, within Slack's limits, and with every name as plain text."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from shutil import copy
from typing import Any

import pytest

from bot.messages.blocks import (
    Button,
    Buttons,
    Fact,
    Facts,
    Heading,
    Message,
    Paragraph,
)
from bot.platform import SendFailed, Unreachable
from core.storage.database import Database
from core.storage.frameworks import FrameworkShelf
from integrations.slack.connection import Connection
from integrations.slack.home import Homes, home_view
from integrations.slack.pacing import SlackPacer
from integrations.slack.workspaces import OneWorkspace
from tests.slack.block_kit import complaints, schema_complaints
from tests.slack.conftest import Time
from tests.slack.playing_installs import InstalledSlack
from tests.slack.playing_slack import TEAM, TOKEN, playing, refused
from tests.slack.school_world import user
from tests.support.days import NOW

Json = dict[str, Any]


@pytest.fixture
async def slack(time: Time) -> AsyncIterator[InstalledSlack]:
    played = InstalledSlack(tokens={TOKEN: TEAM})
    async with playing(played):
        yield played
    assert played.wrong == []


@pytest.fixture
async def homes(slack: InstalledSlack, furniture: Path, tmp_path: Path, time: Time) -> AsyncIterator[Homes]:
    database = Database(f"sqlite:///{copy(furniture, tmp_path)}")
    connection, workspaces = Connection(f"{slack.base}/api/", SlackPacer(time.seconds, time.pause)), OneWorkspace(TOKEN)
    await workspaces.learn(connection)
    yield Homes(workspaces, connection, database, FrameworkShelf(), lambda: NOW)
    await connection.close()
    database.close()


def texts(part: object) -> list[str]:
    """Every text in a view, with the kind it is of."""
    if isinstance(part, dict):
        own = [f"{part['type']}: {part['text']}"] if isinstance(part.get("text"), str) else []
        return own + [text for each in part.values() for text in texts(each)]
    return [text for each in part for text in texts(each)] if isinstance(part, list) else []


def blocks(message: Message) -> list[Json]:
    view: Json = home_view(message).to_dict()
    assert view["type"] == "home"
    found: list[Json] = view["blocks"]
    return found


# What is shown to whom


async def test_a_leader_finds_where_they_stand_and_a_way_on(slack: InstalledSlack, homes: Homes) -> None:
    slack.people.add(user("priya"))
    await homes(TEAM, user("priya"))
    shown = texts(slack.homes[user("priya")])
    assert "plain_text: Where things stand" in shown
    assert "plain_text: Start" in shown
    assert any("I answer under Messages" in each for each in shown)


async def test_a_lead_finds_how_many_have_submitted(slack: InstalledSlack, homes: Homes) -> None:
    slack.people.add(user("ruth"))
    await homes(TEAM, user("ruth"))
    assert "plain_text: Post the report" in texts(slack.homes[user("ruth")])


async def test_a_stranger_finds_what_to_do_with_a_code(slack: InstalledSlack, homes: Homes) -> None:
    slack.people.add("U0STRANGER")
    await homes(TEAM, "U0STRANGER")
    shown = "\n".join(texts(slack.homes["U0STRANGER"]))
    assert "If you were given a code" in shown
    assert "Willow" not in shown


async def test_where_the_bot_is_not_installed_nothing_is_shown(slack: InstalledSlack, homes: Homes) -> None:
    slack.calls.clear()
    await homes("T0ELSEWHERE", user("priya"))
    assert slack.calls == []


@pytest.mark.parametrize(("error", "trouble"), [("user_not_found", Unreachable), ("not_enabled", SendFailed)])
async def test_what_slack_says_is_told_in_our_words(
    slack: InstalledSlack, homes: Homes, error: str, trouble: type[Exception]
) -> None:
    slack.next_calls("views.publish", refused(error))
    with pytest.raises(trouble):
        await homes(TEAM, user("priya"))


# What it is made of

HOSTILE = "<!channel> *bold* <https://evil.example|click> :tada: &amp; @here"


def test_names_stay_text() -> None:
    message = Message(
        "home",
        (
            Heading(HOSTILE),
            Heading(HOSTILE, 2),
            Paragraph(HOSTILE),
            Facts((Fact(HOSTILE, HOSTILE),)),
            Buttons((Button(HOSTILE, "Help", ""),)),
        ),
        "en",
    )
    shown = blocks(message)
    assert "mrkdwn" not in repr(shown)
    assert all(each.startswith(("plain_text: ", "text: ")) for each in texts(shown))
    assert schema_complaints(shown, "blocks") == []


@pytest.mark.parametrize("partnerships", [1, 20, 60, 200])
def test_a_page_is_never_longer_than_slack_takes(partnerships: int) -> None:
    each = (
        Heading("A partnership", 2),
        Facts((Fact("Submitted so far", "5 of 7 schools"),)),
        Buttons((Button("Post the report", "Help", ""),)),
    )
    shown = blocks(Message("home", each * partnerships, "en"))
    assert complaints(shown, most=100) == []
    assert schema_complaints(shown, "blocks") == []


def test_it_speaks_the_persons_language() -> None:
    assert any("o dan Messages" in each for each in texts(blocks(Message("home", (), "cy"))))
