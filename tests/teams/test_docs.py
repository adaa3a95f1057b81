"""What ``docs/teams.md`` tells an administrator is so."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import Connection
from typer.testing import CliRunner

from bot.inbound import typed_text
from bot.inbound.typed_text import Commanded
from core.partnership_file import read_partnership
from core.services import cycles
from core.services.importing import import_partnership
from core.settings import TeamsSettings
from core.storage.database import Database
from core.storage.frameworks import FrameworkShelf
from integrations.cli import app
from integrations.teams.app import PATH as MESSAGES
from integrations.teams.files import PATH as FILES
from manifest.teams import permissions
from manifest.teams.builder import ABOUT_PATH, PRIVACY_PATH, TERMS_PATH
from tests.support.days import CLOSES
from tests.teams.activities import CHANNEL, TEAM, in_channel
from tests.teams.adaptive_cards import elements, pressable
from tests.teams.playing_teams import Member
from tests.teams.signing import TENANT
from tests.teams.teams_world import TeamsWorld, teams_world

PAGE = (Path(__file__).parent.parent.parent / "docs" / "teams.md").read_text(encoding="utf-8")


def test_every_setting_is_there_and_no_other() -> None:
    named = set(re.findall(r"`PARTNERSHIP_TEAMS__([A-Z_]+)`", PAGE.partition("## Settings")[2]))
    assert {each.lower() for each in named} == set(TeamsSettings.model_fields)


def test_the_permissions_are_those_of_the_app() -> None:
    assert permissions.table() in PAGE


def _file() -> str:
    (block,) = [each for each in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL) if "Trial partnership" in each]
    return str(block)


def test_its_file_can_be_imported() -> None:
    file = read_partnership(_file().encode(), ["teams"])
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
    assert isinstance(typed_text.read(word, None), Commanded)


# Its steps, from the app that is added to a team to the first report

ME = Member("0000-me", "Your Name", "you@school.example")


@pytest.fixture
async def trial(tmp_path: Path) -> AsyncIterator[TeamsWorld]:
    """Steps 1 to 4: the app is in the team, and nothing is known of any partnership yet."""
    database = Database(f"sqlite:///{tmp_path / 'trial.db'}")
    database.upgrade()
    database.close()
    async with teams_world(tmp_path / "trial.db") as opened:
        opened.teams.talks[TEAM].members[:] = [ME]
        await opened.installs(ME, **in_channel(ME))
        yield opened


async def begins(world: TeamsWorld) -> None:
    """Steps 5 and 6, with the page's own file."""
    file = _file().replace("19:abc@thread.tacv2", CHANNEL).replace("87654321-4321-4321-4321-cba987654321", TENANT)
    shelf = FrameworkShelf()

    def open_cycle(writing: Connection) -> None:
        cycles.open_cycle(writing, shelf, "trial", "First try", CLOSES, ["1.1"], world.now)

    def bring(writing: Connection) -> None:
        import_partnership(writing, shelf, read_partnership(file.encode(), ["teams"]), world.now)

    await world.database.write(bring)
    assert (await world.bot.find(TENANT)).joined == ("me",)
    await world.types(ME, "visibility")
    for school in range(4):
        asked = world.own(ME)[-1]
        yes = [each for each in pressable(asked.card or {}) if "Yes, for our school" in each["title"]]
        await world.executes(ME, asked, yes[school]["data"])
    await world.database.write(open_cycle)


async def test_alone_in_an_hour_to_a_first_report(trial: TeamsWorld) -> None:
    await begins(trial)
    await trial.types(ME, "start")
    for school, scores in (("North", "3 2"), ("East", "2 2"), ("South", "4 3"), ("West", "1 2")):
        for text in ("switch", f"{school} School: First try", scores, scores, "submit"):
            await trial.types(ME, text)
    await trial.mentions(ME, "partnership-report")
    asked = trial.own(ME)[-1]
    close = next(each for each in pressable(asked.card or {}) if each["title"] == "Close now and post the report")
    await trial.executes(ME, asked, close["data"])
    report = next(each for each in trial.channel if "4 of 4 schools" in each.text)
    below = [each for each in trial.channel if each.replies_to == report.id]
    shown, *others = [
        part["url"] for each in (report, *below) for part in elements(each.card or {}) if part["type"] == "Image"
    ]
    assert shown in str(report.card)
    assert others
    assert (await trial.http.get(shown.removeprefix("https://bot.example.org"))).content.startswith(b"\x89PNG")
