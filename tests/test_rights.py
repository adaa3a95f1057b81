"""Who may use what is written down once, and nothing that can be used is missing there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest
from slack_bolt.async_app import AsyncApp
from starlette.routing import Route

from bot.inbound import button_codec
from bot.inbound.events import pressed
from bot.inbound.typed_text import Word
from core.rights import BUTTONS, COMMANDS, FILES, ROUTES, Role
from core.storage.database import Database
from integrations.health import health
from integrations.slack.app import slack_routes
from integrations.teams.admission import Admission
from integrations.teams.app import teams_routes
from integrations.teams.files import file_routes
from integrations.teams.pages import page_routes
from integrations.teams.receive import TeamsDoor
from integrations.web.app import routes as browser_routes
from integrations.web.chat import Chat
from integrations.web.pages import Pages
from manifest.slack.builder import INSTALL_PATH, REDIRECT_PATH
from tests.bot.test_wire_names import BUTTONS as SHOWN
from tests.support.world import World, memory

LEADER = "leader-a"

INTEGRATIONS = Path(__file__).parents[1] / "integrations"


def test_every_word_of_command_has_its_right() -> None:
    assert set(COMMANDS) == {word.value for word in Word}


def test_every_button_has_its_right() -> None:
    assert set(BUTTONS) == set(button_codec.BUTTONS)


def served() -> Iterator[str]:
    """Every route that any room has, whatever is set up."""
    nowhere = cast("Database", None)
    for router in (
        health(nowhere, lambda: datetime.now(UTC)),
        slack_routes(cast("AsyncApp", None), "secret", lambda: datetime.now(UTC)),
        teams_routes(cast("TeamsDoor", None), cast("Admission", None), lambda: datetime.now(UTC)),
        file_routes(nowhere, lambda: datetime.now(UTC)),
        page_routes(),
        browser_routes(cast("Chat", None), cast("Pages", None)),
    ):
        for route in router.routes:
            assert isinstance(route, Route)
            yield from (f"{method} {route.path}" for method in route.methods or () if method != "HEAD")
    yield from (f"GET {path}" for path in (INSTALL_PATH, REDIRECT_PATH))


def test_every_route_has_its_right() -> None:
    assert sorted(served()) == sorted(ROUTES)


def test_no_module_serves_routes_that_were_not_looked_at() -> None:
    makes_routes = re.compile(r"\bAPIRouter\(|\badd_route\(|\bapi_route\(|@router\.")
    found = {
        path.relative_to(INTEGRATIONS).as_posix()
        for path in INTEGRATIONS.rglob("*.py")
        if makes_routes.search(path.read_text())
    }
    assert found == {
        "health.py", "slack/app.py", "slack/oauth.py", "slack/setup.py", "teams/app.py", "teams/files.py",
        "teams/pages.py", "teams/setup.py", "web/app.py",
    }  # fmt: skip


def test_every_message_that_brings_files_has_its_right() -> None:
    """Files are made in ``bot.compose`` only; each place that makes one is for a message of the table."""
    compose = Path(__file__).parents[1] / "bot" / "compose"
    makes_files = {
        path.stem
        for path in compose.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "File"
    }
    assert makes_files == {"composer", "meeting_pack_files", "report_message", "shared_notes"}
    assert set(FILES) == {"my-data", "own-report", "shared-notes", "responses", "meeting-pack", "report"}


FOR_LEADS = [
    each for each in SHOWN if BUTTONS[each.partition("|")[0]] in {Role.LEAD, Role.LEAD_OR_FACILITATOR, Role.FACILITATOR}
]


@pytest.mark.parametrize("carried", FOR_LEADS)
def test_a_leader_who_presses_a_leads_button_changes_nothing_and_is_told(carried: str) -> None:
    with memory() as connection:
        world = World(connection)
        world.types(LEADER, "start")
        before = world.rows()
        world.does(LEADER, pressed(carried))
        assert world.rows() == before
        assert "lead" in world.text(LEADER) or "Networks" in world.text(LEADER)
