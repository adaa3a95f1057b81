"""A command loads what it needs and no more, so that whoever typed it doesn't wait for what it never uses.

benchmarks/startup.py has the times; here is why they are what they are.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path

import pytest

from core.storage.database import Database
from tests.support.partnership_files import river

RUN_AND_LIST = """
import json, sys
from integrations.cli import app
try:
    app(sys.argv[1:])
finally:
    print(json.dumps(list(sys.modules)))
"""

PLATFORMS = {"aiohttp", "fastapi", "httpx", "jwt", "msal", "slack_bolt", "slack_sdk", "uvicorn"}
DRAWING = {"fpdf", "matplotlib", "numpy", "openpyxl", "pptx", "core.charts", "core.pack"}
CONVERSATION = {"bot.compose", "bot.decide", "bot.turn", "bot.wording", "integrations.runtime", "scheduler"}
SELDOM = {"alembic", "apscheduler", "jinja2", "psycopg", "structlog"}
NOT_TO_WRITE = PLATFORMS | DRAWING | CONVERSATION | SELDOM
NOT_TO_SAY = NOT_TO_WRITE | {"babel", "bot", "core", "pydantic", "sqlalchemy", "yaml"}


@pytest.fixture
def river_file(here: Path) -> str:
    """In a folder whose database is that of this version already."""
    database = Database("sqlite:///var/partnership.db")
    database.upgrade()
    database.close()
    file = here / "river.yaml"
    file.write_text(river(), encoding="utf-8")
    return str(file)


@pytest.mark.parametrize(
    ("words", "never"),
    [
        pytest.param(["--help"], NOT_TO_SAY, id="help is words and nothing else"),
        pytest.param(["--version"], NOT_TO_SAY, id="so is the version"),
        pytest.param(["import", "river.yaml"], NOT_TO_WRITE, id="import writes into the database, and tells nobody"),
        pytest.param(["cycle", "list", "river"], NOT_TO_WRITE, id="a list of cycles is read from it"),
    ],
)
def test_a_command_does_not_load_what_it_never_uses(river_file: str, words: list[str], never: Collection[str]) -> None:
    if words[0] == "cycle":
        loaded_by("import", river_file)

    assert loaded_by(*words) & set(never) == set()


def loaded_by(*words: str) -> set[str]:
    ran = subprocess.run([sys.executable, "-c", RUN_AND_LIST, *words], capture_output=True, text=True, check=True)
    return set(json.loads(ran.stdout.splitlines()[-1]))
