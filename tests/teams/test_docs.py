"""What ``docs/teams.md`` tells an administrator is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot import typed
from bot.typed import Commanded
from core.partnership_file import read_partnership
from core.settings import TeamsSettings
from integrations.cli import app
from integrations.teams.app import PATH as MESSAGES
from integrations.teams.files import PATH as FILES
from manifest.teams import permissions
from manifest.teams.builder import ABOUT_PATH, PRIVACY_PATH, TERMS_PATH
from tests.teams.teams_world import TeamsWorld

PAGE = (Path(__file__).parent.parent.parent / "docs" / "teams.md").read_text(encoding="utf-8")


def test_every_setting_is_there_and_no_other() -> None:
    named = set(re.findall(r"`PARTNERSHIP_TEAMS__([A-Z_]+)`", PAGE.partition("## Settings")[2]))
    assert {each.lower() for each in named} == set(TeamsSettings.model_fields)


def test_the_permissions_are_those_of_the_app() -> None:
    assert permissions.table() in PAGE


def test_its_file_can_be_imported() -> None:
    (block,) = [each for each in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL) if "Trial partnership" in each]
    file = read_partnership(block.encode())
    assert [(each.platform, each.id) for each in file.channels] == [("teams", "19:abc@thread.tacv2")]


def test_its_addresses_are_served() -> None:
    assert f"`https://bot.example.org{MESSAGES}`" in PAGE
    assert f"https://bot.example.org{FILES}/" in PAGE


@pytest.mark.parametrize("line", sorted(set(re.findall(r"^partnership-bot (.+)$", PAGE, re.MULTILINE))))
def test_its_commands_exist_with_their_options(line: str) -> None:
    words = line.split()
    names = [each for each in words[: 2 if words[0] in {"manifest", "cycle"} else 1] if not each.startswith("--")]
    shown = CliRunner().invoke(app, [*names, "--help"], env={"TERMINAL_WIDTH": "200"})
    assert shown.exit_code == 0, shown.output
    assert [each for each in words if each.startswith("--") and each not in shown.output] == []


@pytest.mark.parametrize(
    ("path", "english", "welsh"),
    [
        (ABOUT_PATH, "Each term the leaders of the schools", "Bob tymor mae arweinwyr yr ysgolion"),
        (PRIVACY_PATH, "Say my data to the bot", "Dywedwch fy nata wrth y bot"),
        (TERMS_PATH, "free software under the MIT licence", "Meddalwedd rydd ydyw o dan drwydded MIT"),
    ],
)
async def test_what_teams_shows_the_way_to_is_served_in_both_languages(
    world: TeamsWorld, path: str, english: str, welsh: str
) -> None:
    response = await world.http.get(path)
    assert (response.status_code, response.headers["content-type"]) == (200, "text/plain; charset=utf-8")
    assert english in response.text
    assert welsh in response.text


@pytest.mark.parametrize("word", ["my data", "erase me", "fy nata", "dileu fi"])
def test_the_words_of_the_privacy_page_are_understood(word: str) -> None:
    assert isinstance(typed.read(word, None), Commanded)
