"""The command line in an empty folder, with nothing set."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from integrations.cli import app


@dataclass(frozen=True, slots=True)
class Ended:
    code: int
    said: list[str]
    """Line by line, on the screen or as a complaint."""


Run = Callable[..., Ended]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith("PARTNERSHIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(here: Path) -> Run:
    def ran(*words: str, typed: str = "") -> Ended:
        result = CliRunner().invoke(app, words, input=typed, env={"TERMINAL_WIDTH": "200"})
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return Ended(result.exit_code, result.output.splitlines())

    return ran
