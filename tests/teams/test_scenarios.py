"""Every scenario in Teams."""

from __future__ import annotations

from pathlib import Path
from shutil import copy

import pytest

from tests.contract.drivers.teams import teams
from tests.contract.scenarios import SCENARIOS, Scenario
from tests.contract.stage import set_up
from tests.teams.signing import TENANT


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("teams") / "stage.db"
    set_up(f"sqlite:///{file}", "teams", TENANT)
    return file


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda each: each.__name__.replace("_", " "))
def test_in_teams(stage: Path, tmp_path: Path, scenario: Scenario) -> None:
    with teams(Path(copy(stage, tmp_path))) as driver:
        scenario(driver)
