"""Every scenario on every platform."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TypeAlias

import pytest

from tests.contract.drivers.console import console
from tests.contract.drivers.web import web
from tests.contract.scenarios import SCENARIOS, Driver, Scenario

Opened: TypeAlias = Callable[[Path], AbstractContextManager[Driver]]

PLATFORMS: Mapping[str, Opened] = {"console": console, "web": web}


@pytest.fixture(params=PLATFORMS)
def driver(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Driver]:
    with PLATFORMS[request.param](tmp_path) as opened:
        yield opened


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda each: each.__name__.replace("_", " "))
def test_on_every_platform(driver: Driver, scenario: Scenario) -> None:
    scenario(driver)
