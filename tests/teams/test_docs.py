"""What ``docs/teams.md`` tells an administrator is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from core.partnership_file import read_partnership
from core.settings import TeamsSettings
from integrations.cli import app
from integrations.teams.app import PATH as MESSAGES
from integrations.teams.files import PATH as FILES
from manifest.teams import permissions

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
