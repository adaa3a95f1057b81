"""Every scenario on every platform that is registered."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from shutil import copy
from typing import Protocol, cast

import pytest

from integrations.platforms import PLATFORMS, names_of
from tests.contract.scenarios import SCENARIOS, Driver, Scenario
from tests.contract.stage import set_up


class Drivers(Protocol):
    """What ``tests/contract/drivers/NAME.py`` holds for the platform NAME."""

    TENANT: str
    """Where everybody has their accounts."""

    def opened(self, database: Path) -> AbstractContextManager[Driver]:
        """A driver on the database in this file, in which the stage has been set up."""
        ...


@pytest.fixture(scope="module", params=names_of(PLATFORMS))
def stage(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Drivers, Path]:
    """A platform's drivers, and the stage set up for it; each scenario plays on a copy."""
    platform: str = request.param
    module = f"tests.contract.drivers.{platform}"
    assert find_spec(module) is not None, f"{platform} is registered and nobody can play on it: write {module}"
    drivers = cast("Drivers", import_module(module))
    file = tmp_path_factory.mktemp(platform) / "stage.db"
    set_up(f"sqlite:///{file}", platform, drivers.TENANT)
    return drivers, file


@pytest.fixture
def driver(stage: tuple[Drivers, Path], tmp_path: Path) -> Iterator[Driver]:
    drivers, file = stage
    with drivers.opened(Path(copy(file, tmp_path))) as opened:
        yield opened


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda each: each.__name__.replace("_", " "))
def test_on_every_platform(driver: Driver, scenario: Scenario) -> None:
    scenario(driver)
