"""Every scenario on every platform."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from shutil import copy
from typing import TypeAlias

import pytest

from tests.contract.drivers.console import console
from tests.contract.drivers.web import web
from tests.contract.scenarios import SCENARIOS, Driver, Scenario
from tests.contract.stage import set_up

Opened: TypeAlias = Callable[[Path], AbstractContextManager[Driver]]
"""A driver on the database in this file, in which the stage has been set up."""

PLATFORMS: Mapping[str, Opened] = {"console": console, "web": web}
TENANTS: Mapping[str, str] = {"console": "terminal", "web": "demo"}


@pytest.fixture(scope="module", params=PLATFORMS)
def stage(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """A platform, and the stage set up for it; each scenario plays on a copy."""
    platform: str = request.param
    file = tmp_path_factory.mktemp(platform) / "stage.db"
    set_up(f"sqlite:///{file}", platform, TENANTS[platform])
    return platform, file


@pytest.fixture
def driver(stage: tuple[str, Path], tmp_path: Path) -> Iterator[Driver]:
    platform, file = stage
    with PLATFORMS[platform](Path(copy(file, tmp_path))) as opened:
        yield opened


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda each: each.__name__.replace("_", " "))
def test_on_every_platform(driver: Driver, scenario: Scenario) -> None:
    scenario(driver)
