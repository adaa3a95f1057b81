"""``docs/slack.md`` keeps its word: its commands and settings exist, and its steps lead to a first report."""

from __future__ import annotations

import re
import shlex
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import Connection as Transaction
from typer.testing import CliRunner

from core.enquiry import Account
from core.partnership_file import read_partnership
from core.services import cycles, linking
from core.services.importing import import_partnership
from core.settings import SlackSettings
from core.storage.database import Database
from core.storage.frameworks import FrameworkShelf
from integrations.cli import app
from integrations.slack.pacing import OF_METHOD
from manifest.slack import scopes
from tests.slack.block_kit import ROOT
from tests.slack.playing_slack import TEAM
from tests.slack.school_world import RIVER, SlackWorld, buttons, direct, slack_world
from tests.support.days import CLOSES, NOW

PAGE = (ROOT / "docs" / "slack.md").read_text(encoding="utf-8")
FREE = {"apps.connections.open", "auth.teams.list", "auth.test", "oauth.v2.access", "views.open", "views.publish"}
"""Methods for which Slack wants no scope of a bot."""


def block(language: str, containing: str) -> str:
    """The example of this language that holds this."""
    found: list[str] = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return next(each for each in found if containing in each)


# What it names


def test_the_table_of_scopes_is_the_manifests() -> None:
    assert scopes.table() in PAGE


def test_every_method_that_is_called_has_its_scope_and_every_scope_is_needed() -> None:
    asked = (*scopes.NEEDED, *scopes.PRIVATE_CHANNELS, *scopes.LOOK_BACK)
    for_methods = {needed for each in asked for needed in each.needed_for}
    assert set(OF_METHOD) - FREE <= for_methods
    assert for_methods - set(OF_METHOD) == {"slash commands", "message.im"}


def test_its_settings_are_all_there_are() -> None:
    named = set(re.findall(r"PARTNERSHIP_SLACK__([A-Z_]+)", PAGE)) - {"BOT_TOKEN_FILE"}
    assert {each.lower() for each in named} == set(SlackSettings.model_fields)


def test_its_pictures_are_there_and_told_in_words() -> None:
    shown = re.findall(r"!?\[([^]]+)\]\((pictures/[^)]+)\)", PAGE)
    assert {name for _, name in shown} == {
        f"pictures/slack-{each}.png" for each in ("question", "phone", "home", "report")
    }
    assert all((ROOT / "docs" / name).exists() and words for words, name in shown)


def commands() -> list[str]:
    """Every command that it shows, in its examples and in its sentences."""
    shown = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    lines = [line for each in shown for line in each.splitlines()] + re.findall(r"`(partnership-bot [^`]+)`", PAGE)
    return sorted({line for line in lines if line.startswith("partnership-bot ")})


@pytest.mark.parametrize("line", commands())
def test_its_commands_exist_with_their_options(line: str) -> None:
    words = shlex.split(line)[1:]
    options = [each for each in words if each.startswith("--")]
    names = [each for each in words[: 2 if words[0] in {"manifest", "cycle", "db"} else 1] if not each.startswith("--")]
    shown = CliRunner().invoke(app, [*names, "--help"], env={"TERMINAL_WIDTH": "200"})
    assert shown.exit_code == 0, shown.output
    assert [each for each in options if each not in shown.output] == []


# Its steps


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[SlackWorld]:
    """Steps 1 to 5, with the page's own file."""
    file = block("yaml", "Trial partnership").replace("T012AB3CD", TEAM).replace("C078IJ9KL", RIVER)
    database = Database(f"sqlite:///{tmp_path / 'trial.db'}")
    database.upgrade()
    shelf = FrameworkShelf()

    def furnish(writing: Transaction) -> None:
        import_partnership(writing, shelf, read_partnership(file.encode(), ["slack"]), NOW)
        me = Account("slack", TEAM, "U0ME")
        assert linking.join_by_email(writing, me, "U0ME", "you@school.example", NOW) == linking.Matched("me", False)

    def open_cycle(writing: Transaction) -> None:
        cycles.open_cycle(writing, shelf, "trial", "First try", CLOSES, ["1.1"], NOW)

    await database.write(furnish)
    database.close()
    async with slack_world(tmp_path / "trial.db") as opened:
        opened.slack.channels[RIVER].members.add("U0ME")
        await agrees(opened)
        await opened.database.write(open_cycle)
        yield opened


async def agrees(world: SlackWorld) -> None:
    """For each of the four schools."""
    await world.types("me", "visibility")
    asked = world.own("me")[-1]
    for yes in [each for each in buttons(asked) if each["text"]["text"].startswith("Yes")]:
        await world.presses("me", yes, direct("me"), asked.ts)


async def answers(world: SlackWorld, school: str, *typed: str) -> None:
    await world.types("me", "switch")
    await world.types("me", f"{school}: First try")
    for each in (*typed, "submit"):
        await world.types("me", each)


async def test_alone_in_a_quarter_of_an_hour_to_a_first_report(world: SlackWorld) -> None:
    await world.types("me", "start")
    for school, scores in (("North", "3 2"), ("East", "2 2"), ("South", "4 3"), ("West", "1 2")):
        await answers(world, f"{school} School", scores, scores)
    await world.commands("me", "/partnership-report")
    asked = world.in_channel("me")[-1]
    close = next(each for each in buttons(asked) if each["text"]["text"] == "Close now and post the report")
    await world.presses("me", close, RIVER, asked.ts)
    report, *below = [each for each in world.slack.channels[RIVER].messages if not each.only_to]
    assert "4 of 4 schools" in report.text
    assert any(block["type"] == "image" for block in report.blocks)
    assert any(block["type"] == "image" for each in below if each.thread == report.ts for block in each.blocks)


async def test_the_bot_writes_where_the_page_says(world: SlackWorld) -> None:
    await world.types("me", "start")
    assert "Which school would you like to answer for?" in world.own("me")[-1].text
    assert direct("me") in world.slack.channels
